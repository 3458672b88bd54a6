"""Formats declared as data: what a file is by its header, and what its columns mean."""

from __future__ import annotations

import functools
import re
import tomllib
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from journeyseo.assets import asset

_DAY = re.compile(r"_(\d{8})$")


def header_key(name: str) -> str:
    """Return a column name in the form in which names are compared."""
    name = unicodedata.normalize("NFKC", name).replace("\ufeff", "").replace("\u200b", "")
    return re.sub(r"\s+", " ", name).strip().strip("'\"").strip().lower()


@dataclass(frozen=True)
class Field:
    """What a column may mean.

    Attributes:
        name: Our column.
        kind: ``text``, ``whole`` (a count), ``number`` or ``rate`` (0 to 1, or percent).
        names: Column names that mean it, best first.
        matches: Regular expressions that mean it.
        hundreds: Those of the names whose values are 0 to 100, however small they are.
    """

    name: str
    kind: str
    names: tuple[str, ...]
    matches: tuple[re.Pattern[str], ...] = ()
    hundreds: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Format:
    """One report of one vendor, recognised by its header.

    Attributes:
        id: Stable name.
        vendor: Who writes it.
        report: Which of the vendor's reports.
        has: Column names that must all be there.
        any_of: Column names of which one must be there.
        starts: Beginnings that some column must have.
        ends: Endings that some column must have.
        shapes: Regular expressions of which each must fit some column.
        pairs: Fields of which each has two columns behind the query or the page, this period and the
            one before; nothing else follows.
        fields: Our column to the vendor's names, to a place in the header, or to a rule (see
            `_by_rule`).
        ignore: Columns that are never taken.
        flags: Columns that are true or false for an intent each.
        buckets: Volumes that stand for a range when no other volume occurs.
        totals: Texts in the place of a query that are none, as keys.
        titles: Titles of sections, one of which stands in the place of a header.
        replace: What the vendor writes in a query, to what it stands for.
        bare_quotes: Whether quotes inside quoted cells are not doubled.
        percent_rates: Whether rates without a percent sign are percentages however small.
        percent_encoded: Whether queries are written as in an address.
        refuse: Why such a table is not read; empty where it is.
        root: Name of the first element of an XML file, which has no header.
        namespace: Part of a namespace that this element declares.
    """

    id: str
    vendor: str
    report: str
    has: tuple[str, ...] = ()
    any_of: tuple[str, ...] = ()
    starts: tuple[str, ...] = ()
    ends: tuple[str, ...] = ()
    shapes: tuple[str, ...] = ()
    pairs: tuple[str, ...] = ()
    fields: Mapping[str, Any] = field(default_factory=dict)
    ignore: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    buckets: tuple[float, ...] = ()
    totals: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()
    replace: Mapping[str, str] = field(default_factory=dict)
    bare_quotes: bool = False
    percent_rates: bool = False
    percent_encoded: bool = False
    refuse: str = ""
    root: str = ""
    namespace: str = ""

    def fits(self, keys: Sequence[str]) -> bool:
        """Return whether a header (as keys) is this format's."""
        present = set(keys)
        return (
            not self.titles
            and not self.root
            and set(self.has) <= present
            and (not self.any_of or not present.isdisjoint(self.any_of))
            and all(any(k.startswith(s) for k in keys) for s in self.starts)
            and all(any(k.endswith(e) for k in keys) for e in self.ends)
            and all(any(re.fullmatch(s, k) for k in keys) for s in self.shapes)
            and (not self.pairs or self._paired(keys))
        )

    def _paired(self, keys: Sequence[str]) -> bool:
        """Return whether behind the key each metric has two columns that end in the same name of it."""
        known = (*fields()["query"].names, *fields()["url"].names)
        if len(keys) != 1 + 2 * len(self.pairs) or keys[0] not in known:
            return False
        couples = zip(keys[1::2], keys[2::2], strict=True)
        return all(
            any(one.endswith(name) and two.endswith(name) for name in fields()[field].names)
            for field, (one, two) in zip(self.pairs, couples, strict=True)
        )


GENERIC = Format("generic", "any tool", "table with a known column name")


@functools.cache
def fields() -> Mapping[str, Field]:
    """Return what columns may mean, by our column's name."""
    raw = tomllib.loads(asset("data", "formats", "fields.toml").read_text(encoding="utf-8"))
    return {
        name: Field(
            name,
            row["kind"],
            tuple(header_key(n) for n in row["names"]),
            tuple(re.compile(m) for m in row.get("matches", ())),
            frozenset(map(header_key, row.get("hundreds", ()))),
        )
        for name, row in raw.items()
    }


@functools.cache
def formats(kind: str) -> tuple[Format, ...]:
    """Return the declared formats of ``vendors`` (keywords) or ``pages``."""
    raw = tomllib.loads(asset("data", "formats", f"{kind}.toml").read_text(encoding="utf-8"))
    return tuple(_declared(row) for row in raw["format"])


def _declared(row: Mapping[str, Any]) -> Format:
    values: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in row.items()
    }
    values["any_of"] = values.pop("any", ())
    return Format(**values)


def recognise_root(name: str, namespaces: Sequence[str]) -> Format | None:
    """Return the format of pages whose XML begins with this element; None where it is no known one.

    Args:
        name: Name of the first element, without prefix.
        namespaces: What it declares.
    """
    return next(
        (
            f
            for f in formats("pages")
            if f.root and f.root == name and any(f.namespace in uri for uri in (*namespaces, ""))
        ),
        None,
    )


def recognise(header: Sequence[str], kind: str) -> Format:
    """Return the format of a header: the first declared one that fits, else `GENERIC`."""
    keys = [header_key(cell) for cell in header]
    return next((f for f in formats(kind) if f.fits(keys)), GENERIC)


def _target(stem: str) -> tuple[str, str]:
    """Return the site and the day in the name of a column such as ``*.a.uk/*_20260131``."""
    found = _DAY.search(stem)
    return (stem[: found.start()], found[1]) if found else (stem, "")


def _by_rule(rule: Mapping[str, Any], keys: Sequence[str]) -> list[int]:
    """Return the columns that a rule finds, best first.

    ``match`` is a regular expression over the name, and with ``last`` the last column is the best.
    ``ends`` is an ending; of the sites named before it the first is taken, as it is the user's own,
    and of several days the newest. ``before`` finds the columns named like those without the ending.
    """
    if "match" in rule:
        places = [i for i, key in enumerate(keys) if re.fullmatch(rule["match"], key)]
        return places[::-1] if rule.get("last") else places
    ending = rule.get("ends") or rule["before"]
    stems = [(key.removesuffix(ending), i) for i, key in enumerate(keys) if key.endswith(ending)]
    own = [(stem, i) for stem, i in stems if _target(stem)[0] == _target(stems[0][0])[0]]
    own.sort(key=lambda found: _target(found[0])[1], reverse=True)
    if "ends" in rule:
        return [i for _, i in own]
    return [keys.index(stem) for stem, _ in own if stem in keys]


def assign(header: Sequence[str], form: Format, wanted: Sequence[str]) -> dict[str, list[int]]:
    """Return, for each wanted field, the columns that hold it, best first.

    Args:
        header: Column names as read.
        form: The file's format, whose own names come first.
        wanted: Fields to look for.
    """
    keys = [header_key(cell) for cell in header]
    found: dict[str, list[int]] = {}
    taken: set[int] = set()
    for name in wanted:
        own = form.fields.get(name)
        if isinstance(own, int):
            places = [own] if own < len(keys) else []
        elif isinstance(own, Mapping):
            places = _by_rule(own, keys)
        else:
            known = fields()[name]
            names = tuple(map(header_key, own)) if own is not None else known.names
            places = [i for n in names for i, key in enumerate(keys) if key == n]
            if own is None:
                places += [i for m in known.matches for i, key in enumerate(keys) if m.fullmatch(key)]
        places = [i for i in dict.fromkeys(places) if i not in taken and keys[i] not in form.ignore]
        if places:
            found[name] = places
            taken.add(places[0])
    return found


def header_score(cells: Sequence[str], key_field: str) -> int:
    """Return how much a row looks like a header: known names, the key field counting most.

    0 where the key field (``query`` or ``url``) is not among them.
    """
    keys = [header_key(cell) for cell in cells]
    present = {key for key in keys if key}
    form = recognise(cells, "vendors" if key_field == "query" else "pages")
    key = fields()[key_field]
    named = form.fields.get(key_field, ())
    own: set[str] = set() if isinstance(named, int) else set(map(header_key, named))
    if present.isdisjoint(key.names) and present.isdisjoint(own):
        return 0
    known = sum(
        any(k in f.names or any(m.fullmatch(k) for m in f.matches) for f in fields().values())
        for k in present
    )
    return 10 + known + 5 * (form is not GENERIC)
