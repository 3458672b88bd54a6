"""The workbook: no formula, text as it is, columns to decide in."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import openpyxl
import pytest

from journeyseo.planning.statuses import statuses
from journeyseo.report.view import build_view
from journeyseo.report.xlsx import write_xlsx
from journeyseo.results import JourneyMap

SHEETS = [
    "Suggestions",
    "Closed",
    "Map",
    "Findings",
    "Striking distance",
    "Cells",
    "Keywords",
    "Pages",
    "Sections",
    "Topics",
    "Coverage",
    "Dropped",
]


@pytest.fixture(scope="module")
def file(demo_map: JourneyMap, tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("xlsx") / "report.xlsx"
    write_xlsx(build_view(demo_map), demo_map, path)
    return path


@pytest.fixture(scope="module")
def book(file: Path) -> openpyxl.Workbook:
    return openpyxl.load_workbook(file)


@pytest.fixture(scope="module")
def hostile(hostile_map: JourneyMap, tmp_path_factory) -> openpyxl.Workbook:
    path = tmp_path_factory.mktemp("xlsx") / "hostile.xlsx"
    write_xlsx(build_view(hostile_map, "en"), hostile_map, path)
    return openpyxl.load_workbook(path)


def _column(sheet, name: str) -> list[object]:
    header = [cell.value for cell in sheet[1]]
    at = header.index(name) + 1
    return [sheet.cell(row, at).value for row in range(2, sheet.max_row + 1)]


def test_sheets_and_their_sizes(book, demo_map: JourneyMap) -> None:
    assert book.sheetnames == SHEETS
    sizes = {name: book[name].max_row - 1 for name in SHEETS if name not in ("Dropped", "Closed")}
    assert sizes == {
        "Suggestions": len(demo_map.suggestions),
        "Map": len(demo_map.topics),
        "Findings": len(demo_map.findings),
        "Striking distance": len(demo_map.striking_distance),
        "Cells": len(demo_map.cells),
        "Keywords": len(demo_map.keywords),
        "Pages": len(demo_map.pages),
        "Sections": len(demo_map.sections),
        "Topics": len(demo_map.topics),
        "Coverage": len(demo_map.coverage),
    }


@pytest.mark.parametrize("which", ["book", "hostile"])
def test_no_formula_and_no_link(which: str, request) -> None:
    found = request.getfixturevalue(which)
    cells = [cell for sheet in found for row in sheet.iter_rows() for cell in row]
    assert len(cells) > 5_000
    assert [c.coordinate for c in cells if c.data_type == "f"] == []
    assert [c.coordinate for c in cells if c.hyperlink] == []


def test_file_holds_no_formula_macro_or_outside_part(file: Path) -> None:
    with zipfile.ZipFile(file) as archive:
        names = archive.namelist()
        sheets = b"".join(archive.read(n) for n in names if n.startswith("xl/worksheets/"))
    assert not [n for n in names if re.search(r"vba|externalLink|connections|hyperlink", n, re.IGNORECASE)]
    assert b"<f>" not in sheets
    assert b"<f " not in sheets


def test_text_is_kept_exactly(hostile, hostile_map: JourneyMap, payloads: tuple[str, ...]) -> None:
    assert _column(hostile["Keywords"], "query") == hostile_map.keywords["query"].tolist()
    assert _column(hostile["Pages"], "url") == hostile_map.pages["url"].tolist()
    assert set(_column(hostile["Dropped"], "text")) == set(payloads)
    title = [cell.value for cell in hostile["Suggestions"][1]].index("Primary keyword") + 1
    values = [
        hostile["Suggestions"].cell(r, title).value for r in range(2, hostile["Suggestions"].max_row + 1)
    ]
    assert values == hostile_map.suggestions["primary_keyword"].tolist()


def test_numbers_are_numbers(book, demo_map: JourneyMap) -> None:
    volumes = _column(book["Keywords"], "volume")
    assert volumes == demo_map.keywords["volume"].tolist()
    assert all(isinstance(v, int | float) for v in volumes)
    first = book["Map"]
    wanted = demo_map.topics.sort_values("demand", ascending=False)["demand"].tolist()
    assert [first.cell(r, first.max_column).value for r in range(2, first.max_row + 1)] == pytest.approx(
        wanted
    )


def test_own_columns_are_empty_status_is_a_list_and_due_is_a_date(book, demo_map: JourneyMap) -> None:
    sheet = book["Suggestions"]
    header = [cell.value for cell in sheet[1]]
    assert header[-5:] == ["Status", "Owner", "Due", "Decision", "Notes"]
    for name in header[-5:]:
        assert set(_column(sheet, name)) == {None}
    rules = {rule.type: rule for rule in sheet.data_validations.dataValidation}
    assert set(rules) == {"list", "date"}
    assert rules["list"].formula1.strip('"').split(",") == list(statuses())
    last = len(demo_map.suggestions) + 1
    for kind, name in (("list", "Status"), ("date", "Due")):
        letter = openpyxl.utils.get_column_letter(header.index(name) + 1)
        assert str(rules[kind].sqref) == f"{letter}2:{letter}{last}"
    assert sheet.cell(2, header.index("Due") + 1).number_format == "yyyy-mm-dd"


def test_every_heading_has_a_name_and_stays_in_view(book) -> None:
    for sheet in book:
        assert all(cell.value for cell in sheet[1]), sheet.title
        assert sheet.freeze_panes == "B2"


def test_texts_follow_the_language(zh_map: JourneyMap, tmp_path) -> None:
    heads = {}
    for language in ("en", "zh-Hant"):
        write_xlsx(build_view(zh_map, language), zh_map, tmp_path / "x.xlsx")
        sheet = openpyxl.load_workbook(tmp_path / "x.xlsx", read_only=False)["Map"]
        heads[language] = [cell.value for cell in sheet[1]]
    assert heads["en"][:4] == ["Topic", "Awareness", "Consideration", "Decision"]
    assert heads["zh-Hant"][1:4] == ["認知", "考慮", "決策"]


def test_map_without_suggestions_has_no_rule(demo_map: JourneyMap, tmp_path) -> None:
    import dataclasses

    bare = dataclasses.replace(demo_map, suggestions=demo_map.suggestions.head(0))
    write_xlsx(build_view(bare), bare, tmp_path / "x.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "x.xlsx")["Suggestions"]
    assert sheet.max_row == 1
    assert sheet.data_validations.dataValidation == []
