"""Time and memory of reading keyword exports against pandas' C reader on the same file.

    python -m benchmarks.read [ROWS]

Files without anything odd in them: two columns of queries in many languages, and a layout of a vendor
with eleven columns of English queries. Reading finds encoding, format and columns, looks for personal
data and for repeated queries; the language is given, or found for each query. Ratios hold on other
machines; seconds do not.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.speed import distinct_queries
from journeyseo.classifier.labelled import labelled_queries
from journeyseo.keywords import read_keywords

_TIMES = 5


def english(rows: int) -> list[str]:
    """Return so many distinct queries without accents, nearly all of them English, of labelled pieces."""
    base = [query for query in labelled_queries()["query"] if query.isascii()]
    words = sorted({word for query in base for word in query.split()})
    found: dict[str, None] = dict.fromkeys(base)
    step = 1
    while len(found) < rows:
        found |= dict.fromkeys(f"{q} {words[(i * 31 + step * 977) % len(words)]}" for i, q in enumerate(base))
        step += 1
    return list(found)[:rows]


def two_columns(rows: int) -> pd.DataFrame:
    """Return queries of all labelled languages with their volume."""
    return pd.DataFrame({"Keyword": distinct_queries(rows), "Volume": range(rows)})


def eleven_columns(rows: int) -> pd.DataFrame:
    """Return English queries with the columns of a keyword tool."""
    draw = np.random.default_rng(7)
    volume = np.round(10 ** draw.uniform(1, 6, rows), -1).astype(int)
    trend = [",".join(map(str, draw.integers(0, 100, 12) / 100)) for _ in range(500)]
    return pd.DataFrame(
        {
            "Keyword": english(rows),
            "Intent": draw.choice(["Informational", "Commercial, Transactional", "Navigational"], rows),
            "Volume": volume,
            "Trend": draw.choice(trend, rows),
            "Keyword Difficulty": draw.integers(0, 101, rows),
            "CPC (USD)": np.round(draw.uniform(0, 9, rows), 2),
            "Competitive Density": np.round(draw.uniform(0, 1, rows), 2),
            "SERP Features": draw.choice(["Sitelinks, Reviews", "Image pack", ""], rows),
            "Number of Results": draw.integers(0, 10**9, rows),
            "Clicks": draw.integers(0, 1000, rows),
            "Position": draw.integers(1, 101, rows),
        }
    )


def fastest(work: Callable[[], object]) -> float:
    """Return the shortest time of several, in seconds: others run on the machine too."""
    times = []
    for _ in range(_TIMES):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)


def main() -> None:
    """Measure and print."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    read_keywords(["warm up", "zum aufwärmen", "预热"])
    for name, table in (("two columns", two_columns), ("eleven columns", eleven_columns)):
        with tempfile.TemporaryDirectory() as folder:
            source = Path(folder) / "keywords.csv"
            table(rows).to_csv(source, index=False)
            print(f"{name}: {rows:,} rows, {source.stat().st_size / 1e6:.1f} MB")
            base = fastest(lambda: pd.read_csv(source))  # noqa: B023
            given = fastest(lambda: read_keywords(source, language="en"))  # noqa: B023
            found = fastest(lambda: read_keywords(source))  # noqa: B023
            print(f"  pandas' C reader {base:8.2f} s")
            print(f"  language given   {given:8.2f} s, {given / base:.1f} times pandas")
            print(f"  language found   {found:8.2f} s, {found / base:.1f} times pandas")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"peak memory {peak:.0f} MB")


if __name__ == "__main__":
    main()
