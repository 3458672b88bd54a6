"""The labelled data, checked, and its frozen split by subject."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from journeyseo.assets import asset
from journeyseo.classifier.labelled import check_labels
from journeyseo.errors import InputError
from journeyseo.pages.extract import extract

# Folder of whole sites, each with its HTML files and their labels.
_WHOLE = "whole"


@dataclass(frozen=True)
class Split:
    """Labelled rows on both sides of the frozen split.

    Attributes:
        train: Rows to learn from.
        test: Rows that no training may see; no subject (page: site or industry) is on both sides.
        digest: SHA-256 of all rows, in a fixed order.
    """

    train: pd.DataFrame
    test: pd.DataFrame
    digest: str


def digest_of(frame: pd.DataFrame) -> str:
    """Return the SHA-256 of a table's rows, whatever their order."""
    rows = sorted("\x1f".join(map(str, row)) for row in frame.fillna("").itertuples(index=False))
    return hashlib.sha256("\n".join(rows).encode()).hexdigest()


def load_pages(folder: Path | None = None) -> pd.DataFrame:
    """Return all labelled pages, records and whole ones, with list columns joined by newlines."""
    folder = folder or asset("data", "pages")
    rows = list(_whole_pages(folder / _WHOLE))
    for path in sorted(folder.glob("*.jsonl")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if line.strip():
                try:
                    rows.append(json.loads(line) | {"file": path.stem})
                except ValueError as error:
                    raise InputError("Not valid JSON.", where=f"{path}:{number}") from error
    frame = pd.DataFrame(rows)
    flags = [c for c in ("has_price", "has_form") if c in frame.columns]
    texts = [c for c in frame.columns if c not in flags]
    frame = frame.astype(dict.fromkeys(texts, object))
    frame[texts] = frame[texts].fillna("")
    for column, sign in (("headings", "\n"), ("schema_types", " ")):
        frame[column] = [sign.join(v) if isinstance(v, list) else str(v) for v in frame[column]]
    frame = frame.rename(columns={"excerpt": "text"})
    check_labels(frame, str(folder))
    return frame


def _whole_pages(folder: Path) -> Iterator[dict[str, Any]]:
    """Yield a record of each whole page, read as the runtime reads it; a site is its own subject."""
    for listing in sorted(folder.glob("*/labels.csv")):
        site = listing.parent
        for row in pd.read_csv(listing, dtype=str, keep_default_na=False).to_dict("records"):
            path = site / row["file"]
            page = extract(path.read_bytes(), row["url"])
            if page is None:
                raise InputError("There is nothing to read in this page.", where=str(path))
            own = {k: row[k] for k in ("lang", "stage", "second_stage", "page_type")}
            page["excerpt"] = page.pop("text")
            del page["sections"]  # the labels are of whole pages
            yield page | own | {"industry": f"site {site.name}", "site": site.name, "file": _WHOLE}


def held_out(kind: str) -> frozenset[str]:
    """Return the subjects on the test side of the frozen split.

    Args:
        kind: ``queries`` or ``pages``.
    """
    lines = asset("data", "splits", f"{kind}-test.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))


def split(frame: pd.DataFrame, kind: str, by: str = "industry") -> Split:
    """Return the rows on both sides of the frozen split."""
    test = frame[by].isin(held_out(kind))
    return Split(frame[~test].reset_index(drop=True), frame[test].reset_index(drop=True), digest_of(frame))


def folds(groups: Sequence[str], count: int, seed: int = 0) -> npt.NDArray[np.int64]:
    """Return a fold for each row, so that a group is never torn apart; by hash, not by order."""
    found = {g: int(hashlib.sha256(f"{seed}:{g}".encode()).hexdigest(), 16) % count for g in set(groups)}
    return np.array([found[g] for g in groups], np.int64)
