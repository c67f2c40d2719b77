"""Lessons with their outputs. A lesson runs again only when something has changed that can change an output.

That is its code, what it imports of the course, the data and measurements that come with it, and the locked versions; not its
text. The outputs are kept in a folder under a hash of all that.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import nbformat
from IPython.core.inputtransformer2 import TransformerManager
from notebooks import empty_feature_store
from run_notebook import run

from authoring.checking import decides

DATA = ("course_utils/assets/*", "!course_utils/assets/jupyterlab/*", "benchmarks/results/*")
NO_DATA = ("!benchmarks/results/adversarial.json", "!benchmarks/results/notebooks.json", "!*.md")


class LessonError(Exception):
    """A lesson failed; the message says where."""


def code_of(notebook: nbformat.NotebookNode) -> list[str]:
    """Returns the code of a notebook, cell by cell."""
    return [cell.source for cell in notebook.cells if cell.cell_type == "code"]


def digest(notebook: nbformat.NotebookNode) -> str:
    """Returns a hash of what decides a lesson's outputs."""
    code = code_of(notebook)
    plain = "\n".join(TransformerManager().transform_cell(source) for source in code)
    return decides.digest({*decides.closure(decides.imported_in(plain)), *decides.chosen((*DATA, *NO_DATA))}, *code)


def with_outputs(notebook: nbformat.NotebookNode, other: nbformat.NotebookNode) -> nbformat.NotebookNode | None:
    """Returns a notebook with the outputs of another that has the same code and ran to its end, else None."""
    given = [cell for cell in other.cells if cell.cell_type == "code"]
    if code_of(other) != code_of(notebook) or not all(cell.execution_count for cell in given if cell.source.strip()):
        return None
    if any(output.output_type == "error" for cell in given for output in cell.outputs):
        return None
    for cell, executed in zip((c for c in notebook.cells if c.cell_type == "code"), given, strict=True):
        cell.outputs, cell.execution_count = executed.outputs, executed.execution_count
    return notebook


def executed(
    lesson: Path, kept: Path, *, given: Path | None = None, may_run: bool = True
) -> nbformat.NotebookNode | None:
    """Returns a lesson with its outputs.

    Args:
        lesson: the notebook.
        kept: the folder in which outputs are kept.
        given: a folder with notebooks of the same name that somebody has run; taken where the code is the same.
        may_run: whether to run the lesson if its outputs are in neither; about two minutes.

    Returns:
        The notebook, or None where it may not run and nobody has run it.

    Raises:
        LessonError: it failed.
    """
    notebook = nbformat.read(lesson, as_version=4)
    place = kept / f"{lesson.stem}-{digest(notebook)}.ipynb"
    if given and (given / lesson.name).is_file():
        other = nbformat.read(given / lesson.name, as_version=4)
        if with_outputs(notebook, other):
            nbformat.write(other, place)
    if not place.is_file():
        if not may_run:
            return None
        print(f"running {lesson.name} …", flush=True)
        with tempfile.TemporaryDirectory() as folder, empty_feature_store():
            out = Path(folder) / lesson.name
            measured = run(lesson, out=out, folder=Path(folder))
            if measured["errors"]:
                raise LessonError(
                    f"{lesson.name} was expected to run; it failed: {measured['errors'][0]}. Run it alone."
                )
            for old in kept.glob(f"{lesson.stem}-*.ipynb"):
                old.unlink()
            out.replace(place)
    return with_outputs(notebook, nbformat.read(place, as_version=4))
