"""The fast engine: a linear model over hashed n-grams, folded into one table.

A row's score is the sum of its features' table rows over the root of the sum of their squared
weights. Each part of a text therefore has an exact share in the score: the model explains itself.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from journeyseo.classifier.artifact import Artifact, load_artifact
from journeyseo.classifier.engine import Answer, Floats, single, softmax
from journeyseo.classifier.ngrams import Features, NgramOptions, features
from journeyseo.classifier.words import sparse_sum, split_words
from journeyseo.cues import spans_of_words
from journeyseo.errors import InputError
from journeyseo.text import HAN, KANA, NONE, THAI, Characters, normalise

# Rows scored at once: the more, the fewer words are met again; this many take about 150 MB. Results do
# not depend on it.
_BATCH = 131_072
# Rows at once where every character is looked at.
_DETAIL = 16_384


@dataclass(frozen=True)
class LinearModel:
    """A table of weights over hashed n-grams.

    Attributes:
        name: Kind and version.
        labels: Labels in the order of the scores.
        table: Weight of every bucket for every label (the inverse document frequency included).
        squares: Squared inverse document frequency of every bucket.
        bias: Score of every label without any feature.
        temperature: Divides the scores, so that probabilities are calibrated.
        options: What counts as a feature.
    """

    name: str
    labels: tuple[str, ...]
    table: Floats
    squares: Floats
    bias: Floats
    temperature: float
    options: NgramOptions

    @classmethod
    def from_artifact(cls, artifact: Artifact) -> LinearModel:
        """Return the model in a folder that was read."""
        manifest = artifact.manifest
        return cls(
            artifact.name,
            tuple(manifest["labels"]),
            artifact.arrays["table"].astype(np.float32),
            artifact.arrays["squares"].astype(np.float32),
            artifact.arrays["bias"].astype(np.float32),
            float(manifest["temperature"]),
            NgramOptions(**manifest["options"]),
        )

    @classmethod
    def load(cls, folder: Path, kind: str) -> LinearModel:
        """Read a model folder.

        Raises:
            ModelError: See `journeyseo.classifier.artifact.load_artifact`.
        """
        return cls.from_artifact(load_artifact(folder, kind))

    def scores(self, texts: pa.Array) -> Floats:
        """Return the raw scores of texts, one row a text.

        Args:
            texts: Arrow strings, as typed; they are normalised here.
        """
        parts = [self._batch(texts.slice(i, _BATCH)) for i in range(0, len(texts), _BATCH)]
        return np.concatenate(parts) if parts else np.empty((0, len(self.labels)), np.float32)

    def _batch(self, texts: pa.Array) -> Floats:
        """Score each distinct word once; a text is then a look-up and a sum."""
        words = split_words(texts)
        found = words.features(self.options)
        # The squares travel as one more column, so that one product gives both sums.
        weights = self._weights
        by_word = sparse_sum(found.inner, len(words.distinct), weights)
        total = words.rows @ by_word
        for part in found.outer:
            total += sparse_sum([part], len(texts), weights)
        scores = total[:, :-1] / np.sqrt(np.maximum(total[:, -1:], 1e-12)) + self.bias
        out: Floats = scores.astype(np.float32)
        return out

    @functools.cached_property
    def _weights(self) -> Floats:
        return np.ascontiguousarray(np.column_stack([self.table, self.squares]), np.float32)

    def share_of(self, found: Sequence[Features], rows: int) -> npt.NDArray[np.float64]:
        """Return the part of the scores that some features give, one row a text."""
        total = np.zeros((rows, len(self.labels)), np.float64)
        squares = np.zeros(rows, np.float64)
        for part in found:
            if not len(part.rows):
                continue
            # Rows ascend within a part, so that sums run over slices.
            starts = np.flatnonzero(np.r_[True, part.rows[1:] != part.rows[:-1]])
            at = part.rows[starts]
            total[at] += np.add.reduceat(self.table[part.buckets], starts, dtype=np.float64)
            squares[at] += np.add.reduceat(self.squares[part.buckets], starts, dtype=np.float64)
        scores: npt.NDArray[np.float64] = total / np.sqrt(np.maximum(squares, 1e-12))[:, None]
        return scores

    def probabilities(self, texts: pa.Array) -> Floats:
        """Return calibrated probabilities of texts, one row a text."""
        return softmax(self.scores(texts) / self.temperature)

    def answer(self, texts: pa.Array, *, reasons: bool) -> Answer:
        """See `journeyseo.classifier.engine.Engine.answer`."""
        found = self.probabilities(texts)
        words = self.strongest(texts, found.argmax(axis=1)) if reasons else []
        return single(self.name, found, words)

    def strongest(self, texts: pa.Array, labels: npt.NDArray[np.int64]) -> list[str]:
        """Return, for each text, the words with the largest share in the score of its label.

        A word between blanks; inside a run of Han or kana the two to four characters.

        Args:
            texts: Arrow strings.
            labels: Index of the label of each text.
        """
        out: list[str] = []
        for start in range(0, len(texts), _BATCH):
            out += self._strongest_words(texts.slice(start, _BATCH), labels[start : start + _BATCH])
        return out

    def _strongest_words(self, texts: pa.Array, labels: npt.NDArray[np.int64]) -> list[str]:
        words = split_words(texts)
        plain = normalise(words.distinct)
        by_word = sparse_sum(words.features(self.options).inner, len(plain), self._weights)[:, :-1]
        labelled = by_word.shape[1]
        # A word speaks for a label by its score over the mean of the other labels.
        lead = (by_word * labelled - by_word.sum(axis=1, keepdims=True)) / (labelled - 1)
        rows = np.repeat(np.arange(len(texts)), np.diff(words.offsets))
        value = lead[words.codes, labels[rows]]
        order = np.lexsort((-value, rows))
        best = order[np.r_[True, rows[1:] != rows[:-1]]] if len(order) else order
        out = [""] * len(texts)
        names = plain.to_pylist()
        for i in best[value[best] > 0]:
            out[rows[i]] = names[words.codes[i]]
        # Scripts without blanks need a closer look than their words.
        dense = np.flatnonzero(words.dense)
        for start in range(0, len(dense), _DETAIL):
            own = dense[start : start + _DETAIL]
            for i, word in zip(own, self._strongest(texts.take(pa.array(own)), labels[own]), strict=True):
                out[i] = word
        return out

    def _strongest(self, texts: pa.Array, labels: npt.NDArray[np.int64]) -> list[str]:
        normal = normalise(texts)
        chars, found = features(normal, self.options)
        if not len(chars.codes):
            return [""] * len(texts)
        share = self._character_shares(found, len(chars.codes), labels)
        share[chars.kinds == NONE] = 0
        plain = normal.to_pylist()
        first, last, value = _candidates(chars, plain, share)
        order = np.lexsort((first, -value, chars.rows[first]))
        rows = chars.rows[first[order]]
        best = order[np.r_[True, rows[1:] != rows[:-1]]] if len(order) else order
        out = [""] * len(texts)
        for i in best:
            if value[i] > 0:
                row = int(chars.rows[first[i]])
                begin = int(first[i] - chars.starts[row])
                out[row] = plain[row][begin : begin + int(last[i] - first[i]) + 1]
        return out

    def _character_shares(
        self, found: list[Features], size: int, labels: npt.NDArray[np.int64]
    ) -> npt.NDArray[np.float64]:
        """Return each character's share in its text's score; a feature is shared out evenly."""
        steps = np.zeros(size + 1)
        for part in found:
            value = self.table[part.buckets, labels[part.rows]] / (part.last - part.first + 1)
            np.add.at(steps, part.first, value)
            np.add.at(steps, part.last + 1, -value)
        shares: npt.NDArray[np.float64] = np.cumsum(steps)[:-1]
        return shares

    def word_shares(self, text: str) -> list[tuple[str, npt.NDArray[np.float64]]]:
        """Return each word of a text with its exact share in the calibrated scores.

        A feature that spans several words is shared out among their characters evenly.
        """
        normal = normalise(pa.array([text], pa.string()))
        chars, found = features(normal, self.options)
        if len(chars.codes) <= 1:
            return []
        squares = sum(float(self.squares[p.buckets].sum()) for p in found)
        scale = np.sqrt(max(squares, 1e-12)) * self.temperature
        shares = [
            self._character_shares(found, len(chars.codes), np.array([label])) / scale
            for label in range(len(self.labels))
        ]
        plain = normal[0].as_py()
        return [
            (plain[a:b], np.array([share[a:b].sum() for share in shares])) for a, b in spans_of_words(plain)
        ]


def _candidates(
    chars: Characters, texts: Sequence[str], share: npt.NDArray[np.float64]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.float64]]:
    """Return the pieces of text that may carry a label: where they begin and end, their share.

    Words of letters, and runs of Han or kana cut at cue words, so that no word is named by half. Of Thai,
    whose words nothing here knows, any two to four characters.
    """
    starts = np.flatnonzero(np.r_[True, chars.tokens[1:] != chars.tokens[:-1]])
    ends = np.r_[starts[1:], len(chars.codes)] - 1
    total = np.r_[0.0, np.cumsum(share)]
    kinds = chars.kinds[starts]
    keep = ~np.isin(kinds, (NONE, HAN, KANA)) & ((kinds != THAI) | (ends - starts < 4))
    is_dense = np.isin(chars.kinds, (HAN, KANA, THAI))
    spans = [
        (chars.starts[row] + a, chars.starts[row] + b - 1)
        for row, text in enumerate(texts)
        for a, b in spans_of_words(text)
        if chars.kinds[chars.starts[row] + a] in (HAN, KANA)
    ]
    pieces = np.array(spans, np.int64).reshape(-1, 2)
    firsts, lasts = [starts[keep], pieces[:, 0]], [ends[keep], pieces[:, 1]]
    thai = chars.kinds == THAI
    for size in (2, 3, 4):
        if len(chars.codes) >= size:
            at = np.flatnonzero(
                thai[: len(thai) - size + 1]
                & (chars.tokens[: len(thai) - size + 1] == chars.tokens[size - 1 :])
            )
            firsts.append(at)
            lasts.append(at + size - 1)
    first, last = np.concatenate(firsts), np.concatenate(lasts)
    # Over the root of the length: a longer piece must earn its length.
    length = np.where(is_dense[first], last - first + 1, 1)
    return first, last, (total[last + 1] - total[first]) / np.sqrt(length)


def as_arrow(texts: Sequence[str] | pa.Array | pa.ChunkedArray) -> pa.Array:
    """Return texts as one Arrow array of strings; missing ones become empty.

    Raises:
        InputError: It is one text and no list of texts, which would be read letter by letter.
    """
    if isinstance(texts, str):
        raise InputError(
            f"One text was given where a list is needed: {texts[:60]!r}.", hint="Put it in a list."
        )
    if isinstance(texts, pa.ChunkedArray):
        return texts.combine_chunks()
    if isinstance(texts, pa.Array):
        return texts
    return pa.array([t if isinstance(t, str) else "" for t in texts], pa.large_string())
