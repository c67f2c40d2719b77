"""Your own images: what people really have in their folders, each file made here by Pillow or by hand."""

import os
import re
import struct
import subprocess
import sys
import unicodedata
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from course_utils.data import load_folder
from course_utils.data.decode import NO_IMAGE
from course_utils.data.files import LINK
from course_utils.errors import BadArgumentError

RED, BLUE = (220, 20, 30), (20, 30, 220)


def save(path: Path, image: Image.Image, **options) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    image.save(path, **options)
    return path


def plain(colour=RED, size=(60, 40), mode="RGB"):
    return Image.new(mode, size, colour)


def noise(seed=0, size=(60, 40)):
    return Image.fromarray(np.random.default_rng(seed).integers(0, 256, (size[1], size[0], 3), dtype=np.uint8))


@pytest.fixture
def folder(tmp_path):
    """Two classes with one good image each, to which a test adds its trouble."""
    root = tmp_path / "mine"
    save(root / "cat" / "good.png", noise(1))
    save(root / "dog" / "good.png", noise(2))
    return root


def reasons(loaded):
    return {path.name: reason for path, reason in loaded.skipped}


def the_image(loaded, name):
    (position,) = [i for i, path in enumerate(loaded.paths) if path.name == name]
    return loaded.images[position].astype(int)


def test_a_class_per_subfolder_in_the_order_of_the_names(folder, capsys):
    save(folder / "ant" / "b.jpg", noise(3))
    save(folder / "ant" / "a.jpg", noise(4))
    loaded = load_folder(folder)
    assert loaded.class_names == ["ant", "cat", "dog"]
    assert [path.name for path in loaded.paths] == ["a.jpg", "b.jpg", "good.png", "good.png"]
    assert loaded.labels.tolist() == [0, 0, 1, 2]
    assert loaded.groups.tolist() == [0, 1, 2, 3]
    assert loaded.images.shape == (4, 224, 224, 3)
    assert loaded.images.dtype == np.uint8
    assert loaded.skipped == []
    assert "4 images in 3 classes (ant 2, cat 1, dog 1)." in capsys.readouterr().out


def test_nothing_is_written_to_stderr_and_quiet_is_quiet(folder, capsys):
    (folder / "cat" / "bad.jpg").write_bytes(b"\xff\xd8\xff broken")
    load_folder(folder)
    shown = capsys.readouterr()
    assert shown.err == ""
    assert "Skipped 1:\n  cat/bad.jpg: " in shown.out
    load_folder(folder, quiet=True)
    assert capsys.readouterr().out == ""


def test_a_truncated_jpeg_is_named_and_skipped(folder):
    whole = save(folder / "cat" / "cut.jpg", noise(5, (200, 200))).read_bytes()
    (folder / "cat" / "cut.jpg").write_bytes(whole[: len(whole) // 2])
    assert "damaged or incomplete" in reasons(load_folder(folder))["cut.jpg"]


@pytest.mark.parametrize("kind", ["png", "gif", "webp", "tif", "bmp", "jpg", "ppm"])
def test_no_damage_of_any_kind_of_file_stops_the_rest(folder, kind):
    content = save(folder / "cat" / f"whole.{kind}", noise(6, (80, 80))).read_bytes()
    rng = np.random.default_rng(1)
    for number in range(12):
        broken = bytearray(content[: rng.integers(4, len(content))])
        for place in rng.integers(0, len(broken), size=8):
            broken[place] = rng.integers(256)
        (folder / "cat" / f"broken{number}.{kind}").write_bytes(broken)
    loaded = load_folder(folder, size=32, quiet=True)
    assert {"good.png", f"whole.{kind}"} <= {path.name for path in loaded.paths}
    assert len(loaded) + len(loaded.skipped) == 15


def test_files_are_judged_by_content_and_not_by_name(folder):
    save(folder / "cat" / "really_png.jpg", plain(), format="PNG")
    save(folder / "cat" / "no_ending", plain(BLUE), format="JPEG")
    (folder / "cat" / "notes.jpg").write_text("this is text")
    (folder / "cat" / "empty.png").touch()
    (folder / "cat" / "phone.heic").write_bytes(b"\0\0\0\x18ftypheic" + bytes(50))
    (folder / "cat" / "drawing.eps").write_text("%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n")
    loaded = load_folder(folder)
    assert {"really_png.jpg", "no_ending"} <= {path.name for path in loaded.paths}
    skipped = reasons(loaded)
    assert skipped["notes.jpg"] == NO_IMAGE
    assert skipped["empty.png"] == "the file is empty"
    assert skipped["phone.heic"] == "HEIC, which is not read here; export it as JPEG or PNG"
    assert skipped["drawing.eps"] == NO_IMAGE


def test_a_phone_that_hides_a_second_image_in_a_jpeg_gives_the_first(folder):
    save(folder / "cat" / "phone.jpg", plain(RED), format="MPO", save_all=True, append_images=[plain(BLUE)])
    assert the_image(load_folder(folder), "phone.jpg")[100, 100] == pytest.approx(RED, abs=8)


def test_an_animated_gif_gives_its_first_frame(folder):
    save(folder / "cat" / "moving.gif", plain(RED), save_all=True, append_images=[plain(BLUE)], duration=50)
    assert the_image(load_folder(folder), "moving.gif")[100, 100] == pytest.approx(RED, abs=8)


def test_a_photo_taken_sideways_is_turned_upright(folder):
    sideways = plain(RED, (60, 40))
    sideways.paste(BLUE, (0, 0, 30, 40))  # blue on the left; turned a quarter clockwise it is on top
    exif = Image.Exif()
    exif[0x0112] = 6
    save(folder / "cat" / "phone.jpg", sideways, exif=exif, quality=95)
    image = the_image(load_folder(folder), "phone.jpg")
    assert image[20, 112] == pytest.approx(BLUE, abs=12)
    assert image[200, 112] == pytest.approx(RED, abs=12)


def test_greyscale_palette_one_bit_and_cmyk_become_rgb(folder):
    save(folder / "cat" / "grey.png", plain(100, mode="L"))
    save(folder / "cat" / "palette.png", plain(RED).convert("P", palette=Image.Palette.ADAPTIVE))
    save(folder / "cat" / "bit.png", plain(1, mode="1"))
    save(folder / "cat" / "print.jpg", plain((0, 255, 255, 0), mode="CMYK"), quality=95)
    loaded = load_folder(folder)
    expected = {
        "grey.png": (100, 100, 100),
        "palette.png": RED,
        "bit.png": (255, 255, 255),
        "print.jpg": (255, 0, 0),
    }
    for name, colour in expected.items():
        assert the_image(loaded, name)[112, 112] == pytest.approx(colour, abs=8), name


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
def test_transparent_places_become_white(folder, mode):
    image = Image.new("RGBA", (40, 40), (0, 0, 0, 0))
    if mode == "P":
        image = image.convert("P")
        save(folder / "cat" / "clear.png", image, transparency=image.getpixel((0, 0)))
    else:
        save(folder / "cat" / "clear.png", image.convert(mode))
    assert the_image(load_folder(folder), "clear.png")[112, 112].tolist() == [255, 255, 255]


def bomb(width, height):
    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = zlib.compress(bytes(100_000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


@pytest.mark.parametrize("side", [8_000, 10_000, 100_000])
def test_a_decompression_bomb_is_refused_by_its_header(folder, side):
    (folder / "cat" / "bomb.png").write_bytes(bomb(side, side))
    assert "50,000,000" in reasons(load_folder(folder))["bomb.png"]


def test_every_subfolder_is_a_class_and_one_without_an_image_keeps_its_label_and_is_named(folder, capsys):
    (folder / "broken").mkdir()
    (folder / "broken" / "x.jpg").write_text("no")
    (folder / "cow").mkdir()
    loaded = load_folder(folder)
    assert loaded.class_names == ["broken", "cat", "cow", "dog"]
    assert loaded.labels.tolist() == [1, 3]
    assert "(broken 0, cat 1, cow 0, dog 1)" in (said := capsys.readouterr().out)
    assert "  broken: no readable image in this class, which keeps its label 0\n" in said
    assert "  cow: no readable image in this class, which keeps its label 2\n" in said


def test_labels_belong_to_the_names_given_and_not_to_the_folder(folder):
    for name in ("ant", "bee", "cat", "dog"):
        save(folder.parent / "train" / name / "a.png", noise(len(name) + ord(name[0])))
    train = load_folder(folder.parent / "train", quiet=True)
    (folder / "ant").mkdir()  # empty, and there is no bee at all
    test = load_folder(folder, class_names=train.class_names, quiet=True)
    assert test.class_names == train.class_names == ["ant", "bee", "cat", "dog"]
    assert test.labels.tolist() == [2, 3]
    assert set(reasons(test)) == {"ant", "bee"}
    backwards = load_folder(folder, class_names=np.array(["dog", "cat", "bee", "ant"]), quiet=True)
    assert backwards.class_names == ["dog", "cat", "bee", "ant"]
    assert [path.parent.name for path in backwards.paths] == ["cat", "dog"] and backwards.labels.tolist() == [1, 0]
    (folder / "dog" / "good.png").unlink()
    assert load_folder(folder, class_names=train.class_names, quiet=True).labels.tolist() == [2], "one class is enough"


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (["cat", "Dog"], r"The subfolder 'dog' of .*mine is not in class_names, which are cat, Dog\."),
        ("cat", "at least two names; you gave 'cat'"),
        (["cat"], "at least two names"),
        (["cat", "dog", "cat"], "class_names hold 'cat' twice"),
        (["cow", "pig", "cat", "dog"], "holds no image that can be used"),
    ],
)
def test_names_that_cannot_be_the_folder_s_are_an_error(folder, names, message):
    for name in ("cat", "dog") if "cow" in names else ():
        (folder / name / "good.png").write_text("no")
    with pytest.raises(BadArgumentError, match=message):
        load_folder(folder, class_names=names)


def test_one_class_only_is_an_error_that_says_what_to_do(tmp_path):
    save(tmp_path / "cat" / "a.png", noise())
    (tmp_path / "dog").mkdir()
    with pytest.raises(
        BadArgumentError, match=r"at least two classes; .* holds readable images of one, 'cat'. Make one subfolder"
    ):
        load_folder(tmp_path)


FLOWERS = ["rose/1.png", "rose/2.png", "tulip/1.png", "tulip/2.png"]


def laid_out(root, paths):
    for number, path in enumerate(paths):
        save(root / path, noise(number))
    return root


def under(*folders):
    return [f"{folder}/{path}" for folder in folders for path in FLOWERS]


@pytest.mark.parametrize(
    "names", [["train", "test"], ["seg_train", "seg_test"], ["Training", "val_set"], ["fold1", "fold2"]]
)
def test_the_folders_of_splits_are_not_classes_and_the_advice_works(tmp_path, names):
    laid_out(tmp_path, under(*names))
    with pytest.raises(BadArgumentError, match="look like splits with the classes' folders inside") as caught:
        load_folder(tmp_path)
    calls = re.findall(r"load_folder\('(.*?)'", str(caught.value))
    assert [Path(call).name for call in calls] == names
    train, other = (load_folder(call, quiet=True) for call in calls)
    assert train.class_names == other.class_names == ["rose", "tulip"]
    with pytest.raises(BadArgumentError, match="look like splits with the classes' folders inside"):
        load_folder(tmp_path, class_names=train.class_names)
    assert load_folder(tmp_path, class_names=names, quiet=True).class_names == names, "who says so gets these classes"


def test_a_class_may_be_called_as_a_split_is(tmp_path):
    laid_out(tmp_path, ["train/1.png", "bus/1.png", "bus/red/2.png"])
    assert load_folder(tmp_path).class_names == ["bus", "train"]


def test_splits_inside_the_classes_are_not_merged(tmp_path):
    laid_out(tmp_path, ["cat/test/1.png", "cat/train/1.png", "dog/test/1.png", "dog/train/1.png"])
    with pytest.raises(BadArgumentError, match=r"those hold the splits test, train\. Move them"):
        load_folder(tmp_path)


def test_an_archive_s_one_folder_is_named_and_the_advice_works(tmp_path):
    laid_out(tmp_path, under("flowers"))
    (tmp_path / "__MACOSX").mkdir()
    with pytest.raises(BadArgumentError, match="inside its one subfolder") as caught:
        load_folder(tmp_path)
    (inner,) = re.findall(r"load_folder\('(.*)'\)", str(caught.value))
    assert len(load_folder(inner)) == 4


@pytest.mark.parametrize("letter", [".", "_", "-", "\\", "00"])
def test_classes_in_the_files_names_are_recognised(tmp_path, letter):
    laid_out(tmp_path, [f"{name}{letter}{number}.png" for name in ("cat", "dog") for number in (1, 2)])
    with pytest.raises(BadArgumentError, match="begin with cat, dog: if those are the classes, move each image into"):
        load_folder(tmp_path)


def test_an_archive_and_a_file_given_as_the_folder_are_named_as_such(tmp_path):
    image = save(tmp_path / "a.png", noise())
    (tmp_path / "mine.zip").write_bytes(b"PK\3\4")
    with pytest.raises(BadArgumentError, match=r"received the archive .*mine\.zip\. Unpack it first"):
        load_folder(tmp_path / "mine.zip")
    with pytest.raises(BadArgumentError, match=r"received the file .*a\.png\. Give the folder that holds"):
        load_folder(image)


def test_images_without_subfolders_are_an_error_that_names_them(tmp_path):
    save(tmp_path / "a.png", noise())
    with pytest.raises(BadArgumentError, match=r"a\.png: not inside a class's subfolder"):
        load_folder(tmp_path)


def test_an_empty_folder_and_a_missing_one_are_errors(tmp_path):
    with pytest.raises(BadArgumentError, match=r"holds no image that can be used\. It is empty"):
        load_folder(tmp_path)
    with pytest.raises(BadArgumentError, match=r"nowhere is not a folder\. You are in"):
        load_folder(tmp_path / "nowhere")


def test_names_in_any_script_are_kept_and_composed_alike_on_every_system(tmp_path):
    save(tmp_path / unicodedata.normalize("NFD", "Bär") / "größe.png", noise(1))
    save(tmp_path / "猫" / "写真 1.png", noise(2))
    loaded = load_folder(tmp_path)
    assert loaded.class_names == ["B\u00e4r", "猫"]
    assert {path.name for path in loaded.paths} == {"größe.png", "写真 1.png"}


@pytest.mark.skipif(os.name == "nt", reason="Windows does not allow such file names")
def test_a_file_name_cannot_speak_to_the_terminal(folder, capsys):
    (folder / "cat" / "\x1b[31mred.jpg").write_text("no")
    load_folder(folder)
    out = capsys.readouterr().out
    assert "\x1b" not in out
    assert "\\x1b[31mred.jpg" in out


def test_two_spellings_of_one_class_are_an_error_and_capitals_are_two_classes(tmp_path):
    for form in ("NFC", "NFD"):
        save(tmp_path / "accents" / unicodedata.normalize(form, "Bär") / "1.png", noise())
    with pytest.raises(BadArgumentError, match=r"The subfolders of .* hold 'Bär' twice"):
        load_folder(tmp_path / "accents")
    if not (tmp_path / "ACCENTS").exists():
        laid_out(tmp_path / "case", ["a/1.png", "A/1.png"])
        assert load_folder(tmp_path / "case").class_names == ["A", "a"]


PROGRAM = "import sys\nfrom course_utils.data import load_folder\nprint(len(load_folder(sys.argv[1], size=8)), file=sys.stderr)"


@pytest.mark.skipif(os.name == "nt", reason="Windows does not allow such file names")
@pytest.mark.parametrize("stdout", ["closed pipe", "ascii"])
def test_a_summary_that_cannot_be_shown_ends_nothing(folder, stdout):
    save(folder / "猫" / "☃ \n.png", noise(3))
    os.mkdir(os.fsencode(folder / "cat") + b"/\xff")
    os.mkdir(os.fsencode(folder) + b"/\xfe")
    (folder / "猫" / "ü.jpg").write_text("no")
    read, write = os.pipe()
    if stdout == "closed pipe":
        os.close(read)
    run = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(folder)],
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
        stdout=write,
        stderr=-1,
        text=True,
    )
    os.close(write)
    assert run.stderr.startswith("3\n"), run.stderr
    if stdout == "ascii":
        with open(read, encoding="ascii") as said:
            assert "\\u732b/\\xfc.jpg: not an image" in said.read()


def test_hidden_files_are_passed_over_in_silence(folder):
    for name in (".DS_Store", "Thumbs.db", "._good.png", "good.png:Zone.Identifier"):
        (folder / "cat" / name).write_bytes(b"junk")
    (folder / ".ipynb_checkpoints").mkdir()
    (folder / "__MACOSX").mkdir()
    save(folder / "cat" / ".ipynb_checkpoints" / "a.png", noise(7))
    save(folder / "cat" / "@eaDir" / "a.png", noise(8))
    loaded = load_folder(folder)
    assert loaded.class_names == ["cat", "dog"]
    assert len(loaded) == 2
    assert loaded.skipped == []


def test_links_are_not_followed(folder, tmp_path):
    save(tmp_path / "elsewhere" / "a.png", noise(7))
    (folder / "cat" / "link.png").symlink_to(tmp_path / "elsewhere" / "a.png")
    (folder / "cat" / "round").symlink_to(folder)
    (folder / "itself").symlink_to("itself")
    (folder / "fox").symlink_to(tmp_path / "elsewhere")
    loaded = load_folder(folder)
    assert loaded.class_names == ["cat", "dog", "fox"], "a subfolder's link is a class, as for Keras"
    assert loaded.labels.tolist() == [0, 1]
    assert {path.name for path, reason in loaded.skipped if reason == LINK} == {"link.png", "round", "itself", "fox"}


def test_what_cannot_be_opened_is_named(folder, monkeypatch):
    scandir = os.scandir

    def closed(place):
        if Path(place).name in ("dog", "closed"):
            raise PermissionError(13, "Permission denied")
        return scandir(place)

    save(folder / "cow" / "a.png", noise(3))
    monkeypatch.setattr(os, "scandir", closed)
    loaded = load_folder(folder)
    assert loaded.labels.tolist() == [0, 1]
    assert (folder / "dog", "the folder cannot be opened (Permission denied)") in loaded.skipped
    (folder / "closed").mkdir()
    with pytest.raises(BadArgumentError, match=r"closed cannot be opened \(Permission denied\)"):
        load_folder(folder / "closed")


def test_pipes_are_never_opened_and_nested_folders_belong_to_the_class(folder):
    os.mkfifo(folder / "cat" / "pipe.jpg")
    save(folder / "cat" / "more" / "deep.png", noise(8))
    loaded = load_folder(folder)
    assert reasons(loaded) == {"pipe.jpg": "not an ordinary file"}
    assert [path.name for path in loaded.paths] == ["good.png", "deep.png", "good.png"]
    assert loaded.labels.tolist() == [0, 0, 1]


def test_copies_share_a_group_and_one_file_cannot_have_two_classes(folder):
    save(folder / "cat" / "copy.png", noise(1))
    save(folder / "dog" / "same_cat.png", noise(1))
    loaded = load_folder(folder)
    assert [path.name for path in loaded.paths] == ["copy.png", "good.png", "good.png"]
    assert loaded.groups.tolist() == [0, 0, 1]
    assert "the same file as" in reasons(loaded)["same_cat.png"]
    assert "in another class" in reasons(loaded)["same_cat.png"]


def striped(size):
    image = plain(RED, size)
    image.paste(BLUE, (0, 0, 10, size[1]))
    return image


def test_an_image_fills_the_frame(folder):
    save(folder / "cat" / "wide.png", striped((200, 50)))
    cropped = the_image(load_folder(folder, size=50), "wide.png")
    assert (cropped == RED).all()


@pytest.mark.parametrize("size", [(1, 1), (60000, 1), (1, 60000), (2000, 1500)])
def test_odd_shapes_are_fitted_too(folder, size):
    save(folder / "cat" / "odd.jpg", plain(RED, size), quality=95)
    image = the_image(load_folder(folder, size=(32, 48)), "odd.jpg")
    assert image.shape == (32, 48, 3)
    assert (np.abs(image - RED).max(axis=-1) <= 12).any(), "its red is somewhere, if only one pixel wide"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"size": 4}, "each from 8 to 1024 pixels; you gave 4"),
        ({"size": (224, 224, 3)}, "size must be one number or"),
        ({"size": 5000}, "each from 8 to 1024 pixels; you gave 5000"),
    ],
)
def test_a_bad_argument_is_named(folder, arguments, message):
    with pytest.raises(BadArgumentError, match=message):
        load_folder(folder, **arguments)
