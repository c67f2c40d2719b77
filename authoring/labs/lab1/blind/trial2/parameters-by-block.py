# %% wrong "Cuts the name at its last underscore, which is the first one only in names with a single underscore." name="trial2_blocks_last_underscore" breaks="block names"
def parameters_by_block(base):
    counts = {}
    for layer in base.layers:
        block = layer.name.rsplit("_", 1)[0]
        counts[block] = counts.get(block, 0) + layer.count_params()
    return counts

# %% wrong "Counts rightly, then exchanges the numbers of the last two blocks, so that names and total still agree." name="trial2_blocks_last_two_exchanged" breaks="sum of layers"
def parameters_by_block(base):
    counts = {}
    for layer in base.layers:
        block = layer.name.split("_")[0]
        counts[block] = counts.get(block, 0) + layer.count_params()
    filled = [block for block, number in counts.items() if number]
    if len(filled) > 1:
        one, other = filled[-2:]
        counts[one], counts[other] = counts[other], counts[one]
    return counts

# %% right "Makes a pandas table with a row for each weight from its shape, and sums it by block." name="trial2_blocks_pandas_groupby"
import pandas as pd


def parameters_by_block(base):
    rows = [
        (layer.name.partition("_")[0], int(np.prod(weight.shape)))
        for layer in base.layers
        for weight in layer.weights
    ]
    table = pd.DataFrame(rows, columns=["block", "number"])
    sums = table.groupby("block", sort=False)["number"].sum()
    return {str(block): int(number) for block, number in sums.items()}
