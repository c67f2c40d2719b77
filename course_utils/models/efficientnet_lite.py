"""EfficientNet-Lite0, which keras.applications does not have: small, fast on a processor, made of seven stages.

Source: M. Tan and Q. V. Le, "EfficientNet", ICML 2019, and the Lite variants that the TensorFlow team published in
2020, which leave out squeeze-and-excitation and use ReLU6.
"""

import re
from collections.abc import Mapping

import numpy as np

# (repeats, output channels, expansion, kernel size, stride of the first repeat)
STAGES = (
    (1, 16, 1, 3, 1),
    (2, 24, 6, 3, 2),
    (2, 40, 6, 5, 2),
    (3, 80, 6, 3, 2),
    (3, 112, 6, 5, 1),
    (4, 192, 6, 5, 2),
    (1, 320, 6, 3, 1),
)


def build(*, input_shape: tuple = (224, 224, 3), include_top: bool = True, classes: int = 1000, name: str):
    """Builds EfficientNet-Lite0 with random weights, for images preprocessed as (x - 127) / 128.

    ``block3b_depthwise`` is the depthwise convolution of the second repeat of stage 3, between ``block3b_expand`` and
    ``block3b_project``; each is followed by ``…_bn`` and, but for the projection, ``…_relu``. Before the blocks stands
    ``stem_conv``, after them ``top_conv``, and with the top ``avg_pool``, dropout and a softmax, ``predictions``.

    Returns:
        A ``keras.Model``: (N, height, width, 3) → (N, classes) probabilities, or (N, height/32, width/32, 1280).
    """
    import keras
    from keras import layers

    def normalise(x, name: str, *, relu: bool):
        x = layers.BatchNormalization(epsilon=1e-3, momentum=0.99, name=f"{name}_bn")(x)
        return layers.ReLU(6.0, name=f"{name}_relu")(x) if relu else x

    def inverted_bottleneck(x, block: str, channels: int, expansion: int, kernel: int, stride: int):
        # Narrow → wide → narrow: the costly spatial convolution sees each wide channel alone.
        before = x
        if expansion > 1:
            x = layers.Conv2D(expansion * x.shape[-1], 1, use_bias=False, name=f"{block}_expand")(x)
            x = normalise(x, f"{block}_expand", relu=True)
        depthwise = {"strides": stride, "padding": "same", "use_bias": False, "name": f"{block}_depthwise"}
        x = layers.DepthwiseConv2D(kernel, **depthwise)(x)
        x = normalise(x, f"{block}_depthwise", relu=True)
        x = layers.Conv2D(channels, 1, use_bias=False, name=f"{block}_project")(x)
        x = normalise(x, f"{block}_project", relu=False)
        if stride == 1 and before.shape[-1] == channels:
            x = layers.Add(name=f"{block}_add")([before, x])
        return x

    inputs = keras.Input(input_shape)
    x = layers.Conv2D(32, 3, strides=2, padding="same", use_bias=False, name="stem_conv")(inputs)
    x = normalise(x, "stem", relu=True)
    for stage, (repeats, channels, expansion, kernel, stride) in enumerate(STAGES, start=1):
        for repeat in range(repeats):
            block = f"block{stage}{'abcd'[repeat]}"
            x = inverted_bottleneck(x, block, channels, expansion, kernel, stride if repeat == 0 else 1)
    x = layers.Conv2D(1280, 1, use_bias=False, name="top_conv")(x)
    x = normalise(x, "top", relu=True)
    if include_top:
        x = layers.GlobalAveragePooling2D(name="avg_pool")(x)
        x = layers.Dropout(0.2, name="top_dropout")(x)
        x = layers.Dense(classes, activation="softmax", name="predictions")(x)
    return keras.Model(inputs, x, name=name)


def from_torch(checkpoint: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Renames and transposes what ``readers.read_torch_legacy`` gives: ``"layer/variable"`` of ``build`` → float32."""
    blocks = [f"block{stage}{'abcd'[repeat]}" for stage, row in enumerate(STAGES, start=1) for repeat in range(row[0])]
    places = {"conv_stem": "stem_conv", "bn0": "stem_bn", "conv_head": "top_conv", "bn1": "top_bn", "fc": "predictions"}
    for number, block in enumerate(blocks):
        for part, norm, layer in (
            ("expand_conv", "bn0", "expand"),
            ("depthwise_conv", "bn1", "depthwise"),
            ("project_conv", "bn2", "project"),
        ):
            places[f"blocks.{number}._{part}"] = f"{block}_{layer}"
            places[f"blocks.{number}._{norm}"] = f"{block}_{layer}_bn"
    batch_norm = {"weight": "gamma", "bias": "beta", "running_mean": "moving_mean", "running_var": "moving_variance"}
    tensors = {}
    for name, array in checkpoint.items():
        place, variable = re.fullmatch(r"_(.+)\.(\w+)", name).groups()
        if variable == "num_batches_tracked":
            continue
        layer = places[place]
        if layer.endswith("_bn"):
            variable = batch_norm[variable]
        elif variable == "weight":
            variable = "kernel"
            array = array.T if array.ndim == 2 else array.transpose(2, 3, 1, 0)
            if layer.endswith("_depthwise"):
                array = array.transpose(0, 1, 3, 2)  # PyTorch has one input channel each, Keras one output each
        tensors[f"{layer}/{variable}"] = np.ascontiguousarray(array, dtype=np.float32)
    return tensors
