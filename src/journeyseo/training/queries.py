"""Train the fast engine of queries as base's student, and write its model folder."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from journeyseo.classifier.artifact import save_artifact
from journeyseo.classifier.base import BaseModel
from journeyseo.classifier.labelled import first_labels, labelled_queries, soft_labels
from journeyseo.classifier.linear import LinearModel
from journeyseo.classifier.ngrams import NgramOptions
from journeyseo.stages import STAGES
from journeyseo.training.data import folds, split
from journeyseo.training.generate import generate
from journeyseo.training.linear import temperature
from journeyseo.training.student import Course, buckets_of, fit_table, rarity

KIND = "queries-fast"
VERSION = "2"
MADE = 450_000
"""Queries that are made for base to label; `python -m benchmarks.student` shows what they add."""

# An authored row counts as much as so many made ones.
_AUTHORED = 3.0
# One subject in so many is kept from training to fit the temperature.
_CALIBRATION = 25
_OPTIONS = NgramOptions(bits=20)


def train_queries(
    folder: Path, base: BaseModel, *, notify: Callable[[str], None], made: int = MADE
) -> dict[str, Any]:
    """Train on the training side of the frozen split and write the model folder.

    Args:
        folder: Where to write it.
        base: The teacher.
        notify: Called with a sentence now and then.
        made: How many queries to make for the teacher to label.

    Returns:
        The manifest.
    """
    data = split(labelled_queries(), "queries")
    held = folds(data.train["industry"].tolist(), _CALIBRATION) == 0
    frame = data.train[~held].reset_index(drop=True)
    texts, target, importance = frame["query"].tolist(), soft_labels(frame), np.full(len(frame), _AUTHORED)
    if made:
        notify(f"Making about {made:,} queries and asking base about them")
        own = generate(frame, made)["query"].tolist()
        answers = base.probabilities(pa.array(own, pa.large_string()))
        texts, target = [*texts, *own], np.concatenate([target, answers])
        importance = np.concatenate([importance, np.ones(len(own))])
    buckets = 2**_OPTIONS.bits
    found = buckets_of(texts, _OPTIONS)
    weights = rarity(found, buckets)
    notify(f"Fitting the table on {len(texts):,} queries")
    table, bias = fit_table(
        found, target, importance.astype(np.float32), weights, course=Course(), notify=notify
    )
    arrays: dict[str, npt.NDArray[Any]] = {
        "table": (table * weights[:, None]).astype(np.float16),
        "squares": (weights**2).astype(np.float16),
        "bias": bias.astype(np.float32),
    }
    # As the runtime reads them.
    read = {name: array.astype(np.float32) for name, array in arrays.items()}
    model = LinearModel(name=KIND, labels=STAGES, temperature=1.0, options=_OPTIONS, **read)
    outside = data.train[held]
    t = temperature(model.scores(pa.array(outside["query"].tolist(), pa.string())), first_labels(outside))
    manifest = {
        "kind": KIND,
        "version": VERSION,
        "labels": list(STAGES),
        "options": asdict(_OPTIONS),
        "temperature": round(t, 4),
        "recipe": f"linear model over hashed character and word n-grams, fitted to {len(frame):,} authored "
        f"queries and to {base.name}'s answers on {len(texts) - len(frame):,} queries made of them",
        "base": "none: trained from this project's own queries",
        "licence": "MIT",
        "data": {
            "rows": len(texts),
            "held_out": len(data.test),
            "digest": data.digest,
            "made": hashlib.sha256("\n".join(texts[len(frame) :]).encode()).hexdigest()[:16],
        },
    }
    save_artifact(folder, manifest, arrays)
    return manifest
