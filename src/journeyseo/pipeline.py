"""map_journey: the steps from keywords and pages to a map, readable aloud."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import scipy.sparse as sp

from journeyseo._version import __version__
from journeyseo.classifier import StageClassifier
from journeyseo.coverage import TOPIC_FIT, match_coverage
from journeyseo.demand import choose_demand, impressions_only
from journeyseo.errors import FormatError, InputError
from journeyseo.findings import check_pages
from journeyseo.gaps import find_gaps
from journeyseo.keywords import read_keywords
from journeyseo.keywords.read import Source
from journeyseo.notes import coded, note
from journeyseo.pages import read_pages
from journeyseo.personas import Persona, load_personas
from journeyseo.planning import apply_plan, read_plan
from journeyseo.planning.read import PlanSource
from journeyseo.results import JourneyMap, ReadReport, dropped_table
from journeyseo.sections import also_serves, classify_sections
from journeyseo.segments import (
    assign_segments,
    choose_segmentation,
    empty_personas,
    segment_cells,
    segment_demand,
)
from journeyseo.stages import DEFAULT_JOURNEY, Journey
from journeyseo.striking_distance import find_striking_distance
from journeyseo.suggest import TARGET_POSITION, suggest_content
from journeyseo.swapped import telling_swapped
from journeyseo.tables import PLAN, QUERY_PAGES, QUERY_SEGMENTS, STAGED_KEYWORDS, STAGED_PAGES
from journeyseo.topic_edits import TopicEdits, edit_topics, read_topic_edits
from journeyseo.topics import group_topics
from journeyseo.touchpoints import scoring

Notify = Callable[[str], None]
Progress = Callable[[Sequence[Any], str], Iterable[Any]]


def map_journey(
    keywords: Source,
    pages: str | Path | pd.DataFrame,
    *,
    journey: str | Path | Journey = DEFAULT_JOURNEY,
    classifier: StageClassifier | None = None,
    target_position: int = TARGET_POSITION,
    reasons: bool = True,
    plan: PlanSource | pd.DataFrame | None = None,
    topics: str | Path | TopicEdits | None = None,
    by: str | None = None,
    personas: str | Path | Sequence[Persona] = (),
    notify: Notify = lambda _: None,
) -> JourneyMap:
    """Return the map of search demand against content, by topic and journey stage.

    Reads keywords and pages, says each one's stage, groups topics, matches pages, finds the stages
    with missing content and suggests what to write.

    Args:
        keywords: Whatever `read_keywords` takes, or its result.
        pages: Whatever `read_pages` takes, or its result.
        journey: Name of a journey, a TOML file or a `Journey`.
        classifier: A classifier to use in place of the default one.
        target_position: Position at which expected clicks are estimated.
        reasons: Whether to find the reasons of the queries' labels (see `classify_keywords`).
        plan: What planners decided in an earlier report: whatever `read_plan` takes, or its result.
        topics: Your own topics and corrections of topics: whatever `read_topic_edits` takes. What of them
            found nothing is in ``provenance["topic_edits"]["notes"]``.
        by: Segments for which the cells are found too, beside the whole: a column of the exports
            (``country``, ``language`` and ``device`` however an export names them), or ``persona``.
            Keywords that were read before must keep the column (`read_keywords`).
        personas: A TOML file of personas, or those of one; they are the segments then.
        notify: Called with a sentence at the beginning of each step.

    Raises:
        ConfigError: There is no column for the segments, or the personas are wrong.
        InputError: The keywords or the pages cannot be read (see `read_keywords`, `read_pages`), or
            nothing but addresses is known of the pages. Or the plan cannot be read (see `read_plan`).
        ConfigError: The topics cannot be read, or contradict each other (see `read_topic_edits`).
    """
    decided = _plan(plan)
    edits = None if topics is None else read_topic_edits(topics)
    people = load_personas(personas) if isinstance(personas, str | Path) else personas
    segmentation = choose_segmentation(by, people)
    with telling_swapped(keywords, pages):
        notify("Reading keywords")
        queries = _keywords(keywords, keep=segmentation.columns if segmentation else ())
        # Before minutes of work: a column may be wrong.
        assigned = assign_segments(queries, segmentation) if segmentation else None
        notify("Reading pages")
        content = _pages(pages)
    _no_content(content)
    judge = classifier or StageClassifier(journey=journey)
    reports: tuple[ReadReport, ...] = (
        *queries.attrs.get("reports", ()),
        *content.attrs.get("reports", ()),
        *decided.attrs.get("reports", ()),
    )
    notify(f"Classifying {len(queries):,} queries")
    staged = classify_keywords(queries, classifier=judge, reasons=reasons)
    notify(f"Classifying {len(content):,} pages")
    staged_pages, sections = _stage_pages(content, judge)
    demand = choose_demand(staged)
    staged = staged.assign(demand=demand.values)
    on_journey = staged["stage"] != "none"
    notify("Grouping topics")
    inside = staged[on_journey].reset_index(drop=True)
    # pandas copies what hangs on a table at every step; the reports were taken off before.
    inside.attrs, staged_pages.attrs = {}, {}
    if inside.empty:
        raise InputError(
            "None of the queries is on a buying journey.",
            hint="They look like bare names or trivia; check that the right column was read.",
        )
    found, topic = group_topics(inside, pages=staged_pages)
    notes: Sequence[Mapping[str, Any]] = ()
    if edits is not None:
        found, topic, notes = edit_topics(inside, found, topic, edits)
    inside = inside.assign(topic=topic.to_numpy())
    notify("Matching pages to queries")
    meaning = judge.meaning(inside["query"], staged_pages)
    coverage = match_coverage(inside, staged_pages, meaning=meaning)
    notify("Finding gaps")
    cells = find_gaps(inside, staged_pages, coverage, judge.journey, sections=sections)
    members = QUERY_SEGMENTS.empty() if assigned is None else segment_demand(assigned, demand.unit)
    segments = segment_cells(inside, staged_pages, coverage, judge.journey, members, sections=sections)
    unsought = empty_personas(assigned, segmentation) if assigned is not None and segmentation else []
    suggestions = suggest_content(
        inside, staged_pages, found, cells, coverage, judge.journey, target_position=target_position
    )
    pairs = queries.attrs.get("query_pages")
    named = pairs.table if pairs is not None else QUERY_PAGES.empty()
    findings = check_pages(inside, staged_pages, coverage, judge.journey, query_pages=named)
    work, closed = apply_plan(suggestions, decided)
    everything = pd.concat([inside, staged[~on_journey].assign(topic=None)], ignore_index=True)
    everything["topic"] = everything["topic"].astype("str")
    near = find_striking_distance(everything, coverage.table, target_position=target_position)
    shown = _page_topics(staged_pages, coverage.topic_fit, coverage.topics)
    return JourneyMap(
        keywords=everything,
        pages=shown,
        sections=sections,
        topics=found,
        coverage=coverage.table,
        cells=cells,
        suggestions=work,
        closed=closed,
        findings=findings,
        query_pages=named,
        segments=segments,
        query_segments=members,
        striking_distance=near,
        fit=coverage.fit,
        topic_fit=sp.csr_matrix(coverage.topic_fit),
        dropped=dropped_table(reports),
        provenance=_provenance(
            reports,
            queries,
            content,
            judge,
            demand.unit,
            (*demand.notes, *_not_judged(cells), *unsought),
            staged,
            target_position,
            decided,
        )
        | {
            "topic_edits": {} if edits is None else {"source": edits.source, "notes": list(notes)},
            "segments": segmentation.to_dict() if segmentation else {},
        },
    )


def _keywords(source: Source, *, keep: Sequence[str] = ()) -> pd.DataFrame:
    """Return a keywords table: the source itself where it is one that was read before."""
    if isinstance(source, pd.DataFrame) and "reports" in source.attrs:
        return source
    return read_keywords(source, keep=keep)


def _pages(source: str | Path | pd.DataFrame) -> pd.DataFrame:
    """Return a pages table: the source itself where it is one that was read before."""
    if isinstance(source, pd.DataFrame) and "reports" in source.attrs:
        return source
    return read_pages(source)


def _plan(source: PlanSource | pd.DataFrame | None) -> pd.DataFrame:
    """Return a plan table: the source itself where it is one, an empty one where there is none."""
    if source is None:
        return PLAN.empty()
    return PLAN.conform(source) if isinstance(source, pd.DataFrame) else read_plan(source)


def classify_keywords(
    keywords: Source, *, classifier: StageClassifier | None = None, reasons: bool = True
) -> pd.DataFrame:
    """Return keywords with their journey stage, doubt and reason.

    Args:
        keywords: Whatever `read_keywords` takes, or its result.
        classifier: The classifier; the default one where it is None.
        reasons: Whether to find the reasons: the base engine takes about four times as long with them.

    Returns:
        The staged keywords table (`journeyseo.tables.STAGED_KEYWORDS`).
    """
    table = _keywords(keywords)
    labels = (classifier or StageClassifier()).classify(table["query"], reasons=reasons)
    staged = STAGED_KEYWORDS.conform(
        pd.concat([table.reset_index(drop=True), labels.reset_index(drop=True)], axis=1)
    )
    staged.attrs = dict(table.attrs)
    return staged


def classify_pages(
    pages: str | Path | pd.DataFrame, *, classifier: StageClassifier | None = None
) -> pd.DataFrame:
    """Return pages with their journey stage, doubt and reason.

    Args:
        pages: Whatever `read_pages` takes, or its result.
        classifier: The classifier; the default one where it is None.

    Returns:
        The staged pages table (`journeyseo.tables.STAGED_PAGES`).
    """
    table = _pages(pages)
    _no_content(table)
    return _stage_pages(table, classifier or StageClassifier())[0]


def _stage_pages(pages: pd.DataFrame, judge: StageClassifier) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return staged pages, and the staged sections of long ones."""
    plain = pages.reset_index(drop=True)
    labels = judge.classify_pages(plain)
    staged = STAGED_PAGES.conform(pd.concat([plain, labels], axis=1))
    sections = classify_sections(staged, judge)
    staged["also_serves"] = also_serves(staged, sections)
    staged.attrs = dict(pages.attrs)
    return staged, sections


def _not_judged(cells: pd.DataFrame) -> list[str]:
    """Return a warning where no cell rests on enough queries to be called a gap or covered."""
    if len(cells) and (cells["status"] == "no-demand").all():
        return [note("not-judged")]
    return []


def _no_content(pages: pd.DataFrame) -> None:
    """Raise an error where nothing but addresses is known of the pages."""
    if pages[["title", "h1", "text"]].isna().all(axis=None):
        raise FormatError(
            "The pages have no title, no h1 and no text, so their stage cannot be judged.",
            where=str(pages["source"].iloc[0]),
            hint="Give a crawl export with titles, a folder of HTML, or the site's address.",
        )


def _page_topics(pages: pd.DataFrame, fit: Any, topics: tuple[str, ...]) -> pd.DataFrame:
    """Return the pages with the topic that each is most about; empty where it is about none."""
    if not len(topics) or pages.empty:
        return pages.assign(topic=pd.Series(dtype="str"))
    best = fit.argmax(axis=0)
    found = [topics[i] if fit[i, p] >= TOPIC_FIT else None for p, i in enumerate(best)]
    return pages.assign(topic=pd.Series(found, index=pages.index, dtype="str"))


def _digest(frame: pd.DataFrame) -> str:
    plain = frame.copy(deep=False)
    plain.attrs = {}
    return hashlib.sha256(plain.to_csv(index=False).encode()).hexdigest()[:16]


def _brand(staged: pd.DataFrame, terms: Sequence[str]) -> dict[str, Any]:
    """Return how much of the demand names the brand; empty where no brand was given."""
    marked = staged["brand"]
    if marked.isna().all():
        return {}
    own = marked.fillna(value=False).astype(bool)
    demand = staged["demand"].fillna(0)
    total = float(demand.sum())
    part = float(demand[own].sum())
    return {
        "terms": list(terms),
        "queries": int(own.sum()),
        "demand": part,
        "share": part / total if total else 0.0,
    }


def _personal(reports: Sequence[ReadReport]) -> list[str]:
    """Return a warning where queries hold personal data."""
    total = sum(sum(report.personal.values()) for report in reports)
    masked = all(text.endswith("masked") for r in reports if r.personal for text in r.notes[-1:])
    return [note("personal-masked-in-map" if masked else "personal-in-map", queries=total)] if total else []


def _provenance(
    reports: Sequence[ReadReport],
    queries: pd.DataFrame,
    pages: pd.DataFrame,
    judge: StageClassifier,
    unit: str,
    notes: Sequence[str],
    staged: pd.DataFrame,
    target_position: int,
    plan: pd.DataFrame,
) -> dict[str, Any]:
    none = staged["stage"] == "none"
    brand = _brand(staged, queries.attrs.get("brand", ()))
    periods = [p for c in ("period_start", "period_end") for p in queries[c].dropna().unique()]
    warnings = [*notes, *judge.notes]
    if none.any():
        total = float(staged.loc[none, "demand"].fillna(0).sum())
        warnings.append(note("on-no-journey", queries=int(none.sum()), demand=f"{total:,.0f}", unit=unit))
    warnings += _personal(reports)
    inputs = [
        {
            "source": r.source,
            "format": r.format,
            "recognised": f"{r.vendor}, {r.report}",
            "columns": dict(r.columns),
            "rows_read": r.rows_read,
            "rows_kept": r.rows_kept,
            "rows_dropped": len(r.dropped),
            "notes": list(r.notes),
            "note_codes": [coded(text) for text in r.notes],
            "personal": dict(r.personal),
        }
        for r in reports
    ]
    plain: dict[str, Any] = json.loads(
        json.dumps(
            {
                "version": __version__,
                "journey": judge.journey.name,
                "stages": judge.journey.to_list(),
                "engine": judge.engine,
                "engines": {str(k): int(n) for k, n in staged["engine"].value_counts().sort_index().items()},
                "demand_unit": unit,
                "period": [min(periods), max(periods)] if periods else [],
                "inputs": inputs,
                "digests": {"keywords": _digest(queries), "pages": _digest(pages)},
                "options": {
                    "target_position": target_position,
                    "weights": dict(scoring().weights),
                    "ctr_source": scoring().ctr_source,
                },
                "brand": brand,
                "impressions_only": impressions_only(staged, unit),
                # Also those that were listed and left open: clearing a decision is one.
                "plan": {"ids": sorted(plan["id"])},
                "warnings": warnings,
                "warning_codes": [coded(text) for text in warnings],
            }
        )
    )
    return plain
