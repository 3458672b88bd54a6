"""Where shipped data and models lie: inside the installed package, else in the checkout."""

from __future__ import annotations

from pathlib import Path

from journeyseo.errors import ModelError

_PACKAGE = Path(__file__).resolve().parent / "_assets"
_CHECKOUT = Path(__file__).resolve().parents[2]


def asset(kind: str, *parts: str) -> Path:
    """Return the path of a shipped file or folder.

    Args:
        kind: ``data`` or ``models``.
        *parts: Path below it, for example ``"journeys", "three-stage.toml"``.

    Raises:
        ModelError: Neither the package nor the checkout holds it.
    """
    for root in (_PACKAGE, _CHECKOUT):
        path = root.joinpath(kind, *parts)
        if path.exists():
            return path
    raise ModelError(
        f"{'/'.join((kind, *parts))} is missing from this installation.",
        hint="Install journeyseo again, or run from a complete checkout.",
    )
