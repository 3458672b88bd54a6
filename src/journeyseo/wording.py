"""The texts of the report and of findings in their languages."""

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


@functools.cache
def finding_texts() -> Mapping[str, Mapping[str, Mapping[str, str]]]:
    """Return the texts of findings: ``evidence`` by code and ``to_do`` by kind, each by language."""
    loaded: Mapping[str, Mapping[str, Mapping[str, str]]] = tomllib.loads(
        asset("data", "report", "findings.toml").read_text(encoding="utf-8")
    )
    return loaded
