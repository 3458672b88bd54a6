"""Speed and memory of classification against reading and writing the same file alone.

    python -m benchmarks.speed [ROWS]
    python -m benchmarks.speed stream [ROWS]

Baseline: pandas reads the CSV and writes it with the same columns, in the same run; for `stream`, which
never holds the file, the fastest reader and writer, pyarrow's. Ratios hold on other machines; seconds
do not.
"""

from __future__ import annotations

import itertools
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pandas as pd
import pyarrow as pa
from pyarrow import csv

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


def stream(rows: int) -> None:
    """Read, classify and write in record batches, against reading and writing alone."""
    with tempfile.TemporaryDirectory() as name:
        source, target = Path(name) / "keywords.csv", Path(name) / "out.csv"
        pd.DataFrame({"query": distinct_queries(rows)}).to_csv(source, index=False)
        judge = StageClassifier(engine="fast")
        judge.predict(["warm up"])
        print(f"{rows:,} distinct queries, {source.stat().st_size / 1e6:.1f} MB")

        def copy(work: Callable[[Iterable[pa.RecordBatch]], Iterable[pa.RecordBatch]], to: Path) -> None:
            # Blocks of 8 MB, so that a distinct word is met often within one.
            options = csv.ReadOptions(block_size=8 << 20)
            with csv.open_csv(source, read_options=options) as reader:
                batches = iter(work(reader))
                first = next(batches)
                with csv.CSVWriter(to, first.schema) as writer:
                    for batch in itertools.chain([first], batches):
                        writer.write_batch(batch)

        def staged(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
            for batch in judge.classify_batches(batches):
                yield batch.select(["query", "stage", "confidence"])

        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        alone = min(timed("pyarrow reads and writes", lambda: copy(lambda b: b, target)) for _ in range(3))
        whole = min(timed("reads, classifies, writes", lambda: copy(staged, target)) for _ in range(3))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"read, classify, write: {whole / alone:.1f} times reading and writing alone")
    print(f"{(whole - alone) / rows * 1e6:.2f} microseconds a row for the labels")
    print(f"peak memory {peak:.0f} MB, {before:.0f} MB of it before the first row was read")


def main() -> None:
    """Measure and print."""
    if sys.argv[1:2] == ["stream"]:
        stream(int(sys.argv[2]) if len(sys.argv) > 2 else 1_000_000)
        return
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
