"""Turns and shifts with NumPy, in whole numbers, the original being the first view."""

import numpy as np

from course_utils.models import preprocess

REPLACES = "cached-views"


def cached_views(base, images, labels, views, seed):
    rng = np.random.default_rng(seed)
    augmented = []
    for image in images:
        for view in range(views):
            shift = (0, 0) if view == 0 else tuple(rng.integers(1, 40, size=2))
            augmented.append(np.roll(image, shift, axis=(0, 1)))
    augmented = np.stack(augmented)
    return augmented, np.asarray(base(preprocess("mobilenet_v2", augmented))), np.repeat(labels, views)
