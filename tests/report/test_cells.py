"""Texts that spreadsheets take for formulas: defused, counted, and given back whole."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from journeyseo.report.cells import defuse, defuse_table

_DANGER = tuple("=+-@\t\r\n\x00＝＋－＠")


def _undo(text: str) -> str:
    return text[1:] if text.startswith("'") and text[1:].startswith(_DANGER) else text


@pytest.mark.parametrize("sign", _DANGER)
def test_dangerous_start_gets_a_quote(sign: str) -> None:
    assert defuse(f"{sign}1+1") == f"'{sign}1+1"
    assert defuse(sign) == f"'{sign}"


@pytest.mark.parametrize("text", ["", "a=1", "best crm", " x", "1-2", "最好的", "a@b.example", "'quoted'"])
def test_other_text_stays(text: str) -> None:
    assert defuse(text) == text


@given(st.text().filter(lambda t: not t.startswith("'")))
def test_round_trip_by_taking_the_quote_away(text: str) -> None:
    safe = defuse(text)
    assert not safe.startswith(_DANGER)
    assert _undo(safe) == text


def test_table_is_defused_and_counted() -> None:
    table = pd.DataFrame(
        {
            "query": pd.Series(["=1+1", "best crm", "-x", "", None], dtype="str"),
            "note": pd.Series(["@a", "b", None, "c", "+d"], dtype="str"),
            "volume": [-1.0, 2.0, 3.0, 4.0, 5.0],
        }
    )
    before = table.copy()
    safe, changed = defuse_table(table)
    assert changed == 4
    assert safe["query"].tolist()[:4] == ["'=1+1", "best crm", "'-x", ""]
    assert pd.isna(safe["query"].iloc[4])
    assert pd.isna(safe["note"].iloc[2])
    assert safe["note"].iloc[4] == "'+d"
    assert safe["volume"].tolist() == [-1.0, 2.0, 3.0, 4.0, 5.0]
    pd.testing.assert_frame_equal(table, before)


def test_harmless_table_stays_as_it_is() -> None:
    table = pd.DataFrame({"query": ["a", "b"], "n": [1, 2]})
    safe, changed = defuse_table(table)
    assert changed == 0
    pd.testing.assert_frame_equal(safe, table)


@pytest.mark.parametrize("values", [["=1", None], ["=1", 3]])
def test_object_columns_are_defused_too(values: list[object]) -> None:
    safe, changed = defuse_table(pd.DataFrame({"own": pd.Series(values, dtype=object)}))
    assert changed == 1
    assert safe["own"].iloc[0] == "'=1"


def test_category_columns_are_defused_too() -> None:
    safe, changed = defuse_table(pd.DataFrame({"journey_stage": pd.Categorical(["=cmd()", "a"])}))
    assert changed == 1
    assert safe["journey_stage"].astype(str).tolist() == ["'=cmd()", "a"]


def test_column_names_are_defused_too() -> None:
    safe, changed = defuse_table(pd.DataFrame({"=cmd()": ["a"]}))
    assert changed == 1
    assert list(safe.columns) == ["'=cmd()"]
