"""Say so where keywords and pages were given in each other's place."""

from __future__ import annotations

import contextlib
import shlex
from collections.abc import Iterator
from pathlib import Path

from journeyseo.errors import FormatError, JourneyseoError
from journeyseo.keywords import read_keywords
from journeyseo.pages import read_pages
from journeyseo.pages.address import normal_url

# Of the queries of a list, so many must be addresses for it to be one of pages.
_MOSTLY = 0.8


@contextlib.contextmanager
def telling_swapped(keywords: object, pages: object) -> Iterator[None]:
    """Read inputs inside it: an error that no queries or no pages were found says if they look swapped.

    Args:
        keywords: What was given as keywords: a path, a list of paths, or anything else.
        pages: What was given as pages: a path, or anything else.

    Raises:
        FormatError: They look swapped; else the error as it was.
    """
    try:
        yield
    except FormatError as error:
        for queries in filter(_holds_queries, _paths(pages)):
            for given in _paths(keywords):
                if not _holds_queries(given) and _holds_pages(given):
                    call = shlex.join(["journeyseo", "map", str(queries), "--pages", str(given)])
                    raise FormatError(
                        f"The files look swapped: {given.name} lists pages, {queries.name} lists queries.",
                        hint=f"Give the queries first: {call}",
                    ) from error
        raise


def _paths(given: object) -> Iterator[Path]:
    """Yield the files and folders among what was given."""
    for item in given if isinstance(given, list | tuple) else [given]:
        try:
            if isinstance(item, str | Path) and Path(item).exists():
                yield Path(item)
        except (OSError, ValueError):  # a query may be longer than a name, or hold a null
            continue


def _holds_queries(path: Path) -> bool:
    try:
        queries = read_keywords(path, language="en")["query"]
    except JourneyseoError:
        return False
    return sum(bool(normal_url(query)) for query in queries) < _MOSTLY * len(queries)


def _holds_pages(path: Path) -> bool:
    try:
        return len(read_pages(path)) > 0
    except JourneyseoError:
        return False
