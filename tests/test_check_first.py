"""The page to check before a new one is written."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import scipy.sparse as sp

from journeyseo.check_first import NearPage, check_text, page_to_check
from journeyseo.coverage import Coverage
from journeyseo.stages import load_journey
from journeyseo.tables import COVERAGE

SITE = "https://a.example"
STAGES = {"awareness": "Awareness", "decision": "Decision"}


def _checked(
    fit: list[list[float]],
    stages: list[str],
    *,
    stage: str = "consideration",
    ranked: list[str | None] | None = None,
    positions: list[float] | None = None,
) -> NearPage | None:
    size = len(fit)
    pages = pd.DataFrame({"url": [f"{SITE}/{i}" for i in range(len(stages))], "journey_stage": stages})
    table = pd.DataFrame(
        {
            "query": [f"q{i}" for i in range(size)],
            "url": ranked or [None] * size,
            "position": positions or [np.nan] * size,
            "basis": ["rank" if url else None for url in ranked or [None] * size],
        }
    )
    coverage = Coverage(COVERAGE.conform(table), sp.csr_matrix(np.array(fit)), np.zeros((1, 1)), ("t",))
    journey = load_journey("three-stage")
    return page_to_check(stage, np.arange(size), np.ones(size), pages, coverage, journey)


def test_nothing_near_is_nothing_named() -> None:
    assert _checked([[0.0, 0.0], [0.0, 0.0]], ["awareness", "decision"]) is None
    assert _checked([[0.05], [0.0]], ["consideration"]) is None


def test_a_page_of_a_neighbouring_stage_is_named_with_it() -> None:
    found = _checked([[0.0, 0.9], [0.1, 0.8]], ["awareness", "decision"])
    assert found == NearPage(f"{SITE}/1", "beside decision")


def test_a_page_two_stages_away_or_outside_is_none() -> None:
    assert _checked([[0.9], [0.9]], ["decision"], stage="awareness") is None
    assert _checked([[0.9], [0.9]], ["outside"], stage="decision") is None


def test_a_page_of_the_stage_itself_needs_less_to_be_named() -> None:
    found = _checked([[0.2, 0.2], [0.2, 0.2]], ["awareness", "consideration"])
    assert found == NearPage(f"{SITE}/1", "partly")


def test_the_page_that_ranks_comes_first_and_the_home_page_never() -> None:
    fit = [[0.9, 0.1], [0.9, 0.1], [0.9, 0.1]]
    ranked: list[str | None] = [f"{SITE}/old", None, f"{SITE}/old"]
    found = _checked(fit, ["awareness", "awareness"], ranked=ranked, positions=[12.0, np.nan, 18.0])
    assert found == NearPage(f"{SITE}/old", "ranks 2 15")
    assert _checked(fit, ["awareness"] * 2, ranked=ranked) == NearPage(f"{SITE}/old", "ranks 2")
    home = _checked(fit, ["awareness"] * 2, ranked=[f"{SITE}/"] * 3)
    assert home == NearPage(f"{SITE}/0", "beside awareness")


@pytest.mark.parametrize(
    ("reason", "language", "text"),
    [
        ("ranks 2 15", "en", "it already ranks for 2 of these queries, at position 15"),
        ("ranks 2", "zh-Hant", "其中 2 個查詢已有排名"),
        ("partly", "zh-Hans", "已在这个阶段部分谈到sheds"),
        ("beside decision", "en", "it already speaks of sheds, for the stage “Decision”"),
        ("", "en", ""),
    ],
)
def test_the_reason_in_words(reason: str, language: str, text: str) -> None:
    assert check_text(reason, "sheds", STAGES, language) == text
