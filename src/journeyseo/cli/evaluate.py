"""journeyseo evaluate: a labelled file to a score card."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from journeyseo.scorecard import ScoreCard, Scores


def run(
    file: Path = typer.Argument(
        ..., help="Labelled queries: columns query, stage; second_stage, lang, vendor_intent if there."
    ),
    as_json: bool = typer.Option(False, "--json", help="Print JSON."),
) -> None:
    """Score the classifier on labelled queries: accuracy, calibration, confusion, stage shares.

    Example: journeyseo evaluate labelled.csv
    """
    from journeyseo.cli.output import print_json
    from journeyseo.scorecard import evaluate

    card = evaluate(file)
    if as_json:
        print_json(_plain(card.to_dict()))
    else:
        _show(card)


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


def _row(scores: Scores) -> list[str]:
    return [
        f"{scores.rows:,}", f"{scores.accuracy:.3f}", f"{scores.macro_f1:.3f}", f"{scores.lenient:.3f}",
        f"{scores.rows_three:,}", f"{scores.accuracy_three:.3f}", f"{scores.macro_f1_three:.3f}",
        f"{scores.lenient_three:.3f}",
    ]  # fmt: skip
