"""Lab 1 through nbgrader, by the commands an instructor and a student type: release, fetch, submit, collect, grade, export.

One course, one student, no flags: each test looks at what the commands left behind. Takes about a minute and a half.
"""

import csv
import getpass
import http.client
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import quote

import nbformat
import pytest
from cells import points_of_tests
from nbgrader.api import Gradebook
from nbgrader.preprocessors import AssignLatePenalties

from nbgrader_isolated.gradebook.late import LatePenalty, penalty

ROOT = Path(__file__).resolve().parents[2]
POINTS = points_of_tests(ROOT / "labs/lab1/lab1.ipynb")
sys.path.insert(0, str(ROOT / "tools"))

import sample_class  # noqa: E402

STUDENT = getpass.getuser()
SCRIPT = "<script>alert('from a student')</script>"


class Course:
    """A copy of the course in a temporary folder, with nbgrader's commands run from its root."""

    def __init__(self, folder):
        self.root = folder / "a course"
        self.root.mkdir()
        (self.root / "secret_seed.txt").touch(0o600)
        (self.root / "secret_seed.txt").write_text("seven quiet herons at dusk", encoding="utf-8")
        shutil.copy(ROOT / "nbgrader_config.py", self.root)
        for kind in ("solutions", "labs"):
            shutil.copytree(ROOT / kind / "lab1", self.root / kind / "lab1")
        programs = str(Path(sys.executable).parent)
        self.environment = os.environ | {
            "PATH": os.pathsep.join([programs, os.environ["PATH"]]),
            # Nothing of this user's Jupyter gets in, nothing of this test gets out.
            "JUPYTER_CONFIG_DIR": str(folder / "config"),
            "JUPYTER_DATA_DIR": str(folder / "data"),
            "JUPYTER_RUNTIME_DIR": str(folder / "runtime"),
        }
        self.environment.pop("TRANSFER_LEARNING_EXCHANGE", None)
        self.said = {}

    def nbgrader(self, *arguments):
        """Runs one command; what it says is kept under the command's name."""
        done = subprocess.run(
            ["nbgrader", *arguments], cwd=self.root, env=self.environment, capture_output=True, text=True, timeout=300
        )
        self.said[arguments[0]] = done.stdout + done.stderr
        assert done.returncode == 0, self.said[arguments[0]]

    def gradebook(self):
        return Gradebook(f"sqlite:///{self.root / 'gradebook.db'}")


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """The whole cycle. The student is right throughout, adds a script, and hands in a day and a bit too late.

    Two days and a bit after the due date, that is, of which one is an extension for this lab.
    """
    course = Course(tmp_path_factory.mktemp("cycle"))
    (course.root / "solutions" / "lab2").mkdir()
    with (course.root / "extensions.csv").open("w", encoding="utf-8") as file:
        os.chmod(file.name, 0o600)
        file.write(f"assignment,student,days\nlab1,{STUDENT},1\nlab2,{STUDENT},9\n")
    course.nbgrader("generate_assignment", "lab1")
    with course.gradebook() as gradebook:
        due = datetime.now(UTC).replace(tzinfo=None) - timedelta(hours=54)
        gradebook.update_or_create_assignment("lab1", duedate=due)
    course.nbgrader("db", "student", "add", STUDENT)
    course.nbgrader("release_assignment", "lab1")
    course.nbgrader("list")
    course.nbgrader("fetch_assignment", "lab1")
    mine = course.root / "work/labs/lab1/lab1.ipynb"
    answers = sample_class.answers(course.root / "solutions/lab1/lab1.ipynb")
    answers["question-pooling"] = f"Pooling keeps one number per channel. {SCRIPT}"
    mine.write_bytes(sample_class.fill_in(mine, answers))
    course.nbgrader("validate", str(mine.relative_to(course.root)))
    course.nbgrader("submit", "lab1")
    course.nbgrader("collect", "lab1")
    course.nbgrader("autograde", "lab1")
    course.nbgrader("generate_feedback", "lab1")
    course.nbgrader("release_feedback", "lab1")
    course.nbgrader("fetch_feedback", "lab1")
    course.nbgrader("export")
    return course


def test_generating_writes_the_bytes_that_are_committed(course):
    assert (course.root / "labs/lab1/lab1.ipynb").read_bytes() == (ROOT / "labs/lab1/lab1.ipynb").read_bytes()


def test_the_gradebook_knows_the_lab_and_all_its_points(course):
    released = nbformat.read(ROOT / "labs/lab1/lab1.ipynb", as_version=4)
    points = sum(cell.metadata.get("nbgrader", {}).get("points", 0) for cell in released.cells)
    with course.gradebook() as gradebook:
        assert gradebook.find_assignment("lab1").max_score == points > 90


def test_the_lab_is_listed_and_students_get_only_what_was_released(course):
    assert "transfer-learning lab1" in course.said["list"]
    fetched = sorted(path.name for path in (course.root / "exchange/transfer-learning/outbound/lab1").rglob("*"))
    assert fetched == sorted(path.name for path in (ROOT / "labs/lab1").iterdir())


def test_a_right_notebook_validates(course):
    assert "Success! Your notebook passes all the tests." in course.said["validate"]


def test_a_right_notebook_earns_every_automatic_mark_and_waits_for_a_person(course):
    with course.gradebook() as gradebook:
        submission = gradebook.find_submission_notebook("lab1", "lab1", STUDENT)
        marks = {mark.name: mark for mark in submission.grades}
        earned = {name: mark.auto_score for name, mark in marks.items() if not mark.needs_manual_grade}
        assert earned == POINTS
        assert [name for name, mark in marks.items() if mark.needs_manual_grade] == ["question-pooling"]
        assert submission.score == sum(earned.values())


def test_a_day_and_a_bit_late_costs_two_tenths_of_what_was_earned(course):
    with course.gradebook() as gradebook:
        assert gradebook.find_submission("lab1", STUDENT).late_submission_penalty == pytest.approx(
            0.2 * sum(POINTS.values())
        )


@pytest.mark.parametrize(
    ("hours", "lost"),
    [(-1, 0), (0.2, 0), (0.26, 9), (24, 9), (24.1, 18), (100, 45), (10_000, 45)],
)
def test_a_late_submission_loses_a_tenth_per_started_day_and_at_most_half(hours, lost):
    assert penalty(90, 3600 * hours, per_day=0.1, at_most=0.5, grace=15 * 60) == pytest.approx(lost)


def test_an_extension_moves_the_due_date_of_one_student_in_one_lab(tmp_path):
    (tmp_path / "extensions.csv").write_text("assignment,student,days\nlab1,ada,2\n")

    def plugin_of(lab):
        """As nbgrader makes it: its parent alone knows the assignment."""
        parent = AssignLatePenalties()
        parent.assignment_id = lab
        return LatePenalty(parent=parent, extensions=str(tmp_path / "extensions.csv"))

    day = 24 * 3600
    plugin = plugin_of("lab1")
    assert plugin.late_submission_penalty("ada", 90, 1.9 * day) == 0
    assert plugin.late_submission_penalty("ada", 90, 2.5 * day) == pytest.approx(9)
    assert plugin.late_submission_penalty("grace", 90, 1.9 * day) == pytest.approx(18)
    assert plugin_of("lab2").late_submission_penalty("ada", 90, 1.9 * day) == pytest.approx(18)


def test_feedback_shows_what_the_checks_said_and_runs_nothing_of_the_student(course):
    page = (course.root / "feedback" / STUDENT / "lab1/lab1.html").read_text(encoding="utf-8")
    assert "✔ Right: prepare_batch" in page
    assert "(20 of 20 points)" in page
    assert "Pooling keeps one number per channel." in page
    assert SCRIPT not in page


def test_the_student_fetches_the_feedback_that_was_released(course):
    (page,) = (course.root / "work/labs/lab1/feedback").rglob("*.html")
    assert page.name == "lab1.html"
    assert page.read_bytes() == (course.root / "feedback" / STUDENT / "lab1/lab1.html").read_bytes()


def test_autograde_refuses_whoever_is_not_on_the_roster(course):
    (course.root / "submitted/stranger/lab1").mkdir(parents=True)
    shutil.copy(course.root / "labs/lab1/lab1.ipynb", course.root / "submitted/stranger/lab1")
    with pytest.raises(AssertionError, match="No student with ID 'stranger' exists"):
        course.nbgrader("autograde", "lab1", "--student", "stranger")
    shutil.rmtree(course.root / "submitted/stranger")
    with course.gradebook() as gradebook:
        assert [student.id for student in gradebook.students] == [STUDENT]


def test_nothing_in_a_graded_notebook_reached_stderr(course):
    """TensorFlow writes there while it is imported, and nbgrader gives no marks for a test cell that does."""
    notebook = nbformat.read(course.root / "autograded" / STUDENT / "lab1/lab1.ipynb", as_version=4)
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    assert any(output.get("name") == "stdout" for output in outputs)
    assert [output for output in outputs if output.get("name") == "stderr"] == []


def test_the_export_has_the_marks(course):
    with open(course.root / "grades.csv", newline="") as file:
        (row,) = csv.DictReader(file)
    assert (row["assignment"], row["student_id"]) == ("lab1", STUDENT)
    assert [float(row[name]) for name in ("raw_score", "late_submission_penalty", "score", "max_score")] == [
        90,
        18,
        72,
        100,
    ]


@pytest.fixture(scope="module")
def server(course):
    """A Jupyter server at the course's root, on this machine only; gives a function that fetches a page."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    token = "only-for-this-test"
    log = open(course.root.parent / "server.log", "wb")  # noqa: SIM115 - the server outlives this block
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "jupyter_server", "--no-browser", "--allow-root", f"--port={port}"),
            *("--ip=127.0.0.1", "--ServerApp.port_retries=0", f"--IdentityProvider.token={token}"),
        ],
        cwd=course.root,
        env=course.environment,
        stdout=log,
        stderr=subprocess.STDOUT,
    )

    def get(path, *, headers=None):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        try:
            connection.request("GET", path, headers={"Authorization": f"token {token}"} if headers is None else headers)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        finally:
            connection.close()

    try:
        for _ in range(240):
            assert process.poll() is None, (course.root.parent / "server.log").read_text()
            try:
                get("/api/status")
                break
            except OSError:
                time.sleep(0.5)
        yield get
    finally:
        process.terminate()
        process.wait(timeout=60)
        log.close()


def test_the_formgrader_lists_the_lab(server):
    status, body = server("/formgrader/api/assignments")
    assert status == 200
    lab, other = sorted(json.loads(body), key=lambda lab: lab["name"])
    assert other["name"] == "lab2"  # an empty folder, which an extension names
    assert (lab["name"], lab["num_submissions"], lab["max_score"]) == ("lab1", 1, 100)
    assert lab["source_path"] and lab["release_path"]


@pytest.mark.parametrize(
    "page",
    [
        "manage_assignments",
        "manage_submissions/lab1",
        "gradebook",
        "gradebook/lab1",
        "gradebook/lab1/lab1",
        "manage_students",
        f"manage_students/{quote(STUDENT)}",
        f"manage_students/{quote(STUDENT)}/lab1",
    ],
)
def test_every_page_of_the_formgrader_opens(server, page):
    status, body = server(f"/formgrader/{page}")
    assert status == 200
    assert "<title>nbgrader formgrade</title>" in body


def test_the_formgrader_shows_a_submission_and_runs_nothing_of_the_student(server, course):
    with course.gradebook() as gradebook:
        identity = gradebook.find_submission_notebook("lab1", "lab1", STUDENT).id
    status, body = server(f"/formgrader/submissions/{identity}/?index=0")
    assert status == 200
    assert "Pooling keeps one number per channel." in body
    assert re.search("Right: prepare_batch", body)
    assert SCRIPT not in body


def test_the_formgrader_is_closed_to_strangers(server):
    status, body = server("/formgrader/gradebook", headers={})
    assert status in (302, 403)
    assert "lab1" not in body
