"""course_utils.widgets: what they compute, what they show when something is pressed, and their static fallbacks."""

import re
from html.parser import HTMLParser

import matplotlib as mpl
import matplotlib.pyplot as plt
import nbclient
import nbformat
import numpy as np
import pytest

from course_utils import widgets
from course_utils.errors import BadArgumentError, UnknownNameError
from course_utils.plots.text import readable_bytes, readable_seconds
from course_utils.widgets.costs import ExtractionCosts
from course_utils.widgets.freeze import runs_of_blocks
from course_utils.widgets.guess import compare_guess, read_number
from course_utils.widgets.parts import html_to_text
from course_utils.widgets.viewers import augmented, layers_with_maps

QUESTIONS = [
    {
        "question": "Why does `trainable = False` after a `fit` change nothing?",
        "options": ["The step was built at the first `fit`", "It needs a GPU"],
        "answer": 0,
        "why": ["It keeps the weights it had then.", "No device is involved."],
    },
    {
        "question": "Which layers transfer furthest?",
        "options": ["late ones", "early ones", "none"],
        "answer": 1,
        "why": ["They see the old task's objects.", "They see edges & textures.", "Some do."],
    },
]


@pytest.fixture(autouse=True)
def headless():
    mpl.use("Agg")
    plt.close("all")  # what tests of other files left open
    yield
    assert plt.get_fignums() == [], "a widget's figures are not pyplot's, or the notebook would show them twice"


@pytest.fixture(scope="module")
def network():
    import keras
    from keras import layers

    keras.utils.set_random_seed(0)
    return keras.Sequential(
        [
            keras.Input((16, 16, 3)),
            layers.Conv2D(20, 3, name="block1_conv"),
            layers.Conv2D(4, 3, activation="relu", name="block2_conv"),
            layers.GlobalAveragePooling2D(name="pool"),
            layers.Dense(3, name="head"),
        ],
        name="tiny",
    )


@pytest.fixture
def image():
    return np.random.default_rng(0).integers(0, 256, (16, 16, 3), dtype=np.uint8)


def test_checking_an_answer_explains_it_and_counts_the_right_ones():
    quiz = widgets.quiz(QUESTIONS)
    quiz.radios[0].index = 1
    quiz.buttons[0].click()
    assert "Not this one." in quiz.feedback[0].value and "No device is involved." in quiz.feedback[0].value
    assert "0 of 2 right, 1 answered" in quiz.score_line.value
    quiz.radios[0].index = 0
    quiz.buttons[0].click()
    assert "Right." in quiz.feedback[0].value and "It keeps the weights it had then." in quiz.feedback[0].value
    quiz.radios[1].index = 1
    quiz.buttons[1].click()
    assert "edges &amp; textures" in quiz.feedback[1].value
    assert "2 of 2 right, 2 answered" in quiz.score_line.value


def test_checking_without_a_choice_asks_for_one_and_counts_nothing():
    quiz = widgets.quiz(QUESTIONS)
    quiz.buttons[0].click()
    assert "Choose an answer first." in quiz.feedback[0].value
    assert "0 answered" in quiz.score_line.value


def test_the_quiz_on_paper_holds_every_question_option_and_explanation_with_the_answers_folded():
    fallback = widgets.quiz(QUESTIONS).fallback
    unfolded = re.sub(r"<details>.*?</details>", "", fallback)
    for question in QUESTIONS:
        for option, why in zip(question["options"], question["why"], strict=True):
            assert option.replace("`", "") in html_to_text(unfolded)
            assert why in html_to_text(fallback) and why not in html_to_text(unfolded)
    assert fallback.count("<details>") == fallback.count("<summary>") == 2
    assert "<strong>Right.</strong> They see edges" in fallback
    assert not re.search(r"<h\d", fallback), "a heading here would break the order of the page's headings"


def test_a_verdict_is_withdrawn_when_another_answer_is_chosen():
    shown = widgets.quiz(QUESTIONS)
    shown.radios[0].index = 0
    shown.buttons[0].click()
    assert "Right." in shown.feedback[0].value and "1 of 2 right, 1 answered" in shown.score_line.value
    shown.radios[0].index = 1
    assert "check it again" in shown.feedback[0].value and "0 of 2 right, 0 answered" in shown.score_line.value
    shown.buttons[0].click()
    assert "No device is involved" in shown.feedback[0].value and "0 of 2 right, 1 answered" in shown.score_line.value


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"why": ["only one"]}, "Explain the wrong ones too"),
        ({"options": ["same", "same"]}, "different options"),
        ({"answer": 2}, "index from 0 to 1"),
        ({"answer": "0"}, "index from 0 to 1"),
        ({"hint": "no such key"}, "exactly the keys"),
    ],
)
def test_a_faulty_question_is_refused_and_its_number_named(change, message):
    with pytest.raises(BadArgumentError, match=message) as caught:
        widgets.quiz([QUESTIONS[1], QUESTIONS[0] | change])
    assert "uestion 2" in str(caught.value)


def test_an_empty_quiz_is_refused():
    with pytest.raises(BadArgumentError, match="at least one question"):
        widgets.quiz([])


def test_checking_a_block_changes_counts_memory_and_seconds_and_leaves_the_model_alone(network):
    explorer = widgets.freeze_explorer(network)
    assert list(explorer.boxes) == ["block1", "block2", "head"]
    explorer.none_button.click()
    nothing, shown = explorer.cost, explorer.output.value
    assert nothing.trainable == 0
    explorer.boxes["block2"].value = True
    assert explorer.cost.trainable == 3 * 3 * 20 * 4 + 4
    assert explorer.cost.seconds > nothing.seconds and explorer.cost.memory > nothing.memory
    assert explorer.output.value != shown and "724" in explorer.output.value
    explorer.all_button.click()
    assert explorer.cost.trainable == network.count_params()
    assert network.trainable and all(layer.trainable for layer in network.layers)


def test_the_boxes_start_as_the_model_is(network):
    network.get_layer("block1_conv").trainable = False
    try:
        explorer = widgets.freeze_explorer(network)
    finally:
        network.trainable = True
    assert [box.value for box in explorer.boxes.values()] == [False, True, True]


def test_the_freeze_explorer_on_paper_is_a_table_from_nothing_to_everything(network):
    text = html_to_text(widgets.freeze_explorer(network).fallback)
    assert "none  0  " in text
    assert f"all  {network.count_params():,}  " in text
    assert "the last 1, from head" in text
    assert "from an assumed 60 billion multiply-adds per second" in text


def test_many_blocks_are_gathered_into_few_boxes():
    import keras

    deep = keras.Sequential([keras.Input((4,)), *(keras.layers.Dense(2, name=f"layer{i}") for i in range(50))])
    runs = runs_of_blocks(deep)
    assert len(runs) <= 24
    assert [name for run in runs.values() for name in run] == [f"layer{i}" for i in range(50)]
    assert next(iter(runs)) == "layer0 to layer2"


@pytest.mark.parametrize(
    ("count", "text"), [(12, "12 bytes"), (1500, "1.5 kB"), (58_858_752, "58.9 MB"), (2e9, "2 GB")]
)
def test_bytes_are_written_for_people(count, text):
    assert readable_bytes(count) == text


def test_choosing_layer_and_page_shows_other_feature_maps(network, image):
    browser = widgets.feature_map_browser(network, image)
    assert browser.layer.options == ("block1_conv", "block2_conv")
    assert browser.page.max == 2  # twenty maps, sixteen to a page
    seen = {browser.output.value}
    browser.page.value = 2
    assert "4 of 20 feature maps" in browser.output.value
    seen.add(browser.output.value)
    browser.layer.value = "block2_conv"
    seen.add(browser.output.value)
    assert len(seen) == 3
    assert browser.page.value == 1 and 'alt="block2_conv, 12 by 12' in browser.output.value


def test_the_browser_computes_what_the_layer_puts_out(network, image):
    import keras

    maps = widgets.feature_map_browser(network, image).maps("block1_conv")
    kernel, bias = network.get_layer("block1_conv").get_weights()
    expected = (image[:3, :3].astype(np.float64)[..., None] * kernel).sum(axis=(0, 1, 2)) + bias
    np.testing.assert_allclose(maps[0, 0], expected, rtol=1e-3, atol=1e-2)
    assert layers_with_maps(keras.Sequential([keras.Input((4,)), keras.layers.Dense(1)])) == []


def test_the_browser_refuses_unknown_layers_and_several_images(network, image):
    with pytest.raises(UnknownNameError, match="block2_conv"):
        widgets.feature_map_browser(network, image, layers=["block2_convv"])
    with pytest.raises(BadArgumentError, match="One image"):
        widgets.feature_map_browser(network, np.stack([image, image]))


def test_drawing_again_shows_other_copies_of_the_same_image(image):
    import keras

    viewer = widgets.augmentation_viewer(keras.layers.RandomBrightness(0.8, seed=1), image, count=3)
    before, shown = viewer.copies, viewer.output.value
    viewer.button.click()
    assert viewer.copies.shape == (3, 16, 16, 3)
    assert not np.array_equal(before, viewer.copies) and viewer.output.value != shown
    viewer.count.value = 5
    assert len(viewer.copies) == 5 and "5 augmented copies" in viewer.output.value


def test_copies_stay_within_the_range_of_the_image(image):
    import keras

    double = keras.layers.Rescaling(2.0)
    assert augmented(double, image, count=1).max() == 255
    assert augmented(double, image / 255, count=1).max() == 1


def test_an_augmentation_that_returns_no_images_is_refused(image):
    import keras

    with pytest.raises(BadArgumentError, match="returned"):
        widgets.augmentation_viewer(keras.layers.Flatten(), image)


def test_extraction_costs_follow_from_counting():
    costs = ExtractionCosts(100, epochs=10, base_seconds=0.02, head_seconds=0.001, end_to_end_seconds=0.021, copies=4)
    assert costs.extraction == pytest.approx(4 * 100 * 0.02)
    assert costs.cached == pytest.approx(8 + 10 * 100 * 0.001)
    assert costs.end_to_end == pytest.approx(10 * 100 * 0.021)
    assert costs.break_even == pytest.approx(4)


def test_both_methods_cost_the_same_at_the_break_even_point():
    costs = ExtractionCosts(300, epochs=1, base_seconds=0.02, head_seconds=0.003, copies=3, end_to_end_seconds=0.05)
    costs = costs._replace(epochs=costs.break_even)
    assert costs.cached == pytest.approx(costs.end_to_end)


def test_an_end_to_end_training_that_costs_no_more_than_the_head_never_breaks_even():
    costs = ExtractionCosts(images=1, epochs=1, base_seconds=1, head_seconds=1, end_to_end_seconds=1)
    assert costs.break_even == float("inf")


def test_changing_a_number_changes_sentence_and_figure():
    calculator = widgets.extraction_cost_calculator(images=1000, epochs=20, base_seconds=0.02, head_seconds=0)
    assert (
        "1,000 images, 20 epochs: training on cached features takes 20 s (20 s of them to extract), end to end 6.67 min. "
        "They cost the same at 1 epoch."
    ) in calculator.output.value
    before = calculator.output.value
    calculator.copies.value = 5
    assert "They cost the same at 5 epochs." in calculator.output.value
    assert re.search(r'<img alt="Total time[^"]+cached features, 5 copies', calculator.output.value)
    assert calculator.output.value != before


def test_the_calculator_says_the_break_even_that_follows_from_a_measured_epoch():
    settings = dict(images=100, epochs=20, base_seconds=0.02, head_seconds=0.001, end_to_end_seconds=0.026)
    calculator = widgets.extraction_cost_calculator(**settings)
    assert calculator.costs.end_to_end == pytest.approx(100 * 20 * 0.026)
    assert calculator.costs.break_even == pytest.approx(0.8)


@pytest.mark.parametrize(("seconds", "text"), [(0.5, "0.5 s"), (119, "119 s"), (900, "15 min"), (9000, "2.5 h")])
def test_times_are_written_for_people(seconds, text):
    assert readable_seconds(seconds) == text


def test_a_prediction_is_noted_and_shown_beside_the_result():
    asked = widgets.guess("How many parameters train?", unit="parameters")
    assert asked.value is None and repr(asked.reveal(1281)) == "The answer: 1,281 parameters."
    asked.box.value = " about 1,000 "
    assert "Noted: about 1,000." in asked.note.value
    assert repr(asked.reveal(1281, why="1,280 weights and a bias.")) == (
        "You predicted 1,000 parameters; it is 1,281 parameters: your prediction was 22 % too low. "
        "1,280 weights and a bias."
    )


def test_a_chosen_prediction_is_compared_in_words():
    asked = widgets.guess("Which block costs most?", options=["block1", "block3"])
    asked.box.value = "block1"
    assert repr(asked.reveal("block3")) == "You predicted block1; it is block3."
    asked.box.value = "block3"
    assert repr(asked.reveal("block3")) == "You predicted block3, and it is block3."


def test_what_a_reader_types_is_shown_as_text_never_run_as_html():
    asked = widgets.guess("?")
    asked.box.value = "<img src=x onerror=alert(1)>"
    assert "<img" not in asked.note.value and "<img" not in asked.reveal(3)._repr_html_()


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1,281", 1281), ("1 281", 1281), ("about 80 %", 80), ("14.7 million", 14.7e6), ("2e-5", 2e-5),
        ("0,5", 0.5), ("-3", -3), ("20k", 20_000), ("5 m", 5e6), ("12 minutes", 12), ("no idea", None),
    ],
)  # fmt: skip
def test_numbers_are_read_as_people_write_them(text, number):
    assert read_number(text) == (number if number is None else pytest.approx(number))


def test_comparisons_far_off_or_exact_are_said_plainly():
    assert compare_guess("26", 26) == "You predicted 26; it is 26: exactly."
    assert compare_guess("1", 1000, unit="s") == "You predicted 1 s; it is 1,000 s."
    assert compare_guess("many", 4) == "You predicted 'many'; it is 4."
    assert compare_guess("0.9", 0.75) == "You predicted 0.9; it is 0.75: your prediction was 20 % too high."


NOTEBOOK = [
    f"""
import numpy as np
from course_utils import plots, widgets
image = np.arange(3072, dtype=np.uint8).reshape(32, 32, 3)
widgets.quiz({QUESTIONS!r})
""",
    "plots.top_five(image, [('n1', 'espresso', 0.94), ('n2', 'cup', 0.06)])",
    "plots.image_grid([image, image], titles=['one', 'two']);",
    "import matplotlib.pyplot as plt\nplots.confusion_matrix([0, 1], [0, 1], ['cat', 'dog'])\nNone",
    "widgets.extraction_cost_calculator()",
    "question = widgets.guess('How many?', unit='images')\nquestion",
    "question.reveal(3)",
]


def exported(notebook, template):
    from nbconvert import HTMLExporter

    return HTMLExporter(template_name=template).from_notebook_node(notebook)[0]


class Page(HTMLParser):
    """Collects a page's images."""

    def __init__(self, page):
        super().__init__()
        self.alts = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        if tag == "img":
            self.alts.append(dict(attrs).get("alt"))


@pytest.fixture(scope="module")
def executed(tmp_path_factory):
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source.strip()) for source in NOTEBOOK])
    folder = tmp_path_factory.mktemp("notebook")
    nbclient.NotebookClient(
        notebook, timeout=120, kernel_name="python3", resources={"metadata": {"path": folder}}
    ).execute()
    return notebook


def test_every_figure_of_an_executed_notebook_is_shown_once_and_no_axes_are_printed(executed):
    assert [len(cell.outputs) for cell in executed.cells] == [2, 1, 1, 1, 2, 2, 1]
    for cell in executed.cells[1:4]:
        data = cell.outputs[0].data
        assert set(data) == {"text/html", "image/png", "text/plain"}
        assert data["text/plain"] in html_to_text(data["text/html"])
        assert cell.outputs[0].metadata["image/png"]["alt"] == data["text/plain"]


def test_a_widget_leaves_a_live_view_and_its_fallback_in_the_notebook(executed):
    live, fallback = executed.cells[0].outputs
    assert "application/vnd.jupyter.widget-view+json" in live.data
    assert "Which layers transfer furthest?" in fallback.data["text/html"]
    assert "Which layers transfer furthest?" in fallback.data["text/plain"]


@pytest.mark.parametrize("template", ["lab", "classic"])
def test_every_image_of_an_html_export_has_an_alt_text_and_every_widget_its_fallback(executed, template):
    page = exported(executed, template)
    alts = Page(page).alts
    assert len(alts) == 4
    assert alts[0] == "An image and its 2 most probable classes: espresso 94 %, cup 6.0 %."
    assert all(alts) and not any("No description" in alt for alt in alts)
    for text in ("They see edges &amp; textures.", "They cost the same at 1 epoch.", "How many?"):
        assert text in page


@pytest.fixture
def shown_in_a_notebook(network, image, monkeypatch):
    """A notebook whose cells show what needs a network, in this process: a kernel takes seconds to import Keras."""
    import keras

    cells = []
    monkeypatch.setattr(
        "IPython.display.display",
        lambda data, raw: cells[-1].outputs.append(nbformat.v4.new_output("display_data", data)),
    )
    for widget in (
        widgets.freeze_explorer(network),
        widgets.feature_map_browser(network, image),
        widgets.augmentation_viewer(keras.layers.RandomBrightness(0.8, seed=1), image, count=3),
    ):
        cells.append(nbformat.v4.new_code_cell())
        widget._ipython_display_()
    return nbformat.v4.new_notebook(cells=cells)


@pytest.mark.parametrize("template", ["lab", "classic"])
def test_an_html_export_shows_costs_as_a_table_and_maps_and_copies_as_described_images(shown_in_a_notebook, template):
    page = exported(shown_in_a_notebook, template)
    costs, maps, copies = re.findall(r'<div class="course-fallback">(.*?)</div>', page, flags=re.DOTALL)
    assert ">What training costs in tiny, by how many blocks are trained</caption>" in costs
    assert re.findall(r'<th scope="col".*?>(.*?)</th>', costs)[:2] == ["blocks trained", "trainable parameters"]
    rows = re.findall(r"<tr><td.*?>(.*?)</td><td.*?>(.*?)</td>", costs)
    assert rows == [
        ("none", "0"),
        ("the last 1, from head", "15"),
        ("the last 2, from block2", "739"),
        ("all", "1,299"),
    ]
    assert Page(costs).alts == []
    first, last = Page(maps).alts
    assert first.startswith("block1_conv, 14 by 14, channels 0 to 15 of 20. 16 of 20 feature maps")
    assert last.startswith("block2_conv, 12 by 12, channels 0 to 3 of 4. 4 of 4 feature maps")
    assert Page(copies).alts == ["The original image and 3 augmented copies of it."]
    assert Page(page).alts == [first, last, *Page(copies).alts]
    assert page.count('src="data:image/png;base64,') == 3
