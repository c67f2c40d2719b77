"""The course's checks in the grader's two processes."""

import pytest
from test_engine import SETTINGS, cell, graded

from authoring.both_processes import with_the_course


@pytest.fixture(scope="module")
def examiner():
    with with_the_course(SETTINGS).make_examiner() as one:
        yield one


def test_what_a_function_gives_and_cannot_cross_is_not_called_an_error_of_the_function(examiner):
    check = (
        "from course_utils.checks import ExerciseCheck\n"
        "check = ExerciseCheck('f', f)\n"
        "with check, check.criterion(1.0, 'all'):\n"
        "    check.call(1)\n"
        "check.verdict().marks(1)"
    )
    lab = [cell("def f(x):\n    return [0] * 300_000", "answer", "a"), cell(check, "test", "t")]
    [mark] = graded(lab, lab, examiner).marks
    assert mark.points == 0
    assert "What your function returns cannot be handed in: This value has more than 200,000 parts." in mark.printed
    assert "raised" not in mark.printed


def test_no_two_submissions_are_checked_on_the_same_hidden_inputs_and_each_always_on_its_own(examiner):
    """What one submission writes down of its inputs is no use to the next; marking again is fair."""
    lab = [
        cell("def same(x):\n    return x", "answer", "a"),
        cell(
            "from course_utils.checks.core.seeds import generator\n"
            "print(same(int(generator('same', 7).integers(2**60))), int(generator('same', None).integers(2**60)))",
            "test",
            "t",
        ),
    ]
    other = [{**lab[0], "source": lab[0]["source"] + "  # as it is"}, lab[1]]
    [one], [again], [two] = ([mark.printed for mark in graded(c, lab, examiner).marks] for c in (lab, lab, other))
    assert one == again and len(one.split()) == 2
    assert one.split()[0] != two.split()[0] and one.split()[1] == two.split()[1]
