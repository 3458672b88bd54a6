"""The statuses that a plan may hold, in the languages in which they are shown."""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass

from journeyseo.assets import asset


@dataclass(frozen=True)
class Status:
    """What may become of a suggestion.

    Attributes:
        key: Stable name, used in tables and files.
        closes: Whether the suggestion leaves the list of work.
        names: Display name per language.
        also: Other spellings that are read.
    """

    key: str
    closes: bool
    names: Mapping[str, str]
    also: tuple[str, ...]


@functools.cache
def statuses() -> Mapping[str, Status]:
    """Return the statuses by key, in the order in which they are offered."""
    rows = tomllib.loads(asset("data", "plan", "statuses.toml").read_text(encoding="utf-8"))
    return {key: Status(key, row["closes"], row["names"], tuple(row["also"])) for key, row in rows.items()}


def status_of(text: str) -> str | None:
    """Return the key of a status as a planner wrote it, in any of its languages; None where it is none."""
    wanted = " ".join(text.split()).casefold()
    for key, status in statuses().items():
        if wanted in (key, *(name.casefold() for name in status.names.values()), *status.also):
            return key
    return None
