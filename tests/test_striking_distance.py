"""Queries with impressions at positions 4 to 20: which they are, and what a better position would bring."""

from __future__ import annotations

import dataclasses

import pandas as pd
import pytest

import journeyseo as js
from journeyseo.report.html import render_html
from journeyseo.report.view import SHOWN_STRIKING, build_view
from journeyseo.stages import LANGUAGES
from journeyseo.striking_distance import FIRST, LAST, find_striking_distance
from journeyseo.tables import COVERAGE, STAGED_KEYWORDS, STRIKING_DISTANCE
from journeyseo.touchpoints import scoring

NA = float("nan")
CTR = scoring().ctr


def _keywords(*rows: dict[str, object]) -> pd.DataFrame:
    plain = {"language": "en", "stage": "decision", "journey_stage": "decision", "topic": "t1"}
    named = [{"query": f"q{i}"} | plain | row for i, row in enumerate(rows)]
    return STAGED_KEYWORDS.conform(pd.DataFrame(named))


def _found(*rows: dict[str, object], target: int = 3, coverage: pd.DataFrame | None = None) -> pd.DataFrame:
    pages = COVERAGE.empty() if coverage is None else COVERAGE.conform(coverage)
    return find_striking_distance(_keywords(*rows), pages, target_position=target)


def test_only_queries_with_impressions_between_the_bounds_are_listed() -> None:
    positions = [3.9, FIRST, 10.5, LAST, 20.1, NA]
    found = _found(*({"impressions": 100, "position": p} for p in positions), {"position": 8.0, "volume": 90})
    assert sorted(found["position"]) == [4.0, 10.5, 20.0]
    assert _found({"impressions": 0, "position": 8.0}).empty
    assert _found({"impressions": 5, "position": 1.0}).columns.tolist() == STRIKING_DISTANCE.names


def test_a_move_brings_the_clicks_of_the_target_less_those_there_are() -> None:
    found = _found({"impressions": 1000, "clicks": 20, "position": 9.0, "ctr": 0.02})
    assert found["more_clicks"].item() == pytest.approx(1000 * CTR[2] - 20, abs=0.05)
    assert found["ctr"].item() == 0.02
    first = _found({"impressions": 1000, "clicks": 20, "position": 9.0}, target=1)
    assert first["more_clicks"].item() == pytest.approx(1000 * CTR[0] - 20, abs=0.05)
    assert first["ctr"].item() == 0.02


def test_clicks_that_are_not_known_are_those_of_the_position() -> None:
    found = _found({"impressions": 1000, "position": 4.0}, {"impressions": 1000, "position": 18.0})
    by_query = found.set_index("query")["more_clicks"]
    assert by_query["q0"] == pytest.approx(1000 * (CTR[2] - CTR[3]), abs=0.05)
    assert by_query["q1"] == pytest.approx(1000 * (CTR[2] - CTR[9]), abs=0.05)
    assert found["ctr"].isna().all()


def test_no_move_takes_clicks_away() -> None:
    found = _found(
        {"impressions": 100, "clicks": 60, "position": 6.0},
        {"impressions": 1000, "clicks": 0, "position": 4.4},
        target=5,
    )
    assert found["more_clicks"].tolist() == [0.0, 0.0]


def test_those_that_gain_most_come_first() -> None:
    found = _found(
        {"impressions": 100, "clicks": 1, "position": 5.0},
        {"impressions": 900, "clicks": 1, "position": 15.0},
        {"impressions": 10, "clicks": 9, "position": 5.0},
        {"impressions": 20, "clicks": 19, "position": 5.0},
    )
    assert found["query"].tolist() == ["q1", "q0", "q3", "q2"]


def test_the_page_is_the_source_s_or_the_one_that_matches() -> None:
    coverage = pd.DataFrame(
        {"query": ["q0", "q1"], "language": "en", "url": ["https://a.example/1", "https://a.example/2"]}
    )
    found = _found(
        {"impressions": 30, "position": 5.0, "url": "https://a.example/own"},
        {"impressions": 20, "position": 5.0},
        {"impressions": 10, "position": 5.0},
        coverage=coverage,
    )
    assert found["url"].fillna("").tolist() == ["https://a.example/own", "https://a.example/2", ""]
    assert found["basis"].fillna("").tolist() == ["rank", "similarity", ""]


@pytest.fixture(scope="module")
def both(tmp_path_factory) -> js.JourneyMap:
    """A map of a Search Console export beside one with volumes."""
    folder = tmp_path_factory.mktemp("both")
    (folder / "ahrefs.csv").write_text(
        "Keyword,Volume\nbest ev charger,900\nbuy ev charger,500\nev charger grant,300\n"
    )
    (folder / "Queries.csv").write_text(
        "Top queries,Clicks,Impressions,CTR,Position\n"
        "best ev charger,30,2000,1.5%,8.2\n"
        "quiet ev charger for flats,4,1000,0.4%,12.5\n"
        "ev charger installers,1,50,2%,2.1\n"
        "weather tomorrow,0,70,0%,6\n"
    )
    pages = pd.DataFrame(
        {"url": ["https://a.example/x"], "title": ["EV charger guide"], "text": ["A guide."]}
    )
    return js.map_journey([folder / "ahrefs.csv", folder / "Queries.csv"], js.read_pages(pages))


def test_queries_with_impressions_alone_are_not_lost(both) -> None:
    assert both.unit == "searches a month"
    near = both.striking_distance.set_index("query")
    assert near.index.tolist() == ["best ev charger", "quiet ev charger for flats", "weather tomorrow"]
    assert near.loc["quiet ev charger for flats", "impressions"] == 1000
    assert near.loc["quiet ev charger for flats", "more_clicks"] == pytest.approx(106)
    assert both.provenance["impressions_only"] == {"queries": 3, "impressions": 1120.0}
    assert any("3 queries are known in impressions only (1,120 " in w for w in both.provenance["warnings"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_report_lists_them_and_says_how_many(both, language: str) -> None:
    view = build_view(both, language)
    html = render_html(view)
    assert "3" in view.impressions_only
    assert "1,120" in view.impressions_only
    assert view.impressions_only in html
    assert 'id="striking"' in html
    assert view.texts["striking"] in html
    assert "quiet ev charger for flats" in html
    assert view.striking_help.startswith("3 ")
    row = view.striking[1]
    assert row["stage_name"] in dict(view.stages).values()


def test_a_report_shows_the_first_and_says_how_many_more(both) -> None:
    many = pd.concat([both.striking_distance] * 40, ignore_index=True)
    html = render_html(build_view(dataclasses.replace(both, striking_distance=many), "en"))
    assert html.count("<td>quiet ev charger for flats</td>") < 41
    assert f"{len(many) - SHOWN_STRIKING} more are in striking_distance.csv" in html


def test_a_map_without_impressions_has_no_such_list(demo_map) -> None:
    assert demo_map.striking_distance.empty
    assert demo_map.provenance["impressions_only"] == {}
    view = build_view(demo_map, "en")
    assert view.impressions_only == ""
    assert 'id="striking"' not in render_html(view)


def test_search_console_alone_has_the_list_and_no_sentence() -> None:
    table = pd.DataFrame(
        {"Top queries": ["best ev charger", "buy ev charger"], "Clicks": [1, 2], "Impressions": [100, 50],
         "Position": [8.0, 2.0]}
    )  # fmt: skip
    pages = pd.DataFrame({"url": ["https://a.example/x"], "title": ["EV charger guide"], "text": ["Guide"]})
    found = js.map_journey(js.read_keywords(table), js.read_pages(pages), target_position=1)
    assert found.striking_distance["query"].tolist() == ["best ev charger"]
    assert found.striking_distance["more_clicks"].item() == pytest.approx(100 * CTR[0] - 1, abs=0.05)
    assert found.provenance["impressions_only"] == {}


def test_what_if_moves_to_another_position(both) -> None:
    after = js.what_if(both, target_position=1)
    gain = after.striking_distance.set_index("query")["more_clicks"]
    assert gain["best ev charger"] == pytest.approx(2000 * CTR[0] - 30, abs=0.05)
    pd.testing.assert_frame_equal(js.what_if(both).striking_distance, both.striking_distance)
