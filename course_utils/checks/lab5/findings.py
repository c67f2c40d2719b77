"""How lab 5's checks read what a student's function returns: diagnoses, positions, plans, and models that have been trained."""

from collections.abc import Callable

import numpy as np

from course_utils.checks import ExerciseCheck, Incorrect, as_array, as_number, as_tuple, describe, few, once
from course_utils.checks.common.models import as_model
from course_utils.checks.common.weights import layer_of, moved, weights_of


def check_diagnosis(
    check: ExerciseCheck, cases: list[tuple[str, bool, Callable[[], tuple]]], titles: list[str]
) -> None:
    """Goes through the two criteria of a function that tells models apart by True and False.

    An answer that is always the same is no diagnosis, so it is right about nothing, even where it happens to be.

    ``cases`` holds for each model what it is, in words, the right answer, and what makes the function's arguments; ``titles``
    are that of the criterion about the models for which True is right, and that for the others.
    """

    def ask(arguments: Callable[[], tuple]) -> bool:
        value = check.call(*arguments())
        array = as_array(value, "your answer") if not isinstance(value, str | list | tuple | dict) else None
        if array is None or array.dtype.kind != "b" or array.size != 1:
            raise Incorrect(f"You return {describe(value)};", "expected True or False.")
        return bool(array.reshape(()))

    answers = once(lambda: [ask(arguments) for _, _, arguments in cases])

    for which, title in zip((True, False), titles, strict=True):
        with check.criterion(0.5, title):
            if len(set(answers())) == 1:
                raise Incorrect(
                    f"You answer {answers()[0]} for all of {len(cases)} models;",
                    f"expected True for {sum(right for _, right, _ in cases)} of them and False for the others.",
                )
            for answer, (case, right, _) in zip(answers(), cases, strict=True):
                if right == which != answer:
                    raise Incorrect(f"For a model {case} you answer {answer};", f"expected {right}.")


def read_plan(value: object) -> list[dict[str, float]]:
    """Reads a plan of two stages: learning rate and the numbers for ``fit``."""
    stages = as_tuple(value, 2, "a list of two dictionaries, one per stage")
    plan = []
    for number, stage in enumerate(stages, start=1):
        keys = ("learning_rate", "initial_epoch", "epochs")
        missing = [key for key in keys if not isinstance(stage, dict) or key not in stage]
        if missing:
            raise Incorrect(f"Stage {number} of your plan has no {missing[0]!r};", "expected all three entries.")
        plan.append({key: as_number(stage[key], f"{key} of stage {number}") for key in keys})
        for key in keys[1:]:
            if plan[-1][key] != int(plan[-1][key]) or plan[-1][key] < 0:
                raise Incorrect(f"Stage {number} has {key} = {plan[-1][key]:g};", "expected an integer from 0 on.")
    return plan


def moved_layers(before: dict[str, np.ndarray], value: object) -> set[str]:
    """The layers of a student's model in which any weight differs from before; complains where one is not there any more."""
    after = weights_of(as_model(value))
    lost = [layer_of(name) for name in before if name not in after]
    if lost:
        layers = dict.fromkeys(map(layer_of, before))
        raise Incorrect(
            f"The model you return has no layer {lost[0]};",
            f"expected the model that you were given, with its layers {few(layers, most=9)}.",
        )
    return {layer_of(name) for name in moved(before, after)}
