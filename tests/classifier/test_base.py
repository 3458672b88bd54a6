"""The base engine: the same answer in any batch, vectors that say what is alike, true reasons."""

import numpy as np
import pyarrow as pa
import pytest

from journeyseo.assets import asset
from journeyseo.classifier.base import BaseModel
from journeyseo.stages import STAGES

QUERIES = [
    "best running shoes",
    "how to clean suede",
    "buy nike pegasus 41 size 10",
    "hubspot login",
    "dropbox affiliate program",
    "膝盖疼是什么原因",
    "搬家公司 新竹",
    "iphone 15 pro 256gb",
    "ノートパソコン おすすめ",
    "купить пылесос",
    "",
    "!!!",
    "床",
    "why does my dishwasher leave white film on glasses after every wash " * 8,
]


@pytest.fixture(scope="module")
def model():
    return BaseModel.load(asset("models", "queries-base"))


def test_plain_queries_get_the_guide_s_label(model):
    found = model.probabilities(pa.array(QUERIES[:10])).argmax(axis=1)
    assert [STAGES[i] for i in found] == [
        "consideration", "awareness", "decision", "retention", "advocacy",
        "awareness", "decision", "decision", "consideration", "decision",
    ]  # fmt: skip


def test_probabilities_add_up_to_one(model):
    found = model.probabilities(pa.array(QUERIES))
    assert found.shape == (len(QUERIES), 6)
    np.testing.assert_allclose(found.sum(axis=1), 1, atol=1e-5)


@pytest.mark.parametrize("size", [1, 64, 4096])
def test_a_row_is_the_same_to_the_bit_in_any_batch(model, size):
    texts = (QUERIES * (size // len(QUERIES) + 1))[:size]
    shuffled = np.random.default_rng(size).permutation(len(texts))
    tokens = model.tokens(pa.array(texts))
    together = model.read(tokens)
    mixed = model.read([tokens[i] for i in shuffled])
    np.testing.assert_array_equal(mixed.scores, together.scores[shuffled])
    np.testing.assert_array_equal(mixed.vectors, together.vectors[shuffled])
    alone = [model.read([tokens[i]]) for i in range(min(size, len(QUERIES)))]
    np.testing.assert_array_equal(np.concatenate([r.scores for r in alone]), together.scores[: len(alone)])
    np.testing.assert_array_equal(np.concatenate([r.vectors for r in alone]), together.vectors[: len(alone)])


def test_the_number_of_threads_changes_nothing(model):
    from journeyseo.classifier.artifact import load_artifact

    single = BaseModel(load_artifact(asset("models", "queries-base"), "queries-base"), threads=1)
    tokens = model.tokens(pa.array(QUERIES * 20))
    np.testing.assert_array_equal(single.read(tokens).scores, model.read(tokens).scores)


def test_vectors_tell_what_is_alike(model):
    a, b, other = model.vectors(
        pa.array(["memory foam mattress", "mattress made of memory foam", "divorce lawyer fees"])
    )
    np.testing.assert_allclose(np.linalg.norm([a, b, other], axis=1), 1, atol=1e-4)
    assert a @ b > a @ other + 0.2


def test_vectors_meet_across_scripts(model):
    simplified, traditional, other = model.vectors(pa.array(["乳胶床垫", "乳膠床墊", "公司注册"]))
    assert simplified @ traditional > simplified @ other + 0.2


def test_a_reason_is_a_word_of_the_text(model):
    answer = model.answer(pa.array(["Netflix LOGIN", "蝦皮 登入", "", "!!!"]), reasons=True)
    assert answer.words[0] == "login"
    assert answer.words[1] == "登入"
    assert answer.words[2:] == ("", "")
    assert answer.engines == (model.name,)


def test_without_its_reason_a_label_is_less_likely(model):
    texts = [q for q in QUERIES if " " in q][:6]
    before = model.probabilities(pa.array(texts))
    words = model.answer(pa.array(texts), reasons=True).words
    after = model.probabilities(pa.array([t.replace(w, " ") for t, w in zip(texts, words, strict=True)]))
    labels = before.argmax(axis=1)
    rows = np.arange(len(texts))
    assert (after[rows, labels] < before[rows, labels]).all()


def test_taking_out_a_word_changes_the_odds(model):
    shares = dict(model.word_shares("netflix login"))
    retention = STAGES.index("retention")
    assert shares["login"][retention] > shares["netflix"][retention]


def test_no_texts_give_no_rows(model):
    assert model.probabilities(pa.array([], pa.string())).shape == (0, 6)
