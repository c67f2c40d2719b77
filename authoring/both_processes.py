"""Settings under which both of the grader's processes have the course's package, as `nbgrader_config.py` gives them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import course_utils
from nbgrader_isolated.run.settings import Settings

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = Path(course_utils.__file__).parent
UNAVAILABLE = ("course_utils.errors.NotAvailableError", "course_utils.errors.StoreError")


def with_the_course(settings: Settings) -> Settings:
    """The same settings, with the package for student and examiner."""
    return replace(
        settings,
        packages=("course_utils",),
        unavailable=UNAVAILABLE,
        student_sees=(*settings.student_sees, str(PACKAGE)),
        examiner_sees=(*settings.examiner_sees, str(PACKAGE)),
    )
