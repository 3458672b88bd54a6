"""Killed in the middle: what was answered is not asked for again, and nothing is lost."""

from __future__ import annotations

import subprocess
import sys
import time
from collections import Counter

import pytest

CHILD = """
import sys
from pathlib import Path
from journeyseo.pages.checkpoint import Checkpoint
from journeyseo.pages.crawl import Crawler, CrawlOptions, seed
from journeyseo.pages.fetch import FetchOptions

checkpoint = Checkpoint(Path(sys.argv[1]))
if checkpoint.recall("mode") is None:
    seed(checkpoint, [sys.argv[2]], mode="start")
options = CrawlOptions(fetch=FetchOptions(delay=0, allow_private=True))
Crawler(checkpoint, options, progress=lambda *_: None, on_read=lambda *_: None).run()
"""
PAGES = 60


@pytest.fixture
def child(web, tmp_path):
    """Start a crawl of its own process; it is killed as soon as so many requests came."""

    def run(kill_at: int) -> int:
        words = [sys.executable, "-c", CHILD, str(tmp_path / "crawl.sqlite"), web.url()]
        process = subprocess.Popen(words)
        end = time.monotonic() + 60
        while process.poll() is None and len(web.log) < kill_at and time.monotonic() < end:
            time.sleep(0.001)
        process.kill()
        return process.wait()

    return run


def _path(number: int) -> str:
    """Return a path without figures, so that no page is taken for one of a calendar."""
    return f"/{'abcdefghij'[number // 10]}{'abcdefghij'[number % 10]}" if number else "/"


ALL = [_path(i) for i in range(PAGES)]


def _tree(web) -> None:
    for i, path in enumerate(ALL):
        children = ALL[3 * i + 1 : 3 * i + 4]
        web.page(path, *children, *(["/dead", "/old"] if i == 5 else []))
    web.add("/old", "", 301, Location=ALL[7])


def _check(found) -> None:
    assert sorted(found.pages) == sorted(ALL)
    assert found.skipped == {"/dead": "status", "/old": "redirect"}


def test_killed_while_an_answer_is_awaited(web, child, crawled):
    _tree(web)
    held = ALL[9]
    answer = web.routes[held]

    def hold(request) -> None:
        if web.paths().count(held) == 1:
            web.over.wait(5)
        answer(request)

    web.routes[held] = hold
    assert child(kill_at=2 + 1 + 9) == -9  # robots.txt, the guessed sitemap, the start, nine pages
    asked = web.paths()
    assert asked[-1] == held
    _check(crawled())
    counts = Counter(web.paths())
    assert {path for path, times in counts.items() if times > 1} == {"/robots.txt", held}
    assert counts[held] == 2


def test_killed_at_many_moments(web, child, crawled):
    _tree(web)
    kills = sum(child(kill_at) == -9 for kill_at in (9, 23, 41))
    _check(crawled())
    counts = Counter(path for path in web.paths() if path != "/robots.txt")
    # One request may be under way when the process dies: it is all that is asked for again.
    assert sum(counts.values()) - len(counts) <= kills
