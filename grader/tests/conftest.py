"""What every test of the grader relies on: nbgrader's helper programs are found, and a change gets the same generated examples."""

import os
import sys
from pathlib import Path

import hypothesis

# nbgrader starts `alembic` by its name.
os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"

hypothesis.settings.register_profile("every change", derandomize=True)
if os.environ.get("CI"):
    hypothesis.settings.load_profile("every change")
