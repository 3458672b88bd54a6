"""Page inventories and crawl exports: tables with an address in each row, and JSON Lines."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from journeyseo.errors import FormatError
from journeyseo.languages import language_tag
from journeyseo.results import Dropped, ReadReport
from journeyseo.sheets.encoding import decode
from journeyseo.sheets.grid import Grid, grids_of
from journeyseo.sheets.locate import Located, locate, no_table
from journeyseo.sheets.numbers import parse_number

FIELDS = (
    "url", "title", "description", "h1", "headings", "text", "status", "content_type",
    "indexability", "canonical", "words", "language", "schema_types", "lastmod", "outlinks",
    "clicks", "impressions", "position",
)  # fmt: skip
_TEXTS = (
    "title", "description", "h1", "headings", "text", "canonical", "schema_types", "lastmod", "outlinks",
)  # fmt: skip
_NUMBERS = ("words", "clicks", "impressions", "position")
_NOT_INDEXABLE = frozenset({"non-indexable", "no", "false", "0", "noindex", "redirects"})
_MISSING = frozenset({"not found", "n/a", "-", "(not set)"})


def read_inventory(
    data: bytes, name: str, where: str, *, url_column: str | None, encoding: str | None
) -> tuple[list[dict[str, Any]], list[ReadReport]]:
    """Return a row for each address in a table, and a report a table.

    Raises:
        FormatError: There is no column of addresses.
    """
    tables = grids_of(data, name, encoding=encoding)
    found = [t for r in tables if (t := locate(r, "url", FIELDS, column=url_column))]
    if not found:
        raise no_table(tables, where, "url")
    rows: list[dict[str, Any]] = []
    reports = []
    for table in found:
        own, report = _table(table)
        rows += own
        reports.append(report)
    return rows, reports


def _cell(line: list[str], columns: dict[str, list[int]], name: str) -> str:
    text = line[columns[name][0]].strip() if name in columns else ""
    return "" if text.lower() in _MISSING else text


def _refused(line: list[str], columns: dict[str, list[int]]) -> str:
    """Return why a row is no page of the inventory; empty where it is one."""
    kind = _cell(line, columns, "content_type").lower()
    if kind and "html" not in kind and "/" in kind:
        return f"not HTML ({kind[:30]})"
    status = _cell(line, columns, "status")
    if status.isdigit() and not 200 <= int(status) < 300:
        return f"status {status}"
    return ""


def _table(table: Located) -> tuple[list[dict[str, Any]], ReadReport]:
    dropped: list[Dropped] = []
    rows: list[dict[str, Any]] = []
    columns = table.columns
    read = 0
    for number, line in table.records(dropped):
        read += 1
        url = _cell(line, columns, "url")
        if not url:
            dropped.append(Dropped(table.grid.name, number, "no address", " | ".join(line)[:60]))
            continue
        refused = _refused(line, columns)
        if refused:
            dropped.append(Dropped(table.grid.name, number, refused, url[:60]))
            continue
        row: dict[str, Any] = {"url": url, "source": table.grid.name}
        row |= {name: text for name in _TEXTS if (text := _cell(line, columns, name))}
        for name in _NUMBERS:
            value = parse_number(_cell(line, columns, name))
            if value is not None and value[0] == value[0]:
                row[name] = value[0]
        if tag := _cell(line, columns, "language"):
            row["language"] = language_tag(tag)
        if (status := _cell(line, columns, "status")).isdigit():
            row["status"] = int(status)
        if mark := _cell(line, columns, "indexability"):
            row["indexable"] = mark.lower() not in _NOT_INDEXABLE
        rows.append(row)
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
    )
    return rows, report


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
    known = {*FIELDS, "excerpt"}
    read = 0
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        read += 1
        try:
            item = json.loads(line)
        except ValueError:
            dropped.append(Dropped(name, number, "not valid JSON", line[:60]))
            continue
        if not isinstance(item, dict) or not isinstance(item.get("url"), str) or not item["url"]:
            dropped.append(Dropped(name, number, "no url", line[:60]))
            continue
        row = {k: _plain(k, v) for k, v in item.items() if k in known and v is not None}
        if "excerpt" in row:
            row.setdefault("text", row.pop("excerpt"))
        if isinstance(row.get("language", item.get("lang")), str):
            row["language"] = language_tag(str(row.get("language", item.get("lang"))))
        rows.append(row | {"source": name})
    if not rows:
        raise FormatError(
            "No line is a JSON object with a url.",
            where=name,
            hint='Expected lines such as {"url": "https://…", "title": "…", "text": "…"}.',
        )
    report = ReadReport(
        name, "jsonl", "any tool", "JSON Lines", "utf-8", 0, {k: k for k in rows[0]}, (), read,
        len(rows), tuple(dropped),
    )  # fmt: skip
    return rows, [report]


def _plain(name: str, value: Any) -> Any:
    if isinstance(value, list):
        return (" " if name == "schema_types" else "\n").join(map(str, value))
    if name in _NUMBERS:
        return float(value) if isinstance(value, int | float) else None
    if name == "status":
        return int(value) if isinstance(value, int) else None
    return str(value)


def is_json_lines(data: bytes) -> bool:
    """Return whether a text begins with a JSON object."""
    return data.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"{")


__all__ = ["FIELDS", "Grid", "Path", "is_json_lines", "read_inventory", "read_json_lines"]
