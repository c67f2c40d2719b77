"""What a test cell may hold, what is refused before a class is graded, and what its last value is worth."""

from __future__ import annotations

import pytest

from nbgrader_isolated.errors import BadArgumentError
from nbgrader_isolated.examiner.test_cell import ExaminedCell
from nbgrader_isolated.notebook.gradable import require_gradable
from nbgrader_isolated.printed import Printed


def cell(source: str, cell_type: str = "code", points: float = 2) -> dict:
    flags = {"grade": True, "solution": False, "locked": True, "points": points, "grade_id": "t"}
    return {"cell_type": cell_type, "metadata": {"nbgrader": flags}, "source": source}


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("%matplotlib inline", "not plain Python: the magic %matplotlib (line 1)"),
        ("x = 1\n%%time\nassert x", "the cell magic %%time (line 2)"),
        ("!ls", "a command for the shell (line 1)"),
        ("files = !ls", "a command for the shell (line 1)"),
        ("assert x?", "a question to IPython (line 1)"),
        ("x = 1\nawait f()", "awaits outside a function, which is not plain Python. Use asyncio.run (line 2)"),
        ("async for x in f():\n    pass", "awaits outside a function"),
        ("from math import *\nassert f(pi)", "imports * from math"),
        ("from . import helper", "imports relative to a package"),
        ("\nassert input() == '3'", "calls input(), and nobody is there to answer (line 2)"),
        ("get_ipython().run_line_magic('time', '')", "calls get_ipython()"),
        ("display(f(2))", "calls IPython's display()"),
        ("assert 'x' in globals()", "calls globals(), so nobody can tell which names are the student's"),
        ("assert locals()['x']", "calls locals()"),
        ("assert vars()['x']", "calls vars()"),
        ("assert eval('x') == 2", "calls eval()"),
        ("exec('y = x')", "calls exec()"),
        ("# only a comment\n", "holds no code, and would give everybody its 2 points (line 1)"),
        ("", "holds no code"),
        ("'text'\npass", "holds no code"),
        ("x = 1\x00", "Python"),  # before 3.11.4 this is a ValueError, and is said with its name
    ],
)
def test_what_the_examiner_does_not_understand_is_refused_with_cell_and_line(source, said):
    with pytest.raises(BadArgumentError) as error:
        require_gradable([cell(source)])
    assert said in str(error.value) and "'t'" in str(error.value)


@pytest.mark.parametrize(
    "source",
    [
        "import asyncio\nasync def ask():\n    return await f()\nassert asyncio.run(ask()) == 3",
        "from math import pi\nassert f(pi)",
        "assert vars(value)['x'] == 2",
        "def display(x):\n    return x\nassert display(f(1))",
        "del helper\nassert f(2) == 4",
        "1.5",
        "assert model.eval() is None",
    ],
)
def test_what_it_does_understand_is_not(source):
    require_gradable([cell(source)])


def test_a_test_cell_without_points_may_be_empty():
    require_gradable([cell("# comes later", points=0)])


@pytest.mark.parametrize("cell_type", ["markdown", "raw"])
def test_a_test_cell_of_text_tests_nothing(cell_type):
    with pytest.raises(BadArgumentError, match=f"'t' is a {cell_type} cell, which tests nothing"):
        require_gradable([cell("assert f(2) == 4", cell_type)])


def ended(expression: str, answer: object = None) -> dict:
    """What a check of 4 points makes of a cell that ends like this, after it has received ``answer`` under the name ``given``."""

    class Answered(ExaminedCell):
        def _ask(self, question, arguments=b""):
            return {"state": "value", "value": answer}

    source = f"import numpy as np\nassert given is not None\n{expression}" if answer is not None else expression
    return Answered(0, 1, {"source": source, "maximum": 4}).run()


ELSE = "import decimal, fractions\n"


@pytest.mark.parametrize(
    ("expression", "points"),
    [
        ("None", 4),
        ("'all is well'", 4),
        ("f'for {given}: well'", 4),
        ("3", 3),
        ("2.5", 2.5),
        ("np.float64(2.5)", 2.5),
        ("np.float32(2.5)", 2.5),
        ("np.int64(0)", 0),
        ("np.array(1.5)", 1.5),
        ("0.5 * (given == 9)", 0),
        # nbgrader gives full marks for each of these.
        ("given == 2", None),
        ("lambda: given == 2", None),
        ("(given == n for n in (1, 2))", None),
        ("np.bool_(given == 2)", None),
        ("given == 9", None),
        ("np.bool_(given == 9)", None),
        ("0.5 * (given == np.array([9.0]))", None),
        ("np.array([4.0])", None),
        ("np.array(4.0, dtype=object)", None),
        ("np.ma.masked", None),
        ("np.ma.masked_array(4.0)", None),
        ("np.array(4.0).view(type('Sub', (np.ndarray,), {}))", None),
        ("4 + 0j", None),
        ("np.complex64(4)", None),
        ("[4]", None),
        ("{'points': 4}", None),
        ("b'4'", None),
        ("type('Sub', (float,), {})(4)", None),
        ("type('Sub', (np.float64,), {})(4)", None),
        ("__import__('decimal').Decimal(4)", None),
        ("__import__('fractions').Fraction(4)", None),
        ("object()", None),
        ("float('nan')", None),
        ("float('inf')", None),
        ("-1", None),
        ("4.5", None),
        ("10**400", None),
        ("given", 2),
    ],
)
def test_what_the_last_value_is_worth(expression, points):
    done = ended(expression, 2)
    assert done["points"] == points
    assert points is not None or ("The check ended with" in done["message"] and "9" not in done["message"])


def test_points_of_which_an_answer_makes_an_array_go_to_manual_review():
    import numpy as np

    done = ended("points = 3.5\npoints += 0.5 * (given == 1.5)\npoints", np.array([999.0]))
    assert done["points"] is None
    assert done["message"] == (
        "The check ended with a ndarray that was worked out from the student's answer, not a number of points."
    )


@pytest.mark.parametrize("expression", ["[1, 2]", "True", "False", "4j"])
def test_what_owes_nothing_to_the_student_counts_as_for_nbgrader(expression):
    assert ended(expression)["points"] == 4


def test_of_what_a_check_prints_the_beginning_is_kept():
    printed = Printed(5)
    assert (printed.write("abc"), printed.text, printed.cut) == (3, "abc", False)
    assert (printed.write("d\n"), printed.cut, str(printed)) == (2, False, "abcd")
    assert (printed.write("fg"), printed.text, printed.cut) == (2, "abcd\n", True)
    assert str(printed) == "abcd …"
