"""Whether the answers of a lab show that each demand of its exercises is checked, and that nothing else is."""

from __future__ import annotations

import functools

from authoring.checking import results
from authoring.checking.answers import Answer, labs, read_answers
from authoring.checking.lab import solution
from authoring.demands import HEADING, of_notebook

RIGHT_ONES = 3
"""Right answers that each exercise has at least."""

DRAWS_NOTHING = {("lab6", "hand-in")}
"""Exercises that are asked for the student's own images: their check draws nothing that could be recognised."""


@functools.cache
def demands_of(lab: str) -> dict[str, dict[str, str]]:
    """Exercise → its demands, name → text, as the lab was built first in this process."""
    return of_notebook(solution(lab))


def lacking(lab: str, exercise: str, answers: list[Answer]) -> list[str]:
    """What the answers to an exercise must show and do not; a sentence each.

    Args:
        lab: the lab.
        exercise: the name of its answer cell.
        answers: those to this exercise.
    """
    where, names = f"{lab} {exercise}", demands_of(lab).get(exercise, {})
    said = [] if names else [f"{where}: expected {HEADING} at the end of its text; received none. Write the list."]
    without = [name for name in names if not any(a.breaks == name and not a.recognises for a in answers)]
    said += [
        f"{where}: expected a wrong answer that breaks {name!r} alone; received none. Write one." for name in without
    ]
    right = sum(answer.right for answer in answers)
    if right < RIGHT_ONES:
        said.append(f"{where}: expected {RIGHT_ONES} right answers; received {right}. Write others.")
    if (lab, exercise) not in DRAWS_NOTHING and not any(answer.recognises for answer in answers):
        said.append(f"{where}: expected a wrong answer that recognises what the notebook's check shows; received none.")
    return said


def faults_of_header(answer: Answer, names: dict[str, str]) -> list[str]:
    """Whether a wrong answer says which demand it breaks by a name that its exercise's list has."""
    if answer.breaks and names and answer.breaks not in names:
        return [
            f"{answer.place}: expected breaks= to be one of {', '.join(names)}; received {answer.breaks!r}. "
            "Correct it, or the list in the text."
        ]
    return []


def faults_of_criteria(answer: Answer, kept: dict, names: dict[str, str]) -> list[str]:
    """What differs between the criteria that an answer lost and the demand that it breaks; a sentence each.

    Args:
        answer: the answer.
        kept: what is on file of it, or just came of it.
        names: the demands of its exercise; with none, nothing is compared.
    """
    said = []
    for side in results.SIDES if names else ():
        lost = kept.get(side, {}).get(f"test-{answer.exercise}", {}).get("lost", [])
        if unknown := [title for title in lost if title not in names]:
            said.append(f"expected criteria called after demands; received {unknown} in the {side} half")
        if answer.breaks and not (answer.recognises and side == "visible") and lost != [answer.breaks]:
            said.append(f"expected the {side} half to take {answer.breaks!r} alone; received {lost}")
    return said


def covered(lab: str) -> dict[tuple[str, str], bool]:
    """(Exercise, demand) → whether a result on file shows a wrong answer that loses that criterion and no other."""
    kept, answers = results.on_file(lab), read_answers(lab)
    return {
        (exercise, name): any(
            answer.breaks == name
            and not answer.recognises
            and not faults_of_criteria(answer, results.result_of(answer, kept), {name: ""})
            for answer in answers
            if answer.exercise == exercise
        )
        for exercise, names in demands_of(lab).items()
        for name in names
    }


def sums(some: list[str] | None = None) -> str:
    """The line that `make answers` ends on: what holds of the answers and demands of these labs, by default of all."""
    numbers = dict.fromkeys(("wrong", "caught", "right", "full"), 0)
    demands: dict[tuple[str, str], bool] = {}
    for lab in some or labs():
        kept, decided, demands_here = results.on_file(lab), results.Decided(lab), covered(lab)
        demands |= {(f"{lab} {exercise}", name): yes for (exercise, name), yes in demands_here.items()}
        for answer in read_answers(lab):
            holds = results.result_of(answer, kept).get("covers") == decided.covers(answer)
            for key in ("right", "full") if answer.right else ("wrong", "caught"):
                numbers[key] += key in ("right", "wrong") or holds
    return (
        f"{numbers['wrong']} wrong answers, {numbers['caught']} caught, {numbers['wrong'] - numbers['caught']} survived; "
        f"{numbers['right']} right answers, {numbers['full']} at full marks; "
        f"{len(demands)} demands, {sum(demands.values())} covered"
    )
