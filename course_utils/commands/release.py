"""The ``release`` command: one lab and all that a student needs for it, as a zip with nothing hidden in it.

Students of a class get the bundle instead of a clone, which would carry worked solutions. Before the zip appears, every
file in it is searched for the answers, hidden tests, mark schemes and seed that an instructor keeps back. It has settings
of its own for nbgrader, so that students can hand in and validate from it.
"""

from __future__ import annotations

import argparse
import json
import re
import textwrap
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from course_utils.checks.core.seeds import ENVIRONMENT_VARIABLE, FILE_NAME, PUBLIC_SECRET, SHORTEST_SEED, secret_text
from course_utils.commands.lab import IGNORED, course_root
from course_utils.errors import BadArgumentError, NotAvailableError, unknown_name
from course_utils.storage import writing

FILES = (
    *("README.md", "LICENSE", "CITATION.cff", "Makefile", "pyproject.toml", "environment.yml"),
    *("requirements.lock", "requirements-gpu.lock", "docs/students.md", "docs/gpu.md"),
)
FOLDERS = ("course_utils", "grader", "tools", "lessons", "benchmarks/results", "docs/figures")
KEPT_BACK = {"answer": "SOLUTION", "hidden test": "HIDDEN TESTS", "mark scheme": "MARK SCHEME"}

SETTINGS = "nbgrader_config.py"
TAKEN_OVER = {
    "CourseDirectory": ("course_id", "ignore", "max_file_size", "max_dir_size"),
    "Exchange": ("timezone",),
    "Execute": ("timeout",),
    "ExecutePreprocessor": ("timeout",),
}
"""What students' settings have in common with the instructor's. Nothing else is taken: extensions, say, name students."""

STUDENT_SETTINGS = resources.files("course_utils") / "assets" / "student_nbgrader_config.template"


@dataclass(frozen=True)
class Secret:
    """Something that no student may find."""

    kind: str  # "answer", "hidden test", "mark scheme" or "seed"
    text: str  # as it stands in the source, without indentation

    def is_in(self, content: str) -> bool:
        """Whether a text holds it, whatever the spacing; ``content`` has been squeezed."""
        return squeezed(self.text) in content


def squeezed(text: str) -> str:
    """A text without spaces and line breaks, so that another indentation hides nothing."""
    return re.sub(r"\s+", "", text)


def content_of(path: Path) -> str:
    """What can be read in a file, squeezed; of a notebook, what its cells and their outputs say."""
    text = path.read_bytes().decode("utf-8", errors="ignore")
    if path.suffix == ".ipynb":
        text = "".join(_strings(json.loads(text)))
    return squeezed(text)


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _strings(item)


def secrets_of(lab: str, root: Path) -> list[Secret]:
    """Reads what a lab keeps back: each answer, hidden test and mark scheme of its source as a whole, and the seed.

    Raises:
        NotAvailableError: ``solutions/`` is not here, so there is nothing to hold the bundle against.
    """
    import nbformat

    source = root / "solutions" / lab / f"{lab}.ipynb"
    if not source.is_file():
        raise NotAvailableError(
            f"Expected the lab with its answers at {source}; found none. Release from an instructor's clone of the course."
        )
    found = []
    for cell in nbformat.read(source, as_version=4).cells:
        for kind, word in KEPT_BACK.items():
            pattern = rf"### BEGIN {word}\n(.*?)### END {word}"
            regions = re.findall(pattern, cell.source, flags=re.DOTALL)
            found += [Secret(kind, textwrap.dedent(region).strip()) for region in regions]
        flags = cell.metadata.get("nbgrader", {})
        if cell.cell_type == "markdown" and flags.get("solution"):
            found.append(Secret("answer", cell.source.strip()))
    if secret_text(root) != PUBLIC_SECRET:
        found.append(Secret("seed", secret_text(root)))
    return [secret for secret in found if secret.text]


def require_long_seed(root: Path) -> None:
    """Refuses a seed that is too short to be looked for.

    Raises:
        BadArgumentError: it has fewer characters than ``SHORTEST_SEED``; the message does not say which.
    """
    length = len(squeezed(secret_text(root)))
    if secret_text(root) != PUBLIC_SECRET and length < SHORTEST_SEED:
        raise BadArgumentError(
            f"Expected a seed of at least {SHORTEST_SEED} characters, spaces not counted; yours has {length}. So short a text "
            "stands in some file by chance, and nobody could show that the bundle does not hold it. Write a longer one into "
            f"{FILE_NAME} (or {ENVIRONMENT_VARIABLE}); for labs that are graded already, run `grade LAB` afterwards."
        )


def student_settings(root: Path) -> str:
    """Returns the ``nbgrader_config.py`` of a bundle: the course's name and limits, and the exchange.

    Raises:
        NotAvailableError: the instructor's settings are not here.
    """
    from traitlets.config.loader import PyFileConfigLoader

    if not (root / SETTINGS).is_file():
        raise NotAvailableError(
            f"Expected the course's settings at {root / SETTINGS}; found none. Release from an instructor's clone of the course."
        )
    config = PyFileConfigLoader(SETTINGS, path=str(root)).load_config()
    lines = [
        f"c.{section}.{name} = {config[section][name]!r}"
        for section, names in TAKEN_OVER.items()
        for name in names
        if name in config[section]
    ]
    return STUDENT_SETTINGS.read_text(encoding="utf-8").format(taken_over="\n".join(lines))


def members(lab: str, root: Path) -> list[Path]:
    """Lists the files of a bundle, relative to the course's folder."""
    chosen = [root / name for name in FILES if (root / name).is_file()]
    for folder in (*FOLDERS, f"labs/{lab}"):
        chosen += [path for path in sorted((root / folder).rglob("*")) if path.is_file() and not path.is_symlink()]
    inside = (path.relative_to(root) for path in chosen)
    return [path for path in inside if not set(path.parts) & IGNORED and path.suffix != ".pyc"]


def write_bundle(lab: str, *, target: Path | None = None, root: Path | None = None) -> tuple[Path, int, int]:
    """Writes a lab's bundle, after looking for everything hidden in every one of its files and in students' settings.

    Args:
        lab: for example ``"lab2"``.
        target: the zip to write; by default ``<lab>.zip`` in the current folder.
        root: the course's folder; by default this one.

    Returns:
        The zip's path, how many files are in it, and how many secrets were looked for in each.

    Raises:
        UnknownNameError: there is no such lab.
        BadArgumentError: something hidden is in a file, or the seed is too short to tell; no zip is written.
        NotAvailableError: the lab's source, or the course's settings, are not here.
        StoreError: the zip cannot be written.
    """
    root = course_root() if root is None else root
    labs = sorted(path.name for path in (root / "labs").glob("lab*/"))
    if lab not in labs:
        raise unknown_name("lab", lab, labs)
    target = Path(f"{lab}.zip") if target is None else target
    require_long_seed(root)
    hidden, files, settings = secrets_of(lab, root), members(lab, root), student_settings(root)
    for path in files:
        _refuse_leaks(lab, path, content_of(root / path), hidden)
    _refuse_leaks(lab, Path(SETTINGS), squeezed(settings), hidden)
    inside = Path(f"transfer-learning-{lab}")
    with writing(target) as temporary, zipfile.ZipFile(temporary, "w", zipfile.ZIP_DEFLATED) as bundle:
        for path in files:
            bundle.write(root / path, inside / path)
        bundle.writestr((inside / SETTINGS).as_posix(), settings)
    return target, len(files) + 1, len(hidden)


def _refuse_leaks(lab: str, path: Path, content: str, hidden: list[Secret]) -> None:
    """Complains about a file of the bundle in which something hidden stands; ``content`` has been squeezed."""
    leaked = {secret.kind for secret in hidden if secret.is_in(content)}
    if path.suffix == ".ipynb":
        leaked |= {word for word in KEPT_BACK.values() if squeezed(f"###BEGIN{word}") in content}
    if leaked:
        do = f"Rebuild the released lab with `nbgrader generate_assignment {lab}`, and look at that file."
        if leaked == {"seed"}:
            do = "Take the seed out of that file; or choose another, if it is a text that stands there for other reasons."
        raise BadArgumentError(
            f"{path} holds what students must not see ({', '.join(sorted(leaked))}), so no bundle was written. {do}"
        )


def main(argv: list[str]) -> int:
    """The ``release`` command; returns 0, and raises errors."""
    parser = argparse.ArgumentParser(
        prog="python -m course_utils release",
        description="Make the zip of a lab that students get, and prove that nothing hidden is in it.",
    )
    parser.add_argument("lab", help="for example lab2")
    parser.add_argument("--to", type=Path, help="the zip to write (default: LAB.zip here)")
    arguments = parser.parse_args(argv)
    path, files, looked_for = write_bundle(arguments.lab, target=arguments.to)
    print(
        f"{path}: {files} files, {path.stat().st_size / 1e6:.1f} MB. In none of them is any of the {looked_for} answers, "
        "hidden tests, mark schemes and seeds of this lab; solutions/, authoring/ and tests/ are left out.\n"
        "A student unpacks it and types `make lab` in the folder."
    )
    return 0
