"""Puts each lesson's key figure, the one it ends on, into docs/figures/ and docs/lessons.md; the first also into the README.

python tools/gallery.py                     # runs all lessons, which takes minutes
python tools/gallery.py lesson02            # some; the others stay as they are
python tools/gallery.py --executed FOLDER   # takes lessons that were run already, FOLDER/02….ipynb, instead of running them
"""

from __future__ import annotations

import argparse
import base64
import html
import io
import re
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import nbformat
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from run_notebook import run

ROOT = Path(__file__).resolve().parent.parent
FIGURES = ROOT / "docs" / "figures"
README = ROOT / "README.md"
PAGE = ROOT / "docs" / "lessons.md"
FIRST, FIRST_END = "<!-- first figure: filled by `python tools/gallery.py` -->", "<!-- end of first figure -->"
START, END = "<!-- gallery: filled by `python tools/gallery.py` -->", "<!-- end of gallery -->"
WIDTH = 720  # pixels; what a page shows
MOST_BYTES = 80_000
# Most lessons end on one figure; these two end on a pair that is read together.
PAIRS = frozenset({"lesson04", "lesson08"})


@dataclass(frozen=True)
class Figure:
    """An image and its description, both as the lesson drew them."""

    image: Image.Image
    alt: str


def figures_of(notebook: nbformat.NotebookNode) -> list[Figure]:
    """Returns every figure of an executed notebook, in order.

    Args:
        notebook: one with outputs.

    Returns:
        The figures with their alt texts, unescaped.
    """
    found = []
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            for tag in re.findall(r"<img[^>]*>", output.get("data", {}).get("text/html", "")):
                data = re.search(r'src="data:image/png;base64,([^"]+)"', tag)
                alt = re.search(r'\balt="([^"]*)"', tag)
                if data and alt:
                    image = Image.open(io.BytesIO(base64.b64decode(data.group(1)))).convert("RGB")
                    found.append(Figure(image, html.unescape(alt.group(1))))
    return found


def key_figure(notebook: nbformat.NotebookNode, *, last: int = 1) -> Figure:
    """Returns what a lesson ends on: its last figure, or its last ones, one below the other.

    Args:
        notebook: an executed lesson.
        last: how many figures at its end belong together.

    Returns:
        One figure, at most `WIDTH` pixels wide; the descriptions are joined.

    Raises:
        ValueError: the notebook has fewer figures; it was probably not run.
    """
    chosen = figures_of(notebook)[-last:]
    if len(chosen) < last:
        raise ValueError(f"{last} figures were expected, {len(chosen)} were found. Run the lesson first.")
    width = max(figure.image.width for figure in chosen)
    page = Image.new("RGB", (width, sum(figure.image.height for figure in chosen)), "white")
    top = 0
    for figure in chosen:
        page.paste(figure.image, (0, top))
        top += figure.image.height
    page.thumbnail((WIDTH, 10 * WIDTH), Image.Resampling.LANCZOS)
    return Figure(page, " ".join(figure.alt for figure in chosen))


def key_of(lesson: Path) -> str:
    """Returns what a lesson's figure is called: ``lesson02`` for ``02_inside_a_base.ipynb``."""
    return f"lesson{lesson.name[:2]}"


def figure_of(lesson: Path, notebook: nbformat.NotebookNode) -> Figure:
    """Returns the key figure of a lesson, or its pair, from the lesson as it was executed."""
    return key_figure(notebook, last=2 if key_of(lesson) in PAIRS else 1)


def small_png(image: Image.Image, *, most: int = MOST_BYTES, description: str = "") -> bytes:
    """Returns an image as PNG, as large and as colourful as fits into so many bytes.

    Bars and letters need few colours; photographs look better smaller than with too few of them.

    Args:
        image: the image.
        most: bytes allowed.
        description: goes into the file as its text ``Description``.

    Returns:
        The file's content.

    Raises:
        ValueError: even the smallest version has too many bytes.
    """
    about = PngInfo()
    if description:
        about.add_itxt("Description", description)
    for share, colours in ((1, 256), (1, 128), (5 / 6, 128), (5 / 7, 128), (5 / 7, 64), (5 / 7, 32), (2 / 3, 32)):
        size = round(image.width * share), round(image.height * share)
        content = io.BytesIO()
        smaller = image.resize(size, Image.Resampling.LANCZOS) if share < 1 else image
        smaller.quantize(colours, dither=Image.Dither.NONE).save(content, "PNG", optimize=True, pnginfo=about)
        if content.tell() <= most:
            return content.getvalue()
    raise ValueError(f"At most {most:,} bytes were expected, {content.tell():,} are needed. Make the figure simpler.")


def entry(lesson: Path, alt: str) -> str:
    """Returns one lesson's entry in docs/lessons.md, on one line."""
    title = next(
        cell.source.splitlines()[0].lstrip("# ")
        for cell in nbformat.read(lesson, as_version=4).cells
        if cell.cell_type == "markdown"
    )
    return (
        f'<td width="50%" valign="top"><a href="../lessons/{lesson.name}">{html.escape(title)}</a><br>'
        f'<img src="figures/{key_of(lesson)}.png" width="100%" alt="{html.escape(alt)}"></td>'
    )


def entries_in(page: str) -> dict[str, str]:
    """Returns the gallery's entries by lesson, as they stand in docs/lessons.md."""
    gallery = page.split(START)[1].split(END)[0]
    return {re.search(r"figures/(\w+)\.png", line).group(1): line for line in re.findall(r"<td .*</td>", gallery)}


def with_entries(page: str, entries: dict[str, str]) -> str:
    """Returns the page with these entries in its gallery, two to a row."""
    lines = [entries[key] for key in sorted(entries)]
    rows = ["<tr>\n" + "\n".join(lines[i : i + 2]) + "\n</tr>" for i in range(0, len(lines), 2)]
    before, rest = page.split(START)
    after = rest.split(END)[1]
    return f"{before}{START}\n<table>\n" + "\n".join(rows) + f"\n</table>\n{END}{after}"


def with_first(readme: str, alt: str) -> str:
    """Returns the README with the figure of the first lesson and this description."""
    before, rest = readme.split(FIRST)
    after = rest.split(FIRST_END)[1]
    image = f'<img src="docs/figures/lesson01.png" width="{WIDTH}" alt="{html.escape(alt)}">'
    return f"{before}{FIRST}\n{image}\n{FIRST_END}{after}"


def executed(lesson: Path, folder: Path | None) -> nbformat.NotebookNode:
    """Returns a notebook with its outputs: found in the folder under the same number or name, or run now."""
    if folder is not None:
        return nbformat.read(next(folder.glob(f"{lesson.stem.partition('_')[0]}*.ipynb")), as_version=4)
    with tempfile.TemporaryDirectory() as place:
        out = Path(place) / lesson.name
        measured = run(lesson, out=out, folder=Path(place))
        if measured["errors"]:
            raise ValueError(f"{lesson.name} failed: {measured['errors'][0]}")
        return nbformat.read(out, as_version=4)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("only", nargs="*", help="keys such as lesson01; by default all lessons")
    parser.add_argument("--executed", type=Path, help="a folder with lessons that were run already")
    arguments = parser.parse_args()
    FIGURES.mkdir(parents=True, exist_ok=True)
    for lesson in sorted((ROOT / "lessons").glob("[0-9][0-9]_*.ipynb")):
        key = key_of(lesson)
        if arguments.only and key not in arguments.only:
            continue
        try:
            figure = figure_of(lesson, executed(lesson, arguments.executed))
            content = small_png(figure.image)
        except ValueError as error:
            print(error, file=sys.stderr)
            return 1
        (FIGURES / f"{key}.png").write_bytes(content)
        text = PAGE.read_text("utf-8")
        PAGE.write_text(with_entries(text, entries_in(text) | {key: entry(lesson, figure.alt)}), encoding="utf-8")
        if key == "lesson01":
            README.write_text(with_first(README.read_text("utf-8"), figure.alt), encoding="utf-8")
        print(f"docs/figures/{key}.png {len(content) / 1000:.0f} kB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
