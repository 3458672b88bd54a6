"""What readers and the map note beside their result: said in English at once, and in any language later."""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Mapping
from typing import Any

from journeyseo.assets import asset


class Note(str):
    """A sentence in English that can be said in other languages.

    Attributes:
        code: Its name in ``data/report/notes.toml``.
        values: What fills its holes, formatted.
    """

    code: str
    values: Mapping[str, str]


@functools.cache
def note_texts() -> Mapping[str, Mapping[str, str]]:
    """Return the texts of notes by code and language."""
    loaded: Mapping[str, Mapping[str, str]] = tomllib.loads(
        asset("data", "report", "notes.toml").read_text(encoding="utf-8")
    )
    return loaded


def note(code: str, **values: str | int) -> Note:
    """Return a note.

    Args:
        code: Its name in ``data/report/notes.toml``.
        values: What fills its holes; numbers are written with commas.
    """
    shown = {name: f"{value:,}" if isinstance(value, int) else value for name, value in values.items()}
    made = Note(note_texts()[code]["en"].format(**shown))
    made.code, made.values = code, shown
    return made


def coded(text: str) -> dict[str, Any] | None:
    """Return a note's code and values as plain data; None for any other text."""
    return {"code": text.code, "values": dict(text.values)} if isinstance(text, Note) else None


def say(text: str, known: Mapping[str, Any] | None, language: str, units: Mapping[str, str]) -> str:
    """Return a note in a language.

    Args:
        text: The note in English, which is returned where its code is not known.
        known: What `coded` gave for it.
        language: Language of the words.
        units: Names of units of demand in that language.
    """
    texts = note_texts().get(known["code"]) if known else None
    if known is None or texts is None or language not in texts:
        return text
    values = {name: units.get(value, value) for name, value in known["values"].items()}
    return texts[language].format(**values)
