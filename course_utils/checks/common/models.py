"""Whether a model is what it should be: its parameters by block, and what comes out of it."""

from __future__ import annotations

import numpy as np

from course_utils.checks.core.exercise_check import Incorrect, as_array, describe, explain, finite, in_short

MADE_UP = "a base with BatchNorm and ten blocks"

OVERWRITTEN = (
    "The blocks' names are right, but some have 0 parameters (or too few).",
    "A later layer of the block (a pooling layer has none) has overwritten what you had counted;",
    "add to it instead: counts[block] = counts.get(block, 0) + …",
)


def count_by_block(base) -> dict[str, int]:
    """Block name → number of parameters; a block's name is what stands before the first underscore."""
    counts: dict[str, int] = {}
    for layer in base.layers:
        block = layer.name.split("_")[0]
        counts[block] = counts.get(block, 0) + layer.count_params()
    return {block: number for block, number in counts.items() if number}


def read_counts(value: object) -> dict[str, int]:
    """Reads a dictionary: block name → whole number."""
    if not isinstance(value, dict):
        raise Incorrect(f"You return {describe(value)};", "expected a dictionary: block name → number of parameters.")
    counts = {}
    for block, number in value.items():
        if not isinstance(block, str):
            raise Incorrect(f"One of your keys is {describe(block)};", 'expected a name such as "block1".')
        array = finite(as_array(number, f"the value for {block!r}"), f"the value for {block!r}")
        if array.size != 1 or float(array.reshape(())) != int(array.reshape(())):
            raise Incorrect(f"The value for {block!r} is {describe(number)};", "expected one whole number.")
        counts[str.__str__(block)] = int(array.reshape(()))
    return counts


def check_blocks(value: object, base) -> None:
    """Complains unless a student's dictionary names exactly the blocks of a base that have parameters.

    Entries of 0, for input and pooling layers, may be there or not.
    """
    counts, expected = read_counts(value), count_by_block(base)
    given = {block: number for block, number in counts.items() if number}
    if set(given) != set(expected):
        if set(given) < set(expected) <= set(counts):
            raise Incorrect(*OVERWRITTEN)
        surplus, missing = sorted(set(given) - set(expected)), sorted(set(expected) - set(given))
        said = [f"not expected are {', '.join(surplus[:4])}"] if surplus else []
        said += [f"missing are {', '.join(missing[:4])}"] if missing else []
        raise Incorrect(
            f"Your dictionary has {len(given)} blocks with parameters: {'; '.join(said)}.",
            f"Expected {', '.join(expected)}.",
            "A block's name is everything before the first underscore of a layer's name.",
        )


def check_counts(value: object, base, which: str) -> None:
    """Complains unless a student's dictionary holds the numbers of a base; ``which`` names the base in words."""
    given, expected = read_counts(value), count_by_block(base)
    wrong = [block for block in expected if given.get(block) != expected[block]]
    if wrong:
        layers = [(layer.name.split("_")[0], layer.count_params()) for layer in base.layers]
        last, last_with_any = dict(layers), {block: number for block, number in layers if number}
        if all(given.get(block) in (last[block], last_with_any[block]) for block in wrong):
            raise Incorrect(*OVERWRITTEN)
        block = wrong[0]
        had = f"{given[block]:,}" if block in given else "nothing"
        raise Incorrect(
            f"For {which} you give {block} {had};",
            f"expected {expected[block]:,} (and {len(wrong) - 1} more blocks differ).",
            "Add up over all layers of a block; kernels, biases and BatchNorm's moving statistics are all parameters.",
        )


def check_frozen(value: object, before: object, base, trainable: int) -> None:
    """Complains unless a student's numbers for a base with frozen layers still add up to all its parameters.

    Args:
        value: the student's dictionary for the base as it is now.
        before: the student's dictionary from before anything was frozen.
        base: the base, with some layers frozen.
        trainable: how many parameters training would have changed before anything was frozen.
    """
    total, expected = sum(read_counts(value).values()), base.count_params()
    if total == expected:
        return
    # Freezing is to blame only where the numbers were right before, or were those of the trainable weights. Otherwise
    # the finding of the part before this one is told again, and the check says it once.
    if sum(read_counts(before).values()) not in (expected, trainable):
        check_blocks(before, base)
        check_counts(before, base, MADE_UP)
    raise Incorrect(
        f"With some layers frozen your numbers add up to {total:,};",
        f"expected {expected:,}, as without freezing.",
        "A frozen layer keeps its parameters: look at weights, not at trainable_weights.",
    )


def as_model(value: object, *, complete: bool = True):
    """Returns the value when it is a ``keras.Model`` that can be handed in, and complains otherwise.

    A model is handed in as a description of its layers together with their weights. One that the grading program could not
    make anew from that (a Lambda, a class of one's own) is told about here, in the student's own notebook, in its words.

    Args:
        value: what the student's function returned.
        complete: False where ``known_shape`` comes next, which says more about a model that has no weights or no shape yet.
    """
    import keras

    from nbgrader_isolated.wire.encode import WireError
    from nbgrader_isolated.wire.keras_model import require_crossable

    if not isinstance(value, keras.Model):
        raise Incorrect(f"You return {describe(value)};", "expected a keras.Model.")
    if not complete and not _is_complete(value):
        return value
    try:
        require_crossable(value)
    except WireError as error:
        chain = isinstance(value, keras.Sequential) and not _is_complete(value)
        raise Incorrect(
            f"Your model cannot be handed in. {error}",
            "Expected a keras.Sequential, or a keras.Model(inputs, outputs), of Keras's own layers.",
            "If its layers come from another model: a Sequential of them loses the shortcuts between them."
            if chain
            else "",
        ) from None
    return value


def _is_complete(model) -> bool:
    """Whether a model has weights and, if it is a chain of layers, a shape: one of layers that do not fit has none."""
    import keras

    try:
        return bool(model.built) and not (isinstance(model, keras.Sequential) and model.output_shape is None)
    except Exception:  # AttributeError from Keras, anything at all from a class of the student's own
        return False


def predict(model, batch: np.ndarray) -> np.ndarray:
    """Calls a model once, without the tracing that ``predict`` would do for every new model."""
    return as_array(model(batch, training=False), "what your model gives")


def output_of(model, batch: np.ndarray) -> np.ndarray:
    """What a student's model gives for a batch."""
    try:
        return finite(predict(model, batch), "what your model gives")
    except Incorrect:
        raise
    except Exception as error:
        raise Incorrect(f"Your model cannot be used on a batch of shape {batch.shape}: {explain(error)}.", "") from None


def received(classifier, batch: np.ndarray) -> np.ndarray:
    """What a classifier's last layer receives."""
    import keras

    return predict(keras.Model(classifier.inputs, classifier.layers[-1].input), batch)


def known_shape(model, end: str, expected: tuple, source: str) -> tuple:
    """The shape at one end of a model; some models, such as a Sequential that could not be built, have none yet.

    Args:
        model: the student's ``keras.Model``.
        end: ``"input"`` or ``"output"``.
        expected: the shape it should have, for the message.
        source: which model the student should have built it from, for the message.
    """
    import keras

    try:
        return tuple(getattr(model, f"{end}_shape"))
    except Exception:  # AttributeError from Keras, anything at all from a class of the student's own
        shortcuts = "A Sequential of the layers loses the shortcuts between them. "
        raise Incorrect(
            f"Your model does not know the shape of its {end} yet;",
            f"expected {expected}.",
            (shortcuts if isinstance(model, keras.Sequential) else "")
            + f"Build keras.Model(inputs, outputs) from {source}'s own tensors.",
        ) from None


def check_length(value: object, length: int, classes: int) -> None:
    """Complains unless a model gives vectors of this length; one of length ``classes`` is recognised as uncut."""
    shape = known_shape(as_model(value, complete=False), "output", (None, length), "the classifier")
    if shape == (None, length):
        return
    if shape == (None, classes):
        look = "Those are still the class probabilities. Taking a layer off model.layers changes only a list, not the model."
    elif len(shape) == 4:
        look = "That is a feature map: you went back one layer too far, to before the pooling."
    else:
        look = "The last layer's own input is what you want."
    raise Incorrect(f"Your model's output has shape {shape};", f"expected {(None, length)}.", look)


def check_features(value: object, batch: np.ndarray, expected: np.ndarray) -> None:
    """Complains unless a model gives the expected vectors (N, length) for a batch."""
    model = as_model(value, complete=False)
    known_shape(model, "output", (None, expected.shape[1]), "the classifier")
    given = output_of(model, batch)
    if given.shape != expected.shape:
        raise Incorrect(f"Your model turns a batch into {given.shape};", f"expected {expected.shape}.")
    if not np.allclose(given, expected, rtol=1e-2, atol=1e-3 + 1e-2 * float(np.abs(expected).max())):
        raise Incorrect(
            f"For one photograph your vector starts {in_short(given[0, :4])};",
            f"inside the classifier it starts {in_short(expected[0, :4])}.",
            "Build the new model from the classifier's own tensors, so that the weights come along.",
        )


def check_rebuilt(value: object, asked: str, pooling: str, image: np.ndarray, maps: np.ndarray) -> None:
    """Complains unless a model takes the image and gives its feature maps pooled.

    Args:
        value: the student's model.
        asked: what was asked for, in words.
        pooling: ``"avg"``, ``"max"`` or ``"both"``.
        image: (1, height, width, 3), prepared.
        maps: the base's feature maps of it, (1, h, w, channels).
    """
    model = as_model(value, complete=False)
    shape = image.shape[1:]
    takes = known_shape(model, "input", (None, *shape), "the base")
    if takes not in ((None, *shape), (None, None, None, 3)):
        raise Incorrect(f"Your model takes images of shape {takes[1:]};", f"expected {shape}.")
    average, maximum = maps.mean(axis=(1, 2)), maps.max(axis=(1, 2))
    both = np.concatenate([average, maximum], axis=-1)
    expected = {"avg": average, "max": maximum, "both": both}[pooling]
    given = output_of(model, image)

    def same(other: np.ndarray) -> bool:
        return given.shape == other.shape and np.allclose(
            given, other, rtol=1e-2, atol=1e-4 + 1e-3 * float(np.abs(other).max())
        )

    if same(expected):
        return
    wrong = {
        "These are the averages.": average,
        "These are the maxima.": maximum,
        "The maxima come first; the averages should.": both[
            :, np.r_[average.shape[1] : both.shape[1], : average.shape[1]]
        ],
        "This is the base's whole feature map, without any pooling.": maps,
    }
    look = next((sentence for sentence, other in wrong.items() if same(other)), "")
    if given.shape != expected.shape:
        raise Incorrect(f"For {asked} an image becomes {given.shape};", f"expected {expected.shape}.", look)
    raise Incorrect(
        f"For {asked} the vector starts {in_short(given[0, :4])};",
        f"expected {in_short(expected[0, :4])}.",
        look or "The shape is right and the numbers are not: does the base have its pretrained weights?",
    )
