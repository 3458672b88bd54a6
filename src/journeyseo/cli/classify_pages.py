"""journeyseo classify-pages: pages to stages."""

from __future__ import annotations

from pathlib import Path

import typer


def run(
    source: str = typer.Argument(
        ..., help="Folder of HTML, web archive, crawl export, JSON Lines, or address of a site or sitemap."
    ),
    output: Path | None = typer.Option(
        None, "--output", "-o", help="File to write: .csv, .tsv, .json, .jsonl, .parquet or .xlsx."
    ),
    journey: str = typer.Option("three-stage", "--journey", help="Journey: a name or a TOML file."),
    url_column: str | None = typer.Option(None, "--url-column", help="Name of the column of addresses."),
    base_url: str | None = typer.Option(
        None, "--base-url", help="Address that a folder of HTML mirrors, or that paths stand on."
    ),
    max_pages: int = typer.Option(2000, "--max-pages", min=1, help="Most pages to fetch."),
    delay: float = typer.Option(0.5, "--delay", min=0, help="Least seconds between two requests."),
    allow_private: bool = typer.Option(False, "--allow-private", help="Fetch private addresses too."),
    raw: bool = typer.Option(False, "--raw", help="Keep texts that spreadsheets take for formulas."),
    as_json: bool = typer.Option(False, "--json", help="Print JSON."),
) -> None:
    """Say the journey stage of each page, how sure that is, and why.

    Example: journeyseo classify-pages internal_html.csv -o pages.csv
    """
    from journeyseo.classifier import StageClassifier
    from journeyseo.cli.output import print_reports, progress, write_table
    from journeyseo.pages import read_pages
    from journeyseo.pipeline import classify_pages

    judge = StageClassifier(journey=journey)
    table = read_pages(
        source,
        base_url=base_url,
        url_column=url_column,
        max_pages=max_pages,
        delay=delay,
        allow_private=allow_private,
        progress=progress,
    )
    print_reports(table.attrs["reports"])
    staged = classify_pages(table, classifier=judge)
    write_table(staged, output, raw=raw, as_json=as_json)
