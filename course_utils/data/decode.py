"""One way to turn an image file into upright RGB pixels, whatever it is, and one way to fit it into a frame."""

from __future__ import annotations

import os
import warnings
from pathlib import Path
from typing import BinaryIO

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from course_utils.errors import BadArgumentError

FORMATS = ("BMP", "GIF", "JPEG", "PNG", "PPM", "TIFF", "WEBP")
"""What is read, recognised by content and not by name. Pillow's other readers are not used on files of unknown
origin: one of them starts a PostScript interpreter."""

MAX_PIXELS = 50_000_000

WHITE = (255, 255, 255)


class UnreadableError(Exception):
    """Why one file cannot be used as an image, in a few words."""


def decode(file: str | os.PathLike | BinaryIO, *, enough: tuple[int, int] | None = None) -> Image.Image:
    """Decodes an image file as RGB: upright as its EXIF data say, the first frame, transparency on white.

    ``enough`` is a (width, height) in pixels that will do: a JPEG may then be decoded smaller, but not below twice that.
    Images with more than ``MAX_PIXELS`` are not decoded.

    Raises:
        UnreadableError: it is no image, damaged, or too large; the message does not name the file.
    """
    Image.init()  # Pillow registers most formats late, and knows only registered ones by name
    try:
        with warnings.catch_warnings():
            # Pillow warns about odd metadata, which does no harm, and about sizes, which are checked below.
            warnings.simplefilter("ignore")
            with Image.open(file, formats=FORMATS) as image:
                if image.width * image.height > MAX_PIXELS:
                    raise UnreadableError(f"{image.width} x {image.height} pixels are more than {MAX_PIXELS:,}")
                if enough:
                    # A JPEG can be decoded at a half, a quarter or an eighth: much faster for a phone's photographs.
                    image.draft(None, (2 * max(enough), 2 * max(enough)))
                return _rgb(ImageOps.exif_transpose(image))
    except UnreadableError:
        raise
    except UnidentifiedImageError as error:
        raise UnreadableError(_what_it_is(file)) from error
    except Image.DecompressionBombError as error:
        raise UnreadableError(f"far more pixels than {MAX_PIXELS:,}") from error
    except Exception as error:
        # A broken file makes Pillow's readers raise almost anything: OSError, SyntaxError, struct.error, IndexError...
        raise UnreadableError(f"damaged or incomplete ({str(error) or type(error).__name__})") from error


def fitted(image: Image.Image, frame: tuple[int, int]) -> np.ndarray:
    """Resizes an RGB image until it fills a frame, (width, height) in pixels, and cuts off what sticks out on both sides.

    Returns:
        uint8 array (height, width, 3), 0-255.
    """
    return np.asarray(ImageOps.fit(image, frame, Image.Resampling.BICUBIC))


def load_photo(path: str | os.PathLike) -> np.ndarray:
    """Loads one photograph of your own, upright; no network needed.

    Args:
        path: the file; JPEG, PNG, WebP, GIF (first frame), TIFF, BMP or PPM, recognised by content.

    Returns:
        uint8 array (height, width, 3), RGB, 0-255.

    Raises:
        BadArgumentError: there is no such file, or it is not an image that can be read.
    """
    path = Path(path).expanduser()
    if not path.is_file():
        files = sorted(p.name for p in path.parent.iterdir() if p.is_file()) if path.parent.is_dir() else []
        there = f" In that folder there are: {', '.join(files[:8])}." if files else ""
        raise BadArgumentError(
            f"There is no file {path.name!r} in {path.parent.absolute()}. Check the spelling and the ending.{there}"
        )
    try:
        return np.asarray(decode(path))
    except UnreadableError as reason:
        raise BadArgumentError(f"{path.name} cannot be used: {reason}. Save it again as JPEG or PNG.") from reason


def square(image: np.ndarray, size: int) -> np.ndarray:
    """Cuts the largest centred square out of an image and resizes it.

    Args:
        image: uint8 array (height, width, 3), RGB, 0-255.
        size: pixels on each side.

    Returns:
        uint8 array (size, size, 3).

    Raises:
        BadArgumentError: the array is not such an image.
    """
    image = np.asarray(image)
    if image.ndim != 3 or image.shape[-1] != 3 or image.dtype != np.uint8:
        raise BadArgumentError(
            f"An image was expected, uint8 of shape (height, width, 3); {image.dtype} of shape {image.shape} was "
            "received. Give one image before preprocessing, not a batch."
        )
    return fitted(Image.fromarray(image), (size, size))


def _rgb(image: Image.Image) -> Image.Image:
    if image.mode.startswith(("I", "F")):
        # Pillow would clip 16 bits to 8 and turn nearly everything white; a whole range is shrunk instead.
        levels = np.asarray(image, dtype=np.float64)
        top = 1.0 if image.mode == "F" and levels.max() <= 1 else 255.0 if image.mode == "F" else 65535.0
        image = Image.fromarray(np.clip(levels / top * 255, 0, 255).round().astype(np.uint8))
    if image.has_transparency_data:
        transparent = image.convert("RGBA")
        image = Image.new("RGBA", image.size, (*WHITE, 255))
        image.alpha_composite(transparent)
    return image.convert("RGB")


def _what_it_is(file: str | os.PathLike | BinaryIO) -> str:
    if isinstance(file, (str, os.PathLike)):
        with open(file, "rb") as opened:
            return _what_it_is(opened)
    file.seek(0)
    start = file.read(12)
    if start[4:8] == b"ftyp" and start[8:12] in (b"heic", b"heix", b"mif1", b"avif"):
        return f"{start[8:12].decode().upper()}, which is not read here; export it as JPEG or PNG"
    return "not an image of a known kind, whatever its name says"
