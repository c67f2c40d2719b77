"""Draws what students should see: the figures of the labs' worked solutions, next to the words that describe them.

python tools/expected.py                     # runs all labs' solutions, which takes minutes
python tools/expected.py lab2                # some; the others stay as they are
python tools/expected.py --executed FOLDER   # takes solutions that were run already, FOLDER/lab2.ipynb, instead of running them

Writes authoring/labs/lab2/expected/lab2-1.png and so on, numbered as they come, each with its description as a PNG text; `make notebooks`
puts them into the labs, folded, under the words **What you should see:**.
"""

from __future__ import annotations

import argparse
import itertools
import sys
from pathlib import Path

import nbformat
from gallery import ROOT, Figure, executed, figures_of, key_figure, small_png

sys.path.insert(0, str(ROOT))

from authoring.rules import PROMISE

MOST_BYTES = 60_000
"""For one image: a lab carries up to five of them, in every copy that is handed in."""


def expected_of(notebook: nbformat.NotebookNode) -> list[Figure]:
    """Returns what the code after each promise has drawn, several figures one below the other.

    Args:
        notebook: an executed solution.

    Raises:
        ValueError: it has drawn nothing.
    """
    found = []
    for place, promise in enumerate(notebook.cells):
        if promise.cell_type == "markdown" and PROMISE in promise.source:
            code = list(itertools.takewhile(lambda cell: cell.cell_type == "code", notebook.cells[place + 1 :]))
            here = nbformat.v4.new_notebook(cells=code)
            found.append(key_figure(here, last=max(1, len(figures_of(here)))))
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("only", nargs="*", help="keys such as lab2; by default all labs")
    parser.add_argument("--executed", type=Path, help="a folder with solutions that were run already")
    arguments = parser.parse_args()
    for solution in sorted((ROOT / "solutions").glob("lab*/lab*.ipynb")):
        lab = solution.stem
        if arguments.only and lab not in arguments.only:
            continue
        figures = expected_of(executed(solution, arguments.executed))
        folder = ROOT / "authoring" / "labs" / lab / "expected"
        folder.mkdir(exist_ok=True)
        for old in folder.glob("*.png"):
            old.unlink()
        for number, figure in enumerate(figures, start=1):
            content = small_png(figure.image, most=MOST_BYTES, description=figure.alt)
            (folder / f"{lab}-{number}.png").write_bytes(content)
            print(f"{lab}-{number}.png, {len(content) / 1000:.0f} kB: {figure.alt}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
