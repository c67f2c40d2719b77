"""Feature extraction: run a base once, keep the result, never return a stale one; also for augmented copies."""

from course_utils.features.augmented import ViewFeatures, augmented_view, extract_views
from course_utils.features.extraction import best_precision, extract
from course_utils.features.files import SavedFeatures, load_features, save_features
from course_utils.features.store import clear_store, list_store

__all__ = [
    "SavedFeatures",
    "ViewFeatures",
    "augmented_view",
    "best_precision",
    "clear_store",
    "extract",
    "extract_views",
    "list_store",
    "load_features",
    "save_features",
]
