"""What a student's function gives is read once, whatever it is and however often a check looks at it."""

from __future__ import annotations

import numpy as np
import pytest

from course_utils.checks import ExerciseCheck, Incorrect, as_array
from course_utils.checks.core.values import read_once


class Numpy:
    """Gives another array each time it is read."""

    reads = 0

    def numpy(self):
        self.reads += 1
        return np.array([self.reads])


class Array:
    """Says that it is an array, and gives another each time it is read."""

    reads = 0

    def __array__(self, dtype=None, copy=None):
        self.reads += 1
        return np.array([self.reads])


class Sequence(Array):
    __array__ = None

    def __len__(self):
        return 1

    def __getitem__(self, index):
        self.reads += 1
        return self.reads


class FailsFirst(Numpy):
    def numpy(self):
        super().numpy()
        if self.reads == 1:
            raise ValueError
        return np.array([self.reads])


PLACES = pytest.mark.parametrize("put", [lambda x: x, lambda x: (x, 0), lambda x: [x], lambda x: {"a": x}])


@PLACES
def test_what_only_says_that_it_is_an_array_is_refused_as_it_is_when_graded(put):
    with pytest.raises(Incorrect, match=r"cannot be handed in: .*np\.asarray"):
        ExerciseCheck("f", lambda: put(Array())).call()


@PLACES
def test_a_changing_object_shows_one_value(put):
    changing = Numpy()
    check = ExerciseCheck("f", lambda: put(changing))
    given = check.call()
    one = given["a"] if isinstance(given, dict) else given[0] if isinstance(given, list | tuple) else given
    assert [as_array(one, "it").tolist() for _ in range(3)] == [[1], [1], [1]]
    assert changing.reads == 1


def test_so_does_a_changing_sequence_and_one_in_an_array_of_objects():
    class Plain:
        def __len__(self):
            return 2

        def __getitem__(self, index):
            self.reads = getattr(self, "reads", 0) + 1
            return self.reads

    assert read_once(Plain()).tolist() == [1, 2]
    inside = np.empty(1, dtype=object)
    inside[0] = Numpy()
    given = read_once(inside)
    assert given[0].tolist() == [1] and inside[0].reads == 1


def test_an_object_that_fails_the_first_time_is_not_read_again():
    given = read_once(FailsFirst())
    with pytest.raises(Incorrect, match="cannot be read as numbers"):
        as_array(given, "it")
    assert given.reads == 1


def test_a_list_that_changes_while_it_is_looked_through_is_a_plain_list_afterwards():
    class Changing(list):
        def __iter__(self):
            return iter([9])

        def __getitem__(self, index):
            return 9

    given = read_once(Changing([1, 2]))
    assert type(given) is list and given == [1, 2]


def test_one_object_in_two_places_is_read_once_and_a_list_in_itself_comes_to_an_end():
    one = Numpy()
    given = read_once([one, one])
    assert given[0] is given[1] and one.reads == 1
    round_and_round: list = []
    round_and_round.append(round_and_round)
    assert read_once(round_and_round)[0] is round_and_round


def test_models_functions_and_what_honest_work_gives_stay_as_they_are():
    class Fitted:
        def predict(self, x):
            return x

        def __len__(self):
            return 3

        def __getitem__(self, index):
            raise AssertionError("nobody reads the steps of a pipeline")

    for value in (Fitted(), len, Fitted, {1, 2}, "text", 3, None, np.str_("a")):
        assert read_once(value) is value
    assert read_once(range(3)).tolist() == [0, 1, 2]
    assert read_once({"a": (1, [2.0])}) == {"a": (1, [2.0])}


def test_so_it_is_where_the_object_stays_in_the_students_process():
    from test_engine import SETTINGS, cell, graded, points

    from authoring.both_processes import with_the_course

    answer = (
        "import numpy as np\n"
        "class Numpy:\n    reads = 0\n    def numpy(self):\n        self.reads += 1\n        return np.array([self.reads])\n"
        "class Sequence:\n    reads = 0\n    def __len__(self):\n        return 1\n"
        "    def __getitem__(self, index):\n        self.reads += 1\n        return self.reads\n"
        "def f(which):\n    return [Numpy(), Sequence()][which], 0"
    )
    test = (
        "from course_utils.checks import ExerciseCheck, as_array\n"
        "check = ExerciseCheck('f', f)\n"
        "for which in (0, 1):\n"
        "    value = check.call(which)[0]\n"
        "    read = [as_array(value, 'it').tolist() for _ in range(3)]\n"
        "    assert read == [[1], [1], [1]], read"
    )
    cells = [cell(answer, "answer", "f"), cell(test, "test", "t", 2)]
    with with_the_course(SETTINGS).make_examiner() as examiner:
        record = graded(cells, cells, examiner)
    assert points(record) == {"t": 2}, record.marks
