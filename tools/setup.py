"""Makes the environment in .venv as requirements.lock says, once; run by ``make`` with any supported Python.

A stamp in the environment remembers what was installed, so a second run does nothing and needs no network.
A run that was interrupted leaves a mark instead, and the next run starts that environment afresh.
Not uv: pip and venv come with every Python, `fetch` needs pip all the same, and uv would be a second path to test.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
STAMP = "course-installed.json"
UNFINISHED = "course-unfinished"
EXTRAS = ("gpu", "site")
"""What can be had on top of requirements.lock: what requirements-EXTRA.lock holds."""


class SetupError(Exception):
    """Something the user has to fix; the message says what."""


def environment_python(folder: Path) -> Path:
    """Returns the path of an environment's Python, which need not exist."""
    return folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def environment_digest(root: Path, folder: Path, extras: list[str]) -> str:
    """Returns a digest of everything that decides what the environment holds: locks, project file, and places.

    The places belong to it because an environment has its own path, and the repository's, written inside.
    """
    digest = hashlib.sha256(f"{root}\n{folder}\n".encode())
    names = [
        "requirements.lock",
        "pyproject.toml",
        "grader/pyproject.toml",
        *(f"requirements-{extra}.lock" for extra in extras),
    ]
    for name in names:
        digest.update((root / name).read_bytes())
    return digest.hexdigest()


def read_stamp(folder: Path) -> dict:
    """Returns what the last complete set-up wrote, or an empty dict."""
    try:
        stamp = json.loads((folder / STAMP).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) else {}


def runs(python: Path, code: str) -> bool:
    """Says whether an environment's Python exists and runs ``code`` without an error."""
    try:
        done = subprocess.run([python, "-I", "-c", code], capture_output=True, timeout=120)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def is_current(root: Path, folder: Path, extras: list[str]) -> bool:
    """Says whether the environment is complete and made from the files as they are now."""
    if (folder / UNFINISHED).exists() or read_stamp(folder).get("environment_digest") != environment_digest(
        root, folder, extras
    ):
        return False
    return runs(environment_python(folder), "import course_utils, nbgrader_isolated, pip")


def make_environment(folder: Path) -> None:
    """Creates the environment, or keeps the one that is there when it is whole and its Python is supported."""
    good = f"import sys, pip; sys.exit(sys.prefix != {str(folder)!r} or not (3, 11) <= sys.version_info[:2] <= (3, 13))"
    if folder.exists():
        if (folder / UNFINISHED).exists():
            print("The last set-up was interrupted: starting the environment afresh (pip keeps its downloads).")
        elif runs(environment_python(folder), good):
            return
        else:
            print(f"The environment in {folder} does not work here: starting it afresh.")
        if not (folder / UNFINISHED).exists() and not (folder / "pyvenv.cfg").exists() and any(folder.iterdir()):
            raise SetupError(f"{folder} is not a Python environment. Move it away, then run the command again.")
        empty(folder)
    print(f"Creating {folder} with Python {sys.version.split()[0]} …", flush=True)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / UNFINISHED).touch()
    try:
        venv.create(folder, with_pip=True, symlinks=os.name != "nt")
    except subprocess.CalledProcessError as error:
        raise SetupError(
            f"{sys.executable} could not create an environment with pip: its ensurepip is missing or broken. "
            "On Debian, Ubuntu and WSL2: sudo apt-get install python3-venv"
        ) from error


def empty(folder: Path) -> None:
    """Removes what is in a folder but the mark, so that being interrupted here, too, is noticed by the next run."""
    (folder / UNFINISHED).touch()
    for path in folder.iterdir():
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        elif path.name != UNFINISHED:
            path.unlink()


def install(root: Path, folder: Path, extras: list[str], *, wheels: Path | None) -> None:
    """Installs the locks and the course itself; every file is checked against the lock's hashes."""
    python = environment_python(folder)
    source = ["--no-index", "--find-links", str(wheels)] if wheels else []
    # PIP_USER or `user = true` in somebody's pip.conf would make pip refuse to install here.
    environment = {**os.environ, "PIP_USER": "0", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}

    def pip_install(*arguments: str, show: bool = True) -> None:
        command = [python, "-m", "pip", "install", *arguments]
        done = subprocess.run(command, env=environment, capture_output=not show, text=True)
        if done.returncode:
            print((done.stdout or "") + (done.stderr or ""), file=sys.stderr)
            raise SetupError(
                "pip could not install what the course needs; its last lines above say why. "
                "Without a network: make lab WHEELS=DIR, with a folder made by `make wheelhouse DIR=…`. "
                "Otherwise run the same command again: what was downloaded is kept."
            )

    lock = root / "requirements.lock"
    pin = re.search(r"^pip==.*\n(?:[ \t].*\n?)*", lock.read_text(encoding="utf-8"), flags=re.MULTILINE)
    if pin:
        # First and alone: a pip that replaces itself half-way through 170 packages may trip over its own new files.
        with tempfile.TemporaryDirectory() as scratch:
            Path(scratch, "pip.lock").write_text(pin.group(0), encoding="utf-8")
            pip_install("--quiet", *source, "--require-hashes", "-r", str(Path(scratch, "pip.lock")))
    pip_install(*source, "--require-hashes", "-r", str(lock))
    for extra in extras:
        pip_install(*source, "--require-hashes", "--no-deps", "-r", str(root / f"requirements-{extra}.lock"))
    own = [word for place in (root / "grader", root) for word in ("--editable", str(place))]
    # Not shown unless it fails: setuptools warns at length about editable installation, which is what is wanted here.
    pip_install("--no-index", "--no-deps", "--no-build-isolation", *own, show=False)


@contextlib.contextmanager
def one_at_a_time(root: Path):
    """Holds a lock, where the system has such locks, so that two set-ups of one folder do not meet."""
    with contextlib.ExitStack() as stack:
        with contextlib.suppress(ImportError, OSError):  # Windows has no fcntl, some network folders no locks
            import fcntl

            held = stack.enter_context(open(root / "pyproject.toml", "rb"))
            try:
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                print("Another set-up of this folder is running; waiting for it …", flush=True)
                fcntl.flock(held, fcntl.LOCK_EX)
        yield


def set_up(root: Path, folder: Path, extras: list[str], *, wheels: Path | None = None) -> bool:
    """Brings the environment up to date; returns whether anything had to be done."""
    if wheels and not wheels.is_dir():
        raise SetupError(f"WHEELS={wheels} is not a folder. Make it with `make wheelhouse DIR={wheels}`.")
    with one_at_a_time(root):
        # Once asked for, an extra need not be asked for again.
        extras = sorted({*extras, *(extra for extra in EXTRAS if read_stamp(folder).get(extra))})
        if is_current(root, folder, extras):
            return False
        make_environment(folder)
        (folder / UNFINISHED).touch()
        (folder / STAMP).unlink(missing_ok=True)
        install(root, folder, extras, wheels=wheels)
        digest = environment_digest(root, folder, extras)
        stamp = {"environment_digest": digest, **{extra: extra in extras for extra in EXTRAS}}
        (folder / STAMP).write_text(json.dumps(stamp), encoding="utf-8")
        (folder / UNFINISHED).unlink()
    return True


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--root", type=Path, default=ROOT, help="the repository")
    parser.add_argument("--venv", type=Path, default=None, help="the environment's folder (default: ROOT/.venv)")
    parser.add_argument("--wheels", default="", help="install from this folder, without a network")
    parser.add_argument("--gpu", default="", help="1: also what an NVIDIA GPU needs")
    parser.add_argument("--site", default="", help="1: also what `make site` and its tests need")
    options = parser.parse_args()
    root = options.root.absolute()
    folder = (options.venv or root / ".venv").absolute()
    wheels = Path(options.wheels).expanduser().absolute() if options.wheels else None
    try:
        extras = [extra for extra in EXTRAS if getattr(options, extra) not in ("", "0")]
        if set_up(root, folder, extras, wheels=wheels):
            print("The environment is complete.", flush=True)
    except SetupError as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nInterrupted; the next run goes on from here.", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
