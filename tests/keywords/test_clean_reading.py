"""A clean text is read column by column: the same rows as row by row, or it is left to the row reader."""

import csv
import io

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from journeyseo.errors import InputError
from journeyseo.keywords import collect, read_keywords
from journeyseo.sheets.clean import clean_rows
from journeyseo.sheets.files import grids_of
from journeyseo.sheets.locate import locate

_QUERIES = st.one_of(
    st.sampled_from(
        [
            "red kettle", "Wasserkocher günstig", "水壶 推荐", "(not set)", "(other)", "keyword", "Keyword",
            " blanks  inside ", "ＫＥＹＷＯＲＤ", "note: a query", "Total", "kettle\xa0pot",
            "ケトル　おすすめ", "a\u200bb", "x" * 1001, "=1+1", 'say "hi"', "one, two", "two\nlines",
            "\x07bell", "é", "e\u0301", "#hash", "", "mail me@example.org", "0161 496 0000",
        ]
    ),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=12),
)  # fmt: skip
_NUMBERS = st.sampled_from(
    [
        "10",
        "1,000",
        "0.5",
        "12 %",
        "-",
        "",
        "10 - 100",
        "< 10",
        "1.234",
        "abc",
        "99999999999999999999",
        "٣",
        "5e3",
    ]
)
_TEXTS = st.sampled_from(["", "Informational", " USD ", "https://example.org/a", "volume", "\u3000", "note"])
_ROWS = st.lists(st.tuples(_QUERIES, _NUMBERS, _NUMBERS, _TEXTS), min_size=1, max_size=12)
_POLLUTED = [
    "",
    ",,,",
    "Keyword,Volume,CTR,Intent",
    "one,2",
    "one,2,3,4,5",
    'a"b,1,2,c',
    '"open,1,2,c',
    "©,,,",
]


def both_ways(path, monkeypatch, **options):
    """Return what the two readers give: a frame with its reports, or the text of an error."""

    def read():
        try:
            frame = read_keywords(path, **({"language": "en"} | options))
        except InputError as error:
            return str(error)
        return frame

    one = read()
    with monkeypatch.context() as patch:
        patch.setattr(collect, "clean_rows", lambda *_: None)
        return one, read()


def assert_same(one, two):
    if isinstance(two, str):
        assert one == two
        return
    pd.testing.assert_frame_equal(one, two, check_dtype=True)
    assert one.attrs["reports"] == two.attrs["reports"]


@given(
    rows=_ROWS,
    polluted=st.lists(st.tuples(st.integers(0, 12), st.sampled_from(_POLLUTED)), max_size=2),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC]),
    delimiter=st.sampled_from([",", ";", "\t", "|"]),
    end=st.sampled_from(["\n", "\r\n", "\r"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=80)
def test_both_readers_give_the_same(tmp_path, monkeypatch, rows, polluted, quoting, delimiter, end, encoding):
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter, quoting=quoting, lineterminator=end)
    writer.writerows([("Keyword", "Volume", "CTR", "Intent"), *rows])
    lines = text.getvalue().split(end)
    for place, line in polluted:
        lines.insert(min(place + 1, len(lines)), line.replace(",", delimiter))
    path = tmp_path / "export.csv"
    path.write_bytes(end.join(lines).encode(encoding))

    assert_same(*both_ways(path, monkeypatch))


@given(lines=st.lists(_QUERIES, min_size=1, max_size=12))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=40)
def test_both_readers_give_the_same_of_a_plain_list(tmp_path, monkeypatch, lines):
    path = tmp_path / "list.txt"
    path.write_bytes("\n".join(lines).encode())

    assert_same(*both_ways(path, monkeypatch))


def clean(text, field="query"):
    table = locate(grids_of(text.encode(), "e.csv")[0], field, ["query", "volume"])
    return clean_rows(table, table.columns["query"][0], [1])


HEADER = "Keyword,Volume\n"


@pytest.mark.parametrize(
    "text",
    [
        HEADER + "red,1\nblue,2\n",
        HEADER + "red,1\nblue,2",
        HEADER + '"red, big",1\n"say ""hi""",\n',
        "A title\n\n" + HEADER + "red,1\r\nblue,2\r\n",
        HEADER + "keyword,1\nvolume,2\n",
        HEADER + "note: none,1\n",
    ],
)
def test_clean_text_is_read_by_columns(text):
    assert clean(text) is not None


def test_rows_keep_their_numbers():
    found = clean("A title\n\n" + HEADER + "red,1\nblue,2\n")

    assert found.first == 4
    assert found.columns[0].to_pylist() == ["red", "blue"]
    assert found.columns[1].to_pylist() == ["1", "2"]


@pytest.mark.parametrize(
    "text",
    [
        HEADER + "red,1\nblue\n",
        HEADER + "red,1\nblue,2,3\n",
        HEADER + "red,1\nKeyword,Volume\n",
        HEADER + "red,1\nKEYWORD,volume\n",
        HEADER + "red,1\n'keyword', Volume\n",
        HEADER + 'a "quoted" word,1\n',
        HEADER + 'red,1\n"never closed,1\n',
        HEADER + '"two\nlines",1\n',
        HEADER + "red,1\rblue,2\r",
        HEADER + "red,1\nSource: a tool,\n",
        HEADER + f"red,1\n{'x' * 1_000_001},2\n",
        HEADER,
    ],
)
def test_anything_odd_is_left_to_the_row_reader(text):
    assert clean(text) is None


GAPS = HEADER + 'red,1\n,2\n\u3000,3\n"",4\nblue,5\n(not set),6\n'


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_row_without_a_query_is_dropped_and_the_others_are_read_by_columns(tmp_path, monkeypatch, end):
    path = tmp_path / "export.csv"
    path.write_bytes(GAPS.replace("\n", end).encode())
    by_rows = both_ways(path, monkeypatch)[1]
    monkeypatch.setattr(collect, "_from_rows", None)
    frame = read_keywords(path, language="en")

    assert frame["query"].tolist() == ["red", "blue"]
    assert frame["source_row"].tolist() == [2, 6]
    report = frame.attrs["reports"][0]
    assert [(d.row, d.reason, d.text, d.column) for d in report.dropped] == [
        (3, "no query", "2", "Keyword"),
        (4, "no query", "3", "Keyword"),
        (5, "no query", "4", "Keyword"),
        (7, "no query", "(not set) | 6", "Keyword"),
    ]
    assert_same(frame, by_rows)


def test_what_else_is_in_a_row_without_a_query_is_shown(tmp_path, monkeypatch):
    path = tmp_path / "export.csv"
    path.write_text('Page,Keyword,Note,Volume\nhome,,"a, b",7\nx,red,,1\n')
    one, two = both_ways(path, monkeypatch)

    assert one.attrs["reports"][0].dropped[0].text == "home | a, b | 7"
    assert_same(one, two)


@pytest.mark.parametrize(("line", "reasons"), [(",", ["blank row", "no query"]), ("", ["no query"])])
def test_a_row_that_is_wholly_blank_is_left_to_the_row_reader(tmp_path, monkeypatch, line, reasons):
    path = tmp_path / "export.csv"
    path.write_text(HEADER + f"red,1\n{line}\n,2\n")
    one, two = both_ways(path, monkeypatch)

    assert [d.reason for d in one.attrs["reports"][0].dropped] == reasons
    assert_same(one, two)
