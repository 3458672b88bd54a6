"""Sections that serve another stage than their page: in the pages, the cells and the briefs."""

from __future__ import annotations

import json

import pandas as pd
import pytest

from journeyseo.coverage import match_coverage
from journeyseo.gaps import GapRules, find_gaps, reason_text
from journeyseo.sections import SURE, also_serves, classify_sections, serving
from journeyseo.stages import STAGES, load_journey
from journeyseo.suggest import suggest_content
from journeyseo.tables import SECTIONS
from journeyseo.topics import group_topics

GUIDE, SHOP = "https://a.example/ev", "https://a.example/shop"
QUERIES = [
    ("what is an ev charger", "awareness", 100.0),
    ("how does an ev charger work", "awareness", 50.0),
    ("ev charger price", "decision", 80.0),
    ("buy ev charger", "decision", 70.0),
    ("ev charger installer near me", "decision", 30.0),
]


def _staged(frame: pd.DataFrame, stages: list[str], sure: float = 0.9) -> pd.DataFrame:
    rest = (1 - sure) / (len(STAGES) - 1)
    shares = {f"p_{name}": [sure if s == name else rest for s in stages] for name in STAGES}
    own = [s if s in STAGES[:3] else "outside" for s in stages]
    return frame.assign(**shares, stage=stages, journey_stage=own, confidence=sure)


def _sections(*rows: tuple[str, str, str], sure: float = 0.9) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["url", "heading", "stage"])
    frame["section"], frame["level"] = range(1, len(frame) + 1), 2
    return SECTIONS.conform(_staged(frame, frame["stage"].tolist(), sure))


def _pages(*rows: tuple[str, str, str]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["url", "title", "stage"])
    for name in ("h1", "description", "headings", "text"):
        frame[name] = frame["title"]
    frame["language"], frame["words"], frame["indexable"], frame["outlinks"] = "en", 900.0, True, None
    return _staged(frame, frame["stage"].tolist())


def _keywords() -> pd.DataFrame:
    frame = pd.DataFrame(QUERIES, columns=["query", "stage", "demand"])
    frame["language"], frame["url"], frame["position"], frame["difficulty"] = "en", None, float("nan"), None
    frame["topic"], frame["brand"] = "ev", None
    return _staged(frame, frame["stage"].tolist())


PAGES = _pages((GUIDE, "EV charger guide", "awareness"))


def _cells(sections: pd.DataFrame | None, pages: pd.DataFrame = PAGES) -> pd.DataFrame:
    keywords = _keywords()
    coverage = match_coverage(keywords, pages)
    cells = find_gaps(keywords, pages, coverage, load_journey("three-stage"), sections=sections)
    return cells.set_index("journey_stage")


def test_only_sure_sections_of_another_stage_of_the_journey_serve():
    sections = pd.concat(
        [
            _sections((GUIDE, "How it works", "awareness"), (GUIDE, "Prices", "decision")),
            _sections((GUIDE, "Best chargers", "consideration"), sure=SURE - 0.01),
            _sections((GUIDE, "Log in", "retention"), (GUIDE, "Legal", "none")),
            _sections(("https://b.example/", "Prices", "decision")),
        ]
    )
    found = serving(PAGES, sections)
    assert found[["page", "url", "journey_stage", "heading"]].to_numpy().tolist() == [
        [0, GUIDE, "decision", "Prices"]
    ]


def test_the_surest_section_of_a_stage_is_named_and_the_first_of_equals():
    sections = pd.concat(
        [
            _sections((GUIDE, "Offers", "decision"), sure=0.7),
            _sections((GUIDE, "Prices", "decision"), (GUIDE, "Buy", "decision"), sure=0.8),
        ]
    )
    assert serving(PAGES, sections)["heading"].tolist() == ["Prices"]


class _Judge:
    """Answers with reasons as the page model gives them."""

    def classify_pages(self, pages: pd.DataFrame) -> pd.DataFrame:
        self.asked = pages
        reasons = ["description and title", "headings and description", "text and signals"]
        frame = _staged(pages[[]], ["decision"] * len(pages))
        return frame.assign(reason=[f"carried by {r}" for r in reasons[: len(pages)]])


def test_a_section_is_read_as_a_page_with_its_heading_as_title():
    texts = ["a" * 300, "价" * 300, "It costs $ 5 " + "b" * 300]
    lines = "\n".join(json.dumps([2, f"H{i}", text]) for i, text in enumerate(texts))
    judge = _Judge()
    found = classify_sections(pd.DataFrame({"url": [GUIDE], "sections": [lines]}), judge)
    assert judge.asked["title"].tolist() == ["H0", "H1", "H2"]
    assert judge.asked["text"].str.len().tolist() == [200, 80, 200]
    assert judge.asked["has_price"].tolist() == [False, False, True]
    assert found[["url", "section", "heading"]].to_numpy().tolist() == [
        [GUIDE, i + 1, f"H{i}"] for i in range(3)
    ]
    assert found["reason"].tolist() == [
        "carried by heading", "carried by no single part", "carried by text and signals",
    ]  # fmt: skip


def test_sections_that_three_pages_have_in_the_same_words_are_the_site_s():
    urls = [f"https://a.example/{i}" for i in range(3)]
    lines = [
        "\n".join([json.dumps([2, "Newsletter", "Once a month"]), json.dumps([3, "Own", f"text {i}"])])
        for i in range(3)
    ]
    pages = pd.DataFrame({"url": urls, "sections": lines})
    assert classify_sections(pages, _Judge())["heading"].tolist() == ["Own"] * 3
    assert classify_sections(pages.head(1), _Judge())["heading"].tolist() == ["Newsletter", "Own"]
    assert classify_sections(pages.assign(sections=None), _Judge()).empty


def test_pages_say_what_they_also_serve():
    pages = _pages((GUIDE, "EV charger guide", "awareness"), (SHOP, "Shop", "decision"))
    sections = _sections((GUIDE, "Prices", "decision"), (GUIDE, "Best 'five'", "consideration"))
    texts = also_serves(pages, sections)
    assert texts[0] == "decision (section 'Prices')\nconsideration (section 'Best 'five'')"
    assert pd.isna(texts[1])
    assert also_serves(pages, SECTIONS.empty()).isna().all()


def test_a_cell_that_only_a_section_serves_stays_a_gap_and_names_it():
    without, cell = (
        _cells(None).loc["decision"],
        _cells(_sections((GUIDE, "Prices", "decision"))).loc["decision"],
    )
    assert (without["status"], without["reason"], without["quality"]) == ("gap", "no-page", 0.0)
    assert (cell["status"], cell["reason"], cell["best_page"]) == ("gap", "section Prices", GUIDE)
    assert cell["quality"] == pytest.approx(GapRules().section, abs=0.01)
    assert 0 < GapRules().section < GapRules().weak
    assert cell["pages"] == 0
    assert cell["deficit"] == pytest.approx(cell["demand"] * (1 - cell["quality"]))


def test_a_page_of_its_own_counts_for_more_than_a_section():
    pages = _pages((GUIDE, "EV charger guide", "awareness"), (SHOP, "EV charger shop", "decision"))
    with_section = _cells(_sections((GUIDE, "Prices", "decision")), pages)
    assert with_section.loc["decision", ["status", "best_page"]].tolist() == ["covered", SHOP]
    pd.testing.assert_frame_equal(with_section, _cells(None, pages))


def test_a_page_that_serves_a_cell_in_part_goes_before_a_section():
    pages = _pages((GUIDE, "EV charger guide", "awareness"), (SHOP, "EV charger shop", "decision"))
    pages.loc[1, "words"] = 50.0
    cells = _cells(_sections((GUIDE, "Prices", "decision")), pages)
    assert cells.loc["decision", ["status", "best_page", "reason"]].tolist() == ["weak", SHOP, "thin 50"]


def test_a_section_of_a_page_that_is_not_listed_serves_nothing():
    cells = _cells(_sections((GUIDE, "Prices", "decision")), PAGES.assign(indexable=False))
    assert cells.loc["decision", "status"] == "gap"


def test_a_heading_goes_into_the_reason_as_it_is():
    assert (
        reason_text("section 20 % {off} now")
        == "only the section “20 % {off} now” of a page serves this stage"
    )
    assert len({reason_text("section 价格", tag) for tag in ("en", "zh-Hans", "zh-Hant")}) == 3


def test_the_brief_says_to_make_a_page_of_the_section_or_to_link_it():
    keywords, sections = _keywords(), _sections((GUIDE, "Prices", "decision"))
    topics, topic = group_topics(keywords.drop(columns="topic"), pages=PAGES)
    keywords["topic"] = topic.to_numpy()
    coverage, journey = match_coverage(keywords, PAGES), load_journey("three-stage")
    cells = find_gaps(keywords, PAGES, coverage, journey, sections=sections)
    briefs = suggest_content(keywords, PAGES, topics, cells, coverage, journey)
    brief = briefs[briefs["journey_stage"] == "decision"].iloc[0]
    assert brief["action"] == "turn the section into its own page, or link to it"
    assert brief["page"] == GUIDE
    assert "“Prices”" in brief["why"]
    assert brief["links_from"].split("\n")[0] == GUIDE
