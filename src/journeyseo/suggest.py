"""From a gap to a brief that a writer can start from: what, for whom, where, why."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from journeyseo.check_first import NearPage, check_text, page_to_check
from journeyseo.content_choice import (
    choose_kind,
    is_question,
    outline_of,
    subject_of,
    word_pattern,
    working_title,
)
from journeyseo.coverage import TOPIC_FIT, Coverage
from journeyseo.errors import ConfigError
from journeyseo.gaps import BY_SECTION, reason_text
from journeyseo.similarity import plain, terms
from journeyseo.stages import LANGUAGES, MAIN_STAGES, OUTSIDE, Journey, share_column
from journeyseo.tables import SUGGESTIONS
from journeyseo.touchpoints import Concern, concerns, scoring, touchpoints

TARGET_POSITION = 3
"""Position at which expected clicks are estimated unless another is asked for."""

_SUPPORTING = 8
_QUESTIONS = 6
_LINKS = 3
# An existing page is to be improved where it is about the primary keyword at least this much.
_IMPROVES = 0.5


@dataclass(frozen=True)
class _Cell:
    """A cell and the queries in it, those most expected first.

    Attributes:
        row: Its row of the cells table.
        canonical: The canonical stage of its stage.
        queries: Its queries.
        language: Their most frequent language.
        name: The topic's name.
        shared: Whether other stages of the journey share the canonical stage.
    """

    row: pd.Series
    canonical: str
    queries: pd.DataFrame
    share: float
    language: str
    name: str
    shared: bool


def suggest_content(
    keywords: pd.DataFrame,
    pages: pd.DataFrame,
    topics: pd.DataFrame,
    cells: pd.DataFrame,
    coverage: Coverage,
    journey: Journey,
    *,
    target_position: int = TARGET_POSITION,
    weights: Mapping[str, float] | None = None,
) -> pd.DataFrame:
    """Return one brief for each gap and each weak cell, most important first.

    Args:
        keywords: Staged keywords with ``topic`` and ``demand``.
        pages: Staged pages.
        topics: Topics table.
        cells: Cells table.
        coverage: What `match_coverage` returned.
        journey: The journey.
        target_position: Position at which expected clicks are estimated, 1 to 10.
        weights: Weights of parts of the score, by name; those not given are of ``data/scoring``.

    Returns:
        The suggestions table (`journeyseo.tables.SUGGESTIONS`).

    Raises:
        ConfigError: There is no such part of the score, or a weight is out of range.
    """
    parts = score_weights(weights or {})
    keywords = keywords.reset_index(drop=True)  # so that a query's label is its row in the coverage
    names = topics.set_index("topic")["name"].to_dict()
    open_cells = cells[cells["status"].isin(["gap", "weak"]) & (cells["journey_stage"] != OUTSIDE)]
    by_topic = dict(tuple(keywords.groupby("topic", sort=False)))
    records = []
    for _, row in open_cells.iterrows():
        cell = _cell(row, by_topic[row["topic"]], journey, names[row["topic"]])
        records.append(_brief(cell, pages, cells, coverage, journey))
    if not records:
        return SUGGESTIONS.empty()
    table = _distinct(pd.DataFrame(records))
    table = _scored(table, open_cells, keywords, target_position, parts)
    return SUGGESTIONS.conform(table)


def _distinct(table: pd.DataFrame) -> pd.DataFrame:
    """Return briefs with ids of their own: of two topics with one name, the smaller adds its first query."""
    order = table.sort_values(["demand", "topic"], ascending=[False, True])
    again = table.index.isin(order.index[order["id"].duplicated()])
    more = (table["id"] + "|" + table["primary_keyword"]).map(
        lambda seed: f"s{hashlib.sha256(seed.encode()).hexdigest()[:8]}"
    )
    return table.assign(id=table["id"].where(~again, more))


def _cell(row: pd.Series, queries: pd.DataFrame, journey: Journey, name: str) -> _Cell:
    stage = next(s for s in journey.stages if s.key == row["journey_stage"])
    column = share_column(stage.key)
    given = [column] if column in queries.columns else [f"p_{s}" for s in stage.canonical]
    share = queries[given].to_numpy(np.float64).sum(axis=1)
    expected = queries["demand"].fillna(0).to_numpy(np.float64) * share
    ranked = queries.assign(expected=expected, share=share)
    # Queries that rather belong to another stage do not shape the brief, unless there is no other.
    own = ranked[ranked["journey_stage"] == row["journey_stage"]]
    ranked = (own if len(own) else ranked).sort_values(
        ["expected", "share", "query"], ascending=[False, False, True]
    )
    # Who types the brand looks for the site itself: other searchers shape the brief, where there are any.
    ranked = ranked.loc[ranked["brand"].fillna(value=False).astype(bool).sort_values(kind="stable").index]
    # The first query names the brief: one that speaks of the topic and is rather of this stage.
    first = _about(ranked["query"], name) & (ranked["share"].to_numpy() >= 0.4)
    first &= ~ranked["brand"].fillna(value=False).to_numpy(bool)
    ranked = pd.concat([ranked[first], ranked[~first]])
    language = Counter(ranked["language"]).most_common(1)[0][0]
    near = _about(ranked["query"], subject_of(name, ranked["query"].iloc[0], language))
    # What speaks of other things would lead the writer away.
    near[0] = True
    brief = ranked[near]
    part = float(brief["expected"].sum() / max(ranked["expected"].sum(), 1e-9))
    shared = any(stage in sharing for sharing in journey.splits.values())
    return _Cell(row, stage.canonical[0], brief, part, language, name, shared)


def _about(queries: pd.Series, name: str) -> npt.NDArray[np.bool_]:
    """Return which queries share a term with a name."""
    words = set(terms(plain([name])[0]))
    return np.array([not words.isdisjoint(terms(text)) for text in plain(queries.tolist())], bool)


def _weights(queries: pd.DataFrame) -> npt.NDArray[np.float64]:
    """Return how much each query of a cell counts in what it asks for."""
    weights: npt.NDArray[np.float64] = np.log1p(queries["expected"].to_numpy(np.float64)) + 0.1
    return weights


def _locale(language: str) -> str:
    return language if language in LANGUAGES else "en"


def _concerns(queries: pd.DataFrame, locale: str) -> list[str]:
    texts = plain(queries["query"].tolist())
    weight = _weights(queries)

    def size(concern: Concern) -> float:
        patterns = [word_pattern(w) for w in concern.words]
        return float(sum(w for w, t in zip(weight, texts, strict=True) if any(p.search(t) for p in patterns)))

    sizes = {c.names[locale]: size(c) for c in concerns()}
    return [name for name in sorted(sizes, key=lambda n: (-sizes[n], n)) if sizes[name] > 0][:3]


def _links(
    cell: _Cell, pages: pd.DataFrame, cells: pd.DataFrame, coverage: Coverage, journey: Journey
) -> tuple[list[str], list[str]]:
    """Return pages that should link to the content, and pages that it should link to."""
    own = cells[cells["topic"] == cell.row["topic"]].set_index("journey_stage")
    keys = list(journey.keys)
    place = keys.index(cell.row["journey_stage"])
    served = own["status"].isin(["covered", "excess", "weak"]) & own["best_page"].notna()
    following = dict.fromkeys(str(own.at[key, "best_page"]) for key in keys[place + 1 :] if served[key])
    fit = coverage.topic_fit[coverage.topics.index(cell.row["topic"])]
    # Pages of account, thanks, careers and the like are on no way to a purchase.
    on_the_way = pages["stage"].isin(MAIN_STAGES).to_numpy()
    near = [
        pages["url"].iloc[i] for i in np.argsort(-fit, kind="stable") if fit[i] >= TOPIC_FIT and on_the_way[i]
    ]
    itself = cell.row["best_page"]
    onwards = [url for url in following if url != itself][:_LINKS]
    # Pages that it leads on to link to it only where no other speaks of the topic.
    return sorted(near, key=lambda url: url in onwards)[:_LINKS], onwards


def _near(cell: _Cell, pages: pd.DataFrame, coverage: Coverage, journey: Journey) -> NearPage | None:
    """Return the page to look at before a new one is written."""
    rows = cell.queries.index.to_numpy(np.int64)
    return page_to_check(
        str(cell.row["journey_stage"]), rows, _weights(cell.queries), pages, coverage, journey
    )


def _sources(row: pd.Series, links: Sequence[str], *, change: bool, apart: bool) -> list[str]:
    """Return pages that should link to the content: not itself, and first the one that it is to leave."""
    others = [url for url in links if not change or url != row["best_page"]]
    return [row["best_page"], *others][:_LINKS] if apart else others


def _improves(cell: _Cell, pages: pd.DataFrame, coverage: Coverage) -> bool:
    """Return whether the cell's best page is about the brief's primary keyword."""
    at = np.flatnonzero(pages["url"].to_numpy() == cell.row["best_page"])
    return bool(len(at)) and bool(coverage.fit[cell.queries.index[0], at[0]] >= _IMPROVES)


_OWN_PAGE = "turn the section into its own page, or link to it"


def _brief(
    cell: _Cell, pages: pd.DataFrame, cells: pd.DataFrame, coverage: Coverage, journey: Journey
) -> dict[str, object]:
    row, locale = cell.row, _locale(cell.language)
    queries = cell.queries["query"].tolist()
    choice = choose_kind(cell.canonical, queries, _weights(cell.queries))
    kind, subject = choice.kind, subject_of(cell.name, queries[0], cell.language)
    point = touchpoints()[kind.touchpoint]
    questions = [q for q, t in zip(queries, plain(queries), strict=True) if is_question(t)][:_QUESTIONS]
    apart = row["reason"].partition(" ")[0] == BY_SECTION
    change = apart or (row["status"] == "weak" and _improves(cell, pages, coverage))
    links_from, links_to = _links(cell, pages, cells, coverage, journey)
    near = None if change else _near(cell, pages, coverage, journey)
    names = {s.key: journey.display(s.key, locale) for s in journey.stages}
    stage = journey.display(str(row["journey_stage"]), locale)
    return {
        "id": _id(cell),
        "action": _OWN_PAGE if apart else "improve the page" if change else "write a new page",
        "topic": row["topic"],
        "topic_name": cell.name,
        "journey_stage": str(row["journey_stage"]),
        "language": cell.language,
        "title": working_title(choice, subject, queries[0], locale),
        "content_type": kind.names[locale],
        "touchpoint": point.names[locale],
        "channel": point.channel[locale],
        "department": point.owner[locale],
        "primary_keyword": queries[0],
        "keywords": "\n".join(queries[1 : 1 + _SUPPORTING]),
        "questions": "\n".join(questions),
        "concerns": "\n".join(_concerns(cell.queries, locale)),
        "outline": "\n".join(outline_of(kind, questions, queries[0], locale)),
        "call_to_action": kind.call[locale].format(topic=subject),
        "links_from": "\n".join(_sources(row, links_from, change=change, apart=apart)),
        "links_to": "\n".join(links_to),
        "schema_type": kind.schema,
        "kpi": point.kpi[locale],
        "page": row["best_page"] if change else None,
        "check_first": near.url if near else None,
        "check_reason": near.reason if near else None,
        "check_why": check_text(near.reason, cell.name, names, locale) if near else None,
        "demand": row["demand"],
        "demand_low": row["demand_low"],
        "demand_high": row["demand_high"],
        "reason": row["reason"],
        "why": f"{stage}: {reason_text(str(row['reason']), locale)}",
        "_status": row["status"],
        "_sought": float(cell.queries["expected"].iloc[: 1 + _SUPPORTING].sum()),
        "_canonical": cell.canonical,
        "_deficit": row["deficit"] * cell.share,
    }


def _id(cell: _Cell) -> str:
    """Return the stable id of a job: its canonical stage, its topic's words and its language.

    Where several stages of the journey share the canonical one, the stage's own key stands for it.
    Not what changes from month to month: scores, demand, the topic's key, the wording of the brief; nor the
    order of the topic's words. A letter comes first, so that no spreadsheet takes it for a number.
    """
    words = sorted(set(terms(plain([cell.name])[0]))) or [cell.name]
    stage = str(cell.row["journey_stage"]) if cell.shared else cell.canonical
    seed = "|".join([stage, " ".join(words), cell.language])
    return f"s{hashlib.sha256(seed.encode()).hexdigest()[:8]}"


def _scored(
    table: pd.DataFrame,
    cells: pd.DataFrame,
    keywords: pd.DataFrame,
    target_position: int,
    weights: Mapping[str, float],
) -> pd.DataFrame:
    """Add the score with its parts, the expected clicks and the rank."""
    rules = scoring()
    ease = _ease(keywords)
    half = (table["demand_high"] - table["demand_low"]) / 2
    certainty = (1 - half / table["demand"].clip(lower=1e-9)).clip(0, 1)
    # Half of the demand counts in any case, half as far as it is certain: what may be nothing waits.
    open_demand = table["_deficit"] * (1 + certainty) / 2
    parts: Mapping[str, pd.Series] = {
        "demand": np.sqrt(open_demand / max(float(cells["deficit"].max()), 1e-9)),
        "certainty": certainty,
        "ease": table["topic"].map(ease).fillna(0.5),
        "stage": table["_canonical"].map(rules.stage).astype(float),
        "severity": table["_status"].astype(str).map({"gap": 1.0, "weak": 0.5}).astype(float),
    }
    total = pd.DataFrame({name: weights[name] * part for name, part in parts.items()}).sum(axis=1)
    table["score"] = (100 * total / sum(weights.values())).round(1)
    table["score_parts"] = [
        ", ".join(f"{name} {100 * weights[name] * parts[name].iloc[i]:.0f}" for name in parts)
        for i in range(len(table))
    ]
    rate = rules.ctr[min(max(target_position, 1), len(rules.ctr)) - 1]
    # Of the keywords that the brief names: one page cannot answer every query of a wide cell.
    table["clicks"] = (table["_sought"] * rate).round(1)
    table = table.sort_values(["score", "demand", "id"], ascending=[False, False, True])
    table["rank"] = np.arange(1, len(table) + 1)
    own = [column for column in table.columns if column.startswith("_")]
    return table.drop(columns=own).reset_index(drop=True)


def score_weights(changes: Mapping[str, float]) -> dict[str, float]:
    """Return the weights of the score's parts, some of them changed.

    Raises:
        ConfigError: There is no such part, or a weight is negative or no number, or all are zero.
    """
    weights = {**scoring().weights, **changes}
    unknown = [name for name in changes if name not in scoring().weights]
    if unknown:
        raise ConfigError(
            f"The score has no part {unknown[0]!r}.", hint=f"Its parts: {', '.join(scoring().weights)}."
        )
    wrong = [name for name, weight in weights.items() if not 0 <= weight < np.inf]
    if wrong or not any(weights.values()):
        what = f"The weight of {wrong[0]!r} is {weights[wrong[0]]:g}." if wrong else "All weights are zero."
        raise ConfigError(what, hint="Give numbers from 0 up, at least one of them above 0.")
    return weights


def _ease(keywords: pd.DataFrame) -> dict[str, float]:
    """Return one minus the mean keyword difficulty of each topic, where it is known."""
    known = keywords[keywords["difficulty"].notna()]
    weight = known["demand"].fillna(0) + 1
    total = (1 - known["difficulty"] / 100) * weight
    ease = total.groupby(known["topic"]).sum() / weight.groupby(known["topic"]).sum()
    return {str(topic): float(value) for topic, value in ease.items()}
