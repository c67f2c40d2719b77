"""The names of a cell: which it takes from outside, gives a value, or mentions."""

import pytest

from nbgrader_isolated.notebook.names import defined_names, free_names, used_names

CELL = (
    "import numpy as np\n"
    "from math import pi\n"
    "total = sum(data) + pi\n"
    "def scale(x):\n"
    "    factor = rate * x\n"
    "    return factor\n"
    "for item in data:\n"
    "    with open(item) as file:\n"
    "        pass\n"
)


def test_the_names_of_a_cell():
    assert free_names(CELL) == ["data", "rate"]
    assert defined_names(CELL) == {"np", "pi", "total", "scale", "item", "file"}
    assert defined_names(CELL, imports=False) == {"total", "scale", "item", "file"}
    assert defined_names(CELL, nested=True) == defined_names(CELL) | {"factor"}
    assert used_names(CELL) == {"total", "sum", "data", "pi", "factor", "rate", "x", "item", "open", "file"}


@pytest.mark.parametrize("names", [free_names, defined_names, used_names])
def test_what_is_not_python_is_an_error(names):
    with pytest.raises(SyntaxError):
        names("%matplotlib inline")
