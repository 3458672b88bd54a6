"""Train the fast engine of queries and write its model folder."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from journeyseo.classifier.artifact import save_artifact
from journeyseo.classifier.labelled import labelled_queries, soft_labels
from journeyseo.classifier.ngrams import Features, NgramOptions, features
from journeyseo.stages import STAGES
from journeyseo.text import normalise
from journeyseo.training.data import folds, split
from journeyseo.training.linear import fit_model

KIND = "queries-fast"
VERSION = "1"
# Chosen on the tune half of the private real queries among 3, 10 and 30: within 0.5 points.
STRENGTH = 10.0


def train_queries(folder: Path) -> dict[str, Any]:
    """Train on the training side of the frozen split and write the model folder.

    Args:
        folder: Where to write it.

    Returns:
        The manifest's own part: rows, digest, options and temperature.
    """
    data = split(labelled_queries(), "queries")
    frame = data.train
    options = NgramOptions()
    texts = normalise(pa.array(frame["query"].tolist(), pa.string()))

    def found(chosen: npt.NDArray[np.bool_]) -> list[Features]:
        return features(texts.filter(pa.array(chosen)), options)[1]

    calibration = folds(frame["industry"].tolist(), 8) == 0
    fitted = fit_model(found, soft_labels(frame), calibration, buckets=2**options.bits, strength=STRENGTH)
    manifest = {
        "kind": KIND,
        "version": VERSION,
        "labels": list(STAGES),
        "options": asdict(options),
        "temperature": round(fitted.temperature, 4),
        "recipe": "logistic regression over hashed character and word n-grams, soft second labels",
        "base": "none: trained from this project's own queries",
        "licence": "MIT",
        "data": {"rows": len(frame), "held_out": len(data.test), "digest": data.digest},
    }
    save_artifact(folder, manifest, fitted.arrays())
    return manifest
