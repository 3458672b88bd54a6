"""The content of a post or a feed's item: a piece of HTML without the page around it."""

from __future__ import annotations

import re
from typing import Any

from lxml import etree

from journeyseo.pages.address import join_url
from journeyseo.pages.extract import MAX_TEXT, parse_html, too_deep
from journeyseo.pages.words import count_words, names_price

# Markup is several times as long as the text in it.
_MAX_HTML = 10 * MAX_TEXT
_MAX_LINKS, _MAX_HEADINGS = 1_000, 100
_LINES = (
    "address", "article", "aside", "blockquote", "br", "dd", "div", "dl", "dt", "fieldset", "figcaption",
    "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol",
    "p", "pre", "section", "table", "td", "th", "tr", "ul",
)  # fmt: skip
# The parser lets these signs in, but not back.
_FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# A shortcode of WordPress: it closes, has a value, or has a name that is no word, as [vc_row].
_SHORTCODE = re.compile(
    r"\[(?:/[\w-]{1,60}|[a-zA-Z][\w-]{0,60}\s[^\[\]=]{0,500}=[^\[\]]{0,500}|[a-z]{1,60}_\w{1,60})/?\]"
)


def read_fragment(content: str, address: str) -> dict[str, Any]:
    """Return what a piece of HTML adds to a row of the pages table; empty where it holds no text.

    Args:
        content: The HTML, or plain text.
        address: Address of the page that it is on.
    """
    if not content.strip():
        return {}
    tree = parse_html(f"<div>{_SHORTCODE.sub(' ', content[:_MAX_HTML])}</div>")
    if tree is None or too_deep(tree):
        return {}
    etree.strip_elements(tree, etree.Comment, "script", "style", "noscript", "iframe", with_tail=False)
    heads = [" ".join(head.text_content().split()) for head in tree.xpath("//h2 | //h3")]
    links = [join_url(address, str(href)) for href in tree.xpath("//a[@href]/@href")]
    for element in tree.iter(*_LINES):
        element.text = "\n" + _FORBIDDEN.sub("", element.text or "")
        element.tail = "\n" + _FORBIDDEN.sub("", element.tail or "")
    lines = (" ".join(line.split()) for line in str(tree.text_content()).split("\n"))
    text = "\n".join(line for line in lines if line)[:MAX_TEXT]
    found = {
        "text": text,
        "headings": "\n".join([head for head in heads if head][:_MAX_HEADINGS]),
        "outlinks": "\n".join(list(dict.fromkeys(u for u in links if u and u != address))[:_MAX_LINKS]),
    }
    row: dict[str, Any] = {name: value for name, value in found.items() if value}
    return row | {"words": float(count_words(text)), "has_price": names_price(text)} if text else row


def plain(content: str) -> str:
    """Return the text of a short piece of HTML in one line."""
    if "<" not in content and "&" not in content:
        return " ".join(content.split())[:MAX_TEXT]
    return " ".join(str(read_fragment(content, "").get("text", "")).split())
