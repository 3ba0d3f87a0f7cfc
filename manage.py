#!/usr/bin/env python
"""The command line of the portal; it brings the bundled servers up when the environment names none."""

import os
import sys


def main() -> None:
    """Runs the command that the arguments name."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    from django.core.management import execute_from_command_line

    def execute() -> None:
        execute_from_command_line(sys.argv)

    if all(os.environ.get(name) or os.environ.get(f"{name}_FILE") for name in ("DATABASE_URL", "REDIS_URL")):
        execute()
    else:
        from portal.local import management

        management.run(sys.argv[1:], execute)


if __name__ == "__main__":
    main()
