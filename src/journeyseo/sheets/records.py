"""Records of JSON documents and Parquet files as rows of cells below a header."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from journeyseo.errors import FormatError, InputError

# Lists of records inside records: these hold what was asked for, others (months, bids) belong to it.
_ENVELOPES = ("tasks", "result", "items")
_BEGINS = re.compile(r'\s*(?:\{\s*["}]|\[\s*[\[{"\]])')
_ENDINGS = (".json", ".jsonl", ".ndjson")
_MAX_DIGITS = 300
_HALF = re.compile("[\ud800-\udfff]")
# Records have the same fields; a document of more is keyed by what should be a value.
_MAX_FIELDS = 2_000
# Keys of the Search Console API have no names; these tell what they are.
_KEY_KINDS = (
    ("page", re.compile(r"https?://\S+|android-app://\S+")),
    ("date", re.compile(r"\d{4}-\d\d-\d\d(T.*)?")),
    ("device", re.compile(r"DESKTOP|MOBILE|TABLET")),
    ("country", re.compile(r"[a-z]{3}")),
)


def may_be_json(begin: str, name: str) -> bool:
    """Return whether a text is named as JSON, or begins like it.

    Args:
        begin: Its first characters, a thousand or more.
        name: Name of the file.
    """
    return name.lower().endswith(_ENDINGS) or _BEGINS.match(begin[:1000]) is not None


def cells_of_json(text: str, name: str) -> list[list[object]] | None:
    """Return the records of a JSON document or of JSON Lines as cells; None where it is no JSON.

    Args:
        text: The document.
        name: Name for messages; its ending says whether a text that does not parse is JSON.

    Raises:
        FormatError: It holds no list of records.
        InputError: It is named as JSON and does not parse.
    """
    named = name.lower().endswith(_ENDINGS)
    if not may_be_json(text[:1000], name):
        return None
    try:
        document = _with_headers(_parsed(text))
        records = [dict(_flat(record)) for record in _named_keys(_records(document))]
    except (ValueError, RecursionError, KeyError, TypeError, AttributeError) as error:
        if not named:
            return None
        raise InputError(
            f"The JSON does not parse: {' '.join(str(error).split())}.",
            where=name,
            hint="It may be cut off; export it again.",
        ) from error
    if not records:
        raise FormatError(
            "The JSON holds no list of records.",
            where=name,
            hint="Expected the answer of an API with rows, items or results in it.",
        )
    header = list(dict.fromkeys(field for record in records for field in record))
    if len(header) > _MAX_FIELDS:
        raise FormatError(
            f"The JSON holds records of {len(header):,} different fields.",
            where=name,
            hint="Expected a list of records with the same fields.",
        )
    return [list(header), *([record.get(field) for field in header] for record in records)]


def _parsed(text: str) -> Any:
    try:
        return json.loads(text, parse_int=_whole_number)
    except json.JSONDecodeError as error:
        if not error.msg.startswith("Extra data"):
            raise
    return [json.loads(line, parse_int=_whole_number) for line in text.split("\n") if line.strip()]


def _whole_number(digits: str) -> int | str:
    """Return a whole number; the digits as they are where they are more than a number of ours has."""
    return int(digits) if len(digits) <= _MAX_DIGITS else digits


def _with_headers(document: Any) -> Any:
    """Return the rows of an answer of the Analytics API under its names; any other document as it is."""
    if not isinstance(document, dict) or not isinstance(document.get("rows"), list):
        return document
    kinds = ("dimension", "metric")
    headers = [document.get(f"{kind}Headers", []) for kind in kinds]
    if not any(headers):
        return document
    names = [str(header["name"]) for some in headers for header in some]
    rows = []
    for row in document["rows"]:
        values = [cell.get("value") for kind in kinds for cell in row.get(f"{kind}Values", [])]
        rows.append(dict(zip(names, values, strict=False)))
    return rows


def _records(node: Any) -> Sequence[Mapping[str, Any]]:
    """Return the records nearest to the top of a document, without their envelopes."""
    if isinstance(node, list) and all(isinstance(item, str) for item in node):
        return [{"query": item} for item in node]
    level = [node] if isinstance(node, dict | list) else []
    while level:
        for item in level:
            records = [r for r in item if isinstance(r, dict)] if isinstance(item, list) else []
            if records:
                return _opened(records)
        children = [list(item.values()) if isinstance(item, dict) else item for item in level]
        level = [child for some in children for child in some if isinstance(child, dict | list)]
    return []


def _opened(records: Sequence[Mapping[str, Any]]) -> Sequence[Mapping[str, Any]]:
    inside = [
        inner
        for record in records
        for name in _ENVELOPES
        if isinstance(record.get(name), list)
        for inner in record[name]
        if isinstance(inner, dict)
    ]
    return _opened(inside) if inside else records


def _flat(record: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, object]]:
    """Yield the values of a record, each under its path: ``keyword_info.search_volume``."""
    for name, value in record.items():
        path = prefix + whole_text(name)
        if isinstance(value, dict):
            yield from _flat(value, f"{path}.")
        elif isinstance(value, list):
            plain = all(not isinstance(item, dict | list) for item in value)
            text = ", ".join(map(str, value)) if plain else json.dumps(value, ensure_ascii=False)
            yield path, whole_text(text)
        else:
            yield path, whole_text(value) if isinstance(value, str) else value


def whole_text(text: str) -> str:
    """Return a text without halves of characters, which an escape can hold and no encoding can."""
    return text if text.isascii() else _HALF.sub("\ufffd", text)


def _named_keys(records: Sequence[Mapping[str, Any]]) -> Sequence[Mapping[str, Any]]:
    """Return records with ``keys``, as the Search Console API writes them, with a name to each key."""
    keys = [record.get("keys") for record in records]
    width = len(keys[0]) if keys and isinstance(keys[0], list) else 0
    if not width or any(not isinstance(some, list) or len(some) != width for some in keys):
        return records
    names: list[str] = []
    for place in range(width):
        values = [str(some[place]) for some in keys if isinstance(some, list)]
        kinds = (kind for kind, shape in _KEY_KINDS if all(shape.fullmatch(value) for value in values))
        kind = next(kinds, "query")
        names.append(kind if kind not in names else f"key {place + 1}")
    # All queries of a short list may have three letters: a country stands beside a query.
    if "query" not in names and "page" not in names and "country" in names:
        names[names.index("country")] = "query"
    return [
        dict(zip(names, record["keys"], strict=True)) | {k: v for k, v in record.items() if k != "keys"}
        for record in records
    ]


def cells_of_parquet(data: bytes, name: str, limit: int) -> list[list[object]]:
    """Return the rows of a Parquet file as cells below a header; nested columns under their path.

    Args:
        data: The file.
        name: Name for messages.
        limit: Most bytes that it may hold unpacked.

    Raises:
        InputError: It is damaged, or too large.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        file = pq.ParquetFile(io.BytesIO(data))
        groups = [file.metadata.row_group(i) for i in range(file.metadata.num_row_groups)]
        size = sum(group.total_byte_size for group in groups)
        if size > limit:
            raise InputError(f"Unpacked it would hold {size:,} bytes.", where=name)
        table = file.read()
        while any(pa.types.is_struct(column.type) for column in table.columns):
            table = table.flatten()
        columns = [column.to_pylist() for column in table.columns]
    except (pa.ArrowException, OSError, ValueError) as error:
        raise InputError(
            f"The Parquet file is damaged: {' '.join(str(error).split())[:200]}.", where=name
        ) from error
    return [list(table.column_names), *(list(row) for row in zip(*columns, strict=True))]
