"""The base engine's sentence vectors as a module of sentence-transformers. Imported only by who uses it."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import torch  # noqa: TID253  # a module of sentence-transformers is one of PyTorch
from sentence_transformers.base.modules import InputModule  # noqa: TID253

from journeyseo.assets import asset
from journeyseo.classifier.base import BaseModel
from journeyseo.text import normalise

_PAD = 1


class SentenceVectors(InputModule):
    """Runs the base engine's ONNX file inside a `SentenceTransformer`; for use, not for training.

    Args:
        folder: The model folder; the shipped one where it is None.

    Raises:
        ModelError: The folder is missing or damaged.

    Example:
        >>> from sentence_transformers import SentenceTransformer
        >>> SentenceTransformer(modules=[SentenceVectors()]).encode(["memory foam mattress"]).shape
        (1, 384)
    """

    def __init__(self, folder: str | Path | None = None) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._folder = Path(folder) if folder else asset("models", "queries-base")
        self._model = BaseModel.load(self._folder)

    def preprocess(self, inputs: Sequence[Any], prompt: str | None = None, **_: Any) -> dict[str, Any]:
        """Return the tokens of texts as a padded matrix, and which of them are real."""
        texts = pa.array([f"{prompt or ''}{text}" for text in inputs], pa.string())
        tokens = [torch.tensor(t, dtype=torch.int64) for t in self._model.tokens(normalise(texts))]
        ids = torch.nn.utils.rnn.pad_sequence(tokens, batch_first=True, padding_value=_PAD)
        lengths = torch.tensor([len(t) for t in tokens])
        return {"input_ids": ids, "attention_mask": (torch.arange(ids.shape[1]) < lengths[:, None]).long()}

    def forward(self, features: dict[str, torch.Tensor], **_: Any) -> dict[str, torch.Tensor]:
        """Add the sentence vectors to the features."""
        ids, mask = features["input_ids"].cpu(), features["attention_mask"].bool().cpu()
        tokens = [row[own].tolist() for row, own in zip(ids, mask, strict=True)]
        vectors = torch.from_numpy(self._model.read(tokens).vectors)
        features["sentence_embedding"] = vectors.to(features["input_ids"].device)
        return features

    def get_embedding_dimension(self) -> int:
        """Return how long a vector is."""
        return int(self._model.read([[]]).vectors.shape[1])

    def save(self, output_path: str, *_: Any, **__: Any) -> None:
        """Write the model folder."""
        shutil.copytree(self._folder, output_path, dirs_exist_ok=True)

    @classmethod
    def load(  # type: ignore[override]  # a folder on disk needs no token, cache or revision
        cls, model_name_or_path: str, subfolder: str = "", **_: Any
    ) -> SentenceVectors:
        """Read a folder that `save` wrote."""
        return cls(Path(model_name_or_path) / subfolder)
