"""Runs of the command line: as a user starts it, each once for all tests, two at a time."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from journeyseo.assets import asset

COMMANDS = (
    "demo",
    "map",
    "gaps",
    "suggest",
    "classify",
    "classify-pages",
    "crawl",
    "explain",
    "evaluate",
    "formats",
    "doctor",
    "train",
)
KEYWORDS = asset("data", "examples", "heat-pumps", "keywords.csv")
PAGES = asset("data", "examples", "heat-pumps", "site")

LABELLED = """query,stage,second_stage
best running shoes,consideration,
buy iphone 15 online,decision,
what is a heat pump,awareness,
best crm software,awareness,consideration
"""

# Name: words, standard input, extra environment.
RUNS: dict[str, tuple[list[str], str | None, dict[str, str]]] = {
    "nothing": ([], None, {}),
    "version": (["--version"], None, {}),
    "help": (["--help"], None, {}),
    **{f"help {name}": ([name, "--help"], None, {}) for name in COMMANDS},
    "colour": (["--help"], None, {"FORCE_COLOR": "1"}),
    "no colour": (["--help"], None, {"FORCE_COLOR": "1", "NO_COLOR": "1"}),
    "unknown command": (["nope"], None, {}),
    "unknown option": (["explain", "x", "--nope", "--json"], None, {}),
    "no argument": (["classify", "--json"], None, {}),
    "bad number": (["map", "k.csv", "--site", "x.example", "--target-position", "11", "--json"], None, {}),
    "explain json": (["explain", "best running shoes", "--json"], None, {}),
    "explain empty": (["explain", " ", "--json"], None, {}),
    "explain chinese": (["explain", "最好的床垫", "--json"], None, {"PYTHONIOENCODING": "cp1252"}),
    "classify stdin": (["classify", "-"], "=best crm\nbuy iphone 15 online\n", {}),
    "missing file": (["classify", "none.csv", "--json"], None, {}),
    "both": (["map", "k.csv", "--pages", "p", "--site", "x.example", "--json"], None, {}),
    "no plan": (["map", "k.csv", "--site", "x.example", "--plan", "k.csv", "--json"], None, {}),
    "unreachable": (["map", "k.csv", "--site", "http://127.0.0.1:1", "--allow-private", "--json"], None, {}),
    "crawl": (["crawl", str(PAGES), "-o", "out/crawl", "--json"], None, {}),
    "crawl both": (["crawl", "x.example", "--retry", "--fresh", "--json"], None, {}),
    "formats": (["formats"], None, {}),
    "formats json": (["formats", "--json"], None, {}),
    "evaluate": (["evaluate", "labelled.csv", "--json"], None, {}),
    "map json": (["map", str(KEYWORDS), "--pages", str(PAGES), "-o", "out/json", "--json"], None, {}),
    "demo": (["demo", "-o", "out/demo", "--json"], None, {}),
}


class Runs:
    """The finished runs by name, and the folder that they ran in."""

    def __init__(self, folder: Path, done: dict[str, subprocess.CompletedProcess[bytes]]) -> None:
        self.folder = folder
        self._done = done
        self.names = tuple(done)

    def __getitem__(self, name: str) -> subprocess.CompletedProcess[bytes]:
        return self._done[name]

    def out(self, name: str) -> str:
        return self._done[name].stdout.decode("utf-8").replace("\r\n", "\n")

    def err(self, name: str) -> str:
        return self._done[name].stderr.decode("utf-8")


def environment(extra: dict[str, str] | None = None) -> dict[str, str]:
    """Return the environment of a plain terminal."""
    dropped = ("PYTHONUNBUFFERED", "NO_COLOR", "FORCE_COLOR", "PYTHONIOENCODING", "TERMINAL_WIDTH")
    kept = {k: v for k, v in os.environ.items() if k not in dropped}
    return kept | {"COLUMNS": "200", "PYTHONUTF8": "1", "OMP_NUM_THREADS": "1"} | (extra or {})


@pytest.fixture(scope="session")
def plain_environment() -> dict[str, str]:
    return environment()


@pytest.fixture(scope="session")
def runs(tmp_path_factory) -> Runs:
    folder = tmp_path_factory.mktemp("runs")
    (folder / "labelled.csv").write_text(LABELLED, encoding="utf-8")
    (folder / "k.csv").write_text("query,volume\nbest crm,100\nbuy crm,50\n", encoding="utf-8")

    def run(name: str) -> subprocess.CompletedProcess[bytes]:
        words, text, extra = RUNS[name]
        return subprocess.run(
            [sys.executable, "-m", "journeyseo", *words],
            input=(text or "").encode(), capture_output=True, timeout=120, check=False, cwd=folder,
            env=environment(extra),
        )  # fmt: skip

    names = sorted(RUNS, key=lambda n: n not in ("demo", "map json"))
    with ThreadPoolExecutor(2) as pool:
        return Runs(folder, dict(zip(names, pool.map(run, names), strict=True)))


@pytest.fixture
def call(monkeypatch, capsys, tmp_path) -> Callable[..., tuple[int, str, str]]:
    """Return a function that runs the command line in this process: code, output, notes."""
    from journeyseo.cli.main import main

    monkeypatch.chdir(tmp_path)

    def run(*words: str, stdin: str = "") -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin.encode()), "utf-8"))
        with pytest.raises(SystemExit) as left:
            main([str(word) for word in words])
        out, err = capsys.readouterr()
        return left.value.code, out, err

    return run
