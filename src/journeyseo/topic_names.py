"""Names of topics as people read them: whole phrases of the queries, in the script that most of them use."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from journeyseo.cues import phrases
from journeyseo.similarity import as_typed, plain
from journeyseo.text import to_simplified

_DENSE = "\u3041-\u30ff\u3400-\u9fff"
_BLANK = re.compile(rf"(?<=[{_DENSE}]) | (?=[{_DENSE}])")
_UPPER = re.compile(
    r"\b(ev|evs|seo|crm|erp|usb|tv|led|uk|usa|us|eu|ai|diy|faq|api|vat|pc|hvac|b2b|b2c|pos|sms|pdf|gps|nhs|mot"
    r"|wms|mrp|bom|oms|hris|lms|cms|plm|tms|pim|kpi|roi|gdpr|ppc|sku|upc|ean|fifo|lifo|iot|rfid|vpn|ssd|gpu"
    r"|cpu|hdmi|oled|suv|phd|mba|ielts|toefl|gmat)\b"
)
_BLANK_IN_HAN = re.compile(r"(?<=[\u3400-\u9fff]) +(?=[\u3400-\u9fff])")
# A phrase that extends the name, such as 全屋定制 for 全屋, is shown in its place where it is this many times
# as frequent as the name alone.
_OUTWEIGHS = 3


@dataclass(frozen=True)
class Phrase:
    """A phrase of a query.

    Attributes:
        typed: As typed.
        folded: In plain form, without blanks beside Han and kana.
        language: Language of the query.
    """

    typed: str
    folded: str
    language: str


def display(name: str) -> str:
    """Return a name as it is written in a sentence: abbreviations in capitals, no blanks between Han."""
    name = re.sub(r"\bi\b", "I", _BLANK_IN_HAN.sub("", name))
    return _UPPER.sub(lambda m: m.group().upper() if m.group() != "evs" else "EVs", name)


def find_phrases(queries: Sequence[str], languages: Sequence[str]) -> list[list[Phrase]]:
    """Return the phrases of each query between its cue words."""
    typed = phrases(queries, languages)
    folded = iter(plain([text for own in typed for text in own]))
    return [
        [Phrase(text, _folded(next(folded)), language) for text in own]
        for own, language in zip(typed, languages, strict=True)
    ]


def whole_names(names: Iterable[str], found: Iterable[Phrase]) -> set[str]:
    """Return the names in plain form that are a whole part of any of the phrases."""
    texts = {phrase.folded for phrase in found}
    return {name for name in names if _folded(name) in texts or any(map(_finder(_folded(name)), texts))}


def shown_name(
    name: str, language: str, found: Sequence[Phrase], queries: Sequence[str], letters: Mapping[str, str]
) -> str:
    """Return a topic's name for people.

    Args:
        name: The name in plain form: a query without its cue words.
        language: Language of most of the topic's queries.
        found: Phrases of the topic's queries.
        queries: The queries, those most sought first.
        letters: Traditional characters by Simplified ones (`traditional_letters`).
    """
    part = _folded(name)
    holds = _finder(part)
    count = Counter(phrase.folded for phrase in found if holds(phrase.folded))
    if not count:
        return as_typed(name, queries)
    best = min(count, key=lambda text: (-count[text], len(text), text))
    chosen = part if count[part] * _OUTWEIGHS > count[best] else best
    typed = [phrase for phrase in found if phrase.folded == chosen]
    own = [phrase.typed for phrase in typed if phrase.language == language]
    # Blanks between Han are a habit of typing; most queries do without.
    shown = Counter(own or [phrase.typed for phrase in typed]).most_common(1)[0][0]
    if own:
        return shown
    if language == "zh-Hans":
        return to_simplified(shown)
    return "".join(letters.get(c, c) for c in shown) if language == "zh-Hant" else shown


def traditional_letters(queries: Sequence[str], languages: Sequence[str]) -> dict[str, str]:
    """Return the Traditional character that is most used for each Simplified one, in these queries.

    One Simplified character may stand for several Traditional ones; the searchers' own habit decides.
    """
    count: dict[str, Counter[str]] = {}
    for query, language in zip(queries, languages, strict=True):
        if language == "zh-Hant":
            for typed, folded in zip(query, to_simplified(query), strict=True):
                if typed >= "\u3400":
                    count.setdefault(folded, Counter())[typed] += 1
    return {folded: own.most_common(1)[0][0] for folded, own in count.items()}


def _folded(text: str) -> str:
    return _BLANK.sub("", text)


def _finder(part: str) -> Callable[[str], bool]:
    """Return what says whether a part is in a text; between letters only as whole words."""
    if re.search(rf"[{_DENSE}]", part):
        return lambda text: part in text
    return lambda text: f" {part} " in f" {text} "
