"""journeyseo map: keyword exports and pages to a report."""

from __future__ import annotations

from pathlib import Path

import typer

from journeyseo.cli.options import known_language
from journeyseo.errors import ConfigError
from journeyseo.stages import LANGUAGES


def make_report(
    keywords: list[str],
    pages: str,
    output: Path,
    *,
    journey: str = "three-stage",
    engine: str = "auto",
    corrections: Path | None = None,
    reasons: bool = True,
    language: str | None = None,
    target_position: int = 3,
    page_options: dict[str, object] | None = None,
    keyword_options: dict[str, object] | None = None,
    plan: list[Path] | None = None,
    topics: Path | None = None,
    by: str | None = None,
    personas: Path | None = None,
    quiet: bool = False,
) -> Path:
    """Read, map, write the report and print the summary; return the report's path."""
    from journeyseo.classifier import StageClassifier
    from journeyseo.cli.output import as_files, console, note, print_reports, progress
    from journeyseo.keywords import read_keywords
    from journeyseo.pages import read_pages
    from journeyseo.personas import load_personas
    from journeyseo.pipeline import map_journey
    from journeyseo.planning import read_plan
    from journeyseo.report import write_report
    from journeyseo.report.terminal import print_summary
    from journeyseo.report.view import build_view
    from journeyseo.report.write import keep_decisions
    from journeyseo.results import decisions_of
    from journeyseo.segments import choose_segmentation
    from journeyseo.swapped import telling_swapped
    from journeyseo.tables import PLAN
    from journeyseo.topic_edits import read_topic_edits, topic_note_text

    people = load_personas(personas) if personas else ()
    segmentation = choose_segmentation(by, people)
    kept = segmentation.columns if segmentation else ()
    decided = read_plan(plan) if plan else None
    if decided is not None:
        print_reports(decided.attrs["reports"])
    # Before minutes of work, not after.
    edits = read_topic_edits(topics) if topics else None
    given = PLAN.empty() if decided is None else decided
    keep_decisions(output, decisions_of(given), given["id"])
    judge = StageClassifier(engine=engine, journey=journey, corrections=corrections)
    with telling_swapped(keywords, pages):
        queries = read_keywords(as_files(keywords), keep=kept, **(keyword_options or {}))  # type: ignore[arg-type]
        print_reports(queries.attrs["reports"])
        content = read_pages(pages, progress=progress, **(page_options or {}))  # type: ignore[arg-type]
        print_reports(content.attrs["reports"])
    result = map_journey(
        queries,
        content,
        classifier=judge,
        target_position=target_position,
        reasons=reasons,
        plan=decided,
        topics=edits,
        by=by,
        personas=people,
        notify=note,
    )
    path = write_report(result, output, language=language)
    if not quiet:
        print_summary(build_view(result, language), console())
    for warning in result.provenance["warnings"]:
        note(f"note: {warning}")
    for found in result.provenance["topic_edits"].get("notes", ()):
        note(f"note: {topics}, {topic_note_text(found)}")
    return path


def run(
    keywords: list[str] = typer.Argument(
        ..., help="Keyword exports: CSV, TSV, XLSX or zip of any tool; - for standard input."
    ),
    pages: Path | None = typer.Option(
        None, "--pages", help="Folder of HTML, web archive (WARC), crawl export, JSON Lines."
    ),
    site: str | None = typer.Option(None, "--site", help="Address of a start page or a sitemap."),
    output: Path = typer.Option(Path("journeyseo-report"), "--output", "-o", help="Folder for the report."),
    journey: str = typer.Option("three-stage", "--journey", help="Journey: a name or a TOML file."),
    engine: str = typer.Option("auto", "--engine", help="auto, base (best) or fast (quickest)."),
    corrections: Path | None = typer.Option(
        None, "--corrections", help="CSV with query and stage: your labels, which win."
    ),
    reasons: bool = typer.Option(
        True, "--reasons/--no-reasons", help="Find what carried each label; quicker without."
    ),
    language: str | None = typer.Option(
        None, "--report-language", help="en, zh-Hans or zh-Hant; that of most queries if not given."
    ),
    query_language: str | None = typer.Option(
        None, "--language", help="Language of all queries, e.g. en.", callback=known_language
    ),
    query_column: str | None = typer.Option(None, "--query-column", help="Name of the column of queries."),
    brand: list[str] = typer.Option([], "--brand", help="A name of your brand; may be given several times."),
    mask_personal: bool = typer.Option(
        False, "--mask-personal", help="Mask mail addresses, telephone and card numbers in queries."
    ),
    url_column: str | None = typer.Option(None, "--url-column", help="Name of the column of addresses."),
    base_url: str | None = typer.Option(
        None, "--base-url", help="Address that a folder of HTML mirrors, or that paths stand on."
    ),
    max_pages: int = typer.Option(2000, "--max-pages", min=1, help="Most pages to fetch."),
    delay: float = typer.Option(0.5, "--delay", min=0, help="Least seconds between two requests."),
    allow_private: bool = typer.Option(False, "--allow-private", help="Fetch private addresses too."),
    browser: bool = typer.Option(
        False, "--browser", help="Render pages of --site that are empty without JavaScript (extra browser)."
    ),
    target_position: int = typer.Option(
        3, "--target-position", min=1, max=10, help="Position for expected clicks."
    ),
    plan: list[Path] = typer.Option(
        [], "--plan", help="The last report's report.xlsx or suggestions.csv with your decisions; repeatable."
    ),
    topics: Path | None = typer.Option(
        None, "--topics", help="TOML file with your own topics, merges, renames and splits."
    ),
    by: str | None = typer.Option(
        None,
        "--by",
        help="Cells by segment too: a column of the exports, e.g. country; or persona, with --personas.",
    ),
    personas: Path | None = typer.Option(
        None, "--personas", help="TOML file of personas; implies --by persona."
    ),
    as_json: bool = typer.Option(False, "--json", help="Print provenance, cells and suggestions as JSON."),
) -> None:
    """Map search demand against content by topic and journey stage, and report the gaps.

    Examples:
    journeyseo map semrush.csv --site https://www.example.com -o report

    journeyseo map queries.zip ahrefs.csv --pages crawl.csv -o report

    journeyseo map semrush.csv --site https://www.example.com --by country -o report

    journeyseo map new.csv --site https://www.example.com --plan report/report.xlsx -o report

    journeyseo map new.csv --site https://www.example.com --topics topics.toml -o report
    """
    if pages is None and site is None:
        raise ConfigError("Say where the pages are.", hint="Give either --pages or --site.")
    if pages is not None and site is not None:
        raise ConfigError("The pages are given twice.", hint="Give --pages or --site, not both.")
    if browser and site is None:
        raise ConfigError("Only pages of a site are rendered.", hint="Give --site, or leave out --browser.")
    if output.exists() and not output.is_dir():
        raise ConfigError(
            "The report cannot be written: this is a file.", where=str(output), hint="Give a folder."
        )
    if site is not None and not site.startswith(("http://", "https://")):
        site = f"https://{site}"
    if language not in (None, *LANGUAGES):
        raise ConfigError(f"There are no report texts in {language!r}.", hint=f"Use {', '.join(LANGUAGES)}.")
    path = make_report(
        keywords,
        site or str(pages),
        output,
        journey=journey,
        engine=engine,
        corrections=corrections,
        reasons=reasons,
        language=language,
        target_position=target_position,
        page_options={
            "base_url": base_url,
            "url_column": url_column,
            "max_pages": max_pages,
            "delay": delay,
            "allow_private": allow_private,
            "browser": browser,
        },
        keyword_options={
            "query_column": query_column,
            "language": query_language,
            "brand": brand,
            "mask_personal": mask_personal,
        },
        plan=plan,
        topics=topics,
        by=by,
        personas=personas,
        quiet=as_json,
    )
    if as_json:
        typer.echo((path.parent / "report.json").read_text(encoding="utf-8"), nl=False)
    else:
        typer.echo(f"Report: {path.resolve()}")
