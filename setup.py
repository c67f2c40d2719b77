"""The wheel carries the notebooks too, so that they can be opened where there is no clone; all else is in pyproject.toml."""

import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

ROOT = Path(__file__).resolve().parent
CARRIED = ("lessons/*.ipynb", "lessons/GLOSSARY.md", "labs/lab?/*", "benchmarks/results/*.json")
"""What notebooks are and read, as patterns. Never ``solutions/`` nor ``authoring/``."""


class BuildWithNotebooks(build_py):
    def run(self):
        super().run()
        if self.editable_mode:  # the clone is there
            return
        for path in (path for pattern in CARRIED for path in sorted(ROOT.glob(pattern)) if path.is_file()):
            target = Path(self.build_lib, "course_utils", "assets", "course", path.relative_to(ROOT))
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)


setup(cmdclass={"build_py": BuildWithNotebooks})
