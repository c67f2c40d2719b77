"""Which tests `make test` leaves out, which of those `.ci/run` runs all the same, and which files decide what each comes to.

What is not named here runs with `make test`, a new file of tests too. A test that is marked `slow` where it is defined is
left out as well. All names are beginnings of pytest's own, such as ``tests/test_demo.py::``.
"""

from __future__ import annotations

import fnmatch
import functools
import hashlib
import os
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

WRONG = "tests/test_labs.py::test_a_wrong_answer_loses_points_where_it_must_and_nowhere_else"
RIGHT = "tests/test_labs.py::test_a_right_answer_written_differently_keeps_full_marks"
VISIBLE = "tests/test_goldens_verdicts.py::test_an_answer_fares_in_the_visible_checks_as_on_file"

SLOW: tuple[str, ...] = (
    WRONG,
    RIGHT,
    VISIBLE,
)
"""Left out of `make test`: the results are on file (`slow_results.json`)."""

QUICK: frozenset[str] = frozenset()
"""Runs with `make test` although its name begins like one that is left out."""

SAMPLE: dict[str, str] = {
    "tests/test_grading_hostile.py::": "every attack, whole: what must never get in",
}
"""Beginning of a name → why `.ci/run` runs these tests on every change although `make test` leaves them out."""

ENGINE = ("course_utils/grading/*", "course_utils/checks/*", "course_utils/*.py", "nbgrader_config.py")
# What one process runs of a lab: of the grading package only what says what can cross.
CHECKS = (
    "course_utils/*",
    "!course_utils/grading/*",
    "course_utils/grading/*wire*.py",
    "course_utils/grading/keras_*.py",
    "course_utils/grading/intake.py",
)
ONE_LAB = ("!course_utils/checks/lab?*.py", "course_utils/checks/{lab}*.py", "authoring/*.py", "authoring/labs/{lab}*")
ANSWERED = ("tests/prepared/{lab}*", "tests/lab_harness.py", "{file}")
LESSONS = ("authoring/*.py", "authoring/lessons/*", "benchmarks/results/*", "tests/claims/*", "tools/*.py", "{file}")

COVERS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (r".*::test_an?_.*\[(?P<lab>lab\d)-(?P<answer>\w+)\]", (*CHECKS, *ONE_LAB, *ANSWERED, "tests/*/{lab}/{answer}.py")),
    (r"tests/test_labs\.py::.*\[.*(?P<lab>lab\d)\]", (*CHECKS, *ONE_LAB, *ANSWERED)),
    (
        r"tests/test_labs_engine\.py::.*(?P<lab>lab\d)",
        (*CHECKS, *ENGINE, *ONE_LAB, *ANSWERED, "tests/grade_once.py", "tests/mutants/{lab}/*", "tests/variants/{lab}/*"),
    ),
    (r"tests/test_grading_hostile\.py", (*ENGINE, "tests/hostile/*", "tests/goldens/hostile.json", "{file}")),
    (r"tests/test_grading_", (*ENGINE, "{file}")),
    (r"tests/test_lessons\.py", (*CHECKS, "!course_utils/checks/*", *LESSONS)),
    (r"tests/test_benchmarks\.py", ("course_utils/*", "!course_utils/grading/*", "benchmarks/*.py", "{file}")),
    (r"tests/test_(demo|nbgrader_cycle)\.py", ("course_utils/*", "authoring/labs/*", "tools/*.py", "nbgrader_config.py", "{file}")),
    (r"tests/test_browser", ("course_utils/*", "authoring/*", "nbgrader_config.py", "tests/browsing.py", "{file}")),
    (r"", ("course_utils/*", "authoring/*", "{file}")),
)
"""Pattern of a test's name → the files that decide what it comes to; the first that fits counts.

``*`` also stands for slashes, ``!`` takes out again what came before, ``{file}`` is the test's own, other names are the
pattern's groups. `requirements.lock` and `pyproject.toml` are always among them.
"""

ALWAYS = ("requirements.lock",)


def left_out(test: str) -> bool:
    """Whether `make test` leaves a test out."""
    return test.startswith(SLOW) and test not in QUICK


def in_sample(test: str) -> bool:
    """Whether `.ci/run` runs a test that `make test` leaves out."""
    return test.startswith(tuple(SAMPLE))


@functools.cache
def files() -> dict[str, str]:
    """Every file that could decide anything, as a path from the repository's root → the SHA-256 of its bytes.

    Git is not asked, so that a copy without it says the same; caches and hidden files do not count.
    """
    found = {}
    for top in ("course_utils", "authoring", "tests", "tools", "benchmarks"):
        for folder, inner, names in os.walk(ROOT / top):
            inner[:] = [name for name in inner if not name.startswith((".", "__pycache__"))]
            found |= {path.relative_to(ROOT).as_posix(): path for path in (Path(folder, name) for name in names)}
    found |= {path.name: path for path in ROOT.glob("*") if path.is_file()}
    return {
        name: hashlib.sha256(path.read_bytes()).hexdigest()
        for name, path in sorted(found.items())
        if not path.name.startswith(".") and path.suffix != ".pyc"
    }


@functools.cache
def _chosen(globs: tuple[str, ...]) -> tuple[str, ...]:
    chosen: set[str] = set()
    for glob in globs:
        fitting = set(fnmatch.filter(files(), glob.removeprefix("!")))
        chosen = chosen - fitting if glob.startswith("!") else chosen | fitting
    return tuple(sorted(chosen))


def covered(test: str) -> tuple[str, ...]:
    """The files that decide what a test comes to."""
    found, globs = next((found, globs) for pattern, globs in COVERS if (found := re.match(pattern, test)))
    names = {"file": test.partition("::")[0], **found.groupdict()}
    return _chosen((*(glob.format(**names) for glob in globs), *ALWAYS))


@functools.cache
def covers(test: str) -> str:
    """A hash of what decides a test: the same in every clone that has the same files."""
    lines = (f"{name}\0{files()[name]}\n" for name in covered(test))
    return hashlib.sha256("".join(lines).encode()).hexdigest()[:16]
