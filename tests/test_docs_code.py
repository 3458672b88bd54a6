"""The Python blocks of docs/python.md run."""

import re
from pathlib import Path

import pytest

TEXT = (Path(__file__).resolve().parents[1] / "docs" / "python.md").read_text("utf-8")
BLOCKS = re.findall(r"## ([^\n]+)\n(?:(?!\n## ).)*?```python\n(.*?)```", TEXT, re.DOTALL)
NEEDS = {"Sentence vectors": "sentence_transformers"}


@pytest.mark.parametrize(("name", "code"), BLOCKS, ids=[name for name, _ in BLOCKS])
def test_a_block_runs(name, code, tmp_path, monkeypatch, capsys):
    if name in NEEDS:
        pytest.importorskip(NEEDS[name], reason="needs the extra 'transformers'")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "queries.csv").write_text("query\nbest crm\nbuy nike pegasus 41\n")
    exec(compile(code, name, "exec"), {})
    if name == "Many queries, and clusters":
        lines = (tmp_path / "staged.csv").read_text("utf-8").splitlines()
        assert len(lines) == 3
        assert lines[1].startswith('"best crm","consideration"')
    else:
        assert capsys.readouterr().out


def test_every_block_was_found():
    assert len(BLOCKS) == TEXT.count("```python")
