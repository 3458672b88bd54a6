"""The one table, wherever the pages come from."""

from __future__ import annotations

import json

import pandas as pd
import pytest

from journeyseo.errors import FetchError, FormatError, InputError, TableError
from journeyseo.pages import read_pages
from journeyseo.results import Dropped, dropped_table
from journeyseo.tables import DROPPED, PAGES

A, B = "https://example.com/a", "https://example.com/b"
TEXT = "<p>A heat pump moves warmth from the air outside into the house, also in winter.</p>"


def _file(folder, name: str, text: str):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def _check(table: pd.DataFrame) -> None:
    assert list(table.columns)[: len(PAGES.names)] == PAGES.names
    for column in PAGES.columns:
        assert str(table[column.name].dtype) == column.kind, column.name


def test_every_source_gives_the_columns_of_the_contract(tmp_path, web):
    web.page("/")
    folder = tmp_path / "site"
    folder.mkdir()
    sources = [
        _file(tmp_path, "p.csv", f"url,title,clicks\n{A},T,5\n"),
        _file(tmp_path, "p.jsonl", json.dumps({"url": A, "title": "T"})),
        _file(folder, "index.html", TEXT).parent,
        folder / "index.html",
        pd.DataFrame({"url": [A]}),
        web.url(),
    ]
    formats = []
    for source in sources:
        table = read_pages(source, allow_private=True, delay=0)
        _check(table)
        assert len(table) == 1
        formats.append(table.attrs["reports"][0].format)
    assert formats == ["generic", "jsonl", "html-folder", "html", "pages", "site"]


def test_addresses_are_normal_and_repeated_ones_dropped(tmp_path):
    lines = f"url,title\n{A}?utm_source=x,first\n{A}#part,second\n{B},third\n/relative,fourth\n"
    table = read_pages(_file(tmp_path, "p.csv", lines))
    assert table["url"].tolist() == [A, B, "/relative"]
    assert table["title"].tolist() == ["first", "third", "fourth"]
    report = table.attrs["reports"][0]
    assert report.dropped == (Dropped("p.csv", None, "address listed twice", A),)
    assert (report.rows_read, report.rows_kept) == (4, 3)


def test_dropped_rows_become_a_table(tmp_path):
    table = read_pages(_file(tmp_path, "p.csv", f"url,status\n{A},200\n{B},404\n"))
    dropped = dropped_table(table.attrs["reports"])
    assert list(dropped.columns) == DROPPED.names
    assert dropped.iloc[0].tolist() == ["p.csv", 3, "status 404", B, "status"]
    assert dropped_table([]).empty


def test_language_is_found_where_it_is_missing(tmp_path):
    chinese = "熱泵的價格,空氣源熱泵從室外的空氣吸收熱量"
    lines = f"url,title,text,language\n{A},{chinese},\n{B},Wärmepumpe,kurz,de-AT\n"
    assert read_pages(_file(tmp_path, "p.csv", lines))["language"].tolist() == ["zh-Hant", "de"]


def test_empty_texts_are_missing():
    table = read_pages(pd.DataFrame({"url": [A], "title": [""], "h1": ["H"]}))
    assert table["title"].isna().all()
    assert table["h1"].tolist() == ["H"]


def test_frame_with_a_named_column_and_own_columns():
    table = read_pages(pd.DataFrame({"where": [A], "owner": ["me"], "clicks": [3]}), url_column="where")
    assert (table["url"][0], table["clicks"][0], table["owner"][0]) == (A, 3.0, "me")
    assert list(table.columns)[-1] == "owner"


def test_the_table_can_be_read_again(tmp_path):
    lines = f"url,title,status,clicks\n{A},T,200,1\n{B},,,\n"
    once = read_pages(_file(tmp_path, "p.csv", lines))
    pd.testing.assert_frame_equal(read_pages(once), once)


def test_frame_without_an_address_column():
    with pytest.raises(FormatError, match=r"no column 'url' \(seen: a, b\)"):
        read_pages(pd.DataFrame({"a": [1], "b": [2]}))


def test_frame_with_wrong_values_lists_all_problems():
    with pytest.raises(TableError) as caught:
        read_pages(pd.DataFrame({"url": [A], "status": ["gone"], "clicks": ["many"]}))
    assert "'status' is not Int64" in caught.value.message
    assert "'clicks' is not float64" in caught.value.message


def test_rows_of_a_frame_without_an_address_are_reported():
    table = read_pages(pd.DataFrame({"url": [A, None, ""], "title": ["x", "y", "z"]}))
    report = table.attrs["reports"][0]
    assert len(table) == report.rows_kept == 1
    assert [d.reason for d in report.dropped] == ["no address", "no address"]


def test_frame_with_another_column_called_url():
    table = read_pages(pd.DataFrame({"where": [A], "url": [B]}), url_column="where")
    assert table["url"].tolist() == [A]


def test_language_by_all_the_words_of_a_frame():
    words = {"title": "A+++", "description": "Die Wärmepumpe für das alte Haus und den Winter", "text": "R32"}
    assert read_pages(pd.DataFrame([{"url": A} | words]))["language"].tolist() == ["de"]


def test_an_address_in_capitals_is_an_address(web):
    web.page("/")
    table = read_pages(web.url().replace("http:", "HTTP:"), allow_private=True, delay=0)
    assert table["url"].tolist() == [web.url()]


def test_one_html_file(tmp_path):
    page = _file(tmp_path, "a.html", f"<title>T</title>{TEXT}")
    table = read_pages(page)
    assert table[["url", "title", "source"]].iloc[0].tolist() == ["a.html", "T", "a.html"]
    assert read_pages(page, base_url=A)["url"].tolist() == [A]


def test_folder_options_and_drops(tmp_path):
    _file(tmp_path, "index.html", TEXT)
    _file(tmp_path, "empty.html", "")
    table = read_pages(str(tmp_path), base_url="https://example.com")
    assert table["url"].tolist() == ["https://example.com/"]
    report = table.attrs["reports"][0]
    assert (report.rows_read, report.rows_kept) == (2, 1)
    assert report.dropped == (Dropped("empty.html", None, "nothing to read in it"),)


def test_workbook(tmp_path):
    pd.DataFrame({"URL": [A, B], "Title": ["热泵", "T"], "Status": [200, 301]}).to_excel(
        tmp_path / "p.xlsx", index=False
    )
    table = read_pages(tmp_path / "p.xlsx")
    assert table[["url", "title", "status"]].to_numpy().tolist() == [[A, "热泵", 200]]
    assert [d.reason for d in table.attrs["reports"][0].dropped] == ["status 301"]


@pytest.mark.parametrize(
    ("name", "text", "kind", "message"),
    [
        (
            "s.xml",
            f"<sitemapindex><sitemap><loc>{A}.xml</loc></sitemap></sitemapindex>",
            FormatError,
            r"an index of 1 sitemaps and lists no pages itself \(first: https://example.com/a.xml\)",
        ),
        ("s.xml", "<urlset></urlset>", FormatError, "No page was found"),
        ("x.xml", "<note><to>you</to></note>", FormatError, "its first element is 'note'"),
        ("p.html", " ", InputError, "."),
        ("p.csv", "", InputError, "."),
        ("p.csv", "a,b\n1,2\n", FormatError, "No column of pages was found"),
        (
            "p.csv",
            f"url,status\n{A},404\n",
            FormatError,
            r"No page was found \(first rows dropped: status 404\)",
        ),
        ("p.csv", "<!doctype html><html><body>Log in", InputError, "a web page, not a table"),
        ("p.jsonl", '{"title": "x"}', FormatError, "No line is a JSON object"),
    ],
)
def test_files_without_pages(tmp_path, name, text, kind, message):
    path = _file(tmp_path, name, text)
    with pytest.raises(kind, match=message) as caught:
        read_pages(path)
    assert name in str(caught.value)


def test_missing_file(tmp_path):
    with pytest.raises(InputError, match="There is no such file"):
        read_pages(tmp_path / "nowhere.csv")


def test_web_site(web):
    web.page("/", "/a", "/dead", "/b")
    web.page("/a", title="A page")
    web.page("/b")
    seen = []

    def progress(items, label):
        seen.append(label)
        return items

    table = read_pages(web.url(), allow_private=True, delay=0, max_pages=2, progress=progress)
    assert table["url"].tolist() == [web.url(), web.url("/a")]
    assert table["outlinks"][0].split("\n") == [web.url("/a"), web.url("/dead"), web.url("/b")]
    report = table.attrs["reports"][0]
    assert (report.source, report.report, report.rows_kept) == (web.url(), "web site", 2)
    assert {d.reason for d in report.dropped} == {"limit: more than 2 pages"}
    assert seen[0] == "Reading pages"


def test_two_addresses_that_lead_to_one_page_are_one(web):
    web.page("/", "/a", "/b")
    web.page("/a")
    web.add("/b", "", 301, Location="/a")
    table = read_pages(web.url(), allow_private=True, delay=0)
    assert table["url"].tolist() == [web.url(), web.url("/a")]
    assert [d.reason for d in table.attrs["reports"][0].dropped] == ["address listed twice"]


def test_own_server_needs_to_be_allowed(web):
    web.page("/")
    with pytest.raises(FetchError, match="--allow-private") as caught:
        read_pages(web.url(), delay=0)
    assert (caught.value.reason, web.log) == ("private_address", [])
