"""What is packed in a file: entries of archives, gzip files; within bounds that no honest export passes."""

from __future__ import annotations

import gzip
import io
import zipfile
import zlib

from journeyseo.errors import InputError
from journeyseo.sheets.encoding import kind_of

MAX_BYTES = 4_000_000_000
"""Most bytes of a table, unpacked."""
MAX_ENTRIES = 1_000
"""Most entries of an archive."""
TABLES = (".csv", ".tsv", ".txt", ".xlsx", ".xls")
"""Endings of the entries that are read as tables."""

# No export compresses better than 200 to 1 over 10 MB; archives that do are bombs.
_MAX_RATIO, _RATIO_FROM = 200, 10_000_000


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
        entries = [e for e in archive.infolist() if not e.is_dir()][: MAX_ENTRIES + 1]
        if len(entries) > MAX_ENTRIES or any(may_be_table(e.filename) for e in entries):
            return []
        entries = [e for e in entries if e.filename.lower().endswith(".xml") and "__MACOSX" not in e.filename]
        if any(e.filename == "[Content_Types].xml" or e.flag_bits & 1 for e in entries):
            return []
        check_size(sum(e.file_size for e in entries), len(data), name)
        return [
            (path, unpacked(archive, e, path))
            for e in entries
            for path in (f"{name}:{one_line(e.filename)}",)
        ]


def may_be_table(path: str) -> bool:
    """Return whether an entry ends like a table and is no shadow file of macOS."""
    *folders, base = path.split("/")
    return path.lower().endswith(TABLES) and "__MACOSX" not in folders and not base.startswith("._")


def unpacked(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, where: str) -> bytes:
    """Return the content of an entry.

    Raises:
        InputError: It is damaged, or packed in a way that is not read.
    """
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise InputError(
            "The archive is packed in a way that is not read.", where=where, hint="Unpack it yourself."
        )
    try:
        return archive.read(entry)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
        raise InputError(f"The archive is damaged: {one_line(error)}.", where=where) from error


def check_size(size: int, packed: int, name: str) -> None:
    """Raise an `InputError` where something would be larger unpacked than an honest export is."""
    if size > MAX_BYTES or (size > _RATIO_FROM and size > _MAX_RATIO * max(packed, 1)):
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
    limit = max(_RATIO_FROM, min(MAX_BYTES, _MAX_RATIO * len(data)))
    try:
        with gzip.open(io.BytesIO(data)) as stream:
            plain = stream.read(limit + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise InputError(f"The gzip file is damaged: {error}.", where=name) from error
    if len(plain) > limit:
        check_size(len(plain) * 2, len(data), name)
    return plain


def one_line(text: object) -> str:
    """Return a name or a message of another program as one line."""
    return " ".join(str(text).split())
