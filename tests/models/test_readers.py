"""An old PyTorch checkpoint is read as data, and only as data. About a second."""

import collections
import io
import pickle
import struct
from typing import ClassVar

import numpy as np
import pytest

from course_utils.errors import StoreError
from course_utils.models import readers


class Name:
    """Pickles as a mere mention of ``module.name``, as PyTorch's own classes do in a checkpoint."""

    def __init__(self, module, name):
        self.module, self.name = module, name


class Pickler(pickle._Pickler):
    """Writes what PyTorch writes, without PyTorch: storages by reference, classes by name."""

    dispatch: ClassVar[dict] = dict(pickle._Pickler.dispatch)

    def persistent_id(self, item):
        return item.reference if isinstance(item, Storage) else None

    def save_name(self, item):
        self.write(b"c" + f"{item.module}\n{item.name}\n".encode())

    dispatch[Name] = save_name


class Storage:
    def __init__(self, key, size, kind="FloatStorage"):
        self.reference = ("storage", Name("torch", kind), key, "cpu", size, None)


class Rebuilt:
    def __init__(self, *arguments):
        self.arguments = arguments

    def __reduce__(self):
        return (print, self.arguments)


def save_rebuilt(pickler, item):
    pickler.save(Name("torch._utils", "_rebuild_tensor_v2"))
    pickler.save(item.arguments)
    pickler.write(pickle.REDUCE)


Pickler.dispatch[Rebuilt] = save_rebuilt


def checkpoint(tensors, storages):
    file = io.BytesIO()
    for part in (0x1950A86A20F9469CFC6C, 1001, {"little_endian": True}, tensors, list(storages)):
        Pickler(file, protocol=2).dump(part)
    for numbers in storages.values():
        file.write(struct.pack("<q", len(numbers)) + np.asarray(numbers, "<f4").tobytes())
    return file.getvalue()


def test_a_checkpoint_gives_its_tensors_with_offsets_and_permuted_strides_honoured():
    tensors = {
        "plain": Rebuilt(Storage("1", 6), 0, (2, 3), (3, 1), False, collections.OrderedDict()),
        "transposed": Rebuilt(Storage("1", 6), 0, (3, 2), (1, 3), False, collections.OrderedDict()),
        "part": Rebuilt(Storage("1", 6), 4, (2,), (1,), False, collections.OrderedDict()),
        "scalar": Rebuilt(Storage("1", 6), 5, (), (), False, collections.OrderedDict()),
    }
    found = readers.read_torch_legacy(checkpoint(tensors, {"1": range(6)}))
    np.testing.assert_array_equal(found["plain"], [[0, 1, 2], [3, 4, 5]])
    np.testing.assert_array_equal(found["transposed"], [[0, 3], [1, 4], [2, 5]])
    np.testing.assert_array_equal(found["part"], [4, 5])
    assert found["scalar"] == 5 and found["scalar"].shape == ()
    assert all(array.flags.c_contiguous for array in found.values())


@pytest.mark.parametrize(
    ("offset", "shape", "strides"),
    [(0, (7,), (1,)), (5, (2,), (1,)), (0, (2, 3), (4, 1)), (-1, (2,), (1,)), (0, (2,), (-1,)), (0, (2,), (1, 1))],
)
def test_a_checkpoint_cannot_make_numpy_read_beyond_its_storage(offset, shape, strides):
    tensors = {"wide": Rebuilt(Storage("1", 6), offset, shape, strides, False, collections.OrderedDict())}
    with pytest.raises(StoreError, match="not a readable PyTorch checkpoint"):
        readers.read_torch_legacy(checkpoint(tensors, {"1": range(6)}))


def test_a_checkpoint_that_asks_for_anything_else_is_refused_before_it_runs(tmp_path):
    class Trap:
        def __reduce__(self):
            return (open, (str(tmp_path / "sprung"), "w"))

    for adversarial in (pickle.dumps(Trap()), checkpoint({"w": Name("os", "system")}, {})):
        with pytest.raises(StoreError, match="its pickle asks for"):
            readers.read_torch_legacy(adversarial)
    assert not (tmp_path / "sprung").exists()


def test_a_truncated_checkpoint_is_refused():
    tensors = {"w": Rebuilt(Storage("1", 6), 0, (6,), (1,), False, collections.OrderedDict())}
    whole = checkpoint(tensors, {"1": range(6)})
    for length in range(0, len(whole), 7):
        with pytest.raises(StoreError):
            readers.read_torch_legacy(whole[:length])
