"""Rewrites requirements.lock, requirements-gpu.lock, requirements-site.lock and environment.yml from pyproject.toml.

``make lock`` keeps every version that still fits; ``make lock ARGS=--upgrade`` takes the newest ones.
The resolver is uv: the one on PATH (or in the variable ``UV``), else one installed in a folder that is removed again.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

from packaging.markers import Marker
from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[1]
CONDA_PYTHON = "3.12"
EXTRAS = ("lab", "grade", "dev")
"""Of pyproject.toml, in requirements.lock: `make lab` and `make test` install one environment."""

APART = ("gpu", "site")
"""The extras with a lock of their own."""
PLATFORMS = {
    "Linux x86_64": ("linux", "posix", "Linux", "x86_64"),
    "Linux aarch64": ("linux", "posix", "Linux", "aarch64"),
    "macOS arm64": ("darwin", "posix", "Darwin", "arm64"),
    "Windows AMD64": ("win32", "nt", "Windows", "AMD64"),
}


def marker_environment(platform: str, python: str) -> dict[str, str]:
    """Returns what ``packaging`` needs to decide a marker for one of ``PLATFORMS`` and a Python such as ``"3.12"``."""
    sys_platform, os_name, system, machine = PLATFORMS[platform]
    return {
        "sys_platform": sys_platform,
        "os_name": os_name,
        "platform_system": system,
        "platform_machine": machine,
        "platform_python_implementation": "CPython",
        "implementation_name": "cpython",
        "python_version": python,
        # A late patch release: the lock also serves the first ones, but users have the late ones.
        "python_full_version": f"{python}.12",
        "implementation_version": f"{python}.12",
    }


def entries(lock: str) -> list[tuple[Requirement, str]]:
    """Splits a lock into (requirement, its whole text with hashes and comments)."""
    blocks = re.findall(r"^[A-Za-z0-9].*\n(?:[ \t].*\n?)*", lock, flags=re.MULTILINE)
    return [(Requirement(block.splitlines()[0].rstrip("\\ ")), block) for block in blocks]


def pins_for(lock: str, platform: str, python: str) -> dict[str, str]:
    """Returns {name: version} of what a lock, or a list of requirements, installs on one platform and Python."""
    environment = marker_environment(platform, python)
    chosen = (requirement for requirement, _ in entries(lock))
    return {r.name: str(r.specifier)[2:] for r in chosen if r.marker is None or r.marker.evaluate(environment)}


def conda_environment(lock: str) -> str:
    """Returns environment.yml for one Python: the lock's pins, with a marker where the platforms differ."""
    lines = []
    for requirement, _ in entries(lock):
        pin = f"{requirement.name}{requirement.specifier}"
        needed = [
            requirement.marker is None or requirement.marker.evaluate(marker_environment(p, CONDA_PYTHON))
            for p in PLATFORMS
        ]
        if all(needed):
            lines.append(pin)
        elif any(needed):
            lines.append(f"{pin} ; {_without_python(requirement.marker)}")
    listed = "".join(f'      - "{line}"\n' for line in lines)
    return (
        "# Written by `make lock` from requirements.lock; a test holds the two together. For conda users:\n"
        "#   conda env create -f environment.yml && conda activate transfer-learning && python -m course_utils lab\n"
        "name: transfer-learning\n"
        "channels:\n"
        "  - conda-forge\n"
        "dependencies:\n"
        f"  - python={CONDA_PYTHON}\n"
        "  - pip\n"
        "  - pip:\n"
        f"{listed}"
        '      - "-e ./grader"\n'
        '      - "-e ."\n'
    )


def _without_python(marker: Marker) -> str:
    # A marker that names both a platform and a Python would need more thought than cutting it; there is none so far.
    if "python" in str(marker):
        raise SystemExit(f"environment.yml cannot express the marker {marker}: extend tools/lock.py.")
    return str(marker).replace('"', "'")


def _uv(scratch: Path) -> str:
    found = os.environ.get("UV") or shutil.which("uv")
    if found:
        return found
    print("Installing uv in a temporary folder …", flush=True)
    venv.create(scratch / "uv", with_pip=True)
    folder = scratch / "uv" / ("Scripts" if os.name == "nt" else "bin")
    subprocess.run([folder / "python", "-m", "pip", "install", "--quiet", "uv"], check=True)
    return str(folder / "uv")


def _compile(uv: str, output: Path, *options: str) -> str:
    command = [uv, "pip", "compile", "pyproject.toml", "--universal", "--python-version", "3.11", "--generate-hashes"]
    command += [word for extra in EXTRAS for word in ("--extra", extra)]
    command += ["--no-emit-package", "nbgrader-isolated"]  # it comes with the repository
    command += ["--no-header", "--no-emit-index-url", "--no-emit-find-links", "--quiet", "--output-file", str(output)]
    subprocess.run([*command, *options], check=True, cwd=ROOT, stdout=subprocess.DEVNULL)
    return output.read_text(encoding="utf-8")


def _added(uv: str, extra: str, lock: str, scratch: Path, *options: str) -> str:
    """What an extra adds to the lock, and nothing else: it is installed after requirements.lock, with --no-deps."""
    name = f"requirements-{extra}.lock"
    draft = scratch / name
    # Where versions are kept, those of both locks are in uv's output file; none of the first can change.
    kept = (ROOT / name).read_text(encoding="utf-8") if (ROOT / name).exists() else ""
    draft.write_text(lock + kept, encoding="utf-8")
    constraint = ["--constraint", str(scratch / "requirements.lock")]
    everything = _compile(uv, draft, "--extra", extra, *constraint, *options)
    common = {requirement.name for requirement, _ in entries(lock)}
    return "".join(text for requirement, text in entries(everything) if requirement.name not in common)


def main(options: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        uv = _uv(scratch)
        current = ROOT / "requirements.lock"
        draft = scratch / "requirements.lock"
        if current.exists():
            shutil.copy(current, draft)  # uv keeps the versions it finds in its output file
        lock = _compile(uv, draft, *options)
        more = {f"requirements-{extra}.lock": _added(uv, extra, lock, scratch, *options) for extra in APART}
    for name, text in {"requirements.lock": lock, **more, "environment.yml": conda_environment(lock)}.items():
        (ROOT / name).write_text(text, encoding="utf-8")
        print(f"wrote {name}")


if __name__ == "__main__":
    main(sys.argv[1:])
