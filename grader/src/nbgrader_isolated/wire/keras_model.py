"""Keras models on the wire: configuration, weights, what is trainable, and how they were compiled.

The receiver walks the whole configuration against a list of names before Keras sees any of it, works out how large the
model would be, and hands Keras a copy that holds only what the walk understood. Whoever sends takes the same walk, so that
a model that would be refused is refused before it leaves, in the same words; nobody believes that it did.
"""

from __future__ import annotations

import hashlib
import inspect
import json
import math
import random
import sys
from dataclasses import dataclass

import numpy as np

from nbgrader_isolated.errors import WireError
from nbgrader_isolated.wire.encode import LIMITS, encode
from nbgrader_isolated.wire.keras_config import OWN_LOSS, clean_compile, clean_model, quoted

_CLASSES = {
    ("keras.src.models.sequential", "Sequential"): ("keras", "Sequential"),
    ("keras.src.models.functional", "Functional"): ("keras.src.models.functional", "Functional"),
}
"""Where the classes of models are, and how Keras names them in a configuration."""


@dataclass(frozen=True)
class ModelLimits:
    """How large a model may be: parameters, multiply-adds per image, numbers in all activations, layers."""

    parameters: int = 200_000_000
    multiply_adds: int = 60_000_000_000
    activations: int = 500_000_000
    layers: int = 3000


MODEL_LIMITS = ModelLimits()


def is_model(value: object) -> bool:
    """Whether a value is a Keras model, without importing Keras when nobody has."""
    keras = sys.modules.get("keras")
    return keras is not None and isinstance(value, keras.Model)


def is_tensor(value: object) -> bool:
    """Whether a value is a tensor of TensorFlow with numbers in it, or a variable of TensorFlow's or Keras's."""
    tensorflow, keras = sys.modules.get("tensorflow"), sys.modules.get("keras")
    if keras is not None and isinstance(value, keras.Variable):
        value = value.value
    kinds = ("Tensor", "Variable")
    if not any(isinstance(value, getattr(tensorflow, kind, ())) for kind in kinds) or not hasattr(value, "numpy"):
        return False
    return value.dtype.is_bool or value.dtype.is_integer or value.dtype.is_floating or value.dtype.is_complex


def as_tensor(plain: object):
    """A tensor of TensorFlow made of an array that anybody may have written.

    Raises:
        WireError: it is no array of numbers, or there is no TensorFlow here.
    """
    if not isinstance(plain, np.ndarray | np.generic) or plain.dtype.kind not in "biufcV":
        raise WireError("A tensor in the message is not of the agreed form.")
    try:
        import tensorflow

        return tensorflow.constant(plain)
    except Exception as error:
        raise WireError(f"A tensor could not be made again ({type(error).__name__}).") from None


def as_numpy(tensor: object) -> np.ndarray:
    """A tensor of TensorFlow, JAX or PyTorch as a NumPy array."""
    if hasattr(tensor, "detach"):
        tensor = tensor.detach().cpu()
    return np.asarray(tensor.numpy() if hasattr(tensor, "numpy") else tensor)


def pack(model) -> dict:
    """A model as plain data; weights are NumPy arrays in the model's own order.

    Raises:
        WireError: it cannot be handed over, see ``require_crossable``.
    """
    return {
        **require_crossable(model),
        "weights": [as_numpy(weight.value) for weight in model.weights],
        # A layer's flag sets those of its weights, which can then be set one by one.
        "trainable": [bool(part.trainable) for part in (*all_layers(model), *model.weights)],
    }


def require_crossable(model, *, limits: ModelLimits = MODEL_LIMITS) -> dict:
    """Complains about a model that the receiver would refuse. It is cheap: no weights are copied.

    Returns:
        Its configuration and its compile settings, holding only what the receiver would keep of them.

    Raises:
        WireError: something in it is not on the list, is too large, or cannot be written down.
    """
    try:
        plain = {"config": clean_model(_written(model)), "compile": _compile_settings(model)}
        if not model.built:
            raise WireError(f"The model {model.name!r} has no weights yet: give it an input shape, or call it once.")
        _require_modest(model, plain, limits)
    except WireError:
        raise
    except Exception as error:  # a class of its owner's own may raise whatever it likes
        raise WireError(f"The model cannot be written down as data ({type(error).__name__}).") from None
    return plain


def _written(model) -> dict:
    """A model's configuration as Keras writes it; of any class but Keras's own only the name."""
    kind = type(model)
    module, name = _CLASSES.get((kind.__module__, kind.__name__), (None, kind.__name__))
    return {"module": module, "class_name": name, "config": None if module is None else model.get_config()}


def _require_modest(model, plain: dict, limits: ModelLimits) -> None:
    """Complains about a model that is too large, or whose weights would not come out again layer by layer."""
    header = _measured(plain["config"], limits)
    leaves = [layer for layer in all_layers(model) if not hasattr(layer, "layers")]
    if sum(len(layer.weights) for layer in leaves) != len(model.weights):
        raise WireError(
            "Two of the model's layers, or two models in it, hold the same weights, or the model has some that belong to no "
            "layer. That would be lost on the way: let every layer be in one model, and have weights of its own."
        )
    total = header + sum(math.prod(w.shape) * _bytes_each(str(w.dtype)) for w in model.weights)
    if total > LIMITS.total:
        raise WireError(f"The model takes {total:,} bytes; at most {LIMITS.total:,} can be handed over.")


_MEASURED: dict[bytes, int] = {}
"""What ``_measured`` gave for the last few configurations: a call brings the same model to and fro."""
_REMEMBERED = 50


def _measured(config: dict, limits: ModelLimits) -> int:
    """Complains about a cleaned configuration that is beyond the limits; returns how many bytes it takes on the wire."""
    from nbgrader_isolated.wire.keras_sizes import measure

    key = hashlib.sha256(f"{limits} {json.dumps(config)}".encode()).digest()
    if key not in _MEASURED:
        state = random.getstate()  # layers that are made draw seeds from it, and it may be somebody else's
        try:
            measure(config, limits)
        except WireError:
            raise
        except Exception as error:
            raise WireError(f"The parts of the model do not fit together ({type(error).__name__}).") from None
        finally:
            random.setstate(state)
        while len(_MEASURED) >= _REMEMBERED:
            del _MEASURED[next(iter(_MEASURED))]
        _MEASURED[key] = len(encode(config))
    return _MEASURED[key]


def _bytes_each(dtype: str) -> int:
    return 2 if dtype == "bfloat16" else np.dtype(dtype).itemsize  # NumPy alone does not know it


def _compile_settings(model) -> dict | None:
    """How a model was compiled, cleaned; None when it was not."""
    import keras

    if not model.compiled:
        return None
    loss, write = getattr(model, "loss", None), keras.saving.serialize_keras_object
    if inspect.isfunction(loss) and getattr(keras.losses, loss.__name__, None) is not loss:
        raise WireError(OWN_LOSS.format(quoted(loss.__name__)))
    try:
        settings = model.get_compile_config()
    except Exception:  # most likely of a metric, which is not needed
        try:
            optimizer = getattr(model.optimizer, "inner_optimizer", model.optimizer)
            settings = {"optimizer": write(optimizer), "loss": write(loss)}
        except Exception as error:
            raise WireError(
                "The optimizer or the loss that the model was compiled with cannot be written down "
                f"({type(error).__name__}): compile with Keras's own."
            ) from None
    given = settings.get("optimizer")
    if (
        isinstance(given, dict) and given.get("class_name") == "LossScaleOptimizer"
    ):  # Keras wraps it itself where that is needed
        settings = settings | {"optimizer": given["config"]["inner_optimizer"]}
    return clean_compile(settings | {"iterations": int(iterations_of(model))})


def iterations_of(model):
    """The variable in which a compiled model's optimizer counts its steps, also where mixed precision wraps the optimizer."""
    return getattr(model.optimizer, "inner_optimizer", model.optimizer).iterations


def unpack(plain: object, *, limits: ModelLimits = MODEL_LIMITS):
    """Rebuilds a model from data that anybody may have written.

    Raises:
        WireError: something in it is not on the list, is too large, or does not fit together.
    """
    if not isinstance(plain, dict) or set(plain) != {"config", "weights", "trainable", "compile"}:
        raise WireError("A model in the message is not of the agreed form.")
    weights, trainable = plain["weights"], plain["trainable"]
    if not isinstance(weights, list) or not all(isinstance(w, np.ndarray | np.generic) for w in weights):
        raise WireError("A model's weights must be arrays.")
    if not isinstance(trainable, list) or not all(type(flag) is bool for flag in trainable):
        raise WireError("A model's trainable flags must be true or false.")
    config = clean_model(plain["config"])
    try:
        return _build(config, weights, trainable, plain["compile"], limits)
    except WireError:
        raise
    except Exception as error:
        raise WireError(f"The model could not be rebuilt ({type(error).__name__}).") from None


def _build(config: dict, weights: list, trainable: list[bool], compiled: object, limits: ModelLimits):
    import keras

    _measured(config, limits)
    settings = None if compiled is None else clean_compile(compiled)
    model = keras.saving.deserialize_keras_object(config, safe_mode=True)
    variables = model.weights
    if [tuple(v.shape) for v in variables] != [w.shape for w in weights]:
        raise WireError(f"The model has {len(variables)} weights and {len(weights)} came, or their shapes differ.")
    for variable, weight in zip(variables, weights, strict=True):
        variable.assign(weight)
    layers = all_layers(model)
    if len(layers) + len(variables) != len(trainable):
        raise WireError(
            f"The model has {len(layers)} layers and {len(variables)} weights, and {len(trainable)} trainable flags came."
        )
    for part, flag in zip((*layers, *variables), trainable, strict=True):
        if part.trainable != flag:
            part.trainable = flag
    for layer in layers:
        if isinstance(layer, keras.layers.Normalization) and layer.built:
            layer.finalize_state()  # it keeps a second copy of its statistics, for speed
    if settings is not None:
        iterations = settings.pop("iterations")
        model.compile_from_config(settings)
        iterations_of(model).assign(iterations)  # schedules go by it; moments start anew
    return model


def all_layers(model) -> list:
    """The model and every layer inside it, outer before inner: setting a model's flag sets those of its layers."""
    found = [model]
    for layer in getattr(model, "layers", []):
        found += all_layers(layer) if hasattr(layer, "layers") else [layer]
    return found
