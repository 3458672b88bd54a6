"""What the words of a page tell: how many there are, their language, and whether they name a price."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

# So much of the text as says its language; a longer sample no longer changes what is found.
_SAMPLE = 2_000

# The signs after a number also begin other words: 元素 (element), 元件 (part), 円形 (round), 円周
# (circumference), 원소 (element), 원칙 (principle), 원색 (primary colour).
_PRICE = re.compile(
    r"(?:(?:US|NT|HK|A|C|S)?\$|[€£¥￥₹₩￦]|\b(?:USD|EUR|GBP|NTD|TWD|HKD|RMB))\s?\d"
    r"|\d[\d,.]*\s?(?:€|£|元(?![素件])|円(?![形周])|원(?![소칙색])|zł|₽|\bUSD\b|\bEUR\b|\bGBP\b)"
)
_DENSE = re.compile(r"[\u3041-\u30ff\u3400-\u9fff\uf900-\ufaff]")
_LATIN_WORD = re.compile(r"[^\W_\u3041-\u30ff\u3400-\u9fff\uf900-\ufaff]+")


def count_words(text: str) -> int:
    """Return the number of words; a Han or kana character counts as half a word."""
    return len(_LATIN_WORD.findall(text)) + len(_DENSE.findall(text)) // 2


def is_long(text: str) -> bool:
    """Return whether a text is so long that its parts may be about different things.

    300 words, or 800 Han or kana characters, or in proportion of both.
    """
    return len(_LATIN_WORD.findall(text)) / 300 + len(_DENSE.findall(text)) / 800 >= 1


def names_price(text: str) -> bool:
    """Return whether a text names a price."""
    return _PRICE.search(text) is not None


def language_sample(row: Mapping[Any, Any]) -> str:
    """Return the words of a row of the pages table that its language is found by."""
    parts = [row.get(name) for name in ("title", "description", "h1", "text")]
    return "\n".join(part[:_SAMPLE] for part in parts if isinstance(part, str) and part)
