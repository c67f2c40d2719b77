"""Reads the value that a test cell ends with: a number of points, or something of the student's."""

from __future__ import annotations

import ast
import contextlib
import math

import numpy as np

from nbgrader_isolated.wire import keras_model
from nbgrader_isolated.wire.crossing import StandIn


def is_everybodys(value: object) -> bool:
    """Whether Python has one object for such a value, so that being the same says nothing of where it comes from."""
    return _is_bool(value) or (isinstance(value, str | bytes | tuple) and len(value) < 2)


def begins_with(node: ast.expr) -> str:
    """The name that an expression begins with: ``f`` in ``f(1).x[0]``, nothing in ``f(1) == 2``."""
    while isinstance(node, ast.Call | ast.Attribute | ast.Subscript):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else ""


def _is_bool(value: object) -> bool:
    return type(value) in (bool, np.bool_)


def as_number(value: object) -> float | None:
    """A cell's last value as a number, or None where it is not one (True and text are not, as for nbgrader).

    Numbers are those of Python, NumPy's, and arrays and tensors of no dimension. Classes made from these are not: a masked
    array of no dimension has a number in it that does not count.
    """
    if type(value) in (int, float):
        return float(value) if abs(value) < 1e300 or value != value else math.inf
    own = isinstance(value, np.ndarray | np.generic) and type(value).__module__ != "numpy"
    if isinstance(value, StandIn) or own:
        return None
    if getattr(value, "shape", None) == () and hasattr(value, "dtype"):
        with contextlib.suppress(Exception):
            array = keras_model.as_numpy(value)
            return float(array) if array.dtype.kind in "iuf" else None
    return None
