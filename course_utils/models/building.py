"""The networks of the bases, with layer names that are the same in every process."""

import re
from typing import Any

import numpy as np

from course_utils.models import efficientnet_lite
from course_utils.models.registry import Base, find_base
from course_utils.models.tensor_file import write_tensors


def build(base: Base, shape: tuple, include_top: bool, classes: int, weights: str | None = None):
    """Builds the network with random weights, or with those that Keras downloads."""
    import keras

    if base.keras_name is None:
        return efficientnet_lite.build(input_shape=shape, include_top=include_top, classes=classes, name=base.name)
    builder = getattr(keras.applications, base.keras_name)
    model = builder(weights=weights, include_top=include_top, input_shape=shape, classes=classes)
    model.name = base.name  # not an argument of the builder's: EfficientNetV2B0's accepts no name but its own
    if base.automatic_names:
        _name_layers(model)
    return model


def _name_layers(model) -> None:
    """Gives each layer the name it would have if the model were the first one built in its process.

    Keras numbers layers without a name by how many were built before, and files and cuts need the same names every
    time.
    """
    numbered: dict[str, dict[int, Any]] = {}
    for layer in model.layers:
        stem, number = re.fullmatch(r"(.+?)(?:_(\d+))?", layer.name).groups()
        if stem.replace("_", "") == type(layer).__name__.lower():
            numbered.setdefault(stem, {})[int(number or 0)] = layer
    for stem, layers in numbered.items():
        for count, number in enumerate(sorted(layers)):
            layers[number].name = f"{stem}_{count}" if count else stem


def named_variables(model) -> dict:
    """Returns every variable of a model by ``"layer/variable"``, the name it has in stored files and artefacts."""
    # ConvNeXt leaves the variables of its LayerScale unnamed, so Keras numbers them, each the only one of its layer.
    return {
        f"{layer.name}/{re.sub(r'^variable_[0-9]+$', 'variable', variable.name)}": variable
        for layer in model.layers
        for variable in layer.weights
    }


def save_keras_weights(name: str, top: str, path: str) -> None:
    """Downloads a base through ``keras.applications`` and writes its tensors to a file; an empty ``top`` is none."""
    base = find_base(name)
    size = base.trained_size or base.input_size  # MobileNets have different weights for different sizes
    model = build(base, (size, size, 3), bool(top), len(base.classes), weights="imagenet")
    tensors = {key: np.asarray(variable) for key, variable in named_variables(model).items()}
    write_tensors(path, tensors, base.provenance)
