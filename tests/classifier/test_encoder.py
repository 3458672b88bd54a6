"""Any sentence-transformers model as encoder, with a tiny one made here."""

import numpy as np
import pandas as pd
import pytest

import journeyseo as js

sentence_transformers = pytest.importorskip("sentence_transformers", reason="needs the extra 'transformers'")

ROWS = [
    ("what is latex", "awareness"),
    ("why is foam hot", "awareness"),
    ("how does latex work", "awareness"),
    ("best latex mattress", "consideration"),
    ("latex vs foam", "consideration"),
    ("top foam beds", "consideration"),
    ("buy latex mattress", "decision"),
    ("foam mattress price", "decision"),
    ("order foam bed", "decision"),
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Make a sentence-transformers folder: a bag of words over a vocabulary of 20."""
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import BoW

    words = sorted({w for q, _ in ROWS for w in q.split()})
    path = tmp_path_factory.mktemp("encoder") / "tiny-bow"
    SentenceTransformer(modules=[BoW(vocab=words)], device="cpu").save(str(path))
    return path


def test_a_head_is_trained_over_the_encoder(folder):
    data = pd.DataFrame(ROWS * 4, columns=["query", "stage"])
    judge = js.StageClassifier(encoder=str(folder), training_data=data)
    assert judge.engine == "encoder-tiny-bow"
    assert judge.predict([q for q, _ in ROWS]).tolist() == [s for _, s in ROWS]
    frame = judge.classify(["best foam"])
    assert frame["stage"].tolist() == ["consideration"]
    assert frame["reason"].tolist() == ["carried by 'best'"]
    label = judge.explain("buy foam")
    assert (label.stage, label.contributions[0].text) == ("decision", "buy")


def test_a_missing_folder_is_an_error():
    with pytest.raises(js.ModelError, match="cannot be loaded"):
        js.StageClassifier(encoder="./no-such-encoder")


def test_training_data_is_checked(folder):
    with pytest.raises(js.InputError, match="lacks the columns stage"):
        js.StageClassifier(encoder=str(folder), training_data=pd.DataFrame({"query": ["a"]}))
    wrong = pd.DataFrame({"query": ["a"], "stage": ["buying"]})
    with pytest.raises(js.InputError, match="'buying'"):
        js.StageClassifier(encoder=str(folder), training_data=wrong)


def test_the_base_engine_is_a_module_of_sentence_transformers(tmp_path):
    import pyarrow as pa
    from sentence_transformers import SentenceTransformer

    from journeyseo.assets import asset
    from journeyseo.classifier.base import BaseModel
    from journeyseo.classifier.sentences import SentenceVectors

    texts = ["memory foam mattress", "乳膠床墊", "", "how to clean suede shoes at home"]
    wanted = BaseModel.load(asset("models", "queries-base")).vectors(pa.array(texts))
    model = SentenceTransformer(modules=[SentenceVectors()], device="cpu")
    assert model.get_embedding_dimension() == wanted.shape[1]
    np.testing.assert_array_equal(model.encode(texts), wanted)
    model.save(str(tmp_path))
    again = SentenceTransformer(str(tmp_path), device="cpu", trust_remote_code=True)
    np.testing.assert_array_equal(again.encode(texts), wanted)
