"""Coverage and cells on a site small enough to know by heart."""

import numpy as np
import pandas as pd
import pytest

from journeyseo.coverage import match_coverage
from journeyseo.gaps import SHARE_ERROR, GapRules, find_gaps, reason_text, stage_totals
from journeyseo.stages import STAGES, load_journey

RULES = GapRules(min_queries=1.5)


def staged(frame, stages, sure=0.9):
    rest = (1 - sure) / (len(STAGES) - 1)
    for stage in STAGES:
        frame[f"p_{stage}"] = [sure if s == stage else rest for s in stages]
    frame["journey_stage"] = [s if s in STAGES[:3] else "outside" for s in stages]
    return frame


def make_keywords(rows):
    frame = pd.DataFrame(rows, columns=["query", "topic", "stage", "demand"])
    frame["language"], frame["url"], frame["position"] = "en", None, np.nan
    return staged(frame, frame["stage"])


def make_pages(rows):
    frame = pd.DataFrame(rows, columns=["url", "title", "stage"])
    for name in ("h1", "description", "headings", "text"):
        frame[name] = frame["title"]
    frame["language"], frame["words"], frame["indexable"] = "en", 500.0, True
    return staged(frame, frame["stage"])


KEYWORDS = [
    ("what is an ev charger", "ev", "awareness", 100.0),
    ("how does an ev charger work", "ev", "awareness", 50.0),
    ("best ev charger", "ev", "consideration", 200.0),
    ("ev charger reviews", "ev", "consideration", 40.0),
    ("buy ev charger", "ev", "decision", 80.0),
    ("ev charger installer near me", "ev", "decision", 30.0),
    ("why do leather boots crack", "boots", "awareness", 70.0),
    ("how to clean leather boots", "boots", "awareness", 60.0),
    ("best leather boots", "boots", "consideration", 90.0),
    ("leather boots compared", "boots", "consideration", 20.0),
]
PAGES = [
    ("https://a.example/", "EV chargers and leather boots", "consideration"),
    ("https://a.example/ev", "EV charger guide", "awareness"),
    ("https://a.example/boots", "Leather boots shop", "consideration"),
    ("https://a.example/privacy", "Privacy policy", "none"),
]


def cells_of(keywords, pages, rules=RULES, journey="three-stage"):
    coverage = match_coverage(keywords, pages)
    cells = find_gaps(keywords, pages, coverage, load_journey(journey), rules=rules)
    return cells.set_index(["topic", "journey_stage"]), coverage


@pytest.fixture(scope="module")
def cells():
    return cells_of(make_keywords(KEYWORDS), make_pages(PAGES))[0]


@pytest.mark.parametrize(
    ("topic", "stage", "status"),
    [
        ("ev", "awareness", "covered"),
        ("ev", "consideration", "gap"),
        ("ev", "decision", "gap"),
        ("boots", "awareness", "gap"),
        ("boots", "consideration", "covered"),
        ("boots", "decision", "no-demand"),
    ],
)
def test_each_cell_is_what_the_site_is(cells, topic, stage, status):
    assert cells.loc[(topic, stage), "status"] == status


def test_the_home_page_covers_nothing(cells):
    assert "https://a.example/" not in set(cells["best_page"].dropna())


def test_demand_is_expected_demand_with_its_interval(cells):
    cell = cells.loc[("ev", "awareness")]
    own = [100, 50, 200, 40, 80, 30]
    p = np.array([0.9] * 2 + [0.02] * 4)
    assert cell["demand"] == pytest.approx(np.dot(own, p))
    common = SHARE_ERROR["awareness"] * sum(own)
    half = 1.645 * np.sqrt(np.dot(np.square(own), p * (1 - p)) + common**2)
    assert cell["demand_high"] == pytest.approx(cell["demand"] + half)
    assert cell["demand_low"] == pytest.approx(max(0, cell["demand"] - half))


def test_totals_of_stages_add_the_intervals_of_topics_as_squares():
    cells = pd.DataFrame(
        {
            "journey_stage": ["awareness", "awareness", "decision"],
            "demand": [100.0, 50.0, 7.0],
            "demand_low": [70.0, 10.0, 6.0],
            "demand_high": [130.0, 90.0, 7.0],
        }
    )
    total = stage_totals(cells)
    assert total.loc["awareness"].tolist() == [150.0, 100.0, 200.0]
    assert total.loc["decision"].tolist() == [7.0, 6.0, 7.0]


def test_demand_of_all_cells_is_all_demand_but_that_of_no_journey(cells):
    total = sum(row[3] for row in KEYWORDS)
    assert cells["demand"].sum() == pytest.approx(total * 0.98)


def test_only_gaps_and_weak_cells_have_a_deficit(cells):
    open_cells = cells["status"].isin(["gap", "weak"])
    assert (cells.loc[~open_cells, "deficit"] == 0).all()
    assert cells.loc[("ev", "consideration"), "deficit"] > 100


def test_a_page_of_another_language_covers_nothing():
    pages = make_pages(PAGES).assign(language="zh-Hant")
    cells, coverage = cells_of(make_keywords(KEYWORDS), pages)
    assert (cells["pages"] == 0).all()
    assert coverage.table["url"].isna().all()


def test_a_thin_page_is_weak_and_a_noindex_page_is_none():
    pages = make_pages(PAGES)
    pages.loc[1, "words"] = 50.0
    cells, _ = cells_of(make_keywords(KEYWORDS), pages)
    assert cells.loc[("ev", "awareness"), "status"] == "weak"
    assert cells.loc[("ev", "awareness"), "reason"] == "thin 50"
    pages.loc[1, "indexable"] = False
    cells, _ = cells_of(make_keywords(KEYWORDS), pages)
    assert cells.loc[("ev", "awareness"), "status"] == "gap"


def test_a_page_that_ranks_badly_is_weak():
    keywords = make_keywords(KEYWORDS)
    keywords.loc[0, ["url", "position"]] = ["http://www.a.example/ev/", 34.0]
    cells, coverage = cells_of(keywords, make_pages(PAGES))
    assert coverage.table.loc[0, ["url", "basis", "position"]].tolist() == [
        "https://a.example/ev",
        "rank",
        34.0,
    ]
    assert cells.loc[("ev", "awareness"), "reason"] == "position 34"
    assert cells.loc[("ev", "awareness"), "status"] == "weak"


def test_many_pages_for_few_queries_are_excess():
    pages = make_pages(
        [*PAGES, *((f"https://a.example/ev{i}", "EV charger guide", "awareness") for i in range(4))]
    )
    cells, _ = cells_of(make_keywords(KEYWORDS), pages)
    assert cells.loc[("ev", "awareness"), "status"] == "excess"


def test_without_pages_everything_with_demand_is_a_gap():
    pages = make_pages(PAGES).iloc[:0]
    cells, _ = cells_of(make_keywords(KEYWORDS), pages)
    assert set(cells["status"]) == {"gap", "no-demand"}


def test_five_stages_show_retention():
    rows = [
        *KEYWORDS,
        ("ev charger login", "ev", "retention", 500.0),
        ("reset ev charger", "ev", "retention", 20.0),
    ]
    cells, _ = cells_of(make_keywords(rows), make_pages(PAGES), journey="classic-five")
    assert cells.loc[("ev", "retention"), "demand"] > 400
    three, _ = cells_of(make_keywords(rows), make_pages(PAGES))
    assert three.loc[("ev", "outside"), "demand"] > 400


def test_every_reason_has_words_in_three_languages():
    for code in ("few 4", "no-page", "many 5", "served", "position 12", "thin 40", "partly"):
        texts = {reason_text(code, language) for language in ("en", "zh-Hans", "zh-Hant")}
        assert len(texts) == 3
        assert all("{" not in text for text in texts)
    assert reason_text("thin 40") == "its page has only 40 words"
    assert reason_text("served", "fr") == reason_text("served", "en")
