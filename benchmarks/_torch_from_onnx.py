"""Runs the ONNX file of a graded base in PyTorch, for benchmarks/runtimes.py.

Such a file holds eleven kinds of operations, each of which is one or two calls of PyTorch. Another kind is a KeyError that
names it. Weights are in the memory format channels_last, and so is what they are convolved with.
"""

from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np
import onnx
import torch
from torch.nn import functional


def compiled(file: Path, example: np.ndarray, *, bfloat16: bool) -> torch.jit.ScriptModule:
    """Returns the graph of an ONNX file, traced and frozen: that needs no C++ compiler, as `torch.compile` would.

    Args:
        example: a batch of preprocessed images, (N, height, width, 3).
        bfloat16: trace under autocast, so that freezing casts the weights once and for all.
    """
    autocast = torch.autocast("cpu", torch.bfloat16, enabled=bfloat16, cache_enabled=False)
    with warnings.catch_warnings(), torch.no_grad(), autocast:
        warnings.simplefilter("ignore")  # the trace holds for these weights alone, and tracing is deprecated
        return torch.jit.freeze(torch.jit.trace(Graph(file).eval(), torch.from_numpy(example), check_trace=False))


class Graph(torch.nn.Module):
    """The operations of an ONNX file, one after the other."""

    def __init__(self, file: Path) -> None:
        super().__init__()
        graph = onnx.load(file).graph
        self.input, self.output = graph.input[0].name, graph.output[0].name
        self.constants = {one.name: _constant(one) for one in graph.initializer}
        self.nodes = [
            (
                node.op_type,
                node.input,
                node.output[0],
                {a.name: onnx.helper.get_attribute_value(a) for a in node.attribute},
            )
            for node in graph.node
        ]

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        values = self.constants | {self.input: images}
        for kind, inputs, output, attributes in self.nodes:
            values[output] = OPERATIONS[kind](*(values[name] for name in inputs if name), **attributes)
        return values[self.output]


def _constant(one: onnx.TensorProto) -> torch.Tensor:
    values = torch.from_numpy(onnx.numpy_helper.to_array(one).copy())
    return values.to(memory_format=torch.channels_last) if values.ndim == 4 else values


def _convolve(images, kernel, bias=None, *, kernel_shape, strides, group=1, dilations=(1, 1), pads=(0, 0, 0, 0)):
    top, left, bottom, right = pads
    if (top, left) != (bottom, right):  # PyTorch pads both sides alike
        images, top, left = functional.pad(images, (left, right, top, bottom)), 0, 0
    return functional.conv2d(images, kernel, bias, strides, (top, left), dilations, group)


def _pad(images, pads, *, mode=b"constant"):
    before, after = pads.view(2, -1).tolist()  # ONNX begins with the first axis, PyTorch with the last
    return functional.pad(images, [width for both in zip(before[::-1], after[::-1], strict=True) for width in both])


OPERATIONS = {
    "Add": torch.add,
    "Clip": lambda values, low, high: torch.clamp(values, float(low), float(high)),
    "Conv": _convolve,
    "GlobalAveragePool": lambda images: images.mean((2, 3), keepdim=True),
    "MaxPool": lambda images, kernel_shape, strides: functional.max_pool2d(images, kernel_shape, strides),
    "Mul": torch.mul,
    "Pad": _pad,
    "Relu": functional.relu,
    "Reshape": lambda values, shape: values.reshape(shape.tolist()),
    "Squeeze": lambda values, axes: values.squeeze(tuple(axes.tolist())),
    "Transpose": lambda images, perm: images.permute(perm),
}
