"""What course_utils.finetune promises: two parts that are the base, activations kept once, and the work counted."""

from __future__ import annotations

import numpy as np
import pytest

from course_utils import finetune, inspect
from course_utils.errors import BadArgumentError, UnknownNameError
from course_utils.features import extract
from course_utils.models import load_base, preprocess

IMAGES = np.random.default_rng(5).integers(0, 256, (12, 32, 32, 3), dtype=np.uint8)
LABELS = np.arange(12) % 3


def vgg():
    import keras

    keras.utils.set_random_seed(1)
    return load_base("vgg16", weights=None, input_shape=(32, 32, 3))


@pytest.fixture(scope="module")
def mobilenet():
    import keras

    keras.utils.set_random_seed(1)
    return load_base("mobilenet_v2", weights=None, input_shape=(32, 32, 3), cut="block_13_expand_relu")


def with_head(*parts, shape, seed=3):
    import keras

    keras.utils.set_random_seed(seed)
    pool = keras.layers.GlobalAveragePooling2D()
    model = keras.Sequential([keras.Input(shape), *parts, pool, keras.layers.Dense(3, name="head")])
    model.compile(keras.optimizers.SGD(0.01), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    return model


@pytest.mark.parametrize("first", ["block_11_expand", "block_12_expand", "block_13_expand"])
def test_the_two_parts_of_a_network_with_skip_connections_are_the_network(mobilenet, first):
    bottom, top = finetune.split(mobilenet, first)
    x = IMAGES.astype("float32") / 128 - 1
    np.testing.assert_allclose(
        top.predict_on_batch(bottom.predict_on_batch(x)), mobilenet.predict_on_batch(x), rtol=1e-4, atol=1e-5
    )
    assert next(layer for layer in top.layers if layer.weights) is mobilenet.get_layer(first)


@pytest.mark.parametrize("first", ["block_12_expand_BN", "block_12_project", "block_11_depthwise_BN"])
def test_a_cut_that_a_skip_connection_passes_by_is_refused_with_the_way_out(mobilenet, first):
    with pytest.raises(BadArgumentError, match=r"skip connection from 'block_1\d_\w+' to 'block_1\d_add'") as refusal:
        finetune.split(mobilenet, first)
    advised = [name for name in finetune.freezing_points(mobilenet) if repr(name) in str(refusal.value)]
    assert advised
    for name in advised:
        finetune.split(mobilenet, name)


def test_other_impossible_cuts_are_refused(mobilenet):
    with pytest.raises(BadArgumentError, match="joins several tensors"):
        finetune.split(mobilenet, "block_12_add")
    with pytest.raises(BadArgumentError, match="nothing but the input"):
        finetune.split(mobilenet, "Conv1")
    with pytest.raises(UnknownNameError, match="block_12_expand"):
        finetune.split(mobilenet, "block_12_expnd")


def test_a_chain_can_be_cut_before_every_layer_but_the_first():
    base = vgg()
    assert finetune.freezing_points(base) == [layer.name for layer in base.layers if layer.weights][1:]


def test_training_from_cached_activations_is_training_end_to_end(tmp_path):
    """Same seed, same order of images: the same weights, up to rounding; and the base has learned, only at the top."""
    base = vgg()
    bottom, top = finetune.split(base, "block5_conv1")
    before = inspect.fingerprint(base)
    cached = extract(bottom, IMAGES, preprocess="vgg16", store=tmp_path)
    start = base.get_weights()
    part = with_head(top, shape=cached.shape[1:])
    part.fit(cached, LABELS, batch_size=4, epochs=2, verbose=0)
    moved = inspect.compare(before, inspect.fingerprint(base))
    assert moved.moved == ["block5_conv1", "block5_conv2", "block5_conv3"]

    # Fine-tuning the upper part leaves the lower one as it was, so what is stored for it stays good.
    assert np.array_equal(extract(bottom, IMAGES, preprocess="vgg16", store=tmp_path), cached)
    assert len(list(tmp_path.iterdir())) == 1

    from_cache = base.get_weights()
    base.set_weights(start)
    bottom.trainable = False
    whole = with_head(base, shape=(32, 32, 3))
    whole.fit(preprocess("vgg16", IMAGES), LABELS, batch_size=4, epochs=2, verbose=0)
    for ours, theirs in zip(from_cache, base.get_weights(), strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-3, atol=1e-5)


def test_joined_parts_answer_as_the_base_does():
    base = vgg()
    bottom, top = finetune.split(base, "block5_conv1")
    x = IMAGES.astype("float32")
    joined = finetune.join(bottom, with_head(top, shape=top.input_shape[1:]))
    whole = with_head(base, shape=(32, 32, 3))
    assert [w.path for w in joined.weights][: len(base.weights)] == [w.path for w in base.weights]
    np.testing.assert_allclose(joined.predict_on_batch(x), whole.predict_on_batch(x), rtol=1e-4, atol=1e-4)


def test_work_counts_what_the_layers_do():
    """VGG16's block5 is 9 % of its multiply-adds, so its fine-tuning can be 4.8 times as fast from a cache."""
    base = load_base("vgg16", weights=None, input_shape=(96, 96, 3))
    bottom, top = finetune.split(base, "block5_conv1")
    shares = inspect.multiply_adds_by_block(base)
    block5, whole = shares["block5"], sum(shares.values())
    # Forward, and backward for each of three equal layers its own gradient, and for two of them the way down.
    above = block5 + 5 * block5 // 3
    counted = finetune.work(bottom, top, epochs=10)
    assert counted.training == 10 * above
    assert counted.end_to_end == 10 * (whole - block5 + above)
    assert 4.7 < counted.allowed < 4.9
    assert 3.2 < counted.allowed_with_caching < 3.5
    # As many views as epochs: nothing is saved, nothing lost.
    assert finetune.work(bottom, top, epochs=10, copies=10).allowed_with_caching == 1
