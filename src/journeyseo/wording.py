"""The texts of the report in its languages."""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Mapping

from journeyseo.assets import asset


@functools.cache
def report_texts() -> Mapping[str, Mapping[str, str]]:
    """Return the texts by language and name."""
    loaded: Mapping[str, Mapping[str, str]] = tomllib.loads(
        asset("data", "report", "texts.toml").read_text(encoding="utf-8")
    )
    return loaded
