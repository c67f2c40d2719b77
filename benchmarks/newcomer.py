"""What a newcomer waits for: from `git clone` to lesson 1's first figure, and for the two commands of a first change.

    python benchmarks/newcomer.py              # all, about half an hour on two idle cores, with a package index in reach
    python benchmarks/newcomer.py figure check # these; what is not named stays as it is on file

cold, warm   clone, `make setup`, and lesson 1 in a real kernel until its first figure; in an empty folder with an empty HOME, so
             that everything is downloaded, then again in another folder with that HOME, where pip has kept its downloads
figure       the same kernel alone, in the clone that this file is in: from *Run All* to the first figure, three times
check        `make lab-check` for one exercise, all of whose answers are tried again
test         `make test`

Each is taken apart at the lines that it prints, or at the cells that it runs. What is installed comes from the lock, so a
download takes what the network takes: seconds of cold are this machine's. Writes benchmarks/results/newcomer.json.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from _machine import REPOSITORY, write_results

LESSON = "lessons/01_using_pretrained_networks.ipynb"
EXERCISE = ("lab1", "top-five")
RESULTS = REPOSITORY / "benchmarks" / "results" / "newcomer.json"

FIRST_FIGURE = """
import json, sys, time
began = time.perf_counter()
import nbformat
from nbclient import NotebookClient
notebook = nbformat.read(sys.argv[1], as_version=4)
client, steps = NotebookClient(notebook, timeout=300), []
with client.setup_kernel():
    steps.append(["the kernel starts", time.perf_counter() - began])
    for place, cell in enumerate(notebook.cells):
        if cell.cell_type != "code":
            continue
        started = time.perf_counter()
        client.execute_cell(cell, place)
        steps.append([cell.source.strip().splitlines()[0][:60], time.perf_counter() - started])
        if any("image/png" in output.get("data", {}) for output in cell.outputs):
            break
    else:
        raise SystemExit("the lesson shows no figure")
print(json.dumps(steps))
"""
"""Runs in the clone's own environment; prints what each step took, the last of which shows the figure."""


def lines_of(command: list[str], folder: Path, environment: dict | None = None) -> dict:
    """Runs a command; returns its seconds, and those between the lines it prints, the longest steps first.

    Where pytest says which tests took longest, these are the steps.
    """
    began = last = time.perf_counter()
    steps: dict[str, float] = {}
    slowest: dict[str, float] = {}
    said = "until its first line"
    with subprocess.Popen(
        command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as running:
        for line in running.stdout:
            if slow := re.match(r"([\d.]+)s (?:call|setup) +(\S+)", line):
                slowest[slow[2]] = float(slow[1])
            now = time.perf_counter()
            steps[said] = steps.get(said, 0) + now - last
            last, said = now, _kind(line) or said
    steps[said] = steps.get(said, 0) + time.perf_counter() - last
    if running.returncode:
        raise SystemExit(f"{' '.join(command)} ended with {running.returncode}; its last line was: {said}")
    longest = sorted((slowest or steps).items(), key=lambda step: -step[1])[:5]
    return {
        "seconds": round(time.perf_counter() - began, 1),
        "steps": [[step, round(seconds, 1)] for step, seconds in longest],
    }


def _kind(line: str) -> str:
    """What a line says, without what differs between one package and the next."""
    words = re.sub(r"\x1b\[[0-9;]*m", "", line).strip()
    pip = re.match(r"(Collecting|Downloading|Using cached|Requirement already|Installing collected packages)", words)
    return f"pip: {pip[1].lower()}" if pip else words[:80]


def first_figure(folder: Path, environment: dict | None = None) -> dict:
    """From the start of lesson 1's kernel until a cell has shown an image."""
    python = str(folder / ".venv" / "bin" / "python")
    done = subprocess.run(
        [python, "-c", FIRST_FIGURE, str(folder / LESSON)],
        cwd=folder / "lessons",
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"lesson 1 ended before its first figure: {done.stderr[-500:]}")
    steps = json.loads(done.stdout.splitlines()[-1])
    return {
        "seconds": round(sum(seconds for _, seconds in steps), 1),
        "steps": [[step, round(seconds, 1)] for step, seconds in steps],
    }


def newcomer(place: Path, name: str) -> dict:
    """Clone, set up and the first figure, in a new folder; HOME is ``place/home``, whatever is in it."""
    home, folder = place / "home", place / name
    home.mkdir(exist_ok=True)
    kept = {key: value for key, value in os.environ.items() if key.startswith(("PIP_", "LANG", "LC_"))}
    kept.pop("PIP_CACHE_DIR", None)
    environment = {**kept, "HOME": str(home), "PATH": os.environ["PATH"]}
    parts = {
        "git clone": lines_of(["git", "clone", "--quiet", str(REPOSITORY), str(folder)], place, environment),
        "make setup": lines_of(["make", "setup"], folder, environment),
        "first figure": first_figure(folder, environment),
    }
    return {"seconds": round(sum(part["seconds"] for part in parts.values()), 1), "parts": parts}


def repeated_figure(times: int = 3) -> dict:
    """The first figure in this clone, the middle one of several runs."""
    runs = sorted((first_figure(REPOSITORY) for _ in range(times)), key=lambda run: run["seconds"])
    return {"runs": [run["seconds"] for run in runs], **runs[len(runs) // 2]}


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("only", nargs="*", choices=[[], "clone", "figure", "check", "test"], help="by default all")
    given = parser.parse_args(argv)
    asked = given.only or ["clone", "figure", "check", "test"]
    results = json.loads(RESULTS.read_text("utf-8")) if RESULTS.is_file() else {}
    results.pop("machine", None)
    if "clone" in asked:
        with tempfile.TemporaryDirectory() as place:
            results["cold"] = newcomer(Path(place), "first")
            results["warm"] = newcomer(Path(place), "second")
    if "figure" in asked:
        results["figure"] = repeated_figure()
    if "check" in asked:
        lab, exercise = EXERCISE
        command = ["make", "lab-check", f"LAB={lab}", f"EXERCISE={exercise}", "ARGS=--again"]
        results["check"] = lines_of(command, REPOSITORY) | {"exercise": f"{lab} {exercise}"}
    if "test" in asked:
        results["test"] = lines_of(["make", "test", "ARGS=--quiet --durations=5"], REPOSITORY)
    write_results("newcomer", results)
    print(json.dumps(results, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
