"""Reasons by removal, with and without the hints of a quicker engine."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from journeyseo.classifier.removal import strongest_by_removal

WEIGHTS = {"alpha": 3.0, "beta": 2.0, "gamma": 1.0, "delta": -1.0, "epsilon": 0.5}


def probabilities(texts: pa.Array) -> np.ndarray:
    total = np.array([sum(WEIGHTS.get(w, 0.0) for w in t.split()) for t in texts.to_pylist()])
    one = 1 / (1 + np.exp(-total / 4))
    return np.column_stack([one, 1 - one]).astype(np.float32)


def strongest(texts: list[str], hints=None) -> list[str]:
    return strongest_by_removal(probabilities, texts, probabilities(pa.array(texts)), hints)


TEXTS = ["gamma alpha beta", "beta delta epsilon gamma", "alpha", "alpha beta", "", "delta delta"]


def test_the_word_without_which_the_odds_fall_most() -> None:
    assert strongest(TEXTS) == ["alpha", "beta", "alpha", "alpha", "", "delta"]


def test_good_hints_change_nothing() -> None:
    def hints(texts: pa.Array) -> np.ndarray:
        weight = np.array([WEIGHTS.get(t, 0.0) for t in texts.to_pylist()])
        return np.column_stack([weight, -weight])

    assert strongest(TEXTS, hints) == strongest(TEXTS)


def test_only_the_words_that_the_hints_favour_are_tried() -> None:
    def hints(texts: pa.Array) -> np.ndarray:
        weight = np.array([-WEIGHTS.get(t, 0.0) for t in texts.to_pylist()])
        return np.column_stack([weight, -weight])

    asked: list[str] = []

    def counted(texts: pa.Array) -> np.ndarray:
        asked.extend(texts.to_pylist())
        return probabilities(texts)

    text = ["alpha beta gamma delta epsilon"]
    found = strongest_by_removal(counted, text, probabilities(pa.array(text)), hints)
    assert found == ["gamma"]
    assert len(asked) == 3
    assert all("alpha" in t and "beta" in t for t in asked)
