"""Read and check a file of topics and corrections."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from journeyseo.errors import ConfigError
from journeyseo.similarity import needs, plain
from journeyseo.topic_edits.entries import KINDS, TopicEdit, TopicEdits, name_form

# What an entry of each kind holds: texts or lists of texts. Besides `name`, topics must be there.
_FIELDS: dict[str, tuple[str, ...]] = {
    "topic": ("name", "queries", "words"),
    "merge": ("name", "topics"),
    "rename": ("name", "topic"),
    "split": ("name", "topic", "queries", "words"),
}
_LISTS = ("topics", "queries", "words")
# Problems that a message names; the rest is counted.
_SHOWN = 10


def read_topic_edits(source: str | Path | TopicEdits) -> TopicEdits:
    """Return a user's own topics and corrections of topics.

    Args:
        source: A TOML file of ``[[topic]]``, ``[[merge]]``, ``[[rename]]`` and ``[[split]]`` entries, or
            what this function returned.

    Raises:
        ConfigError: The file cannot be read, is malformed, or two of its entries contradict each other.
            All problems are named at once, with their entries.
    """
    if isinstance(source, TopicEdits):
        return source
    path = Path(source)
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise ConfigError(f"The topics cannot be read: {error.strerror}.", where=str(path)) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"The topics are not valid TOML: {error}.", where=str(path)) from error
    problems: list[str] = []
    entries = tuple(_entries(raw, problems))
    if not problems and not entries:
        problems.append("there is no entry")
    _refuse(problems, path, "Write [[topic]], [[merge]], [[rename]] and [[split]] entries as in docs/cli.md.")
    edits = TopicEdits(str(path), entries, _onward(entries, problems), _rounds(entries, problems))
    # Where names lead in a circle nothing else can be followed.
    if not problems:
        problems += [*_claimed_twice(edits), *_moved_twice(edits), *_undone(edits)]
    _refuse(problems, path, "Take one of them out, or give both one name.")
    return edits


def _refuse(problems: Sequence[str], path: Path, hint: str) -> None:
    if problems:
        more = f"; and {len(problems) - _SHOWN} more" if len(problems) > _SHOWN else ""
        text = f"The topics cannot be taken: {'; '.join(problems[:_SHOWN])}{more}."
        raise ConfigError(text, where=str(path), hint=hint)


def _entries(raw: Mapping[str, Any], problems: list[str]) -> Iterator[TopicEdit]:
    allowed = ", ".join(f"[[{kind}]]" for kind in KINDS)
    problems += [f"{key!r} is none of {allowed}" for key in raw if key not in KINDS]
    for kind in KINDS:
        rows = raw.get(kind, [])
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            problems.append(f"{kind!r} is no list of entries: write [[{kind}]] above each")
            continue
        for number, row in enumerate(rows, 1):
            wrong = list(_wrong(kind, row))
            problems += [f"[[{kind}]] {number}: {problem}" for problem in wrong]
            if not wrong:
                yield _entry(kind, number, row)


def _entry(kind: str, number: int, row: Mapping[str, Any]) -> TopicEdit:
    def texts(key: str) -> tuple[str, ...]:
        return tuple(" ".join(text.split()) for text in row.get(key, ()))

    topics = texts("topics") if kind == "merge" else tuple(row[key] for key in ("topic",) if key in row)
    return TopicEdit(kind, number, " ".join(row["name"].split()), topics, texts("queries"), texts("words"))


def _wrong(kind: str, row: Mapping[str, Any]) -> Iterator[str]:
    """Yield what is wrong with an entry."""
    known = _FIELDS[kind]
    for key, value in row.items():
        if key not in known:
            yield f"{key!r} is none of {', '.join(known)}"
        elif key in _LISTS and not (isinstance(value, list) and value and all(map(_is_text, value))):
            yield f"{key} is no list of texts"
        elif key not in _LISTS and not _is_text(value):
            yield f"{key} is no text"
        elif key == "words":
            yield from (
                f"{text!r} in words has no word" for text in value if not any(needs(plain([text])[0]))
            )
    for key in ("name", "topic", "topics"):
        if key in known and key not in row:
            yield f"{key} is missing"
    if "words" in known and not {"words", "queries"} & set(row):
        yield "both queries and words are missing"


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(plain([value])[0])


def _onward(entries: Sequence[TopicEdit], problems: list[str]) -> dict[str, TopicEdit]:
    """Return the merge or rename that each topic's name leads to; a circle is a problem."""
    found: dict[str, TopicEdit] = {}
    for entry in entries:
        if entry.kind in ("merge", "rename"):
            for topic in entry.topics:
                if name_form(topic) != entry.form:
                    found.setdefault(name_form(topic), entry)
    for start in found:
        form = start
        path: list[str] = []
        while form in found and form not in path:
            path.append(form)
            form = found[form].form
        if form == start:
            problems.append(f"{found[path[0]]} and {found[path[-1]]} lead in a circle")
            break
    return found


def _rounds(entries: Sequence[TopicEdit], problems: list[str]) -> tuple[tuple[TopicEdit, ...], ...]:
    """Return the splits in rounds, so that what a split makes can be split again."""
    pending = [entry for entry in entries if entry.kind == "split"]
    rounds = []
    while pending:
        made = {entry.form for entry in pending}
        ready = [e for e in pending if name_form(e.topics[0]) not in made - {e.form}]
        if not ready:
            problems.append(f"{pending[0]} and {pending[1]} lead in a circle")
            break
        rounds.append(tuple(ready))
        pending = [entry for entry in pending if entry not in ready]
    return tuple(rounds)


def _claimed_twice(edits: TopicEdits) -> Iterator[str]:
    """Yield entries that give one query, or the queries with the same words, to two topics."""
    seen: dict[tuple[str, object], TopicEdit] = {}
    for entry in edits.of("topic", "split"):
        scope = name_form(entry.topics[0]) if entry.topics else ""
        exact = ((text, plain([text])[0]) for text in entry.queries)
        held = ((text, needs(plain([text])[0])) for text in entry.words)
        for text, what in (*exact, *held):
            other = seen.setdefault((scope, what), entry)
            if other.form != entry.form:
                yield f"{other} and {entry} both claim {text!r}"


def _moved_twice(edits: TopicEdits) -> Iterator[str]:
    """Yield merges and renames that give one topic two names."""
    for entry in edits.of("merge", "rename"):
        for topic in entry.topics:
            other = edits.onward.get(name_form(topic), entry)
            if edits.final(other.form) != edits.final(entry.form):
                yield f"{other} and {entry} both move {topic!r}"


def _undone(edits: TopicEdits) -> Iterator[str]:
    """Yield splits whose part ends in the topic that it was taken from."""
    for entry in edits.of("split"):
        topic = name_form(entry.topics[0])
        if edits.final(entry.form) == edits.final(topic):
            other = edits.onward.get(entry.form) or edits.onward.get(topic)
            if other is None:
                yield f"{entry} gives the part the name of its topic"
            else:
                yield f"{entry} and {other} take apart and put together {entry.topics[0]!r}"
