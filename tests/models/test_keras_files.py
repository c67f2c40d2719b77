"""Plain Keras computes from our files what ``load_base`` computes; damage is noticed. About a minute."""

import os
import shutil
import subprocess
import sys

import keras
import numpy as np
import pytest

from course_utils.errors import BadArgumentError, NotAvailableError, StoreError, UnknownNameError
from course_utils.models import find_base, keras_files, load_base, weights, weights_file

# NumPy 2.4 dislikes how Keras 3.15 asks for a variable's values when it saves them.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation doesn't accept a copy:DeprecationWarning")

CUT = "block_13_expand_relu"
SMALLEST = "mobilenet_v2"


def images(height, width):
    return np.random.default_rng(0).uniform(-1, 1, (2, height, width, 3)).astype("float32")


@pytest.mark.parametrize("pooling", [None, "avg", "max"])
@pytest.mark.parametrize("shape", [(96, 96), (128, 128), (224, 224), (32, 48), (None, None)])
def test_keras_applications_computes_the_same_from_the_file_of_vgg16(shape, pooling):
    theirs = keras.applications.VGG16(
        weights=str(weights_file("vgg16")), include_top=False, input_shape=(*shape, 3), pooling=pooling
    )
    ours = load_base("vgg16", input_shape=(*shape, 3), pooling=pooling)
    batch = images(*(n or 64 for n in shape)) * 100
    difference = theirs.predict(batch, verbose=0) - ours.predict(batch, verbose=0)
    assert theirs.output_shape == ours.output_shape and np.abs(difference).max() == 0.0


@pytest.mark.parametrize("height, width", [(96, 96), (160, 128), (97, 75)])
@pytest.mark.parametrize("name, cut", [("mobilenet_v2", CUT), ("efficientnet_lite0", None)])
def test_a_model_file_computes_what_load_base_computes(name, cut, height, width):
    theirs = keras.models.load_model(weights_file(name))
    ours = load_base(name, cut=cut, input_shape=(None, None, 3))
    assert theirs.input_shape == (None, None, None, 3)
    assert [layer.name for layer in theirs.layers[1:]] == [layer.name for layer in ours.layers[1:]]
    batch = images(height, width)
    assert np.abs(theirs.predict(batch, verbose=0) - ours.predict(batch, verbose=0)).max() == 0.0


def test_the_file_with_the_top_computes_the_same_probabilities():
    theirs = keras.models.load_model(weights_file("efficientnet_lite0", include_top=True))
    ours = load_base("efficientnet_lite0", include_top=True)
    batch = images(224, 224)
    probabilities = theirs.predict(batch, verbose=0)
    assert probabilities.shape == (2, 1000) and np.abs(probabilities - ours.predict(batch, verbose=0)).max() == 0.0


def test_the_models_load_where_the_course_is_not_installed(tmp_path):
    paths = [weights_file("mobilenet_v2"), weights_file("efficientnet_lite0")]
    code = (
        "import sys\n"
        "sys.modules['course_utils'] = sys.modules['nbgrader_isolated'] = None\n"  # importing them is an ImportError
        "import keras\n"
        "for path in sys.argv[1:]: print(keras.models.load_model(path).output_shape[-1])\n"
        "print(any(name.startswith('course_utils.') for name in sys.modules))\n"
    )
    command = [sys.executable, "-c", code, *map(str, paths)]
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=300)
    assert done.stdout.split() == ["576", "1280", "False"], done.stderr


def test_layers_that_keras_numbers_itself_find_their_weights(tmp_path):
    ours = load_base("xception", weights=None, input_shape=(71, 71, 3))
    load_base("xception", weights=None, input_shape=(71, 71, 3))  # so that Keras numbers on
    ours.save_weights(tmp_path / "x.weights.h5")
    theirs = keras.applications.Xception(weights=tmp_path / "x.weights.h5", include_top=False, input_shape=(71, 71, 3))
    for one, other in zip(ours.get_weights(), theirs.get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)


def test_a_dtype_policy_or_a_setting_of_the_readers_does_not_go_into_a_file(copied, monkeypatch, tmp_path):
    (tmp_path / "keras.json").write_text('{"image_data_format": "channels_first", "floatx": "float16"}')
    (tmp_path / "numpy.py").write_text("raise SystemExit('a student called this numpy.py')")
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    model = keras.models.load_model(weights_file(SMALLEST))
    assert {variable.dtype for variable in model.weights} == {"float32"}
    assert model.input_shape == (None, None, None, 3)
    assert {layer.dtype_policy.name for layer in model.layers} == {"float32"}


# Which files, and when they are not there


@pytest.fixture
def copied(tmp_path, monkeypatch):
    """A store that holds the smallest weights, and no file for Keras yet; its folder for such files."""
    original = weights.weights_path(SMALLEST)
    monkeypatch.setenv("COURSE_CACHE", str(tmp_path / "cache"))
    (tmp_path / "cache" / "weights").mkdir(parents=True)
    shutil.copy(original, tmp_path / "cache" / "weights")
    return tmp_path / "cache" / "keras"


def test_every_base_has_a_file_of_the_kind_that_plain_keras_takes():
    kinds = {
        (name, top): keras_files.KerasFile(find_base(name), top).path.name
        for name in ("vgg16", "mobilenet_v2", "efficientnet_lite0", "resnet50")
        for top in (False, True)
    }
    assert kinds == {
        ("vgg16", False): "vgg16_notop.weights.h5",
        ("vgg16", True): "vgg16.weights.h5",
        ("mobilenet_v2", False): f"mobilenet_v2_to_{CUT}.keras",
        ("mobilenet_v2", True): "mobilenet_v2.weights.h5",
        ("efficientnet_lite0", False): "efficientnet_lite0_notop.keras",
        ("efficientnet_lite0", True): "efficientnet_lite0.keras",
        ("resnet50", False): "resnet50_notop.weights.h5",
        ("resnet50", True): "resnet50.weights.h5",
    }


def test_only_what_is_stored_is_offered(copied):
    assert [file.include_top for file in keras_files.offered(find_base(SMALLEST))] == [False]
    assert keras_files.offered(find_base("vgg16")) == []
    (copied.parent / "weights" / "mobilenet-keras-top.safetensors").touch()
    assert [file.include_top for file in keras_files.offered(find_base("mobilenet"))] == [True]


def test_without_weights_the_error_names_the_command(copied):
    with pytest.raises(NotAvailableError, match="Run `python -m course_utils fetch vgg16` once, with a network"):
        weights_file("vgg16")
    with pytest.raises(NotAvailableError, match="fetch mobilenet_v2 --include-top"):
        weights_file(SMALLEST, include_top=True)
    with pytest.raises(UnknownNameError, match="Did you mean"):
        weights_file("vgg61")
    with pytest.raises(BadArgumentError, match="include_top must be True or False, not 'no'"):
        weights_file("vgg16", include_top="no")
    assert not copied.exists() or not list(copied.iterdir())


def test_a_file_is_written_once_and_a_damaged_one_again(copied, monkeypatch):
    path = weights_file(SMALLEST)
    whole = path.read_bytes()
    with monkeypatch.context() as patch:
        patch.setattr(keras_files, "write", lambda files: pytest.fail("written again"))
        assert weights_file(SMALLEST) == path
    for damaged in (whole[:-1], whole[:1000] + bytes([whole[1000] ^ 1]) + whole[1001:], b""):
        path.write_bytes(damaged)
        assert not keras_files.KerasFile(find_base(SMALLEST)).is_whole()
    assert weights_file(SMALLEST) == path
    assert keras.models.load_model(path).output_shape[-1] == 576
    assert [p.name for p in copied.iterdir()] == [path.parent.name]  # nothing temporary is left
    path.with_name("sha256").write_text(path.with_name("sha256").read_text().replace("from", "from other tensors than"))
    assert not keras_files.KerasFile(find_base(SMALLEST)).is_whole()


def test_damaged_stored_weights_are_not_exported(copied):
    [stored] = (copied.parent / "weights").iterdir()
    content = bytearray(stored.read_bytes())
    content[-200] ^= 1
    stored.write_bytes(content)
    with pytest.raises(StoreError, match=r"is damaged .*fetch mobilenet_v2` to get it again"):
        weights_file(SMALLEST)
    assert list(copied.iterdir()) == []


def test_a_read_only_store_serves_a_file_that_is_there_and_refuses_one_that_is_damaged(copied, monkeypatch):
    from test_weights import in_own_mounts

    path = weights_file(SMALLEST)
    mounts = 'mount --bind "$COURSE_CACHE" "$COURSE_CACHE"; mount -o remount,ro,bind "$COURSE_CACHE"'
    code = (
        "import sys; from course_utils.models import weights_file\n"
        f"try: print(weights_file({SMALLEST!r}))\n"
        "except OSError as error: print(type(error).__name__, error)\n"
        "print('keras' in sys.modules)"
    )
    assert in_own_mounts(mounts, code).stdout.splitlines() == [str(path), "False"]
    path.write_bytes(path.read_bytes()[:-1])
    said = in_own_mounts(mounts, code).stdout
    assert said.startswith("StoreError") and "cannot be written to (Read-only file system)" in said
    assert "set COURSE_CACHE to a folder of your own" in said


def test_a_model_that_another_keras_wrote_is_not_taken(copied, monkeypatch):
    path, weights = weights_file(SMALLEST), keras_files.KerasFile(find_base("vgg16")).path
    monkeypatch.setattr(keras_files, "version", lambda package: "3.8.0")
    other = keras_files.KerasFile(find_base(SMALLEST))
    assert other.path != path and not other.is_whole()  # Keras 3.8 does not load what Keras 3.15 saves
    assert keras_files.KerasFile(find_base("vgg16")).path == weights  # a .weights.h5 file is of any Keras
