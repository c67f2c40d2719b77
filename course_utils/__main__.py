"""The command line: ``python -m course_utils COMMAND``; each command lives in the module that knows its subject."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

from course_utils.commands.output import never_stop
from course_utils.errors import CourseError, unknown_name
from nbgrader_isolated.errors import GraderError

COMMANDS = {
    "doctor": ("course_utils.commands.doctor", "say what is right and wrong with this machine, and how to cure it"),
    "fetch": ("course_utils.commands.fetch", "fetch and verify pretrained weights"),
    "kernels": ("course_utils.commands.kernels", "install the course's CPU and GPU kernels in this environment"),
    "lab": ("course_utils.commands.lab", "open JupyterLab at your own copies in work/"),
    "check": ("course_utils.commands.check", "run a lab's notebook and its visible checks, and print how it stands"),
    "release": (
        "course_utils.commands.release",
        "make the bundle of a lab that students get, and prove that nothing hidden is in it",
    ),
    "seed": (
        "course_utils.commands.seed",
        "make the secret seed of the hidden inputs, in a file that others cannot read",
    ),
    "wheelhouse": ("course_utils.commands.wheelhouse", "gather all that a machine without a network needs in a folder"),
    "grade": ("nbgrader_isolated.grade", "grade what a class handed in, each student's code in a sandbox"),
    "report": ("nbgrader_isolated.report", "print the marks, outcomes and costs of a graded lab"),
}


def usage() -> str:
    """Returns the list of commands, one line each."""
    lines = [f"  {name:<12}{summary}" for name, (_, summary) in COMMANDS.items()]
    return "usage: python -m course_utils COMMAND [options]\n\n" + "\n".join(lines)


def _leave_the_folder_out() -> None:
    """Python puts the folder it was started in before all modules, and a student's ``numpy.py`` may lie there."""
    home = Path(__file__).resolve().parents[1]
    here = Path.cwd()
    if here != home:
        sys.path[:] = [place for place in sys.path if place and Path(place).resolve() != here]


def main(argv: list[str]) -> int:
    """Runs one command.

    Args:
        argv: the command's name and its own arguments.

    Returns:
        The exit status: 0 when all is well, 1 after an error that was explained, 2 for a command that does not
        exist, 130 when interrupted.
    """
    _leave_the_folder_out()
    if not argv or argv[0] in ("-h", "--help", "help"):
        print(usage())
        return 0 if argv else 2
    name, *rest = argv
    if name not in COMMANDS:
        print(f"{unknown_name('command', name, COMMANDS)}\n\n{usage()}", file=sys.stderr)
        return 2
    try:
        return importlib.import_module(COMMANDS[name][0]).main(rest)
    except KeyboardInterrupt:
        return 130
    except (CourseError, GraderError) as error:
        print(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    never_stop()
    sys.exit(main(sys.argv[1:]))
