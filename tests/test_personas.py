"""Personas: the file, and its faults, each with its entry."""

import pytest

from journeyseo.errors import ConfigError
from journeyseo.personas import load_personas

GOOD = """
[[persona]]
name = "Student"
who = "Rents a room and counts  every coin."
cues = ["student", "學生"]

[[persona]]
name = "Shop owner"
who = "Buys for five people."
columns = { "Product line" = ["Business", "Trade"] }
"""


def written(tmp_path, text, encoding="utf-8"):
    path = tmp_path / "personas.toml"
    path.write_text(text, encoding=encoding)
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_a_file_gives_its_personas_in_order(tmp_path, encoding):
    student, owner = load_personas(written(tmp_path, GOOD, encoding))
    assert (student.name, student.who) == ("Student", "Rents a room and counts every coin.")
    assert student.cues == ("student", "學生")
    assert student.columns == {}
    assert owner.columns == {"Product line": ("Business", "Trade")}
    assert owner.to_dict() == {
        "name": "Shop owner",
        "who": "Buys for five people.",
        "cues": [],
        "columns": {"Product line": ["Business", "Trade"]},
    }


ENTRY = '[[persona]]\nname = "A"\nwho = "B."\n'


@pytest.mark.parametrize(
    ("text", "where", "what"),
    [
        ("", "", "no [[persona]] tables"),
        ('persona = "A"', "", "no [[persona]] tables"),
        ("[[persona]\n", "", "not valid TOML"),
        (f'{ENTRY}cues = ["a"]\n[[people]]\n', "", "has 'people'"),
        ('persona = ["A"]', ", persona 1", "must be a table"),
        ('[[persona]]\nwho = "B."\n', ", persona 1", "a text named 'name'"),
        ('[[persona]]\nname = "A"\nwho = " "\n', ", persona 1", "a text named 'who'"),
        (ENTRY, ", persona 1 (A)", "no cues and no columns"),
        (f'{ENTRY}cues = "a"\n', ", persona 1 (A)", "cues must be a list of texts, found 'a'"),
        (f'{ENTRY}cues = [""]\n', ", persona 1 (A)", "cues must be a list of texts"),
        (f'{ENTRY}cues = ["?!"]\n', ", persona 1 (A)", "The cue '?!' has no letters"),
        (f'{ENTRY}cue = ["a"]\n', ", persona 1 (A)", "has 'cue', which means nothing"),
        (f"{ENTRY}columns = 3\n", ", persona 1 (A)", "columns must be a table of lists"),
        (f"{ENTRY}columns = {{ Team = [3] }}\n", ", persona 1 (A)", "columns.Team must be a list of texts"),
        (f'{ENTRY}cues = ["a"]\n{ENTRY}cues = ["b"]\n', ", persona 2", "another persona named 'A'"),
    ],
)
def test_a_faulty_file_is_an_error_that_names_the_entry(tmp_path, text, where, what):
    path = written(tmp_path, text)
    with pytest.raises(ConfigError) as caught:
        load_personas(path)
    assert caught.value.where == f"{path}{where}"
    assert what in caught.value.message


def test_a_file_that_is_not_there_or_no_text(tmp_path):
    with pytest.raises(ConfigError, match="cannot be read"):
        load_personas(tmp_path / "none.toml")
    with pytest.raises(ConfigError, match="not valid TOML"):
        load_personas(written(tmp_path, 'name = "é"', "latin-1"))
