"""One way to turn an image file into upright RGB pixels, whatever it is, and one way to fit it into a frame."""

import contextlib
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

FULL_SCALES = (1, 255, 4095, 65535)
"""What white can be in an image of 16 or 32 bits or of floating-point values; see ``decode``."""

_Turn = Image.Transpose
TURNS = {2: _Turn.FLIP_LEFT_RIGHT, 3: _Turn.ROTATE_180, 4: _Turn.FLIP_TOP_BOTTOM, 5: _Turn.TRANSPOSE}
TURNS |= {6: _Turn.ROTATE_270, 7: _Turn.TRANSVERSE, 8: _Turn.ROTATE_90}
"""What turns an image upright, by its orientation in EXIF."""

NO_IMAGE = "not an image of a known kind, whatever its name says; save it as JPEG or PNG"


class UnreadableError(Exception):
    """Why one file cannot be used as an image, in a few words."""


def decode(file: str | os.PathLike | BinaryIO, *, enough: tuple[int, int] | None = None) -> Image.Image:
    """Decodes an image file as RGB: upright as its EXIF data say, the first frame, transparency on white.

    Images of 8 bits are used as they are. In grey ones of 16 or 32 bits or of floating-point values, white is the first of
    ``FULL_SCALES`` that is not below the largest value (floating-point values may exceed it by a quarter, as after smooth
    resizing). Values that fit none are refused: negative, above 65,535, not finite, or all below a sixteenth of white.
    Colour images of 16 bits must use their full scale. Two images of a folder can therefore have different scales.

    ``enough`` is a (width, height) in pixels that will do: a JPEG may then be decoded smaller, but not below twice that.
    Images with more than ``MAX_PIXELS`` are not decoded.

    Raises:
        UnreadableError: it is no image, damaged, too large, or of no known scale; the message says what to do, and does
            not name the file.
    """
    Image.init()  # Pillow registers most formats late, and knows only registered ones by name
    try:
        # Pillow warns about odd metadata, which does no harm, and about sizes, which are checked here.
        with warnings.catch_warnings(action="ignore"), Image.open(file, formats=FORMATS) as image:
            if image.width * image.height > MAX_PIXELS:
                raise UnreadableError(_too_large(f"{image.width} x {image.height} pixels"))
            if enough:
                # A JPEG can be decoded at a half, a quarter or an eighth: much faster for a phone's photographs.
                image.draft(None, (2 * max(enough), 2 * max(enough)))
            return _rgb(_in_eight_bits(image))
    except UnreadableError:
        raise
    except UnidentifiedImageError as error:
        raise UnreadableError(_what_it_is(file)) from error
    except Image.DecompressionBombError as error:
        raise UnreadableError(_too_large("far more pixels")) from error
    except Exception as error:
        if isinstance(error, OSError) and error.errno:  # the system's, not Pillow's
            raise UnreadableError(f"the file cannot be opened ({error.strerror})") from error
        # A broken file makes Pillow's readers raise almost anything: OSError, SyntaxError, struct.error, IndexError...
        cause = str(error) or type(error).__name__
        raise UnreadableError(f"damaged or incomplete ({cause}); copy it again from where it came") from error


def looks_like_an_image(file: Path) -> bool:
    """Says whether a file begins like one of ``FORMATS``, whatever its name; what follows may still be damaged."""
    Image.init()
    try:
        with warnings.catch_warnings(action="ignore"):
            Image.open(file, formats=FORMATS).close()
    except Exception as error:  # where it is damaged, or not to be opened, decode says so
        return not isinstance(error, UnidentifiedImageError)
    return True


def fitted(image: Image.Image, frame: tuple[int, int]) -> np.ndarray:
    """Resizes an RGB image until it fills a frame, (width, height), and cuts off what sticks out on both sides."""
    return np.asarray(ImageOps.fit(image, frame, Image.Resampling.BICUBIC))


def square(image: np.ndarray, size: int) -> np.ndarray:
    """Cuts the largest centred square out of an image, uint8 (height, width, 3), RGB, and resizes it.

    Returns:
        uint8 array (size, size, 3), 0-255.

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


def _too_large(pixels: str) -> str:
    return f"{pixels}, and {MAX_PIXELS:,} are the most; make it smaller, 4000 pixels wide will do"


def _in_eight_bits(image: Image.Image) -> Image.Image:
    """Decodes an opened image, upright, with 8 bits a channel; Pillow would clip more and turn nearly everything white."""
    tags = getattr(image, "tag_v2", {})  # of a TIFF: 339 is the format of its samples, 262 which end is white
    deep = any(";16" in str(tile) for tile in image.tile)
    image.load()
    turn = None
    with contextlib.suppress(Exception):  # of a damaged note
        # ImageOps.exif_transpose writes the whole note anew as well, and fails on many that cameras write.
        turn = TURNS.get(image.getexif().get(0x0112))
    upright = image if turn is None else image.transpose(turn)
    if upright.mode.startswith(("I", "F")):
        return Image.fromarray(_scaled(upright, white_is_zero=tags.get(262) == 0))
    if np.any(np.equal(tags.get(339, 1), 2)):
        raise UnreadableError("its values are signed; save it as PNG with values from 0 to 255")
    if deep and upright.mode in ("RGB", "RGBA", "LA"):
        colours = upright.convert("RGB").getextrema()  # Pillow has kept the upper 8 bits
        if max(high for _, high in colours) < 16:
            raise UnreadableError(
                "it has 16 bits a channel, and is nearly black in them; save it with 8 bits a channel"
            )
    return upright


def _scaled(image: Image.Image, *, white_is_zero: bool) -> np.ndarray:
    levels = np.asarray(image, dtype=np.float32)
    low, high = float(levels.min()), float(levels.max())
    if not np.isfinite([low, high]).all():
        raise UnreadableError("some of its values are NaN or infinite; save it as PNG with values from 0 to 255")
    slack = 0.25 if image.mode == "F" else 0
    top = next((scale for scale in FULL_SCALES if high <= scale * (1 + slack)), 0)
    if not top or low < -slack * top or (high < top / 16 and (low, high) != (0, 0)):
        raise UnreadableError(
            f"its values go from {low:.6g} to {high:.6g}, which is no known scale; save it as PNG with values from 0 to 255"
        )
    clear = levels == image.info.get("transparency", -1)
    levels = np.where(clear, top, top - levels if white_is_zero else levels) * (255 / top)
    return np.clip(levels, 0, 255).round().astype(np.uint8)


def _rgb(image: Image.Image) -> Image.Image:
    if image.has_transparency_data:
        transparent = (image.convert("LA") if image.mode == "La" else image).convert("RGBA")
        image = Image.new("RGBA", image.size, (255, 255, 255, 255))
        image.alpha_composite(transparent)
    return image.convert("RGB")


def _what_it_is(file: str | os.PathLike | BinaryIO) -> str:
    if isinstance(file, (str, os.PathLike)):
        with open(file, "rb") as opened:
            return _what_it_is(opened)
    file.seek(0)
    start = file.read(12)
    if not start:
        return "the file is empty"
    if start[4:8] == b"ftyp" and start[8:12] in (b"heic", b"heix", b"hevc", b"mif1", b"msf1", b"avif", b"avis"):
        return f"{start[8:12].decode().upper()}, which is not read here; export it as JPEG or PNG"
    if start[:4] in (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"):
        return "a TIFF of a kind that is not read here; save it as PNG with 8 bits a channel"
    if start[:4] == b"PK\x03\x04":
        return "a zip archive; unpack it first"
    return NO_IMAGE
