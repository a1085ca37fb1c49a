"""How late a server was to look, on a busy machine.

What arrives while an event loop stands still is seen in one moment.  A test that judges a client's pace by what its
server saw must know of these moments, or it judges the machine.
"""

import asyncio
import time
from dataclasses import dataclass, field

TICK = 0.005


@dataclass
class Stalls:
    """The moments in which a loop came late, and by how many seconds."""

    found: list[tuple[float, float]] = field(default_factory=list)

    async def watch(self) -> None:
        """Watch the loop this runs in, until it is cancelled."""
        while True:
            due = time.monotonic() + TICK
            await asyncio.sleep(TICK)
            if (late := time.monotonic() - due) > TICK / 2:
                self.found.append((due, due + late))

    def between(self, start: float, end: float) -> float:
        """By how much what was seen between these moments may have come apart from when it came."""
        return TICK + max(
            (
                till - since
                for since, till in self.found
                if since <= end + TICK and start - TICK <= till
            ),
            default=0.0,
        )
