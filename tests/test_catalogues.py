"""The catalogues behind suggestions: whole in three languages, and fit together."""

from __future__ import annotations

import re
import string

import pytest

from journeyseo.stages import LANGUAGES, STAGES
from journeyseo.touchpoints import concerns, content_types, question_sections, scoring, touchpoints

KINDS = content_types()


def _holes(text: str) -> set[str | None]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("kind", KINDS, ids=lambda k: k.id)
def test_content_type_is_whole(kind) -> None:
    assert kind.stage in STAGES[:-1]
    assert kind.touchpoint in touchpoints()
    assert kind.schema
    for texts in (kind.names, kind.title, kind.general, kind.outline, kind.call):
        assert set(texts) == set(LANGUAGES)
        assert all(texts.values())
    assert len({len(sections) for sections in kind.outline.values()}) == 1


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", KINDS, ids=lambda k: k.id)
def test_title_and_call_format_without_holes(kind, language: str) -> None:
    title, general, call = kind.title[language], kind.general[language], kind.call[language]
    assert _holes(title) in ({"topic"}, {"keyword"}, {"cue", "rest"}), "a title names its subject"
    assert _holes(general) == {"topic"}, "without the keyword's own word only the topic is sure"
    assert _holes(call) <= {"topic"}
    text = title.format(topic="TOPIC", keyword="KEY", cue="CUE", rest="KEY")
    assert "TOPIC" in text or "KEY" in text
    assert not set("{}") & set(text + call.format(topic="TOPIC"))
    assert not any(set("{}") & set(section) for section in kind.outline[language])


def test_every_main_stage_has_kinds_and_ids_are_distinct() -> None:
    assert {k.stage for k in KINDS} >= set(STAGES[:5])
    assert len({k.id for k in KINDS}) == len(KINDS)


@pytest.mark.parametrize("point", touchpoints().values(), ids=lambda p: p.id)
def test_touchpoint_is_whole(point) -> None:
    for texts in (point.names, point.channel, point.owner, point.kpi):
        assert set(texts) == set(LANGUAGES)
        assert all(texts.values())
    for texts in (point.owner, point.kpi):
        assert not any(re.search("[a-z]{3}", texts[language]) for language in ("zh-Hans", "zh-Hant"))
    assert point.stages
    assert set(point.stages) <= set(STAGES)


@pytest.mark.parametrize("kind", KINDS, ids=lambda k: k.id)
def test_touchpoint_serves_the_stage_of_its_content(kind) -> None:
    assert kind.stage in touchpoints()[kind.touchpoint].stages


def test_a_cue_asks_for_one_kind_of_its_stage() -> None:
    for stage in STAGES[:5]:
        cues = [cue for kind in KINDS if kind.stage == stage for cue in kind.cues]
        assert len(set(cues)) == len(cues)


def test_the_sections_of_questions_stand_in_one_place() -> None:
    sections = question_sections()
    assert set(sections) == {"asked", "common"}
    for texts in sections.values():
        assert set(texts) == set(LANGUAGES)
        for kind in KINDS:
            assert not any(texts[language] in kind.outline[language] for language in LANGUAGES)


def test_concerns_are_whole() -> None:
    assert {c.id for c in concerns()} == {"price", "trust", "fit", "effort", "risk"}
    for concern in concerns():
        assert set(concern.names) == set(LANGUAGES)
        assert all(concern.names.values())
        assert concern.words
    for language in LANGUAGES:
        assert len({c.names[language] for c in concerns()}) == len(concerns())


def test_scoring_is_in_bounds() -> None:
    rules = scoring()
    assert sum(rules.weights.values()) == pytest.approx(1)
    assert set(rules.weights) == {"demand", "certainty", "ease", "stage", "severity"}
    assert set(rules.stage) == set(STAGES[:5])
    assert all(0 <= v <= 1 for v in rules.stage.values())
    assert len(rules.ctr) == 10
    assert list(rules.ctr) == sorted(rules.ctr, reverse=True)
    assert 0 < rules.ctr[9] < rules.ctr[0] < 1
    assert rules.ctr_source


def test_simplified_and_traditional_texts_differ_in_script() -> None:
    simplified = "".join(k.title["zh-Hans"] + k.names["zh-Hans"] for k in KINDS)
    traditional = "".join(k.title["zh-Hant"] + k.names["zh-Hant"] for k in KINDS)
    assert not set("麼嗎問題較費錯誤選擇評價買說") & set(simplified)
    assert not set("么吗问题较费错误选择评价买说") & set(traditional) - set("题")
