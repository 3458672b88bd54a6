"""Stages of the sections of long pages: what a page serves beside its own stage."""

from __future__ import annotations

import pandas as pd

from journeyseo.classifier import StageClassifier
from journeyseo.pages.sections import SITE_WIDE, sections_table
from journeyseo.pages.words import names_price
from journeyseo.stages import OUTSIDE
from journeyseo.tables import SECTIONS

SURE = 0.7
"""Confidence from which on a section counts as serving another stage than its page. Of 14 pages with sections
and a second stage 3 have one of that stage (4 at 0.6), of 23 without a second stage 1 has one of another
stage (3 at 0.6). Re-run: python -m benchmarks.sections"""

# So much of a section's text is read, in a script with blanks and without: what the page model calls a piece.
# With three pieces it takes half as long again, and of the 23 pages above 5 have such a section at 0.6.
_BEGINNING, _DENSE_BEGINNING = 200, 80


def classify_sections(pages: pd.DataFrame, judge: StageClassifier) -> pd.DataFrame:
    """Return the sections of long pages with their journey stage, doubt and reason.

    A section is read as a page with its heading as title. Those that are the whole site's are left out
    (`journeyseo.pages.sections.SITE_WIDE`).

    Args:
        pages: The pages table.
        judge: The classifier.

    Returns:
        The sections table (`journeyseo.tables.SECTIONS`), in the order of the pages.
    """
    found = sections_table(pages)
    times = found.groupby(["heading", "text"])["url"].transform("nunique")
    return stage_sections(found[times < SITE_WIDE].reset_index(drop=True), judge)


def stage_sections(found: pd.DataFrame, judge: StageClassifier) -> pd.DataFrame:
    """Return sections with their journey stage.

    Args:
        found: Sections, as `journeyseo.pages.sections.sections_table` returns them.
        judge: The classifier.

    Returns:
        The sections table (`journeyseo.tables.SECTIONS`).
    """
    if found.empty:
        return SECTIONS.empty()
    texts = [
        text[: _BEGINNING if text[:_BEGINNING].isascii() else _DENSE_BEGINNING] for text in found["text"]
    ]
    read = pd.DataFrame({"title": found["heading"], "text": texts})
    read["has_price"] = [names_price(text) for text in found["text"]]
    labels = judge.classify_pages(read)
    labels["reason"] = [_reason(text) for text in labels["reason"]]
    own = found[["url", "section", "level", "heading"]]
    return SECTIONS.conform(pd.concat([own, labels], axis=1))


def _reason(text: str) -> str:
    """Return the reason of a page's label as one of a section, which has no description and no headings."""
    own = {"title": "heading", "text": "text", "signals": "signals"}
    parts = [own[name] for name in text.removeprefix("carried by ").split(" and ") if name in own]
    return f"carried by {' and '.join(parts) or 'no single part'}"


def serving(pages: pd.DataFrame, sections: pd.DataFrame) -> pd.DataFrame:
    """Return the surest section of each page for each stage that it serves and the page itself does not.

    Args:
        pages: Staged pages.
        sections: Their sections.

    Returns:
        Columns page (its place among `pages`), url, journey_stage, heading and confidence.
    """
    place = {url: i for i, url in enumerate(pages["url"])}
    own = pages["journey_stage"].astype(str).tolist()
    at = sections["url"].map(place)
    stage = sections["journey_stage"].astype(str)
    found = sections.assign(page=at, journey_stage=stage)[at.notna()]
    theirs = [own[int(i)] for i in found["page"]]
    stage = found["journey_stage"]
    other = (stage != OUTSIDE) & (stage != theirs) & (found["confidence"] >= SURE)
    found = found[other].astype({"page": "int64"})
    found = found.sort_values(["page", "confidence", "section"], ascending=[True, False, True])
    first = found.drop_duplicates(["page", "journey_stage"]).reset_index(drop=True)
    return first[["page", "url", "journey_stage", "heading", "confidence"]]


def also_serves(pages: pd.DataFrame, sections: pd.DataFrame) -> pd.Series:
    """Return the column ``also_serves`` of pages: the stages of `serving`, each with its section.

    Args:
        pages: Staged pages.
        sections: Their sections.
    """
    lines: dict[int, list[str]] = {}
    found = serving(pages, sections)
    for page, stage, heading in zip(found["page"], found["journey_stage"], found["heading"], strict=True):
        lines.setdefault(int(page), []).append(f"{stage} (section '{heading}')")
    texts = ["\n".join(lines[i]) if i in lines else None for i in range(len(pages))]
    return pd.Series(texts, index=pages.index, dtype="str")
