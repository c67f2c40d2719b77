# %% wrong "Unfreezes each layer for a moment and counts its trainable weights, which leaves out the moving statistics of BatchNorm." name="trial6_unfrozen_trainable_only" breaks="all weights"
def parameters_by_block(base):
    counts = {}
    for layer in base.layers:
        block = layer.name.split("_")[0]
        before = layer.trainable
        layer.trainable = True
        number = sum(int(np.prod(weight.shape)) for weight in layer.trainable_weights)
        layer.trainable = before
        counts[block] = counts.get(block, 0) + number
    return counts


# %% right "Lists all layers first and lets np.unique and np.bincount do the grouping and the sums." name="trial6_unique_and_bincount"
def parameters_by_block(base):
    names = [layer.name.partition("_")[0] for layer in base.layers]
    sizes = [sum(weight.size for weight in layer.get_weights()) for layer in base.layers]
    blocks, positions = np.unique(names, return_inverse=True)
    totals = np.bincount(positions, weights=sizes)
    return {block: int(total) for block, total in zip(blocks.tolist(), totals)}
