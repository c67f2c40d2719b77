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
"""What is read, judged by content and not by name. Pillow's other readers are not let near a stranger's file: one
of them starts a PostScript interpreter."""

MAX_PIXELS = 50_000_000

WHITE = (255, 255, 255)


class UnreadableError(Exception):
    """Why one file cannot be used as an image, in a few words."""


def decode(
    file: str | os.PathLike | BinaryIO,
    *,
    enough: tuple[int, int] | None = None,
    background: tuple[int, int, int] = WHITE,
    max_pixels: int = MAX_PIXELS,
) -> Image.Image:
    """Decodes an image: upright as its EXIF data say, the first frame, transparency on a background, as RGB.

    Args:
        file: a path, or an open binary file.
        enough: (width, height) in pixels that will do; a JPEG may then be decoded smaller, but not below twice that.
        background: what shows through transparent parts, (red, green, blue), 0-255.
        max_pixels: images with more are not decoded.

    Returns:
        The image, mode RGB.

    Raises:
        UnreadableError: it is no image, damaged, or too large; the message is a reason without the file's name.
    """
    Image.init()  # Pillow registers most formats late, and knows only registered ones by name
    try:
        with warnings.catch_warnings():
            # Pillow grumbles about odd metadata, which does no harm, and about sizes, which are checked below.
            warnings.simplefilter("ignore")
            with Image.open(file, formats=FORMATS) as image:
                if image.width * image.height > max_pixels:
                    raise UnreadableError(
                        f"{image.width} x {image.height} pixels are more than max_pixels={max_pixels}"
                    )
                if enough:
                    # A JPEG can be decoded at a half, a quarter or an eighth: much faster for a phone's photographs.
                    image.draft(None, (2 * max(enough), 2 * max(enough)))
                return _rgb(ImageOps.exif_transpose(image), background)
    except (UnreadableError, KeyboardInterrupt):
        raise
    except UnidentifiedImageError as error:
        raise UnreadableError(_what_it_is(file)) from error
    except Image.DecompressionBombError as error:
        raise UnreadableError(f"far more pixels than max_pixels={max_pixels}") from error
    except Exception as error:
        # A broken file makes Pillow's readers raise almost anything: OSError, SyntaxError, struct.error, IndexError...
        raise UnreadableError(f"damaged or incomplete ({str(error) or type(error).__name__})") from error


def fitted(
    image: Image.Image, frame: tuple[int, int], *, fit: str = "crop", background: tuple[int, int, int] = WHITE
) -> np.ndarray:
    """Resizes an image to a frame without changing its proportions.

    Args:
        image: mode RGB.
        frame: (width, height) in pixels.
        fit: ``"crop"`` fills the frame and cuts off what sticks out; ``"pad"`` shows all and fills the rest.
        background: the colour for ``"pad"``.

    Returns:
        uint8 array (height, width, 3), 0-255.
    """
    if fit == "crop":
        return np.asarray(ImageOps.fit(image, frame, Image.Resampling.BICUBIC))
    scale = min(frame[0] / image.width, frame[1] / image.height)
    inner = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    whole = Image.new("RGB", frame, background)
    corner = ((frame[0] - inner[0]) // 2, (frame[1] - inner[1]) // 2)
    whole.paste(image.resize(inner, Image.Resampling.BICUBIC), corner)
    return np.asarray(whole)


def load_photo(path: str | os.PathLike) -> np.ndarray:
    """Loads one photograph of your own, upright; no network needed.

    Args:
        path: the file; JPEG, PNG, WebP, GIF (first frame), TIFF, BMP or PPM, judged by content.

    Returns:
        uint8 array (height, width, 3), RGB, 0-255.

    Raises:
        BadArgumentError: there is no such file, or it is not an image that can be read.
    """
    path = Path(path).expanduser()
    if not path.is_file():
        beside = sorted(p.name for p in path.parent.iterdir() if p.is_file()) if path.parent.is_dir() else []
        there = f" In that folder there are: {', '.join(beside[:8])}." if beside else ""
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


def _rgb(image: Image.Image, background: tuple[int, int, int]) -> Image.Image:
    if image.mode.startswith(("I", "F")):
        # Pillow would clip 16 bits to 8 and turn nearly everything white; a whole range is shrunk instead.
        levels = np.asarray(image, dtype=np.float64)
        top = 1.0 if image.mode == "F" and levels.max() <= 1 else 255.0 if image.mode == "F" else 65535.0
        image = Image.fromarray(np.clip(levels / top * 255, 0, 255).round().astype(np.uint8))
    if image.has_transparency_data:
        transparent = image.convert("RGBA")
        image = Image.new("RGBA", image.size, (*background, 255))
        image.alpha_composite(transparent)
    return image.convert("RGB")


def _what_it_is(file: str | os.PathLike | BinaryIO) -> str:
    if isinstance(file, (str, os.PathLike)):
        with open(file, "rb") as opened:
            start = opened.read(16)
    else:
        file.seek(0)
        start = file.read(16)
    if start[4:8] == b"ftyp" and start[8:12] in (b"heic", b"heix", b"mif1", b"avif"):
        return f"{start[8:12].decode().upper()}, which is not read here; export it as JPEG or PNG"
    return "not an image of a known kind, whatever its name says"
