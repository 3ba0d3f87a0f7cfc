"""`python -m portal.local run` and `python -m portal.local with -- COMMAND...`."""

import argparse
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from types import FrameType

from portal.local.bundle import tell, up
from portal.local.processes import tie_to_parent
from portal.local.state import LocalError, var_dir


def main(arguments: Sequence[str]) -> int:
    """Runs the sub-command; its exit code."""
    parser = argparse.ArgumentParser(prog="python -m portal.local", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("run", help="the whole portal on this machine until Ctrl-C")
    wrapped = commands.add_parser("with", help="one command beside the bundled servers")
    wrapped.add_argument("argv", nargs=argparse.REMAINDER, metavar="-- COMMAND")
    given = parser.parse_args(arguments)
    try:
        if given.command == "run":
            from portal.local.supervisor import Supervisor

            return Supervisor(var_dir()).run()
        argv = given.argv[1:] if given.argv[:1] == ["--"] else given.argv
        if not argv:
            parser.error("with: name a command after --")
        return run_with_servers(argv)
    except LocalError as error:
        tell(str(error))
        return 1


def run_with_servers(argv: Sequence[str]) -> int:
    """Runs the command with the addresses of the servers in its environment; its exit code.

    Signals of the terminal reach the command by themselves; a termination is passed on to it.
    """
    child: subprocess.Popen[bytes] | None = None

    def leave(number: int, frame: FrameType | None) -> None:
        if child is None:
            sys.exit(128 + number)
        child.send_signal(number)

    signal.signal(signal.SIGTERM, leave)
    with up(var_dir(), f"`{' '.join(argv)}`") as addresses:
        try:
            child = subprocess.Popen(argv, env=os.environ | addresses, preexec_fn=tie_to_parent(signal.SIGTERM))
        except OSError as error:
            raise LocalError(f"{argv[0]} cannot be run: {error.strerror}.") from error
        signal.signal(signal.SIGINT, lambda number, frame: None)
        code = child.wait()
    return code if code >= 0 else 128 - code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
