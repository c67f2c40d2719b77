"""The images that features are computed from: an array in memory, an ``.npy`` file, or image files, as a stream."""

from __future__ import annotations

import contextlib
import hashlib
import io
import mmap
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
from PIL import Image

from course_utils.data.decode import UnreadableError, decode, fitted
from course_utils.errors import BadArgumentError

IMAGE_SUFFIXES = (".bmp", ".gif", ".jpeg", ".jpg", ".png", ".tif", ".tiff", ".webp")


class Images(Protocol):
    """A run of images that is read a few at a time.

    Reading and decoding are two steps, so that what was hashed is, byte for byte, what was decoded.
    """

    kind: str

    def __len__(self) -> int: ...

    def read(self, start: int, stop: int) -> Sequence:
        """Returns the images from ``start`` to ``stop`` as they are stored, one item each."""

    def decode(self, stored: Sequence) -> np.ndarray:
        """Turns what ``read`` gave into an array ``(n, height, width, channels)``."""

    def digests(self, stored: Sequence) -> list[bytes]:
        """Returns the SHA-256 of each item that ``read`` gave."""


class ArrayImages:
    """Images in an array ``(N, height, width, channels)``; one that is mapped from disk stays there."""

    def __init__(self, array: np.ndarray):
        self.array = array
        self.kind = f"array {array.shape[1:]} {array.dtype.str}"

    def __len__(self) -> int:
        return len(self.array)

    def read(self, start: int, stop: int) -> np.ndarray:
        if not isinstance(self.array, np.memmap):
            return np.ascontiguousarray(self.array[start:stop])
        part = np.array(self.array[start:stop])
        _forget_pages(self.array)
        return part

    def decode(self, stored: np.ndarray) -> np.ndarray:
        return stored.astype(stored.dtype.newbyteorder("="), copy=False)

    def digests(self, stored: np.ndarray) -> list[bytes]:
        return [hashlib.sha256(memoryview(image).cast("B")).digest() for image in stored]


class FileImages:
    """Image files, decoded as RGB and resized to one size, a few at a time."""

    def __init__(self, paths: list[Path], size: tuple[int, int]):
        self.paths = paths
        self.size = size
        self.kind = f"files {size} bilinear, Pillow {Image.__version__}"

    def __len__(self) -> int:
        return len(self.paths)

    def read(self, start: int, stop: int) -> list[tuple[Path, bytes]]:
        return [(path, _read_file(path)) for path in self.paths[start:stop]]

    def decode(self, stored: list[tuple[Path, bytes]]) -> np.ndarray:
        return np.stack([_decode(path, data, self.size) for path, data in stored])

    def digests(self, stored: list[tuple[Path, bytes]]) -> list[bytes]:
        return [hashlib.sha256(data).digest() for _, data in stored]


def open_images(images, expected: tuple[int | None, int | None, int | None]) -> Images:
    """Makes a stream of whatever ``extract`` was given, and refuses what the base cannot take.

    Args:
        images: an array or memory map ``(N, height, width, channels)``, the path of an ``.npy`` file or of a folder
            of images (searched in depth, sorted by path), or a sequence of paths of images.
        expected: height, width and channels the base takes; None where it takes any.

    Returns:
        The images, none of them decoded yet.

    Raises:
        BadArgumentError: the images are missing, empty, or of another shape than the base takes.
    """
    if isinstance(images, (str, os.PathLike)):
        path = Path(images).expanduser()
        if path.is_dir():
            paths = sorted(p for p in path.rglob("*") if p.suffix.lower() in IMAGE_SUFFIXES and p.is_file())
            if not paths:
                raise BadArgumentError(
                    f"Expected images in the folder {path}, found none. "
                    f"Put files there that end in {', '.join(IMAGE_SUFFIXES)}."
                )
            return _files(paths, expected)
        if path.suffix.lower() == ".npy":
            return _array(_map(path), expected)
        return _files([path], expected)
    if isinstance(images, np.ndarray) or hasattr(images, "__array__"):
        return _array(images if isinstance(images, np.ndarray) else np.asarray(images), expected)
    if isinstance(images, Sequence) and all(isinstance(item, (str, os.PathLike)) for item in images):
        return _files([Path(item).expanduser() for item in images], expected)
    raise BadArgumentError(
        f"Expected an array of images (N, height, width, 3), a list of paths, a folder or an .npy file; received "
        f"{_describe(images)}. A list of arrays becomes one array with np.stack(images)."
    )


def _array(array: np.ndarray, expected: tuple) -> ArrayImages:
    wanted = "(N, " + ", ".join("any" if side is None else str(side) for side in expected) + ")"
    if array.ndim == 3 and len(expected) == 3:
        raise BadArgumentError(
            f"Expected images of shape {wanted}, received one of shape {array.shape}. "
            f"Pass images[None] to make it a batch of one."
        )
    if array.dtype.kind not in "uif":
        raise BadArgumentError(
            f"Expected images as numbers (uint8 0-255, or float), received dtype {array.dtype}. "
            f"Convert them first, for example with images.astype('float32')."
        )
    if array.ndim == 4 and len(array) == 0:
        raise BadArgumentError("Expected at least one image, received none. Check the selection that made this array.")
    fits = array.ndim == 4 and all(want in (None, got) for want, got in zip(expected, array.shape[1:], strict=True))
    if not fits:
        raise BadArgumentError(
            f"This base takes images of shape {wanted}, received {array.shape}. Resize the images, "
            f"or load the base with input_shape= the shape of one image."
        )
    return ArrayImages(array)


def _files(paths: list[Path], expected: tuple) -> FileImages:
    height, width, channels = expected
    if not paths:
        raise BadArgumentError("Expected at least one image, received an empty list. Check how the list was made.")
    if height is None or width is None:
        raise BadArgumentError(
            f"Image files are resized to the base's input size, but this base takes any ({height} x {width}). "
            f"Load it with input_shape=(height, width, 3)."
        )
    if channels != 3:
        raise BadArgumentError(
            f"Image files are read as RGB, 3 channels, but this base takes {channels}. "
            f"Load the images yourself and pass an array (N, {height}, {width}, {channels})."
        )
    missing = [path for path in paths if not path.is_file()]
    if missing:
        raise BadArgumentError(
            f"Expected {len(paths)} image files, but {len(missing)} are not there, first {missing[0]}. "
            f"Check the path and the folder this runs in."
        )
    return FileImages(paths, (height, width))


def _map(path: Path) -> np.ndarray:
    try:
        return np.load(path, mmap_mode="r", allow_pickle=False)
    except FileNotFoundError:
        raise BadArgumentError(
            f"Expected an .npy file at {path}, found none. Check the path and the folder this runs in."
        ) from None
    except (ValueError, EOFError, OSError) as error:
        raise BadArgumentError(
            f"Expected an array of numbers in {path}, but it cannot be read ({error}). "
            f"Write it again with np.save(path, images)."
        ) from error


def _forget_pages(array: np.memmap) -> None:
    # Pages that were read count as this process's memory until the system wants them back: 5,000 images of 224 px
    # are 750 MB. Only shared maps: on a private one (mode "c") this would throw the user's changes away.
    mapped = getattr(array, "_mmap", None)
    if mapped is not None and array.mode in ("r", "r+", "w+") and hasattr(mmap, "MADV_DONTNEED"):
        with contextlib.suppress(OSError, ValueError):
            if array.mode != "r":
                mapped.flush()
            mapped.madvise(mmap.MADV_DONTNEED)


def _read_file(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise BadArgumentError(f"Expected an image at {path}, but it cannot be read ({error.strerror}).") from error


def _decode(path: Path, data: bytes, size: tuple[int, int]) -> np.ndarray:
    height, width = size
    try:
        # As load_folder does it, so the same file gives the same pixels on both ways.
        return fitted(decode(io.BytesIO(data), enough=(width, height)), (width, height))
    except UnreadableError as reason:
        raise BadArgumentError(
            f"Expected an image in {path}, but it cannot be used: {reason}. "
            f"Leave it out, with its label, or replace it."
        ) from reason


def _describe(value) -> str:
    if isinstance(value, (list, tuple)):
        kinds = sorted({type(item).__name__ for item in value[:100]})
        return f"a {type(value).__name__} of {len(value)} ({', '.join(kinds)})"
    return type(value).__name__
