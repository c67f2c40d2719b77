"""Models cross as data: rebuilt exactly, from a list of known parts, within a budget, and with no code of anybody's."""

from __future__ import annotations

import copy
import functools
import importlib
import inspect
import json
import time

import numpy as np
import pytest

keras = pytest.importorskip("keras")

from nbgrader_isolated.wire.decode import decode  # noqa: E402
from nbgrader_isolated.wire.encode import WireError, encode  # noqa: E402
from nbgrader_isolated.wire.keras_layers import ARGUMENTS, LOSS_WORDS, OPTIMIZER_WORDS  # noqa: E402
from nbgrader_isolated.wire.keras_model import (  # noqa: E402
    ModelLimits,
    as_numpy,
    clean_model,
    is_model,
    pack,
    require_crossable,
    unpack,
)

layers = keras.layers


def across(model):
    """Sends a model over the wire."""
    raw = encode(model, cross=lambda value: ("model", pack(value)))
    return decode(raw, build={"model": unpack})


def transfer_model():
    """A model as the labs build them: preprocessing as operations, augmentation, a nested frozen base, a head."""
    images = keras.Input((16, 16, 3))
    tensor = keras.applications.vgg16.preprocess_input(images)
    tensor = layers.Conv2D(4, 3, activation="relu", name="block1_conv1")(tensor)
    tensor = layers.BatchNormalization()(tensor)
    base = keras.Model(images, layers.Add()([tensor, layers.ReLU(6.0)(tensor)]), name="base")
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
    images = np.random.default_rng(0).uniform(0, 255, (5, 16, 16, 3)).astype(np.float32)
    np.testing.assert_array_equal(as_numpy(back(images, training=False)), as_numpy(model(images, training=False)))
    assert [w.path for w in back.trainable_weights] == [w.path for w in model.trainable_weights]
    assert [layer.name for layer in back.get_layer("base").layers] == [x.name for x in model.get_layer("base").layers]
    assert back.loss == "sparse_categorical_crossentropy" and float(back.optimizer.learning_rate) == pytest.approx(1e-4)
    before = [as_numpy(w.value) for w in back.weights]
    back.fit(images, np.arange(5) % 3, verbose=0)
    moved = [w.path for old, w in zip(before, back.weights, strict=True) if not np.array_equal(old, as_numpy(w.value))]
    assert moved == [w.path for w in back.trainable_weights]


def test_flags_of_single_weights_and_the_optimizers_steps_come_along():
    model = keras.Sequential([keras.Input((4,)), layers.Dense(2, name="held"), layers.Dense(1)])
    model.get_layer("held").kernel.trainable = False
    schedule = keras.optimizers.schedules.ExponentialDecay(1e-2, decay_steps=1, decay_rate=0.5)
    model.compile(keras.optimizers.Adam(schedule), "mse")
    model.fit(np.ones((6, 4)), np.ones(6), batch_size=2, verbose=0)
    back = across(model)
    assert [weight.trainable for weight in back.weights] == [False, True, True, True]
    assert len(back.trainable_variables) == 3 and int(back.optimizer.iterations) == 3
    assert float(back.optimizer.learning_rate) == pytest.approx(1e-2 / 8)


def test_an_optimizer_that_the_student_wraps_for_mixed_precision_crosses_as_itself():
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)])
    model.compile(keras.optimizers.LossScaleOptimizer(keras.optimizers.Adam(0.25)), loss="mse")
    model.fit(np.ones((4, 3)), np.ones((4, 2)), batch_size=2, verbose=0)
    back = across(model)
    assert type(back.optimizer) is keras.optimizers.Adam
    assert (int(back.optimizer.iterations), float(back.optimizer.learning_rate)) == (2, 0.25)


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
    from nbgrader_isolated.wire.keras_sizes import measure

    model = getattr(keras.applications, build)(weights=None, input_shape=(96, 96, 3), include_top=False)
    sums = measure(clean_model(keras.saving.serialize_keras_object(model)), ModelLimits())
    assert sums["parameters"] >= model.count_params() * 0.99
    assert sums["parameters"] <= model.count_params() * 1.15


def test_the_list_names_only_what_keras_has_and_operations_with_all_their_arguments():
    for (module, name), arguments in ARGUMENTS.items():
        kind = getattr(importlib.import_module(module), name)
        if module.startswith("keras.src.ops"):
            taken = set(inspect.signature(kind.__init__).parameters) - {"self", "args", "kwargs"}
            assert taken | {"name"} == set(arguments), name


def test_pooling_written_with_operations_crosses():
    images = keras.Input((8, 8, 3))
    average, maximum = keras.ops.mean(images, axis=[1, 2]), keras.ops.max(images, axis=[1, 2])
    model = keras.Model(images, keras.ops.concatenate([average, maximum], axis=-1))
    batch = np.random.default_rng(2).normal(size=(2, 8, 8, 3)).astype(np.float32)
    np.testing.assert_array_equal(as_numpy(across(model)(batch)), as_numpy(model(batch)))


def test_a_convolution_costs_the_same_along_one_side_as_along_two():
    from nbgrader_isolated.wire.keras_sizes import measure

    for flat, square in (
        (layers.DepthwiseConv1D, layers.DepthwiseConv2D),
        (layers.SeparableConv1D, layers.SeparableConv2D),
    ):
        filters = {"filters": 7} if "Separable" in flat.__name__ else {}
        one = keras.Sequential([keras.Input((9, 4)), flat(kernel_size=3, **filters)])
        two = keras.Sequential([keras.Input((9, 1, 4)), square(kernel_size=(3, 1), **filters)])
        sums = [measure(clean_model(keras.saving.serialize_keras_object(model)), ModelLimits()) for model in (one, two)]
        assert sums[0] == sums[1] and sums[0]["parameters"] >= one.count_params()


def test_a_vector_repeated_without_measure_is_refused():
    model = keras.Sequential([keras.Input((4,)), layers.RepeatVector(2**30)])
    with pytest.raises(WireError, match="activations"):
        across(model)


IMAGES = {
    "RandomShear": lambda: layers.RandomShear(0.3, 0.2, fill_mode="constant", seed=1),
    "RandomPerspective": lambda: layers.RandomPerspective(1.0, scale=0.5, seed=1),
    "RandomErasing": lambda: layers.RandomErasing(1.0, scale=(0.2, 0.4), fill_value=[9, 8, 7], seed=1),
    "RandomGaussianBlur": lambda: layers.RandomGaussianBlur(1.0, kernel_size=5, sigma=(0.5, 1.0), seed=1),
    "RandomColorJitter": lambda: layers.RandomColorJitter(
        brightness_factor=0.2, contrast_factor=0.2, saturation_factor=(0.3, 0.6), hue_factor=0.1, seed=1
    ),
    "RandomColorDegeneration": lambda: layers.RandomColorDegeneration(0.5, seed=1),
    "RandomHue": lambda: layers.RandomHue((0.1, 0.4), seed=1),
    "RandomInvert": lambda: layers.RandomInvert(0.5, seed=1),
    "RandomPosterization": lambda: layers.RandomPosterization(3, seed=1),
    "RandomSaturation": lambda: layers.RandomSaturation(0.5, seed=1),
    "RandomSharpness": lambda: layers.RandomSharpness(0.5, seed=1),
    "RandomGrayscale": lambda: layers.RandomGrayscale(1.0),  # Keras writes down no seed of it
    "RandAugment": lambda: layers.RandAugment(num_ops=2, factor=0.4, seed=1),
    "Solarization": lambda: layers.Solarization(0.2, 0.6, seed=1),
    "AutoContrast": lambda: layers.AutoContrast(value_range=(0, 255)),
    "RandomShear within bounds": lambda: layers.RandomShear((0.1, 0.4), 0.2, seed=1),
}
OTHERS = {
    "GroupNormalization": lambda: layers.GroupNormalization(3, beta_initializer="ones"),
    "UnitNormalization": lambda: layers.UnitNormalization(axis=[1, 2]),
    "PReLU": lambda: layers.PReLU(shared_axes=[1, 2], alpha_initializer=keras.initializers.Constant(0.2)),
    "PReLU for each number": lambda: layers.PReLU(alpha_regularizer="l2"),
    "AlphaDropout": lambda: layers.AlphaDropout(0.3, noise_shape=(None, 1, 1, 3), seed=1),
}


@pytest.mark.parametrize("kind", [*IMAGES, *OTHERS])
def test_a_layer_computes_the_same_once_it_has_crossed_in_training_too(kind):
    layer = (IMAGES | OTHERS)[kind]()
    model = keras.Sequential([keras.Input((12, 12, 3)), layer, layers.GlobalAveragePooling2D(), layers.Dense(2)])
    for weight in model.weights:
        weight.assign(np.random.default_rng(0).normal(size=weight.shape))
    model.compile(keras.optimizers.SGD(1e-3), "mse")
    back = across(model)
    assert type(back.layers[0]) is type(layer)
    assert json.dumps(back.layers[0].get_config(), default=repr) == json.dumps(layer.get_config(), default=repr)
    images = np.random.default_rng(1).uniform(0, 255, (4, 12, 12, 3)).astype(np.float32) - 128 * (kind in OTHERS)
    np.testing.assert_array_equal(as_numpy(back(images, training=False)), as_numpy(model(images, training=False)))
    changed = as_numpy(layer(images, training=True))
    np.testing.assert_allclose(as_numpy(back.layers[0](images, training=True)), changed, rtol=1e-4, atol=1e-3)
    assert not np.allclose(changed, images)
    if kind in IMAGES and kind != "RandAugment":
        return  # a step of training computes just that
    for one in (model, back):
        one.train_on_batch(images, np.ones((4, 2), np.float32))
    for mine, theirs in zip(model.weights, back.weights, strict=True):
        np.testing.assert_allclose(as_numpy(theirs.value), as_numpy(mine.value), rtol=1e-3, atol=1e-3)


def straight():
    """A model to compile, and what to train it on: three classes."""
    model = keras.Sequential([keras.Input((4,)), layers.Dense(3, activation="softmax")])
    numbers = np.random.default_rng(0)
    return model, numbers.normal(size=(8, 4)).astype(np.float32), np.arange(8) % 3


def trains_alike(model, back, *batch):
    for _ in range(2):
        mine, theirs = (one.train_on_batch(*batch, return_dict=True)["loss"] for one in (model, back))
        assert float(theirs) == pytest.approx(float(mine), rel=1e-5)
    for one, other in zip(model.weights, back.weights, strict=True):
        np.testing.assert_allclose(as_numpy(other.value), as_numpy(one.value), rtol=1e-4, atol=1e-6)


OPTIMIZERS = {
    "Adadelta": {"rho": 0.9},
    "Adafactor": {"clip_threshold": 0.9},
    "Adagrad": {"initial_accumulator_value": 0.2},
    "Adam": {"amsgrad": True, "clipnorm": 1.0},
    "Adamax": {"beta_1": 0.8},
    "AdamW": {"weight_decay": 0.01},
    "Ftrl": {"l1_regularization_strength": 0.01},
    "Lamb": {"beta_2": 0.99},
    "Lion": {"weight_decay": 0.01},
    "Nadam": {"epsilon": 1e-6},
    "RMSprop": {"momentum": 0.5, "centered": True},
    "SGD": {"momentum": 0.9, "nesterov": True, "global_clipnorm": 1.0, "use_ema": True},
}


@pytest.mark.parametrize("kind", OPTIMIZERS)
def test_an_optimiser_trains_alike_once_it_has_crossed(kind):
    model, *batch = straight()
    model.compile(
        getattr(keras.optimizers, kind)(learning_rate=0.02, **OPTIMIZERS[kind]), "sparse_categorical_crossentropy"
    )
    back = across(model)
    assert type(back.optimizer) is type(model.optimizer)
    assert back.optimizer.get_config() == model.optimizer.get_config()
    trains_alike(model, back, *batch)


def test_every_listed_optimiser_is_tried_and_can_be_named():
    assert {name for module, name in ARGUMENTS if module == "keras.optimizers"} == set(OPTIMIZERS)
    for name in OPTIMIZER_WORDS:
        assert type(keras.optimizers.get(name)).__name__ in OPTIMIZERS


FUNCTIONS = [
    "categorical_crossentropy",
    "categorical_focal_crossentropy",
    "binary_crossentropy",
    "binary_focal_crossentropy",
    "kl_divergence",
    "poisson",
    "mean_squared_error",
    "mean_absolute_error",
    "mean_absolute_percentage_error",
    "mean_squared_logarithmic_error",
    "log_cosh",
    "hinge",
    "squared_hinge",
    "categorical_hinge",
    "cosine_similarity",
    "huber",
]


@pytest.mark.parametrize("name", ["sparse_categorical_crossentropy", *FUNCTIONS])
def test_a_loss_of_keras_given_as_a_function_crosses_as_its_name(name):
    model, features, labels = straight()
    model.compile("sgd", getattr(keras.losses, name))
    back = across(model)
    assert back.loss == name
    targets = np.eye(3, dtype=np.float32)[labels] if name in FUNCTIONS else labels
    trains_alike(model, back, features, targets)


def test_every_loss_that_may_be_named_is_one_of_keras_and_its_class_crosses_as_an_object():
    for name in LOSS_WORDS - {"crossentropy", "ce"}:
        assert callable(keras.losses.get(name)), name
    for module, name in ARGUMENTS:
        if module == "keras.losses":
            model, *_ = straight()
            model.compile("sgd", getattr(keras.losses, name)())
            back = across(model)
            assert type(back.loss) is type(model.loss) and back.loss.get_config() == model.loss.get_config()


def own_metric(truth, given):
    return keras.ops.mean(truth)


class OwnMetric(keras.metrics.Mean):
    def update_state(self, truth, given, sample_weight=None):
        super().update_state(given)


@pytest.mark.parametrize(
    "metrics",
    [
        pytest.param([keras.metrics.SparseTopKCategoricalAccuracy(2)], id="one of Keras that is not listed"),
        pytest.param(["accuracy", keras.metrics.SparseTopKCategoricalAccuracy(2)], id="one of two"),
        pytest.param([keras.metrics.sparse_categorical_accuracy], id="a function of Keras"),
        pytest.param([own_metric], id="a function of one's own"),
        pytest.param([lambda truth, given: keras.ops.mean(truth)], id="a lambda"),
        pytest.param([eval("lambda truth, given: given")], id="a lambda without a source"),
        pytest.param([OwnMetric()], id="a class of one's own"),
        pytest.param([functools.partial(own_metric)], id="what Keras cannot write down"),
    ],
)
@pytest.mark.filterwarnings("ignore:The object being serialized includes a `lambda`")
def test_metrics_that_are_not_listed_are_left_behind_and_sink_no_model(metrics):
    model, *batch = straight()
    model.compile(keras.optimizers.Adam(0.02), "sparse_categorical_crossentropy", metrics=metrics)
    back = across(model)
    assert back.get_compile_config()["metrics"] is None
    trains_alike(model, back, *batch)


def test_listed_metrics_cross():
    model, *batch = straight()
    model.compile("sgd", "sparse_categorical_crossentropy", metrics=["accuracy"])
    assert "accuracy" in across(model).train_on_batch(*batch, return_dict=True)


@pytest.mark.filterwarnings("ignore:The object being serialized includes a `lambda`")
def test_a_loss_or_a_rate_of_ones_own_is_refused_and_a_listed_schedule_is_not():
    def mean_squared_error(truth, given):
        return keras.ops.mean(truth) * 7

    class Mine(keras.losses.Loss):
        def call(self, truth, given):
            return keras.ops.mean(truth)

    schedules = keras.optimizers.schedules
    for loss in (own_metric, mean_squared_error, lambda truth, given: given, eval("lambda t, g: g"), Mine()):
        model, *_ = straight()
        model.compile("sgd", loss)
        with pytest.raises(WireError, match=r"loss|Keras's own"):
            pack(model)
    for rate, crosses in (
        (schedules.CosineDecay(0.1, 100), True),
        (schedules.PolynomialDecay(0.1, 100), True),
        (schedules.CosineDecayRestarts(0.1, 100), True),
        (schedules.InverseTimeDecay(0.1, 100, 0.5), True),
        (lambda: 0.1, False),
    ):
        model, *batch = straight()
        model.compile(keras.optimizers.Lion(rate), "sparse_categorical_crossentropy")
        if crosses:
            trains_alike(model, across(model), *batch)
        else:
            with pytest.raises(WireError, match="handed over"):
                pack(model)
    model, *_ = straight()
    model.compile(keras.optimizers.Muon(0.1, exclude_layers=["(a+)+$"]), "mse")
    with pytest.raises(WireError, match="Muon"):
        pack(model)


def test_what_is_asked_about_a_model_says_what_packing_it_says_and_changes_nothing():
    import random

    model = transfer_model()
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    random.seed(4)
    expected = random.random()
    random.seed(4)
    asked = require_crossable(model)
    assert random.random() == expected
    assert {name: pack(model)[name] for name in asked} == asked
    assert clean_model(asked["config"]) == asked["config"], "what is clean stays as it is"


def test_layers_that_two_models_share_are_refused_before_they_would_be_made_twice():
    shared = layers.Dense(4, name="shared")
    first = keras.Sequential([keras.Input((4,)), shared], name="first")
    second = keras.Sequential([keras.Input((4,)), shared], name="second")
    given = keras.Input((4,))
    model = keras.Model(given, layers.Add()([first(given), second(given)]))
    with pytest.raises(WireError, match="hold the same weights"):
        require_crossable(model)


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


IDENTITY = {"module": "keras.layers", "class_name": "Identity", "config": {"name": "i"}}


def function(name: object, module: str = "os") -> dict:
    return {"module": module, "class_name": "function", "config": name, "registered_name": name}


def optimizer(kind: str, **settings: object) -> dict:
    return {"module": "keras.optimizers", "class_name": kind, "config": {"learning_rate": 0.1, **settings}}


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
        pytest.param(replace("compile", {"optimizer": "adam", "loss": "mse", "iterations": "3"}), id="steps as text"),
        pytest.param(
            replace("compile", {"optimizer": "adam", "loss": "mse", "iterations": -1}), id="fewer than no steps"
        ),
        pytest.param(replace("compile", {"optimizer": "adam", "loss": "os.system"}), id="a loss that is not one"),
        pytest.param(replace("compile", {"optimizer": "adam", "loss": function("system")}), id="a loss of os"),
        pytest.param(replace("compile", {"optimizer": "adam", "loss": [function("eval", "builtins")]}), id="eval"),
        pytest.param(replace("compile", {"optimizer": "adam", "loss": function(LAMBDA)}), id="a Lambda in a function"),
        pytest.param(replace("compile", {"optimizer": "adam", "loss": IDENTITY}), id="a layer for a loss"),
        pytest.param(replace("compile", {"optimizer": IDENTITY, "loss": "mse"}), id="a layer for an optimiser"),
        pytest.param(replace("compile", {"optimizer": "relu", "loss": "mse"}), id="another word for an optimiser"),
        pytest.param(
            replace("compile", {"optimizer": optimizer("Lion", learning_rate=function("system")), "loss": "mse"}),
            id="a function for a rate",
        ),
        pytest.param(
            replace("compile", {"optimizer": optimizer("Muon", exclude_layers=["(a+)+$"]), "loss": "mse"}),
            id="patterns to search names for",
        ),
        pytest.param(
            replace("compile", {"optimizer": optimizer("LossScaleOptimizer", inner_optimizer="adam"), "loss": "mse"}),
            id="an optimiser in another",
        ),
        pytest.param(
            replace("compile", {"optimizer": "adam", "loss": "mse", "metrics": [LAMBDA, function("system")]}),
            id="harmless: metrics that are not listed are dropped",
        ),
        pytest.param(
            replace("compile", {"optimizer": "adam", "loss": function("mean_squared_error")}),
            id="harmless: of a function only the name goes on, and it is one of Keras's",
        ),
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


@pytest.mark.parametrize(
    ("kind", "settings", "words"),
    [
        ("RandomGaussianBlur", {"kernel_size": [99_999, 99_999]}, "kernel_size"),
        ("RandomGaussianBlur", {"kernel_size": [3.0, 3.0]}, "kernel_size"),
        ("RandomGaussianBlur", {"kernel_size": [-3, 3]}, "kernel_size"),
        ("RandAugment", {"num_ops": 2**31 - 1}, "num_ops"),
        ("RandAugment", {"num_ops": None}, "num_ops"),
        ("RandomShear", {"x_factor": [LAMBDA, 0.1]}, "Lambda"),
        ("Equalization", {"bins": 2**31 - 1}, "Equalization"),
        ("AlphaDropout", {"rate": 0.5, "noise_shape": [2**20, 2**20, 1, 1]}, "noise_shape"),
        ("AlphaDropout", {"rate": 0.5, "noise_shape": [2**30]}, "noise_shape"),
        ("Dropout", {"rate": 0.5, "noise_shape": [None, 2**30, 1, 1]}, "noise_shape"),
        ("Dropout", {"rate": 0.5, "noise_shape": [2**30, None, None, None]}, "noise_shape"),
        ("PReLU", {}, "200,000,000 parameters"),
        ("RandomShear", {"fill_mode": "/etc/passwd"}, "passwd"),
        ("RandomShear", {"x_factor": function("system")}, "not written as a Keras object"),
        ("RandomErasing", {"fill_value": LAMBDA}, "Lambda"),
        ("RandomHue", {"factor": 0.1, "bounding_box_format": "xyxy"}, "bounding_box_format"),
        ("PReLU", {"alpha_initializer": {"module": "os", "class_name": "system", "config": {}}}, "system"),
        ("GroupNormalization", {"axis": [1, 2]}, "do not fit together"),
        ("GroupNormalization", {"groups": 2**31 - 1}, "could not be rebuilt|weights"),
        ("AugMix", {"num_chains": 2**30}, "AugMix"),
        ("MixUp", {"alpha": 0.2}, "MixUp"),
        ("CutMix", {"factor": 1.0}, "CutMix"),
        ("Pipeline", {"layers": [LAMBDA]}, "Lambda"),
        ("Pipeline", {"layers": []}, "Pipeline"),
        (
            "Pipeline",
            {"layers": [{"module": "keras.layers", "class_name": "Pipeline", "config": {"layers": [LAMBDA]}}]},
            "Lambda",
        ),
    ],
)
def test_a_layer_that_is_listed_cannot_be_told_to_expand_or_to_reach_out(kind, settings, words):
    plain = small()
    plain["config"] = keras.saving.serialize_keras_object(
        keras.Sequential([keras.Input((9000, 9000, 3)), layers.Identity()])
    )
    plain["weights"], plain["trainable"], plain["compile"] = [], [True, True], None
    plain["config"]["config"]["layers"][1] = {
        "module": "keras.layers",
        "class_name": kind,
        "config": {"name": "l", **settings},
    }
    start = time.monotonic()
    with pytest.raises(WireError, match=words):
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
