"""Whether the parameters of a base are counted by block, frozen layers included."""

import numpy as np

from course_utils.checks import Incorrect, as_number, describe, few

OVERWRITTEN = (
    "A later layer of the block has overwritten what you had counted (a ReLU or pooling layer has none): "
    "counts[block] = counts.get(block, 0) + … adds to it."
)


def base_of(rng: np.random.Generator, blocks: list[str], kinds: tuple[str, ...]):
    """A small base whose blocks hold these kinds of layers, in this order; numbers of channels are drawn at random.

    ``"conv"`` has a kernel alone, ``"biased"`` a bias as well, ``"bn"`` is a BatchNorm, ``"relu"`` has no weights. A layer
    is called ``block_kind``, a second one of its kind ``block_kind_2``.
    """
    import keras

    layers = keras.layers
    tensor = images = keras.Input((16, 16, 3), name="images")
    for block in blocks:
        filters = int(rng.integers(2, 9))  # so that two layers of a block have as many parameters
        for place, kind in enumerate(kinds):
            name = f"{block}_{kind}" + (f"_{place + 1}" if kind in kinds[:place] else "")
            made = {
                "conv": lambda name, n=filters: layers.Conv2D(n, 3, padding="same", use_bias=False, name=name),
                "biased": lambda name, n=filters: layers.DepthwiseConv2D(3, padding="same", name=name),
                "bn": lambda name: layers.BatchNormalization(name=name),
                "relu": lambda name: layers.ReLU(name=name),
            }
            tensor = made[kind](name)(tensor)
    return keras.Model(images, tensor, name="made_up_base")


def count_by_block(base) -> dict[str, int]:
    """Block name → number of parameters; a block's name is what stands before the first underscore."""
    counts: dict[str, int] = {}
    for layer in base.layers:
        block = layer.name.split("_")[0]
        counts[block] = counts.get(block, 0) + layer.count_params()
    return {block: number for block, number in counts.items() if number}


def read_counts(value: object) -> dict[str, int]:
    """Reads a dictionary: block name → integer."""
    if not isinstance(value, dict):
        raise Incorrect(f"You return {describe(value)};", "expected a dictionary: block name → number of parameters.")
    counts = {}
    for block, given in value.items():
        if not isinstance(block, str):
            raise Incorrect(f"One of your keys is {describe(block)};", 'expected a name such as "block1".')
        number = as_number(given, f"the value for {block!r}")
        if number != int(number):
            raise Incorrect(f"The value for {block!r} is {number:g};", "expected an integer.")
        counts[str.__str__(block)] = int(number)
    return counts


def check_blocks(value: object, base) -> None:
    """Complains unless a student's dictionary names exactly the blocks of a base that have parameters.

    Entries of 0, for input and pooling layers, may be there or not.
    """
    counts, expected = read_counts(value), count_by_block(base)
    given = {block: number for block, number in counts.items() if number}
    if set(given) != set(expected):
        surplus, missing = sorted(set(given) - set(expected)), sorted(set(expected) - set(given))
        said = [f"not expected are {few(surplus, most=4)}"] if surplus else []
        said += [f"missing are {few(missing, most=4)}"] if missing else []
        raise Incorrect(
            f"Your dictionary has {len(given)} blocks with parameters: {'; '.join(said)}.",
            f"Expected {', '.join(expected)}.",
            "A block's name is everything before the first underscore of a layer's name.",
        )


def check_sums(value: object, base) -> None:
    """Complains unless a student's dictionary holds the sums of a base whose weights are all trainable kernels."""
    given, expected = read_counts(value), count_by_block(base)
    if wrong := [block for block in expected if given.get(block) != expected[block]]:
        sizes: dict[str, list[int]] = {block: [] for block in expected}
        for layer in base.layers[1:]:
            sizes[layer.name.split("_")[0]].append(layer.count_params())
        raise Incorrect(
            f"You give {wrong[0]} {given.get(wrong[0], 0):,};",
            f"expected {expected[wrong[0]]:,}, the sum of its layers' {', '.join(f'{n:,}' for n in sizes[wrong[0]])}.",
            OVERWRITTEN if all(given.get(block, 0) in sizes[block] for block in wrong) else "",
        )


def check_total(value: object, base, look: str) -> None:
    """Complains unless all entries of a student's dictionary add up to the parameters of a base."""
    total, expected = sum(read_counts(value).values()), base.count_params()
    if total != expected:
        raise Incorrect(f"Your counts add up to {total:,};", f"expected {expected:,}.", look)
