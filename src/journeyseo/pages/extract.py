"""One HTML document to one row of the pages table."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import lxml.html
from lxml import etree

from journeyseo.languages import detect_languages, language_tag
from journeyseo.pages.address import join_url, normal_url
from journeyseo.pages.charset import decode_html
from journeyseo.pages.sections import written
from journeyseo.pages.words import count_words, language_sample, names_price

# Bounds on what one page may add to the table; beyond them it is no content of a page any more.
MAX_TEXT = 200_000
_MAX_LINKS = 1_000
_MAX_HEADINGS = 100
# trafilatura copies a document several times: 113 MB for one of 50,000 elements. Of larger ones than
# this, lists of links nearly all, the whole body is taken.
_MAX_ELEMENTS = 20_000
# The parser cuts off what is nested deeper than 256 elements: a page that comes near lost its content.
_MAX_DEPTH = 250

# Link elements that lead to pages of the site: its own form, parts of a series, other languages.
_LEADING = frozenset({"canonical", "next", "prev", "alternate"})
# Elements whose text is the site's and not the page's.
_FRAME = frozenset({"script", "style", "nav", "header", "footer", "noscript", "form"})
_NO_FIELDS = frozenset({"hidden", "submit", "button", "image", "reset"})
_SEARCH_NAMES = frozenset({"", "q", "s", "search", "query", "keyword"})
# Rules for robots that have a value after a colon; before another colon stands a robot's name.
_VALUED_RULES = frozenset({"unavailable_after", "max-snippet", "max-image-preview", "max-video-preview"})
_ROBOT = re.compile(r"\s*([a-z][\w.-]*)\s*:(.*)", re.DOTALL)


def parse_html(content: bytes | str, *, charset: str = "") -> lxml.html.HtmlElement | None:
    """Return the document, or None where there is nothing to parse. Never fetches anything.

    Args:
        content: The document.
        charset: Charset that the Content-Type header names, for a document in bytes.
    """
    text = decode_html(content, charset) if isinstance(content, bytes) else content.removeprefix("\ufeff")
    if not text.strip():
        return None
    # In UTF-8 and said so: the parser's own guesses differ from what browsers do.
    parser = lxml.html.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False)
    try:
        return lxml.html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError, AssertionError):
        return None


def _text(element: Any) -> str:
    return " ".join(element.text_content().split()) if element is not None else ""


def _first(tree: Any, path: str) -> str:
    found = tree.xpath(path)
    return " ".join(str(found[0]).split()) if found else ""


def _metas(tree: Any, name: str) -> list[Any]:
    """Return the meta elements of a name, however it is written."""
    return [m for m in tree.xpath("//meta[@name]") if str(m.get("name")).strip().lower() == name]


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
        types += [k for k in (kind if isinstance(kind, list) else [kind]) if isinstance(k, str)]
        priced = priced or any(item.get(k) not in (None, "", 0) for k in ("price", "lowPrice"))
    for address in tree.xpath("//*[@itemtype]/@itemtype"):
        types += [part.rpartition("/")[2] for part in str(address).split()]
    priced = priced or bool(tree.xpath("//*[@itemprop='price']"))
    return list(dict.fromkeys(t[:60] for t in types)), priced


def _is_search(fields: list[Any]) -> bool:
    """Return whether a form's fields ask for nothing but words to search for.

    What is chosen, such as a category, says nothing beside a field for words.
    """
    inputs = [(str(f.get("type") or "text").lower(), str(f.get("name") or "").lower()) for f in fields]
    if any(kind == "search" for kind, _ in inputs):
        return True
    typed = [
        (field.tag, name)
        for field, (kind, name) in zip(fields, inputs, strict=True)
        if field.tag != "select" and kind not in ("checkbox", "radio")
    ]
    return bool(typed) and all(tag == "input" and name in _SEARCH_NAMES for tag, name in typed)


def _has_form(tree: Any) -> bool:
    for form in tree.xpath("//form"):
        fields = [
            field
            for field in form.xpath(".//input | .//textarea | .//select")
            if field.tag != "input" or str(field.get("type") or "").lower() not in _NO_FIELDS
        ]
        if fields and str(form.get("role")).lower() != "search" and not _is_search(fields):
            return True
    return False


def _base_of(tree: Any, url: str) -> str:
    """Return the address that a page's links stand on: that of its base element, else its own."""
    said = _first(tree, "//base[@href]/@href")
    return (join_url(url, said) if said else "") or url


def _outlinks(tree: Any, base: str, own: set[str]) -> list[str]:
    """Return the addresses that the main part links to: not the menu, the head or the foot.

    Args:
        tree: The document.
        base: Address that the links stand on; where it is empty they are left as written.
        own: Addresses of the page itself.
    """
    links: list[str] = []
    path = "//a[@href][not(ancestor::nav or ancestor::header or ancestor::footer)]/@href"
    for href in tree.xpath(path):
        target = join_url(base, str(href)) if base else str(href).strip()
        if target and target not in own:
            links.append(target)
    return list(dict.fromkeys(links))[:_MAX_LINKS]


def all_links(tree: Any, base: str) -> list[str]:
    """Return every address that a page links to, menus included, without ``nofollow`` ones."""
    return [link for link, followed in links_of(tree, base) if followed]


def links_of(tree: Any, base: str) -> list[tuple[str, bool]]:
    """Return every address that a page links to, and whether it may be followed, canonical first.

    Args:
        tree: The document.
        base: Its address.
    """
    stand = _base_of(tree, base)
    written: dict[str, bool] = {}
    # One element at a time: a list of them all takes 20 MB on a page of 50,000 links.
    for element in tree.iter("link", "a", "area"):
        if not element.get("href"):
            continue
        rels = (element.get("rel") or "").lower().split()
        if element.tag == "link" and not _LEADING.intersection(rels):
            continue
        if element.tag == "link" and "alternate" in rels and not element.get("hreflang"):
            continue  # a feed or another form of the page
        href = str(element.get("href"))
        written[href] = written.get(href, False) or "nofollow" not in rels
    found: dict[str, bool] = {}
    for href, followed in written.items():
        if target := join_url(stand, href):
            found[target] = found.get(target, False) or followed
    return list(found.items())


def _main_text(tree: Any) -> str:
    """Return the main text: trafilatura's, else that of the main element or the body."""
    import copy

    import trafilatura

    small = tree.xpath("count(//*)") <= _MAX_ELEMENTS
    text = small and trafilatura.extract(
        copy.deepcopy(tree), include_comments=False, include_tables=True, favor_recall=True,
        deduplicate=False,
    )  # fmt: skip
    own = tree.xpath("//main | //article | //*[@role='main']")
    if not text or (own and len(text) < 0.3 * len(_text(own[0]))):
        body = own or tree.xpath("//body") or [tree]
        text = "\n".join(line for part in _parts(body[0]) if (line := " ".join(part.split())))
    return text[:MAX_TEXT]


def _parts(root: Any) -> Iterator[str]:
    """Yield the texts of an element but those of its frame, in place: a copy may be of 20 MB."""
    walk = etree.iterwalk(root, events=("start", "end", "comment", "pi"))
    for event, element in walk:
        if event == "start" and element.tag in _FRAME:
            walk.skip_subtree()
        elif event == "start":
            yield element.text or ""
        if event != "start" and element is not root:
            yield element.tail or ""


def too_deep(tree: Any) -> bool:
    """Return whether elements are nested deeper than any real page nests them."""
    depth = 0
    for event, _ in etree.iterwalk(tree, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > _MAX_DEPTH:
            return True
    return False


def _ruled(rules: str, name: str) -> bool:
    """Return whether rules for robots, of a page or a header, hold one rule, or all at once."""
    for rule in rules.lower().split(","):
        named = _ROBOT.match(rule)
        if named and named[1] not in _VALUED_RULES:
            return False  # from here on the rules are for one robot only
        if rule.strip() in (name, "none"):
            return True
    return False


def page_rule(tree: Any, name: str, robots: str = "") -> bool:
    """Return whether a page tells robots something, such as ``noindex`` or ``nofollow``.

    Args:
        tree: The document.
        name: The rule.
        robots: The X-Robots-Tag header that it came with.
    """
    metas = [str(m.get("content") or "") for m in _metas(tree, "robots")]
    return any(_ruled(rules, name) for rules in [*metas, robots])


def _language(tree: Any, row: dict[str, Any]) -> str:
    """Return the language that a page says it is in, else the one that its words are in."""
    said = str(tree.get("lang") or tree.get("xml:lang") or "").strip().replace("_", "-").lower()
    tag = language_tag(said)
    if tag and said not in ("zh", "zh-cn"):
        return tag
    found = detect_languages([language_sample(row)])[0]
    # Templates say zh and zh-CN of both forms of Chinese, so the words decide between these.
    return found if not tag or found in ("zh-Hans", "zh-Hant") else tag


def extract(
    content: bytes | str,
    url: str = "",
    *,
    status: int = 200,
    base: str = "",
    charset: str = "",
    robots: str = "",
) -> dict[str, Any] | None:
    """Return a row of the pages table from a document; None where there is nothing in it.

    Args:
        content: The document.
        url: Its address; taken from the canonical link where it is empty.
        status: HTTP status that it came with.
        base: Address that its links stand on, where it is not `url`.
        charset: Charset that the Content-Type header names, for a document in bytes.
        robots: The X-Robots-Tag header that it came with.
    """
    tree = parse_html(content, charset=charset)
    if tree is None or too_deep(tree):
        return None
    return row_of(tree, url, status=status, base=base, robots=robots)


def row_of(
    tree: Any, url: str = "", *, status: int = 200, base: str = "", robots: str = ""
) -> dict[str, Any]:
    """Return a row of the pages table from a document that is parsed; see `extract`."""
    base = base or url
    stand = _base_of(tree, base)
    canonical = _first(tree, "//link[contains(concat(' ', @rel, ' '), ' canonical ')]/@href")
    canonical = join_url(stand, canonical) if canonical else ""
    address = url or canonical
    types, priced = _schema(tree)
    text = _main_text(tree)
    elsewhere = bool(canonical and url and normal_url(url) != canonical)
    own = {address, normal_url(address), normal_url(base)}
    row = {
        "url": address,
        "title": _text(next(iter(tree.xpath("//title[not(ancestor::svg)]")), None))
        or _first(tree, "//meta[@property='og:title']/@content"),
        "description": _first(tree, "//meta[@name='description']/@content")
        or _first(tree, "//meta[@property='og:description']/@content"),
        "h1": _text(next(iter(tree.xpath("//h1")), None)),
        "headings": "\n".join([t for h in tree.xpath("//h2 | //h3") if (t := _text(h))][:_MAX_HEADINGS]),
        "text": text,
        "sections": written(tree, text),
        "words": count_words(text),
        "canonical": canonical,
        "status": status,
        "indexable": status == 200 and not elsewhere and not page_rule(tree, "noindex", robots),
        "schema_types": " ".join(types),
        "outlinks": "\n".join(_outlinks(tree, stand or canonical, own)),
        "has_price": priced or names_price(text),
        "has_form": _has_form(tree),
    }
    return row | {"language": _language(tree, row)}
