"""The course's working set: composite images, each an object pasted on part of a photograph."""

import collections
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path

import numpy as np
from PIL import Image

from course_utils.data.backgrounds import BACKGROUNDS, checked_shares, photograph_names, photographs_of
from course_utils.data.composing import compose
from course_utils.data.files import is_clutter
from course_utils.data.objects import SPLITS, known_classes, object_images, split_of_objects
from course_utils.errors import BadArgumentError, require_integer, require_known
from course_utils.storage import writing_folder


@dataclass(frozen=True, eq=False)
class Scenes:
    """Composite images with labels, and what is known about how each was made.

    Attributes:
        images: uint8 array (N, size, size, 3), RGB, 0-255.
        labels: int64 array (N,), positions in ``class_names``.
        groups: int64 array (N,), the number of the object each image shows: its position in ``object_names``.
            Images of one object are not independent.
        backgrounds: int64 array (N,), positions in ``background_names``.
        photographs: int64 array (N,), the photograph behind the object: positions in ``photograph_names``.
        angles: float32 array (N,), degrees anticlockwise by which the object was turned.
        class_names: names of the classes.
        background_names: names of the families of backgrounds.
        object_names: ``class/name`` of every object of the course, then those of ``extra``.
        photograph_names: names of all photographs.
    """

    images: np.ndarray
    labels: np.ndarray
    groups: np.ndarray
    backgrounds: np.ndarray
    photographs: np.ndarray
    angles: np.ndarray
    class_names: list[str]
    background_names: list[str]
    object_names: list[str]
    photograph_names: list[str]

    def __len__(self) -> int:
        return len(self.labels)

    @property
    def majority_share(self) -> float:
        """The accuracy of always predicting the most frequent class; what a model must beat."""
        return float(np.bincount(self.labels).max() / len(self.labels))

    def take(self, index: np.ndarray | Sequence[int]) -> "Scenes":
        """Returns the images at ``index`` (positions or a mask), as a new object."""
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
    backgrounds: Mapping[str, Mapping[str, float]] | None = None,
    photographs: str | None = None,
) -> Scenes:
    """Composes images from the objects and photographs of one split; no network needed.

    Train, validation and test share neither an object nor a photograph. The same arguments give the same bytes on the
    same platform and library versions. Classes are not balanced, as the objects are not: compare with
    ``majority_share``.

    Args:
        split: ``"train"``, ``"validation"``, ``"test"``, or ``"all"`` for grouped cross-validation. With ``"all"``
            every object keeps the photographs of its own split.
        size: pixels on each side, 16-1024; another one gives the same compositions, larger or smaller.
        seed: any integer from 0. A secret one gives images that nobody has seen, of objects that everybody has.
        per_object: how many images show each object; 5 gives 310 test images of 62 objects.
        classes: by default the six largest, ``WORKING_CLASSES``. ``fish`` and ``insect`` exist too.
        extra: a folder of your own objects, one subfolder per class, images with transparency. They all join the split
            you ask for and have the highest numbers in ``groups``.
        backgrounds: for each class, the share of its images on each family of ``BACKGROUNDS``; see
            ``tied_backgrounds``. By default equal shares, so that the family says nothing about the class.
        photographs: the split whose photographs stand behind the objects, in place of the objects' own.

    Returns:
        The images, in an order shuffled by ``seed``.

    Raises:
        UnknownNameError: a split, class or family that does not exist.
        BadArgumentError: a number out of range, shares that do not add up, or an ``extra`` folder that cannot be used.
    """
    require_known("split", SPLITS, split)
    if photographs is not None:
        require_known("set of photographs", SPLITS[:3], photographs)
    size = require_integer("size", size, minimum=16)
    if size > 1024:
        raise BadArgumentError(f"size must be at most 1024 pixels; you gave {size}.")
    seed = require_integer("seed", seed, minimum=0)
    per_object = require_integer("per_object", per_object, minimum=1)
    class_names = known_classes(classes)
    shares = checked_shares(backgrounds, class_names)

    membership = split_of_objects()
    names, photos, belongs_to = list(membership), list(object_images()), list(membership.values())
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
            belongs_to.append("train" if split == "all" else split)

    groups = np.repeat(np.array(wanted, dtype=np.int64), per_object)
    groups = groups[np.random.default_rng([seed, 1]).permutation(len(groups))]
    scenes = Scenes(
        images=np.empty((len(groups), size, size, 3), dtype=np.uint8),
        labels=np.array([class_names.index(names[number].split("/")[0]) for number in groups], dtype=np.int64),
        groups=groups,
        backgrounds=np.empty(len(groups), dtype=np.int64),
        photographs=np.empty(len(groups), dtype=np.int64),
        angles=np.empty(len(groups), dtype=np.float32),
        class_names=class_names,
        background_names=list(BACKGROUNDS),
        object_names=names,
        photograph_names=photograph_names(),
    )
    shown = collections.Counter()
    for position, number in enumerate(groups.tolist()):
        shown[number] += 1
        # Generators of its own for every image: leaving out a class, or adding extras, changes no other image, and
        # the same object stands in the same pose whatever is behind it.
        pose, place = (np.random.default_rng([seed, part, number, shown[number]]) for part in (2, 3))
        bounds = np.cumsum(shares[class_names[scenes.labels[position]]])
        family = min(int(np.searchsorted(bounds, place.uniform(), side="right")), len(BACKGROUNDS) - 1)
        behind = photographs_of(photographs or belongs_to[number], BACKGROUNDS[family])
        composed = compose(photos[number], behind, size, pose, place)
        scenes.images[position], scenes.photographs[position], scenes.angles[position] = composed
        scenes.backgrounds[position] = family
    return scenes


def export_folder(scenes: Scenes, folder: str | os.PathLike) -> Path:
    """Writes images as JPEG files by class, as one's own data would lie: ``<folder>/<class>/<object>-<number>.jpg``.

    Returns:
        The folder. It appears whole, or not at all. All classes have a subfolder, also one without images.

    Raises:
        BadArgumentError: ``folder`` exists.
        StoreError: it cannot be written there.
    """
    folder = Path(folder)
    if folder.exists():
        raise BadArgumentError(f"{folder} exists; choose another name, or remove it first.")
    shown = collections.Counter()
    with writing_folder(folder) as temporary:
        for name in scenes.class_names:
            (temporary / name).mkdir()
        for image, label, group in zip(scenes.images, scenes.labels, scenes.groups, strict=True):
            shown[group] += 1
            file = f"{scenes.object_names[group].split('/')[1]}-{shown[group]}.jpg"
            Image.fromarray(image).save(temporary / scenes.class_names[label] / file, quality=92)
    return folder


def _read_extra(folder: Path, class_names: list[str]) -> list[tuple[str, Image.Image]]:
    if not folder.is_dir():
        raise BadArgumentError(f"extra must be a folder with one subfolder per class; {folder} is not a folder.")
    found = []
    for inside in sorted(path for path in folder.iterdir() if path.is_dir() and not is_clutter(path.name)):
        require_known("class in the extra folder", class_names, inside.name)
        files = sorted(path for path in inside.iterdir() if path.is_file() and not is_clutter(path.name))
        found += [(f"{inside.name}/{path.stem}", _transparent(path)) for path in files]
    if not found:
        raise BadArgumentError(
            f"{folder} holds no objects; put images with transparency into subfolders named like the classes: "
            f"{', '.join(class_names)}."
        )
    return found


def _transparent(path: Path) -> Image.Image:
    try:
        with Image.open(path) as opened:
            image = opened.convert("RGBA")
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise BadArgumentError(f"{path} cannot be read as an image ({error}); fix or remove it.") from error
    lowest, highest = image.getchannel("A").getextrema()
    if lowest > 127 or highest < 128:
        raise BadArgumentError(
            f"{path} is no photograph of an object: it must be partly transparent, and its opacity goes from {lowest} "
            f"to {highest}. Save it as PNG or WebP with a transparent background."
        )
    return image.crop(image.getchannel("A").getbbox())
