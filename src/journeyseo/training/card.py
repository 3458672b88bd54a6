"""The model card: what a model is, where it comes from and how good it is, for people."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any


def write_card(folder: Path, manifest: Mapping[str, Any]) -> None:
    """Write ``README.md`` of a model folder from its manifest."""
    scores = manifest["scores"]
    overall = scores.get("overall", scores)
    data = manifest["data"]
    lines = [
        f"# {manifest['kind']}, version {manifest['version']}",
        "",
        f"- Labels: {', '.join(manifest['labels'])}",
        f"- Recipe: {manifest['recipe']}",
        f"- Base: {manifest['base']}",
        f"- Licence: {manifest['licence']}",
        f"- Data: {data['rows']:,} rows to learn from, {data['held_out']:,} held out by subject; "
        f"SHA-256 of all rows `{data['digest'][:16]}`",
        "- Made by: `journeyseo train`",
        "",
        "## Scores on the frozen split of this project's own data",
        "",
        "Written by the same hands as the training data, so higher than on queries from elsewhere; "
        "README.md gives the scores on real queries.",
        "",
        f"- Six labels: accuracy {overall['accuracy']:.3f}, lenient {overall['lenient']:.3f}",
    ]
    if "accuracy_three" in overall:
        lines.append(f"- Three stages: accuracy {overall['accuracy_three']:.3f}")
    lines.append(f"- Expected calibration error: {scores['calibration_error']:.3f}")
    lines += ["", "| language | accuracy, six labels |", "| --- | --- |"]
    for tag, value in scores["languages"].items():
        accuracy = value["accuracy"] if isinstance(value, Mapping) else value
        lines.append(f"| {tag} | {accuracy:.3f} |")
    lines += ["", "| label | recall |", "| --- | --- |"]
    lines += [f"| {label} | {value:.3f} |" for label, value in scores["recall"].items()]
    lines += [
        "",
        "## Limits",
        "",
        "Labels say what a text seems to want, by the labelling guide (docs/labelling.md); a single "
        "query is often fair game for two stages. Bare brand names and clipped queries are the "
        "weakest kinds. Not meant for judging people.",
        "",
    ]
    (folder / "README.md").write_text("\n".join(lines), encoding="utf-8")
