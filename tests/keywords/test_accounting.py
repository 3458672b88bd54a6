"""Rows in are rows kept and rows dropped, each with its line, its column and its reason."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.keywords.exports import book

from journeyseo.keywords import read_keywords
from journeyseo.pages import read_pages

HEADER = "Keyword,Volume,Clicks,Position"
DATA = [f"{word} kettle,{n}0,{n},{n}.5" for n, word in enumerate(("red", "blue", "old", "tiny"), 1)]
POLLUTIONS = {
    "the header again": HEADER,
    "a row of totals": ",100,10,,Grand total",
    "more cells than the header": "pan,1,2,3,4,5",
    "no query": ",5,1,2.0",
    "blank row": ",,,",
    "line below the table": "Source: a tool of ours",
    "longer than a query": "very " * 250 + ",1,1,1",
}


def dropped(report):
    return [(d.row, d.reason, d.column) for d in report.dropped]


@given(
    lines=st.lists(st.sampled_from([*DATA, "", *POLLUTIONS.values()]), max_size=25),
    end=st.sampled_from(["\n", "\r\n", "\r"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
def test_every_line_is_kept_or_listed(tmp_path, lines, end, encoding):
    lines = [DATA[0], *lines, DATA[1]]
    path = tmp_path / "polluted.csv"
    path.write_bytes(end.join([HEADER, *lines]).encode(encoding))
    (report,) = read_keywords(path, language="en").attrs["reports"]
    reasons = {text: reason for reason, text in POLLUTIONS.items()}

    assert report.rows_read == sum(bool(line) for line in lines) == report.rows_kept + len(report.dropped)
    assert [(d.row, d.reason) for d in report.dropped] == [
        (number, reasons[line]) for number, line in enumerate(lines, 2) if line in reasons
    ]


def test_each_reject_says_its_line_its_column_and_its_reason(load):
    _, report = load("\n".join([HEADER, DATA[0], *POLLUTIONS.values(), DATA[1]]))

    assert (report.rows_read, report.rows_kept) == (9, 2)
    assert dropped(report) == [
        (3, "the header again", ""),
        (4, "a row of totals", "Keyword"),
        (5, "more cells than the header", "column 5"),
        (6, "no query", "Keyword"),
        (7, "blank row", ""),
        (8, "line below the table", "Keyword"),
        (9, "longer than a query", "Keyword"),
    ]


@pytest.mark.parametrize("word", ["Total", "TOTAL:", "合计", "Итого", "Summe"])
@pytest.mark.parametrize("place", [0, 4])
def test_sum_of_all_rows_is_no_query(load, word, place):
    rows = list(DATA)
    rows.insert(place, f"{word},100,10,2.0")
    frame, report = load("\n".join([HEADER, *rows]))

    assert frame["volume"].tolist() == [10, 20, 30, 40]
    assert dropped(report) == [(place + 2, "a row of totals", "Keyword")]
    assert (report.rows_read, report.rows_kept) == (5, 4)


@pytest.mark.parametrize("row", ["total,12,1,2.0", "total,,,", "total energies,100,10,2.0"])
def test_query_named_total_is_a_query(load, row):
    frame, report = load("\n".join([HEADER, *DATA, row]))

    assert (len(frame), report.dropped) == (5, ())


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_second_table_of_queries_is_read_with_its_own_columns(tmp_path, end):
    path = tmp_path / "two.csv"
    path.write_bytes(
        end.join(
            ["Keyword,Volume", "red,10", "", "Clicks,Keyword,Position", "3,blue,1.5", "4,old,2"]
        ).encode()
    )
    frame = read_keywords(path, language="en")
    one, two = frame.attrs["reports"]

    assert frame["query"].tolist() == ["red", "blue", "old"]
    assert frame["clicks"].tolist()[1:] == [3, 4]
    assert [(r.header_row, r.rows_read, r.rows_kept) for r in (one, two)] == [(1, 1, 1), (4, 2, 2)]


def test_table_of_something_else_is_counted_and_not_taken(load):
    frame, report = load(
        "Keyword,Volume\nred,10\n\nCountry,Clicks,Impressions\nSpain,5,9\nChile,6,9\n\nKeyword,Volume\nblue,7\n"
    )

    assert frame["query"].tolist() == ["red", "blue"]
    assert dropped(report)[:3] == [(n, "row of another table", "") for n in (4, 5, 6)]


def test_first_of_two_tables_is_not_taken_for_a_preamble(tmp_path):
    path = tmp_path / "two.csv"
    path.write_text("Keyword,Volume\nred,10\n\nKeyword,Volume,Clicks,Position\nblue,7,1,2\n")
    frame = read_keywords(path, language="en")

    assert frame[["query", "volume"]].to_numpy().tolist() == [["red", 10], ["blue", 7]]


@pytest.mark.parametrize("delimiter", [";", "\t", "|"])
def test_line_with_another_delimiter_is_split_by_it(load, delimiter):
    odd = DATA[2].replace(",", delimiter)
    frame, report = load("\n".join([HEADER, *DATA[:2], odd, DATA[3]]))

    assert frame["query"].tolist() == ["red kettle", "blue kettle", "old kettle", "tiny kettle"]
    assert frame["volume"].tolist() == [10, 20, 30, 40]
    assert (report.rows_read, report.rows_kept) == (4, 4)


def test_query_with_a_delimiter_of_others_stays_whole(load):
    frame, _ = load("query,volume\nred; blue | old,10\nkettle; pan\n")

    assert frame["query"].tolist() == ["red; blue | old", "kettle; pan"]


def test_sheet_formatted_to_its_end_has_no_more_rows(load):
    rows = [["query", "volume"], ["red", 1], *[[None, None]] * 300]
    frame, report = load(book({"S": rows}), "e.xlsx")

    assert (frame["query"].tolist(), report.rows_read, report.dropped) == (["red"], 1, ())


def test_pages_are_counted_alike(tmp_path):
    path = tmp_path / "pages.csv"
    path.write_text(
        "url,title,clicks\nhttps://a.example/,A,1\n,x,2\n,,\nurl,title,clicks\nhttps://a.example/,A,1\n"
    )
    table = read_pages(path)
    (report,) = table.attrs["reports"]

    assert (len(table), report.rows_read, report.rows_kept) == (1, 5, 1)
    assert [(d.reason, d.column) for d in report.dropped] == [
        ("no address", "url"), ("blank row", ""), ("the header again", ""), ("address listed twice", ""),
    ]  # fmt: skip
