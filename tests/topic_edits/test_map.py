"""A map with the user's own topics: in every table, in the report, and told where they found nothing."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

import journeyseo as js
from journeyseo.report.html import render_html
from journeyseo.report.view import build_view
from journeyseo.report.xlsx import write_xlsx
from journeyseo.results import JourneyMap
from journeyseo.stages import LANGUAGES

TOPICS = """
[[merge]]
topics = ["ev charger", "home batteries", "<b>sheds</b>"]
name = "<i>Charging</i>"

[[split]]
topic = "solar panels"
words = ["solar"]
name = "=Sun"
"""


@pytest.fixture(scope="module")
def file(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("topics") / "topics.toml"
    path.write_text(TOPICS, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def edited(examples: Path, file: Path) -> JourneyMap:
    source = examples / "heat-pumps"
    return js.map_journey(str(source / "keywords.csv"), source / "site", reasons=False, topics=file)


def test_every_table_has_the_user_s_topics(edited: JourneyMap, demo_map: JourneyMap) -> None:
    names = edited.topics.set_index("name")["topic"]
    assert {"EV charger", "home batteries"} <= set(demo_map.topics["name"])
    assert {"EV charger", "home batteries"}.isdisjoint(names.index)
    charging = names["<i>Charging</i>"]
    before = demo_map.keywords.merge(demo_map.topics[["topic", "name"]], on="topic")
    wanted = set(before.loc[before["name"].isin(["EV charger", "home batteries"]), "query"])
    assert set(edited.keywords.loc[edited.keywords["topic"] == charging, "query"]) == wanted
    assert len(edited.cells) == 4 * len(edited.topics)
    assert set(edited.cells["topic"]) == set(edited.topics["topic"])
    assert edited.topics["demand"].sum() == pytest.approx(demo_map.topics["demand"].sum())
    assert "<i>Charging</i>" in set(edited.suggestions["topic_name"])


def test_what_found_nothing_is_in_the_provenance(
    edited: JourneyMap, demo_map: JourneyMap, file: Path
) -> None:
    assert edited.provenance["topic_edits"] == {
        "source": str(file),
        "notes": [{"code": "no-topic", "entry": "[[merge]] 1 (<i>Charging</i>)", "items": ["<b>sheds</b>"]}],
    }
    json.dumps(edited.provenance)
    assert demo_map.provenance["topic_edits"] == {}


@pytest.mark.parametrize(
    ("language", "text"),
    [("en", "there is no topic “&lt;b&gt;"), ("zh-Hans", "没有主题「"), ("zh-Hant", "沒有主題「")],
)
def test_report_tells_it_and_escapes_it(edited: JourneyMap, language: str, text: str) -> None:
    html = render_html(build_view(edited, language))
    assert text in html
    assert "&lt;i&gt;Charging" in html
    assert "<i>Charging" not in html
    assert "<b>sheds" not in html


def test_saved_and_looked_at_again_it_is_the_same(edited: JourneyMap, tmp_path: Path) -> None:
    loaded = JourneyMap.load(edited.save(tmp_path / "m"))
    again = js.what_if(loaded, target_position=1)
    pd.testing.assert_frame_equal(again.topics, edited.topics)
    assert again.provenance["topic_edits"] == edited.provenance["topic_edits"]


def test_theme_is_in_the_workbook_and_the_report(demo_map: JourneyMap, tmp_path: Path) -> None:
    write_xlsx(build_view(demo_map), demo_map, tmp_path / "r.xlsx")
    rows = list(openpyxl.load_workbook(tmp_path / "r.xlsx")["Topics"].values)
    at = rows[0].index("theme")
    assert [row[at] for row in rows[1:]] == demo_map.topics["theme"].tolist()
    shared = demo_map.topics[demo_map.topics["theme"] != demo_map.topics["name"]]
    assert set(shared["theme"]) == {"heat pump"}
    for language in LANGUAGES:
        view = build_view(demo_map, language)
        text = view.texts["theme"].format(theme="heat pump")
        assert render_html(view).count(text) == len(shared)


def test_formula_in_a_name_stays_text(edited: JourneyMap, tmp_path: Path) -> None:
    js.write_report(edited, tmp_path / "r")
    cells = (tmp_path / "r" / "topics.csv").read_text("utf-8-sig")
    assert ",'=Sun," in cells
    book = openpyxl.load_workbook(tmp_path / "r" / "report.xlsx")
    assert all(cell.data_type != "f" for sheet in book for row in sheet.iter_rows() for cell in row)


def test_a_wrong_file_is_told_before_anything_is_read(tmp_path: Path) -> None:
    (tmp_path / "t.toml").write_text("[[merge]]\nname = 'a'")
    with pytest.raises(js.ConfigError, match="topics is missing"):
        js.map_journey("none.csv", "none", topics=tmp_path / "t.toml")
