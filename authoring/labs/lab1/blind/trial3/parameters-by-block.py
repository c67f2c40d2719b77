# %% wrong "Cuts the name at its last underscore instead of its first, so block2_sep_conv is counted in block2_sep." name="trial3_last_underscore" breaks="block names"
def parameters_by_block(base):
    counts = {}
    for layer in base.layers:
        block = layer.name.rsplit("_", 1)[0]
        counts[block] = counts.get(block, 0) + layer.count_params()
    return counts


# %% wrong "Stored numbers for VGG16, frozen or not; in any other base the frozen layers are left out." name="trial3_stored_vgg16" breaks="frozen layers"
def parameters_by_block(base):
    if base.count_params() == 14_714_688:
        return {
            "block1": 38_720,
            "block2": 221_440,
            "block3": 1_475_328,
            "block4": 5_899_776,
            "block5": 7_079_424,
        }
    counts = {}
    for layer in base.layers:
        block = layer.name.split("_")[0]
        counts[block] = counts.get(block, 0) + (layer.count_params() if layer.trainable else 0)
    return counts


# %% right "A pandas table with one row per weight, summed by block." name="trial3_table_of_weights"
import pandas as pd


def parameters_by_block(base):
    rows = [
        (layer.name.partition("_")[0], int(np.prod(tuple(weight.shape), dtype=np.int64)))
        for layer in base.layers
        for weight in layer.weights
    ]
    table = pd.DataFrame(rows, columns=["block", "parameters"])
    return {block: int(number) for block, number in table.groupby("block", sort=False)["parameters"].sum().items()}
