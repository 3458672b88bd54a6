"""Personas: who asks, and by which words or columns their queries are known; read from a TOML file."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from journeyseo.errors import ConfigError
from journeyseo.phrases import phrase_pattern

_FIELDS = ("name", "who", "cues", "columns")
_SHAPE = 'Write [[persona]] with name, who, cues = ["..."] and, if you like, columns = {Column = ["value"]}.'


@dataclass(frozen=True)
class Persona:
    """A kind of person that searches.

    Attributes:
        name: Its name.
        who: Who that is, in a sentence.
        cues: Words and phrases; a query that has one of them belongs to the persona.
        columns: Columns of the keyword export, each with values; a query with one of the values belongs
            to it too.
    """

    name: str
    who: str
    cues: tuple[str, ...] = ()
    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain data for JSON."""
        columns = {name: list(values) for name, values in self.columns.items()}
        return {"name": self.name, "who": self.who, "cues": list(self.cues), "columns": columns}


def load_personas(path: str | Path) -> tuple[Persona, ...]:
    """Read personas from a TOML file.

    Args:
        path: The file: one ``[[persona]]`` for each, with ``name``, ``who`` and ``cues`` or ``columns``.

    Returns:
        The personas, in the order of the file.

    Raises:
        ConfigError: The file cannot be read, is no TOML, or an entry is wrong; it names the entry.
    """
    file = Path(path)
    try:
        raw = tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise ConfigError(f"The personas cannot be read: {error.strerror}.", where=str(path)) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(
            f"The personas are not valid TOML: {error}.", where=str(path), hint=_SHAPE
        ) from error
    rows = raw.get("persona")
    if not isinstance(rows, list) or not rows:
        raise ConfigError("The file has no [[persona]] tables.", where=str(path), hint=_SHAPE)
    if others := sorted(set(raw) - {"persona"}):
        raise ConfigError(f"The file has {others[0]!r}, which is no persona.", where=str(path), hint=_SHAPE)
    found: list[Persona] = []
    for number, row in enumerate(rows, 1):
        persona = _persona(row, f"{path}, persona {number}")
        if persona.name.casefold() in {other.name.casefold() for other in found}:
            raise ConfigError(
                f"There is another persona named {persona.name!r}.",
                where=f"{path}, persona {number}",
                hint="Give each persona a name of its own.",
            )
        found.append(persona)
    return tuple(found)


def _persona(row: Any, where: str) -> Persona:
    """Return the persona of an entry."""
    if not isinstance(row, dict):
        raise ConfigError(f"An entry must be a table, found {row!r}.", where=where, hint=_SHAPE)
    texts = {}
    for key in ("name", "who"):
        value = row.get(key)
        if not isinstance(value, str) or not value.strip():
            raise ConfigError(f"The persona needs a text named {key!r}.", where=where, hint=_SHAPE)
        texts[key] = " ".join(value.split())
    where = f"{where} ({texts['name']})"
    if unknown := sorted(set(row) - set(_FIELDS)):
        raise ConfigError(
            f"The persona has {unknown[0]!r}, which means nothing.",
            where=where,
            hint=f"Use: {', '.join(_FIELDS)}.",
        )
    cues = _texts(row.get("cues", []), "cues", where)
    for cue in cues:
        if not phrase_pattern(cue):
            raise ConfigError(
                f"The cue {cue!r} has no letters.", where=where, hint="Give words as people type them."
            )
    columns = row.get("columns", {})
    if not isinstance(columns, dict):
        raise ConfigError(
            f"The columns must be a table of lists, found {columns!r}.", where=where, hint=_SHAPE
        )
    chosen = {name: _texts(values, f"columns.{name}", where) for name, values in columns.items()}
    if not cues and not any(chosen.values()):
        raise ConfigError(
            "The persona has no cues and no columns: no query could belong to it.",
            where=where,
            hint=_SHAPE,
        )
    return Persona(texts["name"], texts["who"], cues, chosen)


def _texts(values: Any, name: str, where: str) -> tuple[str, ...]:
    """Return a list of texts as it stands in an entry."""
    if not isinstance(values, list) or not all(isinstance(v, str) and v.strip() for v in values):
        raise ConfigError(f"{name} must be a list of texts, found {values!r}.", where=where, hint=_SHAPE)
    return tuple(value.strip() for value in values)
