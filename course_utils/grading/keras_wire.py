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
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from course_utils.grading.keras_names import ARGUMENTS, LOSS_WORDS, METRIC_WORDS, MODELS, OPTIMIZER_WORDS, WORDS
from course_utils.grading.wire import LIMITS, WireError, encode

_NAME = re.compile(r"[\w .+\-]{0,200}")
_MARKS = {"__keras_tensor__", "__tensor__", "__slice__", "__ellipsis__", "__tuple__", "__numpy__"}
_CLASSES = {
    ("keras.src.models.sequential", "Sequential"): ("keras", "Sequential"),
    ("keras.src.models.functional", "Functional"): ("keras.src.models.functional", "Functional"),
}
"""Where the classes of models are, and how Keras names them in a configuration."""


@dataclass(frozen=True)
class Budget:
    """How large a model may be: parameters, multiply-adds per picture, numbers in all activations, layers."""

    parameters: int = 200_000_000
    multiply_adds: int = 60_000_000_000
    activations: int = 500_000_000
    layers: int = 3000


BUDGET = Budget()


def is_model(value: object) -> bool:
    """Whether a value is a Keras model, without importing Keras when nobody has."""
    keras = sys.modules.get("keras")
    return keras is not None and isinstance(value, keras.Model)


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
        "trainable": [bool(layer.trainable) for layer in all_layers(model)],
    }


def require_crossable(model, *, budget: Budget = BUDGET) -> dict:
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
        _require_modest(model, plain, budget)
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


def _require_modest(model, plain: dict, budget: Budget) -> None:
    """Complains about a model that is too large, or whose weights would not come out again layer by layer."""
    header = _measured(plain["config"], budget)
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


def _measured(config: dict, budget: Budget) -> int:
    """Complains about a cleaned configuration that is beyond the budget; returns how many bytes it takes on the wire."""
    from course_utils.grading.keras_shapes import measure

    key = hashlib.sha256(f"{budget} {json.dumps(config)}".encode()).digest()
    if key not in _MEASURED:
        state = random.getstate()  # layers that are made draw seeds from it, and it may be somebody else's
        try:
            measure(config, budget)
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
    return 4 if dtype == "bfloat16" else np.dtype(dtype).itemsize  # it crosses as float32


def _compile_settings(model) -> dict | None:
    """How a model was compiled, cleaned; None when it was not."""
    import keras

    if not model.compiled:
        return None
    loss, write = getattr(model, "loss", None), keras.saving.serialize_keras_object
    if inspect.isfunction(loss) and getattr(keras.losses, loss.__name__, None) is not loss:
        raise WireError(_OWN_LOSS.format(_shown(loss.__name__)))
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
    return _clean_compile(settings)


def unpack(plain: object, *, budget: Budget = BUDGET):
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
        return _build(config, weights, trainable, plain["compile"], budget)
    except WireError:
        raise
    except Exception as error:
        raise WireError(f"The model could not be rebuilt ({type(error).__name__}).") from None


def _build(config: dict, weights: list, trainable: list[bool], compiled: object, budget: Budget):
    import keras

    _measured(config, budget)
    settings = None if compiled is None else _clean_compile(compiled)
    model = keras.saving.deserialize_keras_object(config, safe_mode=True)
    variables = model.weights
    if [tuple(v.shape) for v in variables] != [w.shape for w in weights]:
        raise WireError(f"The model has {len(variables)} weights and {len(weights)} came, or their shapes differ.")
    for variable, weight in zip(variables, weights, strict=True):
        variable.assign(weight)
    layers = all_layers(model)
    if len(layers) != len(trainable):
        raise WireError(f"The model has {len(layers)} layers, and {len(trainable)} trainable flags came.")
    for layer, flag in zip(layers, trainable, strict=True):
        layer.trainable = flag
    for layer in layers:
        if isinstance(layer, keras.layers.Normalization) and layer.built:
            layer.finalize_state()  # it keeps a second copy of its statistics, for speed
    if settings is not None:
        model.compile_from_config(settings)
    return model


def all_layers(model) -> list:
    """The model and every layer inside it, outer before inner: setting a model's flag sets those of its layers."""
    found = [model]
    for layer in getattr(model, "layers", []):
        found += all_layers(layer) if hasattr(layer, "layers") else [layer]
    return found


def clean_model(node: object) -> dict:
    """Walks a model's configuration; returns a copy of what is on the list, or raises ``WireError``."""
    if not isinstance(node, dict) or (node.get("module"), node.get("class_name")) not in MODELS:
        kind = node.get("class_name") if isinstance(node, dict) else None
        raise WireError(f"A model of class {_shown(kind)} cannot be handed over: build it as Sequential or functional.")
    config = node.get("config")
    if not isinstance(config, dict) or not isinstance(config.get("layers"), list | tuple):
        raise WireError("A model of a class of its own cannot be handed over: build it as Sequential or functional.")
    layers = [_clean_layer(layer) for layer in config["layers"]]
    cleaned = {
        "name": _clean_name(config.get("name")),
        "trainable": bool(config.get("trainable", True)),
        "layers": layers,
    }
    if node["class_name"] == "Sequential":
        if config.get("build_input_shape") is not None:
            cleaned["build_input_shape"] = _clean_value(config["build_input_shape"], "build_input_shape")
        return {"module": "keras", "class_name": "Sequential", "config": cleaned, "registered_name": None}
    for side in ("input_layers", "output_layers"):
        cleaned[side] = _clean_ends(config.get(side))
    return {
        "module": "keras.src.models.functional",
        "class_name": "Functional",
        "config": cleaned,
        "registered_name": None,
    }


def _clean_layer(node: object) -> dict:
    if isinstance(node, dict) and (node.get("module"), node.get("class_name")) in MODELS:
        cleaned = clean_model(node)
    else:
        cleaned = _clean_object(node)
        module = cleaned["module"]
        if module != "keras.layers" and not module.startswith("keras.src.ops"):
            raise WireError(f"A {cleaned['class_name']} is not a layer.")
    if "inbound_nodes" in node:
        if not isinstance(node["inbound_nodes"], list | tuple):
            raise WireError("A layer's connections are not a list.")
        cleaned["name"] = _clean_name(node.get("name"))
        cleaned["inbound_nodes"] = [_clean_connection(inbound) for inbound in node["inbound_nodes"]]
        if cleaned["config"].get("name", cleaned["name"]) != cleaned["name"]:
            raise WireError("A layer goes by two names.")
    return cleaned


def _clean_object(node: object) -> dict:
    if not isinstance(node, dict) or not isinstance(node.get("config"), dict):
        raise WireError("A part of the model is not written as a Keras object.")
    key = (node.get("module"), node.get("class_name"))
    if not all(isinstance(part, str) for part in key) or key not in ARGUMENTS:
        raise WireError(
            f"A {_shown(key[1])} cannot be handed over: the grader rebuilds models from Keras's own common layers, "
            "losses and optimisers, and from no Lambda or class of your own. Rescaling, arithmetic on what layers give, and "
            "common functions of keras.ops can be handed over."
        )
    surplus = [name for name in node["config"] if name not in ARGUMENTS[key]]
    if surplus:
        raise WireError(f"The argument {_shown(surplus[0])} of {key[1]} cannot be handed over.")
    config = {
        name: _clean_name(value) if name == "name" and key != ("keras", "DTypePolicy") else _clean_value(value, name)
        for name, value in node["config"].items()
    }
    if key == ("keras.layers", "RandomShear"):
        config |= {name: _one_factor(config[name]) for name in ("x_factor", "y_factor") if name in config}
    registered = key[1] if key[0].startswith("keras.src.ops") else None
    return {"module": key[0], "class_name": key[1], "config": config, "registered_name": registered}


def _one_factor(value: object) -> object:
    """Keras writes down a shear by up to 0.3 as from -0.3 to 0.3, and then refuses to read a negative number."""
    if isinstance(value, list) and len(value) == 2 and all(isinstance(one, int | float) for one in value):
        return value[1] if value[0] == -value[1] else value
    return value


def _clean_value(value: object, name: str, depth: int = 0) -> object:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, np.generic) and value.dtype.kind in "biuf":
        value = value.item()
    if isinstance(value, int) and abs(value) <= 2**31:
        return value
    if isinstance(value, float) and math.isfinite(value):
        return value
    if isinstance(value, str):
        if value not in WORDS:
            raise WireError(f"{_shown(value)} is not a value that {name} of a layer, loss or optimiser may have here.")
        return value
    if isinstance(value, np.ndarray) and value.dtype.kind in "biuf" and value.size <= 100_000:
        return value.tolist()
    if isinstance(value, list | tuple) and depth < 6:
        return [_clean_value(item, name, depth + 1) for item in value]
    if isinstance(value, dict):
        if value.get("class_name") in _MARKS:
            raise WireError(f"A tensor cannot be the value of {name}.")
        return _clean_object(value)
    raise WireError(f"The value of {name} of a layer, loss or optimiser cannot be handed over.")


def _clean_connection(node: object) -> dict:
    if not isinstance(node, dict) or set(node) != {"args", "kwargs"} or not isinstance(node["kwargs"], dict):
        raise WireError("A connection between layers is not of the agreed form.")
    return {
        "args": _clean_argument(node["args"]),
        "kwargs": {_clean_name(name): _clean_argument(value) for name, value in node["kwargs"].items()},
    }


def _clean_argument(value: object, depth: int = 0) -> object:
    """Cleans what a layer is called with: tensors of other layers, constants, slices, numbers."""
    if isinstance(value, list | tuple) and depth < 6:
        return [_clean_argument(item, depth + 1) for item in value]
    if not isinstance(value, dict):
        return _clean_value(value, "a call", depth)
    kind, config = value.get("class_name"), value.get("config")
    if kind == "__ellipsis__":
        return {"class_name": kind, "config": {}}
    if kind == "__tuple__":
        return {"class_name": kind, "items": _clean_argument(value.get("items"), depth + 1)}
    if not isinstance(config, dict):
        raise WireError("An argument between layers is not of the agreed form.")
    if kind == "__keras_tensor__":
        history = config.get("keras_history")
        if not isinstance(history, list | tuple) or len(history) != 3:
            raise WireError("A tensor between layers does not say where it comes from.")
        dtype = _clean_value(config.get("dtype"), "dtype")
        shape = _clean_value(config.get("shape"), "shape")
        where = [_clean_name(history[0]), *(_index(place) for place in history[1:])]
        return {"class_name": kind, "config": {"shape": shape, "dtype": dtype, "keras_history": where}}
    if kind in ("__tensor__", "__numpy__"):
        dtype = _clean_value(config.get("dtype"), "dtype")
        return {
            "class_name": kind,
            "config": {"value": _clean_value(config.get("value"), "a constant"), "dtype": dtype},
        }
    if kind == "__slice__":
        cleaned = {edge: _clean_value(config.get(edge), "a slice") for edge in ("start", "stop", "step")}
        return {"class_name": kind, "config": cleaned}
    raise WireError(f"A {_shown(kind)} cannot stand between layers.")


def _clean_ends(value: object) -> object:
    """Cleans a model's inputs or outputs: [name, node, tensor], or lists or a dictionary of those."""
    if isinstance(value, dict):
        return {_clean_name(name): _clean_ends(end) for name, end in value.items()}
    if not isinstance(value, list | tuple) or not value:
        raise WireError("A model does not say what goes in or comes out.")
    if isinstance(value[0], str):
        if len(value) != 3:
            raise WireError("A model does not say what goes in or comes out.")
        return [_clean_name(value[0]), _index(value[1]), _index(value[2])]
    return [_clean_ends(end) for end in value]


def _clean_compile(settings: object) -> dict:
    if not isinstance(settings, dict):
        raise WireError("A model's compile settings are not of the agreed form.")
    cleaned = {
        "optimizer": _clean_one(settings.get("optimizer"), "keras.optimizers", OPTIMIZER_WORDS),
        "loss": _clean_nested(settings.get("loss"), _clean_loss),
    }
    for name in ("metrics", "weighted_metrics"):
        cleaned[name] = _clean_metrics(settings.get(name))
    cleaned["loss_weights"] = None
    return cleaned | {"run_eagerly": False, "steps_per_execution": 1, "jit_compile": False}


def _clean_one(value: object, module: str, words: frozenset[str]) -> object:
    """An optimiser, a loss or a metric: one of some words, or a listed class of its module."""
    if isinstance(value, str) and value in words:
        return value
    cleaned = _clean_object(value)
    if cleaned["module"] != module:
        raise WireError(f"A {cleaned['class_name']} is none of {module}.")
    return cleaned


_OWN_LOSS = "The loss {} cannot be handed over: compile with one of Keras's own common losses."


def _clean_loss(value: object) -> object:
    if isinstance(value, dict) and value.get("class_name") == "function":
        value = value.get("config")  # Keras writes a function's name; only the name goes on
    if value is None:
        return None
    if isinstance(value, str) and value not in LOSS_WORDS:
        raise WireError(_OWN_LOSS.format(_shown(value)))
    return _clean_one(value, "keras.losses", LOSS_WORDS)


def _clean_metrics(value: object) -> object:
    """Metrics, if all of them are on the list, else none: a model is the same without."""
    try:
        return _clean_nested(value, lambda one: None if one is None else _clean_one(one, "keras.metrics", METRIC_WORDS))
    except WireError:
        return None


def _clean_nested(value: object, clean: Callable[[object], object], depth: int = 0) -> object:
    if isinstance(value, list | tuple) and depth < 4:
        return [_clean_nested(item, clean, depth + 1) for item in value]
    if isinstance(value, dict) and "class_name" not in value and depth < 4:
        return {_clean_name(name): _clean_nested(item, clean, depth + 1) for name, item in value.items()}
    return clean(value)


def _clean_name(name: object) -> str:
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise WireError(f"{_shown(name)} cannot be a layer's name here: letters, digits and underscores can.")
    return name


def _index(value: object) -> int:
    if type(value) is not int or not 0 <= value < 10_000:
        raise WireError("A tensor between layers does not say where it comes from.")
    return value


def _shown(value: object) -> str:
    return repr(value[:60]) if isinstance(value, str) else f"a {type(value).__name__}"
