"""The grader's end of a kernel's channels: sockets in a folder that the kernel can write to, with a limit on every message."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Iterator
from pathlib import Path

import zmq
from jupyter_client.session import Session

from nbgrader_isolated.sandbox import scratch
from nbgrader_isolated.student.messages import frames_of, read_message

_NUMBERS = {"shell": 1, "iopub": 2, "stdin": 3, "control": 4, "hb": 5}
_KINDS = {"shell": zmq.DEALER, "iopub": zmq.SUB, "control": zmq.DEALER}
"""The channels that are opened. A kernel that asks for input, or beats, finds nobody."""


class NotSent(Exception):
    """A request could not be sent: the kernel takes none."""


class Channels:
    """Three of a kernel's five channels.

    Attributes:
        session: signs and reads messages.
    """

    def __init__(self, folder: Path, *, longest: int) -> None:
        """Makes a key; nothing is opened yet.

        Args:
            folder: where the kernel makes its sockets.
            longest: bytes of one message.
        """
        self._folder, self._longest = folder, longest
        self._key = secrets.token_hex(16)
        self.session = Session(key=self._key.encode())
        self._context: zmq.Context | None = None
        self._sockets: dict[str, zmq.Socket] = {}

    def write_connection_file(self) -> Path:
        """Writes what the kernel has to know, for its owner alone: it holds the key that messages are signed with."""
        connection = {f"{name}_port": number for name, number in _NUMBERS.items()}
        connection |= {"transport": "ipc", "ip": str(self._folder / "k")}
        connection |= {"key": self._key, "signature_scheme": "hmac-sha256"}
        path = self._folder / "kernel.json"
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            json.dump(connection, file)
        return path

    def are_there(self) -> bool:
        """Whether the kernel has made its sockets."""
        return all(scratch.is_socket(self._path(name)) for name in _KINDS)

    def open(self) -> None:
        self._context = zmq.Context()
        for name, kind in _KINDS.items():
            self._sockets[name] = socket = self._context.socket(kind)
            for option, value in (
                (zmq.LINGER, 0),
                (zmq.MAXMSGSIZE, self._longest),
                (zmq.RCVHWM, 30 if name == "iopub" else 4),  # messages, each of which may be as long as one may be
                (zmq.RECONNECT_IVL, -1),  # a socket put in the kernel's place later is not connected to
            ):
                socket.setsockopt(option, value)
            socket.connect(f"ipc://{self._path(name)}")
        self._sockets["iopub"].setsockopt(zmq.SUBSCRIBE, b"")

    def _path(self, name: str) -> Path:
        return self._folder / f"k-{_NUMBERS[name]}"

    def send(self, name: str, kind: str, content: dict) -> str:
        """Sends a request on the channel ``name``; returns its id.

        Raises:
            NotSent: the kernel takes none.
        """
        message = self.session.msg(kind, content)
        try:
            self._sockets[name].send_multipart(self.session.serialize(message), zmq.NOBLOCK)
        except zmq.ZMQError:
            raise NotSent from None
        return message["header"]["msg_id"]

    def waiting(self, *names: str) -> set[str]:
        """Those of the named channels on which something has come, after a tenth of a second at most."""
        poller = zmq.Poller()
        for name in names:
            poller.register(self._sockets[name], zmq.POLLIN)
        ready = dict(poller.poll(100))
        return {name for name in names if self._sockets[name] in ready}

    def outputs(self, most: int = 100) -> Iterator[list[bytes]]:
        """At most so many messages of the iopub channel, as frames that anybody may have written."""
        return frames_of(self._sockets["iopub"], most)

    def reply(self, asked: str) -> dict | None:
        """The content of the reply to a request on the shell channel, where it has come."""
        found = None
        for frames in frames_of(self._sockets["shell"]):
            message = read_message(self.session, frames)
            if message and message["parent"] == asked:
                found = message["content"]
        return found

    def close(self) -> None:
        if self._context is not None:
            self._context.destroy(linger=0)
