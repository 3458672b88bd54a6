"""The labelled queries that are nearest to a query: precedents for its label, to judge it by.

Rare words make a shortlist, since reading all labelled queries takes a minute; the base engine's
sentence vectors order it.
"""

from __future__ import annotations

import functools
from collections.abc import Callable

import numpy as np
import pyarrow as pa
import scipy.sparse as sp

from journeyseo.classifier.engine import Floats
from journeyseo.classifier.labelled import labelled_queries
from journeyseo.results import Example
from journeyseo.similarity import TermSpace, plain, terms

# Length of the shortlist: reading it takes about half a second on two cores.
_SHORTLIST = 300


@functools.cache
def _index() -> tuple[TermSpace, sp.csr_matrix, list[tuple[str, str, str]]]:
    data = labelled_queries()
    texts = [terms(text) for text in plain(data["query"].tolist())]
    space = TermSpace.of(texts)
    rows = list(zip(data["query"], data["stage"], data["second_stage"], strict=True))
    return space, space.matrix(texts), rows


def nearest_labelled(query: str, count: int, vectors: Callable[[pa.Array], Floats]) -> tuple[Example, ...]:
    """Return the labelled queries that are most like a query, the most like first.

    Args:
        query: The query, as typed.
        count: How many, at most; fewer where fewer share a word with it.
        vectors: Returns the sentence vectors of texts.
    """
    space, matrix, rows = _index()
    shared = (matrix @ space.matrix([terms(plain([query])[0])]).T).toarray().ravel()
    order = np.argsort(-np.round(shared, 6), kind="stable")[:_SHORTLIST]
    order = order[shared[order] > 0]
    if not len(order):
        return ()
    found = vectors(pa.array([query, *(rows[i][0] for i in order)], pa.large_string()))
    likeness = np.round(found[1:] @ found[0], 4)
    best = np.argsort(-likeness, kind="stable")[:count]
    return tuple(Example(*rows[int(order[i])], likeness=float(likeness[i])) for i in best)
