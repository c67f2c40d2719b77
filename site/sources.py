"""Gathers what becomes pages, in the repository's own folders, so that its relative links hold on the site too.

Changed on the way is what only a site needs: lists of pages, links to files that are no pages, raw HTML with paths in it,
attachments of notebooks, folded cells, and the live halves of widgets.
"""

from __future__ import annotations

import base64
import html
import importlib
import posixpath
import re
from collections.abc import Iterable
from pathlib import Path

import nbformat

from authoring import costs, golden, places

HOME, LABS, REFERENCE = "index.md", "labs/index.md", "reference/index.md"
RENAMED = {"README.md": HOME}

TREE: dict[str, tuple[str, ...]] = {
    HOME: ("docs/lessons.md", LABS, "lessons/GLOSSARY.md", "docs/README.md", REFERENCE),
    "docs/lessons.md": ("lessons/[0-9][0-9]_*.ipynb",),
    LABS: ("labs/lab*/lab*.ipynb",),
    "docs/README.md": (
        "docs/students.md",
        "docs/instructors.md",
        "docs/p*.md",
        "docs/benchmarks.md",
        "CONTRIBUTING.md",
    ),
    "docs/students.md": ("docs/gpu.md",),
    "docs/instructors.md": ("docs/instructors/*.md", "docs/grading.md", "grader/README.md", "deploy/**/README.md"),
    "docs/grading.md": ("docs/grading/*.md",),
    "grader/README.md": ("grader/docs/*.md", "grader/CHANGELOG.md"),
    "CONTRIBUTING.md": ("authoring/README.md", "docs/site.md", "CHANGELOG.md", "docs/*.md"),
}
"""Page → globs of the pages under it, as paths of the repository. A page belongs to the first page that names it."""

LAB_TEXT = """# Labs

These are the labs as students receive them, without answers. Their checks run in the notebook, in a copy of the course.
[For students](../docs/students.md) says how to work on a lab and how to hand it in.

"""
CODE_OR_LINK = re.compile(
    r"(?ms)^( *)(```+).*?^\1\2 *$|`+[^`\n]+`+"
    r"|(?<!!)\[(?P<words>(?:[^\[\]]|\[[^\]]*\])*)\]\((?!\w+:)(?P<path>[^)\s#]*)(?P<anchor>#[^)\s]*)?\)"
)
"""Code, which stays as it is, or a link to the same server; a link's words may hold code."""


def gather(root: Path, executed: dict[str, nbformat.NotebookNode]) -> dict[str, bytes]:
    """Returns everything that Sphinx reads, in memory.

    Args:
        root: the repository.
        executed: lessons with their outputs, by path such as ``lessons/01_….ipynb``; one that is not here appears
            without results and says so.

    Returns:
        Path inside the folder of sources → content.
    """
    names, under = page_tree(root)
    made = {LABS: labs_index(root), **reference(root)}
    files: dict[str, bytes] = {}
    for name in names:
        page = RENAMED.get(name, name)
        if name.endswith(".ipynb"):
            notebook = executed.get(name) or nbformat.read(root / name, as_version=4)
            bare = name.startswith("lessons/") and name not in executed
            files |= notebook_files(notebook, name, root, names, bare=bare)
            # As it is released, for who wants to run it.
            files[f"downloads/{posixpath.basename(name)}"] = (root / name).read_bytes()
            continue
        text = made[name] if name in made else (root / name).read_text("utf-8")
        text = re.sub(r"(?s)<!-- where to read.*?<!-- end -->\n", "", text)  # who reads this has found the site
        text = markdown(text, name, root, names) + toctree(under.get(page, []), hidden=page != REFERENCE)
        files[page] = text.encode()
        files |= images(text, page, root)
    return files | {path: text.encode() for path, text in made.items() if path.endswith(".rst")}


NAV = {"docs/lessons.md": "Lessons"}
"""What lists of pages call a page, where its title says less there."""


def page_tree(root: Path) -> tuple[list[str], dict[str, list[str]]]:
    """Returns the repository's files that are pages, and page → the pages under it, in the order of the first's links."""
    claimed = {name for globs in TREE.values() for name in globs if "*" not in name}
    names, under = ["README.md", LABS, REFERENCE], {}
    for parent, globs in TREE.items():
        source = next((name for name, page in RENAMED.items() if page == parent), parent)
        text = (root / source).read_text("utf-8") if (root / source).is_file() else ""
        children = []
        for glob in globs:
            found = sorted(path.relative_to(root).as_posix() for path in root.glob(glob))
            found = [name for name in found if glob == name or name not in claimed]
            found.sort(key=lambda name, text=text: (text.find(posixpath.basename(name)) + 1 or len(text) + 1, name))
            claimed |= set(found)
            children += found or [name for name in (LABS, REFERENCE) if name == glob]
        under[parent] = children
        names += [name for name in children if name not in names]
    under[REFERENCE] = [name for name in reference(root) if name != REFERENCE]
    return names, under


def toctree(children: Iterable[str], *, hidden: bool) -> str:
    """Returns a list of pages as Sphinx reads it."""
    places = [(child, f"/{re.sub(r'[.](md|ipynb|rst)$', '', child)}") for child in children]
    lines = [f"{NAV[child]} <{place}>" if child in NAV else place for child, place in places]
    options = ":hidden:\n" if hidden else ":maxdepth: 1\n"
    return "\n\n```{toctree}\n" + options + "\n".join(["", *lines]) + "\n```\n" if lines else ""


def markdown(text: str, name: str, root: Path, names: list[str]) -> str:
    """Returns a page's Markdown as the site needs it.

    Args:
        text: Markdown, of a file or of a notebook's cell.
        name: the file's path in the repository.
        root: the repository.
        names: paths of the files that are pages.

    Returns:
        Markdown whose links lead to pages, or to the repository where a setting names it, or are plain text; the gallery is
        made of headings and images.
    """
    here = posixpath.dirname(name)

    def link(found: re.Match) -> str:
        words, path = found["words"], found["path"]
        if words is None:
            return found[0]
        # JupyterLab's anchors keep a heading's capitals, GitHub's and the site's do not.
        anchor = (found["anchor"] or "").lower()
        if not path:
            return f"[{words}]({anchor})"
        target = posixpath.normpath(posixpath.join(here, path))
        if target in names:
            return f"[{words}]({posixpath.relpath(RENAMED.get(target, target), here or '.')}{anchor})"
        address = places.source(target, root)
        return f"[{words}]({address}{anchor})" if address else words

    def cell(found: re.Match) -> str:
        return f"\n## [{found[2]}]({found[1]})\n\n{found[3]}\n"

    text = re.sub(
        r"</?(?:table|tr)>\n", "", re.sub(r'<td [^>]*><a href="([^"]+)">(.*?)</a><br>(<img .*?>)</td>', cell, text)
    )
    text = re.sub(r"<img [^>]*>", plain_image, text)
    return CODE_OR_LINK.sub(link, text)


def plain_image(tag: re.Match) -> str:
    """Returns an ``<img>`` as Markdown: what stands in raw HTML is not copied with the page."""
    source, alt = (re.search(rf'\b{name}="([^"]*)"', tag[0])[1] for name in ("src", "alt"))
    described = re.sub(r"([][])", r"\\\1", html.unescape(alt))
    return f"![{described}]({source})"


def images(text: str, page: str, root: Path) -> dict[str, bytes]:
    """Returns the image files that a page shows, at their places."""
    found = re.findall(r"!\[(?:[^\\\]]|\\.)*\]\(([^):]+)\)", text)
    paths = {posixpath.normpath(posixpath.join(posixpath.dirname(page), path)) for path in found}
    return {path: (root / path).read_bytes() for path in sorted(paths)}


def notebook_files(
    notebook: nbformat.NotebookNode, name: str, root: Path, names: list[str], *, bare: bool
) -> dict[str, bytes]:
    """Returns a notebook as a page, and its attached images as files next to it."""
    files: dict[str, bytes] = {}
    folder = posixpath.dirname(name)
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            for image, content in cell.pop("attachments", {}).items():
                files[posixpath.join(folder, image)] = base64.b64decode(content["image/png"])
            for link in places.notebook_links(name, root):  # one leads to this page; the offer below has the other
                cell.source = cell.source.replace(f" · {link}", "")
            cell.source = markdown(cell.source.replace("](attachment:", "]("), name, root, names)
        elif cell.cell_type == "code":
            if cell.metadata.get("jupyter", {}).get("source_hidden"):
                cell.metadata["tags"] = [*cell.metadata.get("tags", []), "hide-input"]
            cell.outputs = [output for output in map(still, cell.outputs) if output]
    notebook.metadata.pop("widgets", None)
    notebook.metadata.language_info = {"name": "python", "pygments_lexer": "ipython3"}
    notebook.cells.insert(1, nbformat.v4.new_markdown_cell(offer(name, root, bare=bare), id="site-offer"))
    files[name] = nbformat.writes(notebook, version=4).encode()
    return files


def still(output: nbformat.NotebookNode) -> nbformat.NotebookNode | None:
    """Returns an output as a page shows it: of a widget nothing, since its static fallback is the output after it."""
    data = output.get("data", {})
    if "application/vnd.jupyter.widget-view+json" in data:
        return None
    if "text/html" in data:
        # Without the widgets' rule for keys in JupyterLab; and pandas' empty corner of a table is no heading.
        text = re.sub(r"(?s)<script>.*?</script>", "", data["text/html"])
        data["text/html"] = text.replace("<th></th>", "<td></td>")
    return output


def offer(name: str, root: Path, *, bare: bool) -> str:
    """Returns the line under a notebook's header: how to get it, and whether results are missing."""
    up = posixpath.relpath("downloads", posixpath.dirname(name))
    links = [f'<a href="{up}/{posixpath.basename(name)}" download>Download this notebook</a>']
    if address := places.colab(name, root):
        links.append(f'<a href="{address}">Open in Colab</a>')
    note = "\n\n**This copy of the page was built without running the lesson: results are missing.**" if bare else ""
    return " · ".join(links) + note


def labs_index(root: Path) -> str:
    """Returns the page of labs, with the README's rows."""
    lines = costs.readme_table(root).splitlines()
    rows = [line.replace("](labs/", "](") for line in lines if "](labs/" in line]
    return LAB_TEXT + "\n".join([*lines[:2], *rows])


def reference(root: Path) -> dict[str, str]:
    """Returns a page for every module of the course's package that says what it exports, and their index."""
    modules = ["course_utils.errors", "course_utils.hardware", "course_utils.storage", "course_utils.benchmark_results"]
    packages = sorted(path.parent.name for path in (root / "course_utils").glob("*/__init__.py"))
    modules = [f"course_utils.{name}" for name in packages] + modules
    pages, rows = {}, []
    for module in modules:
        loaded = importlib.import_module(module)
        if not golden.public(loaded):
            continue
        # What a package imports is what it exports.
        imported = "   :imported-members:\n" if hasattr(loaded, "__path__") else ""
        pages[f"reference/{module}.rst"] = (
            f"{module}\n{'=' * len(module)}\n\n.. automodule:: {module}\n   :members:\n{imported}   :member-order: bysource\n"
        )
        rows.append(f"| [`{module}`]({module}.rst) | {html.escape(first_sentence(loaded.__doc__))} |")
    index = "# Reference\n\nWhat the course's package offers, from its docstrings.\n\n| module | about |\n|---|---|\n"
    return {REFERENCE: index + "\n".join(rows), **pages}


def first_sentence(text: str) -> str:
    """Returns the first sentence of a docstring on one line, its reST code as Markdown's."""
    first = " ".join(text.split("\n\n")[0].split())
    return first.replace("``", "`")
