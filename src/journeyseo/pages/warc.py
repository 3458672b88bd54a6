"""A web archive (WARC 1.0 and 1.1, ISO 28500): the pages that a crawler of any maker kept as it got them.

Records are read one after the other, so that an archive may be larger than the memory. Only answers of
servers count; what they hold goes the way of a page that was fetched.
"""

from __future__ import annotations

import gzip
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPException, HTTPResponse, IncompleteRead, parse_headers
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO, cast

from journeyseo.errors import FetchError, FormatError, InputError
from journeyseo.pages.address import normal_url
from journeyseo.pages.charset import charset_of
from journeyseo.pages.document import media_of
from journeyseo.pages.extract import extract
from journeyseo.pages.fetch import FetchOptions, Response, target_of
from journeyseo.results import Dropped, ReadReport

_BEGINS = b"WARC/"
_GZIP = b"\x1f\x8b"
# Beside the page itself, what the header of an answer may take.
_MAX_HEADER = 65_536
_CHUNK = 65_536
_ANSWERS = ("response", "revisit")
_BEFORE_MARKUP = b"\xef\xbb\xbf \r\n\t"
_PACKED = frozenset({"gzip", "x-gzip", "deflate"})


@dataclass(frozen=True)
class Record:
    """One record of an archive.

    Attributes:
        kind: Its type: ``response``, ``revisit``, ``request`` ...
        url: Address that it is about.
        date: When it was taken, ISO 8601.
        size: Bytes of its content.
        content: The content; empty where it is larger than the bound.
        truncated: Why the crawler cut it off; empty where it did not.
    """

    kind: str
    url: str
    date: str
    size: int
    content: bytes
    truncated: str


class _Skip(Exception):  # noqa: N818 -- no error: the record is listed with the reason
    """A record that gives no page, and why: a code and words."""


class _Broken(Exception):  # noqa: N818 -- no error where something was read before
    """The archive breaks off or is damaged."""


def is_warc(path: Path) -> bool:
    """Return whether a file begins as a web archive does, packed or not."""
    try:
        with path.open("rb") as stream:
            if stream.read(2) == _GZIP:
                stream.seek(0)
                return gzip.GzipFile(fileobj=stream).read(len(_BEGINS)) == _BEGINS
            stream.seek(0)
            return stream.read(len(_BEGINS)) == _BEGINS
    except (OSError, EOFError, zlib.error):
        return False  # who reads it otherwise says what is wrong with it


def read_warc(
    path: Path, *, max_bytes: int = FetchOptions.max_bytes
) -> tuple[list[dict[str, Any]], ReadReport]:
    """Return a row for each page of an archive, and its report.

    Of an address with several captures the newest is taken. Of an archive that breaks off, what was read
    until there is kept, and a note says so.

    Args:
        path: The archive, packed by gzip or not.
        max_bytes: Most bytes of one page, unpacked.

    Raises:
        FormatError: It holds no answer of a server.
        InputError: It cannot be read.
    """
    pages: dict[str, tuple[str, dict[str, Any]]] = {}
    dropped: list[Dropped] = []
    others: Counter[str] = Counter()
    cut, broken = 0, ""
    try:
        with path.open("rb") as raw:
            packed = raw.read(2) == _GZIP
            raw.seek(0)
            stream = cast(BinaryIO, gzip.GzipFile(fileobj=raw) if packed else raw)
            try:
                for record in records_of(stream, max_bytes + _MAX_HEADER):
                    if record.kind not in _ANSWERS or not normal_url(record.url):
                        foreign = record.kind in _ANSWERS  # of a name server, for one
                        others[record.url.partition(":")[0] if foreign else record.kind] += 1
                        continue
                    try:
                        row = _page(record, max_bytes)
                    except _Skip as skip:
                        dropped.append(Dropped(path.name, None, str(skip), record.url[:200]))
                        continue
                    cut += bool(record.truncated)
                    key = normal_url(row["url"])
                    old = pages.get(key)
                    if old:
                        dropped.append(Dropped(path.name, None, "older: a newer capture is taken", key[:200]))
                    if not old or old[0] <= record.date:
                        pages[key] = (record.date, row | {"source": path.name})
            except _Broken as error:
                broken = str(error)
    except OSError as error:
        raise InputError(f"The archive cannot be read: {error.strerror}.", where=str(path)) from error
    if not pages and not dropped:
        why = f" ({broken})" if broken else ""
        raise FormatError(
            f"The archive holds no answer of a server{why}.",
            where=str(path),
            hint="Give one with records of the type response, as crawlers write them.",
        )
    report = ReadReport(
        path.name, "warc", "any crawler", "web archive (WARC)", "WARC, gzip" if packed else "WARC", 0, {}, (),
        len(pages) + len(dropped), len(pages), tuple(dropped), _notes(others, cut, broken),
    )  # fmt: skip
    return [row for _, row in pages.values()], report


def _notes(others: Counter[str], cut: int, broken: str) -> tuple[str, ...]:
    notes = []
    if others:
        kinds = ", ".join(f"{kind} {number:,}" for kind, number in sorted(others.items()))
        notes.append(f"records that are no answers to a request for a page were passed over: {kinds}")
    if cut:
        notes.append(f"{cut:,} pages were cut off by the crawler that kept them")
    if broken:
        notes.append(f"{broken}; what was read before is kept")
    return tuple(notes)


def records_of(stream: BinaryIO, max_bytes: int) -> Iterator[Record]:
    """Yield the records of an archive; of content beyond a bound only the size.

    Args:
        stream: The archive, unpacked.
        max_bytes: The bound.

    Raises:
        _Broken: It breaks off or is damaged; what was yielded before is whole.
    """
    number = 0
    try:
        while line := stream.readline(_CHUNK):
            if not line.strip():
                continue  # two empty lines end a record
            if not line.startswith(_BEGINS):
                raise _Broken(f"the archive is damaged after {number:,} records")
            number += 1
            head = parse_headers(stream)
            size = int(head.get("Content-Length", "").strip())
            content = stream.read(size) if 0 <= size <= max_bytes else b""
            left = size - len(content)
            while left > 0 and size > max_bytes and (part := stream.read(min(left, _CHUNK))):
                left -= len(part)
            if left:
                raise _Broken(f"the archive breaks off in record {number:,}")
            # Read as Latin-1, as headers are; the standard says UTF-8.
            url = str(head.get("WARC-Target-URI", "")).encode("latin-1", "replace").decode("utf-8", "replace")
            kind, date, cut = (
                str(head.get(f"WARC-{name}", "")).strip() for name in ("Type", "Date", "Truncated")
            )
            yield Record(kind.lower(), url.strip().strip("<>"), date, size, content, cut)
    except (EOFError, OSError, zlib.error) as error:  # gzip tells damage by OSError
        raise _Broken(f"the archive breaks off at record {number:,}") from error
    except (HTTPException, ValueError) as error:
        raise _Broken(f"the header of record {number:,} is damaged") from error


def _page(record: Record, max_bytes: int) -> dict[str, Any]:
    """Return the row of a record's page.

    Raises:
        _Skip: It gives none.
    """
    if record.kind == "revisit":
        raise _Skip("revisit: the same as a capture kept elsewhere")
    if record.size and not record.content:
        raise _Skip(f"too_large: more than {max_bytes // 1_000_000} MB")
    answer = answer_of(record, max_bytes)
    try:
        target = target_of(answer)
    except FetchError as error:
        raise _Skip(f"redirect: {error.message}") from error
    if target:
        raise _Skip(f"redirect: moved to {target[:200]}")
    if answer.status != 200:
        raise _Skip(f"status: {answer.status}")
    if media := media_of(answer):
        raise _Skip(f"not_html: {media[:60]}")
    robots = answer.headers.get("x-robots-tag", "")
    row = extract(answer.content, answer.url, status=200, charset=answer.charset, robots=robots)
    if row is None:
        raise _Skip("empty: nothing to read in it")
    return row


class _Kept:
    """An answer in memory, in the shape in which `http.client` takes one from a socket."""

    def __init__(self, content: bytes) -> None:
        self.stream = BytesIO(content)

    def makefile(self, *_: Any, **__: Any) -> BytesIO:
        return self.stream


def answer_of(record: Record, max_bytes: int) -> Response:
    """Return what a server answered, unpacked.

    Archives differ in whether they keep the chunks and the packing of an answer, and often its headers
    speak of what is no longer there: so the bytes decide.

    Raises:
        _Skip: It is no HTTP, cannot be unpacked, or is too large then.
    """
    content = record.content
    if content.startswith((b"HTTP/2", b"HTTP/3")):
        content = b"HTTP/1.1 " + content.partition(b" ")[2]
    kept = _Kept(content)
    answer = HTTPResponse(cast(Any, kept))
    try:
        answer.begin()
    except (HTTPException, OSError, ValueError) as error:
        raise _Skip("protocol: the answer is no HTTP") from error
    headers = {name.lower(): value for name, value in answer.getheaders()}
    body = content[kept.stream.tell() :]
    if answer.chunked:
        try:
            body = answer.read()
        except IncompleteRead as error:
            body = error.partial or body
        except (HTTPException, ValueError):
            pass  # unpacked before it was kept
    kind = headers.get("content-type", "")
    media = kind.partition(";")[0].strip().lower()
    body = _unpacked(body, headers.get("content-encoding", "").strip().lower(), max_bytes)
    return Response(record.url, answer.status, body, media, headers, charset_of(kind))


def _unpacked(body: bytes, packing: str, max_bytes: int) -> bytes:
    if packing not in ("", "identity") and not body.lstrip(_BEFORE_MARKUP).startswith(b"<"):
        if packing not in _PACKED:
            raise _Skip(f"decode: packed as {packing[:20]}, which is not read")
        body = _inflated(body, max_bytes)
    if len(body) > max_bytes:
        raise _Skip(f"too_large: more than {max_bytes // 1_000_000} MB")
    return body


def _inflated(body: bytes, max_bytes: int) -> bytes:
    for bits in (47, -15):  # gzip or zlib by its header, else bare, as some servers send deflate
        unpacker = zlib.decompressobj(bits)
        try:
            found = unpacker.decompress(body, max_bytes + 1)
        except zlib.error:
            continue
        if unpacker.eof or len(found) > max_bytes:
            return found
    raise _Skip("decode: the packed answer is damaged or breaks off")
