"""The order of suggestions: certain demand goes before the same demand in doubt."""

from __future__ import annotations

import pandas as pd

from journeyseo.suggest import _scored
from journeyseo.touchpoints import scoring


def test_doubtful_demand_ranks_below_the_same_demand_that_is_certain() -> None:
    table = pd.DataFrame(
        {
            "id": ["doubtful", "certain"],
            "topic": ["a", "b"],
            "demand": [1000.0, 1000.0],
            "demand_low": [0.0, 950.0],
            "demand_high": [2500.0, 1050.0],
            "_deficit": [1000.0, 1000.0],
            "_sought": [500.0, 500.0],
            "_canonical": ["decision", "decision"],
            "_status": ["gap", "gap"],
        }
    )
    keywords = pd.DataFrame({"topic": ["a"], "demand": [1.0], "difficulty": [float("nan")]})
    found = _scored(table, pd.DataFrame({"deficit": [1000.0]}), keywords, 3, scoring().weights)
    assert found["id"].tolist() == ["certain", "doubtful"]
    weights = scoring().weights
    fall = found["score"][0] - found["score"][1]
    # Both the part certainty (0.95) and the certain half of the demand are lost.
    expected = 100 * (weights["certainty"] * 0.95 + weights["demand"] * (0.975**0.5 - 0.5**0.5))
    assert abs(fall - expected) < 0.2
