"""Read pages, wherever they are, into one pages table."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

from journeyseo.errors import FormatError, InputError
from journeyseo.notes import note
from journeyseo.pages.address import join_url, normal_url
from journeyseo.pages.words import language_sample
from journeyseo.results import Dropped, ReadReport
from journeyseo.sheets.formats import Format
from journeyseo.tables import PAGES

Progress = Callable[[Sequence[Any], str], Iterable[Any]]
MAX_PAGES = 2_000
"""Most pages that are fetched from a site unless more are asked for."""

# Files that say that they are tables: markup in one of these is an answer saved in its place.
_TABLES = (".csv", ".tsv", ".xlsx")
# What a crawl leaves in its folder: the inventory, and the file that says that it is one.
_CRAWL = ("pages.parquet", "crawl.json")


def _silent(items: Sequence[Any], _: str) -> Iterable[Any]:
    return items


def read_pages(
    source: str | Path | pd.DataFrame,
    *,
    base_url: str | None = None,
    url_column: str | None = None,
    encoding: str | None = None,
    max_pages: int = MAX_PAGES,
    allow_private: bool = False,
    delay: float = 0.5,
    browser: bool = False,
    progress: Progress = _silent,
) -> pd.DataFrame:
    """Return the pages of a site as one table.

    Args:
        source: A folder of HTML or of a finished crawl, a web archive (WARC), a crawl export or
            inventory (CSV, XLSX), JSON Lines, a WordPress export, a saved feed or sitemap, the address
            of a sitemap or of a start page, or a frame with a url column.
        base_url: Address that a folder of HTML mirrors, for pages without a canonical link, and on
            which the paths of a table stand.
        url_column: Name of the column of addresses, where it has no usual name.
        encoding: Encoding of text files; found where it is None.
        max_pages: Most pages to fetch.
        allow_private: Whether private and loopback addresses may be fetched.
        delay: Least seconds between two requests.
        browser: Whether pages of a site that are empty without one are shown by a browser (extra
            ``browser``).
        progress: Wraps a list of work and its name, to show how far it is.

    Returns:
        The pages table (`journeyseo.tables.PAGES`), one row an address. ``attrs["reports"]`` holds
        a `ReadReport` for each source: what it is, what was dropped and why.

    Raises:
        FormatError: There are no pages in it.
        InputError: A file is missing, empty, damaged or no table.
        FetchError: The start of a site cannot be fetched, or must not be.
        DependencyError: What the browser needs is not installed.
        ConfigError: The browser cannot keep its sandbox here, and nobody said that it may go without.
    """
    if isinstance(source, pd.DataFrame):
        rows, reports = _from_frame(source, url_column)
    elif str(source).lower().startswith(("http://", "https://")):
        rows, reports = _from_web(str(source), max_pages, allow_private, delay, progress, browser=browser)
    else:
        rows, reports = _from_disk(Path(source), base_url, url_column, encoding, progress)
    return _finish(rows, reports, str(source) if not isinstance(source, pd.DataFrame) else "frame")


def _from_frame(frame: pd.DataFrame, url_column: str | None) -> tuple[list[dict[str, Any]], list[ReadReport]]:
    name = url_column or "url"
    if name not in frame.columns:
        raise FormatError(
            f"The frame has no column {name!r} (seen: {', '.join(map(str, frame.columns))}).",
            hint="Name it url, or give url_column.",
        )
    if name != "url":
        frame = frame.drop(columns="url", errors="ignore").rename(columns={name: "url"})
    rows: list[dict[str, Any]] = []
    dropped: list[Dropped] = []
    for number, cells in enumerate(frame.to_dict("records"), 1):
        row = {str(k): v for k, v in cells.items() if v is not None and v == v}
        if str(row.get("url", "")).strip():
            rows.append(row)
        else:
            seen = " | ".join(map(str, row.values()))
            dropped.append(Dropped("data frame", number, "no address", seen.strip(" |")[:60]))
    report = ReadReport(
        "data frame", "pages", "any tool", "data frame", "frame", 0, {"url": name}, (), len(frame),
        len(rows), tuple(dropped),
    )  # fmt: skip
    return rows, [report]


def _from_web(
    url: str, max_pages: int, allow_private: bool, delay: float, progress: Progress, *, browser: bool
) -> tuple[list[dict[str, Any]], list[ReadReport]]:
    from journeyseo.pages.fetch import FetchOptions
    from journeyseo.pages.site import read_site

    options = FetchOptions(delay=delay, allow_private=allow_private)
    read = read_site(url, options=options, max_pages=max_pages, progress=progress, browser=browser)
    report = _report(url, "site", "web site", read.rows, read.dropped)
    return read.rows, [replace(report, notes=read.notes())]


def _report(
    source: str, form: str, report: str, rows: Sequence[Any], dropped: Sequence[Dropped]
) -> ReadReport:
    size = len(rows)
    return ReadReport(
        source, form, "any site", report, "HTML", 0, {}, (), size + len(dropped), size, tuple(dropped)
    )


def _from_disk(
    path: Path,
    base_url: str | None,
    url_column: str | None,
    encoding: str | None,
    progress: Progress,
) -> tuple[list[dict[str, Any]], list[ReadReport]]:
    from journeyseo.pages.charset import foreign_kind
    from journeyseo.pages.extract import extract
    from journeyseo.pages.folder import read_folder
    from journeyseo.pages.inventory import is_json_lines, read_inventory, read_json_lines
    from journeyseo.pages.markup import xml_format
    from journeyseo.pages.warc import is_warc, read_warc
    from journeyseo.sheets.archive import gunzip, xml_entries
    from journeyseo.sheets.encoding import kind_of
    from journeyseo.sheets.files import read_bytes

    if (path / _CRAWL[0]).is_file() and (path / _CRAWL[1]).is_file():
        path /= _CRAWL[0]
    if path.is_dir():
        rows, dropped = read_folder(path, base_url, progress)
        report = _report(path.resolve().name + "/", "html-folder", "folder of HTML", rows, dropped)
        bare = sum(not normal_url(str(row["url"])) for row in rows)
        if bare:
            report = replace(report, notes=(note("no-own-address", pages=bare, all=len(rows)),))
        return rows, [report]
    if is_warc(path):  # before all of it is in memory
        rows, report = read_warc(path)
        return rows, [report]
    data = read_bytes(path)
    if path.suffix.lower() in (".html", ".htm"):
        if kind := foreign_kind(data):
            raise InputError(f"The file is no web page: it looks like a {kind} file.", where=str(path))
        row = extract(data, base_url or "")
        if row is None:
            raise InputError("There is nothing to read in the page.", where=str(path))
        row["url"] = row["url"] or path.name
        rows = [row | {"source": path.name}]
        return rows, [_report(path.name, "html", "one HTML page", rows, ())]
    name = path.name
    if kind_of(data) == "gzip":
        data, name = gunzip(data, name), name.removesuffix(".gz")
    if not name.lower().endswith(_TABLES) and (form := xml_format(data, str(path))):
        return _from_xml(data, name, str(path), form)
    found = [
        _from_xml(content, entry, entry, form)
        for entry, content in xml_entries(data, name)
        if (form := xml_format(content, entry))
    ]
    if found:
        return [row for own, _ in found for row in own], [r for _, own in found for r in own]
    if is_json_lines(data):
        return read_json_lines(data, name, encoding)
    rows, reports = read_inventory(data, name, str(path), url_column=url_column, encoding=encoding)
    if base_url:
        rows = [row | {"url": join_url(base_url, row["url"]) or row["url"]} for row in rows]
    return rows, reports


def _from_xml(
    data: bytes, name: str, where: str, form: Format
) -> tuple[list[dict[str, Any]], list[ReadReport]]:
    from journeyseo.pages.feed import read_feed
    from journeyseo.pages.sitemap import read_sitemap
    from journeyseo.pages.wordpress import read_wordpress

    if form.id == "wordpress":
        return read_wordpress(data, name, where, form)
    if form.id in ("sitemap", "sitemap_index"):
        return read_sitemap(data, name, where, form)
    return read_feed(data, name, where, form)


def _finish(rows: Sequence[dict[str, Any]], reports: Sequence[ReadReport], where: str) -> pd.DataFrame:
    if not rows:
        reasons = [d.reason for r in reports for d in r.dropped][:3]
        raise FormatError(
            f"No page was found{f' (first rows dropped: {chr(59).join(reasons)})' if reasons else ''}.",
            where=where,
            hint="Check that it lists pages with status 200 and HTML content.",
        )
    kept: dict[str, dict[str, Any]] = {}
    repeated: list[Dropped] = []
    for row in rows:
        key = normal_url(str(row["url"])) or str(row["url"])
        if key in kept:
            repeated.append(Dropped(str(row.get("source", where)), None, "address listed twice", key[:80]))
            continue
        kept[key] = row | {"url": key}
    frame = pd.DataFrame(list(kept.values()))
    for column in PAGES.columns:
        if column.name in frame.columns and column.kind == "str":
            frame[column.name] = [v if isinstance(v, str) and v else None for v in frame[column.name]]
    frame = _languages(frame)
    table = PAGES.conform(frame)
    table.attrs = {"reports": tuple(_with_repeated(reports, repeated))}
    return table


def _with_repeated(reports: Sequence[ReadReport], repeated: Sequence[Dropped]) -> list[ReadReport]:
    """Return the reports with repeated addresses counted where they were read."""
    out = []
    for place, report in enumerate(reports):
        own = [d for d in repeated if d.source == report.source]
        repeated = [d for d in repeated if d.source != report.source]
        if place == len(reports) - 1:
            own, repeated = [*own, *repeated], []
        out.append(replace(report, rows_kept=report.rows_kept - len(own), dropped=(*report.dropped, *own)))
    return out


def _languages(frame: pd.DataFrame) -> pd.DataFrame:
    """Fill in the language of pages that do not say it, from their words."""
    from journeyseo.languages import detect_languages

    own = frame["language"] if "language" in frame.columns else pd.Series(None, index=frame.index)
    gaps = own.isna() | (own == "")
    if not gaps.any():
        return frame
    filled = own.astype(object)
    filled[gaps] = detect_languages([language_sample(row) for row in frame[gaps].to_dict("records")])
    return frame.assign(language=filled)
