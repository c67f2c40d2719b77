"""Features in one file that you keep: numbers, labels, groups, and where they came from. No pickle anywhere."""

from __future__ import annotations

import dataclasses
import json
import os
import zipfile
from pathlib import Path

import numpy as np

from course_utils.errors import BadArgumentError, NotAvailableError
from course_utils.features.store import parse_npy
from course_utils.storage import writing

_ARRAYS = ("features", "labels", "groups")


@dataclasses.dataclass(frozen=True)
class SavedFeatures:
    """What a file written by ``save_features`` holds.

    Attributes:
        features: array (N, …).
        labels: array (N,), or None when none were saved.
        groups: array (N,), which rows belong together (for example by cut-out), or None.
        provenance: where the features came from, as it was given to ``save_features``.
    """

    features: np.ndarray
    labels: np.ndarray | None
    groups: np.ndarray | None
    provenance: dict


def save_features(path: str | os.PathLike, features, *, labels=None, groups=None, provenance: dict) -> Path:
    """Writes features and where they came from into one ``.npz`` file, whole or not at all.

    Args:
        path: the file to write; its name ends in ``.npz``. An older one is replaced.
        features: array (N, …) of numbers.
        labels: array (N,) of numbers or text, or None.
        groups: array (N,) of numbers or text, or None.
        provenance: what somebody needs who finds this file in a year: base, cut, preparation, images, split, date.
            Anything that JSON can hold.

    Returns:
        The path written.

    Raises:
        BadArgumentError: arrays of different lengths, Python objects in an array, or no provenance.
        StoreError: the folder is read-only, or the disk is full.
    """
    path = Path(path).expanduser()
    if path.suffix != ".npz":
        raise BadArgumentError(f"The file's name must end in .npz, received {path.name!r}. Try {path.stem + '.npz'!r}.")
    if not isinstance(provenance, dict) or not provenance:
        raise BadArgumentError(
            "provenance must be a dictionary that says where the features came from, for example "
            "{'base': 'vgg16', 'cut': 'block5_pool', 'preprocess': 'vgg16', 'images': 'scenes, train, seed 0'}."
        )
    try:
        text = json.dumps(provenance, ensure_ascii=False, allow_nan=False)
    except (TypeError, ValueError) as error:
        raise BadArgumentError(
            f"provenance must hold what JSON can: text, numbers, lists and dictionaries ({error}). "
            f"Turn arrays into lists, and paths into text."
        ) from error
    arrays = {"features": np.asarray(features)}
    arrays |= {name: np.asarray(value) for name, value in (("labels", labels), ("groups", groups)) if value is not None}
    for name, array in arrays.items():
        if array.dtype.hasobject or array.dtype.kind not in ("biufU" if name != "features" else "biuf"):
            raise BadArgumentError(
                f"{name} must be numbers{'' if name == 'features' else ' or text'}, received dtype {array.dtype}. "
                f"Only those can be read back without running code from the file."
            )
        if array.ndim == 0 or len(array) != len(arrays["features"]):
            raise BadArgumentError(
                f"{name} must have one row per image ({arrays['features'].shape[:1]}), received shape {array.shape}. "
                f"Check that both come from the same split."
            )
    with writing(path) as temporary, open(temporary, "wb") as file:
        np.savez(file, provenance=np.frombuffer(text.encode(), np.uint8), **arrays)
    return path


def load_features(path: str | os.PathLike) -> SavedFeatures:
    """Reads a file that ``save_features`` wrote; safe on a stranger's file.

    Args:
        path: the ``.npz`` file.

    Returns:
        The features with their labels, groups and provenance.

    Raises:
        NotAvailableError: there is no such file.
        BadArgumentError: it is damaged, holds Python objects, is compressed, or was written by something else.
    """
    path = Path(path).expanduser()
    try:
        size = path.stat().st_size
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            names = [member.filename for member in members]
            # What save_features writes is stored as it is, so nothing in it can grow beyond the file's own size.
            if any(m.compress_type != zipfile.ZIP_STORED for m in members) or sum(m.file_size for m in members) > size:
                raise ValueError("it is compressed, and could grow to any size")
            if not {"features.npy", "provenance.npy"} <= set(names) or len(set(names)) != len(names):
                raise ValueError("it lacks features or provenance")
            arrays = {}
            for name in (*_ARRAYS, "provenance"):
                if f"{name}.npy" in names:
                    data = bytearray(archive.read(f"{name}.npy"))  # a bytearray, so that the arrays can be written to
                    arrays[name] = parse_npy(np.frombuffer(data, np.uint8))
        provenance = json.loads(arrays.pop("provenance").tobytes())
        lengths = {len(array) for array in arrays.values()}
        if not isinstance(provenance, dict) or len(lengths) != 1:
            raise ValueError("its parts do not fit together")
    except FileNotFoundError:
        raise NotAvailableError(
            f"Expected a file of features at {path}, found none. Write it first with save_features, or check the path."
        ) from None
    except (ValueError, TypeError, NotImplementedError, RuntimeError, EOFError, OSError, zipfile.BadZipFile) as error:
        raise BadArgumentError(
            f"Expected a file that save_features wrote, but {path.name} cannot be trusted ({error}). "
            f"Make it again with save_features."
        ) from error
    return SavedFeatures(arrays["features"], arrays.get("labels"), arrays.get("groups"), provenance)
