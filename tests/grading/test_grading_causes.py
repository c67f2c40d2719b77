"""A mark that says a name is missing says why: which cell would have defined it, and how that cell ended."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest
from test_engine import SETTINGS, cell, file_of

from authoring.both_processes import with_the_course
from course_utils.checks.core.messages import FROM_THE_COURSE
from nbgrader_isolated.run import causes, engine
from nbgrader_isolated.sandbox.limits import Times
from nbgrader_isolated.student.messages import CellRun
from nbgrader_isolated.wire import while_grading
from nbgrader_isolated.wire.while_grading import SENTENCES

SHORT = replace(with_the_course(SETTINGS), times=Times(cell=3, question=20, notebook=90, interrupt=10), modules=())
SETUP = cell("import math\nbase = 3", "locked", "setup")
F = "\ndef f(x):\n    return x"


@pytest.fixture(scope="module")
def examiner():
    with SHORT.make_examiner() as one:
        yield one


def release(number: int, answer: str) -> list[dict]:
    test = cell(f"assert f{number}(1) == 1, 'f{number}(1) is not 1'", "test", f"t{number}")
    return [cell(answer, "answer", f"a{number}"), test]


def messages(answers: list[str], examiner, *, setup: dict = SETUP, settings=SHORT, **options) -> list[str]:
    """What the marks say of a notebook in which each answer was to define its own function, f0, f1, …"""
    pristine, handed_in = [setup], [setup]
    for number, answer in enumerate(answers):
        pristine += release(number, "raise NotImplementedError()")
        handed_in += release(number, re.sub(r"\b(def|del) f\b", rf"\1 f{number}", answer))
    record = engine.grade(file_of(handed_in), pristine, name="lab", examiner=examiner, settings=settings, **options)
    assert all(mark.points == 0 for mark in record.marks)
    return [mark.message for mark in record.marks]


ENDED = {
    "import timm_absent" + F: "ended with ModuleNotFoundError: No module named 'timm_absent' (line 1). "
    + SENTENCES["import"],
    "x = 1\nfrom math import absent" + F: "ended with ImportError: cannot import name 'absent' from 'math'",
    "name = “cat”" + F: "ended with SyntaxError: invalid character '“' (U+201C)",
    "def f(x)\n    return x": "ended with SyntaxError: expected ':' (line 1).",
    "def f(x):\nreturn x": "ended with IndentationError: expected an indented block after function definition on line 1 (line 2).",
    "def f(x):\n    if x:\n\treturn x\n    return x": "ended with TabError: ",
    "<<<<<<< HEAD" + F + "\n=======\n>>>>>>> x": "ended with SyntaxError: ",
    "print 'x'" + F: "ended with SyntaxError: Missing parentheses in call to 'print'",
    "%%tme" + F: "ended with UsageError: Cell magic `%%tme` not found",
    "n = int(input('How many? '))" + F: "ended with StdinNotImplementedError: ",
    "import getpass\ngetpass.getpass()" + F: SENTENCES["input"],
    "rows = open('grades.csv')" + F: "No such file or directory: 'grades.csv' (line 1). " + SENTENCES["file"],
    "import urllib.request\nurllib.request.urlopen('http://192.0.2.1/w.h5')" + F: "(line 2). " + SENTENCES["network"],
    "raise Exception('URL fetch failure on w.h5: None -- x')" + F: SENTENCES["network"],
    "import socket\nsocket.create_connection(('192.0.2.1', 80))" + F: SENTENCES["network"],
    "a = bytearray(10**13)" + F: "ended with MemoryError (line 1). " + SENTENCES["memory"],
    "def inner():\n    1 / 0\ninner()" + F: "ended with ZeroDivisionError: division by zero (line 2).",
    "raise NotImplementedError()" + F: "was not attempted: it ended with NotImplementedError.",
    "def f(x):\n    return x\ndel f": "ran without an error, but f{n} was not there afterwards.",
    "raise ValueError('<b>\\x1b[31m\\u202e' * 1000)" + F: "ended with ValueError: <b>\\u202e<b>\\u202e",
}


def test_the_mark_quotes_how_the_cell_ended_that_defines_the_name(examiner):
    for number, (said, expected) in enumerate(zip(messages(list(ENDED), examiner), ENDED.values(), strict=True)):
        start = f"name 'f{number}' is not defined. The cell that defines f{number} "
        assert said.startswith(start) and expected.format(n=number) in said, said
        assert len(said) < 600 and said.isprintable()


def test_a_stopped_cell(examiner):
    [said] = messages(["while True: pass" + F], examiner)
    assert said.endswith("The cell that defines f0 took too long and was stopped. " + SENTENCES["time"])


def test_an_endless_recursion(examiner):
    [said] = messages(["def r(n): return r(n)\nr(1)" + F], examiner, settings=SETTINGS)  # IPython shows it for seconds
    assert "ended with RecursionError: maximum recursion depth exceeded" in said


def test_no_cell_defines_it(examiner):
    said = messages(
        [
            "def f0x(x):\n    return x",
            "def other(x):\n    return x",
            "raise NotImplementedError()",
            "raise ValueError('no')",
        ],
        examiner,
    )
    none = "name 'f{0}' is not defined. No cell of the notebook defines f{0} before this."
    assert said[0] == none.format(0) + " f0x is defined: is one of the two misspelt?"
    assert said[1].startswith(none.format(1)) and "ended" not in said[1]
    assert said[2].endswith(" The answer cell before it was not attempted: it ended with NotImplementedError.")
    assert said[3].endswith(" The answer cell before it ended with ValueError: no (line 1).")


def test_a_later_cell_defines_it(examiner):
    said = messages(["later = 1", "def f0(x):\n    return x\nraise ValueError"], examiner)
    assert said[0] == "name 'f0' is not defined. Only a later cell defines f0; cells are run from the top."


def test_the_cause_of_the_cause(examiner):
    said = messages(
        ["import timm_absent\nnet = timm_absent.net", "body = net" + F, "resutl = reslt + 1" + F, "f3 = f3 + 1"],
        examiner,
    )
    assert (
        "NameError: name 'net' is not defined (line 1). The cell that defines net ended with ModuleNotFound" in said[1]
    )
    assert said[2].endswith("No cell of the notebook defines reslt before this.")
    assert "Only a later" not in said[3] and len(said[3]) < 600


IN_A_CALL = {
    "import urllib.request\ndef f(x):\n    urllib.request.urlopen('http://192.0.2.1')": (
        "URLError",
        SENTENCES["network"],
    ),
    "def f(x):\n    try:\n        raise ConnectionError('x')\n    except OSError:\n        raise Exception('no')": (
        "Exception",
        SENTENCES["network"],
    ),
    "def f(x):\n    return int(input())": ("StdinNotImplementedError", SENTENCES["input"]),
    "def f(x):\n    return open(f'{x}.csv')": ("FileNotFoundError", SENTENCES["file"]),
    "def f(x):\n    import absent_b": ("ModuleNotFoundError", SENTENCES["import"]),
    "def f(x):\n    return helper(x)\nhelper = absent_thing": (
        "NameError",
        "The cell that defines helper ended with NameError: name 'absent_thing' is not defined (line 3). "
        "No cell of the notebook defines absent_thing before this.",
    ),
    "def f(x):\n    return never": ("NameError", "No cell of the notebook defines never before this."),
    "def f(x):\n    raise ValueError(open)": ("ValueError", ""),
    "def f(x):\n    raise NameError(f'hidden {x}', name=f'hidden{x}')": ("NameError", ""),
    "def f(x):\n    raise type('E', (Exception,), {'__str__': lambda s: 1 / 0})": ("an exception of your own", ""),
    "def f(x):\n    try:\n        open('cache')\n    except OSError:\n        return {}[x]": ("KeyError", ""),
}


def test_a_function_that_a_check_calls(examiner):
    for said, (kind, expected) in zip(messages(list(IN_A_CALL), examiner), IN_A_CALL.values(), strict=True):
        assert said == f"Your code raised {kind} when the check used it. {expected}".rstrip()


def test_the_courses_checks_name_what_is_different_and_load_base(examiner):
    source = """from course_utils.checks import ExerciseCheck
check = ExerciseCheck('f', f, seed=1)
with check, check.criterion(1.0, 'a base'):
    check.call(1)
assert not check.verdict().findings, ' '.join(check.verdict().findings)"""
    said = []
    for answer in ("raise Exception('URL fetch failure on w.h5')", "return input()", "return {}[x]"):
        cells = [cell(f"def f(x):\n    {answer}", "answer", "a"), cell(source, "test", "t")]
        said.append(engine.grade(file_of(cells), cells, name="lab", examiner=examiner, settings=SHORT).marks[0].message)
    assert f"(line 2 of your cell). {SENTENCES['network']} {FROM_THE_COURSE}" in said[0] and "load_base" in said[0]
    assert SENTENCES["input"] in said[1] and "While work is graded" not in said[2]


def test_a_locked_cell_is_quoted_by_its_kind_alone(examiner):
    setup = cell(
        "### BEGIN HIDDEN TESTS\nraise_it = 1\n### END HIDDEN TESTS\nraise ValueError('secret')\nf0 = 1", "locked", "s"
    )
    [said] = messages(["pass"], examiner, setup=setup)
    assert said == "name 'f0' is not defined. The cell that defines f0 ended with ValueError."


def test_marking_again_says_the_same(examiner, tmp_path):
    answers = ["import timm_absent" + F, "while True: pass" + F]
    first = messages(answers, examiner, evidence=tmp_path)
    record = json.loads(json.dumps({"notes": [], "cells": _cells(answers, examiner)}))
    (tmp_path / "record.json").write_text(json.dumps(record))
    assert messages(answers, examiner, evidence=tmp_path, again=True) == first and "timm_absent" in first[0]


def _cells(answers: list[str], examiner) -> dict:
    handed_in = [SETUP]
    for number, answer in enumerate(answers):
        handed_in += release(number, re.sub(r"\b(def|del) f\b", rf"\1 f{number}", answer))
    return engine.grade(file_of(handed_in), handed_in, name="lab", examiner=examiner, settings=SHORT).cells


def test_names_of_a_cell_from_its_lines():
    source = """
import a.b, c as d  # e
from m import (
    g as h,
    i,
)
async def j(): k = 1
class L:
    m = 1
    def n(self): pass
if x:
    def o(): p = 1
    q = 1
r, (s, *t) = u = v[0], w == 1
y: int = 1
z.attribute = 1
for aa, bb in cc:
    make(dd=1,
         ee=2)
with open(ff) as gg:
    hh += 1
!pip install ii
%%time
jj = “smart”
"""
    names = {"a", "d", "h", "i", "j", "L", "o", "q", "r", "s", "t", "u", "y", "aa", "bb", "gg", "jj"}
    assert causes.defined(source) == names


def test_an_endless_source_is_read_up_to_a_limit():
    assert "y" not in causes.defined("x = 1\n" * 20_000 + "y = 1")
    long = "(" * 10**6 + "\n" + "import (" * 10**5 + "\n" + "x = " * 10**5 + "\nlate = 1"
    assert "late" not in causes.defined(long)


def test_an_error_that_came_with_the_reply_alone_is_shown_once():
    run = CellRun()
    for _ in range(2):
        run.say_how_it_ended({"ename": "UsageError", "evalue": "x" * 10_000, "traceback": 3})
    assert len(run.outputs) == 1 and run.outputs[0]["ename"] == "UsageError" and len(run.outputs[0]["evalue"]) == 500


def test_words_come_from_kinds_errno_and_the_chain():
    assert while_grading.word(["OSError"], "", 101) == "network" and while_grading.word(["OSError"], "") == ""
    assert while_grading.word(["MaxRetryError", "Exception"], "") == "network"
    endless = ValueError()
    endless.__context__ = other = ValueError()
    other.__context__ = endless
    assert while_grading.word_of(endless) == ""
