"""From a source to the files of an inventory: stages, joined numbers, resumption."""

from __future__ import annotations

import json
from dataclasses import replace

import openpyxl
import pandas as pd
import pytest

import journeyseo as js
from journeyseo.crawling.files import MAX_SHEET_ROWS
from journeyseo.errors import ConfigError, FetchError, InputError
from journeyseo.stages import STAGES
from journeyseo.tables import CRAWLED_PAGES, DEAD_LINKS, SECTIONS, SKIPPED


@pytest.fixture(scope="module")
def judge():
    return js.StageClassifier()


@pytest.fixture
def make(web, quick, judge, tmp_path):
    """Crawl the test's site into a folder."""

    def run(source="/", *, begin: str = "resume", join=(), fetch=quick, **bounds) -> js.Inventory:
        place = web.url(source) if str(source).startswith("/") and isinstance(source, str) else source
        options = js.CrawlOptions(fetch=fetch, **bounds)
        return js.crawl(place, tmp_path / "out", options=options, classifier=judge, join=join, begin=begin)

    return run


def test_the_files_of_an_inventory(web, make, tmp_path):
    web.page("/", "/a", "/dead", "/=1+1", title="Heat pump prices and deals: buy now")
    web.page("/a", "/dead")
    found = make()
    assert (found.read, dict(found.skipped), found.dead_links) == (2, {"status": 2}, 3)
    pages = found.pages
    assert list(pages.columns) == CRAWLED_PAGES.names
    assert pages["url"].tolist() == [web.url("/"), web.url("/a")]
    assert set(pages["stage"]) <= set(STAGES)
    assert (pages["confidence"] > 0).all()
    direct = js.classify_pages(
        js.read_pages(pages[["url", "title", "h1", "headings", "text", "description"]])
    )
    assert pages["stage"].tolist() == direct["stage"].tolist()
    skipped = pd.read_csv(tmp_path / "out" / "skipped.csv", encoding="utf-8-sig")
    assert list(skipped.columns) == SKIPPED.names
    assert skipped["status"].tolist() == [404, 404]
    dead = pd.read_csv(tmp_path / "out" / "dead-links.csv", encoding="utf-8-sig")
    assert list(dead.columns) == DEAD_LINKS.names
    assert dead["source"].tolist() == [web.url("/"), web.url("/a"), web.url("/")]
    book = openpyxl.load_workbook(tmp_path / "out" / "inventory.xlsx")
    assert book.sheetnames == ["Pages", "Sections", "Skipped", "Dead links"]
    assert [row[0] for row in book["Pages"].iter_rows(values_only=True)] == [
        "url",
        web.url("/"),
        web.url("/a"),
    ]
    assert MAX_SHEET_ROWS < 1_048_576
    said = json.loads((tmp_path / "out" / "crawl.json").read_text("utf-8"))
    assert (said["read"], said["skipped"], said["source"]) == (2, {"status": 2}, web.url("/"))
    assert not list((tmp_path / "out").glob(".*.part"))


def test_the_inventory_is_what_other_commands_read(web, make, tmp_path):
    web.page("/", "/a", title="Heat pump prices")
    web.page("/a")
    make()
    table = js.read_pages(tmp_path / "out" / "pages.parquet")
    pd.testing.assert_frame_equal(js.read_pages(tmp_path / "out"), table)
    assert table["url"].tolist() == [web.url("/"), web.url("/a")]
    assert table["text"].notna().all()
    assert js.read_pages(tmp_path / "out" / "inventory.xlsx")["title"].tolist() == ["Heat pump prices", "/a"]


TALK = "Words about heat pumps, what they do in a house and how they are looked after through the years. "
BOOK = "Heat pumps from $4,900. Order online today with free delivery, or book an installer in your town."


def test_sections_of_long_pages_have_stages_of_their_own(web, make, tmp_path):
    def add(path: str, *links: str) -> None:
        parts = (
            ("How it works", f"It moves warmth. {path} {TALK * 8}"),
            ("Book your installation", f"{BOOK} {path} {TALK}"),
            ("Our newsletter", f"Once a month. {TALK * 6}"),
            ("What is a compressor?", f"It presses gas. {path} {TALK * 6}"),
        )
        body = "".join(f"<h2>{heading}</h2><p>{text}</p>" for heading, text in parts)
        hrefs = "".join(f'<a href="{link}">x</a>' for link in links)
        web.add(path, f"<html lang=en><title>What is a heat pump?</title><body>{body}{hrefs}</body></html>")

    add("/", "/a", "/b", "/c")
    add("/a")
    add("/b")
    web.page("/c")
    found = make()
    sections = pd.read_parquet(tmp_path / "out" / "sections.parquet")
    assert list(sections.columns) == SECTIONS.names
    assert sections["url"].tolist() == [web.url(path) for path in ("/", "/a", "/b") for _ in range(3)]
    # What three pages have in the same words is the site's.
    assert (
        sections["heading"].tolist()
        == ["How it works", "Book your installation", "What is a compressor?"] * 3
    )
    assert sections["section"].tolist() == [1, 2, 4] * 3
    assert set(sections.loc[sections["heading"] == "Book your installation", "journey_stage"]) == {"decision"}
    pages = found.pages
    assert (pages["also_serves"].str.contains(r"decision \(section 'Book your installation'\)")[:3]).all()
    assert pages["also_serves"].isna()[3]
    again = js.classify_pages(tmp_path / "out" / "pages.parquet")
    assert again["also_serves"].dropna().tolist() == pages["also_serves"].dropna().tolist()
    book = openpyxl.load_workbook(tmp_path / "out" / "inventory.xlsx")
    rows = list(book["Sections"].iter_rows(values_only=True))
    assert (rows[0][:4], rows[2][:4]) == (
        ("url", "section", "level", "heading"),
        (web.url("/"), 2, 2, "Book your installation"),
    )


def test_it_goes_on_where_it_was(web, make):
    web.page("/", "/a", "/b", "/c")
    for path in ("/a", "/b", "/c"):
        web.page(path)
    first = make(max_pages=2)
    assert (first.read, first.waiting, dict(first.skipped)) == (2, 2, {"limit": 2})
    assert "2 addresses are left: more than 2 pages" in str(first)
    second = make()
    assert (second.read, second.waiting, second.notes) == (4, 0, ())
    third = make()
    assert third.read == 4
    assert max(web.paths().count(path) for path in ("/", "/a", "/b", "/c")) == 1
    assert make(begin="fresh").read == 4
    assert web.paths().count("/a") == 2


def test_what_failed_in_passing_can_be_asked_for_again(web, make):
    web.page("/", "/busy", "/gone")
    web.add("/busy", "", 503)
    assert dict(make().skipped) == {"status": 2}
    web.page("/busy")
    assert make().read == 1
    found = make(begin="retry")
    assert (found.read, dict(found.skipped)) == (2, {"status": 1})
    assert web.paths().count("/gone") == 1


def test_another_journey_gets_its_own_stages(web, make, quick, tmp_path):
    web.page("/", title="Heat pump prices: buy now")
    make()
    options = js.CrawlOptions(fetch=quick)
    judge = js.StageClassifier(journey="search-intent")
    found = js.crawl(web.url(), tmp_path / "out", options=options, classifier=judge)
    assert set(found.pages["journey_stage"]) <= {*judge.journey.keys, "outside"}
    assert web.paths().count("/") == 1


def test_the_crawl_of_another_source_is_not_mixed_in(web, make):
    web.page("/")
    web.page("/other")
    make()
    with pytest.raises(ConfigError, match="holds the crawl of"):
        make("/other")
    assert make("/other", begin="fresh").read == 1


def test_a_crawl_without_a_page_begins_again(web, make):
    with pytest.raises(FetchError, match="No page could be read: status, 404") as caught:
        make()
    assert caught.value.reason == "status"
    web.page("/")
    assert make().read == 1


def test_a_private_start_says_what_to_do(web, make, quick):
    web.page("/")
    with pytest.raises(FetchError, match="--allow-private") as caught:
        make(fetch=replace(quick, allow_private=False))
    assert caught.value.reason == "private_address"
    assert web.log == []


def test_a_file_of_addresses(web, make, tmp_path):
    web.page("/a", "/more")
    web.page("/b")
    (tmp_path / "list.csv").write_text(f"Address,Note\n{web.url('/a')},x\n{web.url('/b')},y\nnot one,z\n")
    found = make(tmp_path / "list.csv")
    assert found.pages["url"].tolist() == [web.url("/a"), web.url("/b")]
    assert dict(found.skipped) == {"not_http": 1}
    assert "/more" not in web.paths()


def test_a_folder_of_html(web, make, tmp_path):
    site = tmp_path / "site"
    site.mkdir()
    (site / "index.html").write_text("<title>Heat pumps</title><p>What a heat pump is.</p>")
    (site / "buy.html").write_text("<title>Buy</title><p>Prices from $900.</p>")
    (site / "void.html").write_text("")
    found = make(site, base_url="https://shop.test")
    assert sorted(found.pages["url"]) == ["https://shop.test/", "https://shop.test/buy.html"]
    assert dict(found.skipped) == {"empty": 1}
    assert found.pages["stage"].notna().all()
    assert web.log == []


def test_what_is_no_source(make, tmp_path):
    for missing in ("nowhere.csv", "nowhere", tmp_path / "none"):
        with pytest.raises(InputError, match="no such file or folder"):
            make(missing)
    with pytest.raises(ConfigError, match="no way to begin"):
        make(begin="again")


def test_numbers_of_other_tools_join_the_pages(web, make, tmp_path):
    web.page("/", "/a", "/old", "/b/")
    web.page("/a")
    web.page("/b/")
    web.add("/old", "", 301, Location="/a")
    console = tmp_path / "Pages.csv"
    console.write_text(
        "Top pages,Clicks,Impressions,CTR,Position\n"
        f"{web.url('/a')},30,300,10%,2\n{web.url('/old')},10,100,10%,6\n{web.url('/b')},5,50,10%,4\n"
        f"{web.url('/lost')},7,70,10%,9\n"
    )
    analytics = tmp_path / "landing.csv"
    analytics.write_text("Landing page,Sessions\n/a,40\n/,12\n(not set),3\n")
    found = make(join=[console, analytics])
    pages = found.pages.set_index("url")
    pages.index = pages.index.str.removeprefix(web.url("").rstrip("/"))
    assert pages["clicks"].fillna(-1).to_dict() == {"/": -1, "/a": 40, "/b/": 5}
    assert pages["impressions"].fillna(-1).to_dict() == {"/": -1, "/a": 400, "/b/": 50}
    assert pages["position"].fillna(-1).to_dict() == {"/": -1, "/a": 3, "/b/": 4}
    assert pages["sessions"].fillna(-1).to_dict() == {"/": 12, "/a": 40, "/b/": -1}
    assert dict(found.skipped) == {"redirect": 1, "not_crawled": 1}
    assert "5 of 6 rows of the joined files belong to a page" in str(found)
    skipped = pd.read_csv(tmp_path / "out" / "skipped.csv", encoding="utf-8-sig")
    assert skipped["detail"].tolist()[-1] == "Pages.csv: 7 clicks, 70 impressions"


def test_a_site_of_empty_shells_is_said_to_be_one(web, make):
    web.add("/", "<title>Shop</title><div id=root></div><script src='/app.js'></script>")
    found = make()
    assert found.javascript == 1
    assert "1 of 1 pages are empty until a browser runs their JavaScript" in str(found)


def test_two_crawls_cannot_share_a_folder(web, make, tmp_path):
    from journeyseo.pages.checkpoint import Checkpoint

    (tmp_path / "out").mkdir()
    held = Checkpoint(tmp_path / "out" / "crawl.sqlite")
    try:
        with pytest.raises(InputError, match="Is another crawl running"):
            make()
    finally:
        held.close()


def test_a_damaged_checkpoint_is_said_to_be_one(web, make, tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "crawl.sqlite").write_bytes(b"no database at all" * 100)
    with pytest.raises(InputError, match="--fresh"):
        make()
    web.page("/")
    assert make(begin="fresh").read == 1
