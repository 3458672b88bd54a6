"""Segments of the demand, by a column of the exports or by persona, and the cells of each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from journeyseo.countries import country_code
from journeyseo.coverage import Coverage
from journeyseo.demand import demand_in
from journeyseo.errors import ConfigError
from journeyseo.gaps import find_gaps, stage_totals
from journeyseo.keywords.kept import KeptColumns, columns_seen, own_column, spelled
from journeyseo.personas import Persona
from journeyseo.phrases import any_phrase, fold
from journeyseo.sheets.formats import header_key
from journeyseo.stages import OUTSIDE, Journey
from journeyseo.tables import KEYWORDS, QUERY_SEGMENTS, SEGMENTS

BY_PERSONA = "persona"

MAX_SEGMENTS = 60
"""Most segments that a column may have. No report shows more, and a column of more is seldom one of
segments: identifiers, addresses, numbers."""

_KEY = ["query", "language", "country"]


@dataclass(frozen=True)
class Segmentation:
    """By what the demand is told apart.

    Attributes:
        by: A column of the exports, or ``persona``.
        personas: The personas, where it is by these.
    """

    by: str
    personas: tuple[Persona, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that must be kept when the exports are read."""
        if not self.personas:
            return (self.by,)
        return tuple(dict.fromkeys(name for persona in self.personas for name in persona.columns))

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain data for JSON."""
        return {"by": self.by, "personas": [persona.to_dict() for persona in self.personas]}


def choose_segmentation(by: str | None, personas: Sequence[Persona] = ()) -> Segmentation | None:
    """Return by what the demand is to be told apart; None where it is not.

    Args:
        by: A column of the exports, or ``persona``.
        personas: Personas; given, they are what it is told apart by.

    Raises:
        ConfigError: Both a column and personas are given.
    """
    if personas:
        if by is not None and header_key(by) != BY_PERSONA:
            raise ConfigError(
                f"The demand can be told apart by {by!r} or by personas, not by both.",
                hint="Leave one of them out. A persona can name values of columns: see docs/cli.md.",
            )
        return Segmentation(BY_PERSONA, tuple(personas))
    return None if by is None else Segmentation(by.strip())


def assign_segments(keywords: pd.DataFrame, segmentation: Segmentation) -> pd.DataFrame:
    """Return the segments of each query.

    A query that has several values in the column stands in each of these segments with its own numbers
    there. One of several personas stands in each with all its numbers and an equal share.

    Args:
        keywords: What `read_keywords` returned, with the columns kept that are asked for.
        segmentation: By what.

    Returns:
        One row a query and segment: query, language, country, segment (empty where the query is in
        none), volume, impressions and share (of these numbers, 0 to 1).

    Raises:
        ConfigError: There is no such column, or it has no values, or more than `MAX_SEGMENTS`.
    """
    if segmentation.personas:
        return _by_personas(keywords, segmentation.personas)
    values = _values(keywords, segmentation.by)
    found = sorted(set(values["value"]) - {""}, key=lambda text: (header_key(text), text))
    if not found:
        raise ConfigError(
            f"No query has a value in the column {segmentation.by!r}.", hint=f"{_seen(keywords)}."
        )
    if len(found) > MAX_SEGMENTS:
        raise ConfigError(
            f"The column {segmentation.by!r} has {len(found):,} different values, "
            f"such as {found[0][:60]!r} and {found[1][:60]!r}: too many for segments.",
            hint=f"Choose a column with at most {MAX_SEGMENTS} values. {_seen(keywords)}.",
        )
    order = {text: place for place, text in enumerate([*found, ""])}
    return (
        values.rename(columns={"value": "segment"})
        .assign(share=1.0)
        .sort_values("segment", key=lambda texts: texts.map(order), kind="stable", ignore_index=True)
    )


def _values(keywords: pd.DataFrame, column: str) -> pd.DataFrame:
    """Return the values of a column, one row a query and value."""
    kept: KeptColumns | None = keywords.attrs.get("kept")
    names = {header_key(name): name for name in (kept.table["column"].unique() if kept is not None else ())}
    if kept is not None and (name := names.get(header_key(column))) is not None:
        rows: pd.DataFrame = kept.table[kept.table["column"] == name]
        return rows.drop(columns="column")
    own = own_column(column)
    added = {header_key(str(name)): name for name in keywords if name not in KEYWORDS.names}
    # Rows of several devices were made one; those of several languages or countries never are.
    place = own if own in ("language", "country") else added.get(header_key(column))
    if place is None:
        raise ConfigError(
            f"The keywords have no column {column!r}.",
            hint=f"{_seen(keywords)}. One of an export must be kept: read_keywords(..., keep=[{column!r}]).",
        )
    numbers = keywords[[*_KEY, "volume", "impressions"]]
    return numbers.assign(value=spelled(keywords[place])).reset_index(drop=True)


def _seen(keywords: pd.DataFrame) -> str:
    return f"Columns seen: {columns_seen(keywords.attrs.get('reports', ()))}"


def _by_personas(keywords: pd.DataFrame, personas: Sequence[Persona]) -> pd.DataFrame:
    """Return the personas of each query, each with an equal share of it."""
    keys = _keys(keywords)
    plain = keywords[[*_KEY, "volume", "impressions"]].reset_index(drop=True)
    belongs = np.zeros((len(personas) + 1, len(plain)), bool)
    folded = [fold(query) for query in plain["query"]]
    for number, persona in enumerate(personas):
        find = any_phrase(persona.cues)
        belongs[number] = [find.search(text) is not None for text in folded]
        for column, wanted in persona.columns.items():
            some = _queries_with(keywords, column, wanted)
            belongs[number] |= np.fromiter((key in some for key in keys), bool, len(keys))
    belongs[-1] = ~belongs.any(axis=0)
    several = belongs.sum(axis=0)
    names = [*(persona.name for persona in personas), ""]
    parts = [
        plain[own].assign(segment=name, share=1 / several[own])
        for name, own in zip(names, belongs, strict=True)
    ]
    return pd.concat(parts, ignore_index=True)


def _queries_with(keywords: pd.DataFrame, column: str, wanted: Sequence[str]) -> set[tuple[str, ...]]:
    """Return the keys of queries that have one of some values in a column."""
    values = _values(keywords, column)
    country = own_column(column) == "country"
    keys = {header_key((country_code(text) or text) if country else text) for text in wanted}
    return set(_keys(values[values["value"].map(header_key).isin(keys)]))


def _keys(table: pd.DataFrame) -> list[tuple[str, ...]]:
    """Return query, language and country of each row, by which rows of two tables are one."""
    texts = table[_KEY].astype(object).where(table[_KEY].notna(), "")
    return [tuple(row) for row in texts.itertuples(index=False)]


def segment_demand(assigned: pd.DataFrame, unit: str) -> pd.DataFrame:
    """Return the demand of each query in each of its segments.

    Args:
        assigned: What `assign_segments` returned.
        unit: The map's unit of demand.

    Returns:
        The query-segments table (`journeyseo.tables.QUERY_SEGMENTS`).
    """
    demand = demand_in(assigned, unit) * assigned["share"]
    segment = assigned["segment"].mask(assigned["segment"] == "")
    return QUERY_SEGMENTS.conform(assigned[_KEY].assign(segment=segment.astype("str"), demand=demand))


def empty_personas(assigned: pd.DataFrame, segmentation: Segmentation) -> list[str]:
    """Return a warning for each persona to which no query belongs."""
    found = set(assigned["segment"])
    names = [persona.name for persona in segmentation.personas if persona.name not in found]
    return [f"no query belongs to the persona {name!r}; look at its cues and columns" for name in names]


def segment_cells(
    keywords: pd.DataFrame,
    pages: pd.DataFrame,
    coverage: Coverage,
    journey: Journey,
    members: pd.DataFrame,
    *,
    sections: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Cross topics with the stages of a journey for each segment on its own, by the rules of `find_gaps`.

    Args:
        keywords: Staged keywords with ``topic``.
        pages: Staged pages.
        coverage: What `match_coverage` returned for them.
        journey: The journey.
        members: What `segment_demand` returned.
        sections: Staged sections of the pages (see `find_gaps`).

    Returns:
        The segments table (`journeyseo.tables.SEGMENTS`): cells of the topics that a segment asks for.
    """
    place = {key: row for row, key in enumerate(_keys(keywords))}
    number = {topic: row for row, topic in enumerate(coverage.topics)}
    found = []
    for segment, own in members.groupby("segment", sort=False, dropna=False):
        demand = dict(zip(_keys(own), own["demand"], strict=True))
        rows = sorted(place[key] for key in demand if key in place)
        part = keywords.iloc[rows]
        part = part.assign(demand=[demand[key] for key in _keys(part)])
        topics = tuple(sorted(part["topic"].unique()))
        matched = Coverage(
            # Without pages there is no row for any query.
            coverage.table.iloc[rows] if len(coverage.table) else coverage.table,
            coverage.fit[rows],
            coverage.topic_fit[[number[topic] for topic in topics]],
            topics,
        )
        if rows:
            cells = find_gaps(part, pages, matched, journey, sections=sections)
            found.append(cells.assign(segment=segment))
    return SEGMENTS.conform(pd.concat(found, ignore_index=True)) if found else SEGMENTS.empty()


def cells_by_segment(segments: pd.DataFrame) -> Iterator[tuple[str, pd.DataFrame]]:
    """Yield each segment's name (empty for that of the queries in none) and its cells.

    Args:
        segments: The segments table.
    """
    for name, cells in segments.groupby("segment", sort=False, dropna=False):
        yield ("" if pd.isna(name) else str(name)), cells


def segment_totals(segments: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Return the demand of each stage in each segment, as `stage_totals` gives it for a whole map.

    Args:
        segments: The segments table.
    """
    return {name: stage_totals(cells) for name, cells in cells_by_segment(segments)}


def uneven_gaps(segments: pd.DataFrame) -> pd.DataFrame:
    """Return the cells of segments whose topic and stage is a gap in some segments and not in all.

    Args:
        segments: The segments table.

    Returns:
        All segments' cells of such topics and stages; those with the largest deficit over all segments
        first. A segment that does not ask for the topic has no row.
    """
    inside = segments[segments["journey_stage"] != OUTSIDE]
    names = inside["segment"].nunique(dropna=False)
    keys = [inside["topic"], inside["journey_stage"]]
    gaps = (inside["status"] == "gap").groupby(keys).transform("sum")
    deficit = inside["deficit"].where(inside["status"] == "gap", 0.0).groupby(keys).transform("sum")
    found = inside.assign(_deficit=deficit)[(gaps > 0) & (gaps < names)]
    order = ["_deficit", "topic", "journey_stage"]
    return found.sort_values(order, ascending=[False, True, True], kind="stable").drop(columns="_deficit")
