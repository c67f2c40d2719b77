"""Real photographs that come inside scikit-image and scikit-learn, read as files, never over the network."""

from __future__ import annotations

import importlib.util
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from course_utils.errors import NotAvailableError


@dataclass(frozen=True, eq=False)
class Photo:
    """One photograph and what to say about it.

    Attributes:
        name: a short name, for example ``"coffee"``.
        array: uint8 array (height, width, 3), RGB, 0-255.
        description: what it shows; use it as alt text.
        credit: who made it.
        licence: under which terms.
        source: the package, and the file inside it.
    """

    name: str
    array: np.ndarray
    description: str
    credit: str
    licence: str
    source: str


_PHOTOS = (
    (
        "coffee",
        ("skimage", "data/coffee.png"),
        "A cup of espresso on a red saucer with a spoon, on a wooden table.",
        "Rachel Michetti",
        "CC0",
    ),
    (
        "cat",
        ("skimage", "data/chelsea.png"),
        "The face of a tabby cat with green eyes, looking to the right.",
        "Stefan van der Walt",
        "CC0",
    ),
    (
        "flower",
        ("sklearn", "datasets/images/flower.jpg"),
        "An orange dahlia in full bloom against dark green leaves.",
        "vultilion (Flickr)",
        "CC BY 2.0",
    ),
    (
        "temple",
        ("sklearn", "datasets/images/china.jpg"),
        "A Chinese temple tower of three storeys above trees, with a lake behind it.",
        "danielbuechele (Flickr)",
        "CC BY 2.0",
    ),
    (
        "rocket",
        ("skimage", "data/rocket.jpg"),
        "A rocket on its launch pad at dusk, between four lattice towers.",
        "SpaceX",
        "public domain",
    ),
    (
        "astronaut",
        ("skimage", "data/astronaut.png"),
        "Portrait of the astronaut Eileen Collins in an orange suit, with her helmet, a flag and a model shuttle.",
        "NASA",
        "public domain",
    ),
)


def sample_photos() -> dict[str, Photo]:
    """Loads six photographs that the packages of this course bring along; no network needed.

    Returns:
        Records by name: coffee, cat, flower, temple, rocket, astronaut. ``photo.array`` is uint8
        (height, width, 3), RGB, 0-255, of various sizes between 300 and 640 pixels a side.

    Raises:
        NotAvailableError: scikit-image or scikit-learn is missing, or damaged.
    """
    photos = {}
    for name, (package, inside), description, credit, licence in _PHOTOS:
        with open_inside(package, inside) as image:
            array = np.array(image.convert("RGB"))
        photos[name] = Photo(name, array, description, credit, licence, f"{package}/{inside}")
    return photos


def open_inside(package: str, inside: str) -> Image.Image:
    """Opens an image that lies inside an installed package, without importing the package.

    Its own loader is not used, because it may download what it does not find.
    """
    title = {"skimage": "scikit-image", "sklearn": "scikit-learn"}[package]
    spec = importlib.util.find_spec(package)
    if spec is None:
        raise NotAvailableError(
            f"The image {inside} comes inside {title}, which is not installed. Run `pip install {title}`."
        )
    path = Path(spec.submodule_search_locations[0]) / inside
    try:
        return Image.open(path)
    except OSError as error:
        raise NotAvailableError(
            f"The image {path} cannot be read ({error}). Run `pip install --force-reinstall {title}`."
        ) from error
