"""How often the right page comes first for a query whose cell is covered, on the bundled sites.

python -m benchmarks.matching
"""

from __future__ import annotations

import tomllib

from tests.scenarios import SITES, map_site, truth_of


def main() -> None:
    """Measure and print."""
    for folder in SITES:
        found = map_site(folder)
        truth = truth_of(folder.name)
        cells = tomllib.loads((folder / "holes.toml").read_text(encoding="utf-8"))["cell"]
        serving = {
            (c["topic"], c["stage"]): c["pages"] for c in cells if c["status"] in ("covered", "excess")
        }
        url = found.coverage.set_index("query")["url"].to_dict()
        asked = right = none = 0
        for query, row in truth.iterrows():
            pages = serving.get((row["topic"], row["stage"]))
            if pages:
                asked += 1
                right += url.get(query) in pages
                none += not isinstance(url.get(query), str)
        print(
            f"{folder.name}: right page first for {right / asked:.3f} of {asked} queries, "
            f"none for {none / asked:.3f}"
        )


if __name__ == "__main__":
    main()
