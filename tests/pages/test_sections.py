"""The sections of a long page, taken from its document."""

from __future__ import annotations

import json

import pandas as pd
import pytest

from journeyseo.pages import read_pages
from journeyseo.pages.extract import extract, parse_html
from journeyseo.pages.sections import (
    MAX_SECTIONS,
    MAX_TEXT,
    Section,
    read_sections,
    sections_of,
    sections_table,
)

WORDS = "The pump takes warmth from the air and gives it to the rooms of the house. " * 8
HAN = "热泵从室外的空气里取热，再把热送到屋里的每个房间。" * 14


def _page(*sections: tuple[str, str], before: str = "", tag: str = "h2") -> str:
    parts = "".join(f"<{tag}>{heading}</{tag}><p>{text}</p>" for heading, text in sections)
    return f"<html lang=en><title>T</title><body><h1>Guide</h1>{before}{parts}</body></html>"


def _found(html: str) -> list[Section]:
    return sections_of(parse_html(html))


def _row(html: str) -> list[Section]:
    return read_sections(extract(html)["sections"])


def test_a_section_is_a_heading_and_what_stands_below_it():
    html = _page(
        ("How it works", WORDS), ("Prices", f"From <b>£4,900</b>. {WORDS}"), before=f"<p>{WORDS}</p>"
    )
    first, second = _found(html)
    assert (first.level, first.heading, first.text) == (2, "How it works", WORDS.strip())
    assert second.text.startswith("From £4,900. The pump")


def test_an_h3_is_a_section_of_its_own_and_an_h4_is_text():
    asked = f"<h2>FAQ</h2><h3>What does it cost?</h3><h4>Small</h4><p>{WORDS}</p>"
    found = _found(f"<body>{asked}<h2>More</h2><p>{WORDS}</p>")
    assert [(s.level, s.heading) for s in found] == [(3, "What does it cost?"), (2, "More")]
    assert found[0].text.startswith("Small The pump")


def test_inline_elements_set_no_blanks_into_chinese():
    (section,) = _found(f"<h2>价<b>格</b></h2><div><p>价格<b>低</b>于{HAN}</p><p>每月</p></div>")
    assert section.heading == "价格"
    assert section.text.startswith("价格低于热泵")
    assert section.text.endswith(" 每月")


def test_menus_forms_asides_comments_and_h1_are_no_part_of_it():
    html = (
        f"<body><nav><h2>Menu</h2><p>{WORDS}</p></nav><h2>A</h2><p>{WORDS}</p><!-- c --><form>Name</form>"
        f"<aside><h3>Related</h3><p>{WORDS}</p></aside><h1>Other</h1><p>{WORDS}</p><footer><h2>F</h2>{WORDS}</footer>"
    )
    (section,) = _found(html)
    assert (section.heading, section.text) == ("A", WORDS.strip())


def test_the_main_element_is_taken_where_there_is_one():
    html = f"<body><h2>Beside</h2><p>{WORDS}</p><main><h2>Own</h2><p>{WORDS}</p></main></body>"
    assert [s.heading for s in _found(html)] == ["Own"]


def test_sections_with_few_words_or_no_heading_are_none():
    assert _found(_page(("Read more", "One link. Another link."), ("", WORDS))) == []


def test_they_are_bounded():
    found = _found(_page(*[(f"H{i} {'x' * 300}", WORDS * 9) for i in range(50)]))
    assert len(found) == MAX_SECTIONS == 40
    assert {len(s.text) for s in found} == {MAX_TEXT} == {1500}
    assert all(len(s.heading) == 200 for s in found)


@pytest.mark.parametrize(
    ("html", "count"),
    [
        (_page(("A", WORDS), ("B", WORDS), ("C", WORDS)), 3),
        (_page(("A", WORDS * 3), ("B", WORDS * 3)), 0),
        (_page(*[(h, WORDS[:150]) for h in "ABC"]), 0),
        (_page(("价格", HAN), ("对比", HAN), ("问题", HAN)), 3),
        (_page(*[(h, HAN[:150]) for h in "甲乙丙"]), 0),
    ],
    ids=["long", "two sections", "short", "Chinese", "short Chinese"],
)
def test_only_long_pages_of_three_sections_keep_them(html, count):
    assert len(_row(html)) == count


def test_they_survive_every_way_of_a_row(tmp_path):
    html = _page(("A\u2028 “quoted”", WORDS), ("=B()", WORDS), ("价格", HAN))
    site = tmp_path / "site"
    site.mkdir()
    (site / "index.html").write_text(html, encoding="utf-8")
    table = read_pages(site, base_url="https://example.com")
    found = sections_table(table)
    assert found[["url", "section", "heading"]].to_numpy().tolist() == [
        ["https://example.com/", 1, "A “quoted”"],
        ["https://example.com/", 2, "=B()"],
        ["https://example.com/", 3, "价格"],
    ]
    plain = table[["url", "title", "text", "sections"]]
    plain.attrs = {}
    plain.to_parquet(tmp_path / "p.parquet")
    plain.to_csv(tmp_path / "p.csv", index=False)
    plain.to_json(tmp_path / "p.jsonl", orient="records", lines=True, force_ascii=False)
    for name in ("p.parquet", "p.csv", "p.jsonl"):
        pd.testing.assert_frame_equal(sections_table(read_pages(tmp_path / name)), found)


def test_what_is_no_section_in_a_column_of_that_name_is_left_out():
    lines = ["7", "[2, 3, 4]", '[4, "H", "t"]', '[2, " ", "t"]', "{", "[" * 100_000, '[2, "H", "t"]']
    assert read_sections("\n".join(lines)) == [Section(2, "H", "t")]
    assert read_sections(None) == read_sections(float("nan")) == []
    assert len(read_sections("\n".join([json.dumps([2, "H", "t"])] * 90))) == MAX_SECTIONS
