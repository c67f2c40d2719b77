"""What a student's function returns: read once, and turned into plain numbers, arrays and tuples that a check works with."""

from collections.abc import Iterable

import numpy as np

from course_utils.checks.core.messages import Incorrect, describe, in_short

_LIBRARIES = ("jax", "jaxlib", "keras", "tensorflow", "torch")


def read_once(value: object) -> object:
    """A value in which everything that only stands for numbers is replaced by an array of these numbers.

    Such an object can answer differently each time it is read, and would show each criterion what it looks for. Lists,
    tuples, dictionaries and arrays of objects are looked through, and become plain ones. What stands for no numbers, as a
    model does, stays as it is. So does what cannot be read; where numbers are asked for, it is refused and not read again.
    """
    return _plain(value, {})


def _plain(value: object, seen: dict[int, tuple[object, object]]) -> object:
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
                new[place] = _plain(value[place], seen)
    elif isinstance(value, dict):
        new = {key: _plain(one, seen) for key, one in dict.items(value)}
    elif isinstance(value, list | tuple):
        kind = list if isinstance(value, list) else tuple
        new = kind([_plain(one, seen) for one in kind.__iter__(value)])
    else:
        new = _numbers_of(value)
    seen[id(value)] = value, new
    return new


def _numbers_of(value: object) -> object:
    """An object that stands for numbers, as an array; any other as it is."""
    try:
        if any(callable(getattr(value, name, None)) for name in ("predict", "fit", "as_numpy_iterator")):
            return value
        if any(callable(getattr(value, name, None)) for name in ("numpy", "detach")) or hasattr(value, "__array__"):
            return _from_tensor(value)
        if isinstance(value, type) or not (hasattr(value, "__len__") and hasattr(value, "__getitem__")):
            return value
        array = np.array([value[index] for index in range(len(value))])
    except Exception:
        return value
    return array if array.dtype.kind in "biuf" else value


def _from_tensor(value: object) -> np.ndarray:
    for step in ("detach", "cpu", "numpy"):  # PyTorch needs all three, TensorFlow the last, NumPy and JAX none
        if not isinstance(value, np.ndarray) and callable(getattr(value, step, None)):
            value = getattr(value, step)()
    return np.asarray(value)


def as_array(value: object, what: str) -> np.ndarray:
    """Turns what a student gave into a plain NumPy array of integers or floats; half-precision floats become float32.

    Args:
        value: a NumPy array, a tensor of TensorFlow, JAX or PyTorch, a number, or nested lists of numbers.
        what: what it is, for the message, for example ``"your batch"``.

    Raises:
        Incorrect: it cannot be read as numbers.
    """
    plain = bool | int | float | complex | str | bytes | list | tuple | np.generic | np.ndarray | type(None)
    try:
        # Another object could answer differently each time; of a masked array, comparisons leave numbers out.
        known = isinstance(value, plain) or type(value).__module__.split(".")[0] in _LIBRARIES
        if not known or isinstance(value, np.ma.MaskedArray):
            raise TypeError
        array = value if isinstance(value, np.ndarray) else _from_tensor(read_once(value))
        # Complex numbers would lose a part of themselves, text only reads like numbers, and of a time the unit is not known.
        if array.dtype.kind in "cUSmM":
            raise TypeError
        if array.dtype.kind == "O":
            array = np.array([float(number) for number in array.flat]).reshape(array.shape)
        if array.dtype.kind not in "biuf":
            array = array.astype(np.float32)  # bfloat16 is of a kind NumPy does not know
    except Exception:
        raise Incorrect(
            f"{what[:1].upper()}{what[1:]} is {describe(value)},", "which cannot be read as numbers."
        ) from None
    return array


def finite(array: np.ndarray, what: str) -> np.ndarray:
    """Returns the array, or complains about nan and infinity in it."""
    if count := np.count_nonzero(~np.isfinite(array)):
        raise Incorrect(f"In {what} {count} numbers are nan or infinite;", "expected none.")
    return array


def as_number(value: object, what: str) -> float:
    """Turns what a student gave into one finite number, or complains; ``what`` is what it is, for the message."""
    array = finite(as_array(value, what), what)
    if array.size != 1 or array.dtype.kind == "b":
        look = "Is a mean or a sum missing?" if array.size > 1 else ""
        raise Incorrect(f"{what[:1].upper()}{what[1:]} is {describe(value)};", "expected one number.", look)
    return float(array.reshape(()))


def as_tuple(value: object, count: int, expected: str, *, arrays: bool = False) -> tuple:
    """Turns a list or tuple of ``count`` things, or an array of them, into a tuple, or complains and says what was expected."""
    kinds = list | tuple | np.ndarray if arrays else list | tuple
    if not isinstance(value, kinds) or getattr(value, "ndim", 1) == 0 or len(value) != count:
        raise Incorrect(f"You return {describe(value)};", f"expected {expected}.")
    return tuple(value)


def check_shape(given: np.ndarray | tuple, expected: tuple, subject: str, look: str = "") -> None:
    """Complains unless an array, or a shape, is as expected; ``subject`` begins the message: "Your features have shape"."""
    shape = given if isinstance(given, tuple) else given.shape
    if shape != expected:
        raise Incorrect(f"{subject} {shape};", f"expected {expected}.", look)


def close(given: np.ndarray, expected: np.ndarray, tolerance: float = 1e-3) -> bool:
    """Whether two arrays have one shape and differ by no more than this share of the largest number expected."""
    limit = tolerance * float(np.abs(expected).max(initial=0))
    return given.shape == expected.shape and np.allclose(given, expected, rtol=1e-2, atol=limit)


def check_close(
    given: np.ndarray,
    expected: np.ndarray,
    subject: str,
    reference: str = "expected",
    *,
    wrong: Iterable[tuple[str, np.ndarray]] = (),
    look: str = "",
    tolerance: float = 1e-3,
) -> None:
    """Complains unless an array is as expected, see ``close``.

    ``subject`` begins the message, before the shape that was given, and ``reference`` comes before the one expected.
    ``wrong`` holds what to say, and what comes out, of the usual mistakes; ``look`` is said where none was made.
    """
    if not close(given, expected, tolerance):
        raise Incorrect(
            f"{subject} {given.shape}, beginning {in_short(given.ravel()[:4])};",
            f"{reference} {expected.shape}, beginning {in_short(expected.ravel()[:4])}.",
            next((words for words, other in wrong if close(given, other, tolerance)), look),
        )
