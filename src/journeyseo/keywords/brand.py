"""Which queries name the team's own brand."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Sequence

import pandas as pd

from journeyseo.errors import ConfigError
from journeyseo.text import to_simplified

# Scripts that put no blanks between words: a brand is found anywhere in a query.
_UNSPACED = re.compile(r"[\u0e00-\u0fff\u1000-\u109f\u1780-\u17ff\u2e80-\u9fff\uac00-\ud7a3\uf900-\ufaff]")
# Letters of a brand from which on people also write it in two words: shorter ones would be found in
# other words ("on e" in "one").
_LONG = 6


@functools.cache
def _folded(text: str) -> str:
    """Return a text without case, width, accents, Traditional forms and the two kinds of kana."""
    text = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    text = "".join(c for c in text if not unicodedata.combining(c) or c in "\u3099\u309a")
    text = to_simplified(unicodedata.normalize("NFKC", text))
    return "".join(chr(ord(c) + 0x60) if "\u3041" <= c <= "\u3096" else c for c in text)


def _pattern(term: str) -> str:
    """Return the regular expression of a brand over folded texts."""
    words = re.findall(r"[^\W_]+(?:[+#&!][^\W_]*)*", _folded(term))
    letters = "".join(words)
    if not letters:
        raise ConfigError(
            f"The brand {term!r} has no letters.", where="brand", hint="Give the name as people type it."
        )
    if _UNSPACED.search(letters):
        return r"[\W_]*".join(map(re.escape, letters))
    gap = r"[\W_]*"
    if len(letters) >= _LONG:
        body = r"[\s\-_.]?".join(map(re.escape, letters))
        body = f"(?:{body}|{gap.join(map(re.escape, words))})"
    else:
        body = gap.join(map(re.escape, words))
    return rf"(?<![^\W_]){body}(?![^\W_])"


def mark_brand(queries: pd.Series, terms: Sequence[str]) -> pd.Series:
    """Return whether each query names one of the brands.

    A brand is found as whole words, whatever the case, width, accents and script (Traditional or
    Simplified, hiragana or katakana), written in one word or with blanks or hyphens; in scripts
    without blanks, anywhere in the query.

    Args:
        queries: The queries.
        terms: Names of the brand, as people type them.

    Raises:
        ConfigError: A name has no letters.
    """
    find = re.compile("|".join(_pattern(term) for term in terms))
    known = {query: bool(find.search(_folded(query))) for query in queries.unique()}
    _folded.cache_clear()
    return queries.map(known).astype("boolean")
