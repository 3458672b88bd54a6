"""What commands print: data on standard output, notes and progress on standard error."""

from __future__ import annotations

import json
import os
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from journeyseo.errors import ConfigError, InputError

if TYPE_CHECKING:
    import pandas as pd
    from rich.console import Console

    from journeyseo.results import ReadReport


def as_files(words: Sequence[str]) -> list[str | Path]:
    """Return a command's words as files: none of them is ever taken for a query."""
    return [word if word == "-" else Path(word) for word in words]


def note(text: str) -> None:
    """Print a sentence for the person, on standard error, without what a terminal would obey."""
    sys.stderr.write("".join(c for c in text if c.isprintable() or c == "\n") + "\n")
    sys.stderr.flush()


def console(*, stderr: bool = False) -> Console:
    """Return a rich console that honours NO_COLOR and the terminal's width."""
    from rich.console import Console

    width = None if (sys.stderr if stderr else sys.stdout).isatty() else 120
    return Console(stderr=stderr, highlight=False, width=width)


def print_json(value: Any) -> None:
    """Print plain data as JSON."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=1, allow_nan=False) + "\n")


def progress(items: Sequence[Any], name: str) -> Iterator[Any]:
    """Yield the items, with a progress bar where standard error is a terminal."""
    if not sys.stderr.isatty() or len(items) < 2 or os.environ.get("TERM") == "dumb":
        yield from items
        return
    from rich.progress import track

    yield from track(items, description=name, console=console(stderr=True), transient=True)


def print_reports(reports: Iterable[ReadReport], *, shown: int = 3) -> None:
    """Say what was read, and the first of the rows that were dropped.

    Args:
        reports: What was read.
        shown: Dropped rows to show of each file.
    """
    for report in reports:
        note(str(report))
        for drop in report.dropped[:shown]:
            where = f"row {drop.row}" if drop.row is not None else drop.source
            column = f", column {drop.column!r}" if drop.column else ""
            note(f"  dropped {where}{column}: {drop.reason}{f' ({drop.text})' if drop.text else ''}")
        if more := report.dropped[shown:]:
            reasons = Counter(drop.reason for drop in more).most_common(5)
            note(f"  ... and {len(more):,} more: {', '.join(f'{reason} ({n:,})' for reason, n in reasons)}")


def write_table(frame: pd.DataFrame, output: Path | None, *, raw: bool, as_json: bool) -> None:
    """Write a table to standard output or to a file, whole or not at all.

    Columns without any value are left out of what people read: CSV, TSV and XLSX.

    Args:
        frame: The table.
        output: File; its ending says the format: csv, tsv, json, jsonl, parquet or xlsx.
        raw: Whether texts that spreadsheets take for formulas stay as they are.
        as_json: Whether standard output gets JSON.

    Raises:
        ConfigError: The ending is of no known format.
        InputError: The file cannot be written.
    """
    from journeyseo.report.cells import defuse_table
    from journeyseo.tables import records

    if output is None and as_json:
        print_json({"rows": records(frame)})
        return
    ending = output.suffix.lower() if output else ".csv"
    if ending not in (".csv", ".tsv", ".json", ".jsonl", ".parquet", ".xlsx"):
        raise ConfigError(
            f"{ending or 'No ending'} is no format to write.",
            where=str(output),
            hint="Use a file that ends in .csv, .tsv, .json, .jsonl, .parquet or .xlsx.",
        )
    plain, changed = frame.copy(deep=False), 0
    plain.attrs = {}
    if ending in (".csv", ".tsv", ".xlsx"):
        shares = [c for c in plain.columns if str(c).startswith("p_") or c == "confidence"]
        plain = plain.dropna(axis=1, how="all").round(dict.fromkeys(shares, 4))
    if ending in (".csv", ".tsv") and not raw:
        plain, changed = defuse_table(plain)
    if output is None:
        plain.to_csv(sys.stdout, index=False)
    else:
        _to_file(plain, output, ending)
        note(f"Wrote {len(plain):,} rows to {output}.")
    if changed:
        note(f"{changed} cells begin like a formula and were prefixed with a quote (--raw keeps them).")


def _to_file(frame: pd.DataFrame, output: Path, ending: str) -> None:
    from journeyseo.tables import records

    draft = output.with_name(f".{output.name}.part")
    try:
        output.parent.mkdir(parents=True, exist_ok=True)
        if ending == ".parquet":
            frame.to_parquet(draft, index=False)
        elif ending == ".xlsx":
            _to_xlsx(frame, draft)
        elif ending == ".json":
            text = json.dumps({"rows": records(frame)}, ensure_ascii=False, indent=1, allow_nan=False)
            draft.write_text(f"{text}\n", encoding="utf-8")
        elif ending == ".jsonl":
            lines = (json.dumps(r, ensure_ascii=False, allow_nan=False) for r in records(frame))
            draft.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        else:
            separator = "\t" if ending == ".tsv" else ","
            frame.to_csv(draft, index=False, sep=separator, encoding="utf-8-sig")
        draft.replace(output)
    except OSError as error:
        raise InputError(f"The file cannot be written: {error.strerror}.", where=str(output)) from error
    finally:
        draft.unlink(missing_ok=True)


def _to_xlsx(frame: pd.DataFrame, path: Path) -> None:
    import pandas as pd

    options = {"options": {"strings_to_formulas": False, "strings_to_urls": False}}
    with pd.ExcelWriter(path, engine="xlsxwriter", engine_kwargs=options) as writer:
        frame.to_excel(writer, index=False, freeze_panes=(1, 1))


def print_engines(engines: pd.Series) -> None:
    """Say which engine answered for how many queries, where more than one did."""
    count = engines.value_counts()
    if len(count) > 1:
        shares = ", ".join(f"{name} {n:,} ({n / len(engines):.0%})" for name, n in count.items())
        note(f"note: queries answered by {shares}")
