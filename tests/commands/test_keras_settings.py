"""A setting of Keras outside the course is named, with its file or variable, before it can spoil correct work."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import keras
import pytest
from test_kernels import outputs, prefix, run  # noqa: F401

from course_utils import keras_settings
from course_utils.commands import doctor
from course_utils.commands.doctor import NOTE, RIGHT, WRONG
from course_utils.commands.kernels import main
from course_utils.errors import NotAvailableError
from course_utils.models import load_base

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def setting(tmp_path, monkeypatch):
    """Writes a keras.json, and takes Keras's variables out of the environment."""
    for variable in ("KERAS_BACKEND", *keras_settings.CUTS_SHORT):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))

    def write(content: object) -> Path:
        file = tmp_path / "keras.json"
        file.write_text(content if isinstance(content, str) else json.dumps(content))
        return file

    return write


def found():
    return [(problem.stops, str(problem)) for problem in keras_settings.problems()]


def test_no_file_and_kerass_own_file_are_right(setting, tmp_path):
    assert found() == []
    setting({"floatx": "float32", "epsilon": 1e-07, "backend": "tensorflow", "image_data_format": "channels_last"})
    assert found() == []
    assert [(line.state, line.text) for line in doctor.check_keras_settings()] == [(RIGHT, "Keras's settings")]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ({"image_data_format": "channels_first"}, ['"image_data_format" is set to "channels_first"', "channels_last"]),
        ({"floatx": "float16"}, ['"floatx" is set to "float16"', 'Write "float32" there']),
        ({"floatx": "float64"}, ['"floatx" is set to "float64"', 'Write "float32" there']),
        ({"floatx": "flaot32"}, ['"floatx" is set to "flaot32"', 'Write "float32" there']),
        ({"epsilon": 1}, ['"epsilon"', "is 1, and Keras expects a float", "1e-07"]),
        ({"backend": "no_such"}, ["'no_such'", "tensorflow, jax, torch", 'Write "tensorflow" there']),
        ({"backend": "numpy"}, ["'numpy'", "a backend that trains"]),
        ({"backend": None}, ["None", 'Write "tensorflow" there']),
        ([1], ["holds list", "Delete"]),
    ],
)
def test_a_file_that_does_not_serve_is_named_with_what_to_change(setting, content, said):
    file = setting(content)
    [(stops, text)] = found()
    assert stops and str(file) in text and all(part in text for part in said), text
    assert [line.state for line in doctor.check_keras_settings()] == [WRONG]
    done = subprocess.run(
        [sys.executable, "-c", "from course_utils.models import load_base; load_base('vgg16')"],
        env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True,
    )  # fmt: skip
    last = done.stderr.strip().splitlines()[-1]
    assert last.startswith("course_utils.errors.NotAvailableError") and str(file) in last
    assert last.endswith("Then restart the kernel.")


def test_where_keras_cannot_be_imported_for_its_settings_an_installation_is_not_the_advice(setting, monkeypatch):
    file = setting({"floatx": "flaot32"})
    monkeypatch.setattr(doctor, "CHECKS", (doctor.check_keras_settings,))
    monkeypatch.setattr(doctor, "FOR_INSTRUCTORS", ())
    settings, backend = doctor.examine()
    assert str(file) in settings.text and "Invalid `floatx`" in backend.text
    assert (backend.state, backend.fix) == (WRONG, "Change Keras's settings, which are named above.")


def test_a_file_that_keras_ignores_does_not_stop_anything_and_is_named(setting):
    file = setting('{"floatx": "float16"')
    [(stops, text)] = found()
    assert not stops and f"{file} is not valid JSON, so Keras ignores all of it" in text
    assert [line.state for line in doctor.check_keras_settings()] == [NOTE]


@pytest.mark.parametrize(
    ("variable", "value", "stops", "said"),
    [
        ("KERAS_BACKEND", "no_such", True, "KERAS_BACKEND is 'no_such'"),
        ("KERAS_BACKEND", "torch", True, "KERAS_BACKEND is 'torch', which is not installed here. Remove that variable"),
        ("KERAS_BACKEND", "jax", False, "KERAS_BACKEND is 'jax': the lessons run with it"),
        ("KERAS_MAX_EPOCHS", "1", True, "KERAS_MAX_EPOCHS is '1', which ends every training early"),
        ("KERAS_MAX_STEPS_PER_EPOCH", "x", True, "KERAS_MAX_STEPS_PER_EPOCH is 'x'"),
    ],
)
def test_a_variable_is_named_and_counts_more_than_the_file(setting, monkeypatch, variable, value, stops, said):
    setting({"backend": "no_such_either" if variable == "KERAS_BACKEND" else "tensorflow"})
    monkeypatch.setenv(variable, value)
    installed = {"tensorflow", "jax"}
    monkeypatch.setattr(keras_settings.importlib.util, "find_spec", lambda name: name in installed or None)
    [(does, text)] = found()
    assert does == stops and said in text


def test_an_empty_variable_counts_as_none(setting, monkeypatch):
    monkeypatch.setenv("KERAS_BACKEND", "")
    assert found() == []


@pytest.mark.parametrize(
    ("name", "value"), [("image_data_format", "channels_first"), ("floatx", "float16"), ("floatx", "float64")]
)
def test_what_a_cell_has_set_is_named_as_that_cells_call(setting, name, value):
    before = getattr(keras.config, name)()
    getattr(keras.config, f"set_{name}")(value)
    try:
        with pytest.raises(NotAvailableError, match=f"by keras.config.set_{name}, and the course needs.*{before}"):
            load_base("vgg16", weights=None, input_shape=(32, 32, 3))
        file = setting({name: value})
        with pytest.raises(NotAvailableError, match=str(file)):
            keras_settings.require()
    finally:
        getattr(keras.config, f"set_{name}")(before)


def test_a_file_that_was_changed_after_keras_was_imported_changes_nothing_yet(setting):
    setting({"floatx": "float16"})
    keras_settings.require()


def test_a_notebook_says_so_in_its_first_cell_and_only_then(setting, prefix):  # noqa: F811
    file = setting({"image_data_format": "channels_first"})
    notebook = run(prefix, "python3", ["print('first')", "print('second')"])
    first, second = ("".join(output.text for output in cell.outputs) for cell in notebook.cells)
    assert str(file) in first and first.endswith("Then restart the kernel.\nfirst\n") and second == "second\n"
    file.unlink()
    assert outputs(run(prefix, "course-cpu", ["print('first')"]), "stdout") == "first\n"


def test_the_commands_say_so(setting, tmp_path, capsys):
    file = setting({"floatx": "float64"})
    assert main(["--prefix", str(tmp_path / "environment")]) == 0
    assert str(file) in capsys.readouterr().out
    command = [sys.executable, "-m", "course_utils"]
    done = subprocess.run([*command, "check", "labs/lab1/lab1.ipynb"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 1 and str(file) in done.stderr and "Traceback" not in done.stderr
    assert doctor.check_keras_settings in doctor.CHECKS
