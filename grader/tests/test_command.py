"""`grade` on nbgrader's quickstart course: a class of good, bad and broken submissions ends in the gradebook."""

from __future__ import annotations

import csv
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbgrader.api import Gradebook

from nbgrader_isolated.commands import grade as command
from nbgrader_isolated.commands import report
from nbgrader_isolated.errors import BadArgumentError, NotAvailableError
from nbgrader_isolated.gradebook import marks
from nbgrader_isolated.notebook.plain_text import printable
from nbgrader_isolated.run.jobs import find_submissions

ROOT = Path(__file__).resolve().parents[1]
ENVIRONMENT = {
    **os.environ,
    "PYTHONPATH": str(ROOT / "src"),
    "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
}


def nbgrader(*arguments: str, cwd: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "nbgrader", *arguments],
        cwd=cwd,
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr[-3000:]


def rewrite(path: Path, **sources: str) -> None:
    """Gives a notebook's cells new texts, by grade id."""
    notebook = nbformat.read(path, 4)
    for cell in notebook.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id")
        if name in sources:
            cell.source = sources[name]
    nbformat.write(notebook, path)


CONFIGURED = """
from nbgrader_isolated.plugin.configure import configure
configure(c)
"""
SQUARES = "def squares(n):\n    if n < 1:\n        raise ValueError\n    return [i**2 for i in range(1, n + 1)]"
SUM = "def sum_of_squares(n):\n    return sum(squares(n))"


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """The quickstart course with a class of five, graded by the command."""
    where = tmp_path_factory.mktemp("courses")
    nbgrader("quickstart", "course", cwd=where)
    course = where / "course"
    with (course / "nbgrader_config.py").open("a") as file:
        file.write("\nc.GradingEngine.cell_seconds = 60\nc.GradingEngine.start_seconds = 120\n")
    nbgrader("generate_assignment", "ps1", cwd=course)
    for student in ("ada", "bob", "cut", "die", "ümlaut"):
        shutil.copytree(course / "release" / "ps1", course / "submitted" / student / "ps1")
    for student in ("ada", "ümlaut"):
        rewrite(course / "submitted" / student / "ps1" / "problem1.ipynb", squares=SQUARES, sum_of_squares=SUM)
        (course / "submitted" / student / "ps1" / "timestamp.txt").write_text("2030-02-02 15:30:00.000000 UTC\n")
        (course / "submitted" / student / "ps1" / "submission_secret.txt").write_text("a1" * 64)
    (course / "submitted" / "cut" / "ps1" / "problem1.ipynb").write_bytes(b'{"cells": [')
    rewrite(
        course / "submitted" / "die" / "ps1" / "problem1.ipynb",
        squares=SQUARES,
        sum_of_squares="import os; os._exit(1)",
    )
    (course / "submitted" / "eve").mkdir()
    (course / "submitted" / "eve" / "ps1").symlink_to(course / "submitted" / "ada" / "ps1")
    assert command.main(["ps1", "--course", str(course), "--jobs", "2", "--create"]) == 0
    return course


def scores(course: Path, student: str) -> dict[str, float]:
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as book:
        grades = book.find_submission_notebook("problem1", "ps1", student).grades
        return {grade.name: grade.auto_score for grade in grades if grade.cell_type == "code"}


def test_every_submission_has_its_marks_in_the_gradebook(course):
    right = {
        "correct_squares": 1,
        "squares_invalid_input": 1,
        "correct_sum_of_squares": 0.5,
        "sum_of_squares_uses_squares": 0.5,
    }
    auto = {name: points for name, points in scores(course, "ada").items() if name in right}
    assert auto == right
    assert {name: p for name, p in scores(course, "ümlaut").items() if name in right} == right
    assert {name: p for name, p in scores(course, "bob").items() if name in right} == dict.fromkeys(right, 0)
    assert {name: p for name, p in scores(course, "cut").items() if name in right} == dict.fromkeys(right, 0)
    died = {name: p for name, p in scores(course, "die").items() if name in right}
    assert died == {**dict.fromkeys(right, 0), "correct_squares": 1, "squares_invalid_input": 1}


def test_manual_answers_wait_for_a_person_and_a_link_is_no_submission(course):
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as book:
        ada = {g.name: g for g in book.find_submission_notebook("problem1", "ps1", "ada").grades}
        assert ada["sum_of_squares_equation"].auto_score == 0  # left as it was handed out
        assert not ada["correct_squares"].needs_manual_grade
        assert "eve" not in [student.id for student in book.students]
        assert book.find_submission("ps1", "ada").timestamp.year == 2030


def test_feedback_says_the_outcome_and_shows_no_hidden_line(course):
    nbgrader("generate_feedback", "ps1", cwd=course)
    dead = (course / "feedback" / "die" / "ps1" / "problem1.html").read_text()
    assert "Kernel died." in dead and "Not checked: The notebook&#39;s process ended" in dead.replace("'", "&#39;")
    receipts = course / "feedback" / "ada" / "ps1"  # `nbgrader release_feedback` opens both
    assert (receipts / "timestamp.txt").read_text() == "2030-02-02 15:30:00.000000 UTC\n"
    assert (receipts / "submission_secret.txt").read_text() == "a1" * 64
    cut = (course / "feedback" / "cut" / "ps1" / "problem1.html").read_text()
    assert "Not a notebook." in cut and "Was it cut off" in cut
    assert "raise ValueError(&quot;n must be" not in cut


def test_nbgraders_own_autograde_gives_the_same_marks_through_the_engine(course):
    """With the settings of the README, also for the file that stock nbgrader could not even open."""
    before = {student: scores(course, student) for student in ("ada", "bob", "cut", "die")}
    bob, secret = course / "submitted" / "bob" / "ps1", course / "secret.txt"
    secret.write_text("2031-01-01 00:00:00.000000 UTC")
    (bob / "secret.csv").symlink_to(secret)
    (bob / "timestamp.txt").symlink_to(secret)
    os.mkfifo(bob / "submission_secret.txt")
    (bob / "own.csv").write_text("1,2")
    with (course / "nbgrader_config.py").open("a") as file:
        file.write(CONFIGURED)
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as book:
        for student in before:
            for grade in book.find_submission_notebook("problem1", "ps1", student).grades:
                grade.auto_score = 0.125
        book.db.commit()
    nbgrader("autograde", "ps1", "--force", cwd=course)
    assert {student: scores(course, student) for student in before} == before
    assert set(scores(course, "eve").values()) == {0.0}  # a link to another's folder earns nothing of it
    autograded = (course / "autograded" / "cut" / "ps1" / "problem1.ipynb").read_text()
    assert "Not a notebook" in autograded and "n must be greater" not in autograded
    notebooks = ["problem1.ipynb", "problem2.ipynb"]
    for student, files in (
        ("bob", ["own.csv"]),
        ("ada", ["submission_secret.txt", "timestamp.txt"]),
    ):  # of links and pipes nothing was copied
        there = sorted(path.name for path in (course / "autograded" / student / "ps1").iterdir())
        assert there == sorted([*notebooks, "jupyter.png", *files])
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as book:
        assert book.find_submission("ps1", "bob").timestamp is None
        assert book.find_submission("ps1", "ada").timestamp.year == 2030


def test_whoever_is_not_on_the_roster_is_named_and_not_graded(course, capsys):
    shutil.copytree(course / "release" / "ps1", course / "submitted" / "adda" / "ps1")
    try:
        assert command.main(["ps1", "--course", str(course), "--jobs", "1", "--student", "adda"]) == 1
        said = capsys.readouterr()
        assert "adda\n" in said.err and "nbgrader db student add" in said.err and "--create" in said.err
        assert not (course / "evidence" / "ps1" / "adda").exists()
        with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as book:
            assert "adda" not in [student.id for student in book.students]
    finally:
        shutil.rmtree(course / "submitted" / "adda")


def test_a_hand_marked_answer_waits_again_only_when_it_has_changed(course):
    """nbgrader alone asks for every one of them again, each time the class is graded."""
    question, notebook = "sum_of_squares_equation", course / "submitted" / "ümlaut" / "ps1" / "problem1.ipynb"

    def grade(answer: str | None = None) -> bool:
        if answer is not None:
            rewrite(notebook, **{question: answer})
        assert command.main(["ps1", "--course", str(course), "--jobs", "1", "--student", "ümlaut"]) == 0
        with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as book:
            return book.find_grade(question, "problem1", "ps1", "ümlaut").needs_manual_grade

    def mark(points: float) -> None:
        with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as book:
            grade = book.find_grade(question, "problem1", "ps1", "ümlaut")
            grade.manual_score, grade.needs_manual_grade = points, False
            book.db.commit()

    assert grade("An answer.")
    mark(0.5)
    assert not grade()
    rewrite(notebook, squares=SQUARES + "\n# another answer, elsewhere")
    assert not grade()
    assert grade("Another answer.")
    assert grade()  # nobody has looked at it yet


def test_a_regrade_writes_down_what_it_changed(course):
    source = course / "source" / "ps1" / "problem1.ipynb"
    table, before = course / "evidence" / "ps1" / "changes.csv", source.read_bytes()
    arguments = ["ps1", "--course", str(course), "--jobs", "1", "--student", "ada", "--reexamine"]
    try:
        rewrite(source, correct_sum_of_squares="assert sum_of_squares(1) == 2")
        assert command.main(arguments) == 0
    finally:
        source.write_bytes(before)
    assert command.main([*arguments[:-1], "--force"]) == 0
    rows = [row.split(",")[1:] for row in table.read_text().splitlines()]
    changed = ["ada", "problem1", "correct_sum_of_squares"]
    assert rows == [["student", "notebook", "test", "before", "after"], [*changed, "0.5", "0"], [*changed, "0", "0.5"]]


def test_export_and_manual_marks_go_on_working_and_a_second_run_repeats_nothing(course, capsys):
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as book:
        book.find_grade("correct_squares", "problem1", "ps1", "bob").manual_score = 0.75
        book.db.commit()
    before = {p: p.stat().st_mtime_ns for p in (course / "evidence").rglob("record.json")}
    assert len(before) >= 10
    assert command.main(["ps1", "--course", str(course), "--jobs", "1"]) == 0
    assert {p: p.stat().st_mtime_ns for p in (course / "evidence").rglob("record.json")} == before
    assert "5 submissions" in capsys.readouterr().out
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as book:
        assert book.find_grade("correct_squares", "problem1", "ps1", "bob").score == 0.75
    nbgrader("export", "--to", "grades.csv", cwd=course)
    assert "ada" in (course / "grades.csv").read_text()


def test_the_report_shows_marks_and_outcomes_and_writes_csv_without_formulas(course, tmp_path, capsys):
    assert report.main(["ps1", "--course", str(course), "--csv", str(tmp_path / "t.csv")]) == 0
    printed = capsys.readouterr().out
    assert "correct_squares: mean 0." in printed
    lines = {line.split()[0]: line.split() for line in printed.splitlines() if line.strip()}
    assert lines["ada"][1] == "graded" and "kernel died" in printed and "not a notebook" in printed
    assert "eve, problem1: The folder handed in is a link" in printed
    with (tmp_path / "t.csv").open(newline="") as file:
        rows = {row["student"]: row for row in csv.DictReader(file)}
    bob = rows["bob"]
    assert bob["by hand"] == "0.75"  # one of his marks was overridden by hand
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as book:
        assert float(rows["ada"]["total"]) == book.find_submission("ps1", "ada").score >= 3
        his = book.find_submission("ps1", "bob")
        assert (float(bob["total"]), float(bob["of"])) == (his.score, his.max_score)
    assert (rows["ada"]["handed in (UTC)"], bob["late"]) == ("2030-02-02 15:30", "not known")
    assert "Handed in something else since it was graded; grade again: ümlaut." not in printed
    rewrite(course / "submitted" / "ümlaut" / "ps1" / "problem1.ipynb", squares="pass")
    assert report.main(["ps1", "--course", str(course)]) == 0
    assert "Handed in something else since it was graded; grade again: ümlaut." in capsys.readouterr().out


def test_what_is_kept_as_evidence_is_for_the_instructor_only(course):
    folder = course / "evidence" / "ps1" / "ada" / "problem1"
    assert all(path.stat().st_mode & 0o077 == 0 for path in (folder, *folder.iterdir())) and list(folder.glob("*.wire"))
    assert json.loads((folder / "record.json").read_text())["outcome"] == "graded"
    assert (folder / "received.ipynb").read_bytes() == (
        course / "submitted" / "ada" / "ps1" / "problem1.ipynb"
    ).read_bytes()


def test_mistakes_of_the_instructor_are_explained(course, tmp_path):
    with pytest.raises(BadArgumentError, match=r"no nbgrader_config\.py"):
        command.main(["ps1", "--course", str(tmp_path)])
    with pytest.raises(NotAvailableError, match="nbgrader generate_assignment ps9"):
        command.main(["ps9", "--course", str(course)])
    with pytest.raises(BadArgumentError, match="'nobody' has handed in nothing"):
        command.main(["ps1", "--course", str(course), "--student", "nobody"])


def test_a_gradebook_without_a_roster_and_a_missing_source_are_explained(course, tmp_path):
    place = tmp_path / "course"
    for name in ("source", "submitted/ada"):
        shutil.copytree(course / name, place / name)
    (place / "nbgrader_config.py").write_text("c = get_config()\n")
    nbgrader("generate_assignment", "ps1", cwd=place)
    with pytest.raises(NotAvailableError, match=r"nbgrader db student import roster\.csv.*--create"):
        command.main(["ps1", "--course", str(place)])
    (place / "source" / "ps1" / "problem2.ipynb").unlink()
    with pytest.raises(NotAvailableError, match=r"knows the notebook 'problem2'.*nbgrader generate_assignment ps1"):
        command.main(["ps1", "--course", str(place), "--create"])


def test_without_a_sandbox_both_commands_refuse_and_with_consent_every_report_says_so(course, tmp_path):
    """Real processes, for which bubblewrap is nowhere to be found."""
    place = tmp_path / "course"
    for name in ("source", "release", "submitted/ada"):
        shutil.copytree(course / name, place / name)
    shutil.copy(course / "gradebook.db", place)
    settings = (course / "nbgrader_config.py").read_text().replace(CONFIGURED, "")
    bare = {**ENVIRONMENT, "PATH": "/nowhere"}

    def run(*arguments: str) -> tuple[int, str, str]:
        done = subprocess.run(
            [sys.executable, "-W", "ignore", "-m", *arguments], cwd=place, env=bare, capture_output=True, text=True
        )
        return done.returncode, done.stdout, done.stderr

    (place / "nbgrader_config.py").write_text(settings + CONFIGURED)
    for arguments in (["nbgrader_isolated.cli", "grade", "ps1"], ["nbgrader", "autograde", "ps1"]):
        status, said, errors = run(*arguments)
        assert status == 1 and "apt install bubblewrap" in errors and "consent_to_no_sandbox" in errors, errors
        assert "Traceback" not in said + errors
        assert not (place / "evidence").exists() and not (place / "autograded").exists()
    (place / "nbgrader_config.py").write_text(f"{settings}\nc.GradingEngine.consent_to_no_sandbox = True\n")
    status, said, errors = run("nbgrader_isolated.cli", "grade", "ps1", "--jobs", "1")
    assert status == 0 and "ada: graded, 3 of 3 points" in said, said + errors
    assert said.splitlines()[-1].startswith("WITHOUT A SANDBOX: students' code ran with the rights of")
    status, said, _ = run("nbgrader_isolated.cli", "report", "ps1")
    assert status == 0 and "\nGraded WITHOUT A SANDBOX: ada.\n" in said


def test_of_what_a_student_calls_receipts_only_what_nbgrader_writes_is_kept(tmp_path):
    submitted, graded = tmp_path / "submitted", tmp_path / "graded"
    submitted.mkdir()
    graded.mkdir()

    def kept(timestamp: bytes, secret: bytes) -> dict[str, bytes]:
        (submitted / "timestamp.txt").write_bytes(timestamp)
        (submitted / "submission_secret.txt").write_bytes(secret)
        marks.keep_receipts(submitted, graded)
        return {path.name: path.read_bytes() for path in graded.iterdir()}

    good = {"timestamp.txt": b"2030-02-02 15:30:00.000000 UTC", "submission_secret.txt": b"0f" * 64}
    assert kept(*good.values()) == good
    assert kept(b"yesterday, I swear", b"\xff\xfe") == {}  # and what was there before is gone
    assert kept(good["timestamp.txt"] + b" " * 200, b"../../elsewhere") == {}
    assert kept(good["timestamp.txt"], b"a" * 200) == {"timestamp.txt": good["timestamp.txt"]}
    (tmp_path / "another name").hardlink_to(submitted / "timestamp.txt")
    marks.keep_receipts(submitted, graded)
    assert list(graded.iterdir()) == []


def test_submissions_are_found_by_folder_and_links_are_not_followed(tmp_path):
    (tmp_path / "a b" / "ps1").mkdir(parents=True)
    (tmp_path / "l").symlink_to(tmp_path / "a b")
    found = find_submissions(f"{tmp_path}/(?P<student_id>[^/]+)/ps1", f"{tmp_path}/*/ps1")
    assert [student for student, _ in found] == ["a b"]


def test_a_students_name_cannot_drive_the_terminal():
    assert printable("a\x1b[2Jb\nc") == "a\\x1b[2Jb\\nc"
