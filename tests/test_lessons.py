"""Every lesson runs from top to bottom, offline and without noise, and what its prose claims is true."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).resolve().parents[1]
LESSONS = sorted((ROOT / "lessons").glob("[0-9][0-9]_*.ipynb"))


class Run:
    """One executed lesson."""

    def __init__(self, path: Path, folder: Path) -> None:
        out = folder / path.name
        command = [sys.executable, ROOT / "tools" / "run_notebook.py", path, "--out", out, "--folder", folder]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.stdout, done.stderr
        self.measured = json.loads(done.stdout.splitlines()[-1])
        self.notebook = nbformat.read(out, as_version=4)

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


def of(run: Run, number: str) -> bool:
    return run.notebook.cells[0].source.startswith(f"# {number} ·")


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


def percent_after(text: str, words: str) -> float:
    found = re.search(re.escape(words) + r"\D*?(-?\+?\d+(?:\.\d+)?) ?%", text)
    assert found, f"{words!r} is not in what the lesson printed"
    return float(found.group(1))


def test_what_the_prose_of_a_lesson_claims_is_what_it_computed(run):
    printed, alts = run.printed(), " ".join(run.alts())
    if of(run, "1"):
        # "the classifier gains": the interval of the difference lies above zero
        low, high = map(float, re.search(r"90 % interval (-?[\d.]+)% to (-?[\d.]+)%", printed).groups())
        assert 0 < low < high
        # "Without the top only about a tenth is left"
        whole, base = re.search(r"vgg16 .* ([\d,]+) +([\d,]+) +\d+\n", printed).groups()
        assert 0.08 < int(base.replace(",", "")) / int(whole.replace(",", "")) < 0.13
        # "which part of a block holds nearly all": the pointwise layers
        assert percent_after(printed, "so") > 90
        # "counting words does no better than" tossing a coin, while the features do well
        if "pretrained sentence features" in printed:
            assert (
                percent_after(printed, "counting words") < 65 < percent_after(printed, "pretrained sentence features")
            )
        assert "espresso 9" in alts  # "sure and right"
        assert re.search(r"Not one of the 1000 classes\..*?bars: [a-z -]+ (\d+)", alts)
    elif of(run, "2"):
        # "three usual mistakes": each is worse than right, and hidden in part when made everywhere
        once, everywhere = (
            re.search(title + r".*?right (\d+) %.*?not prepared (\d+) %.*?prepared twice (\d+) %", alts)
            for title in ("then fed like this", "The same mistake in training and test")
        )
        right, *wrong = map(int, once.groups())
        assert all(score < right - 10 for score in wrong)
        assert all(int(e) > w for e, w in zip(everywhere.groups()[1:], wrong, strict=True))
        assert int(re.search(r"the whole network: ([\d,]+)", printed).group(1).replace(",", "")) > 600_000_000
        # "The curve rises all the way": no step down, and most steps up beyond doubt
        assert printed.count("  better") >= 3
        assert "  worse" not in printed
        # "all pictures look alike and get the same name"; "most of them become one class"; "the loss is real"
        assert re.search(r"prepared twice, what it calls them: \{'\w+': 310\}", printed)
        most = re.search(r"not prepared, what it calls them: (\{.*?\})", printed).group(1)
        assert max(map(int, re.findall(r"\d+", most))) > 155
        assert float(re.search(r"swapping the colours costs .*?interval (-?[\d.]+)%", printed).group(1)) > 0
    else:
        pytest.fail("This lesson makes claims that no test holds it to; add them above.")
