"""Each layer that may cross: a model with it computes the same on the other side, and is the same to look at."""

from __future__ import annotations

import json

import numpy as np
import pytest

keras = pytest.importorskip("keras")

from nbgrader_isolated.wire.crossing import as_graded  # noqa: E402
from nbgrader_isolated.wire.decode import decode  # noqa: E402
from nbgrader_isolated.wire.encode import WireError, encode  # noqa: E402
from nbgrader_isolated.wire.keras_layers import ARGUMENTS, PIPELINE  # noqa: E402
from nbgrader_isolated.wire.keras_model import all_layers, as_numpy, as_tensor, pack, unpack  # noqa: E402

layers = keras.layers
MERGING = ("Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum", "Concatenate", "Dot")
SETTINGS = {
    "Dense": {"units": 3, "activation": "gelu"},
    "Conv1D": {"filters": 2, "kernel_size": 3},
    "Conv2D": {"filters": 2, "kernel_size": 3, "padding": "same"},
    **{name: {"kernel_size": 3} for name in ("DepthwiseConv1D", "DepthwiseConv2D")},
    **{name: {"filters": 4, "kernel_size": 3} for name in ("SeparableConv1D", "SeparableConv2D")},
    "Dot": {"axes": 2, "normalize": True},
    "RepeatVector": {"n": 3},
    "ActivityRegularization": {"l2": 0.1},
    "Normalization": {"mean": [1.0, 2.0, 3.0], "variance": [2.0, 2.0, 1.0]},
    "Reshape": {"target_shape": (4, 16, 3)},
    "Permute": {"dims": (3, 1, 2)},
    "GroupNormalization": {"groups": 3},
    **{
        name: {"rate": 0.4, "seed": 1}
        for name in ("Dropout", "AlphaDropout", "SpatialDropout1D", "SpatialDropout2D", "GaussianDropout")
    },
    "GaussianNoise": {"stddev": 0.3, "seed": 1},
    "Activation": {"activation": "hard_swish"},
    **{f"AveragePooling{sides}D": {"pool_size": 2} for sides in (1, 2, 3)},
    "Rescaling": {"scale": 0.01, "offset": -1},
    "Resizing": {"height": 5, "width": 6},
    "CenterCrop": {"height": 5, "width": 6},
    "RandomFlip": {"seed": 1},
    "RandomRotation": {"factor": 0.2, "seed": 1},
    "RandomZoom": {"height_factor": 0.2, "seed": 1},
    "RandomTranslation": {"height_factor": 0.2, "width_factor": 0.1, "seed": 1},
    "RandomContrast": {"factor": 0.3, "seed": 1},
    "RandomBrightness": {"factor": 0.3, "seed": 1},
    "RandomCrop": {"height": 5, "width": 6, "seed": 1},
    "RandomShear": {"x_factor": 0.2, "y_factor": 0.1, "seed": 1},
    "RandomPosterization": {"factor": 3, "seed": 1},
    "RandomGrayscale": {"factor": 1.0},
    "RandomColorJitter": {"brightness_factor": 0.2, "seed": 1},
    **{
        name: {"factor": 0.4, "seed": 1}
        for name in (
            "RandomColorDegeneration",
            "RandomGaussianBlur",
            "RandomHue",
            "RandomInvert",
            "RandomSaturation",
            "RandomSharpness",
        )
    },
    **{name: {"seed": 1} for name in ("RandomPerspective", "RandomErasing", "RandAugment", "Solarization")},
}
"""The arguments a layer gets here; one that is not in it gets none."""

LISTED = sorted({name for module, name in ARGUMENTS if module == "keras.layers"} | {PIPELINE[1]})


def across(model):
    raw = encode(model, cross=lambda value: ("model", pack(value)))
    return decode(raw, build={"model": unpack})


def model_with(name: str):
    sides = (
        0 if name == "RepeatVector" else 1 if name.endswith("1D") or name == "Dot" else 3 if name.endswith("3D") else 2
    )
    given = keras.Input((*[8] * sides, 3))
    if name == "InputLayer":
        made = given
    elif name in MERGING:
        made = getattr(layers, name)(**SETTINGS.get(name, {}))([given, layers.Rescaling(2.0)(given)])
    elif name == "Pipeline":
        inner = layers.Pipeline([layers.RandomRotation(0.2, seed=2), layers.Dense(2)])
        made = layers.Pipeline([layers.RandomFlip(seed=1), inner])(given)
    else:
        made = getattr(layers, name)(**SETTINGS.get(name, {}))(given)
    model = keras.Model(given, layers.Dense(2, name="end")(layers.Flatten()(made)))
    for weight in model.weights:
        weight.assign(np.random.default_rng(0).uniform(0.5, 1.5, weight.shape))
    if len(model.layers) > 2:
        model.layers[1].trainable = False
    model.compile(keras.optimizers.Adam(0.02), "mse")
    return model


@pytest.mark.parametrize("name", LISTED)
def test_a_listed_layer_is_the_same_on_both_sides(name):
    model = model_with(name)
    back = across(model)
    assert as_graded(model) is model, "what the grader can rebuild is not refused in the notebook"
    assert [type(layer) for layer in all_layers(back)] == [type(layer) for layer in all_layers(model)]
    assert [layer.trainable for layer in all_layers(back)] == [layer.trainable for layer in all_layers(model)]
    assert [layer.dtype_policy.name for layer in all_layers(back)] == [x.dtype_policy.name for x in all_layers(model)]
    for mine, theirs in zip(model.layers, back.layers, strict=True):
        assert json.dumps(theirs.get_config(), default=repr) == json.dumps(mine.get_config(), default=repr)
    assert all(map(np.array_equal, model.get_weights(), back.get_weights()))
    assert back.loss == "mse" and back.optimizer.get_config() == model.optimizer.get_config()
    shape = (3, *model.input_shape[1:])
    images = np.random.default_rng(1).uniform(0, 255, shape).astype(np.float32)
    np.testing.assert_allclose(as_numpy(back(images)), as_numpy(model(images)), rtol=1e-5)


def test_a_layer_keeps_the_precision_it_computes_in():
    given = keras.Input((4,))
    model = keras.Model(given, layers.Dense(2, dtype="bfloat16")(layers.Dense(3, dtype="mixed_float16")(given)))
    back = across(model)
    assert [x.dtype_policy.name for x in back.layers] == [x.dtype_policy.name for x in model.layers]
    assert [str(w.dtype) for w in back.weights] == [str(w.dtype) for w in model.weights]
    assert all(
        one.tobytes() == other.tobytes() for one, other in zip(model.get_weights(), back.get_weights(), strict=True)
    )


@pytest.mark.parametrize("dtype", ["float32", "bfloat16", "int64", "bool", "complex64"])
def test_a_tensor_arrives_as_a_tensor(dtype):
    import tensorflow as tf

    tensor = tf.cast(tf.constant([[0, 1], [2, 3]]), dtype)
    raw = encode(tensor, cross=lambda value: ("tensor", as_numpy(value)))
    for back in (decode(raw, build={"tensor": as_tensor}), as_graded(tensor)):
        assert type(back) is type(tensor) and back.dtype == tensor.dtype and back.shape == tensor.shape
        assert as_numpy(back).tobytes() == as_numpy(tensor).tobytes()
    variable = as_graded([keras.Variable([1.0, 2.0]), tf.Variable(3)])
    assert as_numpy(variable[0]).tolist() == [1, 2] and int(variable[1]) == 3


@pytest.mark.parametrize("plain", ["a", None, np.array(["a"]), np.array([None])])
def test_a_tensor_of_something_else_is_refused(plain):
    with pytest.raises(WireError, match="tensor"):
        as_tensor(plain)
