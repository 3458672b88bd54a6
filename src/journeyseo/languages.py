"""The language of short texts: by script where the script tells, by statistics where it does not."""

from __future__ import annotations

import functools
import re
import unicodedata
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import scipy.sparse as sp

from journeyseo.errors import ConfigError
from journeyseo.text import simplified

# A query's own language is believed from this probability on: over our labelled queries 0.1 % of
# the English ones and 0.3 % of the others are then given a wrong one (re-run: tests/test_languages).
_SURE = 0.8
# From so many Latin texts on their statistics say which language prevails; English below.
_ENOUGH = 5
# So many texts of a large set are looked at; if fewer than this share of them are surely of another
# language than the prevailing one, the rest are taken to be of it.
_SAMPLE, _STRANGE = 4000, 0.002
# Characters up to which texts are looked at side by side, and how many of them at a time.
_LONG, _BATCH = 400, 20_000
# Below this share Latin queries in a file of another script are names, in the file's language.
_FEW = 0.15
_LATIN = (
    "en", "de", "fr", "es", "it", "pt", "nl", "pl", "cs", "sv", "da", "no", "fi", "tr", "vi", "id",
    "ro", "hu", "hr", "sk", "ca",
)  # fmt: skip
_SCRIPTS = (
    ("ja", re.compile(r"[\u3041-\u30fa\u30fc-\u30ff\uff66-\uff9d]")),
    ("ko", re.compile(r"[\uac00-\ud7a3\u1100-\u11ff]")),
    ("zh", re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")),
    ("th", re.compile(r"[\u0e01-\u0e5b]")),
    ("uk", re.compile(r"[іїєґІЇЄҐ]")),
    ("ru", re.compile(r"[\u0400-\u04ff]")),
    ("fa", re.compile(r"[پچژگ]")),
    ("ar", re.compile(r"[\u0600-\u06ff]")),
    ("he", re.compile(r"[\u05d0-\u05ea]")),
    ("el", re.compile(r"[\u0370-\u03ff]")),
    ("hi", re.compile(r"[\u0900-\u097f]")),
)
# Forms that both scripts use, for other words too: they prove nothing.
_BOTH = "后里面只发干台几斗谷丑松曲系冲伙出别卷升合吁回吊咸奸家岳布才扎板柜梁淀云万与著乾徵瀋藉夥鬱吒"
_RUSSIAN = re.compile(r"[ыэъёЫЭЪЁ]")
# Share of the texts of a script that must be surely of a language for the doubtful ones to follow.
_AMONG = 0.3
_NORMAL = {
    "zh": "zh-Hans", "zh-cn": "zh-Hans", "zh-sg": "zh-Hans", "zh-hans": "zh-Hans",
    "zh-tw": "zh-Hant", "zh-hk": "zh-Hant", "zh-mo": "zh-Hant", "zh-hant": "zh-Hant",
    "english": "en", "chinese": "zh-Hans", "german": "de", "french": "fr", "spanish": "es",
    "japanese": "ja", "korean": "ko", "italian": "it", "portuguese": "pt", "dutch": "nl",
    "polish": "pl", "russian": "ru",
}  # fmt: skip

# ISO 639-1 by first letter, the two forms of Chinese, and languages of many searchers whose code is longer.
_SECOND = {
    "a": "abefkmnrsvyz", "b": "aeghimnors", "c": "aehorsuvy", "d": "aevz", "e": "elnostu",
    "f": "afijory", "g": "adlnuv", "h": "aeiortuyz", "i": "adegikostu", "j": "av",
    "k": "agijklmnorsuvwy", "l": "abginotuv", "m": "ghiklnrsty", "n": "abdeglnorvy", "o": "cjmrs",
    "p": "ailst", "q": "u", "r": "mnouw", "s": "acdegiklmnoqrstuvw", "t": "aeghiklnorstwy", "u": "gkrz",
    "v": "eio", "w": "ao", "x": "h", "y": "io", "z": "au",
}  # fmt: skip
_KNOWN = frozenset({first + second for first, letters in _SECOND.items() for second in letters}) | {
    "zh-Hans", "zh-Hant", "ceb", "fil", "haw", "hmn", "yue",
}  # fmt: skip


def is_language(text: str) -> bool:
    """Return whether a text names a language: a BCP 47 tag, or an English name that we know."""
    return language_tag(text) in _KNOWN


def unknown_language(text: str) -> ConfigError:
    """Return the error for a text that names no language."""
    return ConfigError(
        f"There is no language {text!r}.", hint="Give a code such as en, de, ja, zh-Hans or zh-Hant."
    )


def language_tag(text: str) -> str:
    """Return a language as we write it: ``en-GB`` is ``en``, ``zh-TW`` is ``zh-Hant``."""
    tag = text.strip().replace("_", "-").lower()
    parts = tag.split("-")
    for length in (3, 2, 1):
        known = _NORMAL.get("-".join(parts[:length]))
        if known:
            return known
    return parts[0]


@functools.cache
def _chinese() -> tuple[frozenset[str], frozenset[str]]:
    """Return the characters that only Simplified and only Traditional texts use."""
    from opencc import OpenCC

    table = simplified()
    traditional = {chr(c) for c in (*range(0x3400, 0x4DC0), *range(0x4E00, 0xA000)) if table[c] != c}
    # Simplified only where the way back changes it too: 床 and 吃 are also the forms of Taiwan.
    candidates = "".join(sorted({chr(table[ord(c)]) for c in traditional} - traditional))
    back = OpenCC("s2tw").convert("\n".join(candidates)).split("\n")
    changed = {c for c, b in zip(candidates, back, strict=True) if c != b}
    return frozenset(changed - set(_BOTH)), frozenset(traditional - set(_BOTH))


@functools.cache
def _scripts_of_characters() -> npt.NDArray[np.uint16]:
    """Return for each code point below 0x10000 the numbers in `_SCRIPTS` of those it tells, as bits."""
    text = "".join(map(chr, (*range(0xD800), *range(0xE000, 0x10000))))
    bits = np.zeros(0x10000, np.uint16)
    for number, (_, pattern) in enumerate(_SCRIPTS):
        codes = np.frombuffer("".join(pattern.findall(text)).encode("utf-16-le"), "<u2")
        bits[codes] |= 1 << number
    return bits


def _scripts(texts: Sequence[str]) -> list[str]:
    """Return the language that each script gives away; ``latin`` or ``zh`` where it does not.

    Chinese with a single telling character is ``zh-Hans?`` or ``zh-Hant?``.
    """
    found = ["latin"] * len(texts)
    wide = [i for i, text in enumerate(texts) if not text.isascii()]
    if not wide:
        return found
    joined = "\n".join(texts[i].replace("\n", " ") for i in wide)
    codes = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), "<u4")
    starts = np.r_[0, np.flatnonzero(codes == ord("\n")) + 1]
    bits = np.where(codes < 0x10000, _scripts_of_characters()[np.minimum(codes, 0xFFFF)], 0)
    for i, some in zip(wide, np.bitwise_or.reduceat(bits, starts).tolist(), strict=True):
        if some:  # the lowest bit is the first script of the list
            language = _SCRIPTS[(some & -some).bit_length() - 1][0]
            found[i] = language if language != "zh" else _form(texts[i])
    return found


def _form(text: str) -> str:
    """Return the form of a Chinese text."""
    simple, traditional = _chinese()
    chars = set(text)
    left, right = len(chars & simple), len(chars & traditional)
    if left == right:
        return "zh"
    return ("zh-Hans" if left > right else "zh-Hant") + "?" * (abs(left - right) == 1)


@functools.cache
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(list(_LATIN))
    return identifier


@functools.cache
def _automaton() -> tuple[npt.NDArray[Any], ...]:
    """Return the identifier's moves, rows and outputs, its table of weights and its priors."""
    own = _identifier()
    parts = (own.tk_nextmove, own.tk_row, own.tk_output, own.nb_ptc, own.nb_pc)
    kinds = (None, np.int64, np.int64, np.float32, np.float32)
    return tuple(np.asarray(part, kind) for part, kind in zip(parts, kinds, strict=True))


def _statistical(texts: Sequence[str]) -> list[tuple[str, float]]:
    """Return the likeliest Latin language of each text and its probability.

    Short texts are walked through the identifier's automaton side by side: many at a time, letter by
    letter.
    """
    found: list[tuple[str, float]] = [("", 0.0)] * len(texts)
    short: list[tuple[int, bytes]] = []
    for i, text in enumerate(texts):
        if len(text) > _LONG:
            language, probability = _identifier().classify(text)
            found[i] = str(language), float(probability)
        else:
            plain = text.lower() if text.isupper() else text
            short.append((i, unicodedata.normalize("NFC", plain).encode("utf-8", "surrogatepass")))
    short.sort(key=lambda item: -len(item[1]))
    for start in range(0, len(short), _BATCH):
        some = short[start : start + _BATCH]
        for (i, _), result in zip(some, _classified([data for _, data in some]), strict=True):
            found[i] = result
    return found


def _classified(texts: Sequence[bytes]) -> Iterator[tuple[str, float]]:
    """Yield what the identifier's ``classify`` returns for each text; the longest comes first."""
    moves, rows, out, table, priors = _automaton()
    sizes = np.array([len(text) for text in texts])
    data = np.frombuffer(b"".join(texts), np.uint8)
    starts = np.cumsum(sizes) - sizes
    state = np.zeros(len(texts), np.int64)
    owners, features = [], []
    for step in range(sizes[0] if len(sizes) else 0):
        state = state[: np.searchsorted(-sizes, -step)]  # those with more bytes than these
        letters = data[starts[: len(state)] + step]
        state = moves[(rows[state] << 8) + letters].astype(np.int64)
        feature = out[state]
        hits = np.flatnonzero(feature >= 0)
        owners.append(hits)
        features.append(feature[hits])
    counts = sp.csr_array(
        (
            np.ones(sum(map(len, owners)), np.float32),
            (
                np.concatenate([[], *owners]).astype(np.int64),
                np.concatenate([[], *features]).astype(np.int64),
            ),
        ),
        shape=(len(texts), len(table)),
    )
    counts.sum_duplicates()
    known = np.diff(counts.indptr) > 0
    counts.data = np.log1p(counts.data)
    scores = np.where(known[:, None], counts @ table + priors, 0)
    # The longer a text, the further apart its scores: without this all would seem sure.
    scores /= np.sqrt(np.maximum(sizes, 1))[:, None]
    scores = np.exp(scores - scores.max(axis=1, keepdims=True))
    scores /= scores.sum(axis=1, keepdims=True)
    best = scores.argmax(axis=1)
    names = _identifier().nb_classes
    probabilities = scores[np.arange(len(best)), best].tolist()
    for i, probability in zip(best.tolist(), probabilities, strict=True):
        yield names[i], probability


def detect_languages(texts: Sequence[str]) -> list[str]:
    """Return the language of each text of a set that belongs together.

    The script decides where it can. Chinese without a telling character takes the form that
    prevails in the set (Simplified where none does). A Latin-script text takes its own language
    where statistics are sure of it, else the one that prevails among the Latin texts of the set,
    or the set's language where Latin texts are few.

    Args:
        texts: Queries of one file, or pages of one site.
    """
    found = _among_japanese(_scripts(texts))
    counts: Counter[str] = Counter()
    for language, count in Counter(found).items():
        counts[language.rstrip("?")] += count
    chinese = "zh-Hant" if counts["zh-Hant"] > counts["zh-Hans"] else "zh-Hans"
    telling = counts["zh-Hans"] + counts["zh-Hant"]
    if min(counts["zh-Hans"], counts["zh-Hant"]) < _FEW * telling:
        # One character of the other form in a set of one form is a variant or a slip.
        found = [chinese if language.endswith("?") else language for language in found]
    found = _among_ukrainian([language.rstrip("?") for language in found], texts)
    latin = [i for i, language in enumerate(found) if language == "latin"]
    readable = [i for i in latin if _has_letters(texts[i])]
    sample = _sample(readable, texts)
    guess = dict(zip(sample, _statistical([texts[i] for i in sample]), strict=True))
    votes = Counter(language for language, _ in guess.values())
    enough = sum(votes.values()) >= _ENOUGH
    main = min(votes, key=lambda k: (-votes[k], k)) if enough else "en"
    if latin and len(latin) < _FEW * len(texts):
        other = Counter(chinese if k == "zh" else k for k in found if k != "latin")
        main = min(other, key=lambda k: (-other[k], k))
    strange = sum(p >= _SURE and language != main for language, p in guess.values())
    if len(guess) < len(readable) and strange > _STRANGE * len(guess):
        guess = dict(zip(readable, _statistical([texts[i] for i in readable]), strict=True))
    for i in latin:
        own, probability = guess.get(i, (main, 0.0))
        found[i] = own if probability >= _SURE else main
    return [chinese if language == "zh" else language for language in found]


def _among_japanese(found: list[str]) -> list[str]:
    """Return the languages with kanji without kana given to Japanese, among Japanese texts."""
    count = Counter(found)
    doubtful = count["zh"] + count["zh-Hans?"] + count["zh-Hant?"]
    if count["ja"] <= max(count["zh-Hans"], count["zh-Hant"]):
        return found
    if count["ja"] < _AMONG * (count["ja"] + doubtful):
        return found
    return ["ja" if language == "zh" or language.endswith("?") else language for language in found]


def _among_ukrainian(found: list[str], texts: Sequence[str]) -> list[str]:
    """Return the languages with Cyrillic without a telling letter given to Ukrainian, among such."""
    count = Counter(found)
    if not count["uk"] or count["uk"] < _AMONG * (count["uk"] + count["ru"]):
        return found
    return [
        "uk" if language == "ru" and not _RUSSIAN.search(text) else language
        for language, text in zip(found, texts, strict=True)
    ]


def _sample(places: Sequence[int], texts: Sequence[str]) -> Sequence[int]:
    """Return some of many places, chosen by the texts alone, whatever their order."""
    step = len(places) // _SAMPLE
    return [i for i in places if zlib.crc32(texts[i].encode()) % step == 0] if step > 1 else places


def _has_letters(text: str) -> bool:
    return text.islower() or any(c.isalpha() for c in text)
