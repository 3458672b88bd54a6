"""Themes: what topics share, named in their own words."""

from __future__ import annotations

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from journeyseo.themes import shared_phrases
from journeyseo.topics import describe_topics

TOPICS = {
    1: ["air source heat pump", "heat pumps", "heat pump grant"],
    2: ["ground source heat pump", "borehole"],
    3: ["ev charger", "home ev charger"],
    4: ["tesla ev charger"],
    5: ["sheds"],
    6: ["garden sheds", "summer houses", "log cabins"],
}


def test_topics_that_share_a_phrase_are_one_theme() -> None:
    assert shared_phrases(TOPICS) == {
        1: "heat pump", 2: "heat pump", 3: "ev charger", 4: "ev charger",
    }  # fmt: skip


def test_a_phrase_is_no_longer_than_what_is_shared() -> None:
    topics = {1: ["ev charger"] * 9, 2: ["tesla charger"]}
    assert shared_phrases(topics) == {1: "charger", 2: "charger"}


def test_chinese_words_are_whole() -> None:
    topics = {1: ["充电桩", "家用充电桩"], 2: ["特斯拉充电桩"], 3: ["床垫"]}
    assert shared_phrases(topics) == {1: "充电桩", 2: "充电桩"}


def test_the_subject_of_the_whole_map_is_no_theme() -> None:
    topics = {n: [f"garden room {word}"] for n, word in enumerate("abcdefgh")}
    assert shared_phrases(topics) == {}
    assert set(shared_phrases({n: topics[n] for n in range(3)}).values()) == {"garden room"}


@given(st.permutations(list(TOPICS)), st.randoms())
def test_order_plays_no_part(order, dice) -> None:
    turned = {key: dice.sample(TOPICS[key], len(TOPICS[key])) for key in order}
    assert shared_phrases(turned) == shared_phrases(TOPICS)


def test_topics_table_has_the_theme_as_typed_and_else_the_name() -> None:
    table = pd.DataFrame(
        {"query": ["乳膠床墊", "兒童床墊", "枕頭"], "language": "zh-Hant", "demand": [3.0, 2.0, 1.0]}
    )
    topics, _ = describe_topics(table, pd.Series([0, 1, 2]).to_numpy(), {2: "枕"})
    assert topics["theme"].tolist() == ["床墊", "床墊", "枕"]
    assert topics["name"].tolist()[2] == "枕"
