"""A file as grids of cells: delimited text, workbooks, records, and archives of them."""

from __future__ import annotations

import codecs
import csv
import datetime as dt
import functools
import gzip
import io
import itertools
import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from journeyseo.errors import FormatError, InputError
from journeyseo.sheets.encoding import as_utf8, kind_of
from journeyseo.sheets.records import cells_of_json, cells_of_parquet, may_be_json, whole_text
from journeyseo.text import byte_places

DELIMITERS = (",", ";", "\t", "|")
HEAD = 40
"""Rows in which a header is looked for; the longest preamble known has ten."""

_NAMES = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
# Longest cell that a keyword export may hold; a longer one means that it is something else.
_MAX_CELL = 1_000_000
# More cells than a row of any workbook has.
_MAX_CELLS = 20_000
_MAX_BYTES = 4_000_000_000
_MAX_ENTRIES = 1_000
# No export compresses better than 200 to 1 over 10 MB; archives that do are bombs.
_MAX_RATIO, _RATIO_FROM = 200, 10_000_000
_ENTRIES = (".csv", ".tsv", ".txt", ".xlsx", ".xls")
# A line of its own behind the text: where it is not read as one, a quote before it is still open.
# Texts hold no such character any more.
_END = "\x00"
_SEPARATOR = re.compile(r'\s*"?sep=(.?)"?[ \t]*(?:\r\n|\r|\n|\Z)', re.IGNORECASE)
# Reports of Google Analytics 4 begin with comments, which name days. Each card of an overview is a
# table of its own: its comments follow a blank line.
_COMMENT = re.compile(r"^# ", re.MULTILINE)
_DATED = re.compile(r"^# [^\r\n]*\b20\d{6}\b", re.MULTILINE)
_MAX_TABLES = 1_000
_BLANK_LINE = re.compile(rb"(?:\r\n|\r(?!\n)|\n)[,;\t| ]*[\r\n]")
_BLANKS = np.frombuffer(b",;\t| \r\n", np.uint8)
_LINE, _RETURN = b"\n\r"
_LINE_END = re.compile(r"\r\n|\r|\n")
# Characters in which the first tag of a web page is looked for, behind comments.
_PROBE = 20_000
# Name of the part that holds the whole of a workbook with a password.
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_WEB_PAGE = re.compile(
    r"(?>\s+|<\?xml.*?\?>|<!--.*?-->)*+<(?:!doctype html|(?:html|head|body|table)[\s>])",
    re.IGNORECASE | re.DOTALL,
)


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


def _one_line(text: object) -> str:
    return " ".join(str(text).split())


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
        raise InputError(f"The workbook cannot be read: {_one_line(error)}.", where=name) from error
    for _, cells in sheets:
        # A sheet may be formatted down to its last row, the 1,048,576th.
        while cells and not any(cell not in ("", None) for cell in cells[-1]):
            cells.pop()
    return [
        [Grid(f"{name}:{_one_line(sheet)}" if len(sheets) > 1 else name, "workbook", "", b"", cells)]
        for sheet, cells in sheets
        if cells
    ]


def _archive(data: bytes, name: str, encoding: str | None) -> list[list[Grid]]:
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, NotImplementedError, ValueError) as error:
        raise InputError(f"The archive is damaged: {_one_line(error)}.", where=name) from error
    with archive:
        entries = [e for e in archive.infolist() if not e.is_dir()]
        if any(e.filename == "[Content_Types].xml" for e in entries):
            _check_size(sum(e.file_size for e in entries), len(data), name)
            return _workbook(data, name)
        if len(entries) > _MAX_ENTRIES:
            raise InputError(f"The archive holds {len(entries)} files.", where=name)
        _check_size(sum(e.file_size for e in entries), len(data), name)
        grids: list[list[Grid]] = []
        empty = ""
        for entry in entries:
            path = f"{name}:{_one_line(entry.filename)}"
            if entry.flag_bits & 1:
                raise InputError("The archive has a password.", where=path)
            if not _may_be_table(entry.filename):
                continue
            content = _unpacked(archive, entry, path)
            if kind_of(content) == "empty":
                empty = empty or path
            else:
                grids += grids_of(content, path, encoding=encoding)
    if not grids and empty:
        raise InputError("The file is empty.", where=empty, hint="Export it again.")
    if not grids:
        seen = ", ".join(_one_line(e.filename)[:60] for e in entries[:8]) or "nothing"
        raise FormatError(
            f"The archive holds no tables (seen: {seen}).",
            where=name,
            hint=f"It should hold files that end in {', '.join(_ENTRIES)}.",
        )
    return grids


def xml_entries(data: bytes, name: str) -> list[tuple[str, bytes]]:
    """Return the XML files of an archive without tables, such as a site export of WordPress.com.

    Args:
        data: Content of a file.
        name: Name for messages.

    Raises:
        InputError: The archive is damaged, or too large unpacked.
    """
    if kind_of(data[:65536]) != "zip":
        return []
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, NotImplementedError, ValueError):
        return []  # said by the reader of tables
    with archive:
        entries = [e for e in archive.infolist() if not e.is_dir()][: _MAX_ENTRIES + 1]
        if len(entries) > _MAX_ENTRIES or any(_may_be_table(e.filename) for e in entries):
            return []
        entries = [e for e in entries if e.filename.lower().endswith(".xml") and "__MACOSX" not in e.filename]
        if any(e.filename == "[Content_Types].xml" or e.flag_bits & 1 for e in entries):
            return []
        _check_size(sum(e.file_size for e in entries), len(data), name)
        return [
            (path, _unpacked(archive, e, path))
            for e in entries
            for path in (f"{name}:{_one_line(e.filename)}",)
        ]


def _may_be_table(path: str) -> bool:
    """Return whether an entry ends like a table and is no shadow file of macOS."""
    *folders, base = path.split("/")
    return path.lower().endswith(_ENTRIES) and "__MACOSX" not in folders and not base.startswith("._")


def _unpacked(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, where: str) -> bytes:
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise InputError(
            "The archive is packed in a way that is not read.", where=where, hint="Unpack it yourself."
        )
    try:
        return archive.read(entry)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
        raise InputError(f"The archive is damaged: {_one_line(error)}.", where=where) from error


def _check_size(size: int, packed: int, name: str) -> None:
    if size > _MAX_BYTES or (size > _RATIO_FROM and size > _MAX_RATIO * max(packed, 1)):
        raise InputError(
            f"Unpacked it would hold {size:,} bytes, {size // max(packed, 1)} times its size.",
            where=name,
            hint="Unpack it yourself if you trust it.",
        )


def gunzip(data: bytes, name: str) -> bytes:
    """Return what a gzip file holds.

    Raises:
        InputError: It is damaged, or unpacks to more than an honest export would.
    """
    limit = max(_RATIO_FROM, min(_MAX_BYTES, _MAX_RATIO * len(data)))
    try:
        with gzip.open(io.BytesIO(data)) as stream:
            plain = stream.read(limit + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise InputError(f"The gzip file is damaged: {error}.", where=name) from error
    if len(plain) > limit:
        _check_size(len(plain) * 2, len(data), name)
    return plain


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
        raise InputError("The file is empty.", where=name, hint="Export it again.")
    if kind == "zip":
        return _archive(data, name, encoding)
    if kind == "gzip":
        return grids_of(gunzip(data, name), name.removesuffix(".gz"), encoding=encoding)
    if kind == "xls":
        return _workbook(data, name)
    if kind == "parquet":
        return [[Grid(name, "Parquet", "", b"", cells_of_parquet(data, name, _MAX_BYTES))]]
    # A named encoding goes before the share of control bytes, which is only a guess.
    if kind not in ("text", "empty") and not (kind == "binary" and encoding is not None):
        raise InputError(
            f"The file is no table: it looks like a {kind} file.",
            where=name,
            hint="Export it as CSV or XLSX.",
        )
    return _text_grids(data, name, encoding)


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
