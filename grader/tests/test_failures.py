"""What the grader itself fails at is no mark: it needs manual review, the instructor gets a message, and the next run tries again."""

from __future__ import annotations

import errno
import json
import os
import shutil
import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest
from test_command import nbgrader
from test_engine import SETTINGS, cell, file_of

from nbgrader_isolated import lock
from nbgrader_isolated.commands import grade as command
from nbgrader_isolated.errors import NotAvailableError
from nbgrader_isolated.examiner import parent, prepared
from nbgrader_isolated.notebook import intake
from nbgrader_isolated.notebook.intake import NotANotebook, read_file
from nbgrader_isolated.outcomes import Fault, Mark, Outcome, Record
from nbgrader_isolated.run import attachments, engine, records, submission
from nbgrader_isolated.run.evidence import Evidence
from nbgrader_isolated.run.jobs import Job
from nbgrader_isolated.sandbox import bubblewrap
from nbgrader_isolated.sandbox.limits import Times
from nbgrader_isolated.student.kernel import Student

LAB = [cell("value = 4", "answer", "a"), cell("assert value == 4", "test", "t", 2)]


@pytest.fixture
def grade(tmp_path):
    """Grades a submission in this process; returns what a worker would return."""
    for place in ("handed in", "source"):
        (tmp_path / place).mkdir()
        (tmp_path / place / "lab.ipynb").write_bytes(file_of(LAB))

    def run(**options: object) -> dict:
        folders = str(tmp_path / "handed in"), str(tmp_path / "source")
        job = Job("ada", *folders, ("lab",), str(tmp_path / "evidence"), SETTINGS)
        [plain] = submission.grade_submission(replace(job, **options))
        return plain

    yield run
    submission.close_examiners()


def on_disk(tmp_path: Path) -> dict:
    return json.loads((tmp_path / "evidence" / "lab" / "record.json").read_text())


def full(*_: object, **__: object) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "/srv/the instructor's/evidence")


def does_not_start(*_: object) -> None:
    raise Fault(Outcome.KERNEL_DIED, "It took too long.")


@pytest.mark.parametrize(
    ("owner", "name", "failing", "reason"),
    [
        (Evidence, "reply", full, "No space left"),
        (Evidence, "file", full, "No space left"),
        (Student, "_start", does_not_start, "did not start. It took too long."),
        (parent.bubblewrap, "start", full, "No space left"),
    ],
)
def test_a_failure_of_the_grader_is_no_mark_and_the_next_run_tries_again(
    grade, tmp_path, monkeypatch, owner, name, failing, reason
):
    with monkeypatch.context() as patch:
        patch.setattr(owner, name, failing)
        failed = grade()
    assert (failed["outcome"], failed["marks"][0]["points"]) == ("needs manual review", None)
    assert reason in failed["failed"]
    assert "/srv" not in json.dumps(failed | {"failed": ""})  # all but that is shown to the student
    assert "digest" not in on_disk(tmp_path) and on_disk(tmp_path)["failed"]
    graded = grade()
    assert (graded["outcome"], graded["marks"][0]["points"], graded["failed"]) == ("graded", 2, "")
    with monkeypatch.context() as patch:
        patch.setattr(attachments.Attachments, "copy", full)  # a finished submission is not even copied again
        assert grade() == graded | {"unchanged": True}
        assert graded == on_disk(tmp_path)


def test_a_record_that_cannot_be_written_leaves_no_other_in_its_place(grade, tmp_path, monkeypatch):
    grade()
    with monkeypatch.context() as patch:
        patch.setattr(submission, "write_plain", full)
        graded = grade(force=True)
    assert graded["marks"][0]["points"] == 2 and "could not be written down" in graded["failed"]
    assert not (tmp_path / "evidence" / "lab" / "record.json").exists()


def test_marking_again_that_fails_leaves_marks_and_evidence_as_they_were(grade, tmp_path, monkeypatch):
    good = grade()
    kept = {path.name: path.read_bytes() for path in (tmp_path / "evidence" / "lab").iterdir()}
    for owner, name in ((Evidence, "again"), (submission, "read_file"), (submission, "look")):
        with monkeypatch.context() as patch:
            patch.setattr(owner, name, full)
            again = grade(again=True)
        assert again["marks"] == good["marks"] and again["outcome"] == "graded"
        assert "No space left" in again["failed"] and again["failed"].endswith("The marks of the earlier run stay.")
        assert {path.name: path.read_bytes() for path in (tmp_path / "evidence" / "lab").iterdir()} == kept
    assert grade(again=True)["failed"] == ""


@pytest.mark.parametrize("number", [errno.EACCES, errno.EIO, errno.ESTALE, errno.EMFILE])
def test_a_file_that_this_machine_cannot_read_is_not_the_students_fault(grade, tmp_path, monkeypatch, number):
    def refuse(path: object, *_: object) -> int:
        raise OSError(number, os.strerror(number), str(path))

    with monkeypatch.context() as patch:
        patch.setattr(intake.os, "open", refuse)
        with pytest.raises(OSError, match=os.strerror(number)):
            read_file(tmp_path / "handed in" / "lab.ipynb")

    def unreadable(path: Path) -> bytes:
        return refuse(path)

    with monkeypatch.context() as patch:
        patch.setattr(submission, "read_file", unreadable)
        failed = grade()
    assert (failed["outcome"], failed["marks"][0]["points"]) == ("needs manual review", None)
    assert os.strerror(number) in failed["failed"] and str(tmp_path) not in json.dumps(failed | {"failed": ""})
    assert not (tmp_path / "evidence" / "lab" / "record.json").exists()


def test_what_is_no_file_is_no_notebook_and_a_real_error_of_reading_is_one(tmp_path):
    (tmp_path / "link").symlink_to(tmp_path)
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    for name in ("link", "folder", "pipe", "link/../folder/none", "absent"):
        with pytest.raises(NotANotebook):
            read_file(tmp_path / name)
    with pytest.raises(OSError, match=os.strerror(errno.EIO)):
        read_file(Path("/proc/self/mem"))


def test_a_folder_that_is_not_there_is_no_zero(grade, tmp_path):
    shutil.move(tmp_path / "handed in", tmp_path / "elsewhere")
    failed = grade()
    assert (failed["marks"][0]["points"], failed["outcome"]) == (None, "needs manual review")
    assert "FileNotFoundError" in failed["failed"]
    shutil.move(tmp_path / "elsewhere", tmp_path / "handed in")
    assert grade()["marks"][0]["points"] == 2


def test_the_instructors_files_replace_whatever_is_in_their_way(tmp_path):
    own, theirs, target = tmp_path / "own", tmp_path / "theirs", tmp_path / "private" / "files"
    for name in ("own/data", "own/more", "theirs/table", "private"):
        (tmp_path / name).mkdir(parents=True)
    (own / "data" / "x.csv").write_text("mine")
    (own / "table").write_text("mine")
    (own / "helper.py").write_text("mine")
    (own / "more" / "y.csv").write_text("mine")
    (theirs / "data").write_text("theirs")
    (theirs / "table" / "x.csv").parent.mkdir(exist_ok=True)
    (theirs / "table" / "x.csv").write_text("theirs")
    (theirs / "helper.py").write_text("theirs")
    together = attachments.look(own).under(attachments.look(theirs))
    together.copy(target)
    found = {str(path.relative_to(target)): path.read_text() for path in target.rglob("*") if path.is_file()}
    assert found == {"data": "theirs", "helper.py": "theirs", "table/x.csv": "theirs", "more/y.csv": "mine"}
    (own / "empty").mkdir()
    assert attachments.look(own).digest() != attachments.look(theirs).digest() != together.digest()
    with_folder = attachments.look(own).digest()
    (own / "empty").rename(own / "the answer is 7")
    assert attachments.look(own).digest() != with_folder  # code next to it can read names


def test_one_thing_that_cannot_be_read_costs_none_of_the_others(grade, tmp_path, monkeypatch):
    for name in ("bad.csv", "good.csv"):
        (tmp_path / "handed in" / name).write_text("1")
    (tmp_path / "source" / "given.csv").write_text("2")
    real = attachments._read

    def read(path: Path, *into: object) -> str:
        if path.name == "bad.csv":
            raise OSError(errno.EIO, os.strerror(errno.EIO), str(path))
        return real(path, *into)

    with monkeypatch.context() as patch:
        patch.setattr(attachments, "_read", read)
        graded = grade()
    assert graded["marks"][0]["points"] == 2
    assert graded["notes"] == ["'bad.csv' was left out: the grader could not read it."]
    assert graded["failed"] == "These could not be read and were left out: bad.csv: Input/output error"
    assert "digest" not in on_disk(tmp_path)
    assert grade()["notes"] == []


def test_what_changes_while_it_is_copied_is_graded_by_the_next_run(tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "x.csv").write_text("1")
    found = attachments.look(tmp_path / "in")
    (tmp_path / "in" / "x.csv").write_text("2")
    with pytest.raises(OSError, match="changed while"):
        found.copy(tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_record_that_cannot_be_read_is_named_and_a_newer_ones_fields_are_passed_over(tmp_path, capsys):
    good = Record("lab", Outcome.GRADED, marks=[Mark("t", 1, 2)]).plain()
    good |= {"of a later version": 1, "digest": "f", "salt": "5"}
    good["marks"][0]["also of a later version"] = 2
    for student, text in {
        "ada": json.dumps(good),
        "bob": "{",
        "cut": "[]",
        "die": json.dumps({"outcome": "a new one", "marks": []}),
        "eve": "null",
    }.items():
        (tmp_path / student / "lab").mkdir(parents=True)
        (tmp_path / student / "lab" / "record.json").write_text(text)
    found = records.read_records(tmp_path)
    assert list(found) == ["ada"] and found["ada"][0].marks == [Mark("t", 1, 2)]
    named = capsys.readouterr().err.splitlines()
    assert len(named) == 4 and all(f"{name}/lab/record.json" in "".join(named) for name in ("bob", "cut", "die", "eve"))
    assert records.read_plain(tmp_path / "bob" / "lab") == records.read_plain(tmp_path / "nobody") == {}
    records.rewrite(tmp_path / "ada" / "lab", replace(found["ada"][0], notes=["new"], warnings=["about this run"]))
    kept = records.read_plain(tmp_path / "ada" / "lab")
    assert (kept["digest"], kept["salt"], kept["notes"], kept["warnings"]) == ("f", "5", ["new"], [])


def test_marking_again_and_grading_survive_a_broken_record(grade, tmp_path):
    grade()
    for again, broken in ((True, "{"), (True, "[]"), (False, "null")):
        (tmp_path / "evidence" / "lab" / "record.json").write_text(broken)
        assert (grade(again=again)["marks"][0]["points"], on_disk(tmp_path)["failed"]) == (2, "")


def test_a_submission_is_graded_by_one_process_at_a_time(grade, tmp_path):
    program = "import sys, time\nfrom pathlib import Path\nfrom nbgrader_isolated.lock import hold\n"
    program += "with hold(Path(sys.argv[1])):\n    print('held', flush=True)\n    sys.stdin.readline()\n"
    other = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", program, str(tmp_path / "evidence")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert other.stdout.readline() == "held\n"
        short = Times(cell=0.1, question=0.1, notebook=0.1, start=0.1)
        refused = grade(settings=replace(SETTINGS, times=short, check_seconds=0.1))
        assert refused["marks"][0]["points"] is None and "evidence is being graded by another" in refused["failed"]
        assert not (tmp_path / "evidence" / "lab").exists()
        done: list[dict] = []
        waiting = threading.Thread(target=lambda: done.append(grade()))
        waiting.start()
        time.sleep(2)
        assert not (tmp_path / "evidence" / "lab").exists()
        other.kill()  # whoever holds it lets go by ending
        waiting.join(timeout=60)
        assert done[0]["marks"][0]["points"] == 2
    finally:
        other.kill()
        other.communicate()
    with lock.hold(tmp_path / "here"), pytest.raises(NotAvailableError, match="here is being graded by another"):
        lock.hold(tmp_path / "here", seconds=0.5).__enter__()


def test_an_examiner_stays_whatever_its_first_check_ends_in():
    def answer(failing: Exception):
        def raise_it(*_: object) -> bytes:
            raise failing

        return raise_it

    with SETTINGS.make_examiner() as examiner:
        with pytest.raises(Fault):
            examiner.check("x", 1, answer(Fault(Outcome.KERNEL_DIED, "gone")))
        first = examiner._box
        assert examiner.check("1", 1, answer(RuntimeError()))["points"] == 1 and examiner._box is first
        for failing in (OSError(errno.ENOSPC, "full", "/srv/place"), RuntimeError("/srv/place")):
            with pytest.raises(parent.ExaminerError, match=f"stopped .{type(failing).__name__}..$") as raised:
                examiner.check("x", 1, answer(failing))
            assert raised.value.__cause__ is failing
        # An examiner that still waits for an answer would take the next check for one.
        assert examiner.check("1", 1, answer(RuntimeError()))["points"] == 1


def test_what_could_not_be_prepared_is_told_to_the_instructor(tmp_path, monkeypatch):
    (tmp_path / "fails_to_make.py").write_text("def make():\n    raise OSError('disk full')\n")
    (tmp_path / "fails_to_give.py").write_text(
        "def make():\n    return 7\ndef give(value):\n    raise OSError('no place')\n"
    )
    (tmp_path / "never_makes.py").write_text(
        "import os, time\ndef make():\n    open(os.environ['BEGUN'], 'w').write(str(os.getpid()))\n    time.sleep(600)\n"
    )
    (tmp_path / "makes_seven.py").write_text(
        "import os\n"
        "def make():\n    open(os.environ['MADE'], 'a').write('made ')\n    return 7\n"
        "def give(value):\n    assert value == 7\n"
    )
    tmp_path.chmod(0o755)  # as root the examiner is another user
    times = tmp_path / "made.txt"
    environment = {"PYTHONPATH": f"{bubblewrap.PACKAGE.parent}:{tmp_path}", "MADE": str(times)}
    begun = tmp_path / "begun.txt"
    assert prepared.made("never_makes", environment | {"BEGUN": str(begun)}, seconds=10) == (
        b"",
        "it took longer than 10 seconds",
    )
    assert not Path("/proc", begun.read_text()).exists()
    assert prepared.made("makes_seven", environment).message and times.read_text() == "made "
    for _ in range(2):  # the second worker learns what the first has met
        assert prepared.made("fails_to_make", environment, folder=tmp_path) == (b"", "OSError: disk full")
    settings = replace(
        SETTINGS,
        prepare=("fails_to_make", "fails_to_give", "makes_seven"),
        examiner_sees=(str(tmp_path),),
        examiner_environment=environment,
    )
    with settings.make_examiner() as examiner:
        record = engine.grade(file_of(LAB), LAB, name="lab", examiner=examiner, settings=settings)
        examiner.close()
        examiner.ensure()  # as after a check that ended it: what was made stays, and is handed over again
    assert times.read_text() == "made made "
    assert record.marks[0].points == 2 and record.notes == []
    assert [(said.split(",")[0], said.split(": ", 2)[2]) for said in record.warnings] == [
        ("fails_to_make", "OSError: disk full."),
        ("fails_to_give", "OSError: no place."),
    ]


def test_a_module_that_hangs_as_it_takes_over_is_named(tmp_path, monkeypatch):
    (tmp_path / "hangs.py").write_text(
        "import time\ndef make():\n    return 7\ndef give(value):\n    time.sleep(600)\n"
    )
    tmp_path.chmod(0o755)
    monkeypatch.setattr(parent, "_SECONDS_TO_TAKE", 2)
    environment = {"PYTHONPATH": f"{bubblewrap.PACKAGE.parent}:{tmp_path}"}
    with (
        parent.Examiner(prepare=("hangs",), read_only=(tmp_path,), environment=environment) as examiner,
        pytest.raises(parent.ExaminerError, match="did not take over what hangs, of prepare, made"),
    ):
        examiner.ensure()


def test_the_workers_of_a_run_make_once_what_they_share_and_leave_nothing(tmp_path):
    """A real course of four students and two workers."""
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "made_once.py").write_text(
        "import os, time\n"
        "FOUND = None\n"
        "def make():\n"
        "    with open(os.environ['MADE'], 'a') as file:\n"
        "        file.write('made\\n')\n"
        "    time.sleep(1)\n"
        "    return 7\n"
        "def give(value):\n"
        "    global FOUND\n"
        "    FOUND = value\n"
    )
    lab = [cell("import made_once\nmade_once.FOUND - 6.0", "test", "first")]
    course, made = tmp_path / "course", tmp_path / "made.txt"
    course.mkdir()
    (course / "nbgrader_config.py").write_text(
        "c = get_config()\n"
        "c.GradingEngine.prepare = {'lab': ['made_once']}\n"
        f"c.GradingEngine.examiner_sees = [{str(elsewhere)!r}]\n"
        f"c.GradingEngine.examiner_environment = {{'PYTHONPATH': '{bubblewrap.PACKAGE.parent}:{elsewhere}', 'MADE': {str(made)!r}}}\n"
    )
    for place in ("source/lab", *(f"submitted/{name}/lab" for name in ("ada", "bob", "cyd", "dan"))):
        (course / place).mkdir(parents=True)
        (course / place / "lab.ipynb").write_bytes(file_of(lab))
    nbgrader("generate_assignment", "lab", cwd=course)
    for left in (
        ".prepared-lab-abcd1234",
        ".prepared-lab-2-abcd1234",
    ):  # as killed runs of this lab and another leave them
        (course / "evidence" / left).mkdir(parents=True)
        (course / "evidence" / left / "made_once").write_bytes(b"stale")
    assert command.main(["lab", "--course", str(course), "--jobs", "2", "--create"]) == 0
    assert made.read_text() == "made\n"
    graded = records.read_records(course / "evidence" / "lab")
    assert [record.marks[0].points for found in graded.values() for record in found] == [1, 1, 1, 1]
    assert [path.name for path in (course / "evidence").glob(".prepared-*")] == [".prepared-lab-2-abcd1234"]
    # What a run's end leaves to be made holds what is hidden: it is used, and not written down any more.
    (elsewhere / "ends_the_run.py").write_text(
        "import os, shutil\ndef make():\n    shutil.rmtree(os.environ['RUN'])\n    return 7\n"
    )
    (tmp_path / "run").mkdir()
    ends = {"PYTHONPATH": f"{bubblewrap.PACKAGE.parent}:{elsewhere}", "RUN": str(tmp_path / "run")}
    assert prepared.made("ends_the_run", ends, folder=tmp_path / "run").message and not (tmp_path / "run").exists()
    # An examiner that outlives its run, as a cluster's do, makes its own when it has to start again.
    environment = {"PYTHONPATH": f"{bubblewrap.PACKAGE.parent}:{elsewhere}", "MADE": str(made)}
    assert prepared.made("made_once", environment, folder=course / "evidence" / ".prepared-lab-gone").message
    assert made.read_text() == "made\nmade\n" and not (course / "evidence" / ".prepared-lab-gone").exists()


def test_the_command_names_what_it_failed_on_and_the_next_run_marks_it(tmp_path, capsys):
    """A real course whose examiner cannot start, since its settings name a module that is not there."""
    settings = tmp_path / "nbgrader_config.py"
    settings.write_text("c = get_config()\nc.GradingEngine.modules = ['no_such_module']\n")
    for place in ("source/lab", "submitted/ada/lab", "submitted/bob/lab"):
        (tmp_path / place).mkdir(parents=True)
        (tmp_path / place / "lab.ipynb").write_bytes(file_of(LAB))
    nbgrader("generate_assignment", "lab", cwd=tmp_path)
    arguments = ["lab", "--course", str(tmp_path), "--jobs", "1", "--create"]
    assert command.main(arguments) == 1
    said = capsys.readouterr()
    assert "Here the grader failed" in said.err and "ada, lab: ExaminerError: The examiner did not start" in said.err
    assert "2 needs manual review" in said.out
    settings.write_text("c = get_config()\n")
    broken = tmp_path / "evidence" / "lab" / "bob" / "lab" / "record.json"
    broken.write_text("{")
    assert command.main(arguments) == 0
    said = capsys.readouterr()
    assert f"{broken} cannot be read as a record" in said.err
    assert "ada: graded, 2 of 2 points" in said.out and "bob: graded, 2 of 2 points" in said.out
