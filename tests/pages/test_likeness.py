"""Fingerprints of texts, and pairs that are nearly alike."""

from __future__ import annotations

import random

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from journeyseo.pages.likeness import NEAR, are_near, fingerprint, near_pairs

WORDS = [f"word{i}" for i in range(2_000)]


def _text(seed: int, size: int = 300) -> list[str]:
    return random.Random(seed).choices(WORDS, k=size)


def test_case_blanks_and_signs_do_not_count():
    one, other = fingerprint("Heat pumps, in OLD houses.\n"), fingerprint("heat  pumps in old houses!")
    assert one.exact == other.exact
    assert one.near is None
    assert fingerprint("").exact == ""
    assert fingerprint("热泵的价格").exact != fingerprint("热泵的噪音").exact


def test_a_changed_word_is_near_and_another_text_is_not():
    words = _text(1)
    changed = [*words[:150], "changed", *words[151:]]
    assert are_near(fingerprint(" ".join(words)).near, fingerprint(" ".join(changed)).near)
    assert not are_near(fingerprint(" ".join(words)).near, fingerprint(" ".join(_text(2))).near)
    chinese = (
        "热泵把室外空气里的热量送进屋里，冬天也很安静，老房子里一样能用，价格取决于房子的大小和供热的方式。"
        * 4
    )
    assert are_near(fingerprint(chinese).near, fingerprint(chinese + "另外").near)


def test_pairs_lead_to_the_first():
    codes = [fingerprint(" ".join(_text(i))).near for i in range(50)]
    codes += [codes[3] ^ 0b111, codes[3], codes[7] ^ (1 << 63)]
    assert near_pairs(np.array(codes, np.uint64)) == {50: 3, 51: 3, 52: 7}
    assert near_pairs(np.array([], np.uint64)) == {}


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 2**64 - 1), st.sets(st.integers(0, 63), max_size=NEAR))
def test_any_few_bits_apart_are_found(code, bits):
    other = code
    for bit in bits:
        other ^= 1 << bit
    assert near_pairs(np.array([code, other], np.uint64)) == {1: 0}


@settings(max_examples=100, deadline=None)
@given(st.text())
def test_any_text_has_one(text):
    assert fingerprint(text) == fingerprint(text)
