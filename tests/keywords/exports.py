"""Exports made by hand in the layout of their vendor, and what must be read from them."""

import io
import math
import zipfile
from dataclasses import dataclass

import openpyxl

from journeyseo.keywords import read_keywords


@dataclass(frozen=True)
class Export:
    """One file and its exact content.

    Attributes:
        data: The file.
        format: Format that it must be recognised as.
        vendor: Whose export it must be called.
        columns: Names of the columns that are compared, with blanks between.
        rows: Their values, row by row.
        dropped: Row and reason of each row that is not kept.
        described: Encoding and delimiter that must be found.
        name: File name.
        language: Language given by the user; None where it is found or read.
        n_rows: Rows kept, where some of them are merged.
    """

    data: bytes
    format: str
    vendor: str
    columns: str
    rows: list[tuple]
    dropped: tuple[tuple[int, str], ...] = ()
    described: str = ""
    name: str = "export.csv"
    language: str | None = "en"
    n_rows: int | None = None


def utf8(*lines, end="\n"):
    return end.join(lines).encode("utf-8")


def bom(*lines, end="\n"):
    return b"\xef\xbb\xbf" + utf8(*lines, end=end)


def utf16(*lines, end="\n"):
    return ("\ufeff" + end.join(lines)).encode("utf-16-le")


def tabbed(*lines, quoted=False):
    """Return lines written with bars as lines with tabs."""
    rows = [line.split("|") for line in lines]
    return ["\t".join(f'"{cell}"' for cell in row) if quoted else "\t".join(row) for row in rows]


def book(sheets):
    result = openpyxl.Workbook()
    result.remove(result.active)
    for name, rows in sheets.items():
        sheet = result.create_sheet(name)
        for row in rows:
            sheet.append(row)
    out = io.BytesIO()
    result.save(out)
    return out.getvalue()


def archive(entries):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in entries.items():
            file.writestr(name, content)
    return out.getvalue()


def _same(found, expected):
    if isinstance(expected, float) and isinstance(found, float):
        return math.isclose(found, expected, rel_tol=1e-9)
    return found == expected


def check(export, folder):
    """Read an export and compare everything that is stated of it."""
    path = folder / export.name
    path.write_bytes(export.data)
    frame = read_keywords(path, language=export.language)
    report = frame.attrs["reports"][0]
    columns = export.columns.split()
    cells = frame[columns].astype(object)
    rows = [tuple(row) for row in cells.where(cells.notna(), None).to_numpy().tolist()]

    assert (report.format, report.vendor) == (export.format, export.vendor)
    assert not export.described or report.described == export.described
    assert len(rows) == len(export.rows), rows
    for found, expected in zip(rows, export.rows, strict=True):
        assert len(expected) == len(columns), expected
        wrong = {name: (a, b) for name, a, b in zip(columns, found, expected, strict=True) if not _same(a, b)}
        assert not wrong, (found, wrong)
    kept = len(export.rows) if export.n_rows is None else export.n_rows
    assert [(d.row, d.reason) for d in report.dropped] == list(export.dropped)
    assert (report.rows_kept, report.rows_read) == (kept, kept + len(export.dropped))
