"""What comes in, before any other code looks at it: regular files only, within limits, and cells put right.

A submission may have been written by a program. Links are not followed, notebooks are read with limits and rebuilt from
the few fields that grading needs, and the cells that belong to the grader are restored from the source.
"""

from __future__ import annotations

import errno
import json
import os
import re
import stat
from dataclasses import dataclass, field
from pathlib import Path

from nbgrader_isolated.errors import GraderError
from nbgrader_isolated.notebook.roles import released, role


class NotANotebook(GraderError, ValueError):
    """The file cannot be read as a notebook; the message says why, in a sentence for the student."""


@dataclass(frozen=True)
class IntakeLimits:
    """What a submission may hold: files, bytes in all, bytes and cells of a notebook, characters of a cell and a name."""

    files: int = 500
    total: int = 100_000_000
    notebook: int = 30_000_000
    cells: int = 2000
    source: int = 1_000_000
    name: int = 150


INTAKE = IntakeLimits()
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_KINDS = (
    (b"PK\x03\x04", "a ZIP archive, or a document of an office program"),
    (b"\x1f\x8b", "a compressed (gzip) file"),
    (b"%PDF", "a PDF"),
    (b"\xd0\xcf\x11\xe0", "a document of an office program"),
    (b"<", "a web page (HTML): the page was saved, not the notebook"),
    (b"\x89PNG", "an image (PNG)"),
    (b"\xff\xd8\xff", "an image (JPEG)"),
    (b"\x00\x00", "nothing but zeros at its start: it was damaged on its way"),
    (b"version https://git-lfs", "a pointer of Git LFS, which stands for a file that is kept elsewhere"),
    (b"[InternetShortcut]", "a shortcut, a link to a page"),
    (b"L\x00\x00\x00\x01\x14\x02", "a shortcut (.lnk)"),
)
_NO_FILE = (errno.ELOOP, errno.ENXIO, errno.ENODEV, errno.EISDIR, errno.ENOTDIR)


def read_file(path: Path, *, limits: IntakeLimits = INTAKE) -> bytes:
    """Reads a notebook's file.

    Raises:
        NotANotebook: it is absent, a link, or too large.
        OSError: this machine cannot read it, which is nobody's fault who handed it in.
    """
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except FileNotFoundError:
        raise NotANotebook(f"There is no {path.name} in what was handed in; was it renamed?") from None
    except OSError as error:
        if error.errno not in _NO_FILE:
            raise
        raise NotANotebook(f"{path.name} cannot be opened: it is a link, or not a file.") from None
    status = os.fstat(handle)
    if not stat.S_ISREG(status.st_mode) or status.st_nlink > 1:
        os.close(handle)
        raise NotANotebook(f"{path.name} is a link, or not a file.")
    with os.fdopen(handle, "rb") as file:
        if status.st_size > limits.notebook:
            raise NotANotebook(
                f"{path.name} has {status.st_size / 1e6:.0f} MB; at most {limits.notebook / 1e6:g} MB are read. "
                "Clear the outputs and hand it in again."
            )
        return file.read(limits.notebook)


def parse(raw: bytes, *, limits: IntakeLimits = INTAKE) -> list[dict]:
    """Reads a notebook's cells; only type, text, id, nbgrader's metadata and, unread, the outputs are kept.

    Raises:
        NotANotebook: it is not JSON, or not a notebook's.
    """
    if not raw.strip():
        raise NotANotebook("The file is empty.")
    if raw.count(b"{") > 50 * limits.cells + 100_000:
        raise NotANotebook("The file has too many parts to be a notebook.")
    try:
        notebook = json.loads(raw.decode("utf-16" if raw.startswith(_UTF_16) else "utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise NotANotebook(f"The file is not a notebook: {_looks_like(raw, error)}") from None
    found = notebook.get("cells") if isinstance(notebook, dict) else None
    if found is None and isinstance(notebook, dict) and isinstance(notebook.get("worksheets"), list):
        raise NotANotebook(
            "The notebook is of format 3, which is from before 2015. Open it in JupyterLab, save it, and hand it in again."
        )
    if not isinstance(found, list):
        raise NotANotebook("The file is JSON, but not a notebook (format 4) with a list of cells.")
    if len(found) > limits.cells:
        raise NotANotebook(f"The notebook has {len(found):,} cells; at most {limits.cells:,} are read.")
    return [_cell(cell, limits) for cell in found if isinstance(cell, dict)]


def _looks_like(raw: bytes, error: Exception) -> str:
    """What a file that is no JSON seems to be, and what to do."""
    start = raw[:100_000].lstrip()
    if re.search(rb"^(<<<<<<<|>>>>>>>) ", raw, re.M):
        return (
            "it holds both sides of a merge conflict. Choose one of them, open it in JupyterLab, and hand it in again."
        )
    for begins, what in _KINDS:
        if start.startswith(begins):
            return f"it is {what}. Hand in the .ipynb file itself."
    if re.search(rb"^(import |from \w+ import |def |# %%)", start, re.M):
        return "it is a Python script. Hand in the .ipynb file itself."
    if not start.startswith(b"{"):
        return "it is not JSON. Open it in JupyterLab; hand in what it can open."
    if isinstance(error, UnicodeDecodeError):
        return "its text is not encoded as UTF-8. Save it in JupyterLab, and hand it in again."
    if isinstance(error, json.JSONDecodeError) and error.msg == "Extra data":
        return "something stands after its end. Was it put together from two files? Hand in one of them."
    return "it is not complete JSON. Was it cut off, or edited by hand? Save it in JupyterLab, and hand it in again."


def _cell(cell: dict, limits: IntakeLimits) -> dict:
    kind = cell.get("cell_type") if cell.get("cell_type") in ("code", "markdown", "raw") else "markdown"
    source = cell.get("source")
    if isinstance(source, list):
        source = "".join(line for line in source if isinstance(line, str))
    source = source if isinstance(source, str) else ""
    metadata = cell.get("metadata")
    nbgrader = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    grade_id = nbgrader.get("grade_id") if isinstance(nbgrader, dict) else None
    return {
        "cell_type": kind,
        "source": source.encode("utf-8", "replace").decode()[: limits.source],
        "grade_id": grade_id if isinstance(grade_id, str) else None,
        "id": cell["id"] if isinstance(cell.get("id"), str) else None,
        "attachments": _images(cell.get("attachments")) if kind == "markdown" else {},
        "outputs": cell["outputs"] if kind == "code" and isinstance(cell.get("outputs"), list) else [],
    }


def _images(attachments: object) -> dict[str, dict[str, str]]:
    """What was pasted into a cell of text, bitmaps alone: name → kind → base64."""
    kept: dict[str, dict[str, str]] = {}
    for name, bundle in attachments.items() if isinstance(attachments, dict) else ():
        for kind in ("image/png", "image/jpeg"):
            data = bundle.get(kind) if isinstance(bundle, dict) else None
            if isinstance(data, str) and re.fullmatch(r"[A-Za-z0-9+/=\s]+", data):
                kept.setdefault(name, {})[kind] = data
    return kept


@dataclass
class Repaired:
    """A notebook's cells ready to be graded, and a sentence for each repair.

    Each cell has ``cell_type``, ``source``, ``role``, ``grade_id``; test cells hold the pristine source.
    """

    cells: list[dict] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def repair(cells: list[dict], pristine: list[dict]) -> Repaired:
    """Puts the grader's cells back as they were released.

    A cell is recognised by its grade id, else by its cell id. Of several with one grade id the first counts; the others
    stay as ordinary cells. Test and locked cells are taken from the source, missing ones are added after the marked cell
    that comes before them there, and so are ones that stand out of order.

    Args:
        cells: from :func:`parse`.
        pristine: the instructor's cells, nbformat dictionaries, hidden tests included.
    """
    notes: list[str] = []
    own = {cell["metadata"]["nbgrader"]["grade_id"]: cell for cell in pristine if role(cell) != "plain"}
    order = {grade_id: index for index, grade_id in enumerate(own)}
    ids = {cell.get("id"): grade_id for grade_id, cell in own.items() if cell.get("id")}
    named = {cell["grade_id"] for cell in cells} & set(own)
    taken: set[str] = set()
    result: list[dict] = []
    for cell in cells:
        grade_id = cell["grade_id"] if cell["grade_id"] in own else None
        if grade_id is None and ids.get(cell["id"]) not in named:
            grade_id = ids.get(cell["id"])
            if grade_id is not None and grade_id not in taken:
                notes.append(f"The marking information of cell {grade_id!r} was missing.")
        if grade_id in taken:
            notes.append(f"Cell {grade_id!r} was there more than once; the first counts.")
            if role(own[grade_id]) in ("test", "locked"):
                continue
            grade_id = None
        if grade_id is None:
            same = {name: cell[name] for name in ("cell_type", "source", "attachments", "outputs")}
            result.append({**same, "role": "plain", "grade_id": None})
            continue
        taken.add(grade_id)
        result.append(_restored(cell, own[grade_id], grade_id, notes))
    _reorder(result, own, order, notes)
    for grade_id, index in order.items():
        if grade_id in taken:
            continue
        kind = role(own[grade_id])
        notes.append(f"Cell {grade_id!r} was missing and was put back.")
        blank = {"cell_type": own[grade_id]["cell_type"], "source": "", "role": kind, "grade_id": grade_id}
        if kind in ("test", "locked", "task"):
            blank["source"] = own[grade_id]["source"]
        _insert(result, blank, index, order)
    return Repaired(result, notes)


def _restored(cell: dict, own: dict, grade_id: str, notes: list[str]) -> dict:
    kind, source = role(own), cell["source"]
    if cell["cell_type"] != own["cell_type"]:
        notes.append(f"Cell {grade_id!r} had been turned into a {cell['cell_type']} cell.")
    elif kind in ("test", "locked") and _text(source) not in (_text(released(own["source"])), _text(own["source"])):
        notes.append(f"Cell {grade_id!r} was modified; the released one was used.")
    if kind in ("test", "locked"):
        source = own["source"]
    images = cell["attachments"] if kind == "manual" and own["cell_type"] == "markdown" else {}
    restored = {"cell_type": own["cell_type"], "source": source, "attachments": images, "outputs": cell["outputs"]}
    return {**restored, "role": kind, "grade_id": grade_id}


def _text(source: str) -> str:
    """A cell's source without what an editor changes by itself: ends of lines, and blanks before them."""
    return "\n".join(line.rstrip() for line in source.strip().splitlines())


def _reorder(result: list[dict], own: dict, order: dict[str, int], notes: list[str]) -> None:
    """Moves test and locked cells that stand before something that precedes them in the source."""
    moved = True
    while moved:
        moved = False
        for position, cell in enumerate(result):
            if cell["role"] not in ("test", "locked"):
                continue
            index = order[cell["grade_id"]]
            later = [c for c in result[position + 1 :] if c["grade_id"] and order[c["grade_id"]] < index]
            if later:
                notes.append(f"Cell {cell['grade_id']!r} had been moved.")
                result.pop(position)
                _insert(result, cell, index, order)
                moved = True
                break


def _insert(result: list[dict], cell: dict, index: int, order: dict[str, int]) -> None:
    before = [i for i, c in enumerate(result) if c["grade_id"] and order[c["grade_id"]] < index]
    known = any(c["grade_id"] for c in result)
    # Where nothing is recognised, whatever the student wrote comes first: it may hold the answers.
    place = max(before) + 1 if before else (0 if known else len(result))
    result.insert(place, cell)
