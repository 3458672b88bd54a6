"""XML and text sitemaps: the addresses and dates in them."""

from __future__ import annotations

import gzip
import io
import zlib
from dataclasses import dataclass

from lxml import etree

from journeyseo.errors import FormatError

_MAX_BYTES = 60_000_000  # the standard allows 50 MB uncompressed


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
