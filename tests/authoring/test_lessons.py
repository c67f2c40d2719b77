"""Every lesson runs from top to bottom, offline and without noise, and what its prose claims is true.

With EXECUTED_LESSONS=FOLDER the lessons are not run: what `benchmarks/notebooks.py --keep FOLDER` ran is taken.
"""

from __future__ import annotations

import importlib
import json
import os
import re
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import nbformat
import pytest
from PIL import Image

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))

import gallery  # noqa: E402

LESSONS = sorted((ROOT / "lessons").glob("[0-9][0-9]_*.ipynb"))
# These predict or fit what they end on, and another machine rounds otherwise; the others count, or draw a benchmark's result.
COMPUTED_ANEW = ("01", "02", "03", "07", "09", "10")
# This one ends on seconds of this very run.
TIMED = ("05",)
NUMBER = re.compile(r"\d+(?:\.(\d+))?")


class Run:
    """One executed lesson."""

    def __init__(self, path: Path, folder: Path, **environment: str) -> None:
        given = Path(os.environ.get("EXECUTED_LESSONS", folder)) / path.name
        if given.exists() and not environment:
            self.measured = json.loads(given.with_suffix(".json").read_text("utf-8"))
            self.notebook = nbformat.read(given, as_version=4)
            # The first text of a lesson says what it costs, which was measured after that run.
            code = [
                [c.source for c in one.cells if c.cell_type == "code"]
                for one in (self.notebook, nbformat.read(path, 4))
            ]
            assert code[0] == code[1], "this lesson has changed since it was run"
        else:
            out = folder / f"executed {path.name}"
            command = [sys.executable, ROOT / "tools" / "run_notebook.py", path, "--out", out, "--folder", folder]
            done = subprocess.run(
                command, capture_output=True, text=True, check=False, env={**os.environ, **environment}
            )
            assert done.stdout, done.stderr
            self.measured = json.loads(done.stdout.splitlines()[-1])
            self.notebook = nbformat.read(out, as_version=4)
        self.path = path
        self.number = path.name[:2]

    def printed(self) -> str:
        streams = (o for cell in self.notebook.cells for o in cell.get("outputs", []) if o.output_type == "stream")
        return "".join(stream.text for stream in streams)

    def pages(self) -> list[str]:
        data = (o.data for cell in self.notebook.cells for o in cell.get("outputs", []) if "data" in o)
        return [d["text/html"] for d in data if "text/html" in d]

    def alts(self) -> list[str]:
        return [alt for page in self.pages() for alt in re.findall(r'<img[^>]*\balt="([^"]*)"', page)]


@pytest.fixture(scope="module", params=LESSONS, ids=lambda path: path.stem)
def run(request, tmp_path_factory):
    return Run(request.param, tmp_path_factory.mktemp(request.param.stem))


def test_runs_without_errors_and_without_noise(run):
    assert run.measured["errors"] == []
    assert run.measured["stderr"] == []


def test_needs_no_network(run):
    assert shutil.which("bwrap"), "bubblewrap (apt.txt) is what cuts the network off here; install it"
    assert run.measured["network"] == "off"


def test_stays_within_three_gigabytes(run):
    assert run.measured["peak_mb"] < 3000


def test_every_figure_is_described(run):
    images = sum(page.count("<img") for page in run.pages())
    assert images >= 5
    assert len([alt for alt in run.alts() if len(alt) > 15]) == images


def test_ends_with_a_quiz_whose_answers_print(run):
    last = [cell for cell in run.notebook.cells if cell.cell_type == "code"][-1]
    assert "widgets.quiz(" in last.source
    assert "Answer to question 1" in str(last.outputs)


def test_what_the_prose_of_a_lesson_claims_is_what_it_computed(run):
    """Each lesson's claims are held by tests/claims/lessonNN.py; a lesson without such a module fails here."""
    importlib.import_module(f"claims.lesson{run.number}").holds(run)


def test_the_page_of_lessons_describes_the_figure_that_the_lesson_ends_on_now(run):
    shown = gallery.entries_in(gallery.PAGE.read_text("utf-8"))[gallery.key_of(run.path)]
    drawn = gallery.entry(run.path, gallery.figure_of(run.path, run.notebook).alt)
    same = shown == drawn or (run.number in COMPUTED_ANEW and same_but_for_rounding(shown, drawn))
    same |= run.number in TIMED and NUMBER.sub("#", shown) == NUMBER.sub("#", drawn)
    assert same, f"run `make gallery`: docs/lessons.md shows\n{shown}\nand the lesson draws\n{drawn}"


def same_but_for_rounding(shown: str, drawn: str) -> bool:
    """Whether the words are the same, and every number within one of its last digit."""
    if NUMBER.sub("#", shown) != NUMBER.sub("#", drawn):
        return False
    pairs = zip(NUMBER.finditer(shown), NUMBER.finditer(drawn), strict=True)
    return all(
        abs(float(one[0]) - float(other[0])) < 1.01 * 10 ** -min(len(one[1] or ""), len(other[1] or ""))
        for one, other in pairs
    )


@pytest.mark.parametrize(
    ("drawn", "same"),
    [
        ("cup 10 %, lynx 39 %", True),
        ("cup 9.8 %, lynx 38 %", False),
        ("cup 9.6 %, lynx 40 %", False),
        ("cup 9.6 %, cat 38 %", False),
        ("cup 9.6 %", False),
    ],
)
def test_only_the_last_digit_may_differ_from_the_page(drawn, same):
    assert same_but_for_rounding("cup 9.6 %, lynx 38 %", drawn) == same


@pytest.mark.slow
@pytest.mark.skipif(find_spec("jax") is None, reason="needs an environment that has jax: `make test-jax`")
@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_runs_on_jax_too(path, tmp_path):
    """The same notebook on Keras's other backend; a cell is added that says which one it was."""
    notebook = nbformat.read(path, as_version=4)
    notebook.cells.append(nbformat.v4.new_code_cell("import keras\nprint('backend:', keras.backend.backend())"))
    copy = tmp_path / path.name
    nbformat.write(notebook, copy)
    run = Run(copy, tmp_path, KERAS_BACKEND="jax")
    assert run.measured["errors"] == []
    assert run.measured["stderr"] == []
    assert run.printed().endswith("backend: jax\n")


def test_a_page_shows_what_every_lesson_ends_on():
    page = gallery.PAGE.read_text("utf-8")
    shown = dict(re.findall(r'<img src="(figures/lesson\d\d\.png)"[^>]*\balt="([^"]*)"', page))
    assert list(shown) == [f"figures/lesson{path.name[:2]}.png" for path in LESSONS]
    for figure, alt in shown.items():
        with Image.open(ROOT / "docs" / figure) as image:
            assert 400 < image.width <= 720
        assert (ROOT / "docs" / figure).stat().st_size <= 80_000
        assert len(alt) > 60
