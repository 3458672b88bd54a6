"""The language of short texts."""

import csv
from collections import defaultdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from journeyseo.assets import asset
from journeyseo.languages import _identifier, _statistical, detect_languages, is_language, language_tag

ENGLISH = [
    "best running shoes for women",
    "how to clean white shoes",
    "waterproof walking boots",
    "cheap boots",
]


@pytest.mark.parametrize(
    ("written", "tag"),
    [
        ("en", "en"),
        ("en-GB", "en"),
        ("en_US", "en"),
        (" de ", "de"),
        ("pt-BR", "pt"),
        ("fr-CA", "fr"),
        ("zh", "zh-Hans"),
        ("ZH_cn", "zh-Hans"),
        ("zh-SG", "zh-Hans"),
        ("zh-TW", "zh-Hant"),
        ("zh-HK", "zh-Hant"),
        ("zh-Hant", "zh-Hant"),
        ("zh-Hant-HK", "zh-Hant"),
        ("zh-Hans-CN", "zh-Hans"),
        ("English", "en"),
        ("Chinese", "zh-Hans"),
        ("", ""),
    ],
)
def test_language_tag(written, tag):
    assert language_tag(written) == tag
    assert is_language(written) == bool(tag)


@pytest.mark.parametrize("text", ["xx", "", " ", "klingon", "e", "en!", "12"])
def test_what_is_no_language(text):
    assert not is_language(text)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("登山靴 おすすめ", "ja"),
        ("등산화 추천", "ko"),
        ("鞋子怎么选", "zh-Hans"),
        ("床墊怎麼選", "zh-Hant"),
        ("купить диван", "ru"),
        ("дешеві меблі київ", "uk"),
        ("خرید کفش پیاده‌روی گرم", "fa"),
        ("شراء حذاء", "ar"),
        ("נעלי הליכה", "he"),
        ("αγορά παπουτσιών", "el"),
        ("रनिंग जूते", "hi"),
        ("รองเท้าวิ่ง", "th"),
        ("best running shoes for women", "en"),
        ("welche schuhe für breite füße", "de"),
        ("chaussures de randonnée pour femme", "fr"),
    ],
)
def test_language_of_one_text(text, language):
    assert detect_languages([text]) == [language]


def test_no_texts():
    assert detect_languages([]) == []


def test_texts_without_letters_take_the_language_of_the_rest():
    assert detect_languages(["123", "???"]) == ["en", "en"]
    assert detect_languages(["2026", *ENGLISH])[0] == "en"
    assert detect_languages(["2026", *["chaussures de randonnée pour femme"] * 30])[0] == "fr"


def test_chinese_that_both_scripts_share_follows_the_set():
    assert detect_languages(["山地", "床垫怎么选"])[0] == "zh-Hans"
    assert detect_languages(["山地", "床墊怎麼選"])[0] == "zh-Hant"
    assert detect_languages(["山地"]) == ["zh-Hans"]


def test_one_slip_does_not_change_the_form_of_a_set():
    traditional = ["床墊怎麼選", "乳膠床墊價錢", "獨立筒床墊壽命", "雙人床墊尺寸", "記憶床墊缺點", "床墊運費"]

    # One telling character is a slip of the pen in a set of one form; two are not.
    assert detect_languages(["小饭", *traditional])[0] == "zh-Hant"
    assert detect_languages(["简体查询", *traditional])[0] == "zh-Hans"


@pytest.mark.parametrize("text", ["床架", "小吃", "社群"])
def test_forms_that_taiwan_shares_prove_nothing(text):
    assert detect_languages([text, "枕頭"]) == ["zh-Hant", "zh-Hant"]


def test_few_latin_names_take_the_language_of_the_file():
    russian = ["купить диван", "угловой диван", "кресло", "стол письменный", "стул", "шкаф", "комод"]

    assert detect_languages(["ikea", *russian]) == ["ru"] * 8


def test_a_sure_text_keeps_its_language_in_a_set_of_another():
    found = detect_languages([*ENGLISH, "welche schuhe für breite füße"])

    assert found == ["en"] * 4 + ["de"]


def test_order_does_not_matter():
    texts = [*ENGLISH, "nike", "床墊推薦", "登山靴 おすすめ", "welche schuhe für breite füße"]

    assert detect_languages(texts[::-1]) == detect_languages(texts)[::-1]


def test_kanji_among_japanese_is_japanese():
    japanese = ["炊飯器 おすすめ", "掃除機の選び方", "エアコン 掃除", "冷蔵庫 サイズ", "洗濯機 いつ買う"]

    assert detect_languages([*japanese, "炊飯器 容量"]) == ["ja"] * 6


def test_shared_letters_among_ukrainian_are_ukrainian():
    ukrainian = ["дешеві меблі", "де купити ліжко", "крісло офісне ціна", "шафа київ", "стіл їдальня"]

    assert detect_languages([*ukrainian, "диван"]) == ["uk"] * 6


@pytest.fixture(scope="module")
def labelled():
    queries = defaultdict(list)
    for path in sorted(asset("data", "queries").glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                queries[row["lang"]].append(row["query"])
    return queries


@pytest.mark.parametrize(
    ("language", "most"),
    [
        ("en", 0.002),
        ("zh-Hans", 0.001),
        ("zh-Hant", 0.001),
        ("de", 0.01),
        ("fr", 0.01),
        ("es", 0.01),
        ("ko", 0.01),
    ],
)
def test_share_of_wrong_languages_over_our_queries(labelled, language, most):
    texts = labelled[language]
    wrong = sum(found != language for found in detect_languages(texts))

    assert len(texts) > 400
    assert wrong / len(texts) <= most


@given(st.lists(st.text(max_size=20), max_size=10))
def test_any_texts_get_a_language_each(texts):
    found = detect_languages(texts)

    assert len(found) == len(texts)
    assert all(language and not language.endswith("?") and language != "latin" for language in found)


@given(st.lists(st.text(max_size=30), max_size=20))
def test_texts_side_by_side_are_classified_as_one_by_one(texts):
    texts = [*texts, *ENGLISH, "welche schuhe für breite füße", "ALLES GROSS", "e\u0301te\u0301", "x" * 500]
    texts = [text for text in texts if text]
    for text, (language, probability) in zip(texts, _statistical(texts), strict=True):
        expected = _identifier().classify(text)
        assert (language, probability) == (expected[0], pytest.approx(expected[1], abs=1e-4))
