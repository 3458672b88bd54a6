"""The kind of a file by its first bytes, and the encoding of a text by proof."""

from __future__ import annotations

import codecs
import functools
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
_LEGACY = ("gb18030", "big5", "cp932", "cp949", "cp1251", "cp1252")
# Bytes looked at to choose between legacy encodings: enough for a thousand rows, and quick.
_PROBE = 200_000
# Control bytes that no text export holds; more than this share means that it is no text.
_MAX_CONTROL = 0.02


@dataclass(frozen=True)
class Decoded:
    """A text and the encoding that it was read in."""

    text: str
    encoding: str


def kind_of(data: bytes) -> str:
    """Return what a file is by its first bytes: ``text``, ``zip``, ``gzip``, ``parquet`` ...

    ``empty`` for no bytes or blanks only, ``binary`` for what is no text in any known encoding.
    """
    if not data.strip(b" \t\r\n\xef\xbb\xbf\x00"):
        return "empty"
    for signature, kind in _SIGNATURES:
        if data.startswith(signature):
            return kind
    if any(data.startswith(bom) for bom, _ in _BOMS) or _wide(data):
        return "text"
    probe = data[:4096]
    control = sum(b < 9 or 13 < b < 32 for b in probe)
    return "binary" if control > _MAX_CONTROL * len(probe) else "text"


def _wide(data: bytes) -> str | None:
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
        return frozenset(chr(c) for c in range(0xAC00, 0xD7A4))
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
    if encoding in ("cp932", "cp949"):
        # Chinese bytes decode to rare kanji or to Hangul mixed with hanja: without kana, or with
        # much else than Hangul, it is neither Japanese nor Korean.
        kana = sum("\u3041" <= c <= "\u30ff" for c in strange) / len(strange)
        share *= 1.0 if encoding == "cp949" or kana > 0.1 else 0.5
    return share


def _legacy(data: bytes) -> str | None:
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
        found = _wide(data)
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
    found = _legacy(data)
    if found is None:
        raise InputError(
            "The encoding is none of UTF-8, UTF-16, GB18030, Big5, CP932, CP949, CP1251, CP1252.",
            where=where,
            hint="Save it as UTF-8, or name its encoding.",
        )
    return Decoded(data.decode(found), found)
