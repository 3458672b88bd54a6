"""What a user must know of entries that found nothing, in the report's languages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_TEXTS = {
    "no-query": {
        "en": "{entry}: no query of a topic matches {items}",
        "zh-Hans": "{entry}：没有属于主题的查询与{items}相符",
        "zh-Hant": "{entry}：沒有屬於主題的查詢與{items}相符",
    },
    "no-topic": {
        "en": "{entry}: there is no topic {items}",
        "zh-Hans": "{entry}：没有主题{items}",
        "zh-Hant": "{entry}：沒有主題{items}",
    },
    "alike": {
        "en": "{entry}: queries that fit another entry just as well stay with that one: {items}",
        "zh-Hans": "{entry}：有些查询同样符合另一条目，归入那一条目：{items}",
        "zh-Hant": "{entry}：有些查詢同樣符合另一條目，歸入那一條目：{items}",
    },
}
# Items that a note names; the rest is counted.
_SHOWN = 10


def topic_note_text(note: Mapping[str, Any], language: str = "en") -> str:
    """Return a note on an entry (``provenance["topic_edits"]["notes"]``) in words."""
    left, right, comma = ("“", "”", ", ") if language == "en" else ("「", "」", "、")
    items = [f"{left}{item}{right}" for item in note["items"]]
    more = f"{comma}+ {len(items) - _SHOWN}" if len(items) > _SHOWN else ""
    text = _TEXTS[note["code"]][language]
    return text.format(entry=note["entry"], items=comma.join(items[:_SHOWN]) + more)
