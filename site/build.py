"""Builds the web site from the repository: `make site`, which leaves it in build/site/html.

    make site                          # runs the lessons whose outputs are not kept yet, then builds
    make site ARGS=--quick             # runs no lesson: those without kept outputs appear without results
    make site ARGS="--executed DIR"    # takes lessons that `benchmarks/notebooks.py --keep DIR` has run

Only what has changed is done again: outputs of lessons are kept by a hash of what decides them (executed.py), files are
written when their content changes, and Sphinx reads those again.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "benchmarks"))
sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tools"))
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from executed import LessonError, executed
from sources import gather

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent

GENERATED = {"genindex", "search", "py-modindex"}
"""Pages that Sphinx makes without a source."""


def write(files: dict[str, bytes], folder: Path) -> None:
    """Makes a folder hold these files and no others; a file that is right already keeps its time."""
    for path in [path for path in folder.rglob("*") if path.is_file()]:
        if path.relative_to(folder).as_posix() not in files:
            path.unlink()
    for name, content in files.items():
        path = folder / name
        if not path.is_file() or path.read_bytes() != content:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)


def build(out: Path, *, quick: bool = False, given: Path | None = None, root: Path = ROOT) -> int:
    """Builds the site.

    Args:
        out: the folder for everything: ``html``, ``source``, ``doctrees``, and ``executed`` with the kept outputs.
        quick: whether lessons without kept outputs appear without results, instead of being run.
        given: a folder of lessons that were run already, or None.
        root: the repository.

    Returns:
        Sphinx's exit status: 0 when there was no warning.

    Raises:
        LessonError: a lesson failed.
    """
    from sphinx.cmd.build import main as sphinx

    kept = out / "executed"
    kept.mkdir(parents=True, exist_ok=True)
    lessons = {}
    for path in sorted((root / "lessons").glob("[0-9][0-9]_*.ipynb")):
        if notebook := executed(path, kept, given=given, may_run=not quick):
            lessons[path.relative_to(root).as_posix()] = notebook
    files = gather(root, lessons)
    extra = {name: files.pop(name) for name in list(files) if name.startswith("downloads/")}
    write(files, out / "source")
    write(extra, out / "extra")
    pages = {str(Path(name).with_suffix("")) for name in files} | GENERATED
    for page in list((out / "html").rglob("*.html")):  # what an earlier build made of a file that is gone
        if page.relative_to(out / "html").with_suffix("").as_posix() not in pages:
            page.unlink()
    options = ["-q", "-W", "--keep-going", "-c", str(HERE), "-d", str(out / "doctrees")]
    options += ["-D", f"html_extra_path={out / 'extra'}"]
    status = sphinx([*options, str(out / "source"), str(out / "html")])
    if status:
        # Sphinx would not read a page with a warning again, and the next build would seem to be right.
        shutil.rmtree(out / "doctrees", ignore_errors=True)
    return status


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="run no lesson")
    parser.add_argument("--executed", type=Path, help="a folder of lessons that were run already")
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "site", help="default: build/site")
    options = parser.parse_args()
    started = time.perf_counter()
    try:
        status = build(options.out.absolute(), quick=options.quick, given=options.executed)
    except LessonError as error:
        print(error, file=sys.stderr)
        return 1
    if status == 0:
        print(f"{time.perf_counter() - started:.0f} s: {options.out / 'html' / 'index.html'}")
    return status


if __name__ == "__main__":
    sys.exit(main())
