"""The encoding of a document."""

from __future__ import annotations

import codecs
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from journeyseo.pages.charset import charset_of, decode_html, foreign_kind

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
    far = b" " * 65_536 + meta("big5")
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


TEXTS = {
    "gb18030": "热泵把室外空气里的热量送进屋里，冬天也很安静，老房子里一样能用。",
    "gbk": "二手车贷款利率和首付比例是多少，怎么申请最快。",
    "big5": "熱泵把室外空氣裡的熱量送進屋裡，冬天也很安靜，老房子裡一樣能用。",
    "big5hkscs": "牙醫診所推薦，植牙費用多少錢，過程會痛嗎。",
    "cp932": "ヒートポンプは外の空気の熱を家の中に運びます。冬でも静かです。",
    "euc_jp": "ヒートポンプは外の空気の熱を家の中に運びます。冬でも静かです。",
    "euc_kr": "히트펌프는 바깥 공기의 열을 집 안으로 옮깁니다. 가격과 설치 비용을 알아보세요.",
    "cp1251": "Тепловой насос переносит тепло наружного воздуха в дом, тихо и всю зиму.",
    "koi8-r": "Тепловой насос переносит тепло наружного воздуха в дом, тихо и всю зиму.",
    "cp1250": "Pompa ciepła przenosi ciepło z powietrza na zewnątrz do domu, cicho i całą zimę.",
    "iso8859-2": "Tepelné čerpadlo přenáší teplo z venkovního vzduchu do domu, tiše a celou zimu.",
    "cp1252": "La pompe à chaleur amène la chaleur de l’air extérieur dans la maison, même l’été.",
    "latin-1": "Eine Wärmepumpe führt die Wärme der Außenluft ins Haus, leise und den ganzen Winter über.",
    "iso8859-2 ": "Pompa ciepła przenosi ciepło z powietrza na zewnątrz do domu, cicho i całą zimę.",
    "cp1250 ": "A hőszivattyú a külső levegő hőjét viszi a házba, csendben, egész télen át, jó áron.",
    "cp1253": "Η αντλία θερμότητας μεταφέρει τη θερμότητα του αέρα στο σπίτι, αθόρυβα όλο τον χειμώνα.",
    "cp1254": "Isı pompası dışarıdaki havanın ısısını evin içine taşır, bütün kış sessizce çalışır.",
    "cp1255": "משאבת חום מעבירה את החום של האוויר בחוץ אל תוך הבית בשקט לאורך כל החורף",
    "cp1256": "تنقل المضخة الحرارية حرارة الهواء الخارجي إلى داخل المنزل بهدوء طوال فصل الشتاء",
    "cp1257": "Šilumos siurblys perneša lauko oro šilumą į namus, tyliai ir visą žiemą, už gerą kainą.",
    "cp874": "ปั๊มความร้อนนำความร้อนจากอากาศภายนอกเข้ามาในบ้านอย่างเงียบตลอดฤดูหนาว",
}


@pytest.mark.parametrize("encoding", TEXTS)
def test_a_page_that_does_not_say_its_encoding(encoding):
    text = TEXTS[encoding]
    page = f"<html><head><title>{text}</title><script>var a = 1 < 2;</script></head><body><p>{text}</p>"
    assert decode_html(page.encode(encoding.strip())) == page


@pytest.mark.parametrize("encoding", TEXTS)
def test_a_page_that_is_wrongly_said_to_be_utf8(encoding):
    page = f"<meta charset=utf-8><p>{TEXTS[encoding]}"
    assert decode_html(page.encode(encoding.strip()), "utf-8") == page


def test_a_few_broken_signs_do_not_make_utf8_another_encoding():
    page = "<p>" + "Das Gerät läuft über Jahre für die ganze Familie schön. " * 9
    content = page.encode() + "é".encode()[:1]
    assert decode_html(content, "utf-8") == page + "\ufffd"


@pytest.mark.parametrize("encoding", ["gb18030", "big5", "euc_jp", "cp932", "euc_kr", "cp1251"])
def test_a_long_page_is_known_by_its_beginning(encoding):
    text = TEXTS[encoding] * 900
    assert decode_html(f"<p>{text}".encode(encoding)) == f"<p>{text}"


@pytest.mark.parametrize("piece", [b"<", b"<script>", b"\xff", b"<a\xe9 ", b"\x81\x30"])
def test_pages_made_to_take_long_do_not(piece):
    start = time.process_time()
    assert isinstance(decode_html(piece * (1_000_000 // len(piece)) + b"\xe9"), str)
    assert time.process_time() - start < 3


PAGE = "<title>Kettles</title><p>Copper kettles, hand made.</p>"


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be"])
def test_wide_pages_without_a_mark(codec):
    assert decode_html(PAGE.encode(codec)) == PAGE
    assert foreign_kind(PAGE.encode(codec)) == ""


def test_stray_zero_bytes_are_left_out():
    assert decode_html(PAGE.replace("<p>", "\x00<p>\x00\x00").encode()) == PAGE
    assert decode_html(("\ufeff" + PAGE.replace("<p>", "\x00<p>")).encode("utf-16-le")) == PAGE


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"%PDF-1.7 ...", "PDF"),
        (bytes(range(256)) * 8, "binary"),
        (bytes(500), "binary"),
        (b"", ""),
        (b"a", ""),
    ],
)
def test_what_is_no_html(content, kind):
    assert foreign_kind(content) == kind
