"""Which addresses belong to a crawl, and which would never end."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from journeyseo.pages.likeness import Fingerprint, are_near, fingerprint

# Endings of files that hold no page; they are listed and not asked for.
_FILES = re.compile(
    r"\.(?:jpe?g|png|gif|webp|avif|svg|ico|bmp|css|m?js|map|pdf|docx?|xlsx?|pptx?|zip|gz|rar|7z|dmg|exe|apk"
    r"|mp[34]|m4[av]|webm|ogg|wav|mov|avi|woff2?|ttf|eot|xml|json|rss|atom|txt|csv)$"
)
# Longer addresses are made by scripts: browsers and servers begin to refuse them at 2,000.
_MAX_LENGTH = 2_000
# A relative link on a page that answers to any address adds its folder again and again.
_MAX_REPEATED, _MIN_SEGMENTS, _MAX_SEGMENTS = 3, 6, 24
# Addresses with one path and the same parameters, numbers aside: a shop's filters and calendars have
# more than all its pages. Those that a sitemap lists do not count.
_MAX_VARIANTS = 500
# Of one shape, after so many pages, with so many nearly like another of it, no more are asked for.
_LOOKED_AT, _ALIKE = 30, 0.9
# A shape that said something new for so long is one of real pages; it is no longer looked at.
_SETTLED = 300
_DIGITS = re.compile(r"\d+")


def is_file(url: str) -> bool:
    """Return whether an address ends as one of a file that is no page."""
    return _FILES.search(urlsplit(url).path.lower()) is not None


def shape_of(url: str) -> str:
    """Return an address with its numbers and the values of its parameters left out."""
    parts = urlsplit(url)
    names = sorted({piece.partition("=")[0] for piece in parts.query.split("&") if piece})
    shape = f"{parts.netloc}{parts.path}" + (f"?{'&'.join(names)}" if names else "")
    return _DIGITS.sub("0", shape)


def endless(url: str) -> str:
    """Return why an address is taken for one of an endless space; empty where it is not."""
    if len(url) > _MAX_LENGTH:
        return f"address of {len(url):,} signs"
    segments = [s for s in urlsplit(url).path.split("/") if s]
    if len(segments) > _MAX_SEGMENTS:
        return f"{len(segments)} folders deep"
    if len(segments) >= _MIN_SEGMENTS and max(Counter(segments).values()) >= _MAX_REPEATED:
        return "a folder repeats"
    return ""


@dataclass
class Shapes:
    """How many addresses of each shape are known, and how alike their pages are.

    Only shapes with numbers or parameters are counted: the others are one address each.
    """

    _known: Counter[int] = field(default_factory=Counter)
    _read: Counter[int] = field(default_factory=Counter)
    _alike: Counter[int] = field(default_factory=Counter)
    _prints: dict[int, list[Fingerprint]] = field(default_factory=dict)

    def admit(self, url: str) -> bool:
        """Count an address that a link leads to; return whether it is still within the bound."""
        if "?" not in url:
            return True
        key = hash(shape_of(url))
        self._known[key] += 1
        return self._known[key] <= _MAX_VARIANTS

    def note(self, url: str, text: str) -> None:
        """Note the text of a page that was read: a page is like another one but for its numbers."""
        shape = shape_of(url)
        key = hash(shape)
        if shape == _plain(url) or self._read[key] > _SETTLED:
            return
        self._read[key] += 1
        seen = self._prints.setdefault(key, [])
        found = fingerprint(_DIGITS.sub(" ", text))
        if any(found.exact == other.exact or _near(found, other) for other in seen):
            self._alike[key] += 1
        elif len(seen) < _LOOKED_AT:
            seen.append(found)

    def exhausted(self, url: str) -> bool:
        """Return whether the pages of an address's shape no longer say anything new."""
        key = hash(shape_of(url))
        read = self._read[key]
        return read >= _LOOKED_AT and self._alike[key] >= _ALIKE * read


def _near(one: Fingerprint, other: Fingerprint) -> bool:
    return one.near is not None and other.near is not None and are_near(one.near, other.near)


def _plain(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.netloc}{parts.path}"
