"""Reads the tensors of an old PyTorch checkpoint as data, without PyTorch: nothing in the file is ever run."""

import collections
import io
import pickle

import numpy as np

from course_utils.errors import StoreError


def read_torch_legacy(data: bytes) -> dict[str, np.ndarray]:
    """Reads a PyTorch ``state_dict`` saved before version 1.6, when a checkpoint was no zip file; given as bytes.

    The file is five pickles (a magic number, a version, facts about the writer's machine, the dictionary, the list of
    storages) and the storages' bytes. A pickle can run anything, so the names it may mention are the four that a state
    dictionary needs, each of which stands for something harmless here.

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

_ALLOWED = {
    ("collections", "OrderedDict"): collections.OrderedDict,
    ("torch._utils", "_rebuild_tensor_v2"): lambda storage, *layout: _Described(*storage, *layout[:3]),
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
        return key, dtype


def _strided(storage: np.ndarray, tensor: _Described) -> np.ndarray:
    # Several kernels lie in memory with their axes permuted, so the strides must be honoured. NumPy refuses those that
    # reach beyond the storage.
    size = storage.itemsize
    strides = tuple(step * size for step in tensor.strides)
    view = np.ndarray(tensor.shape, storage.dtype, storage, tensor.offset * size, strides)
    return np.ascontiguousarray(view).reshape(tensor.shape)
