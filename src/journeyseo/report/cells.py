"""Text that goes into spreadsheets and onto terminals: made harmless, and counted."""

from __future__ import annotations

import pandas as pd

from journeyseo.sheets.defuse import STARTS, defuse

_CONTROL = dict.fromkeys((*range(9), *range(11, 32), *range(127, 160)))


def defuse_table(table: pd.DataFrame) -> tuple[pd.DataFrame, int]:
    """Return a table with harmless texts and column names, and how many had to be changed."""
    out = table.copy(deep=False)
    names = [defuse(str(name)) for name in out.columns]
    changed = sum(new != str(old) for new, old in zip(names, out.columns, strict=True))
    for place, name in enumerate(table.columns):
        column = table.iloc[:, place]
        if pd.api.types.is_numeric_dtype(column) or pd.api.types.is_bool_dtype(column):
            continue
        values = column.astype(object)
        danger = [isinstance(v, str) and v.startswith(STARTS) for v in values]
        if any(danger):
            changed += sum(danger)
            safe = [defuse(v) if bad else v for v, bad in zip(values, danger, strict=True)]
            out[name] = pd.Series(safe, index=table.index, dtype=object)
    out.columns = pd.Index(names)
    return out, changed


def printable(text: str) -> str:
    """Return a text without control characters, which a terminal or a browser would obey."""
    return text.translate(_CONTROL)
