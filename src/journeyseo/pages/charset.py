"""The character encoding of a document, as browsers find it (WHATWG)."""

from __future__ import annotations

import codecs
import re

from journeyseo.pages.detect import detect
from journeyseo.pages.encodings import codec_of
from journeyseo.pages.prescan import declared_codec
from journeyseo.sheets.encoding import kind_of, wide_order

# Bytes that tell what kind of file it is.
_HEAD = 4_096
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# A page in UTF-8 may hold a few broken signs; in one that is in another encoding nearly all are broken.
_DAMAGED = 0.1
_PARAMETER = re.compile(r"""(?:^|;)\s*charset\s*=\s*["']?\s*([\w.:-]+)""", re.IGNORECASE)

# How a document in UTF-16 without a mark begins that says what it is.
_WIDE = (("<?x".encode("utf-16-le"), "utf-16-le"), ("<?x".encode("utf-16-be"), "utf-16-be"))


def charset_of(content_type: str) -> str:
    """Return the charset parameter of a Content-Type header; empty where it has none."""
    found = _PARAMETER.search(content_type)
    return found[1].lower() if found else ""


def foreign_kind(content: bytes, charset: str = "") -> str:
    """Return what a document is by its bytes, such as ``PDF`` or ``binary``; empty where it may be HTML.

    Args:
        content: The document.
        charset: Charset that the Content-Type header names, where it names one.
    """
    head = content[:_HEAD]
    kind = kind_of(head)
    if kind == "empty" and b"\x00" in head:
        return "binary"
    if kind == "binary" and _wide_codec(head, codec_of(charset)):
        return ""
    return "" if kind in ("text", "empty") else kind


def decode_html(content: bytes, charset: str = "") -> str:
    """Return a document as text, without byte order mark; what no encoding explains is replaced.

    A byte order mark decides, then the header, then the document's own declaration, then whether
    it is UTF-8; for what is left, and for what is said to be UTF-8 and is not, the letters decide. Zero bytes
    are those of UTF-16 where the header says so or every other byte is one, else they are left out: a
    parser would stop at them.

    Args:
        content: The document.
        charset: Charset that the Content-Type header names, where it names one.
    """
    for mark, codec in _BOMS:
        if content.startswith(mark):
            return content[len(mark) :].decode(codec, "replace").replace("\x00", "")
    said = codec_of(charset)
    if wide := _wide_codec(content, said):
        return content.decode(wide, "replace").replace("\x00", "")
    content = content.replace(b"\x00", b"")
    codec = said or declared_codec(content)
    if codec and codec != "utf-8":
        return content.decode(codec, "replace")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        text = content.decode("utf-8", "replace")
        if codec and text.count("\ufffd") <= _DAMAGED * sum(byte > 127 for byte in content):
            return text
        return content.decode(detect(content), "replace")


def _wide_codec(content: bytes, said: str) -> str:
    """Return the codec of a document in UTF-16 without a mark; empty for any other.

    Args:
        content: The document.
        said: Codec that the header names.
    """
    if said.startswith("utf-16"):
        return said
    if b"\x00" not in content:
        return ""
    return next((c for start, c in _WIDE if content.startswith(start)), "") or wide_order(content) or ""
