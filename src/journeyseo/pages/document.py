"""What a crawler takes from one document: its row, its links, and what kind of page it is."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from lxml.etree import LxmlError

from journeyseo.pages.charset import foreign_kind
from journeyseo.pages.extract import links_of, page_rule, parse_html, row_of, too_deep
from journeyseo.pages.fetch import Response
from journeyseo.pages.likeness import Fingerprint, fingerprint

_HTML = ("text/html", "application/xhtml+xml", "")
# A page served for people has more words than that; an empty shell has a few for its loading sign.
_SHELL_WORDS = 50
# Where frameworks put what their scripts draw.
_MOUNTS = frozenset({"root", "app", "__next", "__nuxt", "___gatsby", "main-app", "react-root", "svelte"})
# What parsers raise on documents made to break them. One such page must not end the crawl, and again
# each time that it goes on.
FAULTS = (ValueError, TypeError, LookupError, AttributeError, RecursionError, LxmlError)
_ASKS = re.compile(r"java\s?script", re.IGNORECASE)


@dataclass(frozen=True)
class Document:
    """One page.

    Attributes:
        row: Row of the pages table.
        links: Addresses that it links to, and whether each may be followed.
        print: Fingerprint of its text.
        javascript: Whether it is empty until a browser runs its scripts.
    """

    row: dict[str, Any]
    links: list[tuple[str, bool]]
    print: Fingerprint
    javascript: bool


def media_of(answer: Response) -> str:
    """Return what an answer is where it is no HTML; empty where it is."""
    if answer.content_type not in _HTML:
        return answer.content_type
    return foreign_kind(answer.content, answer.charset)


def read_document(answer: Response) -> Document | None:
    """Return what one page holds; None where there is nothing to read in it."""
    tree = parse_html(answer.content, charset=answer.charset)
    if tree is None or too_deep(tree):
        return None
    robots = answer.headers.get("x-robots-tag", "")
    row = row_of(tree, answer.url, status=answer.status, robots=robots)
    may = not page_rule(tree, "nofollow", robots)
    links = [(link, followed and may) for link, followed in links_of(tree, answer.url)]
    javascript = bool(answer.rendered) or is_shell(row, tree)
    return Document(row, links, fingerprint(row["text"]), javascript)


def needs_browser(answer: Response) -> bool:
    """Return whether an answer is a page that is empty until a browser runs its scripts."""
    if answer.status != 200 or media_of(answer):
        return False
    try:
        tree = parse_html(answer.content, charset=answer.charset)
        return tree is not None and not too_deep(tree) and is_shell(row_of(tree, answer.url), tree)
    except FAULTS:
        return False  # who reads it says what is wrong with it


def is_shell(row: dict[str, Any], tree: Any) -> bool:
    """Return whether a page has few words, and scripts that would draw it.

    Args:
        row: Its row of the pages table.
        tree: The document.
    """
    if row["words"] >= _SHELL_WORDS:
        return False
    if not tree.xpath("//script[@src] | //script[string-length() > 2000]"):
        return False
    if any(_ASKS.search(part.text_content()) for part in tree.xpath("//noscript")):
        return True
    if tree.xpath("//app-root | //*[@data-reactroot or @ng-app or @data-server-rendered='false']"):
        return True
    empty = (e for e in tree.xpath("//body//*[@id]") if not e.text_content().strip())
    return any(str(e.get("id")).lower() in _MOUNTS for e in empty)
