"""One unit of demand for a map: searches a month where the map has them, else impressions."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from journeyseo.notes import note

VOLUME, IMPRESSIONS, QUERIES = "searches a month", "impressions", "queries"


@dataclass(frozen=True)
class Demand:
    """Demand of each query in one unit.

    Attributes:
        values: Demand of each query; missing where it is not known in the unit.
        unit: ``searches a month``, ``impressions`` or ``queries``.
        notes: What stands apart, in words.
    """

    values: pd.Series
    unit: str
    notes: tuple[str, ...]


def choose_demand(keywords: pd.DataFrame) -> Demand:
    """Return the demand of each query in the map's one unit.

    Monthly volume where any query has one, else impressions, else each query counts one. Queries
    known only in the other unit stand apart: their demand is missing, never added raw.

    Args:
        keywords: The keywords table.
    """
    volume, impressions = keywords["volume"], keywords["impressions"]
    notes = []
    if volume.notna().any():
        values, unit = volume, VOLUME
        other = int((volume.isna() & impressions.notna()).sum())
        if other:
            notes.append(note("impressions-only", queries=other))
    elif impressions.notna().any():
        values, unit = impressions, IMPRESSIONS
    else:
        return Demand(
            pd.Series(np.ones(len(keywords)), index=keywords.index),
            QUERIES,
            (note("each-counts-one"),),
        )
    unknown = int(values.isna().sum())
    if unknown:
        notes.append(note("unknown-demand", queries=unknown, unit=unit))
    return Demand(values.astype("float64"), unit, tuple(notes))
