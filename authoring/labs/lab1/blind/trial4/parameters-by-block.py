# %% wrong "Collects the layers' numbers in a set, so layers of one block with equally many parameters count once." name="trial4_set_of_counts" breaks="sum of layers"
def parameters_by_block(base):
    """Counts the parameters of a base, block by block."""
    found = {}
    for layer in base.layers:
        found.setdefault(layer.name.split("_")[0], set()).add(layer.count_params())
    return {block: sum(numbers) for block, numbers in found.items()}


# %% wrong "Counts frozen layers if the whole base is frozen, but leaves them out if only some layers are." name="trial4_partly_frozen_skipped" breaks="frozen layers"
def parameters_by_block(base):
    """Counts the parameters of a base, block by block."""
    counts = {}
    for layer in base.layers:
        block = layer.name.split("_")[0]
        counts.setdefault(block, 0)
        if base.trainable and not layer.trainable:
            continue
        counts[block] += layer.count_params()
    return counts


# %% right "Numbers the blocks with NumPy and adds the sizes of their weights with np.add.at, leaving out empty blocks." name="trial4_unique_and_add_at"
def parameters_by_block(base):
    """Counts the parameters of a base, block by block."""
    owners = [layer.name.partition("_")[0] for layer in base.layers]
    sizes = [sum(int(np.prod(tuple(weight.shape), dtype=np.int64)) for weight in layer.weights) for layer in base.layers]
    blocks, numbers = np.unique(owners, return_inverse=True)
    totals = np.zeros(len(blocks), dtype=np.int64)
    np.add.at(totals, numbers, sizes)
    return {str(block): int(total) for block, total in zip(blocks, totals, strict=True) if total}
