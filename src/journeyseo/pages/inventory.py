"""Page inventories and crawl exports: tables with an address in each row, and JSON Lines."""

from __future__ import annotations

import json
import math
import re
from typing import Any

from journeyseo.errors import FormatError
from journeyseo.languages import language_tag
from journeyseo.results import Dropped, ReadReport
from journeyseo.sheets.encoding import decode
from journeyseo.sheets.grid import grids_of
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
_NOT_INDEXABLE = frozenset(
    {"non indexable", "not indexable", "no", "false", "0", "noindex", "redirects"}
)  # fmt: skip
# With decimals too: a column with gaps is often written as 404.0.
_STATUS = re.compile(r"(\d{1,3})(?:\.0+)?", re.ASCII)
_JSON_FIELDS = frozenset({*FIELDS, "excerpt"})
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


def _status(text: str) -> int | None:
    found = _STATUS.fullmatch(text)
    return int(found[1]) if found else None


def _refused(kind: str, status: int | None) -> str:
    """Return why a row is no page of the inventory; empty where it is one."""
    kind = kind.strip().lower()
    if kind and "html" not in kind and "/" in kind:
        return f"not HTML ({kind[:30]})"
    if status is not None and not 200 <= status < 300:
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
        status = _status(_cell(line, columns, "status"))
        refused = _refused(_cell(line, columns, "content_type"), status)
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
        if status is not None:
            row["status"] = status
        if mark := _cell(line, columns, "indexability"):
            row["indexable"] = mark.lower().replace("-", " ") not in _NOT_INDEXABLE
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
    return row, _refused(str(item.get("content_type") or ""), _status(str(item.get("status"))))


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
    """Return whether a text begins with a JSON object."""
    return data.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"{")
