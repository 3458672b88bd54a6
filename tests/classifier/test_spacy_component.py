"""The spaCy component, found by its entry point."""

import importlib.metadata

import pytest
import spacy

import journeyseo as js
from journeyseo.stages import STAGES

TEXTS = ["best running shoes", "Buy Nike Pegasus 41", "how to clean suede", "hubspot login"]


def test_spacy_finds_it_by_its_entry_point():
    names = {e.name for e in importlib.metadata.entry_points(group="spacy_factories")}
    assert "journey_stage" in names
    assert spacy.blank("en").has_factory("journey_stage")


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "best running shoes"),
        ("zh", "除湿机 推荐"),
        ("de", "crm software vergleich"),
        ("xx", "ノートパソコン おすすめ"),
    ],
)
def test_any_blank_pipeline_takes_it(language, text):
    nlp = spacy.blank(language)
    nlp.add_pipe("journey_stage", config={"engine": "fast"})
    doc = nlp(text)
    assert doc._.journey_stage == "consideration"
    assert set(STAGES) <= set(doc.cats)
    assert sum(doc.cats[s] for s in STAGES) == pytest.approx(1, abs=1e-5)
    assert max(STAGES, key=lambda s: doc.cats[s]) == "consideration"


def test_it_says_what_the_classifier_says_whatever_the_batch():
    nlp = spacy.blank("en")
    nlp.add_pipe("journey_stage", config={"engine": "fast"})
    wanted = js.StageClassifier(engine="fast").classify(TEXTS)
    for size in (1, 3, 100):
        docs = list(nlp.pipe(TEXTS, batch_size=size))
        assert [d._.journey_stage for d in docs] == wanted["journey_stage"].tolist()
        assert [d.cats["decision"] for d in docs] == wanted["p_decision"].tolist()


def test_cue_words_are_spans_with_their_stage():
    nlp = spacy.blank("en")
    nlp.add_pipe("journey_stage", config={"engine": "fast"})
    doc = nlp("Best crm, or buy one?")
    assert [(s.text, s.label_) for s in doc.spans["journey_cues"]] == [
        ("Best", "consideration"),
        ("buy", "decision"),
    ]


def test_another_journey_and_a_wrong_engine():
    nlp = spacy.blank("en")
    nlp.add_pipe("journey_stage", config={"engine": "fast", "journey": "search-intent"})
    assert nlp("buy nike pegasus 41")._.journey_stage == "transactional"
    with pytest.raises(js.ConfigError, match="no engine 'slow'"):
        spacy.blank("en").add_pipe("journey_stage", config={"engine": "slow"})


def test_an_empty_text_has_a_label():
    nlp = spacy.blank("en")
    nlp.add_pipe("journey_stage", config={"engine": "fast"})
    assert nlp("").cats.keys() >= set(STAGES)
