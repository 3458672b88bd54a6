"""Several rows on one query become one, by a stated rule."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from journeyseo.text import UNSETTLED, as_arrow, untidy

if TYPE_CHECKING:
    import pyarrow as pa

PRECEDENCE: tuple[tuple[str, ...], ...] = (
    # Counted on the site's own results: clicks, impressions and positions are facts.
    ("Google Search Console", "Bing Webmaster Tools", "Yandex Webmaster", "百度搜索资源平台"),
    # Searches counted by the engine itself, though some are rounded or given as ranges.
    ("Google Ads Keyword Planner", "Yandex Wordstat", "Naver", "百度推广关键词规划师", "Google Ads"),
    # Tools that pass the engine's counts on.
    (
        "DataForSEO", "KeywordTool", "Keywords Everywhere", "Mangools KWFinder", "Ubersuggest",
        "AnswerThePublic",
        "5118", "爱站",
    ),
    # Tools that estimate searches by models of their own.
    (
        "Semrush", "Ahrefs", "Sistrix", "SE Ranking", "Similarweb", "Moz", "Serpstat", "SpyFu",
        "Keyword Insights",
    ),
)  # fmt: skip
"""Vendors whose values go first within a period: what was counted before what was passed on before what
was estimated. Within a line, and after the last, the order in which files were given decides: there is
no reference that would put one estimate before another."""

# What is taken from one row or not at all: the value, the numbers that stand in for it, their unit.
_TOGETHER: tuple[tuple[str, list[str], list[str]], ...] = (
    ("volume", ["volume_low", "volume_high"], ["volume_unit", "volume_is_bucket"]),
    ("cpc", [], ["currency"]),
)
_SUMMED = ["impressions", "clicks"]
_ALONE = ("difficulty", "competition", "vendor_intent", "serp_features", "trend", "url")
# Rows named for a sum; of a year of days the first few show where it is from.
_NAMED = 5


Numbers = Sequence[int] | npt.NDArray[Any]


def rank_of(vendor: str) -> int:
    """Return the place of a vendor in `PRECEDENCE`; 0 goes first."""
    return next((i for i, names in enumerate(PRECEDENCE) if vendor in names), len(PRECEDENCE))


def query_keys(queries: pd.Series) -> pa.LargeStringArray:
    """Return the form in which queries are one: like the classifier's, but a year counts."""
    import pyarrow.compute as pc

    texts = as_arrow(queries)
    keys = pc.ascii_lower(texts)
    other = untidy(texts, UNSETTLED)
    if other.any():
        some = pc.utf8_lower(pc.utf8_normalize(texts.filter(other), form="NFKC"))
        some = pc.replace_substring_regex(some, r"\p{Cf}+", "")
        some = pc.replace_substring_regex(some, r"[\pZ\p{Cc}]+", " ")
        keys = pc.replace_with_mask(keys, other, pc.utf8_trim_whitespace(some))
    return keys


def row_groups(frame: pd.DataFrame) -> npt.NDArray[np.int64] | None:
    """Return the number of each row's query, language and country; None where each has one row.

    Groups are numbered from 0 in the order of their first rows.

    Args:
        frame: Rows of the keywords table, with `language` filled in.
    """
    coded = query_keys(frame["query"]).dictionary_encode()
    if len(coded.dictionary) == len(frame):
        return None
    number = within(coded.indices.to_numpy().astype(np.int64), pd.factorize(frame["language"])[0])
    country, known = _countries_of(frame)
    if len(known):
        several, only = several_of(number, country)
        country = np.where((country < 0) & (several[number] == 1), only[number], country)
    number = within(number, country)
    return number if number.max() + 1 < len(number) else None


def within(number: npt.NDArray[np.int64], codes: npt.NDArray[np.intp]) -> npt.NDArray[np.int64]:
    """Return the numbers of the parts that codes (-1 where there is none) split groups into."""
    parts: npt.NDArray[np.int64] = pd.factorize(number * (codes.max() + 2) + codes + 1)[0]
    return parts


def _countries_of(frame: pd.DataFrame) -> tuple[npt.NDArray[np.intp], pd.Index]:
    """Return the number of each row's country, -1 where it has none, and the countries."""
    texts = frame["country"].str.lower()
    return pd.factorize(texts.mask(texts == ""))


def several_of(
    number: npt.NDArray[np.int64], codes: npt.NDArray[np.intp]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return how many codes (-1 is none) each group has, and the only one where it has one."""
    pairs = np.unique(np.stack([number, codes], 1)[codes >= 0], axis=0)
    several = np.bincount(pairs[:, 0], minlength=number.max() + 1)
    only = np.full(len(several), -1)
    only[pairs[:, 0]] = pairs[:, 1]
    return several, only


def without_country(frame: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """Return which rows have no country, while others on their query and language have several.

    Args:
        frame: Rows of the keywords table, merged.
    """
    country, known = _countries_of(frame)
    if not len(known) or (country >= 0).all():
        return np.zeros(len(frame), bool)
    number = within(
        query_keys(frame["query"]).dictionary_encode().indices.to_numpy().astype(np.int64),
        pd.factorize(frame["language"])[0],
    )
    several, _ = several_of(number, country)
    found: npt.NDArray[np.bool_] = (country < 0) & (several[number] > 1)
    return found


def merge(
    frame: pd.DataFrame,
    parts: Numbers | None = None,
    ranks: Numbers | None = None,
    *,
    groups: npt.NDArray[np.int64] | None = None,
) -> pd.DataFrame:
    """Return one row per query, language and country, in the order of `row_groups`.

    A row without a country joins that of the only country that its query has in its language; where
    there are several it stays apart (`without_country`).

    The rule: a value comes from the row of the newest period (rows without one come last), then of the
    vendor that goes first in `PRECEDENCE`, then of the file that was given first. Of volumes of one
    period an exact one goes before the middle of a range; a volume brings its bounds and its unit, a
    price its currency. Volumes are never summed. Impressions and clicks are summed within one period of
    one file only, and CTR follows from the sums. Rows on one page, such as days, have the mean position
    weighted by impressions; of several pages the one with the best position is kept. Column ``sources``
    names the file and the row of each value that is not of ``source`` and ``source_row``.

    Args:
        frame: Rows of the keywords table, with `language` filled in.
        parts: Number of the input that each row is from, as two files can have one name.
        ranks: Place of each row's vendor in `PRECEDENCE`.
        groups: Number of each row's group, numbered in the order of their first rows, where rows are not
            to be grouped by query, language and country.
    """
    if frame.empty:
        return frame
    frame = frame.reset_index(drop=True)
    number = row_groups(frame) if groups is None else groups
    if number is None or number.max() + 1 == len(number):
        return frame
    count = np.bincount(number)
    repeated = count[number] > 1
    inputs = np.zeros(len(frame), int) if parts is None else np.asarray(parts)
    file = pd.DataFrame({"i": inputs, "s": frame["source"]}).groupby(["i", "s"], sort=False, dropna=False)
    order = frame.assign(
        country=frame["country"].mask(frame["country"] == ""),
        _key=number,
        _file=file.ngroup().to_numpy(),
        _rank=0 if ranks is None else np.asarray(ranks),
        _age=_age(frame["period_end"]),
    )[repeated]
    order = order.sort_values(
        ["_age", "_rank", "_file", "position"], kind="stable", na_position="last", ignore_index=True
    )
    single = frame[~repeated].assign(_key=number[~repeated])
    both = pd.concat([single, _merged(order)], ignore_index=True).sort_values("_key", kind="stable")
    return both.reset_index(drop=True)[list(frame.columns)]


def _age(days: pd.Series) -> npt.NDArray[np.int64]:
    """Return 0 for the newest day, 1 for the next, and so on; what is missing comes last."""
    codes, known = pd.factorize(days, sort=True)
    ages: npt.NDArray[np.int64] = np.where(codes < 0, len(known), len(known) - 1 - codes)
    return ages


def _merged(order: pd.DataFrame) -> pd.DataFrame:
    """Return one row for each key of rows that are in their order of precedence."""
    groups = order.groupby("_key", sort=True)
    first = groups.first()
    base = order.drop_duplicates("_key").set_index("_key").sort_index()
    texts = ["query", "source", "source_row"]
    first[texts] = base[texts]
    taken: dict[str, pd.Series] = {}
    for value, bounds, others in _TOGETHER:
        known = order[order[[value, *bounds]].notna().any(axis=1)]
        range_ = known["volume_is_bucket"].fillna(value=False).astype(bool) if value == "volume" else False
        known = known.assign(_gap=known[value].isna(), _range=range_)
        known = known.sort_values(["_gap", "_age", "_range"], kind="stable").drop_duplicates("_key")
        taken[value] = pd.Series(known.index, index=known["_key"])
        known = known.set_index("_key").sort_index()
        columns = [value, *bounds, *others]
        first.loc[known.index, columns] = known[columns]
    for name in _ALONE:
        known = order[order[name].notna()].drop_duplicates("_key")
        taken[name] = pd.Series(known.index, index=known["_key"])
    blocks = _blocks(order)
    sums = blocks[blocks[_SUMMED].notna().any(axis=1)].drop_duplicates("_key").set_index("_key")
    first[_SUMMED] = sums[_SUMMED].reindex(first.index)
    place = blocks[blocks["position"].notna()].drop_duplicates("_key").set_index("_key")
    first["position"] = place["position"].reindex(first.index)
    ratio = first["clicks"] / first["impressions"].where(first["impressions"] > 0)
    several = sums["_rows"].reindex(first.index).fillna(1) > 1
    own = sums["ctr"].reindex(first.index)
    first["ctr"] = ratio.where(several & ratio.notna(), own.where(own.notna(), first["ctr"]))
    first["device"] = first["device"].where(groups["device"].min() == groups["device"].max())
    first["n_merged"] = groups["n_merged"].sum().astype("Int64")
    first["sources"] = _sources(order, taken, sums["_block"], base)
    return first.reset_index()


def _blocks(order: pd.DataFrame) -> pd.DataFrame:
    """Return the rows on a query of one period of one file as one, the blocks in their order."""
    rows = order.assign(
        _block=order.groupby(["_key", "_file", "_age"], sort=False).ngroup(),
        _shown=order["impressions"].where(order["position"].notna()),
        _url=order["url"].fillna(""),
    )
    rows["_weighted"] = rows["position"] * rows["_shown"]
    groups = rows.groupby(["_key", "_block", "_url"], sort=False)
    pages = groups[_SUMMED].sum(min_count=1)
    pages["ctr"] = groups["ctr"].first()
    pages["_rows"] = groups.size()
    best = groups["position"].min()
    shown, weighted = groups["_shown"].sum(), groups["_weighted"].sum()
    mean = (weighted / shown.where(shown > 0)).fillna(best)
    pages["position"] = mean.where(pages["_rows"] > 1, best)
    groups = pages.groupby(["_key", "_block"], sort=False)
    sums = groups[_SUMMED].sum(min_count=1)
    sums["position"] = groups["position"].min()
    sums["ctr"] = groups["ctr"].first()
    sums["_rows"] = groups["_rows"].sum()
    return sums.reset_index().sort_values("_block", kind="stable")


def _sources(
    order: pd.DataFrame, taken: dict[str, pd.Series], block: pd.Series, base: pd.DataFrame
) -> pd.Series:
    """Return, for each key, the values that are from other rows than its own, with file and row."""
    places = order["source"].astype(str) + ":" + order["source_row"].astype(str)
    own = base["source"].astype(str) + ":" + base["source_row"].astype(str)
    found: dict[object, list[str]] = {}
    for name, rows in taken.items():
        where = pd.Series(places.loc[rows.to_numpy()].to_numpy(), index=rows.index)
        for key, place in where[where != own.reindex(where.index)].items():
            found.setdefault(key, []).append(f"{name} {place}")
    for key, text in _summed_rows(order, block, own):
        found.setdefault(key, []).append(text)
    return pd.Series({key: "; ".join(parts) for key, parts in found.items()}, dtype="str").reindex(base.index)


def _summed_rows(order: pd.DataFrame, block: pd.Series, own: pd.Series) -> Iterator[tuple[object, str]]:
    """Yield each key whose clicks and impressions are from other rows than its own, with these rows."""
    numbers = order.groupby(["_key", "_file", "_age"], sort=False).ngroup()
    used = order[numbers.isin(block)].sort_values("_key", kind="stable")
    if used.empty:
        return
    keys, starts = np.unique(used["_key"].to_numpy(), return_index=True)
    files, rows = used["source"].tolist(), used["source_row"].tolist()
    mine = own.to_dict()
    for key, start, end in zip(keys, starts, [*starts[1:], len(used)], strict=True):
        names = "+".join(map(str, rows[start : min(end, start + _NAMED)]))
        text = f"{files[start]}:{names}" + (f"+{end - start - _NAMED} more" if end - start > _NAMED else "")
        if text != mine[key]:
            yield key, f"clicks, impressions {text}"
