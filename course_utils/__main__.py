"""The command line: ``python -m course_utils COMMAND``; ``grade`` and ``report`` are the grader's."""

import sys
from pathlib import Path

from course_utils.errors import CourseError
from nbgrader_isolated.cli import dispatch
from nbgrader_isolated.output import never_stop

COMMANDS = {
    "doctor": "say what is right and wrong with this machine, and how to fix it",
    "fetch": "fetch and verify pretrained weights",
    "kernels": "install the course's CPU and GPU kernels in this environment",
    "lab": "open JupyterLab at your own copies in work/",
    "teach": "open JupyterLab at the repository, with nbgrader's panels for instructors",
    "check": "run a lab's notebook and its visible checks, and print how it stands",
    "release": "make the bundle of a lab for students, with nothing hidden in it",
    "seed": "make the secret seed of the hidden inputs, in a file that others cannot read",
}
COMMANDS = {name: (f"course_utils.commands.{name}", text) for name, text in COMMANDS.items()} | {
    "grade": ("nbgrader_isolated.commands.grade", "grade what a class handed in, each student's code in a sandbox"),
    "report": ("nbgrader_isolated.commands.report", "print how everybody stands in a lab, and what needs a look"),
    "items": (
        "nbgrader_isolated.commands.items",
        "print how hard each exercise was, and what was found wrong how often",
    ),
}


def _leave_the_folder_out() -> None:
    """Python puts the folder it was started in before all modules, and a student's ``numpy.py`` may lie there."""
    home = Path(__file__).resolve().parents[1]
    here = Path.cwd()
    if here != home:
        sys.path[:] = [place for place in sys.path if place and Path(place).resolve() != here]


if __name__ == "__main__":
    never_stop()
    _leave_the_folder_out()
    sys.exit(dispatch(COMMANDS, sys.argv[1:], program="python -m course_utils", errors=(CourseError,)))
