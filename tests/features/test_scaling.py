"""A base that scales its images itself is not given scaled ones, and honest images of any darkness raise no alarm."""

from __future__ import annotations

import keras
import numpy as np
import pytest
from keras import layers

from course_utils.errors import BadArgumentError
from course_utils.features import extract
from course_utils.models import load_base, preprocess

SIZE = (32, 32, 3)
PIXELS = np.random.default_rng(4).integers(0, 256, (5, *SIZE)).astype("uint8")


def small(*first, name="mine"):
    inputs = x = keras.Input(SIZE)
    for layer in first:
        x = layer(x)
    x = layers.Conv2D(4, 3, strides=8, activation="relu")(x)
    return keras.Model(inputs, layers.GlobalAveragePooling2D()(x), name=name)


def rescaled():
    return small(layers.Rescaling(1 / 127.5, offset=-1, name="to_one"))


WANT_255 = {
    "a Rescaling of your own": rescaled,
    "a Rescaling behind augmentation": lambda: small(
        keras.Sequential([layers.RandomFlip(), layers.Rescaling(1 / 255)], name="before")
    ),
    "a Sequential around it": lambda: keras.Sequential([keras.Input(SIZE), rescaled()], name="around"),
    "preprocess_input of MobileNetV2": lambda: small(keras.applications.mobilenet_v2.preprocess_input),
    "preprocess_input of VGG16": lambda: small(keras.applications.vgg16.preprocess_input),
    "EfficientNetV2": lambda: load_base(
        "efficientnet_v2_b0", weights=None, input_shape=SIZE, cut="block1a_project_activation"
    ),
    "ConvNeXt": lambda: load_base("convnext_tiny", weights=None, input_shape=SIZE, cut="convnext_tiny_stem"),
}


@pytest.fixture(params=WANT_255, scope="module")
def base(request):
    return WANT_255[request.param]()


@pytest.mark.parametrize("name", ["mobilenet_v2", "densenet121", "vgg16", "efficientnet_lite0"])
def test_preprocessed_images_are_refused_and_nothing_is_stored(base, name, tmp_path):
    given = preprocess(name, PIXELS)
    with pytest.raises(
        BadArgumentError, match=r"scales its images itself, in '\w+', and expects 0 to 255.*preprocess=None"
    ):
        extract(base, given, store=tmp_path, progress=False)
    with pytest.raises(BadArgumentError, match="They were preprocessed before"):
        extract(base, PIXELS, preprocess=name, store=tmp_path, progress=False)
    assert list(tmp_path.iterdir()) == []


def test_images_from_0_to_1_are_refused(base, tmp_path):
    with pytest.raises(BadArgumentError, match=r"the images go from 0 to 1\. Multiply them by 255"):
        extract(base, PIXELS / np.float32(255), store=tmp_path, progress=False)
    with pytest.raises(BadArgumentError, match="Multiply them by 255"):
        extract(base, PIXELS, preprocess=lambda batch: batch / 255, store=False, progress=False)


DARK = {
    "as they are": PIXELS,
    "floats": PIXELS.astype("float32"),
    "black": np.zeros((2, *SIZE), "float32"),
    "white": np.full((2, *SIZE), 255, "float32"),
    "all ones": np.ones((2, *SIZE), "float32"),
    "nearly black": (PIXELS > 250).astype("uint8"),
    "nearly black, floats": (PIXELS > 250).astype("float32"),
    "resized smoothly": PIXELS * np.float32(1.05) - 9.5,
    "dark batches, and a bright image at the end": np.concatenate([PIXELS[:4] / np.float32(400), PIXELS[4:]]),
}


@pytest.mark.parametrize("images", DARK.values(), ids=DARK)
def test_honest_images_are_no_reason_to_refuse(base, images):
    found = extract(base, images, batch_size=2, store=False, progress=False)
    np.testing.assert_allclose(found, base.predict(images, batch_size=2, verbose=0), rtol=1e-4, atol=1e-4)


def test_a_base_that_does_not_scale_takes_what_it_is_given():
    for given in (PIXELS, preprocess("mobilenet_v2", PIXELS), PIXELS / 255):
        extract(small(), given, store=False, progress=False)
    identity = small(layers.Normalization(mean=0.0, variance=1.0))
    extract(identity, PIXELS, store=False, progress=False)
    extract(identity, preprocess("densenet121", PIXELS), store=False, progress=False)


@pytest.mark.parametrize(
    "first", [layers.Normalization(mean=[0.485, 0.456, 0.406], variance=[0.05] * 3), layers.Rescaling(255)]
)
def test_a_base_that_expects_0_to_1_refuses_pixels_of_255(first):
    network = small(first)
    extract(network, PIXELS / np.float32(255), store=False, progress=False)
    with pytest.raises(BadArgumentError, match=r"expects 0 to 1; the images go from 0 to 255\. Divide them by 255"):
        extract(network, PIXELS, store=False, progress=False)


def test_a_base_whose_record_says_inside_is_served_by_its_own_preprocessing():
    network = load_base("efficientnet_v2_b0", weights=None, input_shape=SIZE, cut="block1a_project_activation")
    assert extract(network, PIXELS, preprocess="auto", store=False, progress=False).shape == (5, 16, 16, 16)
