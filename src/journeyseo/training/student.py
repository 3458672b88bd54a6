"""Fit the fast engine's table by gradient descent to soft labels: authored ones and base's answers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import torch
from torch import nn

from journeyseo.classifier.ngrams import NgramOptions, features
from journeyseo.text import normalise

Floats = npt.NDArray[np.float32]
_CHUNK = 50_000


@dataclass(frozen=True)
class Course:
    """How the table is fitted; models/README.md holds what was tried.

    Attributes:
        epochs: Passes over the rows.
        batch: Rows a step.
        rate: Learning rate at the start; falls to nothing.
        seed: Of the order.
    """

    epochs: int = 3
    batch: int = 256
    rate: float = 0.01
    seed: int = 0


@dataclass(frozen=True)
class Buckets:
    """The features of many texts, text after text.

    Attributes:
        offsets: Where each text's features begin, and where the last one's end.
        buckets: Bucket of each feature.
    """

    offsets: npt.NDArray[np.int64]
    buckets: npt.NDArray[np.int32]


def buckets_of(texts: Sequence[str], options: NgramOptions) -> Buckets:
    """Return the features of texts."""
    rows, buckets = [], []
    for start in range(0, len(texts), _CHUNK):
        part = normalise(pa.array(list(texts[start : start + _CHUNK]), pa.string()))
        _, found = features(part, options)
        rows.append(np.concatenate([f.rows for f in found]) + start)
        buckets.append(np.concatenate([f.buckets for f in found]).astype(np.int32))
    row, bucket = np.concatenate(rows), np.concatenate(buckets)
    order = np.argsort(row, kind="stable")
    return Buckets(np.searchsorted(row[order], np.arange(len(texts) + 1)), bucket[order])


def rarity(found: Buckets, size: int) -> Floats:
    """Return the inverse document frequency of every bucket; 0 for one seen once."""
    texts = len(found.offsets) - 1
    count = np.bincount(found.buckets, minlength=size)
    weights = (np.log((1 + texts) / (1 + count)) + 1).astype(np.float32)
    weights[count < 2] = 0
    return weights


def fit_table(
    found: Buckets,
    target: Floats,
    importance: Floats,
    weights: Floats,
    *,
    course: Course,
    notify: Callable[[str], None],
) -> tuple[Floats, Floats]:
    """Return the table (without the rarity weights) and the bias.

    Args:
        found: Features of the rows.
        target: Soft labels of the rows.
        importance: How much each row counts.
        weights: Rarity of every bucket.
        course: How to fit.
        notify: Called with a sentence after each pass.
    """
    squares = weights[found.buckets] ** 2
    sums = np.add.reduceat(np.r_[squares, 0], np.minimum(found.offsets[:-1], len(squares)))
    norm = np.sqrt(np.maximum(sums, 1e-12)).astype(np.float32)
    table = nn.EmbeddingBag(len(weights), target.shape[1], mode="sum", sparse=True)
    nn.init.zeros_(table.weight)
    bias = torch.zeros(target.shape[1], requires_grad=True)
    sparse = torch.optim.SparseAdam(table.parameters(), lr=course.rate)
    dense = torch.optim.Adam([bias], lr=0.01)
    rows, dice = len(target), np.random.default_rng(course.seed)
    steps = course.epochs * -(-rows // course.batch)
    step = 0
    for epoch in range(course.epochs):
        order, total = dice.permutation(rows), 0.0
        for start in range(0, rows, course.batch):
            own = order[start : start + course.batch]
            length = found.offsets[own + 1] - found.offsets[own]
            begin = np.r_[0, np.cumsum(length)[:-1]]
            at = np.repeat(found.offsets[own] - begin, length) + np.arange(length.sum())
            bucket = found.buckets[at].astype(np.int64)
            share = (weights[bucket] / np.repeat(norm[own], length)).astype(np.float32)
            scores = table(
                torch.from_numpy(bucket), torch.from_numpy(begin), per_sample_weights=torch.from_numpy(share)
            )
            guess = (scores + bias).log_softmax(-1)
            each = -(torch.from_numpy(target[own]) * guess).sum(1)
            loss = (each * torch.from_numpy(importance[own])).mean()
            sparse.zero_grad()
            dense.zero_grad()
            loss.backward()
            sparse.param_groups[0]["lr"] = course.rate * (1 - step / steps)
            sparse.step()  # type: ignore[no-untyped-call]
            dense.step()
            step += 1
            total += loss.item() * len(own)
        notify(f"pass {epoch + 1} of {course.epochs}: loss {total / rows:.3f}")
    return table.weight.detach().numpy(), bias.detach().numpy()
