"""Runs every lesson and puts its key figure, the last one it draws, into docs/figures/ for the README.

python tools/gallery.py            # all lessons
python tools/gallery.py lesson02   # some
"""

from __future__ import annotations

import argparse
import base64
import io
import re
import sys
import tempfile
from pathlib import Path

import nbformat
from PIL import Image
from run_notebook import run

ROOT = Path(__file__).resolve().parent.parent
WIDTH = 720  # pixels; what a README shows


def key_figure(notebook: nbformat.NotebookNode) -> Image.Image:
    """Returns the last figure of an executed notebook."""
    pages = [
        o.data["text/html"] for c in notebook.cells for o in c.get("outputs", []) if "text/html" in o.get("data", {})
    ]
    figures = [data for page in pages for data in re.findall(r'src="data:image/png;base64,([^"]+)"', page)]
    return Image.open(io.BytesIO(base64.b64decode(figures[-1]))).convert("RGB")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("only", nargs="*", help="keys such as lesson01; by default all lessons")
    only = parser.parse_args().only
    target = ROOT / "docs" / "figures"
    target.mkdir(parents=True, exist_ok=True)
    for path in sorted((ROOT / "lessons").glob("[0-9][0-9]_*.ipynb")):
        key = f"lesson{path.name[:2]}"
        if only and key not in only:
            continue
        with tempfile.TemporaryDirectory() as folder:
            executed = Path(folder) / path.name
            measured = run(path, out=executed)
            if measured["errors"]:
                print(f"{path.name} failed: {measured['errors'][0]}", file=sys.stderr)
                return 1
            figure = key_figure(nbformat.read(executed, as_version=4))
        figure.thumbnail((WIDTH, 10 * WIDTH), Image.Resampling.LANCZOS)
        # 64 colours are enough for bars and letters, and leave photographs recognisable at a quarter of the bytes.
        figure.quantize(64, dither=Image.Dither.NONE).save(target / f"{key}.png", optimize=True)
        print(f"docs/figures/{key}.png {(target / f'{key}.png').stat().st_size / 1000:.0f} kB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
