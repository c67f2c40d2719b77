"""What a student's kernel costs until its imports are made: started from nothing in its sandbox, and forked from a template.

    python benchmarks/kernel_start.py
    python benchmarks/kernel_start.py --modules numpy --times 3 --trial

Both are the grading engine's own kernels, in the same sandbox. Processor seconds are the kernel's own, so a busy machine
changes them little. Writes benchmarks/results/kernel_start.json.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time

from _machine import REPOSITORY, write_results

sys.path.insert(0, str(REPOSITORY))

from nbgrader_isolated.student import template
from nbgrader_isolated.student.kernel import Student
from nbgrader_isolated.student.launch import ENVIRONMENT
from nbgrader_isolated.student.template import Template


def one(modules: list[str], kernels: Template | None) -> tuple[float, float, float]:
    """Starts a kernel and imports; returns seconds until then, processor seconds of it, and megabytes at most."""
    begun = time.perf_counter()
    with Student(template=kernels) as student:
        run = student.run(f"import {', '.join(modules)}\nimport time\nprint('took', time.process_time())")
        taken = time.perf_counter() - begun
        said = "".join(output.get("text", "") for output in run.outputs)
        return taken, float(said.split("took")[-1]), student.peak_memory() / 1e6


def measure(modules: list[str], times: int) -> dict:
    """Both methods in turn, after one of each that is not counted."""
    kernels = Template(tuple(modules), environment=ENVIRONMENT) if template.usable() else None
    taken: dict[str, list[tuple[float, float, float]]] = {"new": [], "forked": []}
    for turn in range(times + 1):
        for method, source in (("new", None), ("forked", kernels)):
            if method == "new" or source is not None:
                found = one(modules, source)
                taken[method] += [found] if turn else []
    if kernels is not None:
        kernels.close()
    names = ("seconds", "processor_seconds", "peak_mb")
    medians = {
        method: {
            name: round(statistics.median(column), 2)
            for name, column in zip(names, zip(*rows, strict=True), strict=True)
        }
        for method, rows in taken.items()
        if rows
    }
    return {"modules": modules, "times": times, **medians}


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--modules", nargs="+", default=["keras"])
    parser.add_argument("--times", type=int, default=5)
    parser.add_argument("--trial", action="store_true", help="store nothing")
    options = parser.parse_args(argv)
    result = measure(options.modules, options.times)
    print("\n".join(f"{name:12}{value}" for name, value in result.items()))
    if not options.trial:
        write_results("kernel_start", result)
    return 0


if __name__ == "__main__":
    sys.exit(main())
