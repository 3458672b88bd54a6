"""The character encoding of a document, as browsers find it (WHATWG)."""

from __future__ import annotations

import codecs
import re

from journeyseo.pages.detect import detect
from journeyseo.sheets.encoding import kind_of, wide_order

# As far as a declaration is looked for; browsers look at 1,024 bytes, real heads begin later too.
_HEAD = 4_096
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# A page in UTF-8 may hold a few broken signs; in one that is in another encoding nearly all are broken.
_DAMAGED = 0.1
_COMMENT = re.compile(rb"<!--.*?-->", re.DOTALL)
_META = re.compile(rb"""<meta\b[^>]*?[\s"';]charset\s*=\s*["']?\s*([\w.:-]+)""", re.IGNORECASE)
_XML = re.compile(rb"""^\s*<\?xml\b[^>]*?\sencoding\s*=\s*["']([\w.:-]+)""")
_PARAMETER = re.compile(r"""(?:^|;)\s*charset\s*=\s*["']?\s*([\w.:-]+)""", re.IGNORECASE)

# Labels that Python does not know, or knows as something else than browsers do.
_LABELS = {
    "big5-eten": "big5", "cn-big5": "big5", "x-x-big5": "big5", "dos-874": "cp874",
    "gb_2312-80": "gb18030", "x-gbk": "gb18030", "iso-8859-8-e": "iso8859-8",
    "iso-8859-8-i": "iso8859-8", "logical": "iso8859-8", "ks_c_5601-1989": "euc_kr",
    "windows-31j": "cp932", "windows-874": "cp874", "windows-949": "cp949",
    "unicode": "utf-16-le", "utf-16": "utf-16-le", "x-sjis": "cp932", "x-euc-jp": "euc_jp",
    "x-mac-cyrillic": "mac-cyrillic", "x-mac-roman": "mac-roman", "unicode-1-1-utf-8": "utf-8",
    **{f"x-cp{n}": f"cp{n}" for n in range(1250, 1259)},
}  # fmt: skip
# Encodings read as a larger one that holds them: pages declare the small one and use the large one.
_LARGER = {
    "ascii": "cp1252", "iso8859-1": "cp1252", "iso8859-9": "cp1254", "iso8859-11": "cp874",
    "tis-620": "cp874", "gb2312": "gb18030", "gbk": "gb18030", "big5": "big5hkscs",
    "cp950": "big5hkscs", "shift_jis": "cp932", "euc_kr": "cp949",
}  # fmt: skip
# No others: some of Python's codecs, such as utf-7 or unicode_escape, turn harmless bytes into marks.
_KNOWN = frozenset(
    {
        "utf-8", "utf-16-le", "utf-16-be", "gb18030", "big5hkscs", "cp932", "euc_jp", "iso2022_jp",
        "cp949", "cp866", "cp874", "koi8-r", "koi8-u", "mac-roman", "mac-cyrillic",
        *(f"cp{n}" for n in range(1250, 1259)),
        *(f"iso8859-{n}" for n in (2, 3, 4, 5, 6, 7, 8, 10, 13, 14, 15, 16)),
    }
)  # fmt: skip


def charset_of(content_type: str) -> str:
    """Return the charset parameter of a Content-Type header; empty where it has none."""
    found = _PARAMETER.search(content_type)
    return found[1].lower() if found else ""


def foreign_kind(content: bytes) -> str:
    """Return what a document is by its bytes, such as ``PDF`` or ``binary``; empty where it may be HTML."""
    head = content[:_HEAD]
    kind = kind_of(head)
    if kind == "empty" and b"\x00" in head:
        return "binary"
    return "" if kind in ("text", "empty") else kind


def decode_html(content: bytes, charset: str = "") -> str:
    """Return a document as text, without byte order mark; what no encoding explains is replaced.

    A byte order mark decides, then the header, then the document's own declaration, then whether
    it is UTF-8; for what is left, and for what is said to be UTF-8 and is not, the letters decide. Zero bytes
    are those of UTF-16 where every other byte is one, else they are left out: a parser would stop at them.

    Args:
        content: The document.
        charset: Charset that the Content-Type header names, where it names one.
    """
    for mark, codec in _BOMS:
        if content.startswith(mark):
            return content[len(mark) :].decode(codec, "replace").replace("\x00", "")
    if b"\x00" in content:
        wide = wide_order(content)
        if wide:
            return content.decode(wide, "replace").replace("\x00", "")
        content = content.replace(b"\x00", b"")
    codec = _codec(charset) or _declared(content[:_HEAD])
    if codec and codec != "utf-8":
        return content.decode(codec, "replace")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        text = content.decode("utf-8", "replace")
        if codec and text.count("\ufffd") <= _DAMAGED * sum(byte > 127 for byte in content):
            return text
        return content.decode(detect(content), "replace")


def _declared(head: bytes) -> str:
    found = _META.search(_COMMENT.sub(b"", head)) or _XML.search(head)
    codec = _codec(found[1].decode("ascii", "replace")) if found else ""
    # A declaration that can be read byte by byte is not in UTF-16, whatever it says.
    return "utf-8" if codec.startswith("utf-16") else codec


def _codec(label: str) -> str:
    """Return the Python codec for a label as browsers know it; empty for any other label."""
    label = label.strip().lower()
    try:
        codec = codecs.lookup(_LABELS.get(label, label)).name if label else ""
    except (LookupError, ValueError):  # ValueError for signs such as a null
        return ""
    codec = _LARGER.get(codec, codec)
    return codec if codec in _KNOWN else ""
