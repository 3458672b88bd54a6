"""Normal form and layout of texts."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from journeyseo.text import HAN, KANA, NONE, WORD, characters, normalise, to_simplified


@pytest.mark.parametrize(
    ("typed", "normal"),
    [
        ("  Best   CRM ", "best crm"),
        ("ｉＰｈｏｎｅ　１５", "iphone 15"),
        ("best laptop 2024", "best laptop 2020"),
        ("best laptop 2031", "best laptop 2020"),
        ("room 20245", "room 20245"),
        ("zero\u200bwidth", "zerowidth"),
        ("two\nlines\tand tab", "two lines and tab"),
        ("", ""),
        (None, ""),
    ],
)
def test_normal_form(typed, normal):
    assert normalise(pa.array([typed], pa.string())).to_pylist() == [normal]


@given(st.lists(st.text(max_size=40), max_size=8))
def test_normal_form_is_stable_and_has_no_line_ends(texts):
    texts = [t.encode("utf-8", "ignore").decode() for t in texts]
    once = normalise(pa.array(texts, pa.string()))
    assert normalise(once).to_pylist() == once.to_pylist()
    assert not any("\n" in t or "  " in t for t in once.to_pylist())


def test_traditional_becomes_simplified_and_keeps_its_length():
    assert to_simplified("記憶枕 推薦 ptt") == "记忆枕 推荐 ptt"
    assert to_simplified("plain english") == "plain english"


def test_characters_know_row_token_and_kind():
    chars = characters(pa.array(["buy a1", "床墊 の"]))
    assert len(chars.starts) == 2
    text = "".join(map(chr, chars.codes))
    assert text == "buy a1\n床垫 の\n"
    assert chars.rows.tolist() == [0] * 7 + [1] * 5
    kinds = dict(zip(text, chars.kinds.tolist(), strict=True))
    assert (kinds["b"], kinds[" "], kinds["床"], kinds["の"]) == (WORD, NONE, HAN, KANA)
    first = chars.tokens[:3]
    assert np.all(first == first[0])
    assert chars.tokens[4] != first[0]


@given(st.lists(st.text(alphabet="ab 床の1", max_size=12), min_size=1, max_size=6))
def test_characters_cover_every_text(texts):
    normal = normalise(pa.array(texts, pa.string()))
    chars = characters(normal)
    joined = "".join(map(chr, chars.codes))
    assert joined.split("\n")[:-1] == normal.to_pylist()
