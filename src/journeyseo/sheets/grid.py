"""A table as rows of cells that are read when asked for: of a delimited text, a workbook or records."""

from __future__ import annotations

import csv
import datetime as dt
import functools
import io
import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from journeyseo.errors import InputError
from journeyseo.sheets.records import whole_text
from journeyseo.text import byte_places

DELIMITERS = (",", ";", "\t", "|")
HEAD = 40
"""Rows in which a header is looked for; the longest preamble known has ten."""

# Longest cell that a keyword export may hold; a longer one means that it is something else.
_MAX_CELL = 1_000_000
# More cells than a row of any workbook has.
_MAX_CELLS = 20_000
# A line of its own behind the text: where it is not read as one, a quote before it is still open.
# Texts hold no such character any more.
_END = "\x00"
_BLANK_LINE = re.compile(rb"(?:\r\n|\r(?!\n)|\n)[,;\t| ]*[\r\n]")
_BLANKS = np.frombuffer(b",;\t| \r\n", np.uint8)
_LINE, _RETURN = b"\n\r"


@dataclass(frozen=True)
class Grid:
    """Rows of cells, read when asked for.

    Attributes:
        name: File name, with the sheet or the archive's entry after it.
        described: Encoding and delimiter, or the kind of workbook, in words.
        delimiter: Delimiter of a text; empty for a workbook.
        data: The text as UTF-8; empty for a workbook.
        skipped: Lines of the file above the text.
    """

    name: str
    described: str
    delimiter: str
    data: bytes = b""
    _cells: Sequence[Sequence[object]] = ()
    skipped: int = 0

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """Yield the number of each row (1 is the first line) and its cells as text.

        Raises:
            InputError: The text cannot be split into cells, or a quote is not closed.
        """
        if not self.delimiter:
            for number, row in enumerate(self._cells, 1):
                yield number, [_as_text(cell) for cell in row]
            return
        csv.field_size_limit(_MAX_CELL)
        text = io.TextIOWrapper(io.BytesIO(self.data), "utf-8", newline="")
        reader = csv.reader(itertools.chain(text, (_END,)), delimiter=self.delimiter)
        line = 1 + self.skipped
        try:
            for row in reader:
                last = reader.line_num + self.skipped
                if row and row[-1].endswith(_END):
                    if line < last:
                        raise csv.Error("it opens a quote that is never closed")
                    return
                if len(row) > _MAX_CELLS:
                    raise csv.Error(f"it would have {len(row):,} cells")
                yield line, row
                line = last + 1
        except csv.Error as error:
            raise InputError(
                f"Line {line} cannot be split into cells: {error}.",
                where=self.name,
                hint="It may be no table, or a quote is not closed.",
            ) from error

    def may_hold_more(self, row: int) -> bool:
        """Return whether a blank line stands somewhere below a row, so that a table may follow."""
        if not self.delimiter:
            return any(not any(map(_as_text, cells)) for cells in self._cells[row:])
        # Few lines begin with a blank or a delimiter: only those are looked at.
        ends = self.line_ends
        begins = np.frombuffer(self.data, np.uint8)[np.minimum(ends + 1, len(self.data) - 1)]
        return any(_BLANK_LINE.match(self.data, end) for end in ends[np.isin(begins, _BLANKS)].tolist())

    @functools.cached_property
    def line_ends(self) -> npt.NDArray[np.int64]:
        """Places of the bytes that end the lines of a text, the first where two do."""
        content = np.frombuffer(self.data, np.uint8)
        if b"\r" not in self.data:
            return byte_places(content, lambda some: some == _LINE)
        ends = byte_places(content, lambda some: (some == _LINE) | (some == _RETURN))
        second = (content[ends[1:]] == _LINE) & (content[ends[:-1]] == _RETURN) & (np.diff(ends) == 1)
        return ends[np.r_[True, ~second]]

    def with_bare_quotes(self) -> Grid:
        """Return the grid of a text whose quoted cells hold quotes that are not doubled."""
        lines = self.data.decode("utf-8").splitlines(keepends=True)
        return replace(self, data="".join(map(_doubled, lines)).encode("utf-8"))

    def head(self) -> list[tuple[int, list[str]]]:
        """Return the first rows, in which a header is looked for.

        They end at a row that cannot be read: in the reading with the right delimiter it may be
        sound, and where it is not, `rows` says so.

        Raises:
            InputError: The first row already cannot be split into cells.
        """
        found: list[tuple[int, list[str]]] = []
        try:
            found.extend(itertools.islice(self.rows(), HEAD))
        except InputError:
            if not found:
                raise
        return found


def _doubled(line: str) -> str:
    """Return a line of quoted cells with the quotes inside them doubled."""
    body = line.rstrip("\r\n")
    if len(body) < 2 or body[0] != '"' or body[-1] != '"':
        return line
    cells = (cell if '""' in cell else cell.replace('"', '""') for cell in body[1:-1].split('","'))
    return '"' + '","'.join(cells) + '"' + line[len(body) :]


def _as_text(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return np.format_float_positional(cell, trim="-")
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat() if cell.time() == dt.time() else cell.isoformat(" ")
    return whole_text(str(cell))
