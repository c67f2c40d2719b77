"""What course_utils.features.augmented promises: the same copies for the same seed, each through the base once, rows that match."""

import inspect
import subprocess
import sys

import numpy as np
import pytest

from course_utils.errors import BadArgumentError
from course_utils.features import augmented_copy, extract, extract_augmented
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


def test_a_copy_follows_from_seed_and_number_alone(images):
    first = augmented_copy(images, augment=make_augment(), copy_number=1, seed=5)
    used = make_augment()
    augmented_copy(images, augment=used, copy_number=0, seed=9)  # leaves another random state behind
    np.testing.assert_array_equal(first, augmented_copy(images, augment=used, copy_number=1, seed=5))
    for other in ({"copy_number": 0, "seed": 5}, {"copy_number": 1, "seed": 6}):
        assert (first != augmented_copy(images, augment=make_augment(), **other)).any()


def test_a_copy_is_augmented_and_stays_an_image(images):
    augmented = augmented_copy(images, augment=make_augment(), copy_number=0)
    assert augmented.dtype == np.uint8
    assert augmented.shape == images.shape
    changed = (augmented != images).any(axis=(1, 2, 3))
    assert changed.mean() > 0.9  # only a rotation by nearly nothing, unflipped, leaves an image as it was


def test_layers_draw_independently_of_each_other(images):
    import keras

    two = keras.Sequential([keras.layers.RandomFlip("horizontal"), keras.layers.RandomFlip("vertical")])
    augmented = augmented_copy(images, augment=two, copy_number=0)
    across = {bool((v == p[:, ::-1]).all()) for v, p in zip(augmented, images, strict=True)}
    down = {bool((v == p[::-1]).all()) for v, p in zip(augmented, images, strict=True)}
    assert across == down == {True, False}  # some flipped one way only


def test_rows_come_copy_by_copy_with_their_labels_and_groups(base, images, tmp_path):
    labels, groups = np.arange(len(images)) % 3, np.arange(len(images)) // 2
    got = extract_augmented(
        base, images, labels=labels, groups=groups, augment=make_augment(), copies=3, seed=4, store=tmp_path
    )
    assert got.features.shape == (3 * len(images), *base.output_shape[1:])
    for number, rows in enumerate(got.features.reshape(3, len(images), -1)):
        augmented = augmented_copy(images, augment=make_augment(), copy_number=number, seed=4)
        np.testing.assert_allclose(rows, base.predict(augmented.astype("float32"), verbose=0), rtol=1e-4, atol=1e-3)
    np.testing.assert_array_equal(got.labels, [*labels, *labels, *labels])
    np.testing.assert_array_equal(got.groups, [*groups, *groups, *groups])


def test_more_copies_later_compute_only_the_new_ones(base, images, tmp_path):
    about = {"labels": np.zeros(len(images)), "groups": np.arange(len(images)), "store": tmp_path}
    two = extract_augmented(base, images, augment=make_augment(), copies=2, **about)
    before = {entry.name for entry in tmp_path.iterdir()}
    three = extract_augmented(base, images, augment=make_augment(), copies=3, **about)
    after = {entry.name for entry in tmp_path.iterdir()}
    assert before < after and (len(before), len(after)) == (2, 3)
    np.testing.assert_array_equal(three.features[: len(two.features)], two.features)


def test_preprocessing_happens_after_augmenting(base, images, tmp_path):
    seen = []

    def prepare(batch):
        seen.append((batch.min(), batch.max()))
        return batch / 127.5 - 1

    about = {"labels": np.zeros(len(images)), "groups": np.arange(len(images)), "store": tmp_path}
    got = extract_augmented(base, images, augment=make_augment(), copies=1, preprocess=prepare, **about)
    augmented = augmented_copy(images, augment=make_augment(), copy_number=0)
    assert min(low for low, _ in seen) >= 0 and max(high for _, high in seen) > 200
    np.testing.assert_allclose(
        got.features, extract(base, augmented, preprocess=prepare, store=False), rtol=1e-5, atol=1e-5
    )


def test_what_is_not_said_means_the_same_as_for_extract():
    # A head trained on features of copies is tested on plain ones: other defaults here would mix two kinds of arithmetic.
    ours, plain = (inspect.signature(function).parameters for function in (extract_augmented, extract))
    shared = [name for name in ours if name in plain and ours[name].default is not inspect.Parameter.empty]
    assert "precision" in shared
    assert {name: ours[name].default for name in shared} == {name: plain[name].default for name in shared}


def test_what_cannot_be_a_copy_is_refused(images):
    import keras

    layers = keras.layers
    with pytest.raises(BadArgumentError, match="has none"):
        augmented_copy(images, augment=layers.Rescaling(2.0), copy_number=0)
    with pytest.raises(BadArgumentError, match="has none"):
        augmented_copy(images, augment=lambda batch, training: batch, copy_number=0)
    for scaled in (
        layers.Rescaling(1 / 255),
        layers.Rescaling(1 / 127.5, offset=-1),
        layers.Rescaling(1.0, offset=-124),
    ):
        with pytest.raises(BadArgumentError, match="rescaling"):
            augmented_copy(images, augment=keras.Sequential([layers.RandomFlip(), scaled]), copy_number=0)
    with pytest.raises(BadArgumentError, match="one image for each"):
        augmented_copy(images, augment=keras.Sequential([layers.RandomFlip(), layers.Flatten()]), copy_number=0)


@pytest.mark.parametrize(
    ("change", "says"),
    [({"copies": 0}, "copies"), ({"seed": -1}, "seed"), ({"labels": [1, 2]}, "labels"), ({"groups": [1]}, "groups")],
)
def test_numbers_that_do_not_fit_are_refused(base, images, change, says):
    given = {"labels": np.zeros(len(images)), "groups": np.zeros(len(images)), "copies": 2, **change}
    with pytest.raises(BadArgumentError, match=says):
        extract_augmented(base, images, augment=make_augment(), store=False, **given)


def test_importing_the_module_brings_no_framework():
    code = "import sys, course_utils.features.augmented; print([m for m in ('tensorflow', 'keras', 'sklearn') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
