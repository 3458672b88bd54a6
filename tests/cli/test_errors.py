"""Broken inputs: one clear line, the right exit code, and no file left."""

from __future__ import annotations

import json

import pytest

GOOD = "query,volume\nbest crm,100\nbuy crm,50\n"
PAGES = "url,title,text\nhttps://a.example/crm,CRM software,Compare crm software and prices\n"
SITE = ["--site", "http://127.0.0.1:1"]
MAP = ["map", "k.csv", "-o", "report"]

CASES = {
    "missing file": (
        ["map", "none.csv", "--pages", "p.csv", "-o", "report"], 1, "none.csv: There is no such file",
    ),
    "missing pages": ([*MAP, "--pages", "none.csv"], 1, "none.csv: There is no such file"),
    "empty file": (["map", "empty.csv", "--pages", "p.csv", "-o", "report"], 1, "The file is empty"),
    "no query column": (
        ["map", "other.csv", "--pages", "p.csv", "-o", "report"], 1, "No column of queries was found",
    ),
    "wrong query column": (
        ["map", "k.csv", "--pages", "p.csv", "-o", "report", "--query-column", "kw"], 1, "no column 'kw'",
    ),
    "no url column": ([*MAP, "--pages", "other.csv"], 1, "No column of pages was found"),
    "swapped": (
        ["map", "p.csv", "--pages", "k.csv", "-o", "report"], 1, "p.csv lists pages, k.csv lists queries",
    ),
    "header only": (["map", "head.csv", "--pages", "p.csv", "-o", "report"], 1, "no queries below it"),
    "web page": (["map", "page.csv", "--pages", "p.csv", "-o", "report"], 1, "a web page, not a table"),
    "image": (["map", "image.csv", "--pages", "p.csv", "-o", "report"], 1, "no table"),
    "empty folder": ([*MAP, "--pages", "folder"], 1, "holds no HTML files"),
    "pages and site": ([*MAP, "--pages", "p.csv", *SITE], 1, "--pages or --site, not both"),
    "neither": (MAP, 1, "either --pages or --site"),
    "private site": ([*MAP, *SITE], 1, "--allow-private"),
    "unreachable site": ([*MAP, *SITE, "--allow-private"], 1, "cannot be fetched"),
    "no such journey": ([*MAP, "--pages", "p.csv", "--journey", "four"], 1, "no journey named 'four'"),
    "bad journey": ([*MAP, "--pages", "p.csv", "--journey", "bad.toml"], 1, "not valid TOML"),
    "no journey file": ([*MAP, "--pages", "p.csv", "--journey", "none.toml"], 1, "cannot be read"),
    "no such column": (
        [*MAP, "--pages", "p.csv", "--by", "team"], 1, "a column 'team'. Columns seen: 'query', 'volume'",
    ),
    "no country": ([*MAP, "--pages", "p.csv", "--by", "country"], 1, "export has a column 'country'"),
    "bad personas": ([*MAP, "--pages", "p.csv", "--personas", "bad.toml"], 1, "personas are not valid TOML"),
    "wrong persona": (
        [*MAP, "--pages", "p.csv", "--personas", "who.toml"], 1, "who.toml, persona 1 (A): The persona",
    ),
    "column and personas": (
        [*MAP, "--pages", "p.csv", "--by", "device", "--personas", "good.toml"], 1, "not by both",
    ),
    "bad language": ([*MAP, "--pages", "p.csv", "--report-language", "fr"], 1, "no report texts in 'fr'"),
    "no topics file": ([*MAP, "--pages", "p.csv", "--topics", "none.toml"], 1, "topics cannot be read"),
    "bad topics": ([*MAP, "--pages", "p.csv", "--topics", "bad.toml"], 1, "topics are not valid TOML"),
    "wrong topics": (
        [*MAP, "--pages", "p.csv", "--topics", "topics.toml"], 1, "[[rename]] 1: topic is missing",
    ),
    "unknown ending": (["classify", "k.csv", "-o", "report/a.doc"], 1, ".doc is no format to write"),
    "no ending": (["classify", "k.csv", "-o", "report"], 1, "No ending is no format to write"),
    "missing labelled file": (["evaluate", "none.csv"], 1, "none.csv: There is no such file"),
    "unlabelled file": (["evaluate", "k.csv"], 1, "no columns query and stage"),
    "formats of nothing": (["formats", "none.csv"], 1, "none.csv: There is no such file"),
    "formats of pages": (["classify-pages", "none.csv", "-o", "report/a.csv"], 1, "no such file"),
    "empty query": (["explain", ""], 1, "The query is empty"),
    "empty stdin": (["classify", "-", "-o", "report/a.csv"], 1, "standard input: The file is empty"),
}  # fmt: skip


@pytest.fixture
def inputs(tmp_path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "k.csv").write_text(GOOD)
    (tmp_path / "p.csv").write_text(PAGES)
    (tmp_path / "empty.csv").write_text("")
    (tmp_path / "other.csv").write_text("a,b\n1,2\n")
    (tmp_path / "head.csv").write_text("query,volume\n")
    (tmp_path / "page.csv").write_text("<!DOCTYPE html><html><body>log in</body></html>")
    (tmp_path / "image.csv").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20)
    persona = '[[persona]]\nname = "A"\nwho = "B."\n'
    (tmp_path / "who.toml").write_text(persona)
    (tmp_path / "good.toml").write_text(f'{persona}cues = ["crm"]\n')
    (tmp_path / "bad.toml").write_text("[[stage")
    (tmp_path / "topics.toml").write_text("[[rename]]\nname = 'a'")


@pytest.mark.parametrize(("words", "code", "message"), CASES.values(), ids=CASES)
def test_broken_input(call, inputs, tmp_path, words: list[str], code: int, message: str) -> None:
    before = sorted(p.name for p in tmp_path.rglob("*"))
    found, out, err = call(*words)
    errors = [line for line in err.splitlines() if line.startswith("Error: ")]
    assert found == code
    assert out == ""
    assert len(errors) == 1
    assert err.splitlines()[-1] == errors[0]
    assert message in errors[0]
    assert "Traceback" not in err
    assert sorted(p.name for p in tmp_path.rglob("*")) == before


@pytest.mark.parametrize("name", ["folder", "keywords-without-ending"])
def test_word_that_is_no_file_is_no_query(call, inputs, name: str) -> None:
    code, out, err = call("classify", name)
    assert (code, out) == (1, "")
    assert f"Error: {name}: " in err


@pytest.mark.parametrize(
    "words", [["map", "k.csv", "--pages", "p.csv", "--target-position", "0"], ["map", "--pages"]]
)
def test_wrong_usage(call, inputs, tmp_path, words: list[str]) -> None:
    before = sorted(p.name for p in tmp_path.rglob("*"))
    code, out, err = call(*words, "--json")
    assert code == 2
    assert json.loads(out)["error"]["code"] == "usage"
    assert "Usage: " in err
    assert sorted(p.name for p in tmp_path.rglob("*")) == before


@pytest.mark.parametrize("command", [["classify", "k.csv"], ["map", "k.csv", "--pages", "p.csv"]])
@pytest.mark.parametrize("language", ["xx", "", "klingon", "zz-ZZ"])
def test_unknown_language_is_wrong_usage(call, inputs, command: list[str], language: str) -> None:
    code, out, err = call(*command, "--language", language, "--json")
    assert code == 2
    message = json.loads(out)["error"]["message"]
    assert f"There is no language {language!r}" in message
    assert "en, de, ja, zh-Hans or zh-Hant" in message
    assert "Usage: " in err


def test_good_input_of_the_same_kind_works(call, inputs, tmp_path) -> None:
    code, out, err = call(*MAP, "--pages", "p.csv")
    assert code == 0
    assert "Error" not in err
    assert (tmp_path / "report" / "report.html").is_file()
    assert out.endswith("report.html\n")


def test_error_of_writing_leaves_no_draft(call, inputs, tmp_path) -> None:
    (tmp_path / "staged.csv").mkdir()
    code, out, err = call("classify", "k.csv", "-o", "staged.csv")
    assert (code, out) == (1, "")
    assert "staged.csv: The file cannot be written" in err
    assert not list(tmp_path.glob(".*"))


def test_report_over_a_file_is_refused(call, inputs, tmp_path) -> None:
    (tmp_path / "report").write_text("mine")
    code, _, err = call(*MAP, "--pages", "p.csv")
    assert code == 1
    assert "The report cannot be written" in err
    assert (tmp_path / "report").read_text() == "mine"
    assert not list(tmp_path.glob(".*"))


def test_error_as_json_says_where_and_what_next(call, inputs) -> None:
    code, out, err = call("map", "k.csv", "--pages", "none.csv", "--json")
    error = json.loads(out)["error"]
    assert code == 1
    assert error == {
        "code": "input",
        "message": "There is no such file.",
        "where": "none.csv",
        "hint": "Check the path.",
    }
    assert f"Error: {error['where']}: {error['message']} {error['hint']}" in err
