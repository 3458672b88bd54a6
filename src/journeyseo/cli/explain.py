"""journeyseo explain: why one query has its stage."""

from __future__ import annotations

from pathlib import Path

import typer


def run(
    query: str = typer.Argument(..., help="The query, in quotes."),
    journey: str = typer.Option("three-stage", "--journey", help="Journey: a name or a TOML file."),
    engine: str = typer.Option("auto", "--engine", help="auto, base (best) or fast (quickest)."),
    corrections: Path | None = typer.Option(
        None, "--corrections", help="CSV with query and stage: your labels, which win."
    ),
    examples: int = typer.Option(
        0, "--examples", min=0, max=50, help="Show so many labelled queries that are most like it."
    ),
    as_json: bool = typer.Option(False, "--json", help="Print JSON."),
) -> None:
    """Say the stage of one query, every probability, and the words that carried it.

    Example: journeyseo explain "best running shoes for flat feet"
    """
    from journeyseo.classifier import StageClassifier
    from journeyseo.cli.output import note, print_json
    from journeyseo.errors import InputError

    if not query.strip():
        raise InputError("The query is empty.", hint='Give a query in quotes, e.g. "best crm".')
    judge = StageClassifier(engine=engine, journey=journey, corrections=corrections)
    for text in judge.notes:
        note(f"note: {text}")
    label = judge.explain(query, examples=examples)
    if as_json:
        print_json(label.to_dict())
        return
    typer.echo(str(label))
    for stage, probability in label.probabilities.items():
        bar = "#" * round(30 * probability)
        typer.echo(f"  {stage:<14} {probability:6.1%} {bar}")
    for key, share in label.shares.items():
        typer.echo(f"  {judge.journey.name}, {key}: {share:.1%}")
    for part in label.contributions:
        typer.echo(f"  {part.weight:+.2f}  {part.text}")
    for text, stage in label.cues:
        typer.echo(f"  cue word: {text} (usually {stage})")
    for example in label.examples:
        second = f", or {example.second_stage}" if example.second_stage else ""
        typer.echo(f"  like: {example.query} ({example.stage}{second}; {example.likeness:.2f})")
