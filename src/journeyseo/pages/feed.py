"""Feeds: the latest pages of a site, as RSS or Atom lists them."""

from __future__ import annotations

import html
from typing import Any

from lxml import etree

from journeyseo.languages import language_tag
from journeyseo.notes import note
from journeyseo.pages.address import join_url, normal_url
from journeyseo.pages.dates import iso_date
from journeyseo.pages.fragment import plain, read_fragment
from journeyseo.pages.markup import child, child_text, elements, title_of, xml_report
from journeyseo.results import Dropped, ReadReport
from journeyseo.sheets.formats import Format

_CONTENT, _DUBLIN_CORE = "/content/", "purl.org/dc/"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_RSS_COLUMNS = {
    "url": "link", "title": "title", "description": "description", "text": "content:encoded",
    "lastmod": "pubDate", "language": "language",
}  # fmt: skip
_ATOM_COLUMNS = {
    "url": "link", "title": "title", "description": "summary", "text": "content", "lastmod": "updated",
    "language": "xml:lang",
}  # fmt: skip


def read_feed(
    data: bytes, name: str, where: str, form: Format
) -> tuple[list[dict[str, Any]], list[ReadReport]]:
    """Return a row for each item of a feed, and the report.

    Args:
        data: The feed.
        name: Its name in reports.
        where: Its name in errors.
        form: Its format.

    Raises:
        FormatError: Nothing in it can be read.
    """
    rows: list[dict[str, Any]] = []
    dropped: list[Dropped] = []
    notes: list[str] = [note("latest-pages-only")]
    atom = form.id == "atom"
    for item in elements(data, where, ("entry",) if atom else ("item",), notes):
        row = _atom(item) if atom else _rss(item)
        if row["url"]:
            rows.append({key: value for key, value in row.items() if value != ""} | {"source": name})
        else:
            dropped.append(Dropped(name, item.sourceline, "no address", row["title"][:60]))
    columns = _ATOM_COLUMNS if atom else _RSS_COLUMNS
    return rows, [xml_report(name, form, columns, len(rows), dropped, notes)]


def _rss(item: Any) -> dict[str, Any]:
    channel = item.getparent()
    channel = channel if child(channel, "channel") is None else child(channel, "channel")
    guid = child(item, "guid")
    own = "" if guid is None or guid.get("isPermaLink") == "false" else (guid.text or "")
    link = child_text(item, "link").strip() or own.strip()
    said = child_text(channel, "language") or child_text(channel, "language", _DUBLIN_CORE)
    url = join_url(child_text(channel, "link"), link) if link else ""
    date = child_text(item, "pubDate") or child_text(item, "date", _DUBLIN_CORE)
    return {
        "url": url,
        "title": title_of(child_text(item, "title")),
        "description": plain(child_text(item, "description")),
        "lastmod": iso_date(date),
        "language": language_tag(said.strip()),
        **read_fragment(child_text(item, "encoded", _CONTENT), url),
    }


def _atom(entry: Any) -> dict[str, Any]:
    feed = entry.getparent()
    links = [a for a in entry.iterchildren("{*}link") if a.get("rel", "alternate") == "alternate"]
    links.sort(key=lambda a: "html" not in a.get("type", "html"))
    url = normal_url(links[0].get("href", "")) if links else ""
    return {
        "url": url,
        "title": title_of(plain(_marked(entry, "title"))),
        "description": plain(_marked(entry, "summary")),
        "lastmod": iso_date(child_text(entry, "updated") or child_text(entry, "published")),
        "language": language_tag((entry.get(_LANG) or feed.get(_LANG) or "").strip()),
        **read_fragment(_marked(entry, "content"), url),
    }


def _marked(entry: Any, name: str) -> str:
    """Return a text of Atom as HTML, whichever of its three ways it is written in."""
    found = child(entry, name)
    if found is None:
        return ""
    kind = found.get("type", "text")
    if kind == "xhtml":
        return "".join(etree.tostring(part, encoding="unicode", with_tail=False) for part in found)
    text = child_text(entry, name)
    return text if kind in ("html", "text/html") else html.escape(text)
