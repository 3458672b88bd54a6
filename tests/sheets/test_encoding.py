"""What a file is by its bytes, and in which encoding its text is."""

import codecs

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from journeyseo.errors import InputError
from journeyseo.sheets.encoding import decode, kind_of

SIMPLIFIED = "关键词,点击量\n登山鞋怎么选,120\n徒步鞋推荐,80\n防水冲锋衣多少钱,60\n"
TRADITIONAL = "關鍵字,每月搜尋量\n床墊推薦,1200\n乳膠床墊價格,900\n獨立筒床墊缺點,300\n"
JAPANESE = "キーワード,検索数\n登山靴 おすすめ,1000\n靴の洗い方,300\n"
KOREAN = "키워드,검색량\n등산화 추천,1000\n운동화 세탁 방법,300\n"
RUSSIAN = "Формулировка;Число запросов\nкупить угловой диван;120\nкак чистить диван;80\n"
GERMAN = "Suchbegriff;Suchvolumen\nkörbe für hunde;120\ngemüse und äpfel;90\n"


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"", "empty"),
        (b" \r\n\t\n", "empty"),
        (codecs.BOM_UTF8 + b"\n", "empty"),
        (b"PK\x03\x04rest", "zip"),
        (b"\x1f\x8b\x08rest", "gzip"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "xls"),
        (b"%PDF-1.7\n", "PDF"),
        (b"\x89PNG\r\n\x1a\n", "PNG image"),
        (b"\xff\xd8\xff\xe0", "JPEG image"),
        (b"\x7fELF\x02\x01", "program"),
        (b"PAR1rest", "parquet"),
        (b"\x05\x06\x07\x08 any text behind control bytes", "binary"),
        (b"query,volume\nred shoes,10\n", "text"),
        (SIMPLIFIED.encode("gb18030"), "text"),
        ("query\tvolume\nred\t1\n".encode("utf-16"), "text"),
        ("query\tvolume\nred\t1\n".encode("utf-16-le"), "text"),
        ("query\tvolume\nred\t1\n".encode("utf-16-be"), "text"),
    ],
)
def test_kind_is_told_by_the_first_bytes(data, kind):
    assert kind_of(data) == kind


@pytest.mark.parametrize(
    ("text", "written", "found"),
    [
        (SIMPLIFIED, "utf-8", "utf-8"),
        (SIMPLIFIED, "utf-8-sig", "utf-8"),
        (SIMPLIFIED, "utf-16", "utf-16"),
        (SIMPLIFIED, "utf-32", "utf-32"),
        (SIMPLIFIED, "gb18030", "gb18030"),
        (SIMPLIFIED, "gbk", "gb18030"),
        (TRADITIONAL, "big5", "big5"),
        (JAPANESE, "cp932", "cp932"),
        (RUSSIAN, "cp1251", "cp1251"),
        ("keyword,volume\ncheap boots,10\n", "ascii", "utf-8"),
        ("keyword,volume\ncheap boots,10\n", "utf-16-le", "utf-16-le"),
        ("keyword,volume\ncheap boots,10\n", "utf-16-be", "utf-16-be"),
        ("keyword,cpc\ncheap boots,€ 1\n", "cp1252", "cp1252"),
    ],
)
def test_encoding_is_found(text, written, found):
    result = decode(text.encode(written), where="export.csv")

    assert result.text == text
    assert result.encoding == found


def test_big_endian_mark_is_found():
    data = codecs.BOM_UTF16_BE + JAPANESE.encode("utf-16-be")

    assert decode(data, where="export.csv").text == JAPANESE


@pytest.mark.parametrize(
    "text", [GERMAN, "Mot clé;Volume\ncrème brûlée facile;120\nchaussures été;90\n"], ids=["de", "fr"]
)
def test_western_text_is_not_cyrillic(text):
    result = decode(text.encode("cp1252"), where="export.csv")

    assert (result.encoding, result.text) == ("cp1252", text)


def test_korean_is_not_chinese():
    result = decode(KOREAN.encode("cp949"), where="export.csv")

    assert (result.encoding, result.text) == ("cp949", KOREAN)


@pytest.mark.parametrize(
    ("text", "encoding"),
    [(GERMAN, "cp1252"), (KOREAN, "cp949"), (SIMPLIFIED, "gb18030"), (RUSSIAN, "koi8-r")],
)
def test_encoding_asked_for_is_taken(text, encoding):
    result = decode(text.encode(encoding), where="export.csv", encoding=encoding)

    assert (result.text, result.encoding) == (text, encoding)


def test_encoding_asked_for_that_does_not_fit():
    with pytest.raises(InputError) as caught:
        decode(b"abc\xff", where="export.csv", encoding="utf-8")

    assert str(caught.value).startswith("export.csv: The file is not utf-8: byte 3 does not fit.")


def test_unknown_name_of_an_encoding():
    with pytest.raises(InputError, match=r"export.csv: There is no encoding 'utf-9'"):
        decode(b"abc", where="export.csv", encoding="utf-9")


def test_broken_utf16():
    with pytest.raises(InputError, match=r"export.csv: The file begins as utf-16 but byte 12"):
        decode(codecs.BOM_UTF16_LE + "query".encode("utf-16-le") + b"\x00", where="export.csv")


def test_bytes_of_no_encoding():
    with pytest.raises(InputError, match=r"export.csv: The encoding is none of UTF-8"):
        decode(b"\xff\x81\x8d\x8f\xff\xff\x90\x9d", where="export.csv")


texts = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1)


@given(texts, st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-32"]))
def test_unicode_reads_back(text, encoding):
    if encoding == "utf-8" and text.startswith("\ufeff"):
        text = "query" + text
    data = ("query,volume\n" + text).encode(encoding)

    assert decode(data, where="x").text == "query,volume\n" + text


@given(st.binary(max_size=300))
@settings(deadline=None)
def test_any_bytes_give_text_or_our_error(data):
    assert kind_of(data)
    try:
        result = decode(data, where="x.csv")
    except InputError as caught:
        error = caught
    else:
        error = None
        assert data.decode(result.encoding).lstrip("\ufeff") == result.text.lstrip("\ufeff")
    assert error is None or str(error).startswith("x.csv: ")


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("consulta;volume\no que é o nps de uma empresa;10\n", "cp1252"),
        ("Запрос;Показы\nкабель usbс и 3dпринтер для дома;10\n", "cp1251"),
        (
            "키워드,검색량\n大형 등산화 추천 ㅋㅋ,10\n大 사이즈 방수 등산화를 고르는 방법,10\n",
            "cp949",
        ),
        ("关键词,搜索量\n登山,10\n", "gb18030"),
    ],
    ids=["single letters", "mixed words", "hanja and letters", "few Chinese characters"],
)
def test_hard_cases_of_old_encodings(text, encoding):
    result = decode(text.encode(encoding), where="export.csv")

    assert (result.encoding, result.text) == (encoding, text)


def test_letters_of_a_program_need_its_zeros():
    assert kind_of(b"MZ tote bag\nred bag\n") == "text"
    assert kind_of(b"MZ\x90\x00\x03\x00\x00\x00") == "program"
