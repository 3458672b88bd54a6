"""Queries that name the brand."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from journeyseo.errors import ConfigError
from journeyseo.keywords import read_keywords
from journeyseo.keywords.brand import mark_brand


@pytest.mark.parametrize(
    ("term", "query"),
    [
        ("Acme", "acme kettle"),
        ("acme", "ACME"),
        ("acme", "is acme's kettle good"),
        ("Acmé", "acme login"),
        ("acme", "ａｃｍｅ kettle"),
        ("acme", "buy acme-kettle"),
        ("Acme Kettles", "acmekettles"),
        ("Acme Kettles", "acme-kettles uk"),
        ("acmekettles", "acme kettles"),
        ("C&A", "c&a jobs"),
        ("雲杉茶壺", "云杉茶壶怎么样"),
        ("云杉", "買雲杉 茶壺"),
        ("云杉", "云 杉茶壶"),
        ("ほし", "ホシ電機"),
        ("별빛", "별빛전자 주전자"),
        ("Кедр", "купить кедр"),
    ],
)
def test_query_with_the_brand(term, query):
    assert mark_brand(pd.Series([query]), [term]).tolist() == [True]


@pytest.mark.parametrize(
    ("term", "query"),
    [
        ("acme", "pacmexico"),
        ("acme", "acmes"),
        ("one", "on e road"),
        ("one", "phone case"),
        ("apple", "pineapple"),
        ("Acme Kettles", "acme pans"),
        ("云杉", "云南杉树"),
        ("acme", "kettle"),
    ],
)
def test_query_without_the_brand(term, query):
    assert mark_brand(pd.Series([query]), [term]).tolist() == [False]


def test_one_of_several_names_is_enough(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("keyword,volume\nacme kettle,10\nred kettle,20\nacmi kettle,5\n")
    frame = read_keywords(path, language="en", brand=["acme", "acmi"])

    assert frame["brand"].tolist() == [True, False, True]
    assert len(frame) == 3
    assert read_keywords(path, language="en", brand="acme")["brand"].tolist() == [True, False, False]
    assert read_keywords(path, language="en")["brand"].isna().all()


@pytest.mark.parametrize("term", ["", "  ", "!?"])
def test_name_without_letters(term):
    with pytest.raises(ConfigError, match="no letters"):
        read_keywords(["kettle"], brand=[term])


@given(term=st.text(min_size=1, max_size=12), query=st.text(max_size=20))
def test_any_name_is_found_in_itself_and_never_raises_but_our_error(term, query):
    try:
        found = mark_brand(pd.Series([term, query]), [term])
    except ConfigError:
        return
    assert found[0]
