"""Answers that are the same but for layout, comments and chosen names are found; honest short ones and what was given out are not."""

from __future__ import annotations

import time

import pytest
from test_engine import cell

from nbgrader_isolated.gradebook.alike import ALL, Alike, alike, own_tokens, same_files
from nbgrader_isolated.outcomes import Outcome, Record

STUB = 'def mean_of(values):\n    """The mean."""\n    raise NotImplementedError()'
OWN = (
    'def mean_of(values):\n    """The mean."""\n    # mine\n    total = 0.0\n    count = 0\n    for value in values:\n'
    "        total += float(value)\n        count += 1\n    if count == 0:\n        return 0.0\n    return total / count"
)
RENAMED = (
    'def mean_of(values):\n    """The mean."""\n    s=0.0; n=0\n    for v in values:\n            s+=float(v)\n'
    "            n+=1   # one more\n    if n==0: return 0.0\n    return s/n"
)
OTHER = OWN.replace("float(value)", "float(value) * 1.0")
TEXT = "Pooling keeps one number per channel, so the head has far fewer parameters to learn from so few labelled images of birds; I would pool first, and train the head after that on cached features."


def lab(code: str, text: str = "Write here.", extra: str = "x = 1") -> list[Record]:
    cells = [
        cell(code, "answer", "mean"),
        cell(extra, "answer", "short"),
        cell(text, "manual", "why", cell_type="markdown"),
        cell("mean_of([1])", "test", "t"),
    ]
    return [Record("lab", Outcome.GRADED, cells={"cells": cells})]


HANDED_OUT = {("lab", "mean"): STUB, ("lab", "short"): "x = 1", ("lab", "why"): "Write here."}
SOLUTION = {("lab", "mean"): ("def mean_of(values):\n    return 1", "code"), ("lab", "short"): ("x = 7", "code")}


def found(solution=SOLUTION, **students):
    return alike(students, HANDED_OUT, solution)


def test_the_same_answer_in_other_clothes_is_found():
    assert own_tokens(OWN, STUB) == own_tokens(RENAMED, STUB) != own_tokens(OTHER, STUB)
    assert found(ada=lab(OWN, TEXT), bob=lab(RENAMED, "Because."), cut=lab(OTHER)) == [
        Alike(("ada", "bob"), ("mean",), False)
    ]


def test_text_is_compared_without_case_and_punctuation():
    other = TEXT.upper().replace(",", " - ")
    assert found(ada=lab(OWN, TEXT), bob=lab(OTHER, other)) == [Alike(("ada", "bob"), ("why",), False)]


def test_all_answers_together_count_though_each_is_short():
    short = "def mean_of(values):\n    return sum(float(v) for v in values) / max(1, len(values))"
    assert len(own_tokens(short, STUB)) < 30
    one = dict(ada=lab(short, "It learns fewer numbers then.", "x = 5"))
    assert found(**one, bob=lab(short, "It learns fewer numbers then.", "x = 5")) == [
        Alike(("ada", "bob"), (ALL,), False)
    ]
    assert found(**one, bob=lab(short, "So it is.", "x = 5")) == []


def test_what_was_handed_out_is_nobodys_and_short_answers_are_left_out():
    assert own_tokens(STUB, STUB) == []
    assert (
        found(ada=lab(STUB), bob=lab(STUB), cut=lab("def mean_of(values):\n    return sum(values)"), dan=lab("x")) == []
    )
    long = "\n".join(f"step_{number} = prepare({number})" for number in range(20))
    assert alike({"ada": lab(long), "bob": lab(long)}, {("lab", "mean"): long}, {}) == []


def test_the_worked_solution_is_named_apart():
    worked = SOLUTION | {("lab", "mean"): (f"### BEGIN SOLUTION\n{OWN}\n### END SOLUTION", "code")}
    assert found(worked, ada=lab(RENAMED), bob=lab(OWN, TEXT), cut=lab(OTHER), dan=lab(OTHER, TEXT)) == [
        Alike(("bob", "dan"), ("why",), False),
        Alike(("cut", "dan"), ("mean",), False),
        Alike(("ada", "bob"), ("mean",), True),
    ]


def test_two_notebooks_of_an_assignment_may_use_one_name():
    two = {
        student: [*lab(OWN), Record("other", Outcome.GRADED, cells=lab(text)[0].cells)]
        for student, text in (("ada", OTHER), ("bob", STUB))
    }
    handed_out = HANDED_OUT | {("other", name): source for (_, name), source in HANDED_OUT.items()}
    (one,) = alike(two, handed_out, {})
    assert one.students == ("ada", "bob")


def test_files_that_are_alike_to_the_byte_are_found_unless_nothing_was_written(tmp_path):
    graded = {"ada": lab("x = 2"), "bob": lab("x = 2"), "cut": lab(STUB), "dan": lab(STUB), "eve": lab("x = 2")}
    for student in graded:
        (tmp_path / student / "lab").mkdir(parents=True)
        (tmp_path / student / "lab" / "received.ipynb").write_text("other" if student == "eve" else "same")
    assert same_files(tmp_path, graded, HANDED_OUT) == [("ada", "bob")]


@pytest.mark.parametrize(
    "source", ["'\\" * 50_000, "'''" * 33_333, '"' * 100_001, "'" + "\\'" * 50_000, "\"\"\"'''" * 15_000, "(" * 10**6, "é_" * 50_000]
)  # fmt: skip
def test_no_source_takes_long_or_ends_the_command(source):
    began = time.process_time()
    own_tokens(source, source[:50_000])
    assert time.process_time() - began < 5
