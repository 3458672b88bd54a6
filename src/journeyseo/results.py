"""Frozen records that explain themselves: what was read, what a label is, what a map holds."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from journeyseo.errors import InputError
from journeyseo.stages import OUTSIDE
from journeyseo.tables import (
    CLOSED,
    DROPPED,
    FINDINGS,
    PLAN,
    PLAN_COLUMNS,
    QUERY_PAGES,
    QUERY_SEGMENTS,
    SECTIONS,
    SEGMENTS,
    STRIKING_DISTANCE,
)

if TYPE_CHECKING:
    import scipy.sparse as sp

_SHOWN = 120

CORRECTED_BY_YOU = "corrected by you"
"""The reason of a label that a user's correction gives."""

MAP_FORMAT = 4
"""Format number of a saved map; a change of its files or columns raises it."""


@dataclass(frozen=True)
class Dropped:
    """A row or page that was read and not used.

    Attributes:
        source: File or address.
        row: Row in that file, where it has rows.
        reason: Why it was dropped.
        text: Beginning of what was dropped.
        column: Column that the reason is about, where it is about one.
    """

    source: str
    row: int | None
    reason: str
    text: str = ""
    column: str = ""


@dataclass(frozen=True)
class ReadReport:
    """What was taken from one file, and what was not.

    Attributes:
        source: The file, with sheet or entry.
        format: Stable name of the format.
        vendor: Who writes such files.
        report: Which report it is.
        described: Encoding and delimiter, or the kind of workbook.
        header_row: Row of the header; 0 where there is none.
        columns: Our column to the file's column.
        ignored: Columns that were not taken.
        rows_read: Rows below the header that are not empty: those kept and those dropped.
        rows_kept: Rows that are used.
        dropped: Rows that are not, each with its reason; totals, footers and repeated headers too.
        notes: What else the reader decided.
        personal: Queries with personal data, by its kind: mail, phone, card.
    """

    source: str
    format: str
    vendor: str
    report: str
    described: str
    header_row: int
    columns: Mapping[str, str]
    ignored: tuple[str, ...]
    rows_read: int
    rows_kept: int
    dropped: tuple[Dropped, ...] = ()
    notes: tuple[str, ...] = ()
    personal: Mapping[str, int] = field(default_factory=dict)

    def __str__(self) -> str:
        taken = ", ".join(f"{ours} = {theirs!r}" for ours, theirs in self.columns.items())
        lines = [
            f"{self.source}: recognised as {self.vendor}, {self.report} ({self.described}); "
            f"{self.rows_read:,} rows, {self.rows_kept:,} kept, {len(self.dropped):,} dropped.",
            f"  columns: {taken}",
        ]
        shown = lines if taken else lines[:1]
        return "\n".join([*shown, *(f"  note: {note}" for note in self.notes)])


@dataclass(frozen=True)
class Contribution:
    """How much a part of the text speaks for the label.

    Attributes:
        text: The words.
        weight: By how much the label's score falls when they are taken out (natural logarithm of
            the odds); negative where they speak against it.
    """

    text: str
    weight: float


@dataclass(frozen=True)
class Example:
    """A labelled query of this project's data that is like another.

    Attributes:
        query: The query.
        stage: Its canonical stage.
        second_stage: Another that a fair reader could pick; empty where there is none.
        likeness: Cosine of the two sentence vectors, at most 1.
    """

    query: str
    stage: str
    second_stage: str
    likeness: float


@dataclass(frozen=True)
class StageLabel:
    """The journey stage of one text, with its doubt and its reason.

    Attributes:
        text: What was classified.
        stage: Canonical stage.
        journey_stage: Stage of the chosen journey, or ``outside``.
        confidence: Calibrated probability of `stage`.
        second_stage: Next most probable stage.
        probabilities: Calibrated probability of every canonical stage.
        contributions: Words that carried the label, strongest first.
        counterfactual: The stage it would have without its strongest word, if another.
        cues: Cue words found, with the stage that they usually mark.
        engine: Engine and version.
        examples: The labelled queries that are most like it, where they were asked for.
        shares: Probability of every stage of the journey, where some of them share a canonical stage.
        corrected: Whether a user's correction gives the label.
    """

    text: str
    stage: str
    journey_stage: str
    confidence: float
    second_stage: str
    probabilities: Mapping[str, float]
    contributions: tuple[Contribution, ...] = ()
    counterfactual: str = ""
    cues: tuple[tuple[str, str], ...] = ()
    engine: str = ""
    examples: tuple[Example, ...] = ()
    shares: Mapping[str, float] = field(default_factory=dict)
    corrected: bool = False

    @property
    def reason(self) -> str:
        """The reason in one sentence."""
        if self.corrected:
            return CORRECTED_BY_YOU
        words = [f"'{c.text}'" for c in self.contributions[:2] if c.weight > 0]
        text = f"carried by {' and '.join(words)}" if words else "no single word carries it"
        if self.counterfactual:
            text += f"; without {words[0] if words else 'it'}: {self.counterfactual}"
        return text

    def __str__(self) -> str:
        stage = self.journey_stage
        if stage == OUTSIDE:
            stage = f"{self.stage}, outside the journey"
        text = self.text if len(self.text) <= _SHOWN else f"{self.text[:_SHOWN]}…"
        return f"{text!r}: {stage} ({self.confidence:.0%} sure, then {self.second_stage}), {self.reason}"

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain data for JSON."""
        plain = {**asdict(self), "probabilities": dict(self.probabilities), "shares": dict(self.shares)}
        return {**plain, "reason": self.reason}


def dropped_table(reports: Sequence[ReadReport]) -> pd.DataFrame:
    """Return all dropped rows of several reports as a table."""
    rows = [asdict(d) for report in reports for d in report.dropped]
    return DROPPED.conform(pd.DataFrame(rows, columns=DROPPED.names)) if rows else DROPPED.empty()


def decisions_of(*tables: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of tables in which a planner filled in anything, as a plan table."""
    fields_ = [column.name for column in PLAN_COLUMNS]
    parts = [
        table[table[fields_].notna().any(axis=1)][["id", "title", "primary_keyword", *fields_]]
        for table in tables
    ]
    return PLAN.conform(pd.concat(parts, ignore_index=True))


def saved_decisions(folder: Path) -> pd.DataFrame:
    """Return the decisions in a saved map; none where there is no map, or one that cannot be read."""
    try:
        return decisions_of(
            *(pd.read_parquet(folder / f"{name}.parquet") for name in ("suggestions", "closed"))
        )
    except (OSError, ValueError, KeyError):
        return PLAN.empty()


def lost_decisions(
    held: pd.DataFrame, given: pd.DataFrame, listed: Iterable[str], older: pd.DataFrame | None = None
) -> list[str]:
    """Return the ids of decisions that a map would write over without having been given them.

    Args:
        held: Decisions in the files that are to be replaced.
        given: Decisions that the new map was given.
        listed: Ids that its plan listed, also where nothing was decided: a decision can be cleared.
        older: Decisions in the saved map beside those files: what differs from these was filled in since,
            and must be what the new map was given. Where it is None a decision given anew is enough.
    """
    new, known = _by_id(given), _by_id(held if older is None else older)
    ids = {*new, *listed}
    return [
        key
        for key, decision in _by_id(held).items()
        if new.get(key) != decision and not (key in ids and known.get(key) == decision)
    ]


def _by_id(plan: pd.DataFrame) -> dict[str, tuple[str, ...]]:
    """Return what planners filled in, by id."""
    rows = plan[[column.name for column in PLAN_COLUMNS]].astype(object).fillna("").itertuples(index=False)
    return {str(key): tuple(row) for key, row in zip(plan["id"], rows, strict=True)}


def decisions_in_danger(lost: Sequence[str], where: Path) -> InputError:
    """Return the error for decisions that would be written over."""
    more = f" and {len(lost) - 5} more" if len(lost) > 5 else ""
    return InputError(
        f"It holds decisions of planners that this run was not given ({', '.join(lost[:5])}{more}).",
        where=str(where),
        hint="Give them with --plan (plan= in Python), or choose another folder.",
    )


@dataclass(frozen=True)
class JourneyMap:
    """A map of demand against content: tables, and where they come from.

    Attributes:
        keywords: Staged keywords, with topic and demand.
        pages: Staged pages.
        topics: Topics.
        coverage: Query and the page that serves it best.
        cells: Topic x stage.
        suggestions: What to write or change, most important first, with what planners wrote beside it.
        dropped: Everything read and not used, with the reason.
        provenance: Inputs and digests, unit of demand, journey, model, options, warnings.
        closed: Suggestions that planners closed, and decided ones that no longer arise.
        findings: Pages that compete, are of another stage than their queries, or are not sought.
        query_pages: Queries and their pages, where the source names several.
        segments: Topic x stage for each segment, where the map was made by segments.
        query_segments: Queries and their segments, with the demand of each.
        striking_distance: Queries with impressions at positions 4 to 20, and what a better one would bring.
        sections: Staged sections of long pages.
        fit: How far each page (columns) is about each query (rows: those with a topic, in the order of
            `keywords`), 0 to 1.
        topic_fit: How much each page is about each topic (rows, by key), 0 to 1.
    """

    keywords: pd.DataFrame
    pages: pd.DataFrame
    topics: pd.DataFrame
    coverage: pd.DataFrame
    cells: pd.DataFrame
    suggestions: pd.DataFrame
    dropped: pd.DataFrame
    provenance: Mapping[str, Any] = field(default_factory=dict)
    closed: pd.DataFrame = field(default_factory=CLOSED.empty)
    findings: pd.DataFrame = field(default_factory=FINDINGS.empty)
    query_pages: pd.DataFrame = field(default_factory=QUERY_PAGES.empty)
    segments: pd.DataFrame = field(default_factory=SEGMENTS.empty)
    query_segments: pd.DataFrame = field(default_factory=QUERY_SEGMENTS.empty)
    striking_distance: pd.DataFrame = field(default_factory=STRIKING_DISTANCE.empty)
    sections: pd.DataFrame = field(default_factory=SECTIONS.empty)
    fit: sp.csr_matrix | None = None
    topic_fit: sp.csr_matrix | None = None

    @property
    def gaps(self) -> pd.DataFrame:
        """The cells where demand meets no content, or weak content, largest deficit first."""
        found = self.cells[self.cells["status"].isin(["gap", "weak"])]
        return found.sort_values(["deficit", "topic", "journey_stage"], ascending=[False, True, True])

    @property
    def decisions(self) -> pd.DataFrame:
        """What planners decided, of open and closed suggestions alike (`journeyseo.tables.PLAN`)."""
        return decisions_of(self.suggestions, self.closed)

    @property
    def listed(self) -> tuple[str, ...]:
        """The ids that the plan listed, also where nothing was decided."""
        return tuple(self.provenance.get("plan", {}).get("ids", ()))

    @property
    def unit(self) -> str:
        """Unit of demand: ``searches a month``, ``impressions`` or ``queries``."""
        return str(self.provenance.get("demand_unit", ""))

    def tables(self) -> dict[str, pd.DataFrame]:
        """Return all tables by name."""
        return {name: getattr(self, name) for name in _table_names()}

    def __str__(self) -> str:
        statuses = self.cells["status"].value_counts()
        return (
            f"JourneyMap: {len(self.keywords):,} queries, {len(self.pages):,} pages, "
            f"{len(self.topics):,} topics; {int(statuses.get('gap', 0))} gaps, "
            f"{int(statuses.get('weak', 0))} weak cells, {len(self.suggestions):,} suggestions"
        )

    def save(self, folder: str | Path) -> Path:
        """Write the map to a folder: one Parquet file a table, the fits as npz, and ``map.json``.

        Args:
            folder: Made if it is missing; files of an older map in it are replaced.

        Returns:
            The folder.

        Raises:
            InputError: The folder's map holds decisions of planners that this one was not given.
        """
        from scipy.sparse import save_npz

        path = Path(folder)
        lost = lost_decisions(saved_decisions(path), self.decisions, self.listed)
        if lost:
            raise decisions_in_danger(lost, path)
        path.mkdir(parents=True, exist_ok=True)
        for name, table in self.tables().items():
            plain = table.copy(deep=False)
            plain.attrs = {}
            plain.to_parquet(path / f"{name}.parquet", index=False)
        for name in _MATRICES:
            matrix = getattr(self, name)
            (path / f"{name}.npz").unlink(missing_ok=True)
            if matrix is not None:
                save_npz(path / f"{name}.npz", matrix)
        content = {"format": MAP_FORMAT, "provenance": dict(self.provenance)}
        text = json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True)
        (path / "map.json").write_text(text + "\n", encoding="utf-8")
        return path

    @classmethod
    def load(cls, folder: str | Path) -> JourneyMap:
        """Read a map that `save` wrote.

        Args:
            folder: The folder, or that of a report, which holds the map in ``map/``.

        Raises:
            InputError: The folder holds no map, or one of another format.
        """
        from scipy.sparse import load_npz

        path = Path(folder)
        if not path.exists():
            raise InputError("There is no such folder.", where=str(path), hint="Check the path.")
        if not (path / "map.json").exists() and (path / "map" / "map.json").exists():
            path /= "map"
        try:
            content = json.loads((path / "map.json").read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise InputError("The folder holds no saved map.", where=str(path)) from error
        found = content.get("format") if isinstance(content, dict) else None
        if found != MAP_FORMAT:
            raise InputError(
                f"The map has format {found!r}; this version reads {MAP_FORMAT}.",
                where=str(path),
                hint="Make it again from its inputs.",
            )
        try:
            tables = {name: pd.read_parquet(path / f"{name}.parquet") for name in _table_names()}
            fits = {n: load_npz(path / f"{n}.npz") for n in _MATRICES if (path / f"{n}.npz").exists()}
            # A file without rows does not say which columns are labels.
            tables["sections"] = SECTIONS.conform(tables["sections"])
            return cls(**tables, **fits, provenance=content["provenance"])
        except (OSError, ValueError, KeyError, zipfile.BadZipFile) as error:
            raise InputError(
                "The map is damaged or not complete.",
                where=str(path),
                hint="Make it again from its inputs.",
            ) from error


# Fields of a map that are no tables.
_MATRICES = ("fit", "topic_fit")


def _table_names() -> list[str]:
    return [f.name for f in fields(JourneyMap) if f.name not in ("provenance", *_MATRICES)]
