"""`make lab-check`: builds a lab's notebook, tries its answers, and compares what they come to with what their files say.

    python -m authoring.checking lab2 build-extractor     # one exercise
    python -m authoring.checking lab2                     # all exercises of a lab
    python -m authoring.checking                          # all labs

Every answer meets the visible and the hidden check. A result on file is kept while nothing that decides it has changed. A result that is not what the answer's file says is reported and not written.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time

from authoring import build, golden
from authoring.checking import answers as files
from authoring.checking import coverage, results
from authoring.checking.lab import Lab, cells, solution
from authoring.rules import PROMISE

LONG = 3.0
"""Seconds from which on it is said how long an answer took: it trains."""


def main(argv: list[str] | None = None) -> int:
    """The command line; returns 1 when anything differs."""
    parser = argparse.ArgumentParser(prog="make lab-check", description=__doc__.split("\n")[0])
    parser.add_argument("lab", nargs="?", choices=files.labs(), help="LAB=lab2; by default all labs")
    parser.add_argument("exercise", nargs="?", help="EXERCISE=build-extractor, the name of its answer cell")
    parser.add_argument("--again", action="store_true", help="try answers again although nothing has changed")
    parser.add_argument("--accept", action="store_true", help="write results that differ from those on file")
    given = parser.parse_args(argv)
    try:
        found = [fault for lab in ([given.lab] if given.lab else files.labs()) for fault in check(lab, given)]
    except (build.BuildError, files.AnswerError) as error:
        print(error, file=sys.stderr)
        return 1
    for fault in found:
        print(fault, file=sys.stderr)
    if not given.exercise:
        print(coverage.sums([given.lab] if given.lab else None))
    return int(bool(found))


def check(name: str, given: argparse.Namespace) -> list[str]:
    """Builds one lab and tries its answers; returns what differs."""
    if build.main([name]) or (draw_images(name) and build.main([name])):
        return [f"{name}: its notebook could not be built; correct what is said above."]
    there = cells(solution(name))
    exercises = [cell.name for cell in there if cell.role == "answer"]
    if given.exercise not in (None, *exercises):
        raise files.AnswerError(
            f"{name}: expected an exercise of {', '.join(exercises)}; received {given.exercise!r}. Name an answer cell."
        )
    every = files.read_answers(name)
    chosen = [answer for answer in every if given.exercise in (None, answer.exercise)]
    found = lacking(name, chosen, [given.exercise] if given.exercise else exercises)
    demands = coverage.demands_of(name)
    if said := [fault for a in chosen for fault in coverage.faults_of_header(a, demands.get(a.exercise, {}))]:
        raise files.AnswerError("\n".join(said))
    for exercise in [given.exercise] if given.exercise else exercises:
        for line in coverage.lacking(name, exercise, [answer for answer in every if answer.exercise == exercise]):
            print(f"note: {line}")  # no fault yet in an exercise that is being written; a test asks for it
    kept, decided = results.on_file(name), results.Decided(name)
    todo = [a for a in chosen if given.again or results.result_of(a, kept).get("covers") != decided.covers(a)]
    print(f"{name}: {len(chosen)} answers, {len(chosen) - len(todo)} with a result that still holds", flush=True)
    began = time.perf_counter()
    lab = Lab(name) if todo else None
    for answer in todo:
        found += try_one(lab, answer, kept, decided.covers(answer), accept=given.accept)
        results.write(name, kept, every)  # one by one, so that a run that was stopped has lost nothing
    results.write(name, kept, every)
    results.page_of(name).write_text(results.page(name, every, results.on_file(name), there), "utf-8")
    results.mistakes_of(name).write_text(results.mistakes(every, results.on_file(name)), "utf-8")
    for line in [] if found else golden.follow(name):
        print(line)
    print(f"{name}: {len(todo)} tried in {time.perf_counter() - began:.0f} s, {len(found)} differences", flush=True)
    return found


def try_one(lab: Lab, answer: files.Answer, kept: dict, covers: str, *, accept: bool) -> list[str]:
    """Tries one answer and puts its result into ``kept``, unless something differs, which is returned.

    What is no longer as the answer's file says is taken out of ``kept``; what is other than before stays as it was.
    """
    began = time.perf_counter()
    try:
        tried = {side: lab.try_answer(answer, hidden=side == "hidden") for side in results.SIDES}
    except files.AnswerError:
        raise
    except Exception as error:
        said = f"expected an answer that can be defined and a check that gives a verdict; received {type(error).__name__}: {error}"
        return [f"{answer.place} {answer.name}: {said}. Correct the one or the other."]
    seconds = time.perf_counter() - began
    now = results.entry(tried, answer, covers)
    wrong = results.faults(answer, tried, lab.tests)
    wrong += coverage.faults_of_criteria(answer, now, coverage.demands_of(answer.lab).get(answer.exercise, {}))
    said = [f"{fault}. Correct the check or the answer's header." for fault in wrong]
    if said:
        kept.get(answer.exercise, {}).pop(answer.name, None)
    elif not accept:
        changed = results.differences(results.result_of(answer, kept), now)
        said = [f"{line}. If that is meant, add ARGS=--accept." for line in changed]
    if not said:
        kept.setdefault(answer.exercise, {})[answer.name] = now
    took = f", {seconds:.0f} s" if seconds >= LONG else ""
    print(f"  {'✘' if said else '✔'} {answer.exercise}: {answer.name}{took}", flush=True)
    return [f"{answer.place} {answer.name}: {line}" for line in said]


def lacking(name: str, answers: list[files.Answer], exercises: list[str]) -> list[str]:
    """What an exercise has to have and has not: a wrong answer that its own test alone must catch, and a right one."""
    found = []
    for exercise in exercises:
        some = [answer for answer in answers if answer.exercise == exercise]
        if not any(answer.must_fail == {f"test-{exercise}"} for answer in some):
            found.append(f"{name}: expected a wrong answer to {exercise}; received none. Write answers/{exercise}.py.")
        if not any(answer.right for answer in some):
            found.append(f"{name}: expected a right answer to {exercise}; received none. Write answers/{exercise}.py.")
    return found


def draw_images(name: str) -> bool:
    """Draws what students should see where there are not as many images as promises; takes a run of the lab.

    Returns:
        Whether it drew.
    """
    promises = sum(PROMISE in cell.source for cell in solution(name).cells if cell.cell_type == "markdown")
    there = len(list((files.LABS_FOLDER / name / "expected").glob("*.png")))
    if promises == there:
        return False
    print(f"{name}: {promises} images are promised and {there} are there; running the lab to draw them", flush=True)
    subprocess.run([sys.executable, str(files.ROOT / "tools" / "expected.py"), name], check=True)
    return True
