"""A clean delimited text read column by column; what has anything odd in it is left to the row reader."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from journeyseo.sheets.formats import header_key
from journeyseo.sheets.grid import Grid
from journeyseo.sheets.located import FOOTERS, Located
from journeyseo.text import byte_places, utf8_of

if TYPE_CHECKING:
    import pyarrow as pa

# A line longer than this many bytes may hold a cell that the row reader does not let pass.
_LONG = 1_000_000
_QUOTE, _LINE = ord('"'), ord("\n")


@dataclass(frozen=True)
class CleanRows:
    """The data rows of a table, all of which are sound but that the key column may have gaps.

    Attributes:
        first: Row of the first; each of the others is one line below the one before it.
        columns: Cells by the place of their column.
        grid: The text.
        line_ends: Places of the bytes between the rows, see `Grid.line_ends`.
        begin: Where the first row begins.
        end: Where the last row ends.
    """

    first: int
    columns: Mapping[int, pa.LargeStringArray]
    grid: Grid
    line_ends: npt.NDArray[np.int64]
    begin: int
    end: int

    def cells(self, place: int) -> list[str]:
        """Return all cells of one row, those of other columns too.

        Args:
            place: Number of the row, 0 is the first.
        """
        data, begin, end = self.grid.data, self.begin, self.end
        if place:
            above = int(self.line_ends[place - 1])
            begin = above + 1 + (data[above : above + 2] == b"\r\n")
        if place < len(self.line_ends):
            end = int(self.line_ends[place])
        return next(csv.reader([data[begin:end].decode("utf-8")], delimiter=self.grid.delimiter), [])


def clean_rows(table: Located, key: int, places: Iterable[int]) -> CleanRows | None:
    """Return the rows of a table as `Located.records` would yield them, if it is sure to drop none.

    None where a text must be read row by row: rows of other widths than the header, quotes or line ends
    inside cells, a header that comes again, lines below the table. Rows that are blank, or blank in the key
    column, are among those returned.

    Args:
        table: A table with a header, or a plain list.
        key: Place of the key column.
        places: Places of the columns wanted.
    """
    if not table.grid.delimiter or table.end is not None or table.others or table.format.titles:
        return None
    span = _span(table)
    if span is None:
        return None
    columns = _read(table, span, sorted({0, key, *places}))
    if columns is None or not _sound(table, key, columns):
        return None
    return CleanRows(span.first, columns, table.grid, span.line_ends, span.begin, span.end)


@dataclass(frozen=True)
class _Span:
    """The first row below a header, where it begins, where the last one ends, and all line ends between."""

    first: int
    begin: int
    end: int
    line_ends: npt.NDArray[np.int64]


def _span(table: Located) -> _Span | None:
    """Return where the rows below the header are."""
    data, ends = table.grid.data, table.grid.line_ends
    first = next((number for number, _ in table.grid.rows() if number > table.header_row), None)
    if first is None:
        return None
    above = first - 1 - table.grid.skipped
    begin = int(ends[above - 1]) + 1 if above else 0
    # Lone carriage returns end lines too, not for a reader of columns.
    if b"\r" in data and data.count(b"\r") != data.count(b"\r\n"):
        return None
    begin += data[begin - 1 : begin + 1] == b"\r\n"
    end = len(data)
    while end > begin and data[end - 1] in b"\r\n":
        end -= 1
    ends = ends[above : np.searchsorted(ends, end)]
    longest = np.diff(ends, prepend=begin, append=end).max()
    if end == begin or longest > _LONG:
        return None
    return _Span(first, begin, end, ends)


def _well_quoted(data: bytes, span: _Span, delimiter: str) -> bool:
    """Return whether quotes stand only around whole cells of one line, or doubled inside these."""
    content = np.frombuffer(data, np.uint8)[span.begin : span.end]
    quotes = byte_places(content, lambda some: some == _QUOTE)
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
    inside = np.searchsorted(quotes, span.line_ends - span.begin) % 2
    return not inside.any()


def _read(table: Located, span: _Span, places: list[int]) -> dict[int, pa.LargeStringArray] | None:
    """Return columns of the bytes as text; None where the rows differ in width from the header."""
    import pyarrow as pa
    from pyarrow import csv as columns

    data, delimiter = table.grid.data, table.grid.delimiter
    quoted = data.find(b'"', span.begin, span.end) >= 0
    if quoted and not _well_quoted(data, span, delimiter):
        return None
    names = [str(place) for place in range(len(table.header))]
    wanted = [str(place) for place in places]
    try:
        found = columns.read_csv(
            pa.BufferReader(pa.py_buffer(data).slice(span.begin, span.end - span.begin)),
            read_options=columns.ReadOptions(column_names=names, block_size=4 * _LONG),
            parse_options=columns.ParseOptions(
                delimiter=delimiter, quote_char='"' if quoted else False, ignore_empty_lines=False
            ),
            convert_options=columns.ConvertOptions(
                column_types=dict.fromkeys(wanted, pa.large_string()), include_columns=wanted
            ),
        )
    except pa.ArrowInvalid:
        return None
    # A row over two lines would move the numbers of all below it.
    if found.num_rows != len(span.line_ends) + 1:
        return None
    return {place: found[str(place)].combine_chunks() for place in places}


def _sound(table: Located, key: int, columns: Mapping[int, pa.LargeStringArray]) -> bool:
    """Return whether no row is a footer or the header again."""
    import pyarrow.compute as pc

    if len(table.header) < 2:
        return not table.header_row or not _again(table, key, columns)
    alone = np.ones(len(columns[key]), bool)
    for place, cells in columns.items():
        if place:
            alone &= utf8_of(cells).sizes == 0
    if alone.any():
        few = columns[0] if alone.all() else columns[0].filter(alone)
        few = pc.utf8_lower(pc.utf8_trim_whitespace(few))
        if any(pc.any(pc.starts_with(few, start)).as_py() for start in FOOTERS):
            return False
    return not table.header_row or not _again(table, key, columns)


def _again(table: Located, key: int, columns: Mapping[int, pa.LargeStringArray]) -> bool:
    """Return whether a row is the header once more."""
    import pyarrow.compute as pc

    keys = {place: header_key(table.header[place]) for place in columns}
    likely = np.ones(len(columns[key]), bool)
    for place, cells in columns.items():
        if not keys[place]:
            continue
        content = utf8_of(cells)
        if not len(content.data):
            return False
        # A blank, a quote, or what NFKC changes may stand in place of the first letter.
        begins = content.data[np.minimum(content.starts[:-1], len(content.data) - 1)]
        same = begins | 0x20 == keys[place].encode()[0] | 0x20
        likely &= (same | (begins <= ord("'")) | (begins >= 0x80)) & (content.sizes > 0)
    if not likely.any():
        return False
    few = pc.utf8_lower(pc.utf8_normalize(columns[key].filter(likely), form="NFKC"))
    few = pc.replace_substring_regex(few, "[\u200b\ufeff]", "")
    named = pc.match_substring(few, keys[key].split(" ")[0]).to_numpy(zero_copy_only=False)
    return any(
        all(header_key(cells[row].as_py()) == keys[place] for place, cells in columns.items())
        for row in np.flatnonzero(likely)[named].tolist()
    )
