"""How long a student's process may take, and how much it may say."""

from __future__ import annotations

from dataclasses import dataclass

from nbgrader_isolated.sandbox.bubblewrap import MEGABYTE


@dataclass(frozen=True)
class Times:
    """Seconds: for one cell, for one question of the examiner, for the whole notebook, to start, to heed an interrupt."""

    cell: float = 300
    question: float = 120
    notebook: float = 1800
    start: float = 180
    interrupt: float = 15


@dataclass(frozen=True)
class Caps:
    """Bytes: of the outputs of one cell, of those of a whole notebook, of one message, of one reply, of everything in the
    shared folder.

    ``held`` is how far the grader itself may grow by what a kernel sends: messages that wait, or that never end.
    """

    outputs: int = 2 * MEGABYTE
    all_outputs: int = 20 * MEGABYTE
    message: int = 16 * MEGABYTE
    reply: int = 512 * MEGABYTE
    shared: int = 600 * MEGABYTE
    held: int = 1536 * MEGABYTE
