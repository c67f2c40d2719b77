"""What is checked before a run touches the first submission: that students' code cannot see what is hidden, that folders are
closed to other users, and that hidden inputs come from a secret seed.

What only a course knows of this stands in its settings, see :class:`~nbgrader_isolated.plugin.configuration.CourseSettings`.
"""

from __future__ import annotations

import glob
import os
from pathlib import Path

from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config
from traitlets.config.loader import PyFileConfigLoader

from nbgrader_isolated.closed import Places
from nbgrader_isolated.errors import NotAvailableError
from nbgrader_isolated.plugin.configuration import PRIVATE_CONFIG, GradingEngine
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
    patterns = [*engine.private_files]
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


def names_in_tracked_file(root: Path, config: Config) -> str:
    """Says which settings with students' names stand in ``nbgrader_config.py``; empty where none does."""
    own = Config()
    if os.access(root / PRIVATE_CONFIG, os.R_OK):
        own = PyFileConfigLoader(PRIVATE_CONFIG, path=str(root)).load_config()
    where = (("LatePenalty", "extra_days"), ("GradingEngine", "compare_settled"))
    found = [f"c.{kind}.{name}" for kind, name in where if config[kind].get(name) and name not in own[kind]]
    if not found:
        return ""
    return (
        f"{' and '.join(found)} in nbgrader_config.py may name students, and git tracks that file. "
        f"Move it to {PRIVATE_CONFIG} next to it, which git ignores, and run: chmod go= {PRIVATE_CONFIG}"
    )
