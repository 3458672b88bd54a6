"""A report in a folder: whole or not at all, and every file as it should be."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pandas as pd
import pytest

from journeyseo.errors import InputError
from journeyseo.report import write as writer
from journeyseo.report import write_report
from journeyseo.report.terminal import print_summary
from journeyseo.report.view import build_view
from journeyseo.report.write import FILES, as_json
from journeyseo.results import JourneyMap

_DANGER = tuple("=+-@\t\r\n\x00＝＋－＠")


@pytest.fixture(scope="module")
def folder(demo_map: JourneyMap, tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("out") / "deep" / "report"
    assert write_report(demo_map, path) == path / "report.html"
    return path


@pytest.fixture(scope="module")
def hostile(hostile_map: JourneyMap, tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("out") / "hostile"
    write_report(hostile_map, path)
    return path


@pytest.fixture
def light(monkeypatch) -> None:
    """Take the slow workbook out where a test is about folders."""
    monkeypatch.setattr(writer, "write_xlsx", lambda *a: a[2].write_bytes(b"book"))


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def _refuse(name: str) -> object:
    raise AssertionError(f"JSON knows no {name}")


def test_all_files_are_there_and_nothing_else(folder: Path) -> None:
    assert sorted(p.name for p in folder.iterdir()) == sorted([*FILES, "map"])
    assert list(folder.parent.glob(".*")) == []


def test_csv_files_hold_the_tables(folder: Path, demo_map: JourneyMap) -> None:
    for name, table in demo_map.tables().items():
        rows = _rows(folder / f"{name}.csv")
        assert len(rows) == len(table), name
    assert (folder / "keywords.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    rows = _rows(folder / "keywords.csv")
    assert [r["query"] for r in rows] == demo_map.keywords["query"].tolist()
    assert [float(r["volume"]) for r in rows] == demo_map.keywords["volume"].tolist()


def test_no_csv_cell_begins_like_a_formula(hostile: Path, hostile_map: JourneyMap) -> None:
    seen = 0
    for name, table in hostile_map.tables().items():
        numbers = set(table.select_dtypes("number").columns)
        for row in _rows(hostile / f"{name}.csv"):
            for column, value in row.items():
                if column not in numbers:
                    assert not value.startswith(_DANGER), (name, column, value)
                    seen += value.startswith("'=HYPERLINK")
    assert seen > 50


def test_csv_text_comes_back_by_taking_the_quote_away(hostile: Path, hostile_map: JourneyMap) -> None:
    values = [r["query"] for r in _rows(hostile / "keywords.csv")]
    back = [v[1:] if v.startswith("'") and v[1:].startswith(_DANGER) else v for v in values]
    assert back == hostile_map.keywords["query"].tolist()


def test_json_is_valid_and_says_what_the_tables_say(folder: Path, demo_map: JourneyMap) -> None:
    text = (folder / "report.json").read_text(encoding="utf-8")
    data = json.loads(text, parse_constant=_refuse)
    assert set(data) == {
        "format", "provenance", "topics", "cells", "suggestions", "closed", "findings", "segments",
        "striking_distance",
        "defused_cells",
    }  # fmt: skip
    assert data["format"] == 3
    assert data["provenance"] == demo_map.provenance
    assert [c["demand"] for c in data["cells"]] == demo_map.cells["demand"].tolist()
    assert [c["status"] for c in data["cells"]] == demo_map.cells["status"].astype(str).tolist()
    assert [s["rank"] for s in data["suggestions"]] == list(range(1, len(demo_map.suggestions) + 1))
    pages = demo_map.suggestions["page"]
    assert [s["page"] for s in data["suggestions"]] == pages.astype(object).where(
        pages.notna(), None
    ).tolist()


def test_json_of_hostile_text_is_exact(hostile: Path, hostile_map: JourneyMap) -> None:
    data = json.loads((hostile / "report.json").read_text(encoding="utf-8"), parse_constant=_refuse)
    assert [t["name"] for t in data["topics"]] == hostile_map.topics["name"].tolist()
    assert as_json(hostile_map)["suggestions"] == data["suggestions"]


def test_saved_map_beside_the_report_is_the_map(folder: Path, demo_map: JourneyMap) -> None:
    loaded = JourneyMap.load(folder / "map")
    for name, table in demo_map.tables().items():
        pd.testing.assert_frame_equal(loaded.tables()[name], table)


def test_same_map_twice_gives_the_same_files(folder: Path, demo_map: JourneyMap, tmp_path, light) -> None:
    write_report(demo_map, tmp_path / "r")
    for name in FILES:
        if not name.endswith(".xlsx"):
            assert (tmp_path / "r" / name).read_bytes() == (folder / name).read_bytes(), name


def test_older_report_is_replaced_and_other_files_stay(zh_map, demo_map, tmp_path, light) -> None:
    target = tmp_path / "r"
    write_report(zh_map, target)
    (target / "my-notes.txt").write_text("mine")
    (target / "own").mkdir()
    (target / "own" / "a.csv").write_text("mine too")
    before = (target / "report.html").read_text(encoding="utf-8")
    write_report(demo_map, target)
    after = (target / "report.html").read_text(encoding="utf-8")
    assert '<html lang="zh-Hant">' in before
    assert '<html lang="en">' in after
    assert JourneyMap.load(target / "map").keywords["query"].tolist() == demo_map.keywords["query"].tolist()
    assert (target / "my-notes.txt").read_text() == "mine"
    assert (target / "own" / "a.csv").read_text() == "mine too"
    assert sorted(p.name for p in target.iterdir()) == sorted([*FILES, "map", "my-notes.txt", "own"])


def test_foreign_file_in_a_folder_named_map_stays(demo_map, tmp_path, light) -> None:
    (tmp_path / "r" / "map").mkdir(parents=True)
    (tmp_path / "r" / "map" / "atlas.txt").write_text("mine")
    write_report(demo_map, tmp_path / "r")
    assert (tmp_path / "r" / "map" / "map.json").is_file()
    assert (tmp_path / "r" / "map" / "atlas.txt").read_text() == "mine"


@pytest.mark.parametrize("name", ["render_html", "write_xlsx", "defuse_table", "as_json"])
@pytest.mark.parametrize("error", [RuntimeError("broken"), OSError(28, "No space left on device")])
def test_failure_leaves_nothing(demo_map, tmp_path, monkeypatch, light, name: str, error: Exception) -> None:
    def fail(*_args):
        raise error

    monkeypatch.setattr(writer, name, fail)
    with pytest.raises((RuntimeError, InputError)) as caught:
        write_report(demo_map, tmp_path / "r")
    assert list(tmp_path.iterdir()) == []
    if isinstance(error, OSError):
        assert isinstance(caught.value, InputError)
        assert "No space left on device" in str(caught.value)
        assert str(tmp_path / "r") in str(caught.value)


def test_failure_leaves_the_older_report_as_it_was(demo_map, tmp_path, monkeypatch, light) -> None:
    target = tmp_path / "r"
    write_report(demo_map, target)
    before = {p.name: p.read_bytes() for p in target.iterdir() if p.is_file()}

    def fail(_map):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(writer, "as_json", fail)
    with pytest.raises(InputError):
        write_report(demo_map, target, language="zh-Hans")
    assert {p.name: p.read_bytes() for p in target.iterdir() if p.is_file()} == before
    assert [p.name for p in tmp_path.iterdir()] == ["r"]


def test_failure_while_moving_leaves_nothing_half_written(demo_map, tmp_path, light) -> None:
    (tmp_path / "r" / "report.html").mkdir(parents=True)
    with pytest.raises(InputError):
        write_report(demo_map, tmp_path / "r")
    assert [p.name for p in (tmp_path / "r").iterdir()] == ["report.html"]


def test_value_that_json_does_not_know_is_refused(demo_map, tmp_path, monkeypatch, light) -> None:
    monkeypatch.setattr(writer, "as_json", lambda _: {"demand": float("nan")})
    with pytest.raises(ValueError, match=r"[Oo]ut of range"):
        write_report(demo_map, tmp_path / "r")
    assert list(tmp_path.iterdir()) == []


def test_target_that_is_a_file_is_an_input_error(demo_map, tmp_path, light) -> None:
    (tmp_path / "r").write_text("a file")
    with pytest.raises(InputError, match="cannot be written"):
        write_report(demo_map, tmp_path / "r")
    assert (tmp_path / "r").read_text() == "a file"
    assert [p.name for p in tmp_path.iterdir()] == ["r"]


def _summary(journey_map: JourneyMap) -> str:
    import io

    from rich.console import Console

    out = io.StringIO()
    print_summary(build_view(journey_map, "en"), Console(file=out, width=200, highlight=False))
    return out.getvalue()


def test_summary_names_topics_and_first_suggestions(demo_map: JourneyMap) -> None:
    text = _summary(demo_map)
    for name in demo_map.topics.sort_values("demand", ascending=False)["name"].head(3):
        assert name in text
    assert f"1. {demo_map.suggestions['title'].iloc[0]}" in text
    assert "6. " not in text
    assert "searches a month" in text


def test_summary_takes_markup_for_text(demo_map: JourneyMap) -> None:
    import dataclasses

    topics = demo_map.topics.assign(name="[bold red]x[/]")
    assert "[bold red]x[/]" in _summary(dataclasses.replace(demo_map, topics=topics))


def test_summary_sends_no_control_sequence_of_the_input(demo_map: JourneyMap) -> None:
    import dataclasses

    topics = demo_map.topics.assign(name="a\x1b]0;owned\x07b")
    assert "\x1b" not in _summary(dataclasses.replace(demo_map, topics=topics))
