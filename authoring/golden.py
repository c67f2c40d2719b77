"""What a move of files must not change, on file in ``authoring/goldens/``; only ``make goldens`` writes it, no test does.

``python -m authoring.golden`` writes everything again, ``python -m authoring.golden cells names`` only what is named:

- ``cells``: a hash of every cell of every built notebook;
- ``names``: what the package exports, and what the notebooks import from it;
- ``adversarial``: outcome and marks of every adversarial submission (a minute).

What every wrong and right answer to a lab gets from its checks is kept with the lab, see ``checking/results.py``.
"""

from __future__ import annotations

import ast
import hashlib
import importlib
import inspect
import json
import pkgutil
import shutil
import sys
import tempfile
from pathlib import Path
from types import ModuleType

import nbformat

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "authoring" / "goldens"
BUILT = ("lessons", "labs", "solutions")
DOCUMENTED = ("models", "data", "features", "finetune", "inspect", "evaluate", "plots", "widgets")
"""Modules of course_utils, with what lies in them, whose functions are held by their signatures too; also what notebooks import."""


def read(name: str) -> dict:
    """One of the files; empty where there is none."""
    file = FOLDER / f"{name}.json"
    return json.loads(file.read_text("utf-8")) if file.is_file() else {}


def write(name: str, content: dict) -> None:
    """Writes one of the files, so that a change of one thing changes one line."""
    file = FOLDER / f"{name}.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_suffix(".part")
    part.write_text(json.dumps(content, indent=1, sort_keys=True, ensure_ascii=False) + "\n", "utf-8")
    part.replace(file)


def differences(expected: dict, found: dict, at: str = "") -> list[str]:
    """A line for each leaf that is missing, new or other than expected."""
    lines = []
    for key in sorted({*expected, *found}):
        where = f"{at} {key}".strip()
        one, other = expected.get(key), found.get(key)
        if isinstance(one, dict) and isinstance(other, dict):
            lines += differences(one, other, where)
        elif one != other:
            lines.append(f"{where}: on file {json.dumps(one)}, now {json.dumps(other)}")
    return lines


def notebooks() -> dict[str, nbformat.NotebookNode]:
    """Every built notebook by its path."""
    paths = sorted(
        path for kind in BUILT for path in (ROOT / kind).rglob("*.ipynb") if ".ipynb" not in path.parent.name
    )
    return {path.relative_to(ROOT).as_posix(): nbformat.read(path, as_version=4) for path in paths}


def cells() -> dict[str, dict[str, str]]:
    """Notebook → cell → a hash of its type, its source and what nbgrader knows of it."""
    found: dict[str, dict[str, str]] = {}
    for name, notebook in notebooks().items():
        for position, cell in enumerate(notebook.cells):
            held = json.dumps([cell.cell_type, cell.source, cell.metadata.get("nbgrader")], sort_keys=True)
            digest = hashlib.sha256(held.encode()).hexdigest()[:16]
            found.setdefault(name, {})[f"{position:03} {cell.id}"] = digest
    return found


def imported(source: str) -> set[str]:
    """The dotted names of course_utils that Python code imports, and those it reaches through a module that it imported."""
    tree = ast.parse(source)
    known: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            known |= {alias.asname or alias.name: alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            known |= {alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names}
    known = {name: dotted for name, dotted in known.items() if dotted.split(".")[0] == "course_utils"}
    reached = {
        f"{known[node.value.id]}.{node.attr}"
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in known
    }
    modules_only = {name for name in reached if isinstance(resolve(name.rpartition(".")[0]), ModuleType)}
    return set(known.values()) | modules_only


def notebook_imports() -> dict[str, list[str]]:
    """Notebook → the names that it imports from course_utils."""
    found = {}
    for name, notebook in notebooks().items():
        sources = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
        code = "\n".join(line for source in sources for line in source.splitlines() if not line.startswith("%"))
        found[name] = sorted(imported(code))
    return found


def resolve(dotted: str) -> object:
    """What a dotted name stands for: a module, or something in one.

    Raises:
        ImportError: nothing has that name.
    """
    module, *names = dotted.split(".")
    found = importlib.import_module(module)
    for name in names:
        module = f"{module}.{name}"
        if not hasattr(found, name) and isinstance(found, ModuleType):
            importlib.import_module(module)
        try:
            found = getattr(found, name)
        except AttributeError:
            raise ImportError(f"nothing is called {dotted}: {module} is missing") from None
    return found


def modules() -> list[str]:
    """Every module of course_utils whose name does not begin with ``_``."""
    import course_utils

    found = [module.name for module in pkgutil.walk_packages(course_utils.__path__, "course_utils.")]
    return sorted(
        name for name in ("course_utils", *found) if not any(part.startswith("_") for part in name.split("."))
    )


def public(module: ModuleType) -> dict[str, object]:
    """Name → what a module exports: what its ``__all__`` says, else what it, or a module in it, defines under a name without ``_``."""
    listed = getattr(module, "__all__", None)
    if listed is not None:
        return {name: getattr(module, name) for name in listed}
    return {
        name: thing
        for name, thing in vars(module).items()
        if not name.startswith("_")
        and not isinstance(thing, ModuleType)
        and f"{getattr(thing, '__module__', module.__name__)}.".startswith(f"{module.__name__}.")
        and (callable(thing) or name.isupper())
    }


def said_of(thing: object, *, signature: bool) -> str:
    """In a few words what a name stands for: a class, a function with its parameters, or a constant."""
    if not callable(thing):
        return "constant"
    kind = "class" if isinstance(thing, type) else "function"
    if not signature or (isinstance(thing, type) and issubclass(thing, BaseException)):
        return kind
    try:
        parameters = inspect.signature(thing).parameters.values()
    except (TypeError, ValueError):
        return kind
    # Without annotations: how a type is written may change while everybody's calls still work.
    bare = inspect.Signature([parameter.replace(annotation=inspect.Parameter.empty) for parameter in parameters])
    return kind + str(bare)


def names() -> dict[str, dict]:
    """``exports``: module → name → what it is; ``notebooks``: notebook → the names that it imports."""
    imports = notebook_imports()
    in_notebooks = set().union(*imports.values())
    exports: dict[str, dict[str, str]] = {}
    for name in modules():
        documented = name.split(".")[1:2] and name.split(".")[1] in DOCUMENTED
        module = importlib.import_module(name)
        found = {key: said_of(thing, signature=bool(documented)) for key, thing in public(module).items()}
        if name.startswith("course_utils.checks."):
            found = {}  # one check's helpers are its own affair; what a lab's cells call is not
        for key in (wanted.rpartition(".")[2] for wanted in in_notebooks if wanted.rpartition(".")[0] == name):
            if not isinstance(getattr(module, key, module), ModuleType):
                found[key] = said_of(getattr(module, key), signature=True)
        if found:
            exports[name] = found
    return {"exports": exports, "notebooks": imports}


def adversarial(results: list) -> dict[str, dict]:
    """Case → outcome and marks. Where several outcomes are right, all of them, and the marks that the case demands."""
    found = {}
    for result in results:
        case, record = result.case, result.record
        marks = {mark.grade_id: mark.points for mark in record.marks} if len(case.expected) == 1 else dict(case.marks)
        ended = [str(record.outcome)] if len(case.expected) == 1 or record.outcome not in case.expected else []
        found[case.name] = {"outcome": " or ".join(ended or sorted(map(str, case.expected))), "marks": marks}
    return found


def follow(notebook: str) -> list[str]:
    """Takes one lab's cells, and what it imports, as they are now; for a lab that was meant to change.

    Returns:
        A line for each file that is written.
    """
    lines = []
    for name, make in (("cells", cells), ("names", lambda: names() if imports_changed(notebook) else read("names"))):
        before, now = read(name), make()
        if name == "cells":
            now = before | {key: found for key, found in now.items() if notebook in key.split("/")}
        if changed := differences(before, now):
            write(name, now)
            lines.append(f"wrote authoring/goldens/{name}.json: {len(changed)} lines are other than before")
    return lines


def imports_changed(notebook: str) -> bool:
    """Whether a lab imports other names of the package than on file."""
    known = read("names").get("notebooks", {})
    return any(known.get(key) != found for key, found in notebook_imports().items() if notebook in key.split("/"))


def write_adversarial() -> None:
    """Grades the corpus and writes what became of it, unless something in it did not end as it must."""
    from authoring.adversarial import run

    folder = Path(tempfile.mkdtemp(prefix="adversarial-"))
    try:
        results, _, leaks = run.grade_all(run.CASES, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    if faults := [*leaks, *(f"{result.case.name}: {fault}" for result in results for fault in result.faults)]:
        sys.exit("Nothing was written, because the corpus does not end as it must:\n" + "\n".join(faults))
    write("adversarial", adversarial(results))


def main(argv: list[str]) -> None:
    """Writes what is named, by default everything."""
    parts = {
        "cells": lambda: write("cells", cells()),
        "names": lambda: write("names", names()),
        "adversarial": write_adversarial,
    }
    if unknown := set(argv) - set(parts):
        sys.exit(f"The parts are {', '.join(parts)}; received {', '.join(sorted(unknown))}.")
    for part in argv or parts:
        parts[part]()


if __name__ == "__main__":
    main(sys.argv[1:])
