"""A classifier that goes by the first words: for tests of what comes after the stages, without a model."""

from __future__ import annotations

import pandas as pd

from journeyseo.stages import STAGES, load_journey

_WORDS = {"what": "awareness", "how": "awareness", "why": "awareness", "buy": "decision", "price": "decision"}


class StubClassifier:
    """What `map_journey` asks of a classifier; every label has the probability .9."""

    journey = load_journey("three-stage")
    engine = "stub"
    notes: tuple[str, ...] = ()

    def classify(self, queries, *, reasons=True):
        return self._labels(list(queries))

    def classify_pages(self, pages):
        return self._labels(pages["title"].tolist())

    def meaning(self, queries, pages):
        return None

    def _labels(self, texts):
        stages = [_WORDS.get(text.lower().split()[0], "consideration") for text in texts]
        shares = {f"p_{s}": [0.9 if s == own else 0.02 for own in stages] for s in STAGES}
        return pd.DataFrame(
            {"stage": stages, "journey_stage": stages, "confidence": 0.9, "second_stage": "none", **shares}
        ).assign(unclear=False, engine=self.engine, reason="carried by 'it'")
