"""Fit a linear model over hashed n-grams, and find the temperature that calibrates it."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import scipy.optimize
import scipy.sparse as sp
from sklearn.linear_model import LogisticRegression

from journeyseo.classifier.engine import softmax
from journeyseo.classifier.ngrams import Features

Floats = npt.NDArray[np.float64]


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
