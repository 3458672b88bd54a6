"""Apply a user's topics and corrections to the topics that were found."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from journeyseo.errors import ConfigError
from journeyseo.similarity import needs, plain, terms
from journeyseo.topic_edits.entries import TopicEdit, TopicEdits, name_form
from journeyseo.topics import describe_topics

# A query given word for word goes before any phrase.
_EXACT = 1_000_000


class EditedTopics(NamedTuple):
    """Topics after a user's corrections.

    Attributes:
        topics: The topics table.
        topic: The topic of each row of the keywords.
        notes: What of the entries found nothing: ``code``, ``entry`` and ``items``.
    """

    topics: pd.DataFrame
    topic: pd.Series
    notes: tuple[Mapping[str, Any], ...]


class _Queries:
    """The queries of a map, found by their text and their words.

    Args:
        texts: The queries as typed.
    """

    def __init__(self, texts: Sequence[str]) -> None:
        self.texts = list(texts)
        self._plain = plain(texts)
        self._terms = [frozenset(terms(text)) for text in self._plain]
        self._same: dict[str, list[int]] = defaultdict(list)
        for row, text in enumerate(self._plain):
            self._same[text].append(row)

    def same(self, query: str) -> list[int]:
        """Return the rows of a query, whatever its case, width, script and year."""
        return self._same.get(plain([query])[0], [])

    def holding(self, phrase: str) -> list[int]:
        """Return the rows that have all words of a phrase."""
        words, runs = needs(plain([phrase])[0])
        return [
            row
            for row, own in enumerate(self._terms)
            if words <= own and all(run in self._plain[row] for run in runs)
        ]


def edit_topics(
    keywords: pd.DataFrame, topics: pd.DataFrame, topic: pd.Series, edits: TopicEdits
) -> EditedTopics:
    """Return topics with a user's corrections.

    First the queries that ``[[topic]]`` entries claim leave their topics; then found topics are merged and
    renamed; last come the splits. A name that an entry gives is one topic, and so a found topic of that
    name joins it. The result does not depend on the order of the rows.

    Args:
        keywords: Table with query and language; a column ``demand`` weighs names and sums.
        topics: The topics that `group_topics` found.
        topic: The topic of each row of `keywords`.
        edits: What `read_topic_edits` returned.

    Raises:
        ConfigError: Two entries give one of the topics two names.
    """
    if keywords.empty:
        return EditedTopics(topics, topic, ())
    return _Editing(keywords, topics, topic, edits).result()


class _Editing:
    """The work of `edit_topics`: where each row stands, and what is to be told."""

    def __init__(
        self, keywords: pd.DataFrame, topics: pd.DataFrame, topic: pd.Series, edits: TopicEdits
    ) -> None:
        self._keywords, self._edits = keywords, edits
        self._queries = _Queries(keywords["query"].tolist())
        self._notes: list[Mapping[str, Any]] = []
        self._given = edits.names()
        place = {key: n for n, key in enumerate(topics["topic"])}
        before = topic.map(place).to_numpy(np.int64)
        self._labels = before.copy()
        found = dict(zip(place.values(), topics["name"], strict=True))
        self._claim_own(len(place))
        # What is left of a topic whose queries were claimed may need another name.
        poorer = set(before[before != self._labels].tolist())
        kept = {label: name for label, name in found.items() if label not in poorer}
        own = {len(place) + n: name for n, name in enumerate(self._given.values())}
        table, named = describe_topics(keywords, self._labels, kept | own) if poorer else (topics, topic)
        label_of = dict(zip(named, self._labels, strict=True))
        shown = {label_of[key]: name for key, name in zip(table["topic"], table["name"], strict=True)}
        self._names = {int(label): str(name) for label, name in shown.items()}
        self._index = self._by_reference(found, place, {k: int(v) for k, v in label_of.items()})

    def result(self) -> EditedTopics:
        """Return the topics after merges, renames and splits."""
        final = self._merged()
        ends: list[str | int] = [final.get(int(label), int(label)) for label in self._labels]
        for entries in self._edits.rounds:
            self._split(entries, ends)
        offset = max(self._names) + 1
        number = {form: offset + n for n, form in enumerate(self._given)}
        labels = np.array([number[end] if isinstance(end, str) else end for end in ends])
        names = self._names | {number[form]: name for form, name in self._given.items()}
        table, column = describe_topics(self._keywords, labels, names)
        return EditedTopics(table, column, tuple(self._notes))

    def _claim_own(self, first: int) -> None:
        """Give the rows that the user's own topics claim a label: a number from `first` on for each name."""
        entries = self._edits.of("topic")
        everything = set(range(len(self._labels)))
        number = {form: first + n for n, form in enumerate(self._given)}
        for row, entry in self._claims(entries, [everything] * len(entries)).items():
            self._labels[row] = number[entry.form]

    def _claims(self, entries: Sequence[TopicEdit], scopes: Sequence[set[int]]) -> dict[int, TopicEdit]:
        """Return the entry that claims each row: the one with more words, the earlier of two alike."""
        claims: dict[int, dict[int, int]] = defaultdict(dict)
        for number, (entry, scope) in enumerate(zip(entries, scopes, strict=True)):
            missing: list[str] = []
            exact = [(text, _EXACT, self._queries.same(text)) for text in entry.queries]
            held = [
                (text, len(set(terms(plain([text])[0]))), self._queries.holding(text)) for text in entry.words
            ]
            for text, rank, rows in (*exact, *held):
                inside = scope.intersection(rows)
                if not inside:
                    missing.append(text)
                for row in inside:
                    claims[row][number] = max(rank, claims[row].get(number, 0))
            self._tell("no-query", entry, missing)
        taken: dict[int, TopicEdit] = {}
        alike: dict[int, set[str]] = defaultdict(set)
        for row, ranks in claims.items():
            best = min(ranks, key=lambda number: (-ranks[number], number))
            taken[row] = entries[best]
            for number, rank in ranks.items():
                if rank == ranks[best] and entries[number].form != entries[best].form:
                    alike[number].add(self._queries.texts[row])
        for number in sorted(alike):
            self._tell("alike", entries[number], sorted(alike[number]))
        return taken

    def _tell(self, code: str, entry: TopicEdit, items: Sequence[str]) -> None:
        if items:
            self._notes.append({"code": code, "entry": str(entry), "items": list(items)})

    def _by_reference(
        self, found: Mapping[int, str], keys: Mapping[str, int], shown_keys: Mapping[str, int]
    ) -> list[dict[str, set[int]]]:
        """Return the labels that a reference can mean, the likeliest meaning first.

        The name that a topic has now, the name that it was found with, its key, a query in it.
        """
        indices: list[dict[str, set[int]]] = [defaultdict(set) for _ in range(4)]
        by_name, by_found, by_key, by_query = indices
        for label, name in self._names.items():
            by_name[name_form(name)].add(label)
        for label, name in found.items():
            if label in self._names:
                by_found[name_form(name)].add(label)
        for key, label in (*keys.items(), *shown_keys.items()):
            if label in self._names:
                by_key[name_form(key)].add(label)
        for label, query in zip(self._labels, self._queries.texts, strict=True):
            by_query[name_form(query)].add(int(label))
        return indices

    def _meant(self, reference: str) -> set[int]:
        """Return the labels that a reference means; none where there is no such topic."""
        form = name_form(reference)
        return next((index[form] for index in self._index if form in index), set())

    def _merged(self) -> dict[int, str]:
        """Return the form of the name that each label ends with, where the user gives it one."""
        mover: dict[int, TopicEdit] = {}
        for entry in self._edits.of("merge", "rename"):
            missing = []
            others = {other.form for other in self._edits.entries if other is not entry}
            for topic in entry.topics:
                labels = self._meant(topic)
                if not labels and name_form(topic) not in others:
                    missing.append(topic)
                for label in labels:
                    other = mover.setdefault(label, entry)
                    if self._edits.final(other.form) != self._edits.final(entry.form):
                        raise ConfigError(
                            f"{other} and {entry} both move the topic {self._names[label]!r}.",
                            where=self._edits.source,
                            hint="Take one of them out, or give both one name.",
                        )
            self._tell("no-topic", entry, missing)
        final = {label: self._edits.final(entry.form) for label, entry in mover.items()}
        for label, name in self._names.items():
            if label not in final and name_form(name) in self._given:
                final[label] = self._edits.final(name_form(name))
        return final

    def _split(self, entries: Sequence[TopicEdit], ends: list[str | int]) -> None:
        """Move the rows that splits claim of their topics."""
        scopes: list[set[int]] = []
        able: list[TopicEdit] = []
        for entry in entries:
            form = name_form(entry.topics[0])
            labels = self._meant(entry.topics[0])
            whole = self._edits.final(form) if form in self._given else None
            scope = {row for row, end in enumerate(ends) if end == whole or int(self._labels[row]) in labels}
            if scope:
                able.append(entry)
                scopes.append(scope)
            else:
                self._tell("no-topic", entry, entry.topics)
        for row, entry in self._claims(able, scopes).items():
            ends[row] = self._edits.final(entry.form)
