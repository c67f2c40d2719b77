"""What course_utils.features promises: the numbers of base.predict, once computed, and never a stale or damaged one."""

import dataclasses
import itertools
import json
import os
import shutil
import signal
import subprocess
import sys
import time

import numpy as np
import pytest
import safetensors.numpy
from PIL import Image, ImageOps

from course_utils import features, models
from course_utils.data import load_folder
from course_utils.data.files import image_files
from course_utils.errors import BadArgumentError, NotAvailableError, StoreError, UnknownNameError
from course_utils.features import best_precision, extract, load_features, save_features
from course_utils.features.store import read_entry, write_entry
from course_utils.models.tensor_file import write_tensors
from course_utils.storage import writing_folder

SIZE = 16
KEY = "ab" * 32


def make_base(*, pooling="avg", cut=None, activation="relu", size=SIZE):
    import keras

    keras.utils.set_random_seed(7)
    inputs = keras.Input((size, size, 3))
    x = keras.layers.Conv2D(4, 3, strides=2, activation=activation, name="first")(inputs)
    x = keras.layers.BatchNormalization(name="norm")(x)
    x = keras.layers.Conv2D(6, 3, strides=2, activation=activation)(x)
    if pooling == "avg":
        x = keras.layers.GlobalAveragePooling2D()(x)
    elif pooling == "max":
        x = keras.layers.GlobalMaxPooling2D()(x)
    model = keras.Model(inputs, x, name="small")
    return model if cut is None else keras.Model(model.input, model.get_layer(cut).output, name="small")


@pytest.fixture(scope="module")
def base():
    return make_base()


@pytest.fixture
def images():
    return np.random.default_rng(3).integers(0, 256, (10, SIZE, SIZE, 3), dtype=np.uint8)


@pytest.fixture
def store(tmp_path):
    return tmp_path / "store"


@pytest.fixture
def folder(tmp_path, images):
    """Ten image files whose alphabetical order is the order of ``images``."""
    place = tmp_path / "images"
    for name in ("a", "b"):
        (place / name).mkdir(parents=True)
    for i, image in enumerate(images):
        Image.fromarray(image).save(place / f"{'a/a' if i < 5 else 'b/'}{i:02}.png")
    return place


def entries(store):
    return {place.name for place in store.glob("[0-9a-f]*")}


# The numbers


@pytest.mark.parametrize("batch_size", [1, 3, 4, 10, 32])
def test_gives_what_predict_gives_whatever_the_batch_size(base, images, store, batch_size):
    expected = base.predict(images.astype("float32"), verbose=0)
    first = extract(base, images, batch_size=batch_size, store=store)
    again = extract(base, images, batch_size=batch_size, store=store)
    assert first.dtype == np.float32
    assert first.shape == (10, 6)
    np.testing.assert_allclose(first, expected, rtol=1e-5, atol=1e-5)
    np.testing.assert_array_equal(first, again)


def test_vgg16_with_its_preprocessing_by_name_by_function_and_by_hand(store):
    vgg = models.load_base("vgg16", weights=None, input_shape=(32, 32, 3), pooling="avg")
    images = np.random.default_rng(0).integers(0, 256, (6, 32, 32, 3), dtype=np.uint8)
    expected = vgg.predict(models.preprocess("vgg16", images), verbose=0)
    for how in ("vgg16", "auto", lambda batch: models.preprocess("vgg16", batch)):
        np.testing.assert_allclose(extract(vgg, images, preprocess=how, store=store), expected, rtol=1e-4, atol=1e-5)
    by_hand = extract(vgg, models.preprocess("vgg16", images), store=store)
    np.testing.assert_allclose(by_hand, expected, rtol=1e-4, atol=1e-5)
    raw = extract(vgg, images, store=store)
    assert np.abs(raw - expected).max() > 1e-3


def test_feature_maps_keep_their_shape(images, store):
    base = make_base(pooling=None)
    assert extract(base, images, store=store).shape == (10, 3, 3, 6)
    assert extract(base, images, store=store).shape == (10, 3, 3, 6)


def test_the_result_is_the_callers_own(base, images, store):
    first = extract(base, images, store=store)
    kept = first.copy()
    first[:] = 0
    second = extract(base, images, store=store)
    np.testing.assert_array_equal(second, kept)
    second[:] = 0
    np.testing.assert_array_equal(extract(base, images, store=store), kept)


def test_a_function_that_writes_into_its_argument_leaves_the_images_alone(base, images, store):
    def in_place(batch):
        batch /= 255.0
        return batch

    floats = images.astype("float32")
    got = extract(base, floats, preprocess=in_place, store=store)
    np.testing.assert_array_equal(floats, images.astype("float32"))
    np.testing.assert_allclose(got, base.predict(images / np.float32(255), verbose=0), rtol=1e-5, atol=1e-5)


def test_bfloat16_is_near_float32_and_kept_apart_from_it(base, images, store):
    exact = extract(base, images, store=store)
    rough = extract(base, images, precision="bfloat16", store=store)
    assert rough.dtype == np.float32
    assert np.abs(rough - exact).max() > 0
    np.testing.assert_allclose(rough, exact, rtol=0.05, atol=0.05 * np.abs(exact).max())
    assert len(entries(store)) == 2
    assert base.dtype_policy.name == "float32"


def test_auto_precision_is_the_best_one_for_the_base(base, images, store):
    extract(base, images, precision="auto", store=store)
    (key,) = entries(store)
    assert json.loads((store / key / "about.json").read_text())["precision"] == best_precision(base)


def test_bfloat16_is_best_where_it_is_in_hardware_and_nothing_is_depthwise(monkeypatch):
    import keras
    from keras import layers

    from course_utils import hardware, models

    def inside(layer):
        return keras.Sequential([keras.Input((32, 32, 3)), keras.Sequential([layers.Conv2D(4, 3), layer])])

    plain = (models.load_base("vgg16", weights=None, input_shape=(32, 32, 3)), inside(layers.GroupNormalization(2)))
    thin = (
        models.load_base("mobilenet_v2", weights=None, input_shape=(32, 32, 3)),
        models.load_base("efficientnet_lite0", weights=None, input_shape=(32, 32, 3)),
        inside(layers.SeparableConv2D(4, 3)),
        keras.Sequential([keras.Input((2, 32, 32, 3)), layers.TimeDistributed(layers.DepthwiseConv2D(3))]),
    )
    for in_hardware, gpus, expected in (
        (False, [], ("float32", "float32")),
        (True, [], ("bfloat16", "float32")),
        (False, ["a GPU"], ("bfloat16", "bfloat16")),
    ):
        monkeypatch.setattr(hardware, "has_avx512_bf16", lambda in_hardware=in_hardware: in_hardware)
        monkeypatch.setattr(hardware, "gpu_names", lambda gpus=gpus: gpus)
        assert {best_precision(base) for base in plain} == {expected[0]}
        assert {best_precision(base) for base in thin} == {expected[1]}


# Where images come from


def test_array_file_map_folder_and_paths_give_the_same(base, images, folder, tmp_path, store):
    np.save(tmp_path / "images.npy", images)
    expected = extract(base, images, store=False)
    mapped = np.load(tmp_path / "images.npy", mmap_mode="r")
    paths = sorted(p for p in folder.rglob("*.png"))
    sources = (
        tmp_path / "images.npy",
        str(tmp_path / "images.npy"),
        mapped,
        folder,
        paths,
        [str(p) for p in paths],
    )
    for source in sources:
        for where in (store, store, False):
            np.testing.assert_array_equal(extract(base, source, batch_size=4, store=where), expected)


def test_rows_of_a_folder_are_those_of_its_labels_in_keras_s_order(base, folder):
    import keras

    for clutter in (".ipynb_checkpoints", "__MACOSX", "a/.ipynb_checkpoints"):
        (folder / clutter).mkdir()
        shutil.copy(folder / "b" / "05.png", folder / clutter / "05.png")
    keras_sees = folder.with_name("without_clutter")
    shutil.copytree(folder, keras_sees, ignore=shutil.ignore_patterns(".*", "__*"))
    (folder / "a" / "._a.png").write_bytes(b"junk")
    (folder / "b" / "notes.txt").write_text("Not an image.")
    for place in (folder, keras_sees):
        for name in ("a/z.png", "a/b c/1.png", "a/b/z.png", "a/B/1.png", "B/1.png", "b/Ä.png", "b/10.png", "b/9.png"):
            (place / name).parent.mkdir(exist_ok=True, parents=True)
            Image.fromarray(np.full((SIZE, SIZE, 3), sum(map(ord, name)) % 256, np.uint8)).save(place / name)
    loaded = load_folder(folder, size=SIZE)
    seen = keras.utils.image_dataset_from_directory(
        keras_sees, image_size=(SIZE, SIZE), batch_size=32, shuffle=False, verbose=False
    )
    assert loaded.class_names == seen.class_names == ["B", "a", "b"]
    ((images, labels),) = seen
    np.testing.assert_array_equal(loaded.images, images)
    np.testing.assert_array_equal(loaded.labels, labels)
    assert loaded.paths == image_files(folder)[0]
    rows = extract(base, folder, store=False)
    assert len(rows) == 18
    np.testing.assert_array_equal(rows, extract(base, loaded.images, store=False))
    np.testing.assert_array_equal(rows, extract(base, loaded.paths, store=False))


def test_what_load_folder_would_leave_out_with_a_word_is_an_error(base, folder):
    link = folder / "b" / "link.png"
    link.symlink_to(folder / "b" / "05.png")
    with pytest.raises(BadArgumentError, match=r"b/link\.png is left out: a link, which is not followed"):
        extract(base, folder, store=False)
    assert len(extract(base, [link], store=False)) == 1
    link.unlink()
    shutil.copy(folder / "b" / "05.png", folder / "stray.png")
    with pytest.raises(BadArgumentError, match=r"both hold some: .*stray\.png, .*b/09\.png"):
        extract(base, folder, store=False)


@pytest.mark.parametrize("dtype", [np.uint16, ">u2", np.int32])
def test_integers_above_255_are_refused(base, images, dtype):
    np.testing.assert_array_equal(
        extract(base, images.astype(dtype), store=False), extract(base, images.astype("float32"), store=False)
    )
    with pytest.raises(BadArgumentError, match=r"integers from 0 to 255, received .*\(16-bit images: by 257\)"):
        extract(base, images.astype(dtype) * 257, store=False)
    by_hand = extract(base, images.astype(dtype) * 257, preprocess=lambda batch: batch / np.float32(257), store=False)
    np.testing.assert_allclose(by_hand, extract(base, images, store=False), rtol=1e-4)


def test_a_writable_map_keeps_its_changes(base, images, tmp_path, store):
    np.save(tmp_path / "images.npy", images)
    for mode in ("r+", "c"):
        mapped = np.load(tmp_path / "images.npy", mmap_mode=mode)
        mapped[0] = 255
        changed = np.array(mapped)
        np.testing.assert_array_equal(extract(base, mapped, store=store), extract(base, changed, store=False))
        np.testing.assert_array_equal(mapped, changed)


def test_files_are_resized_turned_upright_and_made_rgb(base, tmp_path):
    rng = np.random.default_rng(1)
    photo = Image.fromarray(rng.integers(0, 256, (40, 60, 3), dtype=np.uint8))
    photo.save(tmp_path / "plain.png")
    exif = Image.Exif()
    exif[0x0112] = 6
    photo.rotate(90, expand=True).save(tmp_path / "turned.png", exif=exif)
    grey = photo.convert("L")
    grey.save(tmp_path / "grey.png")
    Image.merge("RGB", (grey, grey, grey)).save(tmp_path / "grey_rgb.png")
    sixteen = Image.fromarray(np.asarray(grey).astype(np.uint16) * 257)
    sixteen.save(tmp_path / "sixteen.png")
    clear = photo.convert("RGBA")
    clear.putalpha(0)
    clear.save(tmp_path / "clear.png")
    Image.new("RGB", (60, 40), "white").save(tmp_path / "white.png")

    def of(name):
        return extract(base, [tmp_path / f"{name}.png"], store=False)

    expected = np.asarray(ImageOps.fit(photo, (SIZE, SIZE), Image.Resampling.BICUBIC))[None]  # as load_folder does
    np.testing.assert_array_equal(of("plain"), extract(base, expected, store=False))
    for same, other in (("plain", "turned"), ("grey", "grey_rgb"), ("grey", "sixteen"), ("clear", "white")):
        np.testing.assert_array_equal(of(same), of(other))


# The store


def test_nothing_is_computed_twice(base, images, store, monkeypatch):
    first = extract(base, images, store=store)
    ran = []
    monkeypatch.setattr(type(base), "predict_on_batch", lambda *args: ran.append(args))
    np.testing.assert_array_equal(extract(base, images, store=store), first)
    np.testing.assert_array_equal(extract(base, images, batch_size=3, store=store), first)
    assert not ran


def test_the_same_base_built_again_or_frozen_finds_its_features(images, store):
    extract(make_base(), images, store=store)
    other = make_base()
    other.trainable = False
    extract(other, images, store=store)
    assert len(entries(store)) == 1


def test_another_process_finds_the_features(store, tmp_path):
    code = (
        "import sys, numpy as np\n"
        "sys.path[:0] = [sys.argv[2]]\n"
        "from test_features import make_base\n"
        "from course_utils.features import extract\n"
        f"extract(make_base(), np.full((2, {SIZE}, {SIZE}, 3), 9, np.uint8), store=sys.argv[1])\n"
    )
    make_base()  # so that names and numbers of layers differ between the processes
    extract(make_base(), np.full((2, SIZE, SIZE, 3), 9, np.uint8), store=store)
    run([sys.executable, "-c", code, str(store), os.path.dirname(__file__)])
    assert len(entries(store)) == 1


def change_first_weight(base):
    kernel, bias = base.get_layer("first").get_weights()
    kernel.flat[0] = np.nextafter(kernel.flat[0], np.float32(np.inf))
    base.get_layer("first").set_weights([kernel, bias])


def change_moving_mean(base):
    gamma, beta, mean, variance = base.get_layer("norm").get_weights()
    mean[0] += 1
    base.get_layer("norm").set_weights([gamma, beta, mean, variance])


@pytest.mark.parametrize("change", [change_first_weight, change_moving_mean])
def test_a_changed_weight_is_noticed_in_the_same_base(images, store, change):
    base = make_base()
    extract(base, images, store=store)
    change(base)
    fresh = extract(base, images, store=store)
    assert len(entries(store)) == 2
    np.testing.assert_array_equal(fresh, extract(base, images, store=False))


def test_a_changed_image_is_noticed_in_the_same_array(base, images, store):
    before = extract(base, images, store=store)
    images[9, 3, 3, 1] ^= 128
    after = extract(base, images, store=store)
    assert (before[9] != after[9]).any()
    np.testing.assert_array_equal(before[:9], after[:9])


def test_order_selection_and_type_of_the_images_are_noticed(base, images, store):
    extract(base, images, store=store)
    flipped = extract(base, images[::-1], store=store)
    np.testing.assert_allclose(flipped, extract(base, images, store=store)[::-1], rtol=1e-5, atol=1e-5)
    assert len(extract(base, images[:9], store=store)) == 9
    extract(base, images.astype("float32"), store=store)
    assert len(entries(store)) == 4


def test_architecture_cut_pooling_and_activation_are_noticed(images, store):
    variants = [
        make_base(),
        make_base(pooling="max"),
        make_base(pooling=None),
        make_base(cut="first"),
        make_base(cut="norm"),
        make_base(activation="tanh"),  # the same weights throughout
    ]
    shapes = [extract(variant, images, store=store).shape for variant in variants]
    assert shapes == [(10, 6), (10, 6), (10, 3, 3, 6), (10, 7, 7, 4), (10, 7, 7, 4), (10, 6)]
    assert len(entries(store)) == 6
    for variant in variants:
        np.testing.assert_array_equal(extract(variant, images, store=store), extract(variant, images, store=False))


def test_an_activation_replaced_in_a_layer_is_noticed(images, store):
    import keras

    extract(make_base(), images, store=store)
    base = make_base()
    base.layers[1].activation = keras.activations.tanh
    np.testing.assert_array_equal(extract(base, images, store=store), extract(base, images, store=False))
    assert len(entries(store)) == 2


def test_layers_wired_in_another_way_are_noticed(images, store):
    import keras

    def two_branches(swapped):
        keras.utils.set_random_seed(1)
        inputs = keras.Input((SIZE, SIZE, 3))
        a = keras.layers.Conv2D(2, 3)(inputs)
        b = keras.layers.Conv2D(2, 3)(inputs)
        outputs = keras.layers.Subtract()([b, a] if swapped else [a, b])
        return keras.Model(inputs, keras.layers.GlobalMaxPooling2D()(outputs))

    straight = extract(two_branches(False), images, store=store)
    swapped = extract(two_branches(True), images, store=store)
    assert (straight != swapped).any()
    assert len(entries(store)) == 2


def test_a_bases_record_preprocesses_as_its_name_does_and_is_not_looked_up_again(base, images, store):
    import keras

    record = models.find_base("vgg16")
    by_name = extract(base, images, preprocess="vgg16", store=store)
    np.testing.assert_array_equal(extract(base, images, preprocess=record, store=store), by_name)
    assert len(list(store.rglob("about.json"))) == 1  # the same entry
    own = dataclasses.replace(record, name="of my own", preprocessing="tf")  # which the registry does not know
    as_mobilenet = extract(base, images, preprocess="mobilenet_v2", store=False)
    np.testing.assert_array_equal(extract(base, images, preprocess=own, store=store), as_mobilenet)
    abouts = [json.loads(path.read_text("utf-8")) for path in store.rglob("about.json")]
    assert {about["preprocess"] for about in abouts} == {"vgg16", "of my own"}
    flips, labels = keras.Sequential([keras.layers.RandomFlip("horizontal")]), np.zeros(len(images), int)
    about = {"labels": labels, "groups": labels, "copies": 1, "augment": flips, "store": False}
    np.testing.assert_array_equal(
        features.extract_augmented(base, images, preprocess=own, **about).features,
        features.extract_augmented(base, images, preprocess="mobilenet_v2", **about).features,
    )


def test_preprocessing_is_noticed_by_name_and_in_a_function_with_hidden_state(base, images, store):
    results = [extract(base, images, preprocess=name, store=store) for name in ("vgg16", "mobilenet_v2", None)]
    scale = {"by": 2.0}

    def scaled(batch):
        return batch.astype("float32") * scale["by"]

    results.append(extract(base, images, preprocess=scaled, store=store))
    scale["by"] = 3.0  # the same function, whose code and closure look as before
    results.append(extract(base, images, preprocess=scaled, store=store))
    assert len(entries(store)) == 5
    np.testing.assert_array_equal(results[-1], extract(base, images, preprocess=scaled, store=False))
    for one, other in itertools.pairwise(results):
        assert (one != other).any()


def test_a_function_that_draws_at_random_is_never_answered_from_the_store(base, images, store):
    rng = np.random.default_rng(0)

    def noisy(batch):
        return batch + rng.normal(0, 20, batch.shape).astype("float32")

    one = extract(base, images, preprocess=noisy, store=store)
    other = extract(base, images, preprocess=noisy, store=store)
    assert (one != other).any()


def test_the_content_of_files_is_noticed_not_their_name_or_age(base, folder, store):
    before = extract(base, folder, store=store)
    first = folder / "a" / "a00.png"
    os.utime(first, (1, 1))
    first.rename(folder / "a" / "a.png")
    extract(base, folder, store=store)
    assert len(entries(store)) == 1
    Image.new("RGB", (SIZE, SIZE), "red").save(folder / "a" / "a.png")
    after = extract(base, folder, store=store)
    assert (before[0] != after[0]).any()
    np.testing.assert_array_equal(before[1:], after[1:])


def test_a_file_that_changes_while_features_are_computed_is_not_stored_as_the_old_one(base, folder, store):
    class Swapping:
        """Changes a file after it was looked at and before it is read again."""

        def __init__(self):
            self.calls = 0

        def __call__(self, batch):
            self.calls += 1
            if self.calls == 10:
                Image.new("RGB", (SIZE, SIZE), "red").save(folder / "a" / "a00.png")
            return batch

    paths = sorted(folder.rglob("*.png"))
    original = paths[0].read_bytes()
    seen = extract(base, paths, preprocess=Swapping(), batch_size=1, store=store)
    paths[0].write_bytes(original)
    true = extract(base, paths, preprocess=lambda batch: batch, batch_size=1, store=store)
    assert (seen[0] != true[0]).any()
    np.testing.assert_array_equal(true, extract(base, paths, batch_size=1, store=False))


def test_a_base_whose_code_cannot_be_known_is_computed_each_time_and_says_so(images, store, capsys):
    import keras

    factor = [1.0]

    class Mine(keras.layers.Layer):
        def call(self, x):
            return x * factor[0]

    inputs = keras.Input((SIZE, SIZE, 3))
    own = keras.Model(inputs, keras.layers.GlobalAveragePooling2D()(Mine()(inputs)))
    anonymous = keras.Model(inputs, keras.layers.Lambda(lambda x: x * 2.0, output_shape=(SIZE, SIZE, 3))(inputs))

    def my_activation(x):
        return x * 2

    function = keras.Model(inputs, keras.layers.Conv2D(2, 3, activation=my_activation)(inputs))
    for model, name in ((own, "Mine"), (anonymous, "Lambda"), (function, "function")):
        got = extract(model, images, store=store)
        np.testing.assert_allclose(got, model.predict(images.astype("float32"), verbose=0), rtol=1e-5, atol=1e-5)
        said = capsys.readouterr().out
        assert "without the store" in said
        assert name in said
    assert not entries(store)


def truncate(file):
    file.write_bytes(file.read_bytes()[:-7])


def flip_a_bit(file):
    data = bytearray(file.read_bytes())
    data[len(data) // 2 + 40] ^= 1
    file.write_bytes(data)


def grow(file):
    file.write_bytes(file.read_bytes() + b"\0" * 64)


def empty(file):
    file.write_bytes(b"")


@pytest.mark.parametrize("harm", [truncate, flip_a_bit, grow, empty, os.unlink])
@pytest.mark.parametrize("name", ["features.npy", "about.json"])
def test_a_damaged_entry_is_never_handed_back(base, images, store, harm, name):
    good = extract(base, images, store=store)
    (key,) = entries(store)
    harm(store / key / name)
    np.testing.assert_array_equal(extract(base, images, store=store), good)
    np.testing.assert_array_equal(read_entry(store, key), good)
    assert [child.name for child in store.iterdir()] == [key]


def test_an_entry_under_another_key_is_not_believed(base, images, store):
    extract(base, images, store=store)
    (key,) = entries(store)
    os.rename(store / key, store / KEY)
    about = store / KEY / "about.json"
    about.write_text(about.read_text().replace(key, KEY))
    assert read_entry(store, KEY) is None


def run(command, **options):
    environment = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"}
    return subprocess.run(command, check=True, capture_output=True, text=True, env=environment, timeout=300, **options)


WRITER = """
import sys
from pathlib import Path
import numpy as np
from course_utils.features.store import read_entry, write_entry
folder, key = Path(sys.argv[1]), sys.argv[2]
expected = np.arange(200_000, dtype=np.float32).reshape(400, 500)
print("ready", flush=True)
sys.stdin.readline()
for round in range(40):
    write_entry(folder, key, expected, {"base": "b"})
    got = read_entry(folder, key)
    assert got is None or (got == expected).all()
    if round % 7 == int(sys.argv[3]):
        (folder / key / "features.npy").unlink(missing_ok=True)
print("done")
"""


def test_writers_at_once_that_also_damage_entries_never_give_a_wrong_one(store):
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, str(store), KEY, str(number)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for number in range(3)
    ]
    for writer in writers:
        assert writer.stdout.readline() == "ready\n"
    for writer in writers:
        writer.stdin.write("go\n")
        writer.stdin.flush()
    for writer in writers:
        out, problems = writer.communicate(timeout=120)
        assert (writer.returncode, out, problems) == (0, "done\n", "")
    assert not list(store.glob(".*.partial"))


def test_an_entry_that_is_taken_away_while_another_is_being_put_there_makes_room_for_it(tmp_path, monkeypatch):
    target = tmp_path / "entry"
    target.mkdir()
    (target / "damaged").touch()
    rename = os.rename

    def rename_beside_a_cleaner(*paths):
        try:
            rename(*paths)
        except OSError:
            shutil.rmtree(target)  # what another process does with a damaged entry, in just this moment
            raise

    monkeypatch.setattr(os, "rename", rename_beside_a_cleaner)
    with writing_folder(target) as folder:
        (folder / "whole").touch()
    assert [path.name for path in target.iterdir()] == ["whole"]


ENDLESS = """
import sys
from pathlib import Path
import numpy as np
from course_utils.features.store import write_entry
big = np.zeros((64, 1_000_000), np.float32)
print("ready", flush=True)
write_entry(Path(sys.argv[1]), sys.argv[2], big, {})
"""


def test_a_writer_killed_in_the_middle_leaves_nothing_that_is_believed(base, images, store):
    writer = subprocess.Popen([sys.executable, "-c", ENDLESS, str(store), KEY], stdout=subprocess.PIPE, text=True)
    assert writer.stdout.readline() == "ready\n"
    end = time.monotonic() + 60
    while not list(store.glob(".*.partial/features.npy")):
        assert time.monotonic() < end and writer.poll() is None
    writer.send_signal(signal.SIGKILL)
    writer.wait()
    writer.stdout.close()
    leftovers = list(store.glob(".*.partial"))
    assert leftovers and not (store / KEY).exists()
    assert read_entry(store, KEY) is None
    assert entries(store) == set()

    extract(base, images, store=store)
    assert list(store.glob(".*.partial")) == leftovers  # its writer could still be at work
    long_ago = time.time() - 3 * 86400
    os.utime(leftovers[0], (long_ago, long_ago))
    write_entry(store, KEY, np.ones((2, 2), np.float32), {})
    assert not list(store.glob(".*.partial"))


def test_a_store_that_cannot_be_written_costs_nothing_but_a_line(base, images, tmp_path, capsys):
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    got = extract(base, images, store=blocked / "store")
    np.testing.assert_array_equal(got, extract(base, images, store=False))
    said = capsys.readouterr()
    assert "computed but not stored" in said.out
    assert said.out.count("\n") == 1
    assert said.err == ""
    assert blocked.read_text() == "not a folder"


def test_a_full_disk_costs_nothing_but_a_line(base, images, store, capsys):
    resource = pytest.importorskip("resource")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (100, hard))
        got = extract(base, images, store=store)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, before)
    np.testing.assert_array_equal(got, extract(base, images, store=False))
    assert "computed but not stored" in capsys.readouterr().out
    assert list(store.iterdir()) == []


def test_store_false_keeps_nothing_and_none_means_the_course_cache(base, images, tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_CACHE", str(tmp_path / "cache"))
    extract(base, images, store=False)
    assert not (tmp_path / "cache").exists()
    extract(base, images)
    assert len(list((tmp_path / "cache" / "features").iterdir())) == 1


def test_an_entry_says_what_it_is(base, images, store):
    extract(base, images, store=store)
    (key,) = entries(store)
    about = json.loads((store / key / "about.json").read_text())
    assert (about["base"], about["shape"], about["precision"]) == ("small", [10, 6], "float32")
    assert about["preprocess"] is None
    assert about["input_shape"] == [SIZE, SIZE, 3]
    assert about["keras"]


def test_standard_error_stays_empty_when_many_bases_run(tmp_path):
    code = (
        "import sys\n"
        "sys.path[:0] = [sys.argv[1]]\n"
        "from test_features import make_base\n"
        "import numpy as np, keras\n"
        "from course_utils.features import extract\n"
        "make_base()\n"
        "sys.stderr.flush(); print('start', file=sys.stderr, flush=True)\n"
        f"x = np.zeros((3, {SIZE}, {SIZE}, 3), np.uint8)\n"
        "for i in range(8):\n"
        "    extract(make_base(pooling=['avg', 'max'][i % 2]), x + np.uint8(i), batch_size=2, store=sys.argv[2])\n"
        "    extract(make_base(), x, precision='bfloat16', store=False)\n"
        "print('end')\n"
    )
    done = run([sys.executable, "-c", code, os.path.dirname(__file__), str(tmp_path / "store")])
    assert done.stdout.rstrip().endswith("end")
    assert done.stderr.partition("start\n")[2] == ""


def test_importing_the_module_brings_no_framework():
    code = (
        "import sys, course_utils.features; print([m for m in ('tensorflow', 'keras', 'sklearn') if m in sys.modules])"
    )
    assert run([sys.executable, "-c", code]).stdout == "[]\n"


# What cannot work


@pytest.mark.parametrize(
    ("images", "says"),
    [
        (np.zeros((SIZE, SIZE, 3), np.uint8), "images[None]"),
        (np.zeros((0, SIZE, SIZE, 3), np.uint8), "at least one"),
        (np.zeros((2, SIZE, SIZE, 1), np.uint8), r"(N, 16, 16, 3), received (2, 16, 16, 1)"),
        (np.zeros((2, SIZE + 1, SIZE, 3), np.uint8), r"received (2, 17, 16, 3)"),
        (np.zeros((2, SIZE * SIZE * 3), np.uint8), r"received (2, 768)"),
        (np.zeros((2, SIZE, SIZE, 3), object), "dtype object"),
        (np.zeros((2, SIZE, SIZE, 3), complex), "complex"),
        ([], "empty list"),
        ([np.zeros((SIZE, SIZE, 3))], "np.stack"),
        (["nowhere.png"], "nowhere.png"),
        ("nowhere.npy", "nowhere.npy"),
        (None, "NoneType"),
        (7, "int"),
    ],
)
def test_images_that_do_not_fit_are_refused_with_both_shapes(base, images, says, store):
    with pytest.raises(BadArgumentError) as caught:
        extract(base, images, store=store)
    assert says in str(caught.value)
    assert not store.exists()


def test_files_that_are_no_images_are_named(base, tmp_path, folder):
    (tmp_path / "empty").mkdir()
    with pytest.raises(BadArgumentError, match="found none"):
        extract(base, tmp_path / "empty", store=False)
    (folder / "b" / "broken.jpg").write_bytes(b"this is text")
    with pytest.raises(BadArgumentError, match=r"broken\.jpg"):
        extract(base, folder, store=False)
    whole = (folder / "a" / "a00.png").read_bytes()
    (folder / "b" / "broken.jpg").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(BadArgumentError, match=r"broken\.jpg"):
        extract(base, folder, store=False)
    bomb = tmp_path / "bomb.png"
    Image.new("1", (12_000, 12_000)).save(bomb)
    with pytest.raises(BadArgumentError, match=r"bomb\.png"):
        extract(base, [bomb], store=False)
    np.save(tmp_path / "objects.npy", np.array([{}], object), allow_pickle=True)
    with pytest.raises(BadArgumentError, match=r"objects.npy"):
        extract(base, tmp_path / "objects.npy", store=False)


def test_bases_that_cannot_be_run_are_refused(images):
    import keras

    inputs = keras.Input((SIZE, SIZE, 3))
    x = keras.layers.Conv2D(2, 3)(inputs)
    wrong = {
        "one input and one output": keras.Model(inputs, [x, x + 1]),
        "has not been built": keras.Sequential([keras.layers.Conv2D(2, 3)]),
        "must be a keras.Model": "vgg16",
        "must take images": keras.Sequential([keras.Input((5,)), keras.layers.Dense(2)]),
    }
    for says, base in wrong.items():
        with pytest.raises(BadArgumentError, match=says):
            extract(base, images, store=False)


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"batch_size": 0}, "batch_size"),
        ({"batch_size": 2.5}, "batch_size"),
        ({"precision": "float16"}, "precision"),
        ({"preprocess": 3}, "preprocess"),
        ({"preprocess": "auto"}, "'small'"),
        ({"preprocess": lambda batch: batch[:1]}, "whole batch"),
        ({"preprocess": lambda batch: None}, "preprocess must return"),
    ],
)
def test_options_that_cannot_work_are_refused(base, images, options, says):
    with pytest.raises(BadArgumentError, match=says):
        extract(base, images, store=False, **options)


def test_an_unknown_preprocessing_suggests_the_nearest(base, images):
    with pytest.raises(UnknownNameError, match="vgg16"):
        extract(base, images, preprocess="vgg61", store=False)


def test_features_that_are_not_finite_are_refused_and_not_stored(base, images, store):
    floats = images.astype("float32")
    floats[7, 0, 0, 0] = np.nan
    with pytest.raises(BadArgumentError, match="image 7"):
        extract(base, floats, batch_size=4, store=store)
    broken = make_base()
    kernel, bias = broken.get_layer("first").get_weights()
    broken.get_layer("first").set_weights([kernel, bias + np.float32(np.inf)])
    with pytest.raises(BadArgumentError, match=r"finite weights.*first"):
        extract(broken, images, store=store)
    assert not entries(store)


def test_an_error_of_the_preprocessing_function_comes_through(base, images, store):
    def broken(batch):
        raise ZeroDivisionError("mine")

    for where in (store, False):
        with pytest.raises(ZeroDivisionError, match="mine"):
            extract(base, images, preprocess=broken, store=where)


# Files to keep

PROVENANCE = {"base": "vgg16", "cut": "block5_pool", "images": "scenes, train", "seed": 0, "note": "Größe"}


def test_saved_features_come_back_with_labels_groups_and_provenance(tmp_path):
    features = np.random.default_rng(0).normal(size=(5, 2, 3)).astype("float32")
    labels = np.array(["bird", "fish", "bird", "fruit", "fisch"])
    path = save_features(
        tmp_path / "deep" / "f.safetensors", features, labels=labels, groups=[3, 3, 1, 1, 2], provenance=PROVENANCE
    )
    back = load_features(path)
    np.testing.assert_array_equal(back.features, features)
    np.testing.assert_array_equal(back.labels, labels)
    np.testing.assert_array_equal(back.groups, [3, 3, 1, 1, 2])
    assert back.features.dtype == np.float32
    assert back.provenance == PROVENANCE
    back.features[0] = 0  # one's own to change
    plain = safetensors.numpy.load_file(path)
    np.testing.assert_array_equal(plain["features"], features)
    assert [child.name for child in path.parent.iterdir()] == ["f.safetensors"]


def test_labels_and_groups_are_optional_and_column_order_survives(tmp_path):
    features = np.asfortranarray(np.arange(12.0).reshape(4, 3))
    back = load_features(save_features(tmp_path / "f.safetensors", features, provenance=PROVENANCE))
    np.testing.assert_array_equal(back.features, features)
    assert back.labels is None
    assert back.groups is None


@pytest.mark.parametrize(
    "labels",
    [
        np.array(["a", "Größe", ""], ">U9"),
        np.array(list("abcdef"))[::2],
        np.array([["a"], ["b"], ["c"]]),
        [True, False, True],
    ],
)
def test_labels_of_any_layout_survive_and_so_does_an_empty_table(tmp_path, labels):
    for rows in (slice(None), slice(0, 0)):
        given = np.asarray(labels)[rows]
        path = save_features(tmp_path / "f.safetensors", np.ones((3, 2))[rows], labels=given, provenance=PROVENANCE)
        np.testing.assert_array_equal(load_features(path).labels, given)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"path": "f.npy"}, ".safetensors"),
        ({"features": np.array([{}, []], object)}, "dtype object"),
        ({"features": np.array(["a", "b"])}, "features must be numbers"),
        ({"labels": [0, 1, 2]}, r"labels must have one row per image"),
        ({"labels": np.array([None, "x"], object)}, "labels must be numbers"),
        ({"groups": 3}, "groups must have"),
        ({"provenance": {}}, "provenance must be"),
        ({"provenance": "vgg16"}, "provenance must be"),
        ({"provenance": {"when": object()}}, "JSON"),
    ],
)
def test_what_cannot_be_read_back_is_not_saved(tmp_path, change, says):
    arguments = {"path": "f.safetensors", "features": np.zeros((2, 3)), "provenance": PROVENANCE, **change}
    with pytest.raises(BadArgumentError, match=says):
        save_features(tmp_path / arguments.pop("path"), arguments.pop("features"), **arguments)
    assert list(tmp_path.iterdir()) == []


def test_files_that_cannot_be_trusted_are_refused(tmp_path):
    good = save_features(tmp_path / "good.safetensors", np.zeros((2, 3)), provenance=PROVENANCE).read_bytes()
    bad = tmp_path / "bad.safetensors"

    def refused(says):
        with pytest.raises(BadArgumentError, match=says):
            load_features(bad)

    for arrays, metadata in (
        ({"features": np.zeros((2, 3))}, {}),
        ({"features": np.zeros((2, 3))}, {"texts": []}),
        ({"labels": np.zeros(2)}, {"texts": [], "provenance": PROVENANCE}),
        ({"features": np.zeros((2, 3))}, {"texts": ["labels"], "provenance": PROVENANCE}),
        ({"features": np.zeros((2, 3)), "labels": np.zeros(2)}, {"texts": ["labels"], "provenance": PROVENANCE}),
        ({"features": np.zeros((2, 3)), "labels": np.zeros(3)}, {"texts": [], "provenance": PROVENANCE}),
        ({"features": np.zeros((2, 3)), "labels": np.float32(1)}, {"texts": [], "provenance": PROVENANCE}),
        ({"features": np.zeros((2, 3))}, {"texts": [], "provenance": "vgg16"}),
    ):
        write_tensors(bad, arrays, metadata)
        refused(r"bad\.safetensors cannot be trusted")
    np.savez(tmp_path / "bad.npz", features=np.array([{}, {}], object), provenance=np.zeros(2, np.uint8))
    bad.write_bytes((tmp_path / "bad.npz").read_bytes())
    refused("was not written by this course")
    header = b'{"features":{"dtype":"F32","shape":[1000000000,1000],"data_offsets":[0,4000000000000]}}'
    bad.write_bytes(len(header).to_bytes(8, "little") + header + b"1234")
    refused("is damaged")
    for damaged in (good[: len(good) // 2], b"", b"text", good.replace(b"\0\0\0\0\0\0\0\0", b"\0\0\0\1\0\0\0\0")):
        bad.write_bytes(damaged)
        refused(r"bad\.safetensors")
    with pytest.raises(NotAvailableError, match="save_features"):
        load_features(tmp_path / "nowhere.safetensors")


def test_saving_where_nothing_can_be_written_is_a_store_error(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError):
        save_features(tmp_path / "file" / "f.safetensors", np.zeros((2, 3)), provenance=PROVENANCE)
