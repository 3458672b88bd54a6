"""What a page may ask for while a browser runs its scripts.

The browser itself reaches nothing: each request that a page makes is answered here, by the rules of plain
fetching. So robots.txt, the refusal of private addresses and the bounds hold for it too, and a name cannot
change between the check and the connection.
"""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

from journeyseo.errors import FetchError
from journeyseo.pages.fetch import Fetcher, FetchOptions, Response
from journeyseo.pages.robots import Robots

# A page of a framework asks for a few dozen scripts and answers; one that asks for more never ends.
MAX_REQUESTS = 100
# Of all answers to one page together, as many as so many documents may have.
_DOCUMENTS = 3
# Seconds that the pauses between the requests of one page may take in all; a long Crawl-delay is longer.
MAX_PAUSES = 60.0
# Pages of one site share their scripts: so many bytes of them are kept for the next pages.
_MAX_KEPT = 50_000_000


@dataclass(frozen=True)
class Asked:
    """One request of a page.

    Attributes:
        url: The address.
        method: The HTTP method.
        kind: ``script``, ``fetch``, ``xhr`` or another of the browser's names.
        origin: Site that asks, where it is another than that of the address; empty where it is not.
    """

    url: str
    method: str = "GET"
    kind: str = "fetch"
    origin: str = ""


@dataclass
class Gate:
    """What the pages of one crawl are answered with.

    Attributes:
        fetcher: What fetches, for this alone: it talks over one connection at a time.
        robots: The rules of the sites met.
        bounds: The bounds of one document.
    """

    fetcher: Fetcher
    robots: Robots
    bounds: FetchOptions = field(init=False)
    _kept: dict[str, Response] = field(default_factory=dict)
    _size: int = 0

    def __post_init__(self) -> None:
        self.bounds = self.fetcher.options

    def kept(self, url: str) -> Response | None:
        """Return a script that an earlier page asked for."""
        return self._kept.get(url)

    def keep(self, url: str, answer: Response) -> None:
        """Keep a script for the next pages, as far as there is room."""
        if answer.status == 200 and self._size + len(answer.content) <= _MAX_KEPT:
            self._kept[url] = answer
            self._size += len(answer.content)


@dataclass
class Visit:
    """The requests of one page.

    Attributes:
        gate: What they are answered with.
        refused: How many came to nothing, by reason.
    """

    gate: Gate
    refused: Counter[str] = field(default_factory=Counter)
    _end: float = field(init=False)
    _room: int = field(init=False)
    _asked: int = 0
    _paused: float = 0.0

    def __post_init__(self) -> None:
        self._end = time.monotonic() + self.gate.bounds.deadline
        self._room = _DOCUMENTS * self.gate.bounds.max_bytes

    def left(self) -> float:
        """Return the seconds that the page has left; as in plain fetching, our pauses are not counted."""
        return self._end + self._paused - time.monotonic()

    def answer(self, asked: Asked) -> Response:
        """Return what a request is answered with.

        Raises:
            FetchError: It must not be made, or failed; `reason` says why.
        """
        self._check(asked)
        known = self.gate.kept(asked.url) if asked.kind == "script" else None
        if known is not None:
            return known
        self._may(asked.url)
        self._pause(asked.url)
        found = self._fetch(asked)
        self._room -= len(found.content)
        if asked.kind == "script":
            self.gate.keep(asked.url, found)
        return found

    def _check(self, asked: Asked) -> None:
        """Raise an error where a request must not be made, whatever it asks for."""
        self._asked += 1
        if urlsplit(asked.url).scheme not in ("http", "https"):
            raise FetchError("It is no web address.", where=asked.url, reason="not_http")
        if asked.method != "GET":
            raise FetchError("It would change something.", where=asked.url, reason="method")
        if self._asked > MAX_REQUESTS:
            raise FetchError("The page asks for too much.", where=asked.url, reason="limit")
        if self._room <= 0:
            raise FetchError("The page asks for too many bytes.", where=asked.url, reason="too_large")
        self._check_time(asked.url)

    def _check_time(self, url: str) -> None:
        if self.left() <= 0:
            raise FetchError("The deadline is over.", where=url, reason="deadline")

    def _pause(self, url: str) -> None:
        """Count the pause that comes before a request."""
        pause = self.gate.fetcher.pace.wait(urlsplit(url).netloc)
        if self._paused + pause > MAX_PAUSES:
            raise FetchError("The pauses that its site wishes take too long.", where=url, reason="limit")
        self._paused += pause

    def _may(self, url: str) -> bool:
        """Return that an address may be asked for; raise an error where it may not."""
        # With all of its time: what is found out about robots.txt counts for the whole crawl.
        self.gate.fetcher.options = self.gate.bounds
        self.gate.robots.check(url, self.gate.fetcher)
        return True

    def _fetch(self, asked: Asked) -> Response:
        self._check_time(asked.url)  # that of robots.txt may have taken all
        gate = self.gate
        bounds = gate.bounds
        gate.fetcher.options = replace(
            bounds, deadline=min(self.left(), bounds.deadline), max_bytes=min(self._room, bounds.max_bytes)
        )
        return gate.fetcher.get(
            asked.url, allow=self._may, headers={"Origin": asked.origin} if asked.origin else {}
        )
