"""Queries that already rank near the top: what a better position would bring each of them."""

from __future__ import annotations

import numpy as np
import pandas as pd

from journeyseo.tables import STRIKING_DISTANCE
from journeyseo.touchpoints import scoring

FIRST, LAST = 4, 20
"""Average positions between which a query is within striking distance: below the three results that get most
of the clicks, and on the first two pages. So the field uses the term, see docs/method.md."""


def find_striking_distance(
    keywords: pd.DataFrame, coverage: pd.DataFrame, *, target_position: int
) -> pd.DataFrame:
    """Return the queries with impressions at positions 4 to 20, those first that would gain most.

    What a move would bring is impressions x click-through rate of the target position, less the clicks that
    the query has. Where the source names no clicks they are estimated by the rate of its position; the curve
    ends at position 10, whose rate then counts, so that the gain is rather too small. The period is that of
    the impressions.

    Args:
        keywords: Staged keywords with ``topic``.
        coverage: The coverage table: the page of queries for which the source names none.
        target_position: Position to move to, 1 to 10.

    Returns:
        The table `journeyseo.tables.STRIKING_DISTANCE`.
    """
    position, shown = keywords["position"], keywords["impressions"]
    near = keywords[(shown > 0) & position.between(FIRST, LAST)]
    if near.empty:
        return STRIKING_DISTANCE.empty()
    position, shown = near["position"], near["impressions"]
    rates = np.array(scoring().ctr)
    estimated = shown * np.interp(position, np.arange(1, len(rates) + 1), rates)
    more = shown * rates[target_position - 1] - near["clicks"].fillna(estimated)
    matched = dict(
        zip(zip(coverage["query"], coverage["language"], strict=True), coverage["url"], strict=True)
    )
    found = [matched.get(key) for key in zip(near["query"], near["language"], strict=True)]
    page = near["url"].fillna(pd.Series(found, near.index, dtype="str"))
    basis = pd.Series(np.where(near["url"].notna(), "rank", "similarity"), near.index, dtype="str")
    table = near.assign(
        url=page,
        basis=basis.where(page.notna()),
        ctr=near["ctr"].fillna(near["clicks"] / shown),
        more_clicks=more.clip(lower=0).where(position > target_position, 0.0).round(1),
    ).sort_values(["more_clicks", "impressions", "query"], ascending=[False, False, True])
    return STRIKING_DISTANCE.conform(table[STRIKING_DISTANCE.names].reset_index(drop=True))
