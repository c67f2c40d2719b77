"""A student's own files that have the name of a module: how imports treat them, and sentences that name them.

The rule, for every kernel in which a notebook is graded or checked: a file next to the notebook can be imported, unless the
environment has a module of that name. Then the environment's is imported. So marks do not depend on what a process happened
to import before the notebook began: a forked kernel has NumPy already, one that is started new has not.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from importlib.machinery import PathFinder, all_suffixes
from pathlib import PurePosixPath

IN_THE_WAY = "{name!r} next to the notebook has the name of a Python module. Imports take that module, not this file: rename the file."
INTERPRETER = ("-P",)
"""An option of Python's for a kernel: while it starts, nothing is imported from the folder it starts in."""
FIRST_LINE = f"__import__({__name__!r}, fromlist=['_']).prefer_environment()"
"""What a kernel runs first; IPython's own way puts the notebook's folder before installed packages."""
ARGUMENTS = ("--InteractiveShellApp.ignore_cwd=True", f"--InteractiveShellApp.exec_lines={FIRST_LINE}")
"""A kernel's arguments that make it follow the rule."""


class _EnvironmentFirst:
    """Finds what the environment offers by a name, before anybody looks in folders that were put on the path later.

    The place at the path's end alone would not do: packages without an ``__init__.py``, such as ``google``, come after a
    module of that name wherever it lies, and notebooks put folders at the path's beginning.
    """

    def __init__(self, path: list[str], finders: list) -> None:
        self._path, self._finders = path, finders

    def find_spec(self, name: str, path: object = None, target: object = None):
        """As the import system asks; None for a part of a package, and for what the environment has not."""
        if path is not None:
            return None
        for finder in self._finders:  # installations that can be edited have finders of their own
            own = (name, self._path) if finder is PathFinder else (name, None)
            spec = finder.find_spec(*own) if hasattr(finder, "find_spec") else None
            if spec is not None:
                return spec
        return None


def prefer_environment() -> None:
    """Makes this process follow the rule; for a kernel whose path does not hold the notebook's folder yet."""
    path = _environment_path()
    sys.meta_path.insert(0, _EnvironmentFirst(path, list(sys.meta_path)))
    sys.path[:] = [*path, ""]


def in_the_way(names: Iterable[str]) -> list[str]:
    """Returns those of a notebook's neighbours that have the name of a module of this environment.

    Args:
        names: relative paths of files; a folder counts where it is a package, that is, has an ``__init__`` file.

    Returns:
        The files, and the folders with a slash, sorted.
    """
    found = set()
    for name in names:
        first, *rest = PurePosixPath(name).parts
        if not rest and (module := _module_name(first)) and _in_environment(module):
            found.add(first)
        elif len(rest) == 1 and _module_name(rest[0]) == "__init__" and _in_environment(first):
            found.add(f"{first}/")
    return sorted(found)


def notes(names: Iterable[str]) -> list[str]:
    """A sentence for each of :func:`in_the_way`."""
    return [IN_THE_WAY.format(name=name) for name in in_the_way(names)]


def _module_name(file: str) -> str:
    """The name under which Python would import a file; empty where it would not."""
    ending = next((end for end in all_suffixes() if file.endswith(end)), None)
    name = file.removesuffix(ending) if ending else ""
    return name if name.isidentifier() else ""


def _in_environment(name: str) -> bool:
    if name in sys.stdlib_module_names:  # also those that another system has
        return True
    return _EnvironmentFirst(_environment_path(), list(sys.meta_path)).find_spec(name) is not None


def _environment_path() -> list[str]:
    """The path of imports without the folder in which the process runs."""
    here = os.path.realpath(os.getcwd())
    return [folder for folder in sys.path if folder and os.path.realpath(folder) != here]
