"""A labelled file to a score card: accuracy, calibration, confusion, shares, by language and vendor."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from journeyseo.classifier import StageClassifier
from journeyseo.classifier.corrections import read_corrections
from journeyseo.classifier.labelled import read_labelled
from journeyseo.errors import InputError
from journeyseo.languages import language_tag
from journeyseo.stages import MAIN_STAGES, STAGES
from journeyseo.vendor_audit import vendor_stages

_BINS = 15
_MIN_ROWS = 10

FEW = 100
"""Rows below which an accuracy is shown with a caution: at 0.8 its interval is more than 15 points wide."""

# Half-width of a 95 % interval in standard deviations.
_Z95 = 1.96


def wilson(share: float, rows: int) -> tuple[float, float]:
    """Return the 95 % interval of a share by Wilson's method, which holds on few rows too.

    Args:
        share: Share that was found, 0 to 1.
        rows: Rows that it was found on, one or more.
    """
    spread = _Z95**2 / rows
    middle = (share + spread / 2) / (1 + spread)
    half = _Z95 * math.sqrt(share * (1 - share) / rows + spread / rows / 4) / (1 + spread)
    return max(0.0, middle - half), min(1.0, middle + half)


@dataclass(frozen=True)
class Scores:
    """How well labels fit the truth.

    Attributes:
        rows: Labelled rows.
        accuracy: Share of rows whose most probable of six labels is the true one.
        macro_f1: Mean F1 of the labels that occur.
        lenient: Share of rows where that label is the true or the second true one.
        rows_three: Rows whose true label is awareness, consideration or decision.
        accuracy_three: Share of those whose most probable of the three is the true one.
        macro_f1_three: Mean F1 of the three on those rows.
        lenient_three: As `lenient`, of the three.
    """

    rows: int
    accuracy: float
    macro_f1: float
    lenient: float
    rows_three: int
    accuracy_three: float
    macro_f1_three: float
    lenient_three: float


@dataclass(frozen=True)
class ScoreCard:
    """All scores on one labelled file.

    Attributes:
        engine: Engine and version.
        overall: Scores on all rows.
        languages: Scores by language, with ten rows or more.
        recall: Share of the rows of each label that got it.
        precision: Share of the rows given each label that have it.
        calibration_error: Expected calibration error of the six labels, 15 bins of equal mass.
        confusion: True label to label given to number of rows.
        share_error: Largest difference between expected and true share of a stage of the six.
        shares: True and expected share of each stage.
        vendor: The vendor column's own scores beside ours on the rows that it labels.
    """

    engine: str
    overall: Scores
    languages: Mapping[str, Scores]
    recall: Mapping[str, float]
    precision: Mapping[str, float]
    calibration_error: float
    confusion: Mapping[str, Mapping[str, int]]
    share_error: float
    shares: Mapping[str, tuple[float, float]]
    vendor: Mapping[str, float]

    @property
    def caution(self) -> str:
        """How far the accuracy may be off, where it stands on few rows; else empty."""
        own = self.overall
        if own.rows >= FEW:
            return ""
        parts = [("six labels", own.accuracy, own.rows), ("three stages", own.accuracy_three, own.rows_three)]
        said = [
            f"{name} {share:.3f}, 95 % interval {low:.2f} to {high:.2f} "
            f"({100 * (high - low):.0f} points wide)"
            for name, share, rows in parts
            if rows
            for low, high in [wilson(share, rows)]
        ]
        return f"Few rows ({own.rows}), so chance moves the accuracy much: {'; '.join(said)}"

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain data for JSON."""
        return {**asdict(self), "caution": self.caution}


def _f1(true: npt.NDArray[np.int64], given: npt.NDArray[np.int64]) -> float:
    values = []
    for label in np.unique(true):
        hit = ((true == label) & (given == label)).sum()
        values.append(2 * hit / max((true == label).sum() + (given == label).sum(), 1))
    return float(np.mean(values)) if values else float("nan")


def _scores(true: npt.NDArray[np.int64], second: npt.NDArray[np.int64], p: npt.NDArray[np.float32]) -> Scores:
    six = p.argmax(axis=1)
    inside = true < len(MAIN_STAGES)
    three = p[:, : len(MAIN_STAGES)].argmax(axis=1)[inside]
    right, soft = true[inside], second[inside]
    return Scores(
        len(true),
        float((six == true).mean()),
        _f1(true, six),
        float(((six == true) | (six == second)).mean()),
        int(inside.sum()),
        float((three == right).mean()) if inside.any() else float("nan"),
        _f1(right, three),
        float(((three == right) | (three == soft)).mean()) if inside.any() else float("nan"),
    )


def calibration_error(p: npt.NDArray[np.float32], true: npt.NDArray[np.int64]) -> float:
    """Return the expected calibration error of the most probable label, bins of equal mass."""
    sure, right = p.max(axis=1).astype(np.float64), p.argmax(axis=1) == true
    order = np.argsort(sure, kind="stable")
    bins = [b for b in np.array_split(order, _BINS) if len(b)]
    return float(sum(len(b) * abs(sure[b].mean() - right[b].mean()) for b in bins) / len(true))


def evaluate(labelled: str | Path | pd.DataFrame, *, classifier: StageClassifier | None = None) -> ScoreCard:
    """Return the score card of a classifier on labelled queries.

    Args:
        labelled: A file (see `journeyseo.classifier.labelled.read_labelled`) or a frame with query and
            stage; second_stage, lang and vendor_intent are optional.
        classifier: The classifier; the default one where it is None.

    Raises:
        FormatError: The file has no such columns.
    """
    frame = labelled if isinstance(labelled, pd.DataFrame) else read_labelled(labelled)
    judge = classifier or StageClassifier()
    return score_probabilities(frame, judge.predict_proba(frame["query"]), judge.engine)


def score_probabilities(frame: pd.DataFrame, p: npt.NDArray[np.float32], engine: str) -> ScoreCard:
    """Return the score card of given probabilities.

    Args:
        frame: Labelled rows: stage; second_stage, lang and vendor_intent are optional.
        p: Probabilities, one row a labelled row, in the order of `STAGES`.
        engine: Name to show.
    """
    true = np.array([STAGES.index(s) for s in frame["stage"]])
    second = np.full(len(frame), -1)
    if "second_stage" in frame.columns:
        second = np.array([STAGES.index(s) if s in STAGES else -1 for s in frame["second_stage"].fillna("")])
    given = p.argmax(axis=1)
    languages = {}
    if "lang" in frame.columns:
        tags = frame["lang"].map(language_tag).to_numpy(dtype=object)
        for tag in sorted(set(tags)):
            own = tags == tag
            if own.sum() >= _MIN_ROWS:
                languages[tag] = _scores(true[own], second[own], p[own])
    expected, actual = p.mean(axis=0), np.bincount(true, minlength=len(STAGES)) / len(true)
    return ScoreCard(
        engine,
        _scores(true, second, p),
        languages,
        {s: float((given[true == i] == i).mean()) for i, s in enumerate(STAGES) if (true == i).any()},
        {s: float((true[given == i] == i).mean()) for i, s in enumerate(STAGES) if (given == i).any()},
        calibration_error(p, true),
        {
            s: {o: int(((true == i) & (given == j)).sum()) for j, o in enumerate(STAGES)}
            for i, s in enumerate(STAGES)
        },
        float(np.abs(expected - actual).max()),
        {s: (float(actual[i]), float(expected[i])) for i, s in enumerate(STAGES)},
        _vendor(frame, true, p),
    )


def _vendor(frame: pd.DataFrame, true: npt.NDArray[np.int64], p: npt.NDArray[np.float32]) -> dict[str, float]:
    """Return the vendor column's accuracy and ours, on rows of the three stages that it labels."""
    if "vendor_intent" not in frame.columns:
        return {}
    stage = vendor_stages(frame["vendor_intent"])
    own = stage.notna().to_numpy() & (true < len(MAIN_STAGES))
    if not own.any():
        return {}
    theirs = np.array([STAGES.index(s) for s in stage[own]])
    ours = p[own][:, : len(MAIN_STAGES)].argmax(axis=1)
    return {
        "rows": float(own.sum()),
        "vendor_accuracy_three": float((theirs == true[own]).mean()),
        "our_accuracy_three": float((ours == true[own]).mean()),
    }


_FOLDS = 5
# A gain that chance alone gives this often is no gain.
_CHANCE = 0.05


@dataclass(frozen=True)
class Gain:
    """What labelled queries would do as corrections, by cross-validation.

    Attributes:
        rows: Distinct labelled queries.
        before: Accuracy of six labels without corrections.
        after: Accuracy on each fifth of the queries with the other four as corrections.
        better: Queries that only the corrected engine gets right.
        worse: Queries that only the engine as it is gets right.
        chance: How often chance alone gives a difference as large (McNemar's exact test, two-sided).
    """

    rows: int
    before: float
    after: float
    better: int
    worse: int
    chance: float

    @property
    def real(self) -> bool:
        """Whether it is a gain, and more than chance."""
        return self.after > self.before and self.chance < _CHANCE

    def __str__(self) -> str:
        verdict = "a gain" if self.real else "no gain that can be told from chance"
        return (
            f"as corrections, on queries that are not among them: {self.before:.3f} before, {self.after:.3f} "
            f"after, on {self.rows:,} queries; {self.better} better, {self.worse} worse: {verdict} "
            f"(p = {self.chance:.2g})"
        )


def judge_corrections(labelled: str | Path | pd.DataFrame, *, engine: str = "auto") -> Gain:
    """Return what labelled queries would do for others like them, given as corrections.

    Args:
        labelled: As for `evaluate`.
        engine: ``auto`` or ``base``; ``fast`` learns nothing from corrections.

    Raises:
        InputError: There are fewer than ten distinct queries.
        FormatError: The file has no such columns.
    """
    from scipy.stats import binomtest

    given = read_corrections(labelled)
    rows = len(given)
    if rows < 2 * _FOLDS:
        raise InputError(
            f"{rows} labelled queries are too few to judge corrections by.",
            hint=f"Give {2 * _FOLDS} or more.",
        )
    queries = np.array(given.queries.to_pylist(), dtype=object)
    before = StageClassifier(engine=engine).predict_proba(queries.tolist()).argmax(axis=1) == given.labels
    after = np.zeros(rows, bool)
    fold = np.random.default_rng(0).permutation(rows) % _FOLDS
    for i in range(_FOLDS):
        own, others = fold == i, fold != i
        stages = [STAGES[label] for label in given.labels[others]]
        frame = pd.DataFrame({"query": queries[others], "stage": stages})
        judge = StageClassifier(engine=engine, corrections=frame)
        after[own] = judge.predict_proba(queries[own].tolist()).argmax(axis=1) == given.labels[own]
    better, worse = int((after & ~before).sum()), int((before & ~after).sum())
    chance = float(binomtest(better, better + worse).pvalue) if better + worse else 1.0
    return Gain(rows, float(before.mean()), float(after.mean()), better, worse, chance)
