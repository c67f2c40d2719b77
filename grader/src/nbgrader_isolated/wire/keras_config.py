"""The walk over a model's configuration: what is on the list is copied, anything else ends in ``WireError``.

Nothing of Keras is imported or asked here. Whoever sends a model takes the walk, and whoever receives one takes it again.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable

import numpy as np

from nbgrader_isolated.errors import WireError
from nbgrader_isolated.wire.keras_layers import (
    ARGUMENTS,
    LOSS_WORDS,
    METRIC_WORDS,
    MODELS,
    OPTIMIZER_WORDS,
    PIPELINE,
    WORDS,
)

OWN_LOSS = "The loss {} cannot be handed over: compile with one of Keras's own common losses."

_NAME = re.compile(r"[\w .+\-]{0,200}")
_MARKS = {"__keras_tensor__", "__tensor__", "__slice__", "__ellipsis__", "__tuple__", "__numpy__"}


def clean_model(node: object) -> dict:
    """Walks a model's configuration; returns a copy of what is on the list, or raises ``WireError``."""
    if not isinstance(node, dict) or (node.get("module"), node.get("class_name")) not in MODELS:
        kind = node.get("class_name") if isinstance(node, dict) else None
        raise WireError(f"A model of class {quoted(kind)} cannot be handed over: build it as Sequential or functional.")
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
    elif isinstance(node, dict) and (node.get("module"), node.get("class_name")) == PIPELINE:
        cleaned = _clean_pipeline(node)
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


def _clean_pipeline(node: dict) -> dict:
    """Several layers, one after another, that are one layer: the only layer with others in its configuration."""
    config = node.get("config")
    if not isinstance(config, dict) or not isinstance(config.get("layers"), list | tuple) or not config["layers"]:
        raise WireError("A Pipeline of no layers, or of a class of its own, cannot be handed over.")
    inner = [_clean_layer(layer) for layer in config["layers"]]
    if any("inbound_nodes" in layer for layer in inner):
        raise WireError("A layer in a Pipeline says where it is connected to.")
    settings = {"layers": inner, "name": _clean_name(config.get("name"))}
    return {"module": PIPELINE[0], "class_name": PIPELINE[1], "config": settings, "registered_name": None}


def _clean_object(node: object) -> dict:
    if not isinstance(node, dict) or not isinstance(node.get("config"), dict):
        raise WireError("A part of the model is not written as a Keras object.")
    key = (node.get("module"), node.get("class_name"))
    if not all(isinstance(part, str) for part in key) or key not in ARGUMENTS:
        raise WireError(
            f"A {quoted(key[1])} cannot be handed over: the grader rebuilds models from Keras's own common layers, "
            "losses and optimisers, and from no Lambda or class of your own. Rescaling, arithmetic on what layers give, and "
            "common functions of keras.ops can be handed over."
        )
    surplus = [name for name in node["config"] if name not in ARGUMENTS[key]]
    if surplus:
        raise WireError(f"The argument {quoted(surplus[0])} of {key[1]} cannot be handed over.")
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
            raise WireError(f"{quoted(value)} is not a value that {name} of a layer, loss or optimiser may have here.")
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
    raise WireError(f"A {quoted(kind)} cannot stand between layers.")


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


def clean_compile(settings: object) -> dict:
    """Walks how a model was compiled; returns a copy of what is on the list, or raises ``WireError``."""
    if not isinstance(settings, dict):
        raise WireError("A model's compile settings are not of the agreed form.")
    cleaned = {
        "optimizer": _clean_one(settings.get("optimizer"), "keras.optimizers", OPTIMIZER_WORDS),
        "loss": _clean_nested(settings.get("loss"), _clean_loss),
    }
    for name in ("metrics", "weighted_metrics"):
        cleaned[name] = _clean_metrics(settings.get(name))
    iterations = settings.get("iterations", 0)
    if type(iterations) is not int or not 0 <= iterations < 2**53:
        raise WireError("An optimizer's number of iterations is none.")
    cleaned |= {"loss_weights": None, "iterations": iterations}
    return cleaned | {"run_eagerly": False, "steps_per_execution": 1, "jit_compile": False}


def _clean_one(value: object, module: str, words: frozenset[str]) -> object:
    """An optimiser, a loss or a metric: one of some words, or a listed class of its module."""
    if isinstance(value, str) and value in words:
        return value
    cleaned = _clean_object(value)
    if cleaned["module"] != module:
        raise WireError(f"A {cleaned['class_name']} is none of {module}.")
    return cleaned


def _clean_loss(value: object) -> object:
    if isinstance(value, dict) and value.get("class_name") == "function":
        value = value.get("config")  # Keras writes a function's name; only the name goes on
    if value is None:
        return None
    if isinstance(value, str) and value not in LOSS_WORDS:
        raise WireError(OWN_LOSS.format(quoted(value)))
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
        raise WireError(f"{quoted(name)} cannot be a layer's name here: letters, digits and underscores can.")
    return name


def _index(value: object) -> int:
    if type(value) is not int or not 0 <= value < 10_000:
        raise WireError("A tensor between layers does not say where it comes from.")
    return value


def quoted(value: object) -> str:
    """What a message shows of a word that may be of any length, or no word."""
    return repr(value[:60]) if isinstance(value, str) else f"a {type(value).__name__}"
