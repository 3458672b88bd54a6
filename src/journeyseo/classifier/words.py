"""Texts as distinct words: what lies within a word is worked out once, however often it occurs.

Words are what lies between blanks; most exports repeat a few ten thousand of them millions of times.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import scipy.sparse as sp

from journeyseo.classifier.ngrams import (
    Counts,
    Features,
    NgramOptions,
    Tokens,
    counts_of,
    edge_features,
    inner_features,
    pair_features,
    shape_buckets,
    tokens_of,
)
from journeyseo.text import characters, normalise


@dataclass(frozen=True)
class WordFeatures:
    """The features of a batch of texts, as `journeyseo.classifier.ngrams.features` finds them.

    Attributes:
        inner: Features within words; their rows are numbers of distinct words.
        outer: Features across words; their rows are numbers of texts.
    """

    inner: list[Features]
    outer: list[Features]


@dataclass(frozen=True)
class Words:
    """The words of a batch of texts.

    Attributes:
        distinct: The distinct words as typed.
        codes: Number of each word, text after text.
        offsets: Where each text's words begin, and where the last one's end.
    """

    distinct: pa.Array
    codes: npt.NDArray[np.int32]
    offsets: npt.NDArray[np.int64]

    @property
    def rows(self) -> sp.csr_matrix:
        """How often each text has each distinct word."""
        ones = np.ones(len(self.codes), np.float32)
        shape = (len(self.offsets) - 1, len(self.distinct))
        return sp.csr_matrix((ones, self.codes, self.offsets), shape=shape)

    @property
    def dense(self) -> npt.NDArray[np.bool_]:
        """Whether each text has characters of a script without blanks between words."""
        counts = counts_of(characters(normalise(self.distinct)))
        found: npt.NDArray[np.bool_] = self.rows @ (counts.dense > 0).astype(np.float32) > 0
        return found

    def features(self, options: NgramOptions) -> WordFeatures:
        """Return the features of the texts."""
        text = characters(normalise(self.distinct))
        tokens, counts = tokens_of(text), counts_of(text)
        spread = self._spread(tokens)
        whole = self._add_up(counts)
        shape = shape_buckets(whole, options)
        rows = np.flatnonzero(whole.all > 0)
        nowhere = np.zeros(len(rows), np.int64)
        outer = [
            *pair_features(spread, options),
            *edge_features(spread, options),
            Features(rows, shape[rows], nowhere, nowhere),
        ]
        return WordFeatures(inner_features(text, tokens, options), outer)

    def _spread(self, tokens: Tokens) -> Tokens:
        """Return the tokens of the texts from those of the distinct words; without their places."""
        size = len(self.distinct)
        per_word = np.bincount(tokens.rows, minlength=size)
        begin = np.r_[0, np.cumsum(per_word)[:-1]]
        rows = np.repeat(np.arange(len(self.offsets) - 1), np.diff(self.offsets))
        if (per_word == 1).all():
            at = self.codes.astype(np.int64)
        else:
            many = per_word[self.codes]
            step = np.arange(many.sum()) - np.repeat(np.cumsum(many) - many, many)
            at = np.repeat(begin[self.codes], many) + step
            rows = np.repeat(rows, many)
        nowhere = np.broadcast_to(np.int64(0), len(at))
        return Tokens(rows, tokens.hashes[at], nowhere, nowhere)

    def _add_up(self, counts: Counts) -> Counts:
        """Return the counts of the texts: their words with one blank between two."""
        columns = [counts.all, counts.digits, counts.letters, counts.dense, counts.all > 0]
        table = np.column_stack([np.asarray(c, np.float32) for c in columns])
        size, digits, letters, dense, words = (self.rows @ table).T.astype(np.int64)
        return Counts(size + np.maximum(words - 1, 0), digits, letters, dense)


def split_words(texts: pa.Array) -> Words:
    """Return the words of texts; null counts as empty."""
    texts = pc.fill_null(texts.cast(pa.large_string()), "")
    lists = pc.utf8_split_whitespace(texts)
    offsets = lists.offsets.to_numpy()
    flat = lists.values.slice(int(offsets[0]), int(offsets[-1] - offsets[0]))
    encoded = pc.dictionary_encode(flat)
    codes = encoded.indices.to_numpy(zero_copy_only=False)
    return Words(encoded.dictionary, codes, offsets.astype(np.int64) - int(offsets[0]))


def sparse_sum(
    found: Sequence[Features], rows: int, weights: npt.NDArray[np.float32]
) -> npt.NDArray[np.float64]:
    """Return the sum of the features' weights by row; each part's rows must ascend."""
    total = np.zeros((rows, weights.shape[1]), np.float64)
    for part in found:
        if len(part.rows):
            pointers = np.searchsorted(part.rows, np.arange(rows + 1))
            ones = np.ones(len(part.rows), np.float32)
            total += sp.csr_matrix((ones, part.buckets, pointers), shape=(rows, len(weights))) @ weights
    return total
