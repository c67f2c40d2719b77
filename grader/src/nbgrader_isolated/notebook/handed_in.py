"""Which file of a submission is a notebook of the assignment, also where it has another name; and what another file is."""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from nbgrader_isolated.notebook.intake import NotANotebook, parse, read_file
from nbgrader_isolated.notebook.roles import role

_MOST_FILES, _DEEPEST = 200, 4
_NAME = re.compile(r".*\.ipynb([ ._-].*)?|.*\.ipynb\.(txt|json)", re.I | re.S)
_IGNORED = {".ipynb_checkpoints", "__pycache__", "__MACOSX", ".git"}


def locate(folder: Path, source: Mapping[str, list[dict]]) -> dict[str, Path | NotANotebook]:
    """Finds an assignment's notebooks in what was handed in.

    A file with the expected name is that notebook. For a name that is missing, a notebook under another name, or in a
    folder inside, is taken when it alone holds cells of that notebook.

    Args:
        folder: what was handed in.
        source: the instructor's cells of each notebook, by name.

    Returns:
        For each name the file, or why there is none.
    """
    found: dict[str, Path | NotANotebook] = {name: folder / f"{name}.ipynb" for name in source}
    missing = [name for name, path in found.items() if not os.path.lexists(path)]
    if not missing:
        return found
    others = _others(folder, {path.name for path in found.values()})
    known = {name: _marks(source[name]) for name in missing}
    fits: dict[str, dict[Path, bytes]] = {name: {} for name in missing}
    for path in others:
        with contextlib.suppress(NotANotebook, OSError):
            raw = read_file(path)
            shared = {name: len(marks & _ids(parse(raw))) for name, marks in known.items()}
            best = max(shared.values())
            for name in missing:
                if 0 < best == shared[name] and raw not in fits[name].values():
                    fits[name][path] = raw
    for name, paths in fits.items():
        found[name] = next(iter(paths)) if len(paths) == 1 else _absent(folder, name, paths or others, bool(paths))
    return found


def may_hold(folder: Path, name: str, names: Iterable[str]) -> bool:
    """Whether a notebook was handed in, or something that could be it: any file called like one that is none of ``names``."""
    expected = {f"{each}.ipynb" for each in names}
    return os.path.lexists(folder / f"{name}.ipynb") or bool(_others(folder, expected))


def _others(folder: Path, expected: set[str]) -> list[Path]:
    """Files that are called like notebooks, but for those that have an expected name in their place."""
    listed: list[Path] = []
    for place, folders, names in os.walk(folder):
        deep = len(Path(place).relative_to(folder).parts)
        folders[:] = sorted(set(folders) - _IGNORED) if deep < _DEEPEST else []
        listed += [
            Path(place, name) for name in sorted(names) if _NAME.fullmatch(name) and (deep or name not in expected)
        ]
        if len(listed) > _MOST_FILES:
            break
    return listed[:_MOST_FILES]


def _marks(pristine: list[dict]) -> set[str]:
    own = [cell for cell in pristine if role(cell) != "plain"]
    return {cell["metadata"]["nbgrader"]["grade_id"] for cell in own} | {cell["id"] for cell in own if cell.get("id")}


def _ids(cells: list[dict]) -> set[str]:
    return {cell[name] for cell in cells for name in ("grade_id", "id") if cell[name]}


def _absent(folder: Path, name: str, paths: Iterable[Path], several: bool) -> NotANotebook:
    there = ", ".join(named(folder, path) for path in list(paths)[:5])
    said = f"There is no {name}.ipynb in what was handed in"
    if several:
        return NotANotebook(f"{said}, and several files could be it: {there}. Hand in one, called {name}.ipynb.")
    if there:
        return NotANotebook(f"{said}. There is {there}, which holds none of its cells. Hand in the file {name}.ipynb.")
    return NotANotebook(f"{said}; was it renamed? Hand in the file {name}.ipynb.")


def named(folder: Path, path: Path) -> str:
    """A file of a student's, for a sentence."""
    return ascii(str(path.relative_to(folder))[-80:])
