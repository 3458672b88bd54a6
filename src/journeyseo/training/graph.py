"""The fine-tuned network as an ONNX file that gives a text the same answer in any batch.

Matrices are 8-bit integers that use 7 bits: processors without instructions for such products add two
of them in 16 bits, which full 8 bits overflow, so that the answer would depend on the processor. Each
row of activations is quantised by its own largest value, and integers add up exactly in any order: so a
text's result cannot depend on its neighbours, as it does with the usual dynamic quantisation, whose
scale is taken over the whole batch. Word embeddings keep the 4 bits that they came with.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper

from journeyseo.training.base import Tuned

_CONTRIB = "com.microsoft"
_BLOCK = 32
# 255 x 63 x 2 is below 2^15, 255 x 127 x 2 is not.
_LARGEST = 63
Array = npt.NDArray[np.float32]


def four_bits(words: Array) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.float16]]:
    """Return rows in blocks of 32 as signed 4-bit numbers, two a byte, and the blocks' scales."""
    rows, width = words.shape
    blocks = words.reshape(rows, width // _BLOCK, _BLOCK)
    largest = np.take_along_axis(blocks, np.abs(blocks).argmax(-1)[..., None], -1)[..., 0]
    scales = (largest / -8).astype(np.float16)
    safe = np.where(scales == 0, 1, scales).astype(np.float32)
    numbers = np.clip(np.round(blocks / safe[..., None]), -8, 7).astype(np.int8).reshape(rows, width)
    nibbles = (numbers & 15).astype(np.uint8)
    packed: npt.NDArray[np.uint8] = (nibbles[:, 0::2] | (nibbles[:, 1::2] << 4)).astype(np.uint8)
    return packed, scales


class _Graph:
    """Collects nodes and weights; each method returns the name of what it computes."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.weights: list[onnx.TensorProto] = []

    def constant(self, name: str, value: npt.ArrayLike) -> str:
        self.weights.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def apply(self, kind: str, inputs: list[str], name: str, domain: str = "", **options: Any) -> str:
        self.nodes.append(helper.make_node(kind, inputs, [name], domain=domain, **options))
        return name

    def words(self, table: Array) -> str:
        """The embedding of each token."""
        packed, scales = four_bits(table)
        tensor = helper.make_tensor("word", TensorProto.INT4, list(table.shape), packed.tobytes(), raw=True)
        self.weights.append(tensor)
        options = {"block_size": _BLOCK, "gather_axis": 0, "quantize_axis": 1}
        inputs = ["word", "input_ids", self.constant("word.scale", scales)]
        half = self.apply("GatherBlockQuantized", inputs, "word.half", _CONTRIB, **options)
        return self.apply("Cast", [half], "word.state", to=TensorProto.FLOAT)

    def linear(self, state: str, name: str, weight: Array, bias: Array | None) -> str:
        """A matrix of integers over states quantised row by row."""
        scale = np.maximum(np.abs(weight).max(axis=0) / _LARGEST, 1e-12).astype(np.float32)
        numbers = np.clip(np.round(weight / scale), -_LARGEST, _LARGEST).astype(np.int8)
        size = self.apply("Abs", [state], f"{name}.abs")
        largest = self.apply("ReduceMax", [size, "last"], f"{name}.max", keepdims=1)
        part = self.apply("Mul", [largest, "a127th"], f"{name}.part")
        own = self.apply("Max", [part, "tiny"], f"{name}.own")
        relative = self.apply("Div", [state, own], f"{name}.relative")
        rounded = self.apply("QuantizeLinear", [relative, "one", "zero"], f"{name}.rounded")
        inputs = [
            rounded,
            self.constant(f"{name}.weight", numbers),
            "one",
            self.constant(f"{name}.scale", scale),
            "zero",
        ]
        product = self.apply("MatMulIntegerToFloat", inputs, f"{name}.product", _CONTRIB)
        out = self.apply("Mul", [product, own], f"{name}.out")
        if bias is None:
            return out
        return self.apply("Add", [out, self.constant(f"{name}.bias", bias)], f"{name}.biased")

    def normal(self, kind: str, inputs: list[str], name: str, weights: tuple[Array, Array, float]) -> str:
        """Layer norm, of the sum of two inputs where two are given."""
        weight, bias, epsilon = weights
        both = [self.constant(f"{name}.g", weight), self.constant(f"{name}.b", bias)]
        domain = _CONTRIB if len(inputs) > 1 else ""
        return self.apply(kind, [*inputs, *both], name, domain, epsilon=epsilon)

    def mean(self, state: str, name: str) -> str:
        """The mean state of the real tokens."""
        masked = self.apply("Mul", [state, "mask3"], f"{name}.masked")
        total = self.apply("ReduceSum", [masked, "second"], f"{name}.total", keepdims=0)
        return self.apply("Div", [total, "count"], name)


def _numbers(tensor: torch.Tensor) -> Array:
    found: Array = tensor.detach().float().numpy()
    return found


def _layer(graph: _Graph, x: str, layer: Any, heads: int, i: int) -> str:
    def norm(module: torch.nn.LayerNorm) -> tuple[Array, Array, float]:
        return _numbers(module.weight), _numbers(module.bias), module.eps

    def linear(state: str, name: str) -> str:
        module = getattr(layer, name)
        return graph.linear(state, f"{i}.{name}", _numbers(module.weight).T, _numbers(module.bias))

    qkv = linear(x, "qkv")
    names = [f"{i}.{n}" for n in "qkv"]
    graph.nodes.append(helper.make_node("Split", [qkv], names, axis=-1, num_outputs=3))
    inputs = [*names, "", "mask"]
    seen = graph.apply("MultiHeadAttention", inputs, f"{i}.seen", _CONTRIB, num_heads=heads)
    half = graph.normal("SkipLayerNormalization", [linear(seen, "ao"), x], f"{i}.half", norm(layer.aln))
    inner = graph.apply("Gelu", [linear(half, "fi")], f"{i}.inner")
    return graph.normal("SkipLayerNormalization", [linear(inner, "fo"), half], f"{i}.state", norm(layer.oln))


def graph_bytes(tuned: Tuned) -> bytes:
    """Return the network as ONNX.

    Inputs: ``input_ids`` and ``attention_mask``, rows x tokens. Outputs: ``scores``, rows x stages;
    ``vector``, rows x width, of length one.
    """
    graph, encoder = _Graph(), tuned.encoder
    for name, value in (
        ("last", np.array([-1], np.int64)),
        ("second", np.array([1], np.int64)),
        ("start", np.array([0], np.int64)),
        ("a127th", np.float32(1 / 127)),
        ("tiny", np.float32(1e-9)),
        ("one", np.float32(1)),
        ("zero", np.uint8(128)),
    ):
        graph.constant(name, value)
    words = graph.words(_numbers(encoder.word))
    shape = graph.apply("Shape", ["input_ids"], "shape")
    length = graph.apply("Gather", [shape, "second"], "length")
    places = graph.constant("place", _numbers(encoder.place))
    here = graph.apply("Slice", [places, "start", length, "start"], "here")
    both = graph.apply("Add", [words, here], "embedded")
    norm = (_numbers(encoder.norm.weight), _numbers(encoder.norm.bias), encoder.norm.eps)
    x = graph.normal("LayerNormalization", [both], "state", norm)
    graph.apply("Cast", ["attention_mask"], "mask", to=TensorProto.INT32)
    real = graph.apply("Cast", ["attention_mask"], "real", to=TensorProto.FLOAT)
    graph.apply("Unsqueeze", [real, "last"], "mask3")
    graph.apply("ReduceSum", [real, "second"], "count", keepdims=1)
    between = x
    for i, layer in enumerate(encoder.layers):
        x = _layer(graph, x, layer, encoder.heads, i)
        if i + 1 == tuned.recipe.middle:
            between = x
    last, middle = graph.mean(x, "mean"), graph.mean(between, "between")
    # The head stays exact: a product and a sum a label, in an order that no batch changes.
    spread = graph.apply("Unsqueeze", [last, "second"], "spread")
    weighed = graph.apply("Mul", [spread, graph.constant("head", _numbers(tuned.stages.weight))], "weighed")
    summed = graph.apply("ReduceSum", [weighed, "last"], "summed", keepdims=0)
    graph.apply("Add", [summed, graph.constant("head.bias", _numbers(tuned.stages.bias))], "scores")
    pair = graph.apply("Concat", [middle, last], "pair", axis=1)
    vector = graph.linear(pair, "likeness", _numbers(tuned.likeness.weight).T, None)
    graph.apply("LpNormalization", [vector], "vector", axis=-1, p=2)
    width, labels = encoder.word.shape[1], tuned.stages.out_features
    whole = helper.make_graph(
        graph.nodes,
        "queries-base",
        [
            helper.make_tensor_value_info(name, TensorProto.INT64, ["rows", "tokens"])
            for name in ("input_ids", "attention_mask")
        ],
        [
            helper.make_tensor_value_info("scores", TensorProto.FLOAT, ["rows", labels]),
            helper.make_tensor_value_info("vector", TensorProto.FLOAT, ["rows", width]),
        ],
        graph.weights,
    )
    sets = [helper.make_opsetid("", 21), helper.make_opsetid(_CONTRIB, 1)]
    content: bytes = helper.make_model(whole, opset_imports=sets, ir_version=10).SerializeToString()
    return content
