"""The engine's settings in ``nbgrader_config.py``: ``c.GradingEngine.… = …``, in addition to nbgrader's own."""

from __future__ import annotations

from pathlib import Path

from nbgrader.coursedir import CourseDirectory
from traitlets import Bool, Dict, Float, Integer, List, Unicode
from traitlets.config import Config, Configurable
from traitlets.config.loader import PyFileConfigLoader

from nbgrader_isolated.errors import BadArgumentError
from nbgrader_isolated.gradebook.decisions import EXTENSIONS
from nbgrader_isolated.run.settings import Settings
from nbgrader_isolated.sandbox.bubblewrap import MEGABYTE, Policy
from nbgrader_isolated.sandbox.limits import Times


class CourseSettings(Configurable):
    """What only a course knows, and all that the grader learns of it: it supplies this before a run, in ``nbgrader_config.py``.

    What its tests import and whose words students read, what its errors say of the machine, what each side may see, its secrets,
    and the seed that they are drawn from.
    """

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
    private_files = List(
        Unicode(), help="Files and folders in the course's folder, or patterns, that are its instructors' alone."
    ).tag(config=True)
    public_seed = Unicode(
        "", help="The command that makes a secret seed, where hidden inputs come from one that everybody can read."
    ).tag(config=True)
    compare = Dict(
        help="Assignment → names of variables whose tensors two students should not have alike: their own trained work."
    ).tag(config=True)
    known_mistakes = Unicode(
        "", help="A file of wrong answers that the course has tried, {assignment} in its path; see known_mistakes.py."
    ).tag(config=True)


class GradingEngine(CourseSettings):
    """A course's settings, and limits, as an instructor writes them: ``c.GradingEngine.… = …``."""

    memory_mb = Integer(4096, min=64, help="Memory of a student's process and all it starts.").tag(config=True)
    examiner_memory_mb = Integer(4096, min=64, help="Memory of the examiner.").tag(config=True)
    processes = Integer(512, min=8, help="Processes and threads of a student at one time.").tag(config=True)
    scratch_mb = Integer(512, min=1, help="Temporary files of a student, per folder.").tag(config=True)
    cell_seconds = Float(300, min=1, help="Time for one cell.").tag(config=True)
    notebook_seconds = Float(1800, min=1, help="Time for a whole notebook.").tag(config=True)
    question_seconds = Float(120, min=1, help="Time for one call of a student's function by a check.").tag(config=True)
    check_seconds = Float(300, min=1, help="Time for one check, without the student's share.").tag(config=True)
    start_seconds = Float(180, min=1, help="Time for a kernel or an examiner to start.").tag(config=True)
    evidence_directory = Unicode("evidence", help="Where received values and records are kept.").tag(config=True)
    evidence_mb = Integer(64, min=0, help="Received values to keep per notebook.").tag(config=True)
    consent_to_no_sandbox = Bool(
        False, help="Run students' code without a sandbox where none can be had. Every report says so."
    ).tag(config=True)
    allow_open = Bool(
        False, help="Grade although other users of this machine can get at seed, marks or submissions."
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
    if "extensions" not in config.LatePenalty:  # nbgrader gives its plugin no folder
        config.LatePenalty.extensions = str(Path(course.root) / EXTENSIONS)
    return config, course, GradingEngine(config=config)
