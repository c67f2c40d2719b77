"""What lab 5's checks put into a student's function: small models and arrays, drawn anew for every check.

Everything is as small as it can be while still showing the mistake, so that a check that trains takes about a second.
Activations are smooth: no unit is dead, so whatever is trained moves.
"""

import numpy as np

from course_utils.checks.common.inputs import with_biases, with_head
from course_utils.checks.common.weights import exchanged, nudged
from course_utils.models import preprocess

BASE = "base"
"""The name of the nested base in every model that is handed to a student's function."""

SIDE = 12
"""Height and width, in pixels, of the images that the small models take."""

PREPROCESSINGS = ("right", "divided by 255", "not preprocessed", "preprocessed twice", "red and blue swapped")
"""The words for what can have happened to images on their way into a base."""


def preprocessed(how: str, name: str, pixels: np.ndarray) -> np.ndarray:
    """Pixels, uint8 (N, height, width, 3), on their way into the base of this name, float32; ``how`` is one of ``PREPROCESSINGS``."""
    return {
        "right": lambda: preprocess(name, pixels),
        "divided by 255": lambda: (pixels / 255).astype(np.float32),
        "not preprocessed": lambda: pixels.astype(np.float32),
        "preprocessed twice": lambda: preprocess(name, preprocess(name, pixels)),
        "red and blue swapped": lambda: preprocess(name, pixels[..., ::-1]),
    }[how]()


def pixels(rng: np.random.Generator, number: int, *, side: int = 32) -> np.ndarray:
    """Images of soft spots with a clear cast of one colour: uint8 (number, side, side, 3)."""
    from PIL import Image

    spots = rng.integers(0, 256, size=(number, 4, 4, 3), dtype=np.uint8)
    # A cast, so that swapping two colours always shows.
    spots[..., 0] = spots[..., 0] // 2 + 128
    spots[..., 2] //= 3
    return np.stack([np.asarray(Image.fromarray(one).resize((side, side), Image.Resampling.BICUBIC)) for one in spots])


def images(rng: np.random.Generator, number: int) -> np.ndarray:
    """Images as the small models take them: float32 (number, 12, 12, 3), from -1 to 1."""
    return rng.uniform(-1, 1, size=(number, SIDE, SIDE, 3)).astype(np.float32)


def small_base(rng: np.random.Generator, *, blocks: int = 2, batchnorm: bool = False):
    """A base called "base" of some blocks, named as real ones are, from (N, 12, 12, 3) to maps.

    With BatchNorm its layers' names do not give that away.
    """
    import keras

    layers = keras.layers
    tensor = inputs = keras.Input((SIDE, SIDE, 3))
    for block in range(1, blocks + 1):
        filters = int(rng.integers(3, 8))
        tensor = layers.Conv2D(filters, 3, strides=2, padding="same", name=f"block{block}_conv")(tensor)
        if batchnorm:
            tensor = layers.BatchNormalization(name=f"block{block}_scaled")(tensor)
        tensor = layers.Activation("tanh", name=f"block{block}_act")(tensor)
    return with_biases(rng, keras.Model(inputs, tensor, name=BASE))


def small_model(rng: np.random.Generator, classes: int, *, front: tuple = (), dropout: float = 0.0, **base):
    """A ``small_base`` and a head on it in one functional model, which calls its base with ``training=False``."""
    return with_head(small_base(rng, **base), classes, front=front, dropout=dropout, training=False)


def starting_weights(rng: np.random.Generator, model) -> list[np.ndarray]:
    """Weights for a small model without BatchNorm, as ``set_weights`` takes them: biases of 0, kernels about as Keras begins them."""
    return [
        np.zeros(shape, np.float32)
        if len(shape) == 1
        else rng.normal(scale=1 / np.sqrt(np.prod(shape[:-1])), size=shape).astype(np.float32)
        for shape in (tuple(weight.shape) for weight in model.weights)
    ]


def on_top_of(classifier, where: str, classes: int):
    """A classifier, from ``made_up_classifier``, with a second head on top of it.

    The new head stands on ``"probabilities"``, on these behind a Dropout (``"dropped"``), on those of a Softmax that is a layer of its
    own (``"softmax"``) or of the classifier as one layer (``"nested"``), on the ``"vector"``, on ``"gates"`` (numbers from 0 to 1
    that do not add up to 1) or on ``"centred"`` numbers (of either sign, which do add up to 1).
    """
    import keras

    layers = keras.layers
    begin = keras.Input(classifier.input_shape[1:]) if where == "nested" else classifier.input
    vector, probabilities = classifier.layers[-1].input, classifier.output
    centred = layers.Dense(7)
    centred.build(vector.shape)
    kernel = np.random.default_rng(classes).normal(size=centred.kernel.shape)
    centred.set_weights([kernel - kernel.mean(axis=1, keepdims=True), np.full(7, 1 / 7)])
    tensor = {
        "probabilities": lambda: probabilities,
        "dropped": lambda: layers.Dropout(0.2)(probabilities),
        "softmax": lambda: layers.Softmax()(layers.Dense(5)(vector)),
        "nested": lambda: classifier(begin),
        "vector": lambda: vector,
        "gates": lambda: layers.Dense(7, activation="sigmoid")(vector),
        "centred": lambda: centred(vector),
    }[where]()
    return keras.Model(begin, layers.Dense(classes, activation="softmax")(tensor))


def objects(rng: np.random.Generator, number: int) -> np.ndarray:
    """Which object each image shows: int64 (N,), ``number`` objects with three to six images each, shuffled."""
    names = rng.choice(1000, size=number, replace=False)
    return rng.permutation(np.repeat(names, rng.integers(3, 7, size=number)))


MOVES = ("in its bias alone", "by the last bit of one number", "in one statistic alone", "in two numbers, exchanged")
"""How each of the layers moved that ``snapshots`` moves, in order."""


def snapshots(rng: np.random.Generator) -> tuple[dict, dict, list[str]]:
    """Weights before and after a training, layer name → list of float32 arrays, and the names of the layers that moved, in order.

    Four of nine layers moved, as ``MOVES`` says; one layer has no weights.
    """
    names = [f"layer_{number}" for number in rng.choice(90, size=9, replace=False)]
    before = {name: [_normal(rng, 3, 4), _normal(rng, 4)] for name in names}
    before[names[4]] += [_normal(rng, 4), np.abs(_normal(rng, 4))]
    before[names[5]] = []
    after = {name: [array.copy() for array in arrays] for name, arrays in before.items()}
    after[names[1]][1] += np.float32(0.1)
    after[names[4]][2] -= np.float32(0.01)
    nudged(after[names[2]][0]), exchanged(after[names[7]][0])
    return before, after, [names[place] for place in (1, 2, 4, 7)]


def _normal(rng: np.random.Generator, *shape: int) -> np.ndarray:
    # Not zero, and in steps of 1/64: sums are exact in any order, so that exchanging two numbers leaves them as they are.
    return ((np.floor(64 * rng.normal(size=shape)) + 0.5) / 64).astype(np.float32)


def one_hot(rng: np.random.Generator, number: int, classes: int) -> np.ndarray:
    """Right classes as rows with a single 1: float32 (number, classes); the classes are not equally frequent."""
    labels = (classes * rng.uniform(size=number) ** 2).astype(int)
    return np.eye(classes, dtype=np.float32)[labels]


def probabilities(rng: np.random.Generator, truth: np.ndarray, *, right: float, sure: bool) -> np.ndarray:
    """What a model might answer: rows that add up to 1, whose largest number is at the right class for about a share of the images.

    ``truth`` is from ``one_hot``; when the model is ``sure`` the largest number is above one half, else below it.
    """
    number, classes = truth.shape
    answers = truth.argmax(axis=1)
    wrong = rng.uniform(size=number) >= right
    answers = np.where(wrong, (answers + rng.integers(1, classes, size=number)) % classes, answers)
    rest = rng.uniform(0.5, 1, size=(number, classes))
    rest[np.arange(number), answers] = 0
    rest /= rest.sum(axis=1, keepdims=True)
    rival = 1.1 * rest.max(axis=1, keepdims=True)  # a tenth above the next, which rounding to whole per cents hides
    top = rng.uniform(0.6, 0.9, size=(number, 1)) if sure else rival / (1 + rival)
    rest *= 1 - top
    rest[np.arange(number), answers] = top[:, 0]
    return rest.astype(np.float32)
