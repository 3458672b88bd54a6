"""One HTML document to one row."""

from __future__ import annotations

import json
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from journeyseo.pages.address import site_of
from journeyseo.pages.extract import MAX_TEXT, all_links, count_words, extract, parse_html

URL = "https://example.com/shop/a"
WORDS = "<p>A heat pump moves warmth from the air outside into the house, also in winter.</p>"


def row(body: str = "", head: str = "", *, url: str = URL, html: str = ' lang="en"', status: int = 200):
    found = extract(f"<html{html}><head>{head}</head><body>{body}{WORDS}</body></html>", url, status=status)
    assert found is not None
    return found


def ld(content: object) -> str:
    text = content if isinstance(content, str) else json.dumps(content)
    return f'<script type="application/ld+json">{text}</script>'


def test_title_description_and_headings():
    found = row(
        "<h1>Heat <b>pumps</b></h1><h1>second</h1><h2> Cost </h2><h3>A\n year</h3><h2></h2><h4>no</h4>",
        '<title> A &amp;\n B </title><meta name="description" content=" short \n text ">'
        '<meta property="og:title" content="other"><meta property="og:description" content="other">',
    )
    assert (found["title"], found["description"], found["h1"]) == ("A & B", "short text", "Heat pumps")
    assert found["headings"] == "Cost\nA year"
    assert (found["url"], found["status"], found["language"]) == (URL, 200, "en")


@pytest.mark.parametrize("head", ["", "<title> </title><meta name=description content=''>"])
def test_open_graph_stands_in(head):
    og = '<meta property="og:title" content="From OG"><meta property="og:description" content="OG text">'
    found = row(head=head + og)
    assert (found["title"], found["description"]) == ("From OG", "OG text")


def test_nothing_said_is_empty():
    found = row()
    for name in ("title", "description", "h1", "headings", "canonical", "schema_types", "outlinks"):
        assert found[name] == ""


def test_the_title_of_a_drawing_is_not_the_page_title():
    found = row("<svg><title>icon</title></svg>", '<meta property="og:title" content="Real">')
    assert found["title"] == "Real"


@pytest.mark.parametrize(
    ("href", "canonical", "indexable"),
    [
        (URL, URL, True),
        ("a", URL, True),
        ("/shop/a#top", URL, True),
        ("/shop/a?utm_source=x", URL, True),
        ("/shop/b", "https://example.com/shop/b", False),
        ("https://other.example/", "https://other.example/", False),
        ("mailto:x@example.com", "", True),
        ("", "", True),
    ],
)
def test_canonical(href, canonical, indexable):
    found = row(head=f'<link rel="canonical" href="{href}">')
    assert (found["canonical"], found["indexable"], found["url"]) == (canonical, indexable, URL)


def test_canonical_among_other_relations_and_as_address():
    found = row(head='<link rel="nofollow canonical" href="https://example.com/c">', url="")
    assert (found["url"], found["canonical"]) == ("https://example.com/c", "https://example.com/c")
    assert row(head='<link rel="canonicalish" href="/c">')["canonical"] == ""


@pytest.mark.parametrize(
    ("head", "body"), [('<link rel=canonical href="http://[x">', ""), ("", '<a href="http://[x">a</a>')]
)
def test_an_address_that_is_none_is_left_out(head, body):
    found = row(body, head)
    assert (found["canonical"], found["outlinks"]) == ("", "")


@pytest.mark.parametrize(
    ("html", "language"),
    [
        (' lang="en-GB"', "en"),
        (' lang="de_AT"', "de"),
        (' lang="zh-Hant-TW"', "zh-Hant"),
        (' lang="zh-HK"', "zh-Hant"),
        (' lang="zh-Hans-CN"', "zh-Hans"),
        (' lang="ja"', "ja"),
        ("", "en"),
        (' lang=""', "en"),
    ],
)
def test_language_of_the_document(html, language):
    assert row(html=html)["language"] == language


def test_language_by_the_words_where_the_document_does_not_know():
    chinese = "<p>空氣源熱泵從室外的空氣吸收熱量，再送進屋內的暖氣系統，冬天也能運作。</p>" * 3
    for html in ("<html>", '<html lang="zh">', '<html lang="zh-CN">'):
        assert extract(f"{html}<body>{chinese}", URL)["language"] == "zh-Hant"
    assert extract(f'<html lang="zh-Hans"><body>{chinese}', URL)["language"] == "zh-Hans"


def test_language_of_xhtml():
    assert row(html=' xml:lang="de"')["language"] == "de"


@pytest.mark.parametrize(
    ("content", "types", "priced"),
    [
        ({"@type": "Article"}, "Article", False),
        (
            {"@type": ["Product", "Thing"], "offers": {"@type": "Offer", "price": "10"}},
            "Product Thing Offer",
            True,
        ),
        ({"@graph": [{"@type": "FAQPage"}]}, "FAQPage", False),
        ([{"@type": "HowTo"}], "HowTo", False),
        ({"@type": "AggregateOffer", "lowPrice": 5}, "AggregateOffer", True),
        ({"@type": "Offer", "price": 0}, "Offer", False),
        ({"@type": "Offer", "price": ""}, "Offer", False),
        ({"name": "no type"}, "", False),
        ('{"@type": "Article"', "", False),
        ("[" * 100_000, "", False),
        ("", "", False),
        ("12", "", False),
    ],
)
def test_json_ld(content, types, priced):
    found = row(head=ld(content))
    assert (found["schema_types"], found["has_price"]) == (types, priced)


def test_a_broken_block_does_not_hide_the_next():
    assert row(head=ld("{broken") + ld({"@type": "Article"}))["schema_types"] == "Article"


@pytest.mark.parametrize("kind", [None, 5])
def test_a_type_that_is_no_text_is_no_type(kind):
    assert row(head=ld({"@type": kind}))["schema_types"] == ""


def test_microdata():
    found = row(
        '<div itemscope itemtype="https://schema.org/Product"><span itemprop="price" content="1">one</span>'
        '<div itemscope itemtype="http://schema.org/Brand https://schema.org/Product"></div></div>'
    )
    assert (found["schema_types"], found["has_price"]) == ("Product Brand", True)


@pytest.mark.parametrize(
    "price",
    [
        "$5", "US$ 5", "NT$1,200", "HK$30", "A$5", "C$9", "€ 5", "5 €", "£9", "9 £", "¥100", "₹500", "100元",
        "1,200 円", "5000원", "12,50 zł", "100 ₽", "RMB 100", "TWD 50", "EUR 1.000", "20 USD", "20 GBP",
        "￥100", "₩5,000", "￦5,000", "5元/件", "100元一套",
    ],
)  # fmt: skip
def test_price_signs(price):
    assert row(f"<p>It costs {price} today.</p>")["has_price"] is True


@pytest.mark.parametrize(
    "text", ["5 stars", "2024", "A 16A fuse", "AUSD 5x", "$ sign", "no € here", "第10元素", "3円形", "12원소"]
)
def test_no_price(text):
    assert row(f"<p>This says {text} only.</p>")["has_price"] is False


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ('<input name="email"><input name="name">', True),
        ('<input type="email" name="email">', True),
        ('<input name="q">', False),
        ('<input type="search" name="term">', False),
        ('<input type="hidden" name="token">', False),
        ("", False),
        ('<input name="q"><input name="email">', True),
    ],
)
def test_form_or_search(form, expected):
    assert row(f"<form>{form}</form>")["has_form"] is expected


def test_a_form_that_says_it_searches():
    assert row('<form role="search"><input name="wherever"></form>')["has_form"] is False
    assert row('<form><input name="s"></form><form><input name="tel"></form>')["has_form"] is True


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ('<textarea name="message"></textarea>', True),
        ('<select name="size"><option>1</select>', True),
        ('<input type="hidden" name="lang"><input name="q">', False),
        ('<input name="q"><input type="submit" name="go">', False),
        ('<input name="q"><input TYPE="SUBMIT" name="go"><select name="in"></select>', False),
        ('<input placeholder="words">', False),
        ("<textarea></textarea>", True),
        ('<button name="go">go</button>', False),
    ],
)
def test_the_fields_that_a_reader_fills_in_decide(form, expected):
    assert row(f"<form>{form}</form>")["has_form"] is expected


def test_outlinks_come_from_the_main_part_only():
    found = row(
        '<header><a href="/head">h</a></header><nav><ul><li><a href="/menu">m</a></ul></nav>'
        '<main><a href="b">b</a><a href=" /c#x ">c</a><a href="/c">again</a><a href="#top">top</a>'
        '<a href="mailto:a@b.c">m</a><a href="javascript:x()">j</a><a name="n">n</a>'
        '<a href="https://other.example">o</a></main><footer><a href="/foot">f</a></footer>'
    )
    assert found["outlinks"].split("\n") == [
        "https://example.com/shop/b",
        "https://example.com/c",
        "https://other.example/",
    ]


def test_outlinks_are_bounded():
    links = "".join(f'<a href="/{i}">x</a>' for i in range(1_500))
    assert len(row(links)["outlinks"].split("\n")) == 1_000


def test_a_page_does_not_link_to_itself():
    assert row('<a href="#x">x</a>', url="https://example.com")["outlinks"] == ""


def test_links_stand_on_the_base_element():
    assert row('<a href="x">x</a>', '<base href="/de/">')["outlinks"] == "https://example.com/de/x"


def test_all_links_has_menus_and_no_nofollow():
    tree = parse_html(
        '<nav><a href="/m">m</a></nav><a rel="ugc NoFollow" href="/n">n</a><a href="/m#x">m</a>'
    )
    assert all_links(tree, URL) == ["https://example.com/m"]
    assert site_of("https://example.com:8443/a?b") == "https://example.com:8443"


@pytest.mark.parametrize(
    ("content", "status", "expected"),
    [
        ("index, follow", 200, True),
        ("NOINDEX, follow", 200, False),
        ("max-snippet:5,noindex", 200, False),
        ("", 200, True),
        ("", 404, False),
    ],
)
def test_indexable(content, status, expected):
    found = row(head=f'<meta name="robots" content="{content}">', status=status)
    assert (found["indexable"], found["status"]) == (expected, status)


@pytest.mark.parametrize("meta", ['name="ROBOTS" content="NOINDEX"', 'name="robots" content="none"'])
def test_other_ways_to_say_noindex(meta):
    assert row(head=f"<meta {meta}>")["indexable"] is False


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("", True),
        ("noindex, nofollow", False),
        ("NONE", False),
        ("nofollow", True),
        ("max-snippet: 5, noindex", False),
        ("unavailable_after: 25 Jun 2010 15:00:00 PST, noindex", False),
        ("otherbot: noindex, nofollow", True),
        ("noindex, otherbot: nofollow", False),
        ("noindexes", True),
    ],
)
def test_the_header_for_robots(header, expected):
    found = extract(f"<html lang=en><body>{WORDS}", URL, robots=header)
    assert found["indexable"] is expected


def test_links_stand_on_the_base_that_is_given():
    document = f'<html lang=en><body>{WORDS}<a href="b">b</a><a href="a#x">self</a>'
    found = extract(document, base=URL)
    assert (found["url"], found["outlinks"]) == ("", "https://example.com/shop/b")
    head = '<link rel="canonical" href="/c">'
    found = extract(f'<head>{head}</head>{document}<a href="/c">self</a>', base=URL)
    assert (found["url"], found["indexable"]) == ("https://example.com/c", True)
    assert found["outlinks"] == "https://example.com/shop/b"


def test_a_base_that_is_no_address_is_not_one():
    assert row('<a href="x">x</a>', '<base href="http://[x">')["outlinks"] == "https://example.com/shop/x"
    tree = parse_html('<base href="https://example.com/de/"><a href="x">x</a>')
    assert all_links(tree, URL) == ["https://example.com/de/x"]


def test_language_by_title_description_and_text_together():
    short = "<body><p>R32 12 kW</p>"
    head = (
        "<title>A+++</title><meta name=description content='Die Wärmepumpe für das alte Haus und den Winter'>"
    )
    assert extract(f"<html><head>{head}</head>{short}", URL)["language"] == "de"


@pytest.mark.parametrize(("lang", "expected"), [("zh", "zh-Hans"), ("zh_CN", "zh-Hans"), ("fr", "fr")])
def test_what_the_document_says_is_kept(lang, expected):
    assert row(html=f' lang="{lang}"')["language"] == expected


def coded(text: str, encoding: str, meta: str) -> str:
    document = f"<html><head>{meta}<title>{text}</title></head><body>{WORDS}</body></html>"
    return extract(document.encode(encoding), URL)["title"]


@pytest.mark.parametrize(
    ("encoding", "label", "text"),
    [
        ("utf-8", "utf-8", "熱泵 é"),
        ("gbk", "gbk", "热泵 喆"),
        ("gb18030", "gb18030", "热泵价格"),
        ("gbk", "gb2312", "热泵价格"),
        ("big5", "big5", "熱泵價格"),
        ("shift_jis", "Shift_JIS", "ヒートポンプの価格"),
        ("euc-jp", "euc-jp", "ヒートポンプの価格"),
        ("cp1252", "windows-1252", "Wärme’s"),
        ("gbk", "gb2312", "朱镕基 喆"),
        ("cp1252", "iso-8859-1", "it’s"),
    ],
)  # fmt: skip
def test_charset_by_meta(encoding, label, text):
    assert coded(text, encoding, f'<meta charset="{label}">') == text
    old = f'<meta http-equiv="Content-Type" content="text/html; charset={label}">'
    assert coded(text, encoding, old) == text


def test_charset_by_byte_order_mark_and_of_text():
    assert coded("ヒート é", "utf-8-sig", "") == "ヒート é"
    assert coded("ヒート é", "utf-16", "") == "ヒート é"
    assert row(head='<meta charset="big5"><title>熱泵 é</title>')["title"] == "熱泵 é"


def test_utf8_without_a_declaration():
    assert coded("熱泵 é", "utf-8", "") == "熱泵 é"


@pytest.mark.parametrize(
    "content", ["", " \n\t", b"", b"\xef\xbb\xbf", "\ufeff", "<!-- x -->", "<!doctype html>"]
)
def test_an_empty_document_is_none(content):
    assert extract(content, URL) is None


def test_a_hundred_thousand_nested_elements_end_quickly():
    start = time.monotonic()
    found = extract("<title>T</title>" + "<div>" * 100_000 + WORDS, URL)
    assert time.monotonic() - start < 20
    assert found is None or found["title"] == "T"


def test_a_page_nested_too_deep_is_none_and_not_an_empty_page():
    assert extract("<title>T</title>" + "<div>" * 1_000 + WORDS, URL) is None


def test_script_style_and_menu_are_not_in_the_main_text():
    found = row(
        "<nav>Menu entry</nav><style>.x{color:red}</style><script>var secret = 1;</script>"
        "<noscript>Enable it</noscript><!-- remark -->" + WORDS * 3
    )
    assert "moves warmth" in found["text"]
    for word in ("secret", "color", "remark", "Menu entry"):
        assert word not in found["text"]


def test_main_text_of_a_page_that_is_hardly_one():
    found = extract("<body><script>var secret</script><!-- remark --><span>only this</span>", URL)
    assert (found["text"], found["words"]) == ("only this", 2)


def test_text_around_menus_scripts_and_remarks_of_a_page_too_large_for_the_extractor_is_kept():
    many = "<i>x</i>" * 20_001
    found = row(
        f"<body>one<nav>Menu<b>entry</b></nav>two<!-- remark -->three<p>a<script>s</script>b</p>{many}"
    )
    assert found["text"].split("\n")[:6] == ["one", "two", "three", "a", "b", "x"]


def test_main_text_is_bounded():
    assert len(row("<p>" + "many words " * 30_000 + "</p>")["text"]) <= MAX_TEXT


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", 0), ("heat pump", 2), ("热泵价格", 2), ("heat pump 热泵", 3), ("热泵价", 1), ("ヒートポンプ", 3),
        ("空調 R32 冷媒", 3), ("snake_case 3.5", 4), ("—!?", 0), ("히트 펌프", 2),
    ],
)  # fmt: skip
def test_count_words(text, words):
    assert count_words(text) == words


_TAGS = st.sampled_from(
    [
        "<p>", "</p>", "<div>", "<a href='/x'>", "<main>", "<title>", "<script>", "</script>", "<!--",
        "<table>", "<form>", "<input name=q>", "<h1>", "&amp;", "&#0;", "<![CDATA[", "<?xml?>", "\x00",
        "text ", "文",
        "<",
    ]
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.one_of(st.binary(max_size=80), st.lists(_TAGS, max_size=15).map("".join)))
def test_whatever_it_is_it_never_raises(content):
    found = extract(content, URL)
    assert found is None or (found["url"] == URL and found["words"] == count_words(found["text"]))
