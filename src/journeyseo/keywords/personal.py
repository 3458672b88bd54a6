"""Personal data that people typed into queries: mail addresses, telephone and card numbers.

Precision goes before recall: queries are full of part numbers, barcodes, dates and prices. A run of
digits is a telephone number only where it is written as one, or where a word of the query says so; a
card number only where its issuer, length and check digit fit.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from journeyseo.notes import note
from journeyseo.results import ReadReport
from journeyseo.text import DIGIT, as_arrow, byte_places, texts_with, utf8_of

if TYPE_CHECKING:
    import pyarrow as pa

KINDS: Mapping[str, str] = {
    "mail": "mail addresses",
    "phone": "telephone numbers",
    "card": "card numbers",
}
"""What is looked for, and its name in words."""

_MAIL = re.compile(r"[^\s@,;:<>()\"']{1,64}@(?:[^\W_][\w-]{0,62}\.){1,5}[^\W\d_]{2,24}(?!\w)")
# No digit, letter or decimal may touch a number; nor may it be the rest of a longer chain of groups.
_BEFORE = r"(?<![\w$€£¥+])(?<!\d[-./])(?<!\d )"
_AFTER = r"(?![-./]?\w)(?! \d)"
_PHONE = re.compile(
    "|".join(
        (
            r"(?<![\w+])\+[1-9]\d{0,2}(?:[ .()/-]{0,2}\d){7,13}" + _AFTER,  # +44 20 7946 0958
            r"(?<!\w)00[1-9]\d{0,2}[ -/](?:[ .()/-]{0,2}\d){7,12}" + _AFTER,  # 0044 20 7946 0958
            r"(?<![\w-])(?:1[ .-])?\([2-9]\d\d\) ?\d{3}[ .-]\d{4}" + _AFTER,  # (555) 123-4567
            _BEFORE + r"(?:1-)?[2-9]\d\d-\d{3}-\d{4}" + _AFTER,  # 555-123-4567
            _BEFORE + r"[2-9]\d\d\.\d{3}\.\d{4}" + _AFTER,
            _BEFORE + r"\(?0\d{2}\)? \d{4} \d{4}" + _AFTER,  # 020 7946 0958
            _BEFORE + r"\(?0\d{3}\)? \d{3} \d{4}" + _AFTER,  # 0161 496 0000
            _BEFORE + r"\(?0\d{4}\)? \d{3} ?\d{3}" + _AFTER,  # 01632 960 001
            _BEFORE + r"07[3-9]\d{8}" + _AFTER,  # 07700900123
            _BEFORE + r"0[1-9](?:[ .]\d\d){4}" + _AFTER,  # 06 12 34 56 78
            _BEFORE + r"0\d{1,2}-\d{3,4}-\d{4}" + _AFTER,  # 090-1234-5678, 010-1234-5678
            _BEFORE + r"1[3-9]\d([ -])\d{4}\1\d{4}" + _AFTER,  # 138 1234 5678
        )
    )
)
# Ten to twelve digits in any grouping, where a word says what they are.
_BARE = re.compile(r"(?<![\w.,])(?:\d[ -]?){9,11}\d(?![\w.,]?\d)(?!\w)")
_SAYS_PHONE = re.compile(
    r"\b(?:phone|telephone|tel|mobile|cell|call(?:ed|s|ing)?|caller|whatsapp|text from|fax|"
    r"handynummer|telefon\w*|anruf\w*|handy|téléphone|appel\w*|teléfono|móvil|"
    r"llamada\w*|telefone|celular|telefono|cellulare|numero di)\b"
    r"|电话|手机|号码|归属地|電話|手機|號碼|携帯|전화|휴대폰|телефон|номер",
    re.IGNORECASE,
)
_CARD = re.compile(r"(?<![\w.,-])(?:\d[ -]?){13,18}\d(?![\w.,-]?\d)(?!\w)")
# Issuers: Visa, Mastercard (two ranges), American Express, Discover, JCB, UnionPay; and their lengths.
# Thirteen digits are left out: they were given up by Visa and are those of barcodes.
_ISSUERS = re.compile(
    r"4\d{15}|4\d{18}|5[1-5]\d{14}|2(?:2[2-9]|[3-6]\d|7[01])\d{13}|3[47]\d{13}|6(?:011|5\d\d|4[4-9]\d)\d{12}"
    r"|35(?:2[89]|[3-8]\d)\d{12}|62\d{14,17}"
)
# What every find has: an at sign or at least nine digits, near each other.
_MAYBE = r"[@＠]|(?:\p{Nd}[^\p{L}\p{Nd}]{0,3}){9}"
_DIGITS, _APART = 9, 3


def _luhn(digits: str) -> bool:
    """Return whether the check digit of a number is right, and it is not one digit over and over."""
    twice = [int(d) * 2 for d in digits[-2::-2]]
    total = sum(map(int, digits[-1::-2])) + sum(d - 9 if d > 9 else d for d in twice)
    return total % 10 == 0 and len(set(digits)) > 1


def find_personal(query: str) -> list[tuple[str, int, int]]:
    """Return what personal data a query holds: kind, begin and end in its NFKC form.

    Args:
        query: One query.
    """
    text = unicodedata.normalize("NFKC", query)
    found = [("mail", *match.span()) for match in _MAIL.finditer(text)]
    for match in _CARD.finditer(text):
        digits = re.sub(r"\D", "", match[0])
        if _ISSUERS.fullmatch(digits) and _luhn(digits):
            found.append(("card", *match.span()))
    numbers = [match.span() for match in _PHONE.finditer(text)]
    if _SAYS_PHONE.search(text):
        numbers += [match.span() for match in _BARE.finditer(text)]
    for begin, end in numbers:
        if all(end <= start or begin >= stop for _, start, stop in found):
            found.append(("phone", begin, end))
    return sorted(found, key=lambda item: item[1])


def mask_personal(query: str) -> str:
    """Return a query with ``[mail]``, ``[phone]`` or ``[card]`` in the place of personal data.

    Args:
        query: One query.
    """
    found = find_personal(query)
    text = unicodedata.normalize("NFKC", query) if found else query
    for kind, begin, end in reversed(found):
        text = f"{text[:begin]}[{kind}]{text[end:]}"
    return text


def _maybe(texts: pa.LargeStringArray) -> npt.NDArray[np.int64]:
    """Return the places of the queries that may hold personal data."""
    import pyarrow.compute as pc

    content = utf8_of(texts)
    data = content.data
    digits = byte_places(data, lambda some: some - np.uint8(ord("0")) < 10)
    first, last = digits[: 1 - _DIGITS], digits[_DIGITS - 1 :]
    near = last - first <= (_DIGITS - 1) * (1 + _APART)
    row = content.texts_at(first[near])
    places = np.unique(
        np.concatenate(
            (
                row[row == content.texts_at(last[near])],
                content.texts_at(byte_places(data, lambda some: some == ord("@"))),
                texts_with(DIGIT, content),
            )
        )
    )
    likely = pc.match_substring_regex(texts.take(places), _MAYBE)
    found: npt.NDArray[np.int64] = places[likely.to_numpy(zero_copy_only=False)]
    return found


def check_personal(frame: pd.DataFrame, report: ReadReport, *, mask: bool) -> tuple[pd.DataFrame, ReadReport]:
    """Return the rows of a file and its report with personal data counted, and masked where asked for.

    Args:
        frame: Rows of the keywords table.
        report: What was read; its dropped rows are masked too.
        mask: Whether to mask.
    """
    maybe = _maybe(as_arrow(frame["query"]))
    queries = frame["query"].iloc[maybe]
    kinds = [{kind for kind, _, _ in find_personal(query)} for query in queries]
    count = Counter(kind for some in kinds for kind in some)
    if mask:
        report = replace(
            report, dropped=tuple(replace(drop, text=mask_personal(drop.text)) for drop in report.dropped)
        )
    if not count:
        return frame, report
    listed = ", ".join(f"{count[kind]:,} {name}" for kind, name in KINDS.items() if count[kind])
    code = "personal-masked" if mask else "personal-kept"
    told = note(code, listed=listed, total=sum(count.values()))
    if mask:
        masked = frame["query"].astype(object)
        masked.iloc[maybe] = [mask_personal(query) for query in queries]
        frame = frame.assign(query=masked.astype("str"))
    return frame, replace(report, notes=(*report.notes, told), personal=dict(count))
