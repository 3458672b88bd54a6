"""Records that explain themselves, and maps that are saved and read again."""

from __future__ import annotations

import json

import pandas as pd
import pytest

from journeyseo.errors import InputError
from journeyseo.results import Contribution, Dropped, JourneyMap, ReadReport, StageLabel, dropped_table
from journeyseo.stages import STAGES

LABEL = StageLabel(
    "best crm for startups",
    "consideration",
    "consideration",
    0.91,
    "decision",
    dict.fromkeys(STAGES, 0.1),
    (Contribution("best", 1.4), Contribution("for", 0.3), Contribution("crm", -0.2)),
    "awareness",
    (("best", "consideration"),),
    "fast-1",
)


def test_label_says_its_reason() -> None:
    assert LABEL.reason == "carried by 'best' and 'for'; without 'best': awareness"
    assert str(LABEL) == (
        "'best crm for startups': consideration (91% sure, then decision), "
        "carried by 'best' and 'for'; without 'best': awareness"
    )


def test_label_that_no_word_carries() -> None:
    label = StageLabel("x", "none", "outside", 0.5, "decision", {}, (Contribution("x", -0.1),))
    assert label.reason == "no single word carries it"


def test_label_as_plain_data() -> None:
    data = json.loads(json.dumps(LABEL.to_dict()))
    assert data["contributions"][0] == {"text": "best", "weight": 1.4}
    assert data["cues"] == [["best", "consideration"]]
    assert data["reason"] == LABEL.reason
    assert set(data["probabilities"]) == set(STAGES)


def _report(dropped: tuple[Dropped, ...]) -> ReadReport:
    return ReadReport(
        "k.csv", "semrush", "Semrush", "Keyword Magic", "utf-8, comma", 1, {"query": "Keyword"}, ("Trend",),
        1200, 1199, dropped, ("volumes are daily",),
    )  # fmt: skip


def test_read_report_says_what_was_read_and_dropped() -> None:
    assert str(_report((Dropped("k.csv", 7, "no query", "|"),))).splitlines() == [
        "k.csv: recognised as Semrush, Keyword Magic (utf-8, comma); 1,200 rows, 1,199 kept, 1 dropped.",
        "  columns: query = 'Keyword'",
        "  note: volumes are daily",
    ]


def test_dropped_rows_of_several_reports() -> None:
    table = dropped_table(
        [_report((Dropped("k.csv", 7, "no query"),)), _report((Dropped("a", None, "b", "c"),))]
    )
    assert table["row"].tolist() == [7, pd.NA]
    assert table["reason"].tolist() == ["no query", "b"]
    empty = dropped_table([])
    assert list(empty.columns) == ["source", "row", "reason", "text", "column"]
    assert len(empty) == 0


def test_gaps_are_the_open_cells_by_deficit(demo_map: JourneyMap) -> None:
    gaps = demo_map.gaps
    counts = demo_map.cells["status"].value_counts()
    assert len(gaps) == counts["gap"] + counts["weak"] > 0
    assert set(gaps["status"]) == {"gap", "weak"}
    assert gaps["deficit"].tolist() == sorted(gaps["deficit"], reverse=True)
    closed = demo_map.cells[~demo_map.cells.index.isin(gaps.index)]
    assert (closed["deficit"] == 0).all()


def test_map_says_what_it_is(demo_map: JourneyMap) -> None:
    assert demo_map.unit == "searches a month"
    assert str(demo_map).startswith(
        f"JourneyMap: {len(demo_map.keywords)} queries, {len(demo_map.pages)} pages, "
        f"{len(demo_map.topics)} topics; "
    )
    assert f"{(demo_map.cells['status'] == 'gap').sum()} gaps" in str(demo_map)


@pytest.mark.parametrize("which", ["demo_map", "zh_map"])
def test_saved_map_is_read_back_equal(which: str, request, tmp_path) -> None:
    given = request.getfixturevalue(which)
    attrs = dict(given.keywords.attrs)
    folder = given.save(tmp_path / "new" / "m")
    assert folder == tmp_path / "new" / "m"
    loaded = JourneyMap.load(folder)
    assert set(loaded.tables()) == set(given.tables())
    for name, table in given.tables().items():
        pd.testing.assert_frame_equal(loaded.tables()[name], table)
    assert loaded.provenance == given.provenance
    assert str(loaded) == str(given)
    assert given.keywords.attrs == attrs


def test_saving_over_an_older_map_replaces_it(demo_map: JourneyMap, zh_map: JourneyMap, tmp_path) -> None:
    zh_map.save(tmp_path)
    demo_map.save(tmp_path)
    assert JourneyMap.load(tmp_path).provenance == demo_map.provenance
    assert len(JourneyMap.load(tmp_path).cells) == len(demo_map.cells)


def test_map_of_another_format_is_refused(demo_map: JourneyMap, tmp_path) -> None:
    demo_map.save(tmp_path)
    content = json.loads((tmp_path / "map.json").read_text(encoding="utf-8"))
    (tmp_path / "map.json").write_text(json.dumps(content | {"format": 99}), encoding="utf-8")
    with pytest.raises(InputError, match="format 99; this version reads 4") as caught:
        JourneyMap.load(tmp_path)
    assert str(tmp_path) in str(caught.value)


@pytest.mark.parametrize("text", [None, "", "no json", "\xff"])
def test_folder_without_a_map(tmp_path, text: str | None) -> None:
    if text is not None:
        (tmp_path / "map.json").write_text(text, encoding="latin-1")
    with pytest.raises(InputError, match="holds no saved map"):
        JourneyMap.load(tmp_path)


@pytest.mark.parametrize("damage", ["list", "no table", "broken table", "no provenance"])
def test_damaged_map_is_an_input_error(demo_map: JourneyMap, tmp_path, damage: str) -> None:
    demo_map.save(tmp_path)
    if damage == "list":
        (tmp_path / "map.json").write_text("[]")
    elif damage == "no provenance":
        (tmp_path / "map.json").write_text('{"format": 1}')
    elif damage == "no table":
        (tmp_path / "cells.parquet").unlink()
    else:
        (tmp_path / "cells.parquet").write_bytes(b"PAR1 nothing")
    with pytest.raises(InputError):
        JourneyMap.load(tmp_path)
