"""Which page serves which query and which topic, and on what ground we say so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

import numpy as np
import numpy.typing as npt
import pandas as pd
import scipy.sparse as sp

from journeyseo.cues import subjects as find_subjects
from journeyseo.similarity import Meaning, Ranking, TermSpace, page_focus, page_words, terms
from journeyseo.stages import STAGES
from journeyseo.tables import COVERAGE

# What a page has of a query, in words and in meaning, counts in this ratio; without vectors words alone.
_BY_WORDS, _BY_MEANING = 0.7, 0.3
# Of that likeness: from where on a page is about the query's subject at all, and in full; the same of its
# share in the likeness of the best page, and of how much the page is about the query's topic. Chosen on the
# two example sites, by how well known holes are told from covered cells. Re-run: python -m benchmarks.topics
_ABOUT, _AS_THE_BEST, _OF_THE_TOPIC = (0.1, 0.3), (0.6, 0.9), (0.1, 0.3)
# Likeness from where on a page serves a query whatever the topic, and in full: a page on "inventory
# management software" serves "inventory software" where they are two topics. Chosen on the eight bundled
# sites: no hole is lost, and of the cells that are named gaps one in a hundred more is one.
_ALIKE = (0.8, 0.95)
# A page could serve a query, and so speaks for the query's topic, from this share of its terms on.
_COULD_SERVE = 0.5
# Terms by which a topic is told from the others.
_TYPICAL = 12
# A share of a query's telling terms below this is chance, and counts as none.
_CHANCE = 0.25
# Words that occur only in the text of a page, not in its title or headings, count this much.
_IN_TEXT = 0.4
_CHUNK = 2_000

# Weights in the choice of a query's page, of: words of the page, words of its title, address and headings
# (each BM25 over the best page's), mean likeness of vectors, probability that both serve one stage; and what
# the home page, which speaks of everything, loses. Chosen on the two example sites: the right page first for
# .79 and .83 of covered queries, .65 and .39 by shares of terms alone. Re-run: python -m benchmarks.matching
_WORDS, _FOCUS, _MEANING, _STAGE, _HOME = 1.0, 1.0, 2.0, 2.0, 0.3
# How much a long page is held against its words.
_BM25_LENGTH, _BM25_FOCUS_LENGTH = 0.6, 0.3

TOPIC_FIT = 0.2
"""How much a page is about a topic, of 1 over all topics, from which on it is named with the topic."""


@dataclass(frozen=True)
class Coverage:
    """Queries and pages, matched.

    Attributes:
        table: For each query the page that serves it best (`journeyseo.tables.COVERAGE`).
        fit: How far each page (columns) is about each query (rows, as in the keywords), 0 to 1; nothing
            where they are not of one language, nor for home pages, which name everything.
        topic_fit: How much each page is about each topic (rows, as in `topics`) rather than about another,
            0 to 1; 0 where they are not of one language.
        topics: Keys of the rows of `topic_fit`.
    """

    table: pd.DataFrame
    fit: sp.csr_matrix
    topic_fit: npt.NDArray[np.float64]
    topics: tuple[str, ...]


def match_coverage(
    keywords: pd.DataFrame, pages: pd.DataFrame, *, meaning: Meaning | None = None
) -> Coverage:
    """Match staged keywords (with ``topic``) to staged pages.

    A page serves only queries of its own language. Where the source names a page that ranks for a
    query, that page is taken; elsewhere words, meaning and stage decide.

    Args:
        keywords: Staged keywords with the column ``topic``.
        pages: Staged pages.
        meaning: Vectors of both; words and stage alone decide where it is None.
    """
    topics = tuple(sorted(keywords["topic"].unique()))
    shape = (len(keywords), len(pages))
    if pages.empty or keywords.empty:
        return Coverage(COVERAGE.empty(), sp.csr_matrix(shape), np.zeros((len(topics), len(pages))), topics)
    subject = [terms(s) for s in find_subjects(keywords["query"].tolist(), keywords["language"].tolist())]
    focus, words = page_focus(pages), page_words(pages)
    shares = _term_shares(subject, focus, words)
    ranks = (
        (_WORDS, Ranking.of(words, _BM25_LENGTH)),
        (_FOCUS, Ranking.of(focus, _BM25_FOCUS_LENGTH)),
    )
    matched = [
        _match(keywords, pages, subject, ranks, shares, meaning, slice(start, start + _CHUNK))
        for start in range(0, len(keywords), _CHUNK)
    ]
    best = np.concatenate([m.best for m in matched])
    similar = np.concatenate([m.similar for m in matched])
    number = {t: i for i, t in enumerate(topics)}
    at = np.array([number[t] for t in keywords["topic"]])
    could = sp.csr_matrix(sp.vstack([m.could for m in matched]))
    of_topic = _by_terms(at, len(topics), subject, focus, TermSpace.of([*subject, *words]))
    of_topic = (of_topic + _by_queries(at, len(topics), could)) / 2
    own = keywords.groupby("topic")["language"].agg(frozenset).to_dict()
    languages = pages["language"].fillna("").tolist()
    of_topic *= np.array([[language in own[t] for language in languages] for t in topics])
    of_topic[:, [is_home(u) for u in pages["url"]]] = 0.0
    fit = sp.vstack([m.fit for m in matched]).multiply(_ramp(of_topic, _OF_THE_TOPIC)[at])
    fit = sp.csr_matrix(fit).maximum(sp.csr_matrix(sp.vstack([m.alike for m in matched])))
    ranked = _ranked(keywords, pages)
    fit = sp.csr_matrix(sp.csr_matrix(fit).maximum(_ones(ranked, fit.shape)))
    return Coverage(_table(keywords, pages, ranked, best, similar), fit, of_topic, topics)


def is_home(url: str) -> bool:
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
    inside = sp.csr_matrix(members @ has)
    size = np.maximum(np.bincount(at, minlength=topics), 1)
    overall = np.maximum(np.asarray(inside.sum(axis=0)).ravel(), 1.0)
    pages = _present(space.matrix(focus))
    half = max(pages.shape[0] / 2, 1.5)
    rare = np.clip(np.log(half / np.maximum(np.asarray(pages.sum(axis=0)).ravel(), 1)) / np.log(half), 0, 1)
    topic = np.repeat(np.arange(topics), np.diff(inside.indptr))
    term, count = inside.indices, inside.data
    worth = (count / size[topic]) * (count / overall[term]) * space.weights[term] * rare[term]
    worth[count < np.minimum(2, size)[topic]] = 0.0
    worth[worth < _nth_largest(worth, inside.indptr, _TYPICAL)[topic]] = 0.0
    total = np.maximum(np.bincount(topic, worth, minlength=topics), 1e-9)
    typical = sp.csr_matrix((worth / total[topic], term, inside.indptr), shape=inside.shape)
    return _shares(np.asarray((pages @ sp.csr_matrix(typical.T)).todense()).T)


def _nth_largest(
    values: npt.NDArray[np.float64], starts: npt.NDArray[np.int32], n: int
) -> npt.NDArray[np.float64]:
    """Return the n-th largest value of each row, 0 where a row has fewer; a row begins at its start."""
    size = np.diff(starts)
    row = np.repeat(np.arange(len(size)), size)
    ordered = values[np.lexsort((-values, row))]
    many = size >= n
    out = np.zeros(len(size))
    out[many] = ordered[starts[:-1][many] + n - 1]
    return out


def _by_queries(at: npt.NDArray[np.int64], topics: int, likeness: sp.csr_matrix) -> npt.NDArray[np.float64]:
    """Return how the queries that a page could serve divide over the topics, by topic size."""
    votes = likeness.copy()
    votes.data **= 2
    members = sp.csr_matrix((np.ones(len(at)), (at, np.arange(len(at)))), shape=(topics, len(at)))
    size = np.maximum(np.bincount(at, minlength=topics)[:, None], 1)
    return _shares(np.asarray((members @ votes).todense()) / size)


def _shares(columns: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return columns that add up to one; empty ones stay empty."""
    shares: npt.NDArray[np.float64] = columns / np.maximum(columns.sum(axis=0, keepdims=True), 1e-9)
    return shares


def _term_shares(
    subject: list[list[str]], focus: list[list[str]], words: list[list[str]]
) -> tuple[sp.csr_matrix, sp.csr_matrix]:
    """Return two matrices whose product is the share of a query's telling terms that a page has."""
    space = TermSpace.of([*subject, *words])
    query = space.matrix(subject)
    query = sp.csr_matrix(query.multiply(query))  # unit rows squared: shares that add up to one
    page = (1 - _IN_TEXT) * _present(space.matrix(focus)) + _IN_TEXT * _present(space.matrix(words))
    return query, sp.csr_matrix(page)


def _present(matrix: sp.csr_matrix) -> sp.csr_matrix:
    """Return ones where a matrix has anything."""
    return sp.csr_matrix((np.ones(matrix.nnz), matrix.indices, matrix.indptr), shape=matrix.shape)


def _ramp(values: npt.NDArray[np.float64], bounds: tuple[float, float]) -> npt.NDArray[np.float64]:
    """Return 0 below the first bound, 1 above the second, and what lies between in proportion."""
    low, high = bounds
    return np.clip((values - low) / (high - low), 0.0, 1.0)


@dataclass(frozen=True)
class _Matched:
    """Some queries, matched.

    Attributes:
        best: The page of each, -1 where none serves it.
        similar: How like that page is.
        fit: How far each page is about each query.
        alike: The same of pages that are so like it that its topic does not matter.
        could: The share of a query's terms in the pages that could serve it.
    """

    best: npt.NDArray[np.int64]
    similar: npt.NDArray[np.float64]
    fit: sp.csr_matrix
    alike: sp.csr_matrix
    could: sp.csr_matrix


def _match(
    keywords: pd.DataFrame,
    pages: pd.DataFrame,
    subject: list[list[str]],
    ranks: Sequence[tuple[float, Ranking]],
    shares: tuple[sp.csr_matrix, sp.csr_matrix],
    meaning: Meaning | None,
    rows: slice,
) -> _Matched:
    """Match a stretch of the queries."""
    stage = [f"p_{s}" for s in STAGES]
    own = keywords[rows]
    agree = own[stage].to_numpy(np.float64) @ pages[stage].to_numpy(np.float64).T
    home = np.array([is_home(u) for u in pages["url"]])
    near: npt.NDArray[np.float64] = np.minimum((shares[0][rows] @ shares[1].T).toarray(), 1.0)
    near[near < _CHANCE] = 0.0
    value = _STAGE * agree - _HOME * home
    for weight, ranking in ranks:
        found = ranking.scores(subject[rows])
        value += weight * found / np.maximum(found.max(axis=1, keepdims=True), 1e-9)
    # As numbers: comparing every pair of texts takes longer than all else here.
    language = pd.factorize(pd.concat([own["language"], pages["language"].fillna("")]))[0]
    barred = language[: len(own), None] != language[len(own) :]
    could = sp.csr_matrix(np.where(barred | (near < _COULD_SERVE), 0.0, np.round(near, 6)))
    if meaning is not None:
        cosines = meaning.likeness(rows)
        value += _MEANING * cosines.mean(axis=0)
        near = _BY_WORDS * near + _BY_MEANING * np.maximum(cosines.max(axis=0), 0).astype(np.float64)
    barred |= ~pages["indexable"].fillna(value=True).to_numpy(bool)
    near[barred] = 0.0
    near = near.round(6)
    value = np.where(barred | (_ramp(near, _ABOUT) == 0), -np.inf, value)
    # Rounded, so that a tie is broken by place and not by the order of a sum.
    pick = np.argmax(np.round(value, 6), axis=1)
    each = np.arange(len(own))
    near_home = near.copy()
    near[:, home] = 0.0
    best: npt.NDArray[np.float64] = np.maximum(near.max(axis=1, keepdims=True), 1e-9)
    fit = np.round(_ramp(near, _ABOUT) * _ramp(near / best, _AS_THE_BEST), 6)
    none = ~np.isfinite(value[each, pick])
    alike = sp.csr_matrix(fit * _ramp(near, _ALIKE))
    return _Matched(np.where(none, -1, pick), near_home[each, pick], sp.csr_matrix(fit), alike, could)


def _ranked(keywords: pd.DataFrame, pages: pd.DataFrame) -> dict[int, int]:
    """Return the page of each query (by their places) for which the source names one that is known."""
    place = {page_key(u): i for i, u in enumerate(pages["url"])}
    named = enumerate(keywords["url"].fillna(""))
    return {row: place[page_key(url)] for row, url in named if url and page_key(url) in place}


def _ones(pairs: dict[int, int], shape: tuple[int, int]) -> sp.csr_matrix:
    """Return a matrix with ones at the given rows and columns."""
    return sp.csr_matrix((np.ones(len(pairs)), (list(pairs), list(pairs.values()))), shape=shape)


def _table(
    keywords: pd.DataFrame,
    pages: pd.DataFrame,
    ranked: dict[int, int],
    best: npt.NDArray[np.int64],
    similar: npt.NDArray[np.float64],
) -> pd.DataFrame:
    """Return the coverage table: the page that the source names, else the one that matches best."""
    share = [f"p_{s}" for s in STAGES]
    query_stage = keywords[share].to_numpy(np.float64)
    page_stage = pages[share].to_numpy(np.float64)
    addresses = pages["url"].tolist()
    basis: list[str | None] = ["similarity" if place >= 0 else None for place in best]
    for row, place in ranked.items():
        similar[row] = similar[row] if best[row] == place else np.nan
        best[row], basis[row] = place, "rank"
    found = best >= 0
    agree = np.where(found, (query_stage * page_stage[best]).sum(axis=1), np.nan)
    position = keywords["position"].to_numpy(np.float64)
    return COVERAGE.conform(
        pd.DataFrame(
            {
                "query": keywords["query"].tolist(),
                "language": keywords["language"].tolist(),
                "topic": keywords["topic"].tolist(),
                "url": [addresses[i] if i >= 0 else None for i in best],
                "similarity": np.where(found, similar, np.nan),
                "stage_fit": agree,
                "position": np.where(np.array(basis) == "rank", position, np.nan),
                "basis": basis,
            }
        )
    )


def page_key(url: str) -> str:
    """Return an address without scheme, www and final slash, for comparison."""
    parts = urlsplit(url if "://" in url else f"//{url}")
    host = parts.netloc.lower().removeprefix("www.")
    return f"{host}{parts.path.rstrip('/')}{'?' + parts.query if parts.query else ''}"
