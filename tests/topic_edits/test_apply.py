"""Topics as the user wants them: on every run, in both scripts, whatever the order of the rows."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from journeyseo.errors import ConfigError
from journeyseo.stages import LANGUAGES
from journeyseo.topic_edits import EditedTopics, edit_topics, read_topic_edits, topic_note_text
from journeyseo.topics import describe_topics

# Queries and the topic that they were found in.
ROWS = {
    "ev charger": 0, "ev charger price": 0, "tesla ev charger": 0, "wallbox": 0,
    "heat pump": 1, "heat pump cost": 1, "boiler service": 1,
    "air source heat pump": 2, "ashp grant": 2,
    "ground source heat pump": 3,
}  # fmt: skip
ZH = {"床墊推薦": 0, "床垫价格": 0, "乳膠床墊": 0, "枕頭": 1, "茶具": 2, "绿茶": 2}


@pytest.fixture
def edit(tmp_path):
    def run(text: str, rows: dict[str, int] = ROWS, language: str = "en", order: int = 1) -> EditedTopics:
        path = tmp_path / "topics.toml"
        path.write_text(text, encoding="utf-8")
        table = pd.DataFrame({"query": list(rows), "language": language, "demand": 10.0})
        labels = np.array(list(rows.values()), np.int64)
        topics, topic = describe_topics(table, labels, {2: "air source heat pump"} if rows is ROWS else {})
        turned = slice(None, None, order)
        return edit_topics(table[turned], topics, topic[turned], read_topic_edits(path))

    return run


def groups(found: EditedTopics, rows: dict[str, int] = ROWS) -> dict[str, set[str]]:
    """Return the queries of each topic by its name."""
    names = found.topics.set_index("topic")["name"]
    assert not names.duplicated().any()
    assert set(found.topic) == set(names.index)
    assert found.topics["queries"].sum() == len(rows)
    queries = pd.Series(list(rows))
    return {name: set(queries[found.topic == key]) for key, name in names.items()}


def test_found_topics_have_these_names(edit) -> None:
    found = groups(edit("[[topic]]\nname='none'\nqueries=['not there']"))
    assert set(found) == {"EV charger", "heat pump", "air source heat pump", "ground source heat pump"}


def test_own_topic_takes_queries_and_phrases(edit) -> None:
    found = groups(edit("[[topic]]\nname='Pumps'\nqueries=['ASHP  Grant']\nwords=['pumps source']"))
    assert found["Pumps"] == {"ashp grant", "air source heat pump", "ground source heat pump"}
    assert found["heat pump"] == {"heat pump", "heat pump cost", "boiler service"}


def test_own_topic_joins_the_found_topic_of_its_name(edit) -> None:
    found = groups(edit("[[topic]]\nname='EV chargers'\nqueries=['boiler service']"))
    assert found["EV chargers"] == {*list(ROWS)[:4], "boiler service"}
    assert found["heat pump"] == {"heat pump", "heat pump cost"}


def test_what_is_left_of_a_topic_is_named_anew(edit) -> None:
    found = groups(edit("[[topic]]\nname='heat pumps'\nwords=['heat pump']"))
    assert found["heat pumps"] == {q for q in ROWS if "heat pump" in q}
    assert found["boiler service"] == {"boiler service"}
    assert found["ashp grant"] == {"ashp grant"}


def test_the_phrase_with_more_words_wins_and_a_query_before_any(edit) -> None:
    found = groups(
        edit(
            "[[topic]]\nname='P'\nwords=['heat pump']\n"
            "[[topic]]\nname='A'\nwords=['heat pump air']\n"
            "[[topic]]\nname='Q'\nqueries=['heat pump cost']"
        )
    )
    assert found["A"] == {"air source heat pump"}
    assert found["Q"] == {"heat pump cost"}
    assert found["P"] == {"heat pump", "ground source heat pump"}


def test_of_two_phrases_alike_the_first_wins_and_it_is_told(edit) -> None:
    edited = edit("[[topic]]\nname='T'\nwords=['tesla']\n[[topic]]\nname='C'\nwords=['charger']")
    assert groups(edited)["T"] == {"tesla ev charger"}
    assert edited.notes == ({"code": "alike", "entry": "[[topic]] 2 (C)", "items": ["tesla ev charger"]},)


def test_merge_by_name_key_and_query(edit) -> None:
    key = edit("[[topic]]\nname='none'\nqueries=['not there']").topics.set_index("name")["topic"]
    text = f"[[merge]]\ntopics=['Heat pumps', '{key['ground source heat pump']}', 'ASHP grant']\nname='Pumps'"
    edited = edit(text)
    assert groups(edited)["Pumps"] == set(list(ROWS)[4:])
    assert edited.notes == ()


def test_rename_and_what_follows_it(edit) -> None:
    text = "[[rename]]\ntopic='heat pump'\nname='Pumps'\n"
    assert groups(edit(text))["Pumps"] == {"heat pump", "heat pump cost", "boiler service"}
    merged = groups(edit(text + "[[merge]]\ntopics=['pumps', 'air source heat pump']\nname='All pumps'"))
    assert merged["All pumps"] == {q for q, topic in ROWS.items() if topic in (1, 2)}
    assert "Pumps" not in merged


def test_rename_that_changes_only_the_writing(edit) -> None:
    found = groups(edit("[[rename]]\ntopic='ev charger'\nname='EV charger'"))
    assert len(found["EV charger"]) == 4


def test_rename_to_a_topic_that_is_there_puts_them_together(edit) -> None:
    found = groups(edit("[[rename]]\ntopic='air source heat pump'\nname='heat pump'"))
    assert found["heat pump"] == {q for q, topic in ROWS.items() if topic in (1, 2)}


def test_split_takes_a_part_and_leaves_the_name(edit) -> None:
    found = groups(edit("[[split]]\ntopic='ev charger'\nwords=['tesla']\nqueries=['wallbox']\nname='Brands'"))
    assert found["Brands"] == {"tesla ev charger", "wallbox"}
    assert found["EV charger"] == {"ev charger", "ev charger price"}
    assert len(found["heat pump"]) == 3


def test_split_of_a_merged_topic_and_of_a_part(edit) -> None:
    found = groups(
        edit(
            "[[merge]]\ntopics=['heat pump','air source heat pump','ground source heat pump']\nname='Pumps'\n"
            "[[split]]\ntopic='Pumps'\nwords=['source']\nname='Sources'\n"
            "[[split]]\ntopic='sources'\nwords=['ground']\nname='Ground'"
        )
    )
    assert found["Ground"] == {"ground source heat pump"}
    assert found["Sources"] == {"air source heat pump"}
    assert found["Pumps"] == {"heat pump", "heat pump cost", "boiler service", "ashp grant"}


def test_split_takes_nothing_of_other_topics(edit) -> None:
    found = groups(edit("[[split]]\ntopic='heat pump'\nwords=['heat pump']\nname='HP'"))
    assert found["HP"] == {"heat pump", "heat pump cost"}
    assert found["air source heat pump"] == {"air source heat pump", "ashp grant"}


def test_what_matches_nothing_is_told_and_is_no_error(edit) -> None:
    edited = edit(
        "[[topic]]\nname='X'\nwords=['solar', 'wallbox']\nqueries=['nope']\n"
        "[[merge]]\ntopics=['heat pump', 'sheds']\nname='heat pump'\n"
        "[[split]]\ntopic='sheds'\nwords=['a']\nname='Y'\n"
        "[[split]]\ntopic='ev charger'\nwords=['zappi']\nname='Z'"
    )
    assert groups(edited)["X"] == {"wallbox"}
    assert edited.notes == (
        {"code": "no-query", "entry": "[[topic]] 1 (X)", "items": ["nope", "solar"]},
        {"code": "no-topic", "entry": "[[merge]] 1 (heat pump)", "items": ["sheds"]},
        {"code": "no-topic", "entry": "[[split]] 1 (Y)", "items": ["sheds"]},
        {"code": "no-query", "entry": "[[split]] 2 (Z)", "items": ["zappi"]},
    )


def test_a_topic_of_which_only_the_writing_would_change_is_told_too(edit) -> None:
    edited = edit("[[rename]]\ntopic='ev chargerz'\nname='EV chargerz'")
    assert edited.notes == (
        {"code": "no-topic", "entry": "[[rename]] 1 (EV chargerz)", "items": ["ev chargerz"]},
    )


def test_one_topic_moved_twice_under_two_names_is_an_error(edit) -> None:
    text = "[[rename]]\ntopic='ev charger'\nname='a'\n[[rename]]\ntopic='wallbox'\nname='b'"
    with pytest.raises(ConfigError) as caught:
        edit(text)
    assert "[[rename]] 1 (a) and [[rename]] 2 (b) both move the topic 'EV charger'" in str(caught.value)


def test_chinese_in_both_scripts(edit) -> None:
    text = (
        "[[topic]]\nname='茶'\nwords=['茶']\n"
        "[[split]]\ntopic='床垫'\nwords=['乳胶']\nname='乳胶床垫'\n"
        "[[merge]]\ntopics=['枕头','茶']\nname='其他'"
    )
    found = groups(edit(text, ZH, "zh-Hant"), ZH)
    assert found["乳胶床垫"] == {"乳膠床墊"}
    assert found["其他"] == {"枕頭", "茶具", "绿茶"}
    assert set(map(frozenset, found.values())) >= {frozenset({"床墊推薦", "床垫价格"})}


def test_the_order_of_rows_plays_no_part(edit) -> None:
    text = (
        "[[topic]]\nname='Pumps'\nwords=['source']\n[[merge]]\ntopics=['heat pump','pumps']\nname='All'\n"
        "[[split]]\ntopic='ev charger'\nwords=['price']\nname='Prices'"
    )
    straight, turned = edit(text), edit(text, order=-1)
    pd.testing.assert_frame_equal(straight.topics, turned.topics)
    pd.testing.assert_series_equal(straight.topic, turned.topic.sort_index())


def test_the_result_is_corrected_again_on_the_next_run(edit) -> None:
    text = "[[merge]]\ntopics=['heat pump', 'air source heat pump']\nname='Pumps'"
    more = {**ROWS, "heat pump noise": 1, "air source heat pump noise": 2}
    assert len(groups(edit(text, more), more)["Pumps"]) == len(groups(edit(text))["Pumps"]) + 2


def test_no_queries(edit) -> None:
    found = edit("[[topic]]\nname='X'\nwords=['a']", {})
    assert len(found.topics) == len(found.topic) == 0


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", ["no-query", "no-topic", "alike"])
def test_notes_are_said_in_every_language(code: str, language: str) -> None:
    note = {"code": code, "entry": "[[topic]] 1 (X)", "items": [f"i{n}" for n in range(12)]}
    text = topic_note_text(note, language)
    assert text.startswith("[[topic]] 1 (X)")
    assert "i9" in text
    assert "i10" not in text
    assert "+ 2" in text
