"""Names of topics as people read them: whole phrases of the queries, in the script that most of them use."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from journeyseo.cues import phrases
from journeyseo.similarity import as_typed, plain
from journeyseo.text import to_simplified

_DENSE = "\u3041-\u30ff\u3400-\u9fff"
_BLANK = re.compile(rf"(?<=[{_DENSE}]) | (?=[{_DENSE}])")
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


def find_phrases(queries: Sequence[str], languages: Sequence[str]) -> list[list[Phrase]]:
    """Return the phrases of each query between its cue words."""
    out = []
    for query, language in zip(queries, languages, strict=True):
        typed = phrases(query, language)
        out.append([Phrase(t, _folded(f), language) for t, f in zip(typed, plain(typed), strict=True)])
    return out


def stands_in(name: str, found: Iterable[Phrase]) -> bool:
    """Return whether a name in plain form is a whole part of any of the phrases."""
    part = _folded(name)
    return any(_within(part, phrase.folded) for phrase in found)


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
    count = Counter(phrase.folded for phrase in found if _within(part, phrase.folded))
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


def _within(part: str, whole: str) -> bool:
    """Return whether a part is in a text; between letters only as whole words."""
    if re.search(rf"[{_DENSE}]", part):
        return part in whole
    return f" {part} " in f" {whole} "
