"""Canonical stages, and the journeys that map them to the stages a team uses."""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from journeyseo.assets import asset
from journeyseo.errors import ConfigError

STAGES = ("awareness", "consideration", "decision", "retention", "advocacy", "none")
"""The canonical labels, in the order of every probability array. Source: the labelling guide."""

MAIN_STAGES = STAGES[:3]
OUTSIDE = "outside"
LANGUAGES = ("en", "zh-Hans", "zh-Hant")
"""Languages in which stage names and report texts exist."""

MIN_EXAMPLES = 3
"""Fewest example queries of a stage that shares a canonical stage with another."""

DEFAULT_JOURNEY = "three-stage"
_NAMES = {
    "awareness": {"en": "Awareness", "zh-Hans": "认知", "zh-Hant": "認知"},
    "consideration": {"en": "Consideration", "zh-Hans": "考虑", "zh-Hant": "考慮"},
    "decision": {"en": "Decision", "zh-Hans": "决策", "zh-Hant": "決策"},
    "retention": {"en": "Retention", "zh-Hans": "留存", "zh-Hant": "留存"},
    "advocacy": {"en": "Advocacy", "zh-Hans": "推荐", "zh-Hant": "推薦"},
    "none": {"en": "No journey", "zh-Hans": "不在旅程中", "zh-Hant": "不在旅程中"},
    OUTSIDE: {"en": "Outside", "zh-Hans": "旅程之外", "zh-Hant": "旅程之外"},
}


@dataclass(frozen=True)
class JourneyStage:
    """One stage of a journey.

    Attributes:
        key: Stable name, used in tables and files.
        canonical: The canonical stages that it takes in.
        names: Display name per language.
        examples: Queries that it takes in. Needed where it shares a canonical stage with another, from
            which they tell it.
    """

    key: str
    canonical: tuple[str, ...]
    names: Mapping[str, str]
    examples: tuple[str, ...] = ()

    def display(self, language: str = "en") -> str:
        """Return the name in a language, else in English, else the key."""
        return self.names.get(language) or self.names.get("en") or self.key


@dataclass(frozen=True)
class Journey:
    """The stages that a team uses, and what falls outside them.

    Attributes:
        name: Name of the journey.
        stages: Its stages, in the order in which they are shown. The order means nothing else:
            people enter, leave, skip and loop anywhere.
    """

    name: str
    stages: tuple[JourneyStage, ...]

    def __post_init__(self) -> None:
        keys = [stage.key for stage in self.stages]
        for key in keys:
            if keys.count(key) > 1 or key == OUTSIDE:
                raise ConfigError(
                    f"There can be no stage with the key {key!r}"
                    f"{' twice' if key != OUTSIDE else ', which stands for all other stages'}.",
                    where=f"journey {self.name}",
                    hint="Give each stage a key of its own.",
                )
        for stage in self.stages:
            for label in stage.canonical:
                if label not in STAGES:
                    raise ConfigError(
                        f"Stage {stage.key!r} takes in {label!r}, which is no canonical stage.",
                        where=f"journey {self.name}",
                        hint=f"Use: {', '.join(STAGES)}.",
                    )
            if len(set(stage.canonical)) < len(stage.canonical):
                raise ConfigError(
                    f"Stage {stage.key!r} takes in one canonical stage twice.", where=f"journey {self.name}"
                )
        for label, sharing in self.splits.items():
            for stage in sharing:
                if len(set(stage.examples)) < MIN_EXAMPLES:
                    others = ", ".join(repr(s.key) for s in sharing if s is not stage)
                    raise ConfigError(
                        f"Stages {stage.key!r} and {others} all take in {label!r}, and {stage.key!r} has "
                        f"{len(set(stage.examples))} examples.",
                        where=f"journey {self.name}",
                        hint=f"Give each of them a list named examples, of {MIN_EXAMPLES} queries at least, "
                        "better twenty; or give each canonical stage to one stage of the journey.",
                    )

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys of the stages, in order."""
        return tuple(stage.key for stage in self.stages)

    @property
    def splits(self) -> dict[str, tuple[JourneyStage, ...]]:
        """The canonical stages that several stages of the journey share, with those stages."""
        sharing = {label: tuple(s for s in self.stages if label in s.canonical) for label in STAGES}
        return {label: stages for label, stages in sharing.items() if len(stages) > 1}

    def stages_of(self, canonical: str) -> tuple[str, ...]:
        """Return the journey stages of a canonical stage; ``outside`` alone where it has none."""
        return tuple(s.key for s in self.stages if canonical in s.canonical) or (OUTSIDE,)

    def to_list(self) -> list[dict[str, Any]]:
        """Return the stages as plain data for JSON, in order."""
        return [
            {
                "key": s.key,
                "canonical": list(s.canonical),
                "names": dict(s.names),
                "examples": list(s.examples),
            }
            for s in self.stages
        ]

    def display(self, key: str, language: str = "en") -> str:
        """Return the display name of a stage of this journey, or of ``outside``."""
        for stage in self.stages:
            if stage.key == key:
                return stage.display(language)
        return display_name(key, language)


def share_column(key: str) -> str:
    """Return the name of the column with the probability of a journey's stage.

    Tables have such columns where stages of the journey share a canonical stage; elsewhere the
    probabilities of the canonical stages say as much.
    """
    return f"share_{key}"


def display_name(stage: str, language: str = "en") -> str:
    """Return the display name of a canonical stage (or ``outside``)."""
    names = _NAMES.get(stage, {})
    return names.get(language) or names.get("en") or stage


def _parse(raw: Mapping[str, Any], where: str) -> Journey:
    rows = raw.get("stage")
    if not isinstance(rows, list) or not rows:
        raise ConfigError(
            "The journey has no [[stage]] tables.",
            where=where,
            hint="Write one [[stage]] with key, canonical and names for each stage.",
        )
    stages = []
    for row in rows:
        if not isinstance(row, dict) or not isinstance(row.get("names", {}), dict):
            raise ConfigError(f"A stage must be a table with names per language, found {row!r}.", where=where)
        key, canonical = row.get("key"), row.get("canonical")
        if not isinstance(key, str) or not isinstance(canonical, list) or not canonical:
            raise ConfigError(f"A stage needs a key and a list named canonical, found {row!r}.", where=where)
        names, examples = row.get("names", {}), row.get("examples", [])
        if not isinstance(examples, list) or not all(isinstance(e, str) and e.strip() for e in examples):
            raise ConfigError(
                f"The examples of stage {key!r} must be a list of queries, found {examples!r}.", where=where
            )
        stages.append(JourneyStage(key, tuple(canonical), dict(names), tuple(examples)))
    return Journey(str(raw.get("name", Path(where).stem)), tuple(stages))


@functools.cache
def journey_names() -> tuple[str, ...]:
    """Return the names of the journeys that come with the package."""
    return tuple(sorted(p.stem for p in asset("data", "journeys").glob("*.toml")))


def load_journey(name_or_path: str | Path | Journey = DEFAULT_JOURNEY) -> Journey:
    """Return a journey by its name, or read one from a TOML file.

    Args:
        name_or_path: A shipped journey's name (see `journey_names`), a TOML file, or a journey,
            which is returned as it is.

    Raises:
        ConfigError: There is no such journey, or the file is wrong.
    """
    if isinstance(name_or_path, Journey):
        return name_or_path
    path = Path(name_or_path)
    if path.suffix != ".toml":
        if str(name_or_path) not in journey_names():
            raise ConfigError(
                f"There is no journey named {str(name_or_path)!r}.",
                hint=f"Use one of {', '.join(journey_names())}, or the path of a TOML file.",
            )
        path = asset("data", "journeys", f"{name_or_path}.toml")
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(f"The journey cannot be read: {error.strerror}.", where=str(path)) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"The journey is not valid TOML: {error}.", where=str(path)) from error
    return _parse(raw, str(path))
