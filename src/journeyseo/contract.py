"""What a table promises: its columns, once each, and how a frame is made to fit them."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from journeyseo.errors import TableError

TEXT, NUMBER, COUNT, FLAG, LABEL = "str", "float64", "Int64", "boolean", "category"


@dataclass(frozen=True)
class Column:
    """One column of a table.

    Attributes:
        name: Column name.
        kind: One of text (``str``), number (``float64``), count (``Int64``), flag (``boolean``)
            or label (``category``).
        meaning: What it holds, with its unit.
        required: Whether it must be there and never missing.
    """

    name: str
    kind: str
    meaning: str
    required: bool = False


@dataclass(frozen=True)
class Table:
    """The contract of one table.

    Attributes:
        name: Name of the table.
        row: What one row is.
        columns: Its columns, in order. Others may follow them and are kept.
    """

    name: str
    row: str
    columns: tuple[Column, ...]

    @property
    def names(self) -> list[str]:
        """The column names, in order."""
        return [column.name for column in self.columns]

    def conform(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Return the frame with every declared column, in order and of its type.

        Missing optional columns are added empty; columns of the user's own come last.

        Raises:
            TableError: A required column is missing or has gaps, or values do not fit their type.
                All problems are listed at once.
        """
        problems: list[str] = []
        out: dict[str, pd.Series] = {}
        for column in self.columns:
            if column.name not in frame.columns:
                if column.required and len(frame):
                    problems.append(f"column {column.name!r} is missing ({column.meaning})")
                    continue
                out[column.name] = _gaps(column.kind, frame.index)
                continue
            values = frame[column.name]
            try:
                out[column.name] = values.astype(column.kind)  # type: ignore[call-overload]
            except (TypeError, ValueError) as error:
                problems.append(f"column {column.name!r} is not {column.kind}: {error}")
                continue
            gaps = values.isna() | (values.astype("str") == "") if column.required else None
            if gaps is not None and gaps.any():
                rows = ", ".join(map(str, values.index[gaps][:10]))
                more = f" and {int(gaps.sum()) - 10} more" if gaps.sum() > 10 else ""
                problems.append(f"column {column.name!r} is empty in rows {rows}{more}")
        if problems:
            raise TableError(
                f"The {self.name} table does not fit: {'; '.join(problems)}.",
                hint=f"See journeyseo.tables.{self.name.upper()} for the columns.",
            )
        extra = {name: frame[name] for name in frame.columns if name not in out}
        result = pd.DataFrame({**out, **extra}, index=frame.index, copy=False)
        result.attrs = frame.attrs
        return result

    def empty(self) -> pd.DataFrame:
        """Return the table without rows."""
        return pd.DataFrame({c.name: pd.Series(dtype=c.kind) for c in self.columns})


def _gaps(kind: str, index: pd.Index) -> pd.Series:
    """Return an empty column."""
    if kind == TEXT:
        import pyarrow as pa

        return pd.Series(pd.array(pa.nulls(len(index), pa.large_string()), dtype=kind), index=index)
    return pd.Series(float("nan") if kind == NUMBER else pd.NA, index=index, dtype=kind)
