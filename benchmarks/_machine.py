"""What a measurement was taken on, for the head of every benchmark's JSON. No host name, no user, no path."""

from __future__ import annotations

import datetime
import importlib.metadata
import json
import platform
import subprocess
from pathlib import Path

from course_utils import hardware

REPOSITORY = Path(__file__).resolve().parents[1]
PACKAGES = ("keras", "tensorflow", "jax", "torch", "onnxruntime", "openvino", "numpy", "pillow", "scikit-learn")


def machine() -> dict:
    """Returns the machine, the versions and the commit a benchmark runs on, ready for JSON."""
    versions = {}
    for package in PACKAGES:
        try:
            versions[package] = importlib.metadata.version(package)
        except importlib.metadata.PackageNotFoundError:
            continue  # not installed here, so not used either
    return {
        "processor": hardware.cpu_name(),
        "cores": hardware.cores(),
        "memory_gb": round(hardware.memory_gb(), 1),
        "bfloat16_in_hardware": hardware.has_avx512_bf16(),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "packages": versions,
        "commit": commit(),
        "measured": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
    }


def is_this_machine(then: dict) -> bool:
    """Says whether a result's ``machine`` is one like this: seconds of two machines do not belong into one table."""
    return (then["processor"], then["cores"]) == (hardware.cpu_name(), hardware.cores())


def commit() -> str | None:
    """Returns the commit the code is at, with ``+changes`` when files differ from it; None outside a repository."""
    try:
        head = _git("rev-parse", "HEAD")
        return head + ("+changes" if _git("status", "--porcelain", "--untracked-files=no") else "")
    except (OSError, subprocess.CalledProcessError):
        return None


def write_results(name: str, results: dict) -> Path:
    """Writes one benchmark's results, with the machine, to ``benchmarks/results/NAME.json``."""
    path = REPOSITORY / "benchmarks" / "results" / f"{name}.json"
    path.parent.mkdir(exist_ok=True)
    text = json.dumps({"machine": machine(), **results}, indent=1, ensure_ascii=False)
    path.write_text(text + "\n", encoding="utf-8")
    return path


def _git(*arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=REPOSITORY, check=True, capture_output=True, text=True)
    return done.stdout.strip()
