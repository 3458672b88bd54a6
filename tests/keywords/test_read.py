"""Exports of Google's tools, lists, frames and tables of any origin, read into the keywords table."""

import csv
import io

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.keywords.exports import archive, book

from journeyseo.errors import ConfigError, InputError
from journeyseo.keywords import read_keywords
from journeyseo.results import dropped_table


def values(frame, *columns):
    cells = frame[list(columns)].astype(object)
    return [tuple(row) for row in cells.where(cells.notna(), None).to_numpy().tolist()]


PLANNER = (
    "Keyword Stats 2026-01-02 at 03_04_05\n"
    '"December 1, 2024 - November 30, 2025"\n'
    "Keyword\tCurrency\tAvg. monthly searches\tThree month change\tYoY change\tCompetition"
    "\tCompetition (indexed value)\tTop of page bid (low range)\tTop of page bid (high range)\n"
    "{}"
)


def test_keyword_planner_with_buckets(load):
    rows = "copper kettle\tGBP\t500\t --\t+∞\tHigh\t90\t0.20\t1.40\n"
    rows += "whistling kettle\tGBP\t50000\t0%\t900%\tLow\t12\t\t"
    frame, report = load(("\ufeff" + PLANNER.format(rows)).encode("utf-16-le"))

    assert (report.format, report.header_row, report.described) == ("keyword_planner", 3, "utf-16, tab")
    assert values(frame, "query", "volume", "volume_low", "volume_high", "volume_is_bucket") == [
        ("copper kettle", 500, 100, 1000, True),
        ("whistling kettle", 50_000, 10_000, 100_000, True),
    ]
    assert values(frame, "cpc", "currency", "competition", "position", "difficulty") == [
        (1.4, "GBP", 0.9, None, None),
        (None, "GBP", 0.12, None, None),
    ]
    assert values(frame, "period_start", "period_end", "source_row")[0] == ("2024-12-01", "2025-11-30", 4)
    assert "middles of ranges" in report.notes[0]


def test_keyword_planner_with_exact_volumes(load):
    rows = "copper kettle\tGBP\t500\t\t\tHigh\t90\t\t\nwhistling kettle\tGBP\t1300\t\t\tLow\t12\t\t"
    frame, report = load(("\ufeff" + PLANNER.format(rows).replace("\n", "\r\n")).encode("utf-16-le"))

    assert values(frame, "volume", "volume_low", "volume_is_bucket") == [
        (500, None, False),
        (1300, None, False),
    ]
    assert report.notes == ()


def test_keyword_planner_with_ranges(load):
    header = (
        "Keyword,Currency,Avg. monthly searches,Min search volume,Max search volume,Organic average position"
    )
    frame, _ = load(
        "\ufeff" + header + '\r\ncopper kettle,GBP,N/A,"1,000","10,000",3\r\npot,GBP,1K – 10K,,,\r\n'
    )

    assert values(frame, "query", "volume", "position") == [
        ("copper kettle", pytest.approx(3162.2776), None),
        ("pot", pytest.approx(3162.2776), None),
    ]
    assert values(frame, "volume_low", "volume_high", "volume_is_bucket")[0] == (1000, 10_000, True)


def test_keyword_planner_keeps_a_range_beside_empty_bounds(load):
    header = "Keyword,Currency,Avg. monthly searches,Min search volume,Max search volume\n"
    frame, _ = load(header + "pot,GBP,1K – 10K,,\n")

    assert values(frame, "volume_low", "volume_high", "volume_is_bucket") == [(1000, 10_000, True)]


def test_indexed_competition_of_one_is_a_hundredth(load):
    frame, _ = load("Keyword,Avg. monthly searches,Competition (indexed value)\ncopper kettle,700,1\n")

    assert values(frame, "competition") == [(0.01,)]


CONSOLE = {
    "en": (
        ("Queries.csv", "Pages.csv", "Chart.csv", "Filters.csv"),
        "Top queries,Clicks,Impressions,CTR,Position",
        "Top pages,Clicks,Impressions,CTR,Position",
    ),
    "zh": (
        ("查询数.csv", "网页.csv", "图表.csv", "过滤器.csv"),
        "热门查询,点击次数,展示,点击率,排名",
        "排名靠前的网页,点击次数,展示,点击率,排名",
    ),
    "garbled": (
        ("Consultas.csv", "P+íginas.csv", "Gr+ífico.csv", "Filtros.csv"),
        "Consultas principales,Clics,Impresiones,CTR,Posición",
        "Páginas principales,Clics,Impresiones,CTR,Posición",
    ),
}


@pytest.mark.parametrize("language", CONSOLE)
def test_search_console_archive(load, language):
    names, queries, pages = CONSOLE[language]
    metrics = queries.partition(",")[2]
    data = archive(dict(zip(names, [
        f'{queries}\ncopper kettle,54833,345731,15.86%,1.46\n"site:a.uk ""kettle"", blue",0,3,0%,12.5',
        f"{pages}\nhttps://a.uk/kettles,10,20,50%,3",
        f"Date,{metrics}\n2026-05-10,5,10,50%,3\n2026-05-11,0,0,,",
        "Filter,Value\nSearch type,Web\nDate,Last 3 months",
    ], strict=True)))  # fmt: skip
    frame, report = load(data, "a.uk-Performance-on-Search-2026-05-12.zip")

    assert values(frame, "query", "clicks", "impressions", "ctr", "position", "volume") == [
        ("copper kettle", 54833, 345731, pytest.approx(0.1586), 1.46, None),
        ('site:a.uk "kettle", blue', 0, 3, 0, 12.5, None),
    ]
    assert report.format == "gsc_queries"
    assert report.source.endswith(f"2026-05-12.zip:{names[0]}")
    assert (report.rows_read, report.rows_kept, report.dropped, report.ignored) == (2, 2, (), ())


def test_search_console_workbook_has_fractions(load):
    queries = [
        ["Top queries", "Clicks", "Impressions", "CTR", "Position"],
        ["copper kettle", 17.0, 1000.0, 0.017, 4.5],
    ]
    pages = [
        ["Top pages", "Clicks", "Impressions", "CTR", "Position"],
        ["https://a.uk/", 17.0, 1000.0, 0.017, 4.5],
    ]
    frame, report = load(book({"Chart": [["Date", "Clicks"]], "Queries": queries, "Pages": pages}), "e.xlsx")

    assert values(frame, "query", "clicks", "impressions", "ctr", "position") == [
        ("copper kettle", 17, 1000, 0.017, 4.5)
    ]
    assert (report.source, report.described) == ("e.xlsx:Queries", "workbook")


def test_search_console_workbook_with_a_very_small_rate(load):
    rows = [
        ["Top queries", "Clicks", "Impressions", "CTR", "Position"],
        ["copper kettle", 1.0, 20000.0, 0.00005, 4.5],
    ]

    assert values(load(book({"Queries": rows}), "e.xlsx")[0], "ctr") == [(0.00005,)]


def test_search_console_comparison(load):
    now, before = "10/1/25 - 12/31/25", "10/1/24 - 12/31/24"
    header = ",".join(
        f"{period} {m}" for m in ("Clicks", "Impressions", "CTR", "Position") for period in (now, before)
    )
    rows = "copper kettle,10,5,100,90,10%,5.56%,3.2,4.1\nold kettle,0,5,0,90,0%,5.56%,0.0,4.1\n"
    frame, report = load(f"Top queries,{header}\n{rows}")

    assert report.format == "gsc_comparison"
    assert values(frame, "query", "clicks", "impressions", "ctr", "position") == [
        ("copper kettle", 10, 100, 0.1, 3.2),
        ("old kettle", 0, 0, 0, None),
    ]


def test_dropped_rows_are_listed_each_with_its_reason(load):
    frame, report = load(
        "query,volume\nred,1\n,\nquery,volume\nblue,2,3\n,5\n\n(not set),3\n" + "long " * 300 + ",1\ngreen\n"
    )

    assert values(frame, "query", "volume") == [("red", 1), ("green", None)]
    assert dropped_table([report])[["row", "reason"]].to_numpy().tolist() == [
        [3, "blank row"],
        [4, "the header again"],
        [5, "more cells than the header"],
        [6, "no query"],
        [8, "no query"],
        [9, "longer than a query"],
    ]
    assert (report.rows_read, report.rows_kept) == (8, 2)


def test_cells_that_are_no_numbers_are_noted(load):
    _, report = load("query,volume\nred,many\nblue,5\n")

    assert report.notes == ("1 cells of volume are no numbers and count as missing, e.g. 'many'",)


def test_named_column_of_queries(load):
    frame, report = load(
        "Phrase of ours;Volume;Keyword\ncopper kettle;10;x\n", query_column="phrase  OF ours"
    )

    assert values(frame, "query", "volume") == [("copper kettle", 10)]
    assert report.columns == {"query": "Phrase of ours", "volume": "Volume"}


def test_plain_list(load):
    frame, report = load("copper kettle\nhow to descale a kettle, fast\n\nkettle\n", "list.txt")

    assert frame["query"].tolist() == ["copper kettle", "how to descale a kettle, fast", "kettle"]
    assert (report.format, report.header_row, report.rows_kept) == ("list", 0, 3)


def test_plain_list_with_a_query_that_is_a_column_name(load):
    frame, _ = load("rank tracker\nkeyword\nbacklink checker\n", "list.txt")

    assert frame["query"].tolist() == ["rank tracker", "keyword", "backlink checker"]


def test_plain_list_that_begins_with_the_letters_of_a_program(load):
    assert load("MZ tote bag\nleather tote bag\n", "list.txt")[0]["query"].tolist()[0] == "MZ tote bag"


def test_list_of_queries():
    frame = read_keywords(["copper kettle", " Copper  kettle", "", "pot"], language="en-GB", country="GB")

    assert values(frame, "query", "language", "country", "n_merged") == [
        ("copper kettle", "en", "GB", 2),
        ("pot", "en", "GB", 1),
    ]


def test_list_with_the_query_query():
    assert read_keywords(["query", "pot"], language="en")["query"].tolist() == ["query", "pot"]


def test_list_with_a_long_query():
    assert len(read_keywords(["怎么挑选铜水壶" * 20, "水壶"], language="zh")) == 2


def test_frame():
    frame = pd.DataFrame(
        {"Keyword": ["copper kettle", None, "pot"], "Volume": [10, 20, None], "Size": [1, 2, 3]}
    )
    result = read_keywords(frame, language="en")
    report = result.attrs["reports"][0]

    assert values(result, "query", "volume") == [("copper kettle", 10), ("pot", None)]
    assert (report.rows_read, report.rows_kept, report.ignored) == (3, 2, ("Size",))


def test_own_table_is_read_again_unchanged():
    first = read_keywords(pd.DataFrame({"query": ["copper kettle", "pot"], "volume": [10, 5]}), language="en")

    pd.testing.assert_frame_equal(read_keywords(first), first)


def test_standard_input(monkeypatch):
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"copper kettle\npot\n")))
    frame = read_keywords("-", language="en")

    assert values(frame, "query", "source") == [
        ("copper kettle", "standard input"),
        ("pot", "standard input"),
    ]


def test_several_files_keep_their_order_and_reports(tmp_path):
    paths = [tmp_path / "b.csv", tmp_path / "a.csv"]
    for path in paths:
        path.write_bytes(f"query,volume\nkettle {path.stem},1\n".encode())
    frame = read_keywords(map(str, paths), language="en")

    assert values(frame, "query", "source") == [("kettle b", "b.csv"), ("kettle a", "a.csv")]
    assert [report.source for report in frame.attrs["reports"]] == ["b.csv", "a.csv"]


@pytest.mark.parametrize(
    ("queries", "languages"),
    [
        (["how to descale a kettle", "welche kaffeemaschine für büro"], ["en", "de"]),
        (["電熱水壺推薦", "水壺"], ["zh-Hant", "zh-Hant"]),
    ],
)
def test_languages_are_found(queries, languages):
    assert read_keywords(queries)["language"].tolist() == languages


FREE = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]) | st.sampled_from(',;\t|"\n '), max_size=15
)


@given(
    rows=st.lists(st.tuples(FREE, st.integers(0, 10**7)), max_size=12),
    delimiter=st.sampled_from(",;\t|"),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    end=st.sampled_from(["\n", "\r\n", "\r"]),
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_rows_in_are_rows_kept_and_dropped(tmp_path, rows, delimiter, encoding, end):
    table = [["keyword", "search volume"], ["copper kettle", "7"], *rows]
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator=end, quoting=csv.QUOTE_ALL).writerows(table)
    path = tmp_path / "any.csv"
    path.write_bytes(out.getvalue().encode(encoding))
    frame = read_keywords(path, language="en")
    (report,) = frame.attrs["reports"]

    assert report.rows_kept + len(report.dropped) == report.rows_read == len(rows) + 1
    assert frame["n_merged"].sum() == report.rows_kept
    known = {(" ".join(query.split()), float(volume)) for query, volume in table[1:]}
    assert set(values(frame, "query", "volume")) <= known


def test_blank_rows_of_a_workbook_are_no_rows(load):
    frame, report = load(book({"S": [["query", "volume"], ["red", 1], [], ["query", "volume"]]}), "e.xlsx")

    assert frame["query"].tolist() == ["red"]
    assert (report.rows_read, report.rows_kept) == (2, 1)
    assert [d.reason for d in report.dropped] == ["the header again"]


@pytest.mark.parametrize(
    ("query", "metrics", "periods"),
    [
        ("Häufigste Suchanfragen", ("Klicks", "Impressionen", "CTR", "Position"), "Letzte 3 Monate {}"),
        ("Requêtes les plus fréquentes", ("Clics", "Impressions", "CTR", "Position"), "01/01/2026 {}"),
        ("Principais consultas", ("Cliques", "Impressões", "CTR", "Posição"), "Últimos 3 meses {}"),
        ("Query principali", ("Clic", "Impressioni", "CTR", "Posizione media"), "Ultimi 3 mesi {}"),
        ("热门查询", ("点击次数", "展示", "点击率", "排名"), "过去 3 个月{}"),
        ("熱門查詢項目", ("點擊", "曝光", "點閱率", "排名"), "過去 3 個月 {}"),
        ("上位のクエリ", ("クリック数", "表示回数", "CTR", "掲載順位"), "過去 3 か月間 {}"),
    ],
)
def test_search_console_comparison_in_other_languages(load, query, metrics, periods):
    header = ",".join(f"{periods.format(m)},X {m}" for m in metrics)
    frame, report = load(f"{query},{header}\ncopper kettle,10,5,100,90,10%,5.56%,3.2,4.1\n")

    assert report.format == "gsc_comparison"
    assert values(frame, "query", "clicks", "impressions", "ctr", "position") == [
        ("copper kettle", 10, 100, 0.1, 3.2)
    ]


def test_nine_columns_that_are_no_pairs_are_no_comparison(load):
    _, report = load("Top queries,A Clicks,B Clicks,A CTR,B CTR,C,D,E,F\nkettle,1,2,3,4,5,6,7,8\n")

    assert report.format == "gsc_queries"


@pytest.mark.parametrize("first", ["", "\n \n"])
def test_plain_text_with_a_header(load, first):
    frame, report = load(first + "Keyword\nrank tracker\nsearch term\n", "list.txt")

    assert frame["query"].tolist() == ["rank tracker", "search term"]
    assert report.format == "generic"


def test_table_in_a_text_file_may_have_lines_above_its_header(load):
    frame, report = load("made today\nquery,volume\nrank tracker,10\n", "stats.txt")

    assert values(frame, "query", "volume") == [("rank tracker", 10)]
    assert report.header_row == 2


def test_list_of_queries_is_counted_from_its_first():
    frame = read_keywords(["pot", "연관키워드", "query"], language="en")

    assert values(frame, "query", "source_row") == [("pot", 1), ("연관키워드", 2), ("query", 3)]


def test_open_quote_is_said_whatever_the_cell(tmp_path):
    path = tmp_path / "stats.csv"
    path.write_bytes(b'query,volume,note\nred,10,"old\nblue,20,\n')

    with pytest.raises(InputError, match=r"stats.csv: Line 2 .* a quote that is never closed"):
        read_keywords(path, language="en")


def test_quote_that_is_open_under_another_delimiter_only(load):
    frame, _ = load('query,volume\nkettle;"red,10\npot,20\n')

    assert frame["query"].tolist() == ['kettle;"red', "pot"]


def test_small_shares_stay_shares_where_the_column_is_no_index(load):
    frame, _ = load("Keyword,Volume,Competition\ncopper kettle,700,1\npot,5,0.5\n")

    assert frame["competition"].tolist() == [1, 0.5]


def test_a_language_that_does_not_exist_is_refused():
    with pytest.raises(ConfigError, match=r"no language 'xx'\. Give a code such as en, de"):
        read_keywords(["best crm"], language="xx")
