"""Days as exports, feeds and sitemaps write them."""

from __future__ import annotations

import datetime as dt
import re
from email.utils import parsedate_to_datetime

_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?!\d)", re.ASCII)
# Longest date that is read; a date with a time and the name of a zone has 40 characters.
_MAX_LENGTH = 80


def iso_date(text: str) -> str:
    """Return the day of an ISO or an RFC 822 date; empty where it is neither.

    The day is the one that is written, whatever the zone.
    """
    text = text.strip()[:_MAX_LENGTH]
    if found := _ISO.match(text):
        try:
            return dt.date(*map(int, found.groups())).isoformat()
        except ValueError:
            return ""
    try:
        return parsedate_to_datetime(text).date().isoformat()
    except (ValueError, TypeError, IndexError, OverflowError):
        return ""
