"""Runs a lab's test cells against right and wrong answers: the tests of the tests.

``python tests/lab_harness.py lab1`` prints one line per mutant with the tests it fails, and ends with the totals;
``--page`` tries all answers of all labs and writes docs/mutants.md.

A **mutant** is a plausible wrong answer: a file in ``tests/mutants/<lab>/`` that replaces one answer cell. Its docstring
says what is wrong, ``REPLACES`` which cell it stands for, ``MUST_FAIL`` which tests have to take points off, and
``MAY_FAIL`` which others are allowed to. Every other test must give full marks. ``HINT`` may hold words that the verdict
must say, ``MARKS`` the points it must give; ``SLOW = True`` leaves it to ``make test-all`` and ``--slow``. A **variant** in ``tests/variants/<lab>/``
is a right answer written differently, with a docstring and ``REPLACES``; it must keep full marks everywhere.
"""

from __future__ import annotations

import ast
import contextlib
import dataclasses
import datetime
import functools
import importlib
import importlib.metadata
import io
import linecache
import symtable
import sys
from collections.abc import Callable
from pathlib import Path

import nbformat

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "mutants.md"


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


@dataclasses.dataclass(frozen=True)
class Answer:
    """A mutant or a variant, read from its file."""

    path: Path
    says: str
    replaces: str
    must_fail: frozenset[str]
    may_fail: frozenset[str]
    hint: str
    marks: float | None
    slow: bool

    @property
    def name(self) -> str:
        return self.path.stem


def solution(lab: str) -> nbformat.NotebookNode:
    """Builds a lab's notebook, with answers and hidden tests, from its text."""
    sys.path.insert(0, str(ROOT / "authoring"))
    try:
        return importlib.import_module("build").read_script(ROOT / "authoring" / "labs" / f"{lab}.py")
    finally:
        sys.path.remove(str(ROOT / "authoring"))


def as_student_gets_it(notebook: nbformat.NotebookNode, *, hidden_tests: bool = False) -> nbformat.NotebookNode:
    """Clears the answers with nbgrader's own preprocessor, and the hidden tests unless they are to stay."""
    from nbgrader.preprocessors import ClearHiddenTests, ClearSolutions

    released = nbformat.from_dict(notebook)
    for preprocessor in [ClearSolutions] if hidden_tests else [ClearSolutions, ClearHiddenTests]:
        released, _ = preprocessor().preprocess(nbformat.reads(nbformat.writes(released), as_version=4), {})
    return released


def cells(notebook: nbformat.NotebookNode) -> list[Cell]:
    """The code cells of a notebook, in order."""
    found = []
    for position, cell in enumerate(notebook.cells):
        if cell.cell_type == "code":
            flags = cell.metadata.get("nbgrader", {})
            role = "plain"
            if flags:
                role = "test" if flags["grade"] else "answer" if flags["solution"] else "locked"
            name = flags.get("grade_id", f"cell-{position}")
            found.append(Cell(name, role, float(flags.get("points", 0)), cell.source))
    return found


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


@functools.cache
def defined(source: str) -> frozenset[str]:
    """The names a cell defines at its top level, but for what it imports."""
    top = symtable.symtable(source, "<cell>", "exec")
    return frozenset(
        symbol.get_name() for symbol in top.get_symbols() if symbol.is_assigned() and not symbol.is_imported()
    )


@functools.cache
def used(source: str) -> frozenset[str]:
    """Every name a cell reads, at any depth."""
    return frozenset(node.id for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Name))


def hidden_half(cell: Cell) -> Cell:
    """A test cell without the visible verdict, which the hidden one overwrites."""
    before, marker, after = cell.source.partition("### BEGIN HIDDEN TESTS")
    if not marker:
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
    touched = defined(source) | defined(next(cell.source for cell in notebook if cell.name == replaced))
    for _ in answered:
        for other in answered.values():
            if used(other) & touched:
                touched |= defined(other)
    return {cell.name for cell in notebook if cell.role == "test" and used(cell.source) & touched}


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
        prepared = ROOT / "tests" / "prepared" / f"{name}.py"
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
            cell.name: run_cell(hidden_half(cell) if hidden_only else cell, names)
            for cell in chosen
            if cell.role == "test" and (only is None or cell.name in only)
        }

    def tests_that_see(self, replaced: str, source: str) -> set[str]:
        """The tests that a new answer could change; running only these makes a mutant take seconds."""
        return tests_that_see(self.cells, replaced, source)

    def try_answer(self, answer: Answer) -> dict[str, Result]:
        """Runs the tests that can see an answer, with hidden images."""
        if answer.replaces not in {cell.name for cell in self.cells if cell.role == "answer"}:
            raise ValueError(f"{answer.path.name} replaces {answer.replaces!r}, which is no answer cell of {self.name}")
        source = answer.path.read_text(encoding="utf-8")
        # What may fail or not need not be run: it decides nothing, and can take long.
        seen = self.tests_that_see(answer.replaces, source) - answer.may_fail
        return self.mark(replace={answer.replaces: source}, only=seen, hidden_only=True)

    def failed(self, results: dict[str, Result]) -> set[str]:
        """The tests that took points off."""
        return {name for name, result in results.items() if result.marks != self.tests[name]}


def answers(kind: str, lab: str) -> list[Answer]:
    """Reads the mutants or variants of a lab.

    Args:
        kind: ``"mutants"`` or ``"variants"``.
        lab: for example ``"lab1"``.
    """
    found = []
    for path in sorted((ROOT / "tests" / kind / lab).glob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"), path.name)
        constants = {
            node.targets[0].id: ast.literal_eval(node.value)
            for node in tree.body
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id.isupper()
        }
        found.append(
            Answer(
                path,
                (ast.get_docstring(tree) or "").strip().split("\n")[0],
                constants["REPLACES"],
                frozenset(constants.get("MUST_FAIL", ())),
                frozenset(constants.get("MAY_FAIL", ())),
                constants.get("HINT", ""),
                constants.get("MARKS"),
                constants.get("SLOW", False),
            )
        )
    return found


def caught(mutant: Answer, failed: set[str]) -> bool:
    """Whether a mutant failed what it must, and nothing beyond what it may."""
    return mutant.must_fail <= failed <= mutant.must_fail | mutant.may_fail


def main(argv: list[str]) -> int:
    """Prints the tables of the labs named (all by default); returns 0 when every mutant is caught and every variant passes.

    ``--slow`` adds the slow answers; ``--page`` means all of them, of all labs, and writes the tables into docs/mutants.md too.
    """
    page, labs = "--page" in argv, [name for name in argv if not name.startswith("--")]
    if unknown := {name for name in argv if name.startswith("--")} - {"--slow", "--page"}:
        sys.exit(f"options are --slow and --page; received {', '.join(sorted(unknown))}")
    if page and labs:
        sys.exit(f"--page is about all labs; received {', '.join(labs)} as well")
    labs = labs or sorted(path.name for path in (ROOT / "tests" / "mutants").iterdir() if path.is_dir())
    lines, counts = [], {"mutants": 0, "caught": 0, "variants": 0, "full": 0}

    def say(line: str) -> None:
        print(line, flush=True)
        lines.append(line)

    for name in labs:
        show(name, counts, say, slow=page or "--slow" in argv)
    survived = counts["mutants"] - counts["caught"]
    say(
        f"{counts['mutants']} mutants, {counts['caught']} caught, {survived} survived; "
        f"{counts['variants']} variants, {counts['full']} at full marks"
    )
    if page:
        write_page(lines)
    return int(survived > 0 or counts["full"] < counts["variants"])


def show(name: str, counts: dict[str, int], say: Callable[[str], None], *, slow: bool) -> None:
    """Tries the answers of one lab, says how each fared, and adds to the counts."""
    lab = Lab(name)
    tests = list(lab.tests)
    say(f"{name}: " + ", ".join(f"{number} = {test}" for number, test in enumerate(tests, start=1)))
    for mutant in answers("mutants", name):
        if mutant.slow and not slow:
            continue
        failed = lab.failed(lab.try_answer(mutant))
        good = caught(mutant, failed)
        counts["mutants"] += 1
        counts["caught"] += good
        marks = " ".join("✘" if test in failed else "!" if test in mutant.must_fail else "·" for test in tests)
        say(f"  {mutant.name:40} {marks}  {'caught' if good else 'SURVIVED'}  {mutant.says}")
    for variant in answers("variants", name):
        if variant.slow and not slow:
            continue
        failed = lab.failed(lab.try_answer(variant))
        counts["variants"] += 1
        counts["full"] += not failed
        marks = " ".join("✘" if test in failed else "·" for test in tests)
        say(f"  {variant.name:40} {marks}  {'LOST POINTS' if failed else 'full marks'}  {variant.says}")


def write_page(lines: list[str]) -> None:
    """Writes docs/mutants.md: the tables as they were printed, and with which versions."""
    versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in ("tensorflow", "keras", "numpy"))
    PAGE.write_text(
        "# Which hidden test catches which wrong answer\n\n"
        f"Written by `make mutants ARGS=--page` on {datetime.date.today()} with {versions}; the slow answers, which `make mutants` leaves out,\n"
        "are in it. A line for each answer: its file's name in `tests/mutants/` or `tests/variants/`, a place for each test of its lab (✘ took points\n"
        "off; · gave full marks, or was left out because the answer cannot change it or may fail it; ! should have taken points off), the\n"
        "outcome, and what is wrong or different about the answer.\n\n"
        "```text\n" + "\n".join(lines) + "\n```\n",
        encoding="utf-8",
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
