"""The first code cell of every notebook: it imports the package, and where that is missing it says, or does, what helps."""

from __future__ import annotations

from pathlib import Path

import nbformat

from authoring import places

CELL_ID = "the-package"
MISSING = """\
    raise ModuleNotFoundError(
        "The course's package is not installed where this notebook runs. "
        "In JupyterLab, choose another kernel: menu Kernel, Change Kernel. "
        "Elsewhere, install the course's two wheels: docs/students.md says how."
    ) from None"""


def source(root: Path) -> str:
    """Returns the cell's code; ``root`` is the repository, whose setting says where the package can be had."""
    name = places.repository(root)
    looked = "try:\n    import course_utils\nexcept ModuleNotFoundError:\n"
    if name is None:
        return f"# The course's package.\n{looked}{MISSING}"
    return (
        "# The course's package. Where it is missing, as on Colab and Kaggle,\n"
        "# this installs it and fetches the weights.\n"
        f'{looked}    address = "git+https://github.com/{name}"\n'
        '    %pip install --quiet "{address}#subdirectory=grader" "{address}"\n'
        "    !python -m course_utils fetch"
    )


def add(notebook: nbformat.NotebookNode, root: Path) -> None:
    """Puts the cell before a notebook's first code cell, folded; in place. Other cells keep their names."""
    code = (number for number, cell in enumerate(notebook.cells) if cell.cell_type == "code")
    place = next(code, len(notebook.cells))
    cell = nbformat.v4.new_code_cell(source(root), id=CELL_ID, metadata={"jupyter": {"source_hidden": True}})
    notebook.cells.insert(place, cell)
