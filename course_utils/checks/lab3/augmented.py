"""Whether augmentation acts in training and only there, and lab 3's exercise about augmented copies with their features."""

import numpy as np

from course_utils.checks import ExerciseCheck, Incorrect, exercise, in_short, once
from course_utils.checks.common.augmentation import coloured_images, entering, without_dropout
from course_utils.checks.common.models import copy_of, predict
from course_utils.checks.common.preprocessing import likeliest, wrongly_preprocessed
from course_utils.checks.core import values
from course_utils.checks.core.seeds import alike
from course_utils.models import preprocess

BASE, SIDE = "mobilenet_v2", 96


def small_extractor(rng: np.random.Generator, side: int):
    """A small extractor with random weights, from preprocessed images to a few hundred numbers."""
    import keras

    layers, begin = keras.layers, keras.initializers.HeNormal
    seed, filters = int(rng.integers(2**31)), int(rng.integers(8, 20))
    stack = [
        keras.Input((side, side, 3)),
        layers.Conv2D(8, 7, strides=4, activation="relu", kernel_initializer=begin(seed)),
        layers.Conv2D(filters, 3, strides=4, activation="relu", kernel_initializer=begin(seed + 1)),
        layers.Flatten(),  # not pooled, so that it matters how an image is rotated
        layers.Dropout(0.5),  # acts in training alone
    ]
    return keras.Sequential(stack, name="small_extractor")


def origins(images: np.ndarray, originals: np.ndarray) -> np.ndarray:
    """For each image (0 to 255) the position of the one of ``coloured_images`` it was made from, found by its colour: int64 (M,)."""

    def hues(batch: np.ndarray) -> np.ndarray:
        # Without the grey part and the length, so that darker, paler and black-cornered images stay what they are.
        colours = batch.astype(np.float64).mean(axis=(1, 2))
        colours -= colours.mean(axis=1, keepdims=True)
        return colours / np.maximum(np.linalg.norm(colours, axis=1, keepdims=True), 1e-9)

    return (hues(images) @ hues(originals).T).argmax(axis=1)


def check_augmentation(model, base, images: np.ndarray) -> None:
    """Complains unless images reach the base in a new version at each pass of training, and in one form outside it.

    These must still be images in the range that reaches the base outside training. Dropout and noise do not count: they
    damage single numbers of an image, and make no other image of it.
    """
    still, still_again = (entering(model, base, images, training=False) for _ in range(2))
    if still.shape != still_again.shape or not np.allclose(still, still_again, atol=1e-4):
        raise Incorrect(
            "Outside training the same images reach the base in another form each time;",
            "expected augmentation to rest then.",
            "Leave what is random to Keras's own layers: they rest when nothing is being trained.",
        )
    with without_dropout(model) as resting:
        first, again = (entering(model, base, images, training=True) for _ in range(2))
    if first.shape == again.shape and np.abs(first - again).max() < 1e-4 * max(1.0, float(np.abs(again).max())):
        raise Incorrect(
            "In training the images reach the base in the same form each time"
            + (f" (with {', '.join(dict.fromkeys(resting))} switched off);" if resting else ";"),
            "expected a new version of them in every step.",
            "Layers such as RandomFlip have to be in the model, on the way from its input to the base."
            + (" Dropout and noise change single numbers, and are no augmentation of images." if resting else ""),
        )
    values.finite(first, "what reaches the base in training")
    # Room for interpolation that overshoots, and for brightness that changes.
    middle, reach = (still.max() + still.min()) / 2, max(float(np.ptp(still)) / 2, 1e-6)
    low, high = (float(end - middle) / reach for end in (first.min(), first.max()))
    if not -2.2 < low < -0.2 or high > 2.2 or not 0.4 < first.std() / max(still.std(), 1e-6) < 2:
        raise Incorrect(
            f"In training what reaches the base runs from {first.min():.3g} to {first.max():.3g} with deviation "
            f"{first.std():.2g}; outside training from {still.min():.3g} to {still.max():.3g} with deviation {still.std():.2g};",
            "expected images of much the same range.",
            "Layers such as RandomBrightness count on pixels from 0 to 255: augment before preprocessing, not after it.",
        )


def read_copies(
    value: object, originals: np.ndarray, copies: int, *, strict: bool = False
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Reads three arrays, one row per augmented copy: images, features, labels; a column of labels too, unless ``strict``."""
    number, rows = len(originals), copies * len(originals)
    names = ("images", "features", "labels")
    given = values.as_tuple(value, 3, f"three arrays: {', '.join(names)}")
    images, features, labels = (values.as_array(part, f"your {name}") for part, name in zip(given, names, strict=True))
    labels = labels if strict or labels.size != rows else labels.reshape(-1)
    asked = f"For {number} images and {copies} augmented copies of each your"
    for array, expected, name in ((images, (rows, *originals.shape[1:]), "images"), (labels, (rows,), "labels")):
        look = ""
        if array.shape == (copies, number, *expected[1:]):
            look = "np.concatenate joins the copies along the first axis; np.stack adds one."
        elif array.shape[:1] == (number,):
            look = "There is one row for every image, but there should be one for every augmented copy of it."
        values.check_shape(array, expected, f"{asked} {name} have shape", look)
    if features.ndim != 2 or len(features) != rows:
        raise Incorrect(
            f"{asked} features have shape {features.shape};", f"expected one row for each of the {rows} copies."
        )
    return values.finite(images, "your images"), values.finite(features, "your features"), labels


@exercise
def augmented_copies(check: ExerciseCheck) -> None:
    """Checks ``augmented_copies(base, images, labels, copies, seed)``: augmented copies, their features, their labels."""
    base, originals = small_extractor(check.rng, SIDE), coloured_images(check.rng, SIDE)
    labels, copies = check.rng.permutation(len(originals)), int(check.rng.integers(3, 6))
    one = int(check.rng.integers(10_000))

    @once
    def ask(number: int, again: bool = False) -> tuple:
        return check.call(copy_of(base), originals.copy(), labels.copy(), copies, number)

    @once
    def changed() -> tuple:
        """The copies as pixels, features and labels, and which original each shows; without augmentation no merit."""
        images, features, found = read_copies(ask(one), originals, copies)
        images = images if images.max() > 16 else (images + 1) * 127.5  # from -1 to 1 is another criterion's matter
        source = origins(images, originals)
        if np.abs(images - originals[source].astype(np.float32)).max() < 1:
            raise Incorrect(
                "Every augmented copy is the image itself;",
                "expected others.",
                "Random layers rest outside training, and predict is outside: call augment(batch, training=True).",
            )
        return images, features, found, source

    with check.criterion(0.10, "three arrays"):
        read_copies(ask(one), originals, copies, strict=True)
    with check.criterion(0.15, "every image"):
        changed()
        images = read_copies(ask(one), originals, copies)[0]
        if images.min() < -26 or images.max() > 281 or images.max() <= 16:
            raise Incorrect(
                f"The images you return run from {images.min():.3g} to {images.max():.3g};",
                "expected pixels from 0 to 255, as they are before preprocessing.",
            )
        counts = np.bincount(origins(images, originals), minlength=len(originals))
        if (counts != copies).any():
            raise Incorrect(
                f"Of {len(originals)} images your copies show {int((counts > 0).sum())}, between {counts.min()} and "
                f"{counts.max()} times each;",
                f"expected each of them {copies} times.",
                "By their colour: augment with flips, rotations, zooms and brightness, not with other colours.",
            )
    with check.criterion(0.25, "all different"):
        images, *_, source = changed()
        of_each = [images[source == number].astype(np.float32) for number in range(len(originals))]
        pairs = [np.abs(a - b).max() < 1e-3 for some in of_each for place, a in enumerate(some) for b in some[:place]]
        if pairs and np.mean(pairs) > 0.08:  # two random crops can be the same by chance
            raise Incorrect(
                "Two of the augmented copies of an image are the same;",
                "expected every copy to be drawn at random.",
                "A layer that is made again with the same seed draws the same numbers again: make it once. And flips "
                "alone know only two versions of an image.",
            )
    with check.criterion(0.15, "labels"):
        *_, found, source = changed()
        if not np.array_equal(found, labels[source]):
            raise Incorrect(
                f"{int((found != labels[source]).sum())} of {len(source)} labels are not those of their images;",
                f"yours begin {in_short(found[:8])}, by the images {in_short(labels[source][:8])}.",
                "np.tile repeats the whole list, np.repeat each entry: which one goes with your images?",
            )
    with check.criterion(0.20, "features"):
        images, features, _, source = changed()
        expected = predict(base, preprocess(BASE, images))
        values.check_shape(features, expected.shape, "Your features have shape")
        scale = max(float(np.abs(expected).mean()), 1e-9)

        def distance(other: np.ndarray) -> float:
            return float(np.abs(features - other).mean()) / scale

        if not distance(expected) < 0.02:  # room for images that were rounded to integers on the way out
            wrong = wrongly_preprocessed(BASE, images)
            wrong["These are features of the images before augmentation"] = preprocess(BASE, originals[source])
            mistake = likeliest({words: predict(base, batch) for words, batch in wrong.items()}, expected, distance)
            raise Incorrect(
                f"{mistake or 'Your features are not those that the base gives for the images you return'}.",
                f"They differ from those by {distance(expected):.0%} on average; expected them to agree.",
                "" if mistake else "Do features and images come in the same order, and from the same drawing?",
            )
    with check.criterion(0.15, "seed"):
        drawn = (ask(one), ask(one, True), ask(alike(one)[0]))
        changed()
        first, again, another = (read_copies(value, originals, copies)[0].astype(np.float32) for value in drawn)

        def there(some: np.ndarray) -> bool:
            """Whether every copy is among some others, as often, in whatever order."""
            often = ([(np.abs(them - one).max(axis=(1, 2, 3)) < 0.5).sum() for one in first] for them in (some, first))
            return next(often) == next(often)

        if not there(again):
            raise Incorrect(
                "The same seed gave other augmented copies the second time;",
                "expected the same.",
                "Hand the seed on to every random layer, or call keras.utils.set_random_seed first.",
            )
        if there(another):
            look = "Is all of the argument seed used, and where the copies are drawn?"
            raise Incorrect("Another seed gave the same copies, be it in another order;", "expected others.", look)
