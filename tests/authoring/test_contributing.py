"""CONTRIBUTING's *Your first exercise*, followed to the letter in a copy of the repository, ends with a graded submission."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).resolve().parents[2]
COPIED = ("authoring", "course_utils", "grader", "labs", "solutions", "lessons", "tools", "benchmarks", "docs", "tests")
HEADING = "## Your first exercise\n"


def section():
    """The lines of the section, without its heading's line and what is blank at its end."""
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    return (HEADING + text.partition(HEADING)[2].partition("\n## ")[0]).rstrip("\n")


def test_the_section_is_short_and_its_check_takes_twenty_lines():
    assert section().count("\n") + 1 <= 60
    check = re.search(r"channel_means\.py <<'EOF'\n(.*?)\nEOF\n", section(), flags=re.S)[1]
    assert check.count("\n") + 1 <= 20
    compile(check, "check", "exec")


def environment_of(copy):
    """Gives a copy of the repository what `make setup` would: this environment, with the copy's packages in it."""

    def link(source, target):
        try:
            os.link(source, target)
        except OSError:  # another file system
            shutil.copy2(source, target)

    shutil.copytree(sys.prefix, copy / ".venv", symlinks=True, copy_function=link)
    told = [*(copy / ".venv").glob("lib/python3*/site-packages/__editable__*")]
    assert any(str(ROOT) in path.read_text("utf-8") for path in told), "the packages are not installed from here"
    for path in told:
        text = path.read_text("utf-8").replace(str(ROOT), str(copy))
        path.unlink()  # it may be a link to the original
        path.write_text(text, "utf-8")


@pytest.fixture(scope="module")
def followed():
    """A copy of the repository in which the section's commands have been run, and what they printed."""
    with tempfile.TemporaryDirectory(prefix="contributing-", dir="/tmp") as name:
        copy = Path(name) / "course"
        os.chmod(name, 0o755)  # students' code is run as another user
        for folder in COPIED:
            unwanted = shutil.ignore_patterns("__pycache__", ".*", "*.egg-info", "build")
            shutil.copytree(ROOT / folder, copy / folder, ignore=unwanted)
        for path in ROOT.iterdir():
            if path.is_file() and not path.name.startswith(".") and path.suffix not in (".db", ".csv"):
                shutil.copy(path, copy)
        environment_of(copy)
        # That environment is set up already, so `make` sets nothing up.
        environment = os.environ | {"MAKEFLAGS": "e", "SET_UP": "true", "COURSE": "true"}
        [commands] = re.findall(r"```bash\n(.*?)```", section(), flags=re.S)
        done = subprocess.run(["bash", "-e", "-c", commands], cwd=copy, env=environment, capture_output=True, text=True)
        yield copy, done.stdout, done.stderr


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_the_right_answer_earns_its_points_and_the_wrong_one_none(followed):
    _, printed, errors = followed
    assert "2 tried" in printed and "0 differences" in printed, printed + errors[-3000:]
    graded = dict(re.findall(r"== (\w+)\n(.*?)(?=\n== |\Z)", printed, flags=re.S))
    assert set(graded) == {"takes_the_channels_one_by_one", "takes_one_mean_of_everything"}, printed + errors[-3000:]
    assert "test-channel-means: 10 of 10" in graded["takes_the_channels_one_by_one"]
    assert "test-channel-means: 0 of 10" in graded["takes_one_mean_of_everything"]
    assert "Keep the last axis." in graded["takes_one_mean_of_everything"]
    assert "below full automatic marks: takes_one_mean_of_everything" in printed


@pytest.mark.slow
def test_everything_else_has_followed(followed):
    copy, printed, _ = followed
    made = nbformat.read(copy / "labs/lab1/lab1.ipynb", as_version=4)
    assert "110: six functions that are checked automatically (100)" in made.cells[0].source
    assert any("red, green and blue (10 points)" in cell.source for cell in made.cells)
    assert "note: lab1 has 110 points" in printed
    results = json.loads((copy / "authoring/labs/lab1/expected/results.json").read_text("utf-8"))["channel-means"]
    assert {name: one["hidden"]["test-channel-means"]["marks"] for name, one in results.items()} == {
        "takes_the_channels_one_by_one": 10.0,
        "takes_one_mean_of_everything": 0.0,
    }
    page = (copy / "authoring/labs/lab1/expected/answers.md").read_text("utf-8")
    assert (
        "| wrong: `takes_one_mean_of_everything` | 0 of 10 | Takes one mean of everything. | mean per channel |" in page
    )
    # What a contributor runs next: the quick tests of labs and notebooks, in the copy.
    command = [str(copy / ".venv/bin/python"), "-m", "pytest", "-q", "-p", "no:cacheprovider", "-n0"]
    command += [
        "tests/authoring/test_notebooks_build.py",
        "tests/authoring/test_goldens.py",
        "tests/authoring/test_lab_answers.py",
        "-k",
        "lab1 or notebook",
    ]
    done = subprocess.run(command, cwd=copy, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-3000:]
