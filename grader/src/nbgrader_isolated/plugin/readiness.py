"""Whether this machine and a course's settings are ready for a class: the exchange, what other users can read, the sandbox."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from nbgrader_isolated.errors import NotAvailableError
from nbgrader_isolated.plugin.configuration import load
from nbgrader_isolated.plugin.exchange import movable
from nbgrader_isolated.plugin.preflight import private_places
from nbgrader_isolated.sandbox import bubblewrap

SECONDS = 60
"""Time for nbgrader to load its configuration."""


class Readiness(NamedTuple):
    """How one thing stands."""

    right: bool
    text: str
    fix: str = ""  # a command, or where to read on; empty where all is right


def configured_exchange(course: Path) -> Readiness:
    """Loads nbgrader's configuration as nbgrader does in a course's folder, and looks at the exchange it names.

    Raises:
        NotAvailableError: nbgrader does not load it; the message ends with what it said.
    """
    # Without the variable traitlets logs a mistake in nbgrader_config.py and goes on without that file.
    strict = {**os.environ, "TRAITLETS_APPLICATION_RAISE_CONFIG_FILE_ERROR": "1"}
    command = [sys.executable, "-c", f"from {__name__} import _print_exchange; _print_exchange()"]
    said = []
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, cwd=course, env=strict)
        said = (done.stderr or done.stdout).strip().splitlines() or [f"exit status {done.returncode}"]
        folder, found = json.loads(done.stdout.strip().splitlines()[-1])
    except subprocess.TimeoutExpired:
        said = [f"no answer within {SECONDS} s"]
    except OSError as error:
        said = [str(error)]
    except (ValueError, IndexError):
        pass
    else:
        return exchange(folder, **found)
    raise NotAvailableError(f"nbgrader does not load its configuration: {said[-1]}")


def _print_exchange() -> None:
    from nbgrader.apps import NbGrader
    from nbgrader.exchange.default import Exchange

    app = NbGrader()
    app.load_config_file()
    root = there = Exchange(config=app.config).root
    while not os.path.exists(there):
        there = os.path.dirname(there)
    exists = os.path.isdir(root)
    found = {"there": exists, "writable": os.access(there, os.W_OK), "movable": exists and movable(root)}
    print(json.dumps([root, found]))


def exchange(folder: str, *, there: bool, writable: bool, movable: bool) -> Readiness:
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
        return Readiness(False, f"nbgrader's exchange {folder} cannot be written to", make)
    if there and movable:
        fix = f"chmod 1777 {name}"
        return Readiness(False, f"students can move or delete what is in nbgrader's exchange {folder}", fix)
    return Readiness(True, f"nbgrader's exchange {folder}")


def closed_folders(course: Path) -> Iterator[Readiness]:
    """Names what other users can read or change, and a public seed; nothing where a course has none of it, as a student's."""
    if not hasattr(os, "geteuid") or not (course / "nbgrader_config.py").is_file():
        return
    _, directory, engine = load(course)
    places = private_places(directory, engine)
    if not any(path.exists() for path in (*places.folders, *places.others) if path.suffix != ".csv"):
        return
    openings = places.openings()
    for opening in openings:
        yield Readiness(False, f"other users of this machine can read or change {opening.path}", opening.command)
    if not openings:
        yield Readiness(True, "seed, gradebook, submissions, marks and evidence are closed to other users")
    if engine.public_seed:
        text = "everybody can compute the hidden inputs: the course has no seed of its own"
        yield Readiness(False, text, engine.public_seed)


def sandbox() -> Readiness:
    """Starts a program inside: bubblewrap can be installed and still be forbidden."""
    found = bubblewrap.probe()
    if found.available:
        return Readiness(True, "sandbox for grading")
    fix = 'docs/sandbox.md of nbgrader-isolated, under "Where no sandbox can be had"'
    return Readiness(False, f"no sandbox for grading: {found.reason.rstrip('.')}", fix)
