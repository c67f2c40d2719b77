"""Which of the repository's files decide what a test or an answer comes to, and a hash of them.

The hash is the same in every clone that has the same files. Results are kept by it, so that nothing runs twice for nothing.
"""

from __future__ import annotations

import ast
import fnmatch
import functools
import hashlib
import os
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TOPS = ("course_utils", "grader", "authoring", "tests", "tools", "benchmarks", "site", "deploy", "binder", ".github")
SEARCHED = ((), ("grader", "src"), ("tests",), ("tools",), ("benchmarks",), ("site",))
"""Folders whose files are imported by their bare names."""
ALWAYS = ("requirements.lock",)
RESULTS = tuple(f"authoring/labs/*/expected/{name}" for name in ("results.json", "answers.md", "mistakes.json"))
"""Written by a run and decided by it, so they decide nothing themselves."""


@functools.cache
def files() -> dict[str, str]:
    """Every file that could decide anything, as a path from the repository's root → the SHA-256 of its bytes.

    Git is not asked, so that a copy without it says the same; caches and hidden files do not count.
    """
    found = {}
    for top in TOPS:
        for folder, inner, names in os.walk(ROOT / top):
            # What installing writes into the folders is no part of them.
            inner[:] = [
                n
                for n in inner
                if not n.startswith((".", "__pycache__", "node_modules")) and not n.endswith((".egg-info", "build"))
            ]
            found |= {path.relative_to(ROOT).as_posix(): path for path in (Path(folder, name) for name in names)}
    found |= {path.name: path for path in ROOT.glob("*") if path.is_file()}
    written = {name for glob in RESULTS for name in fnmatch.filter(found, glob)}
    return {
        name: hashlib.sha256(path.read_bytes()).hexdigest()
        for name, path in sorted(found.items())
        if not path.name.startswith(".") and path.suffix != ".pyc" and name not in written
    }


def imported_in(source: str, name: str = "source") -> frozenset[str]:
    """The repository's files that Python code imports itself, anywhere in it."""
    dotted: set[str] = set()
    for node in ast.walk(ast.parse(source, name)):
        if isinstance(node, ast.Import):
            dotted |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            dotted |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    # A package's __init__ runs before what lies in it does.
    parts = {tuple(each.split(".")[:end]) for each in dotted for end in range(1, each.count(".") + 2)}
    places = ("/".join((*start, *each)) for each in parts for start in SEARCHED)
    return frozenset(found for place in places for found in (f"{place}.py", f"{place}/__init__.py") if found in files())


@functools.cache
def _imported_by(name: str) -> frozenset[str]:
    return imported_in((ROOT / name).read_text("utf-8"), name) if name in files() else frozenset()


def closure(names: Iterable[str]) -> frozenset[str]:
    """These files, and all that running them can import, by way of others too."""
    found: set[str] = set()
    waiting = set(names)
    while waiting:
        name = waiting.pop()
        found.add(name)
        waiting |= _imported_by(name) - found
    return frozenset(found)


@functools.cache
def imports(name: str) -> frozenset[str]:
    """What running a Python file can import, by way of others too; none where there is no such file."""
    return closure(_imported_by(name))


@functools.cache
def chosen(globs: tuple[str, ...]) -> tuple[str, ...]:
    """The files that these globs choose, one after the other.

    ``*`` also stands for slashes, ``!`` takes out again what came before, ``@`` stands for all that a Python file imports.
    """
    found: set[str] = set()
    for glob in globs:
        if glob.startswith("@"):
            found |= imports(glob.removeprefix("@"))
            continue
        fitting = set(fnmatch.filter(files(), glob.removeprefix("!")))
        found = found - fitting if glob.startswith("!") else found | fitting
    return tuple(sorted(found))


def digest(names: Iterable[str], *more: str) -> str:
    """A hash of these files, of those that decide everything, and of further text."""
    lines = [f"{name}\0{files()[name]}\n" for name in sorted({*names, *ALWAYS} & set(files()))]
    return hashlib.sha256("\0".join(["".join(lines), *more]).encode()).hexdigest()[:16]
