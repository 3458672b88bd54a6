"""The kind of a file by its first bytes, and the encoding of a text by proof."""

from __future__ import annotations

import codecs
import functools
import re
import struct
from dataclasses import dataclass

from journeyseo.errors import InputError

_SIGNATURES = (
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"\x1f\x8b", "gzip"),
    (b"PAR1", "parquet"),
    (b"\xd0\xcf\x11\xe0", "xls"),
    (b"%PDF", "PDF"),
    (b"\x89PNG", "PNG image"),
    (b"\xff\xd8\xff", "JPEG image"),
    (b"GIF8", "GIF image"),
    (b"\x7fELF", "program"),
    (b"MZ", "program"),
    (b"SQLite format 3", "SQLite database"),
    (b"Rar!", "RAR archive"),
    (b"7z\xbc\xaf", "7z archive"),
)
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Where two fit equally the first is taken: all Hangul reads as everyday Chinese, so Korean, which is
# taken only by its everyday syllables, comes before it.
_LEGACY = ("cp949", "gb18030", "big5", "cp932", "cp1251", "cp1252")
_SYLLABLES = frozenset(
    "이다는가에의을하고기지사리한로어그대시나자인도를제스해일아은서라전부정수들보상구장조주원안과여유비동공성"
    "면요마있무선게만소트신내미오세치경연천법음화추검색워드방"
)
# Share of everyday syllables above which a text is Korean. Five Korean queries of data/queries have 0.26
# or more, five Chinese ones misread have 0.14 or less.
_MIN_SYLLABLES = 0.2
# Korean holds a few hanja; Chinese misread as Korean is nearly half of them (data/queries).
_MOSTLY = 0.95
_DOUBT = 0.5  # what is left of the fit of an encoding whose own signs are missing
_WORD = re.compile(r"[^\W\d_]+")
# Bytes looked at to choose between legacy encodings: enough for a thousand rows, and quick.
_PROBE = 200_000
_BLANK = b" \t\r\n\x00" + codecs.BOM_UTF8 + codecs.BOM_UTF16_LE
# Control bytes that no text export holds; more than this share means that it is no text, unless they are
# few: some slip into exports of any size.
_MAX_CONTROL, _FEW_CONTROL = 0.02, 3


@dataclass(frozen=True)
class Decoded:
    """A text and the encoding that it was read in."""

    text: str
    encoding: str


def kind_of(data: bytes) -> str:
    """Return what a file is by its first bytes: ``text``, ``zip``, ``gzip``, ``parquet`` ...

    ``empty`` for no bytes or blanks only, ``binary`` for what is no text in any known encoding.
    """
    if not data.strip(_BLANK):
        return "empty"
    for signature, kind in _SIGNATURES:
        # Two letters alone may begin a text; the header of a program holds zeros.
        if data.startswith(signature) and (signature != b"MZ" or b"\x00" in data[:64]):
            return kind
    if any(data.startswith(bom) for bom, _ in _BOMS) or wide_order(data):
        return "text"
    probe = data[:4096]
    control = sum(b < 9 or 13 < b < 32 for b in probe)
    return "binary" if control > max(_FEW_CONTROL, _MAX_CONTROL * len(probe)) else "text"


def wide_order(data: bytes) -> str | None:
    """Return the UTF-16 byte order of a text without byte order mark, if it looks like one."""
    probe = data[:2000]
    even, odd = probe[0::2], probe[1::2]
    if len(odd) >= 4 and odd.count(0) > 0.6 * len(odd) and even.count(0) < 0.1 * len(even):
        return "utf-16-le"
    if len(odd) >= 4 and even.count(0) > 0.6 * len(even) and odd.count(0) < 0.1 * len(odd):
        return "utf-16-be"
    return None


@functools.cache
def _common(encoding: str) -> frozenset[str]:
    """Return the everyday characters that a legacy encoding was made for."""

    def level(leads: range, trails: range) -> set[str]:
        pairs = (bytes((a, b)) for a in leads for b in trails)
        return set("".join(p.decode(encoding, "ignore") for p in pairs))

    if encoding == "gb18030":
        return frozenset(level(range(0xB0, 0xD8), range(0xA1, 0xFF)) | set("，。：；（）、“”？！【】－％"))
    if encoding == "big5":
        return frozenset(level(range(0xA4, 0xC7), range(0x40, 0xFF)) | set("，。：；（）、「」？！％"))
    if encoding == "cp932":
        kana = {chr(c) for c in range(0x3041, 0x30FF)}
        return frozenset(kana | level(range(0x88, 0x98), range(0x40, 0xFD)) | set("、。（）："))
    if encoding == "cp949":
        return frozenset(chr(c) for c in (*range(0xAC00, 0xD7A4), *range(0x3131, 0x3164)))
    if encoding == "cp1251":
        return frozenset({chr(c) for c in range(0x410, 0x450)} | set("ёЁіїєґ«»–—№\xa0"))
    return frozenset(
        {c for c in map(chr, range(0xC0, 0x100)) if c.isalpha()} | set("€£©®°«»–—’‘“”…·œŒ\xa0¿¡")
    )


def _fit(text: str, encoding: str) -> float:
    """Return the share of the non-ASCII characters that are everyday ones in the encoding."""
    strange = [c for c in text if ord(c) > 127]
    if not strange:
        return 1.0
    common = _common(encoding)
    share = sum(c in common for c in strange) / len(strange)
    # Chinese bytes decode to rare kanji, or to rare Hangul mixed with hanja: without kana it is no
    # Japanese, and without everyday syllables no Korean.
    if encoding == "cp932":
        kana = sum("\u3041" <= c <= "\u30ff" for c in strange) / len(strange)
        return share if kana > 0.1 else share * _DOUBT
    if encoding == "cp949":
        everyday = sum(c in _SYLLABLES for c in strange) / len(strange)
        if everyday <= _MIN_SYLLABLES:
            return share * _DOUBT
        return 1.0 if share > _MOSTLY else share
    if encoding in ("cp1251", "cp1252"):
        return share * _spelling(text, mixed=encoding == "cp1252")
    return share


def _spelling(text: str, *, mixed: bool) -> float:
    """Return the share of the non-ASCII letters that stand in words as their script spells them.

    Accents stand among plain Latin letters (``mixed``); Cyrillic letters never do. A single letter
    may be a word of either, so alone it is no proof of Cyrillic.
    """
    letters = fitting = 0
    for word in _WORD.findall(text):
        foreign = sum(c > "\x7f" for c in word)
        if len(word) > 1:
            letters += foreign
            fitting += foreign if mixed == (foreign < len(word)) else 0
    if not letters:
        return 1.0 if mixed else _DOUBT
    return fitting / letters


def legacy_encoding(data: bytes) -> str | None:
    """Return the legacy encoding whose everyday characters fit some bytes best; None where none fits."""
    probe = data[:_PROBE]
    best, best_fit = None, 0.0
    for encoding in _LEGACY:
        try:
            data.decode(encoding)
            text = probe.decode(encoding, "ignore")
        except (UnicodeDecodeError, UnicodeError):
            continue
        fit = _fit(text, encoding)
        if fit > best_fit + 1e-9:
            best, best_fit = encoding, fit
    # 0.5: on our fixtures the right encoding scores 0.97 or more and the wrong ones 0.45 or less.
    return best if best_fit >= 0.5 else None


def decode(data: bytes, *, where: str, encoding: str | None = None) -> Decoded:
    """Return the text of some bytes and the encoding found.

    The byte order mark decides, then strict UTF-8, then UTF-16 without a mark, then the legacy
    encoding (GB18030, Big5, CP932, CP949, CP1251, CP1252) whose everyday characters fit best.

    Args:
        data: The bytes.
        where: Name for error messages.
        encoding: Take this encoding and no other.

    Raises:
        InputError: No encoding fits, or the one asked for does not.
    """
    if encoding is not None:
        try:
            return Decoded(data.decode(encoding), encoding)
        except LookupError as error:
            raise InputError(f"There is no encoding {encoding!r}.", where=where) from error
        except UnicodeDecodeError as error:
            raise InputError(
                f"The file is not {encoding}: byte {error.start} does not fit.",
                where=where,
                hint="Leave the encoding out to have it found.",
            ) from error
    found: str | None = next((name for bom, name in _BOMS if data.startswith(bom)), None)
    if found is None:
        found = wide_order(data)
    for candidate in (found, "utf-8"):
        if candidate is None:
            continue
        try:
            return Decoded(data.decode(candidate), candidate.removesuffix("-sig"))
        except UnicodeDecodeError as error:
            if candidate == found:
                raise InputError(
                    f"The file begins as {candidate} but byte {error.start} does not fit.",
                    where=where,
                    hint="Export it again, or save it as UTF-8.",
                ) from error
    found = legacy_encoding(data)
    if found is None:
        raise InputError(
            "The encoding is none of UTF-8, UTF-16, GB18030, Big5, CP932, CP949, CP1251, CP1252.",
            where=where,
            hint="Save it as UTF-8, or name its encoding.",
        )
    return Decoded(data.decode(found), found)


def as_utf8(data: bytes, *, where: str, encoding: str | None = None) -> tuple[bytes, str]:
    """Return a text as UTF-8 and the encoding found, as `decode` finds it; UTF-8 is not copied.

    Args:
        data: The bytes.
        where: Name for error messages.
        encoding: Take this encoding and no other.

    Raises:
        InputError: No encoding fits, or the one asked for does not.
    """
    marked = any(data.startswith(bom) for bom, name in _BOMS if name != "utf-8-sig")
    if encoding is None and not marked and wide_order(data) is None and _is_utf8(data):
        return data, "utf-8"
    decoded = decode(data, where=where, encoding=encoding)
    return decoded.text.encode("utf-8", "replace"), decoded.encoding


def _is_utf8(data: bytes) -> bool:
    """Return whether some bytes are UTF-8, without a copy of them."""
    import pyarrow as pa

    if data.isascii():
        return True
    ends = pa.py_buffer(struct.pack("=2q", 0, len(data)))
    try:
        pa.LargeStringArray.from_buffers(1, ends, pa.py_buffer(data)).validate(full=True)
    except pa.ArrowInvalid:
        return False
    return True
