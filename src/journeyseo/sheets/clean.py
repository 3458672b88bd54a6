"""A clean delimited text read column by column; what has anything odd in it is left to the row reader."""

from __future__ import annotations

import codecs
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from journeyseo.sheets.formats import header_key
from journeyseo.sheets.located import FOOTERS, Located
from journeyseo.text import utf8_of

if TYPE_CHECKING:
    import pyarrow as pa

# A cell longer than this many bytes may be longer than the row reader lets pass.
_LONG = 1_000_000
_QUOTE, _LINE = ord('"'), ord("\n")


@dataclass(frozen=True)
class CleanRows:
    """The data rows of a table, all of which are sound.

    Attributes:
        first: Row of the first; each of the others is one line below the one before it.
        columns: Cells by the place of their column.
    """

    first: int
    columns: Mapping[int, pa.LargeStringArray]


def clean_rows(table: Located, key: int, places: Iterable[int]) -> CleanRows | None:
    """Return the rows of a table as `Located.records` would yield them, if it is sure to drop none.

    None where a text must be read row by row: rows of other widths than the header, blank cells in the
    key column, quotes or line ends inside cells, a header that comes again, lines below the table.

    Args:
        table: A table with a header, or a plain list.
        key: Place of the column that no data row leaves blank.
        places: Places of the columns wanted.
    """
    if not table.grid.delimiter or table.end is not None or table.others or table.format.titles:
        return None
    span = _span(table)
    if span is None:
        return None
    first, begin, end = span
    columns = _read(table, begin, end, sorted({0, key, *places}))
    if columns is None or not _sound(table, key, columns):
        return None
    return CleanRows(first, columns)


def _span(table: Located) -> tuple[int, int, int] | None:
    """Return the first row below the header, and where in the bytes it begins and the last one ends."""
    data = table.grid.data
    first = next((number for number, _ in table.grid.rows() if number > table.header_row), None)
    if first is None:
        return None
    begin = 0
    for _ in range(first - 1 - table.grid.skipped):
        begin = data.find(b"\n", begin) + 1
        if not begin:
            return None
    end = len(data)
    while end > begin and data[end - 1] in b"\r\n":
        end -= 1
    # Lone carriage returns end lines too: the row reader counts them.
    returns = data.count(b"\r", 0, end)
    if end == begin or (returns and returns != data.count(b"\r\n", 0, end)):
        return None
    windows = range(begin, end - _LONG // 2, _LONG // 2)
    if data.startswith(codecs.BOM_UTF8, begin):  # a reader of columns would take it for a mark
        return None
    if any(data.find(b"\n", start, start + _LONG // 2) < 0 for start in windows):
        return None
    return first, begin, end


def _well_quoted(data: bytes, begin: int, end: int, delimiter: str) -> bool:
    """Return whether quotes stand only around whole cells of one line, or doubled inside these."""
    content = np.frombuffer(data, np.uint8)[begin:end]
    quotes = np.flatnonzero(content == _QUOTE)
    if len(quotes) % 2:
        return False
    opening, closing = quotes[::2], quotes[1::2]
    edges = np.zeros(256, bool)
    edges[[ord(delimiter), _LINE]] = True
    before = edges[content[opening - 1]] | (opening == 0)
    before[1:] |= closing[:-1] == opening[1:] - 1
    edges[ord("\r")] = True
    after = edges[content[np.minimum(closing + 1, len(content) - 1)]] | (closing == len(content) - 1)
    after[:-1] |= opening[1:] == closing[:-1] + 1
    if not (before.all() and after.all()):
        return False
    inside = np.searchsorted(quotes, np.flatnonzero(content == _LINE)) % 2
    return not inside.any()


def _read(table: Located, begin: int, end: int, places: list[int]) -> dict[int, pa.LargeStringArray] | None:
    """Return columns of the bytes as text; None where the rows differ in width from the header."""
    import pyarrow as pa
    from pyarrow import csv

    data, delimiter = table.grid.data, table.grid.delimiter
    quoted = data.find(b'"', begin, end) >= 0
    if quoted and not _well_quoted(data, begin, end, delimiter):
        return None
    names = [str(place) for place in range(len(table.header))]
    wanted = [str(place) for place in places]
    try:
        found = csv.read_csv(
            pa.BufferReader(pa.py_buffer(data).slice(begin, end - begin)),
            read_options=csv.ReadOptions(column_names=names, block_size=4 * _LONG),
            parse_options=csv.ParseOptions(
                delimiter=delimiter, quote_char='"' if quoted else False, ignore_empty_lines=False
            ),
            convert_options=csv.ConvertOptions(
                column_types=dict.fromkeys(wanted, pa.large_string()), include_columns=wanted
            ),
        )
    except pa.ArrowInvalid:
        return None
    # A row over two lines would move the numbers of all below it.
    if found.num_rows != data.count(b"\n", begin, end) + 1:
        return None
    return {place: found[str(place)].combine_chunks() for place in places}


def _sound(table: Located, key: int, columns: Mapping[int, pa.LargeStringArray]) -> bool:
    """Return whether no row is blank, a footer or the header again."""
    import pyarrow.compute as pc

    sizes = utf8_of(columns[key]).sizes
    if not sizes.all() or _blank(columns[key]):
        return False
    if len(table.header) < 2:
        return not table.header_row or not _again(table, key, columns)
    alone = np.ones(len(sizes), bool)
    for place, cells in columns.items():
        if place:
            alone &= utf8_of(cells).sizes == 0
    if alone.any():
        few = columns[0] if alone.all() else columns[0].filter(alone)
        few = pc.utf8_lower(pc.utf8_trim_whitespace(few))
        if any(pc.any(pc.starts_with(few, start)).as_py() for start in FOOTERS):
            return False
    return not table.header_row or not _again(table, key, columns)


def _blank(cells: pa.LargeStringArray) -> bool:
    """Return whether a cell holds nothing but blanks."""
    import pyarrow.compute as pc

    content = utf8_of(cells)
    # What begins with a letter, a digit or a sign of ASCII is not blank.
    begins = content.data[content.starts[:-1]]
    doubtful = (begins <= ord(" ")) | (begins >= 0x80)
    if not doubtful.any():
        return False
    few = cells.filter(doubtful)
    return bool(pc.any(pc.match_substring_regex(few, r"^[\pZ\pC\s]*$")).as_py())


def _again(table: Located, key: int, columns: Mapping[int, pa.LargeStringArray]) -> bool:
    """Return whether a row may be the header once more."""
    import pyarrow.compute as pc

    keys = [header_key(cell) for cell in table.header]
    first = keys[key].split(" ")[0]
    content = utf8_of(columns[key])
    begins = content.data[content.starts[:-1]]
    # A blank, a quote, or what NFKC changes may stand in place of the first letter.
    likely = (begins <= ord("'")) | (begins >= 0x80) | (begins | 0x20 == first.encode()[0] | 0x20)
    likely &= content.sizes <= 4 * sum(map(len, table.header))
    if not likely.any():
        return False
    few = pc.utf8_lower(pc.utf8_normalize(columns[key].filter(likely), form="NFKC"))
    few = pc.replace_substring_regex(few, "[\u200b\ufeff]", "")
    rows = np.flatnonzero(likely)[pc.match_substring(few, first).to_numpy(zero_copy_only=False)]
    return any(
        all(header_key(cells[int(row)].as_py()) == keys[place] for place, cells in columns.items())
        for row in rows
    )
