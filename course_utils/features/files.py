"""Features in one file that you keep: the arrays, and in its header where they came from. Nothing in it can run."""

import json
import os
from pathlib import Path
from typing import NamedTuple

import numpy as np

from course_utils.errors import BadArgumentError, NotAvailableError, StoreError
from course_utils.models.tensor_file import SUFFIX, read_with_metadata, write_tensors
from course_utils.storage import writing


class SavedFeatures(NamedTuple):
    """What a file of ``save_features`` holds: features (N, …), labels and groups (N,) or None, and the provenance."""

    features: np.ndarray
    labels: np.ndarray | None
    groups: np.ndarray | None
    provenance: dict


def save_features(path: str | os.PathLike, features, *, labels=None, groups=None, provenance: dict) -> Path:
    """Writes features and where they came from into one ``.safetensors`` file, whole or not at all; returns its path.

    Args:
        path: the file to write; its name ends in ``.safetensors``. An older one is replaced.
        features: array (N, …) of numbers.
        labels, groups: array (N,) of numbers or text, or None.
        provenance: what somebody needs who finds this file in a year: base, cut, preparation, images, split, date.
            Anything that JSON can hold.

    Raises:
        BadArgumentError: arrays of different lengths, Python objects in an array, or no provenance.
        StoreError: the folder is read-only, or the disk is full.
    """
    path = Path(path).expanduser()
    if path.suffix != SUFFIX:
        raise BadArgumentError(
            f"The file's name must end in {SUFFIX}, received {path.name!r}. Try {path.stem + SUFFIX!r}."
        )
    if not isinstance(provenance, dict) or not provenance:
        raise BadArgumentError(
            "provenance must be a dictionary that says where the features came from, for example "
            "{'base': 'vgg16', 'cut': 'block5_pool', 'preprocess': 'vgg16', 'images': 'scenes, train, seed 0'}."
        )
    try:
        json.dumps(provenance, allow_nan=False)
    except (TypeError, ValueError) as error:
        raise BadArgumentError(
            f"provenance must hold what JSON can: text, numbers, lists and dictionaries ({error}). "
            f"Turn arrays into lists, and paths into text."
        ) from error
    arrays = {"features": np.asarray(features)}
    arrays |= {name: np.asarray(value) for name, value in (("labels", labels), ("groups", groups)) if value is not None}
    for name, array in arrays.items():
        if array.dtype.kind not in ("biufU" if name != "features" else "biuf") or array.dtype.char == "g":
            raise BadArgumentError(
                f"{name} must be numbers{'' if name == 'features' else ' or text'}, received dtype {array.dtype}. "
                f"Only those can be read back without running code from the file."
            )
        if array.ndim == 0 or len(array) != len(arrays["features"]):
            raise BadArgumentError(
                f"{name} must have one row per image ({arrays['features'].shape[:1]}), received shape {array.shape}. "
                f"Check that both come from the same split."
            )
    texts = [name for name, array in arrays.items() if array.dtype.kind == "U"]
    for name in texts:  # safetensors holds numbers only: a text is stored as the code points of its letters
        letters = np.ascontiguousarray(arrays[name], arrays[name].dtype.newbyteorder("<"))
        arrays[name] = letters.view("<u4").reshape(*letters.shape, letters.itemsize // 4)
    with writing(path) as temporary:
        write_tensors(temporary, arrays, {"provenance": provenance, "texts": texts})
    return path


def load_features(path: str | os.PathLike) -> SavedFeatures:
    """Reads a ``.safetensors`` file that ``save_features`` wrote; safe on a stranger's file.

    Raises:
        NotAvailableError: there is no such file.
        BadArgumentError: it is damaged, or was written by something else.
    """
    path = Path(path).expanduser()
    try:
        arrays, metadata = read_with_metadata(path)
        for name in metadata["texts"]:
            arrays[name] = arrays[name].view(f"<U{arrays[name].shape[-1]}")[..., 0]
        saved = SavedFeatures(arrays["features"], arrays.get("labels"), arrays.get("groups"), metadata["provenance"])
        if not isinstance(saved.provenance, dict) or len({len(array) for array in arrays.values()}) != 1:
            raise ValueError("its arrays do not have one row each per image")
    except FileNotFoundError:
        raise NotAvailableError(
            f"Expected a file of features at {path}, found none. Write it first with save_features, or check the path."
        ) from None
    except (StoreError, AttributeError, IndexError, KeyError, TypeError, ValueError, OSError) as error:
        raise BadArgumentError(
            f"Expected a file that save_features wrote, but {path.name} cannot be trusted ({str(error).rstrip('.')}). "
            f"Make it again with save_features."
        ) from error
    return saved
