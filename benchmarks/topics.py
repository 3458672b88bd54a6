"""How well topics and holes of the bundled examples are found.

python -m benchmarks.topics
"""

from __future__ import annotations

from tests.scenarios import SITES, grouping_index, map_site, verdicts


def main() -> None:
    """Measure and print."""
    for folder in SITES:
        found = map_site(folder)
        judged = verdicts(folder.name, found)
        holes = [v for v in judged if v.truth == "gap"]
        covered = [v for v in judged if v.truth == "covered"]
        print(
            f"{folder.name}: adjusted Rand {grouping_index(folder.name, found):.3f}, "
            f"{len(found.topics)} topics; holes named gap {sum(v.ours == 'gap' for v in holes)}, "
            f"gap or weak {sum(v.ours in ('gap', 'weak') for v in holes)} of {len(holes)}; "
            f"covered called covered {sum(v.ours == 'covered' for v in covered)}, "
            f"gap {sum(v.ours == 'gap' for v in covered)} of {len(covered)}"
        )
        for verdict in judged:
            if verdict.truth != verdict.ours:
                print(f"  {verdict.topic}, {verdict.stage}: {verdict.truth}, we say {verdict.ours}")


if __name__ == "__main__":
    main()
