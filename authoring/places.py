"""Where the course is published: addresses that follow from one setting, ``repository`` under ``[tool.course]`` in pyproject.toml.

While it is empty there is no published copy. Every function then returns None, and no page shows such a link.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

BRANCH = "main"


def repository(root: Path) -> str | None:
    """Returns ``OWNER/NAME`` on GitHub, or None where the setting is empty or there is no pyproject.toml.

    Raises:
        ValueError: the setting is something else.
    """
    path = root / "pyproject.toml"
    tool = tomllib.loads(path.read_text("utf-8")).get("tool", {}) if path.is_file() else {}
    given = tool.get("course", {}).get("repository", "")
    if given and not re.fullmatch(r"[A-Za-z0-9-]+/[A-Za-z0-9._-]+", given):
        raise ValueError(f"repository in pyproject.toml was expected to be OWNER/NAME or empty; received {given!r}.")
    return given or None


def source(path: str, root: Path) -> str | None:
    """Returns the address of a file of the repository, given relative to its root."""
    name = repository(root)
    return name and f"https://github.com/{name}/blob/{BRANCH}/{path}"


def colab(path: str, root: Path) -> str | None:
    """Returns the address that opens a notebook of the repository in Colab."""
    name = repository(root)
    return name and f"https://colab.research.google.com/github/{name}/blob/{BRANCH}/{path}"


def site(root: Path, path: str = "") -> str | None:
    """Returns the address of the web site, or of the page on it that shows a notebook or a Markdown file."""
    name = repository(root)
    if name is None:
        return None
    owner, project = name.split("/")
    return f"https://{owner.lower()}.github.io/{project}/" + re.sub(r"\.(ipynb|md)$", ".html", path)


def notebook_links(path: str, root: Path) -> list[str]:
    """Returns Markdown links from a notebook to its page, which has the results if it is a lesson, and to Colab."""
    if repository(root) is None:
        return []
    page = "With results" if path.startswith("lessons/") else "On the site"
    return [f"[**{page}**]({site(root, path)})", f"[**Open in Colab**]({colab(path, root)})"]


def where_to_read(root: Path) -> str:
    """Returns what the README says on the site and on Colab."""
    if repository(root) is None:
        return (
            "The lessons with their results are pages of a web site. `make site` builds it in `build/site/html`. No copy "
            "is published yet: `repository` in `pyproject.toml` is empty."
        )
    return (
        f"**[Read the lessons with their results]({site(root)})** on the web. "
        "Every notebook has a link that opens it in Colab."
    )
