"""A large map: time and memory of each step.

python -m benchmarks.large [QUERIES] [PAGES]

50,000 queries and 2,000 pages unless others are asked for: this project's labelled queries of English and
Chinese, and records of labelled pages, each text once. Reasons are left out, as `--no-reasons` does.
"""

from __future__ import annotations

import json
import resource
import sys
import time

import pandas as pd

from journeyseo.assets import asset
from journeyseo.classifier.labelled import labelled_queries
from journeyseo.pipeline import map_journey


def _keywords(count: int) -> pd.DataFrame:
    data = labelled_queries()
    own = data[data["lang"].isin(["en", "zh-Hans", "zh-Hant"])].head(count)
    # Volumes that fall off as those of real exports do.
    volume = [10 + 1_000_000 // (place + 10) for place in range(len(own))]
    return pd.DataFrame(
        {"query": own["query"].to_numpy(), "language": own["lang"].to_numpy(), "volume": volume}
    )


def _pages(count: int) -> pd.DataFrame:
    rows: list[dict[str, object]] = []
    for path in sorted(asset("data", "pages").glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            record = json.loads(line)
            rows.append(
                {
                    "url": f"https://www.large.example/{len(rows)}",
                    "title": record["title"],
                    "description": record["description"],
                    "headings": "\n".join(record["headings"]),
                    "text": record["excerpt"],
                    "language": record["lang"],
                }
            )
    return pd.DataFrame(rows[:count])


def main() -> None:
    """Measure and print."""
    counts = [int(text.replace("_", "")) for text in sys.argv[1:3]]
    queries, pages = _keywords(counts[0] if counts else 50_000), _pages(counts[1] if counts[1:] else 2_000)
    print(f"{len(queries):,} queries, {len(pages):,} pages")
    start = last = time.perf_counter()
    step = ""

    def note(text: str) -> None:
        nonlocal last, step
        now = time.perf_counter()
        if step:
            print(f"{step:<36} {now - last:7.1f} s")
        last, step = now, text

    found = map_journey(queries, pages, reasons=False, notify=note)
    note("")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1 if sys.platform == "darwin" else 1024)
    print(f"all {time.perf_counter() - start:.1f} s, {peak:,.0f} MB at most; {found}")


if __name__ == "__main__":
    main()
