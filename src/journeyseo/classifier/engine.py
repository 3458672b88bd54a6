"""What every engine gives: probabilities for texts, the word that carried each label, and who said it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Answer:
    """What an engine says of texts.

    Attributes:
        probabilities: Calibrated, one row a text, in the order of `journeyseo.stages.STAGES`.
        words: The word of each text that carried its label; empty strings where none did, and an
            empty tuple where reasons were not asked for.
        engines: Names of the engines that answered.
        engine: Index into `engines` for each text.
    """

    probabilities: Floats
    words: tuple[str, ...]
    engines: tuple[str, ...]
    engine: npt.NDArray[np.int64]


class Engine(Protocol):
    """What gives answers for queries."""

    @property
    def name(self) -> str:
        """Kind and version."""

    def answer(self, texts: pa.Array, *, reasons: bool) -> Answer:
        """Return what the engine says of texts.

        Args:
            texts: Arrow strings, as typed.
            reasons: Whether to name the word that carried each label.
        """

    def word_shares(self, text: str) -> list[tuple[str, npt.NDArray[np.float64]]]:
        """Return each word of a text with its share in the scores of the labels."""


def single(name: str, probabilities: Floats, words: list[str]) -> Answer:
    """Return the answer of one engine to all texts."""
    return Answer(probabilities, tuple(words), (name,), np.zeros(len(probabilities), np.int64))


def softmax(scores: npt.NDArray[np.floating]) -> Floats:
    """Return the probabilities of rows of scores."""
    shifted = np.exp(scores - scores.max(axis=1, keepdims=True))
    probabilities: Floats = (shifted / shifted.sum(axis=1, keepdims=True)).astype(np.float32)
    return probabilities
