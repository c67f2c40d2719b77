# %% wrong "It takes the machine epsilon for the last bit, which is only so for numbers between 1 and 2; small weights may move by less." name="trial3_epsilon_as_last_bit" breaks="moved layers"
def moved_layers(before, after):
    moved = []
    for name in before:
        for old, new in zip(before[name], after[name]):
            old, new = np.asarray(old), np.asarray(new)
            if np.any(np.abs(new - old) > np.finfo("float32").eps):
                moved.append(name)
                break
    return moved
