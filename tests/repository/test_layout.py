"""Where things lie: nothing needs the tests but the tests, and a lab's folder holds what a lab has."""

from __future__ import annotations

import ast
import graphlib
import re
from pathlib import Path

import pytest

from authoring.checking.answers import LABS_FOLDER, labs

ROOT = Path(__file__).resolve().parents[2]
PROGRAMS = ("authoring", "benchmarks", "tools", "site", "course_utils", "grader/src")
OF_THE_TESTS = {"tests"} | {path.stem for path in (ROOT / "tests").glob("*.py")}
"""What an import that needs the tests begins with."""


LAYERS = [
    "errors",
    "keras_settings",
    "storage",
    "progress_bar",
    "hardware",
    "benchmark_results",
    "models",
    "data",
    "features",
    "inspect",
]
LAYERS += ["finetune", "evaluate", "plots", "widgets", "checks", "commands", "__main__"]
"""The parts of the course's package: each imports from itself, from those before it, and from nothing after it."""


def imported(path):
    """The first names of what a file imports."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"), str(path))):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.partition(".")[0]


def test_no_program_needs_the_tests():
    programs = [path for folder in PROGRAMS for path in (ROOT / folder).rglob("*.py") if "answers" not in path.parts]
    assert len(programs) > 100
    found = {str(path.relative_to(ROOT)): OF_THE_TESTS & set(imported(path)) for path in programs}
    assert {path: names for path, names in found.items() if names} == {}
    makefile = (ROOT / "Makefile").read_text("utf-8")
    named = re.findall(r"tests/\S+", re.sub(r"##.*", "", makefile))
    assert all(re.match(r"tests/\w+/test_", name) for name in named), (
        "make runs tests, and nothing else that lies there"
    )


def names_imported(tree):
    """The dotted names that code imports, anywhere in it; also in texts that are code, which ``python -c`` may run."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"a relative import in line {node.lineno}"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Constant | ast.JoinedStr):
            parts = node.values if isinstance(node, ast.JoinedStr) else [node]
            text = "".join(str(part.value) if isinstance(part, ast.Constant) else "_" for part in parts)
            if "import " in text:
                try:
                    code = ast.parse(text)
                except (SyntaxError, ValueError):  # a text about importing
                    continue
                yield from names_imported(code)


def course_imports():
    """Each module of the course's package → the names that it imports from there."""
    paths = (ROOT / "course_utils").rglob("*.py")
    trees = {path.relative_to(ROOT).with_suffix("").parts: ast.parse(path.read_text("utf-8")) for path in paths}
    return {
        ".".join(parts).removesuffix(".__init__"): {
            name for name in names_imported(tree) if name.startswith("course_utils.")
        }
        for parts, tree in trees.items()
    }


def test_names_imported_are_found_in_functions_and_in_texts_that_are_code():
    code = 'def f():\n    from a.b import c\nRUN = "import sys; from d import e; e()"\n'
    code += 'run(f"import g.h; print({x})", "They import nothing.")'
    assert set(names_imported(ast.parse(code))) == {"a.b.c", "sys", "d.e", "g.h"}


def test_no_part_of_the_course_imports_from_a_later_one():
    def layer(name):
        return LAYERS.index(name.split(".")[1])

    found = course_imports()
    assert {name.split(".")[1] for name in found if "." in name} == set(LAYERS), "every part has its layer"
    assert found.pop("course_utils") == set(), "the package itself imports none of its parts"
    wrong = [f"{own} imports {name}" for own, names in found.items() for name in names if layer(name) > layer(own)]
    assert wrong == []


def test_no_modules_of_the_course_import_each_other_in_a_circle():
    found = course_imports()
    needs = {own: {name if name in found else name.rpartition(".")[0] for name in found[own]} for own in found}
    assert set().union(*needs.values()) <= set(found)
    graphlib.TopologicalSorter(needs).prepare()  # raises CycleError


@pytest.mark.parametrize("name", labs())
def test_a_lab_is_one_folder(name):
    folder = LABS_FOLDER / name
    exercises = {path.stem for path in (folder / "answers").iterdir() if path.suffix == ".py"}
    assert (folder / "notebook.py").is_file() and exercises
    assert {path.name for path in (folder / "expected").iterdir()} >= {"results.json", "answers.md", f"{name}-1.png"}


def test_modules_of_authoring_are_read_in_one_sitting():
    modules = [*(ROOT / "authoring").glob("*.py"), *(ROOT / "authoring/checking").glob("*.py")]
    assert len(modules) > 10
    long = {path.name: len(path.read_text("utf-8").splitlines()) for path in modules}
    assert {name: lines for name, lines in long.items() if lines > 320} == {}


def test_the_course_package_is_small_and_its_modules_lie_in_folders():
    package = ROOT / "course_utils"
    assert len([path for path in package.glob("*.py") if not path.stem.startswith("__")]) <= 6
    lines = {path: len(path.read_text("utf-8").splitlines()) for path in package.rglob("*.py")}
    assert sum(lines.values()) <= 14_000, "write less, or take out what nothing needs"
    assert max(lines.values()) <= 320, max(lines, key=lines.get)
