"""Modules that cells of the instructor's import and the grading machine lacks: whose fault that is, and what to say of it."""

from __future__ import annotations

import contextlib
import re

from nbgrader_isolated.outcomes import Fault
from nbgrader_isolated.student.kernel import Student

SAID = "The grading machine lacks a module that the notebook imports."
"""A sentence for the student."""
_INSTALL = "they cannot. Install it where the grader is installed: PYTHONPATH does not reach them."
FOR_KERNELS = (
    f"Expected that students' kernels can import {{module}}, as a cell of the released notebook does; {_INSTALL}"
)
FOR_TESTS = f"Expected that tests can import {{module}}, as the test cell {{test!r}} does; {_INSTALL}"
"""Two for the instructor."""
_NO_MODULE = re.compile(r"No module named '([\w.]{1,200})'")


def of_the_machine(outputs: list[dict], sources: list[str], student: Student) -> str:
    """The module that a cell of the instructor's ended without, if it is the machine that lacks it; else nothing.

    It is the machine if a kernel lacks the module too that has run neither cells nor files of the student's.

    Args:
        outputs: the cell's, in nbformat's form.
        sources: the instructor's cells up to this one.
        student: the kernel in which the cell was run.
    """
    missing = _missing(outputs)
    top = missing.partition(".")[0]
    if not missing or (student.files and any(path.stem == top for path in student.files.iterdir())):
        return ""
    with contextlib.suppress(Fault), student.without_files() as control:
        if missing in [_missing(control.run(source).outputs) for source in sources]:
            return missing
    return ""


def _missing(outputs: list[dict]) -> str:
    """The module that a cell ended without, as its own error says; else nothing."""
    errors = [output for output in outputs if output.get("output_type") == "error"]
    found = errors and errors[-1]["ename"] == "ModuleNotFoundError" and _NO_MODULE.match(errors[-1]["evalue"])
    return found[1] if found else ""
