"""What a document declares to be its encoding, found in its bytes as browsers find it (HTML, 13.2.3.2)."""

from __future__ import annotations

import re

from journeyseo.pages.encodings import codec_of

# So many bytes are looked at before they are parsed.
_FIRST = 1_024
# A browser's parser that meets a declaration later on begins again with it, however far it is: heads full of
# styles do begin late. This bounds what pages without a declaration cost.
_FURTHER = 65_536

_META = re.compile(rb"<meta(?=[\t\n\f\r /])", re.IGNORECASE)
_TAG = re.compile(rb"<(/?)([A-Za-z][^\t\n\f\r >]*+)")
_ATTRIBUTE = re.compile(
    rb"""[\t\n\f\r\ /]*+ ([^\t\n\f\r\ />] [^\t\n\f\r\ />=]*+)
    (?: [\t\n\f\r\ ]*+ = [\t\n\f\r\ ]*+ (?: "([^"]*+)" | '([^']*+)' | (["']) | ([^\t\n\f\r\ >]*+) ) )?+""",
    re.VERBOSE,
)
_TAG_END = re.compile(rb"[\t\n\f\r /]*+>")
_CONTENT = re.compile(
    rb"""charset [\t\n\f\r\ ]*+ = [\t\n\f\r\ ]*+ (?: "([^"]*+)" | '([^']*+)' | ["'] | ([^\t\n\f\r\ ;]*+) )""",
    re.IGNORECASE | re.VERBOSE,
)
_XML = re.compile(
    rb"""<\?xml (?:(?!encoding)[^>])*+ encoding [\x00-\x20]*+ = [\x00-\x20]*+
    (?: "([^">\x00-\x20]*+)" | '([^'>\x00-\x20]*+)' )""",
    re.VERBOSE,
)
# For a parser what stands in these elements is text; the first look does not know them.
_TEXTS = frozenset({b"script", b"style", b"title", b"textarea", b"xmp", b"iframe", b"noembed", b"noframes"})


def declared_codec(content: bytes) -> str:
    """Return the Python codec that a document declares for itself; empty where it declares none."""
    first = content[:_FIRST]
    return _scan(first) or _from_xml(first) or _scan(content[:_FURTHER], parsed=True)


def _scan(head: bytes, *, parsed: bool = False) -> str:
    """Return the codec that the first ``meta`` that names one names.

    Args:
        head: Bytes to look at.
        parsed: Whether the text of scripts and the like is passed over, as a parser does.
    """
    at = 0
    while (at := head.find(b"<", at)) >= 0:
        if head.startswith(b"<!--", at):
            end = head.find(b"-->", at + 2)  # the dashes of <!--> count twice
        elif found := _META.match(head, at) or _TAG.match(head, at):
            attributes, end = _attributes(head, found.end())
            if end >= 0 and found.re is _META and (codec := _named(attributes)):
                return codec
            if end >= 0 and parsed and found.re is _TAG:
                end = _past_text(head, found, end)
        elif head[at + 1 : at + 2] in (b"!", b"/", b"?"):
            end = head.find(b">", at)
        else:
            end = at
        if end < at:
            break
        at = end + 1
    return ""


def _attributes(head: bytes, at: int) -> tuple[dict[bytes, bytes], int]:
    """Return the attributes of a tag, of each name the first, and the place of its end; -1 for no end."""
    attributes: dict[bytes, bytes] = {}
    while found := _ATTRIBUTE.match(head, at):
        name, *quoted, unclosed, plain = found.groups(b"")
        if unclosed:
            return {}, -1
        attributes.setdefault(name.lower(), b"".join(quoted) or plain)
        at = found.end()
    end = _TAG_END.match(head, at)
    return attributes, end.end() - 1 if end else -1


def _past_text(head: bytes, tag: re.Match[bytes], end: int) -> int:
    """Return the place before the end tag of an element that holds text; `end` where a tag begins none."""
    name = tag[2].lower()
    if tag[1] or name not in _TEXTS:
        return end
    closing = re.compile(rb"</" + name + rb"[\t\n\f\r />]", re.IGNORECASE).search(head, end)
    return closing.start() - 1 if closing else -1


def _named(attributes: dict[bytes, bytes]) -> str:
    """Return the codec that a ``meta`` names."""
    label = attributes.get(b"charset")
    if label is None and attributes.get(b"http-equiv", b"").lower() == b"content-type":
        found = _CONTENT.search(attributes.get(b"content", b""))
        label = b"".join(found.groups(b"")) if found else None
    return _readable(label or b"")


def _from_xml(head: bytes) -> str:
    found = _XML.match(head)
    return _readable(b"".join(found.groups(b""))) if found else ""


def _readable(label: bytes) -> str:
    """Return the codec of a label that could be read byte by byte, so that it is not in UTF-16."""
    text = label.decode("latin-1")
    if text.strip(" \t\n\f\r").lower() == "x-user-defined":
        return "cp1252"
    codec = codec_of(text)
    return "utf-8" if codec.startswith("utf-16") else codec
