"""Numbers as exports write them."""

import math
import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from journeyseo.sheets.numbers import currency_of, decimal_comma, parse_number, parse_numbers, thousands_point

NAN = math.nan


def same(left, right):
    return left == pytest.approx(right, nan_ok=True)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0", 0),
        ("54833", 54833),
        ("1,234", 1234),
        ("10,000", 10000),
        ("1,234,567.5", 1234567.5),
        ("1,23,456", 123456),
        ("1.234.567", 1234567),
        ("2 895 024", 2895024),
        ("2\xa0895\xa0024", 2895024),
        ("2\u202f895\u202f024", 2895024),
        ("1’000", 1000),
        ("1'000", 1000),
        ("10K", 10_000),
        ("1.0K", 1000),
        ("1,5K", 1500),
        ("2.5M", 2_500_000),
        ("1 Tsd.", 1000),
        ("1 mio.", 1_000_000),
        ("3万", 30_000),
        ("1.2萬", 12_000),
        ("1.5亿", 150_000_000),
        ("20만", 200_000),
        ("US$2.17", 2.17),
        ("$1,234.50", 1234.5),
        ("£0.80", 0.8),
        ("¥ 12.5", 12.5),
        ("GBP 3.10", 3.1),
        ("1,900/mo", 1900),
        ("4(1)", 4),
        ("-5", -5),
        ("+950", 950),
        ("１２３", 123),
        ('"17"', 17),
        ("'17", 17),
    ],
)
def test_plain_numbers(text, value):
    assert same(parse_number(text), (value, NAN, NAN, False))


@pytest.mark.parametrize(
    ("text", "value", "percent"),
    [
        ("12,3 %", 0.123, True),
        ("5,66\xa0%", 0.0566, True),
        ("0,025", 0.025, False),
        ("741,70 €", 741.7, False),
        ("€ 1,20", 1.2, False),
        ("1.234,5", 1234.5, False),
        ("12 345,6", 12345.6, False),
    ],
)
def test_decimal_comma_in_a_column_that_has_it(text, value, percent):
    assert same(parse_number(text, comma=True), (value, NAN, NAN, percent))


def test_percent_becomes_a_fraction():
    assert same(parse_number("15.86%"), (0.1586, NAN, NAN, True))


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("1K – 10K", 1000, 10_000),
        ("1K - 10K", 1000, 10_000),
        ("10-100", 10, 100),
        ("10 — 100", 10, 100),
        ("118001..300000", 118_001, 300_000),
        ("1万〜10万", 10_000, 100_000),
        ("1万～10万", 10_000, 100_000),
        ("1,000 - 1万", 1000, 10_000),
        ("1 tis. - 10 tis.", 1000, 10_000),
        ("1000 to 2000", 1000, 2000),
    ],
)
def test_range_stands_for_its_geometric_middle(text, low, high):
    assert same(parse_number(text), (math.sqrt(low * high), low, high, False))


def test_range_from_zero_stands_for_half_its_end():
    assert same(parse_number("0 - 10"), (5, 0, 10, False))


@pytest.mark.parametrize("text", ["< 10", "<10", "＜10", "≤ 10"])
def test_below_a_bound_is_no_value(text):
    assert same(parse_number(text), (NAN, NAN, 10, False))


@pytest.mark.parametrize("text", ["100+", "> 100", ">100", "≥100"])
def test_above_a_bound_is_no_value(text):
    assert same(parse_number(text), (NAN, 100, NAN, False))


@pytest.mark.parametrize(
    "text",
    ["", " ", "-", " --", "—", "n/a", "N/A", "null", "(not set)", "Unknown", "Not Found", "+∞", "∞", "NaN"],
)
def test_signs_for_missing(text):
    assert same(parse_number(text), (NAN, NAN, NAN, False))


@pytest.mark.parametrize(
    "text", ["Low", "red shoes", "6:31", "1.2.3", "12 shoes", "%", "<", "$", "..", "K", "--5"]
)
def test_no_number(text):
    assert parse_number(text) is None


@pytest.mark.parametrize(("text", "value"), [("5e-05", 0.00005), ("1E+05", 100_000), ("2.5E-3", 0.0025)])
def test_exponents(text, value):
    assert same(parse_number(text), (value, NAN, NAN, False))


@pytest.mark.parametrize("text", ["R$ 1.20", "NT$1.20", "HK$1.20", "C$1.20"])
def test_other_dollars(text):
    assert same(parse_number(text), (1.2, NAN, NAN, False))


def test_column_decides_on_the_decimal_comma():
    ctr = parse_numbers(["12,3 %", "0,123 %", "5 %"])

    assert ctr.value.tolist() == pytest.approx([0.123, 0.00123, 0.05])
    assert ctr.percent.tolist() == [True, True, True]
    assert ctr.unreadable == ()


def test_thousands_comma_stays_one():
    assert parse_numbers(["1,234", "12,345", "7"], whole=True).value.tolist() == [1234, 12345, 7]


def test_thousands_point_only_in_counts():
    cells = ["1.234", "12.345", "700"]

    assert parse_numbers(cells, whole=True).value.tolist() == [1234, 12345, 700]
    assert parse_numbers(cells).value.tolist() == [1.234, 12.345, 700]
    assert not thousands_point(["1.234", "0.5"])
    assert not thousands_point(["700", "12"])


@pytest.mark.parametrize(
    ("cells", "comma"),
    [
        (["0,5", "1"], True),
        (["1.234,5"], True),
        (["12,34 %"], True),
        (["1,234"], False),
        (["1,234.5"], False),
        (["0.5", "1,234"], False),
        ([], False),
    ],
)
def test_decimal_comma(cells, comma):
    assert decimal_comma(cells) is comma


def test_unreadable_cells_are_named_and_missing():
    column = parse_numbers(["10", "many", "-", "many", "< 5"])

    assert column.unreadable == (1, 3)
    assert same(column.value.tolist(), [10, NAN, NAN, NAN, NAN])
    assert same(column.high.tolist(), [NAN, NAN, NAN, NAN, 5])


def test_no_cells():
    column = parse_numbers([])

    assert column.value.shape == column.low.shape == column.percent.shape == (0,)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("CPC (USD)", "USD"),
        ("CPC/USD", "USD"),
        ("Average CPC (EUR)", "EUR"),
        ("CPC (US$)", "USD"),
        ("£0.80", "GBP"),
        ("2,17 €", "EUR"),
        ("CPC", None),
        ("¥12", None),
        ("1.20", None),
    ],
)
def test_currency(text, code):
    assert currency_of(text) == code


@pytest.mark.parametrize("text", ["R$ 1,20", "NT$12", "HK$12"])
def test_other_dollars_are_not_american(text):
    assert currency_of(text) != "USD"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("R$ 1,20", "BRL"),
        ("NT$12", "TWD"),
        ("HK$12", "HKD"),
        ("C$1", "CAD"),
        ("CA$1", "CAD"),
        ("A$1", "AUD"),
        ("S$1", "SGD"),
        ("US$1", "USD"),
        ("CPC (R$)", "BRL"),
    ],
)
def test_every_dollar_has_its_code(text, code):
    assert currency_of(text) == code


numberish = st.text("0123456789.,'’ -–—~〜<>≤≥+%$€kKmM万億()/ \xa0∞", max_size=30)


@given(st.one_of(st.text(), numberish), st.booleans())
def test_reading_a_number_never_raises(text, comma):
    found = parse_number(text, comma=comma)

    assert found is None or (len(found) == 4 and isinstance(found[3], bool))


@given(st.lists(st.one_of(st.text(max_size=8), numberish), max_size=20), st.booleans())
def test_reading_a_column_never_raises_and_keeps_its_length(cells, whole):
    column = parse_numbers(cells, whole=whole)

    assert len(column.value) == len(column.low) == len(column.high) == len(column.percent) == len(cells)
    assert np.isnan(column.value[list(column.unreadable)]).all()


@given(st.integers(0, 10**12))
def test_integers_read_back_in_every_grouping(number):
    for text in (
        f"{number}",
        f"{number:,}",
        f"{number:,}".replace(",", "\xa0"),
        f"{number:,}".replace(",", "’"),
    ):
        assert parse_number(text)[0] == number


@given(st.lists(st.integers(0, 10**6).map(lambda n: n / 100), min_size=1))
def test_decimals_read_back_in_both_styles(numbers):
    point = parse_numbers([f"{n:,.2f}" for n in numbers])
    comma = parse_numbers([f"{n:,.2f}".translate(str.maketrans(",.", ".,")) for n in numbers])

    assert point.value.tolist() == pytest.approx(numbers)
    assert comma.value.tolist() == pytest.approx(numbers)


def test_long_run_of_blanks_is_quick():
    start = time.perf_counter()

    assert parse_number("1" + " " * 5000 + "!") is None
    assert time.perf_counter() - start < 5


def test_long_cells_are_no_numbers():
    assert parse_number("9" * 400) is None
    assert parse_number(" " * 400 + "9") == pytest.approx((9, NAN, NAN, False), nan_ok=True)


def test_place_on_a_page_of_results():
    assert parse_numbers(["第1页 第3名", "第3页第10名", "第2页 第1名"]).value.tolist() == [3, 30, 11]


def test_ends_of_ranges_tell_the_decimal_sign_each_alone():
    numbers = parse_numbers(["1,000 - 1万", "10 - 100"], whole=True)

    assert (numbers.low.tolist(), numbers.high.tolist()) == ([1000, 10], [10_000, 100])
