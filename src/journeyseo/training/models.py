"""Train all models, score them on the frozen split, and write their model cards."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from journeyseo.classifier import StageClassifier
from journeyseo.classifier.base import BaseModel
from journeyseo.classifier.engine import Engine
from journeyseo.classifier.labelled import labelled_queries
from journeyseo.classifier.linear import LinearModel
from journeyseo.classifier.pages import PageModel
from journeyseo.scorecard import ScoreCard, calibration_error, score_probabilities
from journeyseo.stages import STAGES
from journeyseo.training.card import write_card
from journeyseo.training.data import load_pages, split
from journeyseo.training.encode import train_base
from journeyseo.training.pages import train_pages
from journeyseo.training.queries import train_queries

FAST, BASE, PAGES = "queries-fast", "queries-base", "pages-linear"
PARTS = ("base", "queries", "pages")
"""What can be trained, in the order in which one needs the other."""

# Checkpoints, so that a run that was cut off goes on.
_WORK = Path("build") / "train-base"


def score_queries(judge: StageClassifier) -> ScoreCard:
    """Return the scores of a classifier of queries on the frozen split."""
    test = split(labelled_queries(), "queries").test
    return score_probabilities(test, judge.predict_proba(test["query"]), judge.engine)


def score_pages(model: PageModel) -> dict[str, Any]:
    """Return the scores of a page model on the frozen split."""
    test = split(load_pages(), "pages").test
    probabilities, _ = model.classify(test)
    true = np.array([STAGES.index(s) for s in test["stage"]])
    second = np.array([STAGES.index(s) if s in STAGES else -1 for s in test["second_stage"]])
    given = probabilities.argmax(axis=1)
    languages = {
        str(tag): round(float((given == true)[(test["lang"] == tag).to_numpy()].mean()), 4)
        for tag in sorted(test["lang"].unique())
        if (test["lang"] == tag).sum() >= 20
    }
    return {
        "rows": len(test),
        "accuracy": round(float((given == true).mean()), 4),
        "lenient": round(float(((given == true) | (given == second)).mean()), 4),
        "calibration_error": round(calibration_error(probabilities, true), 4),
        "languages": languages,
        "recall": {
            s: round(float((given[true == i] == i).mean()), 4)
            for i, s in enumerate(STAGES)
            if (true == i).any()
        },
    }


def _rounded(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: _rounded(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(v) for v in value]
    return round(value, 4) if isinstance(value, float) else value


def _record(folder: Path, scores: dict[str, Any]) -> None:
    """Put the scores into the manifest, and write the model card from it."""
    path = folder / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    manifest["scores"] = _rounded(scores)
    text = json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True)
    path.write_text(text + "\n", encoding="utf-8")
    write_card(folder, manifest)


def train_models(output: Path, *, only: str | None, notify: Callable[[str], None]) -> None:
    """Train the base engine, the fast engine as its student, and the page model.

    Args:
        output: Folder for the model folders.
        only: One of `PARTS`; all where it is None. What it needs is then read from `output`.
        notify: Called with a sentence at each step.
    """
    if only in (None, "base"):
        train_base(output / BASE, _WORK, notify=notify)
        _judge(output / BASE, BaseModel.load(output / BASE), notify)
    if only in (None, "queries"):
        train_queries(output / FAST, BaseModel.load(output / BASE), notify=notify)
        _judge(output / FAST, LinearModel.load(output / FAST, FAST), notify)
    if only in (None, "pages"):
        notify("Training the page model")
        reader = BaseModel.load(output / BASE)
        train_pages(output / PAGES, reader)
        scores = score_pages(PageModel.load(output / PAGES, reader))
        _record(output / PAGES, scores)
        notify(f"Pages, frozen split: six labels {scores['accuracy']:.3f}")


def _judge(folder: Path, engine: Engine, notify: Callable[[str], None]) -> None:
    card = score_queries(StageClassifier(engine=engine))
    _record(folder, asdict(card))
    notify(
        f"{card.engine}, frozen split: six labels {card.overall.accuracy:.3f}, "
        f"three stages {card.overall.accuracy_three:.3f}"
    )
