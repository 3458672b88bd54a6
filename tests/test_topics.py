"""Topics: by subject, not by intent, whatever the order of the rows."""

import numpy as np
import pandas as pd
import pytest
import scipy.sparse as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from journeyseo import topics as topics_module
from journeyseo.similarity import TermSpace, terms
from journeyseo.topics import _by_pages, _neighbours, _page_profile, group_topics

EV = ["what is an ev charger", "best ev charger", "buy ev charger", "ev charger installation cost"]
BOOTS = ["why do leather boots crack", "best leather boots", "leather boots price", "clean leather boots"]
ZH = ["床墊推薦", "床垫 价格", "床墊怎麼選"]


def keywords(queries, language="en", demand=None):
    return pd.DataFrame({"query": queries, "language": language, "demand": demand or [10.0] * len(queries)})


def test_queries_of_one_subject_meet_across_stages():
    topics, topic = group_topics(keywords(EV + BOOTS))
    assert topic[:4].nunique() == 1
    assert topic[4:].nunique() == 1
    assert len(topics) == 2
    assert set(topics["name"]) == {"EV charger", "leather boots"}
    assert topics["queries"].tolist() == [4, 4]
    assert topics["demand"].sum() == 80


def test_chinese_meets_across_scripts_and_is_named_as_typed():
    table = keywords(ZH + BOOTS)
    table.loc[:2, "language"] = ["zh-Hant", "zh-Hans", "zh-Hant"]
    topics, topic = group_topics(table)
    assert topic[:3].nunique() == 1
    assert topics.set_index("topic").loc[topic[0], "name"] in ("床墊", "床垫")


def test_a_query_like_no_other_is_its_own_topic():
    topics, topic = group_topics(keywords([*EV, "sourdough starter"]))
    own = topics.set_index("topic").loc[topic.iloc[-1]]
    assert (own["queries"], own["name"]) == (1, "sourdough starter")


def test_a_name_alone_with_a_huge_demand_does_not_name_the_topic():
    table = keywords([*EV, "tesla ev charger"], demand=[10, 10, 10, 10, 90_000])
    topics, _ = group_topics(table)
    assert topics["name"].tolist() == ["EV charger"]
    assert topics["exemplars"][0].split("\n")[0] == "tesla ev charger"


def test_no_queries_no_topics():
    topics, topic = group_topics(keywords([]))
    assert len(topics) == len(topic) == 0


@settings(max_examples=20, deadline=None)
@given(st.permutations(range(len(EV + BOOTS + ZH))))
def test_topics_do_not_depend_on_the_order_of_rows(order):
    table = keywords(EV + BOOTS + ZH)
    _, straight = group_topics(table)
    _, shuffled = group_topics(table.iloc[list(order)])
    assert shuffled.sort_index().tolist() == straight.tolist()


def test_pages_bring_different_words_for_one_subject_nearer():
    table = keywords(["zappi review", "zappi app", "ev charger cost", "ev charger grant"])
    text = "The zappi is our EV charger. A zappi charges from solar. Fit an EV charger at home. " * 3
    pages = pd.DataFrame(
        {
            "url": ["https://a.example/ev", "https://a.example/b", "https://a.example/c"],
            "title": ["EV charger and zappi", "Boots", "Bread"],
            "h1": ["", "", ""],
            "description": ["", "", ""],
            "headings": ["", "", ""],
            "text": [text, "Leather boots last.", "Bread needs time."],
        }
    )
    words = [terms(s) for s in ("zappi", "ev charger", "boots")]
    matrix = TermSpace.of(words).matrix(words)
    alone = _neighbours(matrix, None).toarray()
    together = _neighbours(matrix, _by_pages(matrix, _page_profile(words, pages))).toarray()
    assert alone[0, 1] == 0
    assert together[0, 1] > 0.1
    assert together[0, 2] == 0
    assert group_topics(table, pages=pages)[1].notna().all()


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000), st.integers(2, 60), st.integers(1, 8), st.integers(1, 500))
def test_neighbours_are_those_of_all_pairs(seed, size, count, cells):
    dice = np.random.default_rng(seed)

    def rows(columns):
        made = dice.random((size, columns)) * (dice.random((size, columns)) < 0.3)
        return sp.csr_matrix(made / np.maximum(np.linalg.norm(made, axis=1, keepdims=True), 1e-9))

    matrix, profile = rows(12), rows(6)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(topics_module, "_CHUNK_CELLS", cells)
        patch.setattr(topics_module, "_NEIGHBOURS", count)
        found = _neighbours(matrix, _by_pages(matrix, profile)).toarray()
    likeness = (0.8 * (matrix @ matrix.T) + 0.2 * (profile @ profile.T)).toarray().round(6)
    np.fill_diagonal(likeness, 0)
    wanted = np.zeros_like(likeness)
    for row, own in enumerate(likeness):
        near = [i for i in np.lexsort((np.arange(size), -own))[:count] if own[i] >= 0.1]
        wanted[row, near] = own[near]
    np.testing.assert_allclose(found, np.maximum(wanted, wanted.T), atol=2e-6)


@pytest.mark.parametrize("size", [1, 2, 3])
def test_tiny_inputs(size):
    topics, topic = group_topics(keywords(EV[:size]))
    assert topics["queries"].sum() == size
    assert topic.notna().all()
