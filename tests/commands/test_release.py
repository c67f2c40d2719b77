"""`release`: a student's bundle holds all that the lab needs and nothing that is kept back."""

import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import nbformat
import pytest

from course_utils.checks.core import seeds
from course_utils.commands import release
from course_utils.errors import BadArgumentError, NotAvailableError, UnknownNameError
from nbgrader_isolated.errors import BadArgumentError as FoundError
from nbgrader_isolated.plugin.configuration import load

ROOT = Path(__file__).resolve().parents[2]
LABS = sorted(path.name for path in (ROOT / "labs").glob("lab*/"))


@pytest.fixture
def course(tmp_path):
    """A small copy of the course, to plant things in."""
    root = tmp_path / "course"
    for name in ("solutions/lab1", "labs/lab1", "lessons"):
        shutil.copytree(ROOT / name, root / name)
    (root / "README.md").write_text("about the course", encoding="utf-8")
    shutil.copy(ROOT / "nbgrader_config.py", root)
    return root


@pytest.fixture(autouse=True)
def surroundings(monkeypatch):
    """What nbgrader's settings change in the environment is as before after each test; no real seed and exchange get in."""
    for name in ("PATH", "TF_CPP_MIN_LOG_LEVEL"):
        monkeypatch.setenv(name, os.environ.get(name, ""))
    monkeypatch.delenv("COURSE_SECRET_SEED", raising=False)
    monkeypatch.delenv("TRANSFER_LEARNING_EXCHANGE", raising=False)


def unpacked(lab, folder, *, root=ROOT):
    """A student's course: the bundle of a lab, unpacked."""
    path, *_ = release.write_bundle(lab, target=folder / "bundle.zip", root=root)
    zipfile.ZipFile(path).extractall(folder / "here")
    (course,) = (folder / "here").iterdir()
    return course


@pytest.mark.parametrize("lab", LABS)
def test_a_bundle_has_the_lab_and_no_answers_tests_or_submissions(lab, tmp_path):
    path, count, looked_for = release.write_bundle(lab, target=tmp_path / "bundle.zip")
    names = zipfile.ZipFile(path).namelist()
    assert len(names) == count
    assert looked_for >= 5
    inside = {name.split("/", 1)[1] for name in names}
    assert {f"labs/{lab}/{lab}.ipynb", "Makefile", "requirements.lock", "course_utils/__init__.py"} <= inside
    assert "nbgrader_config.py" in inside
    for kept_back in ("solutions", "authoring", "tests", "submitted", "gradebook.db", "secret_seed.txt", "work"):
        assert not [name for name in inside if name == kept_back or name.startswith(f"{kept_back}/")]


def test_an_unpacked_bundle_fills_a_student_s_folder(tmp_path):
    root = unpacked("lab1", tmp_path)
    code = "from course_utils.commands.course_files import course_root; from course_utils.commands.lab import fill_work; print(len(fill_work(course_root())), course_root())"
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
    count, where = done.stdout.split(maxsplit=1)
    assert Path(where.strip()) == root
    assert int(count) == 3 + len(list((ROOT / "lessons").glob("*.ipynb"))), "lessons, the lab, glossary and first page"
    first = (root / "work/START_HERE.md").read_text("utf-8")
    assert "labs/lab1/lab1.ipynb" in first and "labs/lab2" not in first and (root / "docs/students.md").is_file()
    assert (root / "work/labs/lab1/lab1.ipynb").read_bytes() == (ROOT / "labs/lab1/lab1.ipynb").read_bytes()


def hidden_region(course):
    return next(secret for secret in release.kept_back("lab1", course) if secret.kind == "hidden test").text


@pytest.mark.parametrize("where", ["labs/lab1/lab1.ipynb", "lessons/01_using_pretrained_networks.ipynb"])
@pytest.mark.parametrize("how", ["as it is", "indented, and without its marks"])
def test_a_hidden_test_that_got_into_a_notebook_stops_the_bundle(course, tmp_path, where, how):
    text = hidden_region(course)
    lines = text if how == "as it is" else "if True:\n" + "\n".join(f"    {line}" for line in text.splitlines())
    notebook = nbformat.read(course / where, as_version=4)
    notebook.cells[-1].source += "\n" + lines
    nbformat.write(notebook, course / where)
    with pytest.raises(FoundError, match=f"{Path(where).name} holds .* \\(hidden test\\)"):
        release.write_bundle("lab1", target=tmp_path / "bundle.zip", root=course)
    assert not (tmp_path / "bundle.zip").exists()


def test_an_answer_in_an_output_stops_the_bundle(course, tmp_path):
    answer = next(secret for secret in release.kept_back("lab1", course) if secret.kind == "answer").text
    path = course / "labs/lab1/lab1.ipynb"
    notebook = json.loads(path.read_text(encoding="utf-8"))
    cell = next(cell for cell in notebook["cells"] if cell["cell_type"] == "code")
    cell["outputs"] = [{"output_type": "stream", "name": "stdout", "text": answer.splitlines(keepends=True)}]
    path.write_text(json.dumps(notebook), encoding="utf-8")
    with pytest.raises(FoundError, match="answer"):
        release.write_bundle("lab1", target=tmp_path / "bundle.zip", root=course)


def test_the_seed_in_any_file_stops_the_bundle(course, tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_SECRET_SEED", "seven quiet herons")
    assert release.write_bundle("lab1", target=tmp_path / "bundle.zip", root=course)[1] > 1
    (tmp_path / "bundle.zip").unlink()
    (course / "README.md").write_text("the seed is seven quiet  herons", encoding="utf-8")
    with pytest.raises(FoundError, match=r"README.md holds what students must not see \(seed\)"):
        release.write_bundle("lab1", target=tmp_path / "bundle.zip", root=course)


@pytest.mark.parametrize(("seed", "length"), [("42", 2), ("fifteen letters.", 15), ("a b c d e f g h i j", 10)])
def test_a_seed_too_short_to_be_looked_for_is_refused_and_not_told(course, tmp_path, monkeypatch, seed, length):
    monkeypatch.setenv("COURSE_SECRET_SEED", seed)
    with pytest.raises(BadArgumentError, match=f"at least 16 characters, .* yours has {length}\\.") as refused:
        release.write_bundle("lab1", target=tmp_path / "bundle.zip", root=course)
    assert seed not in str(refused.value)
    assert "secret_seed.txt" in str(refused.value) and "run `grade LAB`" in str(refused.value)
    assert not (tmp_path / "bundle.zip").exists()


def test_instructors_are_told_how_long_a_seed_must_be():
    page = (ROOT / "docs/instructors/set-up.md").read_text(encoding="utf-8")
    assert f"at least {seeds.SHORTEST_SEED} characters" in page


def test_the_settings_in_a_bundle_are_the_course_s_and_name_no_student(course, tmp_path):
    with (course / "nbgrader_config.py").open("a", encoding="utf-8") as file:
        file.write("\nc.CourseDirectory.course_id = 'tl-{2026}'\n")
    (course / "extensions.csv").write_text("assignment,student,days\nlab1,ada,3\n")
    config, own, _ = load(course)
    student = unpacked("lab1", tmp_path, root=course)
    settings, theirs, _ = load(student)
    assert not list(student.glob("*.csv"))
    assert theirs.course_id == "tl-{2026}"
    for name in ("ignore", "max_file_size", "max_dir_size"):
        assert getattr(theirs, name) == getattr(own, name), name
    assert (theirs.root, settings.Exchange.root) == (str(student), str(student / "exchange"))
    assert settings.Exchange.assignment_dir == str(student / "work" / "labs")
    assert settings.Execute.timeout == config.Execute.timeout
    assert settings.Execute.extra_arguments == config.Execute.extra_arguments
    assert "Autograde" not in settings and "GradingEngine" not in settings


def test_something_hidden_in_the_settings_stops_the_bundle(course, tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_SECRET_SEED", "seven quiet herons")
    with (course / "nbgrader_config.py").open("a", encoding="utf-8") as file:
        file.write("\nc.CourseDirectory.course_id = 'seven-quiet-herons'.replace('-', '  ')\n")
    with pytest.raises(FoundError, match=r"nbgrader_config.py holds .* \(seed\), so no bundle was written. Take"):
        release.write_bundle("lab1", target=tmp_path / "bundle.zip", root=course)


def test_a_lab_is_handed_in_from_an_unpacked_bundle(course, tmp_path):
    student = unpacked("lab1", tmp_path, root=course)
    (student / "work/labs").mkdir(parents=True)
    shutil.copytree(student / "labs/lab1", student / "work/labs/lab1")
    environment = os.environ | {
        "TRANSFER_LEARNING_EXCHANGE": str(tmp_path / "exchange"),
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
        **{f"JUPYTER_{kind}_DIR": str(tmp_path / kind) for kind in ("CONFIG", "DATA", "RUNTIME")},
    }

    def nbgrader(folder, *arguments):
        done = subprocess.run(
            [sys.executable, "-W", "ignore", "-m", "nbgrader", *arguments],
            cwd=folder,
            env=environment,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stdout + done.stderr

    nbgrader(course, "release_assignment", "lab1")
    nbgrader(student, "submit", "lab1")
    (received,) = (tmp_path / "exchange/transfer-learning/inbound").iterdir()
    assert (received / "lab1.ipynb").read_bytes() == (student / "work/labs/lab1/lab1.ipynb").read_bytes()


def test_an_unknown_lab_a_clone_without_settings_and_one_without_solutions_are_refused(course, tmp_path):
    with pytest.raises(UnknownNameError, match="lab1"):
        release.write_bundle("lab11", root=course)
    (course / "nbgrader_config.py").rename(course / "settings.py")
    with pytest.raises(NotAvailableError, match=r"the course's settings at .*nbgrader_config.py; found none"):
        release.write_bundle("lab1", target=tmp_path / "bundle.zip", root=course)
    shutil.rmtree(course / "solutions")
    with pytest.raises(NotAvailableError, match="instructor's clone"):
        release.write_bundle("lab1", target=tmp_path / "bundle.zip", root=course)
