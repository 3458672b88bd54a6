"""Findings on pages that exist, on sites small enough to know by heart and on both examples."""

from __future__ import annotations

import copy

import numpy as np
import pandas as pd
import pytest
from tests.test_gaps import make_keywords, make_pages

import journeyseo as js
from journeyseo.coverage import match_coverage
from journeyseo.findings import KINDS, FindingRules, check_pages, finding_text, to_do_text
from journeyseo.stages import LANGUAGES, load_journey
from journeyseo.tables import QUERY_PAGES
from journeyseo.wording import finding_texts, report_texts

RULES = FindingRules()
SITE = "https://a.example"
KEYWORDS = [
    ("what is an ev charger", "ev", "awareness", 100.0),
    ("how does an ev charger work", "ev", "awareness", 50.0),
    ("best ev charger", "ev", "consideration", 200.0),
    ("ev charger reviews", "ev", "consideration", 40.0),
    ("ev charger comparison", "ev", "consideration", 30.0),
    ("buy ev charger", "ev", "decision", 80.0),
    ("best leather boots", "boots", "consideration", 90.0),
    ("leather boots compared", "boots", "consideration", 20.0),
]
PAGES = [
    (f"{SITE}/", "EV chargers and leather boots", "consideration"),
    (f"{SITE}/ev", "What an EV charger is", "awareness"),
    (f"{SITE}/ev-tests", "Seven wall boxes in our test", "consideration"),
    (f"{SITE}/ev-choice", "Choosing between chargers", "consideration"),
    (f"{SITE}/boots", "Leather boots shop", "consideration"),
    (f"{SITE}/privacy", "Privacy policy", "none"),
]


def _pages(rows=PAGES, **columns):
    pages = make_pages(rows)
    for name in ("clicks", "impressions", "sessions"):
        pages[name] = np.nan
    return pages.assign(**columns)


def _named(*rows: tuple[str, str, float, float]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["query", "url", "impressions", "position"])
    return QUERY_PAGES.conform(frame.assign(language="en", url=SITE + frame["url"]))


def _found(keywords=KEYWORDS, pages=None, named=None, rules=RULES, kind=None):
    queries = keywords if isinstance(keywords, pd.DataFrame) else make_keywords(keywords)
    pages = _pages() if pages is None else pages
    coverage = match_coverage(queries, pages)
    found = check_pages(queries, pages, coverage, load_journey(), query_pages=named, rules=rules)
    return found if kind is None else found[found["kind"] == kind].reset_index(drop=True)


RIVALS = (
    ("best ev charger", "/ev-tests", 400.0, 6.0),
    ("best ev charger", "/ev-choice", 600.0, 4.0),
    ("ev charger reviews", "/ev-tests", 70.0, 3.0),
    ("ev charger reviews", "/ev-choice", 30.0, 9.0),
)


def test_pages_that_the_source_names_together_compete() -> None:
    (found,) = _found(named=_named(*RIVALS), kind="competing").to_dict("records")
    # The page with more impressions first.
    assert found["urls"].split("\n") == [f"{SITE}/ev-choice", f"{SITE}/ev-tests"]
    assert (found["topic"], found["journey_stage"], found["language"]) == ("ev", "consideration", "en")
    assert found["queries"].split("\n") == ["best ev charger", "ev charger reviews"]
    assert found["demand"] == 240
    assert found["reason"] == "ranks 2"
    assert found["evidence"] == "for 2 queries the source names more than one of these pages"
    assert "redirect" in found["to_do"]


@pytest.mark.parametrize(
    ("change", "competes"),
    [
        ({"share": 0.31}, False),  # one of two queries is left, with less than half of the demand
        ({"impressions": 31.0}, False),
        ({"queries": 3.0}, False),
        ({"queries": 3.0, "half": 0.4}, True),
        ({"queries": 3.0, "half": 0.5}, False),
        ({"share": 0.3, "impressions": 30.0}, True),
    ],
)
def test_each_threshold_counts(change: dict[str, float], competes: bool) -> None:
    found = _found(named=_named(*RIVALS), rules=FindingRules(**change), kind="competing")
    assert len(found) == competes


def test_one_query_with_most_of_the_topic_s_demand_is_enough() -> None:
    rows = [(q, t, s, 5_000.0 if q == "best ev charger" else d) for q, t, s, d in KEYWORDS]
    (found,) = _found(rows, named=_named(*RIVALS[:2]), kind="competing").to_dict("records")
    assert found["reason"] == "ranks 1"


def test_where_there_are_no_impressions_positions_count() -> None:
    rows = [(query, url, np.nan, position) for query, url, _, position in RIVALS]
    assert len(_found(named=_named(*rows), kind="competing")) == 1
    far = [(query, url, np.nan, 21.0) for query, url, _, _ in RIVALS]
    assert len(_found(named=_named(*far), kind="competing")) == 0


@pytest.mark.parametrize("change", ["stage", "language", "noindex", "home"])
def test_pages_of_other_stages_and_languages_do_not_compete(change: str) -> None:
    named, pages = _named(*RIVALS), _pages()
    if change == "stage":
        rows = [(u, t, "awareness" if u.endswith("/ev-tests") else s) for u, t, s in PAGES]
        pages = _pages(rows)
    elif change == "language":
        pages.loc[2, "language"] = "zh-Hant"
    elif change == "noindex":
        pages.loc[2, "indexable"] = False
    else:
        named["url"] = named["url"].replace(f"{SITE}/ev-tests", f"{SITE}/")
    assert len(_found(pages=pages, named=named, kind="competing")) == 0


def test_three_pages_that_compete_are_one_finding() -> None:
    pages = _pages([*PAGES, (f"{SITE}/ev-buyers", "For buyers", "consideration")])
    more = [(query, "/ev-buyers/", 100.0, 5.0) for query in ("ev charger reviews", "ev charger comparison")]
    named = _named(*RIVALS, *more, ("ev charger comparison", "/ev-choice", 90.0, 5.0))
    (found,) = _found(pages=pages, named=named, kind="competing").to_dict("records")
    assert len(found["urls"].split("\n")) == 3
    assert found["reason"] == "ranks 3"


TWINS = [
    *PAGES[:2],
    (f"{SITE}/ev-charger-test", "EV charger test: the best EV charger", "consideration"),
    (f"{SITE}/best-ev-charger", "The best EV charger in our EV charger test", "consideration"),
    *PAGES[4:],
]


def test_without_rankings_pages_alike_compete() -> None:
    (found,) = _found(pages=_pages(TWINS), kind="competing").to_dict("records")
    assert set(found["urls"].split("\n")) == {f"{SITE}/ev-charger-test", f"{SITE}/best-ev-charger"}
    assert found["reason"] == "alike 3"
    assert "no rankings were given" in found["evidence"]


def test_likeness_is_not_asked_where_the_source_names_queries_for_both() -> None:
    keywords = make_keywords(KEYWORDS)
    keywords.loc[2, "url"] = f"{SITE}/ev-charger-test"
    assert len(_found(keywords, pages=_pages(TWINS), kind="competing")) == 1
    keywords.loc[3, "url"] = f"{SITE}/best-ev-charger"
    assert len(_found(keywords, pages=_pages(TWINS), kind="competing")) == 0


@pytest.mark.parametrize("change", [{"alike": 0.99}, {"queries": 4.0}])
def test_pages_less_alike_do_not_compete(change: dict[str, float]) -> None:
    assert len(_found(pages=_pages(TWINS), rules=FindingRules(**change), kind="competing")) == 0


def test_a_page_whose_queries_ask_for_another_stage_is_off_stage() -> None:
    rows = [row for row in PAGES if row[0] != f"{SITE}/boots"]
    keywords = [
        *KEYWORDS[:6],
        ("leather boots care", "boots", "awareness", 30.0),
        ("why do leather boots crack", "boots", "awareness", 20.0),
        ("how to clean leather boots", "boots", "awareness", 10.0),
    ]
    pages = _pages([*rows, (f"{SITE}/boots", "Leather boots", "decision")])
    (found,) = _found(keywords, pages=pages, kind="off-stage").to_dict("records")
    assert (found["urls"], found["journey_stage"], found["topic"]) == (f"{SITE}/boots", "decision", "boots")
    assert found["reason"] == "asks 3 90 2 awareness"
    assert found["evidence"] == (
        "of the 3 queries that it serves, 90 % ask for awareness and 2 % for its own stage"
    )
    assert found["demand"] == 60
    assert len(_found(keywords, pages=pages, rules=FindingRules(served=4), kind="off-stage")) == 0
    # Nor is it one while the page is of the other stage too.
    pages.loc[pages["url"] == f"{SITE}/boots", ["p_decision", "p_awareness"]] = [0.5, 0.4]
    assert len(_found(keywords, pages=pages, kind="off-stage")) == 0


def test_a_page_without_demand_is_an_orphan() -> None:
    pages = _pages([*PAGES, (f"{SITE}/kites", "Kites and windsocks", "consideration")])
    found = _found(pages=pages, kind="orphan")
    assert f"{SITE}/kites" in set(found["urls"])
    own = found.set_index("urls").loc[f"{SITE}/kites"]
    assert (own["reason"], own["evidence"]) == ("none", "no query of the export is about it")
    assert own["demand"] == 0
    assert not {f"{SITE}/", f"{SITE}/privacy", f"{SITE}/boots", f"{SITE}/ev"} & set(found["urls"])


@pytest.mark.parametrize(
    ("column", "value"), [("clicks", 1.0), ("sessions", 3.0), ("language", "fr"), ("indexable", False)]
)
def test_a_page_that_is_visited_or_cannot_be_judged_is_none(column: str, value: object) -> None:
    pages = _pages([*PAGES, (f"{SITE}/kites", "Kites and windsocks", "consideration")])
    pages.loc[len(PAGES), column] = value
    assert f"{SITE}/kites" not in set(_found(pages=pages, kind="orphan")["urls"])


def test_the_order_of_rows_changes_nothing() -> None:
    pages = _pages([*TWINS, (f"{SITE}/kites", "Kites and windsocks", "consideration")])
    keywords = make_keywords(KEYWORDS)
    found = _found(keywords, pages)
    other = _found(keywords[::-1].reset_index(drop=True), pages[::-1].reset_index(drop=True))
    assert len(found) >= 2
    key = ["kind", "topic", "reason", "demand", "queries"]
    pd.testing.assert_frame_equal(found[key], other[key])
    assert [set(u.split("\n")) for u in found["urls"]] == [set(u.split("\n")) for u in other["urls"]]


def test_nothing_to_look_at_is_no_finding() -> None:
    assert len(_found(pages=_pages().iloc[:0])) == 0
    assert len(_found(pages=_pages(PAGES[1:2]), kind="competing")) == 0


def test_both_examples(demo_map, zh_map) -> None:
    """As measured when written; each was looked at by a person and holds."""
    site = "https://www.larkmoor.example"
    assert demo_map.findings[["kind", "urls", "reason"]].to_numpy().tolist() == [
        ["competing", f"{site}/solar-panels/\n{site}/solar-panels/book-a-survey/", "alike 13"],
    ]
    assert zh_map.findings.empty


def test_texts_exist_in_three_languages_without_a_hole() -> None:
    codes = ("ranks 3", "alike 4", "asks 12 64 4 pre purchase", "none", "other-stage")
    assert {code.split(" ")[0] for code in codes} == set(finding_texts()["evidence"])
    assert set(KINDS) == set(finding_texts()["to_do"])
    for code in codes:
        assert len({finding_text(code, language) for language in LANGUAGES}) == 3
        assert "{" not in finding_text(code, "zh-Hant")
    for kind in KINDS:
        assert len({to_do_text(kind, language) for language in LANGUAGES}) == 3
        assert all(texts[kind] for texts in report_texts().values())
    assert "ask for pre purchase and 4 %" in finding_text("asks 12 64 4 pre purchase")
    assert "Pre-purchase" in finding_text("asks 12 64 4 pre", stages={"pre": "Pre-purchase"})


SEARCH_CONSOLE = pd.DataFrame(
    [
        ("best ev charger", f"{SITE}/ev-tests", 5, 400, 6.0),
        ("best ev charger", f"{SITE}/ev-choice", 9, 600, 4.0),
        ("Best EV charger", f"{SITE}/ev-choice", 1, 20, 3.0),
        ("ev charger reviews", f"{SITE}/ev-tests", 2, 70, 3.0),
        ("ev charger reviews", f"{SITE}/ev-choice", 1, 30, 9.0),
        ("buy ev charger", f"{SITE}/ev-tests", 1, 40, 8.0),
    ],
    columns=["Query", "Page", "Clicks", "Impressions", "Position"],
)


def test_reading_keeps_every_page_of_a_query() -> None:
    read = js.read_keywords(SEARCH_CONSOLE, language="en")
    assert len(read) == 3
    table = read.attrs["query_pages"].table
    assert table[["query", "url", "impressions", "clicks", "position"]].to_numpy().tolist() == [
        ["Best EV charger", f"{SITE}/ev-choice", 620, 10, 3.0],
        ["Best EV charger", f"{SITE}/ev-tests", 400, 5, 6.0],
        ["ev charger reviews", f"{SITE}/ev-choice", 30, 1, 9.0],
        ["ev charger reviews", f"{SITE}/ev-tests", 70, 2, 3.0],
    ]
    assert copy.deepcopy(read.attrs)["query_pages"] is read.attrs["query_pages"]
    assert "query_pages" not in js.read_keywords(["best ev charger"]).attrs


def test_the_whole_job_uses_the_pairs(tmp_path) -> None:
    pages = pd.DataFrame(
        {
            "url": [f"{SITE}/ev-tests", f"{SITE}/ev-choice"],
            "title": ["The best EV chargers in our test", "Best EV charger: seven compared"],
            "text": ["We compare seven EV chargers and rank them. " * 40] * 2,
        }
    )
    found = js.map_journey(
        js.read_keywords(SEARCH_CONSOLE, language="en"), js.read_pages(pages), reasons=False
    )
    first = found.findings[found.findings["kind"] == "competing"]
    assert first["reason"].tolist() == ["ranks 2"]
    assert len(found.query_pages) == 4
    again = js.what_if(js.JourneyMap.load(found.save(tmp_path)))
    pd.testing.assert_frame_equal(again.findings, found.findings)
