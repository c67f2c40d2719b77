"""Runs the README's example without a network and writes below it what it printed: `python tools/readme_example.py`."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from run_notebook import OFFLINE, can_cut_network

README = Path(__file__).resolve().parents[1] / "README.md"
OUTPUT = re.compile(
    r"(<!-- output of the example: filled by `python tools/readme_example.py` -->\n```text\n)(.*?)(```)", re.S
)


def example(readme: str) -> str:
    """Returns the first Python block of the README."""
    return re.search(r"```python\n(.*?)```", readme, re.S)[1]


def run(code: str) -> str:
    """Runs code in an empty folder, cut off from any network where that can be had, and returns what it printed.

    Raises:
        ValueError: it failed; the message holds the end of what it wrote to stderr.
    """
    prefix = OFFLINE if can_cut_network() else []
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            [*prefix, sys.executable, "-c", code],
            cwd=folder, env={**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"}, capture_output=True, text=True,
        )  # fmt: skip
    if done.returncode:
        raise ValueError(f"The README's example failed: {done.stderr[-2000:]}")
    return done.stdout


def main() -> int:
    readme = README.read_text("utf-8")
    printed = run(example(readme))
    README.write_text(OUTPUT.sub(lambda found: found[1] + printed + found[3], readme), "utf-8")
    print(printed, end="")
    return 0


if __name__ == "__main__":
    sys.exit(main())
