"""Inventories and crawl exports."""

from __future__ import annotations

import json

import pytest

from journeyseo.errors import FormatError, InputError
from journeyseo.pages.inventory import is_json_lines, read_inventory, read_json_lines
from journeyseo.results import Dropped

A, B, C = (f"https://example.com/{name}" for name in "abc")


def _csv(text: str, **options):
    given = {"url_column": None, "encoding": None} | options
    rows, reports = read_inventory(text.encode(), "p.csv", "folder/p.csv", **given)
    assert len(reports) == 1
    return rows, reports[0]


def _lines(*items: object):
    text = "\n".join(i if isinstance(i, str) else json.dumps(i, ensure_ascii=False) for i in items)
    rows, reports = read_json_lines(text.encode(), "p.jsonl", None)
    assert len(reports) == 1
    return rows, reports[0]


SCREAMING_FROG = f"""\
"Address","Content Type","Status Code","Status","Indexability","Title 1","Meta Description 1","H1-1","H2-1",\
"Word Count","Canonical Link Element 1"
"{A}","text/html; charset=utf-8","200","OK","Indexable","Title","Text","Head","Sub","1,234","{A}"
"{B}.png","image/png","200","OK","Indexable","","","","","0",""
"{C}","text/html","404","Not Found","Non-Indexable","","","","","",""
"{B}","text/html","200","OK","Non-Indexable","B","","","","",""
"https://example.com/t","","0","Connection Timeout","Non-Indexable","","","","","",""
"""


def test_screaming_frog():
    rows, report = _csv(SCREAMING_FROG)
    assert rows == [
        {
            "url": A, "source": "p.csv", "title": "Title", "description": "Text", "h1": "Head",
            "headings": "Sub", "canonical": A, "words": 1234.0, "status": 200, "indexable": True,
        },
        {"url": B, "source": "p.csv", "title": "B", "status": 200, "indexable": False},
    ]  # fmt: skip
    assert report.dropped == (
        Dropped("p.csv", 3, "not HTML (image/png)", f"{B}.png", "Content Type"),
        Dropped("p.csv", 4, "status 404", C, "Status Code"),
        Dropped("p.csv", 6, "status 0", "https://example.com/t", "Status Code"),
    )
    assert (report.format, report.vendor, report.rows_read, report.rows_kept) == (
        "screaming_frog", "Screaming Frog", 5, 2,
    )  # fmt: skip
    assert report.columns["url"] == "Address"
    assert report.columns["headings"] == "H2-1"
    assert report.ignored == ("Status",)
    assert report.header_row == 1


def test_sitebulb():
    rows, report = _csv(
        "URL;Crawl Source;HTTP Status Code;Content Type;Title;Indexable\n"
        f"{A};Crawler;200;text/html;Title;Yes\n{B};Crawler;500;text/html;;No\n{C};Crawler;200;text/html;T;No\n"
    )
    assert [(r["url"], r["title"], r["indexable"]) for r in rows] == [(A, "Title", True), (C, "T", False)]
    assert report.dropped == (Dropped("p.csv", 3, "status 500", B, "HTTP Status Code"),)
    assert (report.format, report.described) == ("sitebulb", "utf-8, semicolon")


@pytest.mark.parametrize(
    ("mark", "expected"),
    [
        ("Indexable", True), ("yes", True), ("Non-Indexable", False), ("No", False), ("FALSE", False),
        ("0", False), ("noindex", False),
        ("Not Indexable", False),
    ],
)  # fmt: skip
def test_words_for_indexable(mark, expected):
    rows, _ = _csv(f"url,indexable\n{A},{mark}\n")
    assert rows[0]["indexable"] is expected


def test_search_console_pages():
    rows, report = _csv(
        f'Top pages,Clicks,Impressions,CTR,Position\n{A},12,"1,300",0.92%,4.2\n{B},0,5,0%,80\n'
    )
    assert rows == [
        {"url": A, "source": "p.csv", "clicks": 12.0, "impressions": 1300.0, "position": 4.2},
        {"url": B, "source": "p.csv", "clicks": 0.0, "impressions": 5.0, "position": 80.0},
    ]
    assert (report.format, report.ignored) == ("gsc_pages", ("CTR",))


def test_search_console_pages_in_chinese():
    rows, report = _csv(f"排名靠前的网页,点击次数,展示,点击率,排名\n{A},3,40,7.5%,2.5\n")
    assert rows[0] == {"url": A, "source": "p.csv", "clicks": 3.0, "impressions": 40.0, "position": 2.5}
    assert report.vendor == "Google Search Console"


def test_plain_inventory_with_texts_and_language():
    rows, report = _csv(
        f"Page,Title,Text,Language,Last modified\n{A},T,Body text,zh-TW,2024-01-02\n{B},-,n/a,,\n"
    )
    assert rows == [
        {
            "url": A, "source": "p.csv", "title": "T", "text": "Body text", "lastmod": "2024-01-02",
            "language": "zh-Hant",
        },
        {"url": B, "source": "p.csv"},
    ]  # fmt: skip
    assert report.format == "generic"


def test_workbook(tmp_path):
    from openpyxl import Workbook

    book = Workbook()
    book.active.title = "notes"
    book.active.append(["About this file"])
    sheet = book.create_sheet("pages")
    sheet.append(["URL", "Title", "Status code", "Clicks"])
    sheet.append([A, "Title", 200, 12])
    sheet.append([B, "Dead", 404, 0])
    book.save(tmp_path / "p.xlsx")
    rows, reports = read_inventory(
        (tmp_path / "p.xlsx").read_bytes(), "p.xlsx", "p.xlsx", url_column=None, encoding=None
    )
    assert rows == [{"url": A, "source": "p.xlsx:pages", "title": "Title", "clicks": 12.0, "status": 200}]
    assert [r.source for r in reports] == ["p.xlsx:pages"]
    assert reports[0].dropped == (Dropped("p.xlsx:pages", 3, "status 404", B, "Status code"),)


@pytest.mark.parametrize(
    ("column", "value", "reason"),
    [
        ("content type", "image/png", "not HTML (image/png)"),
        ("content type", "application/pdf", "not HTML (application/pdf)"),
        ("content type", "text/html; charset=UTF-8", ""),
        ("content type", "application/xhtml+xml", ""),
        ("status", "301", "status 301"),
        ("status", "503", "status 503"),
        ("status", "204", ""),
        ("status", "OK", ""),
        ("status", "404.0", "status 404"),
        ("status", "999", "status 999"),
        ("status", "9" * 5_000, ""),
    ],
)
def test_rows_that_are_no_pages(column, value, reason):
    rows, report = _csv(f"url,title,{column}\n{A},t,{value}\n")
    assert [d.reason for d in report.dropped] == ([reason] if reason else [])
    assert len(rows) == (0 if reason else 1)


def test_a_status_that_looks_like_a_digit():
    assert len(_csv(f"url,title,status\n{A},t,²\n")[0]) == 1


def test_rows_without_an_address_and_odd_rows():
    rows, report = _csv(f"url,title\n,x\n{A},y\n\nurl,title\n{B},z,more\n{C}\n")
    assert [r["url"] for r in rows] == [A, C]
    assert [(d.row, d.reason) for d in report.dropped] == [
        (2, "no address"),
        (5, "the header again"),
        (6, "more cells than the header"),
    ]
    assert (report.rows_read, report.rows_kept) == (5, 2)


def test_a_column_named_by_the_user():
    rows, report = _csv(f"where,title\n{A},T\n", url_column="Where")
    assert rows == [{"url": A, "source": "p.csv", "title": "T"}]
    assert report.columns == {"url": "where", "title": "title"}


def test_an_encoding_named_by_the_user():
    data = f"url,title\n{A},热泵\n".encode("gbk")
    for encoding in ("gbk", None):
        rows, _ = read_inventory(data, "p.csv", "p.csv", url_column=None, encoding=encoding)
        assert rows[0]["title"] == "热泵"
    with pytest.raises(InputError, match="no encoding 'nope'"):
        read_inventory(data, "p.csv", "p.csv", url_column=None, encoding="nope")


def test_no_column_of_addresses():
    with pytest.raises(FormatError, match=r"No column of pages was found \(seen: header: a \| b\)") as caught:
        _csv("a,b\n1,2\n")
    assert caught.value.where == "folder/p.csv"
    assert "--url-column" in caught.value.hint


def test_json_lines():
    first = {
        "url": A, "title": "T", "words": 12, "headings": ["one", "two"], "schema_types": ["X", "Y"],
        "lang": "en-GB", "excerpt": "short", "clicks": 1.5, "status": 200, "other": 1, "h1": None,
    }  # fmt: skip
    rows, report = _lines(first, "not json", {"title": "no"}, [1], "", {"url": ""}, {"url": 5}, {"url": B})
    assert rows == [
        {
            "url": A, "title": "T", "words": 12.0, "headings": "one\ntwo", "schema_types": "X Y",
            "language": "en", "text": "short", "clicks": 1.5, "status": 200, "source": "p.jsonl",
        },
        {"url": B, "source": "p.jsonl"},
    ]  # fmt: skip
    assert [(d.row, d.reason, d.text) for d in report.dropped] == [
        (2, "not valid JSON", "not json"),
        (3, "no url", '{"title": "no"}'),
        (4, "no url", "[1]"),
        (6, "no url", '{"url": ""}'),
        (7, "no url", '{"url": 5}'),
    ]
    assert (report.format, report.rows_read, report.rows_kept) == ("jsonl", 7, 2)


def test_json_lines_text_before_excerpt_and_numbers_that_are_none():
    rows, _ = _lines({"url": A, "excerpt": "short", "text": "long", "words": "many", "status": "200"})
    assert rows[0]["text"] == "long"
    assert (rows[0]["words"], rows[0]["status"]) == (None, None)


@pytest.mark.parametrize("field", [{"status": 404}, {"content_type": "image/png"}])
def test_json_lines_that_are_no_pages(field):
    rows, report = _lines({"url": A}, {"url": B} | field)
    assert [r["url"] for r in rows] == [A]
    assert len(report.dropped) == 1


@pytest.mark.parametrize("sign", ["\u2028", "\u2029", "\x85"])
def test_json_lines_with_separators_in_a_text(sign):
    rows, report = _lines({"url": A}, {"url": B, "text": f"one{sign}two"})
    assert rows[1:] == [{"url": B, "text": f"one{sign}two", "source": "p.jsonl"}]
    assert report.dropped == ()


@pytest.mark.parametrize("line", ['{"url":' + "[" * 200_000, f'{{"url": "{B}", "words": 1{"0" * 400}}}'])
def test_json_lines_that_are_out_of_bounds_do_not_stop_the_others(line):
    rows, _ = _lines({"url": A}, line)
    assert rows[0]["url"] == A


def test_json_numbers_that_are_none():
    line = '{"url": "https://example.com/a", "words": Infinity, "clicks": true, "status": 1e999}'
    rows, _ = _lines(line)
    assert (rows[0]["words"], rows[0]["clicks"], rows[0]["status"]) == (None, None, None)


def test_json_lines_that_are_all_refused_say_why():
    rows, report = _lines({"url": A, "status": "404"}, {"url": B, "status": 301.0})
    assert rows == []
    assert [(d.row, d.reason, d.text) for d in report.dropped] == [(1, "status 404", A), (2, "status 301", B)]


def test_json_lines_without_any_page():
    with pytest.raises(FormatError, match="No line is a JSON object with a url"):
        _lines({"title": "x"})


@pytest.mark.parametrize(
    ("data", "expected"),
    [(b'{"a":1}', True), (b'\xef\xbb\xbf\n {"a"', True), (b"url,title", False), (b"", False)],
)
def test_is_json_lines(data, expected):
    assert is_json_lines(data) is expected
