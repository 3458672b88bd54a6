"""Columns that are kept beside ours: every value of a query, with the query's numbers at that value."""

import pandas as pd
import pytest

from journeyseo.errors import ConfigError
from journeyseo.keywords import read_keywords

LINES = pd.DataFrame(
    {
        "keyword": ["best crm", "Best  CRM", "crm price", "free crm", "crm price"],
        "volume": [100, 60, 50, 10, 7],
        "Product Line": ["Business", "home", "business", None, "Home"],
    }
)


def kept(source, keep, **options):
    table = read_keywords(source, language="en", keep=keep, **options)
    rows = table.attrs["kept"].table
    values = rows.astype(object).where(rows.notna(), None)
    return {(q, c, v): (n, i) for q, _, c, _, v, n, i in values.itertuples(index=False)}


def test_a_query_has_each_of_its_values_with_the_volume_at_it():
    assert kept(LINES, "product line") == {
        ("best crm", None, "Business"): (100, None),
        ("best crm", None, "Home"): (60, None),
        ("crm price", None, "Business"): (50, None),
        ("crm price", None, "Home"): (7, None),
        ("free crm", None, ""): (10, None),
    }


def test_the_table_is_the_same_with_and_without_kept_columns():
    with_ = read_keywords(LINES, language="en", keep=["Product Line"])
    without = read_keywords(LINES, language="en")
    assert list(with_.columns) == list(without.columns)
    with_.attrs = without.attrs = {}
    pd.testing.assert_frame_equal(with_, without)


def test_the_report_says_that_the_column_was_taken():
    report = read_keywords(LINES, language="en", keep="Product Line").attrs["reports"][0]
    assert report.columns["Product Line"] == "Product Line"
    assert "Product Line" not in report.ignored


@pytest.mark.parametrize("keep", ["Country", "country"])
def test_countries_are_the_table_s_own(keep):
    rows = pd.DataFrame(
        {"keyword": ["crm"] * 3, "volume": [90, 40, 5], "Country": ["United Kingdom", "de", None]}
    )
    assert kept(rows, keep) == {
        ("crm", "GB", "GB"): (90, None),
        ("crm", "DE", "DE"): (40, None),
        ("crm", None, ""): (5, None),
    }


def test_impressions_of_devices_are_told_apart():
    rows = pd.DataFrame(
        {"query": ["crm"] * 3, "impressions": [30, 20, 9], "device": ["MOBILE", "DESKTOP", "MOBILE"]}
    )
    assert kept(rows, "device") == {("crm", None, "MOBILE"): (None, 39), ("crm", None, "DESKTOP"): (None, 20)}
    assert read_keywords(rows, language="en")["impressions"].tolist() == [59]


def test_a_list_of_the_team_s_own_and_an_export_with_volumes_meet(tmp_path):
    (tmp_path / "lines.csv").write_text("query,Team\nbest crm,Sales\ncrm price,Sales\ncrm price,Service\n")
    (tmp_path / "volumes.csv").write_text("Keyword,Volume\nbest crm,100\ncrm price,50\nfree crm,10\n")
    files = [tmp_path / "lines.csv", tmp_path / "volumes.csv"]
    assert kept(files, ["Team"]) == {
        ("best crm", None, "Sales"): (100, None),
        ("crm price", None, "Sales"): (50, None),
        ("crm price", None, "Service"): (50, None),
        ("free crm", None, ""): (10, None),
    }
    reports = read_keywords(files, language="en", keep=["Team"]).attrs["reports"]
    assert [n for r in reports for n in r.notes] == ["there is no column 'Team' in this file"]


def test_a_number_of_the_value_s_own_goes_before_one_without_a_value(tmp_path):
    (tmp_path / "a.csv").write_text("Keyword,Volume,Team\ncrm,30,Sales\ncrm,,Service\n")
    (tmp_path / "b.csv").write_text("Keyword,Volume\ncrm,50\n")
    found = kept([tmp_path / "b.csv", tmp_path / "a.csv"], ["Team"])
    assert found == {("crm", None, "Sales"): (30, None), ("crm", None, "Service"): (50, None)}


def test_a_keywords_table_keeps_columns_that_were_added_to_it():
    table = read_keywords(["best crm", "crm price"], language="en").assign(Owner=["Ada", None])
    assert kept(pd.DataFrame(table), "owner") == {
        ("best crm", None, "Ada"): (None, None),
        ("crm price", None, ""): (None, None),
    }


def test_both_readers_of_rows_keep_the_same(tmp_path):
    (tmp_path / "clean.csv").write_text("Keyword,Volume,Team\nbest crm,30,Sales\ncrm price,20,\n")
    (tmp_path / "odd.csv").write_text('Keyword,Volume,Team\n"best crm",30,"Sales"\n\ncrm price,20, \n')
    clean, odd = (kept(tmp_path / f"{name}.csv", "Team") for name in ("clean", "odd"))
    assert clean == odd == {("best crm", None, "Sales"): (30, None), ("crm price", None, ""): (20, None)}


@pytest.mark.parametrize("name", ["segment", "country", "device", "kept product line"])
def test_a_column_that_no_file_has_is_an_error_that_names_those_seen(name):
    with pytest.raises(ConfigError) as caught:
        read_keywords(LINES, language="en", keep=[name])
    assert str(caught.value) == (
        f"No keyword export has a column {name!r}. Columns seen: 'keyword', 'volume', 'Product Line'."
    )
