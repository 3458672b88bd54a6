"""A row of totals that stands among the queries, at the top or at the end."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from journeyseo.sheets.formats import header_key

_WORDS = frozenset(
    {
        "total", "totals", "grand total", "sum", "summe", "gesamt", "gesamtsumme", "insgesamt", "totale",
        "total général", "total general", "total geral", "totaal", "razem", "suma", "toplam", "celkem",
        "итого", "всего", "合计", "总计", "合計", "總計", "总和", "합계", "총계",
    }
)  # fmt: skip
_SUMMED = ("volume", "impressions", "clicks")
# Totals of rounded numbers, or of rows that a tool does not list, lie near the sum or above it.
_NEAR = 0.99


def totals_at(frame: pd.DataFrame, header: Sequence[str]) -> int | None:
    """Return the place of a row of totals; None where there is none.

    A query may be named so too: only the first or the last row counts, and only where one of its
    numbers is the sum of all others, or more.

    Args:
        frame: Rows of the keywords table, as read.
        header: Column names; a table without any is a list, whose lines are all queries.
    """
    if len(frame) < 3 or len(header) < 2:
        return None
    for place in (len(frame) - 1, 0):
        if header_key(str(frame["query"].iloc[place])).rstrip(":") not in _WORDS:
            continue
        for name in _SUMMED:
            values = frame[name].to_numpy(np.float64)
            own = values[place]
            if own > 0 and own >= _NEAR * (np.nansum(values) - own) > 0:
                return place
    return None
