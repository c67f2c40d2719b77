"""The ``doctor`` command: what is right and wrong with this machine, each wrong finding with its fix.

A *wrong* finding stops labs from running and makes the exit status 1. A *note* does not.
"""

import json
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from importlib.metadata import PackageNotFoundError, requires, version
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

from course_utils.commands import parser_of
from course_utils.commands.course_files import course_root, find_clone
from course_utils.commands.kernels import KERNELS, wrong_kernels
from course_utils.errors import CourseError
from course_utils.hardware import describe, memory_gb
from course_utils.keras_settings import problems
from course_utils.storage import ENVIRONMENT_VARIABLE, cache_root
from nbgrader_isolated.errors import GraderError, NotAvailableError

RIGHT, WRONG, NOTE = "right", "wrong", "note"
NO_ANSWER = "no answer within"
MEMORY_NEEDED_GB = 4.0  # VGG16 extraction and JupyterLab, with a browser open
DISK_NEEDED_GB = 1.0  # the weights (0.1 GB) and the features of every lab
GPU_SECONDS = 90  # importing TensorFlow for the first time, from a cold disk


class Finding(NamedTuple):
    """How one thing stands, what was found, and what to do about it (empty when nothing is to be done)."""

    state: str
    text: str
    fix: str = ""


def install_command(what: str = "") -> str:
    """The command that brings this environment up to date."""
    if find_clone() and Path(sys.prefix).name == ".venv":
        return "make setup"
    locked = "--require-hashes -r requirements.lock" if find_clone() else '"transfer-learning-course[lab]"'
    return f"python -m pip install {what or locked}"


def run_python(*arguments: str, timeout: float, cwd: Path | None = None) -> subprocess.CompletedProcess:
    """Runs this Python with some arguments; what keeps it from ending is on its stderr."""
    command = [sys.executable, *arguments]
    try:
        return subprocess.run(command, capture_output=True, text=True, timeout=timeout, cwd=cwd)
    except subprocess.TimeoutExpired:
        return subprocess.CompletedProcess(command, 1, "", f"{NO_ANSWER} {timeout:.0f} s")
    except OSError as error:
        return subprocess.CompletedProcess(command, 1, "", str(error))


def check_packages() -> Iterator[Finding]:
    """Compares what is installed with requirements.lock, or without a clone with what the package itself asks for."""
    from packaging.requirements import Requirement

    if clone := find_clone():
        wanted, name = (clone / "requirements.lock").read_text(encoding="utf-8").splitlines(), "in requirements.lock"
    else:
        wanted, name = requires("transfer-learning-course"), "the course's package asks"
    pins = [Requirement(text.rstrip("\\ ")) for text in wanted if text[:1].isalnum()]
    pins = [pin for pin in pins if pin.marker is None or pin.marker.evaluate({"extra": ""})]
    missing, other = [], []
    for pin in pins:
        try:
            if not pin.specifier.contains(version(pin.name), prereleases=True):
                other.append(f"{pin.name} {version(pin.name)} (wanted: {str(pin.specifier).removeprefix('==')})")
        except PackageNotFoundError:
            missing.append(pin.name)
    if missing:
        yield Finding(WRONG, f"not installed: {_some(missing)}", install_command())
    if other:
        yield Finding(NOTE, f"other versions than the course was tried with: {_some(other)}", install_command())
    if not missing and not other:
        yield Finding(RIGHT, f"Python {platform.python_version()}, {len(pins)} packages, all as {name}")


def check_course() -> Iterator[Finding]:
    """A kernel starts in a lab's folder, so the package must be importable from anywhere."""
    if run_python("-I", "-c", "import course_utils", timeout=30).returncode == 0:
        yield Finding(RIGHT, "course_utils can be imported from any folder")
    else:
        yield Finding(WRONG, "course_utils cannot be imported outside the course's folder", install_command("-e ."))


def check_own_files() -> Iterator[Finding]:
    """A file in a notebook's folder with the name of a module is imported in its place, whatever is installed."""
    from nbgrader_isolated.student.own_files import in_the_way

    folders = [Path.cwd(), *sorted((course_root() / "work" / "labs").glob("*/"))]
    for folder in dict.fromkeys(folders):
        near = [*folder.glob("*"), *folder.glob("*/__init__.*")] if folder != course_root() else []
        for name in in_the_way(path.relative_to(folder).as_posix() for path in near if path.is_file()):
            yield Finding(
                WRONG,
                f"{folder / name} has the name of a Python module: notebooks in its folder import it in that module's place",
                "Rename it.",
            )


def check_memory() -> Iterator[Finding]:
    yield Finding(RIGHT, describe())
    if memory_gb() < MEMORY_NEEDED_GB:
        yield Finding(
            WRONG,
            f"{memory_gb():.1f} GB of memory; labs need {MEMORY_NEEDED_GB:.0f} GB",
            "Give the container or the WSL2 machine more memory, or use a hosted notebook (see docs).",
        )


def check_disk() -> Iterator[Finding]:
    store = cache_root()
    there = next(folder for folder in (store, *store.parents) if folder.exists())
    free = shutil.disk_usage(there).free / 1e9
    if free < DISK_NEEDED_GB:
        fix = f"Free some space, or set {ENVIRONMENT_VARIABLE} to a folder on another disk."
        yield Finding(WRONG, f"{free:.1f} GB free for {store}; labs need {DISK_NEEDED_GB:.0f} GB", fix)
    else:
        yield Finding(RIGHT, f"{free:.0f} GB free for {store}")
    if not os.access(there, os.W_OK):
        yield Finding(NOTE, f"{store} is read-only: what is in it can be used, new features cannot be kept in it")


def check_weights() -> Iterator[Finding]:
    from course_utils.models import GRADED, find_base
    from course_utils.models.keras_files import offered
    from course_utils.models.weights import stored_weights

    for name in GRADED:
        stored = [file for file in stored_weights(find_base(name)) if file.path.is_file()]
        if not any(file.is_whole() for file in stored):
            what = "damaged" if stored else "not there"
            yield Finding(WRONG, f"weights of {name}: {what}", f"python -m course_utils fetch {name}")
            continue
        yield Finding(RIGHT, f"weights of {name}, verified")
        unusable = [file.path.name for file in offered(find_base(name)) if not file.is_whole()]
        if unusable:
            text = f"files for plain Keras not there or damaged: {', '.join(unusable)}"
            yield Finding(WRONG, text, f"python -m course_utils fetch {name}")


def check_keras_settings() -> Iterator[Finding]:
    """Settings of Keras outside the course: read without importing it, since some of them make that fail."""
    found = [Finding(WRONG if problem.stops else NOTE, problem.text, problem.fix) for problem in problems()]
    yield from found or [Finding(RIGHT, "Keras's settings")]


def check_kernels() -> Iterator[Finding]:
    if wrong := wrong_kernels():
        # Without a clone notebooks may be opened by a service that brings a kernel of its own.
        state, text = WRONG if find_clone() else NOTE, f"kernels missing or out of date: {', '.join(wrong)}"
        yield Finding(state, text, "python -m course_utils kernels")
    else:
        yield Finding(RIGHT, f"kernels {', '.join(KERNELS)}")


def check_jupyter() -> Iterator[Finding]:
    """Reads Jupyter's own configuration, without starting it: what it would load, and where from."""
    if not find_clone() and not find_spec("jupyterlab"):
        yield Finding(NOTE, "JupyterLab is not installed; only `lab` needs it", install_command())
        return
    from jupyter_core.paths import jupyter_config_path, jupyter_path
    from jupyter_server.extension.config import ExtensionConfigManager

    enabled = ExtensionConfigManager(read_config_path=jupyter_config_path()).get_jpserver_extensions()
    there = [Path(folder) / "labextensions" for folder in jupyter_path()]
    names = ("@jupyter-widgets/jupyterlab-manager", "@jupyter/nbgrader")
    front = {name for name in names if any((folder / name / "package.json").is_file() for folder in there)}
    if enabled.get("jupyterlab") and "@jupyter-widgets/jupyterlab-manager" in front:
        yield Finding(RIGHT, "JupyterLab, with widgets")
    else:
        yield Finding(WRONG, "JupyterLab or its widgets are not enabled in this environment", install_command())
    if "@jupyter/nbgrader" in front and enabled.get("nbgrader.server_extensions.formgrader"):
        yield Finding(RIGHT, "nbgrader's JupyterLab extensions")
    else:
        fix = "jupyter server extension enable --sys-prefix --py nbgrader"
        yield _for_instructors(False, "nbgrader's JupyterLab extensions are not enabled", fix)


_BACKEND = "import json, keras; from course_utils.hardware import gpu_names; print(json.dumps([keras.__version__, gpu_names()]))"


def start_backend() -> Future:
    """Starts importing Keras and its backend in a process of its own: it takes seconds, and it can crash."""
    pool = ThreadPoolExecutor(max_workers=1)
    return pool.submit(run_python, "-c", _BACKEND, timeout=GPU_SECONDS, cwd=Path(__file__).resolve().parents[2])


def check_backend(backend: Future) -> Iterator[Finding]:
    done = backend.result()
    try:
        version, gpus = json.loads(done.stdout.strip().splitlines()[-1])
    except (ValueError, IndexError):
        said = done.stderr.strip().splitlines()[-1:] or [f"exit status {done.returncode}"]
        fix = install_command()
        if done.returncode == -4:  # SIGILL
            said = ["this processor lacks instructions that TensorFlow needs (AVX)"]
        elif NO_ANSWER in said[0]:
            fix = "Close other programs and try again."
        elif any(problem.stops for problem in problems()):  # no installation repairs those
            fix = "Change Keras's settings, which are named above."
        yield Finding(WRONG, f"Keras cannot be imported: {said[0]}", fix)
        return
    yield Finding(RIGHT, f"Keras {version}")
    install = "make setup GPU=1" if find_clone() else 'python -m pip install "transfer-learning-course[gpu]"'
    fix = f"With an NVIDIA GPU on Linux: {install}" if sys.platform == "linux" else ""
    none = Finding(NOTE, "no GPU that Keras can use; every lab also runs without one", fix)
    yield Finding(RIGHT, f"GPU: {', '.join(gpus)}") if gpus else none


def check_nbgrader() -> Iterator[Finding]:
    """Of what instructors need nothing is worse than a note, but for settings that nbgrader cannot load."""
    from nbgrader_isolated.plugin.readiness import configured_exchange

    try:
        exchange = configured_exchange(course_root())
    except NotAvailableError as error:
        yield Finding(WRONG, str(error), install_command())
        return
    yield Finding(RIGHT, "nbgrader and its configuration")
    yield _for_instructors(*exchange)


def check_isolation() -> Iterator[Finding]:
    from nbgrader_isolated.plugin.readiness import closed_folders, sandbox

    yield from (_for_instructors(*found) for found in (*closed_folders(course_root()), sandbox()))


def _for_instructors(right: bool, text: str, fix: str) -> Finding:
    return Finding(RIGHT, text) if right else Finding(NOTE, f"{text} (only instructors need it)", fix)


CHECKS: tuple[Callable[[], Iterator[Finding]], ...] = (
    check_packages,
    check_course,
    check_own_files,
    check_memory,
    check_disk,
    check_weights,
    check_keras_settings,
    check_kernels,
    check_jupyter,
)
FOR_INSTRUCTORS = (check_nbgrader, check_isolation)
"""They release and grade from a clone."""


def examine() -> Iterator[Finding]:
    """Yields every finding, the slowest last. A check that breaks is itself a finding, never a traceback."""
    backend = start_backend()
    for check in (*CHECKS, *(FOR_INSTRUCTORS if find_clone() else ()), lambda: check_backend(backend)):
        name = getattr(check, "__name__", "").removeprefix("check_")
        try:
            yield from check()
        except (CourseError, GraderError) as error:
            yield Finding(WRONG, f"{name}: {error}")
        except Exception as error:  # what is wrong with this machine may be anything at all
            yield Finding(WRONG, f"{name} could not be checked: {type(error).__name__}: {error}", install_command())


def show(finding: Finding, *, encoding: str) -> str:
    """Returns a finding as text, with marks that the terminal's encoding has."""
    marks = {RIGHT: "✔", WRONG: "✘", NOTE: "•"}
    try:
        "".join(marks.values()).encode(encoding)
    except (UnicodeEncodeError, LookupError):
        marks = {RIGHT: "[ok]   ", WRONG: "[WRONG]", NOTE: "[note] "}
    mark = marks[finding.state]
    fix = f"\n{' ' * len(mark)}   to fix it: {finding.fix}" if finding.fix else ""
    return f"{mark} {finding.text}{fix}".encode(encoding, "replace").decode(encoding)


def main(argv: list[str]) -> int:
    """The ``doctor`` command; the exit status is 0 only when labs can run."""
    parser_of("doctor", "Say what is right and wrong with this machine.").parse_args(argv)
    wrong = 0
    for finding in examine():
        print(show(finding, encoding=sys.stdout.encoding or "ascii"), flush=True)
        wrong += finding.state == WRONG
    print("\nLabs can run here." if not wrong else f"\nLabs cannot run here yet: {wrong} to fix, marked above.")
    return 1 if wrong else 0


def _some(names: list[str], *, most: int = 6) -> str:
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more
