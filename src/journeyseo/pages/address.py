"""Addresses in one normal form, so that one page has one key."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlencode, urlsplit

import ada_url

_TRACKING = re.compile(
    r"^(utm_\w+|gclid|gbraid|wbraid|fbclid|msclkid|yclid|dclid|mc_[ce]id|igshid|_ga|_gl|ref_src|spm)$"
)


def normal_url(url: str) -> str:
    """Return an http(s) address in its normal form; the empty string for anything else.

    By the WHATWG rules, without fragment and tracking parameters, other parameters sorted.
    """
    try:
        parsed = ada_url.URL(url.strip())
    except ValueError:
        return ""
    if parsed.protocol not in ("http:", "https:") or not parsed.hostname:
        return ""
    parsed.hash = ""
    parsed.username = parsed.password = ""
    if parsed.search:
        pairs = parse_qsl(parsed.search[1:], keep_blank_values=True)
        kept = sorted((k, v) for k, v in pairs if not _TRACKING.match(k.lower()))
        parsed.search = urlencode(kept)
    return str(parsed.href).rstrip("?")


def join_url(base: str, link: str) -> str:
    """Return the address that a link leads to, in its normal form; empty where it is none.

    Args:
        base: Address that the link stands on; where it is no address, only whole ones are known.
        link: The link as written.
    """
    try:
        return normal_url(ada_url.join_url(base, link.strip()))
    except ValueError:
        return normal_url(link)


def site_of(url: str) -> str:
    """Return scheme and host of an address."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
