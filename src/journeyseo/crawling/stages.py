"""Stages of pages, found beside the crawl: the encoder runs while the next pages are fetched."""

from __future__ import annotations

from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pandas as pd

from journeyseo.classifier import StageClassifier
from journeyseo.pages.checkpoint import Checkpoint, unpack
from journeyseo.tables import PAGES, STAGE_COLUMNS, records

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
    return [(number, label) for (number, _), label in zip(rows, labels, strict=True)]
