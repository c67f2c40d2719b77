"""The names of a cell of plain Python: which it takes from outside, and which it gives a value. Only Python's library is imported."""

from __future__ import annotations

import ast
import builtins
import symtable

_OWN = frozenset(dir(builtins)) | {"__name__", "__doc__", "__file__", "__builtins__"}


def free_names(source: str) -> list[str]:
    """Returns the names that a cell takes from outside, sorted: those it reads before it has given them a value itself.

    In a test cell these are the student's. Builtins are never among them: a student's variable called ``abs`` is never asked
    for. A name that is only *perhaps* assigned before counts; asking for a name that nobody has is harmless.

    Args:
        source: plain Python.

    Raises:
        SyntaxError: it is not Python.
    """
    tree = ast.parse(source)
    order = _Order()
    order.visit(tree)
    inner = _read_inside_functions(symtable.symtable(source, "<cell>", "exec"))
    names = order.read_first | {name for name in inner if name not in order.stored}
    return sorted(names - _OWN)


def defined_names(source: str, *, nested: bool = False, imports: bool = True) -> frozenset[str]:
    """Returns the names that a cell gives a value: by assignment, ``def``, ``class``, ``for``, ``with``, ``except`` or ``import``.

    Args:
        source: plain Python.
        nested: also those that a function, class or comprehension in it gives a value, for itself.
        imports: also those that it imports.

    Raises:
        SyntaxError: it is not Python.
    """
    waiting, found = [symtable.symtable(source, "<cell>", "exec")], set()
    while waiting:
        table = waiting.pop()
        waiting += table.get_children() if nested else []
        found |= {
            symbol.get_name()
            for symbol in table.get_symbols()
            if (imports if symbol.is_imported() else symbol.is_assigned())
        }
    return frozenset(found)


def used_names(source: str) -> frozenset[str]:
    """Returns every name that a cell mentions, read or given a value, at any depth.

    Raises:
        SyntaxError: it is not Python.
    """
    return frozenset(node.id for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Name))


class _Order(ast.NodeVisitor):
    """Walks module-level code in the order it runs; remembers what is read before it is stored for certain."""

    def __init__(self) -> None:
        self.read_first: set[str] = set()
        self.stored: set[str] = set()
        self._certain: set[str] = set()

    def _store(self, name: str) -> None:
        self.stored.add(name)
        self._certain.add(name)

    def visit_Name(self, node: ast.Name) -> None:
        if isinstance(node.ctx, ast.Store):
            self._store(node.id)
        elif node.id not in self._certain:
            self.read_first.add(node.id)

    def visit_Assign(self, node: ast.Assign) -> None:
        self.visit(node.value)
        for target in node.targets:
            self.visit(target)

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        self.visit(node.value)
        if isinstance(node.target, ast.Name) and node.target.id not in self._certain:
            self.read_first.add(node.target.id)
        self.visit(node.target)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        if node.value is not None:
            self.visit(node.value)
            self.visit(node.target)

    def visit_Import(self, node: ast.Import | ast.ImportFrom) -> None:
        for alias in node.names:
            self._store((alias.asname or alias.name).split(".")[0])

    visit_ImportFrom = visit_Import

    def visit_FunctionDef(self, node) -> None:
        for part in [*node.decorator_list, *node.args.defaults, *filter(None, node.args.kw_defaults)]:
            self.visit(part)
        self._store(node.name)

    visit_AsyncFunctionDef = visit_FunctionDef

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        for part in [*node.decorator_list, *node.bases, *(keyword.value for keyword in node.keywords)]:
            self.visit(part)
        self._store(node.name)

    def visit_Lambda(self, node: ast.Lambda) -> None:
        for part in [*node.args.defaults, *filter(None, node.args.kw_defaults)]:
            self.visit(part)

    def _comprehension(self, node) -> None:
        self.visit(node.generators[0].iter)  # the rest runs in a scope of its own, which the symbol table knows

    visit_ListComp = visit_SetComp = visit_DictComp = visit_GeneratorExp = _comprehension

    def _blocks(self, node) -> None:
        """Parts that may run or not: what one stores is certain inside it, and only perhaps afterwards."""
        for _, part in ast.iter_fields(node):
            before = set(self._certain)
            for child in part if isinstance(part, list) else [part]:
                if isinstance(child, ast.AST):
                    self.visit(child)
            self._certain = before

    visit_While = visit_If = visit_Try = visit_TryStar = visit_Match = visit_match_case = _blocks
    visit_IfExp = visit_BoolOp = _blocks

    def visit_For(self, node) -> None:
        self.visit(node.iter)
        before = set(self._certain)
        for part in [node.target, *node.body]:
            self.visit(part)
        self._certain = before
        for part in node.orelse:
            self.visit(part)
        self._certain = before

    visit_AsyncFor = visit_For

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> None:
        if node.type is not None:
            self.visit(node.type)
        before = set(self._certain)
        if node.name:
            self._store(node.name)
        for part in node.body:
            self.visit(part)
        self._certain = before

    def visit_With(self, node) -> None:
        for item in node.items:
            self.visit(item.context_expr)
            if item.optional_vars is not None:
                self.visit(item.optional_vars)
        for part in node.body:
            self.visit(part)

    visit_AsyncWith = visit_With


def _read_inside_functions(table: symtable.SymbolTable) -> set[str]:
    """Names that functions, classes and comprehensions of the cell read from outside themselves."""
    found: set[str] = set()
    for child in table.get_children():
        for symbol in child.get_symbols():
            if symbol.is_referenced() and symbol.is_global():
                found.add(symbol.get_name())
        found |= _read_inside_functions(child)
    return found
