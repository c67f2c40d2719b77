# %% wrong "Looks at the largest signed difference without its absolute value, so a layer in which numbers only became smaller is not named." name="trial6_signed_difference" breaks="moved layers"
def moved_layers(before, after):
    """Names the layers that training has changed."""
    moved = []
    for name in before:
        steps = [new - old for old, new in zip(before[name], after[name])]
        if any(step.size > 0 and step.max() > 0 for step in steps):
            moved.append(name)
    return moved
