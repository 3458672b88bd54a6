"""Columns of an export that are kept beside ours, with the volume that each of their values has."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from journeyseo.errors import ConfigError
from journeyseo.keywords.merge import Numbers, merge, several_of, within
from journeyseo.results import ReadReport
from journeyseo.sheets.formats import header_key
from journeyseo.sheets.located import Located

OWN = ("language", "country", "device")
"""Columns of the keywords table that stand for the columns of exports of these names."""

_PREFIX = "kept "
# Names that a message lists of those that could have been meant.
_SHOWN = 40
_COLUMNS = ("query", "language", "country", "column", "value", "volume", "impressions")


@dataclass(frozen=True, eq=False)
class KeptColumns:
    """Values of kept columns; it travels with a keywords table, in ``attrs["kept"]``.

    Attributes:
        table: One row a query (with its language and country), column and value: query, language,
            country, column, value (empty where the query has none), volume (searches a month) and
            impressions of the query with that value.
    """

    table: pd.DataFrame

    def __deepcopy__(self, memo: object) -> KeptColumns:
        """Return itself: pandas copies attributes at every step, and this one never changes."""
        return self


def own_column(name: str) -> str | None:
    """Return our column that a name stands for; None where it is a column of an export."""
    key = header_key(name)
    return key if key in OWN else None


def kept_field(name: str) -> str:
    """Return the name of a kept column while rows are read: none of ours begins like it."""
    return f"{_PREFIX}{header_key(name)}"


def is_kept(field: str) -> bool:
    """Return whether a column is a kept one."""
    return field.startswith(_PREFIX)


def kept_places(table: Located, keep: Sequence[str]) -> dict[str, int]:
    """Return the place of each kept column that a table has, by its name while rows are read."""
    header = [header_key(cell) for cell in table.header]
    wanted = {kept_field(name): header_key(name) for name in keep if own_column(name) is None}
    return {field: header.index(key) for field, key in wanted.items() if key in header}


def columns_seen(reports: Sequence[ReadReport]) -> str:
    """Return the columns of all files in words, for a message."""
    names = list(dict.fromkeys(n for r in reports for n in (*r.columns.values(), *r.ignored) if n.strip()))
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return f"{', '.join(repr(name[:60]) for name in names[:_SHOWN])}{more}" if names else "none"


def check_kept(keep: Sequence[str], frame: pd.DataFrame, reports: Sequence[ReadReport]) -> None:
    """Raise an error where no file has a column that is to be kept.

    Args:
        keep: Names of the columns.
        frame: Rows of exports, before they are merged.
        reports: What was read.

    Raises:
        ConfigError: It names the columns seen.
    """
    for name in keep:
        own = own_column(name)
        if kept_field(name) not in frame and (own is None or frame[own].isna().all()):
            raise ConfigError(
                f"No keyword export has a column {name!r}.", hint=f"Columns seen: {columns_seen(reports)}."
            )


def without_column(keep: Sequence[str], frame: pd.DataFrame) -> list[str]:
    """Return a note for each column that is to be kept and that a file does not have."""
    return [
        f"there is no column {name!r} in this file"
        for name in keep
        if own_column(name) is None and kept_field(name) not in frame
    ]


def keep_columns(
    keep: Sequence[str],
    frame: pd.DataFrame,
    merged: pd.DataFrame,
    number: npt.NDArray[np.int64],
    order: Mapping[str, Numbers],
) -> KeptColumns:
    """Return the values of columns, each with the volume that the query has with it.

    Rows are merged by the rule of `merge` for each value on its own. A row without a value, as of a file
    that does not have the column, joins the only value of its query; where the query has several values
    it stands in for each of them that has no number of its own.

    Args:
        keep: Names of the columns.
        frame: Rows of exports, before they are merged.
        merged: The merged rows.
        number: Place in `merged` of each row of `frame`.
        order: What else `merge` needs: ``parts`` and ``ranks``.
    """
    tables = [_kept(name, frame, merged, number, order) for name in keep]
    return KeptColumns(pd.concat(tables, ignore_index=True))


def _kept(
    name: str,
    frame: pd.DataFrame,
    merged: pd.DataFrame,
    number: npt.NDArray[np.int64],
    order: Mapping[str, Numbers],
) -> pd.DataFrame:
    own = own_column(name)
    if own in ("language", "country"):  # by which rows are told apart in any case
        table = merged.assign(column=name, value=spelled(merged[own]))
        return table[list(_COLUMNS)].reset_index(drop=True)
    values = spelled(frame[own or kept_field(name)])
    codes, texts = pd.factorize(values.mask(values == ""))
    several, only = several_of(number, codes)
    codes = np.where((codes < 0) & (several[number] == 1), only[number], codes)
    aside = (codes < 0) & (several[number] > 1)
    counted = _merged(frame, number, ~aside, codes, order)
    rows = merged.iloc[counted["number"]].reset_index(drop=True)
    code = counted["code"].to_numpy()
    table = rows.assign(
        column=name,
        value=np.where(code < 0, "", np.append(texts.to_numpy(object), "")[code]),
        volume=counted["volume"].to_numpy(),
        impressions=counted["impressions"].to_numpy(),
    )
    if aside.any():
        spare = _merged(frame, number, aside, codes, order).set_index("number")
        for column in ("volume", "impressions"):
            instead = counted["number"].map(spare[column])
            table[column] = table[column].fillna(instead)
    return table[list(_COLUMNS)]


def _merged(
    frame: pd.DataFrame,
    number: npt.NDArray[np.int64],
    chosen: npt.NDArray[np.bool_],
    codes: npt.NDArray[np.intp],
    order: Mapping[str, Numbers],
) -> pd.DataFrame:
    """Return the numbers of the chosen rows, one row a query and value (as a code)."""
    groups = within(number[chosen], codes[chosen])
    sums = merge(frame[chosen], **{k: np.asarray(some)[chosen] for k, some in order.items()}, groups=groups)
    first = np.unique(groups, return_index=True)[1]
    return pd.DataFrame(
        {
            "number": number[chosen][first],
            "code": codes[chosen][first],
            "volume": sums["volume"].to_numpy(np.float64),
            "impressions": sums["impressions"].to_numpy(np.float64),
        }
    )


def spelled(values: pd.Series) -> pd.Series:
    """Return values without blanks around them, each in the spelling that most rows have; else empty.

    Args:
        values: Texts; what is missing becomes empty.
    """
    texts = values.astype(object).where(values.notna(), "").astype(str).str.strip()
    count = Counter(texts)
    best: dict[str, str] = {}
    for text in sorted(count, key=lambda t: (-count[t], t)):
        best.setdefault(header_key(text), text)
    return texts.map({text: best[header_key(text)] for text in count}).astype("str")
