"""The artefact file of lab 4: it comes back as it was written, is small, and nothing adversarial in it is believed."""

from __future__ import annotations

import json
import pickle

import numpy as np
import pytest

from course_utils.errors import BadArgumentError, StoreError
from course_utils.finetune import handed_in, load_artefact, rebuild, save_artefact
from course_utils.models.tensor_file import write_tensors

ABOUT = {"profile": "cpu", "base": "mobilenet_v2", "first": "block_13_expand", "size": 32, "classes": ["a", "b", "c"]}
HEAD = {"head/kernel": np.ones((576, 3), np.float32), "head/bias": np.zeros(3, np.float32)}


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "lab4_artefact.safetensors"
    save_artefact(path, HEAD, about=ABOUT | {"backend": "jax"})
    return path


def test_it_comes_back_in_half_precision_with_its_note(file):
    artefact = load_artefact(file)
    assert artefact["about"] == ABOUT | {"backend": "jax"}
    assert {name: array.dtype for name, array in artefact["tensors"].items()} == dict.fromkeys(HEAD, np.float16)
    assert all(np.array_equal(artefact["tensors"][name], array) for name, array in HEAD.items())


def test_the_size_it_reports_is_the_file_s(tmp_path):
    megabytes = save_artefact(tmp_path / "a.safetensors", HEAD, about=ABOUT)
    assert megabytes == (tmp_path / "a.safetensors").stat().st_size / 1e6


@pytest.mark.parametrize(
    ("tensors", "about", "words"),
    [
        (HEAD, {"profile": "cpu"}, "lacks base, first, size, classes"),
        ({}, ABOUT, "with something in it"),
        ({"kernel": np.ones(3)}, ABOUT, "layer/variable"),
        ({"head/kernel": np.array([np.nan])}, ABOUT, "finite"),
        ({"head/kernel": np.array(["text"])}, ABOUT, "finite floats"),
    ],
)
def test_what_cannot_be_an_artefact_is_refused_when_it_is_written(tmp_path, tensors, about, words):
    with pytest.raises(BadArgumentError, match=words):
        save_artefact(tmp_path / "file.safetensors", tensors, about=about)
    assert not list(tmp_path.iterdir())


def test_a_changed_bit_a_missing_file_and_a_file_without_a_note_are_told(file, tmp_path):
    raw = bytearray(file.read_bytes())
    raw[len(raw) // 2] ^= 1
    file.write_bytes(raw)
    with pytest.raises(StoreError, match="damaged"):
        load_artefact(file)
    with pytest.raises(StoreError, match="no file"):
        load_artefact(tmp_path / "nothing.safetensors")
    write_tensors(tmp_path / "weights.safetensors", HEAD)
    with pytest.raises(StoreError, match="no note"):
        load_artefact(tmp_path / "weights.safetensors")
    write_tensors(tmp_path / "weights.safetensors", HEAD, {"about": {"base": "x" * 10_000}})
    with pytest.raises(StoreError, match="a very long one"):
        load_artefact(tmp_path / "weights.safetensors")


def test_a_pickle_in_the_file_is_never_loaded(tmp_path):
    class Trap:
        def __reduce__(self):
            return (open, (str(tmp_path / "sprung"), "w"))

    (tmp_path / "evil.safetensors").write_bytes(pickle.dumps({"about": Trap()}))
    with pytest.raises(StoreError, match="was not written by this course"):
        load_artefact(tmp_path / "evil.safetensors")
    assert not (tmp_path / "sprung").exists()


@pytest.mark.parametrize("execution", ["autograde", "validate"])
def test_it_is_read_only_while_a_notebook_is_graded_or_validated(file, monkeypatch, execution):
    monkeypatch.delenv("NBGRADER_EXECUTION", raising=False)
    assert handed_in(file) is None
    monkeypatch.setenv("NBGRADER_EXECUTION", "something else")
    assert handed_in(file) is None
    monkeypatch.setenv("NBGRADER_EXECUTION", execution)
    assert handed_in(file)["about"]["base"] == "mobilenet_v2"
    assert handed_in(file.with_name("nothing.safetensors")) is None
    file.write_bytes(b"not a file of tensors")
    assert handed_in(file) is None, "a damaged file: the notebook trains instead"


def test_the_rebuilt_model_has_the_artefact_s_numbers_and_imagenet_s_for_the_rest():
    kernel = np.full((1, 1, 96, 576), 0.01, np.float16)
    model = rebuild({"about": ABOUT, "tensors": HEAD | {"block_13_expand/kernel": kernel}})
    base = model.layers[0]
    assert np.allclose(base.get_layer("block_13_expand").kernel.numpy(), 0.01, atol=1e-5)
    assert np.array_equal(model.get_layer("head").kernel.numpy(), HEAD["head/kernel"])
    from course_utils.models import load_base

    untouched = load_base("mobilenet_v2", input_shape=(32, 32, 3), cut="block_13_expand_relu")
    name = "block_12_expand"
    assert np.array_equal(base.get_layer(name).kernel.numpy(), untouched.get_layer(name).kernel.numpy())
    assert model.output_shape == (None, 3)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"about": ABOUT | {"size": 10**9}}, "32 to 224"),
        ({"about": ABOUT | {"size": True}}, "32 to 224"),
        ({"about": ABOUT | {"base": ["vgg16"]}}, "must be a name"),
        ({"about": ABOUT | {"base": "../../etc"}}, "no base called"),
        ({"about": ABOUT | {"classes": 6}}, "two classes"),
        ({"about": json.dumps(ABOUT)}, "lacks"),
        ({"tensors": {}}, "no head/kernel"),
        ({"tensors": HEAD | {"block_99/kernel": np.ones(3)}}, "does not have"),
        ({"tensors": HEAD | {"mobilenet_v2/block_13_expand/kernel": np.ones(3)}}, "Call it 'block_13_expand/kernel'"),
        ({"tensors": HEAD | {"block_13_expand/kernel": np.ones(3)}}, "has the shape"),
        ({"tensors": HEAD | {"head/kernel": np.ones((5, 3))}}, "after average pooling"),
        ({"tensors": HEAD | {"head/bias": np.array([np.inf] * 3)}}, "finite floats"),
        ({"tensors": [1, 2]}, "finite floats"),
    ],
)
def test_nothing_in_an_artefact_is_believed(change, words):
    with pytest.raises((BadArgumentError, ValueError), match=words):
        rebuild({"about": ABOUT, "tensors": HEAD} | change)
