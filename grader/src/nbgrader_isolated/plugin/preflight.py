"""What is checked before a run touches the first submission: that students' code cannot see what is hidden, that folders are
closed to other users, and that hidden inputs come from a secret seed.

What only a course knows of this stands in its settings, see :class:`~nbgrader_isolated.plugin.configuration.CourseSettings`.
"""

from __future__ import annotations

import glob
import os
from collections.abc import Iterable
from pathlib import Path

from nbgrader.api import Gradebook
from nbgrader.coursedir import CourseDirectory

from nbgrader_isolated.closed import Places
from nbgrader_isolated.errors import NotAvailableError
from nbgrader_isolated.gradebook.decisions import FILES, require_known
from nbgrader_isolated.plugin.configuration import GradingEngine
from nbgrader_isolated.sandbox import bubblewrap


def require_out_of_sight(course: CourseDirectory, engine: GradingEngine) -> None:
    """Refuses settings under which students' code could read what is hidden from them.

    Raises:
        BadArgumentError: which of them lets them see what.
    """
    root = Path(course.root)
    own = ("source", "submitted", "autograded", "feedback")
    hidden = [root / getattr(course, f"{name}_directory") for name in own]
    hidden += [root / engine.evidence_directory, *(set(engine.examiner_sees) - set(engine.student_sees))]
    if course.db_url.startswith("sqlite:///"):
        hidden.append(root / course.db_url.removeprefix("sqlite:///"))
    bubblewrap.require_out_of_sight(root, hidden, engine.student_sees)


def private_places(course: CourseDirectory, engine: GradingEngine) -> Places:
    """What of a course is its instructors' alone, as far as it lies in files: the gradebook's copies and journals too."""
    root = Path(course.root)
    names = [getattr(course, f"{name}_directory") for name in ("submitted", "autograded", "feedback")]
    patterns = [*engine.private_files, *FILES]
    if course.db_url.startswith("sqlite:///"):
        patterns.append(f"{os.path.relpath(course.db_url.removeprefix('sqlite:///'), root)}*")
    others = [root / path for pattern in patterns for path in sorted(glob.glob(pattern, root_dir=root))]
    folders = tuple(root / name for name in (*names, engine.evidence_directory))
    return Places(root, folders, tuple(others), course.groupshared)


def require_closed(course: CourseDirectory, engine: GradingEngine) -> list[str]:
    """Closes the course's own folders to other users, and refuses to grade where something stays open or the seed is public.

    Returns:
        Lines for the instructor: which folders other users could get into until now, and what belongs elsewhere.

    Raises:
        NotAvailableError: with the commands to run.
    """
    said, wrong = [], []
    places = private_places(course, engine)
    if engine.allow_open:
        said += [f"Other users of this machine can read or change {opening.path}." for opening in places.openings()]
    else:
        said += [f"Other users could get into {folder} until now. It is closed." for folder in places.close()]
        wrong += [
            f"Expected a path that no other user of this machine can read or change: {opening.path}. Run: {opening.command}"
            for opening in places.openings()
        ]
        if wrong:
            wrong.append(
                "What others could read is no secret any more: write another seed if it was among these. To grade all the same, say --allow-open (nbgrader: --GradingEngine.allow_open=True)."
            )
    if engine.public_seed and not engine.allow_public_seed:
        wrong.append(
            "Expected a seed of your own that nobody can guess; found none, so that everybody could compute the hidden inputs. "
            f"Run: {engine.public_seed}. To grade all the same, say --public-seed (nbgrader: "
            "--GradingEngine.allow_public_seed=True)."
        )
    if wrong:
        raise NotAvailableError("\n".join(said + wrong))
    return said


def require_known_names(course: CourseDirectory, assignment: str, *, joining: Iterable[str] = ()) -> None:
    """Refuses extensions and settled pairs of students or assignments that the course does not have.

    Args:
        course: its folders; an assignment that is not released yet is known by its folder.
        assignment: whose students are looked at.
        joining: students who are about to be added to the roster.

    Raises:
        BadArgumentError: which row of which table names whom.
    """
    with Gradebook(course.db_url, course.course_id) as book:
        students, known = {student.id for student in book.students}, {one.name for one in book.assignments}
    sources = Path(course.format_path(course.source_directory, ".", assignment)).parent
    known |= {folder.name for folder in sources.iterdir()} if sources.is_dir() else set()
    require_known(Path(course.root), assignment, assignments=known, students=students | set(joining))
