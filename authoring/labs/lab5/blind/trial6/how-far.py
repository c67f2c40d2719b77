# %% right "Takes each array's own length in float64 and joins the lengths with math.hypot, without ever making one long vector." name="trial6_hypot_of_lengths"
import math


def how_far(before, after):
    """Measures how far weights moved."""
    old = [np.ravel(array).astype("float64") for array in before]
    new = [np.ravel(array).astype("float64") for array in after]
    change = math.hypot(*(float(np.linalg.norm(b - a)) for a, b in zip(old, new)))
    return change / math.hypot(*(float(np.linalg.norm(a)) for a in old))
