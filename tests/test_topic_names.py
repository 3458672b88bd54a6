"""Names of topics: whole phrases of the queries, in the script that most of them use."""

from __future__ import annotations

import pandas as pd
import pytest

from journeyseo.topic_names import find_phrases, shown_name, traditional_letters, whole_names
from journeyseo.topics import group_topics


def _name(name: str, language: str, rows: list[tuple[str, str]], others: list[str] | None = None) -> str:
    queries, languages = [q for q, _ in rows], [lang for _, lang in rows]
    found = [phrase for own in find_phrases(queries, languages) for phrase in own]
    letters = traditional_letters([*queries, *(others or [])], [*languages, *["zh-Hant"] * len(others or [])])
    return shown_name(name, language, found, queries, letters)


def test_a_cue_word_that_ends_the_name_of_a_service_stays() -> None:
    rows = [(q, "zh-Hans") for q in ("全屋定制", "全屋定制价格", "全屋定制哪家好", "全屋 定制")]
    assert _name("全屋", "zh-Hans", rows) == "全屋定制"


def test_a_name_that_stands_alone_is_not_extended() -> None:
    rows = [(q, "zh-Hans") for q in ("床垫推荐", "床垫价格", "床垫定制", "床垫定制多少钱")]
    assert _name("床垫", "zh-Hans", rows) == "床垫"


@pytest.mark.parametrize(("language", "shown"), [("zh-Hant", "床墊"), ("zh-Hans", "床垫")])
def test_a_name_is_in_the_script_of_most_queries(language: str, shown: str) -> None:
    rows = [("床垫 价格", "zh-Hans"), ("床墊推薦", "zh-Hant"), ("床墊怎麼選", "zh-Hant")]
    assert _name("床垫", language, rows) == shown


def test_a_name_known_in_the_other_script_alone_is_written_as_the_searchers_do() -> None:
    rows = [("钢琴键 价格", "zh-Hans"), ("除濕棒", "zh-Hant"), ("除濕棒 推薦", "zh-Hant")]
    assert _name("钢琴键", "zh-Hant", rows, ["二手鋼琴", "鍵盤"]) == "鋼琴鍵"
    assert _name("除湿棒", "zh-Hans", [("除濕棒", "zh-Hant")]) == "除湿棒"


def test_blanks_that_only_the_plain_form_has_are_not_shown() -> None:
    assert _name("24 小时宠物医院", "zh-Hans", [("24小时宠物医院 附近", "zh-Hans")]) == "24小时宠物医院"


def test_words_that_stand_apart_make_no_name() -> None:
    phrases = find_phrases(["best base for a shed"], ["en"])[0]
    assert whole_names(["base shed", "base", "bas", "a shed"], phrases) == {"base", "a shed"}


def test_every_name_stands_in_a_query_of_its_topic() -> None:
    queries = [
        "best base for a shed",
        "shed base kit",
        "concrete shed base",
        "buy ev charger",
        "ev charger",
    ]
    table = pd.DataFrame({"query": queries, "language": "en", "demand": [90.0, 10, 10, 10, 10]})
    topics, topic = group_topics(table)
    for key, name in zip(topics["topic"], topics["name"], strict=True):
        assert table.loc[topic == key, "query"].str.contains(name, case=False, regex=False).any()
