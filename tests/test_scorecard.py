"""Scores, each against one that was worked out by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from journeyseo.classifier.labelled import read_labelled
from journeyseo.errors import FormatError, InputError
from journeyseo.scorecard import calibration_error, evaluate, score_probabilities, wilson
from journeyseo.stages import STAGES

ROWS = pd.DataFrame(
    {
        "query": ["a", "b", "c", "d"],
        "stage": ["awareness", "consideration", "decision", "none"],
        "second_stage": ["", "decision", "", ""],
        "vendor_intent": ["Informational", "Commercial, Transactional", "", "Informational"],
    }
)
#              aware cons  deci  ret   adv   none
P = np.array([[0.60, 0.20, 0.10, 0.05, 0.05, 0.00],   # right
              [0.10, 0.30, 0.50, 0.10, 0.00, 0.00],   # decision: only the second label
              [0.10, 0.10, 0.20, 0.60, 0.00, 0.00],   # retention; decision of the three
              [0.10, 0.00, 0.00, 0.00, 0.00, 0.90]], dtype=np.float32)  # right  # fmt: skip


class _Judge:
    engine = "stub-1"

    def predict_proba(self, queries):
        return P[["abcd".index(q) for q in queries]]


@pytest.fixture(scope="module")
def card():
    return evaluate(ROWS, classifier=_Judge())


def test_scores_of_the_six(card) -> None:
    assert card.engine == "stub-1"
    assert card.overall.rows == 4
    assert card.overall.accuracy == 0.5
    assert card.overall.lenient == 0.75
    # F1: awareness 1, consideration 0, decision 0, none 1.
    assert card.overall.macro_f1 == pytest.approx(0.5)


def test_scores_of_the_three(card) -> None:
    assert card.overall.rows_three == 3
    assert card.overall.accuracy_three == pytest.approx(2 / 3)
    assert card.overall.lenient_three == 1.0
    # F1: awareness 1, consideration 0, decision 2 x 1 / (1 + 2).
    assert card.overall.macro_f1_three == pytest.approx(5 / 9)


def test_confusion_recall_and_precision(card) -> None:
    assert {s: sum(row.values()) for s, row in card.confusion.items()} == {
        "awareness": 1, "consideration": 1, "decision": 1, "retention": 0, "advocacy": 0, "none": 1,
    }  # fmt: skip
    assert card.confusion["consideration"]["decision"] == 1
    assert card.confusion["decision"]["retention"] == 1
    assert card.recall == {"awareness": 1.0, "consideration": 0.0, "decision": 0.0, "none": 1.0}
    assert card.precision == {"awareness": 1.0, "decision": 0.0, "retention": 0.0, "none": 1.0}


def test_shares_and_their_largest_error(card) -> None:
    assert card.shares["awareness"] == (0.25, pytest.approx(0.225))
    assert card.shares["retention"] == (0.0, pytest.approx(0.1875))
    assert card.share_error == pytest.approx(0.1875)


def test_vendor_beside_ours_on_the_rows_that_it_labels(card) -> None:
    assert card.vendor == {"rows": 2.0, "vendor_accuracy_three": 1.0, "our_accuracy_three": 0.5}
    numbers = ROWS.assign(vendor_intent=["1", "0|3", "2", "i"])
    found = evaluate(numbers, classifier=_Judge()).vendor
    assert found["rows"] == 3.0
    assert found["vendor_accuracy_three"] == pytest.approx(2 / 3)
    assert found["our_accuracy_three"] == pytest.approx(2 / 3)
    assert evaluate(ROWS.assign(vendor_intent="?"), classifier=_Judge()).vendor == {}
    assert evaluate(ROWS.drop(columns="vendor_intent"), classifier=_Judge()).vendor == {}


def test_calibration_error_of_one_row_a_bin(card) -> None:
    # |0.6-1|, |0.5-0|, |0.6-0|, |0.9-1|, a quarter of each.
    assert card.calibration_error == pytest.approx(0.4)


def test_calibration_error_with_bins_of_equal_mass() -> None:
    p = np.zeros((30, 6), np.float32)
    p[:, 0], p[:, 1] = 0.8, 0.2
    assert calibration_error(p, np.array([0, 1] * 15)) == pytest.approx(0.3)
    assert calibration_error(p, np.zeros(30, np.int64)) == pytest.approx(0.2)
    p[:, 0], p[:, 1] = 1.0, 0.0
    assert calibration_error(p, np.zeros(30, np.int64)) == 0


def test_languages_with_ten_rows() -> None:
    frame = pd.concat([ROWS] * 5, ignore_index=True).assign(lang=["en"] * 12 + ["zh-TW"] * 8)
    card = score_probabilities(frame, np.tile(P, (5, 1)), "x")
    assert set(card.languages) == {"en"}
    assert card.languages["en"].rows == 12
    assert card.languages["en"].accuracy == 0.5


def test_rows_without_any_of_the_three() -> None:
    card = score_probabilities(ROWS.tail(1), P[3:], "x")
    assert card.overall.accuracy == 1.0
    assert card.overall.rows_three == 0
    assert np.isnan(card.overall.accuracy_three)
    assert np.isnan(card.overall.macro_f1_three)


def test_perfect_labels_score_one_and_it_is_plain_data() -> None:
    frame = pd.DataFrame({"query": list(STAGES), "stage": list(STAGES)})
    card = score_probabilities(frame, np.eye(6, dtype=np.float32), "x")
    assert (card.overall.accuracy, card.overall.macro_f1, card.overall.macro_f1_three) == (1, 1, 1)
    assert card.calibration_error == 0
    assert card.share_error == pytest.approx(0, abs=1e-6)
    data = card.to_dict()
    assert data["overall"]["lenient"] == 1.0
    assert data["recall"] == dict.fromkeys(STAGES, 1.0)


def _file(tmp_path, text: str):
    path = tmp_path / "labelled.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_reads_a_labelled_file(tmp_path) -> None:
    text = "lang,query,stage,second_stage,intent\nen, best crm ,consideration,decision,Commercial\n"
    frame = read_labelled(_file(tmp_path, text))
    assert frame.to_dict("records") == [
        {
            "query": "best crm",
            "lang": "en",
            "vendor_intent": "Commercial",
            "stage": "consideration",
            "second_stage": "decision",
        }
    ]


def test_reads_the_documented_column_of_the_vendor(tmp_path) -> None:
    frame = read_labelled(_file(tmp_path, "query,stage,vendor_intent\nbest crm,consideration,Commercial\n"))
    assert frame["vendor_intent"].tolist() == ["Commercial"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("query,label\na,decision\n", "no columns query and stage"),
        ("name,stage\na,decision\n", "no columns query and stage"),
        ("query,stage\na,decision\nb,buying\n", "Row 3 has the stage 'buying'"),
        ("query,stage\n", "a header and no rows"),
    ],
)
def test_wrong_file_is_a_format_error(tmp_path, text: str, message: str) -> None:
    with pytest.raises(FormatError, match=message):
        read_labelled(_file(tmp_path, text))


def test_missing_and_empty_file(tmp_path) -> None:
    with pytest.raises(InputError, match="no such file"):
        evaluate(tmp_path / "none.csv")
    with pytest.raises(InputError, match="empty"):
        evaluate(_file(tmp_path, ""))


@pytest.mark.parametrize(
    ("share", "rows", "low", "high"),
    # Wilson (1927), as statistical tables give it.
    [(0.5, 10, 0.2366, 0.7634), (0.8, 50, 0.6696, 0.8876), (1.0, 5, 0.5655, 1.0), (0.0, 5, 0.0, 0.4345)],
)
def test_the_interval_of_a_share(share, rows, low, high) -> None:
    assert wilson(share, rows) == pytest.approx((low, high), abs=1e-4)


def test_few_rows_have_a_caution_and_many_have_none(card) -> None:
    assert card.caution == (
        "Few rows (4), so chance moves the accuracy much: six labels 0.500, 95 % interval 0.15 to 0.85 "
        "(70 points wide); three stages 0.667, 95 % interval 0.21 to 0.94 (73 points wide)"
    )
    assert card.to_dict()["caution"] == card.caution
    for rows, few in ((99, True), (100, False)):
        frame = pd.DataFrame({"stage": ["none"] * rows})
        found = score_probabilities(frame, np.tile(P[3], (rows, 1)), "stub").caution
        assert bool(found) == few
        assert "three stages" not in found
