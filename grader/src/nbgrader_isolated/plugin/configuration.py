"""The engine's settings in ``nbgrader_config.py``: ``c.GradingEngine.… = …``, in addition to nbgrader's own."""

from __future__ import annotations

import glob
import os
from pathlib import Path

from nbgrader.coursedir import CourseDirectory
from traitlets import Bool, Dict, Float, Integer, List, Unicode
from traitlets.config import Config, Configurable
from traitlets.config.loader import PyFileConfigLoader

from nbgrader_isolated.closed import Places
from nbgrader_isolated.errors import BadArgumentError, NotAvailableError
from nbgrader_isolated.run.settings import Settings
from nbgrader_isolated.sandbox import bubblewrap
from nbgrader_isolated.sandbox.bubblewrap import MEGABYTE, Policy
from nbgrader_isolated.sandbox.limits import Times

PRIVATE_CONFIG = "private_config.py"
"""Settings that name students: extensions, settled pairs. ``nbgrader_config.py`` reads it."""


class GradingEngine(Configurable):
    """Limits and mounts, as an instructor writes them."""

    memory_mb = Integer(4096, min=64, help="Memory of a student's process and all it starts.").tag(config=True)
    examiner_memory_mb = Integer(4096, min=64, help="Memory of the examiner.").tag(config=True)
    processes = Integer(512, min=8, help="Processes and threads of a student at one time.").tag(config=True)
    scratch_mb = Integer(512, min=1, help="Temporary files of a student, per folder.").tag(config=True)
    cell_seconds = Float(300, min=1, help="Time for one cell.").tag(config=True)
    notebook_seconds = Float(1800, min=1, help="Time for a whole notebook.").tag(config=True)
    question_seconds = Float(120, min=1, help="Time for one call of a student's function by a check.").tag(config=True)
    check_seconds = Float(300, min=1, help="Time for one check, without the student's share.").tag(config=True)
    start_seconds = Float(180, min=1, help="Time for a kernel or an examiner to start.").tag(config=True)
    modules = List(Unicode(), help="Modules the examiner imports once, before the first check.").tag(config=True)
    packages = List(
        Unicode(), help="Packages that test cells call checks from: what their exceptions say is shown to students."
    ).tag(config=True)
    unavailable = List(
        Unicode(), help="Exceptions, as module.Name, by which a test cell says that this machine lacks something."
    ).tag(config=True)
    prepare = Dict(
        key_trait=Unicode(),
        value_trait=List(Unicode()),
        help="Assignment → modules whose make() computes once per run what all checks need, see prepared.py.",
    ).tag(config=True)
    student_modules = List(
        Unicode(), help="Modules imported once for all students' kernels, which are forked from there; needs root."
    ).tag(config=True)
    student_sees = List(Unicode(), help="Files and folders that students' code may read: weights, data.").tag(
        config=True
    )
    examiner_sees = List(Unicode(), help="Files and folders that only test cells may read.").tag(config=True)
    student_environment = Dict(help="Environment variables for students' code.").tag(config=True)
    examiner_environment = Dict(help="Environment variables for test cells only: secrets.").tag(config=True)
    evidence_directory = Unicode("evidence", help="Where received values and records are kept.").tag(config=True)
    evidence_mb = Integer(64, min=0, help="Received values to keep per notebook.").tag(config=True)
    compare = Dict(
        help="Assignment → names of variables whose tensors two students should not have alike: their own trained work."
    ).tag(config=True)
    compare_settled = Dict(
        key_trait=Unicode(),
        value_trait=List(List(Unicode(), minlen=2, maxlen=2)),
        help="Assignment → pairs of students whose likeness somebody has looked into: they are not compared any more.",
    ).tag(config=True)
    consent_to_no_sandbox = Bool(
        False, help="Run students' code without a sandbox where none can be had. Every report says so."
    ).tag(config=True)

    private_files = List(
        Unicode(), help="Files and folders in the course's folder, or patterns, that are its instructors' alone."
    ).tag(config=True)
    allow_open = Bool(
        False, help="Grade although other users of this machine can get at seed, marks or submissions."
    ).tag(config=True)
    public_seed = Unicode(
        "", help="The command that makes a secret seed, where hidden inputs come from one that everybody can read."
    ).tag(config=True)
    allow_public_seed = Bool(False, help="Grade with a seed that everybody can read.").tag(config=True)

    def settings(self, assignment: str) -> Settings:
        """What the engine takes for an assignment."""
        student = Policy(
            memory=self.memory_mb * MEGABYTE,
            cpu_seconds=int(4 * self.notebook_seconds),
            processes=self.processes,
            scratch=self.scratch_mb * MEGABYTE,
            consent=self.consent_to_no_sandbox,
        )
        examiner = Policy(
            memory=self.examiner_memory_mb * MEGABYTE, cpu_seconds=10**6, consent=self.consent_to_no_sandbox
        )
        return Settings(
            student=student,
            examiner=examiner,
            times=Times(
                cell=self.cell_seconds,
                question=self.question_seconds,
                notebook=self.notebook_seconds,
                start=self.start_seconds,
            ),
            check_seconds=self.check_seconds,
            modules=tuple(self.modules),
            packages=tuple(self.packages),
            unavailable=tuple(self.unavailable),
            prepare=tuple(self.prepare.get(assignment, ())),
            student_modules=tuple(self.student_modules),
            student_sees=tuple(self.student_sees),
            examiner_sees=tuple(self.examiner_sees),
            student_environment=dict(self.student_environment),
            examiner_environment=dict(self.examiner_environment),
            public_seed=bool(self.public_seed),
            evidence=self.evidence_mb * MEGABYTE,
            compare=tuple(self.compare.get(assignment, ())),
        )


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
        f"Move it to {PRIVATE_CONFIG} beside it, which git ignores, and run: chmod go= {PRIVATE_CONFIG}"
    )


def load(folder: Path) -> tuple[Config, CourseDirectory, GradingEngine]:
    """Reads a course's ``nbgrader_config.py``.

    Raises:
        BadArgumentError: there is none in the folder.
    """
    if not (folder / "nbgrader_config.py").is_file():
        raise BadArgumentError(
            f"There is no nbgrader_config.py in {folder}. Run this in the course's folder, or give it with --course."
        )
    config = PyFileConfigLoader("nbgrader_config.py", path=str(folder)).load_config()
    course = CourseDirectory(config=config)
    if "root" not in config.CourseDirectory:
        course.root = str(folder)
    return config, course, GradingEngine(config=config)
