"""The kernels a notebook can be run with: one that keeps to the CPU, one that takes the GPU, and Jupyter's own.

They are in ``assets/kernels``, as Jupyter keeps them. Their commands say plain ``python``: Jupyter then takes the
Python it runs on, and an environment that was moved keeps working. On a GPU, TensorFlow and JAX take memory as it is
needed, so that two notebooks, or two students, can share one card.

All three keep TensorFlow's own log lines out of notebooks; what compiled code prints goes to the terminal that runs
Jupyter (``capture_fd_output``). They also look at Keras's settings (``course_utils.keras_settings``). nbgrader gives 0
points to a test cell with anything on stderr.
"""

import contextlib
import json
import sys
from pathlib import Path

from course_utils import keras_settings
from course_utils.commands import parser_of
from course_utils.errors import StoreError
from course_utils.storage import ASSETS, writing
from nbgrader_isolated.sandbox import process_settings

KERNELS = ("python3", "course-cpu", "course-gpu")
SHIPPED = ASSETS / "kernels"


def kernels_folder(prefix: str | Path | None = None) -> Path:
    """Returns where an environment keeps its kernels; ``prefix`` is its folder, by default the running one's."""
    return Path(prefix or sys.prefix) / "share" / "jupyter" / "kernels"


def install_kernels(prefix: str | Path | None = None) -> list[Path]:
    """Installs the course's kernels, or updates them, and makes the environment's ``python3`` as quiet as they are.

    ``prefix`` is the environment's folder, by default that of the Python that runs. Returns the folders of the three
    kernels, or raises ``StoreError`` where the environment cannot be written to.
    """
    folders = [kernels_folder(prefix) / name for name in KERNELS]
    for folder in folders:
        spec = shipped_spec(folder.name)
        if folder.name == "python3":  # ipykernel's: whatever else its other versions write there is kept
            spec = _read(folder / "kernel.json") | spec
        _write(folder / "kernel.json", (json.dumps(spec, indent=1) + "\n").encode())
        for icon in (SHIPPED / folder.name).iterdir():
            if icon.name != "kernel.json":
                _write(folder / icon.name, icon.read_bytes())
    return folders


def wrong_kernels(prefix: str | Path | None = None) -> list[str]:
    """Returns the names of the course's kernels that are missing or differ from what would be installed."""
    wrong = []
    for name in KERNELS:
        installed, shipped = _read(kernels_folder(prefix) / name / "kernel.json"), shipped_spec(name)
        if any(installed.get(key) != shipped[key] for key in ("argv", "env")):
            wrong.append(name)
    return wrong


def shipped_spec(name: str) -> dict:
    """Returns what the ``kernel.json`` of a kernel holds: its own settings, and those of every process of the course."""
    spec = _read(SHIPPED / name / "kernel.json")
    return spec | {"env": {**process_settings.VARIABLES, **spec["env"]}}


def _read(file) -> dict:
    with contextlib.suppress(OSError, ValueError):
        spec = json.loads(file.read_text(encoding="utf-8"))
        if isinstance(spec, dict):
            return spec
    return {}


def _write(target: Path, content: bytes) -> None:
    with contextlib.suppress(OSError):
        if target.read_bytes() == content:
            return
    try:
        with writing(target) as temporary:
            temporary.write_bytes(content)
    except StoreError as error:
        raise StoreError(
            f"The kernels go into {target.parent.parent}, which cannot be written to. Use an environment of your "
            "own: `make lab` makes one, or `python -m venv`."
        ) from error


def main(argv: list[str]) -> int:
    """The ``kernels`` command: installs the kernels and says where they are."""
    parser = parser_of("kernels", "Install the course's CPU and GPU kernels.")
    parser.add_argument("--prefix", default=None, help="the environment to install into (default: this Python's)")
    for folder in install_kernels(parser.parse_args(argv).prefix):
        print(f"{shipped_spec(folder.name)['display_name']:<26}{folder}")
    for problem in keras_settings.problems():
        print(problem)
    return 0
