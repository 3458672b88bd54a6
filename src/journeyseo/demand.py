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


def demand_in(table: pd.DataFrame, unit: str) -> pd.Series:
    """Return the demand of each row in a unit; missing where it is not known in it.

    Args:
        table: Rows with ``volume`` and ``impressions``.
        unit: ``searches a month``, ``impressions`` or ``queries``.
    """
    if unit == QUERIES:
        return pd.Series(np.ones(len(table)), index=table.index)
    return table["volume" if unit == VOLUME else "impressions"].astype("float64")


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
        unit = VOLUME
        if other := impressions_only(keywords, unit):
            notes.append(
                note(
                    "impressions-only",
                    queries=int(other["queries"]),
                    impressions=f"{other['impressions']:,.0f}",
                )
            )
    elif impressions.notna().any():
        unit = IMPRESSIONS
    else:
        return Demand(
            demand_in(keywords, QUERIES),
            QUERIES,
            (note("each-counts-one"),),
        )
    values = demand_in(keywords, unit)
    unknown = int(values.isna().sum())
    if unknown:
        notes.append(note("unknown-demand", queries=unknown, unit=unit))
    return Demand(values, unit, tuple(notes))


def impressions_only(keywords: pd.DataFrame, unit: str) -> dict[str, float]:
    """Return how many queries have impressions and no volume, and their impressions, where these stand apart.

    Args:
        keywords: The keywords table.
        unit: Unit of the map's demand.

    Returns:
        ``queries`` and ``impressions``; empty where there are none, or impressions are the map's unit.
    """
    alone = keywords["volume"].isna() & keywords["impressions"].notna()
    if unit != VOLUME or not alone.any():
        return {}
    return {"queries": int(alone.sum()), "impressions": float(keywords.loc[alone, "impressions"].sum())}
