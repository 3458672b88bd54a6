"""Plans as planners leave them: sorted, half filled, in another language, from another spreadsheet."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

import journeyseo as js
from journeyseo.planning.columns import PLAN_FIELDS, columns_by_heading
from journeyseo.planning.statuses import status_of, statuses
from journeyseo.stages import LANGUAGES
from journeyseo.tables import PLAN

HEAD = "id,title,status,owner,due,decision,notes"


def _csv(path: Path, *rows: str, head: str = HEAD) -> Path:
    path.write_text("\n".join((head, *rows)) + "\n", encoding="utf-8")
    return path


def test_a_csv_is_read_row_by_row(tmp_path) -> None:
    file = _csv(
        tmp_path / "s.csv",
        "s1,Guide,planned,Ana,2026-05-31,go,soon",
        "s2,Prices,,,,,",
        "s3,Old,Rejected,,,,not ours",
    )
    plan = js.read_plan(file)
    assert list(plan.columns) == PLAN.names
    assert plan["id"].tolist() == ["s1", "s2", "s3"]
    assert plan.loc[0, list(PLAN_FIELDS)].tolist() == ["planned", "Ana", "2026-05-31", "go", "soon"]
    assert plan.loc[1, list(PLAN_FIELDS)].isna().all()
    assert plan["status"].tolist()[2] == "rejected"
    assert plan["source_row"].tolist() == [2, 3, 4]
    (report,) = plan.attrs["reports"]
    assert (report.rows_read, report.rows_kept, report.ignored) == (3, 3, ())


@pytest.mark.parametrize(("delimiter", "encoding"), [(";", "utf-8-sig"), ("\t", "utf-16"), (",", "gb18030")])
def test_a_csv_saved_by_another_spreadsheet_is_read(tmp_path, delimiter: str, encoding: str) -> None:
    lines = ["id,状态,负责人,截止日期,备注", "s1,撰写中,王小明,2026/5/1,先写价格"]
    text = "\r\n".join(line.replace(",", delimiter) for line in lines)
    (tmp_path / "s.csv").write_bytes(f"{text}\r\n".encode(encoding))
    plan = js.read_plan(str(tmp_path / "s.csv"))
    assert plan.loc[0, ["status", "owner", "due", "notes"]].tolist() == [
        "writing", "王小明", "2026-05-01", "先写价格",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text", ["2026-05-31", "2026/5/31", "2026.05.31", "2026年5月31日", "2026-05-31 00:00:00"]
)
def test_a_day_with_the_year_first_is_a_date(tmp_path, text: str) -> None:
    plan = js.read_plan(_csv(tmp_path / "s.csv", f"s1,,planned,,{text},,"))
    assert plan["due"].tolist() == ["2026-05-31"]


def test_wrong_cells_are_all_named_with_row_and_what_is_allowed(tmp_path) -> None:
    file = _csv(
        tmp_path / "s.csv", "s1,,wip,,,,", "s2,,planned,,5/6/2026,,", "s3,,,,2026-02-30,,", "s4,,later,,,,"
    )
    with pytest.raises(js.InputError) as caught:
        js.read_plan(file)
    text = str(caught.value)
    assert "s.csv, row 2: status 'wip' is no status" in text
    assert "s.csv, row 3: due '5/6/2026' is no date with the year first" in text
    assert "s.csv, row 4: due '2026-02-30'" in text
    assert "row 5" not in text
    assert "planned, writing, later, published, rejected" in text
    assert "2026-05-31" in text


def test_a_wrong_cell_of_a_workbook_is_named_with_its_sheet(tmp_path) -> None:
    book = openpyxl.Workbook()
    book.active.title = "Suggestions"
    book.active.append(["id", "Status", "Due"])
    book.active.append(["s1", "planned", dt.date(2026, 5, 31)])
    book.active.append(["s2", "planend", None])
    book.create_sheet("Keywords").append(["query"])
    book.save(tmp_path / "r.xlsx")
    with pytest.raises(js.InputError, match=r"r\.xlsx:Suggestions, row 3: Status 'planend' is no status"):
        js.read_plan(tmp_path / "r.xlsx")


def test_many_wrong_cells_are_counted(tmp_path) -> None:
    file = _csv(tmp_path / "s.csv", *(f"s{i},,x{i},,,," for i in range(13)))
    with pytest.raises(js.InputError, match="and 3 more"):
        js.read_plan(file)


def test_other_columns_are_kept_out_and_said(tmp_path) -> None:
    file = _csv(tmp_path / "s.csv", "s1,planned,900,x", head="id,status,Budget,Status")
    plan = js.read_plan(file)
    (report,) = plan.attrs["reports"]
    assert report.ignored == ("Budget", "Status")
    assert "columns not taken: Budget, Status" in str(report)
    assert "Budget" not in plan.columns


def test_rows_without_an_id_and_repeated_ones_are_dropped_and_counted(tmp_path) -> None:
    file = _csv(tmp_path / "s.csv", "s1,,planned,,,,", ",my own idea,planned,,,,", "s1,,,,,,", ",,,,,,")
    plan = js.read_plan(file)
    (report,) = plan.attrs["reports"]
    assert plan["id"].tolist() == ["s1"]
    assert plan["status"].tolist() == ["planned"]
    assert (report.rows_read, report.rows_kept) == (3, 1)
    assert [(d.row, d.reason) for d in report.dropped] == [(3, "no id"), (4, "the id was read before")]


def test_two_decisions_on_one_suggestion_are_an_error(tmp_path) -> None:
    file = _csv(tmp_path / "s.csv", "s1,,planned,,,,")
    other = _csv(tmp_path / "closed.csv", "s1,,rejected,,,,")
    with pytest.raises(
        js.InputError, match=r"closed\.csv, row 2: id s1 has another decision than in s\.csv, row 2"
    ):
        js.read_plan([file, other])


def test_a_decision_wins_over_an_empty_row_of_another_file(tmp_path) -> None:
    file = _csv(tmp_path / "s.csv", "s1,,,,,,")
    other = _csv(tmp_path / "closed.csv", "s1,,rejected,,,,")
    plan = js.read_plan([file, other])
    assert (plan["status"].tolist(), plan["source"].tolist()) == (["rejected"], ["closed.csv"])


def test_text_that_was_made_harmless_comes_back(tmp_path) -> None:
    plan = js.read_plan(_csv(tmp_path / "s.csv", "s1,,later,'@jo,,,'-5 % budget"))
    assert plan.loc[0, ["owner", "notes"]].tolist() == ["@jo", "-5 % budget"]


@pytest.mark.parametrize("text", ["query,volume\na,1\n", "id,name\n1,x\n", "just text\n"])
def test_a_file_without_a_plan_says_what_is_wanted(tmp_path, text: str) -> None:
    (tmp_path / "x.csv").write_text(text)
    with pytest.raises(js.FormatError, match="No table with the columns id and status"):
        js.read_plan(tmp_path / "x.csv")


def test_a_missing_file_is_an_input_error(tmp_path) -> None:
    with pytest.raises(js.InputError, match="There is no such file"):
        js.read_plan(tmp_path / "none.xlsx")


def test_statuses_are_read_in_every_language_and_no_word_means_two() -> None:
    seen: list[str] = []
    for key, status in statuses().items():
        words = {key, *status.names.values(), *status.also}
        assert set(status.names) == set(LANGUAGES)
        assert {status_of(f" {word.upper()} ") for word in words} == {key}
        seen += words
    assert len(seen) == len(set(seen))
    assert status_of("wip") is None
    assert len(",".join(s.names["en"] for s in statuses().values())) < 255


def test_no_heading_means_two_columns() -> None:
    from journeyseo.planning.columns import BRIEF, CLOSED_BRIEF, OWN
    from journeyseo.wording import report_texts

    for texts in report_texts().values():
        for shown in (BRIEF, CLOSED_BRIEF):
            names = [texts[key] for _, key, _ in (*shown, *OWN)]
            assert len(names) == len(set(names))
        for name, key, _ in OWN:
            assert columns_by_heading()[texts[key].casefold()] == name


def test_an_empty_plan_is_a_table(tmp_path) -> None:
    plan = js.read_plan(_csv(tmp_path / "closed.csv"))
    assert len(plan) == 0
    pd.testing.assert_index_equal(plan.columns, PLAN.empty().columns)
