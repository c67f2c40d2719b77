"""The course's own images: photographic cut-outs with transparency, and which of them are for training."""

from __future__ import annotations

import csv
import functools
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from course_utils.errors import BadArgumentError, NotAvailableError, unknown_name, whole_number

STAMPS_FOLDER = Path(__file__).resolve().parent.parent / "assets" / "stamps"
WORKING_CLASSES = ("bird", "flower", "fruit_or_vegetable", "mammal", "musical_instrument", "vehicle")
"""The six classes with the most cut-outs; ``fish`` and ``insect`` have fewer than ten each."""

SPLITS = ("train", "validation", "test", "all")


@dataclass(frozen=True, eq=False)
class Stamps:
    """Cut-outs, sorted by class and name; position in these lists is the number of a cut-out.

    Attributes:
        images: one uint8 array (height, width, 4) each: red, green, blue, opacity, all 0-255; at most 160 pixels
            on the long side.
        labels: int64 array (N,), positions in ``class_names``.
        class_names: names of the classes, in alphabetical order.
        names: ``class/name`` of each cut-out.
        descriptions: one English sentence each, from the package; usable as alt text.
    """

    images: list[np.ndarray]
    labels: np.ndarray
    class_names: list[str]
    names: list[str]
    descriptions: list[str]

    def __len__(self) -> int:
        return len(self.images)

    def counts(self) -> dict[str, int]:
        """Returns how many cut-outs each class has."""
        counted = np.bincount(self.labels, minlength=len(self.class_names))
        return dict(zip(self.class_names, counted.tolist(), strict=True))


def load_stamps() -> Stamps:
    """Loads the photographic cut-outs that come with the course; no network needed.

    They were chosen by eye from Debian's package ``tuxpaint-stamps-default``: drawings, toys, painted images and
    mirrored twins are left out. ``PROVENANCE.csv`` beside them names the origin of each; licence GPL-2.

    Returns:
        The cut-outs of all eight classes. The arrays are fresh copies: change them as you like.

    Raises:
        NotAvailableError: the folder of images is missing or incomplete.
    """
    rows = _provenance()
    class_names = sorted({row["class"] for row in rows})
    return Stamps(
        images=[np.array(image) for image in shipped_images()],
        labels=np.array([class_names.index(row["class"]) for row in rows], dtype=np.int64),
        class_names=class_names,
        names=[row["file"].removesuffix(".webp") for row in rows],
        descriptions=[row["description"] for row in rows],
    )


def split_of_stamps(*, split_seed: int = 0) -> dict[str, str]:
    """Says which split each cut-out belongs to.

    The rule: within each class, cut-outs are put in the order of the SHA-256 of ``"split_seed:class/name"``; the
    first third is for testing, the next sixth for validation, the rest for training (rounded, halves upwards). It
    depends on nothing else, so no scene of one split ever shows a cut-out of another.

    Args:
        split_seed: another number gives another division; the course's figures use 0.

    Returns:
        ``"train"``, ``"validation"`` or ``"test"`` for each ``class/name``, in the order of ``load_stamps()``.
    """
    whole_number("split_seed", split_seed, minimum=0)
    by_class: dict[str, list[str]] = {}
    names = [row["file"].removesuffix(".webp") for row in _provenance()]
    for name in names:
        by_class.setdefault(name.split("/")[0], []).append(name)
    chosen = {}
    for members in by_class.values():
        shuffled = sorted(members, key=lambda name: hashlib.sha256(f"{split_seed}:{name}".encode()).hexdigest())
        test, validation = (2 * len(members) + 3) // 6, (len(members) + 3) // 6
        for position, name in enumerate(shuffled):
            chosen[name] = "test" if position < test else "validation" if position < test + validation else "train"
    return {name: chosen[name] for name in names}


@functools.cache
def shipped_images() -> tuple[Image.Image, ...]:
    """Returns the cut-outs as Pillow images (RGBA), decoded once per process; for reading only."""
    images = []
    for row in _provenance():
        path = STAMPS_FOLDER / row["file"]
        try:
            images.append(read_cutout(path))
        except OSError as error:
            raise NotAvailableError(
                f"The image {path} cannot be read ({error}). It comes with the course; restore it with "
                "`git checkout -- course_utils/assets`, or install the package again."
            ) from error
    return tuple(images)


def read_cutout(path: Path) -> Image.Image:
    """Reads one image as RGBA."""
    with Image.open(path) as image:
        return image.convert("RGBA")


@functools.cache
def _provenance() -> tuple[dict[str, str], ...]:
    path = STAMPS_FOLDER / "PROVENANCE.csv"
    try:
        with open(path, newline="", encoding="utf-8") as file:
            return tuple(csv.DictReader(file))
    except OSError as error:
        raise NotAvailableError(
            f"The list of images {path} cannot be read ({error.strerror}). It comes with the course; restore it "
            "with `git checkout -- course_utils/assets`, or install the package again."
        ) from error


def known_classes(classes: object) -> list[str]:
    """Returns class names as a list after checking them; None means the six working classes."""
    if classes is None:
        return list(WORKING_CLASSES)
    valid = sorted({row["class"] for row in _provenance()})
    if isinstance(classes, str) or not isinstance(classes, Iterable):
        raise BadArgumentError(
            f"classes must be a list of names, for example ['bird', 'flower']; you gave {classes!r}."
        )
    names = list(classes)
    for name in names:
        if name not in valid:
            raise unknown_name("class of cut-outs", name, valid)
    if len(names) < 2 or len(set(names)) != len(names):
        raise BadArgumentError(f"classes must name at least two different classes; you gave {names!r}.")
    return names
