"""`release`: a student's bundle holds all that the lab needs and nothing that is kept back."""

import json
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import nbformat
import pytest

from course_utils import release
from course_utils.errors import BadArgumentError, NotAvailableError, UnknownNameError

ROOT = Path(__file__).resolve().parents[1]
LABS = sorted(path.name for path in (ROOT / "labs").glob("lab*/"))


@pytest.fixture
def course(tmp_path):
    """A small copy of the course, to plant things in."""
    root = tmp_path / "course"
    for name in ("solutions/lab1", "labs/lab1", "lessons"):
        shutil.copytree(ROOT / name, root / name)
    (root / "README.md").write_text("about the course", encoding="utf-8")
    return root


@pytest.mark.parametrize("lab", LABS)
def test_a_bundle_has_the_lab_and_no_answers_tests_or_submissions(lab, tmp_path):
    path, count, looked_for = release.release(lab, target=tmp_path / "bundle.zip")
    names = zipfile.ZipFile(path).namelist()
    assert len(names) == count
    assert looked_for >= 5
    inside = {name.split("/", 1)[1] for name in names}
    assert {f"labs/{lab}/{lab}.ipynb", "Makefile", "requirements.lock", "course_utils/__init__.py"} <= inside
    for kept_back in ("solutions", "authoring", "tests", "submitted", "gradebook.db", "secret_seed.txt", "work"):
        assert not [name for name in inside if name == kept_back or name.startswith(f"{kept_back}/")]


def test_an_unpacked_bundle_fills_a_student_s_folder(tmp_path):
    path, *_ = release.release("lab1", target=tmp_path / "bundle.zip")
    zipfile.ZipFile(path).extractall(tmp_path / "here")
    (root,) = (tmp_path / "here").iterdir()
    code = "from course_utils.lab import course_root, fill_work; print(len(fill_work(course_root())), course_root())"
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
    count, where = done.stdout.split(maxsplit=1)
    assert Path(where.strip()) == root
    assert int(count) == 1 + len(list((ROOT / "lessons").glob("*.ipynb")))
    assert (root / "work/labs/lab1/lab1.ipynb").read_bytes() == (ROOT / "labs/lab1/lab1.ipynb").read_bytes()


def hidden_region(course):
    return next(secret for secret in release.secrets_of("lab1", course) if secret.kind == "hidden test").text


@pytest.mark.parametrize("where", ["labs/lab1/lab1.ipynb", "lessons/01_using_pretrained_networks.ipynb"])
@pytest.mark.parametrize("how", ["as it is", "indented, and without its marks"])
def test_a_hidden_test_that_got_into_a_notebook_stops_the_bundle(course, tmp_path, where, how):
    text = hidden_region(course)
    lines = text if how == "as it is" else "if True:\n" + "\n".join(f"    {line}" for line in text.splitlines())
    notebook = nbformat.read(course / where, as_version=4)
    notebook.cells[-1].source += "\n" + lines
    nbformat.write(notebook, course / where)
    with pytest.raises(BadArgumentError, match=f"{Path(where).name} holds .* \\(hidden test\\)"):
        release.release("lab1", target=tmp_path / "bundle.zip", root=course)
    assert not (tmp_path / "bundle.zip").exists()


def test_an_answer_in_an_output_stops_the_bundle(course, tmp_path):
    answer = next(secret for secret in release.secrets_of("lab1", course) if secret.kind == "answer").text
    path = course / "labs/lab1/lab1.ipynb"
    notebook = json.loads(path.read_text(encoding="utf-8"))
    cell = next(cell for cell in notebook["cells"] if cell["cell_type"] == "code")
    cell["outputs"] = [{"output_type": "stream", "name": "stdout", "text": answer.splitlines(keepends=True)}]
    path.write_text(json.dumps(notebook), encoding="utf-8")
    with pytest.raises(BadArgumentError, match="answer"):
        release.release("lab1", target=tmp_path / "bundle.zip", root=course)


def test_the_seed_in_any_file_stops_the_bundle(course, tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_SECRET_SEED", "seven quiet herons")
    assert release.release("lab1", target=tmp_path / "bundle.zip", root=course)[1] > 1
    (tmp_path / "bundle.zip").unlink()
    (course / "README.md").write_text("the seed is seven quiet  herons", encoding="utf-8")
    with pytest.raises(BadArgumentError, match=r"README.md holds what students must not see \(seed\)"):
        release.release("lab1", target=tmp_path / "bundle.zip", root=course)


def test_an_unknown_lab_and_a_clone_without_solutions_are_refused(course, tmp_path):
    with pytest.raises(UnknownNameError, match="lab1"):
        release.release("lab11", root=course)
    shutil.rmtree(course / "solutions")
    with pytest.raises(NotAvailableError, match="instructor's clone"):
        release.release("lab1", target=tmp_path / "bundle.zip", root=course)
