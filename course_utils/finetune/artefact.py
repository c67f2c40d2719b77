"""The small file that a fine-tuned network is handed in as: what training changed, and a note of what it belongs to.

Everybody has the base, so a fine-tuned model is its base, the few tensors that were unfrozen, and the head.
"""

import json
import os
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from course_utils.errors import BadArgumentError, StoreError
from course_utils.models.building import named_variables
from course_utils.models.loading import load_base
from course_utils.models.registry import find_base
from course_utils.models.tensor_file import read_with_metadata, write_tensors
from course_utils.storage import writing

NEEDED = ("profile", "base", "first", "size", "classes")
LONGEST_NOTE = 10_000
LARGEST_FILE = 100_000_000
LOOKED_AT = ("autograde", "validate")
"""What nbgrader sets ``NBGRADER_EXECUTION`` to while a notebook is marked, and while it is validated; ``check`` does the latter."""


def save_artefact(path: str | os.PathLike, tensors: Mapping[str, np.ndarray], *, about: Mapping):
    """Writes what was trained to a small file, in half precision; returns its size in MB of a million bytes.

    Args:
        path: the file, for example ``"lab4_artefact.safetensors"``.
        tensors: ``"layer/variable"`` → array of floats; the head's are ``"head/kernel"`` and ``"head/bias"``.
        about: the note. It must have ``profile`` (``"cpu"`` or ``"gpu"``), ``base`` (its name), ``first`` (the first
            layer that was unfrozen), ``size`` (pixels on each side) and ``classes`` (names, in the order of the
            output).

    Raises:
        BadArgumentError: the note lacks something, or the tensors are not arrays of finite floats.
        StoreError: the file cannot be written.
    """
    if missing := [name for name in NEEDED if name not in about]:
        raise BadArgumentError(f"about must hold {', '.join(NEEDED)}; yours lacks {', '.join(missing)}. Add it.")
    if not isinstance(tensors, Mapping) or not tensors:
        raise BadArgumentError(
            f"tensors must be a dictionary, name → array, with something in it; you gave {type(tensors).__name__}."
        )
    kept = {}
    for name, value in tensors.items():
        array = np.asarray(value)
        if not isinstance(name, str) or "/" not in name:
            raise BadArgumentError(f"The name of a tensor must read layer/variable, such as head/kernel, not {name!r}.")
        if array.dtype.kind != "f" or not np.isfinite(array).all():
            raise BadArgumentError(f"{name} must hold finite floats; it is {array.dtype}, or holds nan or infinity.")
        kept[name] = array.astype(np.float16)
    with writing(path) as temporary:
        write_tensors(temporary, kept, {"about": dict(about)})
    return Path(path).stat().st_size / 1e6


def load_artefact(path: str | os.PathLike) -> dict:
    """Reads a file that ``save_artefact`` wrote: ``"about"``, the note, and ``"tensors"``, name → array.

    Raises:
        StoreError: no such file, or it is damaged, too large, or of another kind.
    """
    path = Path(path)
    if not path.is_file():
        raise StoreError(f"There is no file {path.name} here. Run the cells that train, which write it.")
    if path.stat().st_size > LARGEST_FILE:
        raise StoreError(f"{path.name} has more than {LARGEST_FILE / 1e6:.0f} MB; keep only what was trained in it.")
    tensors, metadata = read_with_metadata(path)
    about = metadata.get("about")
    if about is None or len(json.dumps(about)) > LONGEST_NOTE:
        raise StoreError(
            f"{path.name} carries no note of what it belongs to, or a very long one. Write it with save_artefact."
        )
    return {"about": about, "tensors": tensors}


def handed_in(path: str | os.PathLike) -> dict | None:
    """Returns the artefact in a notebook's folder while the notebook is being graded or validated, else None.

    A grading machine need not train again what a student has trained: it reads the file that was handed in. Who
    validates asks about that very file, and keeps it. Everywhere else a notebook trains; so it does when the file is
    missing or damaged.
    """
    if os.environ.get("NBGRADER_EXECUTION") not in LOOKED_AT:
        return None
    try:
        return load_artefact(path)
    except StoreError:
        return None


def rebuild(artefact: Mapping):
    """Builds the fine-tuned model from the base's own weights and what ``load_artefact`` returns, which is not trusted.

    Returns:
        A ``keras.Model`` from preprocessed images (N, size, size, 3) to one score per class, averaged over the base's
        last feature map; flattened where the head's kernel is as long as that.

    Raises:
        BadArgumentError: the note or a tensor does not fit; the message says which.
        NotAvailableError: the base's weights are not on this machine.
    """
    import keras

    about, tensors = _parts(artefact)
    size, record = about["size"], find_base(about["base"])
    base = load_base(record, input_shape=(size, size, 3), cut=record.cut)
    kernel, bias = (tensors.get(f"head/{part}") for part in ("kernel", "bias"))
    if kernel is None or bias is None:
        raise BadArgumentError("The artefact holds no head/kernel and head/bias. Add the weights of the layer head.")
    height, width, channels = base.output_shape[1:]
    bridge = {
        channels: keras.layers.GlobalAveragePooling2D(),
        height * width * channels: keras.layers.Flatten(),
    }.get(kernel.shape[0] if kernel.ndim == 2 else None)
    if bridge is None or kernel.shape[1:] != (len(about["classes"]),) or bias.shape != kernel.shape[1:]:
        raise BadArgumentError(
            f"head/kernel has the shape {kernel.shape} and head/bias {bias.shape}; expected "
            f"{(channels, len(about['classes']))} and {(len(about['classes']),)}, after average pooling."
        )
    known = named_variables(base)
    for name, array in tensors.items():
        if name.startswith("head/"):
            continue
        if name not in known:
            short = "/".join(name.split("/")[-2:])
            hint = f" Call it {short!r}, as the base itself does." if short in known else ""
            raise BadArgumentError(f"The artefact holds {name!r}, which {record.name} does not have.{hint}")
        if tuple(known[name].shape) != array.shape:
            raise BadArgumentError(f"{name} has the shape {array.shape}; expected {tuple(known[name].shape)}.")
        known[name].assign(array.astype(np.float32))
    head = keras.layers.Dense(kernel.shape[1], name="head", dtype="float32")
    model = keras.Sequential([keras.Input((size, size, 3)), base, bridge, head], name="rebuilt")
    head.set_weights([kernel.astype(np.float32), bias.astype(np.float32)])
    return model


def _parts(artefact: object) -> tuple[dict, dict[str, np.ndarray]]:
    """The note and the tensors of an artefact, each of the kind it should be."""
    if not isinstance(artefact, Mapping) or not {"about", "tensors"} <= set(artefact):
        raise BadArgumentError(
            f"An artefact holds about and tensors; this is a {type(artefact).__name__} without them."
        )
    about, tensors = artefact["about"], artefact["tensors"]
    missing = [name for name in NEEDED if not isinstance(about, Mapping) or name not in about]
    if missing:
        raise BadArgumentError(f"The artefact's note lacks {', '.join(missing)}. Write it with save_artefact.")
    classes = about["classes"]
    if not isinstance(classes, list | tuple) or not 2 <= len(classes) <= 1000:
        raise BadArgumentError("The artefact's note must name two classes or more.")
    if type(about["size"]) is not int or not 32 <= about["size"] <= 224:
        raise BadArgumentError(f"The artefact's size must be 32 to 224 pixels, not {about['size']!r}.")
    if not isinstance(about["base"], str):
        raise BadArgumentError("The artefact's base must be a name, such as 'vgg16'.")
    good = isinstance(tensors, Mapping) and all(
        isinstance(name, str) and isinstance(array, np.ndarray) and array.dtype.kind == "f"
        for name, array in tensors.items()
    )
    if not good or not all(np.isfinite(array).all() for array in tensors.values()):
        raise BadArgumentError("The artefact's tensors must be arrays of finite floats with names like head/kernel.")
    return dict(about), dict(tensors)
