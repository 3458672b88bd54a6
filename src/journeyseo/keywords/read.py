"""Read keyword exports, whatever tool wrote them, into one keywords table."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from journeyseo.countries import country_code
from journeyseo.errors import FormatError, InputError
from journeyseo.keywords.brand import mark_brand
from journeyseo.keywords.collect import PARTS, collect
from journeyseo.keywords.context import Context, context_of
from journeyseo.keywords.kept import (
    check_kept,
    is_kept,
    keep_columns,
    kept_field,
    kept_places,
    without_column,
)
from journeyseo.keywords.merge import merge, query_keys, rank_of, row_groups, without_country
from journeyseo.keywords.pairs import query_pages
from journeyseo.keywords.personal import check_personal
from journeyseo.keywords.totals import totals_at
from journeyseo.keywords.values import FIELDS, UNSEEN, typed
from journeyseo.languages import detect_languages, is_language, language_tag, unknown_language
from journeyseo.notes import note
from journeyseo.results import Dropped, ReadReport
from journeyseo.sheets.files import EMPTY, grids_of, read_bytes
from journeyseo.sheets.formats import header_key
from journeyseo.sheets.grid import Grid
from journeyseo.sheets.locate import counted_list, locate, no_table, outline, plain_list, tables_in
from journeyseo.sheets.located import Located
from journeyseo.tables import KEYWORDS
from journeyseo.text import as_texts

_NO_CONTEXT = Context()

Source = str | Path | pd.DataFrame | Iterable[str | Path]
_DATA_SUFFIXES = (
    ".csv", ".tsv", ".txt", ".xlsx", ".xls", ".xlsm", ".zip", ".gz", ".json", ".jsonl", ".parquet",
)  # fmt: skip


def read_keywords(
    source: Source,
    *,
    query_column: str | None = None,
    language: str | None = None,
    country: str | None = None,
    encoding: str | None = None,
    brand: str | Sequence[str] = (),
    mask_personal: bool = False,
    keep: str | Sequence[str] = (),
) -> pd.DataFrame:
    """Return the queries of one or more exports as one table.

    Args:
        source: A file, a folder of files, ``-`` for standard input, a frame with a query column, a
            list of queries, or a list of files. Text in a list counts as a file where it ends like
            one. In a folder, files without queries and plain lists are passed over.
        query_column: Name of the column of queries, where it has no usual name.
        language: BCP 47 language of all queries; found query by query where it is None.
        country: Country of all queries: a code or a name.
        encoding: Encoding of text files; found where it is None.
        brand: Names of the team's brand: column ``brand`` says which queries name one.
        mask_personal: Whether mail addresses, telephone and card numbers in queries are masked; they
            are counted in any case.
        keep: Columns of the exports (or ``country``, ``language``, ``device``) whose values are kept
            beside the table, for `map_journey(by=...)`: each value of a query with the query's numbers
            at that value.

    Returns:
        The keywords table (`journeyseo.tables.KEYWORDS`), one row per query, language and country.
        ``attrs["reports"]`` holds a `ReadReport` for each file: format, columns, dropped rows.

    Raises:
        ConfigError: A name of the brand has no letters, no file has a column to keep, or there is no
            such language.
        FormatError: A file holds no queries.
        InputError: A file is missing, empty, damaged or no table.
    """
    if language is not None and not is_language(language):
        raise unknown_language(language)
    terms = (brand,) if isinstance(brand, str) else tuple(brand)
    kept = (keep,) if isinstance(keep, str) else tuple(keep)
    parts = [
        check_personal(*part, mask=mask_personal) for part in _parts(source, query_column, encoding, kept)
    ]
    frame = _finish(parts, language, country, kept)
    if terms:
        marked = KEYWORDS.conform(frame.assign(brand=mark_brand(frame["query"], terms)))
        marked.attrs = {**frame.attrs, "brand": terms}
        return marked
    return frame


def _parts(
    source: Source, query_column: str | None, encoding: str | None, keep: Sequence[str]
) -> list[tuple[pd.DataFrame, ReadReport]]:
    """Return the rows and the report of each table of a source."""
    if isinstance(source, pd.DataFrame):
        parts = [_from_frame(source, query_column, keep)]
    else:
        parts = []
        if isinstance(source, str) and _is_folder(source):
            source = Path(source)
        items = [source] if isinstance(source, str | Path) else list(source)
        if not items:
            raise InputError("No queries and no files were given.")
        files = [item for item in items if _is_file(item)]
        if files and len(files) < len(items):
            other = next(str(item) for item in items if not _is_file(item))
            raise InputError(
                f"Files and queries are mixed: {other[:60]!r} is no file.",
                hint="Give a list of files or a list of queries.",
            )
        if not files and isinstance(source, str):
            raise InputError("There is no such file.", where=source, hint="Check the path.")
        if files:
            for item in items:
                parts += _from_file(item, query_column, encoding, keep)
        else:
            parts = [_from_queries([str(item) for item in items])]
    return parts


def _is_file(item: str | Path) -> bool:
    if isinstance(item, Path) or item == "-":
        return True
    text = item.strip().lower()
    if text.endswith(_DATA_SUFFIXES) and " " not in Path(text).suffix:
        return True
    try:
        return "\n" not in item and "\x00" not in item and Path(item).is_file()
    except OSError:  # longer than a name may be
        return False


def _is_folder(text: str) -> bool:
    try:
        return bool(text) and "\x00" not in text and Path(text).is_dir()
    except OSError:  # longer than a name may be
        return False


def _from_queries(queries: Sequence[str]) -> tuple[pd.DataFrame, ReadReport]:
    return _from_table(plain_list([Grid("list of queries", "list", "", b"", [[q] for q in queries])]))


def _from_frame(
    frame: pd.DataFrame, query_column: str | None, keep: Sequence[str]
) -> tuple[pd.DataFrame, ReadReport]:
    """Read a frame as if it were a sheet, but keep the columns that already are ours."""
    name = "data frame"
    if set(frame.columns) >= {"query", "source", "n_merged"}:
        own = {header_key(str(name)): name for name in frame if name not in KEYWORDS.names}
        found = {kept_field(name): own[header_key(name)] for name in keep if header_key(name) in own}
        kept = KEYWORDS.conform(frame.assign(**{field: frame[name] for field, name in found.items()}))
        known = frame.attrs.get("reports")
        report = ReadReport(
            name, "keywords", "journeyseo", "keywords table", "data frame", 0, {"query": "query"}, (),
            len(kept), len(kept),
        )  # fmt: skip
        return kept, known[0] if known and len(known) == 1 else report
    values = frame.astype(object).where(frame.notna(), None)
    cells = [[str(c) for c in frame.columns], *values.to_numpy().tolist()]
    grid = Grid(name, "data frame", "", b"", cells)
    table = locate([grid], "query", FIELDS, column=query_column)
    if table is None:
        raise no_table([[grid]], name, "query")
    return _from_table(table, keep=keep)


def _from_folder(
    folder: Path, query_column: str | None, encoding: str | None, keep: Sequence[str]
) -> list[tuple[pd.DataFrame, ReadReport]]:
    """Read the exports in a folder; a file without queries gets a report that says so."""
    files = sorted(
        path
        for path in folder.rglob("*")
        if path.name.lower().endswith(_DATA_SUFFIXES)
        and not path.name.startswith((".", "~$"))
        and path.is_file()
    )
    parts: list[tuple[pd.DataFrame, ReadReport]] = []
    problems: list[FormatError] = []
    for file in files:
        try:
            if not file.stat().st_size:
                raise FormatError(EMPTY, where=str(file))
            parts += _from_file(file, query_column, encoding, keep, lists=False)
        except FormatError as error:
            problems.append(error)
            report = ReadReport(
                file.name, "none", "no keyword export", "passed over", "no queries", 0, {}, (), 0, 0, (),
                (error.message,),
            )  # fmt: skip
            parts.append((KEYWORDS.empty(), report))
    if len(problems) == len(files):
        raise FormatError(
            f"The folder holds no keyword exports ({len(files)} files were looked at).",
            where=str(folder),
            hint=str(problems[0]) if problems else f"Expected files that end in {', '.join(_DATA_SUFFIXES)}.",
        )
    return parts


def _from_file(
    item: str | Path,
    query_column: str | None,
    encoding: str | None,
    keep: Sequence[str],
    *,
    lists: bool = True,
) -> list[tuple[pd.DataFrame, ReadReport]]:
    if str(item) == "-":
        name, data = "standard input", sys.stdin.buffer.read()
    else:
        path = Path(item)
        if path.is_dir():
            return _from_folder(path, query_column, encoding, keep)
        name, data = path.name, read_bytes(path)
    where = name if str(item) == "-" else str(item)
    tables = grids_of(data, name, encoding=encoding)
    found = [t for r in tables if (t := locate(r, "query", FIELDS, column=query_column))]
    alone = len(tables) == 1 and query_column is None
    questions = outline(tables[0]) if alone and not found else None
    if questions is not None:
        found = [questions]
    counted = counted_list(tables[0]) if lists and alone and not found else None
    if counted is not None:
        found = [counted]
    may_be_list = lists and (name == "standard input" or name.lower().endswith(".txt"))
    if may_be_list and alone and questions is None and counted is None and _is_list(tables[0]):
        if found and len(found[0].header) == 1:  # a query may be the name of a column too
            found = [t for r in tables if (t := locate(r, "query", FIELDS, first_line=True))]
        found = found or [plain_list(tables[0])]
    if not found:
        if query_column is not None:
            raise FormatError(
                f"There is no column {query_column!r}.",
                where=where,
                hint=str(no_table(tables, "", "query").message),
            )
        raise no_table(tables, where, "query")
    if query_column is None:
        found = [part for table in found for part in tables_in(table, "query", FIELDS)]
    context = context_of(tables) if found[0].format.id.startswith("gsc_") else _NO_CONTEXT
    if counted is not None:
        query, number = (counted.header[counted.columns[field][0]] for field in ("query", "volume"))
        context = Context(notes=(note("taken-as-searches", query=query, number=number),))
    parts = [_from_table(table, context, keep) for table in found]
    if all(report.rows_kept == 0 for _, report in parts):
        report = parts[0][1]
        reasons = Counter(drop.reason for drop in report.dropped).most_common(2)
        why = ", ".join(f"{reason}: {n:,}" for reason, n in reasons)
        lost = f"; {len(report.dropped):,} rows were dropped ({why})" if reasons else ""
        raise FormatError(
            f"The file has a header (row {report.header_row}) and no queries below it{lost}.",
            where=where,
            hint="Export it again with rows.",
        )
    return parts


def _countries(texts: pd.Series) -> pd.Series:
    """Return countries as codes; each distinct one is looked up once."""
    codes = {text: country_code(text) for text in texts.dropna().unique()}
    return texts.map(codes, na_action="ignore").astype("str") if codes else texts


def _is_list(readings: Sequence[Grid]) -> bool:
    """Return whether a text is plain lines, each as short as a query."""
    grid = next((g for g in readings if g.delimiter == "\t"), readings[0])
    lines = [cells for _, cells in grid.head() if cells]
    return bool(lines) and all(len(c) == 1 and len(c[0]) <= 200 for c in lines)


def _from_table(
    table: Located, context: Context = _NO_CONTEXT, keep: Sequence[str] = ()
) -> tuple[pd.DataFrame, ReadReport]:
    dropped: list[Dropped] = []
    notes: list[str] = []
    kept = kept_places(table, keep)
    cells, read = collect(table, dropped, kept)
    frame = (
        KEYWORDS.conform(context.fill(typed(table, cells, notes))) if len(cells.rows) else KEYWORDS.empty()
    )
    if (total := totals_at(frame, table.header)) is not None:
        row, text = (frame[name].iloc[total] for name in ("source_row", "query"))
        dropped.append(
            Dropped(table.grid.name, int(row), "a row of totals", text, _columns_of(table)["query"])
        )
        dropped.sort(key=lambda drop: drop.row or 0)
        frame = frame.drop(index=total).reset_index(drop=True)
    used = {i for places in table.columns.values() for i in places[:1]}
    used |= {i for field in PARTS for i in table.columns.get(field, ())}
    used |= set(kept.values())
    columns = _columns_of(table) | {table.header[i]: table.header[i] for i in kept.values()}
    report = ReadReport(
        table.grid.name,
        table.format.id,
        table.format.vendor,
        table.format.report,
        table.grid.described,
        table.header_row,
        columns,
        tuple(h for i, h in enumerate(table.header) if i not in used and h.strip()),
        read,
        len(frame),
        tuple(dropped),
        (*notes, *context.notes, *(without_column(keep, frame) if len(frame) else ())),
    )
    return frame, report


def _columns_of(table: Located) -> dict[str, str]:
    """Return the file's column of each of ours."""
    return {k: table.header[v[0]] for k, v in table.columns.items() if k not in UNSEEN}


def _finish(
    parts: Sequence[tuple[pd.DataFrame, ReadReport]],
    language: str | None,
    country: str | None,
    keep: Sequence[str],
) -> pd.DataFrame:
    reports = [report for _, report in parts]
    filled = [(frame, report) for frame, report in parts if len(frame)]
    frames = [frame for frame, _ in filled]
    sizes = [len(frame) for frame in frames]
    numbers = np.repeat(np.arange(len(frames)), sizes)
    ranks = np.repeat([rank_of(report.vendor) for _, report in filled], sizes)
    if not frames:
        raise InputError("No queries were given.")
    for frame in frames:
        frame.attrs = {}
    frame = pd.concat(frames, ignore_index=True) if len(frames) > 1 else frames[0]
    if country is not None:
        frame = frame.assign(country=as_texts(country, len(frame)))
    frame = frame.assign(country=_countries(frame["country"]))
    if language is not None:
        frame = frame.assign(language=as_texts(language_tag(language), len(frame)))
    else:
        own = frame["language"].map(language_tag, na_action="ignore")
        gaps = own.isna() | (own == "")
        if gaps.any():
            found = detect_languages(frame.loc[gaps, "query"].tolist())
            own = own.astype("str").mask(gaps, pd.Series(found, frame.index[gaps], dtype="str"))
        frame = frame.assign(language=own.astype("str"))
    groups = row_groups(frame)
    whole = frame.drop(columns=[name for name in frame if is_kept(str(name))])
    merged = KEYWORDS.conform(whole if groups is None else merge(whole, numbers, ranks, groups=groups))
    unclear = Counter(merged["source"][without_country(merged)])
    merged.attrs = {
        "reports": tuple(
            replace(report, notes=(*report.notes, note("country-apart", queries=unclear[report.source])))
            if report.source in unclear
            else report
            for report in reports
        )
    }
    if keep:
        check_kept(keep, frame, reports)
        places = np.arange(len(frame)) if groups is None else groups
        order = {"parts": numbers, "ranks": ranks}
        merged.attrs["kept"] = keep_columns(keep, frame, merged, places, order)
    if frame["url"].notna().any():
        named = dict(zip(query_keys(merged["query"]).to_pylist(), merged["query"], strict=True))
        merged.attrs["query_pages"] = query_pages(frame, query_keys(frame["query"]).to_pylist(), named)
    return merged
