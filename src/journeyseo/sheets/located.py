"""A grid whose header is known, and which of its rows are data."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from journeyseo.results import Dropped
from journeyseo.sheets.formats import Format, fields, header_key
from journeyseo.sheets.grid import DELIMITERS, Grid
from journeyseo.sheets.numbers import parse_number

_SHOWN = 60
# What a row of totals says behind its last cell.
_TOTALS = frozenset({"grand total", "total", "totals"})
FOOTERS = (
    "©", "(c) ", "copyright ", "source:", "sources:", "quelle:", "exported ", "export date", "generated ",
    "report generated", "created on", "data from ", "note:", "notes:", "disclaimer", "数据来源", "资料来源",
)  # fmt: skip
"""How lines below a table begin that say where it comes from; none of them is followed by a number."""


@dataclass(frozen=True)
class Located:
    """A grid whose header is known.

    Attributes:
        grid: The cells.
        header_row: Row of the header, 1 is the first; 0 where there is none.
        header: Column names as read.
        preamble: Rows above the header.
        format: What the file is.
        columns: For each field, its columns, best first.
        end: Row at which the next table of the grid begins; None where there is none.
        others: First row, and row behind the last, of tables of something else.
        width: Cells that a data row may have: those of the header, its last ones without a name too.
    """

    grid: Grid
    header_row: int
    header: list[str]
    preamble: list[list[str]]
    format: Format
    columns: dict[str, list[int]]
    end: int | None = None
    others: tuple[tuple[int, int | None], ...] = ()
    width: int = 0

    def records(self, dropped: list[Dropped]) -> Iterator[tuple[int, list[str]]]:
        """Yield the data rows as wide as the header; what is no data row goes to `dropped`."""
        width = len(self.header)
        keys = [header_key(cell) for cell in self.header]
        size = sum(map(len, self.header))
        below_blank = False
        for number, cells in self.grid.rows():
            if number <= self.header_row:
                continue
            if self.end is not None and number >= self.end:
                return
            if not any(cell.strip() for cell in cells):
                below_blank = True
                if cells and self.grid.delimiter:
                    dropped.append(self._drop(number, "blank row"))
                continue
            if len(cells) < width:
                cells = self._split(cells) or [*cells, *[""] * (width - len(cells))]
            if reason := self._refused(number, cells, below_blank=below_blank):
                dropped.append(reason)
                continue
            below_blank = False
            # Few rows have as many letters as the header: only those are compared name by name.
            alike = sum(map(len, cells[:width])) == size
            if self.header_row and alike and [header_key(cell) for cell in cells[:width]] == keys:
                dropped.append(self._drop(number, "the header again"))
                continue
            yield number, cells[:width]

    def _drop(self, number: int, reason: str, text: str = "", column: str = "") -> Dropped:
        return Dropped(self.grid.name, number, reason, text[:_SHOWN], column)

    def _refused(self, number: int, cells: Sequence[str], *, below_blank: bool) -> Dropped | None:
        """Return why a row that is not blank is no data row; None where it may be one."""
        width = len(self.header)
        if any(first <= number and (last is None or number < last) for first, last in self.others):
            return self._drop(number, "row of another table", " | ".join(cells))
        if len(cells) > width and any(cell.strip() for cell in cells[width:]):
            total = header_key(cells[-1]) in _TOTALS and not cells[0].strip()
            if total:
                return self._drop(number, "a row of totals", " | ".join(cells), self.header[0])
            if not any(cell.strip() for cell in cells[max(width, self.width) :]):
                return None
            return self._drop(
                number,
                "more cells than the header",
                " | ".join(cells),
                f"column {max(width, self.width) + 1}",
            )
        if any(cells[1:width]) or width < 2:
            return None
        if self.format.titles and header_key(cells[0]) in self.format.titles:
            return self._drop(number, "title of a section", cells[0], self.header[0])
        text = cells[0].strip().lower()
        if text.startswith(FOOTERS) or (below_blank and text.startswith("#")):
            return self._drop(number, "line below the table", cells[0], self.header[0])
        return None

    def _split(self, cells: Sequence[str]) -> list[str] | None:
        """Return a row that was written with another delimiter than the header's; else None.

        The proof is that its numbers then stand in the columns of numbers.
        """
        grid, width = self.grid, len(self.header)
        if not grid.delimiter or width < 2:
            return None
        line = grid.delimiter.join(cells)
        counts = [
            places[0]
            for name, places in self.columns.items()
            if name in fields() and fields()[name].kind != "text"
        ]
        for delimiter in DELIMITERS:
            if delimiter == grid.delimiter or line.count(delimiter) < width - 1 or not counts:
                continue
            row = next(csv.reader([line], delimiter=delimiter), [])
            numbers = [row[i].strip() for i in counts] if len(row) == width else []
            if any(numbers) and all(parse_number(cell) is not None for cell in numbers):
                return row
        return None
