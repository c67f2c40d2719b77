"""The ``release`` command: one lab and all that a student needs for it, as a zip with nothing hidden in it.

A clone would carry worked solutions. Before the zip appears, every file in it is searched for the answers, hidden
tests, mark schemes and seed that an instructor keeps back. It has settings of its own for nbgrader.
"""

import zipfile
from pathlib import Path

from course_utils.checks.core.seeds import ENVIRONMENT_VARIABLE, FILE_NAME, PUBLIC_SECRET, SHORTEST_SEED, secret_text
from course_utils.commands import parser_of
from course_utils.commands.course_files import require_clone
from course_utils.commands.lab import IGNORED
from course_utils.errors import BadArgumentError, NotAvailableError, require_known
from course_utils.storage import ASSETS, writing
from nbgrader_isolated.notebook.kept_back import Secret, readable, require_kept_back, secrets_of, squeezed

FILES = (
    *("README.md", "LICENSE", "CITATION.cff", "Makefile", "pyproject.toml", "environment.yml"),
    *("requirements.lock", "requirements-gpu.lock", "docs/students.md", "docs/lessons.md", "docs/gpu.md"),
)
FOLDERS = ("course_utils", "grader", "tools", "lessons", "benchmarks/results", "docs/figures")

SETTINGS = "nbgrader_config.py"
TAKEN_OVER = {
    "CourseDirectory": ("course_id", "ignore", "max_file_size", "max_dir_size"),
    "Exchange": ("timezone",),
    "Execute": ("timeout",),
    "ExecutePreprocessor": ("timeout",),
}
"""What students' settings have in common with the instructor's. Nothing else is taken: extensions, say, name students."""

STUDENT_SETTINGS = ASSETS / "student_nbgrader_config.template"


def kept_back(lab: str, root: Path) -> list[Secret]:
    """Returns what a lab keeps back: the answers, hidden tests and mark schemes of its source, and the course's seed."""
    source = root / "solutions" / lab / f"{lab}.ipynb"
    if not source.is_file():
        raise NotAvailableError(
            f"Expected the lab with its answers at {source}; found none. Release from an instructor's clone of the course."
        )
    seed = secret_text(root)
    return secrets_of(source, seed="" if seed == PUBLIC_SECRET else seed)


def require_long_seed(root: Path) -> None:
    """Raises ``BadArgumentError`` for a seed that is too short to be looked for; the message does not say which it is."""
    seed = secret_text(root)
    length = len(squeezed(seed))
    if seed != PUBLIC_SECRET and length < SHORTEST_SEED:
        raise BadArgumentError(
            f"Expected a seed of at least {SHORTEST_SEED} characters, spaces not counted; yours has {length}. So short a text "
            "stands in some file by chance, and nobody could show that the bundle does not hold it. Write a longer one into "
            f"{FILE_NAME} (or {ENVIRONMENT_VARIABLE}); for labs that are graded already, run `grade LAB` afterwards."
        )


def student_settings(root: Path) -> str:
    """Returns the ``nbgrader_config.py`` of a bundle: the course's name and limits, and the exchange."""
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

    ``target``, the zip, is by default ``<lab>.zip`` in the current folder. Returns its path, how many files are in it,
    and how many secrets were looked for in each.

    Raises:
        UnknownNameError: there is no such lab.
        BadArgumentError: the seed is too short to tell whether it is in a file.
        nbgrader_isolated.errors.BadArgumentError: something hidden is in a file.
        NotAvailableError: the lab's source, or the course's settings, are not here.
        StoreError: the zip cannot be written.
    """
    root = require_clone("release") if root is None else root
    labs = sorted(path.name for path in (root / "labs").glob("lab*/"))
    require_known("lab", labs, lab)
    target = Path(f"{lab}.zip") if target is None else target
    require_long_seed(root)
    hidden, files, settings = kept_back(lab, root), members(lab, root), student_settings(root)
    for path in files:
        require_kept_back(hidden, readable(root / path), path=path, assignment=lab)
    require_kept_back(hidden, settings, path=Path(SETTINGS), assignment=lab)
    inside = Path(f"transfer-learning-{lab}")
    with writing(target) as temporary, zipfile.ZipFile(temporary, "w", zipfile.ZIP_DEFLATED) as bundle:
        for path in files:
            bundle.write(root / path, inside / path)
        bundle.writestr((inside / SETTINGS).as_posix(), settings)
    return target, len(files) + 1, len(hidden)


def main(argv: list[str]) -> int:
    """The ``release`` command; returns 0, and raises errors."""
    parser = parser_of("release", "Make the zip of a lab that students get, and prove that nothing hidden is in it.")
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
