"""What ``doctor`` tells an instructor about other users of the same machine: open paths, a public seed, a movable exchange."""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterator
from pathlib import Path


def findings(root: Path) -> Iterator[tuple[bool, str, str]]:
    """Yields (whether it is right, what was found, the command to run), and nothing in a student's folder.

    Args:
        root: the course's folder.
    """
    from nbgrader_isolated.plugin.configuration import load, private_places

    if not hasattr(os, "geteuid") or not (root / "nbgrader_config.py").is_file():
        return
    _, course, engine = load(root)
    places = private_places(course, engine)
    if not any(path.exists() for path in (*places.folders, *places.others) if path.suffix != ".csv"):
        return
    openings = places.openings()
    for opening in openings:
        yield False, f"other users of this machine can read or change {opening.path}", opening.command
    if not openings:
        yield True, "seed, gradebook, submissions, marks and evidence are closed to other users", ""
    if engine.public_seed:
        yield False, "everybody can compute the hidden inputs: the course has no seed of its own", engine.public_seed


def exchange(root: str, *, there: bool, writable: bool, movable: bool) -> tuple[bool, str, str]:
    """Returns a finding, as above, about nbgrader's exchange: the folder ``root``, which is ``there`` or not."""
    name = shlex.quote(root)
    if not writable:
        return (
            False,
            f"nbgrader's exchange {root} cannot be written to",
            f"sudo mkdir -p {name} && sudo chmod 1777 {name}",
        )
    if there and movable:
        return False, f"students can move or delete what is in nbgrader's exchange {root}", f"chmod 1777 {name}"
    return True, f"nbgrader's exchange {root}", ""
