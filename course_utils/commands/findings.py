"""What a check of ``doctor`` finds, and what the checks share."""

import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

from course_utils.commands.course_files import find_clone

RIGHT, WRONG, NOTE = "right", "wrong", "note"
NO_ANSWER = "no answer within"


class Finding(NamedTuple):
    """How one thing stands, what was found, and what to do about it (empty when nothing is to be done)."""

    state: str
    text: str
    fix: str = ""


def show(finding: Finding, *, encoding: str) -> str:
    """Returns a finding as text, with marks that the terminal's encoding has."""
    marks = {RIGHT: "✔", WRONG: "✘", NOTE: "•"}
    try:
        "".join(marks.values()).encode(encoding)
    except (UnicodeEncodeError, LookupError):
        marks = {RIGHT: "[ok]   ", WRONG: "[WRONG]", NOTE: "[note] "}
    mark = marks[finding.state]
    fix = f"\n{' ' * len(mark)}   to fix it: {finding.fix}" if finding.fix else ""
    return f"{mark} {finding.text}{fix}".encode(encoding, "replace").decode(encoding)


def install_command(what: str = "") -> str:
    """The command that brings this environment up to date."""
    if find_clone() and Path(sys.prefix).name == ".venv":
        return "make setup"
    locked = "--require-hashes -r requirements.lock" if find_clone() else '"transfer-learning-course[lab]"'
    return f"python -m pip install {what or locked}"


def run_python(*arguments: str, timeout: float, cwd: Path | None = None) -> subprocess.CompletedProcess:
    """Runs this Python with some arguments; what keeps it from ending is on its stderr."""
    command = [sys.executable, *arguments]
    try:
        return subprocess.run(command, capture_output=True, text=True, timeout=timeout, cwd=cwd)
    except subprocess.TimeoutExpired:
        return subprocess.CompletedProcess(command, 1, "", f"{NO_ANSWER} {timeout:.0f} s")
    except OSError as error:
        return subprocess.CompletedProcess(command, 1, "", str(error))
