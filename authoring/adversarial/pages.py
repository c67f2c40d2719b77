"""The pages in which a record is opened in a browser: feedback, and the formgrader's; and what in a page calls the corpus's script."""

from __future__ import annotations

import functools

import nbformat
from bleach._vendor import html5lib
from nbconvert import HTMLExporter
from nbformat import NotebookNode
from nbgrader.converters import GenerateFeedback
from nbgrader.coursedir import CourseDirectory
from nbgrader.server_extensions.formgrader.formgrader import FormgradeExtension
from traitlets.config import Config

from nbgrader_isolated.gradebook import marks
from nbgrader_isolated.outcomes import Record
from nbgrader_isolated.plugin.configure import configure

from .corpus import PWNED

KINDS = ("formgrader", "feedback")
RESOURCES = {
    "nbgrader": {"notebook": "lab", "score": 1, "max_score": 2, "late_penalty": 0},
    **{"notebook_id": "lab", "assignment_id": "lab", "submission_id": "1", "index": 0, "total": 1},
    **{"base_url": "", "student": "ada", "last_name": None, "first_name": None, "notebook_path": "lab.ipynb"},
}


@functools.cache
def exporter(kind: str) -> HTMLExporter:
    """Makes pages as the formgrader, or ``nbgrader generate_feedback``, makes them for a course that is configured for the engine."""
    config = Config()
    configure(config)
    if kind == "formgrader":
        config.merge(FormgradeExtension().build_extra_config())
    else:
        config = GenerateFeedback(coursedir=CourseDirectory(), config=config).config
    return HTMLExporter(config=config)


def page(kind: str, notebook: NotebookNode) -> str:
    """A graded notebook's page."""
    return exporter(kind).from_notebook_node(notebook, resources=dict(RESOURCES))[0]


def calls(record: Record) -> list[str]:
    """Where the corpus's script would be called in the pages of a record."""
    notebook, points = nbformat.from_dict(record.cells), {mark.grade_id: mark.points for mark in record.marks}
    notebook.cells.insert(0, marks._banner(record))  # its notes quote what was handed in
    for flags in (cell.metadata.get("nbgrader") for cell in notebook.cells):
        if flags:
            flags.update(
                score=points.get(flags.grade_id) or 0.0, comment=None
            )  # what nbgrader takes from the gradebook
    return [f"{kind}: {place}" for kind in KINDS for place in calls_in(page(kind, notebook))]


def calls_in(text: str) -> list[str]:
    """Where the corpus's script would be called in a page, as a browser reads it: in scripts, and in attributes of any tag."""
    found = []
    for one in html5lib.parse(text, namespaceHTMLElements=False).iter():
        if isinstance(one.tag, str):
            tag = one.tag.rpartition("}")[2]  # what is in an image has another name space
            found += [f"<{tag}>"] if tag == "script" and PWNED in (one.text or "") else []
            found += [f"{name} of <{tag}>" for name, value in one.attrib.items() if PWNED in value]
    return found
