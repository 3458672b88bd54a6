"""A browser for pages that are empty without one: it runs their scripts, and reaches nothing by itself."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from journeyseo.errors import DependencyError, FetchError
from journeyseo.pages.address import site_of
from journeyseo.pages.charset import decode_html
from journeyseo.pages.chromium import ARGUMENTS, NO_SANDBOX, environment, find_program, has_sandbox
from journeyseo.pages.document import needs_browser
from journeyseo.pages.fetch import RENDERED, Fetcher, Response
from journeyseo.pages.robots import Robots
from journeyseo.pages.visit import MAX_PAUSES, Asked, Gate, Visit

if TYPE_CHECKING:
    from playwright.async_api import Browser as Chromium
    from playwright.async_api import BrowserContext, Page, Playwright, Request, Route

_ANSWERED = frozenset({"script", "fetch", "xhr"})
# Headers of an answer that are about its way here, or that a page must not set.
_OWN_HEADERS = frozenset(
    {
        "connection", "keep-alive", "transfer-encoding", "content-encoding", "content-length", "set-cookie",
        "alt-svc", "location", "refresh", "report-to", "reporting-endpoints", "nel", "link",
        "strict-transport-security", "clear-site-data",
    }
)  # fmt: skip
# A value that allows no site: the library would allow each one where a server says nothing.
_NOBODY = "https://nobody.invalid"
_LOOK = 0.05  # seconds between two looks at whether a page has come to rest
# After so long without a request a page is taken to be drawn.
_QUIET = 0.5
# Share of its time after which a page that never rests is taken as it is; the rest is for taking it.
_RESTLESS = 2 / 3
_STOP = 5.0  # seconds that closing something may take
# In a world of its own, where the page's scripts cannot change what the names mean.
_TAKE = (
    "(() => {{ const all = document.documentElement.outerHTML; return all.length > {most} ? null : all }})()"
)


class Browser:
    """Renders pages, one at a time; started when the first one needs it.

    Args:
        fetcher: What fetches for the pages, and for nothing else.
        robots: The rules of the sites met.

    Raises:
        DependencyError: The package or the browser is not installed.
        ConfigError: The browser cannot keep its sandbox here, and nobody said that it may go without.
    """

    def __init__(self, fetcher: Fetcher, robots: Robots) -> None:
        self._program, self._sandbox = find_program(), has_sandbox()
        self._gate = Gate(fetcher, robots)
        self._turn = threading.Lock()
        # One request at a time: the fetcher has one connection, and servers are asked politely.
        self._fetching = ThreadPoolExecutor(1, thread_name_prefix="render")
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._driver: Playwright | None = None
        self._chromium: Chromium | None = None

    def shown(self, answer: Response) -> Response:
        """Return a page as a browser shows it where it is empty without one; any other answer as it is.

        `rendered` of what is returned says what came of it.

        Raises:
            DependencyError: The browser does not start.
        """
        if not needs_browser(answer):
            return answer
        with self._turn:
            visit = Visit(self._gate)
            try:
                html = self._wait(self._render(answer, visit))
            except FetchError as error:
                return replace(answer, rendered=error.reason, refused=_counted(visit))
        page = replace(
            answer, content=html.encode("utf-8", "replace"), charset="utf-8", refused=_counted(visit)
        )
        return replace(page, rendered="empty" if needs_browser(page) else RENDERED)

    def close(self) -> None:
        """End the browser and what belongs to it."""
        self._fetching.shutdown(cancel_futures=True)
        if self._loop is None or self._thread is None:
            return
        self._wait(self._stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
        self._loop = self._thread = None

    def _wait(self, work: Coroutine[Any, Any, Any]) -> Any:
        """Return what work in the browser's own thread gives."""
        if self._loop is None:
            self._loop = asyncio.new_event_loop()
            self._thread = threading.Thread(target=self._loop.run_forever, name="browser", daemon=True)
            self._thread.start()
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    async def _start(self) -> Chromium:
        """Return the running browser, started anew where it died."""
        from playwright.async_api import Error, async_playwright

        if self._chromium is not None and self._chromium.is_connected():
            return self._chromium
        self._driver = self._driver or await async_playwright().start()
        try:
            self._chromium = await self._driver.chromium.launch(
                executable_path=self._program,
                args=list(ARGUMENTS),
                chromium_sandbox=self._sandbox,
                env={**environment()},
                ignore_default_args=["--disable-popup-blocking"],
                handle_sigint=False,
                handle_sigterm=False,
                handle_sighup=False,
            )
        except Error as error:
            raise DependencyError(
                f"Chromium does not start ({_first_line(error)}).",
                where=self._program,
                hint=f"Start it by hand to see why; where its sandbox is not possible, set {NO_SANDBOX}=1.",
            ) from error
        return self._chromium

    async def _stop(self) -> None:
        from playwright.async_api import Error

        with suppress(Error, TimeoutError):
            if self._chromium is not None:
                await asyncio.wait_for(self._chromium.close(), _STOP)
        with suppress(Error, TimeoutError):
            if self._driver is not None:
                await asyncio.wait_for(self._driver.stop(), _STOP)

    async def _render(self, answer: Response, visit: Visit) -> str:
        """Return the HTML of a page after its scripts ran.

        Raises:
            FetchError: There is none; `reason` says why.
        """
        from playwright.async_api import Error
        from playwright.async_api import TimeoutError as TooSlow

        chromium = await self._start()
        # In all: none of the steps below is trusted to end.
        most = self._gate.bounds.deadline + MAX_PAUSES + _STOP
        try:
            async with asyncio.timeout(most), _Tab(chromium) as tab:
                return await _Showing(tab, answer, visit, self._fetching).html()
        except (TimeoutError, TooSlow) as error:
            raise FetchError("The page does not end.", where=answer.url, reason="deadline") from error
        except Error as error:
            raise FetchError(
                f"The page broke the browser ({_first_line(error)}).", where=answer.url, reason="crashed"
            ) from error


class _Tab:
    """A context that keeps nothing, and its end, which must not be waited for without bound.

    Args:
        chromium: The browser.
    """

    def __init__(self, chromium: Chromium) -> None:
        self._chromium = chromium
        self._context: BrowserContext | None = None

    async def __aenter__(self) -> BrowserContext:
        self._context = await self._chromium.new_context(accept_downloads=False, service_workers="block")
        return self._context

    async def __aexit__(self, *_: object) -> None:
        from playwright.async_api import Error

        if self._context is None:
            return
        try:
            await asyncio.wait_for(self._context.close(), _STOP)
        except (Error, TimeoutError):
            with suppress(Error, TimeoutError):  # the next page starts another browser
                await asyncio.wait_for(self._chromium.close(), _STOP)


@dataclass
class _Showing:
    """One page in the browser.

    Attributes:
        context: Where it is shown.
        answer: The page as it was served.
        visit: What its requests are answered by.
        fetching: Where they are made, one after the other.
    """

    context: BrowserContext
    answer: Response
    visit: Visit
    fetching: ThreadPoolExecutor
    _served: bool = False
    _loaded: bool = False
    _open: int = 0
    _last: float = 0.0
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    async def html(self) -> str:
        """Return the HTML after the page has come to rest, or after it had its time.

        Raises:
            FetchError: It is too large.
            TimeoutError: It does not let anything be taken.
        """
        await self.context.route("**/*", self._route)
        page = await self.context.new_page()
        self.context.on("page", self._close)  # of windows that the page opens
        page.on("load", self._note_load)
        # A page whose first script never ends does not even commit.
        await page.goto(self.answer.url, wait_until="commit", timeout=max(self.visit.left(), 0.001) * 1000)
        await self._rest()
        most = self.visit.gate.bounds.max_bytes
        html = await asyncio.wait_for(self._take(page, most), max(self.visit.left(), 0.0))
        if html is None or len(html.encode("utf-8", "replace")) > most:
            raise FetchError(f"It is larger than {most:,} bytes.", where=self.answer.url, reason="too_large")
        return html

    def _note_load(self, _: Page) -> None:
        self._loaded = True
        self._last = asyncio.get_running_loop().time()

    def _close(self, page: Page) -> None:
        task = asyncio.get_running_loop().create_task(_closed(page))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _rest(self) -> None:
        """Wait until the page has loaded and asks for nothing, but not for ever."""
        clock = asyncio.get_running_loop().time
        restless = self.visit.gate.bounds.deadline * (1 - _RESTLESS)
        while self.visit.left() > restless:
            await asyncio.sleep(_LOOK)
            if self._loaded and not self._open and clock() - self._last >= _QUIET:
                return

    async def _take(self, page: Page, most: int) -> str | None:
        """Return the HTML; None where it has more signs than so many."""
        session = await self.context.new_cdp_session(page)
        frame = (await session.send("Page.getFrameTree"))["frameTree"]["frame"]["id"]
        world = await session.send("Page.createIsolatedWorld", {"frameId": frame})
        call = {
            "expression": _TAKE.format(most=most), "contextId": world["executionContextId"],
            "returnByValue": True,
        }  # fmt: skip
        found = (await session.send("Runtime.evaluate", call))["result"].get("value")
        return found if isinstance(found, str) else None

    async def _route(self, route: Route, request: Request) -> None:
        """Answer a request of the page."""
        from playwright.async_api import Error

        self._open += 1
        try:
            with suppress(Error):  # the page may be gone by now
                await self._reply(route, request)
        finally:
            self._open -= 1
            self._last = asyncio.get_running_loop().time()

    async def _reply(self, route: Route, request: Request) -> None:
        kind = request.resource_type
        if request.is_navigation_request():
            await self._navigate(route)
        elif kind == "stylesheet":
            # Some loaders wait for a style sheet and give up without it.
            await route.fulfill(status=200, content_type="text/css", body="")
        elif kind not in _ANSWERED:
            await route.abort("blockedbyclient")
        else:
            await self._fulfil(route, _asked(request))

    async def _navigate(self, route: Route) -> None:
        """Give the page as it was served, once: to others, in frames or in its place, it cannot go."""
        if self._served:
            self.visit.refused["navigation"] += 1
            # No content: after any other end the browser would show a message in the page's place.
            await route.fulfill(status=204)
            self._loaded = True  # a page that wanted to leave while it loaded never says that it has
            return
        self._served = True
        text = decode_html(self.answer.content, self.answer.charset)
        headers = _headers(self.answer) | {"content-type": "text/html; charset=utf-8"}
        await route.fulfill(status=200, headers=headers, body=text.encode("utf-8", "replace"))

    async def _fulfil(self, route: Route, asked: Asked) -> None:
        loop = asyncio.get_running_loop()
        try:
            answer = await loop.run_in_executor(self.fetching, self.visit.answer, asked)
        except FetchError as error:
            self.visit.refused[error.reason] += 1
            await route.abort("blockedbyclient")
            return
        if 300 <= answer.status < 400:
            await route.abort("blockedbyclient")  # the browser would follow it by itself
            return
        headers = _headers(answer)
        if asked.origin:
            headers.setdefault("access-control-allow-origin", _NOBODY)
        await route.fulfill(status=answer.status, headers=headers, body=answer.content)


async def _closed(page: Page) -> None:
    from playwright.async_api import Error

    with suppress(Error):
        await page.close()


def _asked(request: Request) -> Asked:
    origin = request.headers.get("origin", "")
    foreign = origin != site_of(request.url)
    return Asked(request.url, request.method, request.resource_type, origin if foreign else "")


def _headers(answer: Response) -> dict[str, str]:
    return {name: value for name, value in answer.headers.items() if name not in _OWN_HEADERS}


def _counted(visit: Visit) -> str:
    """Return how many requests of a page were refused, as `robots 2, private_address 1`."""
    return ", ".join(f"{reason} {number}" for reason, number in sorted(visit.refused.items()))


def _first_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0][:200].rstrip(".")
