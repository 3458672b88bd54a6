"""Train the page model and write its model folder."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import scipy.sparse as sp

from journeyseo.classifier.artifact import save_artifact
from journeyseo.classifier.base import BaseModel
from journeyseo.classifier.labelled import first_labels, soft_labels
from journeyseo.classifier.ngrams import NgramOptions, features
from journeyseo.classifier.pages import FIELDS, KIND, PIECES, evidence, page_fields
from journeyseo.stages import STAGES
from journeyseo.training.data import Split, folds, load_pages, split
from journeyseo.training.linear import design, fit, frequencies, temperature

VERSION = "2"
# Chosen by cross-validation over sites and industries between 5 and 15: .794 and .804.
STRENGTH = 15.0


def _design(
    frame: pd.DataFrame,
    said: npt.NDArray[np.float32],
    weights: npt.NDArray[np.float64] | None,
    options: NgramOptions,
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
    return sp.hstack([total, sp.csr_matrix(said)]).tocsr(), weights


def train_pages(folder: Path, reader: BaseModel) -> dict[str, Any]:
    """Train on the training side of the frozen split and write the model folder.

    Args:
        folder: Where to write it.
        reader: The base engine of queries, whose reading of the pieces of a page is evidence.
    """
    data: Split = split(load_pages(), "pages")
    frame, options = data.train, NgramOptions()
    target = soft_labels(frame)
    said = np.hstack(list(evidence(frame, page_fields(frame), reader).values()))
    held = folds(frame["industry"].tolist(), 6) == 0
    matrix, weights = _design(frame[~held], said[~held], None, options)
    model = fit(matrix, target[~held], STRENGTH)
    outer, _ = _design(frame[held], said[held], weights, options)
    t = temperature(model.decision_function(outer), first_labels(frame[held]))
    matrix, weights = _design(frame, said, None, options)
    model = fit(matrix, target, STRENGTH)
    buckets = 2**options.bits
    manifest = {
        "kind": KIND,
        "version": VERSION,
        "labels": list(STAGES),
        "options": asdict(options),
        "temperature": round(t, 4),
        "recipe": "logistic regression over hashed n-grams of the fields and the base engine's reading of "
        "title, description, headings and the first three pieces of the text",
        "base": reader.name,
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
            "evidence": model.coef_[:, buckets:].T.reshape(len(PIECES), len(STAGES), -1).astype(np.float32),
        },
    )
    return manifest
