# %% right "Plain Python numbers and math.dist, the length being the distance from the origin." name="trial5_distance_from_origin"
import math
from itertools import chain


def how_far(before, after):
    start = [float(number) for number in chain.from_iterable(np.ravel(array) for array in before)]
    end = [float(number) for number in chain.from_iterable(np.ravel(array) for array in after)]
    origin = [0.0] * len(start)
    return math.dist(start, end) / math.dist(start, origin)
