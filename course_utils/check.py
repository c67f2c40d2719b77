"""The ``check`` command: runs a lab's notebook outside JupyterLab and says, exercise by exercise, how it stands.

The checks are the visible ones, the same that the notebook's own cells make; they are taken from the released lab, so a
check that was changed or deleted by accident is made all the same. The notebook itself is not changed.
"""

from __future__ import annotations

import argparse
import collections
import re
import warnings
from dataclasses import dataclass
from pathlib import Path

from course_utils.errors import BadArgumentError, NotAvailableError
from course_utils.lab import course_root
from course_utils.progress import bar

OUTCOMES = {"✔ Right": "right", "✘ Not yet": "not yet", "○ Not attempted": "not attempted"}
NOT_CHECKED = "not checked"
CELL_SECONDS = 900
ANSWER_MISSING = (
    "The answer cell {name!r} is missing. Copy it from {lab}, or start from a fresh copy and paste yours in."
)
TWICE = "The cell {name!r} is there {count} times. Delete the copies and keep the one with your answer."
RENAMED = "The file is called {found}; it must be {expected} when you hand it in."


@dataclass(frozen=True)
class Line:
    """How one exercise stands.

    Attributes:
        test: the test cell's name.
        outcome: ``"right"``, ``"not yet"``, ``"not attempted"`` or ``"not checked"``.
        earned: points the visible check gives.
        points: points the exercise is worth.
        said: what the check said, whole.
    """

    test: str
    outcome: str
    earned: float
    points: float
    said: str


def check(path: Path) -> tuple[list[Line], list[str]]:
    """Runs a notebook from top to bottom in a fresh kernel and reads what the checks say.

    Args:
        path: a student's notebook of one of the labs.

    Returns:
        One line per automatic exercise, in order; and sentences about cells that are missing or doubled, and the like.

    Raises:
        BadArgumentError: the file is no notebook, or of none of the labs.
        NotAvailableError: the kernel could not be started or died.
    """
    notebook, released, lab = _open(path)
    advice = _advice(path, notebook, released, lab)
    merged = _with_pristine_tests(notebook, released)
    _run(merged, path.parent)
    return [_line(cell) for cell in merged.cells if _is_test(cell)], advice


def _open(path: Path):
    """Reads a notebook, and finds the lab it belongs to by the names of its cells."""
    import nbformat

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # doubled cell ids and the like: nbformat mends them in what it returns
            notebook = nbformat.read(path, as_version=4)
    except OSError as error:
        raise BadArgumentError(
            f"Expected a notebook of yours, such as work/labs/lab1/lab1.ipynb; {path} could not be read "
            f"({error.strerror or error}). Check the path."
        ) from None
    except Exception:
        raise BadArgumentError(
            f"Expected a notebook; {path} is none, or was cut off. JupyterLab keeps the last saved version under "
            "File → Revert Notebook to Checkpoint."
        ) from None
    mine = set(_names(notebook))
    labs = {p: nbformat.read(p, as_version=4) for p in sorted((course_root() / "labs").glob("lab*/lab*.ipynb"))}
    shared = {p: len(mine & set(_names(other))) for p, other in labs.items()}
    nearest = max(shared, key=shared.get, default=None)
    if nearest is None or not shared[nearest]:
        raise BadArgumentError(
            f"{path} holds no cell of a lab's. Expected a copy of {', '.join(p.stem for p in labs)}, opened from "
            "work/labs. If its cells were copied into a new notebook, copy your answers back into the lab's own file."
        )
    return notebook, labs[nearest], nearest


def _advice(path: Path, notebook, released, lab: Path) -> list[str]:
    """Says what a grader would stumble over, in the student's words."""
    counts = collections.Counter(_names(notebook))
    said = [TWICE.format(name=name, count=count) for name, count in counts.items() if count > 1]
    answers = [c.metadata.nbgrader.grade_id for c in released.cells if c.metadata.get("nbgrader", {}).get("solution")]
    said += [
        ANSWER_MISSING.format(name=name, lab=f"labs/{lab.stem}/{lab.name}") for name in answers if not counts[name]
    ]
    if path.name != lab.name:
        said.append(RENAMED.format(found=path.name, expected=lab.name))
    return said


def _names(notebook) -> list[str]:
    flags = (cell.metadata.get("nbgrader", {}) for cell in notebook.cells)
    return [flag["grade_id"] for flag in flags if flag.get("grade_id")]


def _is_test(cell) -> bool:
    flags = cell.metadata.get("nbgrader", {})
    return cell.cell_type == "code" and bool(flags.get("grade")) and not flags.get("solution")


def _with_pristine_tests(notebook, released):
    """The student's cells, with the lab's own locked cells and tests; tests that were deleted come back at the end."""
    import nbformat

    pristine = {
        cell.metadata.nbgrader.grade_id: cell
        for cell in released.cells
        if cell.metadata.get("nbgrader", {}).get("grade_id") and not cell.metadata.nbgrader.get("solution")
    }
    cells, seen = [], set()
    for cell in notebook.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id")
        if name in pristine:
            if name in seen:
                continue
            cell = pristine[name]
            seen.add(name)
        cells.append(cell)
    setup = [pristine[name] for name in pristine if name not in seen and not _is_test(pristine[name])]
    tests = [pristine[name] for name in pristine if name not in seen and _is_test(pristine[name])]
    merged = nbformat.v4.new_notebook(cells=[*setup, *cells, *tests])
    merged.metadata = released.metadata
    return merged


def _run(notebook, folder: Path) -> None:
    import nbclient

    client = nbclient.NotebookClient(
        notebook,
        timeout=CELL_SECONDS,
        allow_errors=True,
        interrupt_on_timeout=True,
        resources={"metadata": {"path": str(folder)}},
    )
    code = sum(cell.cell_type == "code" for cell in notebook.cells)
    with bar(label=f"running {folder.name}", total=code, unit="cell") as shown:
        client.on_cell_executed = lambda **_: shown.update(1)
        try:
            client.execute()
        except nbclient.exceptions.DeadKernelError:
            raise NotAvailableError(
                "The kernel died while the notebook ran; most often the memory was full. Close other notebooks, "
                "look for a cell that makes very large arrays, and run the command again."
            ) from None


def _line(cell) -> Line:
    flags = cell.metadata.nbgrader
    texts, earned = [], 0.0
    for output in cell.get("outputs", []):
        if output.output_type == "error":
            texts.append(_in_words(output))
        elif output.output_type == "execute_result":
            earned = float(output.data.get("text/plain", 0))
        elif output.output_type == "display_data":
            texts.append(output.data.get("text/plain", ""))
        elif output.get("name") == "stdout":
            texts.append(output.text)
    said = "\n".join(text.strip("\n") for text in texts)
    outcome = next((word for start, word in OUTCOMES.items() if said.startswith(start)), NOT_CHECKED)
    return Line(flags.grade_id, outcome, earned, float(flags.points), said)


def _in_words(error) -> str:
    if error.ename == "NameError":
        name = re.search(r"name '(\w+)'", error.evalue)
        return (
            f"The name {name.group(1) if name else '?'} is not defined: is the cell that defines it missing or failing?"
        )
    return f"{error.ename}: {error.evalue}"


def table(lines: list[Line]) -> str:
    """The exercises as a table: name, outcome and points."""
    width = max(len(line.test) for line in lines)
    marks = {word: start[0] for start, word in OUTCOMES.items()} | {NOT_CHECKED: "?"}
    rows = [
        f"{marks[line.outcome]} {line.test:{width}}  {line.outcome:13}  {line.earned:5g} of {line.points:g}"
        for line in lines
    ]
    total = f"  {'together':{width}}  {'':13}  {sum(x.earned for x in lines):5g} of {sum(x.points for x in lines):g}"
    return "\n".join([*rows, total])


def main(argv: list[str]) -> int:
    """The ``check`` command.

    Args:
        argv: the path of a notebook.

    Returns:
        0 when every exercise is right, 1 when one is not.
    """
    parser = argparse.ArgumentParser(
        prog="python -m course_utils check",
        description="Run a lab's notebook and its visible checks, and print how it stands.",
    )
    parser.add_argument("notebook", type=Path, help="for example work/labs/lab2/lab2.ipynb")
    lines, advice = check(parser.parse_args(argv).notebook)
    for line in lines:
        if line.outcome not in ("right", "not attempted"):
            print(f"{line.said}\n")
    for sentence in advice:
        print(f"! {sentence}")
    print(table(lines))
    print("Questions that a person reads are not in this table, and the final marks come from pictures not seen here.")
    return int(any(line.outcome != "right" for line in lines))
