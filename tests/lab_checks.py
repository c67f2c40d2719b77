"""What a lab's checks are called and take, read from their package, so that tests follow where an exercise is added."""

from __future__ import annotations

import inspect
from types import ModuleType


def parameters_of_checks(lab: ModuleType) -> dict[str, list[str]]:
    """Check → what it is given of a student's, such as ``["answer"]``.

    Args:
        lab: for example `course_utils.checks.lab2`.
    """
    functions = dict(inspect.getmembers(lab, inspect.isfunction))
    given = {name: list(inspect.signature(function).parameters) for name, function in functions.items()}
    return {name: some[:-1] for name, some in given.items() if some[-1:] == ["seed"]}
