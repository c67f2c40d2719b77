"""The instructor's own notebook, with its answers and hidden tests."""

from __future__ import annotations

import json
from pathlib import Path

from nbgrader_isolated.errors import BadArgumentError, NotAvailableError
from nbgrader_isolated.notebook.roles import grade_id


def read_pristine(source: Path, name: str, tests: dict[str, str] | None = None) -> list[dict]:
    """The cells of the instructor's notebook, hidden tests included.

    Args:
        source: the folder that it lies in.
        name: its name, without the ending.
        tests: grade id → what takes the place of a cell's source, see ``autotests.py``.

    Raises:
        NotAvailableError: it is not there, or no notebook, although the gradebook knows it.
        BadArgumentError: its language is not Python.
    """
    path = source / f"{name}.ipynb"
    try:
        notebook = json.loads(path.read_text(encoding="utf-8"))
        cells, about = notebook["cells"], notebook.get("metadata", {})
        language = about.get("language_info", {}).get("name") or about.get("kernelspec", {}).get("language") or "python"
    except FileNotFoundError:
        raise NotAvailableError(
            f"The gradebook knows the notebook {name!r}, and {path} is not there. Put it back; or, when it was renamed or "
            f"removed on purpose, run: nbgrader generate_assignment {source.name}"
        ) from None
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise NotAvailableError(
            f"{path} cannot be read as a notebook: {type(error).__name__}. Build it again."
        ) from None
    if str(language).lower() not in ("python", "ipython"):
        raise BadArgumentError(f"{path} is in {language}; the engine grades notebooks in Python.")
    for cell in cells:
        if isinstance(cell["source"], list):
            cell["source"] = "".join(cell["source"])
        cell["source"] = (tests or {}).get(grade_id(cell), cell["source"])
    return cells
