"""Themes: topics most of whose queries share a word or phrase, named by it."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from journeyseo.similarity import DENSE, terms

# A topic has a word that at least so many of its queries have.
_MOST = 0.5
# A word that more of all topics have than this, and more than a few, is the subject of the whole map.
_GENERAL, _FEW = 0.5, 3
# The shared word grows into a phrase while so many of its places go on alike: "pump" into "heat pump".
_WHOLE = 0.8
_TOKEN = re.compile(rf"[{DENSE}]|[^\W_{DENSE}]+")


def shared_phrases(topics: Mapping[int, Sequence[str]]) -> dict[int, str]:
    """Return the phrase of the theme of each topic that has one with others.

    A theme is made of two topics or more, in each of which most queries have one word that is not the
    subject of the whole map. The word that most topics share comes first. The order of topics and queries
    plays no part.

    Args:
        topics: The subjects of each topic's queries, in plain form.
    """
    holders: dict[str, dict[int, float]] = defaultdict(dict)
    for key, subjects in topics.items():
        for term, share in _shares(subjects).items():
            holders[term][key] = share
    limit = max(_FEW, _GENERAL * len(topics))
    left = {term: own for term, own in holders.items() if 2 <= len(own) <= limit}
    found: dict[int, str] = {}
    while left:
        # Rounded: the order of a sum must not decide.
        term = min(left, key=lambda t: (-round(sum(left[t].values()), 6), t))
        members = left.pop(term)
        found |= dict.fromkeys(members, _grown(term, [topics[key] for key in members]))
        free = {t: {k: s for k, s in own.items() if k not in members} for t, own in left.items()}
        left = {t: own for t, own in free.items() if len(own) >= 2}
    return found


def _shares(subjects: Sequence[str]) -> dict[str, float]:
    """Return the terms that most of a topic's subjects have, with their share."""
    count = Counter(term for subject in subjects for term in set(terms(subject)))
    return {term: n / len(subjects) for term, n in count.items() if n >= _MOST * len(subjects)}


@dataclass(frozen=True)
class _Place:
    """Where a phrase stands: some neighbouring words of a subject, with the place's weight."""

    text: str
    words: tuple[re.Match[str], ...]
    start: int
    end: int
    weight: float = 1.0

    def word(self, at: int) -> str | None:
        """Return a word as words are compared."""
        return terms(self.words[at].group())[0] if 0 <= at < len(self.words) else None

    def grown(self, side: int) -> _Place:
        """Return the place with the next word on its left (-1) or right (1) side."""
        return replace(self, start=self.start - 1) if side < 0 else replace(self, end=self.end + 1)

    def typed(self) -> str:
        """Return the phrase as it stands there."""
        return self.text[self.words[self.start].start() : self.words[self.end - 1].end()]


def _places(subject: str, term: str) -> list[_Place]:
    """Return where a term stands in a subject."""
    words = tuple(_TOKEN.finditer(subject))
    size = len(_TOKEN.findall(term))
    places = [_Place(subject, words, start, start + size) for start in range(len(words) - size + 1)]
    return [place for place in places if terms(place.typed())[:1] == [term]]


def _grown(term: str, topics: Sequence[Sequence[str]]) -> str:
    """Return a term with the words around it that nearly all its places share, as most often written."""
    places: list[_Place] = []
    for subjects in topics:
        own = [place for subject in subjects for place in _places(subject, term)]
        # A topic of many queries must not lend its own words to the others.
        places += [replace(place, weight=1 / len(own)) for place in own]
    grows = True
    while grows:
        grows = False
        for side in (-1, 1):
            votes: dict[str | None, float] = defaultdict(float)
            for place in places:
                votes[place.word(place.start - 1 if side < 0 else place.end)] += place.weight
            best = min((w for w in votes if w), key=lambda w: (-round(votes[w], 6), w), default=None)
            if best is not None and votes[best] >= _WHOLE * len(topics):
                places = [
                    place.grown(side)
                    for place in places
                    if place.word(place.start - 1 if side < 0 else place.end) == best
                ]
                grows = True
    written: dict[str, float] = defaultdict(float)
    for place in places:
        written[place.typed()] += place.weight
    return min(written, key=lambda text: (-round(written[text], 6), text))
