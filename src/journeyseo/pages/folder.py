"""A folder of HTML files, as a site's mirror or an export leaves them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from journeyseo.errors import FormatError, InputError
from journeyseo.pages.charset import foreign_kind
from journeyseo.pages.extract import extract
from journeyseo.results import Dropped

_SUFFIXES = (".html", ".htm", ".xhtml")
_INDEXES = ("index.html", "index.htm")
_MAX_BYTES = 10_000_000
# Signs that stand in a path as they are (WHATWG), so that links to it are written alike.
_PATH_SIGNS = "/!$&'()*+,;=:@[]|"

Progress = Callable[[Sequence[Any], str], Iterable[Any]]


def read_folder(
    folder: Path, base_url: str | None, progress: Progress
) -> tuple[list[dict[str, Any]], list[Dropped]]:
    """Return a row for each HTML file, and the files that could not be used.

    The address of a page is its canonical link; without one, `base_url` and the path.

    Args:
        folder: The folder, read with all folders below it.
        base_url: Address that the folder mirrors.
        progress: Wraps the list of files, to show how far it is.

    Raises:
        FormatError: There is no HTML file in it.
    """
    paths = sorted(p for p in folder.rglob("*") if p.suffix.lower() in _SUFFIXES and p.is_file())
    if not paths:
        raise FormatError(
            "The folder holds no HTML files.",
            where=str(folder),
            hint=f"Expected files ending in {', '.join(_SUFFIXES)}.",
        )
    rows, dropped = [], []
    for path in progress(paths, "Reading pages"):
        name = path.relative_to(folder).as_posix()
        if path.stat().st_size > _MAX_BYTES:
            dropped.append(Dropped(name, None, f"larger than {_MAX_BYTES // 1_000_000} MB"))
            continue
        try:
            content = path.read_bytes()
        except OSError as error:
            raise InputError(f"A page cannot be read: {error.strerror}.", where=str(path)) from error
        if kind := foreign_kind(content):
            dropped.append(Dropped(name, None, f"not_html: {kind}"))
            continue
        row = extract(content, base=_address(name, base_url) if base_url else "")
        if row is None:
            dropped.append(Dropped(name, None, "nothing to read in it"))
            continue
        if not row["url"]:
            row["url"] = _address(name, base_url)
        rows.append(row | {"source": name})
    return rows, dropped


def _address(name: str, base_url: str | None) -> str:
    folder, slash, file = name.rpartition("/")
    path = f"{folder}{slash}{'' if file in _INDEXES else file}"
    # File names need not be text: their bytes are what a server would answer to.
    path = quote(path, safe=_PATH_SIGNS, errors="surrogateescape")
    return f"{base_url.rstrip('/')}/{path}" if base_url else f"/{path}"
