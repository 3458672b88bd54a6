"""What if: the gaps and suggestions of a finished map with other options, without classifying again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from journeyseo.coverage import Coverage
from journeyseo.errors import ConfigError, InputError
from journeyseo.findings import check_pages
from journeyseo.gaps import find_gaps
from journeyseo.planning import apply_plan
from journeyseo.results import JourneyMap
from journeyseo.sections import also_serves
from journeyseo.segments import segment_cells
from journeyseo.stages import OUTSIDE, Journey, JourneyStage, load_journey, share_column
from journeyseo.striking_distance import find_striking_distance
from journeyseo.suggest import score_weights, suggest_content
from journeyseo.tables import PLAN

# Names that a message lists of those that could have been meant.
_SHOWN = 20


def what_if(
    journey_map: JourneyMap,
    *,
    weights: Mapping[str, float] | None = None,
    journey: str | Path | Journey | None = None,
    target_position: int | None = None,
) -> JourneyMap:
    """Return a map with its gaps and suggestions found again under other options.

    Queries, pages, topics and coverage stay as they are, and so does what planners decided. What is not
    given stays as in the map.

    Args:
        journey_map: A map, also one that was saved and loaded.
        weights: Weights of parts of the score, by name: demand, certainty, ease, stage, severity.
        journey: Name of a journey, a TOML file or a `Journey`.
        target_position: Position at which expected clicks are estimated, of suggestions and of queries within
            striking distance, 1 to 10.

    Raises:
        ConfigError: There is no such journey or part of the score, or a value is out of range.
        InputError: The map does not hold how its pages fit its queries.
    """
    options = journey_map.provenance["options"]
    position = options["target_position"] if target_position is None else target_position
    if not 1 <= position <= 10:
        raise ConfigError(f"The target position {position} is not one of 1 to 10.")
    weights = score_weights({**options["weights"], **(weights or {})})
    chosen = journey_of(journey_map) if journey is None else load_journey(journey)
    keywords, pages, sections = journey_map.keywords, journey_map.pages, journey_map.sections
    if journey is not None:
        keywords, pages, sections = (_under(table, chosen) for table in (keywords, pages, sections))
        pages["also_serves"] = also_serves(pages, sections)
    inside = keywords[keywords["topic"].notna()].reset_index(drop=True)
    coverage = _coverage(journey_map, inside)
    cells = find_gaps(inside, pages, coverage, chosen, sections=sections)
    segments = segment_cells(inside, pages, coverage, chosen, journey_map.query_segments, sections=sections)
    suggestions = suggest_content(
        inside,
        pages,
        journey_map.topics,
        cells,
        coverage,
        chosen,
        target_position=position,
        weights=weights,
    )
    findings = check_pages(inside, pages, coverage, chosen, query_pages=journey_map.query_pages)
    near = find_striking_distance(keywords, coverage.table, target_position=position)
    work, closed = apply_plan(suggestions, _plan(journey_map))
    provenance = {
        **journey_map.provenance,
        "journey": chosen.name,
        "stages": chosen.to_list(),
        "options": {**options, "target_position": position, "weights": dict(weights)},
    }
    return replace(
        journey_map,
        keywords=keywords,
        pages=pages,
        sections=sections,
        cells=cells,
        suggestions=work,
        closed=closed,
        findings=findings,
        segments=segments,
        striking_distance=near,
        provenance=provenance,
    )


def journey_of(journey_map: JourneyMap) -> Journey:
    """Return the journey that a map was made with."""
    stages = journey_map.provenance["stages"]
    return Journey(
        str(journey_map.provenance["journey"]),
        tuple(
            JourneyStage(s["key"], tuple(s["canonical"]), s["names"], tuple(s["examples"])) for s in stages
        ),
    )


def _under(table: pd.DataFrame, journey: Journey) -> pd.DataFrame:
    """Return staged queries, pages or sections with the stages of another journey."""
    if journey.splits:
        raise ConfigError(
            f"The journey {journey.name!r} tells stages apart by examples, for which queries must be read "
            "again.",
            hint="Make the map again with it: journeyseo map --journey.",
        )
    keys = [*journey.keys, OUTSIDE]
    found = [journey.stages_of(stage)[0] for stage in table["stage"]]
    table = table[[name for name in table if not str(name).startswith(share_column(""))]]
    return table.assign(journey_stage=pd.Categorical(found, categories=keys))


def _coverage(journey_map: JourneyMap, inside: pd.DataFrame) -> Coverage:
    if journey_map.fit is None or journey_map.topic_fit is None:
        raise InputError(
            "The map does not hold how its pages fit its queries.", hint="Make it again with map_journey."
        )
    topics = tuple(sorted(inside["topic"].unique()))
    return Coverage(journey_map.coverage, journey_map.fit, journey_map.topic_fit.toarray(), topics)


def _plan(journey_map: JourneyMap) -> pd.DataFrame:
    """Return the plan that a map was given, those rows too in which nothing was decided."""
    decided = journey_map.decisions
    others = sorted(set(journey_map.listed) - set(decided["id"]))
    return PLAN.conform(pd.concat([decided, PLAN.conform(pd.DataFrame({"id": others}))], ignore_index=True))


def suggestion_changes(before: JourneyMap, after: JourneyMap) -> pd.DataFrame:
    """Return the suggestions of a map with their rank in another one.

    Args:
        before: The map to compare with.
        after: The map whose suggestions are wanted.

    Returns:
        The suggestions table with ``rank_before`` (missing where it is new) and ``moved`` (places up;
        negative down). ``attrs["left"]`` holds those of `before` that are not in it, as id and title.
    """
    ranks = before.suggestions.set_index("id")["rank"]
    table = after.suggestions.copy()
    table["rank_before"] = table["id"].map(ranks).astype("Int64")
    table["moved"] = table["rank_before"] - table["rank"]
    left = before.suggestions[~before.suggestions["id"].isin(table["id"])]
    table.attrs["left"] = list(zip(left["id"], left["title"], strict=True))
    return table


def gap_changes(before: JourneyMap, after: JourneyMap) -> pd.DataFrame:
    """Return the gaps and weak cells of a map with their status in another one.

    Args:
        before: The map to compare with, of the same topics.
        after: The map whose gaps are wanted.

    Returns:
        The open cells by deficit, with ``topic_name``, ``language`` and ``status_before``: that of the cell
        of the same canonical stages; missing where the other journey has none.
        ``attrs["left"]`` holds the gaps of `before` at a stage of its journey that are none any more,
        as topic and stage.
    """
    names, languages = (after.topics.set_index("topic")[column] for column in ("name", "language"))
    older = _by_stages(before)
    table = after.gaps.reset_index(drop=True)
    table.insert(1, "topic_name", table["topic"].map(names))
    table.insert(2, "language", table["topic"].map(languages))
    places = _canonical(after)
    cells = [(t, places[s]) for t, s in zip(table["topic"], table["journey_stage"].astype(str), strict=True)]
    table["status_before"] = pd.Series([older.get(cell) for cell in cells], dtype="str")
    still = set(cells)
    display = {tuple(s.canonical): s.key for s in journey_of(before).stages}
    table.attrs["left"] = [
        (names[topic], display[stages])
        for (topic, stages), status in older.items()
        if stages in display and status in ("gap", "weak") and (topic, stages) not in still
    ]
    return table


def _canonical(journey_map: JourneyMap) -> dict[str, tuple[str, ...]]:
    """Return the canonical stages of each stage of a map's journey."""
    return {s.key: tuple(s.canonical) for s in journey_of(journey_map).stages} | {OUTSIDE: ()}


def _by_stages(journey_map: JourneyMap) -> dict[tuple[str, tuple[str, ...]], str]:
    """Return the status of each cell by topic and canonical stages."""
    places = _canonical(journey_map)
    cells = journey_map.cells
    keys = zip(cells["topic"], cells["journey_stage"].astype(str), strict=True)
    return {(t, places[s]): str(v) for (t, s), v in zip(keys, cells["status"], strict=True)}


def pick(
    table: pd.DataFrame,
    journey_map: JourneyMap,
    *,
    stages: Sequence[str] = (),
    topics: Sequence[str] = (),
    languages: Sequence[str] = (),
    limit: int | None = None,
) -> pd.DataFrame:
    """Return the rows of gaps or suggestions that are asked for; all where nothing is.

    Args:
        table: Gaps or suggestions, with ``topic``, ``journey_stage`` and ``language``.
        journey_map: Their map.
        stages: Keys or display names of stages, ``outside`` among them.
        topics: Keys or names of topics.
        languages: Languages.
        limit: Most rows, the first ones.

    Raises:
        ConfigError: The map has no such stage, topic or language.
    """
    stage_words = {OUTSIDE: [OUTSIDE]}
    for stage in journey_of(journey_map).stages:
        stage_words[stage.key] = [stage.key, *stage.names.values()]
    named = zip(journey_map.topics["topic"], journey_map.topics["name"], strict=True)
    topic_words = {str(key): [str(name), str(key)] for key, name in named}
    languages_known = map(str, journey_map.keywords["language"].dropna().unique())
    spoken = {language: [language] for language in languages_known}
    kept = np.ones(len(table), bool)
    for column, wanted, words in (
        ("journey_stage", stages, stage_words),
        ("topic", topics, topic_words),
        ("language", languages, spoken),
    ):
        if wanted:
            kept &= table[column].astype(str).isin(_meant(column, wanted, words)).to_numpy()
    found = table[kept]
    return found if limit is None else found.head(limit)


def _meant(column: str, wanted: Sequence[str], words: Mapping[str, Sequence[str]]) -> set[str]:
    """Return the keys that some words mean; the first word of each key is the one to show."""
    found: set[str] = set()
    for word in wanted:
        keys = {k for k, some in words.items() if word.casefold() in {w.casefold() for w in some}}
        if not keys:
            what = column.rpartition("_")[2]
            names = sorted(some[0] for some in words.values())
            more = ", ..." if len(names) > _SHOWN else ""
            raise ConfigError(
                f"The map has no {what} {word!r}.", hint=f"It has: {', '.join(names[:_SHOWN])}{more}."
            )
        found |= keys
    return found
