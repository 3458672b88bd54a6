"""Several rows on one query become one, by a stated rule."""

from __future__ import annotations

import numpy as np
import pandas as pd

from journeyseo.text import normalise

_SUMMED = ["impressions", "clicks"]


def merge(frame: pd.DataFrame) -> pd.DataFrame:
    """Return one row per query, language and country.

    The rule: a value comes from the first row that has it, files in the order in which they were
    given. Impressions and clicks are summed within one file only (a query can have several pages)
    and never across files; CTR follows from the sums. The page kept is the one with the best
    position in the first file that names one; volumes are never summed.

    Args:
        frame: Rows of the keywords table, with `language` filled in.
    """
    if frame.empty:
        return frame
    import pyarrow as pa

    key = pd.DataFrame(
        {
            "q": normalise(pa.array(frame["query"].to_numpy(dtype=object), pa.string())).to_pylist(),
            "l": frame["language"].to_numpy(dtype=object),
            "c": frame["country"].fillna("").str.lower().to_numpy(dtype=object),
        }
    )
    number = key.groupby(["q", "l", "c"], sort=False, dropna=False).ngroup().to_numpy()
    if len(np.unique(number)) == len(frame):
        return frame.reset_index(drop=True)
    frame = frame.reset_index(drop=True).assign(_key=number)
    source = frame["source"].ne(frame["source"].shift()).cumsum()
    order = frame.assign(_s=source).sort_values(["_s", "position"], kind="stable", na_position="last")
    first = order.groupby("_key", sort=True).first()
    texts = order.groupby("_key", sort=True)[["query", "source", "source_row"]].nth(0)
    texts.index = order.loc[texts.index, "_key"].to_numpy()
    first.update(texts.sort_index())
    sums = order.groupby(["_key", "_s"])[_SUMMED].sum(min_count=1)
    sums = sums.groupby("_key").first()
    repeated = order.groupby(["_key", "_s"]).size().groupby("_key").max() > 1
    first[_SUMMED] = sums[_SUMMED]
    ratio = first["clicks"] / first["impressions"].where(first["impressions"] > 0)
    first["ctr"] = ratio.where(repeated & ratio.notna(), first["ctr"])
    first["n_merged"] = order.groupby("_key").size().astype("Int64")
    return first.drop(columns="_s").reset_index(drop=True)[list(frame.columns.drop("_key"))]
