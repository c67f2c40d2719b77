"""What a check sees of a student's value: one answer, for a notebook's own check and for the grader.

When a notebook is graded, a value is sent to the check's process as data. A check in the notebook passes what it gets through
``as_graded``, so that it sees the same there: the same type and numbers, a stand-in for an object, or the same complaint.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping

from nbgrader_isolated.errors import WireError
from nbgrader_isolated.wire import keras_model
from nbgrader_isolated.wire.decode import decode
from nbgrader_isolated.wire.encode import encode
from nbgrader_isolated.wire.kinds import class_name

FIRST_BATCHES = 3


class StandIn:
    """Stands for a function or an object that stays where it is: attributes come as data, and it can be called.

    It is equal to nothing but itself and is no number, text or array, so an object cannot pass for a value.

    Attributes:
        _type: the name of the object's class.
    """


class LocalStandIn(StandIn):
    """A stand-in for an object of the same process, in a check that a notebook runs itself."""

    def __init__(self, value: object) -> None:
        """Made by ``as_graded``."""
        self._value, self._type = value, class_name(type(value))
        if hasattr(value, "__code__"):
            self.__code__ = value.__code__

    def __call__(self, *arguments: object, **named: object) -> object:
        given = [one._value if isinstance(one, LocalStandIn) else one for one in arguments]
        return _received(self._value(*given, **named), f"What your {self._type} returns")

    def __getattr__(self, name: str) -> object:
        if name.startswith("_") and name not in ("__name__", "__doc__"):
            raise AttributeError(name)
        return _received(getattr(self._value, name), f"The attribute {name} of your {self._type}")

    def __len__(self) -> int:
        return len(self._value)

    def __getitem__(self, key: object) -> object:
        return _received(self._value[key], f"What your {self._type} returns")

    def __bool__(self) -> bool:
        return True

    def __repr__(self) -> str:
        return f"<the student's {self._type}>"


def _received(value: object, what: str) -> object:
    try:
        return as_graded(value)
    except WireError as error:  # as the grader's own error: no kind of it says that the argument was bad
        raise TypeError(f"{what} cannot be handed to the grader. {error}") from None


def as_graded(value: object) -> object:
    """A value as a check gets it when the notebook is graded.

    Data comes back equal, made of fresh objects; a Keras model itself, once it is known that it can cross; a tensor as a tensor; a
    dataset as a list of its first batches; any other object as a stand-in.

    Args:
        value: anything.

    Raises:
        WireError: it cannot cross; the message says what can.
    """
    held: list[object] = []

    def keep(item: object) -> tuple[str | None, object]:
        if keras_model.is_model(item):
            keras_model.require_crossable(item)
            held.append(item)
        elif (data := as_data(item)) is not None:
            return data
        else:
            require_object(item)
            held.append(item if isinstance(item, StandIn) else LocalStandIn(item))
        return "kept", len(held) - 1

    # The envelope is that of a reply, so that what is just within the limits here is so there.
    reply = send({"state": "value", "value": value}, keep)
    return decode(reply, build={"kept": held.__getitem__, "tensor": keras_model.as_tensor})["value"]


def send(value: object, cross: Callable[[object], tuple[str | None, object]]) -> bytes:
    """As ``wire.encode``, for values that may raise anything when they are looked at.

    Raises:
        WireError: the value cannot cross.
    """
    try:
        return encode(value, cross=cross)
    except (WireError, KeyboardInterrupt):
        raise
    except BaseException as error:  # an object of the student's that fails when looked at
        raise WireError(f"Looking at it raised {class_name(type(error))}.") from None


def as_data(value: object) -> tuple[str | None, object] | None:
    """The kind and the plain form of what is not plain but crosses as data; None for what has to stay where it is.

    Raises:
        WireError: it is a model that cannot cross.
    """
    if keras_model.is_model(value):
        return "model", keras_model.pack(value)
    if keras_model.is_tensor(value):
        return "tensor", keras_model.as_numpy(value)
    if hasattr(value, "as_numpy_iterator"):  # a dataset of TensorFlow: its beginning stands for it
        return None, list(itertools.islice(value.as_numpy_iterator(), FIRST_BATCHES))
    if hasattr(value, "__array__") and (hasattr(value, "numpy") or hasattr(value, "devices")):
        return None, keras_model.as_numpy(value)  # an array of JAX, a tensor of PyTorch
    return None


def require_object(value: object) -> None:
    """Complains about an object that a check would read as a value: a stand-in for it is no value.

    Raises:
        WireError: it is one; the message says what to return in its place.
    """
    kind = type(value)
    if (kind.__module__ or "").partition(".")[0] == "pandas":
        fix = ".to_numpy() makes it an array, and .to_dict() a dictionary"
    elif kind.__name__ == "TensorShape":
        fix = "tuple(…) makes it a plain tuple"
    elif hasattr(kind, "__array__") or hasattr(kind, "__array_interface__"):
        fix = "np.asarray(…) makes it an array"
    elif hasattr(kind, "__float__") or hasattr(kind, "__index__"):
        fix = "float(…) makes it a plain number"
    elif issubclass(kind, Mapping):
        fix = "dict(…) makes it a dictionary"
    elif issubclass(kind, Iterator) and not hasattr(kind, "__getitem__"):
        fix = "list(…) makes it a list"
    else:
        return
    raise WireError(f"A value of the class {class_name(kind)} cannot be handed over: {fix}.")
