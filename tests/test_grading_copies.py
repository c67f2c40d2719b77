"""The same artefact handed in twice needs a person; work of one's own does not, and the copier is told no name."""

from __future__ import annotations

import numpy as np
import pytest
from nbgrader.api import Gradebook
from test_grading_command import nbgrader
from test_grading_engine import cell, file_of

from course_utils.grading import batch, command, copies

OWN = "import numpy as np\nweights = {{'head': np.random.default_rng({seed}).normal(size=(20, 10)){more}}}"
LAB = [
    cell(OWN.format(seed=1, more=""), "answer", "train"),
    cell("assert weights['head'].shape == (20, 10)", "test", "test-weights", 3),
]


def test_tensors_are_alike_when_they_are_equal_but_for_noise():
    rng = np.random.default_rng(0)
    mine, theirs = rng.normal(size=(30, 40)), rng.normal(size=(30, 40))
    noisy = mine + rng.normal(scale=1e-5, size=mine.shape)
    drawn = {
        "ada": copies.sketches("w", [mine, np.ones(100)]),
        "bob": copies.sketches("w", {"x": theirs, "y": np.ones(100), "z": [1.0, "text"]}),
        "cut": copies.sketches("w", (noisy.astype(np.float32),)),
        "die": copies.sketches("other", mine),
        "eve": copies.sketches("w", mine.reshape(40, 30)),
        "fay": copies.sketches("w", np.full((30, 40), np.nan)),
    }
    assert copies.pairs(drawn) == [("ada", "cut", "w")]


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    course = tmp_path_factory.mktemp("course")
    (course / "nbgrader_config.py").write_text("c = get_config()\nc.GradingEngine.compare = {'lab': ['weights']}\n")
    (course / "source" / "lab").mkdir(parents=True)
    (course / "source" / "lab" / "lab.ipynb").write_bytes(file_of(LAB))
    nbgrader("generate_assignment", "lab", cwd=course)
    for student, own in {
        "amy": OWN.format(seed=1, more=""),
        "bob": OWN.format(seed=2, more=""),
        "cut": OWN.format(seed=1, more=" + 1e-6"),
    }.items():
        (course / "submitted" / student / "lab").mkdir(parents=True)
        handed_in = [cell(own, "answer", "train"), LAB[1]]
        (course / "submitted" / student / "lab" / "lab.ipynb").write_bytes(file_of(handed_in))
    return course


def test_who_handed_in_what_another_did_needs_a_person_and_keeps_the_marks(course, capsys):
    for _ in range(2):  # the second run changes nothing
        assert command.main(["lab", "--course", str(course), "--jobs", "1"]) == 0
        assert "The same 'weights': amy and cut." in capsys.readouterr().out
        records = batch.read_records(course / "evidence" / "lab")
        outcomes = {student: str(found[0].outcome) for student, found in records.items()}
        assert outcomes == {"amy": "needs a person", "bob": "graded", "cut": "needs a person"}
        assert [note.count("another submission") for note in records["cut"][0].notes] == [1]
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as book:
        assert [book.find_submission("lab", student).score for student in outcomes] == [3.0] * 3
    told = (course / "autograded" / "cut" / "lab" / "lab.ipynb").read_text()
    assert "another submission" in told and "amy" not in told
