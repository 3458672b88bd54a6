"""What several commands check of their options, as wrong usage."""

from __future__ import annotations

import typer


def known_language(value: str | None) -> str | None:
    """Return a language as it was given; one that does not exist is wrong usage."""
    if value is not None:
        from journeyseo.languages import is_language, unknown_language

        if not is_language(value):
            error = unknown_language(value)
            raise typer.BadParameter(f"{error.message} {error.hint}")
    return value
