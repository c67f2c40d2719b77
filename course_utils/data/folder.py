"""Your own images: a folder with one subfolder per class, every bad file named and skipped."""

from __future__ import annotations

import hashlib
import os
import unicodedata
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from course_utils.data.decode import UnreadableError, decode, fitted
from course_utils.errors import BadArgumentError, require_integer

CLUTTER = {"thumbs.db", "desktop.ini", "__macosx"}
LINK = "a link; put a copy there instead"


@dataclass(frozen=True, eq=False)
class Folder:
    """Images of a folder, all of one size.

    Attributes:
        images: uint8 array (N, height, width, 3), RGB, 0-255.
        labels: int64 array (N,), positions in ``class_names``.
        groups: int64 array (N,): one number per image, except that copies of the same file share one.
        class_names: names of the subfolders that held a readable image, sorted.
        paths: the file of each image.
        skipped: what was not read, each with the reason.
    """

    images: np.ndarray
    labels: np.ndarray
    groups: np.ndarray
    class_names: list[str]
    paths: list[Path]
    skipped: list[tuple[Path, str]]

    def __len__(self) -> int:
        return len(self.labels)


def load_folder(path: str | os.PathLike, *, size: int | tuple[int, int] = (224, 224), quiet: bool = False) -> Folder:
    """Loads your own images from a folder with one subfolder per class; no network needed.

    Files are recognised by content, whatever their name: JPEG, PNG, GIF (its first frame), WebP, TIFF, BMP, PPM.
    Images are turned upright as their EXIF note says; greyscale, CMYK, 16-bit and palette images become RGB;
    transparent places become white. Images of more than 50 million pixels are skipped before they are decoded, as they
    may fill the memory. Hidden files are passed over. Links are not followed. A file that cannot be read is named, with
    the reason, and skipped; so is a class without any readable image, and a file whose copy was already found under
    another class. Aspect ratios are kept: an image fills the frame, and what sticks out is cut off on both sides.

    Args:
        path: the folder.
        size: ``(height, width)`` in pixels, or one number for a square; 8-1024 each.
        quiet: print no summary.

    Returns:
        The images, sorted by class and file name.

    Raises:
        BadArgumentError: the folder does not exist, or fewer than two classes hold a readable image.
    """
    root = Path(path)
    if not root.is_dir():
        raise BadArgumentError(
            f"load_folder needs a folder with one subfolder per class; {_printable(root)} is not a folder. "
            f"You are in {_printable(Path.cwd())}."
        )
    height, width = _frame(size)

    folders, candidates, skipped = _find(root)
    images = np.empty((len(candidates), height, width, 3), dtype=np.uint8)
    read: list[tuple[str, Path, int]] = []
    seen: dict[str, tuple[int, str, Path]] = {}
    for class_name, file in candidates:
        try:
            content = _checksum(file)
            number, first_class, first_path = seen.get(content, (len(seen), class_name, file))
            if first_class != class_name:
                raise UnreadableError(
                    f"the same file as {_printable(first_path.relative_to(root))}, which is in another class"
                )
            image = decode(file, enough=(width, height))
            images[len(read)] = fitted(image, (width, height))
        except UnreadableError as reason:
            skipped.append((file, str(reason)))
            continue
        seen.setdefault(content, (number, class_name, file))
        read.append((class_name, file, number))

    class_names = sorted({name for name, _, _ in read})
    for folder in folders:
        if _class_name(folder) not in class_names:
            skipped.append((folder, "no readable image in this class"))
    folder = Folder(
        images=images[: len(read)],
        labels=np.array([class_names.index(name) for name, _, _ in read], dtype=np.int64),
        groups=np.array([number for _, _, number in read], dtype=np.int64),
        class_names=class_names,
        paths=[file for _, file, _ in read],
        skipped=skipped,
    )
    if not quiet:
        print(_summary(root, folder))
    if len(class_names) < 2:
        raise BadArgumentError(_too_few_classes(root, folder))
    return folder


def _frame(size: object) -> tuple[int, int]:
    try:
        sides = tuple(require_integer("size", side, minimum=8) for side in (size if np.ndim(size) else (size, size)))
    except (TypeError, ValueError):
        sides = ()
    if len(sides) != 2 or max(sides) > 1024:
        raise BadArgumentError(
            f"size must be one number or (height, width), each from 8 to 1024 pixels; you gave {size!r}."
        )
    return sides


def _class_name(folder: Path) -> str:
    # macOS may spell é as two characters; the same folder has to be the same class on every machine.
    return unicodedata.normalize("NFC", folder.name)


def _find(root: Path) -> tuple[list[Path], list[tuple[str, Path]], list[tuple[Path, str]]]:
    """Returns the class folders, the files in them with their class, and what is neither, each with the reason."""
    folders, candidates, skipped = [], [], []
    for path in _visible(root):
        if path.is_symlink():
            skipped.append((path, LINK))
        elif path.is_dir():
            folders.append(path)
        else:
            skipped.append((path, "not inside a class's subfolder"))
    for folder in folders:
        try:
            inside = _visible(folder)
        except OSError as error:
            skipped.append((folder, f"the folder cannot be opened ({error.strerror})"))
            continue
        for path in inside:
            if path.is_symlink():
                skipped.append((path, LINK))
            elif path.is_dir():
                skipped.append((path, "a folder inside a class; move its images up"))
            elif not path.is_file():
                skipped.append((path, "not an ordinary file"))
            else:
                candidates.append((_class_name(folder), path))
    return folders, candidates, skipped


def _visible(folder: Path) -> list[Path]:
    return sorted(p for p in folder.iterdir() if not p.name.startswith(".") and p.name.lower() not in CLUTTER)


def _checksum(file: Path) -> str:
    try:
        with open(file, "rb") as opened:
            if not opened.peek(1):
                raise UnreadableError("the file is empty")
            return hashlib.file_digest(opened, "sha256").hexdigest()
    except OSError as error:
        raise UnreadableError(f"the file cannot be opened ({error.strerror})") from error


def _printable(path: Path | str) -> str:
    # A file name may hold anything, even terminal commands or bytes that cannot be printed.
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in str(path))


def _summary(root: Path, folder: Folder) -> str:
    counted = Counter(folder.class_names[label] for label in folder.labels)
    classes = ", ".join(f"{_printable(name)} {counted[name]}" for name in folder.class_names) or "none"
    lines = [f"{_printable(root)}: {len(folder)} images in {len(folder.class_names)} classes ({classes})."]
    if folder.skipped:
        lines.append(f"Skipped {len(folder.skipped)}:")
        lines += [f"  {_printable(path.relative_to(root))}: {_printable(reason)}" for path, reason in folder.skipped]
    return "\n".join(lines)


def _too_few_classes(root: Path, folder: Folder) -> str:
    advice = f"Make one subfolder per class, for example {_printable(root)}/cat and {_printable(root)}/dog, with images in it."
    if not folder.class_names:
        named = "; ".join(
            f"{_printable(path.relative_to(root))}: {_printable(why)}" for path, why in folder.skipped[:5]
        )
        found = f" It holds only: {named}." if named else " It is empty."
        return f"{_printable(root)} holds no image that can be used.{found} {advice}"
    return (
        f"A classifier needs at least two classes; {_printable(root)} holds images of one, "
        f"{_printable(folder.class_names[0])!r}. {advice}"
    )
