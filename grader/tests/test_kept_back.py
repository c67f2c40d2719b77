"""Nothing that an instructor keeps back stands in what students get: not indented, not in an output, not the seed."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest
from test_engine import cell, file_of

from nbgrader_isolated.errors import BadArgumentError
from nbgrader_isolated.notebook.kept_back import Secret, readable, require_kept_back, secrets_of

ANSWER, HIDDEN, SCHEME = (
    "return 2 * x + 0",
    "assert double(3) == 6\nassert double(4) == 8",
    "Two points for the reason.",
)
SOURCE = [
    cell(f"def double(x):\n    ### BEGIN SOLUTION\n    {ANSWER}\n    ### END SOLUTION", "answer", "double"),
    cell(f"assert double(2) == 4\n### BEGIN HIDDEN TESTS\n{HIDDEN}\n### END HIDDEN TESTS", "test", "test-double"),
    cell("It adds the number to itself.", "manual", "why", 2, "markdown"),
    cell(f"### BEGIN MARK SCHEME\n{SCHEME}\n### END MARK SCHEME", "locked", "scheme", 2, "markdown"),
    cell("### BEGIN SOLUTION\n### END SOLUTION", "answer", "empty"),
]
SEED = "seven quiet herons"


@pytest.fixture
def secrets(tmp_path):
    source = tmp_path / "source.ipynb"
    source.write_bytes(file_of(SOURCE))
    return secrets_of(source, seed=SEED)


def test_all_that_a_source_keeps_back_is_found_and_an_empty_region_is_no_secret(secrets, tmp_path):
    assert secrets == [
        Secret("answer", ANSWER),
        Secret("hidden test", HIDDEN),
        Secret("answer", "It adds the number to itself."),
        Secret("mark scheme", SCHEME),
        Secret("seed", SEED),
    ]
    assert secrets_of(tmp_path / "source.ipynb") == secrets[:-1]


@pytest.mark.parametrize(
    ("name", "content", "kinds"),
    [
        ("a.py", "def double(x):\n\treturn 2*x\n\t\t+ 0", "answer"),
        ("a.txt", "if True:\n    assert double(3) == 6\n    assert double(4) == 8", "hidden test"),
        ("README.md", f"{SCHEME} the seed is seven quiet  herons", "mark scheme, seed"),
        ("lab.ipynb", "###  BEGIN SOLUTION", "SOLUTION"),
    ],
)
def test_a_secret_is_refused_whatever_its_spacing_and_the_kind_is_named(secrets, name, content, kinds):
    with pytest.raises(BadArgumentError) as refused:
        require_kept_back(secrets, content, path=Path(name), assignment="ps1")
    said = str(refused.value)
    assert said.startswith(f"{name} holds what students must not see ({kinds}), so no bundle was written. Rebuild")
    assert "generate_assignment ps1" in said and SEED not in said


def test_the_seed_alone_gets_advice_of_its_own(secrets):
    with pytest.raises(BadArgumentError, match=r"\(seed\), so no bundle was written. Take the seed out"):
        require_kept_back(secrets, SEED, path=Path("a.txt"), assignment="ps1")


def test_an_output_of_a_notebook_is_read_and_what_is_released_passes(secrets, tmp_path):
    released = [cell("def double(x):\n    raise NotImplementedError", "answer", "double"), cell("double(2)")]
    path = tmp_path / "lab.ipynb"
    path.write_bytes(file_of(released))
    require_kept_back(secrets, readable(path), path=path, assignment="ps1")
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[1].outputs = [nbformat.v4.new_output("stream", text=HIDDEN)]
    nbformat.write(notebook, path)
    with pytest.raises(BadArgumentError, match="hidden test"):
        require_kept_back(secrets, readable(path), path=path, assignment="ps1")
