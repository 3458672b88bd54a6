"""XML that others wrote, read without trust: no entities, no network, no DTD, bounded depth and size."""

from __future__ import annotations

import html
import io
import re
from collections.abc import Iterator, Sequence
from typing import Any

from lxml import etree

from journeyseo.errors import FormatError
from journeyseo.notes import note
from journeyseo.results import Dropped, ReadReport
from journeyseo.sheets.formats import Format, recognise_root

# Bytes in which the first element is looked for, behind declarations and comments.
_HEAD = 65_536
# WordPress splits larger exports itself.
_MAX_BYTES = 1_000_000_000
_MAX_TITLE = 1_000
_BREAKS_OFF = re.compile(r"Premature end of data in tag (\S+)")
_SAFE = {
    "resolve_entities": False,
    "no_network": True,
    "load_dtd": False,
    "dtd_validation": False,
    "huge_tree": False,
    # Exports hold signs that XML forbids: what can be read is read, and the report says so.
    "recover": True,
}


def root_of(data: bytes) -> tuple[str, tuple[str, ...]] | None:
    """Return the name of the first element and the namespaces that it declares; None for no XML."""
    if b"<" not in data[:1_000]:
        return None
    parser = etree.XMLPullParser(events=("start",), **_SAFE)
    try:
        parser.feed(data[:_HEAD].removeprefix(b"\xef\xbb\xbf").lstrip())
        first = next((element for _, element in parser.read_events()), None)
    except etree.XMLSyntaxError:
        return None
    if first is None or not isinstance(first.tag, str):
        return None
    return etree.QName(first).localname, tuple(first.nsmap.values())


def xml_format(data: bytes, where: str) -> Format | None:
    """Return which format of pages an XML file is; None where it is no XML.

    Raises:
        FormatError: It is XML of another kind.
    """
    if not data.lstrip(b"\xef\xbb\xbf\xff\xfe \r\n\t\x00").startswith(b"<"):
        return None
    root = root_of(data)
    if root is None or root[0].lower() in ("html", "body", "table"):
        return None
    form = recognise_root(*root)
    if form is None:
        raise FormatError(
            f"The XML lists no pages: its first element is {root[0][:40]!r}.",
            where=where,
            hint="A sitemap, a feed (RSS, Atom) and a WordPress export (WXR) can be read.",
        )
    return form


def elements(data: bytes, where: str, names: Sequence[str], notes: list[str]) -> Iterator[Any]:
    """Yield the elements of some names, one after the other; each is emptied before the one after next.

    The last one is left out where the document breaks off inside it.

    Args:
        data: The document.
        where: Name for error messages.
        names: Names without namespace.
        notes: Takes a sentence where the document is damaged.

    Raises:
        FormatError: It is too large, or nothing in it can be read.
    """
    if len(data) > _MAX_BYTES:
        raise FormatError(f"The XML is larger than {_MAX_BYTES // 1_000_000:,} MB.", where=where)
    stream = io.BytesIO(data.removeprefix(b"\xef\xbb\xbf").lstrip())
    found = etree.iterparse(stream, events=("end",), tag=[f"{{*}}{name}" for name in names], **_SAFE)
    last = None
    try:
        for _, element in found:
            if last is not None:
                yield last
                _empty(last)
            last = element
    except etree.XMLSyntaxError as error:
        raise FormatError(f"The XML cannot be read: {error}.", where=where) from error
    errors = list(found.error_log)
    if last is not None and not (errors and _breaks_off_in(last, errors[-1].message)):
        yield last
    elif errors and last is None:
        what = f"{' '.join(errors[0].message.split())[:100]} (line {errors[0].line})"
        raise FormatError(f"The XML cannot be read: {what}.", where=where)
    if errors:
        notes.append(note("damaged-xml", line=str(errors[0].line)))


def _empty(element: Any) -> None:
    """Take the content from an element that was read, and the emptied one before it from the document."""
    element.clear()
    before = element.getprevious()
    if before is not None and before.tag == element.tag:
        element.getparent().remove(before)


def _breaks_off_in(element: Any, message: str) -> bool:
    """Return whether a document ends before the end of an element that was read."""
    open_tag = _BREAKS_OFF.match(message)
    above = {etree.QName(one).localname for one in element.iterancestors()}
    return open_tag is not None and open_tag[1].rpartition(":")[2] not in above


def child(element: Any, name: str, namespace: str | None = None) -> Any:
    """Return the first child of a name; None where there is none.

    Args:
        element: The parent.
        name: Name without namespace.
        namespace: Part of the child's namespace; that of the parent where it is None.
    """
    own = etree.QName(element).namespace
    for found in element.iterchildren(f"{{*}}{name}"):
        uri = etree.QName(found).namespace
        if (uri == own) if namespace is None else (namespace in (uri or "")):
            return found
    return None


def child_text(element: Any, name: str, namespace: str | None = None) -> str:
    """Return the text in the first child of a name, as written; empty where there is none."""
    found = child(element, name, namespace)
    return "" if found is None else "".join(map(str, found.itertext()))


def title_of(text: str) -> str:
    """Return a title in one line; entities that were escaped once more are read."""
    return " ".join(html.unescape(text).split())[:_MAX_TITLE]


def xml_report(
    name: str,
    form: Format,
    columns: dict[str, str],
    kept: int,
    dropped: Sequence[Dropped],
    notes: Sequence[str] = (),
) -> ReadReport:
    """Return the report of an XML file; rows are lines of it."""
    return ReadReport(
        name, form.id, form.vendor, form.report, "XML", 0, columns, (), kept + len(dropped), kept,
        tuple(dropped), tuple(notes),
    )  # fmt: skip
