"""The ``check`` command: runs a lab's notebook outside JupyterLab and says, exercise by exercise, how it stands.

The checks are the visible ones, the same that the notebook's own cells make; they are taken from the released lab, so a
check that was changed or deleted by accident is made all the same. The notebook runs in a temporary copy
of its folder, and the folder stays as it is.
"""

from __future__ import annotations

import argparse
import collections
import os
import re
import tempfile
import warnings
from dataclasses import dataclass
from pathlib import Path

from course_utils.commands.lab import IGNORED, course_root
from course_utils.errors import BadArgumentError, NotAvailableError
from course_utils.progress import bar
from nbgrader_isolated.notebook.handed_in import locate
from nbgrader_isolated.notebook.intake import NotANotebook
from nbgrader_isolated.notebook.plain_text import first_line, plain_text
from nbgrader_isolated.run import attachments
from nbgrader_isolated.student import endings, own_files
from nbgrader_isolated.text_table import columns

OUTCOMES = {"✔ Right": "right", "✘ Not yet": "not yet", "○ Not attempted": "not attempted"}
NOT_CHECKED = "not checked"
CELL_SECONDS = 900
LONGEST_SAID = 20_000
"""Characters of what a check says: it may quote the names of files and classes, and a print in a loop."""
ANSWER_MISSING = (
    "The answer cell {name!r} is missing. Copy it from {lab}, or start from a fresh copy and paste yours in."
)
TWICE = "The cell {name!r} is there {count} times. Delete the copies and keep the one with your answer."
RENAMED = "The file is called {found}; the grader takes it as {expected}, and says so."
NOT_TAKEN = "The file is called {found}; it must be {expected} when you hand it in: {why}"
LEFT_OUT = "{note} It is the same when your work is graded."
NOT_KEPT = (
    "The notebook writes {name}, which is not in your folder. Run the notebook itself before you hand in: this command "
    "keeps nothing of what it writes."
)


@dataclass(frozen=True)
class ExerciseStatus:
    """How one exercise stands."""

    test: str  # the test cell's name
    outcome: str  # "right", "not yet", "not attempted" or "not checked"
    earned: float  # points the visible check gives
    points: float  # points the exercise is worth
    said: str  # what the check said, whole


def run_checks(path: Path) -> tuple[list[ExerciseStatus], list[str], list[str]]:
    """Runs a notebook from top to bottom in a fresh kernel and reads what the checks say.

    It runs in a temporary copy of its folder, which holds no more than a grader takes in, and it is told that it is being
    validated: a file in its folder that is to be handed in is looked at and not made anew.

    Args:
        path: a student's notebook of one of the labs.

    Returns:
        One status per automatic exercise, in order; sentences about what is wrong with the file, such as cells that are
        missing or doubled; and advice about its name and the files in its folder.

    Raises:
        BadArgumentError: the file is no notebook, or of none of the labs.
        NotAvailableError: the folder could not be copied, or the kernel died.
    """
    notebook, released, lab = _open(path)
    faults, remarks = _under_another_name(path, released, lab)
    faults = _faults(notebook, released, lab) + faults
    merged = _with_pristine_tests(notebook, released)
    advice = remarks + _run_in_a_copy(merged, path.resolve().parent)
    return [_status(cell) for cell in merged.cells if _is_test(cell)], faults, advice


def _open(path: Path):
    """Reads a notebook, and finds the lab it belongs to by the names of its cells."""
    import nbformat

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # doubled cell ids and the like: nbformat fixes them in what it returns
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


def _faults(notebook, released, lab: Path) -> list[str]:
    """Says which cells a grader would miss or find doubled."""
    counts = collections.Counter(_names(notebook))
    said = [TWICE.format(name=name, count=count) for name, count in counts.items() if count > 1]
    answers = [cell.metadata.nbgrader.grade_id for cell in released.cells if _flags(cell).get("solution")]
    there = f"labs/{lab.stem}/{lab.name}"
    return said + [ANSWER_MISSING.format(name=name, lab=there) for name in answers if not counts[name]]


def _under_another_name(path: Path, released, lab: Path) -> tuple[list[str], list[str]]:
    """What is wrong with a notebook's name, and what the student may know of it: as the grader finds it in its folder."""
    if path.name == lab.name:
        return [], []
    taken = locate(path.parent, {lab.stem: released.cells})[lab.stem]
    names = {"found": plain_text(path.name), "expected": lab.name}
    if taken == path:
        return [], [RENAMED.format(**names)]
    why = plain_text(taken) if isinstance(taken, NotANotebook) else f"{taken.name} is there too."
    return [NOT_TAKEN.format(**names, why=why)], []


def _flags(cell) -> dict:
    return cell.metadata.get("nbgrader", {})


def _names(notebook) -> list[str]:
    return [name for cell in notebook.cells if (name := _flags(cell).get("grade_id"))]


def _is_test(cell) -> bool:
    return cell.cell_type == "code" and bool(_flags(cell).get("grade")) and not _flags(cell).get("solution")


def _with_pristine_tests(notebook, released):
    """The student's cells, with the lab's own locked cells and tests; tests that were deleted come back at the end."""
    import nbformat

    pristine = {
        name: cell
        for cell in released.cells
        if (name := _flags(cell).get("grade_id")) and not _flags(cell).get("solution")
    }
    cells, seen = [], set()
    for cell in notebook.cells:
        name = _flags(cell).get("grade_id")
        if name not in seen:
            cells.append(pristine.get(name, cell))
        if name in pristine:
            seen.add(name)
    deleted = [cell for name, cell in pristine.items() if name not in seen]
    setup, tests = ([cell for cell in deleted if _is_test(cell) == wanted] for wanted in (False, True))
    merged = nbformat.v4.new_notebook(cells=[*setup, *cells, *tests])
    merged.metadata = released.metadata
    return merged


def _run_in_a_copy(notebook, folder: Path) -> list[str]:
    """Runs the cells in a copy of a folder; says what was not copied, and what they wrote that the folder lacks."""
    with tempfile.TemporaryDirectory(prefix="check-", ignore_cleanup_errors=True) as scratch:
        copy = Path(scratch) / "copy"
        try:
            found = attachments.look(folder)
            found.copy(copy)
        except OSError as error:
            raise NotAvailableError(
                f"The notebook's folder could not be copied to a temporary folder ({error.strerror or error}). "
                f"Is there room on the disk, and can you read every file in {folder}?"
            ) from None
        before = {entry.name for entry in copy.iterdir()}
        _run(notebook, copy, name=folder.name)
        written = sorted({entry.name for entry in copy.iterdir()} - before - IGNORED)
        said = [LEFT_OUT.format(note=note) for note in found.notes]
        said += own_files.notes(Path(name).as_posix() for name in found.files)
        if any(endings.stopped(cell.get("outputs", [])) for cell in notebook.cells):
            said.append(endings.STOPPED_HERE)
        return said + [NOT_KEPT.format(name=plain_text(name)) for name in written]


def _run(notebook, folder: Path, *, name: str) -> None:
    import nbclient

    client = nbclient.NotebookClient(
        notebook,
        timeout=CELL_SECONDS,
        allow_errors=True,
        interrupt_on_timeout=True,
        resources={"metadata": {"path": str(folder)}},
        extra_arguments=[*own_files.ARGUMENTS, *endings.ARGUMENTS],
    )
    client.create_kernel_manager()
    command = client.km.kernel_spec.argv
    if command[1:2] == ["-m"]:
        command[1:1] = own_files.INTERPRETER
    code = sum(cell.cell_type == "code" for cell in notebook.cells)
    with bar(label=f"running {name}", total=code, unit="cell") as shown:
        client.on_cell_executed = lambda **_: shown.update(1)
        running = [""]  # where the kernel ends between two cells, the one before is meant
        client.on_cell_execute = lambda cell, **_: running.append(cell.source)
        try:
            client.execute(env={**os.environ, "NBGRADER_EXECUTION": "validate"})
        except nbclient.exceptions.DeadKernelError:
            raise NotAvailableError(
                f"The kernel ended in the cell that begins with '{first_line(running[-1])}'. Does it, or a function that it "
                "calls, end the process (os._exit)? If not, the memory may have been full: close other notebooks, and "
                "look for very large arrays. Then run the command again."
            ) from None


def _status(cell) -> ExerciseStatus:
    flags = cell.metadata.nbgrader
    texts, value, error = [], None, ""
    for output in cell.get("outputs", []):
        if output.output_type == "error":
            texts.append(_in_words(output))
            error = output.ename
        elif output.output_type == "execute_result":
            value = output.data.get("text/plain", "")
        elif output.output_type == "display_data":
            texts.append(output.data.get("text/plain", ""))
        elif output.get("name") == "stdout":
            texts.append(output.text)
    said = plain_text("\n".join(text.strip("\n") for text in texts), LONGEST_SAID, lines=True)
    points = float(flags.points)
    outcome = next((word for start, word in OUTCOMES.items() if said.startswith(start)), None)
    if outcome:
        return ExerciseStatus(flags.grade_id, outcome, _number(value) or 0.0, points, said)
    return ExerciseStatus(
        flags.grade_id, *_without_verdict(error, value, points, ran=cell.execution_count is not None), points, said
    )


def _without_verdict(error: str, value: str | None, points: float, *, ran: bool) -> tuple[str, float]:
    """Outcome and points of a test of plain asserts, as nbgrader gives them: all, none, or the number it ends with."""
    if error or not ran:
        return {"AssertionError": "not yet", "NotImplementedError": "not attempted"}.get(error, NOT_CHECKED), 0.0
    earned = points if _number(value) is None else _number(value)
    return "right" if earned == points else "not yet", earned


def _number(value: str | None) -> float | None:
    try:
        return float(value)
    except (TypeError, ValueError):
        return None


def _in_words(error) -> str:
    if error.ename == "NameError":
        name = re.search(r"name '(\w+)'", error.evalue)
        return (
            f"The name {name.group(1) if name else '?'} is not defined: is the cell that defines it missing or failing?"
        )
    return f"{error.ename}: {error.evalue}"


def table(statuses: list[ExerciseStatus]) -> str:
    """The exercises as a table: name, outcome and points."""
    marks = {word: start[0] for start, word in OUTCOMES.items()} | {NOT_CHECKED: "?"}
    rows = [(f"{marks[s.outcome]} {s.test}", s.outcome, f"{s.earned:g} of {s.points:g}") for s in statuses]
    total = f"{sum(s.earned for s in statuses):g} of {sum(s.points for s in statuses):g}"
    return columns([*rows, ("  together", "", total)], right=[2])


def main(argv: list[str]) -> int:
    """The ``check`` command; returns 0 when every exercise is right, 1 when one is not."""
    description = "Run a lab's notebook and its visible checks, and print how it stands."
    parser = argparse.ArgumentParser(prog="python -m course_utils check", description=description)
    parser.add_argument("notebook", type=Path, help="for example work/labs/lab2/lab2.ipynb")
    statuses, faults, advice = run_checks(parser.parse_args(argv).notebook)
    for status in statuses:
        if status.outcome not in ("right", "not attempted"):
            print(f"{status.said}\n")
    for sentence in faults + advice:
        print(f"! {sentence}")
    print(table(statuses))
    print("Questions that a person reads are not in this table, and the final marks come from images not seen here.")
    return int(bool(faults) or any(status.outcome != "right" for status in statuses))
