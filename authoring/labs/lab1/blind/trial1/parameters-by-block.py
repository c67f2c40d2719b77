# %% wrong "Finds a block's layers by the beginning of their names, so block1 also gets the layers of block10." name="trial1_startswith" breaks="sum of layers"
def parameters_by_block(base):
    blocks = []
    for layer in base.layers:
        block = layer.name.split("_")[0]
        if block not in blocks:
            blocks.append(block)
    return {
        block: sum(layer.count_params() for layer in base.layers if layer.name.startswith(block)) for block in blocks
    }


# %% wrong "Counts everything when the whole base is frozen or nothing is, but leaves out layers that are frozen one by one." name="trial1_single_frozen" breaks="frozen layers"
def parameters_by_block(base):
    counts = {}
    for layer in base.layers:
        block = layer.name.split("_")[0]
        counted = layer.trainable or not base.trainable
        counts[block] = counts.get(block, 0) + (layer.count_params() if counted else 0)
    return counts


# %% right "A pandas table with a row for each weight, grouped by block; blocks without weights do not appear." name="trial1_pandas_groupby"
import pandas as pd


def parameters_by_block(base):
    table = pd.DataFrame(
        [
            (layer.name.partition("_")[0], int(np.prod(weight.shape, dtype=np.int64)))
            for layer in base.layers
            for weight in layer.weights
        ],
        columns=["block", "numbers"],
    )
    sums = table.groupby("block", sort=False)["numbers"].sum()
    return {block: int(number) for block, number in sums.items()}
