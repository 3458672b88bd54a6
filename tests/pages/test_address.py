"""Addresses in one normal form."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from journeyseo.pages.address import join_url, normal_url


@pytest.mark.parametrize(
    ("url", "normal"),
    [
        ("https://example.com", "https://example.com/"),
        ("  https://example.com/a \n", "https://example.com/a"),
        ("HTTPS://EXAMPLE.com/A", "https://example.com/A"),
        ("https://example.com/a/./b/../c", "https://example.com/a/c"),
        ("https://example.com/a/", "https://example.com/a/"),
        ("https://example.com/a#part", "https://example.com/a"),
        ("https://example.com/a#", "https://example.com/a"),
        ("https://example.com/?", "https://example.com/"),
        ("https://example.com/?a=1#b?c", "https://example.com/?a=1"),
    ],
)
def test_case_dots_and_fragments(url, normal):
    assert normal_url(url) == normal


@pytest.mark.parametrize(
    ("url", "normal"),
    [
        ("http://example.com:80/", "http://example.com/"),
        ("https://example.com:443/", "https://example.com/"),
        ("https://example.com:80/", "https://example.com:80/"),
        ("http://example.com:8080/", "http://example.com:8080/"),
    ],
)
def test_default_port_goes_and_others_stay(url, normal):
    assert normal_url(url) == normal


@pytest.mark.parametrize(
    "name",
    [
        "utm_source", "utm_medium", "UTM_Campaign", "gclid", "GCLID", "gbraid", "wbraid", "fbclid", "msclkid",
        "yclid", "dclid", "mc_cid", "mc_eid", "igshid", "_ga", "_gl", "ref_src", "spm", "srsltid", "_hsenc",
        "mtm_campaign", "PHPSESSID", "jsessionid", "ASPSESSIONIDQ",
    ],
)  # fmt: skip
def test_tracking_parameters_go(name):
    assert normal_url(f"https://example.com/a?{name}=x.1&page=2") == "https://example.com/a?page=2"
    assert normal_url(f"https://example.com/a?{name}=x.1") == "https://example.com/a"


@pytest.mark.parametrize("name", ["ref", "utm", "page", "mc_id", "spmx", "my_gclid", "q", "id"])
def test_other_parameters_stay(name):
    assert normal_url(f"https://example.com/?{name}=1") == f"https://example.com/?{name}=1"


def test_parameters_are_sorted_with_their_values():
    assert normal_url("https://example.com/?b=2&a=2&a=1&c") == "https://example.com/?a=1&a=2&b=2&c="
    assert normal_url("https://example.com/?a=1&b=2") == normal_url("https://example.com/?b=2&a=1")


def test_the_signs_of_a_parameter_are_escaped_in_one_way():
    assert normal_url("https://example.com/?q=a b") == normal_url("https://example.com/?q=a+b")
    assert normal_url("https://example.com/?q=%e6%9d%b1") == "https://example.com/?q=%E6%9D%B1"
    assert normal_url("https://example.com/?q=1%262") == "https://example.com/?q=1%262"


def test_a_session_in_the_path_goes():
    assert normal_url("https://example.com/a;jsessionid=9F/b?x=1") == "https://example.com/a/b?x=1"
    assert normal_url("https://example.com/a;v=1") == "https://example.com/a;v=1"


def test_escapes_of_another_encoding_stay_the_address_that_they_are():
    assert normal_url("https://example.com/?q=%C8%C8&gclid=1&b=2") == "https://example.com/?b=2&q=%C8%C8"


def test_credentials_go():
    assert normal_url("https://user:secret@example.com/a") == "https://example.com/a"


@pytest.mark.parametrize(
    ("url", "normal"),
    [
        ("https://bücher.example/", "https://xn--bcher-kva.example/"),
        ("https://BÜCHER.example/", "https://xn--bcher-kva.example/"),
        ("https://例え.jp/パス", "https://xn--r8jz45g.jp/%E3%83%91%E3%82%B9"),
        ("https://example.com/ä ö", "https://example.com/%C3%A4%20%C3%B6"),
    ],
)
def test_names_and_paths_of_other_scripts(url, normal):
    assert normal_url(url) == normal


@pytest.mark.parametrize(
    "url", ["http://2130706433/", "http://0x7f000001/", "http://0177.0.0.1/", "http://127.1/"]
)
def test_other_ways_to_write_a_number_are_seen_through(url):
    assert normal_url(url) == "http://127.0.0.1/"


@pytest.mark.parametrize(
    "url",
    [
        "", " ", "example.com", "/a/b", "//example.com/", "ftp://example.com/", "mailto:a@example.com",
        "javascript:alert(1)", "data:text/html,x", "file:///etc/hosts", "tel:+44", "http://", "https:///",
        "http://[::1", "http://example.com:99999/", "http://exa mple.com/", "https://\ud800.com/",
    ],
)  # fmt: skip
def test_what_is_no_web_address_is_empty(url):
    assert normal_url(url) == ""


@pytest.mark.parametrize(
    ("base", "link", "joined"),
    [
        ("https://example.com/a/b", "c", "https://example.com/a/c"),
        ("https://example.com/a/b", " /c?utm_source=x#d ", "https://example.com/c"),
        ("https://example.com/a/b", "//other.example", "https://other.example/"),
        ("https://example.com/a/b", "", "https://example.com/a/b"),
        ("https://example.com/a/b", "http://[x", ""),
        ("https://example.com/a/b", "mailto:a@example.com", ""),
        ("https://example.com/a/b", "\ud800://x", ""),
        ("", "https://example.com", "https://example.com/"),
        ("", "c", ""),
        ("http://[x", "https://example.com", "https://example.com/"),
        ("http://[x", "c", ""),
    ],
)
def test_links_are_joined_and_what_leads_nowhere_is_empty(base, link, joined):
    assert join_url(base, link) == joined


_PIECES = st.sampled_from(
    [
        "http://", "https://", "//", "a.com", "例え.jp", ":80", ":443", "@", "?", "&", "=", "#", "%", "%3F",
        "%zz", "%C8", ";jsessionid=", "utm_source", "/", "..", "+", ";", "[::1]", " ", "\t", "ä", "東", "\\",
    ]
)  # fmt: skip
_ADDRESSES = st.one_of(
    st.text(max_size=60),
    st.text(max_size=60).map(lambda text: f"https://example.com/{text}"),
    st.text(max_size=60).map(lambda text: f"https://example.com/?{text}"),
    st.lists(_PIECES, max_size=12).map("".join),
    st.lists(_PIECES, max_size=12).map(lambda parts: "https://a.com/?" + "".join(parts)),
    st.text(st.characters(), max_size=20),
)


@settings(max_examples=400, deadline=None)
@given(_ADDRESSES)
def test_it_never_raises_and_a_normal_address_stays_as_it_is(url):
    normal = normal_url(url)
    assert normal_url(normal) == normal
    if normal:
        parts = urlsplit(normal)
        assert parts.scheme in ("http", "https")
        assert parts.hostname
        assert "@" not in parts.netloc
        assert "#" not in normal
        assert normal.isascii()
