"""Days as exports, feeds and sitemaps write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from journeyseo.pages.dates import iso_date


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-02-03", "2026-02-03"),
        (" 2026-02-03T23:30:00-08:00", "2026-02-03"),
        ("2026-02-03 10:00:00", "2026-02-03"),
        ("Tue, 03 Feb 2026 23:30:00 -0800", "2026-02-03"),
        ("3 Feb 2026 10:00 GMT", "2026-02-03"),
        ("2026", ""),
        ("2026-02", ""),
        ("2026-02-31", ""),
        ("0000-00-00 00:00:00", ""),
        ("03/04/2026", ""),
        ("yesterday", ""),
        ("", ""),
    ],
)
def test_iso_date(text, day):
    assert iso_date(text) == day


@given(st.dates())
def test_every_iso_date_is_itself(day):
    assert iso_date(day.isoformat()) == day.isoformat()


@given(st.text())
def test_any_text_is_a_day_or_none(text):
    assert len(iso_date(text)) in (0, 10)
