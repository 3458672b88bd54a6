"""What a crawler takes from one document: its row, its links, and what kind of page it is."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from journeyseo.pages.charset import foreign_kind
from journeyseo.pages.extract import links_of, page_rule, parse_html, row_of, too_deep
from journeyseo.pages.fetch import Response
from journeyseo.pages.likeness import Fingerprint, fingerprint

_HTML = ("text/html", "application/xhtml+xml", "")
# A page served for people has more words than that; an empty shell has a few for its loading sign.
_SHELL_WORDS = 50
# Where frameworks put what their scripts draw.
_MOUNTS = frozenset({"root", "app", "__next", "__nuxt", "___gatsby", "main-app", "react-root", "svelte"})
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
    shell = row["words"] < _SHELL_WORDS and _is_shell(tree)
    return Document(row, links, fingerprint(row["text"]), shell)


def _is_shell(tree: Any) -> bool:
    """Return whether a page with few words has scripts that would draw it."""
    if not tree.xpath("//script[@src] | //script[string-length() > 2000]"):
        return False
    if any(_ASKS.search(part.text_content()) for part in tree.xpath("//noscript")):
        return True
    if tree.xpath("//app-root | //*[@data-reactroot or @ng-app or @data-server-rendered='false']"):
        return True
    empty = (e for e in tree.xpath("//body//*[@id]") if not e.text_content().strip())
    return any(str(e.get("id")).lower() in _MOUNTS for e in empty)
