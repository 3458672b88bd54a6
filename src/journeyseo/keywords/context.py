"""What the other tables of an export say of its queries: the period, and the country asked for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from journeyseo.errors import InputError
from journeyseo.sheets.formats import fields, header_key
from journeyseo.sheets.grid import Grid

_DAYS = re.compile(r"(\d{4}-\d\d-\d\d)(?:\s*[-–—]\s*(\d{4}-\d\d-\d\d))?")


@dataclass(frozen=True)
class Context:
    """What holds for all rows of an export."""

    period_start: str | None = None
    period_end: str | None = None
    country: str | None = None

    def fill(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Return the frame with what its own columns do not say."""
        if self.period_start and frame["period_start"].isna().all():
            frame = frame.assign(period_start=self.period_start, period_end=self.period_end)
        if self.country and "country" not in frame.columns:
            frame = frame.assign(country=self.country)
        return frame


def context_of(tables: Sequence[Sequence[Grid]]) -> Context:
    """Return what the chart and the filters of a Search Console export say.

    The period is that of the chart, whose days are written alike in every language.
    """
    days: list[str] = []
    country = None
    for readings in tables if len(tables) > 1 else ():
        try:
            rows = [cells for _, cells in readings[0].rows()]
        except InputError:  # a damaged table beside the queries does not touch them
            continue
        keys = [cells[0] for cells in rows[1:] if cells and cells[0].strip()]
        found = [_DAYS.fullmatch(key.strip()) for key in keys]
        if keys and all(found):
            days += [day for match in found if match for day in match.groups() if day]
        for cells in rows[1:] if len(rows) < 40 and all(len(cells) <= 2 for cells in rows) else ():
            known = len(cells) == 2 and header_key(cells[0]) in fields()["country"].names
            if known and re.match(r"\w", cells[1]):
                country = cells[1].strip()
    return Context(min(days), max(days), country) if days else Context(country=country)
