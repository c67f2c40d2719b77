"""The photographs behind the course's objects, in four families, and how closely family and class go together."""

import functools
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from PIL import Image

from course_utils.data.photos import shipped_image
from course_utils.errors import BadArgumentError, require_known
from course_utils.storage import shipped_table

BACKGROUNDS = ("water_and_sky", "vegetation", "ground", "wood_and_built")
"""The families of background photographs."""

TABLE = "backgrounds/PROVENANCE.csv"


class Photograph(NamedTuple):
    """One photograph in one family: its place in ``photograph_names``, and its crops (RGB, 256 x 256 pixels)."""

    number: int
    crops: tuple[Image.Image, ...]


def photograph_names() -> list[str]:
    """Returns the names of all source photographs, sorted. A photograph may have crops in two families."""
    return sorted({row["photograph"] for row in shipped_table(TABLE)})


@functools.cache
def photographs_of(split: str, family: str) -> tuple[Photograph, ...]:
    """Returns the photographs of a split and family, decoded once, only to be read; raises ``NotAvailableError``."""
    crops: dict[str, list[Image.Image]] = {}
    for row in shipped_table(TABLE):
        if (row["split"], row["family"]) == (split, family):
            crops.setdefault(row["photograph"], []).append(shipped_image(f"backgrounds/{row['file']}", "RGB"))
    names = photograph_names()
    return tuple(Photograph(names.index(name), tuple(images)) for name, images in crops.items())


def tied_backgrounds(homes: Mapping[str, str], strength: float) -> dict[str, dict[str, float]]:
    """Ties each class to a family of backgrounds, for ``load_scenes(backgrounds=…)``.

    Args:
        homes: the family that each class is tied to, such as ``{"bird": "water_and_sky", "mammal": "vegetation"}``.
        strength: 0 to 1. At 0, every class stands on each of the families in ``homes`` equally often. At 1, a class
            stands on its own family only. In between, a share ``strength`` stands there, and the rest as at 0.

    Returns:
        For each class, the share of its images on each family. The shares of a class add up to 1.

    Raises:
        UnknownNameError: a family that does not exist.
        BadArgumentError: ``homes`` is empty, or ``strength`` is not between 0 and 1.
    """
    if not isinstance(homes, Mapping) or not homes:
        raise BadArgumentError(f"homes must map classes to families, such as {{'bird': 'ground'}}; you gave {homes!r}.")
    require_known("family of backgrounds", BACKGROUNDS, *homes.values())
    if isinstance(strength, bool) or not isinstance(strength, (int, float, np.number)) or not 0 <= strength <= 1:
        raise BadArgumentError(f"strength must be a number from 0 to 1; you gave {strength!r}.")
    families = sorted(set(homes.values()), key=BACKGROUNDS.index)
    rest = (1 - float(strength)) / len(families)
    return {
        name: {family: rest + (float(strength) if family == home else 0.0) for family in families}
        for name, home in homes.items()
    }


def checked_shares(backgrounds: object, class_names: Sequence[str]) -> dict[str, np.ndarray]:
    """Returns for each class the shares of the four families; None means equal shares. Errors as in ``load_scenes``."""
    if backgrounds is None:
        return {name: np.full(len(BACKGROUNDS), 1 / len(BACKGROUNDS)) for name in class_names}
    if not isinstance(backgrounds, Mapping) or not all(isinstance(shares, Mapping) for shares in backgrounds.values()):
        raise BadArgumentError(
            "backgrounds must give for each class the share of each family, as tied_backgrounds does; "
            f"you gave {backgrounds!r}."
        )
    for name, shares in backgrounds.items():
        require_known("class in backgrounds", class_names, name)
        require_known("family of backgrounds", BACKGROUNDS, *shares)
    checked = {}
    for name in class_names:
        if name not in backgrounds:
            raise BadArgumentError(f"backgrounds lacks the class {name!r}; give its shares of the families.")
        shares = np.array([float(backgrounds[name].get(family, 0)) for family in BACKGROUNDS])
        if not (shares >= 0).all() or abs(shares.sum() - 1) > 1e-6:
            raise BadArgumentError(
                f"The shares of {name!r} must be at least 0 and add up to 1; you gave {dict(backgrounds[name])!r}."
            )
        checked[name] = shares
    return checked
