"""The layer tables and totals that were published for these networks are the ones our loader builds. About 15 s."""

import json
import math
from pathlib import Path

import keras
import pytest

from course_utils.models import BASES, load_base

PUBLISHED = json.loads((Path(__file__).parents[1] / "files" / "published_tables.json").read_text(encoding="utf-8"))


def untrained(name, **arguments):
    """A base that is built whole, without drawing random numbers for it: shapes and counts are all that matters."""
    with keras.StatelessScope(initialize_variables=False):
        return load_base(name, weights=None, **arguments)


@pytest.fixture(scope="module")
def vgg16_with_top():
    return untrained("vgg16", include_top=True)


def layers_with_parameters(layers):
    return [(layer.name, list(layer.output.shape), layer.count_params()) for layer in layers if layer.count_params()]


def published_layers(table):
    return [(row["layer"], row["output_shape"], row["params"]) for row in table["layers"] if row["params"]]


def assert_totals(model, table):
    def count(variables):
        return sum(math.prod(variable.shape) for variable in variables)

    assert model.count_params() == table["total"]
    assert count(model.trainable_weights) == table["trainable"]
    assert count(model.non_trainable_weights) == table["non_trainable"]


def test_vgg16_with_its_top_has_the_published_layers_and_totals(vgg16_with_top):
    table = PUBLISHED["vgg16_with_top_224"]
    assert layers_with_parameters(vgg16_with_top.layers) == published_layers(table)
    assert_totals(vgg16_with_top, table)


def test_vgg16_keeps_even_the_names_of_its_layers_without_parameters(vgg16_with_top):
    table = PUBLISHED["vgg16_with_top_224"]["layers"]
    found = [(layer.name, list(layer.output.shape)) for layer in vgg16_with_top.layers]
    assert found[1:] == [(row["layer"], row["output_shape"]) for row in table[1:]]  # the input is numbered by Keras


def test_mobilenet_with_its_top_has_the_published_layers_and_totals():
    table = PUBLISHED["mobilenet_with_top_224"]
    model = untrained("mobilenet", include_top=True)
    assert layers_with_parameters(model.layers) == published_layers(table)
    assert_totals(model, table)


def test_vgg16_at_300_pixels_with_a_dense_head_has_the_published_layers_and_totals():
    table = PUBLISHED["vgg16_300_flatten_1024_10"]
    base = untrained("vgg16", input_shape=(300, 300, 3))
    flat = keras.layers.Flatten(name="flatten_1")
    hidden = keras.layers.Dense(1024, activation="relu", name="dense_1")
    model = keras.Sequential([base, flat, hidden, keras.layers.Dense(10, activation="softmax", name="dense_2")])
    found = layers_with_parameters([*base.layers, *model.layers[1:]])
    assert found == published_layers(table)
    assert list(flat.output.shape) == next(r["output_shape"] for r in table["layers"] if r["layer"] == "flatten_1")
    assert_totals(model, table)


@pytest.mark.parametrize("key", PUBLISHED["other_totals"])
def test_other_published_totals(key):
    name, _, top = key.partition("_")
    model = untrained(name, include_top=top == "with_top")
    assert model.count_params() == PUBLISHED["other_totals"][key]


def test_published_input_sizes():
    sizes = {base.keras_name: base.input_size for base in BASES.values()}
    assert {name: sizes[name] for name in PUBLISHED["input_sizes"]} == PUBLISHED["input_sizes"]


def test_all_published_families_are_in_the_registry():
    assert set(PUBLISHED["families"]) <= {base.family for base in BASES.values()}


def test_vgg16_without_its_last_layer_gives_a_vector_of_the_published_shape(vgg16_with_top):
    expected = PUBLISHED["feature_vector_example"]["shape"]
    assert [1, *vgg16_with_top.get_layer("fc2").output.shape[1:]] == expected


def test_mobilenet_v2_with_one_dense_unit_has_1281_trainable_parameters():
    base = load_base("mobilenet_v2", weights=None, input_shape=(160, 160, 3), pooling="avg")
    base.trainable = False
    model = keras.Sequential([base, keras.layers.Dense(1)])
    assert sum(math.prod(variable.shape) for variable in model.trainable_variables) == 1281


def test_freezing_vgg16_under_two_dense_layers_leaves_4_of_30_trainable_tensors():
    base = load_base("vgg16", weights=None, input_shape=(64, 64, 3))
    head = [keras.layers.Flatten(), keras.layers.Dense(16), keras.layers.Dense(1)]
    model = keras.Sequential([base, *head])
    assert len(model.trainable_weights) == 30
    base.trainable = False
    assert len(model.trainable_weights) == 4
