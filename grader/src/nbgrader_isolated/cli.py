"""The command line, in a course's folder: ``grade``, ``report``, what goes to and from an LMS; and ``check`` for students."""

from __future__ import annotations

import difflib
import importlib
import sys
from collections.abc import Mapping

from nbgrader_isolated.errors import GraderError
from nbgrader_isolated.output import never_stop

COMMANDS = {
    "grade": ("nbgrader_isolated.commands.grade", "grade what a class handed in, each student's code in a sandbox"),
    "report": (
        "nbgrader_isolated.commands.report",
        "print how everybody stands in an assignment, and what needs a look",
    ),
    "items": ("nbgrader_isolated.commands.items", "print how hard each test was, and what was found wrong how often"),
    "roster": ("nbgrader_isolated.commands.roster", "take students over from Canvas or Moodle"),
    "collect": ("nbgrader_isolated.commands.collect", "unpack submissions that Canvas or Moodle archived"),
    "export": ("nbgrader_isolated.commands.export", "write marks into the file that Canvas or Moodle gave"),
    "feedback": ("nbgrader_isolated.commands.feedback", "archive feedback pages for Canvas or Moodle"),
    "check": (
        "nbgrader_isolated.commands.check",
        "run a student's notebook and its visible tests, before it is handed in",
    ),
}


def main(argv: list[str] | None = None) -> int:
    """Runs one command: ``argv``, or this process's arguments, whose output then never ends it; see `dispatch`."""
    if argv is None:
        never_stop()
        argv = sys.argv[1:]
    return dispatch(COMMANDS, argv, program="nbgrader-isolated")


def dispatch(
    commands: Mapping[str, tuple[str, str]],
    argv: list[str],
    *,
    program: str,
    errors: tuple[type[Exception], ...] = (),
) -> int:
    """Runs one of several commands, each a module with a ``main`` of its own.

    Args:
        commands: name → the module, and what it does in a few words.
        argv: the command's name and its own arguments.
        program: what a user types before them.
        errors: kinds of errors, besides the grader's, whose message is all that a user needs.

    Returns:
        The exit status: 0 when all is well, 1 after an error that was explained, 2 for a command that does not
        exist, 130 when interrupted.
    """
    width = max(map(len, commands)) + 2
    lines = [f"  {name:<{width}}{summary}" for name, (_, summary) in commands.items()]
    usage = f"usage: {program} COMMAND [options]\n\n" + "\n".join(lines)
    if not argv or argv[0] in ("-h", "--help", "help"):
        print(usage)
        return 0 if argv else 2
    name, *rest = argv
    if name not in commands:
        near = difflib.get_close_matches(name, commands)
        hint = f" Did you mean {' or '.join(map(repr, near))}?" if near else ""
        print(f"There is no command {name!r}.{hint}\n\n{usage}", file=sys.stderr)
        return 2
    try:
        return importlib.import_module(commands[name][0]).main(rest)
    except KeyboardInterrupt:
        return 130
    except (GraderError, *errors) as error:
        print(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
