"""A small web server on the loopback address, and a resolver that knows only the names of a test."""

from __future__ import annotations

import re
import socket
import socketserver
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest

from journeyseo.pages.checkpoint import Checkpoint
from journeyseo.pages.crawl import Crawler, CrawlOptions, seed
from journeyseo.pages.fetch import FetchOptions
from journeyseo.pages.findings import dead_batches, page_batches, skipped_batches


class Handler(BaseHTTPRequestHandler):
    """Logs each request and lets the route of its path answer it."""

    server: _Server

    def do_GET(self) -> None:
        web = self.server.web
        host = self.headers.get("Host", "").partition(":")[0]
        web.log.append((host, self.path))
        web.headers.append(dict(self.headers.items()))
        route = web.routes.get(f"{host}{self.path}", web.routes.get(self.path))
        if route is None:
            self.reply(404, b"<p>gone")
        else:
            route(self)

    def reply(self, status: int = 200, body: bytes | str = b"", **headers: str) -> None:
        """Answer as a whole; in the names of headers ``_`` stands for ``-``."""
        data = body.encode() if isinstance(body, str) else body
        self.send_response(status)
        for name, value in (
            {"Content_Type": "text/html", "Content_Length": str(len(data))} | headers
        ).items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(data)

    def drip(self, chunks: Iterator[bytes], pause: float, limit: float = 1.7) -> None:
        """Write chunk after chunk until the client leaves, the test ends, or `limit` seconds are over."""
        end = time.monotonic() + limit
        for chunk in chunks:
            self.wfile.write(chunk)
            self.wfile.flush()
            if self.server.web.over.wait(pause) or time.monotonic() > end:
                return

    def log_message(self, *args: Any) -> None:
        """Stay silent."""


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    web: Web

    def handle_error(self, *args: Any) -> None:
        """Clients may hang up: that is what the tests are about."""


Route = Callable[[Handler], None]


@dataclass
class Web:
    """A running server.

    Attributes:
        port: Its port.
        routes: Path, or host and path, to the function that answers it.
        log: Host and path of each request, in order.
        headers: Header fields of each request.
        over: Set when the test is over.
    """

    port: int
    routes: dict[str, Route] = field(default_factory=dict)
    log: list[tuple[str, str]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    def url(self, path: str = "/", host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}{path}"

    def paths(self) -> list[str]:
        return [path for _, path in self.log]

    def add(self, path: str, body: bytes | str = b"", status: int = 200, **headers: str) -> None:
        """Serve a fixed answer."""
        self.routes[path] = lambda request: request.reply(status, body, **headers)

    def page(self, path: str, *links: str, title: str = "", head: str = "") -> None:
        """Serve a page with some text and links."""
        anchors = "".join(f'<p><a href="{link}">to {link}</a></p>' for link in links)
        text = f"<p>This is what the page at {path} has to say about heat pumps in old houses.</p>"
        self.add(
            path, f"<html lang=en><head><title>{title or path}</title>{head}</head><body>{text}{anchors}"
        )

    def sitemap(self, path: str, *urls: str, lastmod: str = "") -> None:
        """Serve a sitemap of some addresses."""
        date = f"<lastmod>{lastmod}</lastmod>" if lastmod else ""
        rows = "".join(f"<url><loc>{url}</loc>{date}</url>" for url in urls)
        self.add(path, f"<urlset>{rows}</urlset>", Content_Type="application/xml")


@pytest.fixture
def web() -> Iterator[Web]:
    with _Server(("127.0.0.1", 0), Handler) as server:
        server.web = Web(server.server_address[1])
        thread = threading.Thread(target=server.serve_forever, args=(0.005,))
        thread.start()
        try:
            yield server.web
        finally:
            server.web.over.set()
            server.shutdown()
            thread.join()


@dataclass
class Names:
    """What names resolve to; `asked` holds every name that was looked up."""

    known: dict[str, list[str]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch) -> Names:
    """Resolve only the names given by the test, and numbers; a number can be sent elsewhere too."""
    real = socket.getaddrinfo
    table = Names()

    def fake(host: str, *args: Any, **kwargs: Any) -> list[Any]:
        table.asked.append(host)
        if host in table.known:
            return [entry for a in table.known[host] for entry in real(a, *args, **kwargs)]
        if not re.fullmatch(r"[0-9a-fx.:]+", host):
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return real(host, *args, **kwargs)

    monkeypatch.setattr(socket, "getaddrinfo", fake)
    return table


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Record the pauses of the fetcher instead of waiting."""
    asked: list[float] = []
    monkeypatch.setattr("journeyseo.pages.fetch.time.sleep", asked.append)
    return asked


@pytest.fixture
def quick() -> FetchOptions:
    """No pauses and the loopback address; time enough for a busy machine."""
    return FetchOptions(delay=0, timeout=10, deadline=20, retries=0, redirects=5, allow_private=True)


@dataclass
class Crawled:
    """What a crawl found, by path.

    Attributes:
        pages: Rows of the pages that were read.
        skipped: Reason of each address that gave none.
        details: The reasons in words.
        dead: Source and target of each dead link.
    """

    pages: dict[str, dict[str, Any]]
    skipped: dict[str, str]
    details: dict[str, str]
    dead: list[tuple[str, str]]


@pytest.fixture
def crawled(web, quick, tmp_path) -> Callable[..., Crawled]:
    """Crawl the test's site without a classifier; again in the same folder goes on."""

    def run(*starts: str, host: str = "127.0.0.1", fetch: FetchOptions = quick, **bounds: Any) -> Crawled:
        checkpoint = Checkpoint(tmp_path / "crawl.sqlite")
        try:
            if checkpoint.recall("mode") is None:
                urls = [s if "://" in s else web.url(s, host) for s in starts or ("/",)]
                seed(checkpoint, urls, mode="list" if len(starts) > 1 else "start")
            options = CrawlOptions(fetch=fetch, **bounds)
            Crawler(checkpoint, options, progress=lambda *_: None, on_read=lambda *_: None).run()
            return found(checkpoint, web.url("", host))
        finally:
            checkpoint.close()

    return run


def found(checkpoint: Checkpoint, root: str) -> Crawled:
    """Return what a checkpoint holds, by path."""

    def path(url: str) -> str:
        return url.removeprefix(root)

    pages = {path(row["url"]): row for rows in page_batches(checkpoint, {}) for row in rows}
    skipped = [row for rows in skipped_batches(checkpoint, "a bound") for row in rows]
    dead = [(path(row["source"]), path(row["target"])) for rows in dead_batches(checkpoint) for row in rows]
    return Crawled(
        pages,
        {path(row["url"]): row["reason"] for row in skipped},
        {path(row["url"]): row["detail"] for row in skipped},
        dead,
    )
