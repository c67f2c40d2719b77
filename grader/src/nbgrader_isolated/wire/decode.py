"""Reading the wire: bytes that anybody may have written become a value, or a ``WireError``, and never anything else."""

from __future__ import annotations

import json
import math
from collections.abc import Callable

import numpy as np

from nbgrader_isolated.errors import WireError
from nbgrader_isolated.wire.dtypes import read_dtype, require_unicode
from nbgrader_isolated.wire.encode import LENGTH, LIMITS, MAGIC, Limits
from nbgrader_isolated.wire.kinds import KINDS, NAMED, require_quick

_SPECIAL = {"nan": math.nan, "inf": math.inf, "-inf": -math.inf}


def decode(
    data: bytes, *, limits: Limits = LIMITS, build: dict[str, Callable[[object], object]] | None = None
) -> object:
    """Turns a message back into a value; it trusts nothing in it.

    Args:
        data: bytes from anywhere.
        limits: what is accepted.
        build: for each kind of object that may arrive, what makes it from its plain value (it raises ``WireError``).

    Returns:
        The value, made of fresh objects; arrays are copies that may be written to.

    Raises:
        WireError: the bytes are not a message within the limits. Nothing else is ever raised for bad bytes.
    """
    return _Reader(memoryview(data), limits, build or {}).value()


class _Reader:
    def __init__(self, data: memoryview, limits: Limits, build: dict) -> None:
        self.limits, self.build = limits, build
        if len(data) > limits.total:
            raise WireError(f"The message has {len(data):,} bytes; at most {limits.total:,} are accepted.")
        start = len(MAGIC) + LENGTH.size
        if len(data) < start or bytes(data[: len(MAGIC)]) != MAGIC:
            raise WireError("This is not a message of the grading wire.")
        (length,) = LENGTH.unpack(data[len(MAGIC) : start])
        if length > limits.header or start + length > len(data):
            raise WireError(f"The message's header claims {length:,} bytes, more than is there or allowed.")
        header = _parse(bytes(data[start : start + length]), limits)
        sizes, self.root = header.get("sizes"), header.get("value")
        if set(header) != {"sizes", "value"} or not isinstance(sizes, list) or not all(_is_size(s) for s in sizes):
            raise WireError("The message's header is not of the agreed form.")
        if start + length + sum(sizes) != len(data):
            raise WireError("The message's parts do not add up to its length.")
        self.parts: list[memoryview | None] = []
        position = start + length
        for size in sizes:
            self.parts.append(data[position : position + size])
            position += size
        self.nodes = 0

    def value(self) -> object:
        value = self.node(self.root, 0)
        if any(part is not None for part in self.parts):
            raise WireError("The message carries bytes that nothing in it uses.")
        return value

    def node(self, node: object, depth: int) -> object:
        self.nodes += 1
        if self.nodes > self.limits.nodes or depth > self.limits.depth:
            raise WireError(f"The message has more than {self.limits.nodes:,} parts or {self.limits.depth} levels.")
        if node is None or isinstance(node, bool):
            return node
        if isinstance(node, str):
            if any("\ud800" <= letter <= "\udfff" for letter in node):
                raise WireError("A text in the message is not valid Unicode.")
            return node
        if isinstance(node, int):
            if not -(2**63) <= node < 2**63:
                raise WireError("An integer is larger than agreed.")
            return node
        if isinstance(node, float):
            if not math.isfinite(node):
                raise WireError("A number is larger than a float can be.")
            return node
        if not isinstance(node, dict) or len(node) != 1:
            raise WireError("A value in the message has no agreed form.")
        ((tag, content),) = node.items()
        method = getattr(self, f"_{tag}", None) if tag in _TAGS else None
        if method is None:
            raise WireError(f"The message names {tag[:40]!r}, which is not a kind of value.")
        return method(content, depth)

    def _items(self, content: object, depth: int) -> list:
        if not isinstance(content, list):
            raise WireError("A container in the message is not a list.")
        return [self.node(item, depth + 1) for item in content]

    def _list(self, content, depth):
        return self._items(content, depth)

    def _tuple(self, content, depth):
        return tuple(self._items(content, depth))

    def _set(self, content, depth):
        items = self._items(content, depth)
        require_quick(items)
        return set(items)

    def _dict(self, content, depth):
        if not isinstance(content, list) or not all(isinstance(pair, list) and len(pair) == 2 for pair in content):
            raise WireError("A dictionary in the message is not a list of pairs.")
        keys = self._items([key for key, _ in content], depth)
        require_quick(keys)
        return dict(zip(keys, self._items([value for _, value in content], depth), strict=True))

    def _int(self, content, depth):
        if not isinstance(content, str) or not 0 < len(content) <= self.limits.digits + 1:
            raise WireError("An integer is longer than agreed.")
        if not content.isascii() or not content.removeprefix("-").isalnum():
            raise WireError("An integer is not written in digits.")
        try:
            return int(content, 16)
        except ValueError:
            raise WireError("An integer is not written in digits.") from None

    def _float(self, content, depth):
        if not isinstance(content, str) or content not in _SPECIAL:
            raise WireError("A special number is none of nan, inf and -inf.")
        return _SPECIAL[content]

    def _text(self, content, depth):
        try:
            return str(self._take(content), "utf-8")
        except UnicodeDecodeError:
            raise WireError("A text in the message is not UTF-8.") from None

    def _bytes(self, content, depth):
        return bytes(self._take(content))

    def _array(self, content, depth):
        if not isinstance(content, list) or len(content) != 4 or type(content[3]) is not bool:
            raise WireError("An array in the message is not of the agreed form.")
        name, shape, index, scalar = content
        dtype = read_dtype(name)
        count = _count(shape, self.limits)
        part = self._take(index)
        if count * dtype.itemsize != len(part) or (scalar and shape):
            raise WireError(f"An array of shape {shape} and dtype {name} does not fit in {len(part):,} bytes.")
        if dtype.itemsize == 0 and count > self.limits.total:
            raise WireError("An array in the message has a shape larger than any array could be.")
        if dtype.kind == "b":  # other bytes than 0 and 1 make booleans that are neither true nor false
            array = np.frombuffer(part, np.uint8) != 0
        elif len(part):
            array = np.frombuffer(part, dtype).copy()
        else:
            array = np.zeros(count, dtype)
        if dtype.kind == "U" and len(part):
            require_unicode(array)
        if dtype.isnative:
            array = array.view(dtype.newbyteorder("="))
        array = array.reshape(shape)
        return array[()] if scalar else array

    def _as(self, content, depth):
        if not isinstance(content, list) or len(content) != 2 or not isinstance(content[0], str):
            raise WireError("A value in the message is not of the agreed form.")
        kind = KINDS.get(content[0])
        if kind is None:
            raise WireError(f"The message names {content[0][:40]!r}, which is not a kind of value.")
        plain = self.node(content[1], depth + 1)
        try:
            return kind.make(plain)
        except WireError:
            raise
        except Exception:
            raise WireError(f"A value of the kind {content[0]!r} in the message is not one.") from None

    def _name(self, content, depth):
        if not isinstance(content, str) or content not in NAMED:
            raise WireError("The message names something that is not in every process.")
        return NAMED[content]

    def _kind(self, content, depth):
        if not isinstance(content, list) or len(content) != 2 or not isinstance(content[0], str):
            raise WireError("An object in the message is not of the agreed form.")
        builder = self.build.get(content[0])
        if builder is None:
            raise WireError(f"The message holds an object of kind {content[0][:40]!r}, which is not accepted here.")
        return builder(self.node(content[1], depth + 1))

    def _take(self, index: object) -> memoryview:
        if type(index) is not int or not 0 <= index < len(self.parts) or self.parts[index] is None:
            raise WireError("The message refers to bytes that are not there, or were used already.")
        part, self.parts[index] = self.parts[index], None
        return part


_TAGS = frozenset(["list", "tuple", "set", "dict", "int", "float", "text", "bytes", "array", "as", "name", "kind"])


def _parse(header: bytes, limits: Limits) -> dict:
    # Python objects are many times larger than their JSON, so the parts are counted before there are any.
    if sum(header.count(mark) for mark in b",[{") > 8 * limits.nodes:
        raise WireError(f"The message has more than {limits.nodes:,} parts.")
    try:
        parsed = json.loads(header, parse_constant=_refuse)
    except WireError:
        raise
    except (ValueError, RecursionError):
        raise WireError("The message's header is not JSON.") from None
    if not isinstance(parsed, dict):
        raise WireError("The message's header is not of the agreed form.")
    return parsed


def _refuse(name: str) -> object:
    raise WireError(f"The message's header holds {name}, which is not JSON.")


def _is_size(size: object) -> bool:
    return type(size) is int and size >= 0


def _count(shape: object, limits: Limits) -> int:
    if not isinstance(shape, list) or len(shape) > 16 or not all(_is_size(side) for side in shape):
        raise WireError("An array in the message has a shape that is not a list of sizes.")
    if math.prod(side for side in shape if side) > limits.total:
        raise WireError("An array in the message has a shape larger than any array could be.")
    return math.prod(shape)
