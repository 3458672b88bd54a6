"""Harmless changes of queries, so that the encoder learns what does not matter."""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Callable, Sequence

from journeyseo.text import HAN, character_kinds

# Share of the queries that are changed in a pass.
_SHARE = 0.3
# Words this short are often function words, and their order tells who buys what from whom.
_SHORT = 3
_LETTERS = 5  # a word with a typo is still known from this many on


def vary(texts: Sequence[str], *, seed: int) -> list[str]:
    """Return the texts, some of them changed in order, spacing, accents or spelling.

    Args:
        texts: In normal form.
        seed: Of the dice.
    """
    dice = random.Random(seed)  # noqa: S311  # not for secrets
    return [_varied(text, dice) if dice.random() < _SHARE else text for text in texts]


def _varied(text: str, dice: random.Random) -> str:
    """Return the text with one of the changes that fit it."""
    ways: list[Callable[[str, random.Random], str]] = []
    words = text.split(" ")
    dense = any(_is_han(c) for c in text)
    if len(words) > 1 and (dense or all(len(w) > _SHORT or not w.isalpha() for w in words)):
        ways += [_order, _order]
    if dense or len(words) > 1:
        ways.append(_spacing)
    if any(len(w) >= _LETTERS and w.isascii() and w.isalpha() for w in words):
        ways.append(_spelling)
    if not dense and unicodedata.normalize("NFD", text) != text:
        ways.append(_accents)
    return dice.choice(ways)(text, dice) if ways else text


def _is_han(char: str) -> bool:
    code = ord(char)
    kinds = character_kinds()
    return code < len(kinds) and bool(kinds[code] == HAN)


def _order(text: str, dice: random.Random) -> str:
    words = text.split(" ")
    dice.shuffle(words)
    return " ".join(words)


def _spacing(text: str, dice: random.Random) -> str:
    """Take one space out, or put one between two Han characters."""
    spaces = [i for i, c in enumerate(text) if c == " "]
    joints = [i for i in range(1, len(text)) if _is_han(text[i - 1]) and _is_han(text[i])]
    if spaces and (not joints or dice.random() < 0.5):
        at = dice.choice(spaces)
        return text[:at] + text[at + 1 :]
    if not joints:
        return text
    at = dice.choice(joints)
    return f"{text[:at]} {text[at:]}"


def _spelling(text: str, dice: random.Random) -> str:
    """Drop a letter of a word, double it, or swap it with the next."""
    words = text.split(" ")
    i = dice.choice([i for i, w in enumerate(words) if len(w) >= _LETTERS and w.isascii() and w.isalpha()])
    word, at = words[i], dice.randrange(1, len(words[i]) - 1)
    words[i] = dice.choice(
        (
            word[:at] + word[at + 1 :],
            word[:at] + word[at] + word[at:],
            word[:at] + word[at + 1] + word[at] + word[at + 2 :],
        )
    )
    return " ".join(words)


def _accents(text: str, _: random.Random) -> str:
    plain = "".join(c for c in unicodedata.normalize("NFD", text) if unicodedata.category(c) != "Mn")
    return unicodedata.normalize("NFC", plain)
