"""The rules that every notebook of the course keeps; `build.py` refuses a text that breaks one."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass, field

import nbformat
from IPython.core.inputtransformer2 import TransformerManager
from markdown_it import MarkdownIt

from nbgrader_isolated.notebook.names import defined_names, free_names
from nbgrader_isolated.notebook.roles import grade_id, role

MARKDOWN = MarkdownIt("commonmark").enable("table")
PROMISE = "**What you should see:**"
"""Announces, in words, an image that the next cell draws from students' answers."""

HIDDEN = ("BEGIN SOLUTION", "END SOLUTION", "HIDDEN TESTS", "MARK SCHEME")


def faults(notebook: nbformat.NotebookNode, *, lab: bool) -> list[str]:
    """Every rule that a notebook breaks.

    Args:
        notebook: as built from its text, with answers and hidden tests.
        lab: whether it is a lab, with marks, or a lesson, with none.

    Returns:
        One line per fault; empty when all is well.
    """
    found = reading_faults(notebook) + marking_faults(notebook, lab=lab)
    code = [Code.of(cell) for cell in notebook.cells if cell.cell_type == "code"]
    found += [cell.error for cell in code if cell.error]
    if not any(cell.error for cell in code):
        found += isolation_faults(code)
    return found


def reading_faults(notebook: nbformat.NotebookNode) -> list[str]:
    """One H1, headings in order, and every image described: what a screen reader needs."""
    found, level = [], 0
    titles = 0
    for cell in notebook.cells:
        if cell.cell_type != "markdown":
            continue
        tokens = MARKDOWN.parse(cell.source)
        for token, following in zip(tokens, [*tokens[1:], None], strict=True):
            if token.type == "heading_open":
                depth = int(token.tag[1])
                titles += depth == 1
                if depth > level + 1:
                    above = f"H{level}" if level else "nothing"
                    found.append(f"heading {following.content!r} is an H{depth} below {above}: levels must not skip")
                level = depth
        for token in [part for block in tokens for part in (block, *(block.children or []))]:
            if token.type == "image" and not token.content.strip():
                found.append(f"image {token.attrs['src']} has no alt text")
            if token.type in ("html_block", "html_inline"):
                for tag in re.findall(r"<img\b[^>]*>", token.content, flags=re.I):
                    if not re.search(r"""\balt\s*=\s*(?:"[^"]*\S[^"]*"|'[^']*\S[^']*')""", tag, flags=re.I):
                        found.append(f"image {tag} has no alt text")
    if titles != 1:
        found.append(f"a notebook has one H1, this one has {titles}")
    return found


def marking_faults(notebook: nbformat.NotebookNode, *, lab: bool) -> list[str]:
    """Names that are unique, answers that have something to take out, and points that are the same in both places."""
    found, seen = [], set()
    for cell in notebook.cells:
        name, kind = grade_id(cell), role(cell)
        if name is not None:
            if name in seen:
                found.append(f'id="{name}" is used more than once')
            seen.add(name)
        if not lab and name is not None:
            found.append(f'a lesson is not marked, yet it has a cell with id="{name}"')
        for what, allowed in (
            ("SOLUTION", {"answer", "manual"}),
            ("HIDDEN TESTS", {"test"}),
            ("MARK SCHEME", {"manual", "locked"}),
        ):
            begins, ends = (len(re.findall(f"{edge} {what}", cell.source)) for edge in ("BEGIN", "END"))
            if begins != ends:
                found.append(f"cell {name or cell.id!r} has {begins} BEGIN {what} and {ends} END {what}")
            elif begins and kind not in allowed:
                found.append(
                    f"cell {name or cell.id!r} has a {what} region, which a {kind} cell would give to students"
                )
        if kind == "answer" and "BEGIN SOLUTION" not in cell.source:
            found.append(f"answer {name!r} has no ### BEGIN SOLUTION … ### END SOLUTION")
        if kind == "manual" and "BEGIN SOLUTION" in cell.source and "MARK SCHEME" in outside_solution(cell.source):
            found.append(f"manual {name!r} has its mark scheme outside the solution region, so students would get it")
        if kind == "test":
            worth = cell.metadata.nbgrader["points"]
            found += [
                f"test {name!r} has points={worth:g} in its header and marks({given:g}) in its code: make them the same"
                for given in marks_given(cell.source)
                if given != worth
            ]
    return found


def marks_given(source: str) -> list[float]:
    """The numbers that a cell hands to ``marks(…)`` of a verdict; none for a cell that cannot be parsed."""
    try:
        tree = ast.parse(TransformerManager().transform_cell(source))
    except SyntaxError:
        return []  # complained about elsewhere
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)]
    given = [
        value
        for call in calls
        if call.func.attr == "marks"
        for value in (*call.args, *(named.value for named in call.keywords))
    ]
    return [node.value for node in given if isinstance(node, ast.Constant) and type(node.value) in (int, float)]


def outside_solution(source: str) -> str:
    """A cell's text without its solution regions."""
    return re.sub(r"^.*BEGIN SOLUTION.*?END SOLUTION[^\n]*$", "", source, flags=re.S | re.M)


@dataclass
class Code:
    """A code cell and the names at its top level."""

    name: str
    role: str
    imported: set[str] = field(default_factory=set)
    assigned: set[str] = field(default_factory=set)
    needed: set[str] = field(default_factory=set)
    error: str | None = None

    @classmethod
    def of(cls, cell: nbformat.NotebookNode) -> Code:
        """Reads a cell's names without running it.

        `needed` holds what the cell takes from outside. (A name that it both reads and defines, such as ``x`` in
        ``x = x + 1``, counts as needed too when the reading comes first.)
        """
        code = cls(grade_id(cell) or cell.id, role(cell))
        source = TransformerManager().transform_cell(cell.source)
        try:
            defined = defined_names(source)
            code.needed = set(free_names(source))
        except SyntaxError as fault:
            code.error = f"cell {code.name!r} is not valid Python, line {fault.lineno}: {fault.msg}"
            return code
        code.assigned = set(defined_names(source, imports=False))
        code.imported = set(defined - code.assigned)
        return code


def isolation_faults(code: list[Code]) -> list[str]:
    """What would break once a test cell runs apart from the student's code.

    A test cell imports what it uses, its remaining names are the student's variables, and nothing after it counts on a
    name that only the test cell gave a value.

    Args:
        code: the code cells, in order.

    Returns:
        One line per fault.
    """
    found = []
    for position, cell in enumerate(code):
        if cell.role != "test":
            continue
        before = [other for other in code[:position] if other.role != "test"]
        variables = set().union(*(other.assigned for other in before))
        imports = set().union(*(other.imported for other in before))
        for name in sorted(cell.needed - variables):
            if name in imports:
                found.append(
                    f"test {cell.name!r} uses {name!r}, which another cell imports: import it in the test cell"
                )
            else:
                found.append(f"test {cell.name!r} uses {name!r}, which no cell before it defines")
        own, importing = set(cell.assigned), cell.imported - imports
        for later in code[position + 1 :]:
            for name in sorted((own | importing) & later.needed):
                found.append(f"test {cell.name!r} defines {name!r}, which the later cell {later.name!r} uses")
            if later.role != "test":
                own -= later.assigned | later.imported
                importing -= later.assigned | later.imported
    return found


def release_faults(notebook: nbformat.NotebookNode) -> list[str]:
    """What a student's notebook must not hold: answers, hidden tests, mark schemes, outputs, code that cannot be parsed."""
    found = []
    for cell in notebook.cells:
        name = grade_id(cell) or cell.id
        found += [f"cell {name!r} still says {marker}" for marker in HIDDEN if marker in cell.source]
        if cell.cell_type == "code":
            if cell.outputs or cell.execution_count is not None:
                found.append(f"cell {name!r} has outputs")
            error = Code.of(cell).error
            if error:
                found.append(f"once hidden parts are taken out, {error}")
    return found
