"""Measures how often the checks of every lab are wrong, and fills the tables of the instructors' page with it.

    python benchmarks/calibrate.py lab1 lab5 lab6      # goes on where the last run stopped
    python benchmarks/calibrate.py --document          # writes the table from what is on file

A **right run** is one right answer to one exercise (the worked one, or one of authoring/labs/labN/answers) under its hidden check
with one secret; it fails when a point is lost. A **wrong run** is one wrong answer with one secret; it passes when a test
that must catch it gives full marks. Labs 2 to 4 train networks that a threshold tests: their own programs, calibrate_lab2.py
to calibrate_lab4.py, train many of them, and what those wrote is read here, not measured again; so is what
calibrate_limits.py says of two limits of labs 4 and 6. Every run is written down at
once in benchmarks/results/calibration.json, so that this can be stopped at any time.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Iterator

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

from _machine import REPOSITORY, write_results

sys.path.insert(0, str(REPOSITORY))

from authoring.checking.answers import read_answers
from authoring.checking.lab import Lab
from course_utils.checks.core import seeds

HERE = ("lab1", "lab5", "lab6")
"""The labs measured by this program."""

RESULTS = REPOSITORY / "benchmarks" / "results"
DOCUMENT = REPOSITORY / "docs" / "instructors" / "what-the-checks-are-worth.md"
OPENING, CLOSING = "<!-- calibration -->", "<!-- end of calibration -->"

SLOW_SECRETS = 1
"""With how many secrets a slow answer is tried, and how many times lab 6's whole training, which no secret changes."""

DRAWS_NOTHING = {"test-hand-in"}
"""Tests whose check draws nothing at random: another secret gives the same."""


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("labs", nargs="*", help=f"of {', '.join(HERE)}; by default all of them")
    parser.add_argument("--right", type=int, default=100, help="right runs to reach for each lab (default 100)")
    parser.add_argument("--minutes", type=float, default=8, help="minutes of processor time per lab (default 8)")
    parser.add_argument("--document", action="store_true", help="measure nothing; write the table")
    given = parser.parse_args(argv)
    if unknown := set(given.labs) - set(HERE):
        parser.error(f"expected labs of {', '.join(HERE)}, not {', '.join(sorted(unknown))}; see this file's head")
    if given.document:  # nothing was measured, so the results keep their machine and day
        DOCUMENT.write_text(documented(DOCUMENT.read_text("utf-8"), kept_runs()), encoding="utf-8")
        return 0
    for lab in given.labs or HERE:
        measure(lab, right=given.right, minutes=given.minutes)
    write(kept_runs())  # what calibrate_lab2.py to calibrate_lab4.py wrote may be newer
    return 0


def measure(name: str, *, right: int, minutes: float) -> None:
    """Runs answers until there are enough right runs and every wrong answer has been tried, or the time is over."""
    began, lab = time.process_time(), Lab(name)
    kept = kept_runs()
    runs = kept.setdefault(name, {"right": {}, "wrong": {}})
    for kind, title, replaces, tests, secret in planned(lab, right):
        done = runs[kind].setdefault(title, {})
        if str(secret) in done:
            continue
        if secret and sum(map(len, runs["right"].values())) >= right:
            break
        if (time.process_time() - began) / 60 > minutes:
            print(f"{name}: stopped after {minutes:g} minutes; run this again to go on", flush=True)
            break
        os.environ[seeds.ENVIRONMENT_VARIABLE] = f"calibration {secret}"
        results = lab.mark(replace=replaces, only=tests, hidden_only=True)
        failed = lab.failed(results)
        done[str(secret)] = not failed if kind == "right" else bool(tests - failed)
        if done[str(secret)] == (kind == "wrong"):
            print(f"{name} {kind} {title}, secret {secret}: {[results[test].printed for test in tests]}", flush=True)
        write(kept)
    print(name, counts(runs), flush=True)


def planned(lab: Lab, right: int) -> Iterator[tuple[str, str, dict[str, str], set[str], int]]:
    """What to run, in order: (kind, title, answers to put in, tests to run, secret)."""
    answers = read_answers(lab.name)
    for secret in range(right):
        for test in lab.tests:
            if test not in DRAWS_NOTHING or secret < SLOW_SECRETS:
                yield "right", f"the worked solution: {test}", {}, {test}, secret
        for answer in (answer for answer in answers if answer.right):
            seen = lab.tests_that_see(answer.exercise, answer.source)
            tests = seen - DRAWS_NOTHING if secret >= SLOW_SECRETS else seen
            if tests and (secret < SLOW_SECRETS or not answer.slow):
                yield "right", answer.name, {answer.exercise: answer.source}, tests, secret
        for answer in (answer for answer in answers if not answer.right and secret == 0):
            yield "wrong", answer.name, {answer.exercise: answer.source}, set(answer.must_fail), secret


def kept_runs() -> dict:
    """What earlier runs wrote: lab → kind → answer → secret → whether it got full marks."""
    path = RESULTS / "calibration.json"
    return json.loads(path.read_text("utf-8"))["runs"] if path.is_file() else {}


def write(runs: dict) -> None:
    """Writes runs, the summary of all labs, and the table."""
    text = documented(DOCUMENT.read_text("utf-8"), runs)  # before anything is written
    write_results("calibration", {"labs": summary(runs), "runs": runs})
    DOCUMENT.write_text(text, encoding="utf-8")


def counts(runs: dict) -> dict[str, int]:
    """How many runs of a lab there were of either kind, and how many got full marks."""
    found = {}
    for kind in ("right", "wrong"):
        passed = [one for answer in runs[kind].values() for one in answer.values()]
        found |= {f"{kind}_runs": len(passed), f"{kind}_passed": sum(passed)}
    return found


def summary(runs: dict) -> dict[str, dict]:
    """For each lab, from whatever measured it: right and wrong runs, how many passed, and the two rates."""
    found = {lab: counts(kept) | {"measured_by": "calibrate.py"} for lab, kept in runs.items()}
    for lab in ("lab2", "lab4"):
        kept = _results(f"calibration_{lab}")
        if kept:
            names = ("right_runs", "right_passed", "wrong_runs", "wrong_passed")
            found[lab] = {name: kept[name] for name in names} | {"measured_by": f"calibrate_{lab}.py"}
    if kept := _results("calibration_lab3"):
        # A right run there is a network evaluated on one composition, after it passed the visible check on another.
        evaluated = round(kept["evaluations"] * kept["right_runs_that_pass_the_visible_check"])
        starts = kept["right_runs"] // len(kept["right_by_setting"])
        found["lab3"] = {
            "right_runs": evaluated,
            "right_passed": evaluated - round(kept["false_fails"] * evaluated),
            "wrong_runs": starts * len(kept["wrong"]),
            "wrong_passed": round(sum(one["passes_hidden"] for one in kept["wrong"].values()) * starts),
            "measured_by": "calibrate_lab3.py",
        }
    for one in found.values():
        one["false_fail_rate"] = round(1 - one["right_passed"] / one["right_runs"], 4) if one["right_runs"] else None
        one["wrong_pass_rate"] = round(one["wrong_passed"] / one["wrong_runs"], 4) if one["wrong_runs"] else None
    return dict(sorted(found.items()))


def _results(name: str) -> dict | None:
    path = RESULTS / f"{name}.json"
    return json.loads(path.read_text("utf-8")) if path.is_file() else None


def documented(text: str, runs: dict) -> str:
    """Returns the page with the table of these runs, and of what else is on file, between its two marks."""
    before, _, rest = text.partition(OPENING)
    return f"{before}{OPENING}\n{report(runs)}\n{CLOSING}{rest.partition(CLOSING)[2]}"


def report(runs: dict) -> str:
    """These runs, and what other programs wrote, as a table."""
    lines = [
        "| lab | right runs | of them failed | wrong runs | of them passed | measured by |",
        "|---|---|---|---|---|---|",
    ]
    for lab, row in summary(runs).items():
        failed = row["right_runs"] - row["right_passed"]
        lines.append(
            f"| {lab} | {row['right_runs']:,} | {failed} ({_percent(row['false_fail_rate'])}) | {row['wrong_runs']} | "
            f"{row['wrong_passed']} ({_percent(row['wrong_pass_rate'])}) | `benchmarks/{row['measured_by']}` |"
        )
    return "\n".join([*lines, *limits()])


def limits() -> list[str]:
    """What calibrate_limits.py wrote, as two more tables; nothing where it has not been run."""
    kept = _results("calibration_limits")
    if not kept:
        return []
    parts = (("lab 4, `DOWNHILL`", kept["downhill"], "agreement"), ("lab 6, `LEAST_GAIN`", kept["gain"], "gain"))
    lines = [
        "",
        "Two limits of labs 4 and 6 test trainings. A right one must reach the limit, a wrong one must not.",
        "",
        "- `DOWNHILL`: how far the change of the weights agrees with the gradient.",
        "- `LEAST_GAIN`: by which share the loss is smaller than with ImageNet's base put back.",
        "",
        "| limit | at least | right trainings | of them failed | nearest | wrong ones | of them passed | nearest |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for title, part, what in parts:
        row = [title, f"{part['limit']:g}"]
        for kind, nearest in (("right", min), ("wrong", max)):
            runs, passed = (sum(one[name] for one in part[kind].values()) for name in ("runs", "passed"))
            near = nearest(one[what][0 if kind == "right" else 2] for one in part[kind].values())
            row += [f"{runs}", f"{passed if kind == 'wrong' else runs - passed}", f"{near:.2f}"]
        lines.append(f"| {' | '.join(row)} |")
    lines += [
        "",
        *(
            f"Training on {kind} agrees by {row['agreement'][0]:.2f} to {row['agreement'][2]:.2f}.\n"
            f"`DOWNHILL` notices {row['runs'] - row['passed']} of {row['runs']} such trainings."
            for kind, row in kept["downhill"]["alike"].items()
        ),
        "",
        "The shares of lab 6:",
        "",
        "| training | kind | passed | least | most |",
        "|---|---|---|---|---|",
        *(
            f"| {name} | {kind} | {one['passed']} of {one['runs']} | {one['gain'][0]:.1%} | {one['gain'][2]:.1%} |"
            for kind in ("right", "between", "wrong")
            for name, one in kept["gain"][kind].items()
        ),
        "",
        f"`benchmarks/calibrate_limits.py` measured both limits in {kept['minutes']:.0f} minutes.",
    ]
    return lines


def _percent(rate: float | None) -> str:
    return "not measured" if rate is None else f"{rate:.1%}"


if __name__ == "__main__":
    sys.exit(main())
