"""The cells of a located keyword export as typed columns."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from urllib.parse import unquote

import numpy as np
import numpy.typing as npt
import pandas as pd

from journeyseo.results import Dropped
from journeyseo.sheets.formats import Format, fields, header_key
from journeyseo.sheets.located import Located
from journeyseo.sheets.numbers import Numbers, currency_of, parse_numbers

FIELDS = (
    "query", "volume", "volume_day", "volume_part", "volume_day_part", "volume_month", "volume_low",
    "volume_high", "impressions", "clicks", "ctr", "position", "position_sum", "url", "cpc",
    "currency", "competition", "difficulty", "vendor_intent", "serp_features", "trend", "language",
    "country", "locale", "device", "date", "parent",
)  # fmt: skip
PARTS = ("volume_part", "volume_day_part")
"""Fields of which every column is taken, as they are added up."""
UNSEEN = ("parent", "volume_month")
"""Fields that are told apart only so that others are not mistaken."""
_SIMPLE = ("impressions", "clicks", "cpc", "difficulty", "competition")
_COPIED = ("vendor_intent", "serp_features", "trend", "country", "device")
Values = npt.NDArray[np.float64]
_DAYS = 365 / 12
_MAX_QUERY = 1000
# Control characters other than blanks: no query holds them, and terminals obey them.
_CONTROL = dict.fromkeys((*range(9), *range(14, 28), 127, *range(128, 133), *range(134, 160)))
_ISO_DAY = re.compile(r"\d{4}-\d\d-\d\d(?!\d)")
# Days of the comments in a report of Google Analytics.
_NUMBER_DAY = re.compile(r"\b(20\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]))\b")
_LOCALE = re.compile(r"([A-Za-z]{2,3})[-_]([A-Za-z]{2})")
_PERIOD = re.compile(r"([A-Z][a-z]+ \d{1,2}, \d{4}) - ([A-Z][a-z]+ \d{1,2}, \d{4})")


@dataclass(frozen=True)
class Cells:
    """The kept rows of a file, column by column, still as text."""

    rows: list[int]
    columns: dict[str, list[list[str]]]

    def first(self, field: str) -> list[str] | None:
        """Return a field's first column, where there is one."""
        found = self.columns.get(field)
        return found[0] if found else None


def _meant(cell: str, form: Format) -> str:
    """Return a query without what its vendor writes in place of some characters."""
    for written, meant in form.replace.items():
        cell = cell.replace(written, meant)
    return unquote(cell) if form.percent_encoded else cell


def collect(table: Located, dropped: list[Dropped]) -> tuple[Cells, int]:
    """Return the rows that hold a query, and how many rows were read: those and the dropped ones."""
    # Where several columns fit, only parts of a volume are all wanted; else the best alone.
    places = {k: v if k in PARTS else v[:1] for k, v in table.columns.items()}
    cells = Cells([], {k: [[] for _ in v] for k, v in places.items()})
    query = places["query"][0]
    url = places.get("url", [None])[0]
    coded = bool(table.format.replace) or table.format.percent_encoded
    before = len(dropped)
    key = table.header[query]
    for number, row in table.records(dropped):
        cell = _meant(row[query], table.format) if coded else row[query]
        text = " ".join(cell.translate(_CONTROL).split())
        if not text or text == "(not set)":
            shown = " | ".join(c for c in row if c.strip())[:60]
            dropped.append(Dropped(table.grid.name, number, "no query", shown, key))
            continue
        if len(text) > _MAX_QUERY:
            dropped.append(Dropped(table.grid.name, number, "longer than a query", text[:60], key))
            continue
        if table.format.id == "se_ranking" and url is not None and row[url].strip() == "--":
            dropped.append(
                Dropped(table.grid.name, number, "subtotal of a group", text[:60], table.header[url])
            )
            continue
        if table.format.totals and header_key(text) in table.format.totals:
            dropped.append(Dropped(table.grid.name, number, "a total or hidden queries", text[:60], key))
            continue
        row[query] = text
        cells.rows.append(number)
        for field, where in places.items():
            for column, place in zip(cells.columns[field], where, strict=True):
                column.append(row[place])
    return cells, len(cells.rows) + len(dropped) - before


def _unreadable(name: str, numbers: Numbers, cells: list[str], notes: list[str]) -> None:
    if numbers.unreadable:
        examples = ", ".join(repr(cells[i][:20]) for i in numbers.unreadable[:3])
        notes.append(
            f"{len(numbers.unreadable):,} cells of {name} are no numbers and count as missing, "
            f"e.g. {examples}"
        )


def _numbers(cells: Cells, field: str, notes: list[str]) -> Numbers | None:
    column = cells.first(field)
    if column is None:
        return None
    numbers = parse_numbers(column, whole=fields()[field].kind == "whole")
    _unreadable(field, numbers, column, notes)
    return numbers


def _added(columns: list[list[str]]) -> tuple[Values, Values]:
    """Return the sums of parts of a volume, and their upper bounds where a part has only that."""
    parts = [parse_numbers(column, whole=True) for column in columns]
    value = np.nansum([p.value for p in parts], axis=0)
    value[np.all([np.isnan(p.value) for p in parts], axis=0)] = np.nan
    bounded = [np.where(np.isnan(p.high), np.nan_to_num(p.value), p.high) for p in parts]
    some = np.any([~np.isnan(p.high) for p in parts], axis=0)
    return value, np.where(some, np.sum(bounded, axis=0), np.nan)


def _volume(table: Located, cells: Cells, out: dict[str, object], notes: list[str]) -> None:
    numbers = _numbers(cells, "volume", notes)
    size = len(cells.rows)
    nan = np.full(size, np.nan)
    value, low, high = nan, nan, nan
    unit = "month"
    if numbers is not None:
        value, low, high = numbers.value, numbers.low, numbers.high
    elif "volume_part" in cells.columns:
        value, high = _added(cells.columns["volume_part"])
    elif (daily := _numbers(cells, "volume_day", notes)) is not None:
        value, low, high = (x * _DAYS for x in (daily.value, daily.low, daily.high))
        unit = "day"
    elif "volume_day_part" in cells.columns:
        value, high = (x * _DAYS for x in _added(cells.columns["volume_day_part"]))
        unit = "day"
    if unit == "day":
        notes.append("volumes are daily averages in the file; times 365/12 they are a month's")
    ends = [_numbers(cells, f, notes) for f in ("volume_low", "volume_high")]
    if ends[0] is not None and ends[1] is not None:
        own = ~(np.isnan(ends[0].value) & np.isnan(ends[1].value))
        low, high = np.where(own, ends[0].value, low), np.where(own, ends[1].value, high)
        middle = np.sqrt(np.maximum(low, 0) * np.maximum(high, 0))
        value = np.where(np.isnan(value) & own, middle, value)
    bucket = ~np.isnan(low) & ~np.isnan(high)
    # Accounts that are shown ranges only are shown no single months.
    exact = any(cell.strip() for cell in cells.first("volume_month") or ())
    buckets = () if exact else table.format.buckets
    present = value[~np.isnan(value)]
    if buckets and not bucket.any() and len(present) and np.isin(present, buckets).all():
        bucket = value > 0
        low = np.where(bucket, value / 5, low)
        high = np.where(bucket, value * 2, high)
        notes.append("all volumes are middles of ranges (50 stands for 10 to 100, and so on)")
    out |= {"volume": value, "volume_low": low, "volume_high": high}
    out["volume_unit"] = [None if gap else unit for gap in np.isnan(value)]
    nothing = np.isnan(value) & np.isnan(low) & np.isnan(high)
    out["volume_is_bucket"] = pd.arrays.BooleanArray(bucket, nothing)


def _scale(table: Located, competition: Numbers) -> int:
    """Return 100 where the competition is an index, by its name or by a value above 1; else 1."""
    name = header_key(table.header[table.columns["competition"][0]])
    index = name in fields()["competition"].hundreds or np.nanmax([*competition.value, 0]) > 1
    return 100 if index else 1


def _rates(table: Located, cells: Cells, out: dict[str, object], notes: list[str]) -> None:
    rates = _numbers(cells, "ctr", notes)
    if rates is not None:
        value = rates.value.copy()
        # Without a percent sign a rate is a fraction, unless one of them is above 1.
        plain = ~rates.percent & ~np.isnan(value)
        if plain.any() and (table.format.percent_rates or value[plain].max() > 1):
            value[plain] /= 100
        out["ctr"] = value
    position = _numbers(cells, "position", notes)
    if position is not None:
        value = position.value.copy()
        value[value <= 0] = np.nan
        out["position"] = value
    elif (total := _numbers(cells, "position_sum", notes)) is not None and "impressions" in out:
        shown = np.asarray(out["impressions"], np.float64)
        # These sums count the first place as zero.
        out["position"] = total.value / np.where(shown > 0, shown, np.nan) + 1


def _flags(table: Located, cells: Cells, number_of_rows: int) -> list[str] | None:
    """Return the intents of an export that has one true/false column for each."""
    keys = [header_key(cell) for cell in table.header]
    places = [(keys.index(f), f) for f in table.format.flags if f in keys]
    if not places or "vendor_intent" in cells.columns:
        return None
    wanted = set(cells.rows)
    found = []
    for row, line in table.grid.rows():
        if row in wanted:
            true = [n.title() for i, n in places if i < len(line) and line[i].lower() == "true"]
            found.append(", ".join(true))
    return found if len(found) == number_of_rows else None


def _currency(table: Located, cells: Cells, out: dict[str, object]) -> None:
    column = cells.first("currency")
    if column is not None:
        out["currency"] = [c.strip().upper() or None for c in column]
    elif "cpc" in table.columns:
        code = currency_of(table.header[table.columns["cpc"][0]])
        first = cells.first("cpc") or []
        out["currency"] = [code or currency_of(cell) for cell in first]


def _period(table: Located, cells: Cells) -> tuple[str | None, str | None]:
    days = [cell[:10] for cell in cells.first("date") or () if _ISO_DAY.match(cell)]
    if days:
        return min(days), max(days)
    if len(days := _NUMBER_DAY.findall(" ".join(cell for row in table.preamble for cell in row))) == 2:
        start, end = sorted(f"{day[:4]}-{day[4:6]}-{day[6:]}" for day in days)
        return start, end
    for row in table.preamble:
        match = _PERIOD.search(" ".join(row))
        if match:
            try:
                first, last = (
                    dt.datetime.strptime(f"{d} +0000", "%B %d, %Y %z").date() for d in match.groups()
                )
            except ValueError:
                return None, None
            return first.isoformat(), last.isoformat()
    return None, None


def typed(table: Located, cells: Cells, notes: list[str]) -> pd.DataFrame:
    """Return the collected cells as typed columns of the keywords table."""
    out: dict[str, object] = {"query": cells.columns["query"][0]}
    _volume(table, cells, out, notes)
    for field in _SIMPLE:
        numbers = _numbers(cells, field, notes)
        if numbers is not None:
            out[field] = numbers.value / (_scale(table, numbers) if field == "competition" else 1)
    _rates(table, cells, out, notes)
    _currency(table, cells, out)
    for field in (*_COPIED, "url", "language"):
        column = cells.first(field)
        if column is not None:
            out[field] = [c.strip() or None for c in column]
    locales = [_LOCALE.fullmatch(cell.strip()) for cell in cells.first("locale") or ()]
    for place, field in enumerate(("language", "country"), 1):
        if locales and field not in out:
            out[field] = [found[place] if found else None for found in locales]
    intents = _flags(table, cells, len(cells.rows))
    if intents is not None:
        out["vendor_intent"] = [text or None for text in intents]
    out["period_start"], out["period_end"] = _period(table, cells)
    out["source"] = table.grid.name
    out["source_row"] = cells.rows
    out["n_merged"] = 1
    return pd.DataFrame(out)
