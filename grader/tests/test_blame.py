"""What a submission may have caused is its own outcome, once; only what it cannot have caused is tried again."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest
from test_command import nbgrader
from test_engine import SETTINGS, cell, file_of

from nbgrader_isolated.closed import make_folder
from nbgrader_isolated.commands import grade as command
from nbgrader_isolated.outcomes import Outcome, Record
from nbgrader_isolated.run import batch, engine, records, submission, workers
from nbgrader_isolated.run.jobs import Job
from nbgrader_isolated.sandbox.bubblewrap import MEGABYTE, Policy

SHORT = replace(SETTINGS, check_seconds=3)
TESTS = [cell("assert data is not None", "test", "first", 2), cell("assert True", "test", "last")]
MANY = "m = 2**61 - 1\nclass Many(set):\n    def __iter__(self):\n        return ({item} for i in range(190_000))\n"


@pytest.fixture
def grade(tmp_path):
    """Grades twice, as two runs of `grade` would; returns the first run's result, and whether the second did nothing."""

    def run(
        answer: str, *, tests=TESTS, settings=SHORT, attachments: dict[str, bytes] | None = None
    ) -> tuple[dict, bool]:
        release = [cell("data = 1", "answer", "a"), *tests]
        for place, cells in {"source": release, "handed in": [cell(answer, "answer", "a"), *tests]}.items():
            (tmp_path / place).mkdir()
            (tmp_path / place / "lab.ipynb").write_bytes(file_of(cells))
        for name, raw in (attachments or {}).items():
            (tmp_path / "handed in" / name).write_bytes(raw)
        folders = str(tmp_path / "handed in"), str(tmp_path / "source")
        job = Job("ada", *folders, ("lab",), str(tmp_path / "evidence"), settings)
        [first] = submission.grade_submission(job)
        written = (tmp_path / "evidence" / "lab" / "record.json").stat().st_mtime_ns
        submission.grade_submission(job)
        return first, written == (tmp_path / "evidence" / "lab" / "record.json").stat().st_mtime_ns

    yield run
    submission.close_examiners()


def points(plain: dict) -> list[float | None]:
    return [mark["points"] for mark in plain["marks"]]


@pytest.mark.parametrize(
    "answer",
    [
        MANY.format(item="i * m") + "data = Many()",
        MANY.format(item="(i * m, 0)") + "data = [{'deep': (Many(),)}]",
        "m = 2**61 - 1\ndata = {i * m: 0 for i in range(40_000)}",
        MANY.format(item="i * m") + "def data():\n    return Many()",
    ],
    ids=["set", "tuples, nested", "dictionary", "returned"],
)
def test_values_of_one_hash_cost_their_sender_the_mark_and_nobody_is_asked_again(grade, answer):
    called = [cell("import types\nassert data() if callable(data) else data", "test", "first", 2), TESTS[1]]
    graded, once = grade(answer, tests=called)
    assert points(graded) == [0, 1] and graded["failed"] == "" and once
    assert graded["outcome"] in ("timed out", "graded")  # the latter where reading refuses before it stalls
    assert "data" in graded["marks"][0]["message"] or "What your" in graded["marks"][0]["message"]


def test_a_value_that_cannot_be_read_is_waited_for_once(grade):
    tests = [cell("assert data is not None", "test", name) for name in ("first", "second", "third")]
    graded, once = grade("import numpy as np\ndata = np.zeros(30_000_000)", tests=tests, settings=SMALL)
    assert points(graded) == [0, 0, 0] and graded["outcome"] == "out of memory" and graded["failed"] == "" and once
    said = "data could not be read: that took more memory than allowed."
    assert graded["notes"] == [said] and {mark["message"] for mark in graded["marks"]} == {said}
    assert sum(mark["seconds"] for mark in graded["marks"][1:]) < graded["marks"][0]["seconds"]


SMALL = replace(SETTINGS, examiner=Policy(memory=400 * MEGABYTE))


@pytest.mark.parametrize(
    ("test", "reason", "seconds"),
    [
        ("len(set(map(tuple, data)))", "took too long", 3),
        ("import os\nos.kill(os.getpid(), 9) if data else 0", "stopped", 60),
        ("_ = [b'.' * 100_000_000 for _ in data]", "needed too much memory", 60),
    ],
)
def test_what_check_or_submission_caused_is_left_to_a_person_once(grade, test, reason, seconds):
    tests = [cell(test, "test", "first", 2), TESTS[1]]
    answer = "m = 2**61 - 1\ndata = [[i * m] for i in range(60_000)]"
    settings = replace(SMALL, check_seconds=seconds)
    graded, once = grade(answer, tests=tests, settings=settings)
    assert points(graded) == [None, 1] and graded["failed"] == "" and once
    assert graded["outcome"] == "needs manual review" and reason in graded["marks"][0]["message"]


def test_a_check_that_ends_before_it_has_received_anything_is_the_graders_failure_and_tried_again(grade):
    tests = [cell("import os\nos.kill(os.getpid(), 9)", "test", "first", 2), TESTS[1]]
    graded, once = grade("data = 1", tests=tests)
    assert points(graded) == [None, 1] and graded["failed"] and not once


def test_what_ended_a_check_by_chance_costs_nothing(grade, monkeypatch):
    real, ended = engine._Sitting._answer, []

    def ended_once(sitting, question, arguments):
        reply = real(sitting, question, arguments)
        if not ended:
            ended.append(sitting.examiner._box.kill())
        return reply

    monkeypatch.setattr(engine._Sitting, "_answer", ended_once)
    graded, once = grade("data = 1", settings=SETTINGS)
    assert ended and points(graded) == [2, 1] and graded["outcome"] == "graded" and graded["failed"] == "" and once


def test_files_that_keep_a_kernel_from_starting_are_the_submissions_and_it_is_not_tried_again(grade):
    small = replace(SETTINGS, student=Policy(scratch=5 * MEGABYTE))
    graded, once = grade("data = 1", settings=small, attachments={"large.bin": bytes(20 * MEGABYTE)})
    assert points(graded) == [0, 0] and graded["outcome"] == "kernel died" and graded["failed"] == "" and once
    assert "does not start with the files" in graded["notes"][0]


LOCKED = [cell("import math", "locked", "setup"), cell("import own_package", "locked", "imports"), *TESTS]


def graded_with_locked_cells(tmp_path: Path, files: dict[str, str], *cells: dict) -> dict:
    release = [*LOCKED[:2], cell("data = 1", "answer", "a"), *TESTS]
    for place, lab in {"source": release, "handed in": [*cells, *release]}.items():
        (tmp_path / place).mkdir()
        (tmp_path / place / "lab.ipynb").write_bytes(file_of(lab))
    for name, text in files.items():
        (tmp_path / "handed in" / name).write_text(text)
    folders = str(tmp_path / "handed in"), str(tmp_path / "source")
    try:
        [record] = submission.grade_submission(Job("ada", *folders, ("lab",), str(tmp_path / "evidence"), SETTINGS))
    finally:
        submission.close_examiners()
    return record


def test_a_module_that_the_instructors_cell_needs_and_the_machine_lacks_is_the_graders_failure(tmp_path):
    record = graded_with_locked_cells(tmp_path, {})
    assert points(record) == [None, None] and record["outcome"] == "needs manual review"
    assert "can import own_package" in record["failed"] and "PYTHONPATH does not reach them" in record["failed"]


def test_a_module_that_a_test_imports_and_the_machine_lacks_is_named_costs_nobody_and_is_tried_again(grade):
    tests = [cell("assert data\nimport own_package.parts", "test", "first", 2), TESTS[1]]
    graded, once = grade("data = 1", tests=tests)
    assert points(graded) == [None, 1] and graded["outcome"] == "needs manual review" and not once
    assert "lacks a module that the check imports" in graded["marks"][0]["message"]
    assert (
        "can import own_package, as the test cell 'first' does" in graded["failed"] and "Install it" in graded["failed"]
    )


def test_what_a_test_says_that_the_machine_lacks_is_named_and_tried_again(grade):
    raises = (
        "from nbgrader_isolated.errors import NotAvailableError\nraise NotAvailableError('no weights in /store.')\nf(1)"
    )
    graded, once = grade("data = 1\ndef f(x): return x", tests=[cell(raises, "test", "first", 2), TESTS[1]])
    assert points(graded) == [None, 1] and graded["outcome"] == "needs manual review" and not once
    assert graded["failed"] == "The test cell 'first' lacks something here: no weights in /store."


@pytest.mark.parametrize(
    ("files", "own"),
    [
        ({"math.py": "", "own_package.py": "import gone"}, []),
        ({"own_package.py": ""}, ["import sys\nsys.path.clear()"]),
    ],
    ids=["by a file", "by a cell"],
)
def test_a_module_that_the_submission_takes_away_is_the_submissions(tmp_path, files, own):
    record = graded_with_locked_cells(tmp_path, files, *map(cell, own))
    assert record["failed"] == "" and record["outcome"] in ("graded", "repaired") and None not in points(record)


def test_a_class_with_such_submissions_ends_well(tmp_path, capsys):
    (tmp_path / "nbgrader_config.py").write_text("c = get_config()\nc.GradingEngine.check_seconds = 3\n")
    release = [cell("data = 1", "answer", "a"), *TESTS]
    answers = {"ada": MANY.format(item="i * m") + "data = Many()", "bob": "data = 2"}
    for place, answer in {
        "source/lab": "data = 1",
        **{f"submitted/{name}/lab": said for name, said in answers.items()},
    }.items():
        (tmp_path / place).mkdir(parents=True)
        (tmp_path / place / "lab.ipynb").write_bytes(file_of([cell(answer, "answer", "a"), *release[1:]]))
    nbgrader("generate_assignment", "lab", cwd=tmp_path)
    arguments = ["lab", "--course", str(tmp_path), "--jobs", "1", "--create"]
    assert command.main(arguments) == 0
    before = (tmp_path / "evidence/lab/ada/lab/record.json").stat().st_mtime_ns
    assert command.main(arguments) == 0 and "failed" not in capsys.readouterr().err
    assert (tmp_path / "evidence/lab/ada/lab/record.json").stat().st_mtime_ns == before
    graded = records.read_records(Path(tmp_path) / "evidence" / "lab")
    assert [[mark.points for mark in graded[name][0].marks] for name in ("ada", "bob")] == [[0, 1], [2, 1]]


class Fatal(engine.Settings):
    """Ends the worker that grades with them, as a submission would that gets at the grader's own process."""

    def make_examiner(self, shared=None):
        os._exit(1)


class Surprising(engine.Settings):
    """The grader meets an error in itself."""

    def make_examiner(self, shared=None):
        raise RecursionError


class Full(engine.Settings):
    """The grader meets a machine that cannot grade."""

    def make_examiner(self, shared=None):
        raise OSError(28, "No space left on device")


def class_of(folder: Path, settings: dict[str, engine.Settings], **options) -> list[Job]:
    release = [cell("data = 1", "answer", "a"), *TESTS]
    for place in ("source", *settings):
        (folder / place).mkdir(exist_ok=True)
        (folder / place / "lab.ipynb").write_bytes(file_of(release))
    return [
        Job(name, str(folder / name), str(folder / "source"), ("lab",), str(folder / "e" / name), kind, **options)
        for name, kind in settings.items()
    ]


def graded(work: list[Job]) -> dict[str, Record]:
    found: dict[str, Record] = {}
    with workers.Local(1) as pool:
        batch.run(work, pool, lambda job, records: found.setdefault(job.student, records[0]))
    return found


@pytest.mark.parametrize("kind", [Fatal, Surprising])
def test_grading_that_fails_twice_on_one_submission_alone_is_its_outcome_once(tmp_path, kind):
    for student in ("ada", "bob"):
        make_folder(tmp_path / "e" / student)
    first = graded(class_of(tmp_path, {"ada": kind(), "bob": SETTINGS}))
    assert [mark.points for mark in first["bob"].marks] == [2, 1] and first["bob"].failed == ""
    assert first["ada"].outcome is Outcome.NEEDS_MANUAL_REVIEW and first["ada"].failed == ""
    assert [mark.points for mark in first["ada"].marks] == [None, None] and "--force" in first["ada"].warnings[0]
    # Nothing of these settings is used again: were it graded, it would get its points.
    again = graded(class_of(tmp_path, {"ada": SETTINGS, "bob": SETTINGS}))
    assert again["ada"].notes == first["ada"].notes and again["ada"].failed == "" and again["ada"].warnings == []
    forced = graded(class_of(tmp_path, {"ada": SETTINGS}, force=True))
    assert [mark.points for mark in forced["ada"].marks] == [2, 1] and forced["ada"].outcome is Outcome.GRADED


@pytest.mark.parametrize(("kind", "students"), [(Fatal, ("ada", "bob")), (Full, ("ada",))])
def test_where_nobody_can_be_graded_or_the_machine_is_to_blame_it_is_tried_again(tmp_path, kind, students):
    for student in students:
        make_folder(tmp_path / "e" / student)
    first = graded(class_of(tmp_path, {student: kind() for student in students}))
    assert set(first) == set(students) and all(record.failed for record in first.values())
    again = graded(class_of(tmp_path, dict.fromkeys(students, SETTINGS)))
    assert {tuple(mark.points for mark in record.marks) for record in again.values()} == {(2, 1)}
