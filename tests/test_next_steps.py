"""From a page or a query to the page of the next stage, or to the gap there."""

from __future__ import annotations

import pandas as pd
import pytest

import journeyseo as js

A, B, C = "https://a.test/what", "https://a.test/compare", "https://a.test/price"


def journey_map(statuses: list[tuple[str, str | None]], outlinks: str | None = None) -> js.JourneyMap:
    keys = ["awareness", "consideration", "decision"]
    pages = pd.DataFrame(
        {
            "url": [A, B, C],
            "topic": ["t", "t", None],
            "journey_stage": keys,
            "outlinks": [outlinks, None, None],
        }
    )
    cells = pd.DataFrame(
        [
            {"topic": "t", "journey_stage": key, "status": status, "best_page": best}
            for key, (status, best) in zip(keys, statuses, strict=True)
        ]
    )
    keywords = pd.DataFrame(
        {
            "query": ["what is t", "best t", "weather"],
            "topic": ["t", "t", None],
            "journey_stage": ["awareness", "consideration", "outside"],
        }
    )
    coverage = pd.DataFrame({"query": ["what is t", "best t"], "url": [A, None]})
    suggestions = pd.DataFrame({"id": ["s1"], "topic": ["t"], "journey_stage": ["decision"]})
    return js.JourneyMap(
        keywords, pages, pd.DataFrame(), coverage, cells, suggestions, pd.DataFrame(),
        {"stages": [{"key": key, "names": {}} for key in keys]},
    )  # fmt: skip


COVERED = [("covered", A), ("covered", B), ("gap", None)]


def test_a_page_leads_to_the_page_of_the_next_stage() -> None:
    step = js.next_touchpoint(journey_map(COVERED, outlinks=f"{C}\nhttp://www.a.test/compare/"), A)
    assert (step.next_stage, step.page, step.linked, step.status) == ("consideration", B, True, "covered")
    step = js.next_touchpoint(journey_map(COVERED, outlinks=C), "http://www.a.test/what/")
    assert step.linked is False
    assert str(step).endswith(f"{B}, add a link")
    assert js.next_touchpoint(journey_map(COVERED), A).linked is None


def test_a_gap_leads_to_its_suggestion() -> None:
    step = js.next_touchpoint(journey_map(COVERED), B)
    assert (step.next_stage, step.page, step.suggestion, step.status) == ("decision", "", "s1", "gap")
    assert "a gap; see suggestion s1" in str(step)


def test_stages_without_demand_and_stages_that_the_page_serves_itself_are_passed_over() -> None:
    for middle in (("no-demand", None), ("covered", A)):
        step = js.next_touchpoint(journey_map([("covered", A), middle, ("weak", C)]), A)
        assert (step.next_stage, step.page, step.status) == ("decision", C, "weak")
    end = js.next_touchpoint(journey_map([("covered", A), ("no-demand", None), ("no-demand", None)]), A)
    assert (end.next_stage, end.page) == ("", "")
    assert "no stage with demand follows" in str(end)


def test_a_query_goes_on_from_the_page_that_serves_it() -> None:
    step = js.next_touchpoint(journey_map(COVERED, outlinks=C), "what is t")
    assert (step.of, step.page, step.linked) == ("what is t", B, False)
    assert js.next_touchpoint(journey_map(COVERED), "best t").suggestion == "s1"


def test_what_has_no_topic_leads_nowhere_and_what_is_unknown_is_an_error() -> None:
    assert "no topic" in str(js.next_touchpoint(journey_map(COVERED), C))
    assert "no topic" in str(js.next_touchpoint(journey_map(COVERED), "weather"))
    with pytest.raises(js.InputError, match="neither a page nor a query 'x'"):
        js.next_touchpoint(journey_map(COVERED), "x")


def test_all_pages_of_the_example(demo_map) -> None:
    table = js.next_touchpoints(demo_map)
    pages = demo_map.pages
    own = pages[pages["topic"].notna() & (pages["journey_stage"] != "outside")]
    assert table["of"].tolist() == own["url"].tolist()
    led = table[table["next_stage"] != ""]
    assert len(led) >= 10
    order = {"awareness": 0, "consideration": 1, "decision": 2}
    assert (led["next_stage"].map(order) > led["stage"].map(order)).all()
    assert set(led.loc[led["page"] != "", "page"]) <= set(pages["url"])
    assert (led["page"] != led["of"]).all()
    ids = set(demo_map.suggestions["id"])
    assert set(led.loc[led["page"] == "", "suggestion"]) <= ids
    for _, row in table.head(3).iterrows():
        assert js.next_touchpoint(demo_map, row["of"]).next_stage == row["next_stage"]
