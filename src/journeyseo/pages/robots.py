"""What the robots.txt of each site allows (RFC 9309)."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from protego import Protego

from journeyseo.errors import FetchError
from journeyseo.pages.address import site_of
from journeyseo.pages.fetch import Fetcher, Response

# The name that groups of rules are for us by. Rules are for a product's name: the address behind it in
# our User-Agent is none.
PRODUCT = "journeyseo"
# RFC 9309, 2.5: at least so much must be read. What is beyond it is not.
MAX_BYTES = 500 * 1024
# RFC 9309, 2.4: a copy should not be used longer.
_DAY = 24 * 3600.0
# RFC 9309, 2.2.1: a group is for the name that its line begins with, as a whole. Protego takes all of the
# line for the name, and any beginning of ours for ours; so lines for others get a name that is not ours.
_GROUP = re.compile(r"(?<![^\r\n])([ \t]*user[- ]?agent[ \t]*(?::|[ \t])[ \t]*)([^\r\n#]+)", re.IGNORECASE)
_NAME = re.compile(r"\*(?!\S)|[a-z_-]+", re.IGNORECASE)
_OTHERS = "another"


@dataclass(frozen=True)
class Rules:
    """What one robots.txt says.

    Attributes:
        parsed: Its rules; None where it could not be reached, which forbids everything.
        failure: Why it could not be reached, where the fault was in its address or on the way.
        until: Time of the monotonic clock until which it counts.
    """

    parsed: Protego | None
    failure: FetchError | None
    until: float

    @property
    def delay(self) -> float:
        """Seconds between two requests that it asks for; 0 where it asks for none."""
        return float(self.parsed.crawl_delay(PRODUCT) or 0.0) if self.parsed else 0.0

    @property
    def sitemaps(self) -> tuple[str, ...]:
        """The sitemaps that it names."""
        return tuple(self.parsed.sitemaps) if self.parsed else ()


@dataclass
class Robots:
    """The robots.txt of the sites met so far, each asked for once a day.

    Attributes:
        clock: Seconds, never going back.
    """

    clock: Callable[[], float] = time.monotonic
    _rules: dict[str, Rules] = field(default_factory=dict)

    def rules(self, url: str, fetcher: Fetcher) -> Rules:
        """Return the rules of an address's site."""
        site = site_of(url)
        known = self._rules.get(site)
        if known is None or self.clock() >= known.until:
            parsed, failure = _fetch(site, fetcher)
            known = self._rules[site] = Rules(parsed, failure, self.clock() + _DAY)
            if known.delay:
                fetcher.slow_down(url, known.delay)
        return known

    def allows(self, url: str, fetcher: Fetcher) -> bool:
        """Return whether an address may be asked for."""
        parsed = self.rules(url, fetcher).parsed
        return parsed is not None and bool(parsed.can_fetch(url, PRODUCT))

    def check(self, url: str, fetcher: Fetcher) -> None:
        """Raise an error where an address must not be asked for.

        Raises:
            FetchError: robots.txt forbids it, or cannot be reached; its host is private or not known.
        """
        rules = self.rules(url, fetcher)
        if rules.failure is not None and rules.failure.reason in ("private_address", "dns"):
            raise FetchError(
                rules.failure.message, where=url, hint=rules.failure.hint, reason=rules.failure.reason
            )
        if rules.parsed is None:
            why = rules.failure.reason if rules.failure else "server error"
            raise FetchError(
                f"robots.txt cannot be fetched ({why}), which forbids the whole site (RFC 9309).",
                where=url,
                hint="Try again later, or read the pages from a folder or a crawl export.",
                reason="robots",
            )
        if not self.allows(url, fetcher):
            raise FetchError("robots.txt forbids it.", where=url, reason="robots")


def _fetch(site: str, fetcher: Fetcher) -> tuple[Protego | None, FetchError | None]:
    """Return the rules of a site, or None and why they could not be reached.

    RFC 9309, 2.3.1: no robots.txt (4xx, too many redirects) allows everything; a server error or no
    answer forbids it. 429 is an answer that there is no answer now, as Google reads it too.
    """
    try:
        answer = fetcher.get(f"{site}/robots.txt", first=MAX_BYTES + 1)
    except FetchError as error:
        return (Protego.parse(""), None) if error.reason == "redirect_loop" else (None, error)
    if answer.status >= 500 or answer.status == 429:
        return None, None
    return Protego.parse(_text(answer) if answer.status == 200 else ""), None


def _text(answer: Response) -> str:
    content = answer.content
    if len(content) > MAX_BYTES:
        # The line that is cut may say the opposite of the whole one.
        content = content[:MAX_BYTES].rpartition(b"\n")[0]
    return _GROUP.sub(_whose, content.decode("utf-8-sig", "replace"))


def _whose(line: re.Match[str]) -> str:
    """Return the line that begins a group, with the name of whom it is for: us, all, or others."""
    found = _NAME.match(line[2])
    name = found[0].lower() if found else ""
    return line[1] + (name if name in (PRODUCT, "*") else _OTHERS)
