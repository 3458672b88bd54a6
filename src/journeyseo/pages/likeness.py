"""Pages that say the same: a fingerprint of a text, and the pairs that are nearly alike."""

from __future__ import annotations

import hashlib
import re
import zlib
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

_DENSE = r"\u3041-\u30ff\u3400-\u9fff\uf900-\ufaff"
_TOKEN = re.compile(rf"[^\W_{_DENSE}]+|[{_DENSE}]")
# Fewer words say too little to call two pages alike.
_MIN_TOKENS = 25
# Enough to know a text by; bounds the work for one page.
_MAX_TOKENS = 4_000
_SHINGLE = 2
# Of 64 bits, so many may differ. In texts of 200 random words one changed word moves 3 bits, five
# move 6, twenty move 13, and other texts differ in 32.
NEAR = 6
_BITS, _BANDS = 64, 7  # with 6 differing bits at least one of seven bands is equal
# Most others that a page is compared with in a band: beyond it lies boilerplate.
_MAX_COMPARED = 500

Codes = npt.NDArray[np.uint64]


@dataclass(frozen=True)
class Fingerprint:
    """What a text is known by.

    Attributes:
        exact: Equal for equal texts.
        near: 64 bits, of which few differ for texts that nearly agree; None for short texts.
    """

    exact: str
    near: int | None


def fingerprint(text: str) -> Fingerprint:
    """Return the fingerprint of a text; case, blanks and signs do not count."""
    tokens = [t.group() for _, t in zip(range(_MAX_TOKENS), _TOKEN.finditer(text.lower()), strict=False)]
    plain = " ".join(tokens).encode("utf-8", "surrogatepass")
    exact = hashlib.blake2b(plain, digest_size=12).hexdigest() if tokens else ""
    if len(tokens) < _MIN_TOKENS:
        return Fingerprint(exact, None)
    known: dict[str, int] = {t: zlib.crc32(t.encode("utf-8", "surrogatepass")) for t in set(tokens)}
    codes = np.array([known[t] for t in tokens], np.uint64)
    size = len(codes) - _SHINGLE + 1
    mixed = np.zeros(size, np.uint64)
    for place in range(_SHINGLE):
        mixed = _mix(mixed ^ codes[place : place + size])
    counts = ((mixed[:, None] >> np.arange(_BITS, dtype=np.uint64)) & np.uint64(1)).sum(axis=0)
    bits = counts * 2 > size
    return Fingerprint(exact, int(np.packbits(bits, bitorder="little").view(np.uint64)[0]))


def _mix(codes: Codes) -> Codes:
    """Spread each number over 64 bits (the finaliser of SplitMix64)."""
    codes = codes + np.uint64(0x9E3779B97F4A7C15)
    codes = (codes ^ (codes >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    codes = (codes ^ (codes >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return codes ^ (codes >> np.uint64(31))


def are_near(one: int, other: int) -> bool:
    """Return whether two near-fingerprints differ in few bits only."""
    return (one ^ other).bit_count() <= NEAR


def near_pairs(codes: Codes) -> dict[int, int]:
    """Return for each place whose page is nearly that of an earlier place, the first such place.

    Args:
        codes: Near-fingerprints, in the order of the pages.
    """
    unique, first = np.unique(codes, return_index=True)
    order = np.argsort(first, kind="stable")
    unique, first = unique[order], first[order]
    best = np.arange(len(unique))
    width = np.uint64(_BITS // _BANDS + 1)  # the last band is shorter
    for band in range(_BANDS):
        part = (unique >> (np.uint64(band) * width)) & np.uint64(2 ** int(width) - 1)
        sorted_by = np.argsort(part, kind="stable")
        cuts = np.flatnonzero(np.diff(part[sorted_by])) + 1
        for group in np.split(sorted_by, cuts):
            for at in range(1, len(group)):
                earlier = group[max(0, at - _MAX_COMPARED) : at]
                close = np.bitwise_count(unique[earlier] ^ unique[group[at]]) <= NEAR
                if close.any():
                    best[group[at]] = min(best[group[at]], earlier[close][0])
    # A page near one that is itself near another goes to the first of them.
    for at in range(len(best)):
        best[at] = best[best[at]]
    where = {int(code): i for i, code in enumerate(unique)}
    found: dict[int, int] = {}
    for place, code in enumerate(codes.tolist()):
        source = int(first[best[where[code]]])
        if source != place:
            found[place] = source
    return found
