"""A model folder: a manifest, arrays, at most a graph and a vocabulary, and nothing that can run.

``manifest.json`` holds the format number, the version, the labels, where the model comes from, its
scores, and the SHA-256 of every other file. Arrays are ``.npy`` files, read without pickle.
"""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from journeyseo.errors import ModelError

FORMAT = 1
"""Format number of model folders; this code reads no other."""

_REQUIRED = ("format", "kind", "version", "labels", "options", "files")
_ARRAY = ".npy"
# A network as ONNX, and a sentencepiece vocabulary.
_OTHER = (".onnx", ".model")


@dataclass(frozen=True)
class Artifact:
    """A model folder that was read and checked.

    Attributes:
        folder: Where it lies.
        manifest: Content of ``manifest.json``.
        arrays: Arrays by name.
        content: Bytes of the other files by file name.
    """

    folder: Path
    manifest: Mapping[str, Any]
    arrays: Mapping[str, npt.NDArray[Any]]
    content: Mapping[str, bytes] = field(default_factory=dict, repr=False)

    @property
    def name(self) -> str:
        """Kind and version, as shown in the `engine` column."""
        return f"{self.manifest['kind']}-{self.manifest['version']}"


def save_artifact(
    folder: Path,
    manifest: Mapping[str, Any],
    arrays: Mapping[str, npt.NDArray[Any]],
    content: Mapping[str, bytes] | None = None,
) -> None:
    """Write a model folder. The manifest's ``format`` and ``files`` are filled in here."""
    folder.mkdir(parents=True, exist_ok=True)
    written = dict(content or {})
    for name, array in arrays.items():
        buffer = io.BytesIO()
        np.save(buffer, array, allow_pickle=False)
        written[name + _ARRAY] = buffer.getvalue()
    for name, data in written.items():
        (folder / name).write_bytes(data)
    files = {name: hashlib.sha256(data).hexdigest() for name, data in written.items()}
    text = json.dumps(
        {**manifest, "format": FORMAT, "files": files}, ensure_ascii=False, indent=1, sort_keys=True
    )
    (folder / "manifest.json").write_text(text + "\n", encoding="utf-8")


def load_artifact(folder: Path, kind: str) -> Artifact:
    """Read a model folder and check every file against its digest.

    Args:
        folder: The folder.
        kind: What the model must be, for example ``queries-fast``.

    Raises:
        ModelError: The folder is missing, damaged, changed, of another kind or of another format.
    """
    again = "Install journeyseo again, or train the model again with 'journeyseo train'."
    where = str(folder)
    try:
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise ModelError("The folder holds no model.", where=where, hint=again) from error
    except (OSError, ValueError) as error:
        raise ModelError("The model's manifest cannot be read.", where=where, hint=again) from error
    missing = [k for k in _REQUIRED if not isinstance(manifest, dict) or k not in manifest]
    if missing:
        raise ModelError(f"The manifest lacks {', '.join(missing)}.", where=where, hint=again)
    if manifest["format"] != FORMAT:
        raise ModelError(
            f"The model has format {manifest['format']!r}; this version reads {FORMAT}.",
            where=where,
            hint="Use the version of journeyseo that the model was made with, or train it again.",
        )
    if manifest["kind"] != kind:
        raise ModelError(f"The model is for {manifest['kind']!r}, not for {kind!r}.", where=where, hint=again)
    arrays: dict[str, npt.NDArray[Any]] = {}
    content: dict[str, bytes] = {}
    for name, digest in manifest["files"].items():
        if "/" in name or "\\" in name or not name.endswith((_ARRAY, *_OTHER)):
            raise ModelError(
                f"The manifest names {name!r}, which is no array, graph or vocabulary.", where=where
            )
        try:
            data = (folder / name).read_bytes()
        except OSError as error:
            raise ModelError(f"{name} is missing.", where=where, hint=again) from error
        if hashlib.sha256(data).hexdigest() != digest:
            raise ModelError(f"{name} is not the file it was.", where=where, hint=again)
        if not name.endswith(_ARRAY):
            content[name] = data
            continue
        try:
            arrays[name.removesuffix(_ARRAY)] = np.load(io.BytesIO(data), allow_pickle=False)
        except ValueError as error:
            raise ModelError(f"{name} is no array.", where=where, hint=again) from error
    return Artifact(folder, manifest, arrays, content)
