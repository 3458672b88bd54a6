"""Any sentence-transformers model as the encoder, with a head trained on labelled queries."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from journeyseo.classifier.engine import Answer, Floats, single, softmax
from journeyseo.classifier.labelled import check_labels, labelled_queries, soft_labels
from journeyseo.classifier.removal import shares_by_removal, strongest_by_removal
from journeyseo.errors import DependencyError, InputError, ModelError
from journeyseo.stages import STAGES
from journeyseo.text import normalise

_BATCH = 64


class EncoderEngine:
    """A sentence encoder with a linear head.

    Args:
        encoder: A `SentenceTransformer`, or the folder or name of one. A name that is not on disk
            is fetched by sentence-transformers itself.
        training_data: Frame with query, stage and optionally second_stage; this project's labelled
            queries where it is None.
    """

    def __init__(self, encoder: Any, training_data: pd.DataFrame | None = None) -> None:
        try:
            from sentence_transformers import SentenceTransformer
            from sklearn.linear_model import LogisticRegression
        except ImportError as error:
            raise DependencyError(
                "sentence-transformers is not installed.",
                hint="Install it with: pip install 'journeyseo[transformers]'.",
            ) from error
        if isinstance(encoder, str):
            try:
                self._encoder = SentenceTransformer(encoder)
            except (OSError, ValueError) as error:
                raise ModelError(
                    "The encoder cannot be loaded by sentence-transformers.",
                    where=encoder,
                    hint="Give a folder that sentence-transformers wrote, or a model's name.",
                ) from error
            self._label = encoder.rstrip("/").rpartition("/")[2]
        else:
            self._encoder = encoder
            self._label = type(encoder).__name__
        frame = _labelled(training_data)
        vectors = self.encode(frame["query"].tolist())
        rows, labels = np.nonzero(soft_labels(frame))
        weights = soft_labels(frame)[rows, labels]
        head = LogisticRegression(C=3.0, max_iter=500).fit(vectors[rows], labels, sample_weight=weights)
        self._weights = np.zeros((vectors.shape[1], len(STAGES)))
        self._bias = np.full(len(STAGES), -30.0)
        coef = head.coef_ if len(head.classes_) > 2 else np.vstack([-head.coef_, head.coef_]) / 2
        bias = head.intercept_ if len(head.classes_) > 2 else np.r_[-head.intercept_, head.intercept_] / 2
        self._weights[:, head.classes_] = coef.T
        self._bias[head.classes_] = bias

    @property
    def name(self) -> str:
        """Name of the encoder."""
        return f"encoder-{self._label}"

    def encode(self, texts: list[str]) -> npt.NDArray[np.float32]:
        """Return a unit vector for each text."""
        plain = normalise(pa.array(texts, pa.string())).to_pylist()
        vectors: npt.NDArray[np.float32] = self._encoder.encode(
            plain, batch_size=_BATCH, normalize_embeddings=True, show_progress_bar=False
        )
        return vectors

    def probabilities(self, texts: pa.Array) -> Floats:
        """Return probabilities, one row a text."""
        if not len(texts):
            return np.empty((0, len(STAGES)), np.float32)
        return softmax(self.encode(texts.to_pylist()) @ self._weights + self._bias)

    def answer(self, texts: pa.Array, *, reasons: bool) -> Answer:
        """See `journeyseo.classifier.engine.Engine.answer`: the word whose removal costs the label most."""
        found = self.probabilities(texts)
        plain = normalise(texts).to_pylist() if reasons else []
        words = strongest_by_removal(self.probabilities, plain, found) if reasons else []
        return single(self.name, found, words)

    def word_shares(self, text: str) -> list[tuple[str, npt.NDArray[np.float64]]]:
        """Return each word with the change of the log odds when it is taken out."""
        return shares_by_removal(self.probabilities, text)


def _labelled(frame: pd.DataFrame | None) -> pd.DataFrame:
    if frame is None:
        return labelled_queries()
    missing = {"query", "stage"} - set(frame.columns)
    if missing:
        raise InputError(f"The training data lacks the columns {', '.join(sorted(missing))}.")
    check_labels(frame.reset_index(drop=True), "training data")
    return frame
