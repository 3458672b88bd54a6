"""The crawl: from a start to pages on disk, politely, within bounds, and resumable at any moment."""

from __future__ import annotations

import queue
import time
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from journeyseo.errors import FetchError, FormatError
from journeyseo.pages.address import normal_url, site_of
from journeyseo.pages.browser import Browser
from journeyseo.pages.checkpoint import FETCHED, PAGE, READ, SITEMAP, Address, Checkpoint, Found
from journeyseo.pages.document import FAULTS, media_of, read_document
from journeyseo.pages.fetch import RENDERED, Fetcher, FetchOptions, Response, target_of
from journeyseo.pages.pace import Pace
from journeyseo.pages.robots import Robots
from journeyseo.pages.scope import Shapes, endless, is_file
from journeyseo.pages.sitemap import is_sitemap, parse_sitemap

# The standard allows 50 MB uncompressed; `parse_sitemap` refuses more than 60.
_SITEMAP_BYTES = 60_000_000
# Most sitemaps that are read: at 50,000 addresses each, far more than pages are read.
_MAX_SITEMAPS = 200
_MAX_REDIRECTS = 5
# Links of one page beyond which it is no page for people; they are counted.
_MAX_LINKS = 50_000
# Links of one page that are remembered to say where a dead one stands.
_MAX_REMEMBERED = 1_000
# Addresses that wait: beyond that they are counted and not stored, so that no site fills the disk.
_MIN_FRONTIER, _FRONTIER = 200_000, 20
_AHEAD = 64  # addresses taken from the disk at once
_SOON = 0.001

Progress = Callable[[int, int], None]
"""Is told how many pages were read, and how many are known."""

OnRead = Callable[[int, dict[str, Any]], None]


@dataclass(frozen=True)
class CrawlOptions:
    """Bounds of a crawl.

    Attributes:
        max_pages: Most pages to read.
        max_depth: Most links between the start and a page.
        max_seconds: Seconds after which no more is asked for; what is left can be resumed.
        hosts: Further hosts whose pages belong to the crawl, such as a blog's.
        parallel: Hosts that are asked at the same time; each host is asked one thing at a time.
        base_url: Address that a folder of HTML mirrors, and on which paths in joined files stand.
        browser: Whether pages that are empty without one are shown by a browser (extra ``browser``).
        fetch: Bounds of fetching.
    """

    max_pages: int = 2_000
    max_depth: int = 20
    max_seconds: float = 4 * 3600.0
    hosts: tuple[str, ...] = ()
    parallel: int = 4
    base_url: str | None = None
    browser: bool = False
    fetch: FetchOptions = field(default_factory=FetchOptions)


class Crawler:
    """Reads the pages that a checkpoint says are waiting, and stores them there.

    Args:
        checkpoint: What is known.
        options: Bounds.
        progress: Is told how far it is.
        on_read: Is given each page that was read: its number and its row.

    Raises:
        DependencyError: Pages shall be rendered, and what that needs is not installed.
        ConfigError: The browser cannot keep its sandbox here, and nobody said that it may go without.
    """

    def __init__(
        self, checkpoint: Checkpoint, options: CrawlOptions, *, progress: Progress, on_read: OnRead
    ) -> None:
        self.checkpoint, self.options = checkpoint, options
        self._progress, self._on_read = progress, on_read
        self._robots, self._shapes = Robots(), Shapes()
        self._pace = Pace(options.fetch.delay)
        # The last one that came back goes out first: its connection is still open.
        self._fetchers: queue.LifoQueue[Fetcher] = queue.LifoQueue()
        for _ in range(options.parallel):
            self._fetchers.put(Fetcher(options.fetch, self._pace))
        self._browser: Browser | None = None
        if options.browser:
            self._browser = Browser(Fetcher(options.fetch, self._pace), self._robots)
            with checkpoint:
                checkpoint.render_again()
        self._hosts = set(checkpoint.recall("hosts", []))
        self._hosts |= {urlsplit(normal_url(f"http://{h}")).netloc for h in options.hosts}
        self._busy: set[str] = set()
        self._read, self._stored = checkpoint.count(READ), checkpoint.count(FETCHED)
        self._known = self._number("SELECT count(*) FROM urls")
        for (url,) in checkpoint.select("SELECT url FROM urls WHERE listed = 0 AND instr(url, '?')"):
            self._shapes.admit(url)

    def run(self) -> None:
        """Read until nothing is waiting or a bound is reached."""
        end = time.monotonic() + self.options.max_seconds
        running: dict[Future[Response], Address] = {}
        with ThreadPoolExecutor(self.options.parallel, thread_name_prefix="fetch") as pool:
            try:
                self._read_fetched()
                while True:
                    pause = self._send(pool, running) if time.monotonic() < end else 0.0
                    if running:
                        self._receive(running, pause)
                    elif self._stored:
                        self._read_fetched(1)
                    elif pause:
                        time.sleep(min(pause, max(end - time.monotonic(), 0.0)))
                    else:
                        break
            finally:
                pool.shutdown(cancel_futures=True)
                if self._browser is not None:
                    self._browser.close()
                # After an interrupt too: what was answered is kept, so that it is not asked for again.
                self._settle(running)
        self._read_fetched()

    def _receive(self, running: dict[Future[Response], Address], pause: float) -> None:
        """Take what came back; while nothing does, make rows of what is stored."""
        timeout = 0.0 if self._stored else pause or None
        done, _ = wait(running, timeout=timeout, return_when=FIRST_COMPLETED)
        for future in done:
            self._take(running.pop(future), future)
        if not done and self._stored:
            self._read_fetched(1)

    def _settle(self, running: dict[Future[Response], Address]) -> None:
        for future, address in running.items():
            if future.done() and not future.cancelled():
                self._take(address, future)

    def _send(self, pool: ThreadPoolExecutor, running: dict[Future[Response], Address]) -> float:
        """Ask for what is waiting, one thing at a time of each host.

        Returns:
            Seconds until another host may be asked; 0 where none is waiting for its pause.
        """
        room = self.options.max_pages - self._read - self._stored
        room -= sum(a.kind == PAGE for a in running.values())
        soonest = 0.0
        if len(running) >= self.options.parallel or room <= 0:
            return soonest
        taken = {a.id for a in running.values()}
        for address in self.checkpoint.waiting(_AHEAD):
            host = urlsplit(address.url).netloc
            if address.id in taken or host in self._busy:
                continue
            if not address.listed and self._shapes.exhausted(address.url):
                self._skip(address, "trap", "pages of this shape say nothing new")
                soonest = soonest or _SOON  # there may be more behind it
                continue
            if pause := self._pace.wait(host):
                soonest = min(soonest or pause, pause)
                continue
            self._busy.add(host)
            running[pool.submit(self._fetch, address)] = address
            room -= address.kind == PAGE
            if len(running) >= self.options.parallel or room <= 0:
                break
        return soonest

    def _fetch(self, address: Address) -> Response:
        """Return what an address answers; in a thread of its own."""
        fetcher = self._fetchers.get()
        try:
            self._robots.check(address.url, fetcher)
            limit = _SITEMAP_BYTES if address.kind == SITEMAP else None
            answer = fetcher.ask(address.url, max_bytes=limit)
        finally:
            self._fetchers.put(fetcher)
        # Here, while no one else asks this host for anything.
        return self._browser.shown(answer) if self._browser and address.kind == PAGE else answer

    def _take(self, address: Address, future: Future[Response]) -> None:
        """Store what came back, or why nothing did."""
        self._busy.discard(urlsplit(address.url).netloc)
        try:
            answer = future.result()
            target = target_of(answer)
        except FetchError as error:
            self._skip(address, error.reason, error.message)
            return
        with self.checkpoint:
            if target is not None:
                self._redirect(address, answer, target)
            elif answer.status != 200:
                self.checkpoint.skip(address, "status", str(answer.status), status=answer.status)
            elif address.kind == SITEMAP:
                self._sitemap(address, answer)
            else:
                self.checkpoint.store(address, answer)
                self._stored += 1

    def _skip(self, address: Address, reason: str, detail: str) -> None:
        with self.checkpoint:
            self.checkpoint.skip(address, reason, detail)

    def _redirect(self, address: Address, answer: Response, target: str) -> None:
        start = address.depth == 0 and address.kind == PAGE and self.checkpoint.recall("mode") == "start"
        known = self.checkpoint.find(target)
        reason, detail = "redirect", target
        if address.hops >= _MAX_REDIRECTS:
            reason, detail = "redirect_loop", "too many redirects"
        elif target == address.url or (known and self.checkpoint.leads_to(known, address.id)):
            reason, detail = "redirect_loop", f"the redirects run in a circle by {target}"
        elif address.kind == PAGE and not start and not self._is_own(target):
            reason, detail = "other_site", f"it redirects to {target}"
        self.checkpoint.skip(address, reason, detail, status=answer.status)
        if reason == "redirect":
            way = Found(address.depth, address.id, address.kind, address.hops + 1, address.listed)
            self.checkpoint.add([(target, "")], way)
            self.checkpoint.redirect(address, target)
            self._known += known is None

    def _is_own(self, url: str) -> bool:
        return urlsplit(url).netloc in self._hosts

    def _sitemap(self, address: Address, answer: Response) -> None:
        try:
            listed = parse_sitemap(answer.content, address.url)
        except FormatError as error:
            self.checkpoint.skip(address, "sitemap", error.message, status=answer.status)
            return
        pages = [(key, changed) for url, changed in listed.pages if (key := normal_url(url))]
        self._add([page for page in pages if self._is_own(page[0])], Found(1, address.id, listed=True))
        others = [(key, "other_site", "a sitemap lists it") for key, _ in pages if not self._is_own(key)]
        self._add_skipped(others, Found(1, address.id))
        more = [(key, "") for url in listed.sitemaps if (key := normal_url(url))]
        room = max(_MAX_SITEMAPS - self._number("SELECT count(*) FROM urls WHERE kind = 1"), 0)
        self.checkpoint.add(more[:room], Found(0, address.id, SITEMAP))
        beyond = [(key, "limit", f"more than {_MAX_SITEMAPS} sitemaps") for key, _ in more[room:]]
        self._add_skipped(beyond, Found(0, address.id))
        self.checkpoint.finish_sitemap(address)

    def _number(self, query: str) -> int:
        return int(self.checkpoint.select(query).fetchone()[0] or 0)

    def _add(self, urls: Sequence[tuple[str, str]], found: Found) -> None:
        """Add pages to ask for, as far as there is room; the rest is counted."""
        room = self._room()
        self.checkpoint.add(urls[:room], found)
        self._known = self._number("SELECT max(id) FROM urls")
        self._overflow(len(urls) - room)

    def _add_skipped(self, urls: Sequence[tuple[str, str, str]], found: Found) -> None:
        """Add addresses that are not asked for, as far as there is room; the rest is counted."""
        room = self._room()
        self.checkpoint.add_skipped(urls[:room], found)
        self._known = self._number("SELECT max(id) FROM urls")
        self._overflow(len(urls) - room)

    def _room(self) -> int:
        return max(max(_MIN_FRONTIER, _FRONTIER * self.options.max_pages) - self._known, 0)

    def _overflow(self, number: int) -> None:
        if number > 0:
            self.checkpoint.remember(beyond=self.checkpoint.recall("beyond", 0) + number)

    def _read_fetched(self, most: int | None = None) -> None:
        """Make rows of the answers that are stored."""
        for number, (address, answer) in enumerate(self.checkpoint.fetched(), 1):
            with self.checkpoint:
                row = self._page(address, answer)
            self._stored -= 1
            self._progress(self._read, self._known)
            if row is not None:
                self._on_read(address.id, row)
            if number == most:
                return

    def _page(self, address: Address, answer: Response) -> dict[str, Any] | None:
        """Read one page into the checkpoint; return its row, or None where it gives none."""
        if address.depth == 0 and self.checkpoint.recall("mode") == "start":
            self._begin(answer)
            if is_sitemap(answer.content):
                self._sitemap(address, answer)
                self.checkpoint.skip(address, "sitemap", "read as a list of pages")
                return None
        if media := media_of(answer):
            self.checkpoint.skip(address, "not_html", media[:80])
            return None
        try:
            document = read_document(answer)
        except FAULTS as error:
            self.checkpoint.skip(address, "unreadable", f"{type(error).__name__}: {error}")
            return None
        if document is None:
            self.checkpoint.skip(address, "empty", "nothing to read in it")
            return None
        prints = document.print
        self.checkpoint.read(
            address,
            document.row,
            (prints.exact, prints.near, document.javascript),
            (answer.rendered, answer.refused),
        )
        self._read += 1
        if not document.javascript or answer.rendered == RENDERED:  # shells are all alike
            self._shapes.note(address.url, document.row["text"])
        if self.checkpoint.recall("mode") == "site":
            self._links(address, document.links)
        return document.row

    def _begin(self, answer: Response) -> None:
        """Learn from the start which site it is, and whether it is a page or a sitemap."""
        self._hosts.add(urlsplit(answer.url).netloc)
        mode = "sitemap" if is_sitemap(answer.content) else "site"
        self.checkpoint.remember(mode=mode, hosts=sorted(self._hosts))
        if mode == "sitemap":
            return
        fetcher = self._fetchers.get()
        try:
            rules = self._robots.rules(answer.url, fetcher)
        finally:
            self._fetchers.put(fetcher)
        named = [(s, "") for s in map(normal_url, rules.sitemaps) if s]
        usual = [(f"{site_of(answer.url)}/sitemap.xml", "")]
        self.checkpoint.remember(sitemaps_named=bool(named))
        self.checkpoint.add((named or usual)[:_MAX_SITEMAPS], Found(0, None, SITEMAP))

    def _links(self, page: Address, links: Sequence[tuple[str, bool]]) -> None:
        """Sort the links of a page into what is asked for and what is not, and why."""
        found = Found(page.depth + 1, page.id)
        deep = page.depth >= self.options.max_depth
        good: list[tuple[str, str]] = []
        bad: list[tuple[str, str, str]] = []
        own = [(url, followed) for url, followed in links if self._is_own(url)]
        for url, followed in own[:_MAX_LINKS]:
            if is_file(url):
                bad.append((url, "file", "its ending is that of a file"))
            elif why := endless(url):
                bad.append((url, "trap", why))
            elif not followed:
                bad.append((url, "nofollow", "all links to it say nofollow"))
            elif deep:
                bad.append((url, "depth", f"more than {self.options.max_depth} links from the start"))
            elif self.checkpoint.find(url) is None and not self._shapes.admit(url):
                bad.append((url, "trap", "too many addresses that differ in their parameters only"))
            else:
                good.append((url, ""))
        self._add(good, found)
        self._add_skipped(bad, found)
        self._overflow(len(own) - _MAX_LINKS)
        self.checkpoint.link(page.id, [url for url, _ in own[:_MAX_REMEMBERED]])


def seed(checkpoint: Checkpoint, urls: Sequence[str], *, mode: str) -> None:
    """Put the first addresses into a new checkpoint.

    Args:
        checkpoint: A new one.
        urls: Addresses in their normal form.
        mode: ``start`` for a start page or sitemap, ``list`` for pages that are read and not followed.
    """
    with checkpoint:
        checkpoint.remember(mode=mode)
        if mode == "list":
            checkpoint.remember(hosts=sorted({urlsplit(u).netloc for u in urls}))
        checkpoint.add([(u, "") for u in _by_turns(urls)], Found(0, listed=True))


def _by_turns(urls: Sequence[str]) -> list[str]:
    """Return addresses so that hosts take turns, because each is asked one thing at a time."""
    place: dict[str, int] = {}
    turns = []
    for number, url in enumerate(urls):
        host = urlsplit(url).netloc
        place[host] = place.get(host, 0) + 1
        turns.append((place[host], number, url))
    return [url for _, _, url in sorted(turns)]
