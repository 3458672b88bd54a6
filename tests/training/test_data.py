"""The labelled data and its frozen split."""

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from journeyseo.classifier.labelled import SECOND, check_labels, labelled_queries, soft_labels
from journeyseo.errors import InputError
from journeyseo.stages import STAGES
from journeyseo.text import normalise
from journeyseo.training.data import digest_of, folds, held_out, load_pages, split


@pytest.fixture(scope="module")
def queries():
    return labelled_queries()


def test_the_data_is_large_labelled_and_in_many_languages(queries):
    assert len(queries) > 30_000
    assert set(queries["stage"]) == set(STAGES)
    assert queries["lang"].nunique() >= 16
    assert (queries["second_stage"] != queries["stage"]).all()


def test_no_query_stands_twice(queries):
    normal = normalise(pa.array(queries["query"].tolist())).to_pylist()
    assert len(set(normal)) == len(normal)


def test_no_subject_is_on_both_sides(queries):
    parts = split(queries, "queries")
    assert not set(parts.train["industry"]) & set(parts.test["industry"])
    assert len(parts.train) + len(parts.test) == len(queries)
    assert 0.07 < len(parts.test) / len(queries) < 0.13
    assert set(parts.test["stage"]) == set(STAGES)


def test_no_page_s_subject_is_on_both_sides():
    pages = load_pages()
    parts = split(pages, "pages")
    assert not set(parts.train["industry"]) & set(parts.test["industry"])
    assert len(parts.test) > 300


def test_held_out_names_no_comment():
    assert held_out("queries")
    assert not any(name.startswith("#") for name in held_out("queries"))


def test_digest_ignores_the_order_of_rows_and_sees_every_change():
    frame = pd.DataFrame({"a": ["1", "2"], "b": ["x", None]})
    assert digest_of(frame) == digest_of(frame.iloc[::-1])
    assert digest_of(frame) != digest_of(frame.assign(a=["1", "3"]))


def test_folds_keep_groups_together_and_do_not_hang_on_order():
    groups = [f"g{i % 40}" for i in range(400)]
    found = folds(groups, 5)
    assert len(set(found)) == 5
    assert all(len(set(found[[g == name for g in groups]])) == 1 for name in set(groups))
    assert folds(groups[::-1], 5).tolist() == found[::-1].tolist()


def test_soft_labels_share_with_the_second_stage():
    frame = pd.DataFrame({"stage": ["decision", "none"], "second_stage": ["consideration", ""]})
    found = soft_labels(frame)
    np.testing.assert_allclose(found[0], [0, SECOND, 1 - SECOND, 0, 0, 0])
    assert found[1].tolist() == [0, 0, 0, 0, 0, 1]


def test_a_wrong_label_is_an_error_with_its_row():
    with pytest.raises(InputError, match=r"f\.csv: Row 3 has the stage 'buy'"):
        check_labels(pd.DataFrame({"stage": ["none", "buy"]}), "f.csv")


def test_soft_labels_add_up(queries):
    np.testing.assert_allclose(soft_labels(queries.head(2000)).sum(axis=1), 1)
