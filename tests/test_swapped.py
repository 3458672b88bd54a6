"""Keywords and pages in each other's place are told, with the right call."""

from __future__ import annotations

import pandas as pd
import pytest

import journeyseo as js
from journeyseo.swapped import telling_swapped

KEYWORDS = "Keyword,Volume\nbest crm,100\nbuy crm,50\n"
PAGES = "Address,Title 1\nhttps://a.example/crm,CRM\nhttps://a.example/,Home\n"
URLS = "https://a.example/crm\nhttps://a.example/price\n"


@pytest.fixture
def files(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "k.csv").write_text(KEYWORDS)
    (tmp_path / "my pages.csv").write_text(PAGES)
    (tmp_path / "urls.txt").write_text(URLS)
    (tmp_path / "other.csv").write_text("a,b\n1,2\n")
    (tmp_path / "both.csv").write_text("Keyword,Volume,URL\nbest crm,1,https://a.example/crm\n")
    return tmp_path


def refused(keywords, pages):
    def read():
        with telling_swapped(keywords, pages):
            js.read_keywords(keywords)
            js.read_pages(pages)

    with pytest.raises(js.FormatError) as caught:
        read()
    return str(caught.value)


@pytest.mark.parametrize("given", ["my pages.csv", ["my pages.csv"], ["both.csv", "my pages.csv"]])
def test_a_page_list_as_keywords(files, given):
    assert refused(given, "k.csv") == (
        "The files look swapped: my pages.csv lists pages, k.csv lists queries. "
        "Give the queries first: journeyseo map k.csv --pages 'my pages.csv'"
    )


def test_a_list_of_addresses_as_keywords(files):
    assert "urls.txt lists pages, k.csv lists queries" in refused("urls.txt", "k.csv")


def test_queries_with_pages_are_swapped_with_pages_too(files):
    assert "my pages.csv lists pages, both.csv lists queries" in refused("my pages.csv", "both.csv")


@pytest.mark.parametrize(
    ("keywords", "pages", "message"),
    [
        ("k.csv", "other.csv", "No column of pages"),
        ("k.csv", "k.csv", "No column of pages"),
        ("both.csv", "k.csv", "No column of pages"),
        ("other.csv", "my pages.csv", "No column of queries"),
        ("my pages.csv", "my pages.csv", "No column of queries"),
        ("my pages.csv", "https://127.0.0.1:1/", "No column of queries"),
    ],
)
def test_another_fault_stays_what_it_is(files, keywords, pages, message):
    assert message in refused(keywords, pages)


def test_frames_are_left_alone(files):
    with pytest.raises(js.FormatError, match="no column 'url'"), telling_swapped("k.csv", pd.DataFrame()):
        js.read_pages(pd.DataFrame({"a": [1]}))


def test_queries_that_are_no_names_of_files_are_passed_over(files):
    with (
        pytest.raises(js.FormatError, match="No column of pages"),
        telling_swapped(["x" * 999, "\0"], "k.csv"),
    ):
        js.read_pages("k.csv")


def test_map_journey_says_it_too(files):
    with pytest.raises(js.FormatError, match="look swapped"):
        js.map_journey("my pages.csv", "k.csv")
