"""From the canonical stages to those of a journey, also where several share a canonical one.

Stages that share a canonical stage are told apart by their example queries: a ridge regression on the
sentence vectors of the base engine, which takes milliseconds.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from journeyseo.classifier.engine import Floats
from journeyseo.stages import OUTSIDE, STAGES, Journey

Vectors = Callable[[list[str]], Floats]
"""Returns the sentence vectors of texts."""

# How much the regression holds back. Of .1 to 3, .1 told most held-out examples of the two journeys that
# split stages apart (tests/classifier/test_journey_shares.py); between them it matters little.
_RESTRAINT = 0.1
# Rows of which less than this belongs to a stage that is split are not read for it.
_NEGLIGIBLE = 0.02


class JourneyShares:
    """The probabilities of a journey's stages, from those of the canonical ones.

    Args:
        journey: The journey.
        vectors: Returns the sentence vectors of example queries; not called where nothing is split.
    """

    def __init__(self, journey: Journey, vectors: Vectors) -> None:
        self.keys = (*journey.keys, OUTSIDE)
        self._places = [[self.keys.index(key) for key in journey.stages_of(s)] for s in STAGES]
        self._judges = {
            STAGES.index(label): _Judge([list(stage.examples) for stage in stages], vectors)
            for label, stages in journey.splits.items()
        }

    @property
    def splits(self) -> bool:
        """Whether stages of the journey share a canonical one."""
        return bool(self._judges)

    def shares(
        self, probabilities: Floats, read: Callable[[npt.NDArray[np.int64]], Floats]
    ) -> npt.NDArray[np.float64]:
        """Return the probabilities of the journey's stages and of `OUTSIDE`, one row a text.

        Args:
            probabilities: Of the canonical stages.
            read: Returns the sentence vectors of the texts at some rows; not called where nothing is split.
        """
        out = np.zeros((len(probabilities), len(self.keys)))
        for label, places in enumerate(self._places):
            if label not in self._judges:
                out[:, places] += probabilities[:, label, None]
        if self._judges:
            rows = np.flatnonzero(probabilities[:, list(self._judges)].sum(axis=1) >= _NEGLIGIBLE)
            vectors = read(rows)
            for label, judge in self._judges.items():
                weights = np.tile(judge.equal, (len(probabilities), 1))
                weights[rows] = judge.weights(vectors)
                out[:, self._places[label]] += probabilities[:, label, None] * weights
        return out

    def best(
        self, probabilities: Floats, shares: npt.NDArray[np.float64], *, inside: bool
    ) -> npt.NDArray[np.int64]:
        """Return the place of each row's stage: of its canonical stage, the likelier where it is split.

        Args:
            probabilities: Of the canonical stages.
            shares: What `shares` returned for them.
            inside: Whether only the journey's own stages count.
        """
        outside = self.keys.index(OUTSIDE)
        mine = np.array([outside not in places for places in self._places])
        label = (np.where(mine, probabilities, -1) if inside else probabilities).argmax(axis=1)
        out = np.zeros(len(probabilities), np.int64)
        for each, places in enumerate(self._places):
            rows = np.flatnonzero(label == each)
            own = shares[rows][:, places] if each in self._judges else np.zeros((len(rows), 1))
            out[rows] = np.array(places)[own.argmax(axis=1)]
        return out


class _Judge:
    """Tells stages apart that share a canonical one.

    Args:
        examples: Of each stage, its example queries.
        vectors: Returns their sentence vectors.
    """

    def __init__(self, examples: list[list[str]], vectors: Vectors) -> None:
        given = vectors([query for own in examples for query in own]).astype(np.float64)
        stage = np.repeat(np.arange(len(examples)), [len(own) for own in examples])
        target = np.eye(len(examples))[stage]
        self._middle, self.equal = given.mean(axis=0), np.full(len(examples), 1 / len(examples))
        centred = given - self._middle
        nearness = centred @ centred.T + _RESTRAINT * np.eye(len(given))
        self._slopes = centred.T @ np.linalg.solve(nearness, target - target.mean(axis=0))

    def weights(self, vectors: Floats) -> npt.NDArray[np.float64]:
        """Return the probability of each stage, one row a text."""
        found = np.clip(self.equal + (vectors.astype(np.float64) - self._middle) @ self._slopes, 0.0, None)
        weights: npt.NDArray[np.float64] = found / found.sum(axis=1, keepdims=True)
        return weights
