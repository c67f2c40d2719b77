"""Pastes an object on a crop of a photograph so that the result passes as one image."""

import numpy as np
from PIL import Image, ImageEnhance, ImageFilter

from course_utils.data.backgrounds import Photograph

MAX_ANGLE = 10.0
"""Degrees by which an object is turned at most, either way: nothing stands upside down."""

SMALLEST, LARGEST = 0.45, 0.80
"""The object's longer side, as a share of the frame."""

FAINTEST = 40.0
"""Mean distance of the object's colours from the background behind it, 0-255; below it, another crop is tried."""


def compose(
    photo: Image.Image,
    photographs: tuple[Photograph, ...],
    size: int,
    pose: np.random.Generator,
    place: np.random.Generator,
) -> tuple[np.ndarray, int, float]:
    """Composes one image of an object (RGBA) and one of the photographs.

    Everything is drawn as a share of the frame, so that one pair of generators gives one composition at every size.
    ``pose`` draws size, angle, mirroring and position of the object, ``place`` the photograph and the part of it.

    Returns:
        The image, uint8 (size, size, 3); the number of the photograph; the angle in degrees anticlockwise.
    """
    angle = float(pose.uniform(-MAX_ANGLE, MAX_ANGLE))
    pasted, corner = _posed(photo, angle, size, pose)
    colours = np.asarray(pasted, dtype=np.float32)
    visible = colours[..., 3] > 128
    seen = colours[visible, :3] if visible.any() else colours[..., :3].reshape(-1, 3)
    best = None
    for _ in range(4):
        chosen = photographs[int(place.integers(len(photographs)))]
        background = _part(chosen.crops[int(place.integers(len(chosen.crops)))], size, place)
        behind = background.crop((*corner, corner[0] + pasted.width, corner[1] + pasted.height))
        contrast = float(np.abs(seen.mean(0) - np.asarray(behind, dtype=np.float32).mean((0, 1))).mean())
        if best is None or contrast > best[0]:
            best = contrast, chosen.number, background
        if contrast >= FAINTEST:
            break
    _, number, background = best
    opacity = pasted.getchannel("A")
    _shade(background, opacity, corner, size)
    background.paste(_matched(pasted.convert("RGB"), seen, background), corner, opacity)
    return np.asarray(background), number, angle


def _posed(
    photo: Image.Image, angle: float, size: int, pose: np.random.Generator
) -> tuple[Image.Image, tuple[int, int]]:
    share, across, down, mirrored = pose.uniform(size=4)
    # Shrink before turning: turning samples few pixels, so a large image turned first would come out speckled.
    scale = size * (SMALLEST + (LARGEST - SMALLEST) * share) / max(photo.size)
    posed = photo.resize([max(1, round(side * scale)) for side in photo.size], Image.Resampling.BICUBIC)
    if mirrored < 0.5:
        posed = posed.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    posed = posed.rotate(angle, Image.Resampling.BICUBIC, expand=True)
    posed = posed.crop(posed.getbbox())
    # The half-transparent rim still holds what was behind the object when it was photographed: a light line. It goes.
    opacity = posed.getchannel("A").point(lambda value: max(0, round((value - 110) * 255 / 145)))
    posed.putalpha(opacity.filter(ImageFilter.GaussianBlur(0.004 * size)))
    # Things stand in the lower part of an image more often than they hang in the upper one.
    return posed, (round(across * (size - posed.width)), round((0.35 + 0.65 * down) * (size - posed.height)))


def _part(crop: Image.Image, size: int, place: np.random.Generator) -> Image.Image:
    share, across, down, mirrored = place.uniform(size=4)
    side = crop.width * (0.65 + 0.35 * share)
    left, top = across * (crop.width - side), down * (crop.height - side)
    part = crop.resize(
        (size, size), Image.Resampling.BICUBIC, box=(left, top, left + side, top + side), reducing_gap=2.0
    )
    return part.transpose(Image.Transpose.FLIP_LEFT_RIGHT) if mirrored < 0.5 else part


def _shade(background: Image.Image, opacity: Image.Image, corner: tuple[int, int], size: int) -> None:
    """Darkens the background a little below and to the right of the object, softly."""
    shadow = Image.new("L", (size, size))
    offset = round(0.02 * size)
    shadow.paste(opacity, (corner[0] + offset, corner[1] + offset))
    shadow = shadow.filter(ImageFilter.GaussianBlur(0.025 * size)).point(lambda value: round(0.4 * value))
    background.paste((0, 0, 0), (0, 0), shadow)


def _matched(image: Image.Image, seen: np.ndarray, background: Image.Image) -> Image.Image:
    """Brings the object's brightness nearer to the background's, as one light on both would."""
    ratio = (np.asarray(background, dtype=np.float32).mean() + 1) / (seen.mean() + 1)
    return ImageEnhance.Brightness(image).enhance(float(np.clip(ratio**0.4, 0.8, 1.25)))
