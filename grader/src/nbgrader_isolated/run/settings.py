"""How to grade: limits, mounts and modules of a student's process and of the examiner's."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from nbgrader_isolated.examiner.parent import Examiner
from nbgrader_isolated.sandbox.bubblewrap import Policy
from nbgrader_isolated.sandbox.limits import Caps, Times
from nbgrader_isolated.student import template
from nbgrader_isolated.student.launch import ENVIRONMENT
from nbgrader_isolated.student.template import Template


@dataclass(frozen=True)
class Settings:
    """How to grade; see the README.

    Attributes:
        student: limits of a student's sandbox.
        examiner: limits of the examiner's.
        times: limits in seconds for a student's process.
        caps: limits in bytes.
        check_seconds: for one check, without the time the student's process takes to answer.
        modules: imported once per examiner, before the first check.
        packages: packages that test cells call checks from; what their exceptions say is shown to students.
        unavailable: exceptions, by their full names, by which a test cell says that the machine lacks something; where it
            does so before it has seen anything of the student's, the mark needs manual review.
        prepare: modules that make something once per run for all checks, see ``prepared.py``.
        student_modules: imported once per worker for all students' kernels, see ``template.py``.
        student_sees: files and folders mounted read-only for students' code: weights, public data.
        examiner_sees: the same for the examiner: hidden data.
        student_environment: environment variables for students' code.
        examiner_environment: environment variables for the examiner: secrets.
        public_seed: whether hidden inputs come from a seed that everybody can read; the records say so.
        evidence: bytes of received replies to keep per notebook.
        compare: variables that two students should not have alike, see ``similarity.py``.
        students_own: files of the instructor's that do not take the place of students' of that name.
    """

    student: Policy = field(default_factory=Policy)
    examiner: Policy = field(default_factory=Policy)
    times: Times = field(default_factory=Times)
    caps: Caps = field(default_factory=Caps)
    check_seconds: float = 300
    modules: tuple[str, ...] = ()
    packages: tuple[str, ...] = ()
    unavailable: tuple[str, ...] = ()
    prepare: tuple[str, ...] = ()
    student_modules: tuple[str, ...] = ()
    student_sees: tuple[str, ...] = ()
    examiner_sees: tuple[str, ...] = ()
    student_environment: dict[str, str] = field(default_factory=dict)
    examiner_environment: dict[str, str] = field(default_factory=dict)
    public_seed: bool = False
    evidence: int = 64_000_000
    compare: tuple[str, ...] = ()
    students_own: tuple[str, ...] = ()

    def make_template(self) -> Template | None:
        """What students' kernels are forked from; None where each has to start new."""
        if not self.student_modules or not template.usable():
            return None
        environment = {**ENVIRONMENT, **self.student_environment}
        return Template(self.student_modules, environment=environment, seconds=self.times.start)

    def make_examiner(self, shared: Path | None = None) -> Examiner:
        """An examiner for these settings; one serves many submissions.

        Args:
            shared: a folder in which the examiners of one run share what is made for all of them.
        """
        return Examiner(
            policy=self.examiner,
            modules=self.modules,
            packages=self.packages,
            unavailable=self.unavailable,
            prepare=self.prepare,
            shared=shared,
            read_only=tuple(map(Path, self.examiner_sees)),
            environment=self.examiner_environment,
            seconds=self.check_seconds,
            start_seconds=self.times.start,
        )
