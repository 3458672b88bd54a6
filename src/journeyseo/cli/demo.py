"""journeyseo demo: the main job on the bundled examples."""

from __future__ import annotations

from pathlib import Path

import typer


def run(
    output: Path = typer.Option(Path("journeyseo-demo"), "--output", "-o", help="Folder for the reports."),
    as_json: bool = typer.Option(False, "--json", help="Print where the reports are as JSON."),
) -> None:
    """Run the whole job on two small bundled organisations and say where the reports are.

    Example: journeyseo demo -o demo
    """
    from journeyseo.assets import asset
    from journeyseo.cli.map_command import make_report
    from journeyseo.cli.output import note, print_json

    reports = {}
    for folder in sorted(p for p in asset("data", "examples").iterdir() if p.is_dir()):
        note(f"{folder.name}: keyword export and {folder.name}/site")
        reports[folder.name] = make_report(
            [str(folder / "keywords.csv")], str(folder / "site"), output / folder.name, quiet=as_json
        )
    if as_json:
        print_json({"reports": {name: str(path.resolve()) for name, path in reports.items()}})
        return
    for name, path in reports.items():
        typer.echo(f"Report of {name}: {path.resolve()}")
