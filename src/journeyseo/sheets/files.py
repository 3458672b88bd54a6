"""The bytes of a file as grids: delimited text in every delimiter, workbooks, records, archives of them."""

from __future__ import annotations

import codecs
import io
import re
import zipfile
from pathlib import Path

from journeyseo.errors import FormatError, InputError
from journeyseo.sheets.archive import (
    MAX_BYTES,
    MAX_ENTRIES,
    TABLES,
    check_size,
    gunzip,
    may_be_table,
    one_line,
    unpacked,
)
from journeyseo.sheets.encoding import as_utf8, kind_of
from journeyseo.sheets.grid import DELIMITERS, Grid
from journeyseo.sheets.records import cells_of_json, cells_of_parquet, may_be_json

EMPTY = "The file is empty."
"""What is said of a file without anything in it."""

_NAMES = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
_SEPARATOR = re.compile(r'\s*"?sep=(.?)"?[ \t]*(?:\r\n|\r|\n|\Z)', re.IGNORECASE)
# Reports of Google Analytics 4 begin with comments, which name days. Each card of an overview is a
# table of its own: its comments follow a blank line.
_COMMENT = re.compile(r"^# ", re.MULTILINE)
_DATED = re.compile(r"^# [^\r\n]*\b20\d{6}\b", re.MULTILINE)
_MAX_TABLES = 1_000
_LINE_END = re.compile(r"\r\n|\r|\n")
# Characters in which the first tag of a web page is looked for, behind comments.
_PROBE = 20_000
# Name of the part that holds the whole of a workbook with a password.
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_WEB_PAGE = re.compile(
    r"(?>\s+|<\?xml.*?\?>|<!--.*?-->)*+<(?:!doctype html|(?:html|head|body|table)[\s>])",
    re.IGNORECASE | re.DOTALL,
)


def grids_of(data: bytes, name: str, *, encoding: str | None = None) -> list[list[Grid]]:
    """Return the tables in some bytes; each as its possible readings, one a delimiter.

    Args:
        data: Content of a file.
        name: Name for messages.
        encoding: Encoding of a text; found where it is None.

    Raises:
        FormatError: It is an archive without tables.
        InputError: It is empty, no table, damaged, or too large unpacked.
    """
    kind = kind_of(data[:65536])
    if kind == "empty" and kind_of(data) == "empty":
        raise _empty(name)
    if kind == "zip":
        return _archive(data, name, encoding)
    if kind == "gzip":
        return grids_of(gunzip(data, name), name.removesuffix(".gz"), encoding=encoding)
    if kind == "xls":
        return _workbook(data, name)
    if kind == "parquet":
        return [[Grid(name, "Parquet", "", b"", cells_of_parquet(data, name, MAX_BYTES))]]
    # A named encoding goes before the share of control bytes, which is only a guess.
    if kind not in ("text", "empty") and not (kind == "binary" and encoding is not None):
        raise InputError(
            f"The file is no table: it looks like a {kind} file.",
            where=name,
            hint="Export it as CSV or XLSX.",
        )
    return _text_grids(data, name, encoding)


def _empty(where: str) -> InputError:
    return InputError(EMPTY, where=where, hint="Export it again.")


def _text_grids(data: bytes, name: str, encoding: str | None) -> list[list[Grid]]:
    data, found = as_utf8(data, where=name, encoding=encoding)
    # Marks stand inside a text too where several files were put together.
    for nothing in (codecs.BOM_UTF8, b"\x00"):
        if nothing[:1] in data and nothing in data:  # one byte is found in no time
            data = data.replace(nothing, b"")
    begin = data[: 4 * _PROBE].decode("utf-8", "replace")[:_PROBE]
    if _WEB_PAGE.match(begin):
        raise InputError(
            "The file is a web page, not a table.",
            where=name,
            hint="Export the table as CSV or XLSX; a log-in page may have been saved in its place.",
        )
    if may_be_json(begin, name):
        cells = cells_of_json(data.decode("utf-8"), name)
        if cells is not None:
            return [[Grid(name, f"{found}, JSON", "", b"", cells)]]
    delimiters: tuple[str, ...] = DELIMITERS
    skipped = 0
    if named := _SEPARATOR.match(begin):
        skipped = len(_LINE_END.findall(named[0]))
        data = data[len(named[0].encode()) :]
        begin = begin[named.end() :]
        delimiters = (named[1],) if named[1] in _NAMES else DELIMITERS
    commented = _COMMENT.match(begin) and _DATED.search(begin)
    tables = _commented_tables(data, skipped) if commented else [(data, skipped)]
    return [
        [Grid(name, f"{found}, {_NAMES[d]}", d, part, skipped=above) for d in delimiters]
        for part, above in tables
    ]


def _commented_tables(data: bytes, skipped: int) -> list[tuple[bytes, int]]:
    """Return the tables of a report with comments, each with the number of lines above it."""
    text = data.decode("utf-8")
    tables: list[tuple[str, int]] = []
    begin = 0
    for found in _COMMENT.finditer(text):
        end = found.start()
        above = text[max(0, end - 4) : end].replace("\r\n", "\n").replace("\r", "\n")
        if above.endswith("\n\n") and len(tables) < _MAX_TABLES:
            tables.append((text[begin:end], skipped))
            skipped += len(_LINE_END.findall(text, begin, end))
            begin = end
    tables.append((text[begin:], skipped))
    return [(part.encode("utf-8"), above) for part, above in tables]


def _workbook(data: bytes, name: str) -> list[list[Grid]]:
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        sheets = [
            (sheet, book.get_sheet_by_name(sheet).to_python(skip_empty_area=False))
            for sheet in book.sheet_names
        ]
    except CalamineError as error:
        if _ENCRYPTED in data:
            raise InputError(
                "The workbook has a password.", where=name, hint="Save it without one, or as CSV."
            ) from error
        raise InputError(f"The workbook cannot be read: {one_line(error)}.", where=name) from error
    for _, cells in sheets:
        # A sheet may be formatted down to its last row, the 1,048,576th.
        while cells and not any(cell not in ("", None) for cell in cells[-1]):
            cells.pop()
    return [
        [Grid(f"{name}:{one_line(sheet)}" if len(sheets) > 1 else name, "workbook", "", b"", cells)]
        for sheet, cells in sheets
        if cells
    ]


def _archive(data: bytes, name: str, encoding: str | None) -> list[list[Grid]]:
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, NotImplementedError, ValueError) as error:
        raise InputError(f"The archive is damaged: {one_line(error)}.", where=name) from error
    with archive:
        entries = [e for e in archive.infolist() if not e.is_dir()]
        if any(e.filename == "[Content_Types].xml" for e in entries):
            check_size(sum(e.file_size for e in entries), len(data), name)
            return _workbook(data, name)
        if len(entries) > MAX_ENTRIES:
            raise InputError(f"The archive holds {len(entries)} files.", where=name)
        check_size(sum(e.file_size for e in entries), len(data), name)
        grids: list[list[Grid]] = []
        empty = ""
        for entry in entries:
            path = f"{name}:{one_line(entry.filename)}"
            if entry.flag_bits & 1:
                raise InputError("The archive has a password.", where=path)
            if not may_be_table(entry.filename):
                continue
            content = unpacked(archive, entry, path)
            if kind_of(content) == "empty":
                empty = empty or path
            else:
                grids += grids_of(content, path, encoding=encoding)
    if not grids and empty:
        raise _empty(empty)
    if not grids:
        seen = ", ".join(one_line(e.filename)[:60] for e in entries[:8]) or "nothing"
        raise FormatError(
            f"The archive holds no tables (seen: {seen}).",
            where=name,
            hint=f"It should hold files that end in {', '.join(TABLES)}.",
        )
    return grids


def read_bytes(path: Path) -> bytes:
    """Return the content of a file.

    Raises:
        InputError: It is missing, a folder, or may not be read.
    """
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise InputError("There is no such file.", where=str(path), hint="Check the path.") from error
    except IsADirectoryError as error:
        raise InputError("This is a folder, not a file.", where=str(path)) from error
    except OSError as error:
        raise InputError(f"The file cannot be read: {error.strerror}.", where=str(path)) from error
