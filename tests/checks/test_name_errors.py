"""A cell that needs another one's name says so in words, in a real kernel."""

from __future__ import annotations

import nbformat
import pytest
from nbclient import NotebookClient

from course_utils.checks.core.notebook import SENTENCE


def tracebacks(*sources: str) -> list[str]:
    """What cells of a new kernel end with: the text of a traceback, or nothing."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in sources])
    NotebookClient(notebook, timeout=120, allow_errors=True).execute()
    found = []
    for cell in notebook.cells:
        errors = [output for output in cell.outputs if output.output_type == "error"]
        assert len(errors) <= 1, "shown once"
        found.append("\n".join(errors[0].traceback) if errors else "")
    return found


@pytest.fixture(scope="module")
def shown():
    return tracebacks(
        "import course_utils.checks",
        "train_head(1)",
        "def f():\n    print(x)\n    x = 1\n\nf()",
        "1 / 0",
        "train_head = 3\ntrain_head",
    )


def test_a_name_that_no_cell_has_defined_is_explained_once_under_its_traceback(shown):
    assert "NameError" in shown[1] and "train_head" in shown[1]
    assert shown[1].count(SENTENCE) == 1 and shown[1].rstrip().endswith(SENTENCE)


def test_other_errors_look_as_ever(shown):
    assert "UnboundLocalError" in shown[2] and "ZeroDivisionError" in shown[3]
    assert not any(SENTENCE in one for one in shown[2:])
    assert shown[4] == ""


def test_a_handler_that_somebody_else_has_set_stays():
    first, then = tracebacks(
        "get_ipython().set_custom_exc((NameError,), lambda *given, **more: print('mine'))\nimport course_utils.checks",
        "nobody",
    )
    assert first == "" and SENTENCE not in then
