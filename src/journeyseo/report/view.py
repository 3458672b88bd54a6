"""What a report shows, as plain values: every format renders the same view."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from journeyseo.check_first import check_text
from journeyseo.classifier.corrections import CORRECTED
from journeyseo.classifier.stage_classifier import UNCLEAR
from journeyseo.errors import ConfigError
from journeyseo.findings import finding_text, to_do_text
from journeyseo.gaps import BY_SECTION, reason_text, stage_totals
from journeyseo.notes import say
from journeyseo.planning.apply import closed_text
from journeyseo.planning.statuses import statuses
from journeyseo.report.segments import SegmentsView, view_segments
from journeyseo.results import JourneyMap
from journeyseo.stages import LANGUAGES, OUTSIDE, display_name
from journeyseo.striking_distance import FIRST, LAST
from journeyseo.tables import records
from journeyseo.topic_edits import topic_note_text
from journeyseo.wording import report_texts

# Rows shown in the HTML file; all rows are in the CSV files beside it.
SHOWN_KEYWORDS = 1_000
SHOWN_DROPPED = 50
SHOWN_TOPICS = 60
SHOWN_STRIKING = 100

_UNITS: Mapping[str, Mapping[str, str]] = {
    "en": {},
    "zh-Hans": {"searches a month": "次搜索/月", "impressions": "次展示", "queries": "个查询"},
    "zh-Hant": {"searches a month": "次搜尋/月", "impressions": "次曝光", "queries": "個查詢"},
}


@dataclass(frozen=True)
class CellView:
    """A cell of the heat map."""

    status: str
    demand: float
    low: float
    high: float
    page: str
    why: str
    shade: int


@dataclass(frozen=True)
class TopicView:
    """A row of the heat map; `theme` is empty where it is the topic's own name."""

    name: str
    theme: str
    queries: int
    demand: float
    exemplars: tuple[str, ...]
    cells: tuple[CellView, ...]


@dataclass(frozen=True)
class View:
    """All that a report shows.

    Attributes:
        language: Language of the texts.
        texts: Texts by name.
        stages: Key and display name of each column of the heat map.
        topics: Rows of the heat map, by demand.
        more_topics: Topics beyond those.
        totals: Expected demand of each column.
        ranges: Lower and upper end of the 90 % interval of each total.
        unit: Unit of demand in the report's language.
        gaps: Cells without content or with weak content, largest deficit first.
        suggestions: Briefs, most important first.
        closed: Suggestions that are closed.
        findings: What is wrong with pages that exist.
        striking: Queries within striking distance, those first that would gain most.
        striking_help: What they are, and how many.
        impressions_only: How many queries have no volume but impressions, and how many; empty where none.
        keywords: Queries with most demand.
        keyword_count: All queries.
        unclear: Queries without a label above one half.
        judged: Whether any cell rests on enough queries to be judged.
        brand: How much of the demand names the brand; empty where none was given.
        topic_notes: What of the user's own topics found nothing.
        dropped: First rows that were dropped.
        dropped_count: All of them.
        provenance: Where it comes from.
        segments: Demand and gaps by segment; None where the map was not made by segments.
    """

    language: str
    texts: Mapping[str, str]
    stages: tuple[tuple[str, str], ...]
    topics: tuple[TopicView, ...]
    more_topics: int
    totals: tuple[float, ...]
    ranges: tuple[tuple[float, float], ...]
    unit: str
    gaps: tuple[Mapping[str, Any], ...]
    suggestions: tuple[Mapping[str, Any], ...]
    closed: tuple[Mapping[str, Any], ...]
    findings: tuple[Mapping[str, Any], ...]
    striking: tuple[Mapping[str, Any], ...]
    striking_help: str
    impressions_only: str
    keywords: tuple[Mapping[str, Any], ...]
    keyword_count: int
    unclear: int
    judged: bool
    brand: str
    topic_notes: tuple[str, ...]
    dropped: tuple[Mapping[str, Any], ...]
    dropped_count: int
    provenance: Mapping[str, Any]
    segments: SegmentsView | None = None


def report_language(journey_map: JourneyMap) -> str:
    """Return the language of a report: that of most queries, English where it has no texts."""
    count = Counter(journey_map.keywords["language"].dropna())
    main = min(count, key=lambda k: (-count[k], k)) if count else "en"
    return main if main in LANGUAGES else "en"


def build_view(journey_map: JourneyMap, language: str | None = None) -> View:
    """Return what a report of a map shows.

    Args:
        journey_map: The map.
        language: ``en``, ``zh-Hans`` or ``zh-Hant``; that of most queries where it is None.

    Raises:
        ConfigError: There are no texts in that language.
    """
    language = language or report_language(journey_map)
    if language not in LANGUAGES:
        raise ConfigError(f"There are no report texts in {language!r}.", hint=f"Use {', '.join(LANGUAGES)}.")
    texts = report_texts()[language]
    provenance = _said(journey_map.provenance, language)
    stages = [
        (str(s["key"]), str(s["names"].get(language) or s["names"].get("en") or s["key"]))
        for s in provenance["stages"]
    ]
    cells = journey_map.cells
    if (cells.loc[cells["journey_stage"] == OUTSIDE, "demand"] > 0).any():
        stages.append((OUTSIDE, texts["outside"]))
    unit = _UNITS[language].get(journey_map.unit, journey_map.unit)
    by_cell = {(r["topic"], str(r["journey_stage"])): r for r in records(cells)}
    largest = max((float(r["demand"]) for r in by_cell.values()), default=0.0)
    rows = [
        TopicView(
            topic["name"],
            topic["theme"] if topic["theme"] != topic["name"] else "",
            int(topic["queries"]),
            float(topic["demand"]),
            tuple((topic["exemplars"] or "").split("\n")),
            tuple(_cell(by_cell[topic["topic"], key], largest, language) for key, _ in stages),
        )
        for topic in records(journey_map.topics)
    ]
    total = {str(key): row for key, row in stage_totals(cells).to_dict("index").items()}
    totals = tuple(float(total[key]["demand"]) for key, _ in stages)
    ranges = tuple((float(total[key]["low"]), float(total[key]["high"])) for key, _ in stages)
    names = dict(zip(journey_map.topics["topic"], journey_map.topics["name"], strict=True))
    display = dict(stages)
    gaps = []
    for row in records(journey_map.gaps):
        if row["journey_stage"] != OUTSIDE:
            row |= {
                "topic_name": names[row["topic"]],
                "stage_name": display[row["journey_stage"]],
                "why": reason_text(row["reason"], language),
            }
            gaps.append(row)
    suggestions = []
    for row in records(journey_map.suggestions):
        row |= {
            "stage_name": display[row["journey_stage"]],
            "why": reason_text(row["reason"], language),
            "action_name": texts[_action(row)],
            "score_parts": _parts(row["score_parts"], texts),
            "check_why": check_text(row["check_reason"] or "", row["topic_name"], display, language),
            "status": _status(row["status"], language),
        }
        for name in ("keywords", "questions", "concerns", "outline", "links_from", "links_to"):
            row[name] = [line for line in (row[name] or "").split("\n") if line]
        suggestions.append(row)
    closed = [
        row | {"why": closed_text(row["reason"], language), "status": _status(row["status"], language)}
        for row in records(journey_map.closed)
    ]
    findings = [
        row
        | {
            "kind_name": texts[row["kind"]],
            "topic_name": names.get(row["topic"], ""),
            "stage_name": display.get(row["journey_stage"], row["journey_stage"]),
            "evidence": finding_text(row["reason"], language, display),
            "to_do": to_do_text(row["kind"], language),
        }
        for row in records(journey_map.findings)
    ]
    keywords = journey_map.keywords.sort_values(
        ["demand", "query"], ascending=[False, True], na_position="last"
    ).head(SHOWN_KEYWORDS)
    shown = [
        "query", "demand", "stage", "journey_stage", "confidence", "second_stage", "topic", "engine",
        "carried_by",
    ]  # fmt: skip
    staged = records(keywords[shown])
    for row in staged:
        row["topic"] = names.get(row["topic"], "")
        row["reason"] = _label_reason(row["engine"], row["carried_by"], texts)
        inside = display.get(str(row["journey_stage"])) if row["journey_stage"] != OUTSIDE else None
        row["stage"] = inside or display_name(row["stage"], language)
        row["second_stage"] = display_name(row["second_stage"], language)
    return View(
        language,
        texts,
        tuple(stages),
        tuple(rows[:SHOWN_TOPICS]),
        max(0, len(rows) - SHOWN_TOPICS),
        totals,
        ranges,
        unit,
        tuple(gaps),
        tuple(suggestions),
        tuple(closed),
        tuple(findings),
        tuple(_striking(journey_map, names, display, language)),
        texts["striking_help"].format(
            queries=f"{len(journey_map.striking_distance):,}",
            first=FIRST,
            last=LAST,
            position=provenance["options"]["target_position"],
        ),
        _impressions_only(provenance.get("impressions_only") or {}, texts),
        tuple(staged),
        len(journey_map.keywords),
        int((journey_map.keywords["confidence"] < UNCLEAR).sum()),
        bool((cells["status"] != "no-demand").any()),
        _brand(provenance.get("brand") or {}, texts["brand_text"], unit),
        tuple(topic_note_text(note, language) for note in provenance.get("topic_edits", {}).get("notes", ())),
        tuple(records(journey_map.dropped.head(SHOWN_DROPPED))),
        len(journey_map.dropped),
        provenance,
        view_segments(journey_map, stages, texts),
    )


def _striking(
    journey_map: JourneyMap, names: Mapping[str, str], display: Mapping[str, str], language: str
) -> list[dict[str, Any]]:
    """Return the queries within striking distance with the names of their topic and stage."""
    rows = records(journey_map.striking_distance)
    for row in rows:
        inside = display.get(row["journey_stage"]) if row["journey_stage"] != OUTSIDE else None
        row["stage_name"] = inside or display_name(row["stage"], language)
        row["topic_name"] = names.get(row["topic"], "")
    return rows


def _impressions_only(found: Mapping[str, float], texts: Mapping[str, str]) -> str:
    if not found:
        return ""
    return texts["impressions_only"].format(
        queries=f"{found['queries']:,}", impressions=f"{found['impressions']:,.0f}"
    )


def _parts(parts: str, texts: Mapping[str, str]) -> str:
    """Return the parts of a score (``name value, name value``) by their names in the report's words."""
    named = (part.partition(" ") for part in parts.split(", "))
    return texts["list_comma"].join(f"{texts[f'part_{name}']} {value}" for name, _, value in named)


def _said(provenance: Mapping[str, Any], language: str) -> Mapping[str, Any]:
    """Return where a map comes from, with its notes and warnings in a language."""
    units = _UNITS[language]

    def all_of(texts: Sequence[str], codes: Sequence[Mapping[str, Any] | None]) -> list[str]:
        return [say(text, known, language, units) for text, known in zip(texts, codes, strict=True)]

    inputs = [
        source | {"notes": all_of(source["notes"], source["note_codes"])} for source in provenance["inputs"]
    ]
    warnings = all_of(provenance["warnings"], provenance["warning_codes"])
    return {**provenance, "inputs": inputs, "warnings": warnings}


def _action(row: Mapping[str, Any]) -> str:
    """Return the name of the text that says what a suggestion is."""
    if not row["page"]:
        return "write"
    return "own_page" if row["reason"].partition(" ")[0] == BY_SECTION else "improve"


def _label_reason(engine: str | None, word: str | None, texts: Mapping[str, str]) -> str:
    """Return the reason of a label in the report's words."""
    if engine == CORRECTED:
        return texts["corrected"]
    return texts["carried"].format(word=word) if word else ""


def _status(key: str | None, language: str) -> str | None:
    """Return the display name of a planner's status."""
    found = statuses().get(key or "")
    return found.names[language] if found else key


def _brand(brand: Mapping[str, Any], text: str, unit: str) -> str:
    if not brand:
        return ""
    return text.format(
        share=f"{100 * brand['share']:.0f}",
        demand=f"{brand['demand']:,.0f}",
        queries=f"{brand['queries']:,}",
        unit=unit,
    )


def _cell(row: Mapping[str, Any], largest: float, language: str) -> CellView:
    demand = float(row["demand"])
    shade = 0 if largest <= 0 else min(5, int(np.ceil(5 * (demand / largest) ** 0.5)))
    return CellView(
        str(row["status"]),
        demand,
        float(row["demand_low"]),
        float(row["demand_high"]),
        row["best_page"] if row["status"] in ("covered", "weak", "excess") and row["best_page"] else "",
        reason_text(str(row["reason"]), language),
        shade,
    )
