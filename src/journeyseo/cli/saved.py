"""journeyseo gaps and journeyseo suggest: a saved map, looked at again."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from journeyseo.errors import ConfigError

if TYPE_CHECKING:
    import pandas as pd

_FOLDER = typer.Argument(..., help="Folder of a report, or of a saved map.")
_JOURNEY = typer.Option(None, "--journey", help="Another journey: a name or a TOML file.")
_STAGE = typer.Option([], "--stage", help="Only this stage; may be given several times.")
_TOPIC = typer.Option([], "--topic", help="Only this topic; may be given several times.")
_LANGUAGE = typer.Option([], "--language", help="Only this language, e.g. en; may be given several times.")
_LIMIT = typer.Option(None, "--limit", min=1, help="Most rows.")
_OUTPUT = typer.Option(None, "--output", "-o", help="File: .csv, .tsv, .xlsx, .json, .jsonl or .parquet.")
_JSON = typer.Option(False, "--json", help="Print JSON.")


def parse_weights(text: str) -> dict[str, float]:
    """Return weights written as ``name=value,name=value``.

    Raises:
        ConfigError: It is written otherwise.
    """
    found: dict[str, float] = {}
    for part in filter(None, (part.strip() for part in text.split(","))):
        name, sign, value = part.partition("=")
        try:
            if not sign:
                raise ValueError(part)
            found[name.strip()] = float(value)
        except ValueError:
            raise ConfigError(
                f"The weight {part!r} is not written as name=value.",
                where="--weights",
                hint="For example: --weights demand=0.6,ease=0.",
            ) from None
    return found


def _give(
    table: pd.DataFrame, output: Path | None, *, as_json: bool, columns: Sequence[tuple[str, str]], left: str
) -> None:
    """Write a table to a file, or print it: as JSON, or the columns that people read."""
    from rich.markup import escape
    from rich.table import Table

    from journeyseo.cli.output import console, note, print_json, write_table
    from journeyseo.report.cells import printable
    from journeyseo.tables import records

    gone: list[tuple[str, str]] = table.attrs["left"]
    if output is not None:
        write_table(table, output, raw=False, as_json=False)
    elif as_json:
        print_json({"rows": records(table), "left": [list(pair) for pair in gone]})
    else:
        shown = Table()
        for _, heading in columns:
            shown.add_column(heading)
        for row in records(table):
            shown.add_row(*(escape(printable(_cell(row[name]))) for name, _ in columns))
        console().print(shown)
    for first, second in gone:
        note(f"{left}: {first}, {second}")


def _cell(value: Any) -> str:
    if value is None:
        return "-"
    return f"{value:,.1f}" if isinstance(value, float) else str(value)


def gaps(
    folder: Path = _FOLDER,
    journey: str | None = _JOURNEY,
    stage: list[str] = _STAGE,
    topic: list[str] = _TOPIC,
    language: list[str] = _LANGUAGE,
    limit: int | None = _LIMIT,
    output: Path | None = _OUTPUT,
    as_json: bool = _JSON,
) -> None:
    """Show the gaps of a saved map, also under another journey; nothing is classified again.

    Examples:
    journeyseo gaps report --stage decision --limit 10

    journeyseo gaps report --journey classic-five -o gaps.xlsx
    """
    from journeyseo.results import JourneyMap
    from journeyseo.stages import OUTSIDE
    from journeyseo.whatif import gap_changes, pick, what_if

    before = JourneyMap.load(folder)
    after = before if journey is None else what_if(before, journey=journey)
    table = gap_changes(before, after)
    if OUTSIDE not in stage:
        table = table[table["journey_stage"].astype(str) != OUTSIDE]
    table = pick(table, after, stages=stage, topics=topic, languages=language, limit=limit)
    columns = [
        ("topic_name", "Topic"),
        ("journey_stage", "Stage"),
        ("language", "Language"),
        ("status", "Status"),
        ("demand", after.unit.capitalize()),
        ("best_page", "Best page"),
        ("why", "Why"),
    ]
    if journey is not None:
        columns.insert(4, ("status_before", "Was"))
    _give(table, output, as_json=as_json, columns=columns, left="no gap any more")


def suggest(
    folder: Path = _FOLDER,
    weights: str = typer.Option(
        "", "--weights", help="Weights of the score, e.g. demand=0.6,ease=0; others stay as they are."
    ),
    journey: str | None = _JOURNEY,
    target_position: int | None = typer.Option(
        None, "--target-position", min=1, max=10, help="Position for expected clicks."
    ),
    stage: list[str] = _STAGE,
    topic: list[str] = _TOPIC,
    language: list[str] = _LANGUAGE,
    limit: int | None = _LIMIT,
    output: Path | None = _OUTPUT,
    as_json: bool = _JSON,
) -> None:
    """Show the suggestions of a saved map, also under other weights; nothing is classified again.

    What moved up or down against the saved result is in the columns rank_before and moved.

    Examples:
    journeyseo suggest report --weights demand=0.2,stage=0.6 --limit 10

    journeyseo suggest report --target-position 1 --language zh-Hant -o briefs.xlsx
    """
    from journeyseo.results import JourneyMap
    from journeyseo.whatif import pick, suggestion_changes, what_if

    before = JourneyMap.load(folder)
    changes = parse_weights(weights)
    after = before
    if changes or journey is not None or target_position is not None:
        after = what_if(before, weights=changes, journey=journey, target_position=target_position)
    table = suggestion_changes(before, after)
    table = pick(table, after, stages=stage, topics=topic, languages=language, limit=limit)
    columns = [
        ("rank", "#"),
        ("rank_before", "Was"),
        ("moved", "Moved"),
        ("id", "Id"),
        ("title", "Working title"),
        ("journey_stage", "Stage"),
        ("score", "Priority"),
        ("demand", after.unit.capitalize()),
        ("clicks", "Clicks"),
        ("status", "Status"),
    ]
    _give(table, output, as_json=as_json, columns=columns, left="not suggested any more")
