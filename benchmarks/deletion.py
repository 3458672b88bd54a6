"""The deletion test of the reasons: does taking the named word out cost the label more than another word?

python -m benchmarks.deletion [FILE]

FILE has a column query; the frozen split of this project's queries where it is left out. The share is of
the queries with two words or more; beside it the passes of the network for each query, the first included.
"""

from __future__ import annotations

import random
import sys
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from journeyseo.assets import asset
from journeyseo.classifier.base import BaseModel
from journeyseo.classifier.labelled import labelled_queries
from journeyseo.classifier.linear import LinearModel
from journeyseo.cues import spans_of_words
from journeyseo.text import normalise
from journeyseo.training.data import split

_ROWS = 1_500


def _queries() -> list[str]:
    if len(sys.argv) > 1:
        return pd.read_csv(sys.argv[1])["query"].astype(str).tolist()
    return split(labelled_queries(), "queries").test["query"].tolist()


def _log_odds(probabilities: np.ndarray) -> np.ndarray:
    p = np.clip(probabilities.astype(np.float64), 1e-6, 1 - 1e-6)
    return np.log(p / (1 - p))


def main() -> None:
    """Measure and print."""
    dice = random.Random(0)
    plain = sorted(set(normalise(pa.array(_queries(), pa.string())).to_pylist()))
    dice.shuffle(plain)
    texts = [t for t in plain if len(spans_of_words(t)) > 1][:_ROWS]
    fast = LinearModel.load(asset("models", "queries-fast"), "queries-fast")
    for name, hints in (("all words tried", None), ("two words tried, by fast", fast.scores)):
        base = BaseModel.load(asset("models", "queries-base"), hints=hints)
        read = 0
        plainly = base.read

        def counted(tokens: list[list[int]], plainly: Any = plainly) -> object:
            nonlocal read
            read += len(tokens)
            return plainly(tokens)

        base.read = counted  # type: ignore[method-assign, assignment]
        answer = base.answer(pa.array(texts, pa.large_string()), reasons=True)
        passes = read / len(texts)
        better, judged = 0, 0
        named, others, at = [], [], []
        for row, (text, word) in enumerate(zip(texts, answer.words, strict=True)):
            spans = spans_of_words(text)
            own = [s for s in spans if text[slice(*s)] == word]
            rest = [s for s in spans if text[slice(*s)] != word]
            if not own or not rest:
                continue
            judged += 1
            at.append(row)
            for out, (a, b) in ((named, own[0]), (others, dice.choice(rest))):
                out.append(f"{text[:a]} {text[b:]}".strip())
        label = answer.probabilities.argmax(axis=1)[at]
        each = np.arange(len(at))
        left = _log_odds(base.probabilities(pa.array(named)))[each, label]
        other = _log_odds(base.probabilities(pa.array(others)))[each, label]
        better = int((left < other).sum())
        print(
            f"{name}: {better / judged:.3f} of {judged:,} queries (of {len(texts):,}; the rest names no "
            f"word or has no other), {passes:.2f} passes a query"
        )


if __name__ == "__main__":
    main()
