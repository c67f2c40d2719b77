"""Marking again from evidence: a fixed test gets its marks without the students' code, unless it has to call some."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from test_engine import SETTINGS, cell, file_of

from nbgrader_isolated.gradebook import changes
from nbgrader_isolated.outcomes import LIKE_ANOTHER, Mark, Outcome, Record
from nbgrader_isolated.run import records, submission
from nbgrader_isolated.run.evidence import Earlier, Evidence
from nbgrader_isolated.run.jobs import Job

ANSWERS = [
    cell("import time\nstamp = time.time_ns()\nprint('run at', stamp)"),
    cell("values = [1, 2, 3]", "answer", "values"),
    cell("def when():\n    return stamp", "answer", "when"),
]


def course(wanted: str, *, calls: str = "pass") -> list[dict]:
    return [
        *ANSWERS,
        cell(f"print(stamp)\nassert values == {wanted}, 'other values'", "test", "test-values", 2),
        cell(calls, "test", "test-when", 1),
    ]


@pytest.fixture
def grade(tmp_path):
    (tmp_path / "handed in").mkdir()
    (tmp_path / "source").mkdir()
    (tmp_path / "handed in" / "lab.ipynb").write_bytes(file_of(course("[1, 2, 4]")))

    def run(source: list[dict], *, again: bool = False, newer: list[dict] | None = None, settings=SETTINGS) -> dict:
        if newer is not None:
            (tmp_path / "handed in" / "lab.ipynb").write_bytes(file_of(newer))
        (tmp_path / "source" / "lab.ipynb").write_bytes(file_of(source))
        folders = str(tmp_path / "handed in"), str(tmp_path / "source")
        job = Job("ada", *folders, ("lab",), str(tmp_path / "evidence"), settings, again=again)
        record = Record.from_plain(submission.grade_submission(job)[0])
        outputs = json.dumps([made.get("outputs") for made in record.cells["cells"][:3]])
        marks = {mark.grade_id: mark for mark in record.marks}
        return {"record": record, "points": {n: m.points for n, m in marks.items()}, "marks": marks, "ran": outputs}

    yield run
    submission.close_examiners()


def test_a_mended_test_is_marked_from_what_was_received(grade):
    first = grade(course("[1, 2, 4]"))
    assert first["points"] == {"test-values": 0, "test-when": 1}
    again = grade(course("[1, 2, 3]"), again=True)
    assert again["points"] == {"test-values": 2, "test-when": 1}
    assert again["marks"]["test-values"].printed == first["marks"]["test-values"].printed  # a value of the first run
    assert (again["ran"], again["record"].outcome) == (first["ran"], Outcome.GRADED)
    assert again["record"].peak_memory == first["record"].peak_memory
    assert grade(course("[1, 2, 3]"), again=True)["points"] == again["points"]  # the evidence is still there


def test_a_test_that_calls_a_function_or_asks_for_something_new_runs_the_students_cells(grade):
    first = grade(course("[1, 2, 3]"))
    again = grade(course("[1, 2, 3]", calls="print(when())\nassert when() == stamp"), again=True)
    assert again["points"] == {"test-values": 2, "test-when": 1}
    assert again["marks"]["test-values"].printed == first["marks"]["test-values"].printed
    assert again["marks"]["test-when"].printed != first["marks"]["test-values"].printed  # the cells have run again
    assert again["ran"] != first["ran"]


def test_another_seed_is_another_test_and_everybody_is_graded_again(grade):
    first = grade(course("[1, 2, 4]"))
    assert grade(course("[1, 2, 4]"))["ran"] == first["ran"]  # nothing has changed
    settings = replace(SETTINGS, examiner_environment={"SEED": "2"}, public_seed=True)
    other = grade(course("[1, 2, 4]"), settings=settings)
    assert other["ran"] != first["ran"] and other["record"].public_seed and not first["record"].public_seed


def test_without_evidence_everything_is_run(grade):
    assert grade(course("[1, 2, 3]"), again=True)["points"] == {"test-values": 2, "test-when": 1}


def test_what_was_handed_in_since_is_graded_by_the_next_run(grade, tmp_path):
    """Marking again is about what was received then; its record must not pass for the newer work's."""
    assert grade(course("[1, 2, 4]"))["points"] == {"test-values": 0, "test-when": 1}
    newer = [ANSWERS[0], cell("values = [5]", "answer", "values"), *course("[1, 2, 3]")[2:]]
    (tmp_path / "handed in" / "data.csv").write_text("1")
    again = grade(course("[1, 2, 3]"), again=True, newer=newer)
    assert again["points"] == {"test-values": 2, "test-when": 1}
    (tmp_path / "handed in" / "data.csv").unlink()
    assert grade(course("[1, 2, 3]"))["points"] == {"test-values": 0, "test-when": 1}
    again = grade(course("[5]"), again=True)
    (tmp_path / "handed in" / "data.csv").write_text("a newer file next to the same notebook")
    assert again["points"]["test-values"] == 2
    assert grade(course("[5]"))["ran"] != again["ran"]


SALTED = [
    cell("try:\n    from helper import tell\nexcept ImportError:\n    tell = abs", "answer", "a"),
    cell("import os\nprint(os.environ['GRADING_SALT'])\nassert tell(1) == 1", "test", "test-salt", 1),
]


def test_the_same_notebook_with_another_attachment_meets_other_hidden_inputs(grade, tmp_path):
    """Or a helper could write down what a function was given, and its next version answer exactly that."""
    helper = tmp_path / "handed in" / "helper.py"

    def salt(**options: object) -> str:
        marks = grade(SALTED, newer=SALTED, **options)["marks"]
        assert marks["test-salt"].points == 1
        return marks["test-salt"].printed

    alone = salt()
    helper.write_text("def tell(x):\n    print(x)\n    return x\n")
    first = salt()
    assert salt(again=True) == salt(again=True) == first != alone
    helper.write_text("def tell(x):\n    return 1\n")
    again = salt(again=True)  # of the notebook that was received, and with another helper
    second = salt()
    assert len({alone, first, second}) == 3 and again == second
    (tmp_path / "handed in" / "the answer is 1").mkdir()
    assert salt() not in (alone, first, second)


def test_marking_again_forgets_likeness_and_nothing_else(grade, tmp_path):
    """What comparison had set is set again by it, if need be; how the cells had ended stays."""
    first = grade(course("[1, 2, 4]"))["record"]
    first.notes = ["A cell was stopped.", LIKE_ANOTHER]
    first.alone, first.outcome = str(Outcome.TIMED_OUT), Outcome.NEEDS_MANUAL_REVIEW
    records.rewrite(tmp_path / "evidence" / "lab", first)
    again = grade(course("[1, 2, 3]"), again=True)["record"]
    assert (again.outcome, again.alone, again.notes) == (Outcome.TIMED_OUT, "", ["A cell was stopped."])


def test_a_change_of_mark_is_a_row_and_no_cell_is_a_formula(tmp_path):
    def record(*points: float | None) -> list[Record]:
        marks = [Mark(f"test-{n}", p, 2) for n, p in enumerate(points)]
        return [Record("lab", Outcome.GRADED, marks=marks)]

    table = tmp_path / "changes.csv"
    changes.note_changes(table, "=ada", [], record(1, 1, 1))  # the first marks are no change
    changes.note_changes(table, "=ada", record(1, 2, 0.5), record(1, 2, 0.5))
    assert not table.exists()
    changes.note_changes(table, "=ada", record(1, 2, None), record(1, 0.5, 0))
    changes.note_changes(table, "bob", record(0), record(None))
    heads, *rows = csv.reader(table.read_text().splitlines())
    assert heads == ["when", "student", "notebook", "test", "before", "after"]
    assert [row[1:] for row in rows] == [
        ["'=ada", "lab", "test-1", "2", "0.5"],
        ["'=ada", "lab", "test-2", "open", "0"],
        ["bob", "lab", "test-0", "0", "open"],
    ]
    assert datetime.fromisoformat(rows[0][0]).utcoffset() == timedelta(0)
    assert table.stat().st_mode & 0o077 == 0


def test_evidence_holds_each_variable_once_and_small_answers_of_functions(tmp_path):
    kept = Evidence(tmp_path, 2_000_000)
    call = {"op": "call", "of": 1, "without": []}
    model, large = b"m" * 1_500_000, b"l" * 900_000
    kept.reply("first", {"op": "get", "name": "model"}, model)
    kept.reply("second", {"op": "get", "name": "model"}, model)
    kept.reply("second", call, b"network" * 200_000)
    kept.reply("second", call, b"small")
    kept.reply("second", {"op": "get", "name": "large"}, large)  # beyond the limit
    kept.reply("second", {"op": "get", "name": "late"}, b"late")
    kept.close()
    names = sorted(path.name for path in tmp_path.glob("*.wire"))
    assert names == ["0001-get-model.wire", "0002-call-.wire", "0003-get-late.wire"]
    earlier = Earlier(tmp_path)
    assert earlier.find("first", "model")[1] == earlier.find("second", "model")[1] == model
    assert earlier.find("second", "late")[1] == b"late"
    assert earlier.find("second", "large") is None
