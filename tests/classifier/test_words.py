"""Scoring distinct words once gives what scoring whole texts gives."""

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from journeyseo.assets import asset
from journeyseo.classifier.linear import LinearModel
from journeyseo.classifier.ngrams import features
from journeyseo.classifier.words import split_words
from journeyseo.text import normalise

MODEL = LinearModel.load(asset("models", "queries-fast"), "queries-fast")
WORDS = [
    "best",
    "crm",
    "for",
    "2024",
    "c++",
    "it's",
    "推荐",
    "乳膠床墊",
    "java培训",
    "buy",
    "ＡＢＣ",
    "!!",
    "ไทย",
]


def whole(texts):
    _, found = features(normalise(pa.array(texts, pa.string())), MODEL.options)
    return MODEL.share_of(found, len(texts)) + MODEL.bias


@given(st.lists(st.lists(st.sampled_from(WORDS), max_size=6).map(" ".join), min_size=1, max_size=8))
def test_words_add_up_to_texts(texts):
    np.testing.assert_allclose(MODEL.scores(pa.array(texts, pa.string())), whole(texts), atol=2e-5)


@given(st.text(alphabet=st.characters(exclude_categories=("Cs", "Cc", "Cf", "Mn")), max_size=30))
def test_any_text_scores_the_same(text):
    np.testing.assert_allclose(MODEL.scores(pa.array([text], pa.string())), whole([text]), atol=2e-5)


def test_words_are_kept_once():
    words = split_words(pa.array(["a b a", None, "", "b"]))
    assert words.distinct.to_pylist() == ["a", "b", ""]
    assert words.rows.toarray().tolist() == [[2, 1, 0], [0, 0, 1], [0, 0, 1], [0, 1, 0]]
