"""The label of one query, with its reason."""

from __future__ import annotations

from pathlib import Path

from journeyseo.classifier import StageClassifier
from journeyseo.results import StageLabel
from journeyseo.stages import DEFAULT_JOURNEY, Journey


def classify_query(
    query: str,
    *,
    language: str | None = None,
    journey: str | Path | Journey = DEFAULT_JOURNEY,
    examples: int = 0,
) -> StageLabel:
    """Return the journey stage of one query, with its doubt and its reason.

    Args:
        query: The query.
        language: BCP 47 language, for the cue words shown; found where it is None.
        journey: Name of a journey, a TOML file or a `Journey`.
        examples: How many of this project's labelled queries to show that are most like it.

    Example:
        >>> classify_query("best running shoes").stage
        'consideration'
    """
    return StageClassifier(journey=journey).explain(query, language=language, examples=examples)
