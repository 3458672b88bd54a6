"""The documents say what the code does."""

import ast
import re
from pathlib import Path

import pytest

import journeyseo as js
from journeyseo.cli import main as cli

ROOT = Path(__file__).resolve().parents[1]
DOCS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


def test_exit_codes_in_the_document_are_those_of_the_code():
    rows = re.findall(r"^\| (\d+) \| (.+) \|$", (ROOT / "docs" / "cli.md").read_text("utf-8"), re.MULTILINE)
    assert {int(code) for code, _ in rows} == {cli.OK, cli.FAILED, cli.USAGE, cli.INTERRUPTED}


@pytest.mark.parametrize("path", DOCS, ids=lambda p: p.name)
def test_commands_shown_exist(path):
    known = {c.name for c in cli.app.registered_commands}
    shown = re.findall(r"(?:^|`|\s)journeyseo ([a-z-]+)(?=[ `\n])", path.read_text("utf-8"))
    indented = re.findall(r"^ {4}journeyseo ([a-z-]+)", path.read_text("utf-8"), re.MULTILINE)
    words = {*indented, *(word for word in shown if word in known)}
    assert words <= known


def test_every_command_is_in_the_document():
    text = (ROOT / "docs" / "cli.md").read_text("utf-8")
    for command in cli.app.registered_commands:
        assert f"journeyseo {command.name}" in text


def test_the_readme_s_python_uses_names_that_exist():
    block = re.search(r"```python\n(.*?)```", (ROOT / "README.md").read_text("utf-8"), re.DOTALL)
    names = {
        node.attr
        for node in ast.walk(ast.parse(block.group(1)))
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "js"
    }
    assert names == {"classify_query", "classify_keywords", "map_journey", "write_report"}
    assert names <= set(js.__all__)


@pytest.mark.parametrize("path", [*DOCS, ROOT / "CONTRIBUTING.md"], ids=lambda p: p.name)
def test_links_between_documents_lead_somewhere(path):
    for target in re.findall(r"\]\(([^)#]+)\)", path.read_text("utf-8")):
        if not target.startswith(("http://", "https://")):
            assert (path.parent / target).exists(), target


def test_version_is_in_the_changelog():
    assert f"## {js.__version__}" in (ROOT / "CHANGELOG.md").read_text("utf-8")


@pytest.mark.parametrize("path", [*DOCS, *sorted(ROOT.glob("*/README.md"))], ids=str)
def test_no_figure_is_left_to_be_filled_in(path):
    assert not re.search(r"\b[A-Z]+_SCORE\b|\bTODO\b|\bSIZE MB\b", path.read_text("utf-8"))
