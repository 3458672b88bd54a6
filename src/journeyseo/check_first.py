"""The page to look at before a new one is written: it may serve the cell after a change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from journeyseo.coverage import Coverage, is_home
from journeyseo.stages import Journey

# How far a page must be about a cell's queries, by their weight, to be named: one of the cell's own stage,
# and one of a stage beside it. Chosen on the two examples, by whether the page is of the cell's true topic.
_SAME_STAGE, _NEIGHBOUR = 0.08, 0.15


@dataclass(frozen=True)
class NearPage:
    """A page that nearly serves a cell.

    Attributes:
        url: Its address.
        reason: Why it is named, as a code: ``ranks``, with the number of queries and the position where it is
            known; ``partly``; or ``beside`` with the key of its stage.
    """

    url: str
    reason: str


def page_to_check(
    stage: str,
    rows: npt.NDArray[np.int64],
    weights: npt.NDArray[np.float64],
    pages: pd.DataFrame,
    coverage: Coverage,
    journey: Journey,
) -> NearPage | None:
    """Return the page that is likeliest to serve a cell after a change; None where none is near.

    A page that ranks for the queries comes first, then those that are about them, of the same stage or of one
    beside it. Home pages name everything and are none.

    Args:
        stage: The cell's stage of the journey.
        rows: Where its queries stand in the coverage.
        weights: Weight of each.
        pages: Staged pages.
        coverage: What `match_coverage` returned.
        journey: The journey.
    """
    ranked = _ranked(coverage.table.iloc[rows], weights)
    if ranked is not None or pages.empty:
        return ranked
    about = np.asarray(weights @ coverage.fit[rows]).ravel() / max(float(weights.sum()), 1e-9)
    keys = list(journey.keys)
    place = {key: i for i, key in enumerate(keys)}
    own = [place.get(str(key), len(keys) + 1) for key in pages["journey_stage"]]
    apart = np.abs(np.array(own) - place[stage])
    worth = np.where(apart == 0, about / _SAME_STAGE, np.where(apart == 1, about / _NEIGHBOUR, 0.0))
    best = int(np.argmax(np.round(worth, 6)))
    if worth[best] < 1:
        return None
    reason = "partly" if apart[best] == 0 else f"beside {pages['journey_stage'].iloc[best]}"
    return NearPage(str(pages["url"].iloc[best]), reason)


def _ranked(table: pd.DataFrame, weights: npt.NDArray[np.float64]) -> NearPage | None:
    """Return the page that ranks for most of the queries, by their weight."""
    known = table.assign(weight=weights)[(table["basis"] == "rank").to_numpy()]
    known = known[[not is_home(url) for url in known["url"]]]
    if known.empty:
        return None
    found = known.groupby("url").agg(
        weight=("weight", "sum"), queries=("url", "size"), position=("position", "median")
    )
    first = found.sort_values("weight", ascending=False, kind="stable").iloc[0]
    where = "" if pd.isna(first["position"]) else f" {first['position']:.0f}"
    return NearPage(str(first.name), f"ranks {first['queries']:.0f}{where}")


_TEXTS = {
    "ranks": {
        "en": "it already ranks for {0} of these queries",
        "zh-Hans": "其中 {0} 个查询已有排名",
        "zh-Hant": "其中 {0} 個查詢已有排名",
    },
    "position": {"en": ", at position {0}", "zh-Hans": "，第 {0} 位", "zh-Hant": "，第 {0} 位"},
    "partly": {
        "en": "it already speaks of {topic} for this stage, in part",
        "zh-Hans": "已在这个阶段部分谈到{topic}",
        "zh-Hant": "已在這個階段部分談到{topic}",
    },
    "beside": {
        "en": "it already speaks of {topic}, for the stage “{stage}”",
        "zh-Hans": "已谈到{topic}，但属于「{stage}」阶段",
        "zh-Hant": "已談到{topic}，但屬於「{stage}」階段",
    },
}


def check_text(reason: str, topic: str, stages: Mapping[str, str], language: str = "en") -> str:
    """Return why a page should be checked first (column ``check_reason``) in words.

    Args:
        reason: The code.
        topic: Name of the topic.
        stages: Display name of each stage.
        language: Language of the words.
    """
    if not reason:
        return ""
    name, _, value = reason.partition(" ")
    texts = {key: own.get(language, own["en"]) for key, own in _TEXTS.items()}
    if name == "ranks":
        count, _, position = value.partition(" ")
        return texts["ranks"].format(count) + (texts["position"].format(position) if position else "")
    return texts[name].format(topic=topic, stage=stages.get(value, value))
