"""The images that features are computed from: an array in memory, an ``.npy`` file, or image files, as a stream."""

import contextlib
import hashlib
import io
import mmap
import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import Image

from course_utils.data.decode import FULL_SCALES, NO_IMAGE, UnreadableError, decode, fitted
from course_utils.data.files import image_files
from course_utils.errors import BadArgumentError


class ArrayImages:
    """Images in an array ``(N, height, width, channels)``; one that is mapped from disk stays there."""

    def __init__(self, array: np.ndarray):
        self.array = array
        self.kind = f"array {array.shape[1:]} {array.dtype.str}"

    def __len__(self) -> int:
        return len(self.array)

    def read(self, start: int, stop: int) -> np.ndarray:
        """Returns the images from ``start`` to ``stop`` as they are stored."""
        if not isinstance(self.array, np.memmap):
            return np.ascontiguousarray(self.array[start:stop])
        part = np.array(self.array[start:stop])
        _forget_pages(self.array)
        return part

    def decode(self, stored: np.ndarray) -> np.ndarray:
        """Turns what ``read`` gave into an array ``(n, height, width, channels)``."""
        return stored.astype(stored.dtype.newbyteorder("="), copy=False)

    def digests(self, stored: np.ndarray) -> list[bytes]:
        """Returns the SHA-256 of each image that ``read`` gave."""
        return [hashlib.sha256(memoryview(image).cast("B")).digest() for image in stored]


class FileImages:
    """Image files with the same methods: decoded as RGB and resized to one size, a few at a time."""

    def __init__(self, paths: list[Path], size: tuple[int, int]):
        self.paths = paths
        self.size = size
        self.kind = f"files {size} cropped, bicubic, white {FULL_SCALES}, Pillow {Image.__version__}"

    def __len__(self) -> int:
        return len(self.paths)

    def read(self, start: int, stop: int) -> list[tuple[Path, bytes]]:
        stored = []
        for path in self.paths[start:stop]:
            try:
                stored.append((path, path.read_bytes()))
            except OSError as error:
                raise BadArgumentError(
                    f"Expected an image at {path}, but it cannot be read ({error.strerror})."
                ) from error
        return stored

    def decode(self, stored: list[tuple[Path, bytes]]) -> np.ndarray:
        return np.stack([self._decode(path, data) for path, data in stored])

    def digests(self, stored: list[tuple[Path, bytes]]) -> list[bytes]:
        return [hashlib.sha256(data).digest() for _, data in stored]

    def _decode(self, path: Path, data: bytes) -> np.ndarray:
        height, width = self.size
        try:
            # As load_folder does it, so the same file gives the same pixels with both.
            return fitted(decode(io.BytesIO(data), enough=(width, height)), (width, height))
        except UnreadableError as reason:
            raise BadArgumentError(
                f"Expected an image in {path}, but it cannot be used: {reason}. "
                f"Leave it out, with its label, or replace it."
            ) from reason


Images = ArrayImages | FileImages
"""Images that are read a few at a time, in two steps: what is hashed is, byte for byte, what is decoded."""


def open_images(images, expected: tuple[int | None, int | None, int | None]) -> Images:
    """Opens the images that ``extract`` was given, without decoding any; raises its errors.

    ``expected`` are height, width and channels the base takes; None where it takes any.
    """
    if isinstance(images, (str, os.PathLike)):
        path = Path(images).expanduser()
        if path.is_dir():
            return _files(_all_images(path), expected)
        if path.suffix.lower() == ".npy":
            return _array(_map(path), expected)
        return _files([path], expected)
    if isinstance(images, np.ndarray) or hasattr(images, "__array__"):
        return _array(images if isinstance(images, np.ndarray) else np.asarray(images), expected)
    if isinstance(images, Sequence) and all(isinstance(item, (str, os.PathLike)) for item in images):
        return _files([Path(item).expanduser() for item in images], expected)
    raise BadArgumentError(
        f"Expected an array of images (N, height, width, 3), a list of paths, a folder or an .npy file; received "
        f"{type(images).__name__}. A list of arrays becomes one array with np.stack(images)."
    )


def _all_images(folder: Path) -> list[Path]:
    """The images of a folder, as ``load_folder`` lists them; or an error, where it would leave out some with a word."""
    paths, others = image_files(folder)
    advice = "Put it right, or pass a list of paths, such as load_folder(…).paths."
    for path, why in others:
        if why != NO_IMAGE:
            raise BadArgumentError(f"Expected to read all images of {folder}, but {path} is left out: {why}. {advice}")
    if not paths:
        raise BadArgumentError(f"Expected images in the folder {folder}, found none. Check the path.")
    if len({path.parent == folder for path in paths}) == 2:
        raise BadArgumentError(
            f"Expected images in {folder} or in its subfolders, one per class, but both hold some: {paths[0]}, "
            f"{paths[-1]}. {advice}"
        )
    return paths


def fits(batch: np.ndarray, shape: Sequence[int | None]) -> bool:
    """Says whether an array is a batch of images of a shape; None stands for any length."""
    return batch.ndim == 4 and all(want in (None, got) for want, got in zip(shape, batch.shape[1:], strict=True))


def _array(array: np.ndarray, expected: tuple) -> ArrayImages:
    wanted = "(N, " + ", ".join("any" if side is None else str(side) for side in expected) + ")"
    if array.ndim == 3:
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
    if not fits(array, expected):
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
    except (ValueError, EOFError, OSError) as error:
        raise BadArgumentError(
            f"Expected an array of numbers in {path}, but it cannot be read ({error}). "
            f"Check the path, or write it again with np.save(path, images)."
        ) from error


def _forget_pages(array: np.memmap) -> None:
    # Pages that were read count as this process's memory until the system takes them back: 5,000 images of 224 px
    # are 750 MB. Only shared maps: on a private one (mode "c") this would throw the user's changes away.
    mapped = getattr(array, "_mmap", None)
    if mapped is not None and array.mode in ("r", "r+", "w+") and hasattr(mmap, "MADV_DONTNEED"):
        with contextlib.suppress(OSError, ValueError):
            if array.mode != "r":
                mapped.flush()
            mapped.madvise(mmap.MADV_DONTNEED)
