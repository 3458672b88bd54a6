"""The quality gate holds, and cannot be lowered by accident."""

import json

import pytest

pytest.importorskip("sklearn", reason="needs the extra 'train'")

from journeyseo.assets import asset
from journeyseo.training.gate import failures, measure, pin

MEASURED = {"digests": {"queries": "d"}, "scores": {"a": 0.8, "b": 0.7}, "rows": {"a": 1000, "b": 400}}


def test_floors_lie_just_under_the_scores():
    assert pin(MEASURED, None, lower=False)["floors"] == {"a": 0.795, "b": 0.695}


def test_floors_of_few_rows_leave_room_for_two_of_them():
    measured = {"digests": {}, "scores": {"few": 0.8}, "rows": {"few": 50}}
    assert pin(measured, None, lower=False)["floors"] == {"few": 0.76}


def test_a_floor_does_not_fall_without_its_flag():
    old = {"digests": {"queries": "d"}, "floors": {"a": 0.9, "b": 0.1}}
    with pytest.raises(ValueError, match="a"):
        pin(MEASURED, old, lower=False)
    assert pin(MEASURED, old, lower=True)["floors"]["a"] == 0.795


def test_failures_name_what_fell_what_is_gone_and_what_changed():
    pinned = {"digests": {"queries": "other"}, "floors": {"a": 0.81, "b": 0.7, "c": 0.1}}
    found = failures(MEASURED, pinned)
    assert len(found) == 3
    assert "frozen queries" in found[0]
    assert "a is 0.8000" in found[1]
    assert "c is not measured" in found[2]


def test_the_shipped_models_hold_their_floors():
    pinned = json.loads(asset("data", "splits", "floors.json").read_text(encoding="utf-8"))
    assert len(pinned["floors"]) >= 25
    assert failures(measure(), pinned) == []
