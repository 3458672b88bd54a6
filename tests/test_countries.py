"""Countries as exports write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from journeyseo.countries import country_code


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("GB", "GB"),
        ("gb", "GB"),
        ("uk", "GB"),
        ("UK", "GB"),
        ("us", "US"),
        ("usa", "US"),
        ("gbr", "GB"),
        ("DEU", "DE"),
        ("2840", "US"),
        ("2826", "GB"),
        ("840", "US"),
        ("036", "AU"),
        ("36", "AU"),
        ("2036", "AU"),
        ("mobile-us", "US"),
        ("mobile-uk", "GB"),
        ("google_de", "DE"),
        ("United Kingdom", "GB"),
        ("united  states", "US"),
        ("The Netherlands", "NL"),
        ("Türkiye", "TR"),
        ("Turkey", "TR"),
        ("España", "ES"),
        ("Espana", "ES"),
        ("États-Unis", "US"),
        ("Vereinigtes Königreich", "GB"),
        ("Deutschland", "DE"),
        ("美国", "US"),
        ("美國", "US"),
        ("台湾", "TW"),
        ("臺灣", "TW"),
        ("香港", "HK"),
        ("アメリカ合衆国", "US"),
        ("日本", "JP"),
        ("대한민국", "KR"),
        ("South Korea", "KR"),
        ("Россия", "RU"),
        ("Brasil", "BR"),
        ("Czech Republic", "CZ"),
        ("Czechia", "CZ"),
        ("Hong Kong", "HK"),
        ("Vietnam", "VN"),
        ("Côte d’Ivoire", "CI"),
        ("Myanmar", "MM"),
    ],
)
def test_codes_and_names(text, code):
    assert country_code(text) == code


@pytest.mark.parametrize(
    "text", ["zzz", "Worldwide", "All countries", "Global", "(not set)", "", "  ", "全部"]
)
def test_no_country(text):
    assert country_code(text) is None


@pytest.mark.parametrize("text", ["London", "Atlantis", "2999", "xx", "qqq", "EU", "1000023"])
def test_what_is_no_known_country_stays_as_read(text):
    assert country_code(text) == text


@given(st.text(max_size=30))
def test_any_text_gives_a_stable_answer(text):
    found = country_code(text)
    assert found is None or country_code(found) == found
