"""Notes: English at once, other languages later."""

from __future__ import annotations

import json
import re
import string
from pathlib import Path

import pytest

import journeyseo
from journeyseo.notes import coded, note, note_texts, say
from journeyseo.stages import LANGUAGES


def _holes(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("code", note_texts())
def test_a_note_is_whole_in_three_languages(code: str) -> None:
    texts = note_texts()[code]
    assert set(texts) == set(LANGUAGES)
    assert all(texts.values())


def test_every_note_is_made_somewhere_with_all_that_its_texts_need() -> None:
    source = "".join(p.read_text("utf-8") for p in Path(journeyseo.__file__).parent.rglob("*.py"))
    for code, texts in note_texts().items():
        assert f'"{code}"' in source, code
        for hole in set().union(*map(_holes, texts.values())):
            assert re.search(rf"\b{hole}=", source), (code, hole)


def test_a_note_is_a_sentence_that_survives_json_in_other_languages() -> None:
    made = note("unknown-demand", queries=1234, unit="searches a month")
    assert made == "1,234 queries have no known demand in searches a month"
    saved = json.loads(json.dumps({"text": made, "code": coded(made)}))
    units = {"searches a month": "次搜尋/月"}
    assert (
        say(saved["text"], saved["code"], "zh-Hant", units) == "1,234 個查詢沒有以「次搜尋/月」計的需求資料"
    )
    assert say(saved["text"], saved["code"], "en", {}) == made


def test_a_text_without_a_code_is_said_as_it_is() -> None:
    assert coded("anything {0}") is None
    assert say("anything {0}", None, "zh-Hans", {}) == "anything {0}"
    assert say("old", {"code": "gone", "values": {}}, "zh-Hans", {}) == "old"
