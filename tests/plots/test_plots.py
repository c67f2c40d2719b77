"""course_utils.plots: labelled, described, headless figures."""

import inspect as inspect_module
import re

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest

from course_utils import inspect, plots
from course_utils.errors import BadArgumentError, UnknownNameError
from course_utils.plots.figures import PALETTE, to_png
from course_utils.plots.training import crossing_point

NAMES = ["bird", "fish", "fruit and vegetable"]
ESPRESSO = [
    ("n07920052", "espresso", 0.942),
    ("n07930864", "cup", 0.031),
    ("n03063599", "coffee_mug", 0.012),
    ("n04263257", "soup_bowl", 0.004),
    ("n07932039", "eggnog", 0.0001),
]


@pytest.fixture(autouse=True)
def headless():
    mpl.use("Agg")


@pytest.fixture
def image():
    return np.random.default_rng(0).integers(0, 256, (24, 32, 3), dtype=np.uint8)


@pytest.fixture(scope="module")
def network():
    import keras
    from keras import layers

    keras.utils.set_random_seed(0)
    return keras.Sequential(
        [
            keras.Input((16, 16, 3)),
            layers.Conv2D(6, 3, name="block1_conv"),
            layers.BatchNormalization(name="block1_bn"),
            layers.Conv2D(4, 3, activation="relu", name="block2_conv"),
            layers.GlobalAveragePooling2D(),
            layers.Dense(3, name="head"),
        ],
        name="tiny",
    )


def every_figure(image, network):
    """One call of each plotting function, by its name."""
    rng = np.random.default_rng(1)
    true, predicted = rng.integers(0, 3, 30), rng.integers(0, 3, 30)
    before = inspect.fingerprint(network)
    network.get_layer("block2_conv").set_weights([w + 1 for w in network.get_layer("block2_conv").get_weights()])
    comparison = inspect.compare(before, inspect.fingerprint(network))
    history = {"loss": [1.0, 0.5], "accuracy": [0.4, 0.6], "val_loss": [1.1, 0.9], "val_accuracy": [0.3, 0.5]}
    return {
        "accuracy_bars": plots.accuracy_bars(
            {"scratch": (0.5, 0.43, 0.56), "pretrained": (0.79, 0.71, 0.86)}, reference={"chance level": 0.31}
        ),
        "break_even": plots.break_even([0, 10, 20], {"cached features": [50, 51, 52], "end to end": [0, 60, 120]}),
        "changed_strip": plots.changed_strip(comparison),
        "confusion_matrix": plots.confusion_matrix(true, predicted, NAMES),
        "cost_by_block": plots.cost_by_block(network),
        "embedding_map": plots.embedding_map(rng.normal(size=(30, 2)), true, NAMES),
        "feature_maps": plots.feature_maps(rng.random((5, 5, 12))),
        "filters": plots.filters(network.get_layer("block1_conv")),
        "grad_cam": plots.grad_cam(image, rng.random((4, 4))),
        "learning_curves": plots.learning_curves([history, history]),
        "mistakes_grid": plots.mistakes_grid([image] * 30, true, predicted, class_names=NAMES),
        "network_strip": plots.network_strip(network),
        "image_grid": plots.image_grid([image, image], titles=["one", "two"]),
        "top_five": plots.top_five(image, ESPRESSO),
    }


def first(axes):
    return np.ravel(np.asarray(axes, dtype=object))[0]


def test_every_figure_returns_described_axes_and_draws_to_png_and_html_without_a_screen(image, network):
    figures = every_figure(image, network)
    helpers = {"as_image", "describe", "description", "grad_cam_heatmap", "to_html"}
    assert set(figures) == {name for name, value in vars(plots).items() if inspect_module.isfunction(value)} - helpers
    for name, axes in figures.items():
        text = plots.description(axes)
        assert len(text) > 25, name
        png, _ = to_png(first(axes).figure)
        assert png.startswith(b"\x89PNG"), name
        html = plots.to_html(first(axes).figure)
        assert re.match(r'<img alt="[^"]{20,}" ', html), name


def test_every_visible_axis_with_numbers_on_it_has_a_label(image, network):
    for name, axes in every_figure(image, network).items():
        for ax in np.ravel(np.asarray(axes, dtype=object)):
            if ax.axison and len(ax.get_xticks()):
                shared_below = name == "top_five"
                assert ax.get_xlabel() or shared_below, name
    bars = plots.top_five(image, ESPRESSO)[1]
    assert bars.get_xlabel() == "probability (%)"


def test_an_alt_text_of_ones_own_replaces_the_computed_one(image):
    assert plots.description(plots.image_grid([image], alt="A  cup\n of coffee.")) == "A cup of coffee."
    axes = plots.image_grid([image])
    plots.describe(axes, "Something else")
    assert plots.description(axes) == "Something else"


def test_a_figure_of_ones_own_can_be_described_and_an_empty_text_is_refused():
    figure, ax = plt.subplots()
    plots.describe(figure, 'A "quoted" <line>')
    assert plots.description(ax) == 'A "quoted" <line>'
    assert 'alt="A &quot;quoted&quot; &lt;line&gt;"' in plots.to_html(figure)
    with pytest.raises(BadArgumentError, match="Alt text"):
        plots.describe(figure, "  ")


def test_the_readers_own_settings_are_left_as_they_were(image):
    before = dict(mpl.rcParams)
    plots.image_grid([image])
    assert dict(mpl.rcParams) == before


def test_plots_leave_matplotlib_interactive_when_drawing_made_it_so(image):
    plt.ion()
    try:
        plots.image_grid([image])
        assert plt.isinteractive()
    finally:
        plt.ioff()


@pytest.mark.parametrize(
    ("image", "low", "high"),
    [
        (np.array([[0, 128], [255, 64]], np.uint8), 0, 255),
        (np.array([[0.0, 0.5], [1.0, 0.25]]), 0, 255),
        (np.array([[0.0, 128.0], [255.0, 64.0]]), 0, 255),
        (np.zeros((2, 2, 1), np.float32), 0, 0),
    ],
)
def test_images_in_either_range_become_bytes(image, low, high):
    shown = plots.as_image(image)
    assert shown.dtype == np.uint8 and shown.shape == (2, 2)
    assert (shown.min(), shown.max()) == (low, high)


def test_a_preprocessed_image_is_refused_unless_stretched():
    image = np.linspace(-123, 151, 48).reshape(4, 4, 3)
    with pytest.raises(BadArgumentError, match="preprocessed"):
        plots.image_grid([image])
    shown = plots.as_image(image, stretch=True)
    assert shown.min() == 0 and shown.max() == 255


@pytest.mark.parametrize("shape", [(3, 4, 5), (2, 2, 2, 3), (5,), (0, 4, 3)])
def test_other_shapes_are_refused_and_named(shape):
    with pytest.raises(BadArgumentError, match=re.escape(str(shape))):
        plots.as_image(np.zeros(shape))


def test_nan_in_an_image_is_refused():
    with pytest.raises(BadArgumentError, match="finite"):
        plots.as_image(np.full((2, 2), np.nan))


def test_a_grid_takes_one_image_a_batch_or_pil_images_of_different_sizes(image):
    from PIL import Image

    assert len(plots.image_grid(image)) == 1
    assert len(plots.image_grid(np.stack([image] * 7))) == 7
    assert len(plots.image_grid([Image.fromarray(image), image[:10]])) == 2


def test_a_grid_without_images_or_with_too_few_titles_is_refused(image):
    with pytest.raises(BadArgumentError, match="At least one image"):
        plots.image_grid([])
    with pytest.raises(BadArgumentError, match="2 images and 1 titles"):
        plots.image_grid([image, image], titles=["one"])


def test_the_five_bars_say_names_and_percentages_in_words_too(image):
    image_axes, bars = plots.top_five(image, [ESPRESSO])
    assert plots.description(bars) == (
        "An image and its 5 most probable classes: espresso 94 %, cup 3.1 %, coffee mug 1.2 %, soup bowl 0.4 %, eggnog < 0.1 %."
    )
    assert [label.get_text() for label in bars.get_yticklabels()][:2] == ["espresso", "cup"]
    assert bars.patches[0].get_width() == pytest.approx(94.2)
    assert image_axes.images[0].get_array().shape == image.shape


def test_several_images_get_one_row_each(image):
    axes = plots.top_five([image, image], [ESPRESSO, ESPRESSO[1:]])
    assert axes.shape == (2, 2)
    assert "Image 2 and its 4 most probable classes: cup 3.1 %" in plots.description(axes)


@pytest.mark.parametrize("decoded", [[[("n", "cup", 31.0)]], [[("n", "cup", "much")]], [[]]])
def test_predictions_that_are_none_are_refused(image, decoded):
    with pytest.raises(BadArgumentError, match="decode_predictions"):
        plots.top_five(image, decoded)


def test_images_and_predictions_must_match(image):
    with pytest.raises(BadArgumentError, match="2 images and 1 lists"):
        plots.top_five([image, image], [ESPRESSO])


def test_mistakes_are_shown_most_confident_first_and_only_they(image):
    axes = plots.mistakes_grid([image] * 4, [0, 1, 2, 0], [0, 2, 0, 1], [0.9, 0.5, 0.8, 0.7], class_names=NAMES, most=2)
    assert len(axes) == 2
    assert plots.description(axes) == (
        "3 of 4 images misclassified, the most confident mistake first: "
        "fruit and vegetable predicted as bird (80 %) and bird predicted as fish (70 %)."
    )


def test_a_model_without_mistakes_gets_a_figure_that_says_so(image):
    axes = plots.mistakes_grid([image], [1], [1], class_names=NAMES)
    assert plots.description(axes) == "No mistakes in 1 image."


def test_the_confusion_matrix_counts_rows_by_true_class():
    ax = plots.confusion_matrix([0, 0, 0, 1], [0, 0, 1, 1], ["cat", "dog"])
    assert [text.get_text() for text in ax.texts] == ["2\n67 %", "1\n33 %", "0", "1\n100 %"]
    assert "Confusion matrix of 4 images: accuracy 75 %" in plots.description(ax)
    assert "cat predicted as dog, 1 time." in plots.description(ax)


@pytest.mark.parametrize(("true", "predicted"), [([0, 3], [0, 1]), ([0], [0, 1]), ([[1, 0]], [[1, 0]]), ([0.5], [0.5])])
def test_class_numbers_that_cannot_be_are_refused(true, predicted):
    with pytest.raises(BadArgumentError):
        plots.confusion_matrix(true, predicted, NAMES)


def test_every_class_of_a_map_has_its_own_colour_and_marker():
    points = np.random.default_rng(0).normal(size=(60, 2))
    ax = plots.embedding_map(points, np.arange(60) % 12, [f"class {i}" for i in range(12)])
    looks = {(tuple(group.get_facecolor()[0]), group.get_paths()[0].vertices.tobytes()) for group in ax.collections}
    assert len(looks) == 12
    assert len({marker for _, marker in looks}) >= 8


def test_accuracies_outside_their_interval_or_in_percent_are_refused():
    for wrong in [(0.9, 0.1, 0.8), (79, 71, 86), (0.5, 0.6)]:
        with pytest.raises(BadArgumentError, match="low <= accuracy <= high"):
            plots.accuracy_bars({"x": wrong})


def test_two_stages_are_joined_and_the_start_of_fine_tuning_is_marked_between_them():
    stage = {"loss": [1.0, 0.5, 0.4], "accuracy": [0.4, 0.6, 0.7]}
    loss, accuracy = plots.learning_curves([stage, stage])
    assert len(loss.lines[0].get_xdata()) == 6
    assert loss.lines[-1].get_xdata()[0] == 3.5
    assert accuracy.get_ylabel() == "accuracy (%)"
    assert "Fine-tuning starts after epoch 3." in plots.description(loss)


def test_curves_differ_by_line_and_marker_not_by_colour_alone():
    loss = plots.learning_curves({"loss": [1, 0.5], "val_loss": [1.1, 0.9]})[0]
    training, validation = loss.lines[:2]
    assert training.get_linestyle() != validation.get_linestyle()
    assert training.get_marker() != validation.get_marker()


def test_an_empty_history_is_refused():
    with pytest.raises(BadArgumentError, match=r"model\.fit"):
        plots.learning_curves({})


@pytest.mark.parametrize(
    ("first_curve", "second_curve", "expected"),
    [
        ([50, 50, 50], [0, 60, 120], 50 / 6),
        ([5, 5, 5], [5, 6, 7], 0),
        ([1, 1, 1], [2, 2, 2], None),
        ([3, 2, 1], [1, 1, 1], 20),
    ],
)
def test_the_break_even_point_is_where_the_lines_meet(first_curve, second_curve, expected):
    found = crossing_point(np.array([0.0, 10, 20]), first_curve, second_curve)
    assert found == (expected if expected is None else pytest.approx(expected))


def test_break_even_says_so_when_curves_never_meet():
    ax = plots.break_even([0, 1], {"cached": [5, 5], "end to end": [1, 2]})
    assert "do not cross; end to end is cheaper at the end" in plots.description(ax)


def test_break_even_marks_every_method_against_the_second():
    ax = plots.break_even(
        [0, 10], {"cached": [20, 20], "end to end": [0, 100], "4 copies": [80, 80], "never": [200, 200]}
    )
    (stars,) = [line for line in ax.lines if line.get_marker() == "*"]
    assert stars.get_xydata().tolist() == [[2, 20], [8, 80]]
    assert (
        "The costs of cached and end to end are equal at 2.0 epochs. The costs of 4 copies and end to end are equal at 8.0 epochs."
        in (plots.description(ax))
    )


def test_filters_of_a_layer_without_a_kernel_are_refused(network):
    with pytest.raises(BadArgumentError, match="Conv2D"):
        plots.filters(network.get_layer("head"))


def test_silent_feature_maps_are_called_silent():
    maps = np.random.default_rng(0).random((1, 4, 4, 3))
    maps[..., 1] = 0
    axes = plots.feature_maps(maps)
    assert [ax.get_title() for ax in axes] == ["0", "silent", "2"]
    with pytest.raises(BadArgumentError, match="0 to 2"):
        plots.feature_maps(maps, channels=[3])
    with pytest.raises(BadArgumentError, match=r"maps\[0\]"):
        plots.feature_maps(np.zeros((2, 4, 4, 3)))


def brightness_detector():
    """A model whose class 1 is the brightness of the red channel, so that Grad-CAM has a known answer."""
    import keras
    from keras import layers

    model = keras.Sequential(
        [
            keras.Input((8, 8, 3)),
            layers.Conv2D(2, 1, activation="relu", name="conv"),
            layers.GlobalAveragePooling2D(),
            layers.Dense(2, name="scores"),
        ]
    )
    kernel = np.zeros((1, 1, 3, 2), np.float32)
    kernel[0, 0, 0, 0] = kernel[0, 0, 1, 1] = 1  # map 0 is red, map 1 is green
    model.get_layer("conv").set_weights([kernel, np.zeros(2, np.float32)])
    model.get_layer("scores").set_weights([np.array([[-1, 1], [0, 0]], np.float32), np.zeros(2, np.float32)])
    return model


def test_grad_cam_finds_the_patch_that_the_class_looks_at():
    model, image = brightness_detector(), np.zeros((8, 8, 3), np.float32)
    image[1:3, 5:7, 0] = 1  # the red patch, evidence for class 1
    image[6:, :2, 1] = 1  # a green one, which no class looks at
    heat = plots.grad_cam_heatmap(model, image, "conv")
    expected = np.zeros((8, 8))
    expected[1:3, 5:7] = 1
    np.testing.assert_allclose(heat, expected, atol=1e-6)
    assert not plots.grad_cam_heatmap(model, image, "conv", class_index=0).any()
    text = plots.description(plots.grad_cam(image, heat, title="red"))
    assert "top right" in text


def test_grad_cam_names_layers_that_are_missing_or_have_no_maps():
    model, image = brightness_detector(), np.zeros((8, 8, 3), np.float32)
    with pytest.raises(UnknownNameError, match="conv"):
        plots.grad_cam_heatmap(model, image, "convv")
    with pytest.raises(BadArgumentError, match="before the pooling"):
        plots.grad_cam_heatmap(model, image, "scores")
    with pytest.raises(BadArgumentError, match="0 to 1"):
        plots.grad_cam_heatmap(model, image, "conv", class_index=2)


def test_the_strip_tells_moved_layers_and_moved_statistics_apart(network):
    before = inspect.fingerprint(network)
    norm = network.get_layer("block1_bn")
    gamma, beta, mean, variance = norm.get_weights()
    norm.set_weights([gamma, beta, mean + 1, variance])
    network.get_layer("head").set_weights([w + 1 for w in network.get_layer("head").get_weights()])
    ax = plots.changed_strip(inspect.compare(before, inspect.fingerprint(network)))
    assert plots.description(ax) == (
        "A strip of 4 layers. Trained weights moved in 1 of 4: head. BatchNorm statistics moved in all 1."
    )
    moved = [patch for patch in ax.patches if patch.get_hatch()]
    assert [(patch.get_x(), patch.get_y()) for patch in moved] == [(3, 0), (1, 1)]


def test_the_network_strip_shows_frozen_blocks_by_hatch_and_in_words(network):
    network.get_layer("block1_conv").trainable = network.get_layer("block1_bn").trainable = False
    try:
        ax = plots.network_strip(network)
    finally:
        network.trainable = True
    assert [bool(patch.get_hatch()) for patch in ax.patches] == [False, True, True]
    assert (
        "block1 (192 parameters, frozen), block2 (220 parameters, trainable) and head (15 parameters, trainable)"
        in plots.description(ax)
    )


def test_the_palette_has_eight_different_colours():
    assert len({mpl.colors.to_hex(colour) for colour in PALETTE}) == 8
