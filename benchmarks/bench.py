"""`make bench`: runs the benchmarks one after the other, then draws the figures and fills docs/benchmarks.md.

    python benchmarks/bench.py                   # those that have no result of a machine like this one on file
    python benchmarks/bench.py recipes scaling   # these, whatever is on file
    python benchmarks/bench.py --again           # all of the first kind below again: more than two hours
    python benchmarks/bench.py --all             # also those about grading, our settings, the notebooks: hours
    python benchmarks/bench.py --list            # say what there is, run nothing

Give it an idle machine. A program that fails does not keep the next from running; the exit status is then 1. What needs a
GPU is left out where Keras's backend sees none. A result that another machine wrote counts as none: its program starts again and
overwrites it (git has the old one), so that no table holds seconds of two machines. Only fine_tuning, whose pieces each name their machine, goes on.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from typing import NamedTuple

from _machine import REPOSITORY, is_this_machine

RESULTS = REPOSITORY / "benchmarks" / "results"
ELSEWHERE = "on file from another machine"


class Program(NamedTuple):
    """One program: its file without ``.py``, its result without ``.json``, and who runs it when."""

    name: str
    result: str
    minutes: float  # on two idle cores, about
    kind: str = "speed"  # "speed": make bench; "long": --all; "gpu": where there is one
    resumes: bool = False  # it measures what is missing, and takes --again
    mixes: bool = False  # each piece of its result names its own machine


# In the order in which a cut short run is worth most.
PROGRAMS = (
    Program("startup", "startup", 2),
    Program("throughput", "throughput", 7),
    Program("runtimes", "runtimes", 12),
    Program("recipes", "recipes", 55, resumes=True),
    Program("our_settings", "our_settings", 15, kind="long"),
    Program("scaling", "scaling", 5, resumes=True),
    Program("features", "features", 15),
    Program("extraction_modes", "extraction_modes", 10, resumes=True),
    Program("fine_tuning", "fine_tuning", 15, resumes=True, mixes=True),
    Program("published", "published", 10),
    Program("newcomer", "newcomer", 30, kind="long"),
    Program("gpu_lab4", "gpu_lab4", 5, kind="gpu"),
    Program("notebooks", "notebooks", 20, kind="long"),
    Program("grading_class", "grading_class", 60, kind="long"),
    Program("grading_rounds", "grading_rounds", 100, kind="long"),
    Program("gradebook_growth", "gradebook_growth", 8, kind="long"),
    Program("kernel_start", "kernel_start", 5, kind="long"),
    Program("calibrate_lab2", "calibration_lab2", 30, kind="long"),
    Program("calibrate_lab3", "calibration_lab3", 30, kind="long"),
    Program("calibrate_lab4", "calibration_lab4", 60, kind="long"),
    Program("calibrate_limits", "calibration_limits", 15, kind="long"),
    Program("calibrate", "calibration", 60, kind="long"),
)


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "only", nargs="*", metavar="PROGRAM", help="by default those that this machine has no result of"
    )
    parser.add_argument("--again", action="store_true", help="also what is on file")
    parser.add_argument("--all", action="store_true", help="also the long ones, about grading and the notebooks")
    parser.add_argument("--list", action="store_true", help="say what there is, run nothing")
    given = parser.parse_args(argv)
    names = [program.name for program in PROGRAMS]
    wrong = sorted(set(given.only) - set(names))
    if wrong:
        parser.error(f"programs are {', '.join(names)}; received {', '.join(wrong)}")
    if given.list:
        for program in PROGRAMS:
            print(f"{program.name:20} about {program.minutes:>3} minutes, {program.kind:6} {state(program)}")
        return 0
    failed = []
    for program in chosen(given):
        command = [sys.executable, str(REPOSITORY / "benchmarks" / f"{program.name}.py")]
        again = given.again or state(program) == ELSEWHERE or (program.name in given.only and measured(program))
        if program.resumes and again:
            command.append("--again")
        if program.kind == "gpu":
            command += ["--backend", backend()]
        print(f"== {program.name}: about {program.minutes:g} minutes on two idle cores", flush=True)
        if subprocess.run(command, cwd=REPOSITORY, check=False).returncode:
            failed.append(program.name)
    last = [["figures.py"], ["page.py"]]
    if (RESULTS / "published.json").is_file():  # its page also shows results of recipes and fine_tuning
        last.append(["published.py", "--page"])
    for file, *arguments in last:
        command = [sys.executable, str(REPOSITORY / "benchmarks" / file), *arguments]
        subprocess.run(command, cwd=REPOSITORY, check=True)
    if failed:
        print(f"failed: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


def chosen(given: argparse.Namespace) -> list[Program]:
    """Returns what is to be run; a result that was begun counts as none with the programs that go on from it."""
    if given.only:
        return [program for program in PROGRAMS if program.name in given.only]
    wanted = []
    for program in PROGRAMS:
        if program.kind == "long" and not given.all:
            continue
        if measured(program) and not program.resumes and not given.again:
            print(f"{program.name}: on file (--again measures it again)")
        elif program.kind == "gpu" and not has_gpu():
            print(f"{program.name}: left out, Keras's backend sees no GPU")
        else:
            wanted.append(program)
    return wanted


def state(program: Program) -> str:
    """Returns "on file", "on file from another machine" or "not measured"."""
    path = RESULTS / f"{program.result}.json"
    if not path.is_file():
        return "not measured"
    here = program.mixes or is_this_machine(json.loads(path.read_text("utf-8"))["machine"])
    return "on file" if here else ELSEWHERE


def measured(program: Program) -> bool:
    return state(program) == "on file"


def has_gpu() -> bool:
    """Asks in a process of its own, so that no backend stays in memory while others are measured."""
    return bool(_asked("from course_utils import hardware; print(*hardware.gpu_names())"))


def backend() -> str:
    return _asked("import keras; print(keras.backend.backend())")


def _asked(program: str) -> str:
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    return done.stdout.strip()


if __name__ == "__main__":
    sys.exit(main())
