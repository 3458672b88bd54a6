"""The one error tree. Every error says what is wrong, where, and what to do next.

JourneyseoError
├── InputError            a file, folder or frame that cannot be used as it is
│   ├── FormatError       readable, but holds no queries or no pages
│   └── TableError        a table breaks its column contract (all bad columns and rows at once)
├── FetchError            a page, sitemap or robots.txt that cannot be fetched, or must not be
├── ModelError            a model folder that is missing, damaged or of an unknown format
├── ConfigError           an option, journey or rule file with a wrong value
└── DependencyError       an optional package that is needed and not installed
"""

from __future__ import annotations


class JourneyseoError(Exception):
    """Base of all errors that journeyseo raises on purpose.

    Args:
        message: What is wrong, in one sentence.
        where: The file, line, column, URL or option that it is about.
        hint: What the user can do next.
    """

    code = "error"

    def __init__(self, message: str, *, where: str = "", hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.where = where
        self.hint = hint

    def __str__(self) -> str:
        text = f"{self.where}: {self.message}" if self.where else self.message
        return f"{text} {self.hint}" if self.hint else text

    def __reduce__(self) -> tuple[object, ...]:
        return (_rebuild, (type(self), self.message, self.where, self.hint))


def _rebuild(kind: type[JourneyseoError], message: str, where: str, hint: str) -> JourneyseoError:
    return kind(message, where=where, hint=hint)


class InputError(JourneyseoError):
    """A file, folder or frame that cannot be used as it is."""

    code = "input"


class FormatError(InputError):
    """The input is readable, but holds no queries (or no pages)."""

    code = "format"


class TableError(InputError):
    """A table breaks its column contract; the message lists every problem found."""

    code = "table"


class FetchError(JourneyseoError):
    """Something on the web cannot be fetched, or must not be.

    Args:
        message: What is wrong.
        where: The URL.
        hint: What the user can do next.
        reason: Short reason code, such as ``robots``, ``deadline`` or ``too_large``.
    """

    code = "fetch"

    def __init__(self, message: str, *, where: str = "", hint: str = "", reason: str = "network") -> None:
        super().__init__(message, where=where, hint=hint)
        self.reason = reason

    def __reduce__(self) -> tuple[object, ...]:
        return (_rebuild_fetch, (self.message, self.where, self.hint, self.reason))


def _rebuild_fetch(message: str, where: str, hint: str, reason: str) -> FetchError:
    return FetchError(message, where=where, hint=hint, reason=reason)


class ModelError(JourneyseoError):
    """A model folder is missing, damaged or of an unknown format."""

    code = "model"


class ConfigError(JourneyseoError):
    """An option, a journey or a rule file has a wrong value."""

    code = "config"


class DependencyError(JourneyseoError):
    """An optional package is needed for this and is not installed."""

    code = "dependency"
