"""What a report shows of segments: their demand by stage, and the gaps that only some of them have."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from journeyseo.results import JourneyMap
from journeyseo.segments import cells_by_segment, segment_totals, uneven_gaps
from journeyseo.stages import OUTSIDE

# What the HTML file shows; everything is in segments.csv beside it.
_SHOWN_SEGMENTS = 20
_SHOWN_GAPS = 15


@dataclass(frozen=True)
class SegmentView:
    """A segment: its name, who that is, its queries, and per stage demand with its interval."""

    name: str
    who: str
    queries: int
    totals: tuple[tuple[float, float, float], ...]
    gaps: int
    weak: int


@dataclass(frozen=True)
class UnevenGap:
    """A cell that is a gap in some segments only.

    Attributes:
        topic: Name of the topic.
        stage: Name of the stage.
        segments: Segments that have the gap, with their demand, largest first.
        elsewhere: What the cell is in the other segments that ask for the topic, and in how many.
        whole: What it is in the whole map.
    """

    topic: str
    stage: str
    segments: tuple[tuple[str, float], ...]
    elsewhere: tuple[tuple[str, int], ...]
    whole: str


@dataclass(frozen=True)
class SegmentsView:
    """What a report shows of segments.

    Attributes:
        by: What the segments are, in words.
        note: How demand is counted.
        rows: Segments by demand, that of the queries in none last.
        more_rows: Segments beyond those.
        gaps: Gaps that only some segments have, largest unserved demand first.
        more_gaps: Such gaps beyond those.
    """

    by: str
    note: str
    rows: tuple[SegmentView, ...]
    more_rows: int
    gaps: tuple[UnevenGap, ...]
    more_gaps: int


def view_segments(
    journey_map: JourneyMap, stages: Sequence[tuple[str, str]], texts: Mapping[str, str]
) -> SegmentsView | None:
    """Return what a report shows of a map's segments; None where it was not made by segments.

    Args:
        journey_map: The map.
        stages: Key and display name of each stage shown.
        texts: Texts of the report.
    """
    segmentation = journey_map.provenance.get("segments")
    if not segmentation:
        return None
    personas = {persona["name"]: persona["who"] for persona in segmentation["personas"]}
    rows = _rows(journey_map, [key for key, _ in stages], personas, texts["segment_none"])
    gaps = _gaps(journey_map, dict(stages), texts["segment_none"])
    by = texts["persona"] if personas else segmentation["by"]
    note = texts["segments_shared" if personas else "segments_overlap"]
    return SegmentsView(
        by,
        note,
        tuple(rows[:_SHOWN_SEGMENTS]),
        max(0, len(rows) - _SHOWN_SEGMENTS),
        tuple(gaps[:_SHOWN_GAPS]),
        max(0, len(gaps) - _SHOWN_GAPS),
    )


def _rows(
    journey_map: JourneyMap, stages: Sequence[str], personas: Mapping[str, str], none: str
) -> list[SegmentView]:
    """Return the segments by demand; one whose queries are all on no journey has no demand."""
    count = Counter(journey_map.query_segments["segment"].fillna(""))
    count.update(dict.fromkeys(personas, 0))
    totals = segment_totals(journey_map.segments)
    inside = journey_map.segments[journey_map.segments["journey_stage"] != OUTSIDE]
    status = {name: Counter(cells["status"]) for name, cells in cells_by_segment(inside)}
    rows = []
    for name in sorted(count, key=lambda n: (n == "", -_demand(totals.get(n), stages), n)):
        own, found = totals.get(name), status.get(name, Counter())
        each = tuple(_total(own, key) for key in stages)
        rows.append(
            SegmentView(name or none, personas.get(name, ""), count[name], each, found["gap"], found["weak"])
        )
    return rows


def _total(totals: pd.DataFrame | None, stage: str) -> tuple[float, float, float]:
    """Return the demand of a stage with both ends of its interval."""
    if totals is None:
        return (0.0, 0.0, 0.0)
    demand, low, high = totals.loc[[stage], ["demand", "low", "high"]].to_numpy(np.float64)[0]
    return float(demand), float(low), float(high)


def _demand(totals: pd.DataFrame | None, stages: Sequence[str]) -> float:
    return 0.0 if totals is None else float(totals.loc[list(stages), "demand"].sum())


def _gaps(journey_map: JourneyMap, stages: Mapping[str, str], none: str) -> list[UnevenGap]:
    names = journey_map.topics.set_index("topic")["name"].to_dict()
    whole = journey_map.cells.assign(stage=journey_map.cells["journey_stage"].astype(str))
    status = whole.set_index(["topic", "stage"])["status"].astype(str).to_dict()
    cells = uneven_gaps(journey_map.segments)
    found = []
    for key, own in cells.groupby(["topic", "journey_stage"], sort=False):
        topic, stage = map(str, key)
        gap = own["status"] == "gap"
        having = own[gap].sort_values("demand", ascending=False, kind="stable")
        elsewhere = Counter(own.loc[~gap, "status"].astype(str))
        found.append(
            UnevenGap(
                names[topic],
                stages[stage],
                tuple(zip(having["segment"].fillna(none), map(float, having["demand"]), strict=True)),
                tuple(sorted(elsewhere.items())),
                status[topic, stage],
            )
        )
    return found


def segment_sheets(journey_map: JourneyMap, texts: Mapping[str, str]) -> list[tuple[str, pd.DataFrame]]:
    """Return the sheets of a workbook on segments, by title; none where a map has no segments.

    Args:
        journey_map: The map.
        texts: Texts of the report.
    """
    if journey_map.query_segments.empty:
        return []
    names = journey_map.topics.set_index("topic")["name"]
    cells, queries = (
        table.assign(segment=table["segment"].fillna(texts["segment_none"]))
        for table in (journey_map.segments, journey_map.query_segments)
    )
    cells.insert(2, "topic_name", cells["topic"].map(names))
    return [("Segments", cells), ("Query segments", queries)]
