"""Group queries by subject, not by intent, and name the groups in the queries' own words."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet

import numpy as np
import numpy.typing as npt
import pandas as pd
import scipy.sparse as sp
from scipy.sparse.csgraph import connected_components

from journeyseo.cues import subjects as find_subjects
from journeyseo.similarity import TermSpace, as_typed, page_words, plain, terms, unit
from journeyseo.tables import TOPICS
from journeyseo.themes import shared_phrases
from journeyseo.topic_names import display, find_phrases, shown_name, traditional_letters, whole_names

# Chosen on the eight bundled sites by adjusted Rand index (.60; .57 at 20 and 2) and by how well the sites'
# known holes are told from covered cells, among 8 to 20 neighbours, resolutions 1 to 6, page shares 0.1 to
# 0.35, with and without the second pass; sentence vectors added .01 of the index and no hole.
# Re-run: python -m benchmarks.topics
_NEIGHBOURS = 12
_RESOLUTION = 4.0
_PAGE_SHARE = 0.2
_FLOOR = 0.1
# A group of fewer subjects joins the group that it is this like.
_TINY, _JOIN = 3, 0.5
_CHUNK_CELLS = 20_000_000  # cells of likeness at once: 160 MB
_EXEMPLARS = 5


def group_topics(
    keywords: pd.DataFrame, *, pages: pd.DataFrame | None = None
) -> tuple[pd.DataFrame, pd.Series]:
    """Group queries into topics.

    Cue words are taken out first, so that "buy X", "what is X" and "X review" meet. Subjects are
    neighbours when they share telling terms, and also when the same pages of the site speak of
    them. Communities of the neighbour graph (Louvain) are the topics; in a second pass terms that
    many of them share, such as places, count less. The result depends on the queries alone, not on
    the order of their rows.

    Args:
        keywords: Table with query and language; a column ``demand`` weighs names and sums.
        pages: Pages of the site.

    Returns:
        The topics table, and the topic of each row of `keywords`.
    """
    if keywords.empty:
        return TOPICS.empty(), pd.Series(dtype="str")
    subject = find_subjects(keywords["query"].tolist(), keywords["language"].tolist())
    distinct = sorted(set(subject))
    words = [terms(s) for s in distinct]
    space = TermSpace.of(words)
    matrix = space.matrix(words)
    profile = _page_profile(words, pages) if pages is not None and len(pages) else None
    by_pages = None if profile is None else _by_pages(matrix, profile)
    labels = _communities(_neighbours(matrix, by_pages))
    labels = _communities(_neighbours(_sharpened(matrix, labels), by_pages))
    labels = _join(matrix, labels)
    group = dict(zip(distinct, labels, strict=True))
    return describe_topics(keywords, np.array([group[s] for s in subject]))


def _sharpened(matrix: sp.csr_matrix, labels: npt.NDArray[np.int64]) -> sp.csr_matrix:
    """Return the rows with each term weighed by the largest share of it that one group has."""
    present = sp.csr_matrix((np.ones(matrix.nnz), matrix.indices, matrix.indptr), shape=matrix.shape)
    shape = (int(labels.max()) + 1, len(labels))
    groups = sp.csr_matrix((np.ones(len(labels)), (labels, np.arange(len(labels)))), shape=shape)
    count = sp.csr_matrix(groups @ present)
    most = np.asarray(count.max(axis=0).todense()).ravel()
    total = np.asarray(count.sum(axis=0)).ravel()
    return unit(sp.csr_matrix(matrix @ sp.diags_array((most + 0.5) / (total + 0.5))))


def _join(matrix: sp.csr_matrix, labels: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Return the labels with each tiny group in the group that it is like, where there is one."""
    size = np.bincount(labels)
    shape = (len(size), len(labels))
    members = sp.csr_matrix((np.ones(len(labels)), (labels, np.arange(len(labels)))), shape=shape)
    centre = unit(sp.csr_matrix(members @ matrix))
    tiny = np.flatnonzero((size > 0) & (size < _TINY))
    if not len(tiny):
        return labels
    likeness = np.round((centre[tiny] @ centre.T).toarray(), 6)
    likeness[np.arange(len(tiny)), tiny] = -1.0
    best = likeness.argmax(axis=1)
    near = likeness[np.arange(len(tiny)), best] >= _JOIN
    edges = sp.csr_matrix((np.ones(near.sum()), (tiny[near], best[near])), shape=(len(size), len(size)))
    joined: npt.NDArray[np.int64] = connected_components(edges, directed=False)[1][labels]
    return joined


def _page_profile(words: list[list[str]], pages: pd.DataFrame) -> sp.csr_matrix:
    """Return how much each page of the site speaks of each subject, as unit rows."""
    texts = page_words(pages)
    space = TermSpace.of(texts)
    likeness = space.matrix(words) @ space.matrix(texts, repeats=True).T
    return unit(sp.csr_matrix(likeness.multiply(likeness)))


def _by_pages(matrix: sp.csr_matrix, profile: sp.csr_matrix) -> sp.csr_matrix:
    """Return how like subjects are by the pages that speak of them, where that can matter.

    It can between subjects that share a term, and elsewhere from where on it reaches the floor alone.
    """
    size = matrix.shape[0]
    other, terms_of = sp.csr_matrix(profile.T), sp.csr_matrix(matrix.T)
    parts = []
    for rows in _chunks(size):
        # Likeness is the same both ways: half of it is enough.
        found = sp.csr_matrix(profile[rows] @ other[:, rows.start :])
        shared = sp.csr_matrix(matrix[rows] @ terms_of[:, rows.start :])
        shared.data[:] = 1.0
        high = found.copy()
        high.data[high.data < _FLOOR / _PAGE_SHARE - 1e-6] = 0.0
        high.eliminate_zeros()
        kept = sp.coo_matrix(high.maximum(found.multiply(shared)))
        parts.append((kept.row + rows.start, kept.col + rows.start, kept.data))
    row, column, value = (np.concatenate(each) for each in zip(*parts, strict=True))
    above = column > row
    half = sp.csr_matrix((value[above], (row[above], column[above])), shape=(size, size))
    return sp.csr_matrix(half + half.T)


def _chunks(size: int) -> Iterator[slice]:
    """Yield stretches of rows whose likeness to all others fits into memory."""
    step = max(1, _CHUNK_CELLS // size)
    for start in range(0, size, step):
        yield slice(start, min(start + step, size))


def _neighbours(matrix: sp.csr_matrix, by_pages: sp.csr_matrix | None) -> sp.csr_matrix:
    """Return the graph of each subject's nearest neighbours, weighted by likeness."""
    size = matrix.shape[0]
    terms_of = sp.csr_matrix(matrix.T)
    parts = []
    for rows in _chunks(size):
        likeness = sp.csr_matrix(matrix[rows] @ terms_of)
        if by_pages is not None:
            likeness = (1 - _PAGE_SHARE) * likeness + _PAGE_SHARE * by_pages[rows]
        found = sp.coo_matrix(likeness)
        row, column, value = found.row + rows.start, found.col, np.round(found.data, 6)
        keep = (value >= _FLOOR) & (row != column)
        row, column, value = row[keep], column[keep], value[keep]
        # Ties are broken by place: without a unique order the result would hang on the sum's order.
        order = np.lexsort((column, -value, row))
        row, column, value = row[order], column[order], value[order]
        near = np.arange(len(row)) - np.searchsorted(row, row) < _NEIGHBOURS
        parts.append((row[near], column[near], value[near]))
    row, column, value = (np.concatenate(each) for each in zip(*parts, strict=True))
    graph = sp.csr_matrix((value, (row, column)), shape=(size, size))
    return sp.csr_matrix(graph.maximum(graph.T))


def _communities(graph: sp.csr_matrix) -> npt.NDArray[np.int64]:
    if graph.nnz == 0:
        return np.arange(graph.shape[0])
    from sknetwork.clustering import Louvain

    found = Louvain(resolution=_RESOLUTION, random_state=0, shuffle_nodes=False).fit_predict(graph)
    # A node without neighbours is its own topic, whatever community it was given.
    labels: npt.NDArray[np.int64] = found.astype(np.int64)
    alone = np.flatnonzero(np.diff(graph.indptr) == 0)
    labels[alone] = labels.max() + 1 + np.arange(len(alone))
    return labels


def describe_topics(
    keywords: pd.DataFrame, labels: npt.NDArray[np.int64], names: Mapping[int, str] | None = None
) -> tuple[pd.DataFrame, pd.Series]:
    """Return the topics table of queries that are grouped, and the topic of each row.

    Args:
        keywords: Table with query and language; a column ``demand`` weighs names and sums.
        labels: Group of each row.
        names: Names of groups that have one already, kept as given; others are named in their queries' words.
    """
    if keywords.empty:
        return TOPICS.empty(), pd.Series(dtype="str")
    names = names or {}
    subject = find_subjects(keywords["query"].tolist(), keywords["language"].tolist())
    demand = (
        keywords["demand"].fillna(0).to_numpy() if "demand" in keywords.columns else np.ones(len(keywords))
    )
    members: dict[int, list[int]] = defaultdict(list)
    for row, label in enumerate(labels):
        members[int(label)].append(row)
    queries = keywords["query"].tolist()
    languages = keywords["language"].tolist()
    records, keys = [], {}
    overall = Counter(t for s in subject for t in set(terms(s)))
    themes = _themes(members, subject, queries, demand)
    phrases, letters = find_phrases(queries, languages), traditional_letters(queries, languages)
    for label, rows in members.items():
        order = sorted(rows, key=lambda r: (-demand[r], queries[r]))
        language = Counter(languages[r] for r in rows).most_common()
        main = min(language, key=lambda item: (-item[1], item[0]))[0]
        if (given := names.get(label)) is not None:
            name, shown = plain([given])[0], given
        else:
            own = [phrase for r in order for phrase in phrases[r]]
            # Words that stand apart in their query make no name: "base shed" of "best base for a shed".
            whole = whole_names({subject[r] for r in rows}, own)
            name = _name([subject[r] for r in rows], [demand[r] for r in rows], overall, whole)
            shown = display(shown_name(name, main, own, [queries[r] for r in order], letters))
        digest = hashlib.sha256("\n".join(sorted(queries[r] for r in rows)).encode()).hexdigest()
        keys[label] = f"{'-'.join(name.split())[:40]}-{digest[:4]}"
        records.append(
            {
                "topic": keys[label],
                "name": shown,
                "queries": len(rows),
                "demand": float(sum(demand[r] for r in rows)),
                "language": main,
                "exemplars": "\n".join(queries[r] for r in order[:_EXEMPLARS]),
                "theme": themes.get(label, shown),
            }
        )
    table = pd.DataFrame(records).sort_values(["demand", "queries", "topic"], ascending=[False, False, True])
    column = pd.Series([keys[int(label)] for label in labels], index=keywords.index, dtype="str")
    return TOPICS.conform(table.reset_index(drop=True)), column


def _themes(
    members: Mapping[int, list[int]],
    subject: list[str],
    queries: list[str],
    demand: npt.NDArray[np.float64],
) -> dict[int, str]:
    """Return the theme that each topic has with others, in its own script."""
    phrases = shared_phrases({label: [subject[r] for r in rows] for label, rows in members.items()})
    typed = {}
    for phrase in set(phrases.values()):
        rows = [r for label, own in phrases.items() if own == phrase for r in members[label]]
        rows.sort(key=lambda r: (-demand[r], queries[r]))
        typed[phrase] = display(as_typed(phrase, [queries[r] for r in rows]))
    return {label: typed[phrase] for label, phrase in phrases.items()}


def _name(members: list[str], demand: list[float], overall: Counter[str], whole: AbstractSet[str]) -> str:
    """Return the subject that stands best for the group: frequent in it and made of its terms.

    Only those of `whole` are tried, unless there are none.
    """
    inside = Counter(t for s in members for t in set(terms(s)))
    share = Counter(members)
    total = sum(demand) or 1.0
    weight: dict[str, float] = defaultdict(float)
    for text, amount in zip(members, demand, strict=True):
        weight[text] += amount / total

    def score(text: str) -> tuple[float, int, str]:
        words = set(terms(text)) or {text}
        typical = sum(inside[w] ** 2 / max(overall[w], 1) for w in words) / len(words) / len(members)
        # One query with a huge demand (a brand, the weather) must not name a group of forty.
        return (typical + share[text] / len(members) + 0.2 * weight[text] ** 0.5, -len(text), text)

    return max(sorted(whole or weight), key=score)
