"""Likeness of short texts and pages by the terms that they share, weighted by how telling they are.

Terms are words of letters (a plural s taken off) and pairs of neighbouring Han or kana, in
Simplified form: so both Chinese scripts meet, and nothing needs a segmenter.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import scipy.sparse as sp

from journeyseo.text import normalise, to_simplified

DENSE = "\u3041-\u30ff\u3400-\u9fff\uf900-\ufaff"
"""Han and kana, as a range of a regular expression: scripts that put no blanks between words."""
_RUN = re.compile(rf"[{DENSE}]+|[^\W_{DENSE}]+")
_SEPARATOR = re.compile(r"\s+[|–—\-·:]\s+|[|｜]")
# A part of the title that this share of a site's pages repeat is the site's name, not a subject.
_REPEATED = 0.3


def terms(text: str) -> list[str]:
    """Return the terms of a normalised, simplified text."""
    out: list[str] = []
    for run in _RUN.findall(text):
        if re.match(rf"[{DENSE}]", run):
            out += [run[i : i + 2] for i in range(len(run) - 1)] or [run]
        else:
            out.append(run[:-1] if len(run) > 3 and run.endswith("s") else run)
    return out


def needs(phrase: str) -> tuple[frozenset[str], tuple[str, ...]]:
    """Return what a plain text must have to hold a plain phrase.

    Returns:
        Words of letters, which must be among its terms, and runs of Han or kana, which may stand anywhere.
    """
    runs = _RUN.findall(phrase)
    dense = {run for run in runs if re.match(rf"[{DENSE}]", run)}
    return frozenset(t for run in runs if run not in dense for t in terms(run)), tuple(sorted(dense))


def plain(texts: Sequence[str]) -> list[str]:
    """Return texts normalised and in Simplified characters."""
    normal = normalise(pa.array([t or "" for t in texts], pa.string())).to_pylist()
    return [to_simplified(t) for t in normal]


def as_typed(name: str, queries: Sequence[str]) -> str:
    """Return a part of queries as the first that has it writes it: in its own script.

    Args:
        name: The part, in plain form; returned as it is where no query has it.
        queries: Queries as typed.
    """
    for query in queries:
        text = plain([query])[0]
        place = text.find(name)
        if place >= 0 and len(query) == len(text):
            return query[place : place + len(name)]
    return name


@dataclass(frozen=True)
class TermSpace:
    """The terms of a collection, and how telling each is.

    Attributes:
        index: Column of each term.
        weights: Root of the inverse frequency of each term. Chosen on the two example sites among
            powers 0.5 to 2: rare words of one query must not outweigh its subject.
    """

    index: dict[str, int]
    weights: npt.NDArray[np.float64]

    @classmethod
    def of(cls, texts: Iterable[Sequence[str]]) -> TermSpace:
        """Return the space of a collection of term lists."""
        count: Counter[str] = Counter()
        size = 0
        for words in texts:
            count.update(set(words))
            size += 1
        index = {term: i for i, term in enumerate(sorted(count))}
        frequency = np.array([count[t] for t in index], np.float64)
        return cls(index, np.sqrt(np.log((1 + size) / np.maximum(frequency, 1)) + 1e-9))

    def matrix(self, texts: Sequence[Sequence[str]], *, repeats: bool = False) -> sp.csr_matrix:
        """Return a unit row for each text; terms outside the space are left out.

        Args:
            texts: Term lists.
            repeats: Whether a repeated term counts more, by one plus the logarithm of its count.
        """
        rows: list[int] = []
        columns: list[int] = []
        values: list[float] = []
        for i, words in enumerate(texts):
            for term, n in sorted(Counter(words).items()):
                at = self.index.get(term)
                if at is not None:
                    rows.append(i)
                    columns.append(at)
                    values.append((1 + np.log(n) if repeats else 1.0) * self.weights[at])
        shape = (len(texts), len(self.index))
        return unit(sp.csr_matrix((values, (rows, columns)), shape=shape))


_GAIN = 1.2  # BM25's usual k1: how soon a repeated term counts no more.


@dataclass(frozen=True)
class Ranking:
    """Documents, ranked for queries by BM25 (Robertson and Zaragoza 2009).

    Attributes:
        index: Column of each term.
        weights: Worth of each term (columns) in each document (rows).
    """

    index: dict[str, int]
    weights: sp.csr_matrix

    @classmethod
    def of(cls, documents: Sequence[Sequence[str]], length: float) -> Ranking:
        """Return the ranking of documents.

        Args:
            documents: Term lists.
            length: How much the length of a document counts against it, 0 to 1.
        """
        counts = [Counter(words) for words in documents]
        holders = Counter(t for own in counts for t in own)
        index = {term: i for i, term in enumerate(sorted(holders))}
        mean = max(sum(map(len, documents)) / max(len(documents), 1), 1e-9)
        rows, columns, values = [], [], []
        for row, own in enumerate(counts):
            norm = _GAIN * (1 - length + length * len(documents[row]) / mean)
            for term, n in sorted(own.items()):
                rarity = np.log1p((len(documents) - holders[term] + 0.5) / (holders[term] + 0.5))
                rows.append(row)
                columns.append(index[term])
                values.append(rarity * n * (_GAIN + 1) / (n + norm))
        return cls(index, sp.csr_matrix((values, (rows, columns)), shape=(len(documents), len(index))))

    def scores(self, queries: Sequence[Sequence[str]]) -> npt.NDArray[np.float64]:
        """Return the score of each document (columns) for each query (rows), given as term lists."""
        pairs = sorted({(i, self.index[t]) for i, own in enumerate(queries) for t in own if t in self.index})
        rows, columns = [i for i, _ in pairs], [c for _, c in pairs]
        asked = sp.csr_matrix((np.ones(len(pairs)), (rows, columns)), shape=(len(queries), len(self.index)))
        found: npt.NDArray[np.float64] = (asked @ self.weights.T).toarray()
        return found


def unit(matrix: sp.csr_matrix) -> sp.csr_matrix:
    """Return the rows of a matrix with length one; empty rows stay empty."""
    squares = np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel()
    return sp.csr_matrix(sp.diags_array(1 / np.sqrt(np.maximum(squares, 1e-12))) @ matrix)


def page_titles(pages: pd.DataFrame) -> list[str]:
    """Return the titles without the parts that a site repeats on its pages, such as its name."""
    titles = plain([t if isinstance(t, str) else "" for t in pages["title"]])
    parts = [[p.strip() for p in _SEPARATOR.split(t) if p.strip()] for t in titles]
    count = Counter(p for own in parts for p in set(own))
    often = {p for p, n in count.items() if n > max(2, _REPEATED * len(titles))}
    return [" ".join(p for p in own if p not in often) or t for own, t in zip(parts, titles, strict=True)]


def page_focus(pages: pd.DataFrame) -> list[list[str]]:
    """Return the terms that say what each page is about: title, h1, address, description, headings.

    Title, h1 and the path of the address count twice.
    """

    def column(name: str) -> list[str]:
        return plain([v if isinstance(v, str) else "" for v in pages[name]])

    paths = [urlsplit(url).path.replace("-", " ").replace("_", " ") for url in pages["url"].astype("str")]
    rows = zip(
        page_titles(pages), column("h1"), plain(paths), column("description"), column("headings"), strict=True
    )
    return [[*terms(f"{t} {h} {s}") * 2, *terms(f"{d} {more}")] for t, h, s, d, more in rows]


def page_words(pages: pd.DataFrame, characters: int = 5_000) -> list[list[str]]:
    """Return the terms of each page's focus and of the beginning of its text."""
    text = plain([v[:characters] if isinstance(v, str) else "" for v in pages["text"]])
    return [focus * 2 + terms(body) for focus, body in zip(page_focus(pages), text, strict=True)]


@dataclass(frozen=True)
class Meaning:
    """Sentence vectors, all of length one.

    Attributes:
        queries: One row a query.
        pieces: For each piece of a page (title, description ...) one row a page.
    """

    queries: npt.NDArray[np.float32]
    pieces: tuple[npt.NDArray[np.float32], ...]

    def likeness(self, rows: slice) -> npt.NDArray[np.float32]:
        """Return the cosines of some queries: pieces x queries x pages."""
        return np.stack([self.queries[rows] @ piece.T for piece in self.pieces])
