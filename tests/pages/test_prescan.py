"""Where a document declares its encoding: our own cases, written from the HTML standard's prescan."""

from __future__ import annotations

import time

import pytest

from journeyseo.pages.charset import decode_html, foreign_kind

# No letters of its own lead to ISO-8859-5: only a declaration that is followed gives these words back.
TEXT = "Цена насоса"
LATE = b"<!-- " + b"x" * 1_100 + b" -->"
CONTENT = b'content="text/html; charset=iso-8859-5"'

DECLARED = {
    "plain": b'<meta charset="iso-8859-5">',
    "single quotes": b"<meta charset='iso-8859-5'>",
    "no quotes": b"<meta charset=iso-8859-5>",
    "no quotes, closed": b"<meta charset=iso-8859-5 />",
    "upper case": b'<META CHARSET="ISO-8859-5">',
    "mixed case": b"<mEtA cHaRsEt=Iso-8859-5>",
    "blanks around the sign": b'<meta charset  =\t "iso-8859-5">',
    "blanks in the quotes": b'<meta charset="  iso-8859-5\n">',
    "line ends between": b'<meta\ncharset\n=\r\n"iso-8859-5"\n>',
    "form feed": b"<meta\x0ccharset=iso-8859-5>",
    "slash for a blank": b"<meta/charset=iso-8859-5>",
    "many slashes": b"<meta///charset=iso-8859-5 //>",
    "after other attributes": b'<meta id=a class="b c" data-x charset=iso-8859-5>',
    "before other attributes": b'<meta charset=iso-8859-5 name="generator" content="charset=koi8-r">',
    "no blank after a quote": b'<meta name="x"charset="iso-8859-5">',
    "larger sign in a value": b'<meta title="a > b" charset="iso-8859-5">',
    "the first of two attributes": b'<meta charset="iso-8859-5" charset="koi8-r">',
    "the first of two elements": b'<meta charset="iso-8859-5"><meta charset="koi8-r">',
    "another label": b'<meta charset="cyrillic">',
    "a label with a year": b'<meta charset="ISO_8859-5:1988">',
    "after an unknown label": b'<meta charset="iso-8859-55"><meta charset="iso-8859-5">',
    "after an empty label": b'<meta charset=""><meta charset="iso-8859-5">',
    "after one without value": b"<meta charset><meta charset=iso-8859-5>",
    "after a title": "<title>½</title>".encode() + b'<meta charset="iso-8859-5">',
    "after a doctype and elements": b"<!DOCTYPE html><html lang=ru><head><meta charset=iso-8859-5>",
    "after a comment": b'<!-- <meta charset="koi8-r"> --><meta charset="iso-8859-5">',
    "after the shortest comment": b'<!--><meta charset="iso-8859-5">-->',
    "after a short comment": b'<!---><meta charset="iso-8859-5">-->',
    "after a comment with dashes": b'<!-- a -- b > <meta charset="koi8-r"> --><meta charset="iso-8859-5">',
    "after an instruction": b'<?php charset="koi8-r" ?><meta charset="iso-8859-5">',
    "after a declaration": b'<!x "<meta charset=koi8-r>"><meta charset="iso-8859-5">',
    "after an end tag with attributes": b'</p title="<meta charset=koi8-r>"><meta charset="iso-8859-5">',
    "after no end tag": b'</ <meta charset="koi8-r"><meta charset="iso-8859-5">',
    "after an attribute that looks like one": b"<a title='<meta charset=koi8-r>'><meta charset=iso-8859-5>",
    "after a bare smaller sign": b"1 < 2 <meta charset=iso-8859-5>",
    "after two smaller signs": b"<<meta charset=iso-8859-5>",
    "in a script": b"<script>var a = '<meta charset=iso-8859-5>'</script>",
    "in a broken tag before": b"<p <meta charset=koi8-r><meta charset=iso-8859-5>",
    "in the body": b"<body><p>Words<meta charset=iso-8859-5>",
    "in noscript": b"<noscript><meta charset=iso-8859-5></noscript>",
    "tag with a longer name before": b"<metadata charset=koi8-r><meta charset=iso-8859-5>",
    "http-equiv": b'<meta http-equiv="Content-Type" ' + CONTENT + b">",
    "http-equiv in upper case": b'<META HTTP-EQUIV="CONTENT-TYPE" CONTENT="TEXT/HTML; CHARSET=ISO-8859-5">',
    "http-equiv last": b"<meta " + CONTENT + b" http-equiv=content-type>",
    "http-equiv without type": b'<meta http-equiv=content-type content="charset=iso-8859-5">',
    "http-equiv without semicolon": b'<meta http-equiv=content-type content="text/html charset=iso-8859-5">',
    "http-equiv without blanks": b"<meta http-equiv=content-type content=text/html;charset=iso-8859-5>",
    "http-equiv with blanks": b'<meta http-equiv=content-type content="a; charset = iso-8859-5 ; b">',
    "http-equiv with inner quotes": b"<meta http-equiv=content-type content=\"a; charset='iso-8859-5'; b\">",
    "http-equiv with double quotes": b"<meta http-equiv=content-type content='charset=\"iso-8859-5\"'>",
    "http-equiv with more": b'<meta http-equiv=content-type content="a; charset=iso-8859-5; version=2">',
    "http-equiv with the word twice": b'<meta http-equiv=content-type content="charset charset=iso-8859-5">',
    "http-equiv with a longer word": b'<meta http-equiv=content-type content="xcharset=iso-8859-5">',
    "charset over http-equiv": b'<meta http-equiv=content-type content="charset=koi8-r" charset=iso-8859-5>',
    "charset with a content of no pragma": b'<meta content="charset=koi8-r" charset=iso-8859-5>',
    "after a content of no pragma": b'<meta name=x content="charset=koi8-r"><meta charset=iso-8859-5>',
    "after another pragma": b'<meta http-equiv=refresh content="charset=koi8-r"><meta charset=iso-8859-5>',
    "after a pragma in blanks": b'<meta http-equiv=" content-type" content="charset=koi8-r">'
    b"<meta charset=iso-8859-5>",
    "XML declaration": b'<?xml version="1.0" encoding="iso-8859-5"?>',
    "XML declaration in single quotes": b"<?xml version='1.0' encoding = 'ISO-8859-5' standalone='yes'?>",
    "XML declaration without an end of its own": b'<?xml encoding="iso-8859-5"<meta charset="koi8-r">',
    "XML declaration and a meta": b'<?xml version="1.0" encoding="koi8-r"?><meta charset="iso-8859-5">',
    "XML declaration after a blank": b' <?xml version="1.0" encoding="koi8-r"?><meta charset="iso-8859-5">',
    "behind 1,024 bytes": LATE + b'<meta charset="iso-8859-5">',
    "over the 1,024th byte": b" " * 1_015 + b'<meta charset="iso-8859-5">',
    "behind 1,024 bytes and a script": LATE
    + b"<script>'<meta charset=koi8-r>'</script><meta charset=iso-8859-5>",
    "behind 1,024 bytes and a title": LATE + b"<title><meta charset=koi8-r></title><meta charset=iso-8859-5>",
    "far behind": b"<style>" + b"a{}" * 9_000 + b"</style><meta charset=iso-8859-5>",
}  # fmt: skip

NOT_DECLARED = {
    "nothing": b"<p>Words",
    "no quote at the end": b'<meta charset="iso-8859-5>',
    "no end of the element": b"<meta charset=iso-8859-5",
    "no blank after the name": b"<metacharset=iso-8859-5>",
    "a longer name": b"<metadata charset=iso-8859-5>",
    "an end tag": b"</meta charset=iso-8859-5>",
    "another element": b"<link charset=iso-8859-5>",
    "another attribute": b"<meta data-charset=iso-8859-5 xcharset=iso-8859-5>",
    "in an attribute": b'<p title="<meta charset=iso-8859-5>">',
    "in a comment": b"<!-- <meta charset=iso-8859-5> -->",
    "in a comment without an end": b"<!-- <meta charset=iso-8859-5> Words",
    "content without a pragma": b"<meta " + CONTENT + b">",
    "content of another pragma": b"<meta http-equiv=refresh " + CONTENT + b">",
    "pragma without a content": b"<meta http-equiv=content-type>",
    "content with an open quote": b"<meta http-equiv=content-type content=\"charset='iso-8859-5\">",
    "content without a sign": b'<meta http-equiv=content-type content="charset iso-8859-5">',
    "content that ends early": b'<meta http-equiv=content-type content="charset=">',
    "blank in the label": b'<meta charset="iso 8859-5">',
    "a slash in the label": b"<meta charset=iso-8859-5/>",
    "an unknown label over a pragma": b"<meta http-equiv=content-type " + CONTENT + b" charset=nope>",
    "label of no browser": b'<meta charset="latin-cyrillic">',
    "label that only Python knows": b'<meta charset="utf_7">',
    "XML declaration without quotes": b"<?xml version='1.0' encoding=iso-8859-5?>",
    "XML declaration with a blank in the label": b"<?xml version='1.0' encoding=' iso-8859-5'?>",
    "XML declaration after a blank": b" <?xml version='1.0' encoding='iso-8859-5'?>",
    "XML declaration in capitals": b"<?XML version='1.0' ENCODING='iso-8859-5'?>",
    "in a script behind 1,024 bytes": LATE + b"<script>'<meta charset=iso-8859-5>'</script>",
    "in an open script behind 1,024 bytes": LATE + b"<script>'<meta charset=iso-8859-5>'",
}  # fmt: skip

MEANT = {
    "UTF-16 means UTF-8": (b"<meta charset=utf-16>", "utf-8", "it’s ½"),
    "UTF-16LE means UTF-8": (b"<meta charset=UTF-16LE>", "utf-8", "it’s ½"),
    "UTF-16BE means UTF-8": (b"<meta http-equiv=content-type content='charset=utf-16be'>", "utf-8", "it’s ½"),
    "UTF-16 of XML means UTF-8": (b"<?xml version='1.0' encoding='utf-16'?>", "utf-8", "it’s ½"),
    "UCS-2 means UTF-8": (b"<meta charset=ucs-2>", "utf-8", "it’s ½"),
    "x-user-defined means windows-1252": (b"<meta charset=x-user-defined>", "cp1252", "Â½ Ð"),
    "latin1 means windows-1252": (b"<meta charset=latin1>", "cp1252", "Â½ Ð €"),
    "a short label": (b"<meta charset=l2>", "iso8859-2", "Ľudí"),
    "a name of the register": (b"<meta charset=csISOLatinGreek>", "iso8859-7", "αβ"),
    "a label of Apple's": (b"<meta charset=x-mac-ukrainian>", "mac-cyrillic", "Ціна"),
    "GB2312 is read as GB18030": (b"<meta charset=GB2312>", "gb18030", "镕㐀"),
    "a wrong mark of UTF-8": (b"\xef\xbb\xbf<meta charset=iso-8859-5>", "utf-8", "it’s ½"),
}

MARKS = [("utf-8-sig", "koi8-r"), ("utf-16", "utf-8"), ("utf-16", "koi8-r")]


@pytest.mark.parametrize("case", DECLARED)
def test_a_declaration_that_is_followed(case):
    assert decode_html(DECLARED[case] + TEXT.encode("iso8859-5")).endswith(TEXT)


@pytest.mark.parametrize("case", NOT_DECLARED)
def test_what_is_no_declaration(case):
    assert decode_html(NOT_DECLARED[case] + TEXT.encode()).endswith(TEXT)


@pytest.mark.parametrize("case", MEANT)
def test_what_a_label_means(case):
    head, codec, text = MEANT[case]
    assert decode_html(head + text.encode(codec)).endswith(text)


@pytest.mark.parametrize(("codec", "label"), MARKS)
def test_a_mark_goes_before_header_and_document(codec, label):
    page = f"<meta charset={label}>{TEXT}"
    assert decode_html(page.encode(codec), label) == page


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("start", ["", "<?xml version='1.0'?>"])
def test_wide_bytes_without_a_mark_are_read_as_header_or_declaration_say(codec, start):
    page = f"{start}<p>" + "热泵的价格" * 99
    said = "" if start else codec.replace("-le", "le").replace("-be", "be")
    assert foreign_kind(page.encode(codec), said) == ""
    assert decode_html(page.encode(codec), said) == page


def test_the_header_goes_before_the_document():
    head = b"<meta charset=koi8-r>"
    assert decode_html(head + TEXT.encode("iso8859-5"), "iso-8859-5").endswith(TEXT)
    assert decode_html(DECLARED["plain"] + TEXT.encode("iso8859-5"), "no-such").endswith(TEXT)
    assert decode_html(DECLARED["plain"] + TEXT.encode("iso8859-5"), "iso-2022-kr").endswith(TEXT)


@pytest.mark.parametrize(
    "piece", [b"<", b"<!--", b"<a ", b"<meta ", b"<meta a=", b"<a b='", b"<script>", b"</", b"charset"]
)
def test_heads_made_to_take_long_do_not(piece):
    content = b"<meta http-equiv=content-type content='" * (piece == b"charset") + piece * 100_000
    start = time.process_time()
    assert decode_html(content)
    assert time.process_time() - start < 1
