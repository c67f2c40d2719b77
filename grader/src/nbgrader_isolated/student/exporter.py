"""The student's end of the wire: runs inside the student's process and answers the examiner's questions with data.

The student's code can change anything here, so nothing that comes from this side is believed: the examiner decodes it
with limits, and relies only on what it can compute for itself.
"""

from __future__ import annotations

import itertools
import json
import os
import traceback

from nbgrader_isolated.errors import WireError
from nbgrader_isolated.wire import arguments, keras_model, while_grading
from nbgrader_isolated.wire.crossing import as_data, require_object, send
from nbgrader_isolated.wire.decode import decode
from nbgrader_isolated.wire.encode import encode
from nbgrader_isolated.wire.kinds import class_name

_held: dict[int, object] = {}
_tokens = itertools.count(1)
_BUILD = {"model": keras_model.unpack, "tensor": keras_model.as_tensor, "handle": _held.__getitem__}


def answer(request_path: str, reply_path: str) -> None:
    """Answers one question; the reply appears whole under its name, or not at all.

    Args:
        request_path: a JSON file: ``{"op": "get", "name": …}``, ``{"op": "attribute", "of": token, "name": …}`` or
            ``{"op": "call", "of": token, "arguments": path of a message, "without": names to hide}``.
        reply_path: where the reply goes, a message of the wire.
    """
    from IPython import get_ipython

    with open(request_path, encoding="utf-8") as file:
        request = json.load(file)
    namespace, changed = get_ipython().user_ns, {}
    try:
        reply = {"state": "value", "value": _operate(request, namespace, changed)}
    except _Missing:
        reply = {"state": "missing"}
    except BaseException as error:
        if isinstance(error, KeyboardInterrupt):  # the grader's own interrupt: it has stopped waiting
            raise
        reply = _raised(error, namespace)
    try:
        raw = send({**reply, "changed": changed} if changed else reply, _cross)
    except WireError as error:
        raw = encode({"state": "cannot", "why": str(error)})
    with open(reply_path + ".part", "wb") as file:
        file.write(raw)
    os.rename(reply_path + ".part", reply_path)


class _Missing(Exception):
    pass


def _operate(request: dict, namespace: dict, changed: dict) -> object:
    if request["op"] == "get":
        if request["name"] not in namespace:
            raise _Missing
        return namespace[request["name"]]
    held = _held[request["of"]]
    if request["op"] == "attribute":
        if not hasattr(held, request["name"]):
            raise _Missing
        return getattr(held, request["name"])
    with open(request["arguments"], "rb") as file:
        given, named = decode(file.read(), build=_BUILD)
    passed = {**dict(enumerate(given)), **named}
    before = arguments.remember(passed, _likeness)
    hidden = {name: namespace.pop(name) for name in request["without"] if name in namespace}
    try:
        return held(*given, **named)
    except BaseException as error:
        error.__grading_call__ = held
        raise
    finally:
        namespace.update(hidden)
        changed.update(arguments.changed(before, passed, _likeness))


def _raised(error: BaseException, namespace: dict) -> dict:
    """An exception's kind and line; its text stays here, since it could carry what the examiner sent.

    Also a word for what is different while grading, and the name that a ``NameError`` found missing.
    """
    lacks = error.name if isinstance(error, NameError) and not isinstance(error, UnboundLocalError) else None
    held = getattr(error, "__grading_call__", None)
    home = getattr(getattr(held, "__code__", None), "co_filename", None)
    frames = traceback.extract_tb(error.__traceback__)
    lines = [frame.lineno for frame in frames if frame.filename == home]
    return {
        "state": "raised",
        "kinds": [kind.__name__ for kind in type(error).__mro__][:10],
        "line": lines[-1] if lines and home else None,
        "own": bool(frames) and frames[-1].filename == home,
        "differs": while_grading.word_of(error),
        "lacks": lacks if isinstance(lacks, str) and lacks not in namespace else None,
    }


def _likeness(value: object) -> tuple[str | None, object]:
    """As :func:`_cross`, for comparing: what stays here is only itself."""
    return as_data(value) or ("handle", id(value))


def _cross(value: object) -> tuple[str | None, object]:
    data = as_data(value)
    if data is not None:
        return data
    require_object(value)
    token = next(_tokens)
    _held[token] = value
    kind = "function" if hasattr(value, "__code__") else "object"
    return "handle", {"token": token, "kind": kind, "type": class_name(type(value)), "callable": callable(value)}
