"""A lab in one process: its set-up once, then any answers put into it, and its test cells run as a notebook would.

Cells that only look at results are left out. What cells that train for a minute would leave behind is in the lab's
``prepared.py``, where it has one.
"""

from __future__ import annotations

import ast
import contextlib
import copy
import dataclasses
import io
import linecache
import re

import nbformat

from authoring import build
from authoring.checking.answers import LABS_FOLDER, Answer, AnswerError
from nbgrader_isolated.notebook.names import defined_names, used_names
from nbgrader_isolated.notebook.roles import released, role


@dataclasses.dataclass(frozen=True)
class Cell:
    """A code cell of a lab: nbgrader's name for it, what it is for, its points (0 unless it is a test), its source."""

    name: str
    role: str
    points: float
    source: str


@dataclasses.dataclass(frozen=True)
class Result:
    """What one test cell did: the value of its last line, and what it printed."""

    marks: object
    printed: str
    errors: str


def solution(lab: str) -> nbformat.NotebookNode:
    """Builds a lab's notebook, with answers and hidden tests, from its text."""
    return build.read_script(LABS_FOLDER / lab / "notebook.py")


def as_student_gets_it(notebook: nbformat.NotebookNode, *, hidden_tests: bool = False) -> nbformat.NotebookNode:
    """Clears the answers with nbgrader's own preprocessor, and the hidden tests unless they are to stay."""
    from nbgrader.preprocessors import ClearHiddenTests, ClearSolutions

    made = nbformat.from_dict(notebook)
    for preprocessor in [ClearSolutions] if hidden_tests else [ClearSolutions, ClearHiddenTests]:
        made, _ = preprocessor().preprocess(nbformat.reads(nbformat.writes(made), as_version=4), {})
    return made


def visible_half(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """A lab's notebook with its answers and with what students have of its tests."""
    made = nbformat.from_dict(copy.deepcopy(notebook))
    for cell in made.cells:
        cell.source = released(cell.source)
    return made


def cells(notebook: nbformat.NotebookNode) -> list[Cell]:
    """The code cells of a notebook, in order."""
    found = []
    for position, cell in enumerate(notebook.cells):
        if cell.cell_type == "code":
            flags = cell.metadata.get("nbgrader", {})
            name = flags.get("grade_id", f"cell-{position}")
            found.append(Cell(name, role(cell), float(flags.get("points", 0)), cell.source))
    return found


def has_verdict(cell: Cell) -> bool:
    """Whether a test cell ends on the marks of a verdict, as the course's own checks do, and not on plain asserts."""
    return bool(re.search(r"\.marks\(", cell.source))


def graded(cell: Cell, names: dict) -> Result:
    """Runs a test cell as nbgrader does: without a verdict, an error is no points, and the end of the cell all of them."""
    if has_verdict(cell):
        return run_cell(cell, names)
    try:
        result = run_cell(cell, names)
    except Exception as error:
        return Result(0.0, f"✘ {type(error).__name__}: {error}", "")
    return dataclasses.replace(result, marks=cell.points) if result.marks is None else result


def run_cell(cell: Cell, names: dict) -> Result:
    """Runs one cell's source as a notebook would: the value of a last line that is an expression is the result."""
    file = f"<{cell.name}>"
    # So that a traceback can quote the line, as it can in a notebook.
    linecache.cache[file] = (len(cell.source), None, cell.source.splitlines(keepends=True), file)
    tree = ast.parse(cell.source, file)
    last = ast.Expression(tree.body.pop().value) if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    printed, errors = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(errors):
        exec(compile(tree, file, "exec"), names)
        value = eval(compile(last, file, "eval"), names) if last else None
    return Result(value, printed.getvalue(), errors.getvalue())


def hidden_half(cell: Cell) -> Cell:
    """A test cell without the visible verdict, which the hidden one overwrites; one of plain asserts as it is."""
    before, marker, after = cell.source.partition("### BEGIN HIDDEN TESTS")
    if not marker or not has_verdict(cell):
        return cell
    imports = [line for line in before.splitlines() if line.startswith(("import ", "from "))]
    return dataclasses.replace(cell, source="\n".join([*imports, after]))


def tests_that_see(notebook: list[Cell], replaced: str, source: str) -> set[str]:
    """The tests that a new answer could change: those that name something it defines, or that another answer uses.

    What no test can see cannot change a mark.

    Args:
        notebook: the cells of a lab, with its worked answers.
        replaced: the name of the answer cell that is replaced.
        source: what stands there instead.
    """
    answered = {cell.name: cell.source for cell in notebook if cell.role == "answer"} | {replaced: source}
    reads = {cell.name: used_names(cell.source) for cell in notebook if cell.role == "test"}
    cells_of_answers = [(used_names(one), defined_names(one, imports=False)) for one in answered.values()]
    before = next(cell.source for cell in notebook if cell.name == replaced)
    touched = defined_names(source, imports=False) | defined_names(before, imports=False)
    for _ in answered:
        for used, defined in cells_of_answers:
            if used & touched:
                touched |= defined
    return {name for name, used in reads.items() if used & touched}


class Lab:
    """A lab whose set-up has run once; answers are put in and tests run as often as wanted."""

    def __init__(self, name: str) -> None:
        """Builds the lab's notebook and runs its locked cells (imports, bases)."""
        self.name = name
        self.notebook = solution(name)
        self.cells = cells(self.notebook)
        self.tests = {cell.name: cell.points for cell in self.cells if cell.role == "test"}
        self._names: dict = {"__name__": "__main__"}
        for cell in self.cells:
            if cell.role == "locked":
                run_cell(cell, self._names)
        prepared = LABS_FOLDER / name / "prepared.py"
        if prepared.is_file():  # what cells that train for a minute would have left behind
            run_cell(Cell(prepared.name, "prepared", 0, prepared.read_text(encoding="utf-8")), self._names)

    def fresh_names(self) -> dict:
        """What the set-up has defined, to run cells in."""
        return dict(self._names)

    def mark(
        self,
        *,
        notebook: nbformat.NotebookNode | None = None,
        replace: dict[str, str] | None = None,
        only: set[str] | None = None,
        hidden_only: bool = False,
    ) -> dict[str, Result]:
        """Runs every answer, then every test; cells that only look at results are left out.

        Args:
            notebook: another version of the lab, such as the students' own.
            replace: name of an answer cell → source to run in its place.
            only: names of the tests to run; by default all of them.
            hidden_only: skip the visible half of a test, whose verdict the hidden half replaces; twice as fast.

        Returns:
            Test name → what it did.
        """
        chosen = self.cells if notebook is None else cells(notebook)
        names = self.fresh_names()
        for cell in chosen:
            if cell.role == "answer":
                source = (replace or {}).get(cell.name, cell.source)
                with contextlib.suppress(NotImplementedError):  # an untouched cell outside a function
                    run_cell(Cell(cell.name, cell.role, 0, source), names)
        return {
            cell.name: graded(hidden_half(cell) if hidden_only else cell, names)
            for cell in chosen
            if cell.role == "test" and (only is None or cell.name in only)
        }

    def tests_that_see(self, replaced: str, source: str) -> set[str]:
        """The tests that a new answer could change; running only these makes an answer take seconds."""
        return tests_that_see(self.cells, replaced, source)

    def try_answer(self, answer: Answer, *, hidden: bool = True) -> dict[str, Result]:
        """Runs the tests that can see an answer.

        Args:
            answer: one of this lab's.
            hidden: with the hidden half of the tests, else with what a student has of them.
        """
        if answer.exercise not in {cell.name for cell in self.cells if cell.role == "answer"}:
            raise AnswerError(
                f"{answer.place}: expected the file to be called after an answer cell of {self.name}; received "
                f"{answer.exercise!r}. Rename the file, or write the cell."
            )
        import keras

        keras.utils.set_random_seed(0)  # else a network that was never trained earns a part by luck, now and then
        # What may fail or not need not be run: it decides nothing, and can take long.
        only = self.tests_that_see(answer.exercise, answer.source) - answer.may_fail
        notebook = None if hidden else visible_half(self.notebook)
        return self.mark(notebook=notebook, replace={answer.exercise: answer.source}, only=only, hidden_only=hidden)

    def failed(self, results: dict[str, Result]) -> set[str]:
        """The tests that took points off."""
        return {name for name, result in results.items() if result.marks != self.tests[name]}
