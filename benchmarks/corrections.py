"""What 40 corrections of one subject do to the rest of it, and to all other subjects.

    python -m benchmarks.corrections

On the subjects of the frozen split with 60 rows or more, three draws each, engine base. Chooses the two
constants of `journeyseo.classifier.corrections`.
"""

from __future__ import annotations

import itertools
from unittest import mock

import numpy as np
import pyarrow as pa

from journeyseo.assets import asset
from journeyseo.classifier import corrections
from journeyseo.classifier.base import BaseModel
from journeyseo.classifier.labelled import labelled_queries
from journeyseo.stages import STAGES
from journeyseo.text import normalise
from journeyseo.training.data import split

_CORRECTED, _ROWS, _DRAWS = 40, 60, 3


def main() -> None:
    """Measure and print."""
    test = split(labelled_queries(), "queries").test
    model = BaseModel.load(asset("models", "queries-base"))
    reading = model.read(model.tokens(normalise(pa.array(test["query"].tolist(), pa.string()))))
    scores, vectors = reading.scores / model.temperature, reading.vectors
    labels = np.array([STAGES.index(s) for s in test["stage"]])
    subject = test["industry"].to_numpy()
    size = test.groupby("industry").size()
    subjects = size[size >= _ROWS].index.tolist()
    print(f"{len(subjects)} subjects, {_DRAWS} draws of {_CORRECTED} corrections each")
    print("reach  restraint  own before  own after  others, mean change  others, worst change")
    for reach, restraint in itertools.product((0.15, 0.3, 0.5), (0.1, 0.2, 0.4, 0.8)):
        dice, own, rest = np.random.default_rng(0), [], []
        with (
            mock.patch.object(corrections, "REACH", reach),
            mock.patch.object(corrections, "RESTRAINT", restraint),
        ):
            for name, _ in itertools.product(subjects, range(_DRAWS)):
                inside = dice.permutation(np.flatnonzero(subject == name))
                given, judged, others = inside[:_CORRECTED], inside[_CORRECTED:], subject != name
                learnt = corrections.Adaptation.fit(scores[given], vectors[given], labels[given])
                moved = scores + learnt.shift(vectors)
                before, after = scores.argmax(axis=1) == labels, moved.argmax(axis=1) == labels
                own.append((before[judged].mean(), after[judged].mean()))
                rest.append(after[others].mean() - before[others].mean())
        was, now = np.mean(own, axis=0)
        print(
            f"{reach:5.2f}  {restraint:9.1f}  {was:10.3f}  {now:9.3f}  {np.mean(rest):19.4f}  "
            f"{min(rest):20.4f}"
        )


if __name__ == "__main__":
    main()
