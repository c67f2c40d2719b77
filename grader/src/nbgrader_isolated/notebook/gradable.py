"""Whether the examiner can run an instructor's test cells: found out before a class is graded, not by wrong marks."""

from __future__ import annotations

import ast

from nbgrader_isolated.errors import BadArgumentError
from nbgrader_isolated.notebook.names import defined_names, free_names
from nbgrader_isolated.notebook.roles import flags_of, grade_id, is_answer, role

_NAMES_AT_RUN_TIME = frozenset(["eval", "exec", "globals", "locals", "vars"])
"""Where they read or make names, nobody can know beforehand which names are the student's."""

_OF_A_NOTEBOOK = {
    "get_ipython": "calls get_ipython(), and the examiner runs test cells without IPython",
    "display": "calls IPython's display(), and the examiner runs test cells without IPython. Use print()",
    "input": "calls input(), and nobody is there to answer",
}


def require_gradable(pristine: list[dict]) -> None:
    """Complains about test cells that the examiner could not run as nbgrader would: that is for the instructor to fix.

    Args:
        pristine: the cells of the instructor's notebook, AUTOTEST lines replaced.

    Raises:
        BadArgumentError: which cell, in which line, has what.
    """
    for cell in pristine:
        if role(cell) == "manual" and not is_answer(cell):
            raise BadArgumentError(
                f"The test cell {grade_id(cell)!r} is a {cell['cell_type']} cell, which tests nothing. Make it a code cell "
                "in the source notebook, or have it graded by hand (a solution cell)."
            )
        if role(cell) == "test":
            found = _not_understood(cell["source"], float(flags_of(cell).get("points") or 0))
            if found:
                line, what = found
                raise BadArgumentError(
                    f"The test cell {grade_id(cell)!r} {what} (line {line}). Fix it in the source notebook; "
                    "docs/tests.md of nbgrader-isolated says what a test cell may hold."
                )


def _not_understood(source: str, points: float) -> tuple[int, str] | None:
    """The first line that cannot be run, and what it has or does, as the end of a sentence."""
    lines = source.split("\n")
    try:
        tree = ast.parse(source)
        free_names(source)
        assigned = defined_names(source, nested=True)
    except SyntaxError as error:
        line = error.lineno or 1
        return line, f"is not plain Python: {_kind_of(lines[min(line, len(lines)) - 1])}"
    except (ValueError, RecursionError) as error:
        return 1, f"cannot be read as Python: {type(error).__name__}"
    if points > 0 and not any(not _says_nothing(statement) for statement in tree.body):
        return 1, f"holds no code, and would give everybody its {points:g} points"
    for node in ast.walk(tree):
        what = _one(node, assigned)
        if what:
            return node.lineno, what
    return _awaits(tree)


def _one(node: ast.AST, assigned: frozenset[str]) -> str:
    if isinstance(node, ast.ImportFrom):
        if any(alias.name == "*" for alias in node.names):
            return f"imports * from {node.module}, so nobody can tell its names from the student's. Import each by name"
        if node.level:
            return "imports relative to a package, and a notebook is in none"
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id not in assigned:
        called = node.func.id
        if called in _OF_A_NOTEBOOK:
            return _OF_A_NOTEBOOK[called]
        # vars(value) reads a value's attributes, not the cell's names.
        if called in _NAMES_AT_RUN_TIME and not (called == "vars" and node.args):
            return f"calls {called}(), so nobody can tell which names are the student's. Write the names out"
    return ""


def _awaits(tree: ast.Module) -> tuple[int, str] | None:
    """An ``await`` outside functions; ``ast.parse`` takes it, and nothing runs it but IPython."""
    waiting: list[ast.AST] = list(tree.body)
    while waiting:
        node = waiting.pop(0)
        if isinstance(node, ast.Await | ast.AsyncFor | ast.AsyncWith):
            return node.lineno, "awaits outside a function, which is not plain Python. Use asyncio.run"
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            waiting += ast.iter_child_nodes(node)
    return None


def _says_nothing(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Pass) or (
        isinstance(statement, ast.Expr)
        and isinstance(statement.value, ast.Constant)
        # The number of points that a cell ends with is a statement of its own.
        and not isinstance(statement.value.value, int | float)
    )


def _kind_of(line: str) -> str:
    text = line.strip()
    if text.startswith("%%"):
        return f"the cell magic {text.split()[0]}"
    if text.startswith("%"):
        return f"the magic {text.split()[0]}"
    if text.startswith("!") or "= !" in text or "=!" in text:
        return "a command for the shell"
    if text.startswith("?") or text.endswith("?"):
        return "a question to IPython"
    if "= %" in text or "=%" in text:
        return "a magic"
    return "the examiner runs test cells without IPython"
