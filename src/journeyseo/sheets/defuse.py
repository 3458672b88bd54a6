"""Texts that spreadsheets take for formulas: made harmless, and brought back."""

from __future__ import annotations

# OWASP ASVS 1.2.10 and CWE-1236, with the full-width forms that spreadsheets take for the same.
STARTS = tuple("=+-@\t\r\n\x00＝＋－＠")


def defuse(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula: a quote before a dangerous first sign."""
    return f"'{text}" if text.startswith(STARTS) else text


def restore(text: str) -> str:
    """Return a text without the quote that `defuse` put before it."""
    return text[1:] if text.startswith("'") and text[1:].startswith(STARTS) else text
