"""The course's own objects: photographs cut out of their background, and which of them are for training.

They come from Debian's package ``tuxpaint-stamps-default`` (GPL-2); ``PROVENANCE.csv`` names the origin of each.
"""

import functools
import hashlib
from collections.abc import Iterable

from PIL import Image

from course_utils.data.photos import shipped_image
from course_utils.errors import BadArgumentError, require_known
from course_utils.storage import shipped_table

WORKING_CLASSES = ("bird", "flower", "fruit_or_vegetable", "mammal", "musical_instrument", "vehicle")
"""The six classes with the most objects; ``fish`` and ``insect`` have fewer than ten each."""

TABLE = "objects/PROVENANCE.csv"
SPLITS = ("train", "validation", "test", "all")


def split_of_objects() -> dict[str, str]:
    """Says which split each object belongs to: ``"train"``, ``"validation"`` or ``"test"`` for each ``class/name``.

    The rule: within each class, objects are put in the order of the SHA-256 of ``"0:class/name"``; the first third is
    for testing, the next sixth for validation, the rest for training (rounded, halves upwards). It depends on nothing
    else, so no scene of one split ever shows an object of another. The objects come in the order of
    ``object_images()``.
    """
    chosen = dict.fromkeys(row["file"].removesuffix(".webp") for row in shipped_table(TABLE))
    for class_name in _class_names():
        members = [name for name in chosen if name.startswith(f"{class_name}/")]
        members.sort(key=lambda name: hashlib.sha256(f"0:{name}".encode()).hexdigest())
        test, validation = (2 * len(members) + 3) // 6, (len(members) + 3) // 6
        for position, name in enumerate(members):
            chosen[name] = "test" if position < test else "validation" if position < test + validation else "train"
    return chosen


@functools.cache
def object_images() -> tuple[Image.Image, ...]:
    """Returns the objects as images (RGBA, at most 160 pixels on the long side), or raises ``NotAvailableError``.

    They are sorted by class and name, decoded once per process, and for reading only.
    """
    return tuple(shipped_image(f"objects/{row['file']}", "RGBA") for row in shipped_table(TABLE))


def known_classes(classes: object) -> list[str]:
    """Returns class names as a list after checking them; None means the six working classes."""
    if classes is None:
        return list(WORKING_CLASSES)
    if isinstance(classes, str) or not isinstance(classes, Iterable):
        raise BadArgumentError(f"classes must be a list of names, such as ['bird', 'flower']; you gave {classes!r}.")
    names, valid = list(classes), _class_names()
    require_known("class of objects", valid, *names)
    if len(names) < 2 or len(set(names)) != len(names):
        raise BadArgumentError(f"classes must name at least two different classes; you gave {names!r}.")
    return names


def _class_names() -> list[str]:
    return sorted({row["class"] for row in shipped_table(TABLE)})
