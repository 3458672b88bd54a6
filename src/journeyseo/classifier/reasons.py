"""Reasons of labels: as a sentence, and as the word alone that other languages build a sentence from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from journeyseo.classifier.corrections import CORRECTED
from journeyseo.classifier.engine import Answer
from journeyseo.results import CORRECTED_BY_YOU


@dataclass(frozen=True)
class Reasons:
    """Why labels are what they are.

    Attributes:
        sentences: The reason of each as a sentence in English.
        words: What carried each, alone.
    """

    sentences: list[str]
    words: list[str]

    @classmethod
    def none(cls, size: int) -> Reasons:
        """Return no reasons for so many labels."""
        return cls([""] * size, [""] * size)

    @classmethod
    def of(cls, answer: Answer) -> Reasons:
        """Return the reasons of an engine's answer."""
        sentences = [f"carried by '{word}'" if word else "" for word in answer.words]
        if CORRECTED in answer.engines:
            for row in np.flatnonzero(answer.engine == answer.engines.index(CORRECTED)):
                sentences[row] = CORRECTED_BY_YOU
        return cls(sentences, list(answer.words))

    def take(self, rows: npt.NDArray[np.int64]) -> Reasons:
        """Return the reasons of some labels."""
        return Reasons([self.sentences[i] for i in rows], [self.words[i] for i in rows])

    @classmethod
    def of_pages(cls, parts: Sequence[Sequence[str]]) -> Reasons:
        """Return the reasons of pages by the parts that carried their labels."""
        sentences = [f"carried by {' and '.join(own) or 'no single part'}" for own in parts]
        return cls(sentences, [", ".join(own) for own in parts])
