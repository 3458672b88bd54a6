"""Queries without labels, made of the authored ones, for the fast engine to learn base's answers on.

A grammar is mined, not written: beginnings and endings that occur with many subjects ("how to clean",
"near me", 怎么选) are frames; what stands between them is a subject. Frames and subjects of a language
are then crossed, subjects stand alone or side by side, and authored queries lose a word or swap halves.
Nonsense is welcome: its label is whatever base says, and the student has to say the same.
"""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import pandas as pd
import pyarrow as pa

from journeyseo.text import normalise

_DENSE = re.compile("[\u0e00-\u0e7f\u3041-\u30ff\u3400-\u9fff]")
# A beginning or ending is a frame from this many subjects on: under it, names of brands get in.
_SUBJECTS = 5
_LONGEST_FRAME = 5
_LONGEST_FILLER = {True: 10, False: 5}  # characters of dense scripts, words of others
# Shares of the ways to make a query, in the order of `_Maker.ways`.
_SHARES = (0.55, 0.10, 0.10, 0.15, 0.10)
# No language gets fewer than this share of what is made.
_LEAST = 0.01
_SPACED = 0.3


@dataclass(frozen=True)
class _Query:
    units: tuple[str, ...]
    subject: str
    dense: bool

    def joined(self, units: Sequence[str]) -> str:
        return ("" if self.dense else " ").join(units)


@dataclass(frozen=True)
class Grammar:
    """The frames and subjects of one language.

    Attributes:
        queries: The authored queries.
        frames: Beginning and ending of each query that has one.
        fillers: What stands between them, with the query that it comes from.
        by_subject: The fillers of each subject.
    """

    queries: list[_Query] = field(default_factory=list)
    frames: list[tuple[str, str, bool]] = field(default_factory=list)
    fillers: list[tuple[str, _Query]] = field(default_factory=list)
    by_subject: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))


def mine(queries: Sequence[str], subjects: Sequence[str]) -> Grammar:
    """Return the grammar of the authored queries of one language.

    Args:
        queries: In normal form.
        subjects: The subject of each.
    """
    grammar = Grammar()
    heads: defaultdict[tuple[bool, tuple[str, ...]], set[str]] = defaultdict(set)
    tails: defaultdict[tuple[bool, tuple[str, ...]], set[str]] = defaultdict(set)
    for text, subject in zip(queries, subjects, strict=True):
        dense = bool(_DENSE.search(text))
        units = tuple(text.replace(" ", "")) if dense else tuple(text.split(" "))
        grammar.queries.append(_Query(units, subject, dense))
        for size in range(1, min(_LONGEST_FRAME, len(units) - 1) + 1):
            heads[dense, units[:size]].add(subject)
            tails[dense, units[-size:]].add(subject)
    for query in grammar.queries:
        head = _longest(query, heads, 0, lambda u, n: u[:n])
        tail = _longest(query, tails, head, lambda u, n: u[len(u) - n :])
        units = query.units
        if head or tail:
            frame = (query.joined(units[:head]), query.joined(units[len(units) - tail :]), query.dense)
            grammar.frames.append(frame)
        filler = units[head : len(units) - tail]
        if 0 < len(filler) <= _LONGEST_FILLER[query.dense]:
            grammar.fillers.append((query.joined(filler), query))
            grammar.by_subject[query.subject].append(query.joined(filler))
    return grammar


def _longest(
    query: _Query,
    known: dict[tuple[bool, tuple[str, ...]], set[str]],
    taken: int,
    cut: Callable[[tuple[str, ...], int], tuple[str, ...]],
) -> int:
    for size in range(min(_LONGEST_FRAME, len(query.units) - 1 - taken), 0, -1):
        if len(known.get((query.dense, cut(query.units, size)), ())) >= _SUBJECTS:
            return size
    return 0


class _Maker:
    """Makes queries of one language."""

    def __init__(self, grammar: Grammar, dice: random.Random) -> None:
        self.grammar, self.dice = grammar, dice
        self.ways = (self.framed, self.alone, self.side_by_side, self.shorter, self.crossed)

    def make(self) -> str:
        (way,) = self.dice.choices(self.ways, _SHARES)
        return way().strip()

    def framed(self) -> str:
        filler, query = self.dice.choice(self.grammar.fillers)
        head, tail, dense = self.dice.choice(self.grammar.frames)
        tight = dense and query.dense and self.dice.random() >= _SPACED
        return ("" if tight else " ").join(part for part in (head, filler, tail) if part)

    def alone(self) -> str:
        return self.dice.choice(self.grammar.fillers)[0]

    def side_by_side(self) -> str:
        filler, query = self.dice.choice(self.grammar.fillers)
        return f"{filler} {self.dice.choice(self.grammar.by_subject[query.subject])}"

    def shorter(self) -> str:
        query = self.dice.choice(self.grammar.queries)
        at, size = self.dice.randrange(len(query.units)), self.dice.choice((1, 2)) if query.dense else 1
        return query.joined(query.units[:at] + query.units[at + size :])

    def crossed(self) -> str:
        one, other = self.dice.choice(self.grammar.queries), self.dice.choice(self.grammar.queries)
        half = one.units[: max(1, len(one.units) // 2)]
        return f"{one.joined(half)} {other.joined(other.units[len(other.units) // 2 :])}"


def generate(authored: pd.DataFrame, count: int, *, seed: int = 0) -> pd.DataFrame:
    """Return made queries that are not among the authored ones, each once.

    Args:
        authored: Columns query, lang, industry.
        count: About how many to make, over all languages by their share of the authored ones.
        seed: Of the dice; the same seed and data make the same queries.

    Returns:
        Columns query (in normal form) and lang.
    """
    normal = normalise(pa.array(authored["query"].tolist(), pa.string())).to_pylist()
    seen = set(normal)
    rows: list[tuple[str, str]] = []
    frame = authored.assign(normal=normal)
    for lang, own in frame.groupby("lang", sort=True):
        grammar = mine(own["normal"].tolist(), own["industry"].tolist())
        if not grammar.frames or not grammar.fillers:
            continue
        maker = _Maker(grammar, random.Random(f"{seed}:{lang}"))  # noqa: S311  # not for secrets
        wanted = int(count * max(len(own) / len(frame), _LEAST))
        # Small languages run out of new ones: a bound on the tries.
        for _ in range(6 * wanted):
            text = maker.make()
            if len(text) > 1 and text not in seen:
                seen.add(text)
                rows.append((text, str(lang)))
                wanted -= 1
            if wanted <= 0:
                break
    return pd.DataFrame(rows, columns=["query", "lang"])
