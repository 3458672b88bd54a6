"""Find the table in a file: its delimiter, its header, its format and its columns."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from journeyseo.errors import FormatError
from journeyseo.results import Dropped
from journeyseo.sheets.formats import Format, assign, formats, header_key, header_score, recognise
from journeyseo.sheets.grid import Grid

_SHOWN = 60
# What a row of totals says behind its last cell.
_TOTALS = frozenset({"grand total", "total", "totals"})


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
    """

    grid: Grid
    header_row: int
    header: list[str]
    preamble: list[list[str]]
    format: Format
    columns: dict[str, list[int]]

    def records(self, dropped: list[Dropped]) -> Iterator[tuple[int, list[str]]]:
        """Yield the data rows as wide as the header; what is no data row goes to `dropped`."""
        width = len(self.header)
        keys = [header_key(cell) for cell in self.header]
        size = sum(map(len, self.header))
        keys_of_titles = self.format.titles
        for number, cells in self.grid.rows():
            if number <= self.header_row:
                continue
            if not any(cell.strip() for cell in cells):
                if cells:
                    dropped.append(Dropped(self.grid.name, number, "blank row"))
                continue
            if len(cells) > width and any(cell.strip() for cell in cells[width:]):
                extra = " | ".join(cells)[:_SHOWN]
                total = header_key(cells[-1]) in _TOTALS and not cells[0].strip()
                reason = "a row of totals" if total else "more cells than the header"
                dropped.append(Dropped(self.grid.name, number, reason, extra))
                continue
            if len(cells) < width:
                cells = [*cells, *[""] * (width - len(cells))]
            if keys_of_titles and header_key(cells[0]) in keys_of_titles and not any(cells[1:width]):
                dropped.append(Dropped(self.grid.name, number, "title of a section", cells[0][:_SHOWN]))
                continue
            # Few rows have as many letters as the header: only those are compared name by name.
            alike = sum(map(len, cells[:width])) == size
            if self.header_row and alike and [header_key(cell) for cell in cells[:width]] == keys:
                dropped.append(Dropped(self.grid.name, number, "the header again"))
                continue
            yield number, cells[:width]


def locate(
    readings: Sequence[Grid],
    key_field: str,
    wanted: Sequence[str],
    *,
    column: str | None = None,
    first_line: bool = False,
) -> Located | None:
    """Return the reading of a table in which a header is found; None where there is none.

    Args:
        readings: The same table, split by different delimiters.
        key_field: ``query`` or ``url``: the field without which it is no table of ours.
        wanted: Fields to look for.
        column: Name of the key column, where the user says it.
        first_line: Whether a header counts only in the first row that is not blank.
    """
    if key_field == "query" and column is None and (titled := _titled(readings)):
        return titled
    best: tuple[int, Grid, int] | None = None
    for grid in readings:
        head = grid.head()
        if first_line:
            blank = sum(1 for _ in itertools.takewhile(lambda row: not "".join(row[1]).strip(), head))
            head = head[: blank + 1]
        for place, (_, cells) in enumerate(head):
            if column is None:
                score = header_score(cells, key_field)
            else:
                score = len(cells) if header_key(column) in map(header_key, cells) else 0
            if score and (best is None or score > best[0]):
                best = (score, grid, place)
    if best is None:
        return None
    _, grid, place = best
    head = grid.head()
    row, header = head[place]
    while header and not header[-1].strip():
        header = header[:-1]
    kind = "vendors" if key_field == "query" else "pages"
    form = recognise(header, kind)
    if form.refuse and column is None:
        return None
    if form.bare_quotes:
        grid = grid.with_bare_quotes()
    columns = assign(header, form, wanted)
    if column is not None:
        at = [header_key(cell) for cell in header].index(header_key(column))
        columns = {k: [i for i in v if i != at] for k, v in columns.items() if k != key_field}
        columns = {key_field: [at], **{k: v for k, v in columns.items() if v}}
    preamble = [cells for _, cells in head[:place]]
    return Located(grid, row, header, preamble, form, columns)


def _titled(readings: Sequence[Grid]) -> Located | None:
    """Return a table of queries and values whose sections have a title each and no header."""
    grid = readings[0]
    head = grid.head()
    filled = [(place, [cell for cell in row if cell.strip()]) for place, (_, row) in enumerate(head)]
    filled = [(place, cells) for place, cells in filled if cells]
    if not filled or len(filled[0][1]) != 1 or not re.search("[:：]", filled[0][1][0]):
        return None
    for form in formats("vendors"):
        for place, cells in filled[1:]:
            if len(cells) == 1 and header_key(cells[0]) in form.titles:
                above = [row for _, row in head[:place]]
                return Located(
                    grid, head[place][0], ["query", "value"], above, form, {"query": [0], "trend": [1]}
                )
    return None


def plain_list(readings: Sequence[Grid]) -> Located:
    """Return a text without a header as one column: each line is a query."""
    grid = next((g for g in readings if g.delimiter == "\t"), readings[0])
    form = Format("list", "plain list", "one query a line")
    return Located(grid, 0, ["query"], [], form, {"query": [0]})


def outline(readings: Sequence[Grid]) -> Located | None:
    """Return a text of questions, each set in by two blanks below the one it follows from."""
    table = plain_list(readings)
    lines = [cells[0] for _, cells in table.grid.head() if len(cells) == 1 and cells[0].strip()]
    depths = [len(line) - len(line.lstrip(" ")) for line in lines]
    steps = itertools.pairwise(depths)
    if len(depths) < 2 or depths[0] or depths[1] != 2 or any(d % 2 for d in depths):
        return None
    if any(below - above > 2 for above, below in steps):
        return None
    # Indented text of other kinds, such as code, holds few questions.
    asked = sum(line.rstrip().endswith(("?", "\N{FULLWIDTH QUESTION MARK}")) for line in lines[1:])
    if asked < len(lines) / 2:
        return None
    return replace(table, format=Format("alsoasked_outline", "AlsoAsked", "questions as an outline"))


def headers_seen(tables: Sequence[Sequence[Grid]]) -> str:
    """Return the first rows of tables for an error message."""
    seen = []
    for readings in tables[:8]:
        rows = [max((g.head()[:3] for g in readings), key=lambda h: len(h[0][1]) if h else 0)]
        first = rows[0][0][1] if rows[0] else []
        text = " | ".join(" ".join(cell.split())[:30] for cell in first[:12] if cell.strip())
        seen.append(f"{readings[0].name.rpartition(':')[2] if len(tables) > 1 else 'header'}: {text[:200]}")
    return "; ".join(seen)


def _refusing(tables: Sequence[Sequence[Grid]]) -> Format | None:
    """Return the format of a table that is known to hold no queries, where there is one."""
    for readings in tables:
        for grid in readings:
            for _, cells in grid.head():
                form = recognise(cells, "vendors")
                if form.refuse:
                    return form
    return None


def no_table(tables: Sequence[Sequence[Grid]], where: str, key_field: str) -> FormatError:
    """Return the error for a file in which no header is found."""
    form = _refusing(tables) if key_field == "query" else None
    if form is not None:
        return FormatError(
            f"No queries: this is {form.vendor}, {form.report}.", where=where, hint=form.refuse
        )
    what = "queries" if key_field == "query" else "pages"
    example = (
        "query, keyword, search term, top queries, 关键词, 關鍵字, キーワード"
        if key_field == "query"
        else "url, address, page, landing page, 网页, 網頁"
    )
    option = "--query-column" if key_field == "query" else "--url-column"
    return FormatError(
        f"No column of {what} was found (seen: {headers_seen(tables)}).",
        where=where,
        hint=f"Expected a header such as {example}; name the column with {option} if it is another.",
    )
