"""Every exercise's text ends in its demands, and its answers show that each of them is checked, and nothing else."""

from __future__ import annotations

import dataclasses

import nbformat
import pytest

from authoring import demands
from authoring.checking import coverage, results
from authoring.checking.answers import Answer, labs, read_answers
from authoring.checking.lab import solution

LABS = labs()
MANY = 8
FREE = {"lab2": {"train-head", "train-svm"}, "lab3": {"train", "augmented-copies"}}
"""Exercises whose training or data are the student's choice: at least `MANY` right answers each."""


@pytest.mark.parametrize("lab", LABS)
def test_every_demand_has_a_wrong_answer_and_every_exercise_right_ones(lab):
    answers = read_answers(lab)
    for exercise in coverage.demands_of(lab):
        some = [answer for answer in answers if answer.exercise == exercise]
        assert coverage.lacking(lab, exercise, some) == []
        if exercise in FREE.get(lab, ()):
            assert sum(answer.right for answer in some) >= MANY, exercise
    assert FREE.get(lab, set()) <= set(coverage.demands_of(lab))


@pytest.mark.parametrize("lab", LABS)
def test_on_file_a_wrong_answer_loses_the_criterion_of_the_demand_that_it_breaks_and_no_other(lab):
    kept = results.on_file(lab)
    for answer in read_answers(lab):
        found = results.result_of(answer, kept)
        assert coverage.faults_of_criteria(answer, found, coverage.demands_of(lab)[answer.exercise]) == [], answer.place
    assert all(coverage.covered(lab).values())


@pytest.mark.parametrize("lab", LABS)
def test_the_lists_can_be_read_and_wrong_answers_break_what_they_name(lab):
    assert demands.faults(solution(lab)) == []
    there = coverage.demands_of(lab)
    assert [
        fault for answer in read_answers(lab) for fault in coverage.faults_of_header(answer, there[answer.exercise])
    ] == []


TEXT = """## Exercise

**Demands**

- *shape*: the array is (N, 3),
  whatever N is.
- *as it was*: the photo is not changed."""


def notebook(*cells):
    flags = {"solution": True, "grade_id": "double", "locked": False, "grade": False, "schema_version": 3}
    made = [nbformat.v4.new_markdown_cell(one) for one in cells]
    made.append(nbformat.v4.new_code_cell("def double(x): ...", metadata={"nbgrader": flags}))
    return nbformat.v4.new_notebook(cells=made)


def test_a_list_is_read_with_the_exercise_whose_text_it_ends():
    expected = {"shape": "the array is (N, 3), whatever N is.", "as it was": "the photo is not changed."}
    assert demands.read(TEXT) == expected
    assert demands.of_notebook(notebook("# Lab", TEXT, "A hint.")) == {"double": expected}
    assert demands.of_notebook(notebook("# Lab")) == {"double": {}}
    assert demands.faults(notebook(TEXT)) == []


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ([TEXT + "\n\nMore."], "to the end of the cell; received"),
        ([TEXT + "\n- *shape*: again."], "the demand *shape*"),
        ([TEXT + "\n- *one two three four*: long."], "the demand *one two three four*"),
        ([TEXT + "\n- range: no italics."], "received '- range"),
        (["**Demands**"], "expected lines such as"),
        ([TEXT, TEXT], "received two"),
    ],
)
def test_the_build_refuses_a_list_that_is_not_as_it_must_be(cells, said):
    [fault] = demands.faults(notebook(*cells))
    assert said in fault


def test_the_build_refuses_a_list_that_no_answer_follows():
    made = notebook()
    made.cells.append(nbformat.v4.new_markdown_cell(TEXT))
    [fault] = demands.faults(made)
    assert "received none after shape, as it was" in fault


NAMES = demands.read(TEXT)
WRONG = Answer("lab0", "double", "odd", False, "Odd.", "pass\n", breaks="shape", must_fail=frozenset({"test-double"}))


def kept(hidden, visible):
    """What is on file of an answer that lost these criteria."""
    lost = {"hidden": hidden, "visible": visible}
    return {side: {"test-double": {"marks": 1.0, "verdict": "", "lost": lost[side]}} for side in lost}


def test_an_answer_that_breaks_a_demand_loses_that_criterion_alone_on_both_sides():
    assert coverage.faults_of_criteria(WRONG, kept(["shape"], ["shape"]), NAMES) == []
    assert coverage.faults_of_criteria(WRONG, kept(["other"], ["other"]), {}) == []
    for hidden, visible in ((["shape", "as it was"], ["shape"]), (["shape"], []), (["as it was"], ["shape"])):
        [fault] = coverage.faults_of_criteria(WRONG, kept(hidden, visible), NAMES)
        assert "'shape' alone; received" in fault
    several = dataclasses.replace(WRONG, breaks="")
    assert coverage.faults_of_criteria(several, kept(["shape", "as it was"], ["shape"]), NAMES) == []
    [fault, _] = coverage.faults_of_criteria(several, kept(["values"], ["values"]), NAMES)
    assert "called after demands; received ['values']" in fault
    assert "one of shape, as it was" in coverage.faults_of_header(dataclasses.replace(WRONG, breaks="x"), NAMES)[0]
    assert coverage.faults_of_header(WRONG, NAMES) == coverage.faults_of_header(several, NAMES) == []


def test_an_answer_that_recognises_inputs_keeps_full_marks_in_the_notebook_and_not_when_it_is_graded():
    knows = dataclasses.replace(WRONG, recognises=True)
    assert coverage.faults_of_criteria(knows, kept(["shape"], []), NAMES) == []
    for visible, graded, right in ((2.0, 1.0, True), (1.0, 1.0, False), (2.0, 2.0, False)):
        marks = {"visible": {"test-double": {"marks": visible}}, "hidden": {"test-double": {"marks": graded}}}
        assert (results.faults_of_marks(knows, marks, {"test-double": 2.0}) == []) == right


def test_what_an_exercise_of_a_lab_that_is_done_lacks_is_told(monkeypatch):
    monkeypatch.setattr(coverage, "demands_of", lambda lab: {"double": NAMES, "triple": {}})
    right = [dataclasses.replace(WRONG, right=True, breaks="", name=name) for name in "abc"]
    other = dataclasses.replace(WRONG, breaks="as it was")
    knows = dataclasses.replace(WRONG, breaks="", recognises=True)
    assert coverage.lacking("lab0", "double", [WRONG, other, knows, *right]) == []
    [said] = coverage.lacking("lab0", "double", [WRONG, knows, *right])
    assert "breaks 'as it was' alone; received none" in said
    [said] = coverage.lacking("lab0", "double", [WRONG, other, knows, *right[1:]])
    assert "expected 3 right answers; received 2" in said
    [said] = coverage.lacking("lab0", "double", [WRONG, other, *right])
    assert "recognises" in said
    [said] = coverage.lacking("lab0", "triple", [knows, *right])
    assert "expected **Demands**" in said


def test_the_sums_count_answers_with_a_result_that_holds_and_demands_with_an_answer_that_breaks_only_them(monkeypatch):
    [good] = [dataclasses.replace(WRONG, right=True, breaks="", name="good")]
    answers = [WRONG, dataclasses.replace(WRONG, name="unknown", breaks="as it was"), good]
    found = {"double": {"odd": kept(["shape"], ["shape"]) | {"covers": "now"}, "good": {"covers": "now"}}}

    class Decided:
        def __init__(self, lab): ...

        def covers(self, answer):
            return "now"

    monkeypatch.setattr(results, "Decided", Decided)
    monkeypatch.setattr(results, "on_file", lambda lab: found)
    monkeypatch.setattr(coverage, "read_answers", lambda lab: answers)
    monkeypatch.setattr(coverage, "demands_of", lambda lab: {"double": NAMES})
    assert coverage.sums(["lab0"]) == (
        "2 wrong answers, 1 caught, 1 survived; 1 right answers, 1 at full marks; 2 demands, 1 covered"
    )
