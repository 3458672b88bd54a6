"""The encoding of a document."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from journeyseo.pages.charset import charset_of, decode_html

CHINESE = "热泵的价格"


def meta(label: str) -> bytes:
    return f'<meta charset="{label}">'.encode()


def test_the_mark_goes_before_the_header_and_that_before_the_document():
    marked = codecs.BOM_UTF8 + meta("gbk") + CHINESE.encode()
    assert decode_html(marked, "big5").endswith(CHINESE)
    assert not decode_html(marked).startswith("\ufeff")
    assert decode_html(meta("big5") + CHINESE.encode("gbk"), "GB2312").endswith(CHINESE)
    assert decode_html(meta("gbk") + CHINESE.encode("gbk")).endswith(CHINESE)
    assert decode_html(CHINESE.encode()) == CHINESE
    assert decode_html("it’s".encode("cp1252")) == "it’s"


@pytest.mark.parametrize(
    "label", ["nope", "utf-7", "unicode_escape", "rot13", "zlib", "idna", "é", "a\x00b", ""]
)
def test_a_label_that_browsers_do_not_know_is_none(label):
    content = CHINESE.encode() + b"+ADw- \\u0041"
    assert decode_html(content, label) == content.decode()
    assert decode_html(meta("utf-7") + content).endswith(content.decode())


@pytest.mark.parametrize(
    ("label", "encoding", "text"),
    [
        ("ISO-8859-1", "cp1252", "it’s €5"), ("latin1", "cp1252", "it’s"), ("us-ascii", "cp1252", "it’s"),
        ("iso-8859-9", "cp1254", "“ş”"), ("gb2312", "gb18030", "朱镕基 喆"), ("x-gbk", "gbk", "喆"),
        ("big5", "big5hkscs", "啲嘢"), ("Shift_JIS", "cp932", "①髙"), ("x-sjis", "cp932", "①髙"),
        ("windows-31j", "cp932", "①"), ("euc-kr", "cp949", "똠방"), ("ks_c_5601-1987", "cp949", "똠방"),
        ("windows-949", "cp949", "똠"), ("windows-1251", "cp1251", "Цена"), ("koi8-r", "koi8-r", "Цена"),
        ("x-euc-jp", "euc_jp", "価格"), ("iso-2022-jp", "iso2022_jp", "価"), ("utf-16", "utf-16-le", "価"),
        ("windows-874", "cp874", "ราคา"), ("iso-8859-2", "iso8859-2", "zł ą"), ("x-cp1250", "cp1250", "zł"),
    ],
)  # fmt: skip
def test_labels_mean_what_browsers_take_them_for(label, encoding, text):
    assert decode_html(text.encode(encoding), label) == text


def test_where_the_document_declares_it():
    assert "热泵" in decode_html(b"<!-- " + meta("big5") + b" -->" + meta("gbk") + "热泵".encode("gbk"))
    assert "热泵" in decode_html(b"<?xml version='1.0' encoding='gbk'?>" + "热泵".encode("gbk"))
    far = b" " * 4_096 + meta("big5")
    assert decode_html(far + "é".encode()).endswith("é")
    assert decode_html(meta("utf-16") + "é".encode()).endswith("é")
    data = b'<meta name="x" data-charset="big5">'
    assert decode_html(data + "é".encode()).endswith("é")


@pytest.mark.parametrize(
    ("header", "charset"),
    [
        ("text/html; charset=UTF-8", "utf-8"), ("text/html;charset='gbk'", "gbk"), ("text/html", ""),
        ('text/html; a=b; Charset = "big5"', "big5"), ("text/html; xcharset=big5", ""), ("", ""),
    ],
)  # fmt: skip
def test_charset_of_a_header(header, charset):
    assert charset_of(header) == charset


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=60), st.text(max_size=12))
def test_it_never_raises(content, label):
    assert isinstance(decode_html(content, label), str)
    assert isinstance(decode_html(b"<meta charset=" + content + b">"), str)
