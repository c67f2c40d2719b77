"""The kernels a notebook can be run with: one that keeps to the CPU, one that takes the GPU, and Jupyter's own.

All three keep TensorFlow's own log lines out of notebooks. Lines that TensorFlow writes while it is being loaded obey
no log level, so the kernels are also told not to copy what compiled code prints into a cell's output (it goes to the
terminal that runs Jupyter instead). nbgrader gives 0 points to a test cell with anything on stderr.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path

from course_utils.errors import StoreError
from course_utils.storage import writing
from nbgrader_isolated.sandbox import process_settings

KEEP_COMPILED_OUTPUT_OUT = "--IPKernelApp.capture_fd_output=False"


@dataclass(frozen=True)
class Kernel:
    """One kernel to install: its folder's name, what a menu shows, its environment, and whose icons it wears."""

    name: str
    title: str
    environment: Mapping[str, str] = field(default_factory=dict)
    icons: str | None = None

    def spec(self) -> dict:
        """Returns what ``kernel.json`` holds.

        The command says plain ``python``: Jupyter then takes the very Python it runs on, and an environment keeps
        working after its folder was moved.
        """
        return {
            "argv": ["python", "-m", "ipykernel_launcher", "-f", "{connection_file}", KEEP_COMPILED_OUTPUT_OUT],
            "display_name": self.title,
            "language": "python",
            "metadata": {"debugger": True, "supported_encryption": ["curve"]},
            "kernel_protocol_version": "5.5",
            "env": {**process_settings.VARIABLES, **self.environment},
        }


KERNELS = (
    Kernel("python3", "Python 3 (ipykernel)"),
    Kernel(
        "course-cpu",
        "Transfer learning (CPU)",
        {"CUDA_VISIBLE_DEVICES": "-1", "COURSE_PROFILE": "cpu"},
        "cpu",
    ),
    Kernel(
        "course-gpu",
        "Transfer learning (GPU)",
        {
            "COURSE_PROFILE": "gpu",
            # Take memory as it is needed: two notebooks, or two students, can then share one card.
            "TF_FORCE_GPU_ALLOW_GROWTH": "true",
            "XLA_PYTHON_CLIENT_PREALLOCATE": "false",
        },
        "gpu",
    ),
)


def kernels_folder(prefix: str | Path | None = None) -> Path:
    """Returns where an environment keeps its kernels; ``prefix`` is its folder, by default the running one's."""
    return Path(prefix or sys.prefix) / "share" / "jupyter" / "kernels"


def install_kernels(prefix: str | Path | None = None) -> list[Path]:
    """Installs the course's kernels and makes the environment's ``python3`` as quiet as they are.

    Installing again changes nothing, and is how an older installation is brought up to date.

    Args:
        prefix: the environment's folder; by default the one of the Python that runs.

    Returns:
        The folders of the three kernels.

    Raises:
        StoreError: the environment cannot be written to.
    """
    folders = []
    for kernel in KERNELS:
        folder = kernels_folder(prefix) / kernel.name
        # `python3` belongs to ipykernel: what other versions of it write there besides is kept.
        spec = _existing(folder) | kernel.spec() if kernel.icons is None else kernel.spec()
        _write(folder / "kernel.json", (json.dumps(spec, indent=1) + "\n").encode())
        if kernel.icons:
            icons = resources.files("course_utils") / "assets" / "kernels" / kernel.icons
            for icon in icons.iterdir():
                _write(folder / icon.name, icon.read_bytes())
        folders.append(folder)
    return folders


def wrong_kernels(prefix: str | Path | None = None) -> list[str]:
    """Returns the names of the course's kernels that are missing or differ from what would be installed."""
    wrong = []
    for kernel in KERNELS:
        existing = _existing(kernels_folder(prefix) / kernel.name)
        if any(existing.get(key) != kernel.spec()[key] for key in ("argv", "env")):
            wrong.append(kernel.name)
    return wrong


def _existing(folder: Path) -> dict:
    try:
        spec = json.loads((folder / "kernel.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return spec if isinstance(spec, dict) else {}


def _write(target: Path, content: bytes) -> None:
    try:
        if target.read_bytes() == content:
            return
    except OSError:
        pass
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
    parser = argparse.ArgumentParser(
        prog="python -m course_utils kernels", description="Install the course's CPU and GPU kernels."
    )
    parser.add_argument("--prefix", default=None, help="the environment to install into (default: this Python's)")
    options = parser.parse_args(argv)
    for kernel, folder in zip(KERNELS, install_kernels(options.prefix), strict=True):
        print(f"{kernel.title:<26}{folder}")
    return 0
