"""A term of 25 students and two labs, by the commands that an instructor types: one lab through Canvas, the other through Moodle.

Roster, release, archives of submissions, grading, marks by hand, export and feedback; then all of it once more, which changes
nothing. The course is this test's own and small: both labs take about a minute of processor time.
"""

from __future__ import annotations

import contextlib
import csv
import io
import re
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest
from nbgrader.api import Gradebook
from test_command import nbgrader
from test_engine import cell, file_of

from nbgrader_isolated import cli
from nbgrader_isolated.gradebook.marks import read_timestamp
from nbgrader_isolated.lms import canvas, moodle

CONFIG = """c = get_config()
c.CourseDirectory.course_id = "term"
c.AssignLatePenalties.plugin_class = "nbgrader_isolated.gradebook.late.LatePenalty"
c.ClearSolutions.code_stub = {"python": "raise NotImplementedError()"}
c.ClearSolutions.text_stub = "Write here."
c.GradingEngine.known_mistakes = "{assignment}_mistakes.json"
from nbgrader_isolated.plugin.configure import configure
configure(c)
"""
MISTAKES = (
    """{"test-squares": [{"name": "from_zero", "mistake": "Begins with 0.", "points": 3, "says": "begins with"}]}"""
)
RIGHT = "def squares(n):\n    return [number * number for number in range(1, n + 1)]"
OWN = "def squares(n):\n    found = []\n    if n < 1:\n        return found\n    for number in range(1, n + 1):\n        square = number * number\n"
OWN += "        found.append(square)\n    return found"
FROM_ZERO = "def squares(n):\n    return [number * number for number in range(0, n)]"
TEST = """from nbgrader_isolated.wire.criteria import note
found = squares(5)
first, count = found[:1] == [1], len(found) == 5
note("first", 0.5, "" if first else f"Your list begins with {found[:1]}; expected [1].")
note("count", 0.5, "" if count else f"Your list has {len(found)} numbers; expected 5.")
if not first:
    print("Your list begins with", found[:1])
3.0 * first + 3.0 * count"""
POINTS, ESSAY = 6, 4


def lab(answer: str, essay: str) -> list[dict]:
    return [
        cell(answer, "answer", "squares"),
        cell(TEST, "test", "test-squares", POINTS),
        cell(essay, "manual", "why", ESSAY, "markdown"),
    ]


@dataclass(frozen=True)
class Student:
    """One of the class, and what becomes of them in each lab."""

    number: int
    first: str
    last: str
    kind: str

    @property
    def id(self) -> str:
        return f"u{self.number}"

    @property
    def name(self) -> str:
        return f"{self.first} {self.last}"

    def notebook(self, *, kind: str = "") -> str:
        """What they hand in; everybody's essay is their own."""
        answer = {"from zero": FROM_ZERO, "empty": "raise NotImplementedError()", "dies": "import os; os._exit(1)"}
        answer |= {"own": OWN, "copy": OWN.replace("found", "all_of_them").replace("number", "k") + "  # my own work"}
        essay = "Write here." if self.kind == "empty" else f"{self.name} says: a square is a number times itself."
        return file_of(lab(answer.get(kind or self.kind, RIGHT) + f"\n# {self.id}", essay)).decode()


NAMES = [
    "Ada Lovelace",
    "Văn Bình Đặng",
    "太郎 山田",
    "Jo Smith",
    "Jo Smith",
    "Åsa Öberg-Núñez",
    "Seán O'Neill",
    "Мария Иванова",
]
NAMES += [
    f"{first} {last}" for first in ("Kim", "Noa", "Ola", "Pat", "Sam", "Uma") for last in ("Berg", "Lind", "Roth")
]
KINDS = ["right", "late", "again", "renamed", "right", "from zero", "empty", "extension", "dies", "document", "nothing"]
CLASS = [
    Student(number, *name.rsplit(" ", 1), kind)
    for number, (name, kind) in enumerate(zip(NAMES[:25], [*KINDS, *["right", "from zero"] * 6, "own", "copy"], strict=True))
]  # fmt: skip
DUE = "2026-11-02 18:00:00 UTC"
IN_TIME, LATE = (2026, 11, 2, 17, 30, 0), (2026, 11, 4, 1, 30, 0)  # a day and a half: two days have begun
EARNED = {"from zero": 3, "empty": 0, "dies": 0, "document": 0}
"""Points of the test; others have all."""


def essay_points(one: Student) -> float:
    return 0 if one.kind in ("empty", "document") else [4, 2.5, 1 / 3][one.number % 3]


def total(one: Student) -> float:
    points = EARNED.get(one.kind, POINTS) + essay_points(one)
    return points * (0.8 if one.kind == "late" else 1)


def files_of(one: Student, name: str) -> dict[str, tuple[str, tuple]]:
    """File → what is in it and when it came: an earlier attempt, another name, something that is no notebook."""
    when = LATE if one.kind in ("late", "extension") else IN_TIME
    if one.kind == "nothing":
        return {}
    if one.kind == "document":
        return {"answers.pdf": ("%PDF-1.7", when)}
    if one.kind == "renamed":
        return {f"{name} (1).ipynb": (one.notebook(), when)}
    return {f"{name}.ipynb": (one.notebook(), when)}


def zipped(path: Path, files: dict[str, tuple[str, tuple]]) -> Path:
    with zipfile.ZipFile(path, "w") as made:
        for name, (text, when) in files.items():
            made.writestr(zipfile.ZipInfo(name, when), text)
    return path


def canvas_archive(path: Path) -> Path:
    files = {}
    for one in CLASS:
        who = re.sub(r"[\W_]", "", f"{one.last}{one.first}").lower()
        prefix = f"{who}{'_LATE' if one.kind in ('late', 'extension') else ''}_{1000 + one.number}"
        for place, (name, content) in enumerate(files_of(one, "lab1").items()):
            files[f"{prefix}_{7000 + 10 * one.number + place}_{name}"] = content
        if one.kind == "again":
            files[f"{prefix}_{7001 + 10 * one.number}_lab1.ipynb"] = (one.notebook(kind="from zero"), IN_TIME)
            del files[f"{prefix}_{7000 + 10 * one.number}_lab1.ipynb"]
            files[f"{prefix}_{7002 + 10 * one.number}_lab1-1.ipynb"] = (one.notebook(), IN_TIME)
    return zipped(path, files)


def moodle_archive(path: Path) -> Path:
    folders = ((f"{one.name}_{500 + one.number}_assignsubmission_file_", files_of(one, "lab2")) for one in CLASS)
    return zipped(path, {f"{folder}/{name}": content for folder, files in folders for name, content in files.items()})


def table(path: Path, rows: list[list], delimiter: str = ",", encoding: str = "utf-8") -> Path:
    made = io.StringIO()
    csv.writer(made, delimiter=delimiter, lineterminator="\r\n").writerows(rows)
    path.write_bytes(made.getvalue().encode(encoding))
    path.chmod(0o600)
    return path


def canvas_gradebook(path: Path) -> Path:
    rows = [
        ["Student", "ID", "SIS Login ID", "Section", "lab1 (901)"],
        ["    Points Possible", "", "", "", POINTS + ESSAY],
    ]
    rows += [[f"{one.last}, {one.first}", 1000 + one.number, one.id, "Mon, 9:00", ""] for one in CLASS]
    return table(path, [*rows, ["Student, Test", 99, "abcdef", "Mon, 9:00", ""]])


def moodle_worksheet(path: Path) -> Path:
    """As a German Moodle writes it: semicolons, a byte order mark, decimal commas."""
    heads = ["Identifier", "Full name", "ID number", "Status", "Grade", "Maximum Grade", "Grade can be changed"]
    rows = [[*heads, "Last modified (submission)", "Feedback comments"]]
    for one in CLASS:
        late = one.kind in ("late", "extension")
        status = "No submission" if one.kind == "nothing" else f"Submitted for grading - {'1 day late' if late else ''}"
        when = "-" if one.kind == "nothing" else "4 November 2026, 1:30 AM" if late else "2 November 2026, 5:30 PM"
        rows.append([f"Participant {500 + one.number}", one.name, one.id, status, "", "10,00", "Yes", when, ""])
    return table(path, rows, ";", "utf-8-sig")


def cells_of(path: Path, key: str, column: str, delimiter: str = ",") -> dict[str, str]:
    rows = csv.DictReader(io.StringIO(path.read_text("utf-8-sig")), delimiter=delimiter)
    return {row[key]: row[column] for row in rows if row[key].startswith("u")}


class Term:
    """The course's folder, and what each command said."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.said = folder, {}

    def run(self, *arguments: object, status: int = 0) -> str:
        said = io.StringIO()
        with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
            ended = cli.main([*map(str, arguments), "--course", str(self.folder)])
        assert ended == status, said.getvalue()
        return said.getvalue()

    def book(self) -> Gradebook:
        return Gradebook(f"sqlite:///{self.folder}/gradebook.db", "term")

    def mark_by_hand(self, name: str) -> None:
        with self.book() as book:
            for one in CLASS:
                if one.kind != "nothing":
                    grade = book.find_grade("why", name, name, one.id)
                    if grade.needs_manual_grade:
                        grade.manual_score, grade.needs_manual_grade = essay_points(one), False
            book.db.commit()


@pytest.fixture(scope="module")
def term(tmp_path_factory):
    """The term up to exported marks and archives of feedback."""
    folder = tmp_path_factory.mktemp("term")
    folder.chmod(0o700)
    (folder / "nbgrader_config.py").write_text(CONFIG)
    (folder / "lab1_mistakes.json").write_text(MISTAKES)
    term = Term(folder)
    for name in ("lab1", "lab2"):
        (folder / "source" / name).mkdir(parents=True)
        solved = f"def squares(n):\n    ### BEGIN SOLUTION\n{RIGHT.partition(chr(10))[2]}\n    ### END SOLUTION"
        (folder / "source" / name / f"{name}.ipynb").write_bytes(file_of(lab(solved, "A square is …")))
        nbgrader("db", "assignment", "add", name, f"--duedate={DUE}", cwd=folder)
        nbgrader("generate_assignment", name, cwd=folder)
    extended = next(one.id for one in CLASS if one.kind == "extension")
    table(
        folder / "extensions.csv",
        [["assignment", "student", "days"], *([name, extended, 2] for name in ("lab1", "lab2"))],
    )
    gradebook, worksheet = canvas_gradebook(folder / "canvas.csv"), moodle_worksheet(folder / "moodle.csv")
    archives = {"lab1": canvas_archive(folder / "canvas.zip"), "lab2": moodle_archive(folder / "moodle.zip")}
    term.collecting = {
        "lab1": ("collect", "lab1", archives["lab1"], "--from", "canvas", "--timezone", "UTC"),
        "lab2": (
            "collect",
            "lab2",
            archives["lab2"],
            "--from",
            "moodle",
            "--worksheet",
            worksheet,
            "--timezone",
            "UTC",
        ),
    }
    term.exporting = {
        "lab1": ("export", "lab1", gradebook, "--to", "canvas"),
        "lab2": ("export", "lab2", worksheet, "--to", "moodle"),
    }
    term.said["roster"] = term.run("roster", gradebook, "--from", "canvas")
    for name in ("lab1", "lab2"):
        term.said["collect", name] = term.run(*term.collecting[name])
        term.said["grade", name] = term.run("grade", name, "--jobs", "2")
        term.said["report before", name] = term.run("report", name)
        term.said["refused", name] = term.run(*term.exporting[name], status=1)
        term.mark_by_hand(name)
        term.said["too early", name] = term.run(*term.exporting[name], status=1)
        term.said["grade again", name] = term.run("grade", name, "--jobs", "2")
        term.said["report", name] = term.run("report", name, "--csv", folder / f"{name}.csv")
        term.said["items", name] = term.run("items", name)
        term.said["export", name] = term.run(*term.exporting[name])
        nbgrader("generate_feedback", name, cwd=folder)
        term.said["feedback", name] = term.run("feedback", name, "--zip", folder / f"{name}_feedback.zip")
    return term


LABS = pytest.mark.parametrize("name", ["lab1", "lab2"])
HANDED_IN = [one for one in CLASS if one.kind != "nothing"]


def of_kind(kind: str) -> str:
    return next(one.id for one in CLASS if one.kind == kind)


def test_everybody_is_on_the_roster_under_their_own_name(term):
    assert "25 students: 25 added, 0 updated, 0 unchanged." in term.said["roster"]
    with term.book() as book:
        found = {one.id: (one.first_name, one.last_name, one.lms_user_id) for one in book.students}
    assert found == {one.id: (one.first, one.last, str(1000 + one.number)) for one in CLASS}


@LABS
def test_every_submission_is_its_students_the_last_attempt_counts_and_so_does_the_time(term, name):
    assert "24 new" in term.said["collect", name]
    for one in HANDED_IN:
        folder = term.folder / "submitted" / one.id / name
        expected = {file: text for file, (text, _) in files_of(one, name).items()}
        assert {path.name: path.read_text() for path in folder.iterdir() if path.name != "timestamp.txt"} == expected
        late = one.kind in ("late", "extension")
        assert f"{read_timestamp(folder):%d %H:%M}" == ("04 01:30" if late else "02 17:30"), one


@LABS
def test_every_file_has_a_receipt_once(term, name):
    with (term.folder / "evidence" / name / "receipts.csv").open(newline="") as file:
        rows = [(row["student"], row["file"], row["came by"]) for row in csv.DictReader(file)]
    system = {"lab1": "canvas", "lab2": "moodle"}[name]
    assert sorted(rows) == sorted((one.id, file, system) for one in HANDED_IN for file in files_of(one, name))


@LABS
def test_marks_go_out_neither_while_some_are_open_nor_before_penalties_are_computed_again(term, name):
    essays = sum(one.kind not in ("empty", "document") for one in HANDED_IN)
    assert f"open, and 0 until given: {essays} marks of {essays} students." in term.said["report before", name]
    assert f"Marks of {essays} students still need manual review: " in term.said["refused", name]
    late = f"The late penalty of {of_kind('late')} was computed before the last marks by hand. Run: "
    assert late in term.said["too early", name] and "24 submissions in " in term.said["grade again", name]


@LABS
def test_the_systems_file_has_every_mark_by_test_by_hand_and_late(term, name):
    path = term.folder / {"lab1": "canvas.csv", "lab2": "moodle.csv"}[name]
    key, column, delimiter = {"lab1": ("SIS Login ID", "lab1 (901)", ","), "lab2": ("ID number", "Grade", ";")}[name]
    found = cells_of(path, key, column, delimiter)
    numbers = {student: float(text.replace(",", ".")) for student, text in found.items() if text}
    assert numbers == pytest.approx({one.id: total(one) for one in HANDED_IN}, abs=1e-6)
    assert found[of_kind("nothing")] == ""
    assert ("," in found[of_kind("extension")]) is (name == "lab2")  # 8,5 in a file with decimal commas
    assert "24 marks written to" in term.said["export", name] and ", 1 student without" in term.said["export", name]


@LABS
def test_the_report_says_who_stands_where(term, name):
    with (term.folder / f"{name}.csv").open(newline="") as file:
        rows = {row["student"]: row for row in csv.DictReader(file)}
    assert {student: float(row["total"]) for student, row in rows.items() if row["total"]} == pytest.approx(
        {one.id: total(one) for one in HANDED_IN}, abs=1e-6
    )
    assert {row["open"] for row in rows.values()} == {"0", ""} and not any(
        "0000" in row["total"] for row in rows.values()
    )
    late = rows[of_kind("late")]
    lost = 0.2 * (POINTS + essay_points(next(one for one in CLASS if one.kind == "late")))
    assert (late["late"], float(late["late penalty"])) == ("1 d 7 h", pytest.approx(lost))
    assert (
        rows[of_kind("extension")]["late penalty"] == "0" and rows[of_kind("nothing")]["outcome"] == "nothing handed in"
    )
    assert (
        rows[of_kind("dies")]["outcome"] == "kernel died" and rows[of_kind("document")]["outcome"] == "not a notebook"
    )
    said = term.said["report", name]
    assert "25 students: 24 graded, 1 nothing handed in.\n" in said
    assert f"{of_kind('renamed')} handed in {name}.ipynb as '{name} (1).ipynb'." in said
    assert f"The same answers: {of_kind('own')}, {of_kind('copy')} (squares)." in said and said.count("The same") == 1


@LABS
def test_the_commonest_mistake_is_counted_and_recognised(term, name):
    wrong = sum(one.kind == "from zero" for one in CLASS)
    assert wrong > 5
    measured = len(HANDED_IN) - 1  # of a document nothing is measured
    said = term.said["items", name]
    assert f"\n{wrong} of {measured}: test-squares; first\n  Your list begins with …; expected ….\n" in said
    expected = f"  {wrong} as: Begins with 0 [from_zero]\n"
    assert (expected in said) is (name == "lab1")  # lab 2 has no file of wrong answers


@LABS
def test_feedback_goes_back_under_the_names_that_the_system_knows(term, name):
    system = {"lab1": canvas, "lab2": moodle}[name]
    with zipfile.ZipFile(term.folder / f"{name}_feedback.zip") as made:
        pages = {system.handed(member).user: made.read(member).decode() for member in made.namelist()}
    first = {"lab1": 1000, "lab2": 500}[name]
    assert set(pages) == {str(first + one.number) for one in HANDED_IN}
    for one in HANDED_IN:
        if one.kind not in ("empty", "document"):
            assert f"{one.name} says".replace("'", "&#39;") in pages[str(first + one.number)].replace("'", "&#39;"), one
    assert "24 pages of 24 students in " in term.said["feedback", name]


@LABS
def test_all_of_it_once_more_changes_nothing(term, name):
    table_of = term.folder / {"lab1": "canvas.csv", "lab2": "moodle.csv"}[name]
    evidence = term.folder / "evidence" / name
    kept = {path: path.read_bytes() for path in (table_of, *evidence.rglob("record.json"), evidence / "receipts.csv")}
    assert len(kept) == 26
    assert "0 added, 0 updated, 25 unchanged." in term.run("roster", term.folder / "canvas.csv", "--from", "canvas")
    assert "24 unchanged" in term.run(*term.collecting[name])
    assert "24 submissions in " in term.run("grade", name, "--jobs", "2")
    term.run(*term.exporting[name])
    assert {path: path.read_bytes() for path in kept} == kept and not (evidence / "changes.csv").exists()
