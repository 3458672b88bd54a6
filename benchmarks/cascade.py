"""The engine auto: accuracy against cost over the whole range of its threshold.

    python -m benchmarks.cascade [LABELLED.csv] [SPLIT]

On the frozen split of our own data, or on a labelled file (with a column ``split``, on the rows of one
value of it). Cost is measured in the same run, on distinct queries; the baseline is the engine base.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa

from journeyseo.assets import asset
from journeyseo.classifier.base import BaseModel
from journeyseo.classifier.cascade import THRESHOLD
from journeyseo.classifier.engine import Floats
from journeyseo.classifier.labelled import labelled_queries, read_labelled
from journeyseo.classifier.linear import LinearModel
from journeyseo.scorecard import score_probabilities
from journeyseo.training.data import split

THRESHOLDS = (0.0, 0.4, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95, 1.0)
_REPEATS = 3


def labelled() -> pd.DataFrame:
    """Return the labelled rows that the command line names."""
    if len(sys.argv) < 2:
        return split(labelled_queries(), "queries").test
    frame = read_labelled(Path(sys.argv[1]))
    if len(sys.argv) > 2:
        whole = pd.read_csv(sys.argv[1], dtype=str, keep_default_na=False)
        frame = frame[(whole["split"] == sys.argv[2]).to_numpy()].reset_index(drop=True)
    return frame


def main() -> None:
    """Measure and print."""
    frame = labelled()
    texts = pa.array(frame["query"].tolist(), pa.large_string())
    fast = LinearModel.load(asset("models", "queries-fast"), "queries-fast")
    base = BaseModel.load(asset("models", "queries-base"))
    distinct = texts.unique()
    base.probabilities(distinct.slice(0, 64))
    first, second = fast.probabilities(texts), base.probabilities(texts)
    sure = fast.probabilities(distinct).max(axis=1)

    def seconds(threshold: float) -> float:
        """The least of several runs: others on the machine only ever add."""
        own = distinct.take(pa.array(np.flatnonzero(sure < threshold)))
        times = []
        for _ in range(_REPEATS):
            start = time.perf_counter()
            fast.probabilities(distinct)
            if len(own):
                base.probabilities(own)
            times.append(time.perf_counter() - start)
        return min(times)

    whole = []
    for _ in range(_REPEATS):
        start = time.perf_counter()
        base.probabilities(distinct)
        whole.append(time.perf_counter() - start)
    alone = min(whole)
    speed = len(distinct) / alone
    print(f"{len(frame):,} labelled queries, {len(distinct):,} distinct; base alone {speed:,.0f} queries/s")
    print(f"{'threshold':<24}to base  six labels  lenient  three stages  lenient  times base's speed")
    for threshold in THRESHOLDS:
        use = first.max(axis=1) < threshold
        found = np.where(use[:, None], second, first)
        mark = " (default)" if abs(threshold - THRESHOLD) < 1e-9 else ""
        _show(f"{threshold:.2f}{mark}", frame, found, use.mean(), alone / seconds(threshold))
    _show("base alone", frame, second, 1.0, 1.0)


def _show(name: str, frame: pd.DataFrame, found: Floats, share: float, faster: float) -> None:
    own = score_probabilities(frame, found, name).overall
    print(
        f"{name:<24}{share:7.1%}  {own.accuracy:10.3f}  {own.lenient:7.3f}  {own.accuracy_three:12.3f}  "
        f"{own.lenient_three:7.3f}  {faster:18.1f}"
    )


if __name__ == "__main__":
    main()
