"""Cue words and subjects."""

import pytest

from journeyseo.cues import FILLER, find_cues, phrases, spans_of_words, subjects


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


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("酒店家具推荐", ["酒店家具", "推荐"]),
        ("床垫店", ["床垫", "店"]),
        ("床的价格", ["床", "的", "价格"]),
        ("最好睡的床垫", ["最", "好睡", "的", "床垫"]),
    ],
)
def test_a_cue_of_one_character_cuts_no_word(text, words):
    assert [text[a:b] for a, b in spans_of_words(text)] == words


@pytest.mark.parametrize(
    ("query", "language", "subject"),
    [
        ("二手家具", "zh-Hans", "二手家具"),
        ("家具組裝", "zh-Hant", "家具组装"),
        ("会计培训", "zh-Hans", "会计培训"),
        ("高跟鞋", "zh-Hans", "高跟鞋"),
        ("有机奶粉", "zh-Hans", "有机奶粉"),
        ("灵活用工平台", "zh-Hans", "灵活用工平台"),
        ("上海酒店", "zh-Hans", "上海酒店"),
        ("台北买床垫推荐", "zh-Hans", "台北床垫"),
        ("床垫店", "zh-Hans", "床垫"),
        ("会议室预约系统", "zh-Hans", "会议室预约系统"),
        ("order management software", "en", "order management software"),
        ("order management systems price", "en", "order management systems"),
        ("purchase order", "en", "purchase order"),
        ("best new balance shoes", "en", "new balance shoes"),
        ("order a bed online", "en", "bed"),
        ("salon booking apparel", "en", "salon apparel"),
    ],
)
def test_a_cue_that_is_part_of_a_name_stays_in_the_subject(query, language, subject):
    assert subjects([query], [language]) == [subject]


@pytest.mark.parametrize(
    ("query", "language", "found"),
    [
        ("全屋定制哪家好", "zh-Hans", ["全屋定制"]),
        ("全屋 定制", "zh-Hans", ["全屋"]),
        ("春节宠物寄养多少钱", "zh-Hans", ["春节宠物寄养"]),
        ("Dyson 除蟎機 評價", "zh-Hant", ["Dyson 除蟎機"]),
        ("24小时宠物医院 附近", "zh-Hans", ["24小时宠物医院"]),
        ("best base for a shed", "en", ["base for a shed"]),
        ("heat pump installers bristol", "en", ["heat pump", "bristol"]),
        ("heat pump grants 2026", "en", ["heat pump grants"]),
        ("台灣製床墊 推薦", "zh-Hant", ["台灣製床墊"]),
        ("給龍貓看病 台灣", "zh-Hant", ["龍貓看病"]),
        ("how much", "en", []),
    ],
)
def test_phrases_stand_in_the_query_as_typed(query, language, found):
    assert phrases([query], [language]) == [found]
    assert all(phrase in query for phrase in found)
