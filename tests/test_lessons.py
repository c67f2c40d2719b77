"""Every lesson runs from top to bottom, offline and without noise, and what its prose claims is true."""

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

ROOT = Path(__file__).resolve().parents[1]
LESSONS = sorted((ROOT / "lessons").glob("[0-9][0-9]_*.ipynb"))


class Run:
    """One executed lesson."""

    def __init__(self, path: Path, folder: Path, **environment: str) -> None:
        out = folder / f"executed {path.name}"
        command = [sys.executable, ROOT / "tools" / "run_notebook.py", path, "--out", out, "--folder", folder]
        done = subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ, **environment})
        assert done.stdout, done.stderr
        self.measured = json.loads(done.stdout.splitlines()[-1])
        self.notebook = nbformat.read(out, as_version=4)
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


@pytest.mark.slow
@pytest.mark.skipif(find_spec("jax") is None, reason="needs the extra: pip install -e '.[jax]'")
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


def test_the_readme_shows_what_every_lesson_ends_on():
    readme = (ROOT / "README.md").read_text("utf-8")
    shown = dict(re.findall(r'<img src="(docs/figures/lesson\d\d\.png)"[^>]*\balt="([^"]*)"', readme))
    assert list(shown) == [f"docs/figures/lesson{path.name[:2]}.png" for path in LESSONS]
    for figure, alt in shown.items():
        with Image.open(ROOT / figure) as picture:
            assert 400 < picture.width <= 720
        assert (ROOT / figure).stat().st_size <= 80_000
        assert len(alt) > 60
