"""Names and phrases in queries: found whatever the case, width, accents and script."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from journeyseo.text import to_simplified

# Scripts that put no blanks between words: a phrase is found anywhere in a query.
_UNSPACED = re.compile(r"[\u0e00-\u0fff\u1000-\u109f\u1780-\u17ff\u2e80-\u9fff\uac00-\ud7a3\uf900-\ufaff]")
# Letters of a phrase from which on people also write it in two words: shorter ones would be found in
# other words ("on e" in "one").
_LONG = 6


def fold(text: str) -> str:
    """Return a text without case, width, accents, Traditional forms and the two kinds of kana."""
    text = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    text = "".join(c for c in text if not unicodedata.combining(c) or c in "\u3099\u309a")
    text = to_simplified(unicodedata.normalize("NFKC", text))
    return "".join(chr(ord(c) + 0x60) if "\u3041" <= c <= "\u3096" else c for c in text)


def phrase_pattern(phrase: str) -> str:
    """Return the regular expression of a phrase over folded texts; empty where it has no letters.

    Args:
        phrase: The phrase, as people type it.
    """
    words = re.findall(r"[^\W_]+(?:[+#&!][^\W_]*)*", fold(phrase))
    letters = "".join(words)
    if not letters:
        return ""
    if _UNSPACED.search(letters):
        return r"[\W_]*".join(map(re.escape, letters))
    gap = r"[\W_]*"
    if len(letters) >= _LONG:
        body = r"[\s\-_.]?".join(map(re.escape, letters))
        body = f"(?:{body}|{gap.join(map(re.escape, words))})"
    else:
        body = gap.join(map(re.escape, words))
    return rf"(?<![^\W_]){body}(?![^\W_])"


def any_phrase(phrases: Iterable[str]) -> re.Pattern[str]:
    """Return what finds any of some phrases in a folded text; of none, nothing is found.

    A phrase is found as whole words, whatever the case, width, accents and script (Traditional or
    Simplified, hiragana or katakana), written in one word or with blanks or hyphens; in scripts
    without blanks, anywhere in the text.

    Args:
        phrases: Phrases as people type them, each with letters.
    """
    return re.compile("|".join(map(phrase_pattern, phrases)) or "(?!)")
