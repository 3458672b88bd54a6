"""Sitemaps: the addresses and dates in them."""

from __future__ import annotations

import gzip

import pytest

from journeyseo.errors import FormatError
from journeyseo.pages import sitemap
from journeyseo.pages.sitemap import is_sitemap, parse_sitemap

NS = "http://www.sitemaps.org/schemas/sitemap/0.9"
A, B = "https://example.com/a", "https://example.com/b"


def _pages(data: bytes | str) -> tuple[tuple[str, str], ...]:
    return parse_sitemap(data.encode() if isinstance(data, str) else data, "sitemap.xml").pages


def _urlset(*urls: str, attributes: str = f' xmlns="{NS}"') -> str:
    rows = "".join(f"<url><loc>{url}</loc></url>" for url in urls)
    return f'<?xml version="1.0" encoding="UTF-8"?><urlset{attributes}>{rows}</urlset>'


def test_urlset_with_dates_in_order():
    data = (
        f'<urlset xmlns="{NS}"><url><loc>{B}</loc><lastmod>2024-03-01T10:00:00+01:00</lastmod></url>'
        f"<url><lastmod>2023-12-31</lastmod><loc>{A}</loc><priority>0.5</priority></url></urlset>"
    )
    listed = parse_sitemap(data.encode(), "sitemap.xml")
    assert listed.pages == ((B, "2024-03-01"), (A, "2023-12-31"))
    assert listed.sitemaps == ()


def test_index_lists_sitemaps_and_no_pages():
    entry = f"<sitemap><loc>{A}.xml</loc><lastmod>2024</lastmod></sitemap>"
    data = f'<sitemapindex xmlns="{NS}">{entry}</sitemapindex>'
    listed = parse_sitemap(data.encode(), "x")
    assert listed.pages == ()
    assert listed.sitemaps == (f"{A}.xml",)


@pytest.mark.parametrize(
    "attributes", ["", f' xmlns="{NS}"', ' xmlns="http://www.google.com/schemas/sitemap/0.84"']
)
def test_any_namespace_or_none(attributes):
    assert _pages(_urlset(A, B, attributes=attributes)) == ((A, ""), (B, ""))


def test_prefixed_namespace():
    data = f'<s:urlset xmlns:s="{NS}"><s:url><s:loc>{A}</s:loc></s:url></s:urlset>'
    assert _pages(data) == ((A, ""),)


def test_addresses_of_images_and_videos_are_no_pages():
    data = (
        f'<urlset xmlns="{NS}" xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"><url>'
        f"<image:image><image:loc>{B}.jpg</image:loc></image:image><loc>{A}</loc></url></urlset>"
    )
    assert _pages(data) == ((A, ""),)


def test_blanks_around_the_document_and_in_loc():
    entry = f"<url><loc>\n  {A}\t</loc><lastmod> 2024-01-02 </lastmod></url>"
    data = f'\ufeff\n <?xml version="1.0"?><urlset>{entry}</urlset>\n'
    assert _pages(data) == ((A, "2024-01-02"),)


def test_entities_and_cdata():
    data = (
        f"<urlset><url><loc>{A}?x=1&amp;y=2</loc></url><url><loc><![CDATA[{B}?x=1&y=2]]></loc></url></urlset>"
    )
    assert _pages(data) == ((f"{A}?x=1&y=2", ""), (f"{B}?x=1&y=2", ""))


def test_empty_loc_is_no_page():
    assert _pages(f"<urlset><url><loc> </loc></url><url></url><url><loc>{A}</loc></url></urlset>") == (
        (A, ""),
    )


def test_xml_that_breaks_off_gives_what_came_before():
    whole = _urlset(A, B)
    assert _pages(whole[: whole.index(B)])[0] == (A, "")


def test_gzip_is_unpacked():
    assert _pages(gzip.compress(_urlset(A).encode())) == ((A, ""),)
    assert _pages(gzip.compress(f"{A}\n{B}".encode())) == ((A, ""), (B, ""))


def test_text_has_one_address_a_line():
    assert _pages(f"{A}\r\n\r\n  {B}\n") == ((A, ""), (B, ""))


def test_text_with_byte_order_mark():
    assert _pages(f"\ufeff{A}\n{B}\n") == ((A, ""), (B, ""))


def test_external_entities_are_not_read(tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("secret")
    data = (
        f'<!DOCTYPE urlset [<!ENTITY e SYSTEM "{secret.as_uri()}">]>'
        f"<urlset><url><loc>{A}?&e;</loc></url></urlset>"
    )
    assert "secret" not in str(_pages(data))


def test_nested_entities_do_not_grow():
    levels = "".join(f'<!ENTITY e{i} "{f"&e{i - 1};" * 10}">' for i in range(1, 10))
    data = f'<!DOCTYPE u [<!ENTITY e0 "lol">{levels}]><urlset><url><loc>{A}?&e9;</loc></url></urlset>'
    assert sum(len(url) for url, _ in _pages(data)) < 1_000


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ("", "It is no sitemap."),
        ("hello world", "It is no sitemap."),
        (f"{A}\nnot an address", "It is no sitemap."),
        ("<", "The XML cannot be read"),
        ("<<<>>>", "The XML cannot be read"),
        ("<html><body>hello</body></html>", "The file lists no addresses."),
        ("<urlset></urlset>", "The file lists no addresses."),
    ],
)
def test_what_is_no_sitemap_is_an_error(data, message):
    with pytest.raises(FormatError) as caught:
        parse_sitemap(data.encode(), "https://example.com/sitemap.xml")
    assert caught.value.message.startswith(message)
    assert caught.value.where == "https://example.com/sitemap.xml"


def test_gzip_that_breaks_off_is_an_error():
    with pytest.raises(FormatError, match="gzip file is damaged"):
        _pages(gzip.compress(_urlset(A).encode())[:-12])


def test_gzip_with_wrong_bytes_is_an_error():
    data = bytearray(gzip.compress(b"<urlset>" + bytes(range(256)) * 50))
    for place in (30, 40):
        data[place] ^= 0xFF
    with pytest.raises(FormatError, match="gzip file is damaged"):
        _pages(bytes(data))


def test_too_large_is_an_error(monkeypatch):
    monkeypatch.setattr(sitemap, "_MAX_BYTES", 200)
    bomb = gzip.compress(b"<urlset>" + b" " * 100_000)
    assert len(bomb) < 200
    with pytest.raises(FormatError, match="larger than"):
        _pages(bomb)
    with pytest.raises(FormatError, match="larger than"):
        _pages(b"<urlset>" + b" " * 200)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (_urlset(A).encode(), True),
        (b"<SitemapIndex>", True),
        (gzip.compress(b"x", mtime=0), True),
        (b"<html><body>about sitemaps</body></html>", False),
        (b"", False),
        (f"{A}\n".encode(), False),
    ],
)
def test_is_sitemap(data, expected):
    assert is_sitemap(data) is expected
