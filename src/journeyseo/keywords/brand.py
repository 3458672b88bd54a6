"""Which queries name the team's own brand."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from journeyseo.errors import ConfigError
from journeyseo.phrases import any_phrase, fold, phrase_pattern


def mark_brand(queries: pd.Series, terms: Sequence[str]) -> pd.Series:
    """Return whether each query names one of the brands, as `any_phrase` finds them.

    Args:
        queries: The queries.
        terms: Names of the brand, as people type them.

    Raises:
        ConfigError: A name has no letters.
    """
    for term in terms:
        if not phrase_pattern(term):
            raise ConfigError(
                f"The brand {term!r} has no letters.", where="brand", hint="Give the name as people type it."
            )
    find = any_phrase(terms)
    known = {query: bool(find.search(fold(query))) for query in queries.unique()}
    return queries.map(known).astype("boolean")
