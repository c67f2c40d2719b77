"""The files next to a graded notebook: what was handed in with it, for whoever marks."""

from __future__ import annotations

import contextlib
import fnmatch
import os
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePath

from nbgrader_isolated.closed import make_folder, writing
from nbgrader_isolated.run.attachments import IGNORED, Attachments
from nbgrader_isolated.student.own_files import in_the_way

_CONFIGURATION = ("*_config.py", "*_config.json")
"""Programs of Jupyter's read these from the folder that they are started in, and run what stands there."""


def put_neighbours(attachments: Attachments, graded: Path, ignore: Iterable[str] = ()) -> None:
    """Makes a folder hold these files and folders besides notebooks and nbgrader's receipts, and no others.

    Whoever marks opens a notebook there in a kernel of their own. So what that kernel, or a program of Jupyter's, would run in
    place of its own stays in the folder that was handed in: files with the name of a module, and configuration.

    Args:
        attachments: what was handed in, and the instructor's.
        graded: the folder of the graded notebooks.
        ignore: patterns of names, ``c.CourseDirectory.ignore``.

    Raises:
        OSError: something cannot be read or written, or is not what it was.
    """
    away = [*(name.rstrip("/") for name in in_the_way(attachments.files)), *_CONFIGURATION, *ignore]

    def wanted(name: str) -> bool:
        return not any(fnmatch.fnmatchcase(part, pattern) for part in PurePath(name).parts for pattern in away)

    files = {name: found for name, found in attachments.files.items() if wanted(name)}
    folders = {name for name in attachments.folders if wanted(name)}
    for name in [*_there(graded)]:
        path = graded / name
        if path.is_dir() and not path.is_symlink():
            if name not in folders:
                shutil.rmtree(path)
        elif name not in files:
            with contextlib.suppress(FileNotFoundError):  # it went with its folder
                path.unlink()
    for name in sorted(folders):
        make_folder(graded / name)
    for name in files:
        if not attachments.holds(name, graded / name):
            with writing(graded / name) as temporary:
                attachments.copy_file(name, temporary)


def _there(graded: Path) -> Iterator[str]:
    """What lies in the folder besides notebooks, receipts, and what Jupyter keeps."""
    for place, folders, names in os.walk(graded):
        folders[:] = [name for name in folders if name not in IGNORED]
        for name in (*folders, *names):
            if name not in IGNORED and not (Path(place) == graded and name.endswith(".ipynb")):
                yield os.path.relpath(os.path.join(place, name), graded)
