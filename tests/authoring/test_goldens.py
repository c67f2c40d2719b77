"""What a move of files must not change is as it is on file; `make goldens` writes what was meant to change."""

from __future__ import annotations

import pytest

from authoring import golden
from authoring.adversarial.siblings import CASES


def test_every_cell_of_every_built_notebook_is_as_on_file():
    assert golden.differences(golden.read("cells"), golden.cells()) == [], "meant to change? make goldens ARGS=cells"


def test_the_package_exports_what_it_did_and_notebooks_import_what_they_did():
    assert golden.differences(golden.read("names"), golden.names()) == [], "meant to change? make goldens ARGS=names"


def test_what_notebooks_import_exists():
    wanted = golden.notebook_imports()
    assert sum(map(bool, wanted.values())) >= 20
    for notebook, names in wanted.items():
        for name in names:
            assert golden.resolve(name) is not None, notebook


def test_every_adversarial_submission_is_on_file():
    assert set(golden.read("adversarial")) == {case.name for case in CASES}, "make goldens ARGS=adversarial"


def test_a_difference_names_the_cell_or_the_test():
    before = {"lab1": {"a": "1", "b": "2"}, "lab2": {"c": {"marks": 1.0}}}
    after = {"lab1": {"a": "1", "b": "3"}, "lab2": {"c": {"marks": 0.5}, "d": "4"}}
    assert golden.differences(before, after) == [
        'lab1 b: on file "2", now "3"',
        "lab2 c marks: on file 1.0, now 0.5",
        'lab2 d: on file null, now "4"',
    ]


def test_names_reached_through_an_imported_module_count_as_imported():
    source = (
        "from course_utils import checks, plots\nfrom course_utils.checks import lab1\nplots.bars(1)\nlab1.rebuild(2)"
    )
    assert golden.imported(source) == {
        "course_utils.checks",
        "course_utils.plots",
        "course_utils.plots.bars",
        "course_utils.checks.lab1",
        "course_utils.checks.lab1.rebuild",
    }
    with pytest.raises(ImportError, match=r"course_utils\.plots\.bars"):
        golden.resolve("course_utils.plots.bars")
