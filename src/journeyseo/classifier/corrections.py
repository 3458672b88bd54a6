"""A user's corrections: a corrected query keeps its label, and queries near it learn from it.

The file is a plain list of queries and stages. What is learnt is fitted again from it whenever it is
loaded, so that it survives a new model.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from journeyseo.classifier.engine import Answer, Engine, Floats
from journeyseo.classifier.labelled import check_labels, read_numbered
from journeyseo.errors import InputError
from journeyseo.stages import STAGES
from journeyseo.text import normalise

CORRECTED = "corrections"
"""Name in the column ``engine`` of a query that the user corrected."""

REACH = 0.3
"""How far a correction reaches: its weight falls by e for so much of cosine distance."""

RESTRAINT = 0.4
"""Weight of the penalty that keeps what is learnt small.

Both were chosen on subjects of the frozen split with 40 of their rows as corrections: of the pairs that
raise the accuracy on the rest of the subject, the one that moves all other subjects by less than 0.1
points on average and 1 at worst. `python -m benchmarks.corrections` shows them.
"""


@dataclass(frozen=True)
class Corrections:
    """Queries and the stages that a user gave them.

    Attributes:
        queries: In normal form, each once.
        labels: Index of each one's stage in `STAGES`.
        notes: Queries with two stages, in words.
    """

    queries: pa.Array
    labels: npt.NDArray[np.int64]
    notes: tuple[str, ...] = ()

    def __len__(self) -> int:
        """How many there are."""
        return len(self.labels)


def read_corrections(source: str | Path | pd.DataFrame) -> Corrections:
    """Return corrections from a file or a frame with the columns query and stage.

    Of two rows with one query (whatever its case, width, spaces and year) the later wins; where they differ
    in the stage, ``notes`` says so.

    Args:
        source: CSV, TSV or XLSX, or a frame.

    Raises:
        FormatError: The file has no such columns, or a stage is none of ours.
        InputError: The frame has none, or there is no row.
    """
    if isinstance(source, pd.DataFrame):
        frame = source.reset_index(drop=True)
        missing = {"query", "stage"} - set(frame.columns)
        if missing:
            raise InputError(f"The corrections lack the columns {', '.join(sorted(missing))}.")
        check_labels(frame[["stage"]], "corrections")
        rows = list(range(1, len(frame) + 1))
    else:
        frame = read_numbered(source)
        rows = frame["row"].tolist()
    normal = normalise(pa.array(frame["query"].astype("str").tolist(), pa.large_string())).to_pylist()
    given: dict[str, tuple[str, int]] = {}
    notes: list[str] = []
    for query, stage, row in zip(normal, frame["stage"], rows, strict=True):
        if query and query in given and given[query][0] != stage:
            before, above = given[query]
            notes.append(
                f"the corrections give {query!r} two stages: {before} in row {above} and {stage} in row "
                f"{row}; the later one counts"
            )
        if query:
            given[query] = stage, row
    if not given:
        raise InputError("There are no corrections.", hint="Give rows with a query and its stage.")
    labels = np.array([STAGES.index(stage) for stage, _ in given.values()])
    return Corrections(pa.array(list(given), pa.large_string()), labels, tuple(notes))


@dataclass(frozen=True)
class Adaptation:
    """What queries near corrected ones learn: a shift of their scores.

    Attributes:
        vectors: Sentence vectors of the corrected queries, of length one.
        weights: What each of them adds to each label's score, at no distance.
    """

    vectors: Floats
    weights: npt.NDArray[np.float64]

    def shift(self, vectors: Floats) -> npt.NDArray[np.float64]:
        """Return what is added to the scores of texts with these vectors."""
        found: npt.NDArray[np.float64] = _nearness(vectors, self.vectors) @ self.weights
        return found

    @classmethod
    def fit(cls, scores: Floats, vectors: Floats, labels: npt.NDArray[np.int64]) -> Adaptation:
        """Fit to corrected queries: kernel logistic regression on top of the engine's scores.

        Args:
            scores: Calibrated scores of the labels.
            vectors: Sentence vectors of length one.
            labels: Index of each one's true label.
        """
        from scipy.optimize import minimize

        rows, size = scores.shape
        # A little more on the diagonal: equal vectors must not make it singular.
        root = np.linalg.cholesky(_nearness(vectors, vectors) + 1e-6 * np.eye(rows))
        at = np.arange(rows)

        def loss(flat: npt.NDArray[np.float64]) -> tuple[float, npt.NDArray[np.float64]]:
            own = flat.reshape(rows, size)
            total = scores + root @ own
            total = total - total.max(axis=1, keepdims=True)
            p = np.exp(total) / np.exp(total).sum(axis=1, keepdims=True)
            value = -np.log(p[at, labels] + 1e-12).sum() + RESTRAINT * (own**2).sum()
            p[at, labels] -= 1
            return float(value), (root.T @ p + 2 * RESTRAINT * own).ravel()

        best = minimize(loss, np.zeros(rows * size), jac=True, method="L-BFGS-B")
        return cls(vectors, np.linalg.solve(root.T, best.x.reshape(rows, size)))


def _nearness(vectors: Floats, others: Floats) -> npt.NDArray[np.float64]:
    found: npt.NDArray[np.float64] = np.exp((vectors @ others.T - 1.0) / REACH)
    return found


class Corrected:
    """An engine whose answers a user's corrections overrule.

    Args:
        engine: The engine.
        corrections: The corrections.
    """

    def __init__(self, engine: Engine, corrections: Corrections) -> None:
        self._engine, self._corrections = engine, corrections

    @property
    def name(self) -> str:
        """The engine, and how many corrections."""
        return f"{self._engine.name}, {len(self._corrections)} {CORRECTED}"

    def answer(self, texts: pa.Array, *, reasons: bool) -> Answer:
        """See `journeyseo.classifier.engine.Engine.answer`."""
        plain = self._engine.answer(texts, reasons=reasons)
        found = pc.index_in(normalise(texts), value_set=self._corrections.queries)
        rows = np.flatnonzero(found.is_valid().to_numpy(zero_copy_only=False))
        if not len(rows):
            return plain
        probabilities, engine, words = plain.probabilities.copy(), plain.engine.copy(), list(plain.words)
        labels = self._corrections.labels[found.drop_null().to_numpy()]
        probabilities[rows] = np.eye(len(STAGES), dtype=np.float32)[labels]
        engine[rows] = len(plain.engines)
        if reasons:
            for row in rows:
                words[row] = ""
        return Answer(probabilities, tuple(words), (*plain.engines, CORRECTED), engine)

    def word_shares(self, text: str) -> list[tuple[str, npt.NDArray[np.float64]]]:
        """Return the engine's own shares: a correction is of the whole query."""
        return self._engine.word_shares(text)
