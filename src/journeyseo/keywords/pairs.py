"""Queries for which a source names several pages: merging keeps one page a query, this keeps them all."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from journeyseo.tables import QUERY_PAGES


@dataclass(frozen=True, eq=False)
class QueryPages:
    """The pages of queries that have several; it travels with a keywords table, in ``attrs["query_pages"]``.

    Attributes:
        table: One row a query and page (`journeyseo.tables.QUERY_PAGES`).
    """

    table: pd.DataFrame

    def __deepcopy__(self, memo: object) -> QueryPages:
        """Return itself: pandas copies attributes at every step, and this one never changes."""
        return self


def query_pages(frame: pd.DataFrame, keys: list[str], texts: dict[str, str]) -> QueryPages:
    """Return the pages of the queries for which rows name more than one.

    Args:
        frame: Rows of exports, before they are merged.
        keys: Form in which each row's query is one with others.
        texts: The query of each form, as the merged table writes it.
    """
    rows = frame.assign(_key=keys)
    counted = (rows["impressions"] > 0) | rows["position"].notna()
    rows = rows[rows["url"].notna() & counted.fillna(value=False).astype(bool)]
    several = rows.groupby(["_key", "language"])["url"].transform("nunique") > 1
    rows = rows[several.astype(bool)]
    if rows.empty:
        return QueryPages(QUERY_PAGES.empty())
    groups = rows.groupby(["_key", "language", "url"], sort=True)
    sums = groups[["impressions", "clicks"]].sum(min_count=1)
    table = sums.assign(position=groups["position"].min()).reset_index()
    table["query"] = table["_key"].map(texts)
    return QueryPages(QUERY_PAGES.conform(table[["query", "language", "url", *sums.columns, "position"]]))
