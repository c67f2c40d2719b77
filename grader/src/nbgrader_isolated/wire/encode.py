"""The data-only wire: how values travel between a student's process and the examiner's.

A message is a short magic word, a JSON header that describes the value, and the raw bytes of arrays and long texts.
Numbers, text, None, lists, tuples, sets, dictionaries, NumPy arrays and what ``kinds.py`` lists cross, and no value becomes
one of another type on the way: it is the same there, or it is refused. Nothing that is code crosses, and there is no pickle in
it. This module writes; ``decode.py`` reads what may have been written by anybody. A value that stands in two places arrives twice.
"""

from __future__ import annotations

import hashlib
import json
import math
import struct
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from nbgrader_isolated.errors import WireError
from nbgrader_isolated.wire.dtypes import SURROGATES, dtype_name, require_unicode
from nbgrader_isolated.wire.kinds import KINDS, OF_TYPE, RECORD, class_name, is_record, name_of, require_plain

__all__ = ["LENGTH", "LIMITS", "MAGIC", "Limits", "WireError", "encode", "message_digest"]

MAGIC = b"wire1\n"
LENGTH = struct.Struct("<I")
_LONGEST_INLINE = 1000
_CONTAINERS = (list, tuple, set)


@dataclass(frozen=True)
class Limits:
    """What one message may hold.

    Attributes:
        total: bytes of the whole message.
        header: bytes of its JSON header.
        nodes: values in it, counted one by one through all containers; an array counts once.
        depth: containers inside containers.
        digits: hexadecimal digits of one integer.
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


def message_digest(value: object, *, cross: Callable[[object], tuple[str, object]] | None = None) -> bytes:
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
        kind = type(value)
        if value is None or kind is bool:
            return value
        if kind is int:
            return value if -(2**63) <= value < 2**63 else {"int": self._digits(value)}
        if kind is float:
            return value if math.isfinite(value) else {"float": str(value)}
        if kind is str:
            return self._text(value)
        if kind is bytes:
            return {"bytes": self._buffer(value)}
        if kind is dict:
            return {"dict": [[self.node(k, depth + 1), self.node(v, depth + 1)] for k, v in value.items()]}
        if kind in _CONTAINERS:
            return {kind.__name__: [self.node(item, depth + 1) for item in value]}
        name = self._kind_of(value, kind)
        if name is not None:
            return {"as": [name, self.node(KINDS[name].plain(value), depth + 1)]}
        if kind is np.ndarray or kind is np.memmap:  # where an array's memory comes from is no part of its value
            return self._array(np.asarray(value))
        if isinstance(value, np.generic) and kind.__module__ in ("numpy", "ml_dtypes"):
            return self._array(np.asarray(value), scalar=True)
        if (named := name_of(value)) is not None:
            return {"name": named}
        require_plain(value)
        if self.cross is None:
            raise WireError(f"A value of type {class_name(kind)} is not data that can be handed over.")
        kind, plain = self.cross(value)
        node = self.node(plain, depth + 1)
        return node if kind is None else {"kind": [kind, node]}

    @staticmethod
    def _kind_of(value: object, kind: type) -> str | None:
        if kind in OF_TYPE:
            return OF_TYPE[kind]
        if isinstance(value, np.dtype):
            return "dtype"
        if kind is np.ndarray and value.dtype == object:
            return "objects"
        if kind is np.ndarray and value.flags.f_contiguous and not value.flags.c_contiguous:
            return "by column"
        return RECORD if isinstance(value, tuple) and is_record(value) else None

    def _digits(self, value: int) -> str:
        text = f"{value:x}"
        if len(text) > self.limits.digits:
            raise WireError(
                f"An integer of {len(text):,} hexadecimal digits is too long; {self.limits.digits:,} cross."
            )
        return text

    def _text(self, text: str) -> object:
        try:
            raw = text.encode()
        except UnicodeEncodeError:
            raise WireError(SURROGATES) from None
        return text if len(raw) <= _LONGEST_INLINE else {"text": self._buffer(raw)}

    def _array(self, array: np.ndarray, *, scalar: bool = False) -> object:
        name = dtype_name(array.dtype)
        # A reversed, a thinned out or a broadcast array has its numbers elsewhere; what crosses are bytes in a row.
        flat = np.ascontiguousarray(array).reshape(-1)
        if array.dtype.kind == "U" and flat.nbytes:
            require_unicode(flat)
        # Strings of no letters have no bytes, and NumPy looks at none of them.
        index = self._buffer(flat.view(np.uint8).data if flat.nbytes else b"")
        return {"array": [name, list(array.shape), index, scalar]}

    def _buffer(self, raw: bytes | memoryview) -> int:
        self.total += len(raw)
        if self.total > self.limits.total:
            raise WireError(f"This value takes more than the {self.limits.total:,} bytes that can be handed over.")
        self.buffers.append(raw)
        return len(self.buffers) - 1
