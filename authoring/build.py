"""Builds the notebooks of the course from their texts: `make notebooks`, or `make notebooks ARGS=lab2` only one.

authoring/lessons/NN_name.py      → lessons/NN_name.ipynb
authoring/glossary.md             → lessons/GLOSSARY.md
authoring/labs/labN/notebook.py   → solutions/labN/labN.ipynb (answers, hidden tests) → labs/labN/labN.ipynb (by nbgrader itself)

The same text gives the same bytes, so `python -m authoring.build --check` can say whether what is committed is what the
text says. authoring/README.md describes how the text is written.
"""

from __future__ import annotations

import argparse
import base64
import io
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import jupytext
import nbformat
from PIL import Image

from authoring import costs, demands, first_cell, rules, totals, words

ROOT = Path(__file__).resolve().parent.parent

# Files next to a lab's text, in authoring/labs/labN/, that go to students with it. Nothing else does.
STUDENT_FILES: dict[str, list[str]] = {}

KERNELSPEC = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
LANGUAGE_INFO = {"name": "python"}

# What a header such as `# %% nbgrader="test"` stands for: the kind of cell, and nbgrader's flags.
ROLES = {
    "answer": ("code", {"grade": False, "solution": True, "locked": False}),
    "test": ("code", {"grade": True, "solution": False, "locked": True}),
    "manual": (None, {"grade": True, "solution": True, "locked": False}),
    "locked": (None, {"grade": False, "solution": False, "locked": True}),
}


class BuildError(Exception):
    """The text of a notebook breaks one of the course's rules; the message lists every place."""


def expand(cell: nbformat.NotebookNode, position: int) -> None:
    """Turns one cell's short header into Jupyter's and nbgrader's metadata, in place.

    Args:
        cell: a cell as jupytext read it.
        position: its place in the notebook, from 0; plain cells are named after it.
    """
    given = dict(cell.metadata)
    role, grade_id, points = given.pop("nbgrader", None), given.pop("id", None), given.pop("points", None)
    given.pop("lines_to_next_cell", None)  # jupytext's note to itself about blank lines
    if given.pop("folded", False):
        given["jupyter"] = {"source_hidden": True}
    cell.id = f"cell-{position:03d}"
    if role is not None:
        where = f"cell {position + 1} ({cell.source.strip().splitlines()[0] if cell.source.strip() else 'empty'})"
        if role not in ROLES:
            raise BuildError(f'{where}: nbgrader="{role}" is not one of {", ".join(ROLES)}')
        if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_-]{0,58}", str(grade_id or "")):
            raise BuildError(
                f'{where}: nbgrader="{role}" needs id="…" of letters, digits and hyphens, not {grade_id!r}'
            )
        kind, flags = ROLES[role]
        if kind and cell.cell_type != kind:
            raise BuildError(f'{where}: nbgrader="{role}" goes on a {kind} cell, this is {cell.cell_type}')
        if flags["grade"] and not (isinstance(points, int | float) and points > 0):
            raise BuildError(f'{where}: nbgrader="{role}" needs points above 0, got {points!r}')
        if points is not None and not flags["grade"]:
            raise BuildError(f'{where}: nbgrader="{role}" is not marked, so it cannot carry points')
        given["nbgrader"] = {"schema_version": 3, "task": False, "grade_id": grade_id, **flags}
        if flags["grade"]:
            given["nbgrader"]["points"] = points
        cell.id = f"grade-{grade_id}"
    elif grade_id is not None or points is not None:
        raise BuildError(f"cell {position + 1}: id and points only mean something together with nbgrader=…")
    # Hidden parts at the end of a cell must not leave blank lines behind.
    cell.source = re.sub(r"\n+(\n[^\n]*BEGIN (?:HIDDEN TESTS|MARK SCHEME))", r"\1", cell.source)
    if cell.cell_type == "markdown":
        # As it stands a marker would be a heading of its own on the page; as a comment nbgrader still finds it.
        cell.source = re.sub(
            r"^### ((?:BEGIN|END) (?:SOLUTION|MARK SCHEME))$", r"<!-- ### \1 -->", cell.source, flags=re.M
        )
    cell.metadata = nbformat.from_dict(given)


def read_script(path: Path) -> nbformat.NotebookNode:
    """Reads one percent script as a notebook with full metadata, stable cell ids and no outputs."""
    notebook = jupytext.read(path, fmt="py:percent")
    notebook.metadata = nbformat.from_dict({"kernelspec": KERNELSPEC, "language_info": LANGUAGE_INFO})
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    faults = []
    for position, cell in enumerate(notebook.cells):
        try:
            expand(cell, position)
        except BuildError as fault:
            faults.append(str(fault))
    if faults:
        raise BuildError("\n".join(f"{name_of(path)}: {fault}" for fault in faults))
    return notebook


def show_expected(notebook: nbformat.NotebookNode, lab: str, folder: Path) -> None:
    """Puts under each promise of an image that image, folded, with its description; in place.

    Args:
        notebook: a lab.
        lab: its name.
        folder: where `tools/expected.py` keeps the images, numbered as the promises come. One that is not there yet is left out.
    """
    promises = [cell for cell in notebook.cells if cell.cell_type == "markdown" and rules.PROMISE in cell.source]
    for number, cell in enumerate(promises, start=1):
        path = folder / f"{lab}-{number}.png"
        if not path.is_file():
            continue
        content = path.read_bytes()
        said = Image.open(io.BytesIO(content)).text["Description"]
        # An attachment travels with the cell, wherever a student's copy goes. Brackets would end the description early.
        described = re.sub(r"([\[\]])", r"\\\1", " ".join(said.split()))
        cell.attachments = nbformat.from_dict({path.name: {"image/png": base64.b64encode(content).decode()}})
        cell.source += (
            f"\n\n<details>\n<summary>The image that the worked solution draws; yours need not be the same</summary>\n\n"
            f"![{described}](attachment:{path.name})\n\n</details>"
        )


def dump(notebook: nbformat.NotebookNode) -> bytes:
    """A notebook as the bytes that are committed."""
    return (nbformat.writes(notebook, version=4).rstrip("\n") + "\n").encode()


def generate_assignments(solutions: dict[Path, bytes], root: Path) -> dict[Path, bytes]:
    """Runs the real `nbgrader generate_assignment` on all labs, in a temporary course and without a gradebook.

    Args:
        solutions: relative path (``solutions/labN/…``) → content.
        root: the repository, for its ``nbgrader_config.py``.

    Returns:
        Relative path (``labs/labN/…``) → content.

    Raises:
        BuildError: with what nbgrader said, when it fails.
    """
    with tempfile.TemporaryDirectory(prefix="notebooks-") as folder:
        course = Path(folder)
        shutil.copy(root / "nbgrader_config.py", course)
        for path, content in solutions.items():
            (course / path).parent.mkdir(parents=True, exist_ok=True)
            (course / path).write_bytes(content)
        labs = sorted({path.parts[1] for path in solutions})
        names = f"--assignment={labs[0] if len(labs) == 1 else '*'}"
        command = [sys.executable, "-m", "nbgrader", "generate_assignment", "--no-db", names]
        done = subprocess.run(command, cwd=course, capture_output=True, text=True)
        if done.returncode:
            said = "\n".join(done.stderr.splitlines()[-12:])
            raise BuildError(f"nbgrader could not make the students' version of the labs:\n{said}")
        made = sorted(path for path in (course / "labs").rglob("*") if path.is_file())
        return {path.relative_to(course): path.read_bytes() for path in made}


def texts(root: Path) -> dict[str, Path]:
    """The text of every notebook by its key, such as ``lesson03`` or ``lab2``, in order."""
    paths = sorted((root / "authoring" / "lessons").glob("[0-9][0-9]_*.py"))
    paths += sorted((root / "authoring" / "labs").glob("lab[0-9]*/notebook.py"))
    return {costs.key_of(path): path for path in paths}


def complete(path: Path, root: Path) -> tuple[nbformat.NotebookNode, list[str]]:
    """Reads a notebook's text and fills in what follows from elsewhere.

    Args:
        path: the text.
        root: the repository.

    Returns:
        The notebook as it is built, and its faults.
    """
    key, lab = costs.key_of(path), path.name == "notebook.py"
    notebook = read_script(path)
    if lab:
        show_expected(notebook, key, path.parent / "expected")
    first_cell.add(notebook, root)
    for cell in notebook.cells:
        cell.source = cell.source.replace(costs.HEADER, costs.header(key, root))
    found = (totals.fill(notebook) + demands.faults(notebook) if lab else []) + rules.faults(notebook, lab=lab)
    found += words.faults(notebook, lab=lab)
    return notebook, [f"{name_of(path)}: {fault}" for fault in found]


def remarks(built: dict[Path, bytes]) -> list[str]:
    """What is no fault, and yet worth knowing: labs without a hundred points, lessons that are long."""
    lines = []
    for path, content in built.items():
        if path.suffix != ".ipynb" or path.parts[0] == "labs":
            continue
        notebook = nbformat.reads(content.decode(), as_version=4)
        if path.parts[0] == "lessons":
            lines += words.remarks(f"lesson{path.stem[:2]}", notebook)
        elif (points := totals.value("points", notebook.cells)) != "100":
            lines.append(f"{path.stem} has {points} points; the course's labs have 100, so that they weigh the same")
    return lines


def name_of(path: Path) -> str:
    """What messages call a text: ``01_one.py``, ``lab1/notebook.py``."""
    return f"{path.parent.name}/{path.name}" if path.name == "notebook.py" else path.name


def build(root: Path = ROOT, only: list[str] | None = None) -> dict[Path, bytes]:
    """Builds in memory.

    Args:
        root: the repository.
        only: keys of notebooks, such as ``lab2``; by default everything, the README's tables too.

    Returns:
        Path relative to ``root`` → content, for every file that is built.

    Raises:
        BuildError: with one line for every rule that is broken.
    """
    known, built, solutions, faults = texts(root), {}, {}, []
    if unknown := [key for key in only or [] if key not in known]:
        raise BuildError(f"expected notebooks of {', '.join(known)}; received {', '.join(unknown)}. Correct the name.")
    for key in only or known:
        path = known[key]
        try:
            notebook, found = complete(path, root)
        except BuildError as fault:
            faults.append(str(fault))
            continue
        faults += found
        if path.name != "notebook.py":
            built[Path("lessons", f"{path.stem}.ipynb")] = dump(notebook)
            continue
        solutions[Path("solutions", key, f"{key}.ipynb")] = dump(notebook)
        for name in STUDENT_FILES.get(key, []):
            solutions[Path("solutions", key, name)] = (path.parent / name).read_bytes()
    if faults:
        raise BuildError("\n".join(faults))
    released = generate_assignments(solutions, root) if solutions else {}
    for path, content in released.items():
        if path.suffix == ".ipynb":
            notebook = nbformat.reads(content.decode(), as_version=4)
            faults.extend(f"{path}: {fault}" for fault in rules.release_faults(notebook))
    if faults:
        raise BuildError("\n".join(faults))
    if (root / "authoring" / "glossary.md").is_file():
        built[Path("lessons", costs.GLOSSARY)] = costs.glossary(root).encode()
    readme = root / "README.md"
    if readme.is_file() and not only:
        built[Path("README.md")] = costs.fill_readme(readme.read_text("utf-8"), root).encode()
    return built | solutions | released


def differences(built: dict[Path, bytes], root: Path = ROOT, *, everything: bool = True) -> list[str]:
    """Compares what would be built with what lies in the repository.

    Args:
        built: what `build` gave.
        root: the repository.
        everything: whether all notebooks were built, so that another file in a built folder is one too many.

    Returns:
        One line for each file that is missing, differs, or has no business in a built folder.
    """
    found = []
    for path, content in built.items():
        if not (root / path).is_file():
            found.append(f"{path} is missing")
        elif (root / path).read_bytes() != content:
            found.append(f"{path} differs from what authoring/ says")
    for folder in ("lessons", "solutions", "labs") if everything else ():
        for path in sorted((root / folder).rglob("*")):
            inside = path.relative_to(root)
            if path.is_file() and inside not in built and ".ipynb_checkpoints" not in inside.parts:
                found.append(f"{inside} is not built from authoring/: move it to work/, or delete it")
    return found


def main(argv: list[str] | None = None) -> int:
    """The command line; returns the exit status."""
    parser = argparse.ArgumentParser(description="Build lessons/, solutions/ and labs/ from authoring/.")
    parser.add_argument("only", nargs="*", metavar="notebook", help="such as lesson03 or lab2; by default all of them")
    parser.add_argument("--check", action="store_true", help="write nothing; fail when what is committed differs")
    parser.add_argument("--root", type=Path, default=ROOT, help="another copy of the repository")
    given = parser.parse_args(argv)
    try:
        built = build(given.root, given.only)
    except BuildError as fault:
        print(fault, file=sys.stderr)
        return 1
    if not given.check:
        for path, content in built.items():
            target = given.root / path
            if not target.is_file() or target.read_bytes() != content:
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(content)
                print(f"wrote {path}")
    print(*(f"note: {line}\n" for line in remarks(built)), sep="", end="")
    found = differences(built, given.root, everything=not given.only)
    for line in found:
        print(line, file=sys.stderr)
    if found and given.check:
        print("Run `make notebooks`, and commit what it writes.", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
