"""Real photographs that come inside scikit-image and scikit-learn, read as files, never over the network."""

import importlib.util
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from course_utils.errors import NotAvailableError
from course_utils.storage import ASSETS, opening_shipped, shipped_table


@dataclass(frozen=True, eq=False)
class Photo:
    """One photograph, ``array``: uint8 (height, width, 3), RGB, 0-255; ``description`` serves as alt text.

    ``source`` is the package, and the file inside it.
    """

    name: str
    array: np.ndarray
    description: str
    credit: str
    licence: str
    source: str


def sample_photos() -> dict[str, Photo]:
    """Loads six photographs that come with scikit-image and scikit-learn; no network needed.

    Returns:
        Records by name: coffee, cat, flower, temple, rocket, astronaut; 300 to 640 pixels a side.

    Raises:
        NotAvailableError: scikit-image or scikit-learn is missing, or damaged.
    """
    photos = {}
    for row in shipped_table("sample_photos.csv"):
        package, inside = row["package"], row["file"]
        title = {"skimage": "scikit-image", "sklearn": "scikit-learn"}[package]
        # Read as a file: the package's own loader may download what it does not find.
        spec = importlib.util.find_spec(package)
        if spec is None:
            raise NotAvailableError(
                f"The image {inside} comes inside {title}, which is not installed. Run `pip install {title}`."
            )
        path = Path(spec.submodule_search_locations[0]) / inside
        try:
            with Image.open(path) as image:
                array = np.array(image.convert("RGB"))
        except OSError as error:
            raise NotAvailableError(
                f"The image {path} cannot be read ({error}). Run `pip install --force-reinstall {title}`."
            ) from error
        about = row["description"], row["credit"], row["licence"], f"{package}/{inside}"
        photos[row["name"]] = Photo(row["name"], array, *about)
    return photos


def shipped_image(name: str, mode: str) -> Image.Image:
    """Decodes an image that comes with the course, ``name`` inside ``course_utils/assets``."""
    with opening_shipped(name), Image.open(ASSETS / name) as image:
        return image.convert(mode)
