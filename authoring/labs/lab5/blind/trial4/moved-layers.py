# %% wrong "Takes float32's machine epsilon for the last bit: that is the last bit of 1, and the last bits of smaller numbers are smaller." name="trial4_machine_epsilon" breaks="moved layers"
def moved_layers(before, after):
    """Names the layers that training has changed."""
    last_bit = np.finfo("float32").eps
    return [
        name
        for name, arrays in before.items()
        if any(np.max(np.abs(new - old), initial=0) > last_bit for old, new in zip(arrays, after[name]))
    ]
