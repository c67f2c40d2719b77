"""Reads what a student's function gave once, so that every part of a check looks at the same numbers."""

from __future__ import annotations

import numpy as np

_LIBRARIES = ("jax", "jaxlib", "keras", "tensorflow", "torch")


def settled(value: object) -> object:
    """What a student's function gave, with everything in it that only stands for numbers read, once and for all.

    Such an object can answer differently each time it is read, and would show each part of a check what that part looks for.

    Args:
        value: anything; lists, tuples, dictionaries and arrays of objects are looked through.

    Returns:
        The same as plain lists, tuples, dictionaries and NumPy arrays. What stands for no numbers stays as it is: a model,
        a fitted object. So does what cannot be read; where numbers are asked for, it is refused and not read again.
    """
    return _settled(value, {})


def to_numpy(value: object) -> np.ndarray:
    """Numbers, lists of them and the tensors of known libraries as an array.

    Raises:
        TypeError: it is another object, which could answer differently each time, or a masked array, of which comparisons
            leave numbers out.
    """
    if isinstance(value, np.ma.MaskedArray):
        raise TypeError("a masked array is not all there")
    if isinstance(value, np.ndarray):
        return value
    known = isinstance(value, bool | int | float | complex | str | bytes | list | tuple | np.generic | type(None))
    if not known and type(value).__module__.split(".")[0] not in _LIBRARIES:
        raise TypeError(f"a {type(value).__name__} is not numbers")
    return _read(_settled(value, {}))


def _settled(value: object, seen: dict[int, tuple[object, object]]) -> object:
    if value is None or isinstance(value, str | bytes | bytearray | bool | int | float | complex | np.generic):
        return value
    if id(value) in seen:  # one object in several places is one there too, and one that holds itself comes to an end
        return seen[id(value)][1]
    seen[id(value)] = value, value  # kept, so that no other object gets its id
    if isinstance(value, np.ndarray):
        new = value
        if value.dtype.kind == "O":
            new = np.empty(value.shape, dtype=object)
            for place in np.ndindex(value.shape):
                new[place] = _settled(value[place], seen)
    elif isinstance(value, dict):
        new = {key: _settled(one, seen) for key, one in dict.items(value)}
    elif isinstance(value, list | tuple):
        kind = list if isinstance(value, list) else tuple
        new = kind([_settled(one, seen) for one in kind.__iter__(value)])
    else:
        new = _read_once(value)
    seen[id(value)] = value, new
    return new


def _read_once(value: object) -> object:
    """An object that stands for numbers, as an array; any other as it is."""
    try:
        if any(callable(getattr(value, name, None)) for name in ("predict", "fit", "as_numpy_iterator")):
            return value
        if any(callable(getattr(value, name, None)) for name in ("numpy", "detach")) or hasattr(value, "__array__"):
            return _read(value)
        if isinstance(value, type) or not (hasattr(value, "__len__") and hasattr(value, "__getitem__")):
            return value
        array = np.array([value[index] for index in range(len(value))])
    except Exception:
        return value
    return array if array.dtype.kind in "biuf" else value


def _read(value: object) -> np.ndarray:
    for step in ("detach", "cpu", "numpy"):  # PyTorch needs all three, TensorFlow the last, NumPy and JAX none
        if not isinstance(value, np.ndarray) and callable(getattr(value, step, None)):
            value = getattr(value, step)()
    return np.asarray(value)
