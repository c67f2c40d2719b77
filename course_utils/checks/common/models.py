"""A student's model: whether it can be handed in, copies of it, the shapes at its ends, and what it gives."""

import numpy as np

from course_utils.checks import Incorrect, as_array, check_close, check_shape, describe, explain, finite


def as_model(value: object, *, complete: bool = True):
    """Returns the value when it is a ``keras.Model`` that can be handed in, and complains otherwise.

    A model is handed in as a description of its layers with their weights. One that the grading program could not
    rebuild from that (a Lambda, a class of one's own) is refused in the student's own notebook, in its words. Without
    ``complete``, a model without weights or shape passes: ``known_shape``, which comes next, says more of it.
    """
    import keras

    from nbgrader_isolated.wire.encode import WireError
    from nbgrader_isolated.wire.keras_model import require_crossable

    if not isinstance(value, keras.Model):
        raise Incorrect(f"You return {describe(value)};", "expected a keras.Model.")
    try:  # it has weights and, if it is a chain of layers, a shape: one of layers that do not fit has none
        whole = bool(value.built) and not (isinstance(value, keras.Sequential) and value.output_shape is None)
    except Exception:  # AttributeError from Keras, anything at all from a class of the student's own
        whole = False
    if not complete and not whole:
        return value
    try:
        require_crossable(value)
    except WireError as error:
        shortcuts = "If its layers come from another model: a Sequential of them loses the shortcuts between them."
        raise Incorrect(
            f"Your model cannot be handed in. {error}",
            "Expected a keras.Sequential, or a keras.Model(inputs, outputs), of Keras's own layers.",
            shortcuts if isinstance(value, keras.Sequential) and not whole else "",
        ) from None
    return value


def rebuilt(value: object):
    """A student's model as the grading program gets it: a copy that belongs to the check, made from plain data."""
    from nbgrader_isolated.wire import keras_model

    model = as_model(value)
    try:
        return keras_model.unpack(keras_model.pack(model))
    except Exception as error:  # of the wire, or of a class of the student's own that cannot describe itself
        raise Incorrect(f"Your model cannot be handed in: copying it raised {explain(error)}.") from None


def copy_of(model, *, frozen: bool = False):
    """A copy with the same names and weights, all of it trainable unless it is to be frozen."""
    import keras

    copy = keras.models.clone_model(model)
    copy.set_weights(model.get_weights())
    copy.trainable = not frozen
    return copy


def before_last(model):
    """A model without its last layer: it gives what that layer receives."""
    import keras

    return keras.Model(model.inputs, model.layers[-1].input)


def predict(model, batch: np.ndarray, *, at_once: int = 64) -> np.ndarray:
    """What a model gives for a batch outside training, without the tracing that its own ``predict`` does anew for every model."""
    parts = [batch[start : start + at_once].astype(np.float32) for start in range(0, len(batch), at_once)]
    return np.concatenate([as_array(model(part, training=False), "what your model gives") for part in parts])


def output_of(model, batch: np.ndarray) -> np.ndarray:
    """What a student's model gives for a batch, or a complaint where it cannot be used on it."""
    try:
        return finite(predict(model, batch), "what your model gives")
    except Incorrect:
        raise
    except Exception as error:
        raise Incorrect(f"Your model cannot be used on a batch of shape {batch.shape}: {explain(error)}.") from None


def known_shape(model, end: str, expected: tuple, source: str) -> tuple:
    """The shape at the ``end`` of a model, ``"input"`` or ``"output"``; some models have none yet, which is a complaint.

    The message says which shape was ``expected``, and from which model (``source``) the student should have built it.
    """
    import keras

    try:
        return tuple(getattr(model, f"{end}_shape"))
    except Exception:  # AttributeError from Keras, anything at all from a class of the student's own
        look = f"Build keras.Model(inputs, outputs) from {source}'s own tensors."
        if isinstance(model, keras.Sequential):
            look = f"A Sequential of the layers loses the shortcuts between them. {look}"
        said = f"Your model does not know the shape of its {end} yet;"
        raise Incorrect(said, f"expected {expected}.", look) from None


def check_takes(model, shape: tuple, source: str) -> None:
    """Complains unless a model takes images of this shape, or of any size."""
    takes = known_shape(model, "input", (None, *shape), source)
    if takes != (None, None, None, 3):
        check_shape(takes, (None, *shape), "Your model takes images of shape")


def check_gives(model, length: int, source: str) -> None:
    """Complains unless a model gives vectors of this length; see ``known_shape`` for ``source``."""
    given = known_shape(model, "output", (None, length), source)
    check_shape(given, (None, length), "Your model's output has shape")


def check_probabilities(given: np.ndarray) -> None:
    """Complains unless every row holds probabilities of classes that exclude each other."""
    sums = given.sum(axis=1)
    if given.min() >= -1e-3 and np.allclose(sums, 1, atol=1e-2):
        return
    look = "A sigmoid per class lets every class be likely at once; a softmax shares out a whole."
    if given.min() < 0:
        look = 'These look like scores before the softmax. End with a softmax: Dense(classes, activation="softmax").'
    raise Incorrect(
        f"Your model's rows run from {given.min():.3g} to {given.max():.3g}, and the first adds up to {sums[0]:.3g};",
        "expected probabilities, from 0 to 1, that add up to 1.",
        look,
    )


def check_features(value: object, batch: np.ndarray, expected: np.ndarray) -> None:
    """Complains unless a model gives the expected vectors (N, length) for a batch."""
    model = as_model(value, complete=False)
    known_shape(model, "output", (None, expected.shape[1]), "the classifier")
    check_close(
        output_of(model, batch),
        expected,
        "Your model turns a batch into",
        "inside the classifier it becomes",
        look="Build the new model from the classifier's own tensors, so that the weights come along.",
        tolerance=1e-2,
    )
