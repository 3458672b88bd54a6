"""The label of one query, with its reason."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from journeyseo.classifier import StageClassifier
from journeyseo.results import StageLabel
from journeyseo.stages import DEFAULT_JOURNEY, Journey

if TYPE_CHECKING:
    import pandas as pd


def classify_query(
    query: str,
    *,
    language: str | None = None,
    journey: str | Path | Journey = DEFAULT_JOURNEY,
    examples: int = 0,
    engine: str = "auto",
    corrections: str | Path | pd.DataFrame | None = None,
) -> StageLabel:
    """Return the journey stage of one query, with its doubt and its reason.

    Args:
        query: The query.
        language: BCP 47 language, for the cue words shown; found where it is None.
        journey: Name of a journey, a TOML file or a `Journey`.
        examples: How many of this project's labelled queries to show that are most like it.
        engine: ``auto``, ``base`` or ``fast``.
        corrections: A file or frame with query and stage, which win.

    Example:
        >>> classify_query("best running shoes").stage
        'consideration'
    """
    judge = StageClassifier(engine=engine, journey=journey, corrections=corrections)
    return judge.explain(query, language=language, examples=examples)
