"""The column contracts."""

from __future__ import annotations

import pandas as pd
import pytest

from journeyseo.errors import TableError
from journeyseo.stages import STAGES
from journeyseo.tables import (
    ALL_TABLES,
    CELLS,
    COUNT,
    FLAG,
    KEYWORDS,
    LABEL,
    NUMBER,
    PAGES,
    STAGED_KEYWORDS,
    STAGED_PAGES,
    TEXT,
    Column,
    Table,
)

TOY = Table(
    "toy",
    "a toy",
    (
        Column("name", TEXT, "its name", required=True),
        Column("price", NUMBER, "its price"),
        Column("parts", COUNT, "its parts"),
        Column("sold", FLAG, "whether it is sold"),
        Column("kind", LABEL, "its kind"),
    ),
)


def test_adds_orders_and_types_columns() -> None:
    frame = TOY.conform(pd.DataFrame({"own": ["x", "y"], "parts": [1, None], "name": ["a", "b"]}))
    assert list(frame.columns) == ["name", "price", "parts", "sold", "kind", "own"]
    assert [str(t) for t in frame.dtypes[:5]] == ["str", "float64", "Int64", "boolean", "category"]
    assert frame["parts"].tolist() == [1, pd.NA]
    assert frame[["price", "sold", "kind"]].isna().all(axis=None)
    assert frame["own"].tolist() == ["x", "y"]


def test_keeps_index_and_attrs_and_leaves_the_input_alone() -> None:
    given = pd.DataFrame({"name": ["a", "b"], "price": [1, 2]}, index=[7, 3])
    given.attrs = {"reports": ()}
    before = given.copy()
    frame = TOY.conform(given)
    assert frame.index.tolist() == [7, 3]
    assert frame.attrs == {"reports": ()}
    assert frame["price"].dtype == "float64"
    pd.testing.assert_frame_equal(given, before)


def test_conforming_twice_changes_nothing() -> None:
    once = TOY.conform(pd.DataFrame({"name": ["a"], "kind": ["k"], "sold": [True]}))
    pd.testing.assert_frame_equal(TOY.conform(once), once)


def test_lists_all_problems_at_once() -> None:
    wrong = pd.DataFrame({"price": ["cheap", "2"], "parts": [1.5, 2.0], "sold": ["yes", "no"]})
    with pytest.raises(TableError) as caught:
        TOY.conform(wrong)
    text = str(caught.value)
    assert text.startswith("The toy table does not fit: ")
    assert "column 'name' is missing (its name)" in text
    for name, kind in (("price", "float64"), ("parts", "Int64"), ("sold", "boolean")):
        assert f"column {name!r} is not {kind}" in text
    assert "column 'kind'" not in text
    assert "journeyseo.tables.TOY" in text


def test_gaps_of_a_required_column_are_named_by_row() -> None:
    names = ["a", None, "", *[None] * 11]
    with pytest.raises(TableError, match=r"column 'name' is empty in rows 1, 2, 3, .*10 and 3 more"):
        TOY.conform(pd.DataFrame({"name": names}))


def test_table_without_rows_needs_no_column() -> None:
    assert list(TOY.conform(pd.DataFrame()).columns) == TOY.names
    empty = TOY.empty()
    assert list(empty.columns) == TOY.names
    assert len(empty) == 0
    pd.testing.assert_frame_equal(TOY.conform(empty), empty)


@pytest.mark.parametrize("table", [*ALL_TABLES, STAGED_KEYWORDS, STAGED_PAGES], ids=lambda t: t.name)
def test_contract_is_well_formed(table: Table) -> None:
    assert len(set(table.names)) == len(table.names)
    assert any(c.required for c in table.columns)
    assert all(c.kind in (TEXT, NUMBER, COUNT, FLAG, LABEL) for c in table.columns)
    assert all(c.meaning and not c.meaning.endswith(".") for c in table.columns)
    assert [str(t) for t in table.empty().dtypes] == [c.kind for c in table.columns]


def test_staged_tables_continue_the_plain_ones() -> None:
    assert STAGED_KEYWORDS.names[: len(KEYWORDS.names)] == KEYWORDS.names
    assert STAGED_PAGES.names[: len(PAGES.names)] == PAGES.names
    assert [f"p_{s}" for s in STAGES] == [n for n in STAGED_PAGES.names if n.startswith("p_")]


@pytest.mark.parametrize("which", ["demo_map", "zh_map"])
def test_tables_of_a_map_keep_their_contracts(which: str, request) -> None:
    found = request.getfixturevalue(which).tables()
    contracts = {t.name: t for t in ALL_TABLES if t.name != "plan"} | {
        "keywords": STAGED_KEYWORDS,
        "pages": STAGED_PAGES,
    }
    assert set(found) == set(contracts)
    for name, frame in found.items():
        contract = contracts[name]
        assert list(frame.columns[: len(contract.names)]) == contract.names
        kinds = {c.name: c.kind for c in contract.columns if (name, c.name) != ("cells", "journey_stage")}
        assert {n: str(frame[n].dtype) for n in kinds} == kinds, name
        contract.conform(frame)


def test_stage_of_a_cell_keeps_its_contract(demo_map) -> None:
    (column,) = (c for c in CELLS.columns if c.name == "journey_stage")
    assert str(demo_map.cells["journey_stage"].dtype) == column.kind


def test_cells_are_topics_times_stages(demo_map) -> None:
    cells = CELLS.conform(demo_map.cells)
    assert len(cells) == len(demo_map.topics) * 4
    assert not cells.duplicated(["topic", "journey_stage"]).any()
    assert (cells["demand_low"] <= cells["demand"] + 1e-9).all()
    assert (cells["demand"] <= cells["demand_high"] + 1e-9).all()
    assert cells["quality"].between(0, 1).all()
