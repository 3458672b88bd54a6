"""Stages of pages, found beside the crawl: the encoder runs while the next pages are fetched."""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pandas as pd

from journeyseo.classifier import StageClassifier
from journeyseo.pages.checkpoint import Checkpoint, unpack
from journeyseo.pages.sections import sections_table
from journeyseo.sections import also_serves, stage_sections
from journeyseo.tables import PAGES, SECTIONS, STAGE_COLUMNS, records

_BATCH = 64
# One pass of the encoder uses all processors itself: two at once took as long, and half as much memory more.
_THREADS = 1
_AHEAD = 4  # batches in memory at once
# What the page model reads of a page is far shorter.
_TEXT = 4_000
_NAMES = [column.name for column in STAGE_COLUMNS]


class Stager:
    """Finds the stages of pages and stores them in the checkpoint.

    Args:
        checkpoint: The crawl.
        judge: The classifier.
    """

    def __init__(self, checkpoint: Checkpoint, judge: StageClassifier) -> None:
        self._checkpoint, self._judge = checkpoint, judge
        self._pool = ThreadPoolExecutor(_THREADS, thread_name_prefix="stage")
        self._rows: list[tuple[int, dict[str, Any]]] = []
        self._running: deque[Future[list[tuple[int, dict[str, Any]]]]] = deque()
        with checkpoint:
            # Labels of another journey are of no use.
            if checkpoint.recall("journey") != repr(judge.journey):
                checkpoint.select("UPDATE pages SET stage = NULL")
                checkpoint.remember(journey=repr(judge.journey))

    def add(self, number: int, row: dict[str, Any]) -> None:
        """Take a page that was read."""
        self._rows.append((number, row | {"text": row["text"][:_TEXT], "outlinks": ""}))
        if len(self._rows) >= _BATCH:
            self._send()

    def finish(self) -> None:
        """Find the stages of all pages that have none yet."""
        self._send()
        while self._running:
            self._store()
        last = 0
        while rows := self._checkpoint.select(
            "SELECT id, row FROM pages WHERE stage IS NULL AND id > ? ORDER BY id LIMIT ?", (last, _BATCH)
        ).fetchall():
            for number, packed in rows:
                self.add(number, unpack(packed))
            self._send()
            last = rows[-1][0]
        while self._running:
            self._store()

    def close(self) -> None:
        """Stop; pages without a stage get it when the crawl goes on."""
        self._pool.shutdown(cancel_futures=True)

    def _send(self) -> None:
        if self._rows:
            self._running.append(self._pool.submit(_stages, self._judge, self._rows))
            self._rows = []
        while self._running and (self._running[0].done() or len(self._running) > _AHEAD):
            self._store()

    def _store(self) -> None:
        rows = self._running.popleft().result()
        with self._checkpoint:
            self._checkpoint.set_stages(rows)


def _stages(
    judge: StageClassifier, rows: list[tuple[int, dict[str, Any]]]
) -> list[tuple[int, dict[str, Any]]]:
    """Return the stage columns of pages; in a thread of its own."""
    table = PAGES.conform(pd.DataFrame([row for _, row in rows]))
    labels = records(judge.classify_pages(table)[_NAMES])
    # Two rows of a batch may name one address as their own.
    own = sections_table(table.assign(url=[str(number) for number, _ in rows]))
    keys = [_key(heading + text) for heading, text in zip(own["heading"], own["text"], strict=True)]
    parts: dict[str, list[dict[str, Any]]] = {}
    for part in records(stage_sections(own, judge).assign(key=keys)):
        parts.setdefault(part.pop("url"), []).append(part)
    return [
        (number, label | {"parts": parts.get(str(number), [])})
        for (number, _), label in zip(rows, labels, strict=True)
    ]


def _key(text: str) -> str:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()


def with_also_serves(batches: Iterable[list[dict[str, Any]]]) -> Iterator[list[dict[str, Any]]]:
    """Yield rows of pages with the stages that their sections serve.

    Args:
        batches: Rows of pages with their staged sections in ``parts``.
    """
    for rows in batches:
        pages = pd.DataFrame([{"url": row["url"], "journey_stage": row.get("journey_stage")} for row in rows])
        parts = [part | {"url": row["url"]} for row in rows for part in row.get("parts", ())]
        sections = SECTIONS.conform(pd.DataFrame(parts)) if parts else SECTIONS.empty()
        for row, text in zip(rows, also_serves(pages, sections), strict=True):
            row["also_serves"] = text
        yield rows
