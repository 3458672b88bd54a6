"""journeyseo train: labelled data to model folders."""

from __future__ import annotations

from pathlib import Path

import typer


def run(
    output: Path = typer.Option(Path("models"), "--output", "-o", help="Folder for the model folders."),
    only: str | None = typer.Option(None, "--only", help="base, queries or pages; all if not given."),
) -> None:
    """Train the classifiers from the labelled data in data/, reproducibly. Needs the extra 'train'.

    Example: journeyseo train -o models
    """
    from journeyseo.cli.output import note
    from journeyseo.errors import ConfigError, DependencyError

    if only not in (None, "base", "queries", "pages"):
        raise ConfigError(f"There is nothing named {only!r} to train.", hint="Use base, queries or pages.")
    try:
        from journeyseo.training.models import train_models
    except ImportError as error:
        raise DependencyError(
            "What training needs is not installed.", hint="Install it with: pip install 'journeyseo[train]'."
        ) from error
    train_models(output, only=only, notify=note)
