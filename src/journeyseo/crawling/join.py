"""What other tools say of the pages of a crawl: clicks, impressions, position, sessions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from journeyseo.pages import read_pages
from journeyseo.pages.address import normal_url
from journeyseo.pages.checkpoint import Checkpoint
from journeyseo.pages.findings import Numbers
from journeyseo.results import ReadReport

_SUMS = ("clicks", "impressions", "sessions")


@dataclass
class Joined:
    """The numbers of joined files.

    Attributes:
        numbers: Values by the number of the page.
        missing: Addresses that the crawl has no page for, as rows of the skipped table.
        reports: What was read.
        matched: Rows of the files that belong to a page.
    """

    numbers: Numbers = field(default_factory=dict)
    missing: list[dict[str, Any]] = field(default_factory=list)
    reports: list[ReadReport] = field(default_factory=list)
    matched: int = 0


def join_files(checkpoint: Checkpoint, files: Sequence[str | Path], base_url: str | None) -> Joined:
    """Return what files say of the pages of a crawl.

    A row belongs to the page at its address, at the address that this redirects to, or at the same
    address with the other scheme or with or without the last slash. Rows of one page are added up; its
    position is their mean, weighted by impressions where there are any.

    Args:
        checkpoint: The crawl.
        files: Page reports, such as Search Console's and GA4's.
        base_url: Address that paths stand on.

    Raises:
        InputError: A file is missing or no table of pages.
    """
    joined = Joined()
    weights: dict[int, float] = {}
    for file in files:
        table = read_pages(Path(file), base_url=base_url)
        joined.reports += table.attrs["reports"]
        columns = ["url", *_SUMS, "position"]
        for url, *values in table[columns].astype(object).itertuples(index=False, name=None):
            found = dict(zip(columns[1:], values, strict=True))
            own = {name: float(v) for name, v in found.items() if v is not None and v == v}
            page = _page_at(checkpoint, url)
            if page is None:
                joined.missing.append(_missing(url, own, Path(file).name))
                continue
            joined.matched += 1
            _merge(joined.numbers.setdefault(page, {}), own, weights, page)
    return joined


def _merge(row: dict[str, float], own: dict[str, float], weights: dict[int, float], page: int) -> None:
    for name in _SUMS:
        if name in own:
            row[name] = row.get(name, 0.0) + own[name]
    if "position" in own:
        weight, before = own.get("impressions", 0.0) or 1e-9, weights.get(page, 0.0)
        row["position"] = (row.get("position", 0.0) * before + own["position"] * weight) / (before + weight)
        weights[page] = before + weight


def _missing(url: str, own: dict[str, float], name: str) -> dict[str, Any]:
    said = ", ".join(f"{value:,.0f} {what}" for what, value in own.items() if what in _SUMS)
    return {"url": url, "reason": "not_crawled", "detail": f"{name}: {said}" if said else name}


def _forms(url: str) -> Iterator[str]:
    """Yield the addresses under which a tool may mean the same page."""
    yield url
    key = normal_url(url)
    if not key:
        return
    scheme, rest = key.split("://", 1)
    head, mark, query = rest.partition("?")
    other = head[:-1] if head.endswith("/") else f"{head}/"
    for start in (scheme, "http" if scheme == "https" else "https"):
        for place in (head, other):
            yield normal_url(f"{start}://{place}{mark}{query}")


def _page_at(checkpoint: Checkpoint, url: str) -> int | None:
    for form in _forms(url):
        at = checkpoint.find(form)
        for _ in range(10):  # more redirects than are ever followed
            if at is None:
                break
            if checkpoint.select("SELECT 1 FROM pages WHERE id = ?", (at,)).fetchone():
                return at
            at = checkpoint.select("SELECT target FROM urls WHERE id = ?", (at,)).fetchone()[0]
    return None
