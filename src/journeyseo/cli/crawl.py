"""journeyseo crawl: from an address to a staged inventory of pages."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import typer

from journeyseo.errors import ConfigError


def run(
    source: str = typer.Argument(
        ..., help="Address of a start page or a sitemap, a file that lists addresses, or a folder of HTML."
    ),
    output: Path = typer.Option(Path("journeyseo-pages"), "--output", "-o", help="Folder for the inventory."),
    join: list[Path] = typer.Option(
        [], "--join", help="Page report of Search Console, GA4 or a rank tracker; may be given again."
    ),
    journey: str = typer.Option("three-stage", "--journey", help="Journey: a name or a TOML file."),
    max_pages: int = typer.Option(2000, "--max-pages", min=1, help="Most pages to read."),
    max_depth: int = typer.Option(20, "--max-depth", min=0, help="Most links between the start and a page."),
    max_minutes: float = typer.Option(240.0, "--max-minutes", min=0.01, help="Most minutes of fetching."),
    delay: float = typer.Option(0.5, "--delay", min=0, help="Least seconds between two requests to a host."),
    hosts: list[str] = typer.Option([], "--host", help="Further host of the site; may be given again."),
    base_url: str | None = typer.Option(
        None, "--base-url", help="Address that a folder mirrors, and that paths in joined files stand on."
    ),
    allow_private: bool = typer.Option(False, "--allow-private", help="Fetch private addresses too."),
    browser: bool = typer.Option(
        False, "--browser", help="Render pages that are empty without JavaScript (extra browser)."
    ),
    retry: bool = typer.Option(False, "--retry", help="Ask again for what failed for a passing reason."),
    fresh: bool = typer.Option(False, "--fresh", help="Forget an earlier crawl in the folder."),
    as_json: bool = typer.Option(False, "--json", help="Print JSON."),
) -> None:
    """Read a site, politely, into an inventory with the journey stage of each page.

    Interrupted, even killed, it goes on where it was when the same command is given again.

    Examples:
    journeyseo crawl https://www.example.com -o pages

    journeyseo crawl https://www.example.com/sitemap.xml --join pages-report.zip -o pages
    """
    if retry and fresh:
        raise ConfigError("The crawl cannot be both tried again and forgotten.", hint="Give one of the two.")
    from journeyseo.classifier import StageClassifier
    from journeyseo.cli.output import note, print_json
    from journeyseo.crawling import CrawlOptions, crawl
    from journeyseo.pages.fetch import FetchOptions

    options = CrawlOptions(
        max_pages=max_pages,
        max_depth=max_depth,
        max_seconds=max_minutes * 60,
        hosts=tuple(hosts),
        base_url=base_url,
        browser=browser,
        fetch=FetchOptions(delay=delay, allow_private=allow_private),
    )
    judge = StageClassifier(journey=journey)
    begin = "retry" if retry else "fresh" if fresh else "resume"
    try:
        with _bar(max_pages) as progress:
            found = crawl(
                source, output, options=options, classifier=judge, join=join, begin=begin, progress=progress
            )
    except KeyboardInterrupt:
        note(f"What was read is in {output}; the same command goes on from there.")
        raise
    note(str(found))
    if as_json:
        print_json(found.to_dict())
    else:
        typer.echo(f"Inventory: {(output / 'inventory.xlsx').resolve()}")


@contextmanager
def _bar(most: int) -> Iterator[Callable[[int, int], None]]:
    """Give a function that shows how many pages were read, where standard error is a terminal."""
    if not sys.stderr.isatty() or os.environ.get("TERM") == "dumb":
        yield lambda *_: None
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    from journeyseo.cli.output import console

    columns = (TextColumn("Reading pages"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=most)
        yield lambda read, known: bar.update(task, completed=read, total=min(max(known, read), most))
