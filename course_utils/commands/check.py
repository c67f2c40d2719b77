"""The ``check`` command: runs a lab's notebook outside JupyterLab and says, exercise by exercise, how it stands.

:mod:`nbgrader_isolated.commands.check` does it. Here is what the course knows: its labs, and how its checks state a
verdict.
"""

from pathlib import Path

from course_utils import keras_settings
from course_utils.checks.core.verdict import LOOKS
from course_utils.commands import parser_of
from course_utils.commands.course_files import notebooks_root
from course_utils.errors import BadArgumentError
from nbgrader_isolated.commands.check import Checked, check, show
from nbgrader_isolated.validate.cells import names, read_notebook

VERDICTS = {f"{symbol} {word}": outcome for outcome, (symbol, word, _) in LOOKS.items()}


def run_checks(path: Path) -> Checked:
    """Runs a notebook of one of the labs from top to bottom in a fresh kernel and reads what the checks say.

    It runs in a temporary copy of its folder, which holds no more than a grader takes in, and it is told that it is
    being validated: a file in its folder that is to be handed in is looked at and not made anew.

    Raises:
        BadArgumentError: the notebook is of none of the labs.
        nbgrader_isolated.errors.BadArgumentError: the file is no notebook.
        nbgrader_isolated.errors.NotAvailableError: the folder could not be copied, or the kernel died.
    """
    notebook = read_notebook(path, expected="a notebook of yours, such as work/labs/lab1/lab1.ipynb")
    lab = _lab_of(path, notebook)
    return check(path, lab, notebook=notebook, copy_from=f"labs/{lab.stem}/{lab.name}", verdicts=VERDICTS)


def _lab_of(path: Path, notebook) -> Path:
    """Finds the lab that a notebook belongs to by the names of its cells."""
    labs = sorted((notebooks_root() / "labs").glob("lab*/lab*.ipynb"))
    mine = set(names(notebook))
    shared = {lab: len(mine & set(names(read_notebook(lab)))) for lab in labs}
    nearest = max(shared, key=shared.get, default=None)
    if nearest is None or not shared[nearest]:
        raise BadArgumentError(
            f"{path} holds no cell of a lab's. Expected a copy of {', '.join(lab.stem for lab in labs)}, opened from "
            "work/labs. If its cells were copied into a new notebook, copy your answers back into the lab's own file."
        )
    return nearest


def main(argv: list[str]) -> int:
    """The ``check`` command; returns 0 when every exercise is right, 1 when one is not."""
    parser = parser_of("check", "Run a lab's notebook and its visible checks, and print how it stands.")
    parser.add_argument("notebook", type=Path, help="for example work/labs/lab2/lab2.ipynb")
    path = parser.parse_args(argv).notebook
    keras_settings.require()
    checked = run_checks(path)
    show(checked)
    print("Questions that a person reads are not in this table, and the final marks come from images not seen here.")
    print(checked.receipt)
    return int(not checked.all_right)
