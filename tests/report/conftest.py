"""A map whose every text is hostile, and a small one for tests that write files."""

from __future__ import annotations

import copy
import dataclasses
import itertools

import pandas as pd
import pytest

from journeyseo.results import JourneyMap
from journeyseo.tables import STRIKING_DISTANCE

PAYLOADS = (
    "<script>alert(1)</script>",
    "</script><img src=x onerror=alert(2)>",
    '" onmouseover="alert(3)" x="',
    "' onfocus='alert(4)' x='",
    "javascript:alert(5)",
    "JaVaScRiPt:alert(6)",
    "data:text/html,<b>7</b>",
    "{{ 7*7 }}{% raw %}{{ view.unit }}",
    "</style></title><!-- ]]>",
    "{topic} {0} {}",
    "https://evil.example/?a=\"><svg onload='alert(8)'>&lt;",
    "=HYPERLINK(\"https://evil.example\")",
)  # fmt: skip


@pytest.fixture(scope="session")
def payloads() -> tuple[str, ...]:
    return PAYLOADS


@pytest.fixture(scope="session")
def hostile_map(demo_map: JourneyMap) -> JourneyMap:
    """The English example with hostile text wherever text comes from outside."""
    turn = itertools.cycle(PAYLOADS)

    def spoil(table, columns):
        out = table.copy()
        for column in columns:
            out[column] = [next(turn) for _ in range(len(out))]
        return out

    cells = demo_map.cells.copy()
    cells["best_page"] = [next(turn) if isinstance(v, str) else None for v in cells["best_page"]]
    suggestions = spoil(
        demo_map.suggestions,
        ["title", "topic_name", "primary_keyword", "keywords", "questions", "links_from", "links_to"],
    )
    suggestions["check_first"] = [
        next(turn) if isinstance(v, str) else None for v in suggestions["check_first"]
    ]
    suggestions["page"] = [next(turn) if isinstance(v, str) else None for v in suggestions["page"]]
    findings = spoil(demo_map.findings, ["urls", "queries"])
    near = pd.DataFrame({
        "query": PAYLOADS, "language": "en", "topic": None, "stage": "decision", "journey_stage": "decision",
        "clicks": 1.0, "impressions": 100.0, "ctr": 0.01, "position": 5.0, "url": PAYLOADS, "basis": "rank",
        "more_clicks": [float(i) for i in range(len(PAYLOADS))],
    })  # fmt: skip
    dropped = demo_map.dropped.copy()
    for number, text in enumerate(PAYLOADS):
        dropped.loc[number] = [text, number, text, text, text]
    provenance = copy.deepcopy(dict(demo_map.provenance))
    for source, text in zip(provenance["inputs"], turn, strict=False):
        source |= {
            "source": text,
            "recognised": text,
            "notes": list(PAYLOADS),
            "note_codes": [None] * len(PAYLOADS),
        }
    provenance["warnings"] = list(PAYLOADS)
    provenance["warning_codes"] = [None] * len(PAYLOADS)
    provenance["engine"] = "{{ 7*7 }}<script>alert(9)</script>"
    return dataclasses.replace(
        demo_map,
        keywords=spoil(demo_map.keywords, ["query", "reason", "carried_by", "source"]),
        pages=spoil(demo_map.pages, ["url", "title", "h1", "description"]),
        topics=spoil(demo_map.topics, ["name", "exemplars"]),
        coverage=spoil(demo_map.coverage, ["query", "url"]),
        cells=cells,
        suggestions=suggestions,
        findings=findings,
        striking_distance=STRIKING_DISTANCE.conform(near),
        dropped=dropped,
        provenance=provenance,
    )
