"""The bundled sites with what another hand wrote down of them: true labels, topics and holes."""

from __future__ import annotations

import tomllib
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np
import pandas as pd

from journeyseo.pages import read_pages
from journeyseo.pipeline import map_journey
from journeyseo.results import JourneyMap

_DATA = Path(__file__).resolve().parents[1] / "data"
EXAMPLES = _DATA / "examples"
SCENARIOS = _DATA / "scenarios"
SITES = tuple(sorted(p for f in (EXAMPLES, SCENARIOS) for p in f.iterdir() if p.is_dir()))
"""The folders of all sites: the bundled examples, and the scenarios.

The method was built, and its thresholds chosen, with the scores of those in sight that are not among
`UNSEEN`."""

UNSEEN = ("dental-group", "hvac-tw")
"""Scenarios written after the method, by other hands. Once something is changed with their scores in sight,
they belong here no more."""


def folder_of(site: str) -> Path:
    """Return the folder of a site by its name."""
    return next(p for p in SITES if p.name == site)


def map_site(folder: Path) -> JourneyMap:
    """Return the map of a site, its folder of HTML read as the mirror that it is."""
    home = urlsplit(pd.read_csv(folder / "pages.csv", dtype=str)["url"].iloc[0])
    pages = read_pages(folder / "site", base_url=f"{home.scheme}://{home.netloc}")
    return map_journey(str(folder / "keywords.csv"), pages, reasons=False)


# Queries under which the scenarios say nothing of a cell.
_LEAST = 3


@dataclass(frozen=True)
class Verdict:
    """What the map says of one cell that was judged by hand."""

    topic: str
    stage: str
    truth: str
    ours: str


def truth_of(example: str) -> pd.DataFrame:
    """Return the labelled queries of an example, by query."""
    path = folder_of(example) / "truth.csv"
    return pd.read_csv(path, keep_default_na=False, dtype=str).set_index("query")


def verdicts(example: str, journey_map: JourneyMap) -> list[Verdict]:
    """Return, for each judged cell, the status that most of its queries' cells have in the map.

    A query counts by the logarithm of its volume; cells with too few queries do not vote.
    """
    truth = truth_of(example)
    queries = journey_map.keywords[journey_map.keywords["topic"].notna()]
    status = journey_map.cells.set_index(["topic", "journey_stage"])["status"].astype(str).to_dict()
    topic = queries["query"].map(truth["topic"])
    stage = queries["query"].map(truth["stage"])
    found = []
    for cell in tomllib.loads((folder_of(example) / "holes.toml").read_text(encoding="utf-8"))["cell"]:
        own = queries[(topic == cell["topic"]) & (stage == cell["stage"])]
        if cell.get("judged") is False or len(own) < _LEAST:
            continue
        votes: Counter[str] = Counter()
        for name, demand in zip(own["topic"], own["demand"], strict=True):
            votes[status[name, cell["stage"]]] += float(np.log1p(demand))
        votes.pop("no-demand", None)
        ours = max(sorted(votes), key=lambda s: votes[s]) if votes else "no-demand"
        found.append(Verdict(cell["topic"], cell["stage"], cell["status"], ours))
    return found


def grouping_index(example: str, journey_map: JourneyMap) -> float:
    """Return the adjusted Rand index of the topics against the true ones."""
    from sklearn.metrics import adjusted_rand_score

    queries = journey_map.keywords[journey_map.keywords["topic"].notna()]
    true = queries["query"].map(truth_of(example)["topic"])
    judged = ~true.isin(["", "other", "brand", "shop"])
    return float(adjusted_rand_score(true[judged], queries.loc[judged, "topic"]))
