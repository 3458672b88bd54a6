"""Addresses in one normal form, so that one page has one key."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlencode, urlsplit

import ada_url

# Parameters that say where a visitor came from or who it is; a page is the same without them.
_TRACKING = re.compile(
    r"^(utm_\w+|gclid|gbraid|wbraid|fbclid|msclkid|yclid|dclid|mc_[ce]id|igshid|_ga|_gl|ref_src|spm"
    r"|gclsrc|gad_source|gad_campaignid|srsltid|twclid|ttclid|li_fat_id|mkt_tok|_hsenc|_hsmi|_openstat"
    r"|vero_id|oly_(?:anon|enc)_id|(?:pk|mtm)_(?:campaign|kwd|keyword|source|medium|content|cid)"
    r"|phpsessid|jsessionid|aspsessionid\w*|cfid|cftoken)$"
)
_SESSION = re.compile(r";jsessionid=[^/?#;]*", re.IGNORECASE)


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
    if ";" in parsed.pathname:
        parsed.pathname = _SESSION.sub("", parsed.pathname)
    if parsed.search:
        parsed.search = _query(parsed.search[1:])
    return str(parsed.href).rstrip("?")


def _query(text: str) -> str:
    """Return the parameters that make a page another one, sorted, each sign escaped in one way."""
    try:
        pairs = parse_qsl(text, keep_blank_values=True, errors="strict")
    except UnicodeDecodeError:
        # Escapes of another encoding, such as GBK: read as UTF-8 they would become another address.
        pieces = (piece for piece in text.split("&") if piece)
        return "&".join(sorted(p for p in pieces if not _TRACKING.match(p.partition("=")[0].lower())))
    return urlencode(sorted((k, v) for k, v in pairs if not _TRACKING.match(k.lower())))


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
