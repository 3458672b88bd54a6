"""journeyseo classify: queries to stages."""

from __future__ import annotations

from pathlib import Path

import typer

from journeyseo.cli.options import known_language


def run(
    keywords: list[str] = typer.Argument(
        ..., help="Keyword exports of any tool; - for standard input, one query a line."
    ),
    output: Path | None = typer.Option(
        None, "--output", "-o", help="File to write: .csv, .tsv, .json, .jsonl, .parquet or .xlsx."
    ),
    journey: str = typer.Option("three-stage", "--journey", help="Journey: a name or a TOML file."),
    engine: str = typer.Option("auto", "--engine", help="auto, base (best) or fast (quickest)."),
    corrections: Path | None = typer.Option(
        None, "--corrections", help="CSV with query and stage: your labels, which win."
    ),
    reasons: bool = typer.Option(
        True, "--reasons/--no-reasons", help="Find what carried each label; quicker without."
    ),
    force: bool = typer.Option(
        False, "--force", help="Give the nearest stage to queries outside the journey."
    ),
    query_column: str | None = typer.Option(None, "--query-column", help="Name of the column of queries."),
    brand: list[str] = typer.Option([], "--brand", help="A name of your brand; may be given several times."),
    mask_personal: bool = typer.Option(
        False, "--mask-personal", help="Mask mail addresses, telephone and card numbers in queries."
    ),
    language: str | None = typer.Option(
        None, "--language", help="Language of all queries, e.g. en.", callback=known_language
    ),
    encoding: str | None = typer.Option(
        None, "--encoding", help="Encoding of the files; found if not given."
    ),
    raw: bool = typer.Option(False, "--raw", help="Keep texts that spreadsheets take for formulas."),
    as_json: bool = typer.Option(False, "--json", help="Print JSON."),
) -> None:
    """Say the journey stage of each query, how sure that is, and why.

    Examples:
    journeyseo classify ahrefs.csv -o staged.csv

    echo "best crm for startups" | journeyseo classify - --json
    """
    from journeyseo.classifier import StageClassifier
    from journeyseo.cli.output import as_files, note, print_engines, print_reports, write_table
    from journeyseo.keywords import read_keywords
    from journeyseo.pipeline import classify_keywords

    judge = StageClassifier(engine=engine, journey=journey, corrections=corrections, force=force)
    for text in judge.notes:
        note(f"note: {text}")
    table = read_keywords(
        as_files(keywords),
        query_column=query_column,
        language=language,
        encoding=encoding,
        brand=brand,
        mask_personal=mask_personal,
    )
    print_reports(table.attrs["reports"])
    staged = classify_keywords(table, classifier=judge, reasons=reasons)
    print_engines(staged["engine"])
    write_table(staged, output, raw=raw, as_json=as_json)
