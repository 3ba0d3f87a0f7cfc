"""What a client stands in: clock, sleep, name look-up, the gate it passes, and how long and large a call may be."""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from portal.clients import payloads
from portal.clients.addresses import Resolver, resolve
from portal.clients.gate import Gate, OpenGate

TOTAL_SECONDS = 60.0
CONNECT_SECONDS = 10.0
READ_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Clock, sleep, dice, name look-up and the gate, passed in so that tests need no patching."""

    clock: Callable[[], datetime] = field(default=lambda: datetime.now(UTC))
    sleep: Callable[[float], None] = time.sleep
    dice: Callable[[float, float], float] = random.uniform
    resolver: Resolver = resolve
    gate: Gate = field(default_factory=OpenGate)


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds and bytes a call may take."""

    total_seconds: float = TOTAL_SECONDS
    read_seconds: float = READ_SECONDS
    connect_seconds: float = CONNECT_SECONDS
    read_bytes: int = payloads.READ_LIMIT
    unpacked_bytes: int = payloads.UNPACKED_LIMIT
