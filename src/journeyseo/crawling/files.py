"""The files of an inventory, written a batch at a time, whole or not at all."""

from __future__ import annotations

import json
import math
from collections.abc import Generator, Iterable
from itertools import chain
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from journeyseo.contract import LABEL, Table
from journeyseo.errors import InputError
from journeyseo.report.cells import defuse_table, printable
from journeyseo.stages import STAGES
from journeyseo.tables import CRAWLED_PAGES, DEAD_LINKS, SECTIONS, SKIPPED

PAGES_FILE, SECTIONS_FILE, WORKBOOK, SKIPPED_FILE, DEAD_FILE, SUMMARY = (
    "pages.parquet", "sections.parquet", "inventory.xlsx", "skipped.csv", "dead-links.csv", "crawl.json",
)  # fmt: skip
TABLES = (PAGES_FILE, SECTIONS_FILE, WORKBOOK, SKIPPED_FILE, DEAD_FILE)
# What a person reads in a sheet; texts and single probabilities are in the Parquet file.
_LONG = {"headings", "text", "sections", "outlinks", "source", "engine", *(f"p_{stage}" for stage in STAGES)}
_SHEET = [name for name in CRAWLED_PAGES.names if name not in _LONG]
_SECTION_SHEET = [name for name in SECTIONS.names if name not in _LONG]
# Workbooks with more rows open slowly; the Parquet and CSV files hold all.
MAX_SHEET_ROWS = 100_000
_MAX_CELL = 32_767  # the limit of the format

Rows = Iterable[list[dict[str, Any]]]
Sheet = Generator[None, pd.DataFrame, None]


def write_tables(folder: Path, *, pages: Rows, sections: Rows, skipped: Rows, dead: Rows) -> None:
    """Write the tables of an inventory.

    Args:
        folder: Where to.
        pages: Rows of `CRAWLED_PAGES`.
        sections: Rows of `SECTIONS`.
        skipped: Rows of `SKIPPED`.
        dead: Rows of `DEAD_LINKS`.

    Raises:
        InputError: A file cannot be written.
    """
    import xlsxwriter

    drafts = {name: folder / f".{name}.part" for name in TABLES}
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    try:
        with xlsxwriter.Workbook(str(drafts[WORKBOOK]), options) as book:
            _staged(drafts[PAGES_FILE], _sheet(book, "Pages", _SHEET), CRAWLED_PAGES, pages)
            _staged(drafts[SECTIONS_FILE], _sheet(book, "Sections", _SECTION_SHEET), SECTIONS, sections)
            for table, rows, name, title in (
                (SKIPPED, skipped, SKIPPED_FILE, "Skipped"),
                (DEAD_LINKS, dead, DEAD_FILE, "Dead links"),
            ):
                _plain(drafts[name], _sheet(book, title, table.names), table, rows)
        for name in TABLES:
            drafts[name].replace(folder / name)
    except OSError as error:
        raise InputError(f"The files cannot be written: {error.strerror}.", where=str(folder)) from error
    finally:
        for draft in drafts.values():
            draft.unlink(missing_ok=True)


def write_summary(folder: Path, summary: dict[str, Any]) -> None:
    """Write plain data to ``crawl.json``.

    Raises:
        InputError: It cannot be written.
    """
    draft = folder / f".{SUMMARY}.part"
    try:
        draft.write_text(json.dumps(summary, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        draft.replace(folder / SUMMARY)
    except OSError as error:
        raise InputError(f"The files cannot be written: {error.strerror}.", where=str(folder)) from error


def _staged(path: Path, sheet: Sheet, contract: Table, batches: Rows) -> None:
    next(sheet)
    writer: pq.ParquetWriter | None = None
    labels = [column.name for column in contract.columns if column.kind == LABEL]
    try:
        # A file without rows has its columns all the same.
        for rows in chain(batches, [[]]):
            if not rows and writer is not None:
                continue
            frame = contract.conform(pd.DataFrame(rows))[contract.names]
            frame = frame.astype(dict.fromkeys(labels, "str"))
            table = pa.Table.from_pandas(frame, preserve_index=False)
            writer = writer or pq.ParquetWriter(path, table.schema, compression="zstd")
            writer.write_table(table)
            sheet.send(frame)
    finally:
        if writer is not None:
            writer.close()
    sheet.close()


def _plain(path: Path, sheet: Sheet, table: Table, batches: Rows) -> None:
    next(sheet)
    first = True
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        for rows in batches:
            frame = table.conform(pd.DataFrame(rows, columns=table.names))
            defuse_table(frame)[0].to_csv(stream, index=False, header=first)
            sheet.send(frame)
            first = False
        if first:
            table.empty().to_csv(stream, index=False)
    sheet.close()


def _sheet(book: Any, title: str, names: list[str]) -> Sheet:
    """Write frames that are sent into a sheet, a row at a time; what is over the limit is left out."""
    sheet = book.add_worksheet(title)
    sheet.freeze_panes(1, 1)
    sheet.set_column(0, 0, 60)
    bold = book.add_format({"bold": True})
    for place, name in enumerate(names):
        sheet.write_string(0, place, name, bold)
    at = 0
    while True:
        frame: pd.DataFrame = yield
        for cells in frame[names].astype(object).itertuples(index=False, name=None):
            if at >= MAX_SHEET_ROWS:
                break
            at += 1
            for place, value in enumerate(cells):
                _cell(sheet, at, place, value)


def _cell(sheet: Any, row: int, place: int, value: Any) -> None:
    if value is None or value is pd.NA or (isinstance(value, float) and not math.isfinite(value)):
        return
    if isinstance(value, str):
        sheet.write_string(row, place, printable(value)[:_MAX_CELL])
    elif isinstance(value, bool):
        sheet.write_boolean(row, place, value)
    else:
        sheet.write_number(row, place, round(float(value), 4))
