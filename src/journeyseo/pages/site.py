"""A site: its robots.txt, its sitemaps, and the pages that its pages link to."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any
from urllib.parse import urlsplit

from journeyseo.errors import FetchError, FormatError
from journeyseo.notes import Note, note
from journeyseo.pages.address import normal_url, site_of
from journeyseo.pages.browser import Browser
from journeyseo.pages.charset import decode_html
from journeyseo.pages.document import is_shell, media_of
from journeyseo.pages.extract import all_links, extract, parse_html
from journeyseo.pages.fetch import RENDERED, Fetcher, FetchOptions, Response
from journeyseo.pages.robots import Robots, Rules
from journeyseo.pages.sitemap import is_sitemap, parse_sitemap
from journeyseo.results import Dropped

# Most sitemaps that are read of one site: at 50,000 addresses each, far more than pages are read.
_MAX_SITEMAPS = 200
# Most addresses beyond a limit that are reported one by one.
_MAX_REPORTED = 1_000
_FILES = (
    ".jpg", ".jpeg", ".png", ".gif", ".webp", ".svg", ".ico", ".css", ".js", ".pdf", ".zip", ".mp4",
    ".mp3", ".woff", ".woff2", ".xml", ".json",
)  # fmt: skip


@dataclass
class Crawl:
    """State of reading one site.

    Attributes:
        fetcher: What fetches.
        max_pages: Most pages to read.
        rows: Rows of the pages table so far.
        dropped: What could not be used.
        site: Scheme and host that the pages are of; empty until the start has answered.
        fetched: Answers that were looked at and are not read yet, by their address.
        shells: Pages that are empty until a browser runs their scripts, by what came of rendering them.
        browser: What renders them; None where nothing does.
    """

    fetcher: Fetcher
    max_pages: int
    rows: list[dict[str, Any]] = field(default_factory=list)
    dropped: list[Dropped] = field(default_factory=list)
    site: str = ""
    fetched: dict[str, Response] = field(default_factory=dict)
    shells: Counter[str] = field(default_factory=Counter)
    browser: Browser | None = None
    _robots: Robots = field(default_factory=Robots)

    def start_browser(self) -> None:
        """Render pages from now on.

        Raises:
            DependencyError: What that needs is not installed.
            ConfigError: The browser cannot keep its sandbox here, and nobody said that it may go without.
        """
        fetcher = Fetcher(self.fetcher.options, self.fetcher.pace)
        self.browser = Browser(fetcher, self._robots)

    def rules(self, url: str) -> Rules:
        """Return the robots rules of an address's host.

        Raises:
            FetchError: The host is private or not known.
        """
        rules = self._robots.rules(url, self.fetcher)
        if rules.failure is not None and rules.failure.reason in ("private_address", "dns"):
            raise rules.failure
        return rules

    def allowed(self, url: str) -> bool:
        """Return whether robots.txt allows an address."""
        return self.rules(url).parsed is not None and self._robots.allows(url, self.fetcher)

    def fetch(self, url: str, *, leave: bool = False) -> Response:
        """Return what an address answers, asked for once; redirects go where robots.txt allows.

        Args:
            url: The address.
            leave: Whether redirects may leave the site.

        Raises:
            FetchError: It cannot be fetched, or must not be; `reason` says why.
        """
        if url in self.fetched:
            return self.fetched.pop(url)
        try:
            return self.fetcher.get(url, allow=self.allowed if leave else self.within)
        except FetchError as error:
            if error.reason != "refused_target":
                raise
            if not leave and not self._is_own(error.where):
                raise FetchError("It redirects to another site.", where=url, reason="other_site") from error
            raise FetchError("robots.txt forbids its target.", where=url, reason="robots") from error

    def within(self, url: str) -> bool:
        """Return whether an address is one of the site that robots.txt allows."""
        return self._is_own(url) and self.allowed(url)

    def _is_own(self, url: str) -> bool:
        # Hosts only: a redirect between http and https does not leave the site.
        return urlsplit(url).netloc == urlsplit(self.site).netloc

    def read_page(self, url: str, lastmod: str = "") -> list[str]:
        """Fetch one page, add its row, and return the addresses that it links to."""
        if not self.allowed(url):
            self.dropped.append(Dropped(url, None, "robots: robots.txt forbids it"))
            return []
        try:
            answer = self.fetch(url)
        except FetchError as error:
            self.dropped.append(Dropped(url, None, f"{error.reason}: {error.message}"))
            return []
        if answer.status != 200:
            self.dropped.append(Dropped(url, None, f"status: {answer.status}"))
            return []
        if media := media_of(answer):
            self.dropped.append(Dropped(url, None, f"not_html: {media}"))
            return []
        if self.browser is not None:
            answer = self.browser.shown(answer)
        text = decode_html(answer.content, answer.charset)
        robots = answer.headers.get("x-robots-tag", "")
        row = extract(text, answer.url, status=answer.status, robots=robots)
        tree = parse_html(text)
        if row is None or tree is None:
            self.dropped.append(Dropped(url, None, "empty: nothing to read in it"))
            return []
        if answer.rendered or is_shell(row, tree):
            self.shells[answer.rendered] += 1
        self.rows.append(row | {"lastmod": lastmod or None, "source": answer.url})
        return all_links(tree, answer.url)

    def notes(self) -> tuple[Note, ...]:
        """Return what should be known of the pages that are empty without a browser."""
        said = []
        rendered, untried = self.shells[RENDERED], self.shells[""]
        failed = {why: n for why, n in sorted(self.shells.items()) if why not in ("", RENDERED)}
        if rendered:
            said.append(note("rendered", pages=rendered))
        if failed:
            reasons = ", ".join(f"{why} {number}" for why, number in failed.items())
            said.append(note("not-rendered", pages=sum(failed.values()), reasons=reasons))
        if untried:
            said.append(note("needs-browser", pages=untried))
        return tuple(said)

    def report_rest(self, places: Iterable[str], limit: str) -> None:
        """Report addresses that a limit leaves out."""
        for place in islice(places, _MAX_REPORTED):
            self.dropped.append(Dropped(place, None, f"limit: more than {limit}"))


Progress = Callable[[Sequence[Any], str], Iterable[Any]]


def _from_sitemaps(crawl: Crawl, first: Sequence[str]) -> dict[str, str]:
    """Return address and date of last change of the site's pages that sitemaps list.

    Args:
        crawl: State of the reading.
        first: The sitemaps to begin with, which may be fetched; those in them are checked.
    """
    found: dict[str, str] = {}
    queue, seen = deque(first), set(first)
    read = 0
    while queue and read < _MAX_SITEMAPS:
        place = queue.popleft()
        read += 1
        try:
            if place not in first and not crawl.allowed(place):
                raise FetchError("robots.txt forbids it.", where=place, reason="robots")
            answer = crawl.fetch(place, leave=True)
            if answer.status != 200:
                raise FormatError(f"status {answer.status}", where=place)
            listed = parse_sitemap(answer.content, place)
        except (FetchError, FormatError) as error:
            crawl.dropped.append(Dropped(place, None, f"sitemap: {error.message}"))
            continue
        for url, changed in listed.pages:
            if (key := normal_url(url)) and site_of(key) == crawl.site:
                found.setdefault(key, changed)
        for more in listed.sitemaps:
            if (key := normal_url(more)) and key not in seen:
                seen.add(key)
                queue.append(key)
    crawl.report_rest(queue, f"{_MAX_SITEMAPS} sitemaps")
    return found


def _begin(crawl: Crawl, start: str) -> Response:
    """Return what the start answers; its last address says which site is read.

    Raises:
        FetchError: The start cannot be fetched, or robots.txt forbids it.
    """
    if crawl.rules(start).parsed is None:
        raise FetchError(
            "robots.txt cannot be fetched, which forbids the whole site (RFC 9309).",
            where=start,
            reason="robots",
            hint="Try again later, or read the pages from a folder or a crawl export.",
        )
    if not crawl.allowed(start):
        raise FetchError(
            "robots.txt forbids the start page.", where=start, reason="robots",
            hint="Ask the site's owner, or read the pages from a folder or a crawl export.",
        )  # fmt: skip
    answer = crawl.fetch(start, leave=True)
    if answer.status != 200:
        raise FetchError(f"The start answers with status {answer.status}.", where=start, reason="status")
    crawl.site = site_of(answer.url)
    crawl.fetched[answer.url] = answer
    return answer


def _named_sitemaps(crawl: Crawl) -> tuple[list[str], bool]:
    """Return the sitemaps that robots.txt names, else the usual one, and whether they were named."""
    rules = crawl.rules(crawl.site)
    named = [s for s in map(normal_url, rules.sitemaps) if s]
    usual = f"{crawl.site}/sitemap.xml"
    return (named, True) if named else ([usual] if crawl.allowed(usual) else [], False)


def read_site(
    url: str, *, options: FetchOptions, max_pages: int, progress: Progress, browser: bool = False
) -> Crawl:
    """Return what was read of a site, a row for each page.

    A sitemap address gives the pages that it lists. Any other address starts at the site's
    sitemaps, as robots.txt or ``/sitemap.xml`` name them, and follows links from the start page.

    Args:
        url: Start page or sitemap.
        options: Bounds of fetching.
        max_pages: Most pages to read.
        progress: Wraps a list, to show how far it is.
        browser: Whether pages that are empty without one are shown by a browser.

    Raises:
        FetchError: The start cannot be fetched, or robots.txt forbids it.
        DependencyError: What the browser needs is not installed.
        ConfigError: The browser cannot keep its sandbox here, and nobody said that it may go without.
    """
    start = normal_url(url)
    if not start:
        raise FetchError("It is no web address.", where=url, hint="Begin with https://.")
    crawl = Crawl(Fetcher(options), max_pages)
    if browser:
        crawl.start_browser()
    try:
        _read(crawl, start, progress)
    finally:
        if crawl.browser is not None:
            crawl.browser.close()
    if not crawl.rows:
        reasons = "; ".join(f"{d.source}: {d.reason}" for d in crawl.dropped[:3])
        raise FetchError(f"No page could be read ({reasons}).", where=start, reason="empty")
    return crawl


def _read(crawl: Crawl, start: str, progress: Progress) -> None:
    """Read the pages of a site, from a start page or a sitemap."""
    answer = _begin(crawl, start)
    if is_sitemap(answer.content):
        listed = _from_sitemaps(crawl, [answer.url])
        todo, follow = deque(listed), False
    else:
        sitemaps, named = _named_sitemaps(crawl)
        listed = _from_sitemaps(crawl, sitemaps)
        if not named:  # one that was only guessed need not be there
            crawl.dropped = [d for d in crawl.dropped if d.source not in sitemaps]
        todo, follow = deque([answer.url, *(u for u in listed if u != answer.url)]), True
    _walk(crawl, todo, listed, follow=follow, progress=progress)


def _walk(
    crawl: Crawl, todo: deque[str], listed: dict[str, str], *, follow: bool, progress: Progress
) -> None:
    """Read pages in the order found, following links within the site."""
    seen = set(todo)
    while todo and len(crawl.rows) < crawl.max_pages:
        wave = list(todo)[: crawl.max_pages - len(crawl.rows)]
        todo = deque(list(todo)[len(wave) :])
        for place in progress(wave, "Reading pages"):
            links = crawl.read_page(place, listed.get(place, ""))
            if not follow:
                continue
            for link in links:
                ending = urlsplit(link).path.lower().endswith(_FILES)
                if link not in seen and site_of(link) == crawl.site and not ending:
                    seen.add(link)
                    todo.append(link)
    crawl.report_rest(todo, f"{crawl.max_pages} pages")
