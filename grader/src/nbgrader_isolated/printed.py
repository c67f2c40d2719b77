"""Where prints go, a check's or a student's: the beginning is kept, so that a print in a loop cannot fill the memory."""

from __future__ import annotations

import io


class Printed(io.TextIOBase):
    """A text stream that keeps the beginning of what is written to it.

    Attributes:
        text: at most ``most`` characters.
        cut: whether more was written.
    """

    def __init__(self, most: int) -> None:
        """Keeps ``most`` characters."""
        self.text, self.cut, self._most = "", False, most

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        """Takes a text; returns its length, as streams do."""
        left = self._most - len(self.text)
        self.text += text[:left]
        self.cut = self.cut or len(text) > left
        return len(text)

    def __str__(self) -> str:
        """What was kept, without the newlines around it, and a mark where more was written."""
        return self.text.strip("\n") + (" …" if self.cut else "")
