"""The encoder in PyTorch, for training only: the runtime reads the ONNX file that comes of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
import torch
from torch import nn
from torch.nn import functional

PAD, BEGIN, END = 1, 0, 2
"""Special tokens of the vocabulary."""

LONGEST = 64
"""Tokens of a text that are read, the two special ones included."""


class Layer(nn.Module):
    """One transformer layer, normalised after each half, as BERT's."""

    def __init__(self, width: int, inner: int, heads: int, epsilon: float) -> None:
        super().__init__()
        self.heads = heads
        self.qkv = nn.Linear(width, 3 * width)
        self.ao = nn.Linear(width, width)
        self.fi = nn.Linear(width, inner)
        self.fo = nn.Linear(inner, width)
        self.aln = nn.LayerNorm(width, epsilon)
        self.oln = nn.LayerNorm(width, epsilon)

    def forward(self, x: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Return the states after this layer; `mask` is added to the attention scores."""
        rows, length, width = x.shape
        size = width // self.heads
        q, k, v = self.qkv(x).view(rows, length, 3, self.heads, size).permute(2, 0, 3, 1, 4)
        scores = q @ k.transpose(-1, -2) / size**0.5 + mask
        seen = (scores.softmax(-1).to(v.dtype) @ v).transpose(1, 2).reshape(rows, length, width)
        x = self.aln(x + self.ao(seen))
        out: torch.Tensor = self.oln(x + self.fo(functional.gelu(self.fi(x))))
        return out


class Encoder(nn.Module):
    """Token embeddings, which are not trained, and a stack of layers.

    Args:
        tensors: Weights as `journeyseo.training.e5.E5.tensors`.
        heads: Attention heads.
        epsilon: Of the layer norms.
        layers: How many layers to take, from the first.
    """

    word: torch.Tensor
    place: torch.Tensor

    def __init__(
        self, tensors: Mapping[str, npt.NDArray[np.float32]], heads: int, epsilon: float, layers: int
    ) -> None:
        super().__init__()
        width = tensors["word"].shape[1]
        inner = tensors["0.fi.b"].shape[0]
        place = tensors["position"][:LONGEST] + tensors["type"]
        # Neither is trained, so neither belongs in a checkpoint.
        self.register_buffer("word", torch.from_numpy(tensors["word"]), persistent=False)
        self.register_buffer("place", torch.from_numpy(place), persistent=False)
        self.heads = heads
        self.norm = nn.LayerNorm(width, epsilon)
        self.layers = nn.ModuleList(Layer(width, inner, heads, epsilon) for _ in range(layers))
        state = {"norm.weight": tensors["norm.w"], "norm.bias": tensors["norm.b"]}
        for i in range(layers):
            for part in ("w", "b"):
                name = f"layers.{i}.{{}}." + ("weight" if part == "w" else "bias")
                state[name.format("qkv")] = np.concatenate([tensors[f"{i}.{n}.{part}"] for n in "qkv"])
                for linear in ("ao", "fi", "fo", "aln", "oln"):
                    state[name.format(linear)] = tensors[f"{i}.{linear}.{part}"]
        self.load_state_dict({k: torch.from_numpy(np.ascontiguousarray(v)) for k, v in state.items()})
        self.norm.requires_grad_(requires_grad=False)

    def forward(self, tokens: torch.Tensor, middle: int) -> tuple[torch.Tensor, torch.Tensor]:
        """Return the mean states after the layer `middle` and after the last one, one row a text."""
        real = tokens != PAD
        mask = torch.zeros(real.shape).masked_fill(~real, -1e9)[:, None, None, :]
        x = self.norm(self.word[tokens] + self.place[: tokens.shape[1]])
        weight = (real / real.sum(1, keepdim=True))[:, :, None]
        between = x
        for i, layer in enumerate(self.layers, 1):
            x = layer(x, mask)
            if i == middle:
                between = x
        return (between.float() * weight).sum(1), (x.float() * weight).sum(1)


def padded(texts: Sequence[Sequence[int]]) -> torch.Tensor:
    """Return token lists as one matrix, with the special tokens around each."""
    length = max(len(t) for t in texts) + 2
    out = torch.full((len(texts), length), PAD)
    for i, text in enumerate(texts):
        out[i, : len(text) + 2] = torch.tensor([BEGIN, *text, END])
    return out
