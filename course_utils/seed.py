"""The ``seed`` command: makes the secret from which hidden inputs are drawn, in a file that no other user can read."""

from __future__ import annotations

import argparse
import os
import secrets
from pathlib import Path

from course_utils.checks.seeds import FILE_NAME
from course_utils.errors import BadArgumentError


def main(argv: list[str]) -> int:
    """Runs the command; returns its exit status."""
    parser = argparse.ArgumentParser(prog="python -m course_utils seed", description=__doc__)
    parser.add_argument("--course", type=Path, default=Path.cwd(), help="the folder that holds nbgrader_config.py")
    course = parser.parse_args(argv).course.resolve()
    from nbgrader_isolated.closed import open_file

    if not (course / "nbgrader_config.py").is_file():
        raise BadArgumentError(
            f"Expected the course's folder, with nbgrader_config.py in it; received {course}. Give it with --course."
        )
    file = course / FILE_NAME
    try:
        handle = open_file(file, os.O_WRONLY | os.O_EXCL)
    except FileExistsError:
        raise BadArgumentError(
            f"{file} is there already, and another seed means other hidden inputs. To draw a new one, delete the file first, "
            "and afterwards run `grade LAB --force` for every lab that is graded already."
        ) from None
    with os.fdopen(handle, "w", encoding="utf-8") as out:
        out.write(f"{secrets.token_hex(16)}\n")
    print(f"{file} holds a new seed. Keep it: with another one every lab has to be graded again (grade LAB --force).")
    return 0
