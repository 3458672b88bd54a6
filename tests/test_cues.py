"""Cue words and subjects."""

import pytest

from journeyseo.cues import FILLER, find_cues, spans_of_words, subjects


@pytest.mark.parametrize(
    ("query", "language", "subject"),
    [
        ("best air source heat pump uk 2025", "en", "air source heat pump"),
        ("how much does underfloor heating cost", "en", "underfloor heating"),
        ("Buy Air Source Heat Pump", "en", "air source heat pump"),
        ("乳膠床墊怎麼選", "zh-Hant", "乳胶床垫"),
        ("记忆枕 评价", "zh-Hans", "记忆枕"),
        ("ノートパソコン おすすめ", "ja", "ノートパソコン"),
        ("meilleur aspirateur sans fil avis", "fr", "aspirateur sans fil"),
        ("c++ tutorial", "en", "c++"),
    ],
)
def test_subject_is_the_query_without_its_cues(query, language, subject):
    assert subjects([query], [language]) == [subject]


def test_a_query_of_cues_alone_keeps_its_words():
    assert subjects(["how much", "推薦"], ["en", "zh-Hant"]) == ["how much", "推荐"]


def test_buy_and_what_is_and_review_meet():
    found = subjects(["buy ev charger", "what is ev charger", "ev charger review"], ["en"] * 3)
    assert set(found) == {"ev charger"}


def test_both_chinese_scripts_meet():
    assert subjects(["床垫推荐", "床墊推薦"], ["zh-Hans", "zh-Hant"]) == ["床垫", "床垫"]


def test_cues_carry_their_stage_and_place():
    cues = [c for c in find_cues(["how to choose the best crm"], ["en"])[0] if c.stage != FILLER]
    assert [(c.text, c.stage) for c in cues] == [("how to", "awareness"), ("best", "consideration")]
    assert all("how to choose the best crm"[c.start : c.end] == c.text for c in cues)


def test_a_cue_is_a_whole_word():
    assert find_cues(["bestway pool"], ["en"])[0] == []


def test_words_of_letters_and_runs_of_han():
    text = "iphone 15 怎麼選 床墊推薦"
    assert [text[a:b] for a, b in spans_of_words(text)] == ["iphone", "15", "怎麼選", "床墊", "推薦"]


def test_cues_come_back_as_typed():
    found = find_cues(["乳膠床墊 推薦"], ["zh-Hant"])[0]
    assert [(c.text, c.stage) for c in found] == [("推薦", "consideration")]
