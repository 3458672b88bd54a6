"""The page model: title, description, headings and the beginning of the text, and what it shows.

Each of them counts by its words, and by what the base engine of queries says of it. Addresses are not
read: folder names differ from site to site, and a model that leans on them fails on the next one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from journeyseo.classifier.artifact import load_artifact
from journeyseo.classifier.base import BaseModel
from journeyseo.classifier.engine import Floats, softmax
from journeyseo.classifier.linear import LinearModel
from journeyseo.classifier.ngrams import Features, features
from journeyseo.text import normalise

KIND = "pages-linear"

FIELDS: Mapping[str, tuple[int, float]] = {
    "title": (101, 1.0),
    "description": (102, 0.7),
    "headings": (103, 0.8),
    "text": (104, 1.0),
    "signals": (105, 0.7),
}
"""For each field its seed (so that fields do not share buckets) and its weight in the score."""

# Chosen by cross-validation between 400 and 900 characters: .804 and .800.
_TEXT_CHARS = 400
_PRICE = re.compile(
    r"(?:[$€£¥₹]|usd|eur|gbp|nt\$|hk\$|rmb|us\$)\s?\d|\d[\d,.]*\s?(?:€|£|元|円|원|zł|руб|usd|eur|gbp|/\s?(?:month|mo|user|月|年))",
    re.IGNORECASE,
)


def shows_price(text: str) -> bool:
    """Return whether a text shows an amount of money."""
    return bool(_PRICE.search(text))


_LAST_PART = re.compile(r"^(.{8,}?)(?:\s+[|–—-]\s+|[|｜])[^|｜]{1,40}$")


def own_titles(titles: Sequence[str]) -> list[str]:
    """Return titles without their last part, which names the site on most pages."""
    return [match.group(1) if (match := _LAST_PART.match(t)) else t for t in titles]


def page_fields(pages: pd.DataFrame) -> dict[str, pa.Array]:
    """Return the fields of the pages that the model reads, normalised."""
    size = len(pages)

    def column(name: str) -> list[str]:
        if name not in pages.columns:
            return [""] * size
        return [v if isinstance(v, str) else "" for v in pages[name].tolist()]

    title, h1, text = own_titles(column("title")), column("h1"), column("text")
    headings = [f"{a}\n{b}" for a, b in zip(h1, column("headings"), strict=True)]
    signals = []
    price = pages["has_price"].tolist() if "has_price" in pages.columns else [None] * size
    for i, types in enumerate(column("schema_types")):
        body = f"{title[i]} {text[i][:_TEXT_CHARS]}"
        priced = price[i] is True or shows_price(body)
        signals.append(f"{types} {'zzprice' if priced else 'zznoprice'}")
    raw = {
        "title": title,
        "description": column("description"),
        "headings": headings,
        "text": [t[:_TEXT_CHARS] for t in text],
        "signals": signals,
    }
    return {name: normalise(pa.array(values, pa.string())) for name, values in raw.items()}


def field_features(fields: Mapping[str, pa.Array], model: LinearModel) -> dict[str, list[Features]]:
    """Return the features of each field."""
    return {
        name: features(fields[name], replace(model.options, seed=seed))[1]
        for name, (seed, _) in FIELDS.items()
    }


PIECES: Mapping[str, str] = {
    "title": "title",
    "description": "description",
    "headings": "headings",
    "text 1": "text",
    "text 2": "text",
    "text 3": "text",
}
"""What the base engine reads of a page, and the field that each piece is of."""

# Of the text, three pieces of so many characters, in a script with blanks and without: each about as many
# tokens as the base engine reads. Cross-validated accuracy with one piece .844, with three .853.
_PIECE_CHARS, _DENSE_PIECE_CHARS = 200, 80


def page_pieces(pages: pd.DataFrame, fields: Mapping[str, pa.Array]) -> dict[str, list[str]]:
    """Return the pieces of the pages that the base engine reads; `fields` as `page_fields` returns them."""
    text = [v if isinstance(v, str) else "" for v in pages["text"]] if "text" in pages else [""] * len(pages)
    size = [_PIECE_CHARS if t[:_PIECE_CHARS].isascii() else _DENSE_PIECE_CHARS for t in text]
    return {
        "title": fields["title"].to_pylist(),
        "description": fields["description"].to_pylist(),
        "headings": fields["headings"].to_pylist(),
        **{
            f"text {i + 1}": [t[i * n : (i + 1) * n] for t, n in zip(text, size, strict=True)]
            for i in range(3)
        },
    }


def evidence(pages: pd.DataFrame, fields: Mapping[str, pa.Array], reader: BaseModel) -> dict[str, Floats]:
    """Return what the base engine says of each piece: centred log odds, one row a page."""
    out = {}
    for name, texts in page_pieces(pages, fields).items():
        encoded = pa.array(texts, pa.large_string()).dictionary_encode()
        logs = np.log(np.maximum(reader.probabilities(encoded.dictionary, keep=name), 1e-4))
        own: Floats = ((logs - logs.mean(axis=1, keepdims=True)) / 4)[encoded.indices.to_numpy()]
        out[name] = own
    return out


@dataclass(frozen=True)
class PageModel:
    """A linear model over the fields of a page and what the base engine says of them.

    Attributes:
        linear: Table over the hashed n-grams of all fields.
        weights: Weights of the evidence on each piece: pieces x evidence x labels.
        reader: The base engine of queries.
    """

    linear: LinearModel
    weights: Floats
    reader: BaseModel

    @classmethod
    def load(cls, folder: Path, reader: BaseModel) -> PageModel:
        """Read a model folder.

        Raises:
            ModelError: See `journeyseo.classifier.artifact.load_artifact`.
        """
        artifact = load_artifact(folder, KIND)
        return cls(LinearModel.from_artifact(artifact), artifact.arrays["evidence"], reader)

    @property
    def name(self) -> str:
        """Kind and version."""
        return self.linear.name

    def _parts(self, pages: pd.DataFrame) -> dict[str, npt.NDArray[np.float64]]:
        fields = page_fields(pages)
        found = field_features(fields, self.linear)
        parts = {
            name: weight * self.linear.share_of(found[name], len(pages))
            for name, (_, weight) in FIELDS.items()
        }
        said = evidence(pages, fields, self.reader)
        for (piece, field), weights in zip(PIECES.items(), self.weights, strict=True):
            parts[field] = parts[field] + said[piece] @ weights
        return parts

    def classify(self, pages: pd.DataFrame) -> tuple[Floats, list[list[str]]]:
        """Return calibrated probabilities and, for each page, which parts carried its label."""
        if pages.empty:
            return np.empty((0, len(self.linear.labels)), np.float32), []
        parts = self._parts(pages)
        scores = sum(parts.values()) + self.linear.bias
        probabilities = softmax(scores / self.linear.temperature)
        best = probabilities.argmax(axis=1)
        rows = np.arange(len(pages))
        names = list(parts)
        # A field speaks for the label by its score over the mean of the other labels.
        lead = np.stack(
            [p[rows, best] - (p.sum(axis=1) - p[rows, best]) / (p.shape[1] - 1) for p in parts.values()]
        )
        order = np.argsort(-lead, axis=0, kind="stable")[:2]
        return probabilities, [[names[j] for j in order[:, i] if lead[j, i] > 0] for i in rows]
