"""Several rows on one query become one, by a stated rule."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

_SUMMED = ["impressions", "clicks"]
# What is taken from one row or not at all: the value, the numbers that stand in for it, their unit.
_TOGETHER: tuple[tuple[str, list[str], list[str]], ...] = (
    ("volume", ["volume_low", "volume_high"], ["volume_unit", "volume_is_bucket"]),
    ("cpc", [], ["currency"]),
)


def _keys(queries: pd.Series) -> list[str]:
    """Return the form in which queries are one: like the classifier's, but a year counts."""
    import pyarrow as pa
    import pyarrow.compute as pc

    texts = pa.array(queries.to_numpy(dtype=object), pa.large_string())
    texts = pc.utf8_lower(pc.utf8_normalize(texts, form="NFKC"))
    texts = pc.replace_substring_regex(texts, r"\p{Cf}+", "")
    texts = pc.replace_substring_regex(texts, r"[\pZ\p{Cc}]+", " ")
    keys: list[str] = pc.utf8_trim_whitespace(texts).to_pylist()
    return keys


def merge(frame: pd.DataFrame, parts: Sequence[int] | None = None) -> pd.DataFrame:
    """Return one row per query, language and country.

    The rule: a value comes from the first row that has it, files in the order in which they were
    given; a volume brings its bounds and its unit, a price its currency. Impressions and clicks are
    summed within one file only (a query can have several pages) and never across files; CTR follows
    from the sums. The page kept is the one with the best position in the first file that names one;
    volumes are never summed.

    Args:
        frame: Rows of the keywords table, with `language` filled in.
        parts: Number of the input that each row is from, as two files can have one name.
    """
    if frame.empty:
        return frame
    key = pd.DataFrame(
        {
            "q": _keys(frame["query"]),
            "l": frame["language"].to_numpy(dtype=object),
            "c": frame["country"].fillna("").str.lower().to_numpy(dtype=object),
        }
    )
    number = key.groupby(["q", "l", "c"], sort=False, dropna=False).ngroup().to_numpy()
    if len(np.unique(number)) == len(frame):
        return frame.reset_index(drop=True)
    frame = frame.reset_index(drop=True).assign(_key=number)
    inputs = pd.Series(0 if parts is None else parts, index=frame.index)
    file = frame.groupby([inputs, frame["source"]], sort=False, dropna=False).ngroup()
    order = frame.assign(_s=file).sort_values(["_s", "position"], kind="stable", na_position="last")
    first = order.groupby("_key", sort=True).first()
    texts = order.groupby("_key", sort=True)[["query", "source", "source_row"]].nth(0)
    texts.index = order.loc[texts.index, "_key"].to_numpy()
    first.update(texts.sort_index())
    for value, bounds, others in _TOGETHER:
        known = order[order[[value, *bounds]].notna().any(axis=1)]
        known = known.assign(_gap=known[value].isna()).sort_values("_gap", kind="stable")
        known = known.drop_duplicates("_key").set_index("_key").sort_index()
        columns = [value, *bounds, *others]
        first.loc[known.index, columns] = known[columns]
    sums = order.groupby(["_key", "_s"])[_SUMMED].sum(min_count=1)
    sums = sums.groupby("_key").first()
    repeated = order.groupby(["_key", "_s"]).size().groupby("_key").max() > 1
    first[_SUMMED] = sums[_SUMMED]
    ratio = first["clicks"] / first["impressions"].where(first["impressions"] > 0)
    first["ctr"] = ratio.where(repeated & ratio.notna(), first["ctr"])
    first["n_merged"] = order.groupby("_key").size().astype("Int64")
    return first.drop(columns="_s").reset_index(drop=True)[list(frame.columns.drop("_key"))]
