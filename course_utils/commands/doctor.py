"""The ``doctor`` command: what is right and wrong with this machine, each wrong line with its cure.

A *wrong* line stops labs from running and makes the exit status 1. A *note* does not: a student needs no GPU, no
sandbox and no exchange.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from course_utils.commands import doctor_closed
from course_utils.errors import CourseError
from nbgrader_isolated.errors import GraderError

RIGHT, WRONG, NOTE = "right", "wrong", "note"
MEMORY_NEEDED_GB = 4.0  # VGG16 extraction and JupyterLab beside a browser
DISK_NEEDED_GB = 1.0  # the weights (0.1 GB) and the features of every lab
GPU_SECONDS = 90  # importing TensorFlow for the first time, from a cold disk
LEAVING_OUT = "only instructors need it"


@dataclass(frozen=True)
class Line:
    """One finding: how it stands, what was found, and what to do about it (empty when nothing is to be done)."""

    state: str
    text: str
    cure: str = ""


def check_python() -> Iterator[Line]:
    found = ".".join(map(str, sys.version_info[:3]))
    if (3, 11) <= sys.version_info[:2] <= (3, 13):
        yield Line(RIGHT, f"Python {found}")
    else:
        yield Line(WRONG, f"Python {found}; the course needs 3.11, 3.12 or 3.13", "make lab PYTHON=python3.12")


def check_packages() -> Iterator[Line]:
    """Compares what is installed with requirements.lock, for this Python and platform."""
    from importlib.metadata import PackageNotFoundError, version

    from packaging.requirements import Requirement

    lock = _root() / "requirements.lock"
    missing, other, total = [], [], 0
    for text in lock.read_text(encoding="utf-8").splitlines():
        if not text[:1].isalnum():
            continue
        pin = Requirement(text.rstrip("\\ "))
        if pin.marker is not None and not pin.marker.evaluate():
            continue
        total += 1
        try:
            if not pin.specifier.contains(version(pin.name), prereleases=True):
                other.append(f"{pin.name} {version(pin.name)} (lock: {str(pin.specifier)[2:]})")
        except PackageNotFoundError:
            missing.append(pin.name)
    if missing:
        yield Line(WRONG, f"not installed: {_some(missing)}", _install_cure())
    if other:
        yield Line(NOTE, f"other versions than the course was tried with: {_some(other)}", _install_cure())
    if not missing and not other:
        yield Line(RIGHT, f"{total} packages, all as in requirements.lock")


def check_course() -> Iterator[Line]:
    """A kernel starts in a lab's folder, so the package must be importable from anywhere."""
    done = _run([sys.executable, "-I", "-c", "import course_utils"], timeout=30)
    if done.returncode == 0:
        yield Line(RIGHT, "course_utils can be imported from any folder")
    else:
        yield Line(WRONG, "course_utils cannot be imported outside the course's folder", _install_cure("-e ."))


def check_own_files() -> Iterator[Line]:
    """A file beside a notebook with the name of a module stands in for it there, whatever is installed."""
    from nbgrader_isolated.student.own_files import in_the_way

    folders = [Path.cwd(), *sorted((_root() / "work" / "labs").glob("*/"))]
    for folder in dict.fromkeys(folders):
        near = [*folder.glob("*"), *folder.glob("*/__init__.*")] if folder != _root() else []
        for name in in_the_way(path.relative_to(folder).as_posix() for path in near if path.is_file()):
            yield Line(
                WRONG,
                f"{folder / name} has the name of a Python module: notebooks beside it import it in that module's place",
                "Rename it.",
            )


def check_memory() -> Iterator[Line]:
    from course_utils.hardware import describe, memory_gb

    yield Line(RIGHT, describe())
    if memory_gb() < MEMORY_NEEDED_GB:
        yield Line(
            WRONG,
            f"{memory_gb():.1f} GB of memory; labs need {MEMORY_NEEDED_GB:.0f} GB",
            "Give the container or the WSL2 machine more memory, or use a hosted notebook (see docs).",
        )


def check_disk() -> Iterator[Line]:
    from course_utils.storage import ENVIRONMENT_VARIABLE, cache_root

    store = cache_root()
    there = store
    while not there.exists():
        there = there.parent
    free = shutil.disk_usage(there).free / 1e9
    if free < DISK_NEEDED_GB:
        cure = f"Free some space, or set {ENVIRONMENT_VARIABLE} to a folder on another disk."
        yield Line(WRONG, f"{free:.1f} GB free for {store}; labs need {DISK_NEEDED_GB:.0f} GB", cure)
    else:
        yield Line(RIGHT, f"{free:.0f} GB free for {store}")
    if not os.access(there, os.W_OK):
        yield Line(NOTE, f"{store} is read-only: what is in it can be used, new features cannot be kept in it")


def check_weights() -> Iterator[Line]:
    from course_utils.models import weights
    from course_utils.models.registry import GRADED, find_base

    for name in GRADED:
        base = find_base(name)
        stored = [origin for origin in weights.ORIGINS if weights._file(base, origin).is_file()]
        if any(weights._is_whole(base, origin) for origin in stored):
            yield Line(RIGHT, f"weights of {name}, verified")
        else:
            what = "damaged" if stored else "not there"
            yield Line(WRONG, f"weights of {name}: {what}", f"python -m course_utils fetch {name}")


def check_kernels() -> Iterator[Line]:
    from course_utils.commands.kernels import KERNELS, wrong_kernels

    wrong = wrong_kernels()
    if wrong:
        yield Line(WRONG, f"kernels missing or out of date: {', '.join(wrong)}", "python -m course_utils kernels")
    else:
        yield Line(RIGHT, f"kernels {', '.join(kernel.name for kernel in KERNELS)}")


def check_jupyter() -> Iterator[Line]:
    """Reads Jupyter's own configuration, without starting it: what it would load, and where from."""
    from jupyter_core.paths import jupyter_config_path, jupyter_path

    enabled: dict[str, bool] = {}
    for folder in reversed([Path(p) for p in jupyter_config_path()]):  # the first of them has the last word
        files = [*sorted((folder / "jupyter_server_config.d").glob("*.json")), folder / "jupyter_server_config.json"]
        for file in files:
            with contextlib.suppress(OSError, ValueError):
                enabled |= (
                    json.loads(file.read_text(encoding="utf-8")).get("ServerApp", {}).get("jpserver_extensions", {})
                )
    front = {
        name
        for name in ("@jupyter-widgets/jupyterlab-manager", "@jupyter/nbgrader")
        if any((Path(p) / "labextensions" / name / "package.json").is_file() for p in jupyter_path())
    }
    if enabled.get("jupyterlab") and "@jupyter-widgets/jupyterlab-manager" in front:
        yield Line(RIGHT, "JupyterLab, with widgets")
    else:
        yield Line(WRONG, "JupyterLab or its widgets are not enabled in this environment", _install_cure())
    if "@jupyter/nbgrader" in front and enabled.get("nbgrader.server_extensions.formgrader"):
        yield Line(RIGHT, "nbgrader's JupyterLab extensions")
    else:
        cure = "jupyter server extension enable --sys-prefix --py nbgrader"
        yield Line(NOTE, f"nbgrader's JupyterLab extensions are not enabled ({LEAVING_OUT})", cure)


_NBGRADER = """
import json, os, sys
from nbgrader.apps import NbGrader
from nbgrader.exchange.default import Exchange
from nbgrader_isolated.plugin.exchange import movable
app = NbGrader()
app.load_config_file()
root = Exchange(config=app.config).root
there = root
while not os.path.exists(there):
    there = os.path.dirname(there)
exists = os.path.isdir(root)
print(json.dumps([root, {'there': exists, 'writable': os.access(there, os.W_OK), 'movable': exists and movable(root)}]))
"""


def check_nbgrader() -> Iterator[Line]:
    # Without the variable traitlets logs a mistake in nbgrader_config.py and goes on without that file.
    strict = {"TRAITLETS_APPLICATION_RAISE_CONFIG_FILE_ERROR": "1"}
    done = _run([sys.executable, "-c", _NBGRADER], timeout=60, cwd=_root(), variables=strict)
    try:
        exchange, found = json.loads(done.stdout.strip().splitlines()[-1])
    except (ValueError, IndexError):
        yield Line(WRONG, f"nbgrader does not load its configuration: {_last_line(done)}", _install_cure())
        return
    yield Line(RIGHT, "nbgrader and its configuration")
    yield _for_instructors(*doctor_closed.exchange(exchange, **found))


def check_closed() -> Iterator[Line]:
    for finding in doctor_closed.findings(_root()):
        yield _for_instructors(*finding)


def _for_instructors(right: bool, text: str, cure: str) -> Line:
    return Line(RIGHT, text) if right else Line(NOTE, f"{text} ({LEAVING_OUT})", cure)


def check_sandbox() -> Iterator[Line]:
    """Asks the grading engine, which really starts a program inside: bubblewrap can be installed and still be forbidden."""
    from nbgrader_isolated.sandbox.bubblewrap import probe

    found = probe()
    if found.available:
        yield Line(RIGHT, "sandbox for grading")
    else:
        cure = 'docs/grading.md, under "Where no sandbox can be had"'
        yield Line(NOTE, f"no sandbox for grading ({LEAVING_OUT}). {found.reason}", cure)


_BACKEND = "import json, keras; from course_utils.hardware import gpu_names; print(json.dumps([keras.__version__, gpu_names()]))"


def start_backend() -> subprocess.Popen:
    """Starts importing Keras and its backend in a process of its own: it takes seconds, and it can crash."""
    return subprocess.Popen(
        [sys.executable, "-c", _BACKEND],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).resolve().parents[2],
    )


def check_backend(child: subprocess.Popen) -> Iterator[Line]:
    try:
        out, err = child.communicate(timeout=GPU_SECONDS)
        version, gpus = json.loads(out.strip().splitlines()[-1])
    except subprocess.TimeoutExpired:
        child.kill()
        child.communicate()
        yield Line(
            WRONG, f"Keras was still being imported after {GPU_SECONDS} s", "Close other programs and try again."
        )
        return
    except (ValueError, IndexError):
        said = err.strip().splitlines()[-1:] or [f"exit status {child.returncode}"]
        if child.returncode == -4:  # SIGILL
            said = ["this processor lacks instructions that TensorFlow needs (AVX)"]
        yield Line(WRONG, f"Keras cannot be imported: {said[0]}", _install_cure())
        return
    yield Line(RIGHT, f"Keras {version}")
    if gpus:
        yield Line(RIGHT, f"GPU: {', '.join(gpus)}")
    else:
        cure = "With an NVIDIA GPU on Linux: make setup GPU=1" if sys.platform == "linux" else ""
        yield Line(NOTE, "no GPU that Keras can use; every lab also runs without one", cure)


CHECKS: tuple[Callable[[], Iterator[Line]], ...] = (
    check_python,
    check_packages,
    check_course,
    check_own_files,
    check_memory,
    check_disk,
    check_weights,
    check_kernels,
    check_jupyter,
    check_nbgrader,
    check_closed,
    check_sandbox,
)


def examine() -> Iterator[Line]:
    """Yields every finding, the slowest last. A check that breaks is itself a finding, never a traceback."""
    child = start_backend()
    try:
        for check in (*CHECKS, lambda: check_backend(child)):
            name = getattr(check, "__name__", "").removeprefix("check_")
            try:
                yield from check()
            except (CourseError, GraderError) as error:
                yield Line(WRONG, f"{name}: {error}")
            except Exception as error:  # what is wrong with this machine may be anything at all
                yield Line(WRONG, f"{name} could not be checked: {type(error).__name__}: {error}", _install_cure())
    finally:
        if child.poll() is None:
            child.kill()
            child.communicate()


def show(line: Line, *, encoding: str) -> str:
    """Returns a finding as text, with marks that the terminal's encoding has."""
    marks = {RIGHT: "✔", WRONG: "✘", NOTE: "•"}
    try:
        "".join(marks.values()).encode(encoding)
    except (UnicodeEncodeError, LookupError):
        marks = {RIGHT: "[ok]   ", WRONG: "[WRONG]", NOTE: "[note] "}
    cure = f"\n{' ' * len(marks[line.state])}   to cure it: {line.cure}" if line.cure else ""
    return f"{marks[line.state]} {line.text}{cure}".encode(encoding, "replace").decode(encoding)


def main(argv: list[str]) -> int:
    """The ``doctor`` command; the exit status is 0 only when labs can run."""
    argparse.ArgumentParser(
        prog="python -m course_utils doctor", description="Say what is right and wrong with this machine."
    ).parse_args(argv)
    wrong = 0
    for line in examine():
        print(show(line, encoding=sys.stdout.encoding or "ascii"), flush=True)
        wrong += line.state == WRONG
    print("\nLabs can run here." if not wrong else f"\nLabs cannot run here yet: {wrong} to put right, marked above.")
    return 1 if wrong else 0


def _root() -> Path:
    from course_utils.commands.lab import course_root

    return course_root()


def _install_cure(what: str = "--require-hashes -r requirements.lock") -> str:
    made_by_make = Path(sys.prefix).name == ".venv"
    return "make setup" if made_by_make else f"python -m pip install {what}"


def _run(
    command: list[str], *, timeout: float, cwd: Path | None = None, variables: dict[str, str] | None = None
) -> subprocess.CompletedProcess:
    environment = {**os.environ, **(variables or {})}
    try:
        return subprocess.run(command, capture_output=True, text=True, timeout=timeout, cwd=cwd, env=environment)
    except subprocess.TimeoutExpired:
        return subprocess.CompletedProcess(command, 1, "", f"no answer within {timeout:.0f} s")
    except OSError as error:
        return subprocess.CompletedProcess(command, 1, "", str(error))


def _last_line(done: subprocess.CompletedProcess) -> str:
    lines = (done.stderr or done.stdout or "").strip().splitlines()
    return lines[-1] if lines else f"exit status {done.returncode}"


def _some(names: list[str], *, most: int = 6) -> str:
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more
