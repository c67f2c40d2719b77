"""`make demo`: eight ways to hand in lab 1, each with the outcome it deserves. Takes about two minutes."""

import csv
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from cells import points_of_tests
from nbgrader.api import Gradebook

# Eight notebooks are run and graded; a busy machine takes several times as long as a quiet one.
pytestmark = pytest.mark.timeout(1800)

ROOT = Path(__file__).resolve().parents[2]
POINTS = points_of_tests(ROOT / "labs/lab1/lab1.ipynb")
FULL = list(POINTS.values())


def run(folder):
    return subprocess.run(
        [sys.executable, ROOT / "tools/demo.py", "--dir", folder], capture_output=True, text=True, cwd=folder.parent
    )


def in_the_repository():
    """What lies in the repository, but for hidden folders: tools that run beside this test keep their caches there."""
    return sorted(path.name for path in ROOT.iterdir() if not path.name.startswith("."))


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """The demo, run once as the command runs it, in a folder whose name has a space."""
    folder = tmp_path_factory.mktemp("demo") / "sample class"
    before = in_the_repository()
    done = run(folder)
    assert done.returncode == 0, done.stdout + done.stderr
    assert in_the_repository() == before, "the demo left something in the repository"
    with open(folder / "gradebook.csv", newline="", encoding="utf-8") as file:
        table = {row["student"]: row for row in csv.DictReader(file)}
    return folder, done.stdout, table


def marks(row):
    return [float(row[name]) for name in POINTS]


def test_a_perfect_notebook_has_all_automatic_points_and_a_question_to_come(demo):
    _, _, table = demo
    assert marks(table["perfect"]) == FULL
    assert table["perfect"]["question-pooling"] == "to mark"
    assert float(table["perfect"]["total"]) == sum(FULL)
    assert "waits for a person" in table["perfect"]["outcome"]


def test_part_of_an_answer_earns_part_of_the_points(demo):
    _, _, table = demo
    got = {name.removeprefix("test-"): float(table["partial"][name]) for name in POINTS}
    assert 10 <= got["prepare-batch"] < 20
    assert got["top-five"] == 20
    assert 0 < got["parameters-by-block"] < 20
    assert got["penultimate"] == 0
    assert 0 < got["rebuild"] < 15


def test_a_mark_given_by_hand_counts_and_its_comment_reaches_the_student(demo):
    folder, _, table = demo
    assert table["partial"]["question-pooling"] == "6"
    assert float(table["partial"]["total"]) == sum(marks(table["partial"])) + 6
    assert table["partial"]["outcome"] == "graded"
    assert "Well argued." in (folder / "feedback/partial/lab1/lab1.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("again", ["--force", "--reexamine"])
def test_a_mark_given_by_hand_and_its_comment_outlast_a_regrade(demo, again):
    folder, _, table = demo
    record = folder / "evidence/lab1/partial/lab1/record.json"
    before = record.stat().st_mtime_ns
    line = [sys.executable, "-m", "course_utils", "grade", "lab1", "--student", "partial", "--jobs", "1", again]
    done = subprocess.run(line, capture_output=True, text=True, cwd=folder)
    assert done.returncode == 0, done.stdout + done.stderr
    assert record.stat().st_mtime_ns > before
    with Gradebook(f"sqlite:///{folder / 'gradebook.db'}") as book:
        mark = book.find_grade("question-pooling", "lab1", "lab1", "partial")
        assert (mark.manual_score, mark.needs_manual_grade) == (6, False)
        comment = book.find_comment("question-pooling", "lab1", "lab1", "partial")
        assert comment.comment.startswith("Well argued. Your table also shows")
        assert book.find_submission("lab1", "partial").score == float(table["partial"]["total"])


@pytest.mark.browser
def test_a_student_sees_every_figure_in_the_feedback(demo):
    from playwright.sync_api import sync_playwright

    folder, _, _ = demo
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    assert chromium, "No Chromium was found; install it (apt.txt names Debian's package)."
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page()
        # MathJax would be asked for from the net; the figures are in the page itself.
        page.goto((folder / "feedback/perfect/lab1/lab1.html").as_uri(), wait_until="domcontentloaded")
        widths = page.evaluate(
            "() => Promise.all([...document.images].map(i => i.decode().then(() => i.naturalWidth)))"
        )
        described = page.evaluate("() => [...document.images].map(image => image.alt)")
        browser.close()
    assert len(widths) >= 2
    assert min(widths) > 400
    assert all(described)


def test_plausible_wrong_answers_earn_less_than_half(demo):  # one mistake costs one criterion, not the exercise
    folder, _, table = demo
    assert 0 < float(table["wrong"]["total"]) < sum(FULL) / 2
    assert "✘ Not yet: top_five" in (folder / "feedback/wrong/lab1/lab1.html").read_text(encoding="utf-8")


def test_an_error_in_one_answer_costs_that_exercise_only(demo):
    _, _, table = demo
    assert marks(table["crashed-cell"]) == [0, *FULL[1:]]


def test_a_killed_kernel_keeps_the_marks_before_it_and_a_broken_file_is_named(demo):
    _, _, table = demo
    assert table["crashed-kernel"]["outcome"] == "kernel died"
    assert marks(table["crashed-kernel"]) == [20, 0, 0, 0, 0]
    assert table["not-a-notebook"]["outcome"] == "not a notebook"
    assert marks(table["not-a-notebook"]) == [0] * 5


def test_an_untouched_notebook_is_recognised(demo):
    _, _, table = demo
    assert float(table["empty"]["total"]) == 0
    assert "nothing was answered" in table["empty"]["outcome"]


def test_two_started_days_late_cost_two_tenths(demo):
    _, _, table = demo
    assert marks(table["late"]) == FULL
    assert (float(table["late"]["late"]), float(table["late"]["total"])) == (-18, 72)


def test_the_table_and_where_things_lie_are_printed(demo):
    folder, printed, table = demo
    for student in table:
        assert f"\n{student} " in printed
    assert f"{folder}/feedback" in printed
    with open(folder / "grades.csv", newline="") as file:
        exported = {row["student_id"]: float(row["score"]) for row in csv.DictReader(file)}
    assert exported == {student: float(row["total"]) for student, row in table.items()}


def test_a_folder_that_is_not_a_demo_is_left_alone(tmp_path):
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis/draft.txt").write_text("years of work")
    done = run(tmp_path / "thesis")
    assert done.returncode != 0
    assert "not an earlier demo" in done.stderr
    assert (tmp_path / "thesis/draft.txt").read_text() == "years of work"


def test_without_a_sandbox_the_demo_says_what_to_do_and_makes_nothing(tmp_path):
    """A real process, for which bubblewrap is nowhere to be found."""
    done = subprocess.run(
        [sys.executable, ROOT / "tools/demo.py", "--dir", tmp_path / "demo"],
        capture_output=True,
        text=True,
        env={**os.environ, "PATH": "/nowhere"},
    )
    assert done.returncode == 1
    assert "apt install bubblewrap" in done.stderr and "Traceback" not in done.stderr
    assert not (tmp_path / "demo").exists()
