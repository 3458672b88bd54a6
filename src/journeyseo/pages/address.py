"""Addresses in one normal form, so that one page has one key."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlencode

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
