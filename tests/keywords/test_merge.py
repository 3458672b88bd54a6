"""Several rows on one query become one, by the stated rule."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from journeyseo.keywords import read_keywords
from journeyseo.keywords.merge import merge
from journeyseo.tables import KEYWORDS

HEAD = "Top queries,Clicks,Impressions,CTR,Position,Page\n"


def table(*rows):
    defaults = {"language": "en", "source": "a.csv", "source_row": 2, "n_merged": 1}
    return KEYWORDS.conform(pd.DataFrame([defaults | row for row in rows]))


def merged(*rows):
    return merge(table(*rows)).to_dict("records")


def read(folder, **files):
    paths = []
    for name, text in files.items():
        paths.append(folder / f"{name}.csv")
        paths[-1].write_text(text, encoding="utf-8")
    return read_keywords(paths, language="en")


def test_nothing_to_merge_is_left_alone():
    frame = table({"query": "a", "volume": 1}, {"query": "b", "volume": 2})

    pd.testing.assert_frame_equal(merge(frame), frame)
    assert merge(KEYWORDS.empty()).empty


def test_case_width_and_blanks_make_no_other_query():
    (row,) = merged({"query": "Red Kettle", "volume": 10}, {"query": "ｒｅｄ  kettle", "volume": 10})

    assert (row["query"], row["volume"], row["n_merged"]) == ("Red Kettle", 10, 2)


def test_language_and_country_make_another_query():
    rows = merged(
        {"query": "taxi", "language": "en", "country": "GB"},
        {"query": "taxi", "language": "de", "country": "GB"},
        {"query": "taxi", "language": "en", "country": "US"},
        {"query": "taxi", "language": "en", "country": "gb"},
    )

    assert [(r["language"], r["country"], r["n_merged"]) for r in rows] == [
        ("en", "GB", 2), ("de", "GB", 1), ("en", "US", 1),
    ]  # fmt: skip


def test_row_without_a_country_joins_the_only_country_of_its_query():
    rows = merged(
        {"query": "taxi", "clicks": 3},
        {"query": "Taxi", "country": "GB", "volume": 100},
        {"query": "taxi", "country": "gb", "difficulty": 5},
        {"query": "taxi", "language": "de", "country": "DE"},
        {"query": "tram", "volume": 7},
    )

    assert [(r["query"], r["language"], r["n_merged"]) for r in rows] == [
        ("taxi", "en", 3), ("taxi", "de", 1), ("tram", "en", 1),
    ]  # fmt: skip
    assert (rows[0]["country"], rows[0]["volume"], rows[0]["clicks"], rows[0]["difficulty"]) == (
        "GB",
        100,
        3,
        5,
    )


def test_row_without_a_country_stays_apart_from_several(tmp_path):
    own = "Keyword,Volume\ntaxi,10\ntram,20\n"
    tool = "Keyword,Volume,Country\ntaxi,70,gb\ntaxi,90,us\ntram,30,gb\n"
    frame = read(tmp_path, own=own, tool=tool)
    first, second = frame.attrs["reports"]

    assert sorted(zip(frame["query"], frame["country"].fillna(""), frame["volume"], strict=True)) == [
        ("taxi", "", 10), ("taxi", "GB", 70), ("taxi", "US", 90), ("tram", "GB", 20),
    ]  # fmt: skip
    assert first.notes[-1].startswith(
        "queries without a country that have several countries in other rows: 1;"
    )
    assert second.notes == ()


@given(
    st.lists(
        st.tuples(
            st.sampled_from("ab"), st.sampled_from(["en", "de"]), st.sampled_from([None, "GB", "US", ""])
        ),
        min_size=1,
        max_size=12,
    )
)
def test_rows_without_a_country_by_the_rule(cells):
    rows = [{"query": q, "language": lang, "country": land} for q, lang, land in cells]
    known = {(q, lang): {c for a, b, c in cells if (a, b) == (q, lang) and c} for q, lang, _ in cells}
    expected = {
        (q, lang, next(iter(known[q, lang])) if not land and len(known[q, lang]) == 1 else land or "")
        for q, lang, land in cells
    }
    found = merged(*rows)

    assert {
        (r["query"], r["language"], r["country"] if r["country"] == r["country"] else "") for r in found
    } == expected
    assert len(found) == len(expected)
    assert sum(r["n_merged"] for r in found) == len(rows)


def test_years_make_another_query():
    rows = merged({"query": "best crm 2024", "volume": 100}, {"query": "best crm 2025", "volume": 900})

    assert [(r["query"], r["volume"]) for r in rows] == [("best crm 2024", 100), ("best crm 2025", 900)]


def test_volumes_are_never_summed():
    rows = merged(
        {"query": "kettle", "volume": 500, "source": "a.csv"},
        {"query": "kettle", "volume": 500, "source": "a.csv"},
        {"query": "kettle", "volume": 800, "source": "b.csv"},
    )

    assert [(r["volume"], r["n_merged"]) for r in rows] == [(500, 3)]


def test_a_gap_is_filled_from_the_next_file():
    (row,) = merged(
        {"query": "kettle", "clicks": 5, "source": "a.csv", "source_row": 7},
        {"query": "Kettle", "clicks": 9, "volume": 800, "difficulty": 30, "source": "b.csv"},
        {"query": "kettle", "volume": 900, "vendor_intent": "Commercial", "source": "c.csv"},
    )

    assert (row["query"], row["source"], row["source_row"], row["n_merged"]) == ("kettle", "a.csv", 7, 3)
    assert (row["clicks"], row["volume"], row["difficulty"], row["vendor_intent"]) == (
        5,
        800,
        30,
        "Commercial",
    )


def test_pages_of_a_query_within_one_file(tmp_path):
    frame = read(tmp_path, a=HEAD + "kettle,2,50,4%,7,https://a.uk/2\nkettle,8,50,16%,3,https://a.uk/1\n")

    assert frame[["clicks", "impressions", "ctr", "position", "url"]].to_numpy().tolist() == [
        [10, 100, 0.1, 3, "https://a.uk/1"]
    ]
    assert frame.loc[0, ["source_row", "n_merged"]].tolist() == [3, 2]


def test_clicks_are_not_summed_across_files(tmp_path):
    row = HEAD + "kettle,{},100,{}%,{},\n"
    frame = read(tmp_path, a=row.format(8, 8, 4), b=row.format(20, 20, 1))

    assert frame[["clicks", "impressions", "ctr", "position", "n_merged"]].to_numpy().tolist() == [
        [8, 100, 0.08, 4, 2]
    ]


def test_clicks_are_not_summed_across_files_of_one_name(tmp_path):
    for folder, clicks in (("may", 8), ("june", 20)):
        (tmp_path / folder).mkdir()
        text = HEAD + f"kettle,{clicks},100,{clicks}%,4,\n"
        (tmp_path / folder / "Queries.csv").write_text(text, encoding="utf-8")
    frame = read_keywords([tmp_path / "may/Queries.csv", tmp_path / "june/Queries.csv"], language="en")

    assert frame[["clicks", "impressions", "ctr"]].to_numpy().tolist() == [[8, 100, 0.08]]


def test_page_without_a_position_comes_last(tmp_path):
    frame = read(tmp_path, a=HEAD + "kettle,1,10,10%,,https://a.uk/x\nkettle,1,10,10%,9,https://a.uk/y\n")

    assert frame.loc[0, "url"] == "https://a.uk/y"


def test_page_of_the_first_file_that_names_one(tmp_path):
    frame = read(
        tmp_path,
        a=HEAD + "kettle,1,10,10%,5,\n",
        b=HEAD + "kettle,1,10,10%,4,https://a.uk/b\n",
        c=HEAD + "kettle,1,10,10%,1,https://a.uk/c\n",
    )

    assert frame.loc[0, ["url", "position"]].tolist() == ["https://a.uk/b", 5]


def test_missing_clicks_stay_missing():
    (row,) = merged({"query": "kettle", "volume": 10}, {"query": "kettle", "volume": 10})

    assert pd.isna(row["clicks"])
    assert pd.isna(row["impressions"])
    assert pd.isna(row["ctr"])


def test_range_of_a_later_file_stays_marked_as_a_range(tmp_path):
    frame = read(
        tmp_path,
        a=HEAD + "kettle,1,10,10%,5,\n",
        b="Keyword,Currency,Avg. monthly searches\nkettle,GBP,1K - 10K\n",
    )

    assert frame.loc[0, ["volume_low", "volume_high"]].tolist() == [1000, 10_000]
    assert frame.loc[0, "volume_is_bucket"] == True  # noqa: E712


@pytest.mark.parametrize(
    ("first", "second", "column"),
    [
        ("keyword,volume\nkettle,70000\n", "keyword,volume\nkettle,1K - 10K\n", "volume_high"),
        ("keyword,cpc\nkettle,1.5\n", "keyword,cpc,currency\nkettle,9,JPY\n", "currency"),
    ],
)
def test_value_is_not_joined_with_the_unit_of_another_file(tmp_path, first, second, column):
    assert pd.isna(read(tmp_path, a=first, b=second).loc[0, column])


def test_order_of_files_decides(tmp_path):
    one, two = "keyword,volume\nkettle,500\n", "keyword,volume\nkettle,800\npot,1\n"

    assert read(tmp_path, a=one, b=two)["volume"].tolist() == [500, 1]
    assert read(tmp_path, a=two, b=one)["volume"].tolist() == [800, 1]


QUERIES = ("kettle", "Kettle ", "pot", "pan", "PAN")
RECORDS = st.lists(
    st.fixed_dictionaries(
        {
            "query": st.sampled_from(QUERIES),
            "volume": st.integers(0, 5000),
            "impressions": st.integers(0, 1000),
            "clicks": st.integers(0, 100),
            "position": st.integers(1, 10_000),
        }
    ),
    min_size=1,
    max_size=12,
    unique_by=lambda row: row["position"],
).map(lambda rows: [row | {"url": f"https://a.uk/{row['position']}"} for row in rows])
COMPARED = ["volume", "impressions", "clicks", "ctr", "position", "url", "n_merged"]


def by_query(rows):
    frame = merge(table(*rows))
    frame.index = frame["query"].str.strip().str.lower()
    return frame.sort_index()


@given(RECORDS, st.randoms())
@settings(deadline=None)
def test_order_of_rows_within_a_file_does_not_matter(rows, random):
    mixed = rows.copy()
    random.shuffle(mixed)

    pd.testing.assert_frame_equal(by_query(rows)[COMPARED], by_query(mixed)[COMPARED])


@given(RECORDS, st.integers(0, 12))
@settings(deadline=None)
def test_sums_and_volumes_over_two_files(rows, cut):
    rows = [row | {"source": "a.csv" if i < cut else "b.csv"} for i, row in enumerate(rows)]
    frame = by_query(rows)

    assert frame["n_merged"].sum() == len(rows)
    assert frame.index.is_unique
    for query, found in frame.iterrows():
        group = [row for row in rows if row["query"].strip().lower() == query]
        first = [row for row in group if row["source"] == group[0]["source"]]
        best = min(first, key=lambda row: row["position"])
        assert found["volume"] == best["volume"]
        assert (found["position"], found["url"]) == (best["position"], best["url"])
        assert found["clicks"] == sum(row["clicks"] for row in first)
        assert found["impressions"] == sum(row["impressions"] for row in first)


def test_volume_goes_before_a_bound_alone(tmp_path):
    frame = read(tmp_path, a="keyword,volume\nkettle,< 10\n", b="keyword,volume\nkettle,8\n")
    row = frame.loc[0, ["volume", "volume_high", "volume_is_bucket"]]

    assert row["volume"] == 8
    assert pd.isna(row["volume_high"])
    assert row["volume_is_bucket"] == False  # noqa: E712


def test_flag_of_a_range_is_missing_where_there_is_no_volume(tmp_path):
    assert pd.isna(read(tmp_path, a="keyword\nkettle\n").loc[0, "volume_is_bucket"])


def test_currency_without_a_price_stays(tmp_path):
    frame = read(tmp_path, a="keyword,cpc,currency\nkettle,,GBP\nkettle,,GBP\n")

    assert frame.loc[0, "currency"] == "GBP"


def test_years_are_one_within_the_same_query():
    rows = merged({"query": "Best CRM 2024"}, {"query": "best\u00a0crm  ２０２４\u200b"})

    assert [row["n_merged"] for row in rows] == [2]


DAYS = "query,date,clicks,impressions,ctr,position\n"
PLANNER = 'Keyword Stats 2026\n"{}"\nKeyword,Currency,Avg. monthly searches\nkettle,GBP,{}\npot,GBP,70\n'
SEMRUSH = "Keyword,Intent,Volume,Keyword Difficulty,CPC (USD)\nkettle,Commercial,{},30,0.5\n"


def test_newest_period_goes_first(tmp_path):
    old, new = "January 1, 2025 - December 31, 2025", "January 1, 2026 - June 30, 2026"
    frame = read(tmp_path, a=PLANNER.format(old, 110), b=PLANNER.format(new, 320))

    assert frame.loc[0, ["volume", "source", "source_row"]].tolist() == [320, "b.csv", 4]


def test_vendor_that_counts_goes_before_one_that_estimates(tmp_path):
    counted = "Keyword,Currency,Avg. monthly searches\nkettle,GBP,110\npot,GBP,70\n"
    frame = read(tmp_path, a=SEMRUSH.format(90), b=counted)

    assert frame.loc[0, ["volume", "difficulty", "source"]].tolist() == [110, 30, "b.csv"]
    assert frame.loc[0, "sources"] == "cpc a.csv:2; difficulty a.csv:2; vendor_intent a.csv:2"


def test_exact_volume_goes_before_a_range_of_the_same_period(tmp_path):
    ranges = "Keyword,Currency,Avg. monthly searches\nkettle,GBP,50\npot,GBP,500\n"
    frame = read(tmp_path, a=ranges, b=SEMRUSH.format(90))

    assert frame.loc[0, "volume"] == 90
    assert pd.isna(frame.loc[0, "volume_low"])
    assert frame.loc[0, "volume_is_bucket"] == False  # noqa: E712
    assert "volume b.csv:2" in frame.loc[0, "sources"]


def test_days_are_summed_and_their_position_is_weighted(tmp_path):
    frame = read(
        tmp_path,
        a=DAYS + "kettle,2026-05-01,2,10,20%,2\nkettle,2026-05-02,1,30,3%,6\nkettle,2026-05-03,0,0,,\n",
    )
    row = frame.loc[0]

    assert row[["clicks", "impressions", "ctr", "position", "n_merged"]].tolist() == [3, 40, 0.075, 5, 3]
    assert (row["period_start"], row["period_end"]) == ("2026-05-01", "2026-05-03")
    assert row["sources"] == "clicks, impressions a.csv:2+3+4"


def test_page_keeps_the_mean_position_of_its_own_days(tmp_path):
    rows = "kettle,https://a.uk/1,1,10,10%,2\nkettle,https://a.uk/1,1,30,3%,4\nkettle,https://a.uk/2,1,10,10%,3\n"
    frame = read(tmp_path, a="query,page,clicks,impressions,ctr,position\n" + rows)

    assert frame.loc[0, ["url", "position", "impressions"]].tolist() == ["https://a.uk/1", 3, 50]


def test_clicks_of_two_periods_are_not_added(tmp_path):
    day = "kettle,2026-0{}-01,{},10,10%,3\n"
    frame = read(tmp_path, a=DAYS + day.format(5, 1), b=DAYS + day.format(6, 2))

    assert frame.loc[0, ["clicks", "impressions", "source"]].tolist() == [2, 10, "b.csv"]


def test_devices_that_differ_are_not_named(tmp_path):
    head = "query,device,clicks,impressions,ctr,position\n"
    frame = read(
        tmp_path, a=head + "kettle,MOBILE,1,10,10%,3\nkettle,DESKTOP,1,10,10%,3\npot,MOBILE,1,1,1,1\n"
    )

    assert frame["device"].isna().tolist() == [True, False]


@pytest.mark.parametrize(("one", "two"), [("gbr", "uk"), ("United Kingdom", "GB"), ("2826", "Royaume-Uni")])
def test_countries_meet_however_they_are_written(tmp_path, one, two):
    text = "keyword,volume,country\nkettle,10,{}\n"
    frame = read(tmp_path, a=text.format(one), b=text.format(two))

    assert frame[["country", "n_merged"]].to_numpy().tolist() == [["GB", 2]]


def test_country_of_the_user_is_unified_too(tmp_path):
    (tmp_path / "a.csv").write_text("keyword\nkettle\n")
    frame = read_keywords(tmp_path / "a.csv", language="en", country="united kingdom")

    assert frame["country"].tolist() == ["GB"]


def test_row_that_is_not_merged_names_no_other_sources(tmp_path):
    assert read(tmp_path, a=SEMRUSH.format(90))["sources"].isna().all()


def test_every_vendor_with_a_precedence_is_known():
    from journeyseo.keywords.merge import PRECEDENCE
    from journeyseo.sheets.formats import formats

    named = [name for names in PRECEDENCE for name in names]
    assert len(set(named)) == len(named)
    assert set(named) <= {form.vendor for form in formats("vendors")}
