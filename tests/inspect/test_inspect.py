"""course_utils.inspect: what is trainable, whether the training step knows, what moved, what it costs."""

import subprocess
import sys

import numpy as np
import pytest

from course_utils import inspect
from course_utils.errors import BadArgumentError, UnknownNameError


def small_network(*, name="whole"):
    """A nested model like those of the lessons: a base of two blocks with BatchNorm, and a head."""
    import keras
    from keras import layers

    keras.utils.set_random_seed(3)
    base = keras.Sequential(
        [
            keras.Input((8, 8, 3)),
            layers.Conv2D(4, 3, name="block1_conv"),
            layers.BatchNormalization(name="block1_bn"),
            layers.Conv2D(8, 3, name="block2_conv"),
            layers.BatchNormalization(name="block2_bn"),
        ],
        name="base",
    )
    head = [layers.GlobalAveragePooling2D(name="pool"), layers.Dense(2, activation="softmax", name="head")]
    return keras.Sequential([keras.Input((8, 8, 3)), base, *head], name=name), base


def train_a_little(model):
    rng = np.random.default_rng(0)
    model.fit(rng.random((8, 8, 8, 3), dtype=np.float32), rng.integers(0, 2, 8), verbose=0)


def compile_for_training(model):
    model.compile("adam", "sparse_categorical_crossentropy")


@pytest.fixture(scope="module")
def vgg():
    import keras

    return keras.applications.VGG16(weights=None, include_top=False, input_shape=(224, 224, 3))


def test_importing_the_module_imports_no_keras_and_leaves_the_standard_inspect_alone():
    code = (
        "import sys, course_utils.inspect, course_utils.plots, course_utils.widgets, inspect;"
        "heavy = {'keras', 'tensorflow', 'matplotlib', 'ipywidgets', 'sklearn'} & set(sys.modules);"
        "assert not heavy, heavy; assert hasattr(inspect, 'signature')"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_the_table_counts_every_layer_of_nested_models_and_obeys_their_flags():
    model, base = small_network()
    base.trainable = False
    table = inspect.trainable_table(model)
    assert table.column("name") == [
        "base/block1_conv", "base/block1_bn", "base/block2_conv", "base/block2_bn", "pool", "head", "total",
    ]  # fmt: skip
    assert table.column("parameters") == [112, 16, 296, 32, 0, 18, model.count_params()]
    assert table.column("trainable_parameters") == [0, 0, 0, 0, 0, 18, 18]
    assert table.column("trainable")[:5] == [False, False, False, False, True]


def test_batchnorm_statistics_are_never_counted_as_trainable():
    model, _ = small_network()
    rows = {row["name"]: row for row in inspect.trainable_table(model)}
    assert rows["base/block1_bn"]["parameters"] == 16
    assert rows["base/block1_bn"]["trainable_parameters"] == 8


def test_the_table_of_blocks_says_which_are_partly_trainable():
    model, base = small_network()
    base.get_layer("block2_bn").trainable = False
    base.get_layer("block1_conv").trainable = base.get_layer("block1_bn").trainable = False
    flags = {row["name"]: row["trainable"] for row in inspect.trainable_table(model, by="block")}
    assert flags == {"base/block1": "no", "base/block2": "partly", "pool": None, "head": "yes", "total": None}


def test_the_table_prints_aligned_and_shows_as_html():
    model, _ = small_network()
    table = inspect.trainable_table(model)
    lines = str(table).splitlines()
    assert lines[1].startswith("layer") and lines[2].startswith("-----")
    assert len({line.rstrip().rfind("no") for line in lines if line.endswith("no")}) <= 1
    assert "<td" in table._repr_html_() and "base/block1_conv" in table._repr_html_()
    assert table._repr_html_().count("<tr>") == len(table.rows) + 1


def test_a_model_that_is_not_built_is_refused_with_advice():
    import keras

    with pytest.raises(BadArgumentError, match=r"keras\.Input"):
        inspect.trainable_table(keras.Sequential([keras.layers.Dense(1)]))
    model, _ = small_network()
    with pytest.raises(BadArgumentError, match="'row'"):
        inspect.trainable_table(model, by="row")


@pytest.mark.parametrize(
    ("layer", "block"),
    [
        ("block1_conv2", "block1"),
        ("block_13_expand_relu", "block_13"),
        ("block3b_depthwise_bn", "block3b"),
        ("conv2_block3_1_conv", "conv2_block3"),
        ("conv_dw_7_bn", "conv_7"),
        ("head", None),
        ("block1x1_conv", None),
    ],
)
def test_block_names_are_read_from_layer_names(layer, block):
    assert inspect.block_name(layer) == block


def test_blocks_of_vgg16_are_its_five_and_hold_all_parameters(vgg):
    counts = inspect.parameters_by_block(vgg)
    assert list(counts) == ["block1", "block2", "block3", "block4", "block5"]
    assert sum(counts.values()) == 14_714_688


def test_a_freeze_before_the_first_fit_is_obeyed_and_reported_as_fine():
    model, base = small_network()
    compile_for_training(model)
    base.trainable = False
    assert not inspect.stale_compile(model)
    before = inspect.fingerprint(model)
    train_a_little(model)
    assert not inspect.stale_compile(model)
    assert inspect.compare(before, inspect.fingerprint(model)).moved == ["head"]


def test_a_freeze_after_a_fit_is_reported_as_stale_and_really_is():
    model, base = small_network()
    compile_for_training(model)
    train_a_little(model)
    base.trainable = False
    stale = inspect.stale_compile(model)
    assert stale and not stale.not_trained
    assert [path.split("/")[-2:] for path in stale.still_trained[:2]] == [
        ["block1_conv", "kernel"],
        ["block1_conv", "bias"],
    ]
    assert "compile" in str(stale)
    assert str(stale) in str(inspect.trainable_table(model))
    if stale.ignored:  # TensorFlow: the traced step goes on as before
        before = inspect.fingerprint(model)
        train_a_little(model)
        assert "base/block1_conv" in inspect.compare(before, inspect.fingerprint(model)).moved
    compile_for_training(model)
    assert not inspect.stale_compile(model)


def test_an_unfreeze_after_a_fit_is_reported_as_stale():
    model, base = small_network()
    base.trainable = False
    compile_for_training(model)
    train_a_little(model)
    base.trainable = True
    stale = inspect.stale_compile(model)
    assert len(stale.not_trained) == 8 and not stale.still_trained


def test_a_model_without_compile_is_never_stale():
    model, _ = small_network()
    assert not inspect.stale_compile(model)


def test_comparing_a_model_with_itself_finds_nothing_moved():
    model, _ = small_network()
    comparison = inspect.compare(inspect.fingerprint(model), inspect.fingerprint(model))
    assert comparison.moved == [] == comparison.statistics_moved
    assert len(comparison.unchanged) == 5
    assert set(comparison.column("distance")) == {0.0}


def large_convolution():
    import keras

    return keras.Sequential([keras.Input((4, 4, 512)), keras.layers.Conv2D(512, 3, name="large")])


def test_one_changed_bit_is_found_in_a_large_kernel():
    model = large_convolution()
    before = inspect.fingerprint(model)
    kernel, bias = model.get_layer("large").get_weights()
    kernel[2, 2, 511, 511] = np.nextafter(kernel[2, 2, 511, 511], np.float32(1))
    model.get_layer("large").set_weights([kernel, bias])
    assert inspect.compare(before, inspect.fingerprint(model)).moved == ["large"]


def test_a_fingerprint_stays_small_whatever_the_size_of_the_weight():
    _, weights = inspect.fingerprint(large_convolution())["large"]
    assert weights["kernel"].shape == (3, 3, 512, 512)
    assert weights["kernel"].sketch.nbytes == 2048


def test_distances_are_exact_for_small_weights_and_close_for_large_ones():
    model, base = small_network()
    before = inspect.fingerprint(model)
    head = model.get_layer("head")
    old = np.concatenate([w.ravel() for w in head.get_weights()])
    head.set_weights([w + 0.5 for w in head.get_weights()])
    large = base.get_layer("block2_conv")  # 288 numbers in its kernel: more than are kept one by one
    kernel, bias = large.get_weights()
    change = np.random.default_rng(1).normal(size=kernel.shape).astype(np.float32)
    large.set_weights([kernel + change, bias])
    rows = {row["layer"]: row for row in inspect.compare(before, inspect.fingerprint(model))}
    assert rows["head"]["distance"] == pytest.approx(0.5 * np.sqrt(18) / np.linalg.norm(old), rel=1e-5)
    assert rows["base/block2_conv"]["distance"] == pytest.approx(
        np.linalg.norm(change) / np.linalg.norm(kernel), rel=0.2
    )


def test_moved_batchnorm_statistics_are_listed_apart_from_trained_weights():
    model, base = small_network()
    norm = base.get_layer("block2_bn")
    before = inspect.fingerprint(model)
    gamma, beta, mean, variance = norm.get_weights()
    norm.set_weights([gamma, beta, mean + 1, variance])
    comparison = inspect.compare(before, inspect.fingerprint(model))
    assert comparison.moved == []
    assert comparison.statistics_moved == ["base/block2_bn"]
    assert "base/block2_bn" not in comparison.unchanged
    assert "BatchNorm statistics moved in 1 of 2 layers." in str(comparison)


def test_layers_in_only_one_of_two_models_are_named():
    model, base = small_network()
    shorter = type(model)([*base.layers[:2]], name="shorter")
    comparison = inspect.compare(inspect.fingerprint(shorter), inspect.fingerprint(base))
    assert comparison.only_before == []
    assert comparison.only_after == ["block2_conv", "block2_bn"]
    assert "Only in the second: block2_conv, block2_bn." in str(comparison)


def test_fingerprints_without_a_common_layer_are_refused_with_advice():
    model, base = small_network()
    with pytest.raises(BadArgumentError, match=r"block1_conv.*get_layer"):
        inspect.compare(inspect.fingerprint(base), inspect.fingerprint(model))


def test_comparing_other_things_than_fingerprints_says_what_to_do():
    model, _ = small_network()
    with pytest.raises(BadArgumentError, match=r"fingerprint\(model\)"):
        inspect.compare(model, model)


def test_comparing_different_shapes_names_the_layer():
    import keras

    one, two = (keras.Sequential([keras.Input((3,)), keras.layers.Dense(units, name="same")]) for units in (1, 2))
    with pytest.raises(BadArgumentError, match="'same'"):
        inspect.compare(inspect.fingerprint(one), inspect.fingerprint(two))


def test_multiply_adds_match_the_published_totals(vgg):
    import keras

    by_block = inspect.multiply_adds_by_block(vgg)
    assert round(sum(by_block.values()) / 1e9, 1) == 15.3
    assert by_block["block5"] / sum(by_block.values()) == pytest.approx(0.0904, abs=1e-4)
    mobilenet = keras.applications.MobileNetV2(weights=None)
    assert round(sum(inspect.multiply_adds_by_block(mobilenet).values()) / 1e6) == 301


def test_training_the_last_block_costs_less_than_the_first_although_it_has_more_parameters(vgg):
    last = inspect.training_cost(vgg, trainable=["block5"])
    first = inspect.training_cost(vgg, trainable=["block1"])
    frozen = inspect.training_cost(vgg, trainable=[])
    assert last.trainable > first.trainable
    assert last.seconds < first.seconds
    assert frozen.backward == 0 and frozen.trainable == 0
    assert frozen.memory == 4 * 14_714_688
    assert frozen.memory < last.memory < first.memory


def test_cost_estimates_leave_the_model_as_it_is():
    model, _ = small_network()
    flags = [layer.trainable for _, layer in inspect.leaf_layers(model)]
    inspect.training_cost(model, trainable=["head"])
    assert [layer.trainable for _, layer in inspect.leaf_layers(model)] == flags


def test_wrong_blocks_and_numbers_and_models_without_size_are_refused(vgg):
    import keras

    with pytest.raises(UnknownNameError, match="block5"):
        inspect.training_cost(vgg, trainable=["blok5"])
    with pytest.raises(BadArgumentError, match="images"):
        inspect.training_cost(vgg, trainable=[], images=0)
    open_size = keras.Sequential([keras.Input((None, None, 3)), keras.layers.Conv2D(2, 3)])
    with pytest.raises(BadArgumentError, match="input_shape"):
        inspect.multiply_adds_by_block(open_size)
