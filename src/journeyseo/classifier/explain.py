"""Why a query has its label: the words that carried it, and what it would be without the strongest."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from journeyseo.results import Contribution


def weigh_words(
    shares: Sequence[tuple[str, npt.NDArray[np.float64]]], label: int, label_of: Callable[[str], int]
) -> tuple[tuple[Contribution, ...], int]:
    """Return the words of a query by how much they speak for its label, and its label without the first.

    Args:
        shares: Each word and its share in the score of every label.
        label: The query's label.
        label_of: Returns the label of a text; asked for the query without its strongest word.

    Returns:
        The words, strongest first, and the label that is left; `label` where no word carries it.
    """
    words = sorted(
        (Contribution(word, round(float(s[label] - np.delete(s, label).mean()), 3)) for word, s in shares),
        key=lambda c: -c.weight,
    )
    if len(words) < 2 or words[0].weight <= 0:
        return tuple(words), label
    rest = " ".join(word for word, _ in shares if word != words[0].text)
    return tuple(words), label_of(rest) if rest else label
