"""Personal data in queries, and what only looks like it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from journeyseo.keywords import read_keywords
from journeyseo.keywords.personal import find_personal, mask_personal

MASKED = {
    "jo.doe+x@mail.example": "[mail]",
    "login jo@a-b.example.org please": "login [mail] please",
    "jo＠mail.example": "[mail]",
    "who is +44 20 7946 0958": "who is [phone]",
    "+1 (555) 010-0123": "[phone]",
    "+4915112345678 wer ruft an": "[phone] wer ruft an",
    "0044 20 7946 0958": "[phone]",
    "(555) 010-0123 address": "[phone] address",
    "555-010-0123": "[phone]",
    "020 7946 0958": "[phone]",
    "0161 496 0000 who called": "[phone] who called",
    "01632 960001": "[phone]",
    "07700900123": "[phone]",
    "06 12 34 56 78 c'est qui": "[phone] c'est qui",
    "090-1234-5678": "[phone]",
    "138 1234 5678": "[phone]",
    "手机 13812345678 归属地": "手机 [phone] 归属地",
    "who called me from 5550100123": "who called me from [phone]",
    "phone number 0171 1234567": "phone number [phone]",
    "4111 1111 1111 1111 declined": "[card] declined",
    "4111111111111111": "[card]",
    "378282246310005": "[card]",
    "5500-0000-0000-0004": "[card]",
    "jo@mail.example or 555-010-0123": "[mail] or [phone]",
}
KEPT = [
    "iphone 15 pro max",
    "best crm 2024 2025",
    "2024-05-01",
    "01-02-2024",
    "01.02.2024 holiday",
    "kettle 1.7l 2200w",
    "price 1,200,000",
    "$1 200 000",
    "1 000 000 000 000 in words",
    "bmw 13717521033",
    "13 71 7 521 033 air filter",
    "bosch 0986 494 123",
    "0 986 494 123",
    "06a115561b",
    "978-3-16-148410-0",
    "9783161484100",
    "4006381333931",
    "isbn 0-306-40615-2",
    "192.168.100.254",
    "windows 10.0.19041.1234",
    "4111111111111112",
    "1234567812345678",
    "0000000000000000",
    "imei 490154203237518",
    "rtx 4090 24gb",
    "din 912 m8x30",
    "@acme",
    "react@18.2.0",
    "a@b",
    "twitter @jo",
    "49 cfr 172.101",
    "5v 2a 10000mah",
    "1-2-3-4-5",
    "555-0123",
    "call of duty 2",
    "phone 2 1000 2000",
    "iphone 12 64gb 128gb 256gb",
    "lotto 01 05 12",
    "123-45-6789",
    "17 digit vin 1hgcm82633a004352",
    "0800",
    "tel aviv",
    "part 555-010-01234",
    "a555-010-0123",
    "3.14159265358979",
    "+1 800 tips",
    "c++ 11 14 17 20 23",
    "62 30 45 1000",
]


@pytest.mark.parametrize(("query", "masked"), MASKED.items())
def test_personal_data_is_masked(query, masked):
    assert mask_personal(query) == masked
    assert mask_personal(masked) == masked


@pytest.mark.parametrize("query", KEPT)
def test_what_only_looks_like_it_stays(query):
    assert find_personal(query) == []
    assert mask_personal(query) == query


@pytest.mark.parametrize("query", MASKED)
def test_every_find_passes_the_quick_look(query):
    (report,) = read_keywords(["kettle", query], language="en").attrs["reports"]
    assert sum(report.personal.values()) >= 1


def test_it_is_counted_and_kept_unless_masked(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text(
        "keyword,volume\njo@a.example,1\n555-010-0123,2\nal@a.example 4111111111111111,3\nkettle,4\n"
    )
    (report,) = read_keywords(path, language="en").attrs["reports"]

    assert report.personal == {"mail": 2, "phone": 1, "card": 1}
    assert report.notes == (
        "queries with personal data: 2 mail addresses, 1 telephone numbers, 1 card numbers; kept; "
        "mask_personal (--mask-personal) masks them",
    )
    assert read_keywords(path, language="en")["query"].tolist()[0] == "jo@a.example"


def test_nothing_of_it_is_left_when_masked(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text(
        "keyword,volume\njo@a.example,1\nal@a.example,2\nkettle,4\nat@a.example,1,2,3\n"
        + "at@a.example " * 100
    )
    frame = read_keywords(path, language="en", mask_personal=True)
    (report,) = frame.attrs["reports"]

    assert frame["query"].tolist() == ["[mail]", "kettle"]
    assert "a.example" not in frame.to_csv() + str(report) + str(report.dropped)
    assert len(report.dropped) == 2


@given(st.text(alphabet="0123456789 -+().@ab/", max_size=60))
def test_masking_is_stable(query):
    masked = mask_personal(query)
    assert mask_personal(masked) == masked
