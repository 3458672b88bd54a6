"""Numbers that no count can be are missing, and said so."""

from __future__ import annotations

import pandas as pd
import pytest

import journeyseo as js


@pytest.mark.parametrize("wrong", ["-50", "99999999999999999999", "-1e3"])
@pytest.mark.parametrize("column", ["volume", "impressions", "clicks"])
def test_a_negative_or_absurd_count_is_missing_with_a_note(tmp_path, column: str, wrong: str) -> None:
    path = tmp_path / "crm.csv"
    path.write_text(f"keyword,{column}\nbest crm,100\nwhat is crm,{wrong}\n", encoding="utf-8")
    table = js.read_keywords(path)
    found = table.set_index("query")[column]
    assert found["best crm"] == 100
    assert pd.isna(found["what is crm"])
    assert any(f"1 cells of {column} are below zero" in note for note in table.attrs["reports"][0].notes)


def test_an_empty_file_in_a_folder_is_passed_over_and_named(tmp_path) -> None:
    (tmp_path / "a.csv").write_text("keyword,volume\nbest crm,100\n", encoding="utf-8")
    (tmp_path / "b.csv").write_bytes(b"")
    table = js.read_keywords(tmp_path)
    assert table["query"].tolist() == ["best crm"]
    report = next(r for r in table.attrs["reports"] if r.source == "b.csv")
    assert report.notes == ("The file is empty.",)
