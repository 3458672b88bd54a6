"""The base engine: a fine-tuned multilingual encoder, run by onnxruntime.

One pass gives the scores of the stages and a sentence vector. A text's result is the same in any
batch: its length in tokens alone decides how far it is padded, and the matrices are integers (see
`journeyseo.training.graph`).
"""

from __future__ import annotations

import copy
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from journeyseo.classifier.artifact import Artifact, load_artifact
from journeyseo.classifier.corrections import Adaptation, Corrections
from journeyseo.classifier.engine import Answer, Floats, single, softmax
from journeyseo.classifier.removal import Scores, shares_by_removal, strongest_by_removal
from journeyseo.errors import DependencyError
from journeyseo.text import normalise, to_simplified

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from sentencepiece import SentencePieceProcessor

KIND = "queries-base"
GRAPH, VOCABULARY = "network.onnx", "vocabulary.model"

_BEGIN, _PAD, _END = 0, 1, 2
# Lengths that texts are padded to, the two special tokens included; the last is the longest that
# the network reads. A finer ladder computes less padding; each step is a shape of its own.
_LADDER = (6, 8, 10, 12, 16, 20, 24, 32, 48, 64)
# Tokens computed at once. Measured from 512 to 8,192: 1,024 is the fastest, larger ones leave the cache.
_BATCH_TOKENS = 1_024
_KANA = re.compile("[\u3041-\u30ff]")


@dataclass(frozen=True)
class Reading:
    """What the network says of texts.

    Attributes:
        scores: Scores of the labels, one row a text.
        vectors: Sentence vectors of length one.
    """

    scores: Floats
    vectors: Floats


class BaseModel:
    """A fine-tuned encoder with a head for stages and one for likeness.

    Args:
        artifact: Its folder, read by `journeyseo.classifier.artifact.load_artifact`.
        hints: Scores of a quicker engine, to find the words that reasons are looked for in; all words
            are tried where it is None.
        threads: Threads of one pass; all processors where it is None.

    Raises:
        DependencyError: onnxruntime or sentencepiece is missing.
    """

    def __init__(
        self, artifact: Artifact, *, hints: Scores | None = None, threads: int | None = None
    ) -> None:
        try:
            import onnxruntime
            import sentencepiece
        except ImportError as error:
            raise DependencyError(
                "onnxruntime or sentencepiece is not installed.",
                hint="Install journeyseo again, or use the engine 'fast'.",
            ) from error
        self.name = artifact.name
        self._hints = hints
        self.labels = tuple(artifact.manifest["labels"])
        self.temperature = float(artifact.manifest["temperature"])
        self._learnt: Adaptation | None = None
        self._kept: dict[str, tuple[pa.Array, Floats]] = {}
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads or _processors()
        # Spinning threads eat the processor of whoever else is on the machine.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        self._session: InferenceSession = onnxruntime.InferenceSession(
            artifact.content[GRAPH], options, providers=["CPUExecutionProvider"]
        )
        self._vocabulary: SentencePieceProcessor = sentencepiece.SentencePieceProcessor(
            model_proto=artifact.content[VOCABULARY]
        )

    @classmethod
    def load(cls, folder: Path, *, hints: Scores | None = None) -> BaseModel:
        """Read a model folder.

        Args:
            folder: The folder.
            hints: See the class.

        Raises:
            ModelError: See `journeyseo.classifier.artifact.load_artifact`.
            DependencyError: onnxruntime or sentencepiece is missing.
        """
        return cls(load_artifact(folder, KIND), hints=hints)

    def tokens(self, texts: pa.Array) -> list[list[int]]:
        """Return the tokens of texts that are normalised, as far as the network reads them."""
        found: list[list[int]] = self._vocabulary.encode(as_read(texts))
        return [t[: _LADDER[-1] - 2] for t in found]

    def read(self, tokens: list[list[int]]) -> Reading:
        """Return what the network says of texts.

        Args:
            tokens: As `tokens` returns them.
        """
        width = self._session.get_outputs()[1].shape[1]
        scores = np.zeros((len(tokens), len(self.labels)), np.float32)
        vectors = np.zeros((len(tokens), width), np.float32)
        for rows, ids in _batches(tokens):
            mask = (ids != _PAD).astype(np.int64)
            found = self._session.run(["scores", "vector"], {"input_ids": ids, "attention_mask": mask})
            # A row beyond those asked for may be there; see `_batches`.
            scores[rows], vectors[rows] = found[0][: len(rows)], found[1][: len(rows)]
        return Reading(scores, vectors)

    def probabilities(self, texts: pa.Array, *, keep: str = "") -> Floats:
        """Return calibrated probabilities of texts, one row a text.

        Args:
            texts: As typed.
            keep: Name under which the texts' vectors are kept for `vectors`, in place of those that were
                kept under it before: of 50,000 texts they take 77 MB. They are not kept where it is empty.
        """
        return self._probabilities(self._reading(normalise(texts).cast(pa.large_string()), keep=keep))

    def _reading(self, plain: pa.Array, *, keep: str) -> Reading:
        reading = self.read(self.tokens(plain))
        if keep and len(plain):
            self._kept[keep] = plain, reading.vectors
        return reading

    def _probabilities(self, reading: Reading) -> Floats:
        scores = reading.scores / self.temperature
        return softmax(scores if self._learnt is None else scores + self._learnt.shift(reading.vectors))

    def adapted(self, corrections: Corrections) -> BaseModel:
        """Return this model with what a user's corrections teach it; this one stays as it is."""
        reading = self.read(self.tokens(corrections.queries))
        learnt = Adaptation.fit(reading.scores / self.temperature, reading.vectors, corrections.labels)
        other = copy.copy(self)
        other._learnt = learnt  # noqa: SLF001
        other.name = f"{self.name}, adapted"
        other._kept = {}  # noqa: SLF001
        return other

    def vectors(self, texts: pa.Array) -> Floats:
        """Return a vector of length one for each text; the cosine of two says how alike they are.

        Texts whose vectors are kept are not read again.
        """
        plain = normalise(texts).cast(pa.large_string())
        encoded = plain.dictionary_encode()
        distinct = encoded.dictionary
        out = np.zeros((len(distinct), self._session.get_outputs()[1].shape[1]), np.float32)
        new = np.ones(len(distinct), bool)
        for known, vectors in self._kept.values():
            at = pc.index_in(distinct, value_set=known)
            found = at.is_valid().to_numpy(zero_copy_only=False)
            out[found] = vectors[at.drop_null().to_numpy()]
            new &= ~found
        rows = np.flatnonzero(new)
        out[rows] = self.read(self.tokens(distinct.take(pa.array(rows)))).vectors
        each: Floats = out[encoded.indices.to_numpy()]
        return each

    def answer(self, texts: pa.Array, *, reasons: bool) -> Answer:
        """See `journeyseo.classifier.engine.Engine.answer`: the word without which the odds fall most."""
        plain = normalise(texts).cast(pa.large_string())
        reading = self._reading(plain, keep="answered")
        found = self._probabilities(reading)
        if not reasons:
            return single(self.name, found, [])
        words = strongest_by_removal(self.probabilities, plain.to_pylist(), found, self._hints)
        return single(self.name, found, words)

    def word_shares(self, text: str) -> list[tuple[str, npt.NDArray[np.float64]]]:
        """Return each word of a text with the change of the log odds when it is taken out."""
        return shares_by_removal(self.probabilities, text)


def as_read(texts: pa.Array) -> list[str]:
    """Return texts in normal form as the network reads them: Traditional Chinese in Simplified characters.

    So both scripts get one answer, and learn from each other. Texts with kana stay as they are.
    """
    return [text if _KANA.search(text) else to_simplified(text) for text in texts.to_pylist()]


def _processors() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _batches(tokens: list[list[int]]) -> Iterator[tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]]:
    """Yield row numbers and their tokens as a matrix, rows of one step of the ladder together.

    A single row is doubled: onnxruntime takes another road for one row, whose last bit differs.
    """
    lengths = np.array([len(t) + 2 for t in tokens], np.int64)
    steps = np.searchsorted(np.array(_LADDER), lengths)
    for step, length in enumerate(_LADDER):
        own = np.flatnonzero(steps == step)
        size = max(_BATCH_TOKENS // length, 2)
        for start in range(0, len(own), size):
            rows = own[start : start + size]
            ids = np.full((max(len(rows), 2), length), _PAD, np.int64)
            for i in range(len(ids)):
                text = tokens[rows[min(i, len(rows) - 1)]]
                ids[i, : len(text) + 2] = [_BEGIN, *text, _END]
            yield rows, ids
