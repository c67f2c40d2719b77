"""How parent and examiner talk over a pipe: a bounded piece of JSON, and bytes that the parent passes on unread."""

from __future__ import annotations

import json
import os
import select
import struct
import time

MOST_JSON = 1 << 20
MOST_BYTES = 600 << 20
IDLE_SECONDS = 900
"""A process that nobody has asked for this long ends: the formgrader's server would keep it for days."""
_HEAD = struct.Struct("<IQ")


class FrameError(Exception):
    """The other side closed the pipe, took too long, or sent something out of bounds."""


class TooLate(FrameError):
    """The other side took too long."""


def own_pipes() -> tuple[int, int]:
    """This process's stdin and stdout, for frames alone: what libraries print goes nowhere from now on."""
    incoming, outgoing = os.dup(0), os.dup(1)
    nowhere = os.open(os.devnull, os.O_RDWR)
    for handle in (0, 1, 2):
        os.dup2(nowhere, handle)
    return incoming, outgoing


def write(handle: int, message: dict, raw: bytes = b"") -> None:
    """Writes one frame to a file descriptor."""
    text = json.dumps(message).encode()
    for part in (_HEAD.pack(len(text), len(raw)) + text, raw):
        view = memoryview(part)
        while view:
            view = view[os.write(handle, view[: 1 << 20]) :]


def read(handle: int, *, deadline: float | None = None) -> tuple[dict, bytes]:
    """Reads one frame.

    Args:
        handle: a file descriptor.
        deadline: on the monotonic clock.

    Raises:
        FrameError: there is none, or it is not one.
    """
    text, raw = _HEAD.unpack(_exactly(handle, _HEAD.size, deadline))
    if text > MOST_JSON or raw > MOST_BYTES:
        raise FrameError("a frame is larger than agreed")
    try:
        message = json.loads(_exactly(handle, text, deadline))
    except (ValueError, RecursionError):
        raise FrameError("a frame is not JSON") from None
    if not isinstance(message, dict):
        raise FrameError("a frame is not an object")
    return message, _exactly(handle, raw, deadline)


def _exactly(handle: int, count: int, deadline: float | None) -> bytes:
    parts = bytearray()
    while len(parts) < count:
        if deadline is not None:
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([handle], [], [], left)[0]:
                raise TooLate("too late")
        part = os.read(handle, min(count - len(parts), 1 << 20))
        if not part:
            raise FrameError("the pipe is closed")
        parts += part
    return bytes(parts)
