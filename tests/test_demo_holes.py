"""The example sites' holes, written down by another hand before the code, are found."""

import hashlib

import pytest
from tests.scenarios import SCENARIOS, UNSEEN, folder_of, grouping_index, map_site, truth_of, verdicts

# Frozen: these files say what is true of the examples; a change of them is no way to pass.
DIGESTS = {
    "heat-pumps/holes.toml": "087ca97432fb8999",
    "heat-pumps/truth.csv": "92f234c9263edaed",
    "mattress-shop/holes.toml": "b8ee2b7887eddf2c",
    "mattress-shop/truth.csv": "be569877656bc555",
    "payroll-software/holes.toml": "1daed0cd4d881463",
    "payroll-software/truth.csv": "22fefcdb6f1de429",
    "pet-clinic/holes.toml": "5771ca762545ced7",
    "pet-clinic/truth.csv": "1c30f6e5f1ec2ce6",
    "piano-school/holes.toml": "32a2f2ade5f37349",
    "piano-school/truth.csv": "db49904d66623afa",
    "bathroom-works/holes.toml": "e890e3790f6851ee",
    "bathroom-works/truth.csv": "b759efee0e90340c",
    "coffee-shop/holes.toml": "4f2d27be403ba362",
    "coffee-shop/truth.csv": "d61bfbb3b7908304",
    "garden-rooms/holes.toml": "c5a9a98faa49c9e9",
    "garden-rooms/truth.csv": "1a4d0ac90d73d56c",
    "dental-group/holes.toml": "6028a1889cd834de",
    "dental-group/truth.csv": "25bf46eb04615183",
    "hvac-tw/holes.toml": "cabaae2202401abc",
    "hvac-tw/truth.csv": "0368448fe2a385da",
}


@pytest.mark.parametrize("name", DIGESTS)
def test_what_is_true_is_frozen(name):
    site, file = name.split("/")
    assert hashlib.sha256((folder_of(site) / file).read_bytes()).hexdigest()[:16] == DIGESTS[name]


@pytest.fixture(params=[("heat-pumps", "demo_map"), ("mattress-shop", "zh_map")], ids=lambda p: p[0])
def example(request):
    name, fixture = request.param
    return name, request.getfixturevalue(fixture)


def test_the_holes_are_named(example):
    name, journey_map = example
    holes = [v for v in verdicts(name, journey_map) if v.truth == "gap"]
    found = [v for v in holes if v.ours == "gap"]
    assert len(holes) == 8
    assert len(found) >= 6, [v for v in holes if v not in found]


def test_no_covered_cell_is_called_a_gap(example):
    name, journey_map = example
    assert [v for v in verdicts(name, journey_map) if v.truth == "covered" and v.ours == "gap"] == []


def test_holes_of_sites_that_the_method_was_built_on_are_named():
    """Six sites at once: 106 holes; measured: 78 named, 105 of the 113 named are gap or weak."""
    seen = sorted(f for f in SCENARIOS.iterdir() if f.name not in UNSEEN)
    judged = [v for f in seen for v in verdicts(f.name, map_site(f))]
    holes, named = [v for v in judged if v.truth == "gap"], [v for v in judged if v.ours == "gap"]
    assert len(holes) == 106
    assert sum(v.ours == "gap" for v in holes) >= 72
    assert sum(v.truth in ("gap", "weak") for v in named) >= 0.88 * len(named)


def test_holes_of_sites_written_after_the_method_are_named():
    """Two sites at once; measured when first seen: 20 of 30 holes named, 26 of the 31 named gap or weak."""
    judged = [v for name in UNSEEN for v in verdicts(name, map_site(folder_of(name)))]
    holes, named = [v for v in judged if v.truth == "gap"], [v for v in judged if v.ours == "gap"]
    assert len(holes) == 30
    assert sum(v.ours == "gap" for v in holes) >= 18
    assert sum(v.truth in ("gap", "weak") for v in named) >= 0.77 * len(named)


def test_most_covered_cells_are_called_covered(example):
    name, journey_map = example
    covered = [v for v in verdicts(name, journey_map) if v.truth == "covered"]
    assert sum(v.ours == "covered" for v in covered) >= 0.65 * len(covered)


def test_topics_come_near_the_true_ones(example):
    name, journey_map = example
    assert grouping_index(name, journey_map) >= 0.45


def test_queries_get_the_true_stage(example):
    name, journey_map = example
    truth = truth_of(name)["stage"]
    given = journey_map.keywords.set_index("query")["stage"].astype(str)
    assert (given == truth.reindex(given.index)).mean() >= 0.72


def test_stage_shares_of_demand_come_near_the_true_ones(example):
    """Within the wide interval that a few huge brand queries leave; the gate holds the finer figures.

    Measured: .03 and .12 at most; 特價 with a kind of mattress was written down as decision, and the data
    has it as consideration.
    """
    name, journey_map = example
    frame = journey_map.keywords
    true = frame["query"].map(truth_of(name)["stage"])
    for stage in ("awareness", "consideration", "decision"):
        expected = frame[f"p_{stage}"].mean()
        assert abs(expected - (true == stage).mean()) <= 0.13, stage
