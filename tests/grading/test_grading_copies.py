"""The same artefact handed in twice needs manual review; work of one's own does not, and the copier reads no name."""

from __future__ import annotations

import contextlib
import sqlite3
from collections import deque

import numpy as np
import pytest
from nbgrader.api import Gradebook
from test_command import nbgrader
from test_engine import cell, file_of

from course_utils.checks import Incorrect, as_array
from nbgrader_isolated.commands import grade as command
from nbgrader_isolated.examiner import similarity
from nbgrader_isolated.plugin import configuration
from nbgrader_isolated.run.records import read_records

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
        "ada": similarity.sketches("w", [mine, np.ones(100)]),
        "bob": similarity.sketches("w", {"x": theirs, "y": np.ones(100), "z": [1.0, "text"]}),
        "cut": similarity.sketches("w", (noisy.astype(np.float32),)),
        "die": similarity.sketches("other", mine),
        "eve": similarity.sketches("w", mine.reshape(40, 30)),
        "fay": similarity.sketches("w", np.full((30, 40), np.nan)),
        "guy": similarity.sketches("w", theirs.astype(complex)),
    }
    assert similarity.pairs(drawn) == [("ada", "cut", "w"), ("bob", "guy", "w")]


def test_hundreds_of_other_tensors_do_not_hide_one():
    mine = np.random.default_rng(0).normal(size=(30, 40))
    decoys = [np.zeros(1_000_000) for _ in range(3)] + list(np.random.default_rng(1).normal(size=(500, 64)))
    drawn = {"ada": similarity.sketches("w", mine), "bob": similarity.sketches("w", {"x": decoys, "y": mine})}
    assert similarity.pairs(drawn) == [("ada", "bob", "w")]


class Tensor:
    """As much of a tensor as tells it from an array, so that no framework has to be imported."""


def test_a_tensor_hides_its_numbers_in_no_container(monkeypatch):
    mine = np.random.default_rng(0).normal(size=(30, 40)).astype("float32")
    monkeypatch.setattr(similarity.keras_model, "is_tensor", lambda value: isinstance(value, Tensor))
    monkeypatch.setattr(similarity.keras_model, "as_numpy", lambda value: mine)
    objects = np.empty(2, object)
    objects[1] = mine
    for hidden in (Tensor(), [Tensor()], deque([mine]), objects):
        drawn = {"ada": similarity.sketches("w", mine), "bob": similarity.sketches("w", hidden)}
        assert similarity.pairs(drawn) == [("ada", "bob", "w")], type(hidden)


def test_complex_numbers_are_no_numbers_for_a_check():
    for value in (np.ones(3, complex), [1 + 0j, 2], 1j):
        with pytest.raises(Incorrect, match="which cannot be read as numbers"):
            as_array(value, "your batch")


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
        assert command.main(["lab", "--course", str(course), "--jobs", "1", "--create"]) == 0
        assert "The same 'weights': amy and cut." in capsys.readouterr().out
        records = read_records(course / "evidence" / "lab")
        outcomes = {student: str(found[0].outcome) for student, found in records.items()}
        assert outcomes == {"amy": "needs manual review", "bob": "graded", "cut": "needs manual review"}
        assert [note.count("another submission") for note in records["cut"][0].notes] == [1]
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as book:
        assert [book.find_submission("lab", student).score for student in outcomes] == [3.0] * 3
    page = (course / "autograded" / "cut" / "lab" / "lab.ipynb").read_text()
    assert "another submission" in page and "amy" not in page


def test_a_pair_that_somebody_has_looked_into_gets_back_the_outcome_it_had(course, capsys):
    """Without grading anything again; a change that cannot be written is named, and there is no traceback."""
    evidence = course / "evidence" / "lab"
    writer = command.Writer(*reversed(configuration.load(course)[:2]), "lab")
    submissions = {student: course / "submitted" / student / "lab" for student in ("amy", "bob", "cut")}
    (course / "settled.csv").write_text("assignment,student,other\nlab,cut,amy\n")
    (course / "settled.csv").chmod(0o600)
    with (course / "nbgrader_config.py").open("a") as file:
        file.write(f"c.CourseDirectory.db_url = 'sqlite:///{course}/gradebook.db?timeout=0.1'\n")
    impatient = command.Writer(*reversed(configuration.load(course)[:2]), "lab")
    with contextlib.closing(sqlite3.connect(course / "gradebook.db")) as other:
        other.execute("BEGIN EXCLUSIVE")
        said = command._review_copies(evidence, impatient, submissions, {frozenset(("cut", "amy"))})
    assert [line.split(":")[0] for line in said] == ["amy", "cut"] and "locked" in said[0]
    assert "another submission" in (course / "autograded" / "cut" / "lab" / "lab.ipynb").read_text()
    assert command._review_copies(evidence, writer, submissions, set()) == []  # as it was before
    written = {path: path.stat().st_mtime_ns for path in evidence.rglob("received.ipynb")}
    assert command.main(["lab", "--course", str(course), "--jobs", "1"]) == 0
    assert "The same" not in capsys.readouterr().out.split("amy and cut.")[-1]
    found = read_records(evidence)
    assert {(str(records[0].outcome), *records[0].notes) for records in found.values()} == {("graded",)}
    assert "another submission" not in (course / "autograded" / "cut" / "lab" / "lab.ipynb").read_text()
    assert {path: path.stat().st_mtime_ns for path in evidence.rglob("received.ipynb")} == written
