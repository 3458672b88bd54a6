"""Whether the intervals of stage totals hold: on kinds of queries that had no part in setting their width.

    python -m benchmarks.intervals

A group's error is its true share of a stage less the expected one. Part of it is chance, p (1 - p) summed;
what is more is the labels' own: one kind of query is misjudged alike. Its size is the least with which
nine intervals in ten hold on the subjects of all files but one, and it is tried on the subjects of that file.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from journeyseo.classifier import StageClassifier
from journeyseo.classifier.labelled import labelled_queries
from journeyseo.gaps import SHARE_ERROR, Z90
from journeyseo.stages import STAGES
from journeyseo.training.data import split

_LEAST = 15  # Rows of a group: fewer make no total that anybody would read.
_HELD = 0.9
_SIZES = np.linspace(0.0, 0.2, 201)


@dataclass(frozen=True)
class Groups:
    """Groups of labelled queries.

    Attributes:
        error: True less expected share of each stage, one row a group.
        chance: Variance of the share by chance alone.
        file: File of each group.
    """

    error: npt.NDArray[np.float64]
    chance: npt.NDArray[np.float64]
    file: npt.NDArray[np.object_]


def groups(rows: pd.DataFrame, p: npt.NDArray[np.float32]) -> Groups:
    """Return the subjects of labelled rows that are large enough."""
    true = np.eye(len(STAGES))[[STAGES.index(s) for s in rows["stage"]]]
    error, chance, file = [], [], []
    for (name, _), own in rows.groupby(["file", "industry"]).indices.items():
        if len(own) >= _LEAST:
            share = p[own].astype(np.float64)
            error.append(true[own].mean(axis=0) - share.mean(axis=0))
            chance.append((share * (1 - share)).sum(axis=0) / len(own) ** 2)
            file.append(name)
    return Groups(np.array(error), np.array(chance), np.array(file, dtype=object))


def systematic(error: npt.NDArray[np.float64], chance: npt.NDArray[np.float64]) -> float:
    """Return the least size of the error beyond chance with which nine intervals in ten hold."""
    held = np.abs(error)[None, :] <= Z90 * np.sqrt(chance[None, :] + _SIZES[:, None] ** 2)
    return float(_SIZES[np.argmax(held.mean(axis=1) >= _HELD)])


def main() -> None:
    """Measure and print."""
    test = split(labelled_queries(), "queries").test
    found = groups(test, StageClassifier().predict_proba(test["query"]))
    print(f"{len(found.error)} subjects of {_LEAST} or more queries")
    for i, stage in enumerate(STAGES):
        error, chance = found.error[:, i], found.chance[:, i]
        size = np.zeros(len(error))
        for file in np.unique(found.file):
            own = found.file == file
            size[own] = systematic(error[~own], chance[~own])
        wide = np.sqrt(chance + size**2)
        alone = np.abs(error) <= Z90 * np.sqrt(chance)
        print(
            f"{stage:14} in use {SHARE_ERROR[stage]:.3f}, found {systematic(error, chance):.3f}; "
            f"right {np.mean(np.abs(error) <= Z90 * wide):.3f} (by chance alone {alone.mean():.3f}), "
            f"width {np.median(wide / np.sqrt(chance)):.2f} times"
        )


if __name__ == "__main__":
    main()
