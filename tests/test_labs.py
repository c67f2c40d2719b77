"""What holds for every lab: right answers keep full marks, wrong ones lose them, and an untouched notebook earns nothing.

What is special to one lab is tested in its own file. `python tests/lab_harness.py` prints the same as a table.
"""

import copy
import dataclasses
import re

import golden
import lab_harness
import nbformat
import pytest

from course_utils.checks.core import messages, seeds
from nbgrader_isolated.notebook.intake import released

LABS = sorted(path.stem for path in (lab_harness.ROOT / "authoring" / "labs").glob("lab*.py"))
BY_HAND = {"lab1": 10, "lab2": 15, "lab3": 15, "lab4": 20, "lab5": 20, "lab6": 20}


def named(kind):
    """Every mutant or variant with its lab; the slow ones run with `make test-all`."""
    return [
        pytest.param(name, answer, id=f"{name}-{answer.name}", marks=[pytest.mark.slow] if answer.slow else [])
        for name in LABS
        for answer in lab_harness.answers(kind, name)
    ]


@pytest.fixture(scope="module")
def labs():
    """Each lab set up once, when it is first asked for, and given up when the next one is: bases are large."""
    kept = {}

    def get(name):
        if name not in kept:
            kept.clear()
            kept[name] = lab_harness.Lab(name)
        return kept[name]

    return get


@pytest.mark.parametrize("name", LABS)
def test_a_lab_has_a_hundred_points_of_which_the_curriculum_s_share_is_marked_by_hand(name):
    notebook = lab_harness.solution(name)
    flags = [cell.metadata.get("nbgrader", {}) for cell in notebook.cells]
    points = {flag["grade_id"]: (flag["points"], flag["solution"]) for flag in flags if flag.get("grade")}
    assert sum(worth for worth, _ in points.values()) == 100
    assert sum(worth for worth, by_hand in points.values() if by_hand) == BY_HAND[name]


@pytest.mark.parametrize("name", LABS)
@pytest.mark.parametrize(
    "secret", ["one", *(pytest.param(word, marks=pytest.mark.slow) for word in ("two", "three", "four", "five"))]
)
def test_the_worked_solution_earns_every_automatic_point_with_any_secret(labs, name, secret, monkeypatch):
    monkeypatch.setenv(seeds.ENVIRONMENT_VARIABLE, secret)
    lab = labs(name)
    results = lab.mark(hidden_only=True)
    assert {test: result.marks for test, result in results.items()} == lab.tests
    assert all(type(result.marks) is float for result in results.values())
    assert all(result.errors == "" for result in results.values())


@pytest.mark.slow
@pytest.mark.parametrize("name", LABS)
def test_the_worked_solution_is_right_in_the_checks_that_a_student_sees(labs, name):
    lab = labs(name)
    notebook = nbformat.from_dict(copy.deepcopy(lab.notebook))
    for cell in notebook.cells:
        cell.source = released(cell.source)
    assert "secret_seed" not in str(notebook)
    assert {test: result.marks for test, result in lab.mark(notebook=notebook).items()} == lab.tests


@pytest.mark.parametrize("name", LABS)
def test_the_untouched_notebook_runs_from_top_to_bottom_and_says_not_attempted_everywhere(labs, name, monkeypatch):
    monkeypatch.setenv("MPLBACKEND", "Agg")
    lab = labs(name)
    names = {"__name__": "__main__"}
    said = {}
    for cell in lab_harness.cells(lab_harness.as_student_gets_it(lab.notebook)):
        try:
            result = lab_harness.run_cell(cell, names)
        except NotImplementedError:
            assert cell.role == "answer", "only an answer cell may stop at the stub it came with"
            continue
        if cell.role == "test":
            assert result.marks == 0.0
            assert type(result.marks) is float
            said[cell.name] = result.printed.split(":")[0]
    assert said == dict.fromkeys(lab.tests, "○ Not attempted")


@pytest.mark.parametrize("name", LABS)
def test_the_untouched_notebook_earns_nothing_from_the_hidden_tests(labs, name):
    lab = labs(name)
    released = lab_harness.as_student_gets_it(lab.notebook, hidden_tests=True)
    assert {result.marks for result in lab.mark(notebook=released).values()} == {0.0}


@pytest.mark.filterwarnings("default")  # as in a student's kernel, where a warning stops nothing
@pytest.mark.parametrize("name", LABS)
def test_every_look_at_a_result_works_on_the_worked_solution(labs, name, monkeypatch, tmp_path):
    monkeypatch.setenv("MPLBACKEND", "Agg")
    lab = labs(name)
    monkeypatch.chdir(tmp_path)  # lab 4 writes the file that it hands in
    names = lab.fresh_names()
    looks = 0
    for cell in lab.cells:
        if cell.role == "answer":
            lab_harness.run_cell(cell, names)
        elif cell.role == "plain":
            result = lab_harness.run_cell(cell, names)
            assert "Nothing to look at yet" not in result.printed, cell.source
            looks += "when_ready" in cell.source
    assert looks
    import matplotlib.pyplot as plt

    plt.close("all")


@pytest.mark.parametrize(("name", "mutant"), named("mutants"))
def test_a_wrong_answer_loses_points_where_it_must_and_nowhere_else(labs, name, mutant):
    lab = labs(name)
    results = lab.try_answer(mutant)
    failed = lab.failed(results)
    assert lab_harness.caught(mutant, failed), f"{mutant.says} It failed {sorted(failed) or 'nothing'}."
    told = "".join(result.printed for result in results.values())
    assert mutant.hint in told, "the verdict recognises the mistake"
    assert messages.UNEXPLAINED not in told, "a plausible mistake gets a sentence of its own"
    if mutant.marks is not None:
        assert [results[test].marks for test in mutant.must_fail] == [mutant.marks]
    assert_as_on_file(name, mutant, results)


@pytest.mark.parametrize(("name", "variant"), named("variants"))
def test_a_right_answer_written_differently_keeps_full_marks(labs, name, variant):
    lab = labs(name)
    results = lab.try_answer(variant)
    assert lab.failed(results) == set(), variant.says
    assert_as_on_file(name, variant, results)


def assert_as_on_file(name, answer, results):
    """The hidden checks say of an answer what they said before; `test_goldens_verdicts.py` is about the visible ones."""
    on_file = golden.read(f"verdicts/{name}").get(answer.name, {}).get("hidden", {})
    found = golden.differences(on_file, golden.plain(results))
    assert found == [], f"meant to change? make goldens ARGS=verdicts:{name}"


@pytest.mark.parametrize("name", LABS)
def test_every_hidden_test_is_the_only_one_that_must_catch_some_mutant(name):
    mutants = lab_harness.answers("mutants", name)
    tests = {cell.name for cell in lab_harness.cells(lab_harness.solution(name)) if cell.role == "test"}
    alone = {next(iter(mutant.must_fail)) for mutant in mutants if len(mutant.must_fail) == 1}
    assert alone == tests
    for mutant in mutants:
        assert mutant.must_fail, mutant.name
        assert mutant.must_fail | mutant.may_fail <= tests, mutant.name
        assert mutant.says.endswith("."), mutant.name


def test_there_are_at_least_sixty_wrong_answers_and_twenty_right_ones():
    mutants = {name: lab_harness.answers("mutants", name) for name in LABS}
    assert all(len(found) >= 6 for name, found in mutants.items() if name != "lab6")
    assert sum(map(len, mutants.values())) >= 60
    assert sum(len(lab_harness.answers("variants", name)) for name in LABS) >= 20


def test_the_table_of_make_mutants_ends_with_its_counts_and_its_status_tells_of_a_survivor(monkeypatch, capsys):
    wrong = next(one for one in lab_harness.answers("mutants", "lab1") if one.name == "five_in_percent")
    right = next(one for one in lab_harness.answers("variants", "lab1") if one.name == "five_as_a_dictionary")
    found = {"mutants": [wrong], "variants": [right]}
    monkeypatch.setattr(lab_harness, "answers", lambda kind, lab: found[kind])
    assert lab_harness.main(["lab1"]) == 0
    printed = capsys.readouterr().out.splitlines()
    assert printed[-1] == "1 mutants, 1 caught, 0 survived; 1 variants, 1 at full marks"
    assert any(wrong.name in line and "caught" in line and "✘" in line for line in printed)
    # A right answer that is said to be wrong stands for a wrong one that no test catches, and the other way round.
    found["mutants"], found["variants"] = [dataclasses.replace(right, must_fail=frozenset({"test-top-five"}))], [wrong]
    assert lab_harness.main(["lab1"]) == 1
    printed = capsys.readouterr().out
    assert "SURVIVED" in printed and "LOST POINTS" in printed
    assert printed.splitlines()[-1] == "1 mutants, 0 caught, 1 survived; 1 variants, 0 at full marks"


def test_the_page_of_all_answers_is_of_those_that_there_are_and_none_survived():
    lines = lab_harness.PAGE.read_text("utf-8").splitlines()
    told = {"caught": set(), "full marks": set()}
    lab = ""
    for line in lines:
        if line.startswith("lab"):
            lab = line.partition(":")[0]
        elif found := re.match(r"  (\S+) +[✘·! ]+  (caught|full marks)  (.*)", line):
            told[found[2]].add((lab, found[1], found[3]))
        else:
            assert not line.startswith("  "), line
    for outcome, kind in (("caught", "mutants"), ("full marks", "variants")):
        there = {(name, answer.name, answer.says) for name in LABS for answer in lab_harness.answers(kind, name)}
        assert told[outcome] == there, "run: make mutants ARGS=--page"
    count, right = len(told["caught"]), len(told["full marks"])
    assert f"{count} mutants, {count} caught, 0 survived; {right} variants, {right} at full marks" in lines
