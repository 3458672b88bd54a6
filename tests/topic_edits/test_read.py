"""The file of topics: what is taken, what is malformed, what contradicts itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from journeyseo.errors import ConfigError
from journeyseo.topic_edits import TopicEdit, read_topic_edits

GOOD = """
[[topic]]
name = "Heat  pumps"
queries = ["ashp cost"]
words = ["heat pump", "ashp"]

[[merge]]
topics = ["a", "b"]
name = "c"

[[rename]]
topic = "d"
name = "e"

[[split]]
topic = "c"
words = ["tesla"]
name = "f"
"""


@pytest.fixture
def read(tmp_path: Path):
    def write_and_read(text: str):
        path = tmp_path / "topics.toml"
        path.write_text(text, encoding="utf-8")
        return read_topic_edits(path)

    return write_and_read


def test_entries_are_read(read) -> None:
    edits = read(GOOD)
    assert edits.entries == (
        TopicEdit("topic", 1, "Heat pumps", (), ("ashp cost",), ("heat pump", "ashp")),
        TopicEdit("merge", 1, "c", ("a", "b")),
        TopicEdit("rename", 1, "e", ("d",)),
        TopicEdit("split", 1, "f", ("c",), (), ("tesla",)),
    )
    assert edits.names() == {"heat pump": "Heat pumps", "c": "c", "e": "e", "f": "f"}
    assert read_topic_edits(edits) is edits


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "there is no entry"),
        ("[[topic]\n", "not valid TOML: .*line 1"),
        ("[topic]\nname = 'a'", r"'topic' is no list of entries: write \[\[topic\]\] above each"),
        ("topic = [1]", "'topic' is no list of entries"),
        ("[[topics]]\nname = 'a'", r"'topics' is none of \[\[topic\]\], \[\[merge\]\]"),
        ("[[topic]]\nwords = ['a']", r"\[\[topic\]\] 1: name is missing"),
        ("[[topic]]\nname = 'a'", r"\[\[topic\]\] 1: both queries and words are missing"),
        ("[[topic]]\nname = 'a'\nword = ['b']\nwords = ['c']", "'word' is none of name, queries, words"),
        ("[[topic]]\nname = ' '\nwords = ['c']", "name is no text"),
        ("[[topic]]\nname = 'a'\nwords = 'c'", "words is no list of texts"),
        ("[[topic]]\nname = 'a'\nqueries = []", "queries is no list of texts"),
        ("[[topic]]\nname = 'a'\nwords = ['c', 3]", "words is no list of texts"),
        ("[[topic]]\nname = 'a'\nwords = ['+&']", r"'\+&' in words has no word"),
        ("[[merge]]\nname = 'a'", r"\[\[merge\]\] 1: topics is missing"),
        ("[[rename]]\nname = 'a'\ntopic = ['b']", r"\[\[rename\]\] 1: topic is no text"),
        ("[[split]]\nname = 'a'\ntopic = 'b'", r"\[\[split\]\] 1: both queries and words are missing"),
    ],
)
def test_what_is_malformed_is_named_with_its_entry(read, text: str, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        read(text)


def test_all_that_is_malformed_is_named_at_once(read) -> None:
    with pytest.raises(ConfigError) as caught:
        read("[[topic]]\nname = 1\nwords = ['a']\n[[rename]]\nname = 'b'")
    assert "[[topic]] 1: name is no text; [[rename]] 1: topic is missing" in str(caught.value)
    assert caught.value.where.endswith("topics.toml")


@pytest.mark.parametrize(
    ("text", "first", "second"),
    [
        (  # one query for two topics, whatever its case
            "[[topic]]\nname='a'\nqueries=['Heat Pump']\n[[topic]]\nname='b'\nqueries=['heat pump']",
            "[[topic]] 1 (a)",
            "[[topic]] 2 (b)",
        ),
        (  # one word in two scripts
            "[[topic]]\nname='a'\nwords=['床墊']\n[[topic]]\nname='b'\nwords=['床垫']",
            "[[topic]] 1 (a)",
            "[[topic]] 2 (b)",
        ),
        (
            "[[merge]]\ntopics=['x','y']\nname='a'\n[[rename]]\ntopic='X'\nname='b'",
            "[[merge]] 1 (a)",
            "[[rename]] 1 (b)",
        ),
        (
            "[[rename]]\ntopic='a'\nname='b'\n[[rename]]\ntopic='b'\nname='a'",
            "[[rename]] 1 (b)",
            "[[rename]] 2 (a)",
        ),
        (
            "[[merge]]\ntopics=['a','b']\nname='c'\n[[split]]\ntopic='a'\nwords=['w']\nname='b'",
            "[[split]] 1 (b)",
            "[[merge]] 1 (c)",
        ),
        (
            "[[split]]\ntopic='a'\nwords=['w']\nname='b'\n[[split]]\ntopic='b'\nwords=['v']\nname='a'",
            "[[split]] 1 (b)",
            "[[split]] 2 (a)",
        ),
        (
            "[[split]]\ntopic='a'\nwords=['w']\nname='b'\n[[split]]\ntopic='a'\nwords=['w']\nname='c'",
            "[[split]] 1 (b)",
            "[[split]] 2 (c)",
        ),
    ],
)
def test_entries_that_contradict_each_other_are_both_named(read, text: str, first: str, second: str) -> None:
    with pytest.raises(ConfigError) as caught:
        read(text)
    assert first in str(caught.value)
    assert second in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        "[[merge]]\ntopics=['a','b']\nname='a'\n[[rename]]\ntopic='a'\nname='A new name'",
        "[[merge]]\ntopics=['a','b']\nname='c'\n[[merge]]\ntopics=['c','a']\nname='d'",
        "[[topic]]\nname='a'\nwords=['w']\n[[topic]]\nname='A'\nwords=['w']",
        "[[split]]\ntopic='a'\nwords=['w']\nname='b'\n[[split]]\ntopic='b'\nwords=['v']\nname='c'",
    ],
)
def test_entries_that_follow_each_other_are_taken(read, text: str) -> None:
    assert read(text).entries


def test_a_part_named_like_its_topic_is_refused(read) -> None:
    with pytest.raises(ConfigError, match="gives the part the name of its topic"):
        read("[[split]]\ntopic='EV chargers'\nwords=['w']\nname='ev charger'")


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read: No such file"):
        read_topic_edits(tmp_path / "none.toml")
    (tmp_path / "latin.toml").write_bytes(b"# caf\xe9")
    with pytest.raises(ConfigError, match="not valid TOML"):
        read_topic_edits(tmp_path / "latin.toml")
