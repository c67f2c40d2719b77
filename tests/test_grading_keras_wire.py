"""Models cross as data: rebuilt exactly, from a list of known parts, within a budget, and with no code of anybody's."""

from __future__ import annotations

import copy
import importlib
import inspect
import time

import numpy as np
import pytest

keras = pytest.importorskip("keras")

from course_utils.grading.keras_names import ARGUMENTS  # noqa: E402
from course_utils.grading.keras_wire import Budget, as_numpy, is_model, pack, unpack  # noqa: E402
from course_utils.grading.wire import WireError, encode  # noqa: E402
from course_utils.grading.wire_read import decode  # noqa: E402

layers = keras.layers


def across(model):
    """Sends a model over the wire."""
    raw = encode(model, cross=lambda value: ("model", pack(value)))
    return decode(raw, build={"model": unpack})


def transfer_model():
    """A model as the labs build them: preprocessing as operations, augmentation, a nested frozen base, a head."""
    pictures = keras.Input((16, 16, 3))
    tensor = keras.applications.vgg16.preprocess_input(pictures)
    tensor = layers.Conv2D(4, 3, activation="relu", name="block1_conv1")(tensor)
    tensor = layers.BatchNormalization()(tensor)
    base = keras.Model(pictures, layers.Add()([tensor, layers.ReLU(6.0)(tensor)]), name="base")
    base.trainable = False
    inputs = keras.Input((16, 16, 3))
    tensor = layers.RandomFlip("horizontal")(inputs / 127.5 - 1)
    tensor = layers.GlobalAveragePooling2D()(base(tensor, training=False))
    outputs = layers.Dense(3, activation="softmax", kernel_regularizer="l2")(layers.Dropout(0.2)(tensor))
    return keras.Model(inputs, outputs, name="transfer")


def test_a_transfer_model_comes_back_with_the_same_outputs_flags_and_names():
    model = transfer_model()
    model.get_layer("base").layers[-2].trainable = True
    model.compile(keras.optimizers.Adam(1e-4), "sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(np.zeros((4, 16, 16, 3)), np.arange(4) % 3, verbose=0)
    back = across(model)
    pictures = np.random.default_rng(0).uniform(0, 255, (5, 16, 16, 3)).astype(np.float32)
    np.testing.assert_array_equal(as_numpy(back(pictures, training=False)), as_numpy(model(pictures, training=False)))
    assert [w.path for w in back.trainable_weights] == [w.path for w in model.trainable_weights]
    assert [layer.name for layer in back.get_layer("base").layers] == [x.name for x in model.get_layer("base").layers]
    assert back.loss == "sparse_categorical_crossentropy" and float(back.optimizer.learning_rate) == pytest.approx(1e-4)
    before = [as_numpy(w.value) for w in back.weights]
    back.fit(pictures, np.arange(5) % 3, verbose=0)
    moved = [w.path for old, w in zip(before, back.weights, strict=True) if not np.array_equal(old, as_numpy(w.value))]
    assert moved == [w.path for w in back.trainable_weights]


def test_sequential_models_with_and_without_an_input_layer_cross():
    named = keras.Sequential([keras.Input((4,)), layers.Dense(2, activation="relu"), layers.Dense(1)])
    late = keras.Sequential([layers.Rescaling(1 / 255), layers.Flatten(), layers.Dense(2)])
    late(np.zeros((1, 2, 2, 3), np.float32))
    for model, shape in ((named, (3, 4)), (late, (3, 2, 2, 3))):
        batch = np.random.default_rng(1).normal(size=shape).astype(np.float32)
        np.testing.assert_array_equal(as_numpy(across(model)(batch)), as_numpy(model(batch)))


def test_an_adapted_normalization_layer_keeps_its_statistics():
    layer = layers.Normalization()
    layer.adapt(np.random.default_rng(0).normal(3, 2, (100, 3)).astype(np.float32))
    model = keras.Sequential([keras.Input((3,)), layer, layers.Dense(1)])
    batch = np.ones((2, 3), np.float32)
    np.testing.assert_allclose(as_numpy(across(model)(batch)), as_numpy(model(batch)), rtol=1e-6)


@pytest.mark.parametrize("build", ["MobileNetV2", "VGG16", "EfficientNetB0", "Xception"])
def test_families_of_pretrained_bases_are_on_the_list(build):
    from course_utils.grading.keras_shapes import measure
    from course_utils.grading.keras_wire import clean_model

    model = getattr(keras.applications, build)(weights=None, input_shape=(96, 96, 3), include_top=False)
    sums = measure(clean_model(keras.saving.serialize_keras_object(model)), Budget())
    assert sums["parameters"] >= model.count_params() * 0.99
    assert sums["parameters"] <= model.count_params() * 1.15


def test_the_list_names_only_what_keras_has_and_operations_with_all_their_arguments():
    for (module, name), arguments in ARGUMENTS.items():
        kind = getattr(importlib.import_module(module), name)
        if module.startswith("keras.src.ops"):
            taken = set(inspect.signature(kind.__init__).parameters) - {"self", "args", "kwargs"}
            assert taken | {"name"} == set(arguments), name


def test_pooling_written_with_operations_crosses():
    pictures = keras.Input((8, 8, 3))
    average, maximum = keras.ops.mean(pictures, axis=[1, 2]), keras.ops.max(pictures, axis=[1, 2])
    model = keras.Model(pictures, keras.ops.concatenate([average, maximum], axis=-1))
    batch = np.random.default_rng(2).normal(size=(2, 8, 8, 3)).astype(np.float32)
    np.testing.assert_array_equal(as_numpy(across(model)(batch)), as_numpy(model(batch)))


def small():
    model = keras.Sequential([keras.Input((4,)), layers.Dense(2, activation="relu", name="d"), layers.Dense(1)])
    return pack(model)


def dense(plain: dict) -> dict:
    return plain["config"]["config"]["layers"][1]


def replace(path: str, value: object):
    def change(plain: dict) -> None:
        node = plain
        *steps, last = path.split(".")
        for step in steps:
            node = node[int(step) if isinstance(node, list) else step]
        node[last] = value

    return change


LAYER = "config.config.layers.1."
LAMBDA = {
    "module": "keras.layers",
    "class_name": "Lambda",
    "config": {"name": "l", "function": {"class_name": "__lambda__", "config": {"code": "", "defaults": None}}},
}


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(replace(LAYER + "class_name", "Lambda"), id="Lambda by name"),
        pytest.param(lambda p: p["config"]["config"]["layers"].__setitem__(1, LAMBDA), id="a whole Lambda"),
        pytest.param(replace(LAYER + "module", "os"), id="another module"),
        pytest.param(replace(LAYER + "module", "keras.src.layers"), id="a module that is nearly right"),
        pytest.param(replace(LAYER + "class_name", "TFSMLayer"), id="a layer that opens a path"),
        pytest.param(replace(LAYER + "class_name", "TextVectorization"), id="a layer that reads a vocabulary"),
        pytest.param(replace(LAYER + "config.vocabulary", "/etc/passwd"), id="an argument too many"),
        pytest.param(replace(LAYER + "config.activation", "/etc/passwd"), id="a path for an activation"),
        pytest.param(
            replace(LAYER + "config.activation", {"class_name": "function", "config": "system", "module": "os"}),
            id="a function of another module",
        ),
        pytest.param(
            replace(
                LAYER + "config.kernel_initializer",
                {"module": "builtins", "class_name": "eval", "config": {"source": "1"}},
            ),
            id="an initialiser that is not one",
        ),
        pytest.param(
            replace(LAYER + "config.dtype", {"module": "builtins", "class_name": "open", "config": {"file": "x"}}),
            id="a dtype policy that is not one",
        ),
        pytest.param(replace(LAYER + "config.name", "../x"), id="a path for a name"),
        pytest.param(replace(LAYER + "config.units", 2**31), id="two thousand million units"),
        pytest.param(replace(LAYER + "config.units", -1), id="a negative number of units"),
        pytest.param(replace(LAYER + "config.units", "many"), id="units that are text"),
        pytest.param(replace("config.config.build_input_shape", [None, 2**40]), id="an input of a terabyte"),
        pytest.param(replace("config.class_name", "Custom"), id="a class of one's own"),
        pytest.param(replace("config.registered_name", "x>y"), id="harmless: a registered name is ignored"),
        pytest.param(replace("weights", [np.zeros((4, 2))]), id="too few weights"),
        pytest.param(replace("weights", ["x"] * 4), id="weights that are text"),
        pytest.param(replace("trainable", [True]), id="too few flags"),
        pytest.param(replace("compile", {"optimizer": LAMBDA, "loss": None}), id="a Lambda for an optimiser"),
        pytest.param(replace("compile", {"optimizer": "adam", "loss": "os.system"}), id="a loss that is not one"),
    ],
)
def test_a_forged_model_is_refused_before_keras_builds_it(change, request):
    plain = copy.deepcopy(small())
    change(plain)
    if "harmless" in request.node.callspec.id:
        assert is_model(unpack(plain))
        return
    start = time.monotonic()
    with pytest.raises(WireError):
        unpack(plain)
    assert time.monotonic() - start < 20


def test_a_model_of_ten_gigabytes_is_refused_by_its_size_alone():
    shape = keras.Input((1000, 1000, 3))
    plain = small()
    plain["config"] = keras.saving.serialize_keras_object(keras.Model(shape, layers.Flatten()(shape)))
    flat = plain["config"]["config"]["layers"][1]
    tensor = copy.deepcopy(flat["inbound_nodes"])
    tensor[0]["args"][0]["config"]["keras_history"] = [flat["name"], 0, 0]
    unit = {**dense(small()), "name": "d", "inbound_nodes": tensor}
    unit["config"] = {**unit["config"], "units": 1000}
    plain["config"]["config"]["layers"].append(unit)
    plain["config"]["config"]["output_layers"] = ["d", 0, 0]
    with pytest.raises(WireError, match="200,000,000 parameters"):
        unpack(plain)


def test_a_custom_layer_is_refused_with_its_name_and_what_to_do():
    class Doubling(layers.Layer):
        def call(self, inputs):
            return 2 * inputs

    model = keras.Sequential([keras.Input((4,)), Doubling()])
    with pytest.raises(WireError, match=r"Doubling.*Keras's own"):
        across(model)
