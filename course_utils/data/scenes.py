"""The course's working set: objects pasted on varied backgrounds at varied place, scale and angle."""

from __future__ import annotations

import collections
import functools
import os
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path

import numpy as np
from PIL import Image, ImageEnhance

from course_utils.data.photos import open_inside
from course_utils.data.stamps import SPLITS, known_classes, read_object, shipped_images, split_of_stamps
from course_utils.errors import BadArgumentError, require_integer, unknown_name

BACKGROUNDS = ("gradient", "clouds", "stripes", "grass", "gravel", "brick")
"""The kinds of background; the first three are computed, the last three are photographs tinted at random."""

PHOTOGRAPHED = ("grass", "gravel", "brick")
MAX_ANGLE = 40.0  # degrees by which an object is turned at most, either way


@dataclass(frozen=True, eq=False)
class Scenes:
    """Composite images with labels, and what is known about how each was made.

    Attributes:
        images: uint8 array (N, size, size, 3), RGB, 0-255.
        labels: int64 array (N,), positions in ``class_names``.
        groups: int64 array (N,), the number of the object each scene shows: its position in ``object_names``.
            Scenes of one object are not independent.
        backgrounds: int64 array (N,), positions in ``background_names``.
        angles: float32 array (N,), degrees anticlockwise by which the object was turned.
        class_names: names of the classes.
        background_names: names of the kinds of background.
        object_names: ``class/name`` of every object of the course, then those of ``extra``.
    """

    images: np.ndarray
    labels: np.ndarray
    groups: np.ndarray
    backgrounds: np.ndarray
    angles: np.ndarray
    class_names: list[str]
    background_names: list[str]
    object_names: list[str]

    def __len__(self) -> int:
        return len(self.labels)

    @property
    def majority_share(self) -> float:
        """The accuracy of always answering the most frequent class; what a model must beat."""
        return float(np.bincount(self.labels).max() / len(self.labels))

    def take(self, index: np.ndarray | Sequence[int]) -> Scenes:
        """Returns the scenes at ``index`` (positions or a mask), as a new object."""
        arrays = {f.name: getattr(self, f.name)[index] for f in fields(self) if not f.name.endswith("_names")}
        return replace(self, **arrays)


def load_scenes(
    split: str,
    *,
    size: int = 96,
    seed: int = 0,
    per_object: int = 5,
    classes: Sequence[str] | None = None,
    extra: str | os.PathLike | None = None,
) -> Scenes:
    """Composes scenes from the objects of one split; no network needed.

    Train, validation and test never share an object (see ``split_of_stamps``). The same arguments give the same
    bytes on the same platform and library versions; another ``seed`` gives other compositions of the same objects;
    another ``size`` gives the same compositions, larger or smaller. Classes are not balanced, as the objects are
    not: compare with ``majority_share``.

    Args:
        split: ``"train"``, ``"validation"``, ``"test"``, or ``"all"`` for grouped cross-validation.
        size: pixels on each side, 16-1024.
        seed: any integer from 0. A secret one gives scenes that nobody has seen, of objects that everybody has.
        per_object: how many scenes show each object; 5 gives 310 test scenes of 62 objects.
        classes: names of classes of objects; by default the six largest, ``WORKING_CLASSES``. ``fish`` and ``insect`` exist too.
        extra: a folder of your own objects, one subfolder per class, images with transparency. They all join the
            split you ask for and have the highest numbers in ``groups``.

    Returns:
        The scenes, in an order shuffled by ``seed``.

    Raises:
        UnknownNameError: a split or class that does not exist.
        BadArgumentError: a number out of range, or an ``extra`` folder that cannot be used.
    """
    if split not in SPLITS:
        raise unknown_name("split", split, SPLITS)
    size = require_integer("size", size, minimum=16)
    if size > 1024:
        raise BadArgumentError(f"size must be at most 1024 pixels; you gave {size}.")
    seed = require_integer("seed", seed, minimum=0)
    per_object = require_integer("per_object", per_object, minimum=1)
    class_names = known_classes(classes)

    membership = split_of_stamps()
    names, photos = list(membership), list(shipped_images())
    wanted = [
        number
        for number, (name, belongs) in enumerate(membership.items())
        if split in (belongs, "all") and name.split("/")[0] in class_names
    ]
    if extra is not None:
        for name, photo in _read_extra(Path(extra), class_names):
            wanted.append(len(names))
            names.append(name)
            photos.append(photo)

    groups = np.repeat(np.array(wanted, dtype=np.int64), per_object)
    groups = groups[np.random.default_rng([seed, 1]).permutation(len(groups))]
    scenes = Scenes(
        images=np.empty((len(groups), size, size, 3), dtype=np.uint8),
        labels=np.array([class_names.index(names[number].split("/")[0]) for number in groups], dtype=np.int64),
        groups=groups,
        backgrounds=np.empty(len(groups), dtype=np.int64),
        angles=np.empty(len(groups), dtype=np.float32),
        class_names=class_names,
        background_names=list(BACKGROUNDS),
        object_names=names,
    )
    shown = collections.Counter()
    for position, number in enumerate(groups.tolist()):
        shown[number] += 1
        # A generator of its own for every scene: leaving out a class, or adding extras, changes no other scene.
        rng = np.random.default_rng([seed, 2, number, shown[number]])
        kind = int(rng.integers(len(BACKGROUNDS)))
        angle = float(rng.uniform(-MAX_ANGLE, MAX_ANGLE))
        scene = _background(BACKGROUNDS[kind], size, rng)
        _paste(scene, photos[number], angle, rng)
        scenes.images[position] = np.asarray(scene)
        scenes.backgrounds[position] = kind
        scenes.angles[position] = angle
    return scenes


def _paste(scene: Image.Image, photo: Image.Image, angle: float, rng: np.random.Generator) -> None:
    share, across, down, brightness, mirrored = rng.uniform(size=5)
    size = scene.width
    # Shrink before turning: turning samples few pixels, so a large image turned first would come out speckled.
    longest = size * (0.55 + 0.4 * share)
    scale = longest / max(photo.size)
    turned = photo.resize([max(1, round(side * scale)) for side in photo.size], Image.Resampling.BILINEAR)
    if mirrored < 0.5:
        turned = turned.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    turned = turned.rotate(angle, Image.Resampling.BILINEAR, expand=True)
    turned = turned.crop(turned.getbbox())
    if max(turned.size) > size:
        turned.thumbnail((size, size), Image.Resampling.BILINEAR)
    opacity = turned.getchannel("A")
    coloured = ImageEnhance.Brightness(turned.convert("RGB")).enhance(0.8 + 0.4 * brightness)
    corner = (round(across * (size - turned.width)), round(down * (size - turned.height)))
    scene.paste(coloured, corner, opacity)


def _background(kind: str, size: int, rng: np.random.Generator) -> Image.Image:
    # Everything is drawn as fractions of the image, so that one seed gives one composition at every size.
    first, second = rng.integers(20, 236, size=(2, 3)).astype(np.float32)
    if kind == "clouds":
        return _clouds(size, rng)
    if kind in PHOTOGRAPHED:
        blend = _crop(kind, size, rng)
        first, second = first * 0.35, 128 + second * 0.5
    else:
        direction, waves, phase = rng.uniform(0, (2 * np.pi, 7, 2 * np.pi))
        places = np.arange(size, dtype=np.float32) / size - 0.5
        along = places * np.float32(np.cos(direction)) + places[:, None] * np.float32(np.sin(direction))
        if kind == "gradient":
            blend = along + 0.5
        else:
            blend = 0.5 + 0.5 * np.sin(along * np.float32(2 * np.pi * (4 + waves)) + np.float32(phase))
    levels = np.linspace(0, 1, 256, dtype=np.float32)[:, None]
    palette = np.clip(first + levels * (second - first), 0, 255).astype(np.uint8)
    return Image.fromarray(palette[np.clip(blend * 255, 0, 255).astype(np.uint8)])


def _clouds(size: int, rng: np.random.Generator) -> Image.Image:
    clouds = None
    for cells in (3, 6, 12):
        layer = Image.fromarray(rng.integers(0, 256, size=(cells, cells, 3), dtype=np.uint8))
        layer = layer.resize((size, size), Image.Resampling.BICUBIC)
        clouds = layer if clouds is None else Image.blend(clouds, layer, 0.35)
    return clouds


def _crop(kind: str, size: int, rng: np.random.Generator) -> np.ndarray:
    texture = _texture(kind)
    side = round(texture.width * rng.uniform(0.35, 0.9))
    left, top = (int(rng.integers(texture.width - side + 1)) for _ in range(2))
    piece = texture.resize(
        (size, size), Image.Resampling.BILINEAR, box=(left, top, left + side, top + side), reducing_gap=2.0
    )
    return np.asarray(piece, dtype=np.float32) / 255


@functools.cache
def _texture(kind: str) -> Image.Image:
    with open_inside("skimage", f"data/{kind}.png") as image:
        grey = image.convert("L")
    return grey.crop((0, 0, min(grey.size), min(grey.size)))


def _read_extra(folder: Path, class_names: list[str]) -> list[tuple[str, Image.Image]]:
    if not folder.is_dir():
        raise BadArgumentError(f"extra must be a folder with one subfolder per class; {folder} is not a folder.")
    found = []
    for inside in sorted(path for path in folder.iterdir() if path.is_dir() and not path.name.startswith(".")):
        if inside.name not in class_names:
            raise unknown_name("class in the extra folder", inside.name, class_names)
        files = sorted(path for path in inside.iterdir() if path.is_file() and not path.name.startswith("."))
        found += [(f"{inside.name}/{path.stem}", _transparent(path)) for path in files]
    if not found:
        raise BadArgumentError(
            f"{folder} holds no objects; put images with transparency into subfolders named like the classes: "
            f"{', '.join(class_names)}."
        )
    return found


def _transparent(path: Path) -> Image.Image:
    try:
        image = read_object(path)
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise BadArgumentError(f"{path} cannot be read as an image ({error}); fix or remove it.") from error
    lowest, highest = image.getchannel("A").getextrema()
    if lowest > 127 or highest < 128:
        raise BadArgumentError(
            f"{path} is no photograph of an object: it must be partly transparent, and its opacity goes from {lowest} "
            f"to {highest}. Save it as PNG or WebP with a transparent background."
        )
    return image.crop(image.getchannel("A").getbbox())
