"""What manage.py does when no address of a server is given: brings the bundled ones up for the length of a command."""

import os
import signal
import sys
from collections.abc import Callable, Sequence
from types import FrameType

from portal.local.bundle import tell, up
from portal.local.state import LocalError, var_dir

#: Commands that touch neither database nor broker.
WITHOUT_SERVERS = frozenset(
    {"help", "version", "--version", "--help", "-h", "check", "collectstatic", "compilemessages", "diffsettings"}
    | {"findstatic", "makemessages", "sendtestemail", "startapp", "startproject"}
)


def needs_servers(arguments: Sequence[str]) -> bool:
    """Whether this command line wants a server; `--help` after any command does not."""
    if not arguments or arguments[0] in WITHOUT_SERVERS or {"--help", "-h"} & set(arguments):
        return arguments[:1] == ["check"] and "--database" in arguments
    return True


def run(arguments: Sequence[str], execute: Callable[[], None]) -> None:
    """Executes the command, with servers where it needs them."""
    var = var_dir()
    os.environ["PORTAL_VAR"] = str(var)
    if not needs_servers(arguments):
        execute()
        return
    signal.signal(signal.SIGTERM, _leave)
    try:
        with up(var, f"`manage.py {arguments[0]}`") as addresses:
            os.environ.update(addresses)
            execute()
    except LocalError as error:
        tell(str(error))
        sys.exit(1)


def _leave(number: int, frame: FrameType | None) -> None:
    """A termination goes the way of an exception, so that the servers are stopped too."""
    sys.exit(128 + number)
