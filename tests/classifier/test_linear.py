"""The fast engine: exact, deterministic, explains itself."""

import hashlib
import json
import shutil

import numpy as np
import pyarrow as pa
import pytest

from journeyseo.assets import asset
from journeyseo.classifier.artifact import load_artifact, save_artifact
from journeyseo.classifier.linear import LinearModel, softmax
from journeyseo.errors import ModelError

KIND = "queries-fast"
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
    "a",
    "床",
    "x" * 400,
]


@pytest.fixture(scope="module")
def model():
    return LinearModel.load(asset("models", KIND), KIND)


def test_probabilities_add_up_to_one(model):
    found = model.probabilities(pa.array(QUERIES))
    assert found.shape == (len(QUERIES), 6)
    np.testing.assert_allclose(found.sum(axis=1), 1, atol=1e-5)


def test_a_row_does_not_depend_on_its_neighbours(model):
    whole = model.probabilities(pa.array(QUERIES * 40))
    alone = np.concatenate([model.probabilities(pa.array([q])) for q in QUERIES])
    backwards = model.probabilities(pa.array(QUERIES[::-1]))[::-1]
    np.testing.assert_array_equal(whole[: len(QUERIES)], alone)
    np.testing.assert_array_equal(backwards, alone)


def test_words_share_out_the_score_exactly(model):
    text = "best running shoes for flat feet"
    shares = sum(share for _, share in model.word_shares(text))
    scores = (model.scores(pa.array([text]))[0] - model.bias) / model.temperature
    # What lies on blanks and the shape of the query belongs to no word: small beside the words.
    assert np.argmax(shares) == np.argmax(scores)
    assert np.abs(shares - scores).max() < 0.35 * np.abs(scores).max()


def test_the_strongest_words_are_words_of_the_text(model):
    labels = model.probabilities(pa.array(QUERIES)).argmax(axis=1)
    words = model.strongest(pa.array(QUERIES), labels)
    assert words[0] == "best"
    assert words[3] == "login"
    assert words[10] == ""
    assert words[11] == ""
    assert all(w in q.lower() for w, q in zip(words, QUERIES, strict=True))


def test_taking_out_the_strongest_word_lowers_the_label(model):
    lower = 0
    for text in QUERIES[:9]:
        before = model.probabilities(pa.array([text]))[0]
        label = int(before.argmax())
        word = model.strongest(pa.array([text]), np.array([label]))[0]
        after = model.probabilities(pa.array([text.lower().replace(word, " ")]))[0]
        lower += after[label] < before[label]
    assert lower >= 8


def test_softmax_of_large_scores():
    found = softmax(np.array([[1000.0, 0.0], [0.0, 0.0]]))
    np.testing.assert_allclose(found, [[1, 0], [0.5, 0.5]])


@pytest.fixture
def folder(tmp_path):
    manifest = {"kind": "k", "version": "1", "labels": ["a"], "options": {}, "temperature": 1.0}
    save_artifact(tmp_path / "m", manifest, {"table": np.zeros((4, 1), np.float16)})
    return tmp_path / "m"


def test_artifact_comes_back_as_it_was(folder):
    artifact = load_artifact(folder, "k")
    assert artifact.name == "k-1"
    assert artifact.arrays["table"].shape == (4, 1)


def _edit(folder, **changes):
    path = folder / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | changes))


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (shutil.rmtree, "holds no model"),
        (lambda f: (f / "manifest.json").write_text("{"), "cannot be read"),
        (lambda f: (f / "manifest.json").write_text("[]"), "lacks"),
        (lambda f: _edit(f, format=99), "format 99"),
        (lambda f: _edit(f, kind="other"), "not for 'k'"),
        (lambda f: (f / "table.npy").unlink(), "table.npy is missing"),
        (lambda f: (f / "table.npy").write_bytes(b"x"), "not the file it was"),
        (lambda f: _edit(f, files={"../evil.npy": "0"}), "no array"),
        (lambda f: _edit(f, files={"evil.pkl": "0"}), "no array"),
    ],
)
def test_a_spoiled_model_is_an_error_that_says_so(folder, spoil, says):
    spoil(folder)
    with pytest.raises(ModelError, match=says):
        load_artifact(folder, "k")


def test_a_pickled_array_is_refused(folder):
    np.save(folder / "table.npy", np.array([{"a": 1}], dtype=object), allow_pickle=True)
    digest = hashlib.sha256((folder / "table.npy").read_bytes()).hexdigest()
    _edit(folder, files={"table.npy": digest})
    with pytest.raises(ModelError, match="no array"):
        load_artifact(folder, "k")


def test_flipped_bits_are_found_everywhere(folder):
    good = (folder / "table.npy").read_bytes()
    for place in range(0, len(good), 7):
        bad = bytearray(good)
        bad[place] ^= 1
        (folder / "table.npy").write_bytes(bytes(bad))
        with pytest.raises(ModelError):
            load_artifact(folder, "k")
