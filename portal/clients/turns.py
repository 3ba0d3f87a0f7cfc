"""Taking one's turn at the gate of a service: short waits here, long ones in the database."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from portal.clients.errors import RateLimited
from portal.clients.gate import Paces, Wait
from portal.clients.refusals import PATIENCE_SECONDS, limited
from portal.clients.surroundings import Surroundings
from portal.clients.waiting import after

BUSY_SECONDS = 10.0


@contextmanager
def turn(around: Surroundings, method: str, paces: Paces) -> Iterator[None]:
    """The block makes one call. Whoever shares the credential calls one after the other, at the service's pace.

    Raises RateLimited, with the call not made, when that would take more than five seconds.
    """
    patience = PATIENCE_SECONDS
    while (wait := around.gate.enter(method, paces)) is not None:
        if wait.seconds > patience:
            raise held_back(wait, around.clock())
        patience -= wait.seconds
        around.sleep(wait.seconds)
    try:
        yield
    finally:
        around.gate.leave()


def held_back(wait: Wait, now: datetime) -> RateLimited:
    """The error of a gate that does not open soon: the service's own limits, or another import that is calling."""
    if not wait.is_busy:
        return limited(after(now, wait.seconds))
    until = after(now, BUSY_SECONDS)
    return RateLimited(
        f"Another import is asking the service with the same credential: this one goes on after {until:%H:%M} UTC.",
        retry_at=until,
    )
