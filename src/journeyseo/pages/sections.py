"""The sections of a long page: a heading and the text below it, up to the next heading.

They travel with the page's row in one column, a line each, so that every way that a row goes keeps them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pandas as pd
from lxml import etree

from journeyseo.pages.words import count_words, is_long

# Bounds on what is kept of one page: of more sections or text no more is learnt about its stages.
MAX_SECTIONS, MAX_TEXT = 40, 1_500
_MAX_HEADING = 200
# A page with fewer sections is one text; a section with fewer words is a teaser or a list of links.
_MIN_SECTIONS, _MIN_WORDS = 3, 15

SITE_WIDE = 3
"""A section that so many pages have in the same words is the site's: an offer, a form, a list of others."""

_LEVELS = {"h1": 1, "h2": 2, "h3": 3}
# What is the site's and not the page's, and what stands beside the text.
_BESIDE = frozenset({"script", "style", "template", "nav", "header", "footer", "noscript", "form", "aside"})
# Elements that run within a line: their text is not set apart by blanks, which Chinese has none of.
_INLINE = frozenset(
    {"a", "abbr", "b", "cite", "code", "em", "font", "i", "kbd", "mark", "q", "s", "small", "span", "strong",
     "sub", "sup", "time", "u", "wbr"}
)  # fmt: skip


@dataclass(frozen=True)
class Section:
    """A part of a page.

    Attributes:
        level: 2 for an h2, 3 for an h3.
        heading: The heading.
        text: The text below it, up to the next heading.
    """

    level: int
    heading: str
    text: str


def sections_of(tree: Any) -> list[Section]:
    """Return the sections of a document that have a heading and enough text, in their order."""
    root = (tree.xpath("//main | //*[@role='main']") or tree.xpath("//body") or [tree])[0]
    found: list[Section] = []
    heading, level, parts = "", 0, [""]
    for kind, text in _walk(root):
        if kind:
            _add(found, level, heading, parts)
            if len(found) == MAX_SECTIONS:
                return found
            heading, level, parts = text, kind, []
        else:
            parts.append(text)
    _add(found, level, heading, parts)
    return found


def _add(found: list[Section], level: int, heading: str, parts: list[str]) -> None:
    text = " ".join("".join(parts).split())
    if level > 1 and heading and count_words(text) >= _MIN_WORDS:
        found.append(Section(level, heading[:_MAX_HEADING], text[:MAX_TEXT]))


def _walk(root: Any) -> Iterator[tuple[int, str]]:
    """Yield the level and text of each heading, and 0 and each piece of text between them."""
    walk = etree.iterwalk(root, events=("start", "end", "comment", "pi"))
    for event, element in walk:
        tag = element.tag
        if event == "start" and tag in _BESIDE:
            walk.skip_subtree()
        elif event == "start" and tag in _LEVELS:
            walk.skip_subtree()
            yield _LEVELS[tag], " ".join(element.text_content().split())
        elif event == "start":
            yield 0, f"{'' if tag in _INLINE else ' '}{element.text or ''}"
        if event != "start" and element is not root:
            yield 0, f"{'' if tag in _INLINE else ' '}{element.tail or ''}"


def written(tree: Any, text: str) -> str:
    """Return the sections of a page as they travel; empty where it is short or has few.

    Args:
        tree: The document.
        text: Its main text.
    """
    found = sections_of(tree) if is_long(text) else []
    if len(found) < _MIN_SECTIONS:
        return ""
    return "\n".join(json.dumps([s.level, s.heading, s.text], ensure_ascii=False) for s in found)


def read_sections(lines: object) -> list[Section]:
    """Return sections that travelled in a row; none where there are none.

    What is no such line is left out: in a table of another tool the column may hold anything.
    """
    found = []
    for line in lines.split("\n")[:MAX_SECTIONS] if isinstance(lines, str) else ():
        try:
            match json.loads(line):
                case [2 | 3 as level, str(heading), str(text)] if heading.strip():
                    found.append(Section(level, heading[:_MAX_HEADING], text[:MAX_TEXT]))
        except (ValueError, RecursionError):
            continue
    return found


def sections_table(pages: pd.DataFrame) -> pd.DataFrame:
    """Return the sections of all pages: url, section (its place, 1 is the first), level, heading, text.

    Args:
        pages: The pages table.
    """
    rows = [
        (url, number, section.level, section.heading, section.text)
        for url, lines in zip(pages["url"], pages["sections"], strict=True)
        for number, section in enumerate(read_sections(lines), 1)
    ]
    return pd.DataFrame(rows, columns=["url", "section", "level", "heading", "text"])
