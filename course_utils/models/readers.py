"""Reads the tensors of three kinds of model file, as data: nothing in the file is ever run.

Each reader returns a dictionary from a tensor's name in the file to a NumPy array, without onnx or torch.
"""

from __future__ import annotations

import collections
import io
import math
import os
import pickle
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from course_utils.errors import StoreError


def read_onnx(data: bytes) -> dict[str, np.ndarray]:
    """Reads the float32 and int64 initialisers (the stored tensors) of an ONNX model, given as the file's bytes.

    An ONNX file is a Protocol Buffers message. Of its whole vocabulary four entries matter here: field 7 of the model
    is its graph, field 5 of a graph is an initialiser, and in an initialiser 1 is the shape, 2 the type, 8 the name
    and 9 the bytes (little-endian, C order).

    Returns:
        Name → array. Convolution kernels come as (out, in, height, width), ONNX's order.

    Raises:
        StoreError: the bytes are not an ONNX model that stores its tensors inside itself.
    """
    tensors = {}
    try:
        for model_field, graph in protobuf_fields(memoryview(data)):
            if model_field != 7:
                continue
            for graph_field, initialiser in protobuf_fields(graph):
                if graph_field == 5:
                    name, array = _onnx_tensor(initialiser)
                    if array is not None:
                        tensors[name] = array
    except (IndexError, KeyError, TypeError, ValueError) as error:
        raise StoreError(f"This is not a readable ONNX file: {error}. Fetch it again.") from error
    if not tensors:
        raise StoreError("This ONNX file holds no tensors, or is not an ONNX file. Fetch it again.")
    return tensors


def _onnx_tensor(message: memoryview) -> tuple[str, np.ndarray | None]:
    shape, name, kind, raw = [], "", 0, None
    for field, value in protobuf_fields(message):
        if field == 1:
            shape.extend([value] if isinstance(value, int) else _varints(value))
        elif field == 2:
            kind = value
        elif field == 8:
            name = bytes(value).decode()
        elif field == 9:
            raw = value
    dtype = {1: "<f4", 7: "<i8"}.get(kind)
    if dtype is None or raw is None:
        return name, None
    return name, np.frombuffer(raw, dtype=dtype).reshape(shape)


def protobuf_fields(message: memoryview) -> Iterator[tuple[int, int | memoryview]]:
    """Yields the fields of a Protocol Buffers message: each field's number and its value.

    A value is an integer, or the bytes of a text, an array or another message.

    Raises:
        ValueError: the bytes are not such a message. (IndexError where they end too early.)
    """
    position = 0
    while position < len(message):
        # A field starts with an integer that holds its number and how its value is laid out.
        key, position = _varint(message, position)
        number, layout = key >> 3, key & 7
        if layout == 0:
            value, position = _varint(message, position)
        else:
            if layout == 2:
                size, position = _varint(message, position)
            elif layout in (1, 5):
                size = 8 if layout == 1 else 4
            else:
                raise ValueError(f"unknown wire type {layout}")
            if position + size > len(message):
                raise ValueError("the file ends too early")
            value = message[position : position + size]
            position += size
        yield number, value


def _varint(message: memoryview, position: int) -> tuple[int, int]:
    # Seven bits to a byte, least significant first; the eighth bit says that more follow.
    number = shift = 0
    while shift < 64:
        byte = message[position]
        position += 1
        number |= (byte & 0x7F) << shift
        if byte < 0x80:
            return number, position
        shift += 7
    raise ValueError("a number is too long")


def _varints(message: memoryview) -> list[int]:
    numbers, position = [], 0
    while position < len(message):
        number, position = _varint(message, position)
        numbers.append(number)
    return numbers


def read_torch_legacy(data: bytes) -> dict[str, np.ndarray]:
    """Reads a PyTorch ``state_dict`` saved before version 1.6, when a checkpoint was no zip file; given as bytes.

    The file is five pickles (a magic number, a version, facts about the writer's machine, the dictionary, the list of
    storages) followed by the storages' bytes. A pickle can run anything, so the names it may mention are limited to the
    four that a state dictionary needs, and each of those stands for something harmless here.

    Returns:
        Name → array, in C order whatever the strides in the file. Convolution kernels are (out, in, height, width).

    Raises:
        StoreError: not such a file, or its pickle asks for anything but tensors.
    """
    file = io.BytesIO(data)
    try:
        magic, version, machine = (_TensorsOnly(file).load() for _ in range(3))
        if magic != 0x1950A86A20F9469CFC6C or version != 1001 or not machine["little_endian"]:
            raise ValueError("it does not start as a checkpoint does")
        described = _TensorsOnly(file).load()
        storages = {}
        kinds = {tensor.storage: tensor.dtype for tensor in described.values()}
        for key in _TensorsOnly(file).load():
            count = int.from_bytes(file.read(8), "little")
            dtype = np.dtype(kinds[key])
            storages[key] = np.frombuffer(file.read(count * dtype.itemsize), dtype=dtype, count=count)
        return {name: _strided(storages[tensor.storage], tensor) for name, tensor in described.items()}
    except (pickle.UnpicklingError, EOFError, ValueError, TypeError, KeyError, AttributeError, IndexError) as error:
        raise StoreError(f"This is not a readable PyTorch checkpoint: {error}. Fetch it again.") from error


_Described = collections.namedtuple("_Described", "storage dtype offset shape strides")


def _describe(storage: tuple, offset: int, shape: tuple, strides: tuple, *_unused: object) -> _Described:
    dtype, key = storage
    return _Described(key, dtype, offset, shape, strides)


_ALLOWED = {
    ("collections", "OrderedDict"): collections.OrderedDict,
    ("torch._utils", "_rebuild_tensor_v2"): _describe,
    ("torch", "FloatStorage"): "<f4",
    ("torch", "LongStorage"): "<i8",
}


class _TensorsOnly(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> object:
        if (module, name) not in _ALLOWED:
            raise pickle.UnpicklingError(f"its pickle asks for {module}.{name}, which a checkpoint does not need")
        return _ALLOWED[module, name]

    def persistent_load(self, identity: tuple) -> tuple:
        _, dtype, key, _device, _count, _view = identity
        return dtype, key


def _strided(storage: np.ndarray, tensor: _Described) -> np.ndarray:
    # Several kernels lie in memory with their axes permuted, so the strides must be honoured; and they come from the
    # file, so the furthest element is checked before NumPy uses them.
    if len(tensor.shape) != len(tensor.strides) or min((tensor.offset, *tensor.shape, *tensor.strides)) < 0:
        raise ValueError("a tensor's shape and strides do not fit")
    last = tensor.offset + sum((size - 1) * step for size, step in zip(tensor.shape, tensor.strides, strict=True))
    if math.prod(tensor.shape) and last >= storage.size:
        raise ValueError("a tensor reaches beyond its storage")
    step_bytes = tuple(step * storage.itemsize for step in tensor.strides)
    view = np.lib.stride_tricks.as_strided(storage[tensor.offset :], tensor.shape, step_bytes, writeable=False)
    return np.ascontiguousarray(view).reshape(tensor.shape)


def read_keras_hdf5(file: str | os.PathLike | io.BytesIO) -> dict[str, np.ndarray]:
    """Reads every float32 dataset of an HDF5 file, such as Keras's ``.h5`` models and weights.

    Args:
        file: a path, or the file's bytes in memory. It is opened read-only.

    Returns:
        Path inside the file → array, for example ``"model_weights/…/Conv1/kernel"``.

    Raises:
        StoreError: not an HDF5 file, or one that reaches into other files.
    """
    with open_hdf5(file) as opened:
        paths = [path for path in _datasets(opened) if opened[path].dtype == np.dtype("<f4")]
        return {path: np.asarray(opened[path]) for path in paths}


def open_hdf5(file: str | os.PathLike | io.BytesIO):
    """Opens an HDF5 file read-only, once it is certain that it holds its own data and points nowhere else.

    HDF5 knows external links, external storage and virtual datasets, each of which reads *other* files of this machine
    under the name of this one. None of them has a place in a weight file.

    Raises:
        StoreError: not an HDF5 file, truncated, or one that reaches into other files.
    """
    import h5py

    name = Path(file).name if isinstance(file, (str, os.PathLike)) else "the file"
    try:
        opened = h5py.File(file, "r")
    except OSError as error:
        raise StoreError(
            f"{name} is not a whole HDF5 file. Use another, or get it again ({str(error)[:80]})."
        ) from error
    try:
        for _ in _datasets(opened):
            pass
    except (StoreError, KeyError, RuntimeError, OSError) as error:
        opened.close()
        raise StoreError(f"{name} cannot be used: {error}. Use a file written by save_weights.") from error
    return opened


def _datasets(group, prefix: str = "") -> Iterator[str]:
    import h5py

    for name in group:
        path = f"{prefix}{name}"
        link = group.get(name, getlink=True)
        if not isinstance(link, h5py.HardLink):
            raise StoreError(f"its entry {path!r} is a link to somewhere else")
        item = group[name]
        if isinstance(item, h5py.Group):
            yield from _datasets(item, f"{path}/")
        elif isinstance(item, h5py.Dataset):
            layout = item.id.get_create_plist()
            if layout.get_external_count() or item.is_virtual:
                raise StoreError(f"its dataset {path!r} keeps its data in another file")
            yield path
