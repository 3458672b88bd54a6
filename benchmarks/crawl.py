"""Speed and memory of a crawl: fetch, extract and stage pages of a site that another process serves.

python -m benchmarks.crawl [PAGES] [--no-stage] [--profile]
"""

from __future__ import annotations

import argparse
import cProfile
import json
import multiprocessing
import pstats
import random
import re
import tempfile
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

_SUBJECTS = ("heat pump", "mattress", "crm", "running shoe", "sauna", "road bike", "boiler", "desk")
_WORDS = str.split(
    "price cost quiet winter house install grant noise service compare review best buy order delivery"
    " warranty room energy bill guide choose size old new plan support team quote fitted season warm"
)
_NAV = 60  # links in the menu and again in the foot, as on real sites
_SECTIONS, _PARAGRAPH = 5, 180  # 900 words a page


def page(number: int, pages: int) -> bytes:
    """Return one page of the site: its own words, a menu, and links that lead to all pages."""
    chance = random.Random(number)
    subject = f"{chance.choice(_SUBJECTS)} {number}"
    menu = "".join(f'<li><a href="/p{i}">{_SUBJECTS[i % 8]} {i}</a></li>' for i in range(min(_NAV, pages)))
    links = "".join(
        f'<p><a href="/p{i}">More</a></p>' for i in range(8 * number + 1, min(8 * number + 9, pages))
    )
    body = "".join(
        f"<h2>{subject}: {chance.choice(_WORDS)}</h2><p>{' '.join(chance.choices(_WORDS, k=_PARAGRAPH))}.</p>"
        for _ in range(_SECTIONS)
    )
    return (
        f"<!doctype html><html lang=en><head><meta charset=utf-8><title>{subject}: {chance.choice(_WORDS)}"
        f"</title><meta name=description content='All about {subject}'><body><nav><ul>{menu}</ul></nav>"
        f"<main><h1>{subject}</h1>{body}{links}</main><footer><ul>{menu}</ul></footer></body></html>"
    ).encode()


def _serve(pages: int, pipe: Connection) -> None:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = 65_536  # head and body at once: in two pieces the second waits 40 ms for an answer

        def do_GET(self) -> None:
            found = re.fullmatch(r"/(?:p(\d+))?", self.path)
            body = page(int(found[1] or 0), pages) if found else b""
            self.send_response(200 if found else 404)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    pipe.send(server.server_address[1])
    server.serve_forever()


def _memory(name: str) -> int:
    found = re.search(rf"{name}:\s+(\d+)", Path("/proc/self/status").read_text("utf-8"))
    return int(found[1]) // 1024 if found else 0


def _crawl_only(url: str, folder: Path, options: Any) -> int:
    """Fetch and extract, without stages and files; return how many pages were read."""
    from journeyseo.pages.checkpoint import READ, Checkpoint
    from journeyseo.pages.crawl import Crawler, seed

    checkpoint = Checkpoint(folder / "crawl.sqlite")
    seed(checkpoint, [url], mode="start")
    Crawler(checkpoint, options, progress=lambda *_: None, on_read=lambda *_: None).run()
    read = checkpoint.count(READ)
    checkpoint.close()
    return read


def main() -> None:
    """Serve, crawl, and print pages a second and peak memory."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pages", nargs="?", type=int, default=1_000)
    parser.add_argument("--no-stage", action="store_true", help="fetch and extract only")
    parser.add_argument("--profile", action="store_true", help="print where the time of the main thread goes")
    asked = parser.parse_args()
    ours, theirs = multiprocessing.Pipe()
    server = multiprocessing.Process(target=_serve, args=(asked.pages, theirs), daemon=True)
    server.start()
    url = f"http://127.0.0.1:{ours.recv()}/"

    import journeyseo as js
    from journeyseo.pages.fetch import FetchOptions

    judge = js.StageClassifier()
    judge.classify_pages(js.read_pages(_one(url)))  # loads what is loaded once
    options = js.CrawlOptions(max_pages=asked.pages, fetch=FetchOptions(delay=0, allow_private=True))
    idle = _memory("VmRSS")
    profile = cProfile.Profile()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        start, work = time.perf_counter(), time.process_time()
        if asked.profile:
            profile.enable()
        if asked.no_stage:
            read = _crawl_only(url, folder, options)
        else:
            read = js.crawl(url, folder / "out", options=options, classifier=judge).read
        profile.disable()
        seconds, work = time.perf_counter() - start, time.process_time() - work
        size = sum(f.stat().st_size for f in folder.rglob("*") if f.is_file()) // 1024**2
    server.kill()
    told = {
        "pages": read, "seconds": round(seconds, 1), "pages_per_second": round(read / seconds, 1),
        "cpu_ms_per_page": round(1000 * work / read, 1), "idle_mb": idle,
        "peak_above_idle_mb": _memory("VmHWM") - idle, "disk_mb": size,
    }  # fmt: skip
    print(json.dumps(told))
    if asked.profile:
        pstats.Stats(profile).sort_stats("tottime").print_stats(25)


def _one(url: str) -> Any:
    import pandas as pd

    return pd.DataFrame({"url": [url], "title": ["Heat pump prices"], "text": ["What a heat pump costs."]})


if __name__ == "__main__":
    main()
