"""Reads what a student's kernel says: messages that may be forged, outputs that may be endless or act in a browser."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field

import zmq
from jupyter_client.session import Session

_IMAGES = ("image/png", "image/jpeg")


@dataclass
class CellRun:
    """What running one cell led to: nbformat outputs, what became of it (``ok``, ``error`` or ``interrupted``)."""

    outputs: list[dict] = field(default_factory=list)
    status: str = "ok"
    seconds: float = 0.0

    def say_how_it_ended(self, reply: dict) -> None:
        """Adds the error of a reply where no output has one: IPython's own, or one past the limit on outputs."""
        if not any(output["output_type"] == "error" for output in self.outputs):
            named = {name: str(reply.get(name, ""))[:500] for name in ("ename", "evalue")}
            self.outputs.append(safe_output("error", {**named, "traceback": [": ".join(named.values())]}))


class Collector:
    """Turns a cell's messages into nbformat outputs that are safe to show: text and bitmap images, up to a limit.

    Attributes:
        left: how many bytes of the limit have not been used.
    """

    def __init__(self, run: CellRun | None, asked: str, limit: int) -> None:
        self.run, self.asked, self.left, self.idle = run, asked, limit, False
        self.full = False

    def take(self, session: Session, frames: list[bytes]) -> None:
        if self.full and sum(map(len, frames)) > 10_000:
            return
        message = read_message(session, frames)
        if message is None or message["parent"] != self.asked:
            return
        kind, content = message["type"], message["content"]
        if kind == "status":
            self.idle = content.get("execution_state") == "idle"
        elif self.run is not None and not self.full:
            output = safe_output(kind, content)
            if output is not None:
                self._keep(output)

    def _keep(self, output: dict) -> None:
        size = len(json.dumps(output))
        last = self.run.outputs[-1] if self.run.outputs else None
        if size > self.left:
            self.full = True
            output = {"output_type": "stream", "name": "stdout", "text": "\n[The rest of the output was cut off.]\n"}
            if last and last.get("name") == "stdout":
                last["text"] += output["text"]
                return
        self.left -= size
        if last and last["output_type"] == output["output_type"] == "stream" and last["name"] == output["name"]:
            last["text"] += output["text"]
        else:
            self.run.outputs.append(output)


def safe_output(kind: str, content: dict) -> dict | None:
    if kind == "stream":
        name = "stderr" if content.get("name") == "stderr" else "stdout"
        return {"output_type": "stream", "name": name, "text": safe_text(content.get("text"))}
    if kind == "error":
        lines = content.get("traceback")
        lines = [safe_text(line) for line in lines[:200]] if isinstance(lines, list) else []
        named = {"ename": safe_text(content.get("ename"))[:200], "evalue": safe_text(content.get("evalue"))[:2000]}
        return {"output_type": "error", **named, "traceback": lines}
    if kind in ("display_data", "execute_result"):
        data = content.get("data") if isinstance(content.get("data"), dict) else {}
        # HTML, SVG, JavaScript and LaTeX stay out: they would act in the browser of whoever reads the feedback.
        kept = {"text/plain": safe_text(data.get("text/plain"))} if "text/plain" in data else {}
        kept |= {name: data[name] for name in _IMAGES if isinstance(data.get(name), str) and data[name].isascii()}
        output = {"output_type": kind, "data": kept, "metadata": {}}
        return output | ({"execution_count": None} if kind == "execute_result" else {}) if kept else None
    return None


_NO_COLOUR = re.compile(r"\x1b(?!\[[0-9;]*m)")
"""What begins a terminal's command that is not one for the colour of text."""


def safe_text(value: object) -> str:
    """Text without what would move a terminal's cursor, and without lone surrogates; colours stay."""
    if not isinstance(value, str):
        return ""
    value = _NO_COLOUR.sub("", value.encode("utf-8", "replace").decode())
    return (
        "".join(letter for letter in value if " " <= letter < "\x7f" or letter > "\x9f" or letter in "\n\t\x1b\r")
        if not value.isprintable()
        else value
    )


def frames_of(socket: zmq.Socket, most: int = 100):
    for _ in range(most):
        try:
            yield socket.recv_multipart(zmq.NOBLOCK)
        except zmq.ZMQError:
            return


def read_message(session: Session, frames: list[bytes]) -> dict | None:
    """Reads one message; whatever is wrong with it, it is then no message."""
    try:
        _, parts = session.feed_identities(frames)
        message = session.deserialize(parts)
        parent, content = message["parent_header"].get("msg_id"), message["content"]
        if isinstance(content, dict) and isinstance(parent, str) and isinstance(message["msg_type"], str):
            return {"type": message["msg_type"], "parent": parent, "content": content}
    except Exception:
        return None
    return None
