"""What holds for every lab: its worked solution keeps all points, and an untouched notebook earns none.

What is special to one lab is tested in its own file, and what wrong and right answers come to in test_lab_answers.py.
"""

import pytest

from authoring.checking import lab as lab_harness
from authoring.checking.answers import labs as all_labs
from course_utils.checks.core import seeds

LABS = all_labs()


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
    notebook = lab_harness.visible_half(lab.notebook)
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
            run = lab_harness.graded if cell.role == "test" else lab_harness.run_cell
            result = run(cell, names)
        except NotImplementedError:
            assert cell.role == "answer", "only an answer cell may stop at the stub it came with"
            continue
        if cell.role == "test":
            assert result.marks == 0.0
            assert type(result.marks) is float
            if lab_harness.has_verdict(cell):
                said[cell.name] = result.printed.split(":")[0]
    assert said == {
        cell.name: "○ Not attempted" for cell in lab.cells if cell.name in lab.tests and lab_harness.has_verdict(cell)
    }


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
