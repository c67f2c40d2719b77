"""In how many bits a base computes: which is fastest here, and a copy of a base that computes in 16."""

from course_utils import hardware
from course_utils.errors import BadArgumentError

PRECISIONS = ("float32", "bfloat16", "auto")


def best_precision(base) -> str:
    """Says in which precision this machine runs a base, a ``keras.Model``, fastest: ``"bfloat16"`` or ``"float32"``.

    The first on a GPU, and where the processor multiplies such numbers itself and no layer of the base is a depthwise
    convolution. That multiplies few numbers for each that it moves: on a processor, what 16 bits save there is less
    than what it takes to convert them (``benchmarks/throughput.py`` measures both; on a GPU it has not been measured).
    """
    fast = hardware.gpu_names() or (hardware.has_avx512_bf16() and not _has_depthwise(base))
    return "bfloat16" if fast else "float32"


def chosen_precision(precision: str, base) -> str:
    """Returns ``"float32"`` or ``"bfloat16"``, after checking what ``extract`` was given."""
    if precision not in PRECISIONS:
        raise BadArgumentError(f"precision must be one of {', '.join(PRECISIONS)}, received {precision!r}.")
    return best_precision(base) if precision == "auto" else precision


def in_bfloat16(base):
    """Returns a copy of a base that computes in 16 bits, with the same weights."""
    import keras

    def convert(layer):
        config = layer.get_config()
        if not isinstance(layer, keras.layers.InputLayer) and "dtype" in config:
            config["dtype"] = "mixed_bfloat16"
        return type(layer).from_config(config)

    copy = keras.models.clone_model(base, clone_function=convert, recursive=True)
    copy.set_weights(base.get_weights())
    return copy


def _has_depthwise(layer) -> bool:
    # A separable convolution begins with a depthwise one. Models, and what wraps a layer, have layers of their own.
    inner = [*getattr(layer, "layers", []), *([layer.layer] if hasattr(layer, "layer") else [])]
    return type(layer).__name__.startswith(("Depthwise", "Separable")) or any(map(_has_depthwise, inner))
