"""Segments: which queries stand in which, with what demand, and the cells of each."""

import functools

import numpy as np
import pandas as pd
import pytest
from tests.stub import StubClassifier

from journeyseo.coverage import match_coverage
from journeyseo.errors import ConfigError
from journeyseo.gaps import SHARE_ERROR, find_gaps
from journeyseo.keywords import read_keywords
from journeyseo.pages import read_pages
from journeyseo.personas import Persona
from journeyseo.pipeline import map_journey
from journeyseo.results import JourneyMap
from journeyseo.segments import (
    MAX_SEGMENTS,
    assign_segments,
    choose_segmentation,
    empty_personas,
    segment_cells,
    segment_demand,
    segment_totals,
    uneven_gaps,
)
from journeyseo.stages import STAGES, load_journey
from journeyseo.whatif import what_if

THREE = load_journey("three-stage")


def by(name):
    return choose_segmentation(name)


def assigned_to(table, segmentation):
    found = assign_segments(table, segmentation)
    rows = found[["query", "segment", "volume", "share"]].itertuples(index=False)
    return [(query, segment, volume, share) for query, segment, volume, share in rows]


TABLE = pd.DataFrame(
    {
        "keyword": ["best crm", "best crm", "crm price", "free crm"],
        "volume": [100, 60, 50, 10],
        "Country": ["GB", "DE", "DE", None],
        "Line": ["Trade", "trade", "Home", ""],
    }
)


def test_segments_are_sorted_and_the_blank_one_is_last():
    table = read_keywords(TABLE, language="en", keep=["Country", "Line"])
    assert assigned_to(table, by("country")) == [
        ("best crm", "DE", 60, 1),
        ("crm price", "DE", 50, 1),
        ("best crm", "GB", 100, 1),
        ("free crm", "", 10, 1),
    ]
    assert assigned_to(table, by(" line ")) == [
        ("crm price", "Home", 50, 1),
        ("best crm", "Trade", 100, 1),
        ("best crm", "Trade", 60, 1),
        ("free crm", "", 10, 1),
    ]


def test_country_and_language_need_not_be_kept():
    table = read_keywords(TABLE, language="en")
    assert len(assigned_to(table, by("Country"))) == 4
    assert {segment for _, segment, *_ in assigned_to(table, by("language"))} == {"en"}


def test_a_column_that_was_not_kept_is_an_error_that_names_those_seen():
    table = read_keywords(TABLE, language="en")
    with pytest.raises(ConfigError, match=r"no column 'Line'.*'keyword', 'volume', 'Country', 'Line'.*keep"):
        assign_segments(table, by("Line"))


def test_a_column_without_values_is_an_error():
    table = read_keywords(TABLE.assign(Line=" "), language="en", keep="Line")
    with pytest.raises(ConfigError, match="No query has a value in the column 'Line'"):
        assign_segments(table, by("Line"))


def test_a_column_of_too_many_values_is_an_error():
    rows = pd.DataFrame({"keyword": [f"crm {i}" for i in range(MAX_SEGMENTS + 1)]})
    rows["Id"] = rows["keyword"].str.upper()
    table = read_keywords(rows, language="en", keep="Id")
    with pytest.raises(ConfigError, match=r"61 different values, such as 'CRM 0' and 'CRM 1'.*at most 60"):
        assign_segments(table, by("Id"))
    assert len(assign_segments(read_keywords(rows[:-1], language="en", keep="Id"), by("Id"))) == 60


STUDENT = Persona("Student", "Counts every coin.", ("student", "學生"))
OWNER = Persona("Owner", "Buys for five.", ("small business",), {"Line": ("Trade",), "Country": ("Germany",)})


def test_personas_share_a_query_equally_and_the_rest_belongs_to_none():
    rows = pd.DataFrame(
        {
            "keyword": [
                "student crm",
                "学生 crm",
                "crm students",
                "small business student crm",
                "crm",
                "a crm",
            ],
            "volume": [10, 20, 30, 40, 50, 60],
            "Line": [None, None, None, None, "TRADE", None],
            "Country": ["GB", "GB", "GB", "GB", "GB", "DE"],
        }
    )
    people = choose_segmentation(None, [STUDENT, OWNER])
    assert people.by == "persona"
    assert people.columns == ("Line", "Country")
    table = read_keywords(rows, language="en", keep=people.columns)
    assert assigned_to(table, people) == [
        ("student crm", "Student", 10, 1),
        ("学生 crm", "Student", 20, 1),
        ("small business student crm", "Student", 40, 0.5),
        ("small business student crm", "Owner", 40, 0.5),
        ("crm", "Owner", 50, 1),
        ("a crm", "Owner", 60, 1),
        ("crm students", "", 30, 1),
    ]
    demand = segment_demand(assign_segments(table, people), "searches a month")
    assert demand["demand"].tolist() == [10, 20, 20, 20, 50, 60, 30]
    assert demand["segment"].isna().tolist() == [False] * 6 + [True]
    assert demand["demand"].sum() == table["volume"].sum()


def test_a_persona_without_queries_is_told():
    people = choose_segmentation("Persona", [STUDENT, OWNER])
    table = read_keywords(TABLE, language="en", keep=people.columns)
    warnings = empty_personas(assign_segments(table, people), people)
    assert warnings == ["no query belongs to the persona 'Student'; look at its cues and columns"]


def test_demand_is_in_the_map_s_unit():
    rows = pd.DataFrame({"query": ["a", "b"], "impressions": [7, 5], "device": ["PC", "PC"]})
    found = assign_segments(read_keywords(rows, language="en", keep="device"), by("device"))
    assert segment_demand(found, "impressions")["demand"].tolist() == [7, 5]
    assert segment_demand(found, "queries")["demand"].tolist() == [1, 1]
    assert segment_demand(found, "searches a month")["demand"].isna().all()


def test_a_column_and_personas_are_not_given_both():
    assert choose_segmentation(None) is None
    with pytest.raises(ConfigError, match="by 'country' or by personas, not by both"):
        choose_segmentation("country", [STUDENT])


def staged(frame, stages):
    for stage in STAGES:
        frame[f"p_{stage}"] = [0.9 if s == stage else 0.02 for s in stages]
    frame["journey_stage"] = stages
    return frame


QUERIES = [
    ("what is an ev charger", "ev", "awareness", 100.0),
    ("how does an ev charger work", "ev", "awareness", 50.0),
    ("why an ev charger", "ev", "awareness", 20.0),
    ("best ev charger", "ev", "consideration", 200.0),
    ("ev charger reviews", "ev", "consideration", 40.0),
    ("ev charger comparison", "ev", "consideration", 10.0),
    ("why do leather boots crack", "boots", "awareness", 70.0),
    ("how to clean leather boots", "boots", "awareness", 60.0),
    ("what are leather boots", "boots", "awareness", 30.0),
]
EV_AWARE, EV_CONSIDER = slice(0, 3), slice(3, 6)


@pytest.fixture(scope="module")
def site():
    keywords = pd.DataFrame(QUERIES, columns=["query", "topic", "stage", "demand"])
    keywords = staged(
        keywords.assign(language="en", country=None, url=None, position=np.nan), keywords["stage"]
    )
    pages = pd.DataFrame(
        {"url": ["https://a.example/ev"], "title": ["EV charger guide"], "stage": "awareness"}
    )
    texts = dict.fromkeys(("h1", "description", "headings", "text"), pages["title"])
    pages = staged(pages.assign(**texts, language="en", words=500.0, indexable=True), pages["stage"])
    return keywords, pages, match_coverage(keywords, pages)


def members_of(keywords, **segments):
    """Return the members of segments: places of queries, and the factor of their demand."""
    parts = []
    for name, (places, factor) in segments.items():
        own = keywords.iloc[places][["query", "language", "country", "demand"]]
        parts.append(own.assign(segment=name or None, demand=own["demand"] * factor))
    return pd.concat(parts, ignore_index=True)


def test_a_segment_of_all_queries_has_the_cells_of_the_whole(site):
    keywords, pages, coverage = site
    whole = find_gaps(keywords, pages, coverage, THREE)
    cells = segment_cells(keywords, pages, coverage, THREE, members_of(keywords, all=(slice(0, 9), 1)))
    assert set(cells["segment"]) == {"all"}
    labels = {"journey_stage": "str", "status": "str"}
    pd.testing.assert_frame_equal(cells.drop(columns="segment"), whole.astype(labels))


@pytest.fixture(scope="module")
def cells(site):
    keywords, pages, coverage = site
    members = members_of(
        keywords,
        GB=(slice(0, 9), 0.5),
        DE=(slice(1, 4), 2),
        FR=(EV_AWARE, 1),
    )
    return segment_cells(keywords, pages, coverage, THREE, members)


@pytest.mark.parametrize(
    ("segment", "topic", "stage", "status"),
    [
        ("GB", "ev", "awareness", "covered"),
        ("GB", "ev", "consideration", "gap"),
        ("GB", "boots", "awareness", "gap"),
        ("DE", "ev", "consideration", "no-demand"),
        ("FR", "ev", "awareness", "covered"),
        ("FR", "ev", "consideration", "no-demand"),
    ],
)
def test_each_cell_of_a_segment_is_judged_by_its_own_queries(cells, segment, topic, stage, status):
    own = cells.set_index(["segment", "topic", "journey_stage"])
    assert own.loc[(segment, topic, stage), "status"] == status


def test_a_segment_has_only_the_topics_that_it_asks_for(cells):
    assert cells.groupby("segment")["topic"].unique().map(list).to_dict() == {
        "DE": ["ev"], "FR": ["ev"], "GB": ["boots", "ev"],
    }  # fmt: skip


def test_demand_of_a_segment_is_of_its_own_volumes_with_its_own_interval(cells):
    cell = cells.set_index(["segment", "topic", "journey_stage"]).loc[("DE", "ev", "awareness")]
    own, p = np.array([100.0, 40.0, 400.0]), np.array([0.9, 0.9, 0.02])
    assert cell["demand"] == pytest.approx(np.dot(own, p))
    half = 1.645 * np.sqrt(np.dot(own**2, p * (1 - p)) + (SHARE_ERROR["awareness"] * own.sum()) ** 2)
    assert cell["demand_high"] == pytest.approx(cell["demand"] + half)
    assert cell["queries"] == pytest.approx(1.82)


def test_totals_are_those_of_the_segment(cells):
    totals = segment_totals(cells)
    assert list(totals) == ["GB", "DE", "FR"]
    assert totals["FR"].loc["awareness", "demand"] == pytest.approx(0.9 * 170)


def test_gaps_that_only_some_segments_have(cells):
    found = uneven_gaps(cells)
    rows = found[["topic", "journey_stage", "segment", "status"]].astype(str).itertuples(index=False)
    assert [tuple(row) for row in rows] == [
        ("ev", "consideration", "GB", "gap"),
        ("ev", "consideration", "DE", "no-demand"),
        ("ev", "consideration", "FR", "no-demand"),
        ("boots", "awareness", "GB", "gap"),
    ]


def test_a_gap_of_all_segments_is_not_uneven(site):
    keywords, pages, coverage = site
    members = members_of(keywords, GB=(EV_CONSIDER, 1), DE=(EV_CONSIDER, 3))
    assert uneven_gaps(segment_cells(keywords, pages, coverage, THREE, members)).empty


def test_without_members_and_without_pages_nothing_breaks(site):
    keywords, pages, _ = site
    none = members_of(keywords, **{"": (EV_AWARE, 1)})
    nothing = pages.iloc[:0]
    bare = match_coverage(keywords, nothing)
    cells = segment_cells(keywords, nothing, bare, THREE, none)
    assert cells["segment"].isna().all()
    assert cells.set_index("journey_stage").loc["awareness", "status"] == "gap"
    assert segment_cells(keywords, nothing, bare, THREE, none.iloc[:0]).empty


EXPORT = pd.DataFrame(
    {
        "Keyword": ["what is an ev charger", "best ev charger", "price of an ev charger"] * 2,
        "Volume": [100, 80, 20, 40, 10, 50],
        "Country": ["GB"] * 3 + ["DE"] * 3,
        "Team": ["North", "South", None, "North", "South", "North"],
    }
)


@pytest.fixture(scope="module")
def mapped():
    """Return a function that maps the export, by whatever is asked."""
    pages = read_pages(
        pd.DataFrame({"url": ["https://a.example/x"], "title": ["What is an EV charger?"], "text": ["Guide"]})
    )
    queries = read_keywords(EXPORT, language="en", keep=["Team"])
    return functools.partial(map_journey, queries, pages, classifier=StubClassifier())


@pytest.mark.parametrize("name", ["country", "Team"])
def test_the_whole_is_the_same_with_and_without_segments(mapped, name):
    plain, found = mapped(), mapped(by=name)
    for table, frame in plain.tables().items():
        if table not in ("segments", "query_segments"):
            pd.testing.assert_frame_equal(found.tables()[table], frame)
    assert plain.segments.empty
    assert plain.provenance["segments"] == {}
    assert found.provenance == {**plain.provenance, "segments": {"by": name, "personas": []}}
    assert set(found.query_segments["query"]) == set(found.keywords["query"])


def test_a_map_by_country_has_each_country_s_volume(mapped):
    found = mapped(by="country")
    rows = found.query_segments[["query", "segment", "demand"]].sort_values(["query", "segment"])
    assert rows.to_numpy().tolist() == [
        ["best ev charger", "DE", 10.0],
        ["best ev charger", "GB", 80.0],
        ["price of an ev charger", "DE", 50.0],
        ["price of an ev charger", "GB", 20.0],
        ["what is an ev charger", "DE", 40.0],
        ["what is an ev charger", "GB", 100.0],
    ]
    totals = found.segments.groupby("segment")["demand"].sum()
    assert totals.to_dict() == pytest.approx({"DE": 0.98 * 100, "GB": 0.98 * 200})
    assert totals.sum() == pytest.approx(found.cells["demand"].sum())


def test_the_column_is_read_where_the_export_was_not_read_before(mapped):
    found = map_journey(EXPORT, mapped.args[1], classifier=StubClassifier(), by="team")
    sums = found.query_segments.groupby("segment", dropna=False)["demand"].sum()
    assert sums.tolist() == [190, 90, 20]
    assert found.provenance["inputs"][0]["columns"]["Team"] == "Team"


def test_another_journey_makes_the_segments_again(mapped, tmp_path):
    path = tmp_path / "personas.toml"
    path.write_text('[[persona]]\nname = "Asker"\nwho = "Asks."\ncues = ["what is"]\n')
    found = mapped(personas=path)
    assert found.provenance["segments"]["personas"][0]["name"] == "Asker"
    assert found.query_segments.groupby("segment")["demand"].sum().to_dict() == {"Asker": 140}
    found.save(tmp_path / "map")
    again = what_if(JourneyMap.load(tmp_path / "map"), journey="search-intent")
    assert "informational" in set(again.segments["journey_stage"])
    assert again.segments["demand"].sum() == pytest.approx(again.cells["demand"].sum())
