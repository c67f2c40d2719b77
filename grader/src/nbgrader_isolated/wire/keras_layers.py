"""Which Keras classes, arguments and words a model may be made of when it crosses the wire.

Everything absent is refused: Lambda, custom classes, layers that wrap saved models, vocabularies read from a file. What is
here computes with numbers alone. Where an argument's size decides how much work or memory a layer takes, `keras_sizes`
bounds it. Optimisers with other settings than numbers (Muon's patterns of names, those that wrap others) are left out, and
so are layers that mix the images of a batch with its labels (MixUp, CutMix), and Equalization, which Keras itself cannot
make again in a Sequential.
"""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_IMAGE = "data_format seed"
_CONV = (
    "activation activity_regularizer bias_constraint bias_initializer bias_regularizer data_format dilation_rate "
    "kernel_size padding strides use_bias "
)
_KERNEL = "kernel_constraint kernel_initializer kernel_regularizer "
_DEPTH = "depth_multiplier depthwise_constraint depthwise_initializer depthwise_regularizer "
_POINT = "filters pointwise_constraint pointwise_initializer pointwise_regularizer "
_NORM = (
    "axis beta_constraint beta_initializer beta_regularizer center epsilon gamma_constraint gamma_initializer "
    "gamma_regularizer scale "
)
_LAYERS = {
    "InputLayer": "batch_shape optional ragged sparse",
    "Dense": "activation bias_constraint bias_initializer bias_regularizer activity_regularizer quantization_config "
    "units use_bias " + _KERNEL,
    "Conv1D": _CONV + _KERNEL + "filters groups",
    "Conv2D": _CONV + _KERNEL + "filters groups",
    **dict.fromkeys(("DepthwiseConv1D", "DepthwiseConv2D"), _CONV + _DEPTH),
    **dict.fromkeys(("SeparableConv1D", "SeparableConv2D"), _CONV + _DEPTH + _POINT),
    "BatchNormalization": _NORM + "momentum moving_mean_initializer moving_variance_initializer renorm renorm_clipping "
    "renorm_momentum synchronized",
    "LayerNormalization": _NORM + "rms_scaling",
    "Normalization": "axis invert mean variance",
    "Flatten": "data_format",
    "Reshape": "target_shape",
    "Permute": "dims",
    "GroupNormalization": _NORM + "groups",
    "UnitNormalization": "axis",
    "RMSNormalization": "axis epsilon",
    "ActivityRegularization": "l1 l2",
    "RepeatVector": "n",
    "Dropout": "noise_shape rate seed",
    "AlphaDropout": "noise_shape rate seed",
    "SpatialDropout1D": "rate seed",
    "SpatialDropout2D": "rate " + _IMAGE,
    "GaussianNoise": "seed stddev",
    "GaussianDropout": "rate seed",
    "Activation": "activation",
    "ReLU": "max_value negative_slope threshold",
    "LeakyReLU": "negative_slope",
    "PReLU": "alpha_constraint alpha_initializer alpha_regularizer shared_axes",
    "ELU": "alpha",
    "Softmax": "axis",
    "Rescaling": "offset scale",
    "Resizing": "antialias crop_to_aspect_ratio data_format fill_mode fill_value height interpolation "
    "pad_to_aspect_ratio width",
    "CenterCrop": "data_format height width",
    "RandomFlip": "mode " + _IMAGE,
    "RandomRotation": "factor fill_mode fill_value interpolation " + _IMAGE,
    "RandomZoom": "fill_mode fill_value height_factor interpolation width_factor " + _IMAGE,
    "RandomTranslation": "fill_mode fill_value height_factor interpolation width_factor " + _IMAGE,
    "RandomContrast": "factor value_range " + _IMAGE,
    "RandomBrightness": "factor value_range " + _IMAGE,
    "RandomCrop": "height width " + _IMAGE,
    "RandomShear": "fill_mode fill_value interpolation x_factor y_factor " + _IMAGE,
    "RandomPerspective": "factor fill_value interpolation scale " + _IMAGE,
    "RandomErasing": "factor fill_value scale value_range " + _IMAGE,
    "RandomGaussianBlur": "factor kernel_size sigma value_range " + _IMAGE,
    "RandomColorJitter": "brightness_factor contrast_factor hue_factor saturation_factor value_range " + _IMAGE,
    **dict.fromkeys(
        (
            "RandomColorDegeneration",
            "RandomHue",
            "RandomInvert",
            "RandomPosterization",
            "RandomSaturation",
            "RandomSharpness",
        ),
        "factor value_range " + _IMAGE,
    ),
    "RandomGrayscale": "data_format factor",
    "RandAugment": "factor interpolation num_ops value_range " + _IMAGE,
    "Solarization": "addition_factor threshold_factor value_range " + _IMAGE,
    "AutoContrast": "data_format value_range",
    **{f"Global{kind}Pooling{sides}D": "data_format keepdims" for kind in ("Average", "Max") for sides in (1, 2, 3)},
    **{
        f"{kind}Pooling{sides}D": "data_format padding pool_size strides"
        for kind in ("Average", "Max")
        for sides in (1, 2, 3)
    },
    "ZeroPadding1D": "data_format padding",
    "ZeroPadding2D": "data_format padding",
    "Cropping1D": "cropping",
    "Cropping2D": "cropping data_format",
    "UpSampling1D": "size",
    "UpSampling2D": "data_format interpolation size",
    "Add": "",
    "Subtract": "",
    "Multiply": "",
    "Average": "",
    "Maximum": "",
    "Minimum": "",
    "Concatenate": "axis",
    "Dot": "axes normalize",
    "Identity": "",
}
_OPTIMIZER = (
    "clipnorm clipvalue ema_momentum ema_overwrite_frequency global_clipnorm gradient_accumulation_steps learning_rate "
    "loss_scale_factor name use_ema weight_decay "
)
_LOSS = "name reduction dtype "
_LOSSES = {
    "SparseCategoricalCrossentropy": _LOSS + "from_logits axis ignore_class",
    **dict.fromkeys(("CategoricalCrossentropy", "BinaryCrossentropy"), _LOSS + "from_logits label_smoothing axis"),
    "CategoricalFocalCrossentropy": _LOSS + "from_logits label_smoothing axis alpha gamma",
    "BinaryFocalCrossentropy": _LOSS + "from_logits label_smoothing axis alpha gamma apply_class_balancing",
    **dict.fromkeys(
        (
            "KLDivergence",
            "Poisson",
            "MeanSquaredError",
            "MeanAbsoluteError",
            "MeanAbsolutePercentageError",
            "MeanSquaredLogarithmicError",
            "LogCosh",
            "Hinge",
            "SquaredHinge",
            "CategoricalHinge",
        ),
        _LOSS,
    ),
    "CosineSimilarity": _LOSS + "axis",
    "Huber": _LOSS + "delta",
}
_OPS = {
    "keras.src.ops.numpy": {
        **dict.fromkeys(("Add", "Subtract", "Multiply", "TrueDivide", "Divide", "Maximum", "Minimum", "GetItem"), ""),
        **dict.fromkeys(("Power", "Square", "Negative", "Absolute", "Abs", "Sqrt"), ""),
        **dict.fromkeys(("Stack", "Concatenate", "Squeeze", "ExpandDims", "Flip"), "axis"),
        **dict.fromkeys(("Mean", "Sum"), "axis keepdims"),
        **dict.fromkeys(("Max", "Min"), "axis keepdims initial"),
        "Reshape": "newshape",
        "Clip": "x_min x_max",
    },
    "keras.src.ops.nn": {"Relu": "", "Relu6": "", "Sigmoid": "", "Softmax": "axis"},
    "keras.src.ops.core": {"Cast": "dtype"},
}
_TABLES = {
    "keras.layers": {name: _words(f"name trainable dtype {words}") for name, words in _LAYERS.items()},
    "keras": {"DTypePolicy": _words("name")},
    "keras.initializers": {
        **dict.fromkeys(("Zeros", "Ones"), frozenset()),
        **dict.fromkeys(
            ("GlorotUniform", "GlorotNormal", "HeUniform", "HeNormal", "LecunNormal", "LecunUniform"),
            _words("seed input_axes output_axes"),
        ),
        "Constant": _words("value"),
        "RandomNormal": _words("seed mean stddev"),
        "TruncatedNormal": _words("seed mean stddev"),
        "RandomUniform": _words("seed minval maxval"),
        "VarianceScaling": _words("seed scale mode distribution input_axes output_axes"),
    },
    "keras.regularizers": {"L1": _words("l1"), "L2": _words("l2"), "L1L2": _words("l1 l2")},
    "keras.constraints": {"MaxNorm": _words("max_value axis"), "NonNeg": frozenset()},
    "keras.optimizers": {
        "SGD": _words(_OPTIMIZER + "momentum nesterov"),
        "RMSprop": _words(_OPTIMIZER + "momentum centered rho epsilon"),
        "Adagrad": _words(_OPTIMIZER + "initial_accumulator_value epsilon"),
        "Adadelta": _words(_OPTIMIZER + "rho epsilon"),
        **dict.fromkeys(("Adam", "AdamW"), _words(_OPTIMIZER + "amsgrad beta_1 beta_2 epsilon")),
        **dict.fromkeys(("Adamax", "Nadam", "Lamb"), _words(_OPTIMIZER + "beta_1 beta_2 epsilon")),
        "Lion": _words(_OPTIMIZER + "beta_1 beta_2"),
        "Adafactor": _words(_OPTIMIZER + "beta_2_decay clip_threshold epsilon_1 epsilon_2 relative_step"),
        "Ftrl": _words(
            _OPTIMIZER + "beta initial_accumulator_value l1_regularization_strength l2_regularization_strength "
            "l2_shrinkage_regularization_strength learning_rate_power"
        ),
    },
    "keras.optimizers.schedules": {
        "CosineDecay": _words("initial_learning_rate decay_steps alpha name warmup_target warmup_steps"),
        "CosineDecayRestarts": _words("initial_learning_rate first_decay_steps t_mul m_mul alpha name"),
        **dict.fromkeys(
            ("ExponentialDecay", "InverseTimeDecay"),
            _words("initial_learning_rate decay_steps decay_rate staircase name"),
        ),
        "PolynomialDecay": _words("initial_learning_rate decay_steps end_learning_rate power cycle name"),
        "PiecewiseConstantDecay": _words("boundaries values name"),
    },
    "keras.losses": {name: _words(words) for name, words in _LOSSES.items()},
    "keras.metrics": dict.fromkeys(
        ("Accuracy", "SparseCategoricalAccuracy", "CategoricalAccuracy", "BinaryAccuracy"),
        _words("name dtype threshold"),
    ),
    **{module: {name: _words(f"name {words}") for name, words in table.items()} for module, table in _OPS.items()},
}

ARGUMENTS: dict[tuple[str, str], frozenset[str]] = {
    (module, name): arguments for module, table in _TABLES.items() for name, arguments in table.items()
}
"""The arguments that each class, named by module and name, may be given."""

MODELS = frozenset(
    {
        ("keras", "Sequential"),
        ("keras.src.models.functional", "Functional"),
        ("keras", "Functional"),
        ("keras", "Model"),
    }
)

PIPELINE = ("keras.layers", "Pipeline")
"""A layer that is made of others, each of them on the list."""

WORDS = _words(
    # layouts, modes
    "channels_last channels_first valid same causal constant reflect wrap nearest bilinear bicubic lanczos3 lanczos5 area "
    "horizontal vertical horizontal_and_vertical fan_in fan_out fan_avg truncated_normal untruncated_normal normal uniform "
    "sum_over_batch_size sum mean none mean_with_sample_weight auto "
    # dtypes
    "bool int8 int32 int64 uint8 float16 bfloat16 float32 float64 mixed_float16 mixed_bfloat16 "
    # activations
    "linear relu relu6 softmax log_softmax sigmoid hard_sigmoid tanh softplus softsign elu selu gelu silu swish hard_silu "
    "hard_swish leaky_relu exponential mish "
    # initialisers, regularisers by name
    "zeros ones glorot_uniform glorot_normal he_uniform he_normal l1 l2 l1_l2"
)
"""Every text that an argument other than a name may be."""

LOSS_WORDS = frozenset(_LOSSES) | _words(
    "sparse_categorical_crossentropy categorical_crossentropy binary_crossentropy categorical_focal_crossentropy "
    "binary_focal_crossentropy kl_divergence poisson mean_squared_error mean_absolute_error mean_absolute_percentage_error "
    "mean_squared_logarithmic_error log_cosh hinge squared_hinge categorical_hinge cosine_similarity huber crossentropy ce "
    "bce BCE kld KLD mse MSE mae MAE mape MAPE msle MSLE"
)
"""The losses that a model may be compiled with by name; a function of Keras's own has one of these names too."""

METRIC_WORDS = _words(
    "accuracy acc sparse_categorical_accuracy categorical_accuracy binary_accuracy sparse_categorical_crossentropy "
    "categorical_crossentropy binary_crossentropy mse mae mean_squared_error mean_absolute_error"
)
"""The metrics that a model may be compiled with by name."""

OPTIMIZER_WORDS = _words("adadelta adafactor adagrad adam adamax adamw ftrl lion nadam rmsprop sgd")
"""The optimisers that a model may be compiled with by name."""
