"""Write every format of a report into one folder, whole or not at all."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pandas as pd

from journeyseo.errors import FormatError, InputError
from journeyseo.planning import read_plan
from journeyseo.report.cells import defuse_table
from journeyseo.report.html import render_html
from journeyseo.report.view import build_view
from journeyseo.report.xlsx import write_xlsx
from journeyseo.results import (
    JourneyMap,
    decisions_in_danger,
    decisions_of,
    lost_decisions,
    saved_decisions,
)
from journeyseo.tables import records

FILES = (
    "report.html", "report.xlsx", "report.json", "keywords.csv", "pages.csv", "topics.csv", "coverage.csv",
    "cells.csv", "suggestions.csv", "closed.csv", "findings.csv",
    "query_pages.csv", "sections.csv", "segments.csv", "query_segments.csv", "striking_distance.csv",
    "dropped.csv",
)  # fmt: skip
"""Files of a report."""

PLANS = ("report.xlsx", "suggestions.csv", "closed.csv")
"""Those in which planners write."""

JSON_FORMAT = 3


def write_report(journey_map: JourneyMap, folder: str | Path, *, language: str | None = None) -> Path:
    """Write a report of a map: HTML, XLSX, CSV and JSON, and the map itself in ``map/``.

    The files are made beside the folder and moved into it when all are complete: an error leaves
    nothing half-written. Files of an older report in it are replaced, others are left alone.

    Args:
        journey_map: The map.
        folder: Made if it is missing.
        language: Language of the texts; that of most queries where it is None.

    Returns:
        Path of ``report.html``.

    Raises:
        InputError: The folder cannot be written, or its files hold decisions of planners that the map was
            not given.
    """
    target = Path(folder)
    keep_decisions(target, journey_map.decisions, journey_map.listed)
    view = build_view(journey_map, language)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=".journeyseo-") as name:
            draft = Path(name)
            (draft / "report.html").write_text(render_html(view), encoding="utf-8")
            write_xlsx(view, journey_map, draft / "report.xlsx")
            counts = {}
            for table, frame in journey_map.tables().items():
                safe, counts[table] = defuse_table(frame)
                safe.to_csv(draft / f"{table}.csv", index=False, encoding="utf-8-sig")
            content = as_json(journey_map) | {"defused_cells": counts}
            text = json.dumps(content, ensure_ascii=False, indent=1, allow_nan=False)
            (draft / "report.json").write_text(text + "\n", encoding="utf-8")
            journey_map.save(draft / "map")
            _move(draft, target)
    except OSError as error:
        raise InputError(
            f"The report cannot be written: {error.strerror}.",
            where=str(target),
            hint="Choose another folder.",
        ) from error
    return target / "report.html"


def keep_decisions(target: Path, given: pd.DataFrame, listed: Iterable[str]) -> None:
    """Raise an error where a report's files hold decisions of planners that a run was not given.

    Args:
        target: Folder of the report that would be replaced.
        given: Decisions that the run was given (`journeyseo.tables.PLAN`).
        listed: Ids that its plan listed.

    Raises:
        InputError: A file holds such decisions, or cells of a plan that cannot be read.
    """
    older = saved_decisions(target / "map")
    files = {"map": older}
    for name in PLANS:
        if (target / name).is_file():
            try:
                files[name] = decisions_of(read_plan(target / name))
            except FormatError:
                continue  # a report without columns for planners
    for name, held in files.items():
        lost = lost_decisions(held, given, listed, older)
        if lost:
            raise decisions_in_danger(lost, target / name)


def _move(draft: Path, target: Path) -> None:
    """Move the files of a finished draft into a folder, each over the one it replaces.

    Raises:
        InputError: A folder stands where a file must go; nothing is moved then.
    """
    files = sorted(p for p in draft.rglob("*") if p.is_file())
    goals = [target / p.relative_to(draft) for p in files]
    for goal in goals:
        if goal.is_dir() or (goal.parent.exists() and not goal.parent.is_dir()):
            raise InputError(
                f"The report cannot be written: {goal.name} is there and no file of it.",
                where=str(target),
                hint="Choose another folder.",
            )
    for path, goal in zip(files, goals, strict=True):
        goal.parent.mkdir(parents=True, exist_ok=True)
        path.replace(goal)


def as_json(journey_map: JourneyMap) -> dict[str, Any]:
    """Return a map as plain data: provenance and the tables that machines want.

    Keywords and pages are left to their CSV and Parquet files.
    """
    out: dict[str, Any] = {"format": JSON_FORMAT, "provenance": dict(journey_map.provenance)}
    for name in (
        "topics", "cells", "suggestions", "closed", "findings", "segments", "striking_distance",
    ):  # fmt: skip
        out[name] = records(getattr(journey_map, name))
    return out
