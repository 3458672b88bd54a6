"""Which kind of content a cell asks for, and the brief's title and outline."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from journeyseo.cues import phrases
from journeyseo.similarity import as_typed, plain, terms
from journeyseo.topic_names import display
from journeyseo.touchpoints import ContentType, content_types, question_sections

# Where the primary keyword asks for no kind: the share of the queries, by weight, that must ask for one.
_VOTED = 1 / 3
_ASKED_SHOWN = 4
_QUESTION = re.compile(
    r"[?？]|^(what|how|why|when|where|who|which|can|does|do|is|are|should|will)\b|吗|嗎|什么|什麼|怎么|怎麼|如何|为什么|為什麼|多久|哪|点解|點解|とは|なぜ"
)
# A word, or two or more Han, followed by itself.
_TWICE = re.compile(r"(\b[a-z]{3,}\b|[\u3400-\u9fff]{2,6}?)(?:\s*\1)+(?![a-z])", re.IGNORECASE)
# Keywords that are a question as they stand, and the colon that would follow them in a title.
_ASKS = re.compile(
    r"^(are|is|do|does|can|should|will|how (?!to\b)|what|when|where|why|which|who)\b|[吗嗎]$", re.IGNORECASE
)
_COLON = re.compile(r"(: |：)(\S)")
# Words that lead to a place and are left over when its name is taken out.
_TO_A_PLACE = re.compile(r"\s+(in|at|near|around)\s*$|[在的]$", re.IGNORECASE)


@dataclass(frozen=True)
class Choice:
    """A kind of content, and the word of the primary keyword that asks for it; empty where none does."""

    kind: ContentType
    cue: str


@functools.cache
def word_pattern(word: str) -> re.Pattern[str]:
    """Return the pattern of a word in plain texts: whole words of letters, Han anywhere."""
    return re.compile(rf"\b{re.escape(word)}\b" if word.isascii() else re.escape(word))


def _longest(kind: ContentType, text: str) -> str:
    """Return the longest cue of a kind in a text; empty where there is none."""
    found = [cue for cue in kind.cues if word_pattern(cue).search(text)]
    return max(found, key=len, default="")


def choose_kind(stage: str, queries: Sequence[str], weights: npt.NDArray[np.float64]) -> Choice:
    """Return the kind of content that a cell asks for.

    What the primary keyword asks for is written, so that title and content are what its searchers expect.

    Args:
        stage: Canonical stage of the cell.
        queries: Its queries, the primary keyword first.
        weights: Weight of each.
    """
    kinds = [kind for kind in content_types() if kind.stage == stage] or list(content_types()[:1])
    cues = [[_longest(kind, text) for kind in kinds] for text in plain(queries)]
    size = np.array([[len(cue) for cue in own] for own in cues])
    # A query asks for the kind of its longest cue: "how long" for an answer, not "how" for a guide.
    votes = (size == size.max(axis=1, keepdims=True)) & (size > 0)
    share = (weights[:, None] * votes).sum(axis=0) / max(float(weights.sum()), 1e-9)
    allowed = votes[0] if votes[0].any() else share >= _VOTED
    best = int(np.argmax(np.round(np.where(allowed, share, -1.0), 9))) if allowed.any() else 0
    return Choice(kinds[best], cues[0][best] if votes[0][best] else "")


def is_question(text: str) -> bool:
    """Return whether a query in plain form asks something."""
    return bool(_QUESTION.search(text))


def _heading(text: str) -> str:
    return text[:1].upper() + text[1:]


def subject_of(name: str, keyword: str, language: str) -> str:
    """Return what a title is about: the phrase of the keyword that is nearest to the topic, or the topic.

    Args:
        name: The topic's name.
        keyword: The primary keyword.
        language: Its language.
    """
    text, own = plain([keyword])[0], set(terms(plain([name])[0]))
    if is_question(text) and not own.isdisjoint(terms(text)) and text.isascii():
        # What lies between the words of an English question is no phrase: "charge an ev with a plug".
        return name
    found = phrases([keyword], [language])[0]
    best = max(found, key=lambda p: (len(own & set(terms(plain([p])[0]))), len(p)), default=name)
    said = set(terms(plain([best])[0]))
    return name if said < own <= set(terms(text)) else display(best)


def working_title(choice: Choice, subject: str, keyword: str, locale: str) -> str:
    """Return a brief's working title.

    Args:
        choice: The kind, and the word that asks for it.
        subject: What it is about.
        keyword: The primary keyword.
        locale: Language of the title's words.
    """
    asked = keyword.rstrip(" ?？")
    cue = as_typed(choice.cue, [keyword])
    without = re.sub(re.escape(cue), " ", asked, count=1, flags=re.IGNORECASE) if cue else ""
    rest = _TO_A_PLACE.sub("", without)
    pattern = (choice.kind.title if cue and rest.strip() else choice.kind.general)[locale]
    title = pattern.format(
        topic=_without(subject, cue),
        keyword=display(asked),
        cue=cue.title() if cue.isascii() else cue,
        rest=display(" ".join(rest.split())),
    )
    title = said_once(title)
    if pattern.startswith("{keyword") and _ASKS.search(asked):
        title = _COLON.sub(lambda m: f"？{m[2]}" if m[1] == "：" else f"? {m[2].upper()}", title, count=1)
    return _heading(title)


def _without(subject: str, cue: str) -> str:
    """Return a subject without the Chinese word that asks for the kind, which the title says itself."""
    shorter = subject if cue.isascii() else subject.replace(cue, "", 1)
    return shorter if len(shorter) > 1 else subject


def said_once(title: str) -> str:
    """Return a title in which the keyword and the words behind it do not say one thing twice."""
    return _TWICE.sub(r"\1", title)


def outline_of(kind: ContentType, questions: Sequence[str], keyword: str, locale: str) -> list[str]:
    """Return the sections, with the questions that people type as the last one's parts."""
    mark = "？" if locale.startswith("zh") else "?"
    asked = [f"{_heading(display(q.rstrip(' ?？')))}{mark}" for q in questions if q != keyword][:_ASKED_SHOWN]
    own, sections = list(kind.outline[locale]), question_sections()
    if asked:
        return [*own, sections["asked"][locale], *(f"– {question}" for question in asked)]
    return [*own, sections["common"][locale]] if kind.questions else own
