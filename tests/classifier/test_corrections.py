"""A user's corrections win, teach their neighbours, and leave the rest alone."""

import numpy as np
import pandas as pd
import pytest

import journeyseo as js
from journeyseo.classifier.corrections import Adaptation, read_corrections
from journeyseo.scorecard import judge_corrections
from journeyseo.stages import STAGES

FIXES = [
    ("hydra pro 3 firmware", "consideration"),
    ("hydra pro 3 firmware download", "consideration"),
    ("firmware hydra pro 2", "consideration"),
    ("hydra mini firmware update", "consideration"),
    ("hydra firmware changelog", "consideration"),
    ("latest hydra firmware", "consideration"),
]


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "fixes.csv"
    pd.DataFrame(FIXES, columns=["query", "stage"]).to_csv(path, index=False)
    return path


@pytest.mark.parametrize("engine", ["fast", "base", "auto"])
def test_a_corrected_query_keeps_its_label(file, engine):
    judge = js.StageClassifier(engine=engine, corrections=file)
    frame = judge.classify(["Hydra  PRO 3 firmware", "best running shoes"])
    assert frame["stage"].tolist() == ["consideration", "consideration"]
    assert frame["confidence"][0] == 1
    assert frame["engine"].tolist()[0] == "corrections"
    assert frame["reason"][0] == "corrected by you"
    assert frame["carried_by"][0] == ""
    assert frame["reason"][1].startswith("carried by")
    assert "6 corrections" in judge.engine


def test_queries_near_learn_and_others_stay(file):
    plain, taught = js.StageClassifier(engine="base"), js.StageClassifier(engine="base", corrections=file)
    near, far = "hydra pro 4 firmware", ["divorce lawyer fees", "床墊 推薦", "buy nike pegasus 41"]
    before, after = plain.predict_proba([near])[0], taught.predict_proba([near])[0]
    assert after[1] > before[1] + 0.1
    np.testing.assert_allclose(taught.predict_proba(far), plain.predict_proba(far), atol=0.1)
    assert taught.predict(far).tolist() == plain.predict(far).tolist()


def test_the_classifier_without_corrections_is_not_touched(file):
    before = js.StageClassifier(engine="base").predict_proba(["hydra pro 4 firmware"])
    js.StageClassifier(engine="base", corrections=file).predict(["hydra pro 4 firmware"])
    after = js.StageClassifier(engine="base").predict_proba(["hydra pro 4 firmware"])
    np.testing.assert_array_equal(before, after)


def test_two_stages_of_one_query_are_told_with_both_rows(tmp_path):
    path = tmp_path / "ours.csv"
    path.write_text(
        "query,stage\nbest crm,decision\nbuy crm,decision\nBest  CRM,consideration\nbuy crm,decision\n"
        "best crm,none\n"
    )
    found = read_corrections(path)
    assert found.labels.tolist() == [STAGES.index("none"), STAGES.index("decision")]
    said = "the corrections give 'best crm' two stages: {} in row {} and {} in row {}; the later one counts"
    assert found.notes == (
        said.format("decision", 2, "consideration", 4),
        said.format("consideration", 4, "none", 6),
    )
    judge = js.StageClassifier(engine="fast", corrections=path)
    assert judge.notes == found.notes
    assert js.StageClassifier(engine="fast").notes == ()


def test_rows_of_a_frame_are_counted_from_one():
    frame = pd.DataFrame({"query": ["a", "b", "A"], "stage": ["none", "none", "decision"]}, index=[7, 8, 9])
    assert "none in row 1 and decision in row 3" in read_corrections(frame).notes[0]


def test_the_explanation_of_a_corrected_query_says_who_corrected_it(file):
    label = js.StageClassifier(engine="fast", corrections=file).explain("Hydra pro 3 firmware")
    assert (label.stage, label.confidence, label.corrected) == ("consideration", 1.0, True)
    assert label.reason == "corrected by you"
    assert (label.contributions, label.counterfactual) == ((), "")
    other = js.classify_query("best running shoes", engine="fast", corrections=file)
    assert not other.corrected
    assert other.reason.startswith("carried by")


def test_the_later_of_two_rows_wins():
    frame = pd.DataFrame({"query": ["A b", "a  B", ""], "stage": ["none", "decision", "none"]})
    found = read_corrections(frame)
    assert found.queries.to_pylist() == ["a b"]
    assert found.labels.tolist() == [2]


def test_wrong_corrections_are_errors(tmp_path):
    with pytest.raises(js.InputError, match="lack the columns stage"):
        read_corrections(pd.DataFrame({"query": ["a"]}))
    with pytest.raises(js.InputError, match="'buying'"):
        read_corrections(pd.DataFrame({"query": ["a"], "stage": ["buying"]}))
    with pytest.raises(js.InputError, match="no corrections"):
        read_corrections(pd.DataFrame({"query": [""], "stage": ["none"]}))
    path = tmp_path / "wrong.csv"
    path.write_text("query,label\na,none\n")
    with pytest.raises(js.FormatError, match="no columns query and stage"):
        js.StageClassifier(corrections=path)


def test_what_is_learnt_reaches_its_own_queries_and_fades_with_distance():
    dice = np.random.default_rng(0)
    vectors = dice.normal(size=(6, 8)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    scores = np.zeros((6, 6), np.float32)
    learnt = Adaptation.fit(scores, vectors, np.full(6, 3))
    assert (learnt.shift(vectors).argmax(axis=1) == 3).all()
    opposite = learnt.shift(-vectors[:1])
    assert np.abs(opposite).max() < np.abs(learnt.shift(vectors[:1])).max() / 2


def test_equal_vectors_are_no_trouble():
    vectors = np.ones((4, 4), np.float32) / 2
    learnt = Adaptation.fit(np.zeros((4, 6), np.float32), vectors, np.array([1, 1, 1, 2]))
    assert learnt.shift(vectors).argmax(axis=1).tolist() == [1, 1, 1, 1]


def test_a_gain_is_claimed_only_where_it_is_more_than_chance():
    taught = pd.DataFrame(FIXES + [(f"hydra {w} firmware", "consideration") for w in "abcdefghijkl"])
    taught.columns = ["query", "stage"]
    gain = judge_corrections(taught, engine="base")
    assert gain.rows == 18
    assert gain.after > gain.before
    assert gain.real is (gain.chance < 0.05)
    same = pd.DataFrame({"query": [f"buy nike pegasus {i}" for i in range(41, 53)], "stage": "decision"})
    nothing = judge_corrections(same, engine="base")
    assert not nothing.real
    assert "no gain" in str(nothing)


def test_too_few_labels_cannot_be_judged():
    with pytest.raises(js.InputError, match="too few"):
        judge_corrections(pd.DataFrame(FIXES, columns=["query", "stage"]))
