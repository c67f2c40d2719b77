"""Pictures to learn from: the course's own, those inside installed packages, larger sets to fetch, and yours.

``load_*`` and ``sample_photos`` never touch the network; ``fetch_*`` may.
"""

from course_utils.data.decode import load_photo, square
from course_utils.data.fetched import PhotoSet, fetch_cats_vs_dogs, fetch_fashion, fetch_flowers
from course_utils.data.folder import Folder, load_folder
from course_utils.data.photos import Photo, sample_photos
from course_utils.data.scenes import BACKGROUNDS, Scenes, load_scenes
from course_utils.data.stamps import SPLITS, WORKING_CLASSES, Stamps, load_stamps, split_of_stamps
from course_utils.data.statistics import Interval, accuracy_interval, difference_interval, grouped_splits

__all__ = [
    "BACKGROUNDS",
    "SPLITS",
    "WORKING_CLASSES",
    "Folder",
    "Interval",
    "Photo",
    "PhotoSet",
    "Scenes",
    "Stamps",
    "accuracy_interval",
    "difference_interval",
    "fetch_cats_vs_dogs",
    "fetch_fashion",
    "fetch_flowers",
    "grouped_splits",
    "load_folder",
    "load_photo",
    "load_scenes",
    "load_stamps",
    "sample_photos",
    "split_of_stamps",
    "square",
]
