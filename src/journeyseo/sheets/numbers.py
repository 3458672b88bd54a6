"""Numbers as exports write them: thousands, decimal commas, percent, K and M, ranges, '< 10'."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from journeyseo.text import utf8_of

if TYPE_CHECKING:
    import pyarrow as pa

MISSING = frozenset(
    {
        "", "-", "--", "–", "—", "n/a", "na", "nan", "null", "none", "(not set)", "unknown",
        "not found", "∞", "+∞", "#n/a",
    }
)  # fmt: skip
_SCALES = {
    "k": 1e3, "tsd": 1e3, "tis": 1e3, "тыс": 1e3, "千": 1e3, "mil": 1e3,
    "m": 1e6, "mio": 1e6, "mln": 1e6, "млн": 1e6,
    "b": 1e9, "bn": 1e9,
    "万": 1e4, "萬": 1e4, "만": 1e4, "億": 1e8, "亿": 1e8, "억": 1e8,
}  # fmt: skip
_NUMBER = re.compile(r"([+-]?)(\d[\d.,'\u2019 ]*)\s*([^\W\d_]*)\.?")
_RANGE = re.compile(r"\s*(?:–|—|~|〜|\.\.|\bto\b|至|(?<=[\w.])\s*-)\s*(?=[\d<])")
# A page of results and a place on it; Chinese search engines show ten results a page.
_PLACE = re.compile(r"第(\d{1,3})页 ?第(\d{1,3})名?")
_EXPONENT = re.compile(r"[+-]?\d+([.,]\d+)?[eE][+-]?\d{1,2}")
# A sign that ends like another one stands before it.
_MONEY = {
    "US$": "USD", "CA$": "CAD", "AU$": "AUD", "NZ$": "NZD", "NT$": "TWD", "HK$": "HKD", "MX$": "MXN",
    "R$": "BRL", "C$": "CAD", "A$": "AUD", "S$": "SGD", "$": "USD",
    "€": "EUR", "£": "GBP", "¥": "", "₹": "INR", "₽": "RUB", "₩": "KRW", "zł": "PLN",
}  # fmt: skip
_CODE = re.compile(r"\b([A-Z]{3})\b")
# Longest cell that is read as a number: the longest range met has 30 characters, and patterns stay quick.
_MAX_NUMBER = 100


# Digits that a number holds without loss.
_MAX_DIGITS = 15
_ZERO = np.uint8(ord("0"))


@dataclass(frozen=True)
class Numbers:
    """A column of numbers.

    Attributes:
        value: The numbers; NaN where missing, or where only a bound is known.
        low: Lower bound where a range is given, else NaN.
        high: Upper bound where a range or a bound is given, else NaN.
        percent: Whether a value had a percent sign (and was divided by 100).
        unreadable: Index of each cell that is neither a number nor a known sign for missing.
    """

    value: npt.NDArray[np.float64]
    low: npt.NDArray[np.float64]
    high: npt.NDArray[np.float64]
    percent: npt.NDArray[np.bool_]
    unreadable: tuple[int, ...]


def _clean(text: str) -> str:
    text = unicodedata.normalize("NFKC", text).replace("\u202f", " ").replace("\xa0", " ")
    return re.sub(" {2,}", " ", text.strip().strip("'\"").strip())


def _parts(cells: Sequence[str]) -> Iterator[str]:
    """Yield the cells, and both ends of those that are ranges."""
    for cell in cells:
        yield from _RANGE.split(_clean(cell))


def decimal_comma(cells: Sequence[str]) -> bool:
    """Return whether a column writes its decimals with a comma.

    True where a cell has one comma that cannot be a thousands sign (``0,5`` ``12,34 %``
    ``1.234,5``) and no cell has a point that cannot be one.
    """
    comma = point = 0
    for part in _parts(cells):
        body = re.sub(r"[^\d.,]", "", part)
        if re.fullmatch(r"(\d{1,3}(\.\d{3})+|\d+),(\d{1,2}|\d{4,})|0,\d+", body):
            comma += 1
        elif re.fullmatch(r"(\d{1,3}(,\d{3})+|\d+)\.(\d{1,2}|\d{4,})|0\.\d+", body):
            point += 1
    return comma > point


def thousands_point(cells: Sequence[str]) -> bool:
    """Return whether a column of counts writes its thousands with a point (``1.234``)."""
    grouped = False
    for part in _parts(cells):
        body = re.sub(r"[^\d.,]", "", part)
        if re.fullmatch(r"[1-9]\d{0,2}(\.\d{3})+", body):
            grouped = True
        elif body and not body.isdigit():
            return False
    return grouped


def _single(text: str, comma: bool) -> float | None:
    match = _NUMBER.fullmatch(text)
    if not match:
        return None
    sign, digits, unit = match.groups()
    scale = _SCALES.get(unit.lower()) if unit else 1.0
    if scale is None:
        return None
    digits = digits.replace(" ", "").replace("'", "").replace("\u2019", "")
    if comma:
        digits = digits.replace(".", "").replace(",", ".")
    elif re.fullmatch(r"\d{1,3}(,\d{2,3})*,\d{3}(\.\d*)?", digits):  # Indian grouping too
        digits = digits.replace(",", "")
    elif re.fullmatch(r"\d{1,3}(\.\d{3}){2,}", digits):
        digits = digits.replace(".", "")
    elif unit and re.fullmatch(r"\d+,\d+", digits):
        digits = digits.replace(",", ".")
    try:
        value = float(digits)
    except ValueError:
        return None
    return -value * scale if sign == "-" else value * scale


def parse_number(text: str, *, comma: bool = False) -> tuple[float, float, float, bool] | None:
    """Return value, low, high and whether it was a percentage; None where it is no number.

    Args:
        text: A cell.
        comma: Whether decimals are written with a comma.
    """
    nan = math.nan
    text = text.strip()
    if len(text) > _MAX_NUMBER:
        return None
    if text.isascii() and text.isdigit():
        return float(text), nan, nan, False
    text = _clean(text)
    if text.lower() in MISSING:
        return nan, nan, nan, False
    percent = text.endswith("%") or text.startswith("%")
    scale = 0.01 if percent else 1.0
    body = text.strip("% ").removesuffix("/mo").removesuffix("/month")
    for sign in _MONEY:
        body = body.replace(sign, "")
    body = _CODE.sub("", body).removeprefix("US").strip()
    if place := _PLACE.fullmatch(body):
        return float((int(place[1]) - 1) * 10 + int(place[2])), nan, nan, False
    if _EXPONENT.fullmatch(body):
        return float(body.replace(",", ".")) * scale, nan, nan, percent
    if body.startswith(("<", "≤")):
        bound = _single(body.lstrip("<≤= "), comma)
        return None if bound is None else (nan, nan, bound * scale, percent)
    if body.endswith("+") or body.startswith((">", "≥")):
        bound = _single(body.strip("+>≥= "), comma)
        return None if bound is None else (nan, bound * scale, nan, percent)
    parts = _RANGE.split(body)
    if len(parts) == 2:
        low, high = (_single(part.strip(), comma) for part in parts)
        if low is not None and high is not None and low <= high:
            # The middle on a logarithmic scale: ranges of exports are powers of ten.
            middle = math.sqrt(low * high) if low > 0 else high / 2
            return middle * scale, low * scale, high * scale, percent
    number = re.fullmatch(r"(\d+)\(\d+\)", body)  # rank, then another occurrence in brackets
    value = _single(number.group(1) if number else body, comma)
    return None if value is None else (value * scale, nan, nan, percent)


def parse_numbers(cells: Sequence[str], *, whole: bool = False) -> Numbers:
    """Return a column of cells as numbers; each distinct cell is read once.

    Args:
        cells: The cells as text.
        whole: Whether the column holds counts, so that ``1.234`` may be a thousand.
    """
    distinct = set(cells)
    sample = sorted(distinct)[:5000]
    comma = decimal_comma(sample) or (whole and thousands_point(sample))
    known = {cell: parse_number(cell, comma=comma) for cell in distinct}
    missing = (math.nan, math.nan, math.nan, False)
    rows = [known[cell] or missing for cell in cells]
    table = np.array([row[:3] for row in rows], np.float64).reshape(len(rows), 3)
    bad = {cell for cell, value in known.items() if value is None}
    return Numbers(
        table[:, 0],
        table[:, 1],
        table[:, 2],
        np.array([row[3] for row in rows], bool),
        tuple(i for i, cell in enumerate(cells) if cell in bad) if bad else (),
    )


def parse_column(cells: pa.LargeStringArray, *, whole: bool = False) -> Numbers:
    """Return a column of cells as numbers, as `parse_numbers` does.

    Args:
        cells: The cells as text.
        whole: Whether the column holds counts, so that ``1.234`` may be a thousand.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    content = utf8_of(cells)
    if (content.sizes <= _MAX_DIGITS).all() and not (content.data - _ZERO > 9).any():
        empty = content.sizes == 0
        digits = pc.if_else(empty, None, cells) if empty.any() else cells
        value = pc.cast(digits, pa.float64()).to_numpy(zero_copy_only=False)
        nothing = np.full(len(cells), np.nan)
        return Numbers(value, nothing, nothing, np.zeros(len(cells), bool), ())
    coded = cells.dictionary_encode()
    codes = coded.indices.to_numpy()
    known = parse_numbers(coded.dictionary.to_pylist(), whole=whole)
    bad = np.flatnonzero(np.isin(codes, known.unreadable)).tolist() if known.unreadable else []
    return Numbers(known.value[codes], known.low[codes], known.high[codes], known.percent[codes], tuple(bad))


def currency_of(text: str) -> str | None:
    """Return the ISO code of a currency named or signed in a text, such as ``CPC (GBP)``."""
    code = _CODE.search(text.replace("CPC", "").replace("CPS", "").replace("PPC", ""))
    if code:
        return code.group(1)
    return next((iso for sign, iso in _MONEY.items() if iso and sign in text), None)
