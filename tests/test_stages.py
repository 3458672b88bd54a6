"""Journeys: those that come along, a team's own, and what is wrong with one."""

from __future__ import annotations

import pytest

from journeyseo.classifier import StageClassifier
from journeyseo.errors import ConfigError
from journeyseo.stages import (
    LANGUAGES,
    OUTSIDE,
    STAGES,
    Journey,
    JourneyStage,
    display_name,
    journey_names,
    load_journey,
)

MAPPING = {
    "b2b-sales": [
        "research", "research comparison", "workshop quote signing", "outside", "outside", "outside",
    ],
    "six-stage": ["awareness", "engagement evaluation", "purchase", "experience", "bond", "outside"],
    "three-stage": ["awareness", "consideration", "decision", "outside", "outside", "outside"],
    "classic-five": ["awareness", "consideration", "purchase", "retention", "advocacy", "outside"],
    "lifecycle-five": ["awareness", "consideration", "decision", "use", "loyalty", "outside"],
    "search-intent": [
        "informational", "commercial", "transactional", "navigational", "transactional", "navigational",
    ],
}  # fmt: skip

OWN = """
name = "ours"
[[stage]]
key = "find"
canonical = ["awareness", "consideration"]
names = { en = "Find", "zh-Hant" = "尋找" }
[[stage]]
key = "buy"
canonical = ["decision"]
"""


def _file(tmp_path, text: str):
    path = tmp_path / "own.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_shipped_names() -> None:
    assert journey_names() == tuple(sorted(MAPPING))


@pytest.mark.parametrize("name", sorted(MAPPING))
def test_shipped_journey_maps_every_label(name: str) -> None:
    journey = load_journey(name)
    assert journey.name == name
    assert [" ".join(journey.stages_of(s)) for s in STAGES] == MAPPING[name]
    for stage in journey.stages:
        assert set(stage.names) == set(LANGUAGES)
        assert all(stage.names.values())


def test_default_is_three_stage_and_a_journey_is_returned_as_it_is() -> None:
    journey = load_journey()
    assert journey.keys == ("awareness", "consideration", "decision")
    assert load_journey(journey) is journey


def test_own_journey_from_a_file(tmp_path) -> None:
    journey = load_journey(_file(tmp_path, OWN))
    assert journey.name == "ours"
    assert journey.keys == ("find", "buy")
    assert [journey.stages_of(s) for s in STAGES] == [(k,) for k in ("find", "find", "buy", *[OUTSIDE] * 3)]
    assert load_journey(str(tmp_path / "own.toml")) == journey
    assert journey.display("find", "zh-Hant") == "尋找"
    assert journey.display("find", "zh-Hans") == "Find"
    assert journey.display("buy", "en") == "buy"
    assert journey.display(OUTSIDE, "zh-Hans") == "旅程之外"


def test_own_journey_without_a_name_has_that_of_its_file(tmp_path) -> None:
    assert load_journey(_file(tmp_path, OWN.replace('name = "ours"\n', ""))).name == "own"


def test_own_journey_is_used(tmp_path) -> None:
    frame = StageClassifier(journey=_file(tmp_path, OWN)).classify(["best crm", "buy iphone 15 online"])
    assert frame["stage"].tolist() == ["consideration", "decision"]
    assert frame["journey_stage"].tolist() == ["find", "buy"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[[stage]]\nkey = "a"\ncanonical = ["intent"]', "'intent', which is no canonical stage"),
        (
            '[[stage]]\nkey = "a"\ncanonical = ["decision"]\n[[stage]]\nkey = "b"\ncanonical = ["decision"]',
            "Stages 'a' and 'b' all take in 'decision', and 'a' has 0 examples",
        ),
        (
            '[[stage]]\nkey = "a"\ncanonical = ["decision"]\nexamples = ["x", "y", "z"]\n'
            '[[stage]]\nkey = "b"\ncanonical = ["decision"]\nexamples = ["x", "x", "y"]',
            "'b' has 2 examples",
        ),
        ('[[stage]]\nkey = "a"\ncanonical = ["decision"]\nexamples = "x"', "must be a list of queries"),
        ('[[stage]]\nkey = "a"\ncanonical = ["decision"]\nexamples = [" "]', "must be a list of queries"),
        ('[[stage]]\nkey = "a"\ncanonical = ["decision", "decision"]', "takes in one canonical stage twice"),
        ('name = "x"', r"no \[\[stage\]\] tables"),
        ("stage = []", r"no \[\[stage\]\] tables"),
        ("stage = 3", r"no \[\[stage\]\] tables"),
        ('[[stage]]\ncanonical = ["decision"]', "needs a key"),
        ('[[stage]]\nkey = "a"', "a list named canonical"),
        ('[[stage]]\nkey = "a"\ncanonical = []', "a list named canonical"),
        ('[[stage]]\nkey = "a"\ncanonical = "decision"', "a list named canonical"),
        ('[[stage]]\nkey = "a"\ncanonical = [3]', "no canonical stage"),
        ("[[stage", "not valid TOML"),
    ],
)
def test_wrong_file_is_a_config_error(tmp_path, text: str, message: str) -> None:
    with pytest.raises(ConfigError, match=message) as caught:
        load_journey(_file(tmp_path, text))
    assert caught.value.where


@pytest.mark.parametrize(
    "text", ["stage = [1]", '[[stage]]\nkey = "a"\ncanonical = ["decision"]\nnames = "Buy"']
)
def test_value_of_a_wrong_type_is_a_config_error(tmp_path, text: str) -> None:
    with pytest.raises(ConfigError):
        load_journey(_file(tmp_path, text))


@pytest.mark.parametrize("keys", [("a", "a"), ("outside", "b")])
def test_key_that_is_taken_is_a_config_error(keys: tuple[str, str]) -> None:
    with pytest.raises(ConfigError):
        Journey("x", (JourneyStage(keys[0], ("awareness",), {}), JourneyStage(keys[1], ("decision",), {})))


def test_file_that_cannot_be_read(tmp_path) -> None:
    with pytest.raises(ConfigError, match="cannot be read: No such file"):
        load_journey(tmp_path / "none.toml")
    (tmp_path / "latin.toml").write_bytes(b'name = "\xff"')
    with pytest.raises(ConfigError, match="not valid TOML"):
        load_journey(tmp_path / "latin.toml")


def test_unknown_name_lists_the_known_ones() -> None:
    with pytest.raises(ConfigError, match="no journey named 'four'") as caught:
        load_journey("four")
    assert all(name in caught.value.hint for name in MAPPING)


def test_display_names_of_the_labels() -> None:
    assert display_name("decision", "zh-Hans") == "决策"
    assert display_name("none") == "No journey"
    assert display_name("decision", "fr") == "Decision"
    assert display_name("unheard") == "unheard"
    for stage in (*STAGES, OUTSIDE):
        assert all(display_name(stage, language) != stage for language in LANGUAGES)
