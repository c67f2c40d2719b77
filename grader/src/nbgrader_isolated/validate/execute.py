"""Runs a notebook in a temporary copy of its folder, under the rules by which it is graded; the folder stays as it is."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from nbgrader_isolated.errors import NotAvailableError
from nbgrader_isolated.notebook.plain_text import first_line, plain_text
from nbgrader_isolated.run import attachments
from nbgrader_isolated.student import endings, own_files

CELL_SECONDS = 900
LEFT_OUT = "{note} It is the same when your work is graded."
NOT_KEPT = (
    "The notebook writes {name}, which is not in your folder. Run the notebook itself before you hand in: this command "
    "keeps nothing of what it writes."
)
_IGNORED = {".ipynb_checkpoints", "__pycache__", ".DS_Store"}


def run_in_a_copy(notebook, folder: Path) -> list[str]:
    """Runs the cells in a copy of a folder, and writes their outputs into ``notebook``.

    The copy holds no more than a grader takes in. The notebook is told that it is being validated
    (``NBGRADER_EXECUTION``). What takes over a second shows its progress on stdout.

    Returns:
        Sentences: what was not copied, which files have the name of a module, and what the cells wrote that the folder lacks.

    Raises:
        NotAvailableError: the folder could not be copied, or the kernel died.
    """
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
        written = sorted({entry.name for entry in copy.iterdir()} - before - _IGNORED)
        said = [LEFT_OUT.format(note=note) for note in found.notes]
        said += own_files.notes(Path(name).as_posix() for name in found.files)
        if any(endings.stopped(cell.get("outputs", [])) for cell in notebook.cells):
            said.append(endings.STOPPED_HERE)
        return said + [NOT_KEPT.format(name=plain_text(name)) for name in written]


def _run(notebook, folder: Path, *, name: str) -> None:
    import nbclient
    from tqdm import tqdm

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
    looks = {"unit": "cell", "file": sys.stdout, "delay": 1.0, "leave": False, "dynamic_ncols": True}
    with tqdm(desc=f"running {plain_text(name)}", total=code, **looks) as progress_bar:
        client.on_cell_executed = lambda **_: progress_bar.update(1)
        running = [""]  # where the kernel ends between two cells, the one before is meant
        client.on_cell_execute = lambda cell, **_: running.append(cell.source)
        try:
            # What libraries write past Python, warnings of TensorFlow's for instance, is an output of its cell and no news.
            nowhere = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
            client.execute(env={**os.environ, "NBGRADER_EXECUTION": "validate"}, **nowhere)
        except nbclient.exceptions.DeadKernelError:
            raise NotAvailableError(
                f"The kernel ended in the cell that begins with '{first_line(running[-1])}'. Does it, or a function that it "
                "calls, end the process (os._exit)? If not, the memory may have been full: close other notebooks, and "
                "look for very large arrays. Then run the command again."
            ) from None
