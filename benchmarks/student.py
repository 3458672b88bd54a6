"""What the made queries add to the fast engine, and how diverse they are.

    python -m benchmarks.student [MADE ...]

Trains the fast engine with so many made queries (0 = the authored ones alone), and scores each on the
frozen split. Takes some minutes for every 100,000.
"""

from __future__ import annotations

import itertools
import sys
import tempfile
from collections import Counter
from dataclasses import asdict
from pathlib import Path

from journeyseo.assets import asset
from journeyseo.classifier import StageClassifier
from journeyseo.classifier.base import BaseModel
from journeyseo.classifier.labelled import labelled_queries
from journeyseo.classifier.linear import LinearModel
from journeyseo.training.data import split
from journeyseo.training.generate import generate
from journeyseo.training.models import FAST, score_queries
from journeyseo.training.queries import MADE, train_queries

_SAMPLE = 50_000


def diversity(queries: list[str]) -> dict[str, float]:
    """Return how many of the queries, of their words and of their word pairs are distinct."""
    words = [q.split() for q in queries]
    unigrams = Counter(w for own in words for w in own)
    pairs = Counter(p for own in words for p in itertools.pairwise(own))
    beginnings = Counter(" ".join(own[:2]) for own in words)
    return {
        "distinct queries": len(set(queries)) / len(queries),
        "distinct words a word": len(unigrams) / max(unigrams.total(), 1),
        "distinct pairs a pair": len(pairs) / max(pairs.total(), 1),
        "share of the commonest beginning": beginnings.most_common(1)[0][1] / len(queries),
    }


def main() -> None:
    """Measure and print."""
    sizes = [int(a) for a in sys.argv[1:]] or [0, MADE]
    train = split(labelled_queries(), "queries").train
    authored = train["query"].sample(min(_SAMPLE, len(train)), random_state=0).tolist()
    made = generate(train, len(authored))["query"].tolist()
    for name, queries in (("authored", authored), ("made", made)):
        print(
            f"{name}, {len(queries):,}: " + ", ".join(f"{k} {v:.3f}" for k, v in diversity(queries).items())
        )
    base = BaseModel.load(asset("models", "queries-base"))
    for size in sizes:
        with tempfile.TemporaryDirectory() as name:
            train_queries(Path(name) / FAST, base, notify=lambda _: None, made=size)
            card = score_queries(StageClassifier(engine=LinearModel.load(Path(name) / FAST, FAST)))
        scores = {k: round(v, 3) for k, v in asdict(card.overall).items()}
        print(f"{size:,} made queries: {scores}", flush=True)


if __name__ == "__main__":
    main()
