"""One HTML document to one row of the pages table."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin, urlsplit

import lxml.html
from lxml import etree

from journeyseo.languages import detect_languages, language_tag
from journeyseo.pages.address import normal_url

# Bounds on what one page may add to the table; beyond them it is no content of a page any more.
MAX_TEXT = 200_000
_MAX_LINKS = 1_000
_MAX_HEADINGS = 100
_MAX_DEPTH = 400

_PRICE = re.compile(
    r"(?:(?:US|NT|HK|A|C|S)?\$|[€£¥₹]|\b(?:USD|EUR|GBP|NTD|TWD|HKD|RMB))\s?\d"
    r"|\d[\d,.]*\s?(?:€|£|元|円|원|zł|₽|\bUSD\b|\bEUR\b|\bGBP\b)"
)
_DENSE = re.compile(r"[\u3041-\u30ff\u3400-\u9fff\uf900-\ufaff]")
_LATIN_WORD = re.compile(r"[^\W_\u3041-\u30ff\u3400-\u9fff\uf900-\ufaff]+")


def count_words(text: str) -> int:
    """Return the number of words; a Han or kana character counts as half a word."""
    return len(_LATIN_WORD.findall(text)) + len(_DENSE.findall(text)) // 2


def parse_html(content: bytes | str) -> lxml.html.HtmlElement | None:
    """Return the document, or None where there is nothing to parse. Never fetches anything."""
    parser = lxml.html.HTMLParser(
        encoding="utf-8" if isinstance(content, str) else None, no_network=True, huge_tree=False
    )
    data = content.encode("utf-8", "replace") if isinstance(content, str) else content
    if not data.strip():
        return None
    try:
        return lxml.html.document_fromstring(data, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError, AssertionError):
        return None


def _text(element: Any) -> str:
    return " ".join(element.text_content().split()) if element is not None else ""


def _first(tree: Any, path: str) -> str:
    found = tree.xpath(path)
    return " ".join(str(found[0]).split()) if found else ""


def _json_ld(tree: Any) -> Iterator[dict[str, Any]]:
    """Yield every object in the page's JSON-LD, nested ones too."""
    for script in tree.xpath("//script[@type='application/ld+json']/text()"):
        try:
            stack: list[Any] = [json.loads(str(script))]
        except (ValueError, RecursionError):
            continue
        seen = 0
        while stack and seen < 5_000:
            item = stack.pop()
            seen += 1
            if isinstance(item, list):
                stack.extend(item)
            elif isinstance(item, dict):
                yield item
                stack.extend(v for v in item.values() if isinstance(v, dict | list))


def _schema(tree: Any) -> tuple[list[str], bool]:
    """Return the schema.org types of a page, in order, and whether an offer names a price."""
    types: list[str] = []
    priced = False
    for item in _json_ld(tree):
        kind = item.get("@type", ())
        types += [k for k in ([kind] if isinstance(kind, str) else kind) if isinstance(k, str)]
        priced = priced or any(item.get(k) not in (None, "", 0) for k in ("price", "lowPrice"))
    for address in tree.xpath("//*[@itemtype]/@itemtype"):
        types += [part.rpartition("/")[2] for part in str(address).split()]
    priced = priced or bool(tree.xpath("//*[@itemprop='price']"))
    return list(dict.fromkeys(t[:60] for t in types)), priced


def _has_form(tree: Any) -> bool:
    for form in tree.xpath("//form"):
        fields = form.xpath(".//input[not(@type='hidden')] | .//textarea | .//select")
        is_search = form.get("role") == "search" or form.xpath(".//input[@type='search']")
        names = {str(n).lower() for n in form.xpath(".//input/@name")}
        if fields and not is_search and not names <= {"q", "s", "search", "query", "keyword"}:
            return True
    return False


def _outlinks(tree: Any, base: str) -> list[str]:
    """Return the addresses that the main part links to: not the menu, the head or the foot."""
    links: list[str] = []
    path = "//a[@href][not(ancestor::nav or ancestor::header or ancestor::footer)]/@href"
    for href in tree.xpath(path):
        target = normal_url(urljoin(base, str(href).strip())) if base else str(href).strip()
        if target and target != base:
            links.append(target)
    return list(dict.fromkeys(links))[:_MAX_LINKS]


def all_links(tree: Any, base: str) -> list[str]:
    """Return every address that a page links to, menus included, without ``nofollow`` ones."""
    found = (
        normal_url(urljoin(base, str(a.get("href")).strip()))
        for a in tree.xpath("//a[@href]")
        if "nofollow" not in (a.get("rel") or "").lower()
    )
    return list(dict.fromkeys(link for link in found if link))


def _main_text(tree: Any) -> str:
    """Return the main text: trafilatura's, else that of the main element or the body."""
    import copy

    import trafilatura

    text = trafilatura.extract(
        copy.deepcopy(tree), include_comments=False, include_tables=True, favor_recall=True,
        deduplicate=False,
    )  # fmt: skip
    own = tree.xpath("//main | //article | //*[@role='main']")
    if text is None or (own and len(text) < 0.3 * len(_text(own[0]))):
        body = own or tree.xpath("//body") or [tree]
        clone = copy.deepcopy(body[0])
        etree.strip_elements(
            clone, "script", "style", "nav", "header", "footer", "noscript", "form", with_tail=False
        )
        text = "\n".join(line for part in clone.itertext() if (line := " ".join(part.split())))
    return text[:MAX_TEXT]


def too_deep(tree: Any) -> bool:
    """Return whether elements are nested deeper than any real page nests them."""
    depth = 0
    for event, _ in etree.iterwalk(tree, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > _MAX_DEPTH:
            return True
    return False


def extract(content: bytes | str, url: str = "", *, status: int = 200) -> dict[str, Any] | None:
    """Return a row of the pages table from a document; None where there is nothing in it.

    Args:
        content: The document.
        url: Its address; taken from the canonical link where it is empty.
        status: HTTP status that it came with.
    """
    tree = parse_html(content)
    if tree is None or too_deep(tree):
        return None
    canonical = _first(tree, "//link[contains(concat(' ', @rel, ' '), ' canonical ')]/@href")
    canonical = normal_url(urljoin(url, canonical)) if canonical else ""
    base = url or canonical
    title = _text(next(iter(tree.xpath("//head/title | //title")), None))
    headings = [t for h in tree.xpath("//h2 | //h3") if (t := _text(h))][:_MAX_HEADINGS]
    text = _main_text(tree)
    types, priced = _schema(tree)
    robots = " ".join(map(str, tree.xpath("//meta[@name='robots']/@content"))).lower()
    html_lang = _first(tree, "/html/@lang | /html/@xml:lang")
    language = language_tag(html_lang) if html_lang else detect_languages([f"{title}\n{text}"[:2000]])[0]
    if language == "zh-Hans" and html_lang.lower() in ("zh", "zh-cn"):
        language = detect_languages([f"{title}\n{text}"[:2000]])[0]
    elsewhere = bool(canonical and url and normal_url(url) != canonical)
    return {
        "url": base,
        "title": title or _first(tree, "//meta[@property='og:title']/@content"),
        "description": _first(tree, "//meta[@name='description']/@content")
        or _first(tree, "//meta[@property='og:description']/@content"),
        "h1": _text(next(iter(tree.xpath("//h1")), None)),
        "headings": "\n".join(headings),
        "text": text,
        "words": count_words(text),
        "language": language,
        "canonical": canonical,
        "status": status,
        "indexable": status == 200 and "noindex" not in robots and not elsewhere,
        "schema_types": " ".join(types),
        "outlinks": "\n".join(_outlinks(tree, base)),
        "has_price": priced or bool(_PRICE.search(text)),
        "has_form": _has_form(tree),
    }


def site_of(url: str) -> str:
    """Return scheme and host of an address."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
