"""How large a model would be, worked out from its cleaned configuration before anything is allocated."""

from __future__ import annotations

import math

from nbgrader_isolated.errors import WireError

_HANDLED_BY_CHANNELS = {"BatchNormalization": 4, "LayerNormalization": 2, "Normalization": 3, "RMSNormalization": 1}
_WITH_KERNEL = ("Dense", *(f"{kind}Conv{sides}D" for kind in ("", "Depthwise", "Separable") for sides in (1, 2)))
_MOST = {"kernel_size": 99, "num_ops": 11}
"""How often an augmentation layer may do something: these numbers decide about time and memory."""
_AUGMENTATIONS = 11
"""How many a RandAugment computes, of which it takes one, each time."""


def measure(config: dict, limits) -> dict[str, int]:
    """Adds up parameters, multiply-adds and activations of a cleaned model.

    Layers are made one by one, without weights, and asked which shape they would turn a shape into.

    Args:
        config: from ``clean_model``.
        limits: a ``ModelLimits``.

    Returns:
        The sums, by name.

    Raises:
        WireError: a limit is exceeded, or the parts do not fit together.
    """
    meter = _Meter(limits)
    meter.model(config, None)
    return meter.sums


class _Meter:
    def __init__(self, limits) -> None:
        self.limits = limits
        self.sums = {"parameters": 0, "multiply_adds": 0, "activations": 0, "layers": 0}

    def add(self, **amounts: int) -> None:
        for name, amount in amounts.items():
            self.sums[name] += amount
            if self.sums[name] > getattr(self.limits, name):
                raise WireError(
                    f"The model has more than {getattr(self.limits, name):,} {name.replace('_', '-')}, "
                    "more than the grader rebuilds. Hand in a smaller one."
                )

    def model(self, node: dict, given: list[tuple] | None) -> list[tuple]:
        """Measures a model fed with shapes (its own input layers' where none are given); returns its output shapes."""
        config = node["config"]
        if node["class_name"] == "Sequential":
            return self.sequential(config, given)
        if node["class_name"] == "Pipeline":
            return self.pipeline(config, given)
        made: dict[tuple, list[tuple]] = {}
        waiting = [(layer, index) for layer in config["layers"] for index in range(len(layer.get("inbound_nodes", [])))]
        inputs = _ends(config["input_layers"])
        for layer in config["layers"]:
            if layer["class_name"] == "InputLayer":
                shape = _shape(layer["config"].get("batch_shape"))
                made[(layer["name"], 0)] = [shape]
        if given is not None:
            if len(given) != len(inputs):
                raise WireError("A model inside the model receives a wrong number of inputs.")
            for (name, node_index, _), shape in zip(inputs, given, strict=True):
                made[(name, node_index)] = [shape]
        while waiting:
            later = []
            for layer, index in waiting:
                if (layer["name"], index) in made:
                    continue
                connection = layer["inbound_nodes"][index]
                tensors = _tensors([connection["args"], connection["kwargs"]])
                if not all((name, node_index) in made for name, node_index, _ in tensors):
                    later.append((layer, index))
                    continue
                shapes = [_pick(made[(name, node_index)], tensor) for name, node_index, tensor in tensors]
                made[(layer["name"], index)] = self.layer(
                    layer, shapes, connection, dict(zip(tensors, shapes, strict=True))
                )
            if len(later) == len(waiting):
                raise WireError("The model's layers are connected in a circle, or to layers that are not there.")
            waiting = later
        # Keras counts a functional model's own making as its first call, at a model's ends though not between layers.
        own = {layer["name"] for layer in config["layers"] if "output_layers" in layer["config"]}
        ends = [(name, index - (name in own), tensor) for name, index, tensor in _ends(config["output_layers"])]
        if any((name, index) not in made for name, index, _ in ends):
            raise WireError("A model's output comes from a layer that is not there.")
        return [_pick(made[(name, index)], tensor) for name, index, tensor in ends]

    def sequential(self, config: dict, given: list[tuple] | None) -> list[tuple]:
        shapes = given or ([_shape(config["build_input_shape"])] if config.get("build_input_shape") else None)
        for layer in config["layers"]:
            if layer["class_name"] == "InputLayer":
                shapes = shapes or [_shape(layer["config"].get("batch_shape"))]
            elif shapes is None:
                raise WireError("The model does not say which shape goes in: begin it with keras.Input(shape).")
            else:
                shapes = self.layer(layer, shapes, None)
        if shapes is None:
            raise WireError("The model has no layers.")
        return shapes

    def pipeline(self, config: dict, shapes: list[tuple]) -> list[tuple]:
        for layer in config["layers"]:
            shapes = self.layer(layer, shapes, None)
        return shapes

    def layer(
        self, node: dict, shapes: list[tuple], connection: dict | None, known: dict[tuple, tuple] | None = None
    ) -> list[tuple]:
        self.add(layers=1)
        if "layers" in node["config"]:
            return self.model(node, shapes)
        if node["module"].startswith("keras.src.ops"):
            output = _operation(node, connection, known)
        else:
            import keras

            made = getattr(keras.layers, node["class_name"]).from_config(dict(node["config"]))
            output = made.compute_output_shape(shapes[0] if len(shapes) == 1 else shapes)
        output = _shape(list(output))
        self.add(activations=_size(output))
        self.weigh(node, shapes, output)
        return [output]

    def weigh(self, node: dict, shapes: list[tuple], output: tuple) -> None:
        kind, config = node["class_name"], node["config"]
        if node["module"] != "keras.layers" or not shapes:
            return
        if kind in ("Dropout", "AlphaDropout"):
            _check_noise(config.get("noise_shape"), shapes[0])
        if kind in ("RandomGaussianBlur", "RandAugment"):
            self.augmentation(kind, config, output)
        if len(shapes[0]) < 2:
            return
        shape = shapes[0]
        first = config.get("data_format") == "channels_first"
        channels = shape[1 if first else -1]
        if kind in _HANDLED_BY_CHANNELS:
            sides = (
                [side for side in shape[1:] if side] if kind == "LayerNormalization" else [max(shape[1:], key=_or_one)]
            )
            self.add(parameters=_HANDLED_BY_CHANNELS[kind] * math.prod(_or_one(side) for side in sides))
            return
        if kind == "GroupNormalization":
            self.add(parameters=2 * _or_one(shape[config.get("axis", -1)]))
            return
        if kind == "PReLU":
            shared = config.get("shared_axes") or []
            self.add(parameters=math.prod(_or_one(side) for at, side in enumerate(shape) if at and at not in shared))
            return
        if kind == "Dot":
            self.add(multiply_adds=_size(shape) * _size(output[1:]))
            return
        if kind not in _WITH_KERNEL:
            return
        if channels is None:
            raise WireError(f"A {kind} layer receives an unknown number of channels.")
        positions = _size(output) // max(1, _or_one(output[1 if first else -1]))
        kernel = math.prod(_pair(config.get("kernel_size", 1), int(kind[-2]))) if kind != "Dense" else 1
        if kind == "Dense":
            each = channels * config["units"]
        elif kind in ("Conv1D", "Conv2D"):
            each = kernel * channels // max(1, config.get("groups") or 1) * config["filters"]
        else:
            each = kernel * channels * config.get("depth_multiplier", 1)
            if kind.startswith("Separable"):
                each += channels * config.get("depth_multiplier", 1) * config["filters"]
        self.add(parameters=each + _or_one(output[1 if first else -1]), multiply_adds=each * positions)

    def augmentation(self, kind: str, config: dict, output: tuple) -> None:
        for name in _MOST.keys() & config.keys():
            numbers = config[name] if isinstance(config[name], list) else [config[name]]
            if not all(type(number) is int and 0 < number <= _MOST[name] for number in numbers):
                raise WireError(f"The {name} of a {kind} may be an integer from 1 to {_MOST[name]} here.")
        if kind == "RandomGaussianBlur":
            self.add(multiply_adds=math.prod(_pair(config.get("kernel_size", 3), 2)) * _size(output))
        else:
            times = _AUGMENTATIONS * config.get("num_ops", 2)
            self.add(layers=times, activations=times * _size(output))


def _operation(node: dict, connection: dict | None, known: dict[tuple, tuple]) -> tuple:
    """The shape that comes out; ``known`` are those that go in. What a message says of them itself Keras does not read either."""
    import importlib

    import keras

    if connection is None:
        raise WireError("An operation stands where a layer should.")
    arguments = {name: value for name, value in node["config"].items() if name != "name"}
    operation = getattr(importlib.import_module(node["module"]), node["class_name"])(**arguments)

    def revive(value: object) -> object:
        if isinstance(value, list):
            return [revive(item) for item in value]
        if isinstance(value, dict) and value.get("class_name") == "__keras_tensor__":
            return keras.KerasTensor(known[tuple(value["config"]["keras_history"])], dtype=value["config"]["dtype"])
        return keras.saving.deserialize_keras_object(value) if isinstance(value, dict) else value

    args = revive(connection["args"])
    if node["class_name"] == "GetItem" and len(args) == 2 and isinstance(args[1], list):
        args[1] = tuple(args[1])
    spec = operation.compute_output_spec(*args, **{name: revive(value) for name, value in connection["kwargs"].items()})
    return tuple(spec.shape)


def _check_noise(noise: object, shape: tuple) -> None:
    """Complains about noise of another shape than what it is to be added to, which may be far larger."""
    if noise is None:
        return
    fits = isinstance(noise, list) and len(noise) == len(shape)
    if not fits or any(
        one not in (None, 1) and (type(one) is not int or one != side) for one, side in zip(noise, shape, strict=True)
    ):
        raise WireError(
            "A dropout's noise_shape cannot be handed over unless each number is None, 1 or the input's own."
        )


def _tensors(value: object) -> list[tuple[str, int, int]]:
    if isinstance(value, list):
        return [found for item in value for found in _tensors(item)]
    if isinstance(value, dict):
        if value.get("class_name") == "__keras_tensor__":
            return [tuple(value["config"]["keras_history"])]
        return [found for item in value.values() for found in _tensors(item)]
    return []


def _ends(value: object) -> list[tuple[str, int, int]]:
    if isinstance(value, dict):
        return [end for item in value.values() for end in _ends(item)]
    if value and isinstance(value[0], str):
        return [tuple(value)]
    return [end for item in value for end in _ends(item)]


def _pick(outputs: list[tuple], index: int) -> tuple:
    if index >= len(outputs):
        raise WireError("A layer receives an output that another layer does not have.")
    return outputs[index]


def _shape(value: object) -> tuple:
    """A shape with at most six sides, each a positive number or None."""
    if not isinstance(value, list | tuple) or not 0 < len(value) <= 6:
        raise WireError("A shape in the model is not a short list of sizes.")
    for side in value:
        if side is not None and not (type(side) is int and 0 < side < 2**31):
            raise WireError("A shape in the model holds something that is not a size.")
    return tuple(value)


def _pair(value: object, length: int) -> list[int]:
    sides = value if isinstance(value, list) else [value] * length
    if not all(type(side) is int and 0 < side < 10_000 for side in sides):
        raise WireError("A kernel's size is not a size.")
    return sides


def _size(shape: tuple) -> int:
    return math.prod(_or_one(side) for side in shape)


def _or_one(side: int | None) -> int:
    return 1 if side is None else side
