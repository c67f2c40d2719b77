"""The data-only wire: how values travel between a student's process and the examiner's.

A message is a short magic word, a JSON header that describes the value, and the raw bytes of arrays and long texts.
Numbers, text, None, lists, tuples, sets, dictionaries and NumPy arrays cross; nothing that is code does. There is no
pickle in it. This module writes; ``wire_read`` reads what may have been written by anybody.
"""

from __future__ import annotations

import hashlib
import json
import math
import struct
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from course_utils.errors import CourseError

MAGIC = b"wire1\n"
LENGTH = struct.Struct("<I")
_LONGEST_INLINE = 1000
DTYPES = frozenset(
    [
        "bool",
        "int8",
        "int16",
        "int32",
        "int64",
        "uint8",
        "uint16",
        "uint32",
        "uint64",
        "float16",
        "float32",
        "float64",
        "complex64",
        "complex128",
    ]
)


class WireError(CourseError, ValueError):
    """A value that cannot be sent, or bytes that are not a message within the limits."""


@dataclass(frozen=True)
class Limits:
    """What one message may hold.

    Attributes:
        total: bytes of the whole message.
        header: bytes of its JSON header.
        nodes: values in it, counted one by one through all containers; an array counts once.
        depth: containers inside containers.
        digits: hexadecimal digits of one whole number.
    """

    total: int = 512_000_000
    header: int = 8_000_000
    nodes: int = 200_000
    depth: int = 60
    digits: int = 1000


LIMITS = Limits()


def encode(
    value: object, *, limits: Limits = LIMITS, cross: Callable[[object], tuple[str, object]] | None = None
) -> bytes:
    """Turns a value into a message.

    Args:
        value: the value.
        limits: what the receiver will accept.
        cross: called with an object that is not plain data; returns its kind (None when it simply becomes the plain
            value) and a plain value that stands for it, or raises ``WireError``.

    Returns:
        The message's bytes.

    Raises:
        WireError: the value cannot cross, or is too large; the message says which part.
    """
    header, buffers = _parts(value, limits, cross)
    total = len(MAGIC) + LENGTH.size + len(header) + sum(len(b) for b in buffers)
    if len(header) > limits.header or total > limits.total:
        raise WireError(
            f"This value takes {total:,} bytes ({len(header):,} outside arrays); at most {limits.total:,} "
            f"({limits.header:,} outside arrays) can be handed over. Keep it smaller, and long lists as arrays."
        )
    return b"".join([MAGIC, LENGTH.pack(len(header)), header, *buffers])


def fingerprint(value: object, *, cross: Callable[[object], tuple[str, object]] | None = None) -> bytes:
    """A digest of the message that ``encode`` would make: equal values have equal ones.

    Raises:
        WireError: the value cannot cross.
    """
    header, buffers = _parts(value, LIMITS, cross)
    digest = hashlib.sha256(header)
    for part in buffers:
        digest.update(part)
    return digest.digest()


def _parts(value: object, limits: Limits, cross) -> tuple[bytes, list[bytes | memoryview]]:
    writer = _Writer(limits, cross)
    node = writer.node(value, 0)
    header = json.dumps({"sizes": [len(b) for b in writer.buffers], "value": node}, separators=(",", ":"))
    return header.encode(), writer.buffers


class _Writer:
    def __init__(self, limits: Limits, cross) -> None:
        self.limits, self.cross = limits, cross
        self.nodes = 0
        self.total = 0
        self.buffers: list[bytes | memoryview] = []

    def node(self, value: object, depth: int) -> object:
        self.nodes += 1
        if self.nodes > self.limits.nodes:
            raise WireError(
                f"This value has more than {self.limits.nodes:,} parts. Make long lists of numbers NumPy arrays."
            )
        if depth > self.limits.depth:
            raise WireError(f"This value is nested more than {self.limits.depth} deep, or contains itself.")
        if value is None or type(value) is bool:
            return value
        if isinstance(value, np.generic):
            return self._array(np.asarray(value), scalar=True)
        if isinstance(value, int):
            value = int(value)
            return value if -(2**63) <= value < 2**63 else {"int": self._digits(value)}
        if isinstance(value, float):
            value = float(value)
            return value if math.isfinite(value) else {"float": str(value)}
        if isinstance(value, complex):
            return self._array(np.asarray(value, np.complex128), scalar=True)
        if isinstance(value, str):
            return self._text(str(value))
        if isinstance(value, bytes | bytearray):
            return {"bytes": self._buffer(bytes(value))}
        if isinstance(value, np.ndarray):
            return self._array(np.asarray(value))
        if isinstance(value, dict):
            pairs = [[self.node(k, depth + 1), self.node(v, depth + 1)] for k, v in dict.items(value)]
            return {"dict": pairs}
        for kind, name in ((list, "list"), (tuple, "tuple"), (set | frozenset, "set"), (range, "list")):
            if isinstance(value, kind):
                return {name: [self.node(item, depth + 1) for item in value]}
        if self.cross is None:
            raise WireError(f"A value of type {type(value).__name__} is not data that can be handed over.")
        kind, plain = self.cross(value)
        node = self.node(plain, depth + 1)
        return node if kind is None else {"kind": [kind, node]}

    def _digits(self, value: int) -> str:
        text = f"{value:x}"
        if len(text) > self.limits.digits:
            raise WireError(
                f"A whole number of {len(text):,} hexadecimal digits is too long; {self.limits.digits:,} cross."
            )
        return text

    def _text(self, text: str) -> object:
        try:
            raw = text.encode()
        except UnicodeEncodeError:
            raise WireError(
                "A text with lone surrogates cannot be handed over; is it a badly decoded file name?"
            ) from None
        return text if len(raw) <= _LONGEST_INLINE else {"text": self._buffer(raw)}

    def _array(self, array: np.ndarray, *, scalar: bool = False) -> object:
        if array.dtype.kind == "U" or (array.dtype == object and all(isinstance(x, str) for x in array.flat)):
            return {"strings": [list(array.shape), [self.node(str(text), 0) for text in array.flat]]}
        name = array.dtype.name
        if name == "bfloat16":
            array, name = array.astype(np.float32), "float32"
        if name not in DTYPES:
            raise WireError(f"An array of dtype {array.dtype} cannot be handed over; numbers, booleans and text can.")
        little = np.ascontiguousarray(array, dtype=array.dtype.newbyteorder("<"))
        index = self._buffer(little.reshape(-1).view(np.uint8).data if little.size else b"")
        return {"array": [name, list(array.shape), index, scalar]}

    def _buffer(self, raw: bytes | memoryview) -> int:
        self.total += len(raw)
        if self.total > self.limits.total:
            raise WireError(f"This value takes more than the {self.limits.total:,} bytes that can be handed over.")
        self.buffers.append(raw)
        return len(self.buffers) - 1
