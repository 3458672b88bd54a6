"""Made queries: new, deterministic, in every language that has a grammar."""

import pandas as pd

from journeyseo.training.generate import generate, mine

SUBJECTS = ["kettle", "sofa", "drill", "tent", "kayak", "piano"]
CHINESE = ["水壶", "沙发", "电钻", "帐篷", "钢琴", "轮胎"]


def authored():
    rows = [(f"how to clean {s}", "en", s) for s in SUBJECTS] + [(f"{s} near me", "en", s) for s in SUBJECTS]
    rows += [(f"{s}怎么选", "zh-Hans", s) for s in CHINESE]
    return pd.DataFrame(rows, columns=["query", "lang", "industry"])


def test_frames_and_subjects_are_told_apart():
    own = authored().query("lang == 'en'")
    grammar = mine(own["query"].tolist(), own["industry"].tolist())
    assert ("how to clean", "", False) in grammar.frames
    assert ("", "near me", False) in grammar.frames
    assert {filler for filler, _ in grammar.fillers} == set(SUBJECTS)


def test_chinese_frames_are_characters():
    own = authored().query("lang == 'zh-Hans'")
    grammar = mine(own["query"].tolist(), own["industry"].tolist())
    assert ("", "怎么选", True) in grammar.frames
    assert {filler for filler, _ in grammar.fillers} == set(CHINESE)


def test_what_is_made_is_new_and_comes_once():
    found = generate(authored(), 60)
    assert len(found) > 40
    assert found["query"].is_unique
    assert not set(found["query"]) & set(authored()["query"])
    assert {"en", "zh-Hans"} == set(found["lang"])


def test_the_same_seed_makes_the_same_queries():
    assert generate(authored(), 60, seed=3).equals(generate(authored(), 60, seed=3))
    assert not generate(authored(), 60, seed=3).equals(generate(authored(), 60, seed=4))
