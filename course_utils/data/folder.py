"""Your own images: a folder with one subfolder per class, every bad file named and skipped."""

import os
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from course_utils.data.decode import UnreadableError, decode, fitted
from course_utils.data.files import composed, image_files, is_clutter, place_of, printable
from course_utils.errors import BadArgumentError, require_integer
from course_utils.progress_bar import say
from course_utils.storage import sha256

SPLIT = re.compile(
    r"(?<![a-z])(train|training|val|valid|validation|dev|test|testing|fold)(set)?(?![a-z])", re.IGNORECASE
)
"""What the folder of a split is called, rather than the folder of a class."""


@dataclass(frozen=True, eq=False)
class Folder:
    """Images of a folder, all of one size.

    Attributes:
        images: uint8 array (N, height, width, 3), RGB, 0-255.
        labels: int64 array (N,), positions in ``class_names``.
        groups: int64 array (N,): one number per image, except that copies of the same file share one.
        class_names: the names that were given, or else those of all subfolders, sorted; one may have no image.
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


def load_folder(
    path: str | os.PathLike,
    *,
    class_names: Sequence[str] | None = None,
    size: int | tuple[int, int] = (224, 224),
    quiet: bool = False,
) -> Folder:
    """Loads your own images from a folder with one subfolder per class; no network needed.

    The images are those of ``image_files``, in its order; an image in a folder inside a class's folder is of that
    class. They are read by the rules of ``decode``, fill the frame without a change of their aspect ratio, and are cut
    off on both sides. A file that cannot be read is named, with the reason, and skipped; so is a file whose copy was
    already found under another class.

    Every subfolder is a class, as in ``keras.utils.image_dataset_from_directory``: one without a readable image keeps
    its label, and is named. Give the names of the training folder's classes to every other folder of the data set, so
    that a label means the same in all of them: ``load_folder("test", class_names=train.class_names)``.

    Args:
        path: the folder.
        class_names: the classes in the order of their labels, at least two. Not every one needs a subfolder.
        size: ``(height, width)`` in pixels, or one number for a square; 8-1024 each.
        quiet: print no summary.

    Returns:
        The images, sorted by class and file name.

    Raises:
        BadArgumentError: the folder does not exist; it holds splits rather than classes, or a subfolder that is not in
            ``class_names``; it holds no readable image, or, without ``class_names``, readable images of one class only.
    """
    root = Path(path).expanduser()
    height, width = _frame(size)
    files, skipped = image_files(root)
    names = _class_names(root, files, class_names)
    labels = {composed(name): label for label, name in enumerate(names)}

    images = np.empty((len(files), height, width, 3), dtype=np.uint8)
    read: list[tuple[int, Path, int]] = []
    seen: dict[str, tuple[int, int, Path]] = {}
    for file in files:
        try:
            if file.parent == root:
                raise UnreadableError("not inside a class's subfolder")
            label = labels[composed(file.relative_to(root).parts[0])]
            content = sha256(file)
            number, first_label, first_path = seen.get(content, (len(seen), label, file))
            if first_label != label:
                first = printable(first_path.relative_to(root))
                raise UnreadableError(f"the same file as {first}, which is in another class")
            images[len(read)] = fitted(decode(file, enough=(width, height)), (width, height))
        except (UnreadableError, OSError) as reason:
            unopened = isinstance(reason, OSError)
            skipped.append((file, f"the file cannot be opened ({reason.strerror})" if unopened else str(reason)))
            continue
        seen.setdefault(content, (number, label, file))
        read.append((label, file, number))

    for label in sorted(set(range(len(names))) - {label for label, _, _ in read}):
        skipped.append(
            (root / names[label].lstrip("/"), f"no readable image in this class, which keeps its label {label}")
        )
    folder = Folder(
        images=images[: len(read)],
        labels=np.array([label for label, _, _ in read], dtype=np.int64),
        groups=np.array([number for _, _, number in read], dtype=np.int64),
        class_names=names,
        paths=[file for _, file, _ in read],
        skipped=sorted(skipped, key=lambda pair: place_of(pair[0], root)),
    )
    if not quiet:
        say(_summary(root, folder))
    found = np.unique(folder.labels)
    if len(found) == 0 or (len(found) == 1 and class_names is None):
        raise BadArgumentError(_too_few_classes(root, folder))
    return folder


def _class_names(root: Path, files: list[Path], given: Sequence[str] | None) -> list[str]:
    """Returns the names of the classes in the order of their labels."""
    folders = [path for path in root.iterdir() if not is_clutter(path.name) and path.is_dir()]
    there = sorted(composed(path.name) for path in folders)
    names = there if given is None else [str(name) for name in given]
    if given is not None and (isinstance(given, str) or len(names) < 2):
        raise BadArgumentError(f"class_names must be a list of at least two names; you gave {given!r}.")
    for whose, among in ((f"The subfolders of {printable(root)} hold", there), ("class_names hold", names)):
        twice = [name for name, times in Counter(map(composed, among)).items() if times > 1]
        if twice:
            raise BadArgumentError(
                f"{whose} {printable(twice[0])!r} twice, if only with its accents stored in two ways. Keep one of them."
            )
    unknown = sorted(set(there) - set(map(composed, () if given is None else names)))
    if unknown:
        _refuse_other_layouts(root, files, one=len(folders) == 1)
    if unknown and given is not None:
        raise BadArgumentError(
            f"The subfolder {printable(unknown[0])!r} of {printable(root)} is not in class_names, which are "
            f"{printable(', '.join(names))}. Rename or remove it, or give its name too."
        )
    return names


def _refuse_other_layouts(root: Path, files: list[Path], *, one: bool) -> None:
    """Raises an error when the subfolders are not classes: the classes' folders are further in, or further out."""
    parts = [file.relative_to(root).parts for file in files]
    within = {part[1] for part in parts if len(part) > 2}
    deep = {part[0] for part in parts if len(part) > 2} - {part[0] for part in parts if len(part) == 2}
    here = printable(root)
    splits = sorted(filter(SPLIT.search, deep), key=lambda name: ("train" not in name.lower(), name))
    if splits:
        calls = [f"load_folder({printable(root / splits[0])!r})"]
        calls += [f"load_folder({printable(root / name)!r}, class_names=…)" for name in splits[1:]]
        raise BadArgumentError(
            f"Expected one subfolder per class in {here}, but {printable(', '.join(splits))} look like splits with the "
            f"classes' folders inside. Load each by itself: {', '.join(calls)}. If they are classes, give class_names."
        )
    if one and deep and (len(within) > 1 or any(map(SPLIT.search, within))) and all(len(part) > 2 for part in parts):
        raise BadArgumentError(
            f"Expected one subfolder per class in {here}, but all images are in folders inside its one subfolder. Load "
            f"that one: load_folder({printable(root / deep.pop())!r})."
        )
    if len(splits := sorted(filter(SPLIT.search, within))) > 1:
        raise BadArgumentError(
            f"Expected images in the classes' folders of {here}, but those hold the splits {printable(', '.join(splits))}. "
            f"Move them, so that {here}/{splits[0]} holds one subfolder per class, and load each split by itself."
        )


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


def _summary(root: Path, folder: Folder) -> str:
    counted = Counter(folder.class_names[label] for label in folder.labels)
    classes = ", ".join(f"{printable(name)} {counted[name]}" for name in folder.class_names) or "none"
    lines = [f"{printable(root)}: {len(folder)} images in {len(folder.class_names)} classes ({classes})."]
    if folder.skipped:
        lines.append(f"Skipped {len(folder.skipped)}:")
        lines += [f"  {printable(path.relative_to(root))}: {printable(reason)}" for path, reason in folder.skipped]
    return "\n".join(lines)


def _too_few_classes(root: Path, folder: Folder) -> str:
    here = printable(root)
    advice = f"Make one subfolder per class, for example {here}/cat and {here}/dog, with images in it."
    if len(folder):
        name = printable(folder.class_names[folder.labels[0]])
        return f"A classifier needs at least two classes; {here} holds readable images of one, {name!r}. {advice}"
    begins = (re.match(r"[^\W\d_]+", path.name) for path, _ in folder.skipped if path.parent == root and path.is_file())
    prefixes = [prefix for prefix, times in Counter(begin[0] for begin in begins if begin).items() if times > 1]
    if len(prefixes) > 1:
        prefixes = ", ".join(sorted(prefixes))
        advice = f"Names in it begin with {prefixes}: if those are the classes, move each image into a subfolder of that name."
    named = "; ".join(f"{printable(path.relative_to(root))}: {printable(why)}" for path, why in folder.skipped[:5])
    found = f" It holds only: {named}." if named else " It is empty."
    return f"{here} holds no image that can be used.{found} {advice}"
