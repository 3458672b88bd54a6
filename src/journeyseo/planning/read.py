"""Read what planners wrote into a report's suggestions."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from journeyseo.errors import FormatError, InputError
from journeyseo.notes import note
from journeyseo.planning.columns import PLAN_FIELDS, columns_by_heading
from journeyseo.planning.statuses import status_of, statuses
from journeyseo.results import Dropped, ReadReport
from journeyseo.sheets.defuse import restore
from journeyseo.sheets.files import grids_of, read_bytes
from journeyseo.sheets.grid import Grid
from journeyseo.tables import PLAN

PlanSource = str | Path | Sequence[str | Path]

_WANTED = ("id", "title", "primary_keyword", *PLAN_FIELDS)
_DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T]00:00(?::00)?)?", re.ASCII)
# Problems that a message names; the rest is counted.
_SHOWN = 10


@dataclass(frozen=True)
class _Sheet:
    """A table of a file that holds a plan.

    Attributes:
        grid: Its cells.
        header_row: Row of its header.
        columns: Place of each of our columns.
        headings: Heading of each of our columns.
        ignored: Headings that are none of ours.
    """

    grid: Grid
    header_row: int
    columns: dict[str, int]
    headings: dict[str, str]
    ignored: tuple[str, ...]


def read_plan(source: PlanSource) -> pd.DataFrame:
    """Return what planners wrote beside the suggestions of a report.

    Reads the workbook (its sheets of suggestions and of closed ones) or the CSV files, in any of the
    report's languages. Rows are known by their id alone: they may be sorted, filtered and deleted.

    Args:
        source: The edited ``report.xlsx``, ``suggestions.csv`` or ``closed.csv``, or a list of such files.

    Returns:
        The plan table (`journeyseo.tables.PLAN`), one row a suggestion, also where nothing was decided.
        ``attrs["reports"]`` holds a `ReadReport` for each sheet: columns that are not ours, dropped rows.

    Raises:
        FormatError: A file holds no table with the columns id and status.
        InputError: A file cannot be read, or holds a status or a date that is none. All such cells are
            named at once.
    """
    files = [source] if isinstance(source, str | Path) else list(source)
    rows: dict[str, dict[str, object]] = {}
    problems: list[str] = []
    reports = []
    for file in files:
        sheets = list(_sheets(Path(file)))
        if not sheets:
            raise FormatError(
                "No table with the columns id and status was found.",
                where=str(file),
                hint="Give the report.xlsx or the suggestions.csv that journeyseo map wrote, edited.",
            )
        reports += [_take(sheet, rows, problems) for sheet in sheets]
    if problems:
        more = f"; and {len(problems) - _SHOWN} more" if len(problems) > _SHOWN else ""
        raise InputError(
            f"The plan has cells that cannot be taken: {'; '.join(problems[:_SHOWN])}{more}.",
            where=", ".join(map(str, files)),
            hint=f"A status is empty or one of {', '.join(statuses())}; a date is written 2026-05-31.",
        )
    table = PLAN.conform(pd.DataFrame(list(rows.values()), columns=PLAN.names)) if rows else PLAN.empty()
    table.attrs["reports"] = tuple(reports)
    return table


def _sheets(path: Path) -> Iterator[_Sheet]:
    """Yield the tables of a file that hold a plan."""
    for readings in grids_of(read_bytes(path), path.name):
        found = [sheet for grid in readings if (sheet := _sheet(grid)) is not None]
        if found:
            yield max(found, key=lambda sheet: len(sheet.columns))


def _sheet(grid: Grid) -> _Sheet | None:
    """Return a table with its columns, where it holds a plan."""
    known = columns_by_heading()
    for row, cells in grid.head():
        columns: dict[str, int] = {}
        ignored = []
        for place, cell in enumerate(cells):
            heading = " ".join(cell.split())
            column = known.get(heading.casefold())
            if heading and (column is None or column in columns):
                ignored.append(heading)
            elif column is not None:
                columns[column] = place
        if "id" in columns and ("status" in columns or "decision" in columns):
            own = {name: columns[name] for name in _WANTED if name in columns}
            return _Sheet(grid, row, own, {n: cells[p].strip() for n, p in own.items()}, tuple(ignored))
    return None


def _take(sheet: _Sheet, rows: dict[str, dict[str, object]], problems: list[str]) -> ReadReport:
    """Add the rows of a table to those of others, by id; say what was read."""
    source = sheet.grid.name
    dropped = []
    read = kept = 0
    for number, cells in sheet.grid.rows():
        if number <= sheet.header_row or not any(cell.strip() for cell in cells):
            continue
        read += 1
        row, wrong = _row(sheet, cells)
        problems += [f"{source}, row {number}: {problem}" for problem in wrong]
        key = str(row.get("id") or "")
        if not key:
            dropped.append(Dropped(source, number, "no id", " ".join(filter(None, cells))[:80], "id"))
            continue
        older = rows.get(key)
        if older is not None and _decided(older) and _decided(row) and _decided(older) != _decided(row):
            first = f"{older['source']}, row {older['source_row']}"
            problems.append(f"{source}, row {number}: id {key} has another decision than in {first}")
        if older is not None and (_decided(older) or not _decided(row)):
            dropped.append(Dropped(source, number, "the id was read before", key, "id"))
            continue
        kept += 1
        rows[key] = row | {"source": source, "source_row": number}
    notes = [note("columns-not-taken", columns=", ".join(sheet.ignored))] if sheet.ignored else []
    return ReadReport(
        source,
        "plan",
        "journeyseo",
        "edited suggestions",
        sheet.grid.described,
        sheet.header_row,
        sheet.headings,
        sheet.ignored,
        read,
        kept,
        tuple(dropped),
        tuple(notes),
    )


def _decided(row: dict[str, object]) -> list[tuple[str, object]]:
    """Return what a planner filled in."""
    return [(name, row[name]) for name in PLAN_FIELDS if row.get(name)]


def _row(sheet: _Sheet, cells: Sequence[str]) -> tuple[dict[str, object], list[str]]:
    """Return our columns of a row, and what is wrong with them."""
    row: dict[str, object] = {}
    wrong = []
    for name, place in sheet.columns.items():
        text = cells[place].strip() if place < len(cells) else ""
        if sheet.grid.delimiter:
            text = restore(text)
        value: str | None = text or None
        if text and name == "status":
            value = status_of(text)
        elif text and name == "due":
            value = _day(text)
        if text and value is None:
            what = "no status" if name == "status" else "no date with the year first"
            wrong.append(f"{sheet.headings[name]} {text[:40]!r} is {what}")
        row[name] = value
    return row, wrong


def _day(text: str) -> str | None:
    """Return the ISO date of a day whose year stands first; None for others, whose order is not known."""
    found = _DATE.fullmatch(text)
    if found is None:
        return None
    try:
        return dt.date(*map(int, found.groups())).isoformat()
    except ValueError:
        return None
