"""Feature extraction: run a base once, keep the result, never return a stale one; also for augmented copies."""

from course_utils.features.augmented import AugmentedFeatures, augmented_copy, extract_augmented
from course_utils.features.extraction import extract
from course_utils.features.files import SavedFeatures, load_features, save_features
from course_utils.features.precision import best_precision
