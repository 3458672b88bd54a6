"""The language of short texts: by script where the script tells, by statistics where it does not."""

from __future__ import annotations

import functools
import re
import zlib
from collections import Counter
from collections.abc import Sequence

from journeyseo.text import simplified

# A query's own language is believed from this probability on: over our labelled queries 0.1 % of
# the English ones and 0.3 % of the others are then given a wrong one (re-run: tests/test_languages).
_SURE = 0.8
# From so many Latin texts on their statistics say which language prevails; English below.
_ENOUGH = 5
# So many texts of a large set are looked at; if fewer than this share of them are surely of another
# language than the prevailing one, the rest are taken to be of it.
_SAMPLE, _STRANGE = 4000, 0.002
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


def _script(text: str) -> str:
    """Return the language that the script gives away; ``latin`` or ``zh`` where it does not.

    Chinese with a single telling character is ``zh-Hans?`` or ``zh-Hant?``.
    """
    if text.isascii():
        return "latin"
    for language, pattern in _SCRIPTS:
        if pattern.search(text):
            if language != "zh":
                return language
            simple, traditional = _chinese()
            chars = set(text)
            left, right = len(chars & simple), len(chars & traditional)
            if left == right:
                return "zh"
            return ("zh-Hans" if left > right else "zh-Hant") + "?" * (abs(left - right) == 1)
    return "latin"


@functools.cache
def _identifier() -> object:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(list(_LATIN))
    return identifier


def _statistical(text: str) -> tuple[str, float]:
    language, probability = _identifier().classify(text)  # type: ignore[attr-defined]
    return str(language), float(probability)


def detect_languages(texts: Sequence[str]) -> list[str]:
    """Return the language of each text of a set that belongs together.

    The script decides where it can. Chinese without a telling character takes the form that
    prevails in the set (Simplified where none does). A Latin-script text takes its own language
    where statistics are sure of it, else the one that prevails among the Latin texts of the set,
    or the set's language where Latin texts are few.

    Args:
        texts: Queries of one file, or pages of one site.
    """
    found = _among_japanese([_script(text) for text in texts])
    counts = Counter(language.rstrip("?") for language in found)
    chinese = "zh-Hant" if counts["zh-Hant"] > counts["zh-Hans"] else "zh-Hans"
    telling = counts["zh-Hans"] + counts["zh-Hant"]
    if min(counts["zh-Hans"], counts["zh-Hant"]) < _FEW * telling:
        # One character of the other form in a set of one form is a variant or a slip.
        found = [chinese if language.endswith("?") else language for language in found]
    found = _among_ukrainian([language.rstrip("?") for language in found], texts)
    latin = [i for i, language in enumerate(found) if language == "latin"]
    readable = [i for i in latin if _has_letters(texts[i])]
    guess = {i: _statistical(texts[i]) for i in _sample(readable, texts)}
    votes = Counter(language for language, _ in guess.values())
    enough = sum(votes.values()) >= _ENOUGH
    main = min(votes, key=lambda k: (-votes[k], k)) if enough else "en"
    if latin and len(latin) < _FEW * len(texts):
        other = Counter(chinese if k == "zh" else k for k in found if k != "latin")
        main = min(other, key=lambda k: (-other[k], k))
    strange = sum(p >= _SURE and language != main for language, p in guess.values())
    if len(guess) < len(readable) and strange > _STRANGE * len(guess):
        guess = {i: guess.get(i) or _statistical(texts[i]) for i in readable}
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
    return any(c.isalpha() for c in text)
