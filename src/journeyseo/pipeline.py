"""map_journey: the steps from keywords and pages to a map, readable aloud."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import scipy.sparse as sp

from journeyseo._version import __version__
from journeyseo.classifier import StageClassifier
from journeyseo.coverage import TOPIC_FIT, match_coverage
from journeyseo.demand import choose_demand
from journeyseo.errors import FormatError, InputError
from journeyseo.findings import check_pages
from journeyseo.gaps import find_gaps
from journeyseo.keywords import read_keywords
from journeyseo.keywords.read import Source
from journeyseo.pages import read_pages
from journeyseo.planning import apply_plan, read_plan
from journeyseo.planning.read import PlanSource
from journeyseo.results import JourneyMap, ReadReport, dropped_table
from journeyseo.sections import also_serves, classify_sections
from journeyseo.stages import DEFAULT_JOURNEY, Journey
from journeyseo.suggest import TARGET_POSITION, suggest_content
from journeyseo.tables import PLAN, QUERY_PAGES, STAGED_KEYWORDS, STAGED_PAGES
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
        notify: Called with a sentence at the beginning of each step.

    Raises:
        InputError: The keywords or the pages cannot be read (see `read_keywords`, `read_pages`), or
            nothing but addresses is known of the pages. Or the plan cannot be read (see `read_plan`).
    """
    decided = _plan(plan)
    notify("Reading keywords")
    queries = _keywords(keywords)
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
    topics, topic = group_topics(inside, pages=staged_pages)
    inside = inside.assign(topic=topic.to_numpy())
    notify("Matching pages to queries")
    meaning = judge.meaning(inside["query"], staged_pages)
    coverage = match_coverage(inside, staged_pages, meaning=meaning)
    notify("Finding gaps")
    cells = find_gaps(inside, staged_pages, coverage, judge.journey, sections=sections)
    suggestions = suggest_content(
        inside, staged_pages, topics, cells, coverage, judge.journey, target_position=target_position
    )
    pairs = queries.attrs.get("query_pages")
    named = pairs.table if pairs is not None else QUERY_PAGES.empty()
    findings = check_pages(inside, staged_pages, coverage, judge.journey, query_pages=named)
    work, closed = apply_plan(suggestions, decided)
    everything = pd.concat([inside, staged[~on_journey].assign(topic=None)], ignore_index=True)
    everything["topic"] = everything["topic"].astype("str")
    shown = _page_topics(staged_pages, coverage.topic_fit, coverage.topics)
    return JourneyMap(
        keywords=everything,
        pages=shown,
        sections=sections,
        topics=topics,
        coverage=coverage.table,
        cells=cells,
        suggestions=work,
        closed=closed,
        findings=findings,
        query_pages=named,
        fit=coverage.fit,
        topic_fit=sp.csr_matrix(coverage.topic_fit),
        dropped=dropped_table(reports),
        provenance=_provenance(
            reports,
            queries,
            content,
            judge,
            demand.unit,
            (*demand.notes, *_not_judged(cells)),
            staged,
            target_position,
            decided,
        ),
    )


def _keywords(source: Source) -> pd.DataFrame:
    """Return a keywords table: the source itself where it is one that was read before."""
    if isinstance(source, pd.DataFrame) and "reports" in source.attrs:
        return source
    return read_keywords(source)


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
        return [
            "every cell rests on too few queries to be judged, so no gap can be named; give an export "
            "with more queries"
        ]
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
    masked = all(note.endswith("masked") for r in reports if r.personal for note in r.notes[-1:])
    if not total:
        return []
    what = "they are masked" if masked else "they stand in the report as read; --mask-personal masks them"
    return [f"{total:,} queries hold mail addresses, telephone or card numbers; {what}"]


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
    warnings = list(notes)
    if none.any():
        total = float(staged.loc[none, "demand"].fillna(0).sum())
        warnings.append(
            f"{int(none.sum()):,} queries ({total:,.0f} {unit}) are on no buying journey; they are "
            "listed and in no topic"
        )
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
                # Also those that were listed and left open: clearing a decision is one.
                "plan": {"ids": sorted(plan["id"])},
                "warnings": warnings,
            }
        )
    )
    return plain
