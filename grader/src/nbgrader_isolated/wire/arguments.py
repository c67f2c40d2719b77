"""What a called function did to its arguments: in a notebook the caller sees it, so the examiner has to as well.

The student's side compares every argument before and after the call, and sends back those that differ, as data. The
examiner's side puts what came into the objects that the check had passed. A student's process can claim what it likes
here, which gives it what a function in the same process would have: a check that relies on an argument after the call
must have passed a copy.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable

import numpy as np

from nbgrader_isolated.errors import WireError
from nbgrader_isolated.wire import keras_model
from nbgrader_isolated.wire.encode import message_digest

_CANNOT_CHANGE = (type(None), bool, int, float, complex, str, bytes)


def remember(arguments: dict[int | str, object], cross: Callable) -> dict[int | str, bytes]:
    """Digests of the arguments that a call could change, by position or name; runs in the student's process."""
    found = {}
    for place, value in arguments.items():
        if not isinstance(value, _CANNOT_CHANGE):
            try:
                found[place] = message_digest(value, cross=cross)
            except WireError:
                continue  # too large, or holding an object of the student's own that cannot be looked at
    return found


def changed(before: dict[int | str, bytes], arguments: dict[int | str, object], cross: Callable) -> dict:
    """The arguments whose digest is another one now; those that can no longer be looked at are left out."""
    after = remember({place: arguments[place] for place in before}, cross)
    return {place: arguments[place] for place in after if after[place] != before[place]}


def put_back(old: object, new: object) -> object:
    """Makes an object of the check's what the student's function has made of it.

    Args:
        old: the object that the check passed; it is changed in place where that can be done.
        new: what came back in its place, made of fresh objects.

    Returns:
        ``old``, or ``new`` where ``old`` cannot become it.
    """
    if isinstance(old, np.ndarray) and isinstance(new, np.ndarray):
        if old.shape == new.shape and old.dtype == new.dtype and old.flags.writeable:
            np.copyto(old, new)
            return old
    elif isinstance(old, tuple) and isinstance(new, tuple):
        items = [put_back(*pair) for pair in zip(old, new, strict=True)] if len(old) == len(new) else None
        if items and all(item is one for item, one in zip(items, old, strict=True)):
            return old  # what changed is inside its items
        return tuple(items) if items and type(old) is type(new) is tuple else new
    elif isinstance(old, list | deque) and type(old) is type(new):
        items = [put_back(*pair) for pair in zip(old, new, strict=True)] if len(old) == len(new) else [*new]
        old.clear()
        old.extend(items)
        return old
    elif isinstance(old, dict) and isinstance(new, dict):
        items = {key: put_back(old[key], value) if key in old else value for key, value in new.items()}
        old.clear()
        old.update(items)
        if isinstance(old, defaultdict) and isinstance(new, defaultdict):
            old.default_factory = new.default_factory
        return old
    elif isinstance(old, set) and isinstance(new, set):
        old.clear()
        old.update(new)
        return old
    elif isinstance(old, bytearray) and isinstance(new, bytes | bytearray):
        old[:] = new
        return old
    elif keras_model.is_model(old) and type(old) is type(new):
        _become(old, new)
        return old
    return new


def _become(old, new) -> None:
    """Gives a Keras model the weights, flags and compile settings of another; or, where it was rebuilt, all of it."""
    if _architecture(old) != _architecture(new):
        # Layers can be taken out of a Sequential, and any layer's settings overwritten: then the layers are others.
        vars(old).clear()
        vars(old).update(vars(new))
        return
    for variable, weight in zip(old.weights, new.weights, strict=True):
        variable.assign(weight)
    parts = [(*keras_model.all_layers(model), *model.weights) for model in (old, new)]
    for part, other in zip(*parts, strict=True):
        if part.trainable != other.trainable:
            part.trainable = other.trainable
    if new.compiled and (not old.compiled or old.get_compile_config() != new.get_compile_config()):
        old.compile_from_config(new.get_compile_config())
    if new.compiled:
        keras_model.iterations_of(old).assign(keras_model.iterations_of(new))


def _architecture(model) -> list:
    """Each layer's kind and settings, but for what is trainable, and the shapes of its weights."""
    parts = []
    for layer in keras_model.all_layers(model):
        settings = {} if hasattr(layer, "layers") else {**layer.get_config(), "trainable": None}
        parts.append((type(layer).__name__, layer.name, repr(settings), [tuple(w.shape) for w in layer.weights]))
    return parts
