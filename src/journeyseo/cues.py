"""Cue words: the words of a query that tell what is wanted, not what it is about.

spaCy's phrase matcher finds them, over one tokenizer for all languages: letters in words, Han and
kana one by one. The rest of the query is its subject. Cues are evidence to show; they never decide
a label.
"""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from journeyseo.assets import asset
from journeyseo.stages import STAGES
from journeyseo.text import normalise, to_simplified

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.matcher import PhraseMatcher
    from spacy.tokens import Doc

FILLER = "filler"
_WORD = "word"  # a word or name that holds a cue and is none
_DENSE = "\u2e80-\u2fdf\u3005-\u3007\u3041-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_TOKEN = re.compile(rf"[{_DENSE}]|[^\W_{_DENSE}]+(?:['’.&+-][^\W_{_DENSE}]+)*[+#%]*|[^\s]", re.UNICODE)
_YEAR = re.compile(r"(?:19|20)\d\d")
_HAN = re.compile("[\u3400-\u9fff]")
_HAN_BEFORE, _HAN_BEHIND = re.compile("[\u3400-\u9fff]*$"), re.compile("[\u3400-\u9fff]*")


@dataclass(frozen=True)
class Cue:
    """A cue word in a text.

    Attributes:
        text: The words.
        stage: The stage that it usually marks, or ``filler``.
        start: Index of its first character in the normalised text.
        end: Index after its last character.
    """

    text: str
    stage: str
    start: int
    end: int


@dataclass(frozen=True)
class _Lexicon:
    """What `data/cues` says of a language.

    Attributes:
        cues: Cue words by stage, or ``filler``; words that hold a cue and are none by ``word``.
        naming: Cue words that also end names of things and services.
        nouns: Cue words that are no cue before one of `heads`: "order" in "order management".
        heads: Words of things that are named by what they handle.
        anywhere: Words of one Han that are words of their own wherever they stand in a run.
        first: The same at the beginning of a run.
        between: The same between two words of two Han or more.
        last: The same at the end of a run.
    """

    cues: dict[str, list[str]]
    naming: frozenset[str]
    nouns: frozenset[str]
    heads: tuple[str, ...]
    anywhere: frozenset[str]
    first: frozenset[str]
    between: frozenset[str]
    last: frozenset[str]


@functools.cache
def _lexicon(language: str) -> _Lexicon:
    base = language.split("-", maxsplit=1)[0]
    name = base if base in ("en", "zh") else "world"
    file: dict[str, Any] = tomllib.loads(asset("data", "cues", f"{name}.toml").read_text("utf-8"))
    raw = file.get(base, {}) if name == "world" else file
    alone = raw.get("alone", {})
    return _Lexicon(
        {key: list(raw.get(key, ())) for key in (*STAGES[:5], FILLER, _WORD)},
        frozenset(raw.get("naming", ())),
        frozenset(raw.get("nouns", ())),
        tuple(raw.get("heads", ())),
        *(frozenset(alone.get(key, ())) for key in ("anywhere", "first", "between", "last")),
    )


@functools.cache
def pipeline() -> Language:
    """Return the spaCy pipeline: a blank one of any language, with our tokenizer."""
    import spacy
    from spacy.tokens import Doc

    nlp = spacy.blank("xx")

    def tokenize(text: str) -> Doc:
        words, spaces = [], []
        matches = list(_TOKEN.finditer(text))
        for i, match in enumerate(matches):
            words.append(match.group())
            following = matches[i + 1].start() if i + 1 < len(matches) else len(text)
            spaces.append(following > match.end())
        return Doc(nlp.vocab, words=words, spaces=spaces)

    nlp.tokenizer = tokenize
    return nlp


@functools.cache
def _matcher(language: str) -> PhraseMatcher:
    from spacy.matcher import PhraseMatcher

    nlp = pipeline()
    matcher = PhraseMatcher(nlp.vocab, attr="ORTH")
    for stage, words in _lexicon(language).cues.items():
        if words:
            matcher.add(stage, [nlp.make_doc(w) for w in words])
    return matcher


def _doc(text: str) -> Doc:
    return pipeline().make_doc(text)


def _cues_of(text: str, language: str) -> list[Cue]:
    """Return the cues of a normalised, simplified text: longest first, none overlapping, none in a word."""
    from spacy.util import filter_spans

    doc = _doc(text)
    spans = filter_spans(_matcher(language)(doc, as_spans=True))
    found = [Cue(s.text, s.label_, s.start_char, s.end_char) for s in sorted(spans, key=lambda s: s.start)]
    lexicon = _lexicon(language)
    cues = [c for c in found if c.stage != _WORD and not _names(c, text, lexicon)]
    return _whole(cues, text, lexicon) if _HAN.search(text) else cues


def _names(cue: Cue, text: str, lexicon: _Lexicon) -> bool:
    """Return whether a cue names what the next word handles: "order" in "order management"."""
    if cue.text not in lexicon.nouns:
        return False
    behind = text[cue.end :].lstrip()
    return any(
        behind.startswith(h) and (not h.isascii() or not behind[len(h) :][:1].isalnum())
        for h in lexicon.heads
    )


def _whole(cues: Sequence[Cue], text: str, lexicon: _Lexicon) -> list[Cue]:
    """Return the cues that cut no word: 家 is none in 家具 and 二手家具, nor 会 in 会计.

    One of a single Han counts where it stands alone, and elsewhere as the lexicon says.
    """
    kept: list[Cue] = []
    for place, cue in enumerate(cues):
        if len(cue.text) == 1 and _HAN.match(cue.text) and cue.text not in lexicon.anywhere:
            before = kept[-1].end if kept else 0
            behind = cues[place + 1].start if place + 1 < len(cues) else len(text)
            left = len(_HAN_BEFORE.search(text[before : cue.start]).group())  # type: ignore[union-attr]
            right = len(_HAN_BEHIND.match(text[cue.end : behind]).group())  # type: ignore[union-attr]
            allowed = {
                (False, False): (cue.text,),
                (False, True): lexicon.first,
                (True, True): lexicon.between,
                (True, False): lexicon.last,
            }[left > 0, right > 0]
            if 1 in (left, right) or cue.text not in allowed:
                continue
        kept.append(cue)
    return kept


def find_cues(texts: Sequence[str], languages: Sequence[str]) -> list[list[Cue]]:
    """Return the cue words of each text.

    Args:
        texts: Queries as typed.
        languages: Language of each.
    """
    plain = normalise(pa.array(list(texts), pa.string())).to_pylist()
    found = [_cues_of(to_simplified(t), lang) for t, lang in zip(plain, languages, strict=True)]
    # As typed: folding onto Simplified keeps every character's place.
    return [
        [replace(c, text=text[c.start : c.end]) for c in cues]
        for text, cues in zip(plain, found, strict=True)
    ]


def subjects(texts: Sequence[str], languages: Sequence[str]) -> list[str]:
    """Return each text without its cue words, fillers, years and signs: what it is about.

    A text of nothing but cue words keeps them all. Chinese comes back in Simplified characters,
    so that both scripts meet.
    """
    plain = normalise(pa.array(list(texts), pa.string())).to_pylist()
    return [_subject(to_simplified(text), language) for text, language in zip(plain, languages, strict=True)]


# Topics, coverage and briefs ask for the same queries; a long query and its subject take half a kilobyte.
@functools.lru_cache(maxsize=200_000)
def _subject(text: str, language: str) -> str:
    taken = [False] * len(text)
    for cue in _cues_of(text, language):
        taken[cue.start : cue.end] = [True] * (cue.end - cue.start)
    kept = "".join(" " if gone else char for char, gone in zip(text, taken, strict=True))
    words = [
        m.group()
        for m in _TOKEN.finditer(kept)
        if (m.group()[0].isalnum()) and not _YEAR.fullmatch(m.group())
    ]
    return _joined(words) or _joined([m.group() for m in _TOKEN.finditer(text)]) or text


def phrases(texts: Sequence[str], languages: Sequence[str]) -> list[list[str]]:
    """Return the phrases of each query between its cue words, as typed: what it may be about.

    Fillers, years and signs are taken off their ends and stay inside them; so do fillers of several
    characters before Han, with which they may make a word (台灣製). A cue word that also ends names
    (`naming` in the lexicon: 全屋定制, 搬家公司) stays with the characters before it.
    """
    plain = normalise(pa.array(list(texts), pa.string())).to_pylist()
    return [
        _phrases(typed if len(typed) == len(text) else text, to_simplified(text), language)
        for typed, text, language in zip(texts, plain, languages, strict=True)
    ]


def _phrases(shown: str, folded: str, language: str) -> list[str]:
    """Return the phrases of a query, found in its plain form and cut from the form that is shown."""
    naming = _lexicon(language).naming
    cuts, soft = [], []
    for cue in _cues_of(folded, language):
        if cue.stage == FILLER:
            if len(cue.text) == 1 or not _HAN.match(folded[cue.end : cue.end + 1]):
                soft.append(cue)
        elif not (cue.text in naming and cue.start > 0 and _HAN.match(folded[cue.start - 1])):
            cuts.append(cue)
    found, start = [], 0
    for end, behind in [*((c.start, c.end) for c in cuts), (len(folded), len(folded))]:
        own = [
            (m.start() + start, m.end() + start)
            for m in _TOKEN.finditer(folded[start:end])
            if m.group()[0].isalnum() and not _YEAR.fullmatch(m.group())
        ]
        inside = [w for w in own if not any(c.start <= w[0] and w[1] <= c.end for c in soft)]
        if inside:
            found.append(shown[inside[0][0] : inside[-1][1]])
        start = behind
    return found


def _joined(words: Sequence[str]) -> str:
    """Return words with blanks between them, but none inside a run of Han."""
    return re.sub(rf"(?<=[{_DENSE}]) (?=[{_DENSE}])", "", " ".join(words))


def spans_of_words(text: str) -> list[tuple[int, int]]:
    """Return where the words of a normalised text begin and end.

    Letters by spaCy's tokens; a run of Han or kana is cut at its cue words.
    """
    folded = to_simplified(text)
    language = "ja" if re.search(r"[\u3041-\u30ff]", text) else "zh"
    dense = re.compile(rf"[{_DENSE}]")
    cues = _cues_of(folded, language) if dense.search(folded) else []
    inside = {i: n for n, c in enumerate(cues) if dense.search(c.text) for i in range(c.start, c.end)}
    spans: list[tuple[int, int]] = []
    group: object = None
    for match in _TOKEN.finditer(text):
        start, end = match.span()
        if not dense.match(match.group()):
            if match.group()[0].isalnum():
                spans.append((start, end))
            group = None
            continue
        own = inside.get(start, "rest")
        if group == own and spans and spans[-1][1] == start:
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((start, end))
        group = own
    return spans
