"""One unit of demand for a map."""

from __future__ import annotations

import pandas as pd

from journeyseo.demand import Demand, choose_demand
from journeyseo.tables import KEYWORDS

NA = float("nan")


def _table(volume: list[float], impressions: list[float], index: list[int] | None = None) -> pd.DataFrame:
    data = {"query": [f"q{i}" for i in range(len(volume))], "volume": volume, "impressions": impressions}
    return KEYWORDS.conform(pd.DataFrame(data, index=index))


def _values(demand: Demand) -> pd.Series:
    return demand.values  # noqa: PD011 - a field of ours


def test_volume_comes_first_and_impressions_are_never_added() -> None:
    demand = choose_demand(_table([100, NA, 30, NA], [5, 7, NA, NA]))
    assert demand.unit == "searches a month"
    assert _values(demand).tolist()[::2] == [100.0, 30.0]
    assert _values(demand).isna().tolist() == [False, True, False, True]
    first, second = demand.notes
    assert first.startswith("1 queries are known in impressions only")
    assert second == "2 queries have no known demand in searches a month"


def test_impressions_where_there_is_no_volume() -> None:
    demand = choose_demand(_table([NA, NA], [5, NA]))
    assert demand.unit == "impressions"
    assert _values(demand).iloc[0] == 5.0
    assert demand.notes == ("1 queries have no known demand in impressions",)


def test_each_query_counts_one_where_nothing_is_known() -> None:
    demand = choose_demand(_table([NA, NA], [NA, NA], index=[4, 9]))
    assert demand.unit == "queries"
    assert _values(demand).to_dict() == {4: 1.0, 9: 1.0}
    assert demand.notes == ("the input has no volumes and no impressions; each query counts one",)


def test_nothing_stands_apart_where_all_is_known() -> None:
    demand = choose_demand(_table([0, 10], [NA, NA], index=[2, 1]))
    assert demand.notes == ()
    assert _values(demand).to_dict() == {2: 0.0, 1: 10.0}
    assert _values(demand).dtype == "float64"


def test_large_counts_are_readable() -> None:
    demand = choose_demand(_table([1.0, *[NA] * 1200], [NA, *[3.0] * 1200]))
    assert demand.notes[0].startswith("1,200 queries are known in impressions only")


def test_demand_of_the_map_is_spread_over_its_cells(demo_map) -> None:
    topics = demo_map.topics.set_index("topic")["demand"]
    inside = demo_map.keywords[demo_map.keywords["stage"] != "none"]
    assert topics.sum() == inside["demand"].sum()
    spread = demo_map.cells.groupby("topic")["demand"].sum()
    assert (spread <= topics.reindex(spread.index) + 1e-6).all()
    assert (spread > 0.7 * topics.reindex(spread.index)).all()
