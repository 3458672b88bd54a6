"""Train the page model and write its model folder."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

from journeyseo.classifier.artifact import save_artifact
from journeyseo.classifier.labelled import soft_labels
from journeyseo.classifier.linear import LinearModel
from journeyseo.classifier.ngrams import NgramOptions, features
from journeyseo.classifier.pages import FIELDS, KIND, page_fields, title_evidence
from journeyseo.stages import STAGES
from journeyseo.training.data import Split, folds, load_pages, split
from journeyseo.training.linear import design, fit, frequencies, temperature

VERSION = "1"
# Chosen by cross-validation over sites and industries between 5 and 15: .794 and .804.
STRENGTH = 15.0


def _design(
    frame: Any, weights: npt.NDArray[np.float64] | None, options: NgramOptions, queries: LinearModel
) -> tuple[sp.csr_matrix, npt.NDArray[np.float64]]:
    fields = page_fields(frame)
    found = {
        name: features(fields[name], NgramOptions(options.bits, options.chars, seed))[1]
        for name, (seed, _) in FIELDS.items()
    }
    if weights is None:
        everything = [part for parts in found.values() for part in parts]
        weights = frequencies(everything, len(frame), 2**options.bits)
    total = sum(weight * design(found[name], len(frame), weights) for name, (_, weight) in FIELDS.items())
    return sp.hstack([total, sp.csr_matrix(title_evidence(fields, queries))]).tocsr(), weights


def train_pages(folder: Path, queries: LinearModel) -> dict[str, Any]:
    """Train on the training side of the frozen split and write the model folder.

    Args:
        folder: Where to write it.
        queries: The query model, whose reading of the title is evidence.
    """
    data: Split = split(load_pages(), "pages")
    frame, options = data.train, NgramOptions()
    target = soft_labels(frame)
    held = folds(frame["industry"].tolist(), 6) == 0
    matrix, weights = _design(frame[~held], None, options, queries)
    model = fit(matrix, target[~held], STRENGTH)
    outer, _ = _design(frame[held], weights, options, queries)
    t = temperature(model.decision_function(outer), target[held])
    matrix, weights = _design(frame, None, options, queries)
    model = fit(matrix, target, STRENGTH)
    buckets = 2**options.bits
    manifest = {
        "kind": KIND,
        "version": VERSION,
        "labels": list(STAGES),
        "options": asdict(options),
        "temperature": round(t, 4),
        "recipe": "logistic regression over hashed n-grams of the fields and the query model's "
        "reading of the title",
        "base": queries.name,
        "licence": "MIT",
        "data": {"rows": len(frame), "held_out": len(data.test), "digest": data.digest},
    }
    save_artifact(
        folder,
        manifest,
        {
            "table": (model.coef_[:, :buckets] * weights).T.astype(np.float16),
            "squares": (weights**2).astype(np.float16),
            "bias": model.intercept_.astype(np.float32),
            "title": model.coef_[:, buckets:].T.astype(np.float32),
        },
    )
    return manifest
