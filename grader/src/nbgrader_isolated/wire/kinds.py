"""Kinds of data beyond JSON's: for each its plain form, and how it is made again from one that anybody may have written.

``wire`` looks a value up by its exact type, so what comes out has the type, value, order and mask that went in. Nothing is
imported here but NumPy and Python's own library.
"""

from __future__ import annotations

import collections
import datetime
import decimal
import enum
import fractions
import functools
import keyword
import math
import pathlib
import types
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from nbgrader_isolated.errors import WireError
from nbgrader_isolated.wire.dtypes import NUMBERS, dtype_name, read_dtype


@dataclass(frozen=True)
class Kind:
    """How values of one exact type cross.

    Attributes:
        type: the type.
        plain: the value as plainer data; raises ``WireError`` for one that cannot cross.
        make: the value again, from decoded data that anybody may have written; whatever it raises becomes a ``WireError``.
    """

    type: type
    plain: Callable[[object], object]
    make: Callable[[object], object]


# --- values with a name -----------------------------------------------------------------------------------------------

NAMED: dict[str, object] = {
    "Ellipsis": Ellipsis,
    **{kind.__name__: kind for kind in (bool, int, float, complex, str, bytes, list, tuple, dict, set, frozenset)},
    **{f"numpy.{name}": np.dtype(name).type for name in sorted(NUMBERS - {"bfloat16"})},
}
"""What there is one of in every process: it crosses as its name."""
_NAMES = {id(value): name for name, value in NAMED.items()}


def name_of(value: object) -> str | None:
    """The name of something that every process has; None for anything else."""
    return _NAMES.get(id(value))


# --- kinds ------------------------------------------------------------------------------------------------------------

_FACTORIES = {kind.__name__: kind for kind in (int, float, complex, str, bool, list, dict, set, tuple)}
_FARTHEST = 5000
"""The largest exponent of a Decimal: as an integer it has about as many digits, and some cost seconds to make."""
_MOST_CLASHES = 100


def require_quick(members: list) -> None:
    """Complains about members of a set or keys of a dictionary that cannot be one, or are so chosen that each is slow.

    Python compares what has one hash one by one: 200,000 such numbers take minutes.
    """
    try:
        hashes = collections.Counter(map(hash, members))
    except Exception:
        raise WireError("A dictionary's key or a set's member in the message cannot be one.") from None
    if hashes and hashes.most_common(1)[0][1] > _MOST_CLASHES:
        raise WireError(f"More than {_MOST_CLASHES} keys of a dictionary or members of a set have the same hash.")


def _keyed(pairs: list[tuple], kind: type = dict) -> dict:
    require_quick([key for key, _ in pairs])
    return kind(pairs)


def _members(items: list, kind: type) -> object:
    require_quick(items)
    return kind(items)


def _factory(value: collections.defaultdict) -> list:
    factory = value.default_factory
    if factory is not None and _FACTORIES.get(getattr(factory, "__name__", "")) is not factory:
        raise WireError(
            "A defaultdict with a function of your own cannot be handed over: dict(…) makes it a plain one."
        )
    return [factory and factory.__name__, list(value.items())]


def _clock(value: datetime.datetime | datetime.time) -> list:
    if value.tzinfo is not None and type(value.tzinfo) is not datetime.timezone:
        raise WireError(
            "A time in a time zone with rules cannot be handed over: .astimezone(datetime.timezone.utc) can be."
        )
    return [value.isoformat(), value.fold]


def _decimal(value: decimal.Decimal) -> str:
    if value.is_finite() and value and abs(value.adjusted()) > _FARTHEST:
        raise WireError(f"A Decimal with an exponent beyond {_FARTHEST} cannot be handed over.")
    if len(value.as_tuple().digits) > _FARTHEST:
        raise WireError(f"A Decimal of more than {_FARTHEST} digits cannot be handed over.")
    return str(value)


def _from_decimal(text: str) -> decimal.Decimal:
    if not isinstance(text, str) or len(text) > 2 * _FARTHEST:
        raise WireError("A Decimal in the message is longer than agreed.")
    value = decimal.Decimal(text)
    _decimal(value)
    return value


def _objects(value: np.ndarray) -> list:
    return [list(value.shape), list(value.flat)]


def _from_objects(plain: list) -> np.ndarray:
    shape, items = plain
    if not 0 <= len(shape) <= 16 or not all(type(side) is int and 0 <= side < 2**31 for side in shape):
        raise WireError("An array in the message has a shape that is not a list of sizes.")
    if math.prod(shape) != len(items) or type(items) is not list:
        raise WireError("An array of objects does not hold as many as its shape says.")
    made = np.empty(len(items), object)
    for place, item in enumerate(items):  # made[:] = items would unpack lists
        made[place] = item
    return made.reshape(shape)


def _by_column(plain: np.ndarray) -> np.ndarray:
    if type(plain) is not np.ndarray:
        raise WireError("An array in the message is not of the agreed form.")
    return np.asfortranarray(plain)


@functools.lru_cache(maxsize=100)
def _record(name: str, fields: tuple[str, ...]) -> type:
    return collections.namedtuple(name, fields, module="__main__")  # where a notebook's own classes are


def is_record(value: object) -> bool:
    """Whether a value is a named tuple: what ``collections.namedtuple``, ``typing.NamedTuple`` and some of NumPy's functions make."""
    fields = getattr(type(value), "_fields", None)
    return type(value).__bases__ == (tuple,) and isinstance(fields, tuple) and len(fields) == tuple.__len__(value)


def record(value: tuple) -> list:
    """A named tuple as plain data: its class's name, the names of its fields, what is in them."""
    return [type(value).__name__, list(type(value)._fields), list(tuple.__iter__(value))]


def _from_record(plain: list) -> tuple:
    name, fields, items = plain
    words = [name, *fields]
    if len(fields) > 100 or len(items) != len(fields):
        raise WireError("A named tuple in the message is not of the agreed form.")
    for word in words:
        if type(word) is not str or not word.isascii() or not word.isidentifier() or keyword.iskeyword(word):
            raise WireError("A named tuple in the message has a name that is not one.")
    before = _record.cache_info().currsize
    made = _record(name, tuple(fields))
    if before == _record.cache_info().maxsize:
        raise WireError("The message has more than 100 kinds of named tuples.")
    return made._make(items)


RECORD = "named tuple"
KINDS: dict[str, Kind] = {
    "np.str": Kind(np.str_, lambda v: str.__str__(v), np.str_),
    "np.bytes": Kind(np.bytes_, lambda v: bytes.__getitem__(v, slice(None)), np.bytes_),
    "bytearray": Kind(bytearray, bytes, bytearray),
    "complex": Kind(complex, lambda v: [v.real, v.imag], lambda p: complex(*map(_float, p))),
    "range": Kind(range, lambda v: [v.start, v.stop, v.step], lambda p: range(*p)),
    "slice": Kind(slice, lambda v: [v.start, v.stop, v.step], lambda p: slice(*p)),
    "frozenset": Kind(frozenset, list, lambda p: _members(p, frozenset)),
    "deque": Kind(collections.deque, lambda v: [list(v), v.maxlen], lambda p: collections.deque(p[0], p[1])),
    "ordered": Kind(collections.OrderedDict, lambda v: list(v.items()), lambda p: _keyed(p, collections.OrderedDict)),
    "counter": Kind(collections.Counter, lambda v: list(v.items()), lambda p: collections.Counter(_keyed(p))),
    "default": Kind(
        collections.defaultdict,
        _factory,
        lambda p: collections.defaultdict(None if p[0] is None else _FACTORIES[p[0]], _keyed(p[1])),
    ),
    "date": Kind(datetime.date, datetime.date.isoformat, datetime.date.fromisoformat),
    "datetime": Kind(datetime.datetime, _clock, lambda p: datetime.datetime.fromisoformat(p[0]).replace(fold=p[1])),
    "time": Kind(datetime.time, _clock, lambda p: datetime.time.fromisoformat(p[0]).replace(fold=p[1])),
    "timedelta": Kind(
        datetime.timedelta, lambda v: [v.days, v.seconds, v.microseconds], lambda p: datetime.timedelta(*map(_int, p))
    ),
    "decimal": Kind(decimal.Decimal, _decimal, _from_decimal),
    "fraction": Kind(
        fractions.Fraction, lambda v: [v.numerator, v.denominator], lambda p: fractions.Fraction(*map(_int, p))
    ),
    "path": Kind(type(pathlib.Path()), str, pathlib.Path),
    "dtype": Kind(np.dtype, lambda v: dtype_name(v), read_dtype),
    "objects": Kind(np.ndarray, _objects, _from_objects),
    "by column": Kind(np.ndarray, np.ascontiguousarray, _by_column),
    RECORD: Kind(tuple, record, _from_record),
}
"""The kinds by name. Arrays of numbers, text, bytes and times, and plain containers, cross without one."""

OF_TYPE = {kind.type: name for name, kind in KINDS.items() if kind.type not in (np.ndarray, tuple)}
"""The kind of each exact type. NumPy has a class for each dtype, so dtypes are looked up by ``np.dtype``."""


def _float(value: object) -> float:
    if type(value) is not float:
        raise WireError("A part of a complex number is no float.")
    return value


def _int(value: object) -> int:
    if type(value) is not int:
        raise WireError("A number in the message is no integer.")
    return value


# --- what cannot cross ------------------------------------------------------------------------------------------------

_ENDED = "it is empty once somebody has looked: list(…) makes a list"
_VIEW = "it shows what is in a dictionary of your process: list(…) makes a list"
_PLAINER = (
    (enum.Enum, ".value can be"),
    (np.ma.MaskedArray, "comparisons leave out what is masked, and .filled(…) makes a plain array of it"),
    (np.ndarray, "np.asarray(…) makes it a plain array"),
    (np.generic, "array.astype(…) makes it a plain number"),
    (int, "int(…) makes it a plain number"),
    (float, "float(…) makes it a plain number"),
    (complex, "complex(…) makes it a plain number"),
    (str, "str(…) makes it a plain text"),
    (bytes | bytearray, "bytes(…) makes it plain bytes"),
    (list | collections.deque, "list(…) makes it a plain list"),
    (tuple, "tuple(…) makes it a plain tuple"),
    (set | frozenset, "set(…) makes it a plain set"),
    (dict, "dict(…) makes it a plain dictionary"),
    (datetime.date | datetime.time | datetime.timedelta, "one of Python's own can be"),
    (decimal.Decimal | fractions.Fraction, "float(…) makes it a plain number"),
    (memoryview, "bytes(…) makes it plain bytes"),
    (types.GeneratorType | zip | map | filter | enumerate | reversed, _ENDED),
    *((type(iter(empty)), _ENDED) for empty in ([], (), {}, set(), "", b"", range(0))),
    (type({}.keys()) | type({}.values()) | type({}.items()), _VIEW),
)


def class_name(kind: type) -> str:
    """The name of a class, which may be a student's own, as a message shows it: short, and with nothing that acts."""
    name = kind.__name__
    return name if name.isascii() and name.isidentifier() and len(name) <= 60 else ascii(name[:60])


def require_plain(value: object) -> None:
    """Complains about a value of a class that extends a plain kind, whose additions would be lost on the way, and about iterators.

    Raises:
        WireError: it is one; the message says how to make it plain.
    """
    for kind, fix in _PLAINER:
        if isinstance(value, kind):
            raise WireError(f"A value of the class {class_name(type(value))} cannot be handed over: {fix}.")
