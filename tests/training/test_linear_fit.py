"""Fitting, calibrating and folding: what the runtime reads is what was trained."""

import numpy as np
import pyarrow as pa
import pytest

pytest.importorskip("sklearn", reason="needs the extra 'train'")

from journeyseo.classifier.linear import LinearModel, softmax
from journeyseo.classifier.ngrams import NgramOptions, features
from journeyseo.text import normalise
from journeyseo.training.linear import design, fit, frequencies, temperature

OPTIONS = NgramOptions(bits=12)
TEXTS = [f"{word} thing {i % 7}" for i in range(60) for word in ("best", "buy", "what is")]
LABELS = np.tile([1, 2, 0], 60)


def found():
    return features(normalise(pa.array(TEXTS)), OPTIONS)[1]


def test_the_folded_table_gives_the_trained_scores():
    weights = frequencies(found(), len(TEXTS), 2**OPTIONS.bits)
    target = np.eye(3, dtype=np.float32)[LABELS]
    model = fit(design(found(), len(TEXTS), weights), target, 10.0)
    expected = model.decision_function(design(found(), len(TEXTS), weights))
    folded = LinearModel(
        "m", ("a", "b", "c"), (model.coef_ * weights).T.astype(np.float32),
        (weights**2).astype(np.float32), model.intercept_.astype(np.float32), 1.0, OPTIONS,
    )  # fmt: skip
    np.testing.assert_allclose(folded.scores(pa.array(TEXTS)), expected, atol=1e-3)


def test_the_fit_repeats_itself():
    target = np.eye(3, dtype=np.float32)[LABELS]
    weights = frequencies(found(), len(TEXTS), 2**OPTIONS.bits)
    matrix = design(found(), len(TEXTS), weights)
    np.testing.assert_array_equal(fit(matrix, target, 10.0).coef_, fit(matrix, target, 10.0).coef_)


def test_temperature_finds_the_scale_of_overconfident_scores():
    rng = np.random.default_rng(0)
    true = rng.normal(size=(4000, 3))
    p = softmax(true)
    labels = np.array([rng.choice(3, p=row / row.sum()) for row in p])
    target = np.eye(3, dtype=np.float32)[labels]
    assert temperature(true * 3, target) == pytest.approx(3, rel=0.1)
    assert temperature(true, target) == pytest.approx(1, rel=0.1)
