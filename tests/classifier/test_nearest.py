"""The labelled queries that are shown beside a label."""

from __future__ import annotations

import pytest

from journeyseo import classify_query
from journeyseo.classifier import StageClassifier
from journeyseo.classifier.labelled import labelled_queries
from journeyseo.errors import ConfigError


@pytest.mark.parametrize("query", ["best dentist for kids", "掃地機器人 推薦", "cancel gym membership"])
def test_examples_are_labelled_queries_the_nearest_first(query: str) -> None:
    found = classify_query(query, examples=5).examples
    assert len(found) == 5
    known = labelled_queries().set_index("query")
    for example in found:
        assert example.stage == known.loc[example.query, "stage"]
        assert example.second_stage == known.loc[example.query, "second_stage"]
    likeness = [example.likeness for example in found]
    assert likeness == sorted(likeness, reverse=True)
    assert 0.3 < likeness[0] <= 1.001


def test_a_labelled_query_is_its_own_nearest() -> None:
    query = labelled_queries()["query"][100]
    first = classify_query(query, examples=1).examples[0]
    assert (first.query, round(first.likeness, 2)) == (query, 1.0)


def test_both_chinese_scripts_meet() -> None:
    hans, hant = (classify_query(q, examples=3).examples for q in ("扫地机器人 推荐", "掃地機器人 推薦"))
    assert hans == hant


def test_none_where_no_word_is_shared_and_none_unless_asked() -> None:
    assert classify_query("qqzzxxyy", examples=3).examples == ()
    assert classify_query("best crm").examples == ()


def test_an_engine_without_vectors_says_so() -> None:
    with pytest.raises(ConfigError, match="no sentence vectors"):
        StageClassifier(engine="fast").explain("best crm", examples=3)
