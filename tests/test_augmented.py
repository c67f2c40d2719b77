"""What course_utils.features.augmented promises: the same views for the same seed, each through the base once, rows that match."""

import inspect
import subprocess
import sys

import numpy as np
import pytest

from course_utils.errors import BadArgumentError
from course_utils.features import augmented_view, extract, extract_views, list_store
from course_utils.features.augmented import BATCH

SIZE = 16


def make_augment():
    import keras

    return keras.Sequential([keras.layers.RandomFlip("horizontal"), keras.layers.RandomRotation(0.2)])


@pytest.fixture(scope="module")
def base():
    import keras

    keras.utils.set_random_seed(7)
    inputs = keras.Input((SIZE, SIZE, 3))
    x = keras.layers.Conv2D(4, 3, strides=2, activation="relu")(inputs)
    return keras.Model(inputs, keras.layers.Flatten()(x), name="small")


@pytest.fixture(scope="module")
def images():
    return np.random.default_rng(3).integers(0, 256, (BATCH + 6, SIZE, SIZE, 3), dtype=np.uint8)


def test_a_view_follows_from_seed_and_number_alone(images):
    first = augmented_view(images, augment=make_augment(), view=1, seed=5)
    used = make_augment()
    augmented_view(images, augment=used, view=0, seed=9)  # leaves another random state behind
    np.testing.assert_array_equal(first, augmented_view(images, augment=used, view=1, seed=5))
    for other in ({"view": 0, "seed": 5}, {"view": 1, "seed": 6}):
        assert (first != augmented_view(images, augment=make_augment(), **other)).any()


def test_a_view_is_augmented_and_stays_an_image(images):
    view = augmented_view(images, augment=make_augment(), view=0)
    assert view.dtype == np.uint8
    assert view.shape == images.shape
    changed = (view != images).any(axis=(1, 2, 3))
    assert changed.mean() > 0.9  # only a rotation by nearly nothing, unflipped, leaves an image as it was


def test_layers_draw_independently_of_each_other(images):
    import keras

    two = keras.Sequential([keras.layers.RandomFlip("horizontal"), keras.layers.RandomFlip("vertical")])
    view = augmented_view(images, augment=two, view=0)
    across = {bool((v == p[:, ::-1]).all()) for v, p in zip(view, images, strict=True)}
    down = {bool((v == p[::-1]).all()) for v, p in zip(view, images, strict=True)}
    assert across == down == {True, False}  # some flipped one way only


def test_rows_come_view_by_view_with_their_labels_and_groups(base, images, tmp_path):
    labels, groups = np.arange(len(images)) % 3, np.arange(len(images)) // 2
    got = extract_views(
        base, images, labels=labels, groups=groups, augment=make_augment(), views=3, seed=4, store=tmp_path
    )
    assert got.features.shape == (3 * len(images), *base.output_shape[1:])
    for number, rows in enumerate(got.features.reshape(3, len(images), -1)):
        view = augmented_view(images, augment=make_augment(), view=number, seed=4)
        np.testing.assert_allclose(rows, base.predict(view.astype("float32"), verbose=0), rtol=1e-4, atol=1e-3)
    np.testing.assert_array_equal(got.labels, [*labels, *labels, *labels])
    np.testing.assert_array_equal(got.groups, [*groups, *groups, *groups])
    np.testing.assert_array_equal(got.view, np.arange(3 * len(images)) // len(images))


def test_more_views_later_compute_only_the_new_ones(base, images, tmp_path):
    about = {"labels": np.zeros(len(images)), "groups": np.arange(len(images)), "store": tmp_path}
    two = extract_views(base, images, augment=make_augment(), views=2, **about)
    before = {entry.key for entry in list_store(tmp_path)}
    three = extract_views(base, images, augment=make_augment(), views=3, **about)
    after = {entry.key for entry in list_store(tmp_path)}
    assert before < after and (len(before), len(after)) == (2, 3)
    np.testing.assert_array_equal(three.features[: len(two.features)], two.features)


def test_preparation_happens_after_augmenting(base, images, tmp_path):
    seen = []

    def prepare(batch):
        seen.append((batch.min(), batch.max()))
        return batch / 127.5 - 1

    about = {"labels": np.zeros(len(images)), "groups": np.arange(len(images)), "store": tmp_path}
    got = extract_views(base, images, augment=make_augment(), views=1, preprocess=prepare, **about)
    view = augmented_view(images, augment=make_augment(), view=0)
    assert min(low for low, _ in seen) >= 0 and max(high for _, high in seen) > 200
    np.testing.assert_allclose(got.features, extract(base, view, preprocess=prepare, store=False), rtol=1e-5, atol=1e-5)


def test_what_is_not_said_means_the_same_as_for_extract():
    # A head trained on features of views is tested on plain ones: other defaults here would mix two kinds of arithmetic.
    ours, plain = (inspect.signature(function).parameters for function in (extract_views, extract))
    shared = [name for name in ours if name in plain and ours[name].default is not inspect.Parameter.empty]
    assert "precision" in shared
    assert {name: ours[name].default for name in shared} == {name: plain[name].default for name in shared}


def test_what_cannot_be_a_view_is_refused(images):
    import keras

    layers = keras.layers
    with pytest.raises(BadArgumentError, match="has none"):
        augmented_view(images, augment=layers.Rescaling(2.0), view=0)
    with pytest.raises(BadArgumentError, match="has none"):
        augmented_view(images, augment=lambda batch, training: batch, view=0)
    for scaled in (
        layers.Rescaling(1 / 255),
        layers.Rescaling(1 / 127.5, offset=-1),
        layers.Rescaling(1.0, offset=-124),
    ):
        with pytest.raises(BadArgumentError, match="rescaling"):
            augmented_view(images, augment=keras.Sequential([layers.RandomFlip(), scaled]), view=0)
    with pytest.raises(BadArgumentError, match="one image for each"):
        augmented_view(images, augment=keras.Sequential([layers.RandomFlip(), layers.Flatten()]), view=0)


@pytest.mark.parametrize(
    ("change", "says"),
    [({"views": 0}, "views"), ({"seed": -1}, "seed"), ({"labels": [1, 2]}, "labels"), ({"groups": [1]}, "groups")],
)
def test_numbers_that_do_not_fit_are_refused(base, images, change, says):
    given = {"labels": np.zeros(len(images)), "groups": np.zeros(len(images)), "views": 2, **change}
    with pytest.raises(BadArgumentError, match=says):
        extract_views(base, images, augment=make_augment(), store=False, **given)


def test_importing_the_module_brings_no_framework():
    code = "import sys, course_utils.features.augmented; print([m for m in ('tensorflow', 'keras', 'sklearn') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
