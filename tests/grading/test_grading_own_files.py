"""A student's own files that have the name of a module: the same marks and notes whichever way a kernel starts."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from authoring.both_processes import PACKAGE
from course_utils.commands import doctor
from nbgrader_isolated.run import submission
from nbgrader_isolated.run.engine import Settings
from nbgrader_isolated.run.jobs import Job
from nbgrader_isolated.student import own_files, template
from nbgrader_isolated.student.kernel import Student
from nbgrader_isolated.student.template import Template

BROKEN = "raise RuntimeError('this is not the module')"
SHADOWS = [
    "numpy.py",
    "random.py",
    "statistics.py",
    "google.py",
    "course_utils.py",
    "ipykernel_launcher.py",
    "types.py",
]
LOOK = """
import sys
sys.path.insert(0, '.')
import random, statistics, types, numpy, google.protobuf, course_utils, helper, package.part
print(statistics.mean([1, 3]), int(numpy.arange(3).sum()), helper.VALUE, package.part.VALUE, sys.path[1:].index('') > 0)
"""


@pytest.fixture
def files(tmp_path):
    folder = tmp_path / "files"
    for package in ("keras", "package"):
        (folder / package).mkdir(parents=True)
    for name in (*SHADOWS, "keras/__init__.py"):
        (folder / name).write_text(BROKEN)
    (folder / "json.pyc").write_bytes(b"not even Python")
    (folder / "helper.py").write_text("VALUE = 'mine'")
    (folder / "package" / "part.py").write_text("VALUE = 'too'")
    (folder / ".keras").mkdir()
    (folder / ".keras" / "keras.json").write_text('{"image_data_format": "channels_first", "backend": "nothing"}')
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
    return folder


def kernels() -> list[Template | None]:
    return [None, *([Template(("numpy", "course_utils"))] if template.usable() else [])]


def test_own_files_are_found_and_the_environments_modules_stay_in_every_kernel(files):
    for made in kernels():
        with Student(files=files, template=made, read_only=(PACKAGE,)) as student:
            run = student.run(LOOK)
            assert "".join(output.get("text", "") for output in run.outputs) == "2 3 mine too True\n", run.outputs
            assert not student.started_new
        if made is not None:
            made.close()


@pytest.mark.skipif(not template.usable(), reason="entering a sandbox from outside needs root")
def test_marks_and_notes_are_the_same_forked_and_started_anew(files, tmp_path):
    source = tmp_path / "source"
    source.mkdir()
    flags = {"schema_version": 3, "locked": False, "task": False}
    answer = {"grade_id": "f", "solution": True, "grade": False, **flags}
    test = {"grade_id": "test-f", "solution": False, "grade": True, "points": 4, **flags}
    code = (
        "import statistics, numpy as np, helper, random\ndef f(n): return float(np.sum([n, n])) if helper.VALUE else 0"
    )
    cells = [nbformat.v4.new_code_cell(code, metadata={"nbgrader": answer})]
    cells += [nbformat.v4.new_code_cell("assert f(2) == 4.0", metadata={"nbgrader": test})]
    for folder in (source, files):
        nbformat.write(nbformat.v4.new_notebook(cells=cells), folder / "work.ipynb")
    found = []
    for modules in ((), ("numpy",)):
        settings = Settings(student_modules=modules)
        job = Job("ada", str(files), str(source), ("work",), str(tmp_path / f"evidence{len(modules)}"), settings)
        (record,) = submission.grade_submission(job)
        assert not record["failed"]
        found.append((record["outcome"], [mark["points"] for mark in record["marks"]], record["notes"]))
    submission.close_examiners()
    assert found[0] == found[1]
    outcome, points, notes = found[0]
    assert (outcome, points) == ("graded", [4.0])
    assert notes == own_files.notes([*SHADOWS, "json.pyc", "keras/__init__.py"])
    assert any("'numpy.py'" in note and "rename" in note for note in notes)


def test_which_files_are_in_the_way():
    names = ["numpy.py", "code.py", "keras/__init__.py", "tensorflow.pyc", "_json.abi3.so", "google.py"]
    assert own_files.in_the_way(names) == sorted([name.replace("__init__.py", "") for name in names])
    fine = ["helper.py", "numpy.csv", "code/data.csv", "mine/numpy.py", "usercustomize.py", "my file.py", "keras.json"]
    assert own_files.in_the_way(fine) == []


def test_keras_settings_beside_a_notebook_and_in_the_graders_account_change_nothing(files, monkeypatch):
    monkeypatch.setenv("KERAS_BACKEND", "nothing")
    monkeypatch.setenv("KERAS_HOME", str(files / ".keras"))
    shutil.rmtree(files / "keras")
    look = "import keras; print(keras.config.backend(), keras.config.image_data_format())"
    made_of = [None, *([Template(("keras",))] if template.usable() else [])]
    for made in made_of:
        with Student(files=files, template=made, read_only=(PACKAGE,)) as student:
            said = "".join(output.get("text", "") for output in student.run(look).outputs)
            assert said.endswith("tensorflow channels_last\n"), said
            assert not student.started_new
        if made is not None:
            made.close()


def test_the_doctor_names_the_file_and_is_not_stopped_by_it(tmp_path, monkeypatch):
    for name in ("numpy.py", "json.py", "psutil.py", "argparse.py"):
        (tmp_path / name).write_text(BROKEN)
    code = "import course_utils.__main__ as m; m._leave_the_folder_out(); import json, argparse, psutil; print('well')"
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True)
    assert done.stdout == "well\n", done.stderr
    monkeypatch.chdir(tmp_path)
    said = [line for line in doctor.check_own_files() if str(tmp_path) in line.text]
    assert [Path(line.text.split(" has the name")[0]).name for line in said] == sorted(
        ["numpy.py", "json.py", "psutil.py", "argparse.py"]
    )
    assert {(line.state, line.fix) for line in said} == {(doctor.WRONG, "Rename it.")}
