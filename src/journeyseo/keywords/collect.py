"""The rows of a located table that hold a query, column by column."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import unquote

import numpy as np
import numpy.typing as npt

from journeyseo.results import Dropped
from journeyseo.sheets.clean import CleanRows, clean_rows
from journeyseo.sheets.formats import Format, header_key
from journeyseo.sheets.located import Located
from journeyseo.text import untidy, utf8_of

if TYPE_CHECKING:
    import pyarrow as pa

PARTS = ("volume_part", "volume_day_part")
"""Fields of which every column is taken, as they are added up."""
FLAGS = "vendor_intent_flag"
"""Columns that are true or false for an intent each, where no other says the intent."""
_MAX_QUERY = 1000
# Control characters other than blanks: no query holds them, and terminals obey them.
_CONTROL = dict.fromkeys((*range(9), *range(14, 28), 127, *range(128, 133), *range(134, 160), 0xFEFF))
_NO_QUERY = "(not set)"
_NONE = "no query"


@dataclass(frozen=True)
class Cells:
    """The kept rows of a file, column by column, still as text."""

    rows: npt.NDArray[np.int64]
    columns: dict[str, list[pa.LargeStringArray]]

    def first(self, field: str) -> pa.LargeStringArray | None:
        """Return a field's first column, where there is one."""
        found = self.columns.get(field)
        return found[0] if found else None


def collect(table: Located, dropped: list[Dropped], kept: Mapping[str, int]) -> tuple[Cells, int]:
    """Return the rows that hold a query, and how many rows were read: those and the dropped ones.

    Args:
        table: The table.
        dropped: Gets the rows that are left out.
        kept: Places of columns to keep beside ours, by name.
    """
    # Where several columns fit, only parts of a volume are all wanted; else the best alone.
    places = {k: v if k in PARTS else v[:1] for k, v in table.columns.items()}
    places |= {name: [place] for name, place in kept.items()}
    if "vendor_intent" not in places:
        keys = [header_key(cell) for cell in table.header]
        places[FLAGS] = [keys.index(flag) for flag in table.format.flags if flag in keys]
    before = len(dropped)
    cells = _from_clean(table, places, dropped) or _from_rows(table, places, dropped)
    return cells, len(cells.rows) + len(dropped) - before


def _from_clean(table: Located, places: dict[str, list[int]], dropped: list[Dropped]) -> Cells | None:
    """Return the cells of a clean text; None where it must be read row by row."""
    form, query = table.format, places["query"][0]
    if form.replace or form.percent_encoded or form.id == "se_ranking":
        return None
    found = clean_rows(table, query, (place for some in places.values() for place in some))
    return None if found is None else _without_strange(table, places, found, dropped)


def _without_strange(
    table: Located, places: dict[str, list[int]], found: CleanRows, dropped: list[Dropped]
) -> Cells | None:
    """Return cells without the rows whose query is none; queries are cleaned where they need it."""
    import pyarrow as pa
    import pyarrow.compute as pc

    query = places["query"][0]
    columns = dict(found.columns)
    rows = np.arange(found.first, found.first + len(columns[query]))
    strange = np.flatnonzero(_strange(columns[query], table.format))
    if len(strange):
        left: list[Dropped] = []
        texts = [_cleaned(cell) for cell in columns[query].take(strange).to_pylist()]
        reasons = [_refused(text, table.format) for text in texts]
        mask = np.zeros(len(rows), bool)
        mask[strange] = True
        columns[query] = pc.replace_with_mask(columns[query], mask, pa.array(texts, pa.large_string()))
        for place, text, reason in zip(strange, texts, reasons, strict=True):
            if reason == _NONE:
                cells = found.cells(int(place))
                if not any(map(str.strip, cells)):
                    return None  # what is wholly blank is a matter of the row reader
                text = _shown(cells)
            if reason:
                left.append(
                    Dropped(table.grid.name, int(rows[place]), reason, text[:60], table.header[query])
                )
        dropped += left
        refused = strange[[bool(reason) for reason in reasons]]
        if len(refused):
            kept = np.ones(len(rows), bool)
            kept[refused] = False
            rows = rows[kept]
            columns = {place: column.filter(kept) for place, column in columns.items()}
    return Cells(rows, {field: [columns[place] for place in where] for field, where in places.items()})


def _strange(queries: pa.LargeStringArray, form: Format) -> npt.NDArray[np.bool_]:
    """Return which queries `_cleaned` may change or `_refused` may refuse."""
    content = utf8_of(queries)
    sizes = content.sizes
    if not sizes.all():
        gaps: npt.NDArray[np.bool_] = sizes == 0
        gaps[~gaps] = _strange(queries.filter(~gaps), form)
        return gaps
    strange = untidy(queries) | (sizes > _MAX_QUERY)
    if form.totals:  # a character has four bytes at most, and NFKC may write one for several
        strange |= sizes <= 8 * max(map(len, form.totals))
    bracketed = content.data[content.starts[:-1]] == ord(_NO_QUERY[0])
    found: npt.NDArray[np.bool_] = strange | ((sizes == len(_NO_QUERY)) & bracketed)
    return found


def _cleaned(cell: str) -> str:
    """Return a query without control characters, its blanks single."""
    return " ".join(cell.translate(_CONTROL).split())


def _refused(text: str, form: Format) -> str:
    """Return why a cleaned text is no query; empty where it is one."""
    if not text or text == _NO_QUERY:
        return _NONE
    if len(text) > _MAX_QUERY:
        return "longer than a query"
    if form.totals and header_key(text) in form.totals:
        return "a total or hidden queries"
    return ""


def _shown(row: Sequence[str]) -> str:
    """Return what else is in a row without a query."""
    return " | ".join(cell for cell in row if cell.strip())


def _meant(cell: str, form: Format) -> str:
    """Return a query without what its vendor writes in place of some characters."""
    for written, meant in form.replace.items():
        cell = cell.replace(written, meant)
    return unquote(cell) if form.percent_encoded else cell


def _from_rows(table: Located, places: dict[str, list[int]], dropped: list[Dropped]) -> Cells:
    """Return the cells of any table, read row by row."""
    import pyarrow as pa

    query = places["query"][0]
    url = places.get("url", [None])[0]
    coded = bool(table.format.replace) or table.format.percent_encoded
    name, key = table.grid.name, table.header[query]
    numbers: list[int] = []
    columns: dict[str, list[list[str]]] = {field: [[] for _ in where] for field, where in places.items()}
    for number, row in table.records(dropped):
        text = _cleaned(_meant(row[query], table.format) if coded else row[query])
        reason = _refused(text, table.format)
        if reason == _NONE:
            dropped.append(Dropped(name, number, reason, _shown(row)[:60], key))
            continue
        if not reason and table.format.id == "se_ranking" and url is not None and row[url].strip() == "--":
            dropped.append(Dropped(name, number, "subtotal of a group", text[:60], table.header[url]))
            continue
        if reason:
            dropped.append(Dropped(name, number, reason, text[:60], key))
            continue
        row[query] = text
        numbers.append(number)
        for field, where in places.items():
            for column, place in zip(columns[field], where, strict=True):
                column.append(row[place])
    return Cells(
        np.array(numbers, np.int64),
        {field: [pa.array(some, pa.large_string()) for some in found] for field, found in columns.items()},
    )
