"""Sets that are downloaded: really fetched, held to their checksums, kept whole, and honest when nothing works.

The first test downloads 31 MB through ``apt-get`` where there is one (a package index, so it is not marked
``network``), elsewhere through Keras; it takes a few seconds.
"""

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from course_utils.data import fetch_cats_vs_dogs, fetch_fashion, fetch_flowers
from course_utils.data.fetched import FASHION_CLASSES
from course_utils.errors import BadArgumentError, NotAvailableError

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    folder = tmp_path_factory.mktemp("store")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COURSE_CACHE", str(folder))
        yield folder


@pytest.fixture(scope="module")
def fashion(store):
    return fetch_fashion()


@pytest.fixture
def cut_off(monkeypatch, tmp_path):
    """No apt-get on the path, and every download sent to a port where nobody listens."""
    monkeypatch.setenv("PATH", str(tmp_path))
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)


def test_fashion_has_the_published_shape(fashion):
    (train_images, train_labels), (test_images, test_labels) = fashion
    assert train_images.shape == (60000, 28, 28)
    assert test_images.shape == (10000, 28, 28)
    assert all(array.dtype == np.uint8 for pair in fashion for array in pair)
    assert np.bincount(train_labels).tolist() == [6000] * 10
    assert np.bincount(test_labels).tolist() == [1000] * 10
    assert len(FASHION_CLASSES) == 10


def test_a_sneaker_fills_the_lower_half_and_trousers_are_tall(fashion):
    (images, labels), _ = fashion
    mean = [images[labels == label].mean(axis=0) for label in range(10)]
    sneaker, trouser = mean[FASHION_CLASSES.index("sneaker")], mean[FASHION_CLASSES.index("trouser")]
    assert sneaker[:8].mean() < 5 < sneaker[12:22].mean()
    assert trouser[:, 10:18].mean() > 5 * trouser[:, :6].mean()


def test_what_is_stored_is_read_again_with_no_network(fashion, store, cut_off):
    again = fetch_fashion()
    assert np.array_equal(again[1][0], fashion[1][0])
    assert [file.name for file in (store / "datasets").iterdir()] == ["fashion_mnist.npz"]


@pytest.mark.parametrize("damage", ["truncated", "altered", "foreign"])
def test_a_damaged_store_is_noticed_and_every_failed_source_is_named(fashion, tmp_path, store, damage):
    content = bytearray((store / "datasets" / "fashion_mnist.npz").read_bytes())
    if damage == "truncated":
        content = content[: len(content) // 2]
    elif damage == "altered":
        content[len(content) // 2] ^= 1
    else:
        content = b"not an archive"
    copy = tmp_path / "datasets" / "fashion_mnist.npz"
    copy.parent.mkdir()
    copy.write_bytes(content)
    # Only the store is under test here, so the other sources are cut off without starting Keras.
    code = (
        "from course_utils.data import fetched\n"
        "fetched._KERAS_PROGRAM = 'raise SystemExit(\"no network\")'\n"
        "from course_utils.errors import NotAvailableError\n"
        "try:\n    fetched.fetch_fashion()\nexcept NotAvailableError as error:\n    print(error)\n"
    )
    environment = {**os.environ, "COURSE_CACHE": str(tmp_path), "PATH": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, env=environment)
    assert "- the store, " in done.stdout
    assert "the file cannot be read" in done.stdout or "checksum of" in done.stdout
    assert "- Debian's package dataset-fashion-mnist: there is no apt-get here" in done.stdout
    assert "- Keras's download: " in done.stdout
    assert copy.read_bytes() == content


def test_with_no_source_at_all_the_error_lists_each_attempt_and_nothing_is_left(tmp_path, monkeypatch, cut_off):
    monkeypatch.setenv("COURSE_CACHE", str(tmp_path / "empty"))
    with pytest.raises(NotAvailableError) as caught:
        fetch_fashion()
    message = str(caught.value)
    assert "there is no apt-get here" in message
    assert "Keras's download: python" in message
    assert "copy fashion_mnist.npz to" in message
    assert not (tmp_path / "empty").exists()


@pytest.mark.network
def test_kerass_download_holds_the_same_arrays(tmp_path, monkeypatch, fashion):
    """Has never run where only package indexes can be reached."""
    monkeypatch.setenv("COURSE_CACHE", str(tmp_path))
    monkeypatch.setenv("PATH", str(tmp_path))
    again = fetch_fashion()
    assert all(
        np.array_equal(a, b) for new, old in zip(again, fashion, strict=True) for a, b in zip(new, old, strict=True)
    )


@pytest.mark.parametrize("fetch", [fetch_flowers, fetch_cats_vs_dogs])
def test_without_tensorflow_datasets_the_error_says_what_to_install(fetch):
    code = (
        "import sys\nsys.modules['tensorflow_datasets'] = None\n"
        f"from course_utils.data import {fetch.__name__}\n"
        "from course_utils.errors import NotAvailableError\n"
        f"try:\n    {fetch.__name__}()\nexcept NotAvailableError as error:\n    print(error)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert "`.venv/bin/pip install -e '.[datasets]'`" in done.stdout
    assert "network" in done.stdout


@pytest.mark.parametrize(("arguments", "message"), [({"size": 4}, "size"), ({"limit": 0}, "limit")])
def test_bad_arguments_are_refused_before_anything_is_fetched(arguments, message):
    with pytest.raises(BadArgumentError, match=message):
        fetch_flowers(**arguments)


@pytest.mark.network
@pytest.mark.parametrize(("fetch", "classes"), [(fetch_flowers, 5), (fetch_cats_vs_dogs, 2)])
def test_photographs_come_in_one_size_with_labels(fetch, classes):
    """Needs the extra `datasets`; has never run where only package indexes can be reached."""
    assert importlib.util.find_spec("tensorflow_datasets"), "install the extra: pip install -e '.[datasets]'"
    photos = fetch(size=64, limit=100)
    assert photos.images.shape == (100, 64, 64, 3)
    assert photos.images.dtype == np.uint8
    assert len(photos.class_names) == classes
    assert set(np.unique(photos.labels)) <= set(range(classes))
