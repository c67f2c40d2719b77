"""The command line: ``nbgrader-isolated grade LAB`` and ``report LAB`` in a course's folder; ``check`` for students."""

from __future__ import annotations

import importlib
import sys

from nbgrader_isolated.errors import GraderError

COMMANDS = {
    "grade": ("nbgrader_isolated.grade", "grade what a class handed in, each student's code in a sandbox"),
    "report": ("nbgrader_isolated.report", "print the marks, outcomes and costs of a graded assignment"),
    "check": ("nbgrader_isolated.check", "run a student's notebook and its visible tests, before it is handed in"),
}


def usage() -> str:
    """Returns the list of commands, one line each."""
    lines = [f"  {name:<10}{summary}" for name, (_, summary) in COMMANDS.items()]
    return "usage: nbgrader-isolated COMMAND [options]\n\n" + "\n".join(lines)


def main(argv: list[str] | None = None) -> int:
    """Runs one command.

    Args:
        argv: the command's name and its own arguments; by default those of this process.

    Returns:
        The exit status: 0 when all is well, 1 after an error that was explained, 2 for a command that does not
        exist, 130 when interrupted.
    """
    argv = sys.argv[1:] if argv is None else argv
    if not argv or argv[0] in ("-h", "--help", "help"):
        print(usage())
        return 0 if argv else 2
    name, *rest = argv
    if name not in COMMANDS:
        print(f"There is no command {name!r}.\n\n{usage()}", file=sys.stderr)
        return 2
    try:
        return importlib.import_module(COMMANDS[name][0]).main(rest)
    except KeyboardInterrupt:
        return 130
    except GraderError as error:
        print(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
