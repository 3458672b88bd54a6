"""Which page serves which query and which topic, and on what ground we say so."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

import numpy as np
import numpy.typing as npt
import pandas as pd
import scipy.sparse as sp

from journeyseo.cues import subjects as find_subjects
from journeyseo.similarity import TermSpace, page_focus, page_words, terms
from journeyseo.stages import STAGES
from journeyseo.tables import COVERAGE

# A page serves a query from this share of the query's telling terms on.
QUERY_FIT = 0.5
# Words that occur only in the text of a page, not in its title or headings, count this much.
_IN_TEXT = 0.4
# Terms by which a topic is told from the others.
_TYPICAL = 12
_CHUNK = 2_000


@dataclass(frozen=True)
class Coverage:
    """Queries and pages, matched.

    Attributes:
        table: For each query the page that serves it best (`journeyseo.tables.COVERAGE`).
        topic_fit: How much each page (columns) is about each topic (rows, as in `topics`) rather
            than about another, 0 to 1; 0 where they are not of one language.
        topics: Keys of the rows of `topic_fit`.
    """

    table: pd.DataFrame
    topic_fit: npt.NDArray[np.float64]
    topics: tuple[str, ...]


def match_coverage(keywords: pd.DataFrame, pages: pd.DataFrame) -> Coverage:
    """Match staged keywords (with ``topic``) to staged pages.

    A page serves only queries of its own language. Where the source names a page that ranks for a
    query, that page is taken; likeness of the subjects decides elsewhere.

    Args:
        keywords: Staged keywords with the column ``topic``.
        pages: Staged pages.
    """
    topics = tuple(sorted(keywords["topic"].unique()))
    if pages.empty or keywords.empty:
        return Coverage(COVERAGE.empty(), np.zeros((len(topics), len(pages))), topics)
    subject = [terms(s) for s in find_subjects(keywords["query"].tolist(), keywords["language"].tolist())]
    focus, words = page_focus(pages), page_words(pages)
    space = TermSpace.of([*subject, *words])
    likeness = _likeness(keywords, pages, subject, focus, words, space)
    number = {t: i for i, t in enumerate(topics)}
    at = np.array([number[t] for t in keywords["topic"]])
    fit = (_by_terms(at, len(topics), subject, focus, space) + _by_queries(at, len(topics), likeness)) / 2
    own = keywords.groupby("topic")["language"].agg(frozenset).to_dict()
    languages = pages["language"].fillna("").tolist()
    fit *= np.array([[language in own[t] for language in languages] for t in topics])
    fit[:, [_is_home(u) for u in pages["url"]]] = 0.0
    return Coverage(_queries(keywords, pages, likeness), fit, topics)


def _is_home(url: str) -> bool:
    """Return whether an address is a site's home page: it names every topic and serves none."""
    parts = urlsplit(url)
    return bool(parts.netloc) and parts.path in ("", "/") and not parts.query


def _by_terms(
    at: npt.NDArray[np.int64],
    topics: int,
    subject: list[list[str]],
    focus: list[list[str]],
    space: TermSpace,
) -> npt.NDArray[np.float64]:
    """Return how a page's focus divides over the topics, by the topics' typical terms.

    A term is typical of a topic by the share of the topic's queries that have it, times the share
    of its queries that are the topic's, times how few of the site's pages have it: what all topics
    or all pages have in common says nothing.
    """
    has = _present(space.matrix(subject))
    members = sp.csr_matrix((np.ones(len(at)), (at, np.arange(len(at)))), shape=(topics, len(at)))
    inside = np.asarray((members @ has).todense())
    size = np.maximum(np.bincount(at, minlength=topics)[:, None], 1)
    overall = np.maximum(inside.sum(axis=0, keepdims=True), 1.0)
    pages = _present(space.matrix(focus))
    half = max(pages.shape[0] / 2, 1.5)
    rare = np.clip(np.log(half / np.maximum(np.asarray(pages.sum(axis=0)).ravel(), 1)) / np.log(half), 0, 1)
    typical = (inside / size) * (inside / overall) * space.weights * rare
    typical[inside < np.minimum(2, size)] = 0.0
    if typical.shape[1] > _TYPICAL:
        typical[typical < -np.sort(-typical, axis=1)[:, _TYPICAL - 1 : _TYPICAL]] = 0.0
    typical /= np.maximum(typical.sum(axis=1, keepdims=True), 1e-9)
    return _shares(np.asarray((pages @ sp.csr_matrix(typical.T)).todense()).T)


def _by_queries(at: npt.NDArray[np.int64], topics: int, likeness: sp.csr_matrix) -> npt.NDArray[np.float64]:
    """Return how the queries that a page could serve divide over the topics, by topic size."""
    votes = likeness.copy()
    votes.data[votes.data < QUERY_FIT] = 0.0
    votes = votes.multiply(votes)
    members = sp.csr_matrix((np.ones(len(at)), (at, np.arange(len(at)))), shape=(topics, len(at)))
    size = np.maximum(np.bincount(at, minlength=topics)[:, None], 1)
    return _shares(np.asarray((members @ votes).todense()) / size)


def _present(matrix: sp.csr_matrix) -> sp.csr_matrix:
    """Return ones where a matrix has anything."""
    return sp.csr_matrix((np.ones(matrix.nnz), matrix.indices, matrix.indptr), shape=matrix.shape)


def _shares(columns: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return columns that add up to one; empty ones stay empty."""
    shares: npt.NDArray[np.float64] = columns / np.maximum(columns.sum(axis=0, keepdims=True), 1e-9)
    return shares


def _likeness(
    keywords: pd.DataFrame,
    pages: pd.DataFrame,
    subject: list[list[str]],
    focus: list[list[str]],
    words: list[list[str]],
    space: TermSpace,
) -> sp.csr_matrix:
    """Return the share of each query's telling terms that each page of its language has."""
    query = space.matrix(subject)
    query = sp.csr_matrix(query.multiply(query))  # unit rows squared: shares that add up to one
    weight = (1 - _IN_TEXT) * _present(space.matrix(focus)) + _IN_TEXT * _present(space.matrix(words))
    parts = []
    own = keywords["language"].to_numpy(dtype=object)
    theirs = pages["language"].fillna("").to_numpy(dtype=object)
    for start in range(0, len(subject), _CHUNK):
        block = np.asarray((query[start : start + _CHUNK] @ weight.T).todense())
        block[own[start : start + _CHUNK, None] != theirs[None, :]] = 0.0
        block[block < 0.5 * QUERY_FIT] = 0.0
        parts.append(sp.csr_matrix(np.round(np.minimum(block, 1.0), 6)))
    return sp.csr_matrix(sp.vstack(parts))


def _queries(keywords: pd.DataFrame, pages: pd.DataFrame, likeness: sp.csr_matrix) -> pd.DataFrame:
    share = [f"p_{s}" for s in STAGES]
    query_stage = keywords[share].to_numpy(np.float64)
    page_stage = pages[share].to_numpy(np.float64)
    addresses = pages["url"].tolist()
    by_path = {_key(u): i for i, u in enumerate(addresses)}
    ranked = keywords["url"].fillna("").tolist()
    size = len(keywords)
    best, similar = np.full(size, -1), np.zeros(size)
    for start in range(0, size, _CHUNK):
        stop = min(start + _CHUNK, size)
        block = likeness[start:stop].toarray()
        agree = query_stage[start:stop] @ page_stage.T
        # Of two pages that are as near, the one of the query's stage.
        pick = np.argmax(np.round(block * (1 + 0.5 * agree), 6), axis=1)
        value = block[np.arange(stop - start), pick]
        best[start:stop] = np.where(value >= QUERY_FIT, pick, -1)
        similar[start:stop] = value
    basis: list[str | None] = ["similarity" if place >= 0 else None for place in best]
    for row, url in enumerate(ranked):
        place = by_path.get(_key(url)) if url else None
        if place is not None:
            best[row], basis[row] = place, "rank"
            similar[row] = float(likeness[row, place])
    found = best >= 0
    fit = np.where(found, (query_stage * page_stage[best]).sum(axis=1), np.nan)
    position = keywords["position"].to_numpy(np.float64)
    return COVERAGE.conform(
        pd.DataFrame(
            {
                "query": keywords["query"].tolist(),
                "language": keywords["language"].tolist(),
                "topic": keywords["topic"].tolist(),
                "url": [addresses[i] if i >= 0 else None for i in best],
                "similarity": np.where(found, similar, np.nan),
                "stage_fit": fit,
                "position": np.where(np.array(basis) == "rank", position, np.nan),
                "basis": basis,
            }
        )
    )


def _key(url: str) -> str:
    """Return an address without scheme, www and final slash, for comparison."""
    parts = urlsplit(url if "://" in url else f"//{url}")
    host = parts.netloc.lower().removeprefix("www.")
    return f"{host}{parts.path.rstrip('/')}{'?' + parts.query if parts.query else ''}"
