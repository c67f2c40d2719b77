"""The key of a stored result: a hash of everything that decides it, or none when something cannot be known."""

import hashlib
import json
import sys
from collections.abc import Callable
from typing import Any

import numpy as np

from course_utils.features.inputs import Images

KEY_VERSION = 1
"""Part of every key; raise it when the way features are computed changes."""


class CannotIdentify(Exception):
    """The base holds something whose behaviour its configuration does not show, so no key can stand for it."""


def key_maker(base, images: Images, identity: str | None, precision: str) -> Callable[[list[bytes]], str]:
    """Returns the function that makes a key of the images' digests; the rest of the key is computed here."""
    import keras

    backend = keras.backend.backend()
    known = {
        "version": KEY_VERSION,
        "keras": keras.__version__,
        "backend": [backend, getattr(sys.modules.get(backend), "__version__", "unknown")],
        "architecture": architecture(base),
        "weights": weights_digest(base),
        "preprocess": identity,
        "images": [len(images), images.kind if identity is not None else "as used"],
        "precision": precision,
    }
    start = hashlib.sha256(json.dumps(known, sort_keys=True).encode())

    def key_of(digests: list[bytes]) -> str:
        whole = start.copy()
        whole.update(b"".join(digests))
        return whole.hexdigest()

    return key_of


def weights_digest(base) -> str:
    """Returns the SHA-256 of all weights of a base, in order, with their shapes and dtypes, as 64 hexadecimal digits."""
    digest = hashlib.sha256()
    for weight in base.weights:
        value = weight.value
        if hasattr(value, "read_value"):
            value = value.read_value()  # TensorFlow: a tensor whose memory can be looked at without a copy
        digest.update(f"{weight.dtype}{tuple(weight.shape)}".encode())
        try:
            digest.update(memoryview(value))
        except (TypeError, ValueError, BufferError):  # not in this process's memory, or not of a type Python knows
            digest.update(weight.numpy().tobytes())
    return digest.hexdigest()


def architecture(base) -> Any:
    """Returns a base's configuration without what cannot change its output: names of layers, and what is trainable.

    Keras numbers unnamed layers by how many were made before, so with their names the same base, loaded twice, would
    be two.
    """
    _check_known(type(base).__module__, type(base).__name__)
    return _plain(base.get_config(), {})


def _plain(value: Any, names: dict[str, int]) -> Any:
    if isinstance(value, dict):
        if value.get("class_name") == "__keras_tensor__":
            return ["output of", *_renamed(value["config"]["keras_history"], names)]
        if "class_name" in value:
            _check_known(value.get("module"), value["class_name"])
        if isinstance(value.get("layers"), list):
            return _plain_model(value)
        return {str(key): _plain(item, names) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item, names) for item in value]
    if isinstance(value, (np.ndarray, np.generic)):
        return value.tolist()
    if value is None or isinstance(value, (str, int, float)):
        return value
    raise CannotIdentify(f"the base's configuration holds a {type(value).__name__}, which cannot be compared")


def _plain_model(config: dict) -> dict:
    names = {layer.get("name", layer["config"].get("name")): i for i, layer in enumerate(config["layers"])}
    plain = {}
    for key, value in _without_name(config).items():
        if key in ("input_layers", "output_layers"):
            plain[key] = _renamed(value, names)
        elif key == "layers":
            layers = [{**layer, "name": "", "config": _without_name(layer["config"])} for layer in value]
            plain[key] = [_plain(layer, names) for layer in layers]
        else:
            plain[key] = _plain(value, names)
    return plain


def _without_name(config: dict) -> dict:
    return {key: value for key, value in config.items() if key not in ("name", "trainable")}


def _renamed(value: Any, names: dict[str, int]) -> Any:
    # References are written [layer name, call, output]; any other list or dictionary holds references.
    if isinstance(value, dict):
        return {key: _renamed(item, names) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        if value and isinstance(value[0], str):
            return [names.get(value[0], value[0]), *value[1:]]
        return [_renamed(item, names) for item in value]
    return value


def _check_known(module: str | None, name: str) -> None:
    """Refuses what Keras does not define itself: of a student's own layer or function, the configuration is only a name."""
    data_only = module is None and name in ("__tuple__", "__numpy__", "__tensor__", "__slice__")
    keras_own = module is not None and (module == "keras" or module.startswith("keras."))
    if not (data_only or keras_own) or name == "Lambda":
        raise CannotIdentify(f"nothing tells whether the code of {name} has changed since they were last computed")
