"""The bundled servers that an environment lacks, up for as long as someone needs them."""

import contextlib
import os
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from portal.local.postgres import Postgres
from portal.local.server import Server
from portal.local.state import LocalError
from portal.local.valkey import Valkey

#: How long a command waits for servers that another process is just starting or stopping.
PATIENCE_SECONDS = 60.0


def is_set(variable: str, environment: Mapping[str, str] = os.environ) -> bool:
    """Whether the address is given, by itself or by a file, as the settings read it."""
    return bool(environment.get(variable) or environment.get(f"{variable}_FILE"))


def needed(var: Path, *, is_durable: bool = True) -> list[Server]:
    """The servers whose address the environment does not give."""
    servers: list[Server] = [Postgres(var, is_durable=is_durable), Valkey(var)]
    return [server for server in servers if not is_set(server.variable)]


def tell(sentence: str) -> None:
    """A line for the person at the terminal, apart from what a command prints."""
    print(sentence, file=sys.stderr, flush=True)


@contextlib.contextmanager
def up(var: Path, purpose: str, *, is_durable: bool = True) -> Iterator[dict[str, str]]:
    """Every needed server up, ours or another process's; yields the variables that lead to them.

    What we started ends with us, after others that came to use it have gone; at a Ctrl-C at once.
    """
    with contextlib.ExitStack() as stack:
        owned, servers = [], needed(var, is_durable=is_durable)
        for server in servers:
            if _own_or_join(server, purpose, stack):
                stack.callback(server.stop)
                server.start()
                owned.append(server)
        for server in owned:
            server.wait_ready()
        try:
            yield addresses_of(servers, var)
        except KeyboardInterrupt:
            raise
        except BaseException:
            _wait_unused(owned)
            raise
        _wait_unused(owned)


def _wait_unused(owned: list[Server]) -> None:
    for server in owned:
        server.wait_unused(tell)


def addresses_of(servers: list[Server], var: Path) -> dict[str, str]:
    """What a child needs in its environment to find these servers and this state."""
    return {"PORTAL_VAR": str(var)} | {server.variable: server.url() for server in servers}


def _own_or_join(server: Server, purpose: str, stack: contextlib.ExitStack) -> bool:
    """True when we became the owner, False when another process's server is up and marked as used by us."""
    until = time.monotonic() + PATIENCE_SECONDS
    while not server.try_own(purpose):
        joined = contextlib.ExitStack()
        joined.enter_context(server.use())
        if server.is_ready():
            stack.push(joined.pop_all())
            return False
        joined.close()
        if time.monotonic() > until:
            raise LocalError(f"{server.title} is being started or stopped by {server.owner()}, which does not get on.")
        time.sleep(0.05)
    return True


def own(server: Server, purpose: str, pause: Callable[[str], None]) -> None:
    """Becomes the owner, however long another command still has the server; `pause` is told why, then called again and
    again with an empty sentence."""
    sentence = f"Waiting for {server.owner()}, which has {server.title} up, to end."
    while not server.try_own(purpose):
        pause(sentence)
        sentence = ""
