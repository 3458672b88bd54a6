"""What a user says of topics: entries, and where a name that several of them give leads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from journeyseo.similarity import plain

KINDS = ("topic", "merge", "rename", "split")
"""Kinds of entries, in the order in which they are applied."""


def name_form(name: str) -> str:
    """Return a topic's name as names are compared: whatever its case, width, script and plural."""
    words = plain([name])[0].split()
    return " ".join(w[:-1] if len(w) > 3 and w.endswith("s") else w for w in words)


@dataclass(frozen=True)
class TopicEdit:
    """One entry of the file.

    Attributes:
        kind: One of `KINDS`.
        number: Its number among the entries of its kind, 1 is the first.
        name: The name that it gives to a topic.
        topics: Topics that it is about: names or keys, or queries in them.
        queries: Queries that belong to `name`.
        words: Phrases; a query with all words of one of them belongs to `name`.
    """

    kind: str
    number: int
    name: str
    topics: tuple[str, ...] = ()
    queries: tuple[str, ...] = ()
    words: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"[[{self.kind}]] {self.number} ({self.name})"

    @property
    def form(self) -> str:
        """The name as names are compared."""
        return name_form(self.name)


@dataclass(frozen=True)
class TopicEdits:
    """All entries of a file.

    Attributes:
        source: The file.
        entries: The entries, by kind and number.
        onward: The merge or rename that each topic's name leads to, by the name's form.
        rounds: The splits, those first whose topic no other split makes.
    """

    source: str
    entries: tuple[TopicEdit, ...]
    onward: Mapping[str, TopicEdit] = field(default_factory=dict)
    rounds: tuple[tuple[TopicEdit, ...], ...] = ()

    def of(self, *kinds: str) -> tuple[TopicEdit, ...]:
        """Return the entries of these kinds."""
        return tuple(entry for entry in self.entries if entry.kind in kinds)

    def names(self) -> dict[str, str]:
        """Return the names that entries give, as first written, by their form."""
        found: dict[str, str] = {}
        for entry in self.entries:
            found.setdefault(entry.form, entry.name)
        return found

    def final(self, form: str) -> str:
        """Return the form of the name that a topic ends with: merges and renames may follow each other."""
        while form in self.onward:
            form = self.onward[form].form
        return form
