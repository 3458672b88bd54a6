"""Find the table in a file: its delimiter, its header, its format and its columns."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import replace

from journeyseo.errors import FormatError
from journeyseo.sheets.formats import Format, assign, fields, formats, header_key, header_score, recognise
from journeyseo.sheets.grid import Grid
from journeyseo.sheets.located import Located
from journeyseo.sheets.numbers import parse_number

# Tables in one grid: an overview of a tool has a dozen; more means that rows are taken for headers.
_MAX_TABLES = 50
# What a header must score to begin a table of its own: the column wanted and another known one.
_TWO_NAMES = 12


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
    if column is None:
        place = _first_table(head, place, key_field)
    return _found(grid, head, place, key_field, wanted, column)


def _found(
    grid: Grid,
    head: Sequence[tuple[int, list[str]]],
    place: int,
    key_field: str,
    wanted: Sequence[str],
    column: str | None,
) -> Located | None:
    """Return the table whose header is the row at a place of the head; None where it is refused."""
    row, header = head[place]
    width = len(header)
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
    return Located(grid, row, header, preamble, form, columns, width=width)


def _first_table(head: Sequence[tuple[int, list[str]]], place: int, key_field: str) -> int:
    """Return the place of the header of the first table, where another stands above the best header."""
    for above in range(place):
        blank = any(not "".join(cells).strip() for _, cells in head[above + 1 : place])
        if blank and header_score(head[above][1], key_field) >= _TWO_NAMES:
            return above
    return place


def tables_in(table: Located, key_field: str, wanted: Sequence[str]) -> list[Located]:
    """Return a table and those that follow it in the same grid.

    Where a row below a blank one names columns, another table begins. What holds no queries (or
    pages) is marked, so that its rows are counted and not taken.
    """
    if table.header_row == 0 or len(table.header) < 2 or not table.grid.may_hold_more(table.header_row):
        return [table]
    starts: list[tuple[int, list[str]]] = []
    blank = False
    own = [header_key(cell) for cell in table.header if cell.strip()]
    for number, cells in table.grid.rows():
        if number <= table.header_row:
            continue
        if not any(cell.strip() for cell in cells):
            blank = True
            continue
        if blank and _names_columns(cells):
            # The table's own header is no other table, unless one stands between.
            again = [header_key(cell) for cell in cells if cell.strip()] == own
            if starts or not again:
                starts.append((number, cells))
        blank = False
        if len(starts) == _MAX_TABLES:
            return [table]
    found = [table]
    for place, (number, cells) in enumerate(starts):
        end = starts[place + 1][0] if place + 1 < len(starts) else None
        below = None
        if header_score(cells, key_field):
            below = _found(table.grid, [(number, cells)], 0, key_field, wanted, None)
        if below is not None:
            found[-1] = replace(found[-1], end=number)
            found.append(below)
        else:
            found[-1] = replace(found[-1], others=(*found[-1].others, (number, end)))
    return found


def _names_columns(cells: Sequence[str]) -> bool:
    """Return whether a row looks like a header: two names or more that are known, and no number."""
    keys = [header_key(cell) for cell in cells if cell.strip()]
    if len(keys) < 2 or len(set(keys)) < len(keys) or any(parse_number(key) is not None for key in keys):
        return False
    return sum(any(key in field.names for field in fields().values()) for key in keys) >= 2


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


def counted_list(readings: Sequence[Grid]) -> Located | None:
    """Return a table of two columns without a header, of queries and of numbers; None where it is none.

    The numbers are taken for searches a month: what tools and people copy beside a query.
    """
    for grid in readings:
        rows = [cells for _, cells in grid.head() if any(map(str.strip, cells))]
        if len(rows) < 2 or any(len(cells) != 2 for cells in rows):
            continue
        numeric = [_counts([cells[place] for cells in rows]) for place in (0, 1)]
        if numeric[0] == numeric[1]:
            continue
        query, number = numeric.index(False), numeric.index(True)
        form = Format("counted_list", "plain list", "a query and a number a line")
        columns = {"query": [query], "volume": [number]}
        return Located(grid, 0, ["column 1", "column 2"], [], form, columns)
    return None


def _counts(cells: Sequence[str]) -> bool:
    """Return whether cells are numbers, some of them perhaps missing, and no shares."""
    found = [parse_number(cell) for cell in cells]
    known = [number for number in found if number is not None]
    return (
        len(known) == len(cells)
        and any(value >= 0 for value, *_ in known)
        and not any(percent for *_, percent in known)
    )


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
