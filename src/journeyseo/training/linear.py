"""Fit a linear model over hashed n-grams, calibrate it, and fold it into one table."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import scipy.optimize
import scipy.sparse as sp
from sklearn.linear_model import LogisticRegression

from journeyseo.classifier.engine import softmax
from journeyseo.classifier.ngrams import Features

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Fitted:
    """Arrays of a fitted model, as `journeyseo.classifier.linear.LinearModel` reads them."""

    table: Floats
    squares: Floats
    bias: Floats
    temperature: float

    def arrays(self) -> dict[str, npt.NDArray[np.float32] | npt.NDArray[np.float16]]:
        """Return the arrays to save: half precision, which changes no label in 10,000."""
        return {
            "table": self.table.astype(np.float16),
            "squares": self.squares.astype(np.float16),
            "bias": self.bias.astype(np.float32),
        }


def frequencies(found: list[Features], rows: int, buckets: int) -> Floats:
    """Return the inverse document frequency of every bucket; 0 for one seen in a single text."""
    seen = _matrix(found, rows, buckets)
    seen.data[:] = 1
    count = np.asarray(seen.sum(axis=0)).ravel()
    weights = np.log((1 + rows) / (1 + count)) + 1
    weights[count < 2] = 0
    return weights


def _matrix(found: list[Features], rows: int, buckets: int) -> sp.csr_matrix:
    row = np.concatenate([f.rows for f in found])
    bucket = np.concatenate([f.buckets for f in found])
    out = sp.csr_matrix((np.ones(len(row)), (row, bucket)), shape=(rows, buckets))
    out.sum_duplicates()
    return out


def design(found: list[Features], rows: int, weights: Floats) -> sp.csr_matrix:
    """Return the weighted features of each row over the row's norm, as the runtime computes it."""
    squares = np.zeros(rows)
    for part in found:
        squares += np.bincount(part.rows, weights[part.buckets] ** 2, minlength=rows)
    norm = np.sqrt(np.maximum(squares, 1e-12))
    matrix = _matrix(found, rows, len(weights))
    return (sp.diags_array(1 / norm) @ matrix @ sp.diags_array(weights)).tocsr()


def fit(matrix: sp.csr_matrix, target: npt.NDArray[np.float32], strength: float) -> LogisticRegression:
    """Fit logistic regression to soft labels: a row counts once for each of its labels."""
    rows, labels = np.nonzero(target)
    model = LogisticRegression(C=strength, max_iter=150, tol=1e-3)
    return model.fit(matrix[rows], labels, sample_weight=target[rows, labels])


def temperature(scores: npt.NDArray[np.floating], target: npt.NDArray[np.float32]) -> float:
    """Return the divisor of the scores under which their probabilities fit the labels best."""

    def loss(log_t: float) -> float:
        p = softmax(scores / np.exp(log_t))
        return float(-(target * np.log(np.maximum(p, 1e-9))).sum(axis=1).mean())

    found = scipy.optimize.minimize_scalar(loss, bounds=(-2.0, 2.0), method="bounded")
    return float(np.exp(found.x))


def fit_model(
    found: Callable[[npt.NDArray[np.bool_]], list[Features]],
    target: npt.NDArray[np.float32],
    calibration: npt.NDArray[np.bool_],
    *,
    buckets: int,
    strength: float,
) -> Fitted:
    """Fit on part of the rows to learn the temperature, then on all rows.

    Args:
        found: Returns the features of the chosen rows.
        target: Soft labels of all rows.
        calibration: Rows to leave out of the first fit; no subject may be on both sides.
        buckets: Number of buckets.
        strength: Inverse of the regularisation.
    """
    train = ~calibration
    inner = found(train)
    weights = frequencies(inner, int(train.sum()), buckets)
    model = fit(design(inner, int(train.sum()), weights), target[train], strength)
    outer = design(found(calibration), int(calibration.sum()), weights)
    t = temperature(model.decision_function(outer), target[calibration])
    everything = np.ones(len(target), bool)
    parts = found(everything)
    weights = frequencies(parts, len(target), buckets)
    model = fit(design(parts, len(target), weights), target, strength)
    table = (model.coef_ * weights).T
    return Fitted(table, weights**2, model.intercept_, t)
