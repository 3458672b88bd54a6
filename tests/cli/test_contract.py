"""What holds for every command: streams, exit codes, JSON, help."""

from __future__ import annotations

import json
import re
import subprocess
import sys

import pytest

import journeyseo

COMMANDS = (
    "demo", "map", "gaps", "suggest",
    "classify", "classify-pages", "crawl", "explain", "evaluate", "formats", "doctor", "train",
)  # fmt: skip

CODES = {
    0: [
        "version", "help", *(f"help {name}" for name in COMMANDS), "colour", "no colour",
        "explain json", "classify stdin", "formats", "formats json", "evaluate", "map json", "demo", "crawl",
    ],
    1: ["explain empty", "missing file", "both", "crawl both", "unreachable", "no plan"],
    2: ["nothing", "unknown command", "unknown option", "no argument", "bad number"],
}  # fmt: skip
TABLE = [(name, code) for code, names in CODES.items() for name in names]
JSON = ["explain json", "formats json", "evaluate", "map json", "demo", "crawl"]
ERRORS = {
    "explain empty": "input", "missing file": "input", "both": "config", "crawl both": "config",
    "no plan": "format",
    "unreachable": "fetch", "unknown option": "usage", "no argument": "usage", "bad number": "usage",
}  # fmt: skip


def _json(text: str):
    def refuse(name: str) -> None:
        raise AssertionError(f"JSON knows no {name}")

    return json.loads(text, parse_constant=refuse)


@pytest.mark.parametrize(("name", "code"), TABLE)
def test_exit_code(runs, name: str, code: int) -> None:
    assert runs[name].returncode == code, runs.err(name)


def test_table_of_exit_codes_has_every_run(runs) -> None:
    assert {name for name, _ in TABLE} == set(runs.names) - {"explain chinese"}


def test_never_a_traceback(runs) -> None:
    for name in {name for name, _ in TABLE}:
        both = runs.out(name) + runs.err(name)
        assert "Traceback" not in both, name
        assert "Warning" not in runs.err(name), name


@pytest.mark.parametrize("name", JSON)
def test_json_on_success(runs, name: str) -> None:
    assert isinstance(_json(runs.out(name)), dict)
    assert "error" not in _json(runs.out(name))


@pytest.mark.parametrize(("name", "code"), ERRORS.items())
def test_json_on_error(runs, name: str, code: str) -> None:
    data = _json(runs.out(name))
    assert set(data) == {"error"}
    assert set(data["error"]) == {"code", "message", "where", "hint"}
    assert data["error"]["code"] == code
    assert data["error"]["message"].endswith(".")
    assert runs.err(name).strip()


@pytest.mark.parametrize("name", ["explain empty", "missing file", "both"])
def test_error_is_one_line_for_the_person(runs, name: str) -> None:
    assert re.fullmatch(r"Error: [^\n]+\n", runs.err(name))


def test_data_on_output_and_notes_on_the_other(runs) -> None:
    assert runs.out("classify stdin").startswith("query,")
    assert "recognised as" in runs.err("classify stdin")
    assert "recognised as" not in runs.out("classify stdin")
    assert "prefixed with a quote" in runs.err("classify stdin")
    assert runs.err("explain json") == ""
    assert runs.out("unknown command") == ""
    assert "nope" in runs.err("unknown command")


def test_version(runs) -> None:
    assert runs.out("version") == f"journeyseo {journeyseo.__version__}\n"


def test_help_lists_every_command(runs) -> None:
    text = runs.out("help")
    for name in COMMANDS:
        assert re.search(rf"^\W*{name}\s{{2,}}\w", text, re.MULTILINE), name
    assert "journeyseo demo" in text
    assert runs.out("nothing") + runs.err("nothing") != ""


@pytest.mark.parametrize("name", COMMANDS)
def test_help_of_a_command_has_an_example(runs, name: str) -> None:
    text = runs.out(f"help {name}")
    assert re.search(r"Examples?:", text)
    assert re.search(rf"journeyseo {name}( |$)", text, re.MULTILINE)
    assert runs.err(f"help {name}") == ""


def test_no_color(runs) -> None:
    colour = re.compile(r"\x1b\[[0-9;]*3[0-9][;m]")
    assert colour.search(runs.out("colour"))
    assert not colour.search(runs.out("no colour"))
    assert "\x1b" not in runs.out("help")


def test_no_color_on_the_summary(monkeypatch, capsys) -> None:
    from journeyseo.cli.output import console

    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    console().print("[red]gap[/]")
    assert "\x1b[31m" in capsys.readouterr().out
    monkeypatch.setenv("NO_COLOR", "1")
    console().print("[red]gap[/]")
    assert capsys.readouterr().out == "gap\n"


def test_output_that_cannot_write_chinese(runs) -> None:
    assert runs["explain chinese"].returncode == 0
    assert b"Traceback" not in runs["explain chinese"].stderr


def _closed(environment: dict[str, str], *words: str) -> tuple[int, str]:
    """Return code and notes of a run whose reader has gone before it writes."""
    with subprocess.Popen(
        [sys.executable, "-m", "journeyseo", *words],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment,
    ) as process:  # fmt: skip
        process.stdout.close()
        notes = process.stderr.read().decode()
        return process.wait(timeout=60), notes


@pytest.mark.parametrize("words", [["formats"], ["formats", "--json"]])
def test_closed_pipe_ends_without_traceback(plain_environment, words: list[str]) -> None:
    _, notes = _closed(plain_environment, *words)
    assert "Traceback" not in notes


@pytest.mark.parametrize("words", [["formats"], ["formats", "--json"]])
def test_closed_pipe_is_nothing_wrong(plain_environment, words: list[str]) -> None:
    assert _closed(plain_environment, *words) == (0, "")


def test_interrupt_ends_with_130(call, monkeypatch) -> None:
    from journeyseo.classifier import StageClassifier

    def stop(*_args, **_options):
        raise KeyboardInterrupt

    monkeypatch.setattr(StageClassifier, "explain", stop)
    code, out, err = call("explain", "best crm")
    assert code == 130
    assert out == ""
    assert "Traceback" not in err
