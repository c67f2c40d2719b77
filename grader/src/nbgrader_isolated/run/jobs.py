"""What travels to a worker: one submission, and how to grade it. And which submissions there are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from nbgrader_isolated.notebook.pristine import read_pristine
from nbgrader_isolated.run.settings import Settings


@dataclass(frozen=True)
class Job:
    """One submission to grade.

    Attributes:
        student: the student's id.
        folder: what was handed in.
        source: the instructor's folder of this assignment.
        notebooks: names of the assignment's notebooks.
        evidence: where to keep what was received.
        settings: limits and mounts.
        force: grade again although nothing has changed.
        again: mark again from the evidence of an earlier run, where there is some.
        shared: a folder of this run's in which workers share what is made once for all; nothing where each makes it.
        tests: notebook → grade id → the test cell that nbgrader wrote in place of AUTOTEST lines, see ``autotests.py``.
    """

    student: str
    folder: str
    source: str
    notebooks: tuple[str, ...]
    evidence: str
    settings: Settings
    force: bool = False
    again: bool = False
    shared: str = ""
    tests: dict[str, dict[str, str]] = field(default_factory=dict)

    def pristine(self, notebook: str) -> list[dict]:
        """The instructor's cells of one notebook."""
        return read_pristine(Path(self.source), notebook, self.tests.get(notebook))


def find_submissions(pattern_path: str, glob_path: str) -> Iterator[tuple[str, Path]]:
    """Students who handed in, with their folders; links are not followed.

    Args:
        pattern_path: a regular expression of the folder's path with a group ``student_id``.
        glob_path: the same with a star.
    """
    root = Path(glob_path.split("*")[0])
    for path in sorted(root.glob(glob_path[len(str(root)) :].lstrip("/"))) if root.is_dir() else []:
        match = re.fullmatch(pattern_path, str(path))
        if match and path.is_dir() and not path.is_symlink() and not path.parent.is_symlink():
            yield match["student_id"], path
