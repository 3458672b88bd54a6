"""Text that goes into spreadsheets: formulas made harmless, and counted."""

from __future__ import annotations

import pandas as pd

# OWASP ASVS 1.2.10 and CWE-1236, with the full-width forms that spreadsheets take for the same.
_STARTS = tuple("=+-@\t\r\n\x00＝＋－＠")


def defuse(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula: a quote before a dangerous first sign."""
    return f"'{text}" if text.startswith(_STARTS) else text


def defuse_table(table: pd.DataFrame) -> tuple[pd.DataFrame, int]:
    """Return a table with harmless texts, and how many cells had to be changed."""
    out = table.copy(deep=False)
    changed = 0
    for name in out.columns:
        column = out[name]
        if isinstance(column.dtype, pd.CategoricalDtype) or not pd.api.types.is_string_dtype(column):
            continue
        danger = column.fillna("").str.startswith(_STARTS)
        if danger.any():
            changed += int(danger.sum())
            out[name] = column.where(~danger, "'" + column.fillna(""))
    return out, changed
