"""How `nbgrader generate_assignment` writes a notebook for students."""

from __future__ import annotations

from nbconvert.exporters import NotebookExporter


class ReleasedNotebook(NotebookExporter):
    """A notebook as text that ends in a newline, as everything committed does.

    A program that builds notebooks from text and `nbgrader generate_assignment` then write the same bytes.
    """

    export_from_notebook = "Notebook that ends in a newline"

    def from_notebook_node(self, nb, resources=None, **kwargs):
        """Returns the notebook as text, and nbconvert's resources."""
        text, resources = super().from_notebook_node(nb, resources, **kwargs)
        return text.rstrip("\n") + "\n", resources
