"""A function that changes what it is given: the check sees it, as it would in a notebook, and the record says so."""

from __future__ import annotations

import copy
from collections import Counter, OrderedDict, defaultdict, deque

import numpy as np
import pytest
from test_engine import SETTINGS, cell, graded, points

from nbgrader_isolated.wire.arguments import put_back
from nbgrader_isolated.wire.decode import decode
from nbgrader_isolated.wire.encode import encode


@pytest.fixture(scope="module")
def examiner():
    with SETTINGS.make_examiner() as one:
        yield one


ANSWER = """
import numpy as np

def sort_it(numbers):
    numbers.sort()

def damage(array, *, table):
    array[0] = 7
    table["seen"] = [array.sum()]
    return array.copy()

def look(array, numbers):
    return float(array.sum()) + len(numbers)

def damage_and_fail(array):
    array *= 0
    raise ValueError
"""


def test_a_check_sees_what_a_function_did_to_its_arguments_and_the_record_says_so(examiner):
    check = """
import numpy as np
numbers = [3, 1, 2]
assert sort_it(numbers) is None and numbers == [1, 2, 3], numbers
array, table = np.zeros(3), {}
same = array
assert damage(array, table=table)[0] == 7
assert same[0] == 7 and table["seen"] == [7.0], (same, table)
array = np.ones(3)
assert look(array, [1]) == 4 and array.tolist() == [1, 1, 1]
try:
    damage_and_fail(array)
except ValueError:
    assert array.tolist() == [0, 0, 0]
copied = np.ones(3)
damage(copied.copy(), table={})
assert copied[0] == 1
"""
    lab = [cell(ANSWER, "answer", "a"), cell(check, "test", "t")]
    record = graded(lab, lab, examiner)
    assert points(record) == {"t": 1}, record.marks
    assert record.marks[0].changed == [
        "The student's function changed argument 1 of a call, a list.",
        "The student's function changed argument 1 of a call, a ndarray.",
        "The student's function changed the argument 'table' of a call, a dict.",
    ]


def test_a_function_that_leaves_its_arguments_alone_is_not_accused(examiner):
    check = "import numpy as np\nassert look(np.arange(3.0), [1, {'a': np.zeros(2)}]) == 5"
    lab = [cell(ANSWER, "answer", "a"), cell(check, "test", "t")]
    record = graded(lab, lab, examiner)
    assert (points(record), record.marks[0].changed) == ({"t": 1}, [])


def test_objects_inside_containers_stay_themselves():
    inner, outer = np.zeros(2), {"a": [np.zeros(2), 1]}
    inner = outer["a"][0]
    assert put_back(outer, {"a": [np.ones(2), 2], "b": (1,)}) is outer
    assert outer["a"][0] is inner and inner.tolist() == [1, 1] and outer["a"][1] == 2 and outer["b"] == (1,)
    numbers, letters = [1, 2, 3], {"a"}
    assert put_back(numbers, [1]) is numbers and numbers == [1]
    assert put_back(letters, {"b"}) is letters and letters == {"b"}
    frozen = np.zeros(2)
    frozen.flags.writeable = False
    assert put_back(frozen, np.ones(2)).tolist() == [1, 1] and frozen.tolist() == [0, 0]


CHANGES = {
    "deque": (deque([[1], 2], maxlen=3), lambda d: (d[0].append(5), d.rotate(1), d.append(7))),
    "ordered": (OrderedDict(a=1, b=[2]), lambda d: (d.move_to_end("a"), d["b"].append(3))),
    "counter": (Counter("aab"), lambda c: c.update("bbc")),
    "default": (defaultdict(list, a=[1]), lambda d: d["new"].append(2)),
    "set": ({1, 2}, lambda s: (s.discard(1), s.add((3, 4)))),
    "bytearray": (bytearray(b"abc"), lambda b: b.extend(b"d")),
    "list": ([1, (2, [3])], lambda a: (a[1][1].append(4), a.append(5))),
}


@pytest.mark.parametrize("kind", CHANGES)
def test_what_was_changed_in_place_is_what_it_would_be_in_a_notebook(kind):
    """By way of the wire, as between the two processes."""
    made, change = CHANGES[kind]
    old, expected = copy.deepcopy(made), copy.deepcopy(made)
    change(expected)
    new = decode(encode(expected))
    assert put_back(old, new) is old
    assert type(old) is type(expected) and repr(old) == repr(expected)


def test_a_list_in_a_tuple_or_a_deque_stays_itself():
    inner = [1]
    for outer, new in (((inner, 2), ([1, 3], 2)), (deque([inner]), deque([[1, 3, 4]]))):
        assert put_back(outer, new) is outer and outer[0] is inner and inner == new[0]


def test_a_model_that_was_changed_in_place_becomes_what_was_made_of_it():
    import keras

    from nbgrader_isolated.wire.keras_model import pack, unpack

    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2, activation="relu"), keras.layers.Dense(1)])
    kernel, images = model.layers[0].kernel, np.ones((1, 3), np.float32)

    other = unpack(pack(model))
    other.layers[0].kernel.assign(0 * other.layers[0].kernel)
    other.layers[1].trainable = False
    other.layers[0].bias.trainable = False
    other.compile("sgd", "mse")
    other.fit(np.ones((4, 3)), np.ones(4), batch_size=2, verbose=0)
    assert put_back(model, other) is model
    assert model.layers[0].kernel is kernel and np.array_equal(kernel.numpy(), other.layers[0].kernel.numpy())
    assert not model.layers[0].bias.trainable and int(model.optimizer.iterations) == 2
    assert [layer.trainable for layer in model.layers] == [True, False]
    assert model.compiled and model.loss == "mse"

    other = unpack(pack(model))
    other.layers[0].activation = keras.activations.sigmoid  # a setting overwritten: the layers are others now
    other = unpack(pack(other))
    other.layers[1].kernel.assign(0 * other.layers[1].kernel + 1)
    assert put_back(model, other) is model
    np.testing.assert_allclose(model(images), other(images))
    assert float(model(images)[0, 0]) == pytest.approx(1.0)

    other = unpack(pack(model))
    other.pop()
    put_back(model, other)
    assert model.output_shape == (None, 2) and len(model.layers) == 1
