"""The catalogues that suggestions are made of: content types, touchpoints, concerns, weights."""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from journeyseo.assets import asset
from journeyseo.stages import LANGUAGES
from journeyseo.text import to_simplified


@dataclass(frozen=True)
class ContentType:
    """A kind of content.

    Attributes:
        id: Stable name.
        stage: Canonical stage that it serves.
        names: Display name per language.
        cues: Words of queries that ask for it, in Simplified characters.
        schema: schema.org type.
        touchpoint: Id of its touchpoint.
        title: Working title per language where the primary keyword asks for this kind; its holes are
            explained in the file.
        general: The same where it does not.
        outline: Sections per language.
        questions: Whether it ends with questions.
        call: Call to action per language.
    """

    id: str
    stage: str
    names: Mapping[str, str]
    cues: tuple[str, ...]
    schema: str
    touchpoint: str
    title: Mapping[str, str]
    general: Mapping[str, str]
    outline: Mapping[str, tuple[str, ...]]
    questions: bool
    call: Mapping[str, str]


@dataclass(frozen=True)
class Touchpoint:
    """A place where people meet an organisation.

    Attributes:
        id: Stable name.
        names: Display name per language.
        channel: Channels, per language.
        owner: Department that usually owns it, per language.
        kpi: What to measure, per language.
        stages: Canonical stages that it serves.
    """

    id: str
    names: Mapping[str, str]
    channel: Mapping[str, str]
    owner: Mapping[str, str]
    kpi: Mapping[str, str]
    stages: tuple[str, ...]


@dataclass(frozen=True)
class Concern:
    """A worry that queries show.

    Attributes:
        id: Stable name.
        names: In words, per language.
        words: Words of queries that show it.
    """

    id: str
    names: Mapping[str, str]
    words: tuple[str, ...]


@dataclass(frozen=True)
class Scoring:
    """How suggestions are ranked, and how clicks are estimated.

    Attributes:
        weights: Weight of each part of the score.
        stage: Value of each canonical stage, 0 to 1.
        ctr: Click-through rate of positions 1 to 10.
        ctr_source: Where the rates come from.
    """

    weights: Mapping[str, float]
    stage: Mapping[str, float]
    ctr: tuple[float, ...]
    ctr_source: str


def _load(*parts: str) -> dict[str, Any]:
    return tomllib.loads(asset("data", *parts).read_text(encoding="utf-8"))


@functools.cache
def content_types() -> tuple[ContentType, ...]:
    """Return the kinds of content, in the order of the file."""
    return tuple(
        ContentType(
            row["id"],
            row["stage"],
            row["names"],
            # Plain texts are compared, in which Japanese characters are folded as Traditional ones are.
            tuple(dict.fromkeys(map(to_simplified, row["cues"]))),
            row["schema"],
            row["touchpoint"],
            row["title"],
            row.get("general", row["title"]),
            {k: tuple(v) for k, v in row["outline"].items()},
            row.get("questions", False),
            row["call"],
        )
        for row in _load("content-types", "content-types.toml")["type"]
    )


@functools.cache
def question_sections() -> Mapping[str, Mapping[str, str]]:
    """Return the heading of a brief's questions, per language: ``asked`` by people, and ``common``."""
    found: Mapping[str, Mapping[str, str]] = _load("content-types", "content-types.toml")["questions"]
    return found


@functools.cache
def touchpoints() -> Mapping[str, Touchpoint]:
    """Return the touchpoints by id."""
    words = _load("touchpoints", "words.toml")
    return {
        key: Touchpoint(
            key,
            row["names"],
            _named(row["channel"], words["channel"]),
            _named(row["owner"], words["owner"]),
            row["kpi"],
            tuple(row["stages"]),
        )
        for key, row in _load("touchpoints", "touchpoints.toml").items()
    }


def _named(english: str, words: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """Return names that stand in a list, in every language."""
    parts = english.split(", ")
    return {
        language: (", " if language == "en" else "、").join(
            words.get(part, {}).get(language, part) for part in parts
        )
        for language in LANGUAGES
    }


@functools.cache
def concerns() -> tuple[Concern, ...]:
    """Return the concerns."""
    return tuple(
        Concern(key, row["names"], tuple(row["words"]))
        for key, row in _load("scoring", "concerns.toml").items()
    )


@functools.cache
def scoring() -> Scoring:
    """Return the weights of the score and the click-through rates."""
    weights, ctr = _load("scoring", "weights.toml"), _load("scoring", "ctr.toml")
    return Scoring(weights["weights"], weights["stage"], tuple(ctr["ctr"]), ctr["source"])
