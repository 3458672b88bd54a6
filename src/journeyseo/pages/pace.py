"""How often each host is asked: one clock for all who ask."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

# Longest pause that a robots.txt may ask for: longer ones would make a site of 100 pages take an hour.
_LONGEST = 30.0
# As Heritrix does: a server that takes long gets as much rest. Five times its answer, up to the longest.
_REST = 5.0
# A host that says that it is busy is asked half as often, from this pause on.
_BUSY = 1.0


@dataclass
class Pace:
    """The pauses of each host.

    Attributes:
        delay: Least seconds between two requests to one host; where it is 0 nothing but the host's own
            wishes slows it down.
    """

    delay: float
    _asked: dict[str, float] = field(default_factory=dict)
    _wished: dict[str, float] = field(default_factory=dict)
    _rest: dict[str, float] = field(default_factory=dict)

    def slow_down(self, host: str, seconds: float) -> None:
        """Ask a host no more often than this, as its robots.txt wishes."""
        self._wished[host] = min(seconds, _LONGEST)

    def wait(self, host: str) -> float:
        """Return the seconds until a host may be asked."""
        pause = max(self.delay, self._wished.get(host, 0.0), self._rest.get(host, 0.0))
        return max(self._asked.get(host, float("-inf")) + pause - time.monotonic(), 0.0)

    def ask(self, host: str) -> None:
        """Note that a host is asked now."""
        self._asked[host] = time.monotonic()

    def answered(self, host: str, seconds: float, *, busy: bool) -> None:
        """Note how long an answer took, and whether it was that the host is busy."""
        if not self.delay:
            return
        if busy:
            self._wished[host] = min(max(2 * self._wished.get(host, self.delay), _BUSY), _LONGEST)
        self._rest[host] = min(_REST * seconds, _LONGEST)
