"""Images to learn from: the course's own, those inside installed packages, larger sets to fetch, and yours.

The course's own are *scenes*: composite images, each an object pasted on part of a photograph.
``load_*`` and ``sample_photos`` never touch the network; ``fetch_*`` may.
"""

from course_utils.data.backgrounds import BACKGROUNDS, tied_backgrounds
from course_utils.data.decode import square
from course_utils.data.fetched import PhotoSet, fetch_cats_vs_dogs, fetch_fashion, fetch_flowers
from course_utils.data.folder import Folder, load_folder
from course_utils.data.objects import SPLITS, WORKING_CLASSES, split_of_objects
from course_utils.data.photos import Photo, sample_photos
from course_utils.data.practice import practice_folder
from course_utils.data.scenes import Scenes, export_folder, load_scenes
