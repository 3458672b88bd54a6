"""journeyseo evaluate: a labelled file to a score card."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from journeyseo.errors import ConfigError

if TYPE_CHECKING:
    from journeyseo.scorecard import ScoreCard, Scores


def run(
    file: Path = typer.Argument(
        ...,
        help="Labelled queries: columns query, stage; second_stage, lang, vendor_intent if there. With "
        "--vendor: an export with a column of intents.",
    ),
    engine: str = typer.Option("auto", "--engine", help="auto, base, fast, or all to compare them."),
    as_corrections: bool = typer.Option(
        False, "--as-corrections", help="Say what these labels would do as corrections (cross-validated)."
    ),
    vendor: bool = typer.Option(
        False, "--vendor", help="Compare the intents in an export of Semrush, Ahrefs ... with our stages."
    ),
    as_json: bool = typer.Option(False, "--json", help="Print JSON."),
) -> None:
    """Score the classifier on labelled queries: accuracy, calibration, confusion, stage shares.

    Examples:
    journeyseo evaluate labelled.csv

    journeyseo evaluate labelled.csv --engine all

    journeyseo evaluate labelled.csv --as-corrections

    journeyseo evaluate semrush.csv --vendor
    """
    if vendor:
        _audit(file, engine, as_json=as_json)
        return
    from journeyseo.classifier.labelled import read_labelled
    from journeyseo.classifier.stage_classifier import ENGINES, StageClassifier
    from journeyseo.cli.output import print_json
    from journeyseo.scorecard import evaluate, judge_corrections

    frame = read_labelled(file)
    if as_corrections:
        if engine not in ("auto", "base"):
            raise ConfigError(
                f"The engine {engine!r} learns nothing from corrections.", hint="Use auto or base."
            )
        gain = judge_corrections(frame, engine=engine)
        if as_json:
            print_json({**asdict(gain), "real": gain.real})
        else:
            typer.echo(str(gain))
        return
    names = ENGINES if engine == "all" else (engine,)
    cards = [evaluate(frame, classifier=StageClassifier(engine=name)) for name in names]
    if as_json:
        plain = [_plain(card.to_dict()) for card in cards]
        print_json(plain if engine == "all" else plain[0])
        return
    for card in cards:
        _show(card)
    if len(cards) > 1:
        _compare(cards)


def _audit(file: Path, engine: str, *, as_json: bool) -> None:
    """Compare a vendor's intents with our stages."""
    from rich.markup import escape
    from rich.table import Table

    from journeyseo.classifier import StageClassifier
    from journeyseo.cli.output import console, print_json, print_reports
    from journeyseo.keywords import read_keywords
    from journeyseo.pipeline import classify_keywords
    from journeyseo.tables import records
    from journeyseo.vendor_audit import audit_vendor

    judge = StageClassifier(engine=engine)
    queries = read_keywords([file])
    print_reports(queries.attrs["reports"])
    audit = audit_vendor(classify_keywords(queries, classifier=judge))
    if as_json:
        print_json(audit.to_dict())
        return
    out = console()
    out.print(f"{audit.rows:,} queries with an intent; it stands for our stage in {audit.agreement:.1%}")
    shares = Table(f"share of {audit.unit}", "vendor", "ours, expected", "difference")
    for stage, row in audit.shares.iterrows():
        shares.add_row(
            str(stage), f"{row['vendor']:.1%}", f"{row['ours']:.1%}", f"{100 * row['difference']:+.1f} points"
        )
    out.print(shares)
    changes = Table("query", "demand", "vendor", "ours", "why", title="What moves the shares most")
    for change in records(audit.changes):
        words = [str(change[name] or "") for name in ("query", "vendor_stage", "stage", "reason")]
        query, theirs, ours, why = map(escape, words)
        changes.add_row(query, f"{change['demand']:,.0f}", theirs, ours, why)
    out.print(changes)


def _plain(value: object) -> object:
    """Return data without NaN, which JSON does not know."""
    if isinstance(value, dict):
        return {k: _plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(v) for v in value]
    return None if isinstance(value, float) and value != value else value


def _show(card: ScoreCard) -> None:
    from rich.table import Table

    from journeyseo.cli.output import console

    out = console()
    out.print(f"Engine {card.engine}, {card.overall.rows:,} rows")
    table = Table(
        "", "rows", "six labels", "macro-F1", "lenient", "rows", "three stages", "macro-F1", "lenient"
    )
    for name, scores in (("all", card.overall), *card.languages.items()):
        table.add_row(name, *_row(scores))
    out.print(table)
    if card.caution:
        out.print(card.caution)
    out.print(
        f"Calibration error {card.calibration_error:.3f}; largest error of a stage's share "
        f"{card.share_error:.3f}"
    )
    labels = list(card.confusion)
    matrix = Table("true \\ given", *labels, "recall", "precision", "share", "expected")
    for label in labels:
        share, expected = card.shares[label]
        matrix.add_row(
            label,
            *(str(card.confusion[label][other]) for other in labels),
            f"{card.recall.get(label, float('nan')):.2f}",
            f"{card.precision.get(label, float('nan')):.2f}",
            f"{share:.3f}",
            f"{expected:.3f}",
        )
    out.print(matrix)
    if card.vendor:
        out.print(
            f"Vendor's intent on {card.vendor['rows']:.0f} rows of the three stages: "
            f"{card.vendor['vendor_accuracy_three']:.3f}; ours on the same rows: "
            f"{card.vendor['our_accuracy_three']:.3f}"
        )


def _compare(cards: list[ScoreCard]) -> None:
    """Print one line an engine."""
    from rich.table import Table

    from journeyseo.cli.output import console

    table = Table(
        "engine", "six labels", "lenient", "three stages", "macro-F1", "lenient", "calibration error"
    )
    for card in cards:
        own = card.overall
        table.add_row(
            card.engine, f"{own.accuracy:.3f}", f"{own.lenient:.3f}", f"{own.accuracy_three:.3f}",
            f"{own.macro_f1_three:.3f}", f"{own.lenient_three:.3f}", f"{card.calibration_error:.3f}",
        )  # fmt: skip
    console().print(table)


def _row(scores: Scores) -> list[str]:
    return [
        f"{scores.rows:,}", f"{scores.accuracy:.3f}", f"{scores.macro_f1:.3f}", f"{scores.lenient:.3f}",
        f"{scores.rows_three:,}", f"{scores.accuracy_three:.3f}", f"{scores.macro_f1_three:.3f}",
        f"{scores.lenient_three:.3f}",
    ]  # fmt: skip
