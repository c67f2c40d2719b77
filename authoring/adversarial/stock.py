"""The same adversarial corpus through stock `nbgrader autograde`: ``python -m authoring.adversarial.stock [WORDS OF A CASE]...``.

Each case gets a throwaway course, and all of nbgrader runs inside a sandbox with limits, so that nothing of it reaches this
machine; what it can reach of its own course is what it would reach of a real one. Prints what each case must earn and what
stock nbgrader gives it, and ends with the tally. ``python -m authoring.adversarial.run --stock`` prints it next to the engine's.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from nbgrader.api import Gradebook, MissingEntry

from nbgrader_isolated.sandbox import bubblewrap
from nbgrader_isolated.sandbox.bubblewrap import MEGABYTE, Policy

from .corpus import ATTACKS, FULL, HIDDEN, LABS, PWNED, Case
from .pages import calls_in
from .run import SECRET, _tell, plant

SECONDS = 120
POLICY = Policy(memory=1500 * MEGABYTE, processes=200, scratch=40 * MEGABYTE, file_size=50 * MEGABYTE)
CONFIG = "c = get_config()\nc.Execute.timeout = {}\n"
CELL_SECONDS = {"lab": 8, "by-keras": 60}
"""The second is the time to import TensorFlow in, and no case of that lab runs on and on."""
STUDENT = "somebody"
KERNEL = {"name": "python3", "display_name": "Python 3", "language": "python"}


@dataclass(frozen=True)
class Stock:
    """What stock nbgrader made of one case.

    Attributes:
        marks: points by test; empty when the submission left none in the gradebook.
        said: what else happened that should not have.
        right: whether the marks are those that the case must get, and nothing else happened.
    """

    marks: dict[str, float | None]
    said: tuple[str, ...]
    right: bool


def template(folder: Path, lab: str) -> Path:
    """A course that knows one of the corpus's labs, to be copied for every case."""
    course = folder / lab
    (course / "source" / "lab").mkdir(parents=True)
    (course / "nbgrader_config.py").write_text(CONFIG.format(CELL_SECONDS[lab]))
    notebook = {"cells": LABS[lab], "metadata": {"kernelspec": KERNEL}, "nbformat": 4, "nbformat_minor": 5}
    (course / "source" / "lab" / "lab.ipynb").write_text(json.dumps(notebook))
    inside(course, "generate_assignment")
    return course


def inside(course: Path, command: str) -> int | None:
    """Runs one of nbgrader's commands in a sandbox that sees this course alone; returns its exit status, None if late."""
    for path in [course, *course.rglob("*")]:
        if not path.is_symlink():
            os.chmod(path, 0o777)  # inside, everything runs as another user
    box = bubblewrap.start(
        [sys.executable, "-W", "ignore", "-m", "nbgrader", command, "lab"],
        policy=POLICY,
        writable=[course],
        scratch=[course.parent / "home"],
        cwd=course,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        return box.process.wait(timeout=SECONDS)
    except subprocess.TimeoutExpired:
        return None
    finally:
        box.kill()


def marks(course: Path) -> tuple[dict[str, float | None], list[str]]:
    """The tests' marks in a course's gradebook, none when the submission left none; and what is wrong with the gradebook."""
    try:
        with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as book:
            grades = book.find_submission_notebook("lab", "lab", STUDENT).grades
            return {grade.name: grade.auto_score for grade in grades if grade.name in FULL}, []
    except MissingEntry:
        return {}, []
    except Exception as error:  # the gradebook itself was attacked
        return {}, [f"the gradebook is broken ({type(error).__name__})"]


def grade(case: Case, pristine: Path, folder: Path) -> Stock:
    """Grades one case in a course of its own.

    Args:
        case: what is handed in.
        pristine: from :func:`template`.
        folder: an empty folder that other users may enter.
    """
    course = folder / "course"
    shutil.copytree(pristine, course)
    place = course / "submitted" / STUDENT / "lab"
    plant(course)  # where the engine's run keeps them
    case.write(place)
    if case.raw is None and not (place / "lab.ipynb").is_symlink() and (place / "lab.ipynb").exists():
        # What nbgrader insists on, and the engine does not need.
        notebook = json.loads((place / "lab.ipynb").read_text("utf-8"))
        notebook["metadata"]["kernelspec"] = {**KERNEL, "name": case.kernel}
        (place / "lab.ipynb").write_text(json.dumps(notebook))
    features = course / "store" / "features.npz"
    features.parent.mkdir()
    features.write_bytes(b"as they were computed")
    other = course / "submitted" / "somebody-else" / "another-lab" / "notes.txt"
    other.parent.mkdir(parents=True)
    other.write_text(SECRET)
    known = [course / name for name in ("gradebook.db", "source/lab/lab.ipynb", "secret.txt", "secret.h5")]
    known += [features, other]
    before = {path: path.read_bytes() for path in known[1:]}
    _tell(place / "lab.ipynb", CANARIES=[str(path) for path in known], SERVERS=[], STORE=str(features.parent))
    status = inside(course, "autograde")
    said = ["it never ended"] if status is None else [] if status == 0 else ["the command ended with an error"]
    said += [f"{path.name} was changed" for path, content in before.items() if not _is(path, content)]
    said += [f"{path.name} was put into the store" for path in features.parent.iterdir() if path != features]
    said += _shown(course, case)
    found, broken = marks(course)
    said += broken
    right = bool(found) and not said and all(found.get(name) == points for name, points in case.marks.items())
    return Stock(found, tuple(said), right)


def _is(path: Path, content: bytes) -> bool:
    return path.is_file() and path.read_bytes() == content


def _shown(course: Path, case: Case) -> list[str]:
    """What is in the outputs of the graded notebook, which feedback shows, and should not be; and what acts in the feedback."""
    outputs = []
    for path in (course / "autograded").rglob("*.ipynb"):
        try:
            cells = json.loads(path.read_text("utf-8"))["cells"] if path.is_file() else []
            outputs += [json.dumps(cell.get("outputs"), ensure_ascii=False) for cell in cells]
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            return ["the graded notebook cannot be read"]
    named = {HIDDEN: "a hidden line", SECRET: "the secret", **{text: "what a hidden test sent" for text in case.never}}
    said = [f"{what} is shown" for text, what in named.items() if any(text in output for output in outputs)]
    if any("<script" in output or "<svg" in output for output in outputs):
        said.append("a script is in an output")
    if any(PWNED in path.read_text("utf-8", "replace") for path in (course / "autograded").rglob("*.ipynb")):
        inside(course, "generate_feedback")
        if any(calls_in(page.read_text("utf-8")) for page in (course / "feedback").rglob("*.html")):
            said.append("a script is called in the feedback")
    return said


def grade_all(cases: list[Case], *, jobs: int = 2) -> Iterator[tuple[Case, Stock]]:
    """Grades cases, some at one time, each in a course of its own; they come in order."""
    with tempfile.TemporaryDirectory(prefix="st-", dir="/tmp") as temporary, ThreadPoolExecutor(jobs) as pool:
        os.chmod(temporary, 0o755)
        pristine = {lab: template(Path(temporary), lab) for lab in dict.fromkeys(case.lab for case in cases)}

        def one(number: int) -> Stock:
            folder = Path(temporary) / str(number)
            folder.mkdir()
            try:
                return grade(cases[number], pristine[cases[number].lab], folder)
            finally:
                shutil.rmtree(folder, ignore_errors=True)

        yield from zip(cases, pool.map(one, range(len(cases))), strict=True)


def in_words(points: dict[str, float | None]) -> str:
    """Points of the tests, in their order."""
    return ", ".join("open" if value is None else f"{value:g}" for value in points.values()) or "no marks"


def main(argv: list[str]) -> int:
    """Prints the table; returns 0: it is a measurement, not a test."""
    cases = [
        case for case in ATTACKS if not case.engine_only and (not argv or any(words in case.name for words in argv))
    ]
    right = 0
    for case, stock in grade_all(cases, jobs=os.cpu_count() or 1):
        right += stock.right
        print(
            f"{'ok ' if stock.right else 'BAD'} {case.name:55} must {in_words(case.marks):12} "
            f"got {in_words(stock.marks):12} {'; '.join(stock.said)}",
            flush=True,
        )
    print(f"{len(cases)} adversarial submissions through stock nbgrader, {right} as they should be")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
