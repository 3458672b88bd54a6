"""A hostile site: 36 ways to hang, fill or fool a crawler, in one crawl of a process of its own."""

from __future__ import annotations

import gzip
import itertools
import json
import socket
import struct
import subprocess
import sys
import zlib

import pytest

MIB = 1 << 20
CHILD = """
import json, re, sys
from pathlib import Path
from journeyseo.pages import fetch
from journeyseo.pages.checkpoint import Checkpoint
from journeyseo.pages.crawl import Crawler, CrawlOptions, seed
from journeyseo.pages.document import read_document
from journeyseo.pages.findings import page_batches, skipped_batches

def peak():
    return int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) // 1024

real = fetch.is_public
fetch.is_public = lambda address: address == "127.0.0.1" or real(address)
read_document(fetch.Response("http://a.test/", 200, b"<p>Words of a page.</p>", "text/html", {}))
idle = peak()
checkpoint = Checkpoint(Path(sys.argv[1]))
seed(checkpoint, [sys.argv[2]], mode="start")
bounds = fetch.FetchOptions(delay=0, timeout=0.4, deadline=1.0, retries=0)
options = CrawlOptions(max_depth=1, fetch=bounds)
Crawler(checkpoint, options, progress=lambda *_: None, on_read=lambda *_: None).run()
pages = {row["url"]: row["text"][:200] for rows in page_batches(checkpoint, {}) for row in rows}
skipped = {row["url"]: row["reason"] for rows in skipped_batches(checkpoint, "") for row in rows}
print(json.dumps({"idle": idle, "peak": peak(), "pages": pages, "skipped": skipped}))
"""
RUSSIAN = "Тепловой насос переносит тепло наружного воздуха в дом, тихо и всю зиму."


def _head(request, **headers: str) -> None:
    request.send_response(200)
    for name, value in ({"Content_Type": "text/html"} | headers).items():
        request.send_header(name.replace("_", "-"), value)
    request.end_headers()


def _bomb(size: int, wbits: int) -> bytes:
    """Return so many MiB of zeros, packed; the pieces are alike, so one is packed once."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packer.compress(b"") + packer.flush(zlib.Z_FULL_FLUSH)
    piece = packer.compress(bytes(MIB)) + packer.flush(zlib.Z_FULL_FLUSH)
    end = packer.flush()
    head = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff" if wbits > 15 else b"\x78\x9c"
    return head + piece * size + end


def _raw(data: bytes):
    return lambda request: request.wfile.write(data)


def _endless(request) -> None:
    _head(request)
    request.drip(itertools.repeat(b"<p>more and more " * 1000), 0, limit=3)


def _chunks(request) -> None:
    request.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n")
    request.drip(itertools.repeat(b"4000\r\n" + b"x" * 0x4000 + b"\r\n"), 0, limit=3)


def _continues(request) -> None:
    request.drip(itertools.repeat(b"HTTP/1.1 100 Continue\r\n\r\n"), 0.001)


def _trailers(request) -> None:
    request.wfile.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n")
    request.drip(itertools.repeat(b"X-More: and more\r\n"), 0.001)


def _slow_body(request) -> None:
    _head(request)
    request.drip(itertools.repeat(b"x"), 0.02)


def _slow_head(request) -> None:
    head = b"HTTP/1.0 200 OK\r\nX-Long: " + b"a" * 1000
    request.drip((head[i : i + 1] for i in range(len(head))), 0.02)


def _reset(request) -> None:
    request.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    request.connection.close()


def _moved(target: str):
    return lambda request: request.reply(301, "", Location=target)


def _page(body: bytes, **headers: str):
    return lambda request: request.reply(200, body, **headers)


def _growing(request) -> None:
    request.reply(302, "", Location=f"{request.path}/more")


GZIP = {"Content_Encoding": "gzip"}
TRUNCATED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nff\r\nwor"
NO_SIZE = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n"
LONG_SIZE = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;" + b"a" * 200_000 + b"\r\nhello\r\n"
NO_STATUS = b"HTTP/1.1 twohundred\r\n\r\n<p>words"
MANY = b"HTTP/1.1 200 OK\r\n" + b"".join(b"X-%d: a\r\n" % i for i in range(300)) + b"\r\n"
LINKS = b"<p>A page of links.</p>" + b"".join(b"<a href=/to/%d>x</a>" % i for i in range(50_000))
ENTITIES = b"<!DOCTYPE x [<!ENTITY a '" + b"a" * 1000 + b"'>]><p>words &a;&a;</p>"
# Path: what it answers, and the reason why it gives no page; empty where it gives one.
CASES = {
    "/gzip-bomb": (_page(_bomb(1500, 31), **GZIP), "too_large"),
    "/gzip-in-gzip": (_page(gzip.compress(_bomb(200, 31)), Content_Encoding="gzip, gzip"), "too_large"),
    "/deflate-bomb": (_page(_bomb(200, 15), Content_Encoding="deflate"), "too_large"),
    "/endless": (_endless, "too_large"),
    "/endless-chunks": (_chunks, "too_large"),
    "/slow-body": (_slow_body, "deadline"),
    "/slow-head": (_slow_head, "deadline"),
    "/silent": (lambda request: request.server.web.over.wait(2), "timeout"),
    "/reset": (_reset, "network"),
    "/loop": (_moved("/loop"), "redirect_loop"),
    "/growing": (_growing, "redirect"),
    "/to-file": (_moved("file:///etc/hosts"), "redirect"),
    "/to-private": (_moved("http://127.0.0.2/"), "other_site"),
    "/short": (_page(b"short", Content_Length="500"), "decode"),
    "/cut-chunks": (_raw(TRUNCATED), "decode"),
    "/bad-gzip": (_page(b"no gzip at all", **GZIP), "decode"),
    "/many-headers": (_raw(MANY), "protocol"),
    "/long-header": (_raw(b"HTTP/1.1 200 OK\r\nX-Long: " + b"a" * 200_000 + b"\r\n\r\n"), "protocol"),
    "/no-http": (_raw(b"SSH-2.0-OpenSSH_9.6\r\n"), "protocol"),
    "/continues": (_continues, "deadline"),
    "/trailers": (_trailers, "deadline"),
    "/no-size": (_raw(NO_SIZE), "decode"),
    "/long-size": (_raw(LONG_SIZE), "decode"),
    "/no-status": (_raw(NO_STATUS), "protocol"),
    "/packed-unasked": (_page(bytes(range(256)) * 40, Content_Encoding="br"), "not_html"),
    "/to-script": (_moved("javascript:alert(1)"), "redirect"),
    "/vast": (_page(b"x", Content_Length="9" * 18), "decode"),
    "/pdf": (_page(b"%PDF-1.7 \x00"), "not_html"),
    "/zeros": (_page(bytes(100_000)), "not_html"),
    "/busy": (lambda request: request.reply(429, "", Retry_After="3600"), "status"),
    "/nested": (_page(b"<div>" * 200_000 + b"deep"), "empty"),
    "/only-meta": (_page(b"<meta charset=windows-1251><p>" + RUSSIAN.encode("cp1251")), ""),
    "/not-utf8": (
        _page(b"<p>" + RUSSIAN.encode("cp1251"), Content_Type="text/html; charset=utf-8"), "",
    ),
    "/utf16": (_page(f"<p>{RUSSIAN}".encode("utf-16")), ""),
    "/links": (_page(LINKS), ""),
    "/entities": (_page(ENTITIES), ""),
}  # fmt: skip


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads peak memory from /proc")
def test_each_case_has_its_reason_and_memory_stays_bounded(web, tmp_path):
    web.page("/", *CASES)
    for path, (answer, _) in CASES.items():
        web.routes[path] = answer
    for i in range(1, 8):
        web.routes[f"/growing{'/more' * i}"] = _growing
    done = subprocess.run(
        [sys.executable, "-c", CHILD, str(tmp_path / "crawl.sqlite"), web.url()],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    pages = {url.removeprefix(web.url("")): text for url, text in told["pages"].items()}
    skipped = {url.removeprefix(web.url("")): reason for url, reason in told["skipped"].items()}
    wanted = {path: reason for path, (_, reason) in CASES.items() if reason}
    assert {path: skipped.get(path) for path in wanted} == wanted
    assert set(pages) == {"/", *(path for path, (_, reason) in CASES.items() if not reason)}
    for path in ("/only-meta", "/not-utf8", "/utf16"):
        assert pages[path] == RUSSIAN
    assert sum(reason == "depth" for reason in skipped.values()) == 50_000
    assert skipped[f"/growing{'/more' * 5}"] in ("redirect_loop", "trap")
    assert len(CASES) == 36
    assert told["peak"] - told["idle"] < 100, told
