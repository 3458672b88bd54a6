"""Which kind of content a cell asks for, and the words of its title."""

from __future__ import annotations

import numpy as np
import pytest

from journeyseo.content_choice import choose_kind, outline_of, said_once, subject_of, working_title
from journeyseo.touchpoints import content_types


@pytest.mark.parametrize(
    ("stage", "queries", "kind"),
    [
        # What the primary keyword asks for wins over what the others do.
        (
            "consideration",
            ["鋼琴調音費用", "調音師推薦", "調音 整音 差別"],
            "cost-guide",
        ),
        ("awareness", ["馬桶不通怎麼辦", "馬桶管距怎麼量", "馬桶怎麼清"], "problem-answer"),
        # Its longest word: 怎么办 is no 怎么, "how long" no "how".
        ("awareness", ["猫身上有跳蚤怎么办"], "problem-answer"),
        ("awareness", ["how long do heat pumps last"], "questions"),
        ("awareness", ["猫肾衰能活多久"], "questions"),
        ("awareness", ["狗狗皮肤病种类", "猫身上有跳蚤怎么办"], "kinds"),
        ("awareness", ["workers comp class codes", "is workers comp required"], "reference"),
        ("consideration", ["are heat pumps worth it", "heat pump running costs"], "verdict"),
        (
            "decision",
            ["apply for boiler upgrade scheme", "boiler scheme installers"],
            "application-page",
        ),
        ("decision", ["成都宠物皮肤专科", "宠物皮肤科 附近"], "city-page"),
        ("decision", ["gusto pricing", "patriot payroll coupon"], "pricing-page"),
        # Where it asks for none: what a third of the queries ask for, else the first of the stage.
        ("consideration", ["升降琴椅", "琴椅 油壓 手轉 哪個好", "琴椅 單人 雙人 差別"], "comparison"),
        (
            "consideration",
            ["sheds", "8x6 shed", "best shed paint", "pent vs apex shed"],
            "buying-guide",
        ),
        ("awareness", ["婚禮進場音樂", "證婚音樂"], "overview"),
        ("decision", ["yamaha u1", "yamaha u3"], "offering"),
    ],
)
def test_the_kind_is_what_the_queries_ask_for(stage: str, queries: list[str], kind: str) -> None:
    assert choose_kind(stage, queries, np.ones(len(queries))).kind.id == kind


@pytest.mark.parametrize(
    ("name", "keyword", "language", "subject"),
    [
        ("heat pumps", "are heat pumps worth it", "en", "heat pumps"),
        ("w2 deadline", "buy w2 envelopes", "en", "w2 envelopes"),
        ("payroll", "employer of record services", "en", "employer of record services"),
        ("EV charger", "can i charge an ev with a 3 pin plug", "en", "EV charger"),
        ("shed base", "best base for a shed", "en", "base for a shed"),
        ("24小时宠物医院", "宠物火化多少钱", "zh-Hans", "宠物火化"),
        ("猫寄养", "春节宠物寄养多少钱一天", "zh-Hans", "春节宠物寄养"),
        ("狗狗皮肤病", "成都宠物皮肤专科", "zh-Hans", "成都宠物皮肤专科"),
        ("全屋定制", "全屋定制哪家好", "zh-Hans", "全屋定制"),
        ("調音", "鋼琴調音費用", "zh-Hant", "鋼琴調音"),
        ("電鋼琴", "鋼琴壽命", "zh-Hant", "鋼琴壽命"),
        ("床架", "ikea malm 床架 雙人", "zh-Hant", "ikea malm 床架雙人"),
    ],
)
def test_a_title_is_about_its_keyword(name: str, keyword: str, language: str, subject: str) -> None:
    assert subject_of(name, keyword, language) == subject


@pytest.mark.parametrize(
    ("stage", "keyword", "subject", "locale", "title"),
    [
        ("awareness", "how to do payroll", "payroll", "en", "How to do payroll: a step-by-step guide"),
        (
            "awareness", "can i charge an ev with a 3 pin plug", "EV charger", "en",
            "Can I charge an EV with a 3 pin plug? The short answer, and what it depends on",
        ),
        (
            "consideration", "are heat pumps worth it", "heat pumps", "en",
            "Are heat pumps worth it? The case for, the case against and the sums",
        ),
        ("consideration", "代办狗证靠谱吗", "代办狗证", "zh-Hans", "代办狗证靠谱吗？优点、缺点与适合的人"),
        ("awareness", "馬桶 不通 怎麼辦", "馬桶", "zh-Hant", "馬桶不通怎麼辦？可能的原因與處理方式"),
        (
            "decision", "gazebo hire leeds", "gazebo", "en",
            "Gazebo hire in Leeds: services, prices and booking",
        ),
        (
            "consideration", "heat pump vs gas boiler", "gas boiler", "en",
            "Heat pump vs gas boiler: the differences that matter and which option suits whom",
        ),
        ("consideration", "甲 乙 对比", "甲", "zh-Hans", "甲乙对比？差别在哪，各自适合谁"),
        ("decision", "暖風機 安裝", "暖風機安裝", "zh-Hant", "暖風機預約與報價：服務內容、費用與流程"),
        ("decision", "台南 鋼琴行", "台南鋼琴行", "zh-Hant", "台南鋼琴行：地點、價格與預約方式"),
        ("decision", "乌龟 看病 挂号", "乌龟看病挂号", "zh-Hans", "乌龟看病预约与报价：服务内容、费用与流程"),
    ],
)  # fmt: skip
def test_titles_read_as_a_person_writes(
    stage: str, keyword: str, subject: str, locale: str, title: str
) -> None:
    assert working_title(choose_kind(stage, [keyword], np.ones(1)), subject, keyword, locale) == title


def test_a_title_speaks_of_the_topic_where_the_keyword_does_not_ask_for_its_kind() -> None:
    queries = ["mattress", "how to clean a mattress", "how to turn a mattress"]
    choice = choose_kind("awareness", queries, np.ones(3))
    assert choice.kind.id == "how-to"
    assert working_title(choice, "mattress", "mattress", "en") == "Mattress: a practical guide, step by step"


@pytest.mark.parametrize(
    ("title", "once"),
    [
        ("sales pipeline template template: what belongs", "sales pipeline template: what belongs"),
        ("防螨床套 價格價格、現貨", "防螨床套 價格、現貨"),
        ("二手二手鋼琴", "二手鋼琴"),
        ("tesla powerwall 3: prices", "tesla powerwall 3: prices"),
        ("fish shop shoppers", "fish shop shoppers"),
    ],
)
def test_a_title_says_nothing_twice(title: str, once: str) -> None:
    assert said_once(title) == once


def test_an_outline_ends_with_the_questions_asked_or_with_common_ones() -> None:
    kinds = {kind.id: kind for kind in content_types()}
    guide, cost = kinds["buying-guide"], kinds["cost-guide"]
    assert outline_of(guide, [], "x", "en") == [*guide.outline["en"], "Common questions"]
    assert outline_of(cost, [], "x", "en") == list(cost.outline["en"])
    asked = outline_of(cost, ["x", "鋼琴 要多少錢"], "x", "zh-Hant")
    assert asked == [*cost.outline["zh-Hant"], "大家常問的問題", "– 鋼琴要多少錢？"]
