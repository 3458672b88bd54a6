"""journeyseo gaps and journeyseo suggest, on the report that the map command wrote."""

from __future__ import annotations

import json

import openpyxl
import pandas as pd
import pytest

from journeyseo.cli.saved import parse_weights
from journeyseo.errors import ConfigError
from journeyseo.results import JourneyMap


@pytest.fixture
def report(runs):
    return runs.folder / "out" / "json"


def test_suggest_prints_what_the_map_holds(call, report) -> None:
    code, out, err = call("suggest", report, "--json")
    data = json.loads(out)
    held = JourneyMap.load(report / "map").suggestions
    assert (code, err, data["left"]) == (0, "", [])
    assert [r["id"] for r in data["rows"]] == held["id"].tolist()
    assert [r["rank_before"] for r in data["rows"]] == held["rank"].tolist()
    assert {r["moved"] for r in data["rows"]} == {0}


def test_suggest_with_other_weights_says_what_moved(call, report) -> None:
    code, out, _ = call(
        "suggest", report, "--weights", "demand=0, stage=1", "--target-position", "1", "--json"
    )
    rows = json.loads(out)["rows"]
    assert code == 0
    assert [r["rank"] for r in rows] == list(range(1, len(rows) + 1))
    assert any(r["moved"] for r in rows)
    assert all(r["moved"] == r["rank_before"] - r["rank"] for r in rows)
    assert rows[0]["score_parts"].startswith("demand 0, ")
    code, text, _ = call("suggest", report, "--weights", "demand=0,stage=1", "--limit", "2")
    assert code == 0
    assert rows[0]["id"] in text
    assert rows[2]["id"] not in text
    assert "Moved" in text
    assert "\x1b" not in text


def test_gaps_under_another_journey(call, report) -> None:
    code, out, err = call("gaps", report, "--journey", "classic-five", "--stage", "purchase", "--json")
    data = json.loads(out)
    assert code == 0
    assert {r["journey_stage"] for r in data["rows"]} == {"purchase"}
    assert all(r["status"] == r["status_before"] for r in data["rows"])
    assert all(f"no gap any more: {topic}, {stage}" in err for topic, stage in data["left"])
    _, text, _ = call("gaps", report, "--journey", "classic-five")
    assert "Was" in text
    _, plain, _ = call("gaps", report, "--stage", "decision", "--limit", "1")
    assert "Was" not in plain


def test_gaps_of_the_stages_only_unless_the_outside_is_asked_for(call, report) -> None:
    _, out, _ = call("gaps", report, "--json")
    stages = {r["journey_stage"] for r in json.loads(out)["rows"]}
    assert stages <= {"awareness", "consideration", "decision"}
    code, out, _ = call("gaps", report, "--stage", "outside", "--json")
    assert code == 0
    assert {r["journey_stage"] for r in json.loads(out)["rows"]} <= {"outside"}


@pytest.mark.parametrize("ending", ["csv", "xlsx", "json"])
@pytest.mark.parametrize("command", ["gaps", "suggest"])
def test_rows_go_to_a_file(call, report, tmp_path, command: str, ending: str) -> None:
    code, out, err = call(
        command, report / "map", "--language", "en", "--limit", "3", "-o", f"new/x.{ending}"
    )
    assert (code, out) == (0, "")
    assert f"Wrote 3 rows to new/x.{ending}." in err
    path = tmp_path / "new" / f"x.{ending}"
    if ending == "json":
        rows = json.loads(path.read_text("utf-8"))["rows"]
    elif ending == "csv":
        rows = pd.read_csv(path).to_dict("records")
    else:
        head, *cells = openpyxl.load_workbook(path).active.iter_rows(values_only=True)
        rows = [dict(zip(head, row, strict=True)) for row in cells]
    assert len(rows) == 3
    assert all(row["topic_name"] for row in rows)


@pytest.mark.parametrize(
    ("words", "code", "kind", "text"),
    [
        (["gaps", "nowhere"], 1, "input", "There is no such folder"),
        (["suggest", "nowhere"], 1, "input", "There is no such folder"),
        (["suggest", "{}", "--weights", "size=1"], 1, "config", "no part 'size'"),
        (["suggest", "{}", "--weights", "demand"], 1, "config", "not written as name=value"),
        (["suggest", "{}", "--weights", "demand=much"], 1, "config", "not written as name=value"),
        (["suggest", "{}", "--journey", "nope"], 1, "config", "no journey named"),
        (["suggest", "{}", "--stage", "nope"], 1, "config", "no stage 'nope'"),
        (["gaps", "{}", "--topic", "nope"], 1, "config", "no topic 'nope'"),
        (["gaps", "{}", "-o", "x.doc"], 1, "config", ".doc is no format to write"),
        (["suggest", "{}", "--target-position", "11"], 2, "usage", "--target-position"),
        (["gaps", "{}", "--limit", "0"], 2, "usage", "--limit"),
        (["gaps"], 2, "usage", "folder"),
    ],
)
def test_what_cannot_be_done_is_said(call, report, words, code: int, kind: str, text: str) -> None:
    left, out, err = call(*(word.format(report) for word in words), "--json")
    error = json.loads(out)["error"]
    assert (left, error["code"]) == (code, kind)
    assert text in error["message"]
    assert "Traceback" not in err


def test_weights_are_read() -> None:
    assert parse_weights(" demand=0.5 ,ease=0,") == {"demand": 0.5, "ease": 0.0}
    assert parse_weights("") == {}
    with pytest.raises(ConfigError):
        parse_weights("a=1=2")
