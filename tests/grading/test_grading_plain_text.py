"""What a student chose to call something is letters where it is shown: no markup, colour, direction, formula or flood."""

from __future__ import annotations

import numpy as np
import pytest

from authoring.adversarial import pages
from course_utils.checks import ExerciseCheck, Incorrect, explain
from nbgrader_isolated.examiner import test_cell
from nbgrader_isolated.examiner.parent import _bounded
from nbgrader_isolated.gradebook.marks import as_notebook
from nbgrader_isolated.notebook.plain_text import markdown_text, plain_text, printable
from nbgrader_isolated.outcomes import Outcome, Record

NASTY = {
    "\x1b[31mred\x1b[0m": "red",
    "\x1b]0;title\x07": "\\x1b]0;title\\x07",
    "\x1b[2Jgone": "\\x1b[2Jgone",
    "pass\u202eliaf\u2066": "pass\\u202eliaf\\u2066",
    "a\u200bb\u200e\u200f\u061c": "a\\u200bb\\u200e\\u200f\\u061c",
    "one\ntwo\r\u2028three\u2029": "one\\ntwo\\r\\u2028three\\u2029",
    "z" + "\u0301" * 500: "z" + "\u0301" * 4,
    "\ud800": "\\ud800",
    "\U000e0041": "\\U000e0041",
    "a\xa0b": "a b",
    "Übung 山 עברית e\u0301": "Übung 山 עברית e\u0301",
}


@pytest.mark.parametrize("text", NASTY)
def test_what_a_terminal_would_obey_is_shown_as_letters_and_other_languages_stay(text):
    assert plain_text(text) == NASTY[text]


def test_long_text_ends_in_an_ellipsis_and_line_breaks_stay_where_they_may():
    assert plain_text("a" * 300, 10) == "a" * 9 + "…"
    assert len(plain_text("\x00" * 10**7, 50)) == 50
    assert plain_text("a\n\tb\x07", lines=True) == "a\n\tb\\x07"
    assert printable("x" * 100)[-1] == "…"


MARKUP = [
    *(
        "**bold**.png",
        "_x_",
        "`code`",
        "[x](https://example.org)",
        "![](data:image/png;base64,AA==)",
        "<b>x</b>",
        "&lt;b&gt;",
    ),
    *(
        "# x",
        "- x",
        "| a |",
        "https://example.org/x",
        "~~x~~",
        "\\\\(x\\\\)",
        "$x$",
        "$$x$$",
        "\\begin{align}x\\end{align}",
    ),
]


@pytest.mark.parametrize("kind", pages.KINDS)
@pytest.mark.parametrize("name", MARKUP)
def test_a_file_name_in_the_outcomes_banner_is_its_letters(name, kind):
    from bleach._vendor import html5lib

    note = f"'{name}' was left out."
    record = Record(
        "lab", Outcome.GRADED, [note], cells={"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    )
    page = html5lib.parse(pages.page(kind, as_notebook(record, None, "lab")), namespaceHTMLElements=False)
    (item,) = [one for one in page.iter("li") if "left out" in "".join(one.itertext())]
    assert "".join(item.itertext()).strip() == note
    assert {one.tag for one in item.iter()} <= {"li", "span", "p"}
    # MathJax looks for formulas in one run of letters, which an element ends.
    assert not any("$" in run[1:] or "\\" in run[1:] for run in item.itertext())


def test_markdown_text_leaves_no_letter_that_markdown_reads():
    assert not set(markdown_text("".join(map(chr, range(33, 127))))) & set("*_`[]()!~|$\\\"'")


def test_a_class_name_and_a_reason_put_no_colour_or_direction_into_a_checks_message():
    done = {
        "points": 0.0,
        "printed": "\x1b[1mp\x1b[0m\u202e",
        "failed": True,
        "sketches": [],
        "lacks": [],
        "criteria": [],
    }
    done |= {"message": "raised \x1b[31mEvil\u202e.\nline two", "changed": ["\x1b[31mx" + "y" * 500]}
    found = _bounded(done, 1.0)
    assert (found["message"], found["printed"]) == ("raised Evil\\u202e.\nline two", "p\\u202e")
    assert found["changed"] == ["x" + "y" * 198 + "…"]


def broadcasting() -> Exception:
    with pytest.raises(ValueError) as caught:
        np.zeros((37, 5)) + np.zeros(3)
    return caught.value


def tensorflows() -> Exception:
    tensorflow = pytest.importorskip("tensorflow")
    with pytest.raises(tensorflow.errors.InvalidArgumentError) as caught:
        tensorflow.matmul(tensorflow.zeros((37, 5)), tensorflow.zeros((3, 2)))
    return caught.value


@pytest.mark.parametrize("make", [broadcasting, tensorflows])
def test_a_librarys_error_tells_nothing_of_hidden_inputs(make):
    error = make()
    assert "37" in str(error)
    assert "37" not in test_cell.explain(error)
    for seed, told in ((5, False), (None, True)):
        check = ExerciseCheck("double", lambda x: x, seed=seed)
        with check:
            with check.criterion(0.5, "one"):
                check.call(1)
                raise error
            with check.criterion(0.5, "two"):
                raise Incorrect("The model cannot be used:", explain(error))
        said = check.verdict().text()
        assert (("37" in said) is told) and type(error).__name__ in said
    assert "37" in explain(error)  # outside of a hidden check


def test_the_words_of_a_test_cells_own_exception_are_for_the_student():
    own = type("Own", (Exception,), {"__module__": "__main__"})
    assert test_cell.explain(own("look at the axis")) == "look at the axis"
    assert test_cell.explain(AssertionError("two times two")) == "two times two"


def failing(source: str, **given: object) -> str:
    """What a student reads of the exception that a test cell ends with."""
    try:
        exec(compile(source, "<check>", "exec"), {"__name__": "__main__", "np": np, **given})
    except BaseException as error:
        return test_cell.explain(error)
    raise AssertionError("the cell was to fail")


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("np.testing.assert_allclose([1.0], [7193])", "A check that is not shown failed: it compared arrays."),
        (
            "np.testing.assert_array_equal(np.ones(3), np.ones(7193))",
            "A check that is not shown failed: it compared arrays.",
        ),
        ("import unittest\nunittest.TestCase().assertEqual(3, 7193)", "A check that is not shown failed."),
        (
            "try:\n    np.testing.assert_equal(1, 7193)\nexcept AssertionError:\n    raise",
            "A check that is not shown failed: it compared arrays.",
        ),
        ("import struct\nstruct.unpack('7193s', b'x')", "The check could not use your answer: error."),
        (
            "import subprocess\nsubprocess.run(['false', '7193'], check=True)",
            "The check could not use your answer: CalledProcessError.",
        ),
        ("raise MemoryError('7193')", "The check could not use your answer: MemoryError."),
        ("import decimal\nraise NameError", "NameError"),
        ("import ast\nast.literal_eval('k7193()')", "The check could not use your answer: ValueError."),
        ("assert f(2) == 4, f'two times two is {f(2)}'", "two times two is 5"),
        ("raise AssertionError('the check\\'s own')", "the check's own"),
        ("def same(a):\n    assert a == 1, 'not one'\nsame(2)", "not one"),
        ("unknown", "name 'unknown' is not defined"),
    ],
)
def test_an_exceptions_words_are_shown_where_the_check_itself_raised_it(source, said):
    assert failing(source, f=lambda x: 5) == said


@pytest.mark.parametrize(
    ("kinds", "said"),
    [
        (["KeyError", "LookupError", "Exception"], "KeyError"),
        (["LinAlgError", "ValueError", "Exception"], "LinAlgError"),
        (["k7193", "Exception", "BaseException", "object"], "an exception of your own"),
        (["X", "k7193", "ValueError", "Exception"], "an exception of your own (a kind of ValueError)"),
    ],
)
def test_the_name_of_a_students_exception_tells_nothing_of_hidden_inputs(kinds, said):
    with pytest.raises(Exception) as caught:
        test_cell.raise_as_student({"kinds": kinds, "line": 3})
    assert test_cell.explain(caught.value) == f"Your code raised {said} when the check used it."


def test_a_thing_that_cannot_be_handed_over_is_not_named():
    class k7193:
        pass

    check = test_cell.ExaminedCell(0, 0, {"source": "", "maximum": 1})
    with pytest.raises(test_cell.CannotCross) as caught:
        check.call(test_cell.Handle(check, 1, "function", True), (k7193(),), {})
    assert "7193" not in str(caught.value) and "cannot be handed over" in test_cell.explain(caught.value)
