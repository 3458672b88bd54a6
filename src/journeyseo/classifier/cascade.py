"""The engine `auto`: fast for every text, base where fast is not sure.

Which engine answers depends on the text alone: never on its neighbours, the load or the clock.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from journeyseo.classifier.base import BaseModel
from journeyseo.classifier.engine import Answer
from journeyseo.classifier.linear import LinearModel

THRESHOLD = 0.80
"""Confidence of fast from which its answer stands. Chosen on the tune half of the private real queries: the
lowest at which the three stages stay within a point of base's (.819 and .824; six labels .737 and .750).
`python -m benchmarks.cascade` shows the curve on the frozen split."""


class Cascade:
    """Two engines, the second for what the first is not sure of.

    Args:
        fast: Asked about every text.
        base: Returns the second engine; called when a text first needs it.
        threshold: Confidence of `fast` from which its answer stands, 0 to 1.
    """

    def __init__(
        self, fast: LinearModel, base: Callable[[], BaseModel], *, threshold: float = THRESHOLD
    ) -> None:
        self._fast, self._load, self.threshold = fast, base, threshold

    @property
    def name(self) -> str:
        """The engines, and where one hands over to the other."""
        return f"auto: {self._fast.name}, {self._load().name} below {self.threshold:g}"

    def answer(self, texts: pa.Array, *, reasons: bool) -> Answer:
        """See `journeyseo.classifier.engine.Engine.answer`."""
        first = self._fast.probabilities(texts)
        unsure = first.max(axis=1) < self.threshold if len(first) else np.zeros(0, bool)
        words = [""] * len(first)
        if unsure.any():
            own = np.flatnonzero(unsure)
            second = self._load().answer(texts.take(pa.array(own)), reasons=reasons)
            first[own] = second.probabilities
            if reasons:
                for i, word in zip(own, second.words, strict=True):
                    words[i] = word
        if reasons and not unsure.all():
            sure = np.flatnonzero(~unsure)
            given = self._fast.strongest(texts.take(pa.array(sure)), first[sure].argmax(axis=1))
            for i, word in zip(sure, given, strict=True):
                words[i] = word
        names = (self._fast.name, self._load().name) if unsure.any() else (self._fast.name,)
        return Answer(first, tuple(words) if reasons else (), names, unsure.astype(np.int64))

    def word_shares(self, text: str) -> list[tuple[str, npt.NDArray[np.float64]]]:
        """Return each word's share in the scores of the engine that answers for this text."""
        sure = self._fast.probabilities(pa.array([text], pa.string())).max() >= self.threshold
        return self._fast.word_shares(text) if sure else self._load().word_shares(text)
