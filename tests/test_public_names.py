"""The public door: its names, what it loads, and its errors."""

from __future__ import annotations

import importlib.util
import inspect
import json
import pickle
import re
import subprocess
import sys
from pathlib import Path

import pytest

import journeyseo
from journeyseo import errors

HEAVY = ["pandas", "numpy", "spacy", "torch", "sklearn", "scipy", "pyarrow", "trafilatura", "xlsxwriter"]
HEAVY += ["onnxruntime", "sentencepiece"]
_ASK = f"print(json.dumps(sorted({set(HEAVY)!r} & set(sys.modules))), file=sys.stderr)"
ALL_ERRORS = [
    kind
    for _, kind in inspect.getmembers(errors, inspect.isclass)
    if issubclass(kind, errors.JourneyseoError)
]


@pytest.mark.parametrize(
    "code",
    [
        "import journeyseo; journeyseo.__version__; dir(journeyseo)",
        "from journeyseo.cli.main import main\n"
        "try: main(['--help'])\nexcept SystemExit as e: assert e.code == 0",
        "from journeyseo.cli.main import main\n"
        "try: main(['classify', '--help'])\nexcept SystemExit as e: assert e.code == 0",
    ],
    ids=["import", "help", "help of a command"],
)
def test_loads_nothing_heavy(code: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", f"import json, sys\n{code}\n{_ASK}"],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stderr) == []


def test_all_is_what_the_door_gives() -> None:
    assert len(set(journeyseo.__all__)) == len(journeyseo.__all__)
    assert dir(journeyseo) == sorted(journeyseo.__all__)
    door = journeyseo._HOME
    assert set(journeyseo.__all__) == set(door) | {"__version__"}
    for name in journeyseo.__all__:
        value = getattr(journeyseo, name)
        if hasattr(value, "__module__") and name in door:
            assert value.__module__.startswith("journeyseo."), name
            assert value.__name__ == name


def test_every_public_name_is_documented() -> None:
    for name in journeyseo.__all__:
        value = getattr(journeyseo, name)
        if inspect.isclass(value) or inspect.isfunction(value):
            assert inspect.getdoc(value), name


def test_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="'journeyseo' has no attribute 'nothing'"):
        _ = journeyseo.nothing


def test_version_is_a_version() -> None:
    assert re.fullmatch(r"\d+\.\d+\.\d+\S*", journeyseo.__version__)


def test_launcher_in_the_root_is_the_same_command_line(monkeypatch) -> None:
    from journeyseo.cli.main import main

    monkeypatch.setattr(sys, "path", list(sys.path))
    file = Path(__file__).resolve().parents[1] / "cli.py"
    spec = importlib.util.spec_from_file_location("launcher", file)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert module.main is main


@pytest.mark.parametrize("kind", ALL_ERRORS, ids=lambda k: k.__name__)
def test_error_says_where_what_and_what_next(kind) -> None:
    error = kind("It is wrong.", where="a.csv", hint="Mend it.")
    assert str(error) == "a.csv: It is wrong. Mend it."
    assert str(kind("It is wrong.")) == "It is wrong."
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is kind
    assert (str(again), again.where, again.hint) == (str(error), "a.csv", "Mend it.")


def test_error_tree_and_codes() -> None:
    assert {kind.code for kind in ALL_ERRORS} == {
        "error", "input", "format", "table", "fetch", "model", "config", "dependency",
    }  # fmt: skip
    assert issubclass(errors.FormatError, errors.InputError)
    assert issubclass(errors.TableError, errors.InputError)
    reason = pickle.loads(pickle.dumps(errors.FetchError("x", reason="robots"))).reason
    assert reason == "robots"
    public = {kind.__name__ for kind in ALL_ERRORS}
    assert public <= set(journeyseo.__all__)
