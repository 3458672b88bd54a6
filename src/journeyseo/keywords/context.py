"""What the other tables of an export say of its queries: the period, and the filters set."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from journeyseo.countries import country_code
from journeyseo.errors import InputError
from journeyseo.notes import note
from journeyseo.sheets.formats import header_key
from journeyseo.sheets.grid import Grid

_DAYS = re.compile(r"(\d{4}-\d\d-\d\d)(?:\s*[-–—]\s*(\d{4}-\d\d-\d\d))?")
_FILTER = frozenset(
    {"filter", "filtre", "filtrar", "filtro", "filtr", "фильтр", "フィルタ", "过滤器", "篩選器"}
)


@dataclass(frozen=True)
class Context:
    """What holds for all rows of an export."""

    period_start: str | None = None
    period_end: str | None = None
    country: str | None = None
    notes: tuple[str, ...] = ()

    def fill(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Return the frame with the period and the country, where its own columns do not say them."""
        if self.country and ("country" not in frame or frame["country"].isna().all()):
            frame = frame.assign(country=self.country)
        if self.period_start and frame["period_start"].isna().all():
            return frame.assign(period_start=self.period_start, period_end=self.period_end)
        return frame


def context_of(tables: Sequence[Sequence[Grid]]) -> Context:
    """Return what the chart and the filters of a Search Console export say.

    The period is that of the chart, whose days are written alike in every language. Filters are
    told; where one of them is a single country, it is that of all rows.
    """
    days: list[str] = []
    notes = []
    country = None
    for readings in tables if len(tables) > 1 else ():
        try:
            rows = [cells for _, cells in readings[0].rows() if any(cells)]
        except InputError:  # a damaged table beside the queries does not touch them
            continue
        found = [_DAYS.fullmatch(cells[0].strip()) for cells in rows[1:]]
        if found and all(found):
            days += [day for match in found if match for day in match.groups() if day]
        if len(rows) > 1 and header_key(rows[0][0]) in _FILTER:
            set_ = "; ".join(" = ".join(cell.strip() for cell in cells[:2]) for cells in rows[1:])
            values = [cells[1].strip() for cells in rows[1:] if len(cells) > 1]
            codes = [code for text in values if (code := country_code(text)) and code != text]
            country = codes[0] if len(codes) == 1 else country
            notes.append(note("filtered", filters=set_[:300]))
    start, end = (min(days), max(days)) if days else (None, None)
    return Context(start, end, country, tuple(notes))
