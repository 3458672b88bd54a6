"""Hashed character and word n-grams of a batch of texts, computed as whole arrays.

A feature is a 64-bit hash of what was seen (a character window inside a token, a token, a pair of
tokens), reduced to a bucket. No vocabulary is kept, no Python runs per row, and the same code
serves training and use.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from journeyseo.text import HAN, KANA, NONE, THAI, Characters, characters

Hashes = npt.NDArray[np.uint64]

_PRIME = np.uint64(0x100000001B3)
_MIX = np.uint64(0x9E3779B97F4A7C15)
_SALT = {"char": 11, "token": 23, "pair": 37, "skip": 41, "first": 53, "last": 59, "shape": 61}


@dataclass(frozen=True)
class NgramOptions:
    """What counts as a feature.

    Attributes:
        bits: Number of buckets as a power of two.
        chars: Longest character window inside a token.
        seed: Separates the fields of a record from each other.
    """

    bits: int = 18
    chars: int = 5
    seed: int = 0


@dataclass(frozen=True)
class Features:
    """One feature seen in one text, many times: parallel arrays.

    Attributes:
        rows: Number of the text.
        buckets: Bucket of the feature.
        first: Index of the first code point that it covers.
        last: Index of the last code point that it covers.
    """

    rows: npt.NDArray[np.int64]
    buckets: npt.NDArray[np.int64]
    first: npt.NDArray[np.int64]
    last: npt.NDArray[np.int64]


def _bucket(hashes: Hashes, salt: str, options: NgramOptions) -> npt.NDArray[np.int64]:
    mixed = (hashes + np.uint64(_SALT[salt] + 1009 * options.seed)) * _MIX
    mixed ^= mixed >> np.uint64(29)
    mixed *= np.uint64(0xBF58476D1CE4E5B9)
    return (mixed >> np.uint64(64 - options.bits)).astype(np.int64)


def _windows(text: Characters, options: NgramOptions) -> Iterator[Features]:
    """Yield the character windows inside tokens, and at their borders."""
    inside = text.kinds != NONE
    dense = np.isin(text.kinds, (HAN, KANA, THAI))
    hashes = np.zeros(len(text.codes), np.uint64)
    codes = text.codes.astype(np.uint64) + np.uint64(7)
    for size in range(1, options.chars + 1):
        count = len(codes) - size + 1
        if count <= 0:
            return
        hashes = hashes[:count] * _PRIME + codes[size - 1 :]
        same = inside[:count] & (text.tokens[:count] == text.tokens[size - 1 :])
        # One letter says nothing; one Han character does. Long windows of Han are rare.
        keep = same & (dense[:count] if size == 1 else ~dense[:count] | (size <= 4))
        at = np.flatnonzero(keep)
        if size == 2:  # pairs of letters only at the borders of a word, where endings live
            before = np.r_[True, text.tokens[1:] != text.tokens[:-1]]
            after = np.r_[text.tokens[1:] != text.tokens[:-1], True]
            at = at[dense[at] | before[at] | after[at + 1]]
        yield Features(text.rows[at], _bucket(hashes[at], "char", options), at, at + size - 1)
        if size >= 3:
            starts = np.r_[True, text.tokens[1:] != text.tokens[:-1]]
            edge = at[starts[at]]
            yield Features(
                text.rows[edge],
                _bucket(hashes[edge] ^ np.uint64(0xA5A5A5), "char", options),
                edge,
                edge + size - 1,
            )


def _tokens(text: Characters, options: NgramOptions) -> Iterator[Features]:
    """Yield tokens, neighbouring pairs, pairs with a gap, and the outer tokens."""
    if not len(text.codes):
        return
    starts = np.flatnonzero(np.r_[True, text.tokens[1:] != text.tokens[:-1]])
    lengths = np.diff(np.r_[starts, len(text.codes)])
    powers = text.codes.astype(np.uint64) + np.uint64(7)
    position = np.arange(len(text.codes)) - np.repeat(starts, lengths)
    # An order-sensitive hash of a whole token in one pass: characters weighted by their place.
    weights = (np.arange(1, int(lengths.max()) + 1).astype(np.uint64) * _MIX) | np.uint64(1)
    hashes = np.add.reduceat(powers * weights[position], starts)
    real = text.kinds[starts] != NONE
    first, hashes = starts[real], hashes[real]
    last = first + lengths[real] - 1
    rows = text.rows[first]
    yield Features(rows, _bucket(hashes, "token", options), first, last)
    for gap, salt in ((1, "pair"), (2, "skip")):
        if len(hashes) <= gap:
            continue
        same = np.flatnonzero(rows[:-gap] == rows[gap:])
        pair = hashes[same] * _PRIME + hashes[same + gap]
        yield Features(rows[same], _bucket(pair, salt, options), first[same], last[same + gap])
    for salt, edge in (
        ("first", np.r_[True, rows[1:] != rows[:-1]] if len(rows) else np.empty(0, bool)),
        ("last", np.r_[rows[1:] != rows[:-1], True] if len(rows) else np.empty(0, bool)),
    ):
        at = np.flatnonzero(edge)
        yield Features(rows[at], _bucket(hashes[at], salt, options), first[at], last[at])


def _shapes(text: Characters, options: NgramOptions) -> Iterator[Features]:
    """Yield one feature a text for its length and its mix of letters, digits and Han."""
    if not len(text.starts):
        return
    lengths = np.diff(np.r_[text.starts, len(text.codes)]) - 1
    digits = np.add.reduceat(((text.codes >= 48) & (text.codes <= 57)).astype(np.int64), text.starts)
    letters = np.add.reduceat(((text.codes >= 97) & (text.codes <= 122)).astype(np.int64), text.starts)
    dense = np.add.reduceat(np.isin(text.kinds, (HAN, KANA, THAI)).astype(np.int64), text.starts)
    size = np.minimum(np.where(dense > 0, lengths, lengths // 4), 15)
    shape = size * 8 + (digits > 0) * 4 + (letters > 0) * 2 + (dense > 0)
    # A text without characters has no shape: a field that is missing must say nothing.
    rows = np.flatnonzero(lengths > 0)
    first = text.starts[rows]
    hashes = _bucket(shape[rows].astype(np.uint64), "shape", options)
    yield Features(rows, hashes, first, first + lengths[rows] - 1)


def features(texts: pa.Array, options: NgramOptions) -> tuple[Characters, list[Features]]:
    """Return the characters of a batch of normalised texts and all features seen in them."""
    text = characters(texts)
    with np.errstate(over="ignore"):
        found = [*_windows(text, options), *_tokens(text, options), *_shapes(text, options)]
    return text, found
