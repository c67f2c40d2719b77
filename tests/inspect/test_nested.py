"""A base that is one layer of a model, at any depth: every helper computes there what it computes for the base alone."""

from __future__ import annotations

import keras
import numpy as np
import pytest
from keras import layers

from course_utils import finetune, inspect, plots
from course_utils.errors import BadArgumentError, UnknownNameError
from course_utils.features import extract
from course_utils.inspect.graph import graph
from course_utils.models import load_base

SIZE = (32, 32, 3)
IMAGES = np.random.default_rng(3).integers(0, 256, (3, *SIZE)).astype("float32")


def functional(base, outside=()):
    inputs = x = keras.Input(SIZE)
    for layer in outside:
        x = layer(x)
    x = layers.GlobalAveragePooling2D(name="pool")(base(x, training=False))
    return keras.Model(inputs, layers.Dense(3, name="head")(x), name="whole")


def sequential(base):
    return keras.Sequential([keras.Input(SIZE), base, layers.GlobalAveragePooling2D(), layers.Dense(3, name="head")])


def functional_in_sequential_in_functional(base):
    inner = keras.Sequential([keras.Input(SIZE), base, layers.GlobalAveragePooling2D()], name="extractor")
    inputs = keras.Input(SIZE)
    return keras.Model(inputs, layers.Dense(3, name="head")(inner(inputs)))


def sequential_twice(base):
    inputs = keras.Input(SIZE)
    inner = keras.Model(inputs, base(inputs), name="inner")
    middle = keras.Sequential([inner], name="middle")
    return keras.Sequential([keras.Input(SIZE), middle, layers.GlobalAveragePooling2D(), layers.Dense(3, name="head")])


def with_preprocessing(base):
    outside = [layers.RandomFlip("horizontal"), layers.Rescaling(1 / 127.5, offset=-1)]
    return functional(base, [keras.Sequential(outside, name="before")])


def with_operations(base):
    return functional(base, [keras.applications.mobilenet_v2.preprocess_input])


SHAPES = [
    functional,
    sequential,
    functional_in_sequential_in_functional,
    sequential_twice,
    with_preprocessing,
    with_operations,
]


@pytest.fixture(scope="module")
def base():
    keras.utils.set_random_seed(2)
    return load_base("mobilenet_v2", weights=None, input_shape=SIZE, cut="block_3_expand_relu")


@pytest.fixture(params=SHAPES, ids=lambda build: build.__name__)
def model(request, base):
    return request.param(base)


SCALED = {"with_preprocessing", "with_operations"}
"""Those that take 0 to 255 and scale it themselves."""


@pytest.fixture
def entering(request):
    """What enters the base for `IMAGES`."""
    scaled = request.node.callspec.params["model"].__name__ in SCALED
    return IMAGES / 127.5 - 1 if scaled else IMAGES


@pytest.mark.parametrize("layer", ["block_1_depthwise_relu", "block_2_project_BN", "block_3_expand_relu"])
def test_grad_cam_is_that_of_the_base_with_its_head(base, model, entering, layer):
    """Computed in another way: on the base alone, with the pooling and the head by hand. A skip connection passes by the second."""
    import tensorflow as tf

    kernel, bias = map(
        tf.constant, next(one for path, one in inspect.leaf_layers(model) if path == "head").get_weights()
    )
    inner = keras.Model(base.input, [base.get_layer(layer).output, base.output])
    with tf.GradientTape() as tape:
        maps, features = inner(entering[:1], training=False)
        score = (tf.reduce_mean(features, axis=(1, 2)) @ kernel + bias)[0, 1]
    expected = np.maximum((maps * tf.reduce_mean(tape.gradient(score, maps), axis=(1, 2))).numpy()[0].sum(axis=-1), 0)
    expected /= expected.max() or 1
    for one in (layer, f"mobilenet_v2/{layer}", base.get_layer(layer)):
        found = plots.grad_cam_heatmap(model, IMAGES[0], one, class_index=1)
        np.testing.assert_allclose(found, expected, atol=1e-4)
    if layer == "block_3_expand_relu":  # the last: the base itself stands for it
        np.testing.assert_allclose(plots.grad_cam_heatmap(model, IMAGES[0], base, class_index=1), expected, atol=1e-4)


def test_a_split_at_the_freezing_point_is_the_model_and_shares_its_layers(base, model, tmp_path):
    for first in ("block_3_expand", "mobilenet_v2/block_3_expand"):
        bottom, top = finetune.split(model, first)
    assert [layer.name for layer in top.layers if layer.weights] == ["block_3_expand", "block_3_expand_BN", "head"]
    assert top.layers[1] is base.get_layer("block_3_expand")
    cached = extract(bottom, IMAGES, store=tmp_path, progress=False)
    expected = model.predict_on_batch(IMAGES)
    np.testing.assert_allclose(top.predict_on_batch(cached), expected, rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(finetune.join(bottom, top).predict_on_batch(IMAGES), expected, rtol=1e-4, atol=1e-5)
    np.testing.assert_array_equal(extract(bottom, IMAGES, store=tmp_path, progress=False), cached)
    assert len(list(tmp_path.iterdir())) == 1
    inside = [name for name in finetune.freezing_points(model) if name not in ("Conv1", "head")]
    assert inside == finetune.freezing_points(base)
    with pytest.raises(BadArgumentError, match="skip connection from 'block_1_project_BN' to 'block_2_add' passes by"):
        finetune.split(model, "block_2_depthwise")


def test_tables_strips_costs_and_fingerprints_see_the_base_inside(base, model):
    base.trainable = True
    assert inspect.trainable_table(model).rows[-1]["parameters"] == base.count_params() + 435
    blocks = {path.rpartition("/")[2]: count for path, count in inspect.parameters_by_block(model).items()}
    assert {**inspect.parameters_by_block(base), "head": 435} == blocks
    costs = {path.rpartition("/")[2]: count for path, count in inspect.multiply_adds_by_block(model).items()}
    assert {**inspect.multiply_adds_by_block(base), "head": 432} == costs
    assert "head" in plots.description(plots.network_strip(model))
    before = inspect.fingerprint(model)
    kernel = base.get_layer("block_2_expand").kernel
    kernel.assign(kernel * 1.5)
    [moved] = inspect.compare(before, inspect.fingerprint(model)).moved
    assert moved.endswith("mobilenet_v2/block_2_expand")
    base.get_layer("block_2_expand").trainable = False
    [row] = [row for row in inspect.trainable_table(model, by="block") if row["name"].endswith("block_2")]
    assert row["trainable"] == "partly"
    base.get_layer("block_2_expand").trainable = True


def test_a_change_of_trainable_inside_is_noticed(model, base):
    model.compile("sgd", "mse")
    model.fit(IMAGES, np.zeros((3, 3)), verbose=0)
    assert not inspect.stale_compile(model)
    base.trainable = False
    stale = inspect.stale_compile(model)
    base.trainable = True
    assert len(stale.still_trained) == len(base.trainable_weights) and not inspect.stale_compile(model)


def test_a_base_for_any_size_costs_what_the_model_around_it_makes_of_it(base):
    any_size = load_base("mobilenet_v2", weights=None, input_shape=(None, None, 3), cut="block_3_expand_relu")
    inside = {name.rpartition("/")[2]: n for name, n in inspect.multiply_adds_by_block(sequential(any_size)).items()}
    assert inside == {**inspect.multiply_adds_by_block(base), "head": 432}
    cost, same = (inspect.training_cost(sequential(one), trainable=["head"]) for one in (any_size, base))
    assert (cost.forward, cost.backward) == (same.forward, same.backward)
    with pytest.raises(BadArgumentError, match="fixed input_shape"):
        inspect.multiply_adds_by_block(any_size)


def test_what_cannot_be_laid_out_says_what_to_do(base):
    with pytest.raises(UnknownNameError, match=r"no layer called 'block_3_expnd'.*'block_3_expand'"):
        finetune.split(sequential(base), "block_3_expnd")
    with pytest.raises(UnknownNameError, match=r"no layer called 'block_2_ad'.*'block_2_add'"):
        plots.grad_cam_heatmap(sequential(base), IMAGES[0], "mobilenet_v2/block_2_ad")
    with pytest.raises(BadArgumentError, match=r"has not been built\. Start it with keras\.Input"):
        finetune.split(keras.Sequential([layers.Flatten()]), "block_3_expand")
    pair = [load_base("mobilenet_v2", weights=None, input_shape=SIZE, cut="block_3_expand_relu") for _ in range(2)]
    inputs = keras.Input(SIZE)
    renamed = keras.Model(pair[1].input, pair[1].output, name="other")
    both = keras.Model(inputs, layers.Add()([pair[0](inputs), renamed(inputs)]))
    with pytest.raises(BadArgumentError, match="must have different names"):
        graph(both)


def test_layers_that_were_used_elsewhere_first_belong_to_the_model_that_is_asked_about(base):
    inputs = x = keras.Input(SIZE)
    for layer in vgg_layers():
        x = layer(x)
    again = keras.Model(inputs, layers.Dense(3)(layers.GlobalAveragePooling2D()(x)))
    assert plots.grad_cam_heatmap(again, IMAGES[0], "block2_conv1").shape == (16, 16)
    assert finetune.split(again, "block2_conv1")[1].output_shape == (None, 3)


def vgg_layers():
    return load_base("vgg16", weights=None, input_shape=SIZE, cut="block2_conv2").layers[1:]


def test_operations_between_layers_are_part_of_the_graph(base):
    """ConvNeXt adds with an operation, not with a layer."""
    network = load_base("convnext_tiny", weights=None, input_shape=SIZE, pooling="avg")
    points = finetune.freezing_points(network)
    assert "convnext_tiny_stage_3_block_0_pointwise_conv_1" not in points  # what entered the block passes by
    first = next(name for name in points if "downsampling" in name or name.startswith("layer_normalization"))
    bottom, top = finetune.split(network, first)
    found = top.predict_on_batch(bottom.predict_on_batch(IMAGES))
    np.testing.assert_allclose(found, network.predict_on_batch(IMAGES), rtol=1e-3, atol=1e-4)
