"""A planner's decisions go through a report and into the next run's."""

from __future__ import annotations

import dataclasses
import datetime as dt
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

import journeyseo as js
from journeyseo.planning import apply_plan
from journeyseo.planning.columns import PLAN_FIELDS
from journeyseo.report.view import build_view
from journeyseo.report.xlsx import write_xlsx
from journeyseo.results import JourneyMap
from journeyseo.tables import PLAN

FIELDS = list(PLAN_FIELDS)


def _plan(rows: dict[str, dict[str, str]]) -> pd.DataFrame:
    return PLAN.conform(pd.DataFrame([{"id": key, **row} for key, row in rows.items()]))


def _with(journey_map: JourneyMap, plan: pd.DataFrame) -> JourneyMap:
    """Return the map as `map_journey` makes it with a plan."""
    work, closed = apply_plan(journey_map.suggestions, plan)
    provenance = {**journey_map.provenance, "plan": {"ids": sorted(plan["id"])}}
    return dataclasses.replace(journey_map, suggestions=work, closed=closed, provenance=provenance)


def _edit(path: Path, cells: dict[str, dict[str, object]], sheet: str = "Suggestions") -> None:
    """Fill in cells of a workbook by id and heading, as a planner does."""
    book = openpyxl.load_workbook(path)
    head, *rows = book[sheet].iter_rows()
    at = {cell.value: cell.column for cell in head}
    for row in rows:
        for heading, value in cells.get(row[0].value, {}).items():
            book[sheet].cell(row[0].row, at[heading]).value = value
    book.save(path)


@pytest.fixture(scope="module")
def ids(demo_map: JourneyMap) -> list[str]:
    return demo_map.suggestions["id"].tolist()


@pytest.fixture(scope="module")
def decided(demo_map: JourneyMap, ids: list[str]) -> JourneyMap:
    return _with(
        demo_map,
        _plan(
            {
                ids[0]: {"status": "rejected", "notes": "not our trade"},
                ids[1]: {"status": "published", "owner": "Ana"},
                ids[2]: {"status": "writing", "owner": "王小明", "due": "2026-05-31", "decision": "go"},
                "s00000000": {"status": "planned", "title": "A page of last year", "owner": "Jo"},
                ids[3]: {},
            }
        ),
    )


def test_rejected_and_published_are_no_work_any_more(decided, demo_map, ids) -> None:
    assert decided.suggestions["id"].tolist() == ids[2:]
    assert decided.suggestions["rank"].tolist() == list(range(1, len(ids) - 1))
    first = decided.suggestions.iloc[0]
    assert first[FIELDS[:4]].tolist() == ["writing", "王小明", "2026-05-31", "go"]
    assert decided.suggestions[FIELDS].iloc[1:].isna().all(axis=None)
    kept = [c for c in demo_map.suggestions.columns if c not in ("rank", *FIELDS)]
    pd.testing.assert_frame_equal(
        decided.suggestions[kept], demo_map.suggestions[kept].iloc[2:].reset_index(drop=True)
    )


def test_closed_ones_are_listed_with_the_reason(decided, demo_map, ids) -> None:
    closed = decided.closed.set_index("id")
    assert set(closed.index) == {ids[0], ids[1], "s00000000"}
    assert closed["reason"].to_dict() == {ids[0]: "rejected", ids[1]: "still-open", "s00000000": "gone"}
    assert closed.loc[ids[0], "title"] == demo_map.suggestions["title"].iloc[0]
    assert closed.loc["s00000000", ["title", "status", "owner"]].tolist() == [
        "A page of last year", "planned", "Jo",
    ]  # fmt: skip
    assert closed["why"].str.len().min() > 10


def test_a_published_page_that_fills_its_gap_says_so(demo_map) -> None:
    _, closed = apply_plan(demo_map.suggestions, _plan({"s1": {"status": "published"}}))
    assert closed["reason"].tolist() == ["published"]
    assert closed["why"].tolist() == ["published, and nothing is missing there any more"]


def test_nothing_that_was_written_is_lost(decided) -> None:
    assert len(decided.decisions) == 4


def test_a_job_whose_topic_got_another_name_is_known_by_its_keyword(demo_map, ids) -> None:
    keyword = demo_map.suggestions["primary_keyword"].iloc[0]
    plan = _plan(
        {
            "s1": {"status": "planned", "primary_keyword": keyword},
            "s2": {"status": "rejected", "primary_keyword": demo_map.suggestions["primary_keyword"].iloc[1]},
            ids[2]: {},
            "s3": {"status": "planned", "primary_keyword": demo_map.suggestions["primary_keyword"].iloc[2]},
            "s4": {"status": "planned"},
        }
    )
    work, closed = apply_plan(demo_map.suggestions, plan)
    assert work["id"].tolist() == ["s1", *ids[2:]]
    assert work["status"].iloc[0] == "planned"
    # The plan lists the third under its own id: "s3" is another job.
    assert closed["reason"].to_dict() == {0: "rejected", 1: "gone", 2: "gone"}
    assert closed["id"].tolist() == ["s2", "s3", "s4"]


def test_a_keyword_that_leads_two_briefs_names_neither(demo_map, ids) -> None:
    twice = demo_map.suggestions.assign(primary_keyword="heat pump")
    work, closed = apply_plan(twice, _plan({"s1": {"status": "planned", "primary_keyword": "heat pump"}}))
    assert work["id"].tolist() == ids
    assert closed["reason"].tolist() == ["gone"]


def test_without_a_plan_nothing_changes(demo_map) -> None:
    work, closed = apply_plan(demo_map.suggestions, PLAN.empty())
    pd.testing.assert_frame_equal(work, demo_map.suggestions)
    assert len(closed) == len(demo_map.closed) == 0


@pytest.mark.parametrize("language", ["en", "zh-Hans", "zh-Hant"])
def test_a_workbook_gives_back_what_it_was_given(decided, tmp_path, language: str) -> None:
    write_xlsx(build_view(decided, language), decided, tmp_path / "r.xlsx")
    plan = js.read_plan(tmp_path / "r.xlsx")
    assert all(report.ignored == () for report in plan.attrs["reports"])
    again = _with(decided, plan)
    pd.testing.assert_frame_equal(
        decided.decisions.set_index("id").sort_index()[FIELDS],
        again.decisions.set_index("id").sort_index()[FIELDS],
    )
    assert again.closed["id"].tolist() == decided.closed["id"].tolist()
    assert again.closed["title"].tolist() == decided.closed["title"].tolist()


def test_a_due_day_is_a_date_in_the_workbook(decided, tmp_path) -> None:
    write_xlsx(build_view(decided, "zh-Hant"), decided, tmp_path / "r.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "r.xlsx")["Suggestions"]
    head = [cell.value for cell in sheet[1]]
    assert sheet.cell(2, head.index("截止日期") + 1).value.date() == dt.date(2026, 5, 31)
    assert sheet.cell(2, head.index("狀態") + 1).value == "撰寫中"


def test_csv_files_give_back_what_they_were_given(decided, tmp_path) -> None:
    js.write_report(decided, tmp_path / "r")
    plan = js.read_plan([tmp_path / "r" / "suggestions.csv", tmp_path / "r" / "closed.csv"])
    again = _with(decided, plan)
    assert (
        again.decisions.set_index("id")[FIELDS]
        .sort_index()
        .equals(decided.decisions.set_index("id")[FIELDS].sort_index())
    )


def test_three_runs_with_an_edited_workbook(demo_map, ids, tmp_path) -> None:
    folder = tmp_path / "r"
    js.write_report(demo_map, folder)
    _edit(
        folder / "report.xlsx",
        {
            ids[0]: {"Status": "rejected"},
            ids[1]: {"Status": "planned", "Owner": "Ana", "Due": dt.date(2026, 6, 1)},
        },
    )
    with pytest.raises(js.InputError, match=f"decisions of planners .*{ids[0]}.*--plan") as caught:
        js.write_report(demo_map, folder)
    assert "report.xlsx" in str(caught.value)
    second = _with(demo_map, js.read_plan(folder / "report.xlsx"))
    js.write_report(second, folder)
    assert second.suggestions["id"].iloc[0] == ids[1]
    # The rejected one is taken back, the planned one cleared.
    _edit(folder / "report.xlsx", {ids[0]: {"Status": "later"}}, "Closed")
    _edit(folder / "report.xlsx", {ids[1]: {"Status": None, "Owner": None, "Due": None}})
    third = _with(demo_map, js.read_plan(folder / "report.xlsx"))
    js.write_report(third, folder)
    assert third.suggestions["id"].tolist() == ids
    assert third.decisions["id"].tolist() == [ids[0]]
    assert JourneyMap.load(folder / "map").decisions["status"].tolist() == ["later"]


def test_an_older_plan_does_not_win_over_a_newer_one_in_the_folder(demo_map, ids, tmp_path) -> None:
    folder = tmp_path / "r"
    planned = _with(demo_map, _plan({ids[0]: {"status": "planned"}}))
    js.write_report(planned, folder)
    # Given anew, in another file: fine. Filled in here since: not.
    js.write_report(_with(demo_map, _plan({ids[0]: {"status": "writing"}})), folder)
    _edit(folder / "report.xlsx", {ids[0]: {"Owner": "Ana"}})
    with pytest.raises(js.InputError, match="decisions of planners"):
        js.write_report(planned, folder)


def test_a_wrong_status_in_the_folder_is_no_reason_to_write_over_it(demo_map, ids, tmp_path) -> None:
    js.write_report(demo_map, tmp_path / "r")
    _edit(tmp_path / "r" / "report.xlsx", {ids[0]: {"Status": "wip"}})
    with pytest.raises(js.InputError, match="'wip' is no status"):
        js.write_report(demo_map, tmp_path / "r")


def test_a_saved_map_carries_decisions_and_is_not_written_over(decided, demo_map, tmp_path) -> None:
    decided.save(tmp_path)
    loaded = JourneyMap.load(tmp_path)
    pd.testing.assert_frame_equal(loaded.closed, decided.closed)
    pd.testing.assert_frame_equal(loaded.decisions, decided.decisions)
    with pytest.raises(js.InputError, match="decisions of planners"):
        demo_map.save(tmp_path)
    loaded.save(tmp_path)
    assert len(JourneyMap.load(tmp_path).closed) == 3


def test_a_plan_where_nothing_is_suggested(demo_map) -> None:
    none = demo_map.suggestions.head(0)
    work, closed = apply_plan(none, _plan({"s1": {"status": "planned"}, "s2": {"status": "rejected"}}))
    assert len(work) == 0
    assert list(work.columns) == list(demo_map.suggestions.columns)
    assert closed["reason"].tolist() == ["gone", "rejected"]


def test_a_plan_given_to_the_whole_job(examples, demo_map, ids, tmp_path) -> None:
    (tmp_path / "plan.csv").write_text(f"id,status,owner,Team\n{ids[0]},rejected,,\n{ids[1]},planned,Ana,x\n")
    folder = examples / "heat-pumps"
    found = js.map_journey(
        str(folder / "keywords.csv"), folder / "site", plan=tmp_path / "plan.csv", reasons=False
    )
    assert found.suggestions["id"].tolist() == ids[1:]
    assert found.suggestions[["status", "owner"]].iloc[0].tolist() == ["planned", "Ana"]
    assert found.closed["id"].tolist() == [ids[0]]
    assert found.provenance["plan"] == {"ids": sorted(ids[:2])}
    told = found.provenance["inputs"][-1]
    assert (told["format"], told["notes"]) == ("plan", ["columns not taken: Team"])


def test_ids_hang_on_the_job_and_on_nothing_else(demo_map) -> None:
    from journeyseo.coverage import match_coverage
    from journeyseo.stages import load_journey
    from journeyseo.suggest import suggest_content

    inside = demo_map.keywords[demo_map.keywords["topic"].notna()].reset_index(drop=True)
    inside = inside.assign(demand=inside["demand"] * 3 + 7, topic="x-" + inside["topic"])
    cells = demo_map.cells.assign(topic="x-" + demo_map.cells["topic"], deficit=1.0)
    topics = demo_map.topics.assign(
        topic="x-" + demo_map.topics["topic"],
        name=[" ".join(n.split()[::-1]) for n in demo_map.topics["name"]],
    )
    other = suggest_content(
        inside, demo_map.pages, topics, cells, match_coverage(inside, demo_map.pages),
        load_journey("three-stage"), target_position=1,
    )  # fmt: skip
    assert set(other["id"]) == set(demo_map.suggestions["id"])
    assert other["id"].str.fullmatch("s[0-9a-f]{8}").all()


def test_two_topics_of_one_name_have_two_ids(demo_map) -> None:
    from journeyseo.coverage import match_coverage
    from journeyseo.stages import load_journey
    from journeyseo.suggest import suggest_content

    inside = demo_map.keywords[demo_map.keywords["topic"].notna()].reset_index(drop=True)
    same = demo_map.topics.assign(name="heat pumps")
    found = suggest_content(
        inside, demo_map.pages, same, demo_map.cells, match_coverage(inside, demo_map.pages),
        load_journey("three-stage"),
    )  # fmt: skip
    assert found["id"].is_unique
    assert len(found) == len(demo_map.suggestions)


def test_a_hostile_plan_is_text_everywhere(demo_map, ids, tmp_path) -> None:
    bad = "<script>alert(1)</script>"
    plan = _plan(
        {
            ids[0]: {"status": "planned", "owner": bad, "notes": "=1+1"},
            "s1": {"status": "rejected", "title": "=HYPERLINK(1)", "owner": bad},
        }
    )
    js.write_report(_with(demo_map, plan), tmp_path / "r")
    html = (tmp_path / "r" / "report.html").read_text("utf-8")
    assert bad not in html
    assert html.count("&lt;script&gt;alert(1)") == 2
    assert "'=HYPERLINK(1)" in (tmp_path / "r" / "closed.csv").read_text("utf-8-sig")
    again = js.read_plan([tmp_path / "r" / "suggestions.csv", tmp_path / "r" / "closed.csv"]).set_index("id")
    assert again.loc[ids[0], ["owner", "notes"]].tolist() == [bad, "=1+1"]
    assert again.loc["s1", "title"] == "=HYPERLINK(1)"
