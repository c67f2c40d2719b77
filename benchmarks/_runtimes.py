"""How each runtime of benchmarks/runtimes.py is started from a base that Keras has loaded."""

from __future__ import annotations

import importlib.util
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np

STEP = 32
"""Images to a batch."""

Run = Callable[[np.ndarray], np.ndarray]
"""Returns the features of preprocessed images."""


class Runtime(NamedTuple):
    package: str
    bfloat16: bool
    start: Callable[..., Run]  # from a base that Keras has loaded, an empty folder and a batch


def cannot(runtime: Runtime) -> str:
    """Returns why a runtime cannot be measured here; nothing where it can."""
    from course_utils import hardware

    if importlib.util.find_spec(runtime.package) is None:
        return "not installed"
    return "no bfloat16 in hardware" if runtime.bfloat16 and not hardware.has_avx512_bf16() else ""


def keras_predict(base, folder: Path, batch: np.ndarray) -> Run:
    return lambda images: base.predict(images, batch_size=STEP, verbose=0)


def ours(base, folder: Path, batch: np.ndarray) -> Run:
    from course_utils.features import extract

    return lambda images: extract(base, images, precision="auto", batch_size=STEP, store=False, progress=False)


def onnx_runtime(base, folder: Path, batch: np.ndarray) -> Run:
    import onnxruntime

    from course_utils import hardware

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = hardware.cores()
    session = onnxruntime.InferenceSession(exported(base, folder), options, providers=["CPUExecutionProvider"])
    name = session.get_inputs()[0].name
    return in_batches(lambda batch: session.run(None, {name: batch})[0])


def openvino(base, folder: Path, batch: np.ndarray, *, precision: str) -> Run:
    import openvino

    from course_utils import hardware

    core = openvino.Core()
    model = core.read_model(exported(base, folder))
    model.reshape(batch.shape)
    options = {"INFERENCE_PRECISION_HINT": precision, "INFERENCE_NUM_THREADS": hardware.cores()}
    compiled = core.compile_model(model, "CPU", options)
    return in_batches(lambda batch: compiled(batch)[0])


def pytorch(base, folder: Path, batch: np.ndarray, *, bfloat16: bool) -> Run:
    import torch
    from _torch_from_onnx import compiled

    from course_utils import hardware

    torch.set_num_threads(hardware.cores())
    model = compiled(exported(base, folder), batch, bfloat16=bfloat16)

    @torch.inference_mode()
    def run(batch: np.ndarray) -> np.ndarray:
        return model(torch.from_numpy(batch)).float().numpy()

    return in_batches(run)


RUNTIMES = {
    "Keras predict": Runtime("keras", False, keras_predict),
    "ours": Runtime("course_utils", False, ours),
    "ONNX Runtime float32": Runtime("onnxruntime", False, onnx_runtime),
    "OpenVINO float32": Runtime("openvino", False, lambda *given: openvino(*given, precision="f32")),
    "OpenVINO bfloat16": Runtime("openvino", True, lambda *given: openvino(*given, precision="bf16")),
    "PyTorch float32": Runtime("torch", False, lambda *given: pytorch(*given, bfloat16=False)),
    "PyTorch bfloat16": Runtime("torch", True, lambda *given: pytorch(*given, bfloat16=True)),
}


def exported(base, folder: Path) -> Path:
    """Returns the ONNX file that Keras writes of a base."""
    file = folder / "base.onnx"
    base(np.zeros((1, *base.input_shape[1:]), np.float32))  # Keras exports only what was called
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "In the future `np.object`", FutureWarning)  # by tf2onnx
        base.export(file, format="onnx", verbose=False)
    return file


def in_batches(run: Run) -> Run:
    """Returns a function that runs batch after batch, the last one filled up, as `extract` does."""

    def run_all(images: np.ndarray) -> np.ndarray:
        filled = np.concatenate([images, np.zeros((-len(images) % STEP, *images.shape[1:]), images.dtype)])
        parts = [run(filled[start : start + STEP]) for start in range(0, len(filled), STEP)]
        return np.concatenate(parts)[: len(images)]

    return run_all
