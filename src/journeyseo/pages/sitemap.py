"""XML and text sitemaps: the addresses and dates in them, and what a saved one says of its pages."""

from __future__ import annotations

import gzip
import io
import zlib
from dataclasses import dataclass
from typing import Any

from lxml import etree

from journeyseo.errors import FormatError
from journeyseo.languages import language_tag
from journeyseo.pages.address import normal_url
from journeyseo.pages.dates import iso_date
from journeyseo.pages.markup import child_text, elements, title_of, xml_report
from journeyseo.results import Dropped, ReadReport
from journeyseo.sheets.formats import Format

_MAX_BYTES = 60_000_000  # the standard allows 50 MB uncompressed
_NEWS = "/sitemap-news/"
_COLUMNS = {"url": "loc", "lastmod": "lastmod", "title": "news:title", "language": "xhtml:link hreflang"}


@dataclass(frozen=True)
class Sitemap:
    """What one sitemap file lists.

    Attributes:
        pages: Address and date of last change (may be empty) of each page, in order.
        sitemaps: Addresses of further sitemaps.
    """

    pages: tuple[tuple[str, str], ...]
    sitemaps: tuple[str, ...]


def is_sitemap(data: bytes) -> bool:
    """Return whether a document looks like an XML sitemap."""
    head = data[:2000].lower()
    return data.startswith(b"\x1f\x8b") or b"<urlset" in head or b"<sitemapindex" in head


def parse_sitemap(data: bytes, where: str) -> Sitemap:
    """Return what a sitemap lists: XML (index or not), gzip of it, or one address a line.

    Raises:
        FormatError: It is none of these, or unpacks to more than 60 MB.
    """
    if data.startswith(b"\x1f\x8b"):
        try:
            with gzip.open(io.BytesIO(data)) as stream:
                data = stream.read(_MAX_BYTES + 1)
        except (OSError, EOFError, zlib.error) as error:
            raise FormatError("The gzip file is damaged.", where=where) from error
    if len(data) > _MAX_BYTES:
        raise FormatError("The sitemap is larger than 60 MB.", where=where)
    if not data.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<"):
        lines = data.decode("utf-8-sig", "replace").split()
        if not lines or not all(line.lower().startswith(("http://", "https://")) for line in lines):
            raise FormatError("It is no sitemap.", where=where)
        return Sitemap(tuple((line, "") for line in lines), ())
    parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True, huge_tree=False)
    try:
        root = etree.fromstring(data.strip(), parser=parser)
    except etree.XMLSyntaxError as error:
        raise FormatError(f"The XML cannot be read: {error}.", where=where) from error
    if root is None:
        raise FormatError("The XML cannot be read.", where=where)
    pages, sitemaps = [], []
    for entry in root.iter("{*}url", "{*}sitemap"):
        place = next((e.text or "" for e in entry.iterchildren("{*}loc")), "").strip()
        changed = next((e.text or "" for e in entry.iterchildren("{*}lastmod")), "").strip()
        if place and etree.QName(entry).localname == "url":
            pages.append((place, changed[:10]))
        elif place:
            sitemaps.append(place)
    if not pages and not sitemaps:
        raise FormatError("The file lists no addresses.", where=where, hint="Is it a sitemap?")
    return Sitemap(tuple(pages), tuple(sitemaps))


def read_sitemap(
    data: bytes, name: str, where: str, form: Format
) -> tuple[list[dict[str, Any]], list[ReadReport]]:
    """Return a row for each page that a saved sitemap lists, and the report.

    A news sitemap also says the title of a page, and one with alternates its language. Titles of
    images and videos are not those of the page.

    Args:
        data: The sitemap.
        name: Its name in reports.
        where: Its name in errors.
        form: Its format.

    Raises:
        FormatError: It lists other sitemaps only, or nothing in it can be read.
    """
    rows: list[dict[str, Any]] = []
    dropped: list[Dropped] = []
    notes: list[str] = []
    index = form.id == "sitemap_index"
    for entry in elements(data, where, ("sitemap",) if index else ("url",), notes):
        place = child_text(entry, "loc").strip()
        url = normal_url(place)
        if index:
            dropped.append(Dropped(name, entry.sourceline, "another sitemap", place[:60]))
        elif url:
            rows.append(_row(entry, url) | {"source": name})
        else:
            reason = "not an address" if place else "no address"
            dropped.append(Dropped(name, entry.sourceline, reason, place[:60]))
    if index:
        raise FormatError(
            f"The file is an index of {len(dropped):,} sitemaps and lists no pages itself "
            f"(first: {', '.join(d.text for d in dropped[:3])}).",
            where=where,
            hint="Give one of those files, or the web address of the index to have all of them fetched.",
        )
    return rows, [xml_report(name, form, _COLUMNS, len(rows), dropped, notes)]


def _row(entry: Any, url: str) -> dict[str, Any]:
    news = next(entry.iterchildren("{*}news"), None)
    title = publication = published = ""
    if news is not None:
        title = title_of(child_text(news, "title", _NEWS))
        paper = next(news.iterchildren("{*}publication"), None)
        publication = "" if paper is None else child_text(paper, "language", _NEWS).strip()
        published = child_text(news, "publication_date", _NEWS)
    own = (
        link.get("hreflang", "")
        for link in entry.iterchildren("{*}link")
        if normal_url(link.get("href", "")) == url
    )
    said = next((tag for tag in own if tag.lower() != "x-default"), publication)
    texts = {
        "title": title,
        "lastmod": iso_date(child_text(entry, "lastmod")) or iso_date(published),
        "language": language_tag(said),
    }
    return {"url": url} | {key: text for key, text in texts.items() if text}
