"""Normal form, characters and tokens of short texts: one road for training and for use.

Everything here works on whole batches: Arrow kernels for the normal form, then one array of code
points for all rows, so that no Python runs per row.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

# Kinds of characters. A token is a run of one kind; NONE separates tokens.
NONE, WORD, HAN, KANA, THAI = 0, 1, 2, 3, 4
_TABLE_SIZE = 0x30000  # code points above are folded onto the last cell: emoji and private use
_BLOCK = 1 << 18  # bytes looked at in one go
_ZERO_WIDTH = "[\u200b-\u200f\u202a-\u202e\u2060\ufeff\u00ad]"


def normalise(texts: pa.Array) -> pa.Array:
    """Return the texts in the form that the classifier reads.

    NFKC, lower case, no zero-width or control characters, single spaces, and one sign for all
    years from 2000 to 2039, so that a year never changes a label.

    Args:
        texts: Arrow array of strings; null becomes the empty string.
    """
    texts = pc.fill_null(texts.cast(pa.large_string()), "")
    texts = pc.utf8_lower(pc.utf8_normalize(texts, form="NFKC"))
    texts = pc.replace_substring_regex(texts, _ZERO_WIDTH, "")
    texts = pc.replace_substring_regex(texts, r"\b20[0-3][0-9]\b", "2020")
    texts = pc.replace_substring_regex(texts, r"[\pC\pZ\s]+", " ")
    return pc.utf8_trim_whitespace(texts)


def as_arrow(texts: pd.Series) -> pa.LargeStringArray:
    """Return a column of texts as one Arrow array, not copied where it is one already."""
    array = pa.array(texts.array, pa.large_string(), from_pandas=True)
    return array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array


def as_texts(texts: pa.Array | str | None, size: int) -> pd.api.extensions.ExtensionArray:
    """Return Arrow texts, or one text so many times, as the array of a column."""
    if texts is None or isinstance(texts, str):
        texts = pa.repeat(pa.scalar(texts, pa.large_string()), size)
    array: pd.api.extensions.ExtensionArray = pd.array(texts, dtype="str")
    return array


@dataclass(frozen=True)
class Utf8:
    """The bytes of a batch of texts, one after the other.

    Attributes:
        data: The bytes.
        starts: Place of each text's first byte, and behind the last text's last.
    """

    data: npt.NDArray[np.uint8]
    starts: npt.NDArray[np.int64]

    @property
    def sizes(self) -> npt.NDArray[np.int64]:
        """Bytes of each text."""
        return np.diff(self.starts)

    def texts_at(self, places: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """Return the number of the text that each byte belongs to."""
        return np.searchsorted(self.starts, places, "right") - 1


def byte_places(
    data: npt.NDArray[np.uint8], test: Callable[[npt.NDArray[np.uint8]], npt.NDArray[np.bool_]]
) -> npt.NDArray[np.int64]:
    """Return the places of the bytes that pass a test, made block by block: memory is slower than a cache."""
    blocks = range(0, len(data), _BLOCK)
    found = [np.flatnonzero(test(data[start : start + _BLOCK])) + start for start in blocks]
    return np.concatenate(found) if found else np.empty(0, np.int64)


def utf8_of(texts: pa.LargeStringArray) -> Utf8:
    """Return the bytes of texts without copying them; a missing text has none."""
    _, ends, data = texts.buffers()
    if not len(texts):
        return Utf8(np.empty(0, np.uint8), np.zeros(1, np.int64))
    starts = np.frombuffer(ends, np.int64)[texts.offset : texts.offset + len(texts) + 1]
    content = np.frombuffer(data, np.uint8) if data is not None and data.size else np.empty(0, np.uint8)
    return Utf8(content[starts[0] : starts[-1]], starts - starts[0])


# What a character beyond ASCII is, as bits.
UNSETTLED, BLANK, DIGIT = 1, 2, 4


@functools.cache
def _traits() -> npt.NDArray[np.uint8]:
    """Return what every code point below 0x10000 is, and what all others may be.

    UNSETTLED: its normal form, or one of its neighbours', may be another. BLANK: a blank, a control or a
    format character. DIGIT: a decimal digit or an at sign.
    """
    codes = np.r_[0x80:0xD800, 0xE000:0x10000]
    chars = pa.array(list(map(chr, codes.tolist())), pa.large_string())
    changed = pc.not_equal(pc.utf8_lower(pc.utf8_normalize(chars, form="NFKC")), chars)
    # Marks and the vowels of Hangul may become one with what stands before them.
    joining = pc.match_substring_regex(chars, "\\pM|[\u1100-\u11ff]")
    blank = pc.match_substring_regex(chars, r"\pZ|\p{Cc}|\p{Cf}")
    digit = pc.match_substring_regex(chars, r"\p{Nd}|＠")
    traits = np.zeros(0x10001, np.uint8)
    unsettled = pc.or_(pc.or_(changed, joining), blank)
    for trait, found in ((UNSETTLED, unsettled), (BLANK, blank), (DIGIT, digit)):
        traits[codes[found.to_numpy(zero_copy_only=False)]] |= trait
    traits[-1] = UNSETTLED | BLANK | DIGIT
    return traits


def texts_with(trait: int, content: Utf8) -> npt.NDArray[np.int64]:
    """Return the numbers of texts that hold a character beyond ASCII of this trait, each once or more.

    Args:
        trait: UNSETTLED, BLANK or DIGIT.
        content: The texts.
    """
    data = content.data
    if not len(data) or data.max() < 0x80:
        return np.empty(0, np.int64)
    traits, found = _traits(), []
    for start in range(0, len(data), _BLOCK):
        places = np.flatnonzero(data[start : start + _BLOCK] >= 0xC0) + start
        lead = data[places].astype(np.int32)
        code = (lead & 0x1F) << 6 | data[places + 1] & 0x3F
        long = np.flatnonzero(lead >= 0xE0)
        code[long] = (code[long] & 0x3FF) << 6 | data[places[long] + 2] & 0x3F
        code[lead >= 0xF0] = 0x10000
        found.append(places[traits[code] & trait != 0])
    return content.texts_at(np.concatenate(found))


def untidy(texts: pa.LargeStringArray, trait: int = BLANK) -> npt.NDArray[np.bool_]:
    """Return which texts hold control characters, or blanks that are not single spaces inside.

    Args:
        texts: None of them is empty.
        trait: Other characters beyond ASCII that make a text untidy, see `texts_with`.
    """
    content = utf8_of(texts)
    data, starts = content.data, content.starts
    space = ord(" ")
    found: npt.NDArray[np.bool_] = (data[starts[:-1]] == space) | (data[starts[1:] - 1] == space)
    for start in range(0, len(data), _BLOCK):
        some = data[start : start + _BLOCK + 1] == space
        if (doubled := some[1:] & some[:-1]).any():
            found[content.texts_at(np.flatnonzero(doubled) + start)] = True
    if len(data) and (data.min() < space or data.max() >= 127):
        found[content.texts_at(byte_places(data, lambda some: (some < space) | (some == 127)))] = True
        found[texts_with(trait, content)] = True
    return found


@functools.cache
def character_kinds() -> npt.NDArray[np.uint8]:
    """Return the kind of every code point (NONE, WORD, HAN, KANA, THAI)."""
    kinds = np.zeros(_TABLE_SIZE, np.uint8)
    for code in range(_TABLE_SIZE):
        char = chr(code)
        if char.isalnum() or (0x0300 <= code < 0x0370):
            kinds[code] = WORD
    for start, stop, kind in (
        (0x3041, 0x3100, KANA),
        (0x31F0, 0x3200, KANA),
        (0xFF66, 0xFF9E, KANA),
        (0x0900, 0x0E00, WORD),  # vowel signs are not alphanumeric, but belong to their word
        (0x0E00, 0x1000, THAI),
        (0x1000, 0x1100, THAI),
        (0x1780, 0x1800, THAI),
        (0x2E80, 0x2FE0, HAN),
        (0x3005, 0x3008, HAN),
        (0x3400, 0x4DC0, HAN),
        (0x4E00, 0xA000, HAN),
        (0xF900, 0xFB00, HAN),
        (0x20000, 0x30000, HAN),
    ):
        kinds[start:stop] = kind
    kinds[0x30FB] = NONE  # the middle dot of katakana
    for sign in "+#&%$€£¥'":  # c++, c#, 50%, $20, men's: part of a word
        kinds[ord(sign)] = WORD
    return kinds


@functools.cache
def simplified() -> npt.NDArray[np.uint32]:
    """Return, for every code point, its Simplified Chinese form (itself for most).

    Character by character, so that a text keeps its length and every character its place.
    """
    from opencc import OpenCC

    table = np.arange(_TABLE_SIZE, dtype=np.uint32)
    codes = [*range(0x3400, 0x4DC0), *range(0x4E00, 0xA000), *range(0xF900, 0xFB00)]
    converted = OpenCC("t2s").convert("\n".join(map(chr, codes))).split("\n")
    for code, char in zip(codes, converted, strict=True):
        if len(char) == 1:
            table[code] = min(ord(char), _TABLE_SIZE - 1)
    return table


def to_simplified(text: str) -> str:
    """Return the text with every Traditional character in its Simplified form."""
    if not any(ord(c) > 0x2E7F for c in text):
        return text
    table = simplified()
    return "".join(chr(table[ord(c)]) if ord(c) < _TABLE_SIZE else c for c in text)


@dataclass(frozen=True)
class Characters:
    """The characters of a batch of texts, one after the other.

    Attributes:
        codes: Code points, Traditional folded onto Simplified; each text ends with a newline.
        kinds: Kind of each code point.
        tokens: Number of the token that each code point belongs to (meaningless where kind NONE).
        rows: Number of the text that each code point belongs to.
        starts: Index of the first code point of each text.
    """

    codes: npt.NDArray[np.uint32]
    kinds: npt.NDArray[np.uint8]
    tokens: npt.NDArray[np.int64]
    rows: npt.NDArray[np.int64]
    starts: npt.NDArray[np.int64]


def characters(texts: pa.Array) -> Characters:
    """Lay out a batch of normalised texts as arrays of code points."""
    joined = "\n".join(texts.to_pylist()) + "\n" if len(texts) else ""
    codes = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), np.uint32)
    codes = simplified()[np.minimum(codes, _TABLE_SIZE - 1)]
    kinds = character_kinds()[codes]
    ends = codes == 10
    rows = np.cumsum(ends) - ends
    change = np.empty(len(codes), bool)
    if len(codes):
        change[0] = True
        change[1:] = kinds[1:] != kinds[:-1]
    starts = np.flatnonzero(np.r_[True, ends[:-1]]) if len(codes) else np.empty(0, np.int64)
    return Characters(codes, kinds, np.cumsum(change), rows, starts)
