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


@dataclass(frozen=True)
class Tokens:
    """The tokens of a batch of texts, one after the other.

    Attributes:
        rows: Number of the text of each token.
        hashes: Hash of each token.
        first: Index of its first code point.
        last: Index of its last code point.
    """

    rows: npt.NDArray[np.int64]
    hashes: Hashes
    first: npt.NDArray[np.int64]
    last: npt.NDArray[np.int64]


def tokens_of(text: Characters) -> Tokens:
    """Return the tokens of a batch of texts: runs of one kind of character."""
    if not len(text.codes):
        empty = np.empty(0, np.int64)
        return Tokens(empty, empty.astype(np.uint64), empty, empty)
    starts = np.flatnonzero(np.r_[True, text.tokens[1:] != text.tokens[:-1]])
    lengths = np.diff(np.r_[starts, len(text.codes)])
    powers = text.codes.astype(np.uint64) + np.uint64(7)
    position = np.arange(len(text.codes)) - np.repeat(starts, lengths)
    with np.errstate(over="ignore"):
        # An order-sensitive hash of a whole token in one pass: characters weighted by their place.
        weights = (np.arange(1, int(lengths.max()) + 1).astype(np.uint64) * _MIX) | np.uint64(1)
        hashes = np.add.reduceat(powers * weights[position], starts)
    real = text.kinds[starts] != NONE
    first = starts[real]
    return Tokens(text.rows[first], hashes[real], first, first + lengths[real] - 1)


def inner_features(text: Characters, tokens: Tokens, options: NgramOptions) -> list[Features]:
    """Return the features that lie within one token: its windows, and the token as a whole."""
    with np.errstate(over="ignore"):
        whole = _bucket(tokens.hashes, "token", options)
        return [*_windows(text, options), Features(tokens.rows, whole, tokens.first, tokens.last)]


def pair_features(tokens: Tokens, options: NgramOptions) -> list[Features]:
    """Return the features across tokens: neighbours, and neighbours of neighbours."""
    found = []
    for gap, salt in ((1, "pair"), (2, "skip")):
        if len(tokens.hashes) <= gap:
            continue
        same = np.flatnonzero(tokens.rows[:-gap] == tokens.rows[gap:])
        with np.errstate(over="ignore"):
            pair = tokens.hashes[same] * _PRIME + tokens.hashes[same + gap]
            buckets = _bucket(pair, salt, options)
        found.append(Features(tokens.rows[same], buckets, tokens.first[same], tokens.last[same + gap]))
    return found


def edge_features(tokens: Tokens, options: NgramOptions) -> list[Features]:
    """Return the features of the outer tokens: the first and the last of each text."""
    found = []
    border = tokens.rows[1:] != tokens.rows[:-1]
    for salt, edge in (("first", np.r_[True, border]), ("last", np.r_[border, True])):
        at = np.flatnonzero(edge[: len(tokens.rows)])
        with np.errstate(over="ignore"):
            buckets = _bucket(tokens.hashes[at], salt, options)
        found.append(Features(tokens.rows[at], buckets, tokens.first[at], tokens.last[at]))
    return found


@dataclass(frozen=True)
class Counts:
    """How many characters of each sort texts have.

    Attributes:
        all: Characters.
        digits: Digits 0 to 9.
        letters: Letters a to z.
        dense: Characters of scripts without blanks between words.
    """

    all: npt.NDArray[np.int64]
    digits: npt.NDArray[np.int64]
    letters: npt.NDArray[np.int64]
    dense: npt.NDArray[np.int64]


def counts_of(text: Characters) -> Counts:
    """Return the counts of each text."""
    if not len(text.starts):
        empty = np.empty(0, np.int64)
        return Counts(empty, empty, empty, empty)

    def count(which: npt.NDArray[np.bool_]) -> npt.NDArray[np.int64]:
        return np.add.reduceat(which.astype(np.int64), text.starts)

    return Counts(
        np.diff(np.r_[text.starts, len(text.codes)]) - 1,
        count((text.codes >= 48) & (text.codes <= 57)),
        count((text.codes >= 97) & (text.codes <= 122)),
        count(np.isin(text.kinds, (HAN, KANA, THAI))),
    )


def shape_buckets(counts: Counts, options: NgramOptions) -> npt.NDArray[np.int64]:
    """Return one feature a text for its length and its mix of letters, digits and Han."""
    dense = counts.dense > 0
    size = np.minimum(np.where(dense, counts.all, counts.all // 4), 15)
    shape = size * 8 + (counts.digits > 0) * 4 + (counts.letters > 0) * 2 + dense
    with np.errstate(over="ignore"):
        return _bucket(shape.astype(np.uint64), "shape", options)


def features(texts: pa.Array, options: NgramOptions) -> tuple[Characters, list[Features]]:
    """Return the characters of a batch of normalised texts and all features seen in them."""
    text = characters(texts)
    tokens, counts = tokens_of(text), counts_of(text)
    # A text without characters has no shape: a field that is missing must say nothing.
    rows = np.flatnonzero(counts.all > 0)
    first = text.starts[rows]
    shape = Features(rows, shape_buckets(counts, options)[rows], first, first + counts.all[rows] - 1)
    found = [
        *inner_features(text, tokens, options),
        *pair_features(tokens, options),
        *edge_features(tokens, options),
        shape,
    ]
    return text, found
