"""What if: the same map under other options, without a model."""

from __future__ import annotations

import dataclasses

import pandas as pd
import pytest

import journeyseo as js
from journeyseo.planning import apply_plan
from journeyseo.results import JourneyMap
from journeyseo.tables import PLAN
from journeyseo.touchpoints import scoring
from journeyseo.whatif import journey_of, pick


@pytest.fixture(scope="module")
def saved(demo_map: JourneyMap, tmp_path_factory) -> JourneyMap:
    """The English example after a way through files."""
    return JourneyMap.load(demo_map.save(tmp_path_factory.mktemp("map")))


@pytest.fixture(autouse=True)
def no_model(demo_map, zh_map, monkeypatch) -> None:
    """Refuse to classify once the maps are made."""
    from journeyseo.classifier import StageClassifier

    def refuse(*_args, **_options):
        raise AssertionError("nothing is to be classified")

    monkeypatch.setattr(StageClassifier, "_ask", refuse)


@pytest.mark.parametrize("which", ["demo_map", "zh_map"])
def test_without_a_change_nothing_changes(which: str, request, tmp_path) -> None:
    given = request.getfixturevalue(which)
    again = js.what_if(JourneyMap.load(given.save(tmp_path)))
    for name, table in given.tables().items():
        pd.testing.assert_frame_equal(again.tables()[name], table)
    assert again.provenance == given.provenance


def test_fits_are_read_back_equal(saved, demo_map) -> None:
    inside = demo_map.keywords["topic"].notna().sum()
    assert saved.fit.shape == (inside, len(demo_map.pages))
    assert saved.topic_fit.shape == (len(demo_map.topics), len(demo_map.pages))
    assert (saved.fit != demo_map.fit).nnz == (saved.topic_fit != demo_map.topic_fit).nnz == 0


def test_a_map_without_fits_says_what_to_do(demo_map, tmp_path) -> None:
    bare = dataclasses.replace(demo_map, fit=None, topic_fit=None)
    demo_map.save(tmp_path)
    loaded = JourneyMap.load(bare.save(tmp_path))
    assert loaded.fit is None
    with pytest.raises(js.InputError, match="Make it again"):
        js.what_if(loaded)


def test_weights_change_scores_and_order_and_nothing_else(saved) -> None:
    after = js.what_if(saved, weights={"demand": 0, "certainty": 0, "ease": 0, "severity": 0})
    worth = scoring().stage
    assert after.suggestions["score"].tolist() == [100 * worth[s] for s in after.suggestions["journey_stage"]]
    assert after.suggestions["journey_stage"].iloc[0] == "decision"
    pd.testing.assert_frame_equal(after.cells, saved.cells)
    assert after.provenance["options"]["weights"]["stage"] == 0.2
    assert after.provenance["options"]["weights"]["demand"] == 0
    moves = js.suggestion_changes(saved, after)
    ranks = saved.suggestions.set_index("id")["rank"]
    assert moves["rank_before"].tolist() == ranks[moves["id"]].tolist()
    assert (moves["moved"] == moves["rank_before"] - moves["rank"]).all()
    assert (moves["moved"] != 0).any()
    assert moves["moved"].sum() == 0
    assert moves.attrs["left"] == []


def test_a_second_what_if_goes_on_from_the_first(saved) -> None:
    first = js.what_if(saved, weights={"demand": 0})
    second = js.what_if(first, target_position=1)
    assert second.provenance["options"]["weights"]["demand"] == 0
    assert second.suggestions["id"].tolist() == first.suggestions["id"].tolist()
    ratio = second.suggestions["clicks"] / first.suggestions["clicks"]
    assert ratio.mean() == pytest.approx(scoring().ctr[0] / scoring().ctr[2], rel=0.01)


@pytest.mark.parametrize(
    ("options", "match"),
    [
        ({"weights": {"size": 1}}, "no part 'size'.*demand, certainty"),
        ({"weights": {"demand": -1}}, "weight of 'demand' is -1"),
        ({"weights": {"demand": float("nan")}}, "weight of 'demand' is nan"),
        ({"weights": dict.fromkeys(scoring().weights, 0)}, "All weights are zero"),
        ({"target_position": 0}, "target position 0"),
        ({"target_position": 11}, "target position 11"),
        ({"journey": "nowhere"}, "no journey named 'nowhere'"),
    ],
)
def test_a_wrong_option_is_a_config_error(saved, options, match: str) -> None:
    with pytest.raises(js.ConfigError, match=match):
        js.what_if(saved, **options)


def test_another_journey_is_as_if_mapped_with_it(saved, examples) -> None:
    after = js.what_if(saved, journey="classic-five")
    assert list(journey_of(after).keys) == ["awareness", "consideration", "purchase", "retention", "advocacy"]
    old = saved.cells[saved.cells["journey_stage"] == "decision"]["demand"].tolist()
    assert after.cells[after.cells["journey_stage"] == "purchase"]["demand"].tolist() == old
    assert {"retention", "advocacy"} & set(after.keywords["journey_stage"].astype(str))
    # One job has one id, whatever the journey calls its stage.
    moves = js.suggestion_changes(saved, after)
    purchase = moves[moves["journey_stage"] == "purchase"]
    assert purchase["rank_before"].notna().all()
    changes = js.gap_changes(saved, after)
    same = changes[changes["journey_stage"] == "purchase"]
    assert same["status_before"].tolist() == same["status"].astype(str).tolist()
    assert changes[changes["journey_stage"] == "retention"]["status_before"].isna().all()
    assert changes.attrs["left"] == []
    back = js.what_if(after, journey="three-stage")
    pd.testing.assert_frame_equal(back.suggestions, saved.suggestions)


def test_another_journey_from_files_gives_what_the_whole_job_gives(saved, examples, monkeypatch) -> None:
    monkeypatch.undo()
    folder = examples / "heat-pumps"
    whole = js.map_journey(
        str(folder / "keywords.csv"), folder / "site", journey="classic-five", reasons=False
    )
    after = js.what_if(saved, journey="classic-five")
    pd.testing.assert_frame_equal(after.cells, whole.cells)
    pd.testing.assert_frame_equal(after.suggestions, whole.suggestions)
    assert after.provenance["stages"] == whole.provenance["stages"]


def test_what_planners_decided_stays(saved) -> None:
    ids = saved.suggestions["id"].tolist()
    plan = PLAN.conform(
        pd.DataFrame({"id": [ids[0], ids[1], "s0"], "status": ["rejected", "writing", "planned"]})
    )
    work, closed = apply_plan(saved.suggestions, plan)
    provenance = {**saved.provenance, "plan": {"ids": sorted(plan["id"])}}
    decided = dataclasses.replace(saved, suggestions=work, closed=closed, provenance=provenance)
    after = js.what_if(decided, weights={"stage": 5})
    assert ids[0] not in set(after.suggestions["id"])
    assert after.suggestions.set_index("id").loc[ids[1], "status"] == "writing"
    pd.testing.assert_frame_equal(after.closed, closed)
    assert len(js.suggestion_changes(decided, after)) == len(ids) - 1


def test_gaps_that_are_none_any_more_are_told(saved) -> None:
    cells = saved.cells.copy()
    first = saved.gaps.iloc[0]
    mine = (cells["topic"] == first["topic"]) & (cells["journey_stage"] == first["journey_stage"])
    cells.loc[mine, "status"] = "covered"
    changes = js.gap_changes(saved, dataclasses.replace(saved, cells=cells))
    name = saved.topics.set_index("topic")["name"][first["topic"]]
    assert changes.attrs["left"] == [(name, str(first["journey_stage"]))]
    assert len(changes) == len(saved.gaps) - 1


def test_rows_are_picked_by_stage_topic_and_language(saved, zh_map) -> None:
    table = js.suggestion_changes(saved, saved)
    assert set(pick(table, saved, stages=["Decision"])["journey_stage"]) == {"decision"}
    own = pick(table, saved, topics=["Heat Pumps"])
    assert set(own["topic_name"]) == {"heat pumps"}
    key = own["topic"].iloc[0]
    pd.testing.assert_frame_equal(pick(table, saved, topics=[key]), own)
    both = pick(table, saved, stages=["decision", "awareness"], topics=["heat pumps"])
    assert sorted(both["journey_stage"]) == ["awareness", "decision"]
    assert pick(table, saved, limit=3)["rank"].tolist() == [1, 2, 3]
    assert pick(table, saved)["id"].tolist() == table["id"].tolist()
    chinese = js.suggestion_changes(zh_map, zh_map)
    assert set(pick(chinese, zh_map, stages=["考慮"])["journey_stage"]) == {"consideration"}
    assert len(pick(chinese, zh_map, languages=["zh-Hant"])) == (chinese["language"] == "zh-Hant").sum()


@pytest.mark.parametrize(
    ("options", "match"),
    [
        ({"stages": ["buying"]}, "no stage 'buying'. It has: awareness, consideration, decision, outside"),
        ({"topics": ["zeppelins"]}, "no topic 'zeppelins'. It has: "),
        ({"languages": ["fr"]}, "no language 'fr'. It has: en"),
    ],
)
def test_a_filter_that_fits_nothing_says_what_there_is(saved, options, match: str) -> None:
    with pytest.raises(js.ConfigError, match=match):
        pick(js.suggestion_changes(saved, saved), saved, **options)


def test_another_what_if_can_be_reported(saved, tmp_path, monkeypatch) -> None:
    from journeyseo.report import write as writer

    monkeypatch.setattr(writer, "write_xlsx", lambda *a: a[2].write_bytes(b"book"))
    after = js.what_if(saved, journey="classic-five", target_position=1)
    html = js.write_report(after, tmp_path / "r").read_text("utf-8")
    assert "Purchase" in html
    assert JourneyMap.load(tmp_path / "r").provenance == after.provenance
