"""`python -m portal.local.clock SCHEDULE`: Celery's beat with nothing else loaded.

It sends tasks by name, so it needs the settings but no app and no task: half the memory of `celery beat`.
"""

import logging
import os
import signal
import sys
from collections.abc import Iterable
from types import FrameType
from typing import Any


def main(schedule: str) -> None:
    """Sends what the settings schedule until terminated; `schedule` is the file that remembers when it last did."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    from celery.beat import Service

    from portal.celery import app

    app.finalize()
    service = Service(app, schedule_filename=schedule)
    make_due(service.scheduler.schedule.values())

    def stop(number: int, frame: FrameType | None) -> None:
        service.stop()
        sys.exit(0)

    signal.signal(signal.SIGTERM, stop)
    service.start()


def make_due(entries: Iterable[Any]) -> None:
    """What recurs at an interval is due at once: after a start nobody waits for work that a crash has left behind."""
    for entry in entries:
        if (every := getattr(entry.schedule, "run_every", None)) is not None:
            entry.last_run_at -= every


if __name__ == "__main__":
    main(sys.argv[1])
