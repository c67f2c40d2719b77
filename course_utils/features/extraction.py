"""Run a base once over images, keep the result, and never return one that is out of date.

The key of a stored result is a hash of everything that decides it: the weights' bytes, the architecture (so also the
cut and the pooling), the preprocessing, the images' bytes, the precision, and the versions of Keras and its backend.
A warm call hashes all that: about a tenth of a second for MobileNetV2's 200 weights and 945 images of 96 px.
"""

import collections
import datetime
import hashlib
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np

from course_utils import hardware
from course_utils.errors import BadArgumentError, require_integer
from course_utils.features.inputs import Images, fits, open_images
from course_utils.features.key import CannotIdentify, key_maker
from course_utils.features.precision import chosen_precision, in_bfloat16
from course_utils.features.scaling import ScalingWatch
from course_utils.features.store import read_entry, store_folder, write_entry
from course_utils.models.registry import BASES, Base, find_base
from course_utils.progress_bar import progress_bar, say


def extract(
    base,
    images,
    *,
    preprocess: str | Base | Callable[[np.ndarray], np.ndarray] | None = None,
    batch_size: int = 32,
    precision: str = "float32",
    store=None,
    progress: bool = True,
) -> np.ndarray:
    """Returns a base's features of images: the same numbers as ``base.predict``, computed once and then stored.

    A store that cannot be written to does not cost the computation: a line on standard output says that nothing was
    kept.

    Args:
        base: a built ``keras.Model`` with one input ``(N, height, width, channels)`` and one output.
        images: an array or memory map (N, height, width, channels) of numbers; the path of an ``.npy`` file or of a
            folder of images (those of ``data.load_folder``, in its order); or a list of paths of images, such as
            ``load_folder(…).paths``. Files are read as RGB 0-255 and cropped and resized to the base's input size. Only
            a few batches are in memory.
        preprocess: what happens to a batch before the base sees it. A base's record, or its name, applies that base's
            ``preprocess``; ``"auto"`` goes by the base's own name; None passes the images on as they are. A function
            gets a copy of each batch and returns it preprocessed; it is run even when the result is stored, because
            only its output shows what it does.
        batch_size: images per step; it changes speed and memory, and the result only by rounding.
        precision: ``"float32"``, ``"bfloat16"`` (computed in 16 bits, returned as float32), or ``"auto"``: what
            ``best_precision`` says.
        store: a folder for the features; None means the course's own, False means compute and keep nothing.
        progress: show a bar, on standard output, when it takes more than a second.

    Returns:
        float32 array (N, …), the shape of the base's output, yours to change.

    Raises:
        BadArgumentError: the base, the images or an option cannot work, or the base's output is not finite, or the
            images were scaled before and the base scales them itself.
    """
    shape = _input_shape(base)
    source = open_images(images, shape)
    apply, identity = _preprocessing(preprocess, base)
    precision = chosen_precision(precision, base)
    step = min(require_integer("batch_size", batch_size, minimum=1), len(source))

    def load(start: int, *, decode: bool = True) -> tuple[list[bytes], np.ndarray | None]:
        stored = source.read(start, min(start + step, len(source)))
        batch = _preprocessed(apply, source.decode(stored), shape) if decode or identity is None else None
        if identity is not None:
            return source.digests(stored), batch
        # Nothing but its output shows what a function does, so the key is made of that output.
        layout = f"{batch.dtype.str}{batch.shape[1:]}".encode()
        return [hashlib.sha256(layout + image.tobytes()).digest() for image in batch], batch

    key_of = None
    starts = range(0, len(source), step)
    if store is not False:
        folder = store_folder(store)
        try:
            # A function is run by one thread, in order; it may not be made for more.
            key_of, digests = _look(
                lambda start: load(start, decode=False)[0],
                starts,
                threads=hardware.cores() if identity is not None else 1,
                make_key=lambda: key_maker(base, source, identity, precision),
            )
        except CannotIdentify as reason:
            say(f"These features are computed without the store: {reason}.")
        else:
            features = read_entry(folder, key_of(digests))
            if features is not None:
                return features

    # Inputs are checked as well as outputs: a ReLU can turn NaN into 0, and the features look correct.
    _check_weights(base)
    digests = []
    runner = in_bfloat16(base) if precision == "bfloat16" else base
    features, watch = None, ScalingWatch(base)
    with progress_bar(label=base.name, total=len(source), unit="image", shown=progress) as bar:
        for start, (seen, batch) in _ahead(load, starts):
            watch.see(batch)
            outcome = _run(runner, batch, step)
            _check_finite("images", batch, start)
            _check_finite("features", outcome, start)
            if features is None:
                features = np.empty((len(source), *outcome.shape[1:]), np.float32)
            features[start : start + len(outcome)] = outcome
            digests += seen
            bar.update(len(outcome))

    watch.check()
    if key_of is not None:
        # The key is made again, of the images that were used: a file or an array may have changed since it was hashed,
        # and a function may draw at random.
        try:
            write_entry(folder, key_of(digests), features, _provenance(base, source, preprocess, precision))
        except OSError as error:
            say(f"These features were computed but not stored. {error}")
    return features


def _input_shape(base) -> tuple:
    import keras

    if not isinstance(base, keras.Model):
        raise BadArgumentError(f"base must be a keras.Model, not {type(base).__name__}. load_base('vgg16') gives one.")
    inputs, outputs = getattr(base, "inputs", None), getattr(base, "outputs", None)
    if not inputs or not outputs:
        raise BadArgumentError(
            f"base must know the shape of its input, but {base.name!r} has not been built. "
            f"Start it with keras.Input(shape=(height, width, 3)), or call it once on a batch."
        )
    if len(inputs) != 1 or len(outputs) != 1:
        raise BadArgumentError(
            f"base must have one input and one output, but {base.name!r} has {len(inputs)} and {len(outputs)}. "
            f"Make one of the part you want: keras.Model(base.input, base.get_layer(name).output)."
        )
    shape = tuple(inputs[0].shape[1:])
    if len(shape) != 3:
        raise BadArgumentError(
            f"base must take images (N, height, width, channels), but {base.name!r} takes {(None, *shape)}. "
            f"Give the convolutional base, not the head that follows it."
        )
    return shape


def _preprocessing(preprocess, base) -> tuple[Callable, str | None]:
    """Returns the function to run on each batch, and its part of the key (None: only its output can be part of it)."""
    if preprocess is None:
        return lambda batch: batch, "none"
    if callable(preprocess):
        # A copy: the preprocess_input functions of Keras write into the array they are given.
        return lambda batch: preprocess(np.array(batch)), None
    if not isinstance(preprocess, str | Base):
        raise BadArgumentError(
            f"preprocess must be a base's record or its name, a function or None, received {type(preprocess).__name__}. "
            f"For example preprocess='vgg16'."
        )
    if preprocess == "auto":
        if base.name not in BASES:
            raise BadArgumentError(
                f"preprocess='auto' goes by the base's name, and {base.name!r} is not one of the course's bases. "
                f"Say which preprocessing it was trained with, for example preprocess='vgg16'."
            )
        preprocess = base.name
    record = find_base(preprocess)
    # All 256 values in each channel show the whole of such a preprocessing, so that a later version that does something
    # else to a pixel cannot be given features made by this one.
    values = (np.arange(256)[:, None] + np.array([0, 85, 170])) % 256
    probe = record.preprocess(values.astype(np.uint8).reshape(1, 16, 16, 3))
    return record.preprocess, hashlib.sha256(probe.tobytes()).hexdigest()


def _preprocessed(apply: Callable, batch: np.ndarray, shape: tuple) -> np.ndarray:
    result = np.ascontiguousarray(apply(batch))
    if not fits(result, shape) or len(result) != len(batch) or result.dtype.kind not in "uif":
        raise BadArgumentError(
            f"preprocess must return numbers of shape {(len(batch), *shape)}, but returned {result.dtype} of shape "
            f"{result.shape}. It is given a batch of images, and must return the whole batch."
        )
    if result.dtype.kind in "ui" and result.dtype.itemsize > 1 and result.max() > 255:
        raise BadArgumentError(
            f"Expected integers from 0 to 255, received {result.dtype} up to {result.max()}. Divide them until they fit "
            "(16-bit images: by 257)."
        )
    return result


def _look(look: Callable, starts: range, *, threads: int, make_key: Callable) -> tuple[Callable, list[bytes]]:
    """Takes the digests of all images while the rest of the key is made."""
    with ThreadPoolExecutor(max_workers=threads) as pool:
        try:
            seen = pool.map(look, starts)
            key_of = make_key()
            return key_of, [digest for found in seen for digest in found]
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise


def _ahead(load: Callable, starts: range) -> Iterator[tuple[int, Any]]:
    """Yields what ``load`` returns for each start, in order, while a thread loads the next two."""
    pool = ThreadPoolExecutor(max_workers=1)
    try:
        waiting = collections.deque(pool.submit(load, start) for start in starts[:2])
        for position, start in enumerate(starts):
            if position + 2 < len(starts):
                waiting.append(pool.submit(load, starts[position + 2]))
            yield start, waiting.popleft().result()
    finally:
        pool.shutdown(cancel_futures=True)


def _run(base, batch: np.ndarray, step: int) -> np.ndarray:
    # predict_on_batch, because predict builds a data pipeline of its own and keeps every batch until the end. The last
    # batch is filled up, because another shape would be traced and compiled once more.
    count = len(batch)
    batch = batch.astype(base.inputs[0].dtype, copy=False)
    if count < step:
        batch = np.concatenate([batch, np.zeros((step - count, *batch.shape[1:]), batch.dtype)])
    return np.asarray(base.predict_on_batch(batch)[:count]).astype(np.float32, copy=False)


def _check_finite(what: str, numbers: np.ndarray, start: int) -> None:
    if numbers.dtype.kind != "f":
        return
    wrong = np.flatnonzero(~np.isfinite(numbers.reshape(len(numbers), -1)).all(axis=1))
    if len(wrong):
        raise BadArgumentError(
            f"Expected finite {what}, but {len(wrong)} of the {len(numbers)} from image {start} on hold NaN or "
            f"infinity, first image {start + wrong[0]}. Look for NaN in that image, and in what preprocess makes of it."
        )


def _check_weights(base) -> None:
    for weight in base.weights:
        if not np.isfinite(weight.numpy()).all():
            raise BadArgumentError(
                f"Expected finite weights, but {weight.path} of {base.name!r} holds NaN or infinity. "
                f"A training that diverged leaves such weights: load the base again, and train with a lower learning rate."
            )


def _provenance(base, images: Images, preprocess, precision: str) -> dict:
    import keras

    if callable(preprocess):
        preprocess = f"function {getattr(preprocess, '__qualname__', type(preprocess).__name__)}"
    elif isinstance(preprocess, Base):
        preprocess = preprocess.name
    backend = keras.backend.backend()
    return {
        "base": base.name,
        "cut": base.layers[-1].name,
        "input_shape": list(base.inputs[0].shape[1:]),
        "preprocess": preprocess,
        "images": images.kind,
        "precision": precision,
        "keras": keras.__version__,
        "backend": f"{backend} {getattr(sys.modules.get(backend), '__version__', 'unknown')}",
        "written": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
    }
