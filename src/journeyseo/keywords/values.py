"""The cells of a located keyword export as typed columns."""

from __future__ import annotations

import datetime as dt
import functools
import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from journeyseo.keywords.collect import FLAGS, Cells
from journeyseo.keywords.kept import is_kept
from journeyseo.notes import note
from journeyseo.sheets.formats import fields, header_key
from journeyseo.sheets.located import Located
from journeyseo.sheets.numbers import Numbers, currency_of, parse_column
from journeyseo.text import as_texts

if TYPE_CHECKING:
    import pyarrow as pa

FIELDS = (
    "query", "volume", "volume_day", "volume_part", "volume_day_part", "volume_month", "volume_low",
    "volume_high", "impressions", "clicks", "ctr", "position", "position_sum", "url", "cpc",
    "currency", "competition", "difficulty", "vendor_intent", "serp_features", "trend", "language",
    "country", "locale", "device", "date", "parent",
)  # fmt: skip
UNSEEN = ("parent", "volume_month")
"""Fields that are told apart only so that others are not mistaken."""
_SIMPLE = ("impressions", "clicks", "cpc", "difficulty", "competition")
_COPIED = ("vendor_intent", "serp_features", "trend", "country", "device")
Values = npt.NDArray[np.float64]
_DAYS = 365 / 12
# All searches of the world in a month are some 500 billion: no query has more than that.
_MOST = 5e11
_ISO_DAY = re.compile(r"\d{4}-\d\d-\d\d(?!\d)")
# Days of the comments in a report of Google Analytics.
_NUMBER_DAY = re.compile(r"\b(20\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]))\b")
_ADDRESSES = re.compile(r"\s*[;,]\s+(?=https?://)")
_LOCALE = re.compile(r"([A-Za-z]{2,3})[-_]([A-Za-z]{2})")
_PERIOD = re.compile(r"([A-Z][a-z]+ \d{1,2}, \d{4}) - ([A-Z][a-z]+ \d{1,2}, \d{4})")


def _each(cells: pa.LargeStringArray, meaning: Callable[[str], str | None]) -> pa.LargeStringArray:
    """Return what each cell means; each distinct one is looked at once."""
    import pyarrow as pa

    coded = cells.dictionary_encode()
    known = [meaning(cell) for cell in coded.dictionary.to_pylist()]
    return pa.array(known, pa.large_string()).take(coded.indices)


def _known(cells: pa.LargeStringArray) -> pa.LargeStringArray:
    """Return cells without blanks around them; None where nothing is left."""
    return _each(cells, lambda cell: cell.strip() or None)


def _unreadable(name: str, numbers: Numbers, cells: pa.LargeStringArray, notes: list[str]) -> None:
    if numbers.unreadable:
        examples = ", ".join(repr(cells[i].as_py()[:20]) for i in numbers.unreadable[:3])
        notes.append(note("no-numbers", cells=len(numbers.unreadable), column=name, examples=examples))


def _numbers(cells: Cells, field: str, notes: list[str]) -> Numbers | None:
    column = cells.first(field)
    if column is None:
        return None
    numbers = parse_column(column, whole=fields()[field].kind == "whole")
    _unreadable(field, numbers, column, notes)
    return _sane(field, numbers, notes)


def _sane(field: str, numbers: Numbers, notes: list[str]) -> Numbers:
    """Return the numbers without those that nothing counted here can be."""
    wrong = (numbers.value < 0) | (numbers.value > _MOST)
    if not wrong.any():
        return numbers
    example = f"{numbers.value[wrong][0]:,.0f}"
    notes.append(note("absurd-numbers", cells=int(wrong.sum()), column=field, example=example))
    value, low, high = (np.where(wrong, np.nan, x) for x in (numbers.value, numbers.low, numbers.high))
    return Numbers(value, low, high, numbers.percent, numbers.unreadable)


def _added(columns: list[pa.LargeStringArray]) -> tuple[Values, Values]:
    """Return the sums of parts of a volume, and their upper bounds where a part has only that."""
    parts = [parse_column(column, whole=True) for column in columns]
    value = np.nansum([p.value for p in parts], axis=0)
    value[np.all([np.isnan(p.value) for p in parts], axis=0)] = np.nan
    bounded = [np.where(np.isnan(p.high), np.nan_to_num(p.value), p.high) for p in parts]
    some = np.any([~np.isnan(p.high) for p in parts], axis=0)
    return value, np.where(some, np.sum(bounded, axis=0), np.nan)


def _volume(table: Located, cells: Cells, out: dict[str, object], notes: list[str]) -> None:
    import pyarrow.compute as pc

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
        notes.append(note("daily-volumes"))
    ends = [_numbers(cells, f, notes) for f in ("volume_low", "volume_high")]
    if ends[0] is not None and ends[1] is not None:
        own = ~(np.isnan(ends[0].value) & np.isnan(ends[1].value))
        low, high = np.where(own, ends[0].value, low), np.where(own, ends[1].value, high)
        middle = np.sqrt(np.maximum(low, 0) * np.maximum(high, 0))
        value = np.where(np.isnan(value) & own, middle, value)
    bucket = ~np.isnan(low) & ~np.isnan(high)
    # Accounts that are shown ranges only are shown no single months.
    months = cells.first("volume_month")
    exact = months is not None and any(cell.strip() for cell in months.unique().to_pylist())
    buckets = () if exact else table.format.buckets
    present = value[~np.isnan(value)]
    if buckets and not bucket.any() and len(present) and np.isin(present, buckets).all():
        bucket = value > 0
        low = np.where(bucket, value / 5, low)
        high = np.where(bucket, value * 2, high)
        notes.append(note("middles-of-ranges"))
    out |= {"volume": value, "volume_low": low, "volume_high": high}
    out["volume_unit"] = pc.if_else(np.isnan(value), None, unit)
    nothing = np.isnan(value) & np.isnan(low) & np.isnan(high)
    out["volume_is_bucket"] = pd.arrays.BooleanArray(bucket, nothing)


def _scale(table: Located, competition: Numbers) -> int:
    """Return 100 where the competition is an index, by its name or by a value above 1; else 1."""
    name = header_key(table.header[table.columns["competition"][0]])
    index = name in fields()["competition"].hundreds or np.nanmax(competition.value, initial=0) > 1
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


def _flagged(table: Located, cells: Cells) -> pa.LargeStringArray | None:
    """Return the intents of an export that has one true/false column for each."""
    import pyarrow as pa

    columns = cells.columns.get(FLAGS)
    if not columns:
        return None
    present = {header_key(cell) for cell in table.header}
    names = [flag.title() for flag in table.format.flags if flag in present]
    rows = zip(*(column.to_pylist() for column in columns), strict=True)
    found = [
        ", ".join(n for n, cell in zip(names, row, strict=True) if cell.lower() == "true") for row in rows
    ]
    return pa.array([text or None for text in found], pa.large_string())


def _currency(table: Located, cells: Cells, out: dict[str, object]) -> None:
    column, price = cells.first("currency"), cells.first("cpc")
    if column is not None:
        out["currency"] = _each(column, lambda cell: cell.strip().upper() or None)
    elif price is not None:
        code = currency_of(table.header[table.columns["cpc"][0]])
        out["currency"] = code or _each(price, currency_of)


def _period(table: Located, cells: Cells) -> tuple[str | None, str | None]:
    dates = cells.first("date")
    distinct = [] if dates is None else dates.unique().to_pylist()
    if days := [cell[:10] for cell in distinct if _ISO_DAY.match(cell)]:
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
    import pyarrow as pa

    out: dict[str, object] = {"query": cells.columns["query"][0]}
    _volume(table, cells, out, notes)
    for field in _SIMPLE:
        numbers = _numbers(cells, field, notes)
        if numbers is not None:
            out[field] = numbers.value / (_scale(table, numbers) if field == "competition" else 1)
    _rates(table, cells, out, notes)
    _currency(table, cells, out)
    for field in (*_COPIED, "url", "language", *filter(is_kept, cells.columns)):
        column = cells.first(field)
        if column is not None:
            out[field] = _each(column, _first_address) if field == "url" else _known(column)
    locales = cells.first("locale")
    for group, field in enumerate(("language", "country"), 1):
        if locales is not None and field not in out:
            out[field] = _each(locales, functools.partial(_part_of_locale, group=group))
    if (intents := _flagged(table, cells)) is not None:
        out["vendor_intent"] = intents
    out["period_start"], out["period_end"] = _period(table, cells)
    out["source"] = table.grid.name
    out["source_row"] = cells.rows
    out["n_merged"] = 1
    size = len(cells.rows)
    texts = {k: as_texts(v, size) for k, v in out.items() if v is None or isinstance(v, str | pa.Array)}
    return pd.DataFrame({**out, **texts}, copy=False)


def _first_address(cell: str) -> str | None:
    """Return an address, or the first of several that one cell holds."""
    return _ADDRESSES.split(cell.strip(), maxsplit=1)[0] or None


def _part_of_locale(cell: str, *, group: int) -> str | None:
    found = _LOCALE.fullmatch(cell.strip())
    return found[group] if found else None
