"""Which files of a folder are its images: the one answer, for ``load_folder`` and for ``features.extract``."""

import os
import unicodedata
from pathlib import Path

from course_utils.data.decode import NO_IMAGE, looks_like_an_image
from course_utils.errors import BadArgumentError

SUFFIXES = (".avif", ".bmp", ".gif", ".heic", ".heif", ".jpeg", ".jpg", ".png", ".tif", ".tiff", ".webp")
"""A file whose name ends so was meant as an image: one that cannot be read is reported."""
ARCHIVES = (".zip", ".tar", ".tgz", ".gz", ".bz2", ".xz")
CLUTTER = {"thumbs.db", "desktop.ini", "icon\r", "__macosx", "@eadir", "$recycle.bin"}
LINK = "a link, which is not followed; put a copy there instead"


def image_files(folder: str | os.PathLike) -> tuple[list[Path], list[tuple[Path, str]]]:
    """Lists the images in a folder and in all folders inside it, as ``load_folder`` and ``features.extract`` read them.

    An image is a file whose name ends in one of ``SUFFIXES``, or whose content is one of ``decode.FORMATS``. What is
    hidden or left behind by systems (``__MACOSX``, ``Thumbs.db``) is passed over. Links are not followed.

    Returns:
        (images, others): the paths of the images, and every other path with the reason, both in the order of
        ``keras.utils.image_dataset_from_directory(…, shuffle=False)``.

    Raises:
        BadArgumentError: the folder does not exist, cannot be opened, or is a file.
    """
    root = Path(folder).expanduser()
    if not root.is_dir():
        raise BadArgumentError(_no_folder(root))
    images, others, waiting = [], [], [root]
    while waiting:
        place = waiting.pop()
        try:
            with os.scandir(place) as entries:
                inside = [entry for entry in entries if not is_clutter(entry.name)]
        except OSError as error:
            if place == root:
                raise BadArgumentError(f"The folder {printable(root)} cannot be opened ({error.strerror}).") from error
            others.append((place, f"the folder cannot be opened ({error.strerror})"))
            continue
        for entry in inside:
            path = Path(entry.path)
            if entry.is_symlink():
                others.append((path, LINK))
            elif entry.is_dir():
                waiting.append(path)
            elif not entry.is_file():
                others.append((path, "not an ordinary file"))
            elif path.name.lower().endswith(SUFFIXES) or looks_like_an_image(path):
                images.append(path)
            else:
                others.append((path, NO_IMAGE))
    return sorted(images, key=lambda path: place_of(path, root)), sorted(
        others, key=lambda pair: place_of(pair[0], root)
    )


def place_of(path: Path, root: Path) -> tuple[str, ...]:
    """What the images of a folder are sorted by; the same on every system."""
    inside = composed(path.relative_to(root).as_posix())
    folder, _, name = inside.rpartition("/")
    return folder.partition("/")[0], folder, name, str(path)


def composed(name: str) -> str:
    """A name in one spelling: macOS may store é as two characters, and it is the same class on every machine."""
    return unicodedata.normalize("NFC", name)


def is_clutter(name: str) -> bool:
    """Says whether a name is hidden, or one that an operating system leaves behind."""
    return name.startswith(".") or name.lower() in CLUTTER or name.endswith(":Zone.Identifier")


def printable(path: Path | str) -> str:
    """A path or name for one line: it may hold anything, even terminal commands or bytes that cannot be printed."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in str(path))


def _no_folder(root: Path) -> str:
    wanted = "Expected a folder with one subfolder per class"
    if root.name.lower().endswith(ARCHIVES) and root.is_file():
        return f"{wanted}, received the archive {printable(root)}. Unpack it first, and give the folder that comes out."
    if root.is_file():
        return f"{wanted}, received the file {printable(root)}. Give the folder that holds the subfolders."
    return f"{wanted}; {printable(root)} is not a folder. You are in {printable(Path.cwd())}."
