"""From bytes to rows of cells: texts in every delimiter, workbooks, archives."""

import csv
import datetime as dt
import gzip
import io
import zipfile

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from journeyseo.errors import InputError
from journeyseo.sheets.files import grids_of, read_bytes
from journeyseo.sheets.grid import DELIMITERS

MIDNIGHT = dt.datetime(2026, 1, 2)  # noqa: DTZ001 - a sheet knows no time zones


def archive(entries):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in entries.items():
            file.writestr(name, content)
    return out.getvalue()


def workbook(sheets):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def reading(data, delimiter, **options):
    (readings,) = grids_of(data, "export.csv", **options)
    return next(grid for grid in readings if grid.delimiter == delimiter)


def test_text_has_one_reading_a_delimiter():
    (readings,) = grids_of(b"a;b\n1;2\n", "export.csv")

    assert tuple(grid.delimiter for grid in readings) == DELIMITERS
    assert [grid.described for grid in readings] == [
        "utf-8, comma",
        "utf-8, semicolon",
        "utf-8, tab",
        "utf-8, bar",
    ]
    assert list(readings[1].rows()) == [(1, ["a", "b"]), (2, ["1", "2"])]


def test_quoted_delimiters_quotes_and_newlines_stay_in_their_cell():
    data = b'query,volume\r\n"a, ""b""\r\nc",1\r\nd,2\r\n'

    assert list(reading(data, ",").rows()) == [
        (1, ["query", "volume"]),
        (2, ['a, "b"\r\nc', "1"]),
        (4, ["d", "2"]),
    ]


def test_lone_carriage_returns_end_lines():
    assert [row for _, row in reading(b"a;b\r1;2\r", ";").rows()] == [["a", "b"], ["1", "2"]]


def test_blank_lines_have_no_cells():
    assert list(reading(b"a,b\n\n1,2\n", ",").rows()) == [(1, ["a", "b"]), (2, []), (3, ["1", "2"])]


@pytest.mark.parametrize("line", [b"sep=;\r\n", b'"sep=;"\n'])
def test_named_delimiter_is_taken(line):
    (readings,) = grids_of(line + b"a;b,c\n", "export.csv")

    assert [(grid.delimiter, [row for _, row in grid.rows()]) for grid in readings] == [(";", [["a", "b,c"]])]


def test_rows_are_counted_from_the_first_line_of_the_file():
    assert list(reading(b"sep=;\na;b\n1;2\n", ";").rows()) == [(2, ["a", "b"]), (3, ["1", "2"])]


def test_named_tab_leaves_all_readings():
    assert [row for _, row in reading(b"sep=\t\na\tb\n", "\t").rows()] == [["a", "b"]]


def test_open_quote_is_said():
    with pytest.raises(InputError, match="quote"):
        list(reading(b'query,volume\n"red shoes,10\nblue shoes,20\n', ",").rows())


def test_named_encoding_is_tried_on_wide_chinese_without_a_mark():
    data = "关键词,搜索量\n登山鞋推荐,10\n".encode("utf-16-le")

    assert [r for _, r in reading(data, ",", encoding="utf-16-le").rows()][1] == ["登山鞋推荐", "10"]


def test_workbook_cells_become_text():
    rows = [
        ["query", 17.0, 0.1586, True, None, MIDNIGHT, dt.date(2026, 1, 3)],
        ["b", 1200, -4.5, False, "1,234", MIDNIGHT.replace(hour=3, minute=4, second=5), ""],
    ]
    (readings,) = grids_of(workbook({"Queries": rows}), "export.xlsx")

    assert len(readings) == 1
    assert readings[0].name == "export.xlsx"
    assert readings[0].described == "workbook"
    assert list(readings[0].rows()) == [
        (1, ["query", "17", "0.1586", "true", "", "2026-01-02", "2026-01-03"]),
        (2, ["b", "1200", "-4.5", "false", "1,234", "2026-01-02 03:04:05", ""]),
    ]


def test_sheets_are_tables_of_their_own_and_empty_ones_are_none():
    data = workbook({"Queries": [["query"], ["a"]], "Notes": [], "Pages": [["url"]]})

    assert [grids[0].name for grids in grids_of(data, "e.xlsx")] == ["e.xlsx:Queries", "e.xlsx:Pages"]


def test_blank_rows_above_a_sheet_are_counted():
    book = openpyxl.Workbook()
    book.active["B3"] = "query"
    out = io.BytesIO()
    book.save(out)
    (readings,) = grids_of(out.getvalue(), "e.xlsx")

    assert [(number, row) for number, row in readings[0].rows() if any(row)] == [(3, ["", "query"])]


def test_archive_of_tables():
    data = archive({
        "Queries.csv": "Top queries,Clicks\nred,1\n",
        "P+íginas.csv": "Top pages,Clicks\n",
        "logo.png": b"\x89PNG\r\n\x1a\n",
        "more/book.xlsx": workbook({"S": [["query"], ["blue"]]}),
    })  # fmt: skip
    tables = grids_of(data, "e.zip")

    assert [grids[0].name for grids in tables] == [
        "e.zip:Queries.csv",
        "e.zip:P+íginas.csv",
        "e.zip:more/book.xlsx",
    ]


def test_gzip_is_unpacked_and_loses_its_ending():
    (readings,) = grids_of(gzip.compress(b"query,volume\nred,1\n"), "e.csv.gz")

    assert readings[0].name == "e.csv"
    assert [row for _, row in readings[0].rows()] == [["query", "volume"], ["red", "1"]]


@pytest.mark.parametrize(
    "extra",
    [{"Devices.csv": ""}, {"__MACOSX/._Queries.csv": b"\x00\x05\x16\x07\x00\x02\x00\x00" * 8}],
    ids=["empty entry", "resource fork"],
)
def test_useless_entry_does_not_spoil_an_archive(extra):
    tables = grids_of(archive({"Queries.csv": "Top queries,Clicks\nred,1\n", **extra}), "e.zip")

    assert tables[0][0].name == "e.zip:Queries.csv"


def test_too_many_entries():
    with pytest.raises(InputError, match=r"e.zip: The archive holds 1001 files"):
        grids_of(archive({f"{i}.csv": "a" for i in range(1001)}), "e.zip")


def test_read_bytes(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(b"abc")

    assert read_bytes(path) == b"abc"


FREE = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters="\ufeff")
    | st.sampled_from(',;\t|"\n '),
    max_size=12,
)


@given(
    rows=st.lists(st.lists(FREE, min_size=3, max_size=3), max_size=8),
    delimiter=st.sampled_from(DELIMITERS),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-32"]),
    end=st.sampled_from(["\n", "\r\n", "\r"]),
    quoting=st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]),
    last=st.booleans(),
)
@settings(deadline=None)
def test_any_table_reads_back(rows, delimiter, encoding, end, quoting, last):
    table = [["query", "volume", "note"], *rows]
    if end == "\r":
        quoting = csv.QUOTE_ALL  # this writer leaves "\n" bare where lines end otherwise
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator=end, quoting=quoting).writerows(table)
    text = out.getvalue() if last else out.getvalue().removesuffix(end)
    grid = reading(text.encode(encoding), delimiter)

    assert [row for _, row in grid.rows()] == table
    numbers = [number for number, _ in grid.rows()]
    assert numbers == sorted(set(numbers))


CHINESE = st.text('登山鞋怎么选推荐价格多少钱好用吗品牌排行,;"\n ab1', max_size=12)


@given(
    rows=st.lists(st.lists(CHINESE, min_size=2, max_size=2), max_size=8),
    delimiter=st.sampled_from(DELIMITERS),
    encoding=st.sampled_from(["gb18030", "gbk", "utf-16", "utf-8"]),
)
@settings(deadline=None)
def test_any_chinese_table_reads_back_in_a_named_encoding(rows, delimiter, encoding):
    table = [["关键词", "搜索量"], *rows]
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, quoting=csv.QUOTE_ALL).writerows(table)

    assert [
        r for _, r in reading(out.getvalue().encode(encoding), delimiter, encoding=encoding).rows()
    ] == table


@given(st.lists(st.lists(CHINESE, min_size=2, max_size=2), max_size=8))
@settings(deadline=None)
def test_any_chinese_table_reads_back_in_a_found_encoding(rows):
    table = [["关键词", "搜索量"], *rows]
    out = io.StringIO()
    csv.writer(out, quoting=csv.QUOTE_ALL).writerows(table)
    grid = reading(out.getvalue().encode("gb18030"), ",")

    assert grid.described == "gb18030, comma"
    assert [row for _, row in grid.rows()] == table


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["\t", ";"])
def test_named_delimiter_with_every_line_end(mark, end):
    (readings,) = grids_of(f"sep={mark}{end}a{mark}b{end}".encode(), "export.csv")

    assert [(grid.delimiter, list(grid.rows())) for grid in readings] == [(mark, [(2, ["a", "b"])])]


def test_quote_alone_at_the_end_is_open():
    with pytest.raises(InputError, match=r"Line 2 .* never closed"):
        list(reading(b'query\n"', ",").rows())


def test_head_ends_before_an_open_quote_but_not_with_nothing():
    assert reading(b'a,b\n"1,2\n', ",").head() == [(1, ["a", "b"])]
    with pytest.raises(InputError, match=r"Line 1 .* never closed"):
        reading(b'"a,b\n1,2\n', ",").head()


def test_numbers_of_a_workbook_have_no_exponent():
    (readings,) = grids_of(workbook({"S": [["a", 0.00005, 1e17, 123456.789]]}), "e.xlsx")

    assert list(readings[0].rows()) == [(1, ["a", "0.00005", "100000000000000000", "123456.789"])]
