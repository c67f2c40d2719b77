"""The ``seed`` command: makes the secret from which hidden inputs are drawn, in a file that no other user can read."""

import os
import secrets
from pathlib import Path

from course_utils.checks.core.seeds import FILE_NAME, SHORTEST_SEED, is_secret, secret_text
from course_utils.commands import parser_of
from course_utils.errors import BadArgumentError
from nbgrader_isolated.closed import open_file


def main(argv: list[str]) -> int:
    """Runs the command; returns its exit status."""
    parser = parser_of("seed", __doc__)
    parser.add_argument("--course", type=Path, default=Path.cwd(), help="the folder that holds nbgrader_config.py")
    course = parser.parse_args(argv).course.resolve()
    if not (course / "nbgrader_config.py").is_file():
        raise BadArgumentError(
            f"Expected the course's folder, with nbgrader_config.py in it; received {course}. Give it with --course."
        )
    file = course / FILE_NAME
    try:
        # An empty file is no seed: nothing can have been graded with it.
        blank = file.is_file() and not file.read_text("utf-8").split("\n")[0].strip()
        handle = open_file(file, os.O_WRONLY | (os.O_TRUNC if blank else os.O_EXCL))
    except FileExistsError:
        short = "" if is_secret(secret_text(course)) else f", with fewer than {SHORTEST_SEED} characters"
        raise BadArgumentError(
            f"{file} is there already{short}, and another seed means other hidden inputs. To draw a new one, delete the file first, "
            "and afterwards run `grade LAB` for every lab that is graded already: it grades everybody again."
        ) from None
    with os.fdopen(handle, "w", encoding="utf-8") as out:
        out.write(f"{secrets.token_hex(16)}\n")
    print(f"{file} holds a new seed. Keep it: with another one `grade LAB` grades everybody again.")
    return 0
