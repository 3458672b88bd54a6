"""journeyseo formats: what can be read, and what a file would be taken for."""

from __future__ import annotations

import typer

# Dropped rows shown of a file: a screen of them; the rest is counted by reason.
_SHOWN = 20


def run(
    file: str | None = typer.Argument(None, help="A file to look at; all formats if not given."),
    query_column: str | None = typer.Option(None, "--query-column", help="Name of the column of queries."),
    as_json: bool = typer.Option(False, "--json", help="Print JSON."),
) -> None:
    """List the formats that are recognised, or say what would be taken from a file.

    Example: journeyseo formats export.csv
    """
    from dataclasses import asdict

    from journeyseo.cli.output import as_files, note, print_json, print_reports
    from journeyseo.sheets.formats import formats
    from journeyseo.tables import records

    if file is None:
        known = [
            {"id": f.id, "vendor": f.vendor, "report": f.report, "reads": kind}
            for kind, label in (("vendors", "keywords"), ("pages", "pages"))
            for f in formats(kind)
            if not f.refuse
            for kind in (label,)
        ]
        if as_json:
            print_json({"formats": known})
            return
        for row in known:
            typer.echo(f"{row['id']:<22} {row['vendor']}, {row['report']} ({row['reads']})")
        note("Any other CSV, TSV, XLSX, JSON, Parquet or zip with queries or addresses is read too.")
        return
    from journeyseo.errors import InputError
    from journeyseo.keywords import read_keywords
    from journeyseo.pages import read_pages

    try:
        table = read_keywords(as_files([file]), query_column=query_column)
    except InputError as no_queries:
        if query_column is not None or file == "-":
            raise
        try:
            table = read_pages(file)
        except InputError:
            raise no_queries from None
        note("No queries in it, but pages:")
    reports = table.attrs["reports"]
    first = table.head(5).dropna(axis=1, how="all")
    if as_json:
        print_json({"reports": [asdict(r) for r in reports], "first": records(first)})
        return
    print_reports(reports, shown=_SHOWN)
    for report in reports:
        if report.ignored:
            note(f"  not taken: {', '.join(report.ignored)}")
    typer.echo(first.to_string(index=False, max_colwidth=40))
