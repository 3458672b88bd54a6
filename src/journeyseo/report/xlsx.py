"""The workbook that planners work in: suggestions with columns to decide in, map, keywords."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from journeyseo.planning.columns import BRIEF, CLOSED_BRIEF, OWN
from journeyseo.planning.statuses import statuses
from journeyseo.report.segments import segment_sheets
from journeyseo.report.view import View
from journeyseo.results import JourneyMap

# Rows of one sheet: Excel's limit is 1,048,576, and a workbook of that size opens in nobody's tool.
_MAX_ROWS = 100_000
# Columns of a finding, with their headings among the report's texts.
_FINDING = {
    "kind_name": "finding", "urls": "pages", "topic_name": "topic", "stage_name": "stage",
    "evidence": "evidence", "to_do": "to_do", "queries": "finding_queries", "demand": "demand",
    "kind": "finding_kind",
}  # fmt: skip
# Columns of a query within striking distance, with their headings.
_STRIKING = {
    "query": "query", "more_clicks": "more_clicks", "clicks": "clicks_now", "impressions": "impressions",
    "ctr": "ctr", "position": "position", "url": "page", "basis": "basis", "stage_name": "stage",
    "topic_name": "topic", "language": "language", "country": "country",
}  # fmt: skip
_COLOURS = {"gap": "#F4C7C3", "weak": "#FCE8B2", "covered": "#CDE9D6", "excess": "#CDE9D6"}


def write_xlsx(view: View, journey_map: JourneyMap, path: Path) -> None:
    """Write the workbook. Every text is written as text: no formula, no live link.

    Args:
        view: What the report shows.
        journey_map: The map, for the whole tables.
        path: Where to write it.
    """
    import xlsxwriter

    options = {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
    with xlsxwriter.Workbook(str(path), options) as book:
        book.set_properties({"title": view.texts["title"]})
        styles = {
            "head": book.add_format({"bold": True, "bg_color": "#EEF1F5", "border": 1, "text_wrap": True}),
            "wrap": book.add_format({"text_wrap": True, "valign": "top"}),
            "number": book.add_format({"num_format": "#,##0.###"}),
            "day": book.add_format({"num_format": "yyyy-mm-dd", "valign": "top"}),
            **{
                k: book.add_format({"bg_color": c, "num_format": "#,##0", "border": 1})
                for k, c in _COLOURS.items()
            },
            "no-demand": book.add_format({"num_format": "#,##0", "border": 1, "font_color": "#777777"}),
        }
        _suggestions(book, view, styles)
        _map(book, view, styles)
        for title, frame in (
            ("Findings", _with_heads(view.findings, _FINDING, view)),
            ("Striking distance", _with_heads(view.striking, _STRIKING, view)),
            ("Cells", journey_map.cells),
            ("Keywords", journey_map.keywords),
            ("Pages", journey_map.pages.drop(columns=["text", "sections"])),
            ("Sections", journey_map.sections),
            ("Topics", journey_map.topics),
            ("Coverage", journey_map.coverage),
            ("Dropped", journey_map.dropped),
            *segment_sheets(journey_map, view.texts),
        ):
            _table(book, title, frame, styles)


def _with_heads(rows: Sequence[Mapping[str, Any]], columns: Mapping[str, str], view: View) -> pd.DataFrame:
    """Return rows as a table whose columns have their headings among the report's texts."""
    heads = {name: view.texts[key] for name, key in columns.items()}
    return pd.DataFrame(list(rows), columns=list(columns)).rename(columns=heads)


def _head(sheet: Any, names: list[str], styles: dict[str, Any], rows: int) -> None:
    for column, name in enumerate(names):
        sheet.write_string(0, column, name, styles["head"])
    sheet.freeze_panes(1, 1)
    if rows:
        sheet.autofilter(0, 0, rows, len(names) - 1)


def _write(sheet: Any, row: int, column: int, value: Any, style: Any = None) -> None:
    if isinstance(value, np.generic):
        value = value.item()
    if value is None or value is pd.NA or value != value:
        sheet.write_blank(row, column, None, style)
    elif isinstance(value, bool):
        sheet.write_boolean(row, column, value, style)
    elif isinstance(value, int | float):
        sheet.write_number(row, column, value, style)
    else:
        sheet.write_string(row, column, str(value)[:32_000], style)


def _suggestions(book: Any, view: View, styles: dict[str, Any]) -> None:
    _plan_sheet(book, "Suggestions", BRIEF, view.suggestions, view, styles)
    _plan_sheet(book, "Closed", CLOSED_BRIEF, view.closed, view, styles)


def _plan_sheet(
    book: Any,
    title: str,
    shown: Sequence[tuple[str, str, int]],
    rows: Sequence[Mapping[str, Any]],
    view: View,
    styles: dict[str, Any],
) -> None:
    """Write suggestions with the columns that planners fill in, which `read_plan` reads back."""
    sheet = book.add_worksheet(title)
    columns = [*shown, *OWN]
    _head(sheet, [view.texts[key] for _, key, _ in columns], styles, len(rows))
    for column, (name, _, width) in enumerate(columns):
        # Whole columns, so that a date typed below the last row is a date too.
        sheet.set_column(column, column, width, styles["day"] if name == "due" else None)
        for row, item in enumerate(rows, 1):
            value = item[name]
            text = "\n".join(value) if isinstance(value, list) else value
            if name == "due" and text:
                sheet.write_datetime(row, column, dt.date.fromisoformat(text), styles["day"])
            else:
                value = round(text, 1) if isinstance(text, float) else text
                _write(sheet, row, column, value, styles["day" if name == "due" else "wrap"])
    if rows:
        place = {name: column for column, (name, _, _) in enumerate(columns)}
        allowed = [status.names[view.language] for status in statuses().values()]
        sheet.data_validation(
            1, place["status"], len(rows), place["status"], {"validate": "list", "source": allowed}
        )
        sheet.data_validation(
            1,
            place["due"],
            len(rows),
            place["due"],
            {"validate": "date", "criteria": ">=", "value": dt.date(2000, 1, 1)},
        )


def _map(book: Any, view: View, styles: dict[str, Any]) -> None:
    sheet = book.add_worksheet("Map")
    names = [name for _, name in view.stages]
    _head(sheet, [view.texts["topic"], *names, view.texts["total"]], styles, len(view.topics))
    for row, topic in enumerate(view.topics, 1):
        _write(sheet, row, 0, topic.name)
        for column, cell in enumerate(topic.cells, 1):
            _write(sheet, row, column, round(cell.demand, 1), styles[cell.status])
        _write(sheet, row, len(names) + 1, round(topic.demand, 1))
    sheet.set_column(0, 0, 28)
    sheet.set_column(1, len(names) + 1, 16)


def _table(book: Any, title: str, frame: pd.DataFrame, styles: dict[str, Any]) -> None:
    sheet = book.add_worksheet(title)
    shown = frame.head(_MAX_ROWS)
    _head(sheet, list(map(str, shown.columns)), styles, len(shown))
    for column, name in enumerate(shown.columns):
        style = styles["number"] if pd.api.types.is_float_dtype(shown[name]) else None
        for row, value in enumerate(shown[name].astype(object).tolist(), 1):
            _write(sheet, row, column, value, style)
    sheet.set_column(0, 0, 34)
