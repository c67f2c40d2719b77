"""What the hub starts for each user, as that user: the course in ``~/course`` as it is now, then their JupyterLab.

In a student's folder only ``work/`` is theirs. Lessons, labs and documentation are links to the hub's, nbgrader's settings are
written again, the weights are links to files that only root can change. So nothing there is older than the hub. What an earlier
set-up copied there, or a student, is put aside: Python takes a package in the folder it runs in for the installed one.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from pathlib import Path

from course_utils.commands import course_files, lab, release
from course_utils.storage import cache_root, writing

FOLDER = "course"
LINKED = ("lessons", "labs", "docs")
PACKAGES = ("course_utils", "grader", "nbgrader_isolated")


def put_aside(folder: Path, names: tuple[str, ...], course: Path) -> list[Path]:
    """Moves older copies of the course's folders to ``older/TIME``; returns where they are now.

    Args:
        folder: the user's.
        names: of folders that are the hub's to give; links to those of ``course`` stay.
        course: the hub's own folder of the course.
    """
    moved, older = [], folder / "older" / time.strftime("%Y-%m-%d-%H%M%S")
    for name in names:
        there = folder / name
        if os.path.lexists(there) and there.resolve() != course / name:
            older.mkdir(parents=True, exist_ok=True)
            moved.append(there.rename(older / name))
            print(f"{there} was not the course that this hub has. It is in {older} now.", flush=True)
    return moved


def link(target: Path, to: Path) -> None:
    """Makes a link, or turns one that leads elsewhere; files and folders of that name stay."""
    if target.is_symlink() and target.readlink() != to:
        target.unlink()
    if not os.path.lexists(target):
        target.symlink_to(to)


def lay_out(folder: Path, course: Path, weights: Path) -> None:
    """Brings a student's folder up to date; what is in ``work/`` is never overwritten."""
    put_aside(folder, (*LINKED, *PACKAGES), course)
    for name in LINKED:
        link(folder / name, course / name)
    with writing(folder / release.SETTINGS) as temporary:
        temporary.write_text(release.student_settings(course), encoding="utf-8")
    lab.fill_work(folder, course)
    store = cache_root()
    store.mkdir(parents=True, exist_ok=True)
    for path in weights.iterdir():
        link(store / path.name, path)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--teach", action="store_true", help="the grader's JupyterLab, with panels for instructors")
    parser.add_argument("--weights", type=Path, help="the folder of weights that all students read")
    options, more = parser.parse_known_args()
    course, folder = course_files.require_clone("start.py"), Path.home() / FOLDER
    folder.mkdir(exist_ok=True)
    folder.chmod(0o700)  # homes are often open to everybody
    if options.teach:
        put_aside(folder, PACKAGES, course)
    else:
        lay_out(folder, course, options.weights)
    os.chdir(folder)
    command = lab.server_command(folder, more, teaching=options.teach)
    command[command.index("jupyterlab")] = "jupyterhub.singleuser"
    sys.stdout.flush()
    os.execve(command[0], command, lab.server_environment(folder, teaching=options.teach))


if __name__ == "__main__":
    main()
