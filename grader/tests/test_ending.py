"""The end of a cell and the end of a process: one meaning each, however often, forked or started new, early or late."""

from __future__ import annotations

from dataclasses import replace

import nbformat
import pytest
from test_engine import SETTINGS, cell, file_of

from nbgrader_isolated.errors import NotAvailableError
from nbgrader_isolated.outcomes import Outcome, Record
from nbgrader_isolated.run import engine
from nbgrader_isolated.student import endings, template
from nbgrader_isolated.student.template import Template
from nbgrader_isolated.validate.execute import run_in_a_copy

REPEATS = 5
FORKED = pytest.param("forked", marks=pytest.mark.skipif(not template.usable(), reason="forking kernels needs root"))
LATER = "import time\ntime.sleep(0.3)"
"""Longer than a kernel takes to end once IPython has asked it to."""

STOPS = {
    "exit()": "exit()",
    "quit()": "quit()",
    "exit": "exit",
    "exit(keep_kernel)": "exit(True)",
    "ask_exit": "get_ipython().ask_exit()",
    "sys.exit": "import sys\nsys.exit(0)",
    "sys.exit with a message": "import sys\nsys.exit('done')",
    "SystemExit": "raise SystemExit",
}
WITHOUT_EFFECT = {
    "shutdown": "get_ipython().kernel.do_shutdown(False)",
    "exit_now": "get_ipython().exit_now = True",
    "thread that exits": "import threading\nt = threading.Thread(target=exit)\nt.start()\nt.join()",
    "thread that sys.exits": "import sys, threading\nt = threading.Thread(target=sys.exit)\nt.start()\nt.join()",
    "atexit": "import atexit, os\natexit.register(os._exit, 3)",
}
DEATHS = {
    "os._exit": "import os\nos._exit(0)",
    "killed": "import os\nos.kill(os.getpid(), 9)",
    "terminated": "import os, signal\nos.kill(os.getpid(), signal.SIGTERM)",
    "aborted": "import os\nos.abort()",
    "segmentation fault": "import ctypes\nctypes.string_at(0)",
    "thread": "import os, threading\nt = threading.Thread(target=os._exit, args=(0,))\nt.start()\nt.join()",
    "loop stopped": "get_ipython().kernel.io_loop.stop()",
}


@pytest.fixture(scope="module")
def examiner():
    with SETTINGS.make_examiner() as one:
        yield one


@pytest.fixture(scope="module", params=["started_new", FORKED])
def grade(request, examiner):
    """Grades a notebook whose release is the same notebook."""
    kernels = Template(("numpy",)) if request.param == "forked" else None

    def run(cells: list[dict]) -> Record:
        pristine = [each for each in cells if each["metadata"]]
        settings = replace(SETTINGS, student_modules=("numpy",))
        record = engine.grade(
            file_of(cells), pristine, name="lab", examiner=examiner, settings=settings, kernels=kernels
        )
        assert not record.failed and not record.warnings
        return record

    yield run
    if kernels is not None:
        kernels.close()


def points(record: Record) -> list[float | None]:
    return [mark.points for mark in record.marks]


@pytest.mark.parametrize("way", STOPS)
def test_every_way_to_say_stop_here_ends_the_cell_and_nothing_else(grade, way):
    stopped = cell(f"before = before + 1\n{STOPS[way]}\nafter = 1", "answer", "a")
    if way == "exit":  # IPython calls it only where it is all of a cell
        stopped["source"] = way
    tests = [
        cell(f"assert before == {0 if way == 'exit' else REPEATS}", "test", "t"),
        cell("assert after == 0", "test", "u"),
    ]
    again = [cell(stopped["source"]) for _ in range(REPEATS - 1)]
    record = grade([cell("before, after = 0, 0"), stopped, *again, cell(LATER), *tests, cell(STOPS[way])])
    assert points(record) == [1, 1] and record.outcome is Outcome.GRADED
    assert record.notes == [endings.STOPPED_HERE]
    said = [output for each in record.cells["cells"] for output in each.get("outputs", [])]
    assert [output["ename"] for output in said if output["output_type"] == "error"] == ["SystemExit"] * (REPEATS + 1)


@pytest.mark.parametrize("way", WITHOUT_EFFECT)
def test_what_ends_a_process_later_in_a_notebook_ends_nothing_when_graded(grade, way):
    record = grade(
        [
            cell(WITHOUT_EFFECT[way], "answer", "a"),
            *[cell(WITHOUT_EFFECT[way]) for _ in range(REPEATS - 1)],
            cell(LATER),
            cell("value = 3"),
            cell("assert value == 3", "test", "t"),
        ]
    )
    assert points(record) == [1] and record.outcome is Outcome.GRADED and record.notes == []


@pytest.mark.parametrize("way", [name for name in STOPS if name != "exit"])
def test_a_function_that_exits_when_it_is_called_fails_that_check_alone(grade, way):
    body = "\n".join(f"    {line}" for line in STOPS[way].splitlines())
    answer = cell(
        f"def f(x):\n{body}\n    return x\ndef g(x):\n    import time\n    time.sleep(x)\n    return x", "answer", "a"
    )
    tests = [cell("assert f(1) == 1", "test", f"f{n}") for n in range(REPEATS)]
    record = grade([answer, *tests, cell("assert g(0.3) == 0.3", "test", "g")])
    assert points(record) == [0] * REPEATS + [1] and record.outcome is Outcome.GRADED
    assert {mark.message for mark in record.marks[:-1]} == {record.marks[0].message}
    assert "SystemExit" in record.marks[0].message


@pytest.mark.parametrize("way", DEATHS)
def test_a_process_that_ends_is_always_a_kernel_that_died_and_the_cell_is_named(grade, way):
    first = [cell("def f(x):\n    return x", "answer", "a"), cell("assert f(1) == 1", "test", "t")]
    last = cell("assert f(2) == 2", "test", "u")
    deadly = cell(f"# the end\n{DEATHS[way]}")
    body = "\n".join(f"    {line}" for line in DEATHS[way].splitlines())
    called = cell(f"def f(x):\n    if x == 2:\n{body.replace('    ', '        ')}\n    return x", "answer", "a")
    for place in (
        "middle",
        "called",
        "last",
        "called",
        "last",
    ):  # of the last, nothing comes after it that could notice
        if place == "called":
            record, at, expected = (
                grade([called, first[1], last]),
                "while the test cell 'u' used what the notebook made",
                0,
            )
        else:
            cells = [*first, deadly, last] if place == "middle" else [*first, last, deadly]
            record, at, expected = grade(cells), "in the cell that begins with '# the end'", int(place == "last")
        said = f"The notebook's process ended. This happened {at}."
        assert points(record) == [1, expected] and record.outcome is Outcome.KERNEL_DIED and record.notes == [said]
        assert record.marks[1].message == ("" if expected else f"Not checked: {said}")


def checked(tmp_path, *sources: str) -> list[str]:
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in sources])
    said = run_in_a_copy(notebook, tmp_path)
    return [*said, "".join(output.get("text", "") for output in notebook.cells[-1].outputs)]


def test_the_check_command_runs_the_cells_after_an_exit_and_names_the_one_that_ended_the_kernel(tmp_path):
    assert checked(tmp_path, "exit()\nvalue = 1", LATER, "print('value' in dir())") == [endings.STOPPED_HERE, "False\n"]
    for source in ("os._exit(0)", "os.kill(os.getpid(), 9)"):
        with pytest.raises(NotAvailableError, match="kernel ended in the cell that begins with '# the end'"):
            checked(tmp_path, "import os", f"# the end\n{source}")
