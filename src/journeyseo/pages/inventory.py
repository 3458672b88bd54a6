"""Page inventories and crawl exports: tables with an address in each row, and JSON Lines."""

from __future__ import annotations

import itertools
import json
import math
import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from journeyseo.errors import FormatError
from journeyseo.languages import language_tag
from journeyseo.notes import note
from journeyseo.pages.address import normal_url
from journeyseo.pages.dates import iso_date
from journeyseo.results import Dropped, ReadReport
from journeyseo.sheets.encoding import decode
from journeyseo.sheets.files import grids_of
from journeyseo.sheets.formats import Format, fields
from journeyseo.sheets.grid import Grid
from journeyseo.sheets.locate import locate, no_table, tables_in
from journeyseo.sheets.located import Located
from journeyseo.sheets.numbers import parse_numbers

FIELDS = (
    "url", "title", "description", "h1", "headings", "text", "sections", "status", "content_type",
    "indexability", "canonical", "words", "language", "schema_types", "lastmod", "outlinks",
    "clicks", "impressions", "position", "sessions",
)  # fmt: skip
_TEXTS = (
    "title",
    "description",
    "h1",
    "headings",
    "text",
    "sections",
    "canonical",
    "schema_types",
    "outlinks",
)
_NUMBERS = ("words", "clicks", "impressions", "position", "sessions")
_NOT_INDEXABLE = frozenset(
    {
        "no", "false", "0", "noindex", "redirects", "redirected", "canonicalized", "canonicalised", "blocked",
        "disallowed", "non indexable", "not indexable", "nicht indexierbar", "no indexable", "não indexável",
        "non indicizzabile",
    }
)  # fmt: skip
# What crawlers call a file that is no page, where they give no MIME type.
_FILES = frozenset({"image", "css", "javascript", "js", "font", "pdf", "json", "xml", "stylesheet"})
# States in which content systems keep what readers cannot see.
_UNPUBLISHED = frozenset({"draft", "auto-draft", "private", "pending", "future", "trash"})
# Search Console's own interface exports no more.
_SEARCH_CONSOLE_ROWS = 1_000
# With decimals too: a column with gaps is often written as 404.0.
_STATUS = re.compile(r"(\d{1,3})(?:\.0+)?", re.ASCII)
_JSON_FIELDS = frozenset({*FIELDS, "excerpt"})
_MISSING = frozenset({"not found", "n/a", "-", "--", "(not set)"})
# Rows that stand for all the pages beyond a limit.
_REST = frozenset({"(other)"})
# With or without a scheme, as a path, or (from no tool but by hand) a file's name.
_ADDRESS = re.compile(r"https?://\S|//?[^\s/]|/$|[^\s/:@]+\.[^\s/:@.]+(?:[:/?#]|$)", re.IGNORECASE)
_BLANK = re.compile(r"\s")
# How answers of the APIs of Analytics and Search Console begin; they are one document.
_ANSWER = re.compile(rb'"(?:dimensionHeaders|rows|responseAggregationType|kind)"\s*:\s*["\[]')
_LINE = 20_000
# Of so many rows below a header, so many must hold an address for the column to be one of addresses.
_LOOKED_AT, _MOSTLY = 20, 0.8


def read_inventory(
    data: bytes, name: str, where: str, *, url_column: str | None, encoding: str | None
) -> tuple[list[dict[str, Any]], list[ReadReport]]:
    """Return a row for each address in a table, and a report a table.

    Raises:
        FormatError: There is no column of addresses.
    """
    tables = grids_of(data, name, encoding=encoding)
    found = [t for r in tables if (t := locate(r, "url", FIELDS, column=url_column))]
    if not found and url_column is None:
        found = [t for r in tables if (t := _by_values(r))]
    if not found:
        raise no_table(tables, where, "url")
    missed = len(tables) - len(found)
    if url_column is None:
        found = [part for table in found for part in tables_in(table, "url", FIELDS)]
    rows: list[dict[str, Any]] = []
    reports = []
    for table in found:
        own, report = _table(table, anything=url_column is not None)
        rows += own
        reports.append(report)
    if missed:
        code = "tables-without-addresses" if missed > 1 else "tables-without-addresses-one"
        reports[0] = replace(reports[0], notes=(*reports[0].notes, note(code, tables=missed)))
    return rows, reports


def _by_values(readings: Sequence[Grid]) -> Located | None:
    """Return the reading whose header names no column of addresses, but which has one all the same.

    A file without a header, one address a line, has the header row 0.
    """
    best: tuple[int, Grid, str] | None = None
    for grid in readings:
        head = [cells for _, cells in grid.head() if any(map(str.strip, cells))]
        above = list(itertools.takewhile(lambda cells: not any(map(_is_whole, cells)), head))
        for place, cells in enumerate(above):
            below = head[place + 1 :][:_LOOKED_AT]
            at = next(
                (i for i, cell in enumerate(cells) if cell.strip() and _holds_addresses(below, i)), None
            )
            # The right delimiter splits a header most.
            if at is not None and (best is None or len(cells) > best[0]):
                best = (len(cells), grid, cells[at])
    return locate([best[1]], "url", FIELDS, column=best[2]) if best else _list(readings)


def _list(readings: Sequence[Grid]) -> Located | None:
    """Return a text without header as a list of addresses; None where it has columns, or is no such list."""
    heads = [[cells for _, cells in grid.head() if any(map(str.strip, cells))] for grid in readings]
    widths = [set(map(len, head)) for head in heads if len(head) > 1]
    plain = next((i for i, head in enumerate(heads) if all(len(cells) == 1 for cells in head)), None)
    if plain is None or any(len(width) == 1 and width != {1} for width in widths):
        return None
    if not _holds_addresses(heads[plain], 0):
        return None
    form = Format("address_list", "plain list", "one address a line")
    return Located(readings[plain], 0, ["url"], [], form, {"url": [0]})


def _is_whole(cell: str) -> bool:
    cell = cell.strip()
    return bool(normal_url(cell)) and not _BLANK.search(cell)


def _holds_addresses(rows: Sequence[Sequence[str]], at: int) -> bool:
    """Return whether nearly all rows have a whole address in a column."""
    return bool(rows) and sum(len(row) > at and _is_whole(row[at]) for row in rows) >= _MOSTLY * len(rows)


def _cell(line: list[str], columns: dict[str, list[int]], name: str) -> str:
    text = line[columns[name][0]].strip() if name in columns else ""
    return "" if text.lower() in _MISSING else text


def _status(text: str) -> int | None:
    found = _STATUS.fullmatch(text)
    return int(found[1]) if found else None


def _refused(kind: str, status: str) -> str:
    """Return why a row is no page of the inventory; empty where it is one."""
    kind = kind.strip().lower()
    if kind and "html" not in kind and ("/" in kind or kind in _FILES):
        return f"not HTML ({kind[:30]})"
    number = _status(status)
    if number is not None and not 200 <= number < 300:
        return f"status {number}"
    if status.strip().lower() in _UNPUBLISHED:
        return f"not published ({status.strip().lower()})"
    return ""


def _no_address(cell: str, line: Sequence[str]) -> tuple[str, str]:
    """Return why a cell is no address of a page, and what to show; empty where it is one."""
    if not cell:
        return "no address", " | ".join(line)[:60]
    if cell.lower() in _REST:
        return "the rest of the pages in one row", " | ".join(line)[:60]
    return ("", "") if _ADDRESS.match(cell) else ("not an address", cell[:60])


def _table(table: Located, *, anything: bool = False) -> tuple[list[dict[str, Any]], ReadReport]:
    """Return the rows of a table and its report.

    Args:
        table: The table.
        anything: Whether the user said which column it is, so that all in it are addresses.
    """
    dropped: list[Dropped] = []
    rows: list[dict[str, Any]] = []
    columns = table.columns
    kept: list[list[str]] = []
    for number, line in table.records(dropped):
        url = _cell(line, columns, "url")
        refused, seen = ("", "") if anything and url else _no_address(url, line)
        if not refused:
            kind, state = (_cell(line, columns, name) for name in ("content_type", "status"))
            refused, seen = _refused(kind, state), url[:60]
        if refused:
            dropped.append(Dropped(table.grid.name, number, refused, seen, _blamed(table, refused)))
            continue
        row: dict[str, Any] = {"url": url, "source": table.grid.name}
        row |= {name: text for name in _TEXTS if (text := _cell(line, columns, name))}
        if changed := iso_date(_cell(line, columns, "lastmod")):
            row["lastmod"] = changed
        if tag := _cell(line, columns, "language"):
            row["language"] = language_tag(tag)
        if (status := _status(_cell(line, columns, "status"))) is not None:
            row["status"] = status
        if mark := _cell(line, columns, "indexability"):
            row["indexable"] = mark.lower().replace("-", " ") not in _NOT_INDEXABLE
        rows.append(row)
        kept.append(line)
    _add_numbers(rows, kept, columns)
    notes: tuple[str, ...] = ()
    read = len(rows) + len(dropped)
    if table.format.vendor == "Google Search Console" and read == _SEARCH_CONSOLE_ROWS:
        notes = (note("thousand-rows"),)
    report = ReadReport(
        table.grid.name,
        table.format.id,
        table.format.vendor,
        table.format.report,
        table.grid.described,
        table.header_row,
        {k: table.header[v[0]] for k, v in columns.items()},
        tuple(h for i, h in enumerate(table.header) if i not in {v[0] for v in columns.values()} and h),
        read,
        len(rows),
        tuple(dropped),
        notes,
    )
    return rows, report


def _blamed(table: Located, refused: str) -> str:
    """Return the name of the column that a refusal is about."""
    fields = {"not HTML": "content_type", "status": "status", "not published": "status"}
    field = next((field for words, field in fields.items() if refused.startswith(words)), "url")
    return table.header[table.columns[field][0]]


def _add_numbers(rows: list[dict[str, Any]], lines: list[list[str]], columns: dict[str, list[int]]) -> None:
    """Add the numbers of each row; a column is read as a whole, for its decimals may be commas."""
    for name in (n for n in _NUMBERS if n in columns):
        cells = [_cell(line, columns, name) for line in lines]
        numbers = parse_numbers(cells, whole=fields()[name].kind == "whole").value
        for row, value in zip(rows, numbers.tolist(), strict=True):
            # No page has the position 0: exports of comparisons write it where there was none.
            if not math.isnan(value) and (value or name != "position"):
                row[name] = value


def read_json_lines(
    data: bytes, name: str, encoding: str | None
) -> tuple[list[dict[str, Any]], list[ReadReport]]:
    """Return a row for each JSON object with a url; lists are joined by newlines.

    Raises:
        FormatError: No line holds an object with a url.
    """
    text = decode(data, where=name, encoding=encoding).text
    rows: list[dict[str, Any]] = []
    dropped: list[Dropped] = []
    read, named = 0, False
    # Not splitlines: it also splits at signs such as U+2028, which JSON allows in a text.
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        read += 1
        row, refused = _json_row(line)
        named = named or bool(row)
        if refused:
            dropped.append(Dropped(name, number, refused, str(row.get("url", line.strip()))[:60]))
        else:
            rows.append(row | {"source": name})
    if not named:
        raise FormatError(
            "No line is a JSON object with a url.",
            where=name,
            hint='Expected lines such as {"url": "https://…", "title": "…", "text": "…"}.',
        )
    report = ReadReport(
        name, "jsonl", "any tool", "JSON Lines", "utf-8", 0, {k: k for k in (rows or [{}])[0]}, (), read,
        len(rows), tuple(dropped),
    )  # fmt: skip
    return rows, [report]


def _json_row(line: str) -> tuple[dict[str, Any], str]:
    """Return the row in a line of JSON, and why it is no page; empty where it is one."""
    try:
        item = json.loads(line)
        if not isinstance(item, dict) or not isinstance(item.get("url"), str) or not item["url"]:
            return {}, "no url"
        row = {k: _plain(k, v) for k, v in item.items() if k in _JSON_FIELDS and v is not None}
    except (ValueError, RecursionError):
        return {}, "not valid JSON"
    if "excerpt" in row:
        row.setdefault("text", row.pop("excerpt"))
    if isinstance(row.get("language", item.get("lang")), str):
        row["language"] = language_tag(str(row.get("language", item.get("lang"))))
    return row, _refused(str(item.get("content_type") or ""), str(item.get("status")))


def _plain(name: str, value: Any) -> Any:
    if isinstance(value, list):
        return (" " if name == "schema_types" else "\n").join(map(str, value))
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if name in _NUMBERS:
        return _finite(value) if number else None
    if name == "status":
        return _status(str(value)) if number else None
    return str(value)


def _finite(value: float) -> float | None:
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) else None


def is_json_lines(data: bytes) -> bool:
    """Return whether a text begins with a JSON object a line, and not with the answer of an API."""
    text = data.lstrip(b"\xef\xbb\xbf \r\n\t")
    first = text[:_LINE].partition(b"\n")[0].strip()
    return text.startswith(b"{") and first != b"{" and not _ANSWER.search(first)
