"""Segments in a report: demand by stage, gaps that only some have, in every format."""

from __future__ import annotations

import csv
import dataclasses
import json
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from tests.report.conftest import PAYLOADS
from tests.stub import StubClassifier

from journeyseo.keywords import read_keywords
from journeyseo.pages import read_pages
from journeyseo.pipeline import map_journey
from journeyseo.report import write_report
from journeyseo.report.html import render_html
from journeyseo.report.segments import view_segments
from journeyseo.report.view import build_view
from journeyseo.results import JourneyMap
from journeyseo.stages import LANGUAGES
from journeyseo.tables import CELLS, QUERY_SEGMENTS, SEGMENTS
from journeyseo.wording import report_texts

STAGES = [("awareness", "Aware"), ("decision", "Decide"), ("outside", "Out")]


def cells_of(rows):
    """Return cells of topic t, each by stage: demand, status and deficit."""
    frame = pd.DataFrame(
        [("t", stage, demand, status, deficit) for stage, demand, status, deficit in rows],
        columns=["topic", "journey_stage", "demand", "status", "deficit"],
    )
    return frame.assign(demand_low=frame["demand"] - 1, demand_high=frame["demand"] + 2)


def small_map(segmentation):
    segments = {
        "GB": [("awareness", 5, "gap", 5), ("decision", 30, "gap", 30), ("outside", 1, "gap", 1)],
        "DE": [("awareness", 50, "covered", 0), ("decision", 9, "gap", 9), ("outside", 0, "no-demand", 0)],
        None: [("awareness", 90, "weak", 40), ("decision", 8, "covered", 0), ("outside", 2, "gap", 2)],
    }
    whole = [("awareness", 140, "weak", 9), ("decision", 47, "gap", 40), ("outside", 3, "gap", 1)]
    members = [("a", "GB", 5), ("b", "GB", 31), ("a", "DE", 59), ("c", None, 100)]
    frame = pd.DataFrame(members, columns=["query", "segment", "demand"])
    empty = pd.DataFrame()
    return JourneyMap(
        keywords=empty,
        pages=empty,
        topics=pd.DataFrame({"topic": ["t"], "name": ["tea"]}),
        coverage=empty,
        cells=CELLS.conform(cells_of(whole)),
        suggestions=empty,
        dropped=empty,
        provenance={"segments": segmentation},
        segments=SEGMENTS.conform(
            pd.concat([cells_of(rows).assign(segment=n) for n, rows in segments.items()], ignore_index=True)
        ),
        query_segments=QUERY_SEGMENTS.conform(frame.assign(language="en")),
    )


def test_segments_stand_by_demand_and_the_rest_last() -> None:
    view = view_segments(small_map({"by": "Country", "personas": []}), STAGES, report_texts()["en"])
    assert view.by == "Country"
    assert view.note.startswith("A query that stands in several segments counts in each")
    assert [(s.name, s.queries, s.gaps, s.weak) for s in view.rows] == [
        ("DE", 1, 1, 0), ("GB", 2, 2, 0), ("(none)", 1, 0, 1),
    ]  # fmt: skip
    assert view.rows[0].totals == ((50, 49, 52), (9, 8, 11), (0, 0, 2))
    assert (view.more_rows, view.more_gaps) == (0, 0)


def test_gaps_that_only_some_have_say_where_and_what_it_is_elsewhere() -> None:
    view = view_segments(small_map({"by": "Country", "personas": []}), STAGES, report_texts()["zh-Hant"])
    assert [dataclasses.astuple(gap) for gap in view.gaps] == [
        ("tea", "Decide", (("GB", 30.0), ("DE", 9.0)), (("covered", 1),), "gap"),
        ("tea", "Aware", (("GB", 5.0),), (("covered", 1), ("weak", 1)), "weak"),
    ]


def test_personas_are_told_and_those_without_queries_too() -> None:
    personas = [{"name": "DE", "who": "Lives there."}, {"name": "FR", "who": "Is not here."}]
    view = view_segments(small_map({"by": "persona", "personas": personas}), STAGES, report_texts()["en"])
    assert view.by == "Persona"
    assert view.note.endswith("its demand is shared equally among them.")
    assert [(s.name, s.who, s.queries) for s in view.rows] == [
        ("DE", "Lives there.", 1), ("GB", "", 2), ("FR", "Is not here.", 0), ("(none)", "", 1),
    ]  # fmt: skip


@pytest.fixture(scope="module")
def maps() -> tuple[JourneyMap, JourneyMap]:
    """A map without segments, and one whose segments and their column have hostile names."""
    names = [*PAYLOADS, ""] * 2
    queries = [f"{word} ev charger {i}" for i, word in enumerate(["what is an", "best"] * 13)]
    export = pd.DataFrame({"query": queries, "volume": range(10, 36), PAYLOADS[0]: names})
    pages = read_pages(
        pd.DataFrame({"url": ["https://a.example/x"], "title": ["EV"], "text": ["EV charger"]})
    )
    queries = read_keywords(export, language="en", keep=PAYLOADS[0])
    plain, split = (
        map_journey(queries, pages, classifier=StubClassifier(), by=by) for by in (None, PAYLOADS[0])
    )
    return plain, split


@pytest.fixture(scope="module")
def split_map(maps) -> JourneyMap:
    return maps[1]


def test_a_map_without_segments_shows_none(maps) -> None:
    view = build_view(maps[0])
    assert view.segments is None
    assert 'id="segments"' not in render_html(view)


@pytest.mark.parametrize("language", LANGUAGES)
def test_html_shows_segments_in_each_language(split_map: JourneyMap, language: str) -> None:
    html = render_html(build_view(split_map, language))
    texts = report_texts()[language]
    for key in ("segments", "segments_overlap", "uneven", "segment_none"):
        assert texts[key] in html
    assert '<table id="segments">' in html


def test_hostile_names_stay_text(maps) -> None:
    plain, html = (render_html(build_view(m, "en")) for m in maps)
    assert html.count("<script") == plain.count("<script")
    assert "<img" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html


@pytest.fixture(scope="module")
def folder(split_map: JourneyMap, tmp_path_factory) -> Path:
    return write_report(split_map, tmp_path_factory.mktemp("split") / "report", language="zh-Hans").parent


def test_files_hold_the_segments(folder: Path, split_map: JourneyMap) -> None:
    data = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    assert [cell["segment"] for cell in data["segments"]] == [
        None if pd.isna(name) else name for name in split_map.segments["segment"]
    ]
    with (folder / "segments.csv").open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert [float(row["demand"]) for row in rows] == split_map.segments["demand"].tolist()
    assert {row["segment"] for row in rows} >= {"", '\'=HYPERLINK("https://evil.example")'}
    loaded = JourneyMap.load(folder)
    pd.testing.assert_frame_equal(loaded.segments, split_map.segments)
    pd.testing.assert_frame_equal(loaded.query_segments, split_map.query_segments)


def test_workbook_has_sheets_of_segments(folder: Path, split_map: JourneyMap) -> None:
    book = openpyxl.load_workbook(folder / "report.xlsx")
    for title, table in (("Segments", split_map.segments), ("Query segments", split_map.query_segments)):
        sheet = book[title]
        assert sheet.max_row - 1 == len(table)
        names = [c.value for c in next(sheet.iter_cols(*[_place(sheet, "segment")] * 2))]
        assert "（无）" in names
        assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    assert _place(book["Segments"], "topic_name") == 3


def _place(sheet, name: str) -> int:
    return [cell.value for cell in sheet[1]].index(name) + 1
