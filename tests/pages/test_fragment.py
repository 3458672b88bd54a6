"""The content of a post or a feed's item."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from journeyseo.pages.fragment import plain, read_fragment

PAGE = "https://alder.example/saunas"


@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("<p>One <b>two</b>.</p><p>Three</p>", "One two.\nThree"),
        ("One\n\nTwo", "One\nTwo"),
        ("One<br>Two<br/>Three", "One\nTwo\nThree"),
        ("<ul><li>One</li><li>Two</li></ul>", "One\nTwo"),
        ("<!-- wp:paragraph --><p>One</p><!-- /wp:paragraph -->Two", "One\nTwo"),
        ("One<script>two()</script> three<style>p{}</style>", "One three"),
        ('One [gallery ids="1,2"] two [/caption][vc_row]three', "One two three"),
        ("As he [sic] said [1]", "As he [sic] said [1]"),
        ("&lt;b&gt; &amp; more", "<b> & more"),
        ("价格 <b>三</b>千元", "价格 三千元"),
    ],
)
def test_text_line_by_line(content, text):
    assert read_fragment(content, PAGE)["text"] == text


def test_what_else_a_fragment_tells():
    row = read_fragment(
        f'<h2>Price <em>list</em></h2><p>From $900. <a href="/a?utm_source=x">a</a> '
        f'<a href="{PAGE}#top">up</a>'
        '<a href="mailto:x@alder.example">x</a></p><h3></h3>',
        PAGE,
    )
    assert row == {
        "text": "Price list\nFrom $900. a upx", "headings": "Price list", "words": 6.0, "has_price": True,
        "outlinks": "https://alder.example/a",
    }  # fmt: skip


@pytest.mark.parametrize("content", ["", " \n", "<p></p>", "<script>x</script>", "<div>" * 5_000 + "x"])
def test_nothing_to_read(content):
    assert "text" not in read_fragment(content, PAGE)


def test_plain_is_one_line():
    assert plain(" One\n two ") == "One two"
    assert plain("<p>One &amp;</p><p>two</p>") == "One & two"


@given(st.text())
def test_any_text_can_be_read(content):
    row = read_fragment(content, PAGE)
    assert row == {} or isinstance(row.get("text", ""), str)
    assert "\n" not in plain(content)
