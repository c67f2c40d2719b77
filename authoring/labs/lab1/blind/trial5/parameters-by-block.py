# %% wrong "Collects the numbers of a block's layers in a set, so layers of equal size count only once." name="trial5_set_of_counts" breaks="sum of layers"
def parameters_by_block(base):
    blocks = dict.fromkeys(layer.name.split("_")[0] for layer in base.layers)
    return {
        block: sum({layer.count_params() for layer in base.layers if layer.name.split("_")[0] == block})
        for block in blocks
    }


# %% wrong "Leaves out the moving mean and variance of BatchNorm, because gradient descent does not train them." name="trial5_without_moving_statistics" breaks="all weights"
def parameters_by_block(base):
    counts = {}
    for layer in base.layers:
        block = layer.name.split("_")[0]
        for weight in layer.weights:
            if "moving" not in weight.name:
                counts[block] = counts.get(block, 0) + int(np.prod(weight.shape))
    return counts


# %% right "Measures the arrays of weights themselves and adds them up with np.unique and np.bincount." name="trial5_unique_and_bincount"
def parameters_by_block(base):
    blocks = [layer.name.partition("_")[0] for layer in base.layers]
    sizes = [sum(np.size(array) for array in layer.get_weights()) for layer in base.layers]
    names, numbers = np.unique(blocks, return_inverse=True)
    totals = np.bincount(numbers, weights=sizes)
    return dict(zip(names.tolist(), totals.astype(int).tolist(), strict=True))
