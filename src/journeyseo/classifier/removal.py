"""Reasons by removal: what changes when a word is taken out. True of any engine."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from journeyseo.classifier.engine import Floats
from journeyseo.cues import spans_of_words
from journeyseo.text import normalise

# Texts whose words are taken out at once: the more, the more often two become one; bounds the memory.
_CHUNK = 32_768


# Words of a text that are tried where another engine says which are likely.
_TRIED = 3

Scores = Callable[[pa.Array], Floats]
"""Returns scores of the labels, one row a text."""


def strongest_by_removal(
    probabilities: Scores, texts: Sequence[str], found: Floats, hints: Scores | None = None
) -> list[str]:
    """Return, for each text, the word without which its label's odds fall most.

    The text itself where it is one word; an empty string where no word's absence lowers the odds.

    Args:
        probabilities: Of an engine.
        texts: In normal form.
        found: The engine's probabilities of the texts.
        hints: Scores of a quicker engine. Only the words of a text that speak most for its label by
            these are tried (`python -m benchmarks.deletion` shows what that costs and saves).
    """
    out: list[str] = []
    labels = found.argmax(axis=1)
    odds = _log_odds(found)
    for start in range(0, len(texts), _CHUNK):
        part = texts[start : start + _CHUNK]
        spans = [spans_of_words(text) for text in part]
        if hints is not None:
            spans = _likely(part, spans, labels[start : start + _CHUNK], hints)
        without = [
            _without(text, span) for text, own in zip(part, spans, strict=True) for span in _several(own)
        ]
        # Texts lose their difference with a word: "best crm" and "crm login" are both "crm" then.
        encoded = pa.array(without, pa.string()).dictionary_encode()
        fallen = _log_odds(probabilities(encoded.dictionary))[encoded.indices.to_numpy()]
        at = 0
        for i, (text, own) in enumerate(zip(part, spans, strict=True), start):
            if len(own) < 2:
                out.append(text[slice(*own[0])] if own else "")
                continue
            drops = odds[i, labels[i]] - fallen[at : at + len(own), labels[i]]
            at += len(own)
            best = int(drops.argmax())
            out.append(text[slice(*own[best])] if drops[best] > 0 else "")
    return out


def _likely(
    texts: Sequence[str],
    spans: Sequence[list[tuple[int, int]]],
    labels: npt.NDArray[np.int64],
    hints: Scores,
) -> list[list[tuple[int, int]]]:
    """Return the words of each text that speak most for its label by the hints, in their order."""
    words = [text[a:b] for text, own in zip(texts, spans, strict=True) for a, b in own]
    encoded = pa.array(words, pa.string()).dictionary_encode()
    scores = hints(encoded.dictionary)
    lead = scores - scores.mean(axis=1, keepdims=True)
    codes = encoded.indices.to_numpy()
    out, at = [], 0
    for own, label in zip(spans, labels, strict=True):
        value = lead[codes[at : at + len(own)], label]
        best = np.sort(np.argsort(-value, kind="stable")[:_TRIED])
        out.append([own[i] for i in best])
        at += len(own)
    return out


def _several(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    return spans if len(spans) > 1 else []


def _without(text: str, span: tuple[int, int]) -> str:
    return f"{text[: span[0]]} {text[span[1] :]}".strip()


def _log_odds(probabilities: Floats) -> Floats:
    p = np.clip(probabilities, 1e-6, 1 - 1e-6)
    odds: Floats = np.log(p / (1 - p))
    return odds


def shares_by_removal(probabilities: Scores, text: str) -> list[tuple[str, npt.NDArray[np.float64]]]:
    """Return each word of a text with the change of the log odds of the labels when it is taken out.

    Args:
        probabilities: Of an engine.
        text: As typed.
    """
    plain = normalise(pa.array([text], pa.string()))[0].as_py()
    spans = spans_of_words(plain)
    if len(spans) < 2:
        nothing = np.zeros(probabilities(pa.array([plain], pa.string())).shape[1])
        return [(plain, nothing)] if spans else []
    without = [_without(plain, span) for span in spans]
    odds = _log_odds(probabilities(pa.array([plain, *without], pa.string())))
    return [(plain[a:b], (odds[0] - odds[i + 1]).astype(np.float64)) for i, (a, b) in enumerate(spans)]
