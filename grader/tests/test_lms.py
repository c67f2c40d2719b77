"""Canvas and Moodle at both ends: rosters and archives in the forms people have them, marks and feedback back again."""

from __future__ import annotations

import csv
import io
import json
import re
import stat
import warnings
import zipfile
from datetime import datetime
from pathlib import Path

import pytest
from nbgrader.api import Gradebook
from sqlalchemy.exc import SAWarning

from nbgrader_isolated import cli
from nbgrader_isolated.gradebook.marks import read_timestamp
from nbgrader_isolated.lms import archive, canvas, moodle, spreadsheet
from nbgrader_isolated.lms.students import Student, checked, plain

CANVAS = """Student,ID,SIS User ID,SIS Login ID,Section,lab1 (901),lab2 (902),Current Score
    Points Possible,,,,,10,20,(read only)
"Lovelace, Ada",11,s11,ada,"Mon, 9:00",,,0
"Đặng, Văn Bình",12,s12,binh,Mon,,,
"山田, 太郎",13,s13,taro,"Mon and Tue",,,
"Smith, Jo",14,s14,jo1,Mon,,,
"Smith, Jo",15,s15,jo2,Tue,,,
"Student, Test",99,,abcdef0123,Mon,,,
"""
WORKSHEET = """Identifier,Full name,ID number,Email address,Status,Grade,Maximum Grade,Grade can be changed,Last modified (submission),Last modified (grade),Feedback comments
Participant 501,Ada Lovelace,s11,ada@example.org,"Submitted for grading - ",,10.00,Yes,"Monday, 2 November 2026, 5:40 PM",-,
Participant 502,Văn Bình Đặng,s12,binh@example.org,"Submitted for grading - 1 day 2 hours late",,10.00,Yes,"Wednesday, 4 November 2026, 1:00 AM",-,
Participant 503,Jo Smith,s14,jo1@example.org,"No submission - ",,10.00,Yes,-,-,
Participant 504,Jo Smith,s15,jo2@example.org,"Submitted for grading - ",,10.00,No,"Monday, 2 November 2026, 5:41 PM",-,
"""
DUE = "2026-11-02 18:00:00"
CONFIG = "c = get_config()\nc.CourseDirectory.course_id = 'course'\n"


def book(course: Path) -> Gradebook:
    return Gradebook(f"sqlite:///{course}/gradebook.db", "course")


@pytest.fixture
def course(tmp_path):
    folder = tmp_path / "course"
    folder.mkdir(mode=0o700)
    (folder / "nbgrader_config.py").write_text(CONFIG)
    with book(folder) as made:
        for name, points in (("lab1", 10), ("lab2", 20)):
            made.add_assignment(name, duedate=f"{DUE} UTC")
            made.add_notebook(name, name)
            made.add_grade_cell("test", name, name, max_score=points, cell_type="code")
    return folder


def run(*arguments: object, course: Path) -> int:
    return cli.main([*map(str, arguments), "--course", str(course)])


def written(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.encode(encoding))
    return path


def zipped(path: Path, files: dict[str, str], when: tuple = (2026, 11, 2, 17, 30, 0)) -> Path:
    with zipfile.ZipFile(path, "w") as made:
        for name, text in files.items():
            made.writestr(zipfile.ZipInfo(name, when), text)
    return path


def give(course: Path, student: str, points: float | None, assignment: str = "lab1", penalty: float = 0.0) -> None:
    with book(course) as made, warnings.catch_warnings():
        warnings.simplefilter("ignore", SAWarning)  # nbgrader's own way of adding a submission
        made.update_or_create_submission(assignment, student)
        grade = made.find_grade("test", assignment, assignment, student)
        grade.auto_score, grade.needs_manual_grade = points, points is None
        made.find_submission_notebook(assignment, assignment, student).late_submission_penalty = penalty
        made.db.commit()


def cells(path: Path, column: str, delimiter: str = ",", encoding: str = "utf-8") -> dict[str, str]:
    rows = csv.DictReader(io.StringIO(path.read_bytes().decode(encoding)), delimiter=delimiter)
    return {row.get("SIS Login ID") or row.get("Email address") or "": row[column] for row in rows}


# Rosters


def forms():
    semicolons = io.StringIO()
    csv.writer(semicolons, delimiter=";").writerows(csv.reader(io.StringIO(CANVAS)))
    tabs = io.StringIO()
    csv.writer(tabs, delimiter="\t").writerows(csv.reader(io.StringIO(CANVAS)))
    return {
        "as Canvas writes it": (CANVAS, "utf-8"),
        "byte order mark": (CANVAS, "utf-8-sig"),
        "semicolons": (semicolons.getvalue(), "utf-8-sig"),
        "tabs, UTF-16": (tabs.getvalue(), "utf-16"),
        "Windows line ends": (CANVAS.replace("\n", "\r\n"), "utf-8"),
        "empty lines": ("\n" + CANVAS.replace("\n", "\n\n"), "utf-8"),
        "heads in capitals": (CANVAS.replace("Student,ID,", "STUDENT,id ,"), "utf-8"),
    }


@pytest.mark.parametrize("form", forms())
def test_a_roster_is_read_in_whatever_form_it_comes(form, tmp_path):
    text, encoding = forms()[form]
    found = checked(canvas.students(spreadsheet.read(written(tmp_path / "a.csv", text, encoding))), "a.csv")
    assert [(one.id, one.lms_id, one.last_name) for one in found] == [
        ("ada", "11", "Lovelace"),
        ("binh", "12", "Đặng"),
        ("taro", "13", "山田"),
        ("jo1", "14", "Smith"),
        ("jo2", "15", "Smith"),
    ]


@pytest.mark.parametrize("form", forms())
def test_a_file_is_written_back_in_the_form_it_came_in(form, tmp_path):
    text, encoding = forms()[form]
    before = spreadsheet.read(written(tmp_path / "a.csv", text, encoding))
    before.write(tmp_path / "b.csv")
    assert spreadsheet.read(tmp_path / "b.csv") == before
    assert stat.S_IMODE((tmp_path / "b.csv").stat().st_mode) == 0o600


def test_importing_twice_changes_nothing_and_keeps_what_a_file_does_not_say(course, tmp_path, capsys):
    roster = written(tmp_path / "a.csv", CANVAS)
    with book(course) as made:
        made.add_student("ada", email="ada@example.org")
        made.add_student("zoe")
    assert run("roster", roster, "--from", "canvas", course=course) == 0
    assert "5 students: 4 added, 1 updated, 0 unchanged." in (said := capsys.readouterr().out)
    assert "left as they are: zoe" in said
    assert run("roster", roster, "--from", "canvas", course=course) == 0
    assert "0 added, 0 updated, 5 unchanged." in capsys.readouterr().out
    with book(course) as made:
        ada = made.find_student("ada")
        assert (ada.first_name, ada.lms_user_id, ada.email) == ("Ada", "11", "ada@example.org")


def test_moodle_s_participants_and_worksheets_give_the_same_students(course, tmp_path):
    participants = (
        "First name;Last name;ID number;Email address;Groups;Roles\nAda;Lovelace;s11;ada@example.org;A;Student\n"
        "Grace;Hopper;;grace@example.org;;Teacher\nJo;Smith;s14;jo1@example.org;A, B;Student\n"
    )
    people = moodle.students(spreadsheet.read(written(tmp_path / "p.csv", participants, "utf-8-sig")))
    assert [(one.id, one.first_name, one.last_name) for one in people] == [
        ("s11", "Ada", "Lovelace"),
        ("s14", "Jo", "Smith"),
    ]
    by_address = moodle.students(spreadsheet.read(written(tmp_path / "w.csv", WORKSHEET)), "Email address")
    assert [one.id for one in by_address][:2] == ["ada@example.org", "binh@example.org"]
    assert [one.lms_id for one in by_address] == ["501", "502", "503", "504"]


@pytest.mark.parametrize(
    ("text", "arguments", "message"),
    [
        ("id,first_name\nada,Ada\n", (), "Expected a gradebook that Canvas exported, with a column 'Student'"),
        (CANVAS, ("--id", "Login"), "with a column 'Login'"),
        (CANVAS, ("--id", "Section"), "gives two students the id 'Mon'"),
        (CANVAS.replace(",ada,", ",../ada,"), (), r"id '../ada', which cannot be the name of a folder"),
        (
            CANVAS.replace("s11,ada", ",").replace('Ada",11', 'Ada",11'),
            ("--id", "SIS User ID"),
            "gives a student the id ''",
        ),
        (CANVAS.replace(",,0", ",,0,,,more"), (), "Row 3 of .* has 11 cells under 8 heads"),
        ("", (), "Expected a table with a row of heads"),
    ],
)
def test_a_roster_that_cannot_be_used_is_named_and_nothing_is_imported(
    course, tmp_path, capsys, text, arguments, message
):
    roster = written(tmp_path / "a.csv", text)
    assert run("roster", roster, "--from", "canvas", *arguments, course=course) == 1
    assert re.search(message, capsys.readouterr().err)
    with book(course) as made:
        assert made.students == []


def test_a_workbook_is_recognised(tmp_path, course, capsys):
    zipped(tmp_path / "a.xlsx", {"xl/workbook.xml": ""})
    assert run("roster", tmp_path / "a.xlsx", "--from", "canvas", course=course) == 1
    assert "is a workbook or an archive. Download it, or save it, as CSV" in capsys.readouterr().err


# Archives


def test_names_in_archives_are_understood():
    said = canvas.handed("lovelaceada_LATE_11_7001_lab1-2.ipynb")
    assert (said.user, said.who, said.name, said.attempt, said.late) == ("11", "lovelaceada", "lab1.ipynb", 2, True)
    assert said.prefix == "lovelaceada_LATE_11_7001_"
    assert canvas.handed("đặngvănbình_12_7002_my_own_lab1.ipynb").name == "my_own_lab1.ipynb"
    assert canvas.handed("readme.txt") is None
    for path in (
        "Ada Lovelace_501_assignsubmission_file_/lab1.ipynb",
        "Ada Lovelace_501_assignsubmission_file_lab1.ipynb",
    ):
        said = moodle.handed(path)
        assert (said.user, said.who, said.name) == ("501", "Ada Lovelace", "lab1.ipynb")
        assert said.prefix == "Ada Lovelace_501_assignsubmission_file_"
    assert moodle.handed("Ada_501_assignsubmission_file/my_images/cat/1.jpg").name == "my_images/cat/1.jpg"
    assert moodle.handed("Group A-Ada Lovelace_501_assignsubmission_file_/lab1.ipynb").user == "501"
    assert moodle.handed("Ada_501_assignsubmission_onlinetext_/onlinetext.html") is None


def collected(course: Path, student: str, name: str = "lab1.ipynb", assignment: str = "lab1") -> str:
    return (course / "submitted" / student / assignment / name).read_text()


def test_canvas_submissions_go_to_their_students_the_last_attempt_counts_and_late_is_late(course, tmp_path, capsys):
    run("roster", written(tmp_path / "a.csv", CANVAS), "--from", "canvas", course=course)
    made = zipped(
        tmp_path / "s.zip",
        {
            "lovelaceada_11_7001_lab1-1.ipynb": "second",
            "lovelaceada_11_7000_lab1.ipynb": "first",
            "đặngvănbình_LATE_12_7002_lab1.ipynb": "late",
            "smithjo_14_7003_lab1 (3).ipynb": "one Jo",
            "smithjo_15_7004_notes.txt": "other Jo",
            "ghost_77_7005_lab1.ipynb": "nobody",
            "__MACOSX/._x": "",
        },
    )
    assert run("collect", "lab1", made, "--from", "canvas", "--timezone", "UTC", course=course) == 1
    said = capsys.readouterr()
    assert "4 new" in said.out
    assert "Nobody on the roster is 'ghost' (number 77)" in said.err
    assert collected(course, "ada") == "second"
    assert collected(course, "jo1", "lab1 (3).ipynb") == "one Jo"
    assert collected(course, "jo2", "notes.txt") == "other Jo"
    times = {who: read_timestamp(course / "submitted" / who / "lab1") for who in ("ada", "binh")}
    assert times["ada"] == datetime(2026, 11, 2, 17, 30)
    assert times["binh"] == datetime(2026, 11, 2, 18, 16)  # after the due date and the minutes that cost nothing
    assert stat.S_IMODE((course / "submitted").stat().st_mode) == 0o700
    assert stat.S_IMODE((course / "submitted" / "ada" / "lab1" / "lab1.ipynb").stat().st_mode) == 0o600


def test_an_archive_that_was_made_later_makes_nobody_late(course, tmp_path):
    run("roster", written(tmp_path / "a.csv", CANVAS), "--from", "canvas", course=course)
    made = zipped(tmp_path / "s.zip", {"lovelaceada_11_7000_lab1.ipynb": "x"}, when=(2026, 11, 9, 8, 0, 0))
    assert run("collect", "lab1", made, "--from", "canvas", "--timezone", "UTC", course=course) == 0
    assert read_timestamp(course / "submitted" / "ada" / "lab1") == datetime(2026, 11, 2, 18)


def test_moodle_s_worksheet_tells_whose_and_when(course, tmp_path, capsys):
    run("roster", written(tmp_path / "a.csv", CANVAS), "--from", "canvas", course=course)
    with book(course) as made:
        for who in ("ada", "binh", "jo1", "jo2"):
            made.update_or_create_student(who, email=f"{who}@example.org")
    archived = zipped(
        tmp_path / "s.zip",
        {
            "Ada Lovelace_501_assignsubmission_file_/lab1.ipynb": "a",
            "Văn Bình Đặng_502_assignsubmission_file_/lab1.ipynb": "b",
            "Jo Smith_504_assignsubmission_file_/lab1.ipynb": "second Jo",
            "Jo Smith_504_assignsubmission_file_/my_images/cat/1.jpg": "image",
        },
    )
    sheet = written(tmp_path / "w.csv", WORKSHEET)
    zone = ("--timezone", "Europe/Berlin")
    assert run("collect", "lab1", archived, "--from", "moodle", "--worksheet", sheet, *zone, course=course) == 0
    assert collected(course, "jo2") == "second Jo"
    assert collected(course, "jo2", "my_images/cat/1.jpg") == "image"
    assert read_timestamp(course / "submitted" / "ada" / "lab1") == datetime(2026, 11, 2, 16, 40)
    assert read_timestamp(course / "submitted" / "binh" / "lab1") == datetime(2026, 11, 4, 0, 0)
    # Without the worksheet two students of one name cannot be told apart, and both are named.
    assert run("collect", "lab2", archived, "--from", "moodle", course=course) == 1
    assert "Nobody on the roster is 'Jo Smith' (number 504)" in capsys.readouterr().err
    assert collected(course, "ada", assignment="lab2") == "a"


def test_collecting_again_changes_nothing_unless_it_is_told_to_and_every_file_has_a_receipt(course, tmp_path, capsys):
    run("roster", written(tmp_path / "a.csv", CANVAS), "--from", "canvas", course=course)
    first = zipped(tmp_path / "1.zip", {"lovelaceada_11_7000_lab1.ipynb": "one"})
    later = zipped(tmp_path / "2.zip", {"lovelaceada_11_7009_lab1-1.ipynb": "two"})
    assert run("collect", "lab1", first, "--from", "canvas", course=course) == 0
    assert run("collect", "lab1", first, "--from", "canvas", course=course) == 0
    assert "1 unchanged" in capsys.readouterr().out
    assert run("collect", "lab1", later, "--from", "canvas", course=course) == 1
    assert "ada has handed in differs from submitted/, in files or in time" in capsys.readouterr().err
    assert collected(course, "ada") == "one"
    assert run("collect", "lab1", later, "--from", "canvas", "--update", course=course) == 0
    assert collected(course, "ada") == "two"
    with open(course / "evidence" / "lab1" / "receipts.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["student"], row["bytes"], row["came by"]) for row in rows] == [("ada", "3", "canvas")] * 2
    assert len({row["sha256"] for row in rows}) == 2
    assert stat.S_IMODE((course / "evidence" / "lab1" / "receipts.csv").stat().st_mode) == 0o600
    assert [path.name for path in (course / "submitted" / "ada").iterdir()] == ["lab1"]


@pytest.mark.parametrize(
    "name",
    [
        "../evil_11_7_a.ipynb",
        "/etc/x_11_7_a.ipynb",
        "a_11_7_..\\..\\b.ipynb",
        "C:x_11_7_a.ipynb",
        "x" * 300 + "_11_7_a.ipynb",
    ],
)
def test_a_member_that_leads_elsewhere_is_left_out(tmp_path, name):
    found, left = archive.read(zipped(tmp_path / "s.zip", {name: "x"}), canvas.handed)
    assert found == {}
    assert len(left) == 1


def test_links_encrypted_members_and_bombs_are_left_out(tmp_path):
    with zipfile.ZipFile(tmp_path / "s.zip", "w", zipfile.ZIP_DEFLATED) as made:
        link = zipfile.ZipInfo("a_11_7_link.ipynb")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        made.writestr(link, "/etc/passwd")
        made.writestr("a_11_8_bomb.ipynb", b"\0" * (archive.LARGEST_FILE + 1))
        made.writestr("a_11_9_lab1.ipynb", "good")
    found, left = archive.read(tmp_path / "s.zip", canvas.handed)
    assert list(found["11"].files) == ["lab1.ipynb"]
    assert sorted(line.partition(":")[2] for line in left) == [" it has more than 100 MB.", " it is no plain file."]


def test_a_damaged_archive_is_named(course, tmp_path, capsys):
    whole = zipped(tmp_path / "s.zip", {"lovelaceada_11_7000_lab1.ipynb": "one"}).read_bytes()
    (tmp_path / "s.zip").write_bytes(whole[: len(whole) // 2])
    assert run("collect", "lab1", tmp_path / "s.zip", "--from", "canvas", course=course) == 1
    assert "cannot be opened as one" in capsys.readouterr().err


# Marks and feedback


def test_marks_fill_the_very_file_and_importing_it_again_changes_nothing(course, tmp_path, capsys):
    sheet = written(tmp_path / "a.csv", CANVAS, "utf-8-sig")
    run("roster", sheet, "--from", "canvas", course=course)
    give(course, "ada", 7.5)
    give(course, "binh", 10, penalty=1.0)
    give(course, "taro", 1 / 3)
    assert run("export", "lab1", sheet, "--to", "canvas", course=course) == 0
    assert cells(sheet, "lab1 (901)", encoding="utf-8-sig") == {
        "": "10", "ada": "7.5", "binh": "9", "taro": "0.333333", "jo1": "", "jo2": "", "abcdef0123": ""
    }  # fmt: skip
    assert cells(sheet, "lab2 (902)", encoding="utf-8-sig")["ada"] == ""
    capsys.readouterr()
    run("roster", sheet, "--from", "canvas", course=course)
    assert "0 added, 0 updated, 5 unchanged" in capsys.readouterr().out
    before = sheet.read_bytes()
    assert run("export", "lab1", sheet, "--to", "canvas", course=course) == 0
    assert sheet.read_bytes() == before


def test_open_marks_are_refused_by_name_or_left_as_they_are(course, tmp_path, capsys):
    sheet = written(tmp_path / "a.csv", CANVAS)
    run("roster", sheet, "--from", "canvas", course=course)
    give(course, "ada", None)
    give(course, "jo1", 4)
    before = sheet.read_bytes()
    assert run("export", "lab1", sheet, "--to", "canvas", course=course) == 1
    assert "Marks of 1 student still need manual review: ada." in capsys.readouterr().err
    assert sheet.read_bytes() == before
    assert (
        run("export", "lab1", sheet, "--to", "canvas", "--leave-open", "--output", tmp_path / "b.csv", course=course)
        == 1
    )
    assert (cells(tmp_path / "b.csv", "lab1 (901)")["ada"], cells(tmp_path / "b.csv", "lab1 (901)")["jo1"]) == ("", "4")
    assert "Left open: ada." in capsys.readouterr().err


def test_another_maximum_is_refused_or_scaled(course, tmp_path, capsys):
    sheet = written(tmp_path / "a.csv", CANVAS.replace(",,,,,10,20,", ",,,,,100,20,"))
    run("roster", sheet, "--from", "canvas", course=course)
    give(course, "ada", 7.5)
    assert run("export", "lab1", sheet, "--to", "canvas", course=course) == 1
    assert "The system has 100 points for this assignment, the gradebook 10" in capsys.readouterr().err
    assert run("export", "lab1", sheet, "--to", "canvas", "--scale", course=course) == 0
    assert cells(sheet, "lab1 (901)")["ada"] == "75"


def test_moodle_s_worksheet_is_filled_where_it_may_be_with_its_own_decimal_mark(course, tmp_path, capsys):
    german = io.StringIO()
    rows = list(csv.reader(io.StringIO(WORKSHEET.replace("10.00", "10,00").replace(",10,00,", ',"10,00",'))))
    csv.writer(german, delimiter=";").writerows(rows)
    sheet = written(tmp_path / "w.csv", german.getvalue(), "utf-8-sig")
    run("roster", written(tmp_path / "a.csv", CANVAS), "--from", "canvas", course=course)
    with book(course) as made:
        for who in ("ada", "binh", "jo1", "jo2"):
            made.update_or_create_student(who, email=f"{who}@example.org")
    give(course, "ada", 7.5)
    give(course, "jo2", 3)
    give(course, "taro", 3)
    capsys.readouterr()
    assert run("export", "lab1", sheet, "--to", "moodle", course=course) == 1
    said = capsys.readouterr().err
    assert "jo2: the system takes no grade for them" in said
    assert "Graded and not in the file: taro." in said
    found = cells(sheet, "Grade", delimiter=";", encoding="utf-8-sig")
    assert (found["ada@example.org"], found["jo2@example.org"]) == ("7,5", "")


def test_feedback_is_archived_under_the_names_that_each_system_takes_back(course, tmp_path, capsys):
    run("roster", written(tmp_path / "a.csv", CANVAS), "--from", "canvas", course=course)
    assert run("feedback", "lab1", "--zip", tmp_path / "f.zip", course=course) == 1
    assert "Collect it first" in capsys.readouterr().err
    run(
        "collect",
        "lab1",
        zipped(tmp_path / "s.zip", {"lovelaceada_LATE_11_7000_lab1.ipynb": "x"}),
        "--from",
        "canvas",
        course=course,
    )
    for who in ("ada", "taro"):
        (course / "feedback" / who / "lab1").mkdir(parents=True)
        (course / "feedback" / who / "lab1" / "lab1.html").write_text(f"for {who}")
    assert run("feedback", "lab1", "--zip", tmp_path / "f.zip", course=course) == 1
    assert "send them theirs: taro" in capsys.readouterr().err
    with zipfile.ZipFile(tmp_path / "f.zip") as made:
        assert {name: made.read(name) for name in made.namelist()} == {"lovelaceada_LATE_11_7000_lab1.html": b"for ada"}
    assert canvas.handed("lovelaceada_LATE_11_7000_lab1.html").user == "11"
    assert moodle.handed(moodle.feedback_name("Ada_501_assignsubmission_file_", "lab1")).user == "501"
    assert json.loads((course / "evidence" / "lab1" / "lms.json").read_text())["system"] == "canvas"


def test_names_are_compared_without_accents_case_and_punctuation():
    assert plain("O'Brien-Núñez, ANA") == plain("obrien nunez ana")
    assert plain("山田 太郎") == "山田太郎"
    with pytest.raises(ValueError, match="gives two students the id 'a'"):
        checked([Student("a", "1", "", "", ""), Student("a", "2", "", "", "")], "x.csv")
