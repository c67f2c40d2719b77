"""Whether the parameters of a base are counted by block, frozen layers included."""

from __future__ import annotations

from course_utils.checks import Incorrect, as_number, describe, few

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
        if set(given) < set(expected) <= set(counts):
            raise Incorrect(*OVERWRITTEN)
        surplus, missing = sorted(set(given) - set(expected)), sorted(set(expected) - set(given))
        said = [f"not expected are {few(surplus, most=4)}"] if surplus else []
        said += [f"missing are {few(missing, most=4)}"] if missing else []
        raise Incorrect(
            f"Your dictionary has {len(given)} blocks with parameters: {'; '.join(said)}.",
            f"Expected {', '.join(expected)}.",
            "A block's name is everything before the first underscore of a layer's name.",
        )


def check_counts(value: object, base, which: str) -> None:
    """Complains unless a student's dictionary holds the counts of a base; ``which`` names the base in words."""
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
