"""Figures with alt text: each function returns its Axes, labels them, and works without a screen.

``title`` is a text above the whole figure, ``figure`` an empty one to draw into.
"""

from course_utils.plots.convolutions import feature_maps, filters, grad_cam, grad_cam_heatmap
from course_utils.plots.evaluation import accuracy_bars, confusion_matrix, embedding_map, mistakes_grid
from course_utils.plots.figures import describe, description, to_html
from course_utils.plots.images import as_image, image_grid
from course_utils.plots.network import changed_strip, cost_by_block, network_strip
from course_utils.plots.predictions import top_five
from course_utils.plots.training import break_even, learning_curves
