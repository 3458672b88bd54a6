"""Speed and memory of classification against reading and writing the same file alone.

    python -m benchmarks.speed [ROWS]

Baseline: pandas reads the CSV and writes it with the same columns, in the same run. Ratios hold on
other machines; seconds do not.
"""

from __future__ import annotations

import itertools
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pandas as pd

from journeyseo.classifier import StageClassifier
from journeyseo.classifier.labelled import labelled_queries
from journeyseo.keywords import read_keywords
from journeyseo.pipeline import classify_keywords


def distinct_queries(rows: int) -> list[str]:
    """Return so many distinct queries, made of pieces of the labelled ones."""
    base = labelled_queries()["query"].tolist()
    found: dict[str, None] = dict.fromkeys(base[:rows])
    for step in itertools.count(1):
        if len(found) >= rows:
            break
        for i, query in enumerate(base):
            found[f"{query} {base[(i * 31 + step * 977) % len(base)].split()[0]}"] = None
            if len(found) >= rows:
                break
    return list(found)


def timed(name: str, work: Callable[[], object]) -> float:
    """Run something, say how long it took, and return the seconds."""
    start = time.perf_counter()
    work()
    seconds = time.perf_counter() - start
    print(f"{name:<34} {seconds:8.2f} s")
    return seconds


def main() -> None:
    """Measure and print."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    queries = distinct_queries(rows)
    with tempfile.TemporaryDirectory() as name:
        source, target = Path(name) / "keywords.csv", Path(name) / "out.csv"
        pd.DataFrame({"Keyword": queries, "Volume": range(len(queries))}).to_csv(source, index=False)
        judge = StageClassifier()
        judge.predict(["warm up"])
        print(f"{rows:,} distinct queries, {source.stat().st_size / 1e6:.1f} MB")
        baseline = timed("pandas reads and writes", lambda: pd.read_csv(source).to_csv(target, index=False))
        alone = timed("classify, labels only", lambda: judge.predict_proba(queries))
        reasons = timed("classify, with reasons", lambda: judge.classify(queries))
        whole = timed(
            "read, classify, write",
            lambda: classify_keywords(read_keywords(source), classifier=judge).to_csv(target, index=False),
        )
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"classify, labels only: {alone / baseline:.1f} times the baseline, {rows / alone:,.0f} queries/s")
    print(f"classify, with reasons: {reasons / baseline:.1f} times the baseline")
    print(f"read, classify, write: {whole / baseline:.1f} times the baseline")
    print(f"peak memory {peak:.0f} MB")


if __name__ == "__main__":
    main()
