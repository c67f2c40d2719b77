"""How long things take to start, each as a whole process, median of several runs.

    python benchmarks/startup.py

Measures the import of course_utils (and of a bare interpreter, to be taken off), `doctor`, and a second `make setup`,
which is all that `make lab` does before it opens JupyterLab. Writes benchmarks/results/startup.json.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time

from _machine import REPOSITORY, write_results

RUNS = {"bare python": 15, "import course_utils": 15, "doctor": 3, "make setup, warm": 3}
COMMANDS = {
    "bare python": [sys.executable, "-c", "pass"],
    "import course_utils": [sys.executable, "-c", "import course_utils"],
    "doctor": [sys.executable, "-m", "course_utils", "doctor"],
    "make setup, warm": ["make", "--silent", "setup"],
}


def seconds(command: list[str], runs: int) -> list[float]:
    """Returns the wall-clock seconds of each run, after one that is not counted."""
    taken = []
    for _ in range(runs + 1):
        started = time.perf_counter()
        subprocess.run(command, cwd=REPOSITORY, capture_output=True, check=True)
        taken.append(time.perf_counter() - started)
    return taken[1:]


def main() -> None:
    rows = {}
    for name, command in COMMANDS.items():
        taken = seconds(command, RUNS[name])
        rows[name] = {
            "median_s": round(statistics.median(taken), 4),
            "min_s": round(min(taken), 4),
            "max_s": round(max(taken), 4),
            "runs": len(taken),
        }
        print(
            f"{name:<22} {rows[name]['median_s']:>8.3f} s  ({rows[name]['min_s']:.3f} to {rows[name]['max_s']:.3f})",
            flush=True,
        )
    alone = rows["import course_utils"]["median_s"] - rows["bare python"]["median_s"]
    print(f"so course_utils itself takes {alone:.3f} s")
    write_results("startup", {"course_utils_itself_s": round(alone, 4), "commands": rows})


if __name__ == "__main__":
    main()
