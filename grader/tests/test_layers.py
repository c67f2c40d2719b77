"""Which part may use which: a module imports from its own folder or from what stands before it in this list."""

import ast
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[1] / "src" / "nbgrader_isolated"
LAYERS = [
    "errors",
    "files",
    "output",
    "text_table",
    "printed",
    "outcomes",
    "closed",
    "lock",
    "wire",
    "sandbox",
    "notebook",
    "examiner",
    "student",
]
LAYERS += ["run", "validate", "gradebook", "lms", "plugin", "commands", "cli"]


def imported(path: Path) -> set[str]:
    """The dotted names that a module imports, anywhere in its code."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: a relative import"
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def test_no_module_imports_from_a_later_layer_or_from_the_course():
    wrong = []
    for path in sorted(SOURCE.rglob("*.py")):
        own = path.relative_to(SOURCE).parts[0].removesuffix(".py")
        for name in imported(path):
            top, _, rest = name.partition(".")
            assert top != "course_utils", path
            if top == SOURCE.name and own != "__init__" and LAYERS.index(rest.split(".")[0]) > LAYERS.index(own):
                wrong.append(f"{path.relative_to(SOURCE)} imports {name}")
    assert wrong == []


def test_every_part_has_its_layer():
    there = {path.stem for path in SOURCE.iterdir() if path.name not in ("__init__.py", "__pycache__")}
    assert there == set(LAYERS)
