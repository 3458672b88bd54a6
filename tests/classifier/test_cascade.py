"""The engine auto: base answers where fast is not sure, and only the text decides."""

import hashlib
import json
import subprocess
import sys

import numpy as np
import pyarrow as pa
import pytest

import journeyseo as js
from journeyseo.classifier.labelled import labelled_queries

QUERIES = labelled_queries()["query"].iloc[::300].tolist()


@pytest.fixture(scope="module")
def engines():
    return {name: js.StageClassifier(engine=name) for name in ("fast", "base", "auto")}


def test_each_answer_is_that_of_the_engine_named(engines):
    frame = engines["auto"].classify(QUERIES)
    assert set(frame["engine"]) == {engines["fast"].engine, engines["base"].engine}
    for name in ("fast", "base"):
        own = (frame["engine"] == engines[name].engine).to_numpy()
        alone = engines[name].classify(QUERIES)
        assert frame.loc[own, ["stage", "confidence", "reason"]].equals(
            alone.loc[own, ["stage", "confidence", "reason"]]
        )


def test_the_ends_of_the_threshold_are_the_two_engines(engines):
    for threshold, name in ((0.0, "fast"), (1.0, "base")):
        found = js.StageClassifier(threshold=threshold).predict_proba(QUERIES)
        np.testing.assert_array_equal(found, engines[name].predict_proba(QUERIES))


def test_an_answer_depends_on_the_query_alone(engines):
    together = engines["auto"].classify(QUERIES)
    alone = [engines["auto"].classify([q]).iloc[0] for q in QUERIES[:40]]
    assert [a["confidence"] for a in alone] == together["confidence"][:40].tolist()
    assert [a["engine"] for a in alone] == together["engine"][:40].tolist()


def test_a_threshold_needs_auto_and_a_number_from_0_to_1():
    for options in ({"engine": "fast", "threshold": 0.5}, {"threshold": 1.5}):
        with pytest.raises(js.ConfigError, match="does not fit"):
            js.StageClassifier(**options)


@pytest.mark.parametrize("size", [1, 7, 500])
def test_batches_say_what_the_table_says(engines, size):
    table = pa.table({"id": range(len(QUERIES)), "query": QUERIES})
    found = pa.Table.from_batches(
        engines["auto"].classify_batches(table.to_batches(max_chunksize=size), reasons=True)
    ).to_pandas()
    whole = engines["auto"].classify(QUERIES)
    assert found["id"].tolist() == list(range(len(QUERIES)))
    for column in ("stage", "journey_stage", "second_stage", "engine", "reason"):
        assert found[column].astype(str).tolist() == whole[column].astype(str).tolist()
    np.testing.assert_array_equal(found["p_none"].to_numpy(), whole["p_none"].to_numpy().astype(np.float32))


def test_batches_without_the_column_are_an_error(engines):
    batch = pa.record_batch({"keyword": ["a"]})
    with pytest.raises(js.InputError, match="no column 'query'"):
        next(engines["fast"].classify_batches([batch]))
    assert next(engines["fast"].classify_batches([batch], column="keyword")).num_rows == 1


def test_another_process_gives_the_same_bits(engines):
    code = (
        "import hashlib, sys, json, journeyseo as js\n"
        "queries = json.load(sys.stdin)\n"
        "found = js.StageClassifier().predict_proba(queries[::-1])[::-1]\n"
        "print(hashlib.sha256(found.tobytes()).hexdigest())"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        input=json.dumps(QUERIES[:60]),
        capture_output=True,
        text=True,
        check=True,
    )
    own = engines["auto"].predict_proba(QUERIES[:60])
    assert done.stdout.strip() == hashlib.sha256(np.ascontiguousarray(own).tobytes()).hexdigest()
