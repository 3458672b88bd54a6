"""StageClassifier: tables, journeys, explanations."""

import pandas as pd
import pytest

import journeyseo as js
from journeyseo.cues import spans_of_words
from journeyseo.stages import STAGES
from journeyseo.tables import STAGE_COLUMNS


@pytest.fixture(scope="module")
def judge():
    return js.StageClassifier()


@pytest.mark.parametrize(
    ("query", "stage"),
    [
        ("why is my wifi slow", "awareness"),
        ("什么是私域流量", "awareness"),
        ("膽固醇過高 原因", "awareness"),
        ("best robot vacuum", "consideration"),
        ("hubspot vs salesforce", "consideration"),
        ("记忆枕哪个牌子好", "consideration"),
        ("book a plumber near me", "decision"),
        ("nordvpn coupon code", "decision"),
        ("netflix login", "retention"),
        ("cancel spotify subscription", "retention"),
        ("refer a friend bonus", "advocacy"),
    ],
)
def test_plain_queries_get_the_guide_s_label(judge, query, stage):
    assert judge.predict([query])[0] == stage


def test_classify_gives_the_declared_columns(judge):
    frame = judge.classify(["best crm", "crm login", "best crm"])
    assert list(frame.columns) == [c.name for c in STAGE_COLUMNS]
    assert frame["stage"].tolist() == ["consideration", "retention", "consideration"]
    assert frame["journey_stage"].tolist() == ["consideration", "outside", "consideration"]
    total = frame[[f"p_{s}" for s in STAGES]].sum(axis=1)
    assert total.between(0.999, 1.001).all()
    assert (frame["second_stage"].astype(str) != frame["stage"].astype(str)).all()
    assert frame["reason"][0] == "carried by 'best'"
    assert frame["carried_by"][0] == "best"
    assert frame["engine"].nunique() == 1


def test_reasons_can_be_left_out(judge):
    frame = judge.classify(["best crm"], reasons=False)
    assert frame.loc[0, ["reason", "carried_by"]].tolist() == ["", ""]


def test_empty_input_gives_an_empty_table(judge):
    assert len(judge.classify([])) == 0


def test_force_gives_a_stage_of_the_journey():
    forced = js.StageClassifier(force=True).classify(["netflix login", "gucci"])
    assert set(forced["journey_stage"]) <= {"awareness", "consideration", "decision"}
    assert forced["stage"][0] == "retention"


def test_another_journey_has_its_own_names():
    frame = js.StageClassifier(journey="lifecycle-five").classify(["netflix login", "buy nike pegasus 41"])
    assert frame["journey_stage"].tolist() == ["use", "decision"]


def test_unknown_engine_is_an_error():
    with pytest.raises(js.ConfigError, match="no engine 'slow'"):
        js.StageClassifier(engine="slow")


def test_explain_names_words_cues_and_the_counterfactual(judge):
    label = judge.explain("netflix login")
    assert label.stage == "retention"
    assert label.journey_stage == "outside"
    assert label.contributions[0].text == "login"
    assert label.contributions[0].weight > 0
    assert label.counterfactual not in ("", "retention")
    assert ("login", "retention") in label.cues
    assert "without 'login'" in label.reason
    assert label.to_dict()["probabilities"]["retention"] == label.confidence


def test_explain_in_chinese_names_a_chinese_word(judge):
    label = js.classify_query("乳膠床墊 推薦 ptt")
    assert label.stage == "consideration"
    assert {"推薦", "ptt"} & {c.text for c in label.contributions[:2]}


def test_pages_are_told_apart(judge):
    pages = pd.DataFrame(
        {
            "title": [
                "What is a heat pump? How it works explained",
                "Pricing and plans | Planly",
                "Privacy policy",
                "How to reset your password - Help centre",
            ],
            "text": [
                "A heat pump moves heat.",
                "From $12 a month. Start free trial.",
                "We process data.",
                "Open settings.",
            ],
        },
        index=[3, 5, 7, 9],
    )
    found = judge.classify_pages(pages)
    assert found["stage"].tolist() == ["awareness", "decision", "none", "retention"]
    assert found.index.tolist() == [3, 5, 7, 9]
    assert found["reason"].str.startswith("carried by").all()
    parts = [text.removeprefix("carried by ").replace(" and ", ", ") for text in found["reason"]]
    assert found["carried_by"].tolist() == parts


def test_pages_do_not_depend_on_the_address(judge):
    base = {"title": "How to choose a mattress", "text": "Foam, latex or springs: a buying guide."}
    pages = pd.DataFrame([base | {"url": "/pricing"}, base | {"url": "/x1"}])
    found = judge.classify_pages(pages)
    assert found["p_consideration"].nunique() == 1


def test_a_label_outside_the_journey_says_what_it_is(judge):
    assert "retention, outside the journey" in str(judge.explain("netflix login"))


def test_one_text_in_place_of_a_list_is_an_error_and_not_read_letter_by_letter():
    judge = js.StageClassifier(engine="fast")
    for ask in (judge.predict, judge.predict_proba, judge.classify):
        with pytest.raises(js.InputError, match="where a list is needed"):
            ask("best crm")


@pytest.mark.parametrize("query", [None, 5, "", "  "])
def test_a_query_that_is_no_text_is_an_error(query):
    with pytest.raises(js.InputError, match="empty or no text"):
        js.classify_query(query)


@pytest.mark.parametrize("engine", ["fast", "base"])
def test_a_reason_names_whole_words(engine):
    queries = [
        "乳胶床垫怎么清洗",
        "酒店家具批发",
        "全屋定制哪家好",
        "床墊推薦",
        "冷蔵庫の選び方",
        "iphone15多少钱",
    ]
    words = js.StageClassifier(engine=engine).classify(queries)["carried_by"]
    for query, word in zip(queries, words, strict=True):
        assert word in [query[a:b] for a, b in spans_of_words(query)]
