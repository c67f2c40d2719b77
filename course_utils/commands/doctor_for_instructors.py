"""What ``doctor`` tells instructors: nbgrader's settings and exchange, what other users can read, the sandbox.

Students need none of it, so nothing here is worse than a note, but for settings that nbgrader cannot load.
"""

from __future__ import annotations

import json
import os
import shlex
from collections.abc import Iterator

from course_utils.commands.findings import NOTE, RIGHT, WRONG, Finding, install_command, run_python
from course_utils.commands.lab import course_root

LEAVING_OUT = "only instructors need it"

_NBGRADER = """
import json, os, sys
from nbgrader.apps import NbGrader
from nbgrader.exchange.default import Exchange
from nbgrader_isolated.plugin.exchange import movable
app = NbGrader()
app.load_config_file()
root = Exchange(config=app.config).root
there = root
while not os.path.exists(there):
    there = os.path.dirname(there)
exists = os.path.isdir(root)
print(json.dumps([root, {'there': exists, 'writable': os.access(there, os.W_OK), 'movable': exists and movable(root)}]))
"""


def check_nbgrader() -> Iterator[Finding]:
    # Without the variable traitlets logs a mistake in nbgrader_config.py and goes on without that file.
    strict = {"TRAITLETS_APPLICATION_RAISE_CONFIG_FILE_ERROR": "1"}
    done = run_python("-c", _NBGRADER, timeout=60, cwd=course_root(), variables=strict)
    try:
        folder, found = json.loads(done.stdout.strip().splitlines()[-1])
    except (ValueError, IndexError):
        said = (done.stderr or done.stdout).strip().splitlines() or [f"exit status {done.returncode}"]
        yield Finding(WRONG, f"nbgrader does not load its configuration: {said[-1]}", install_command())
        return
    yield Finding(RIGHT, "nbgrader and its configuration")
    yield exchange(folder, **found)


def exchange(folder: str, *, there: bool, writable: bool, movable: bool) -> Finding:
    """Returns what is to be said of nbgrader's exchange.

    Args:
        folder: its path.
        there: it exists.
        writable: it, or the folder in which it would be made, can be written to.
        movable: students can move what others handed in there.
    """
    name = shlex.quote(folder)
    if not writable:
        make = f"sudo mkdir -p {name} && sudo chmod 1777 {name}"
        return _note(f"nbgrader's exchange {folder} cannot be written to", make)
    if there and movable:
        return _note(f"students can move or delete what is in nbgrader's exchange {folder}", f"chmod 1777 {name}")
    return Finding(RIGHT, f"nbgrader's exchange {folder}")


def check_closed() -> Iterator[Finding]:
    """Open paths and a public seed; nothing in a student's folder."""
    from nbgrader_isolated.plugin.configuration import load
    from nbgrader_isolated.plugin.preflight import private_places

    root = course_root()
    if not hasattr(os, "geteuid") or not (root / "nbgrader_config.py").is_file():
        return
    _, course, engine = load(root)
    places = private_places(course, engine)
    if not any(path.exists() for path in (*places.folders, *places.others) if path.suffix != ".csv"):
        return
    openings = places.openings()
    for opening in openings:
        yield _note(f"other users of this machine can read or change {opening.path}", opening.command)
    if not openings:
        yield Finding(RIGHT, "seed, gradebook, submissions, marks and evidence are closed to other users")
    if engine.public_seed:
        yield _note("everybody can compute the hidden inputs: the course has no seed of its own", engine.public_seed)


def check_sandbox() -> Iterator[Finding]:
    """Asks the grading engine, which really starts a program inside: bubblewrap can be installed and still be forbidden."""
    from nbgrader_isolated.sandbox.bubblewrap import probe

    found = probe()
    if found.available:
        yield Finding(RIGHT, "sandbox for grading")
    else:
        fix = 'grader/docs/sandbox.md, under "Where no sandbox can be had"'
        yield Finding(NOTE, f"no sandbox for grading ({LEAVING_OUT}). {found.reason}", fix)


def _note(text: str, fix: str) -> Finding:
    return Finding(NOTE, f"{text} ({LEAVING_OUT})", fix)
