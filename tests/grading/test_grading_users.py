"""Instructors and students as users of one machine: the whole cycle, and what a student then can read or change of it.

Real users, made for this and removed again, so root has to run it. The lab is a small one without TensorFlow, the settings are the
course's own.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import secrets
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import nbformat
import pytest
from nbgrader.api import Gradebook

from nbgrader_isolated.plugin import readiness

ROOT = Path(__file__).resolve().parents[2]
IS_ROOT = hasattr(os, "geteuid") and os.geteuid() == 0
pytestmark = pytest.mark.skipif(
    not IS_ROOT and os.environ.get("CI") != "true", reason="only root can make the users that this needs"
)
QUICK = "\nc.GradingEngine.modules = []\nc.GradingEngine.student_modules = []\nc.GradingEngine.prepare = {}\n"
HIDDEN = """import hashlib, os
print("seed", hashlib.sha256(os.environ["COURSE_SECRET_SEED"].encode()).hexdigest())
assert double(2) == 4
### BEGIN HIDDEN TESTS
assert double(3) == 6
### END HIDDEN TESTS"""


def notebook() -> nbformat.NotebookNode:
    """A lab of one exercise, as an instructor writes it."""
    flags = {"schema_version": 3, "task": False}
    answer = {"grade": False, "grade_id": "double", "locked": False, "solution": True, **flags}
    test = {"grade": True, "grade_id": "test-double", "locked": True, "points": 2, "solution": False, **flags}
    source = "def double(n):\n    ### BEGIN SOLUTION\n    return 2 * n\n    ### END SOLUTION"
    cells = [
        nbformat.v4.new_code_cell(source, metadata={"nbgrader": answer}),
        nbformat.v4.new_code_cell(HIDDEN, metadata={"nbgrader": test}),
    ]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    return nbformat.v4.new_notebook(cells=cells, metadata=kernel)


class Machine:
    """A machine with an instructor, a second one, and two students; each has a home that others may look into."""

    def __init__(self, place: Path) -> None:
        self.place, self.made = place, []
        os.chmod(place, 0o755)
        tag = f"tlc{secrets.token_hex(3)}"
        self.group = f"{tag}g"
        subprocess.run(["groupadd", self.group], check=True)
        for who in ("teacher", "helper", "ada", "bob"):
            name = f"{tag}{who}"
            more = ["--groups", self.group] if who in ("teacher", "helper") else []
            home = place / who
            command = ["useradd", "--no-log-init", "--user-group", "--create-home", "--home-dir", str(home), *more]
            subprocess.run([*command, name], check=True, capture_output=True)
            self.made.append(name)
            os.chmod(home, 0o755)
            setattr(self, who, name)

    def remove(self) -> None:
        for name in self.made:
            subprocess.run(["userdel", name], capture_output=True)
        subprocess.run(["groupdel", self.group], capture_output=True)
        shutil.rmtree(self.place)

    def run(self, user: str, folder: Path, *command: str, status: int = 0, **variables: str) -> str:
        """Runs a command of this environment's Python as a user; returns what it says."""
        programs = Path(sys.executable).parent
        environment = {"PATH": f"{programs}:/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C.UTF-8", **variables}
        environment |= {"PYTHONDONTWRITEBYTECODE": "1", "PYTHONWARNINGS": "ignore"}
        line = ["unshare", "--mount", sys.executable, str(ROOT / "tests" / "as_user.py"), user, str(folder)]
        done = subprocess.run(
            [*line, sys.executable, *command], env=environment, capture_output=True, text=True, timeout=300
        )
        said = done.stdout + done.stderr
        assert done.returncode == status, said[-4000:]
        return said

    def course(self, owner: str, folder: Path, settings: str = "") -> Path:
        """A clone as git makes it: readable by everybody."""
        folder.mkdir()
        config = (ROOT / "nbgrader_config.py").read_text(encoding="utf-8")
        (folder / "nbgrader_config.py").write_text(config + QUICK + settings, encoding="utf-8")
        (folder / "solutions" / "lab1").mkdir(parents=True)
        nbformat.write(notebook(), folder / "solutions" / "lab1" / "lab1.ipynb")
        subprocess.run(["chown", "-R", f"{owner}:", str(folder)], check=True)
        return folder


@pytest.fixture(scope="module")
def machine():
    assert IS_ROOT, "CI runs these tests as root: the users that they need have to be made."
    machine = Machine(Path(tempfile.mkdtemp(prefix="course-users-")))
    yield machine
    machine.remove()


ATTEMPTS = """
import contextlib, json, os, pathlib, shutil, sys
done = []
for kind, path in json.loads(sys.argv[1]):
    with contextlib.suppress(OSError):
        if kind == "read":
            os.listdir(path) if os.path.isdir(path) else open(path, "rb").read()
            if os.path.isdir(path) or os.path.isfile(path): done.append([kind, path])
        elif kind == "write":
            open(path, "ab").close()
            done.append([kind, path])
        elif kind == "put":
            open(os.path.join(path, "planted"), "wb").close()
            done.append([kind, path])
        elif kind == "move":
            os.rename(path, path + ".moved")
            done.append([kind, path])
print("RESULT" + json.dumps(done))
"""


def tried(machine: Machine, user: str, attempts: list[tuple[str, Path]]) -> list[list[str]]:
    """Which of these attempts succeed for a user; what was moved is moved back."""
    plain = [[kind, str(path)] for kind, path in attempts]
    said = machine.run(user, machine.place, "-c", ATTEMPTS, json.dumps(plain))
    done = json.loads(said.rpartition("RESULT")[2])
    for kind, path in done:
        if kind == "move":
            os.rename(f"{path}.moved", path)
    return done


def attempts_on(course: Path) -> list[tuple[str, Path]]:
    """Everything that is the instructors' alone, as it lies there now, with each way to get at it."""
    names = ["secret_seed.txt", "extensions.csv", "grades.csv", "marks.csv", "gradebook.db"]
    tops = [course / name for name in ("submitted", "autograded", "feedback", "evidence")]
    paths = [course / name for name in names] + tops
    paths += [path for top in tops for path in top.rglob("*")]
    assert all(path.exists() for path in paths) and len(paths) > 25, paths
    return [(kind, path) for path in paths for kind in ("read", "put" if path.is_dir() else "write", "move")]


class Cycle:
    """The commands of an instructor and a student, on one exchange."""

    def __init__(self, machine: Machine, folder: Path, owner: str, exchange: Path, settings: str = "") -> None:
        self.machine, self.owner, self.exchange = machine, owner, exchange
        self.variables = {"TRANSFER_LEARNING_EXCHANGE": str(exchange)}
        self.course = machine.course(owner, folder, settings)

    def nbgrader(self, *arguments: str, user: str = "", folder: Path | None = None, status: int = 0) -> str:
        line = ("-W", "ignore", "-m", "nbgrader", *arguments)
        return self.machine.run(user or self.owner, folder or self.course, *line, status=status, **self.variables)

    def ours(self, *arguments: str, user: str = "", folder: Path | None = None, status: int = 0) -> str:
        line = ("-m", "course_utils", *arguments)
        return self.machine.run(user or self.owner, folder or self.course, *line, status=status, **self.variables)

    def submit(self, who: str) -> Path:
        """A student fetches, answers and hands in, from a clone of their own; returns the clone."""
        user = getattr(self.machine, who)
        clone = self.machine.place / who / f"clone of {self.course.name}"
        if not clone.exists():
            self.machine.course(user, clone)
            self.nbgrader("fetch_assignment", "lab1", user=user, folder=clone)
        mine = clone / "work" / "labs" / "lab1" / "lab1.ipynb"
        text = nbformat.read(mine, as_version=4)
        text.cells[0].source = "def double(n):\n    return n + n"
        nbformat.write(text, mine)
        self.nbgrader("submit", "lab1", user=user, folder=clone)
        return clone

    def marks(self) -> dict[str, float]:
        with Gradebook(f"sqlite:///{self.course / 'gradebook.db'}") as book:
            return {found.student.id: found.score for found in book.assignment_submissions("lab1")}


@pytest.fixture(scope="module")
def cycle(machine):
    """Release, submit, collect, grade, give feedback back: the instructor is an ordinary user, the exchange made as doctor says."""
    exchange = machine.place / "exchange"
    advice = readiness.exchange(str(exchange), there=False, writable=False, movable=False)
    subprocess.run(advice.fix.replace("sudo ", ""), shell=True, check=True)
    cycle = Cycle(machine, machine.place / "teacher" / "course", machine.teacher, exchange)
    cycle.ours("seed")
    private = cycle.course / "extensions.csv"
    private.write_text(f"assignment,student,days\nlab1,{machine.ada},3\n")
    shutil.chown(private, machine.teacher, machine.teacher)
    os.chmod(private, 0o600)
    for who in (machine.ada, machine.bob):
        cycle.nbgrader("db", "student", "add", who)
    cycle.nbgrader("generate_assignment", "lab1")
    cycle.nbgrader("release_assignment", "lab1")
    cycle.clones = {who: cycle.submit(who) for who in ("ada", "bob")}
    cycle.nbgrader("collect", "lab1")
    # From the root of the file system: neither command's folder, nor what lies beside the package, says which course it is.
    cycle.said = cycle.ours("grade", "lab1", "--course", str(cycle.course), "--jobs", "1", folder=Path("/"))
    cycle.nbgrader("generate_feedback", "lab1")
    cycle.nbgrader("release_feedback", "lab1")
    cycle.nbgrader("export")
    cycle.ours("report", "lab1", "--csv", "marks.csv")
    return cycle


def test_everything_works_for_the_instructor_and_the_seed_is_the_courses_own_from_any_folder(cycle, machine):
    assert cycle.marks() == {machine.ada: 2, machine.bob: 2}, cycle.said
    seed = (cycle.course / "secret_seed.txt").read_text().strip()
    assert len(seed) >= 16
    executed = (cycle.course / "autograded" / machine.ada / "lab1" / "lab1.ipynb").read_text()
    assert f"seed {hashlib.sha256(seed.encode()).hexdigest()}" in executed
    cycle.nbgrader("autograde", "lab1", "--force")
    assert cycle.marks() == {machine.ada: 2, machine.bob: 2}
    cycle.submit("ada")
    assert "Updating submission" in cycle.nbgrader("collect", "lab1", "--update")
    cycle.ours("grade", "lab1", "--jobs", "1")
    assert cycle.marks() == {machine.ada: 2, machine.bob: 2}
    cycle.nbgrader("generate_feedback", "lab1", "--force")
    cycle.nbgrader("release_feedback", "lab1")


@pytest.mark.parametrize("again", [False, True])
def test_a_student_can_neither_read_nor_change_anything_that_is_the_instructors(cycle, machine, again):
    if again:  # what nbgrader itself writes, after what `grade` did
        cycle.nbgrader("autograde", "lab1", "--force")
        cycle.nbgrader("generate_feedback", "lab1", "--force")
    attempts = attempts_on(cycle.course)
    assert tried(machine, machine.bob, attempts) == []
    assert len(tried(machine, machine.teacher, [a for a in attempts if a[0] == "read"])) == sum(
        kind == "read" for kind, _ in attempts
    )


def test_what_is_for_students_stays_readable(cycle, machine):
    paths = [cycle.course / name for name in ("nbgrader_config.py", "labs", "labs/lab1", "labs/lab1/lab1.ipynb")]
    assert len(tried(machine, machine.bob, [("read", path) for path in paths])) == len(paths)


def test_a_student_can_move_or_change_nothing_in_the_exchange_but_what_is_theirs(cycle, machine):
    course = cycle.exchange / "transfer-learning"
    (hers, *_) = (path for path in (course / "inbound").iterdir() if path.name.startswith(f"{machine.ada}+"))
    attempts = [("move", path) for path in (cycle.exchange, course, *course.iterdir(), hers)]
    attempts += [("read", course / "inbound"), ("read", course / "feedback")]
    attempts += [("put", course / "outbound" / "lab1"), ("write", course / "outbound" / "lab1" / "lab1.ipynb")]
    attempts += [("put", course / "feedback"), *(("write", page) for page in (course / "feedback").iterdir())]
    assert tried(machine, machine.bob, attempts) == []


def test_feedback_reaches_each_student_alone(cycle, machine):
    for who in ("ada", "bob"):
        user, clone = getattr(machine, who), cycle.clones[who]
        cycle.nbgrader("fetch_feedback", "lab1", user=user, folder=clone)
        pages = [*(clone / "work" / "labs" / "lab1" / "feedback").rglob("*.html")]
        page = (cycle.course / "feedback" / user / "lab1" / "lab1.html").read_bytes()
        assert page in [found.read_bytes() for found in pages]


def test_nbgraders_open_submission_is_collected_closed(cycle, machine):
    inbound = next((cycle.exchange / "transfer-learning" / "inbound").iterdir())
    assert inbound.stat().st_mode & 0o777 == 0o777  # so nbgrader leaves it
    for path in (cycle.course / "submitted").rglob("*"):
        assert path.stat().st_mode & 0o077 == 0, path


@pytest.mark.parametrize(
    ("way", "name"),
    [("grade", "secret_seed.txt"), ("grade", "gradebook.db"), ("grade", "."), ("autograde", "extensions.csv")],
)
def test_grading_refuses_on_an_open_path_and_the_command_it_names_closes_it(cycle, way, name):
    path = (cycle.course / name).resolve()
    before = path.stat().st_mode & 0o7777
    os.chmod(path, 0o777 if path.is_dir() else 0o644)
    try:
        if way == "grade":
            said = cycle.ours("grade", "lab1", "--jobs", "1", status=1)
            cycle.ours("grade", "lab1", "--jobs", "1", "--allow-open")
        else:
            said = cycle.nbgrader("autograde", "lab1", "--force", status=1)
            cycle.nbgrader("autograde", "lab1", "--force", "--GradingEngine.allow_open=True")
        assert "Traceback" not in said
        found = re.search(rf"{re.escape(str(path))}\. Run: (chmod \S+ {re.escape(str(path))})", said)
        assert found, said
        subprocess.run(found[1], shell=True, check=True)
        cycle.ours("grade", "lab1", "--jobs", "1")
    finally:
        os.chmod(path, before)


def test_a_home_that_nobody_can_enter_closes_what_is_in_it(cycle, machine):
    home, seed = machine.place / "teacher", cycle.course / "secret_seed.txt"
    os.chmod(seed, 0o644)
    os.chmod(home, 0o700)
    try:
        cycle.ours("grade", "lab1", "--jobs", "1")
        assert tried(machine, machine.bob, [("read", seed)]) == []
    finally:
        os.chmod(home, 0o755)
        os.chmod(seed, 0o600)


@pytest.mark.parametrize("way", ["grade", "autograde"])
def test_grading_refuses_the_public_seed_and_the_command_it_names_makes_another(cycle, way):
    seed = cycle.course / "secret_seed.txt"
    kept = seed.rename(seed.with_suffix(".kept"))
    try:
        if way == "grade":
            said = cycle.ours("grade", "lab1", "--jobs", "1", status=1)
            cycle.ours("grade", "lab1", "--jobs", "1", "--public-seed")
        else:
            said = cycle.nbgrader("autograde", "lab1", "--force", status=1)
            cycle.nbgrader("autograde", "lab1", "--force", "--GradingEngine.allow_public_seed=True")
        assert "Run: python -m course_utils seed." in said and "Traceback" not in said
        cycle.ours("seed")
        assert seed.stat().st_mode & 0o777 == 0o600
        assert "is there already" in cycle.ours("seed", status=1)
        cycle.ours("grade", "lab1", "--jobs", "1")
    finally:
        kept.rename(seed)


def test_instructors_who_share_a_course_can_both_work_and_students_still_cannot(machine):
    """With an exchange that nbgrader makes, in the course's folder."""
    folder = machine.place / "teacher" / "shared"
    shared = "\nc.CourseDirectory.groupshared = True\n"
    cycle = Cycle(machine, folder, machine.teacher, folder / "exchange", shared)
    subprocess.run(["chgrp", "-R", machine.group, str(folder)], check=True)
    for path in (folder, *folder.rglob("*")):
        os.chmod(path, 0o2775 if path.is_dir() else 0o664)
    cycle.ours("seed")
    extensions = folder / "extensions.csv"
    extensions.write_text(f"assignment,student,days\nlab1,{machine.ada},3\n")
    os.chown(extensions, folder.stat().st_uid, folder.stat().st_gid)
    os.chmod(extensions, 0o640)
    for who in (machine.ada, machine.bob):
        cycle.nbgrader("db", "student", "add", who)
    cycle.nbgrader("generate_assignment", "lab1")
    cycle.nbgrader("release_assignment", "lab1")
    cycle.submit("ada")
    for number, user in enumerate((machine.teacher, machine.helper, machine.teacher)):
        if number:
            cycle.submit("bob")
        cycle.nbgrader("collect", "lab1", "--update", user=user)
        cycle.ours("grade", "lab1", "--jobs", "1", "--force", user=user)
        cycle.nbgrader("autograde", "lab1", "--force", user=user)
        cycle.nbgrader("generate_feedback", "lab1", "--force", user=user)
        cycle.nbgrader("release_feedback", "lab1", user=user)
        cycle.nbgrader("export", user=user)
        cycle.ours("report", "lab1", "--csv", "marks.csv", user=user)
        assert cycle.marks()[machine.ada] == 2
    attempts = attempts_on(folder)
    assert tried(machine, machine.bob, attempts) == []
    exchange = folder / "exchange"
    assert tried(machine, machine.bob, [("move", exchange), ("move", exchange / "transfer-learning")]) == []
