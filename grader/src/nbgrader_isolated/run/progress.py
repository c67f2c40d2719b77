"""What `grade` says while it works: a bar with outcomes on a terminal, a line per submission anywhere else."""

from __future__ import annotations

import sys
from collections import Counter
from typing import TextIO

from tqdm import tqdm

from nbgrader_isolated.notebook.plain_text import printable
from nbgrader_isolated.outcomes import Outcome, Record, worst


class Progress:
    """Counts submissions by outcome as they come in. Use it as a context manager."""

    def __init__(self, total: int, *, stream: TextIO | None = None) -> None:
        """Prepares for ``total`` submissions; ``stream`` is stdout by default."""
        self._total, self._stream = total, stream or sys.stdout
        self.counts: Counter[str] = Counter()
        self.unchanged = 0
        self._bar = (
            tqdm(total=total, file=self._stream, unit="submission", dynamic_ncols=True)
            if self._stream.isatty()
            else None
        )

    def __enter__(self) -> Progress:
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.close()

    def done(self, student: str, records: list[Record]) -> None:
        """Says what became of one submission."""
        self.counts[str(worst([record.outcome for record in records]))] += 1
        self.unchanged += _unchanged(records)
        line = row(student, records)
        if self._bar is None:
            print(f"[{self.counts.total()}/{self._total}] {line}", file=self._stream, flush=True)
            return
        self._bar.write(line, file=self._stream)
        self._bar.set_postfix_str(self.tally(), refresh=False)
        self._bar.update()

    def tally(self) -> str:
        """How many ended how, and how many of them in an earlier run."""
        said = ", ".join(f"{count} {outcome}" for outcome, count in self.counts.items())
        return f"{said}; {self.unchanged} unchanged, graded before" if self.unchanged else said


def row(student: str, records: list[Record]) -> str:
    """One submission in a line."""
    marks = [mark for record in records for mark in record.marks]
    points, open_marks = sum(mark.points or 0 for mark in marks), sum(mark.points is None for mark in marks)
    text = f"{printable(student)}: {worst([record.outcome for record in records])}, {points:g} of "
    text += f"{sum(mark.maximum for mark in marks):g} points"
    if open_marks:
        text += f" ({open_marks} to review)"
    if unread := [record.notes[0] for record in records if record.outcome is Outcome.NOT_A_NOTEBOOK and record.notes]:
        text += f" ({printable(unread[0], most=200)})"
    if _unchanged(records):
        return f"{text}, unchanged"
    seconds = sum(record.seconds for record in records)
    peak = max((record.peak_memory for record in records), default=0)
    return f"{text}, {seconds:.0f} s" + (f", {peak / 1e6:.0f} MB" if peak else "")


def _unchanged(records: list[Record]) -> bool:
    return bool(records) and all(record.unchanged for record in records)
