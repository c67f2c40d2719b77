"""What a command shows never ends it: a terminal that cannot encode a letter, or a reader that has left (``| head``)."""

from __future__ import annotations

import io
import sys


class _Pipe(io.FileIO):
    """A stream whose reader may leave; what is written after that goes nowhere."""

    def write(self, raw: object) -> int:
        try:
            return super().write(raw)
        except BrokenPipeError:
            return memoryview(raw).nbytes


def never_stop() -> None:
    """Makes stdout and stderr of this process such streams; letters that they cannot encode are shown as escapes."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if isinstance(stream, io.TextIOWrapper):
            stream.flush()
            raw = io.BufferedWriter(_Pipe(stream.fileno(), "w", closefd=False))
            options = {"encoding": stream.encoding, "errors": "backslashreplace", "line_buffering": stream.isatty()}
            setattr(sys, name, io.TextIOWrapper(raw, **options, write_through=name == "stderr"))
