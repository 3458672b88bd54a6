"""map_journey: the same answer whatever the order of the input; provenance; errors."""

import pandas as pd
import pytest
from tests.scenarios import EXAMPLES

import journeyseo as js

HEAT = EXAMPLES / "heat-pumps"


def test_the_order_of_rows_changes_nothing(demo_map):
    shuffled = js.read_keywords(str(HEAT / "keywords.csv"))
    reports = shuffled.attrs
    shuffled = shuffled.sample(frac=1, random_state=1).reset_index(drop=True)
    shuffled.attrs = reports
    other = js.map_journey(shuffled, str(HEAT / "site"))
    for name in ("topics", "suggestions"):
        pd.testing.assert_frame_equal(getattr(other, name), getattr(demo_map, name), check_like=True)
    key = ["topic", "journey_stage"]
    left, right = (m.cells.sort_values(key).reset_index(drop=True) for m in (other, demo_map))
    pd.testing.assert_frame_equal(left, right)


def test_nothing_is_lost_on_the_way(demo_map):
    read = js.read_keywords(str(HEAT / "keywords.csv"))
    assert sorted(demo_map.keywords["query"]) == sorted(read["query"])
    on_journey = demo_map.keywords["stage"] != "none"
    assert demo_map.keywords.loc[on_journey, "topic"].notna().all()
    assert demo_map.keywords.loc[~on_journey, "topic"].isna().all()
    assert demo_map.topics["queries"].sum() == on_journey.sum()
    total = demo_map.keywords.loc[on_journey, "demand"].sum()
    assert demo_map.topics["demand"].sum() == pytest.approx(total)


def test_provenance_says_where_it_comes_from(demo_map, zh_map):
    p = demo_map.provenance
    assert p["demand_unit"] == "searches a month"
    assert [i["format"] for i in p["inputs"]] == ["semrush_keywords", "html-folder"]
    assert p["inputs"][0]["rows_read"] == p["inputs"][0]["rows_kept"] == 414
    assert p["journey"] == "three-stage"
    assert any("no buying journey" in w for w in p["warnings"])
    assert zh_map.provenance["period"] == ["2025-10-01", "2026-09-30"]
    assert next(i["format"] for i in zh_map.provenance["inputs"]) == "keyword_planner"


def test_pages_know_their_topic(demo_map):
    pages = demo_map.pages.set_index("url")["topic"]
    names = demo_map.topics.set_index("topic")["name"]
    assert names[pages["https://www.larkmoor.example/underfloor-heating/"]] == "underfloor heating"
    assert pd.isna(pages["https://www.larkmoor.example/"])


def test_impressions_are_the_unit_where_there_are_no_volumes(tmp_path):
    table = pd.DataFrame(
        {"Top queries": ["best ev charger", "buy ev charger"], "Clicks": [1, 2], "Impressions": [100, 50]}
    )
    pages = pd.DataFrame({"url": ["https://a.example/x"], "title": ["EV charger guide"], "text": ["Guide"]})
    found = js.map_journey(js.read_keywords(table), js.read_pages(pages))
    assert found.unit == "impressions"
    assert found.keywords["demand"].sum() == 150


def test_queries_on_no_journey_alone_are_an_error():
    pages = pd.DataFrame({"url": ["https://a.example/x"], "title": ["x"]})
    with pytest.raises(js.InputError, match="None of the queries"):
        js.map_journey(["weather tomorrow", "capital of france"], pages)


def test_another_journey_makes_other_columns():
    found = js.map_journey(str(HEAT / "keywords.csv"), str(HEAT / "site"), journey="classic-five")
    stages = set(found.cells["journey_stage"])
    assert {"awareness", "consideration", "purchase", "retention", "advocacy"} <= stages
    assert set(found.suggestions["journey_stage"]) <= stages


def test_steps_are_announced_in_order():
    said = []
    js.map_journey(str(HEAT / "keywords.csv"), str(HEAT / "site"), notify=said.append)
    assert said[0] == "Reading keywords"
    assert said[-1] == "Finding gaps"


def test_pages_of_which_only_the_address_is_known_are_refused():
    with pytest.raises(js.FormatError, match="no title, no h1 and no text"):
        js.classify_pages(pd.DataFrame({"url": ["https://a.example/x"]}))


def test_a_map_in_which_nothing_can_be_judged_says_so():
    pages = pd.DataFrame({"url": ["https://a.example/x"], "title": ["EV charger guide"]})
    found = js.map_journey(["best ev charger", "buy ev charger"], pages)
    assert any("too few queries to be judged" in warning for warning in found.provenance["warnings"])
    assert len(found.suggestions) == 0


def test_brand_and_personal_data_are_told(tmp_path):
    table = pd.DataFrame(
        {
            "keyword": ["best ev charger", "acme ev charger review", "ev charger mail jo@a.example"],
            "volume": [60, 30, 10],
        }
    )
    pages = js.read_pages(
        pd.DataFrame({"url": ["https://a.example/x"], "title": ["EV charger guide"], "text": ["Guide"]})
    )
    found = js.map_journey(js.read_keywords(table, brand="Acme", mask_personal=True), pages)
    brand = found.provenance["brand"]
    assert brand == {"terms": ["Acme"], "queries": 1, "demand": 30.0, "share": 0.3}
    assert sorted(found.keywords["brand"].tolist()) == [False, False, True]
    assert "ev charger mail [mail]" in found.keywords["query"].tolist()
    assert found.provenance["inputs"][0]["personal"] == {"mail": 1}
    assert any("they are masked" in w for w in found.provenance["warnings"])
    plain = js.map_journey(js.read_keywords(table), pages)
    assert plain.provenance["brand"] == {}
    assert any("--mask-personal masks them" in w for w in plain.provenance["warnings"])
