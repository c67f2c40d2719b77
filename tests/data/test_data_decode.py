"""Which grey a stored value becomes: files of every depth and mode, written by hand where Pillow writes none."""

import io
import struct
import zlib

import numpy as np
import pytest
from PIL import Image, ImageOps

from course_utils.data.decode import UnreadableError, decode

RAMP = np.linspace(0, 1, 64)[None].repeat(8, axis=0)
GREY = np.linspace(0, 255, 64)


def tiff(array, *, photometric=1, extra=()):
    """An uncompressed TIFF of one strip, in the array's own byte order."""
    order = ">" if array.dtype.str[0] == ">" else "<"
    height, width, *channels = array.shape
    count, bits = (channels or [1])[0], array.dtype.itemsize * 8
    tags = {256: [width], 257: [height], 258: [bits] * count, 259: [1], 262: [photometric], 273: [0], 277: [count]}
    tags |= {278: [height], 279: [array.nbytes], 339: [{"u": 1, "i": 2, "f": 3}[array.dtype.kind]] * count}
    tags |= {338: list(extra)} if extra else {}
    longs = (256, 257, 273, 278, 279)
    size = 10 + 12 * len(tags) + 4
    rest = b"".join(
        struct.pack(f"{order}{len(v)}H", *v) for k, v in sorted(tags.items()) if k not in longs and len(v) > 2
    )
    tags[273] = [size + len(rest)]
    entries, place = b"", size
    for tag, values in sorted(tags.items()):
        packed = struct.pack(f"{order}{len(values)}{'I' if tag in longs else 'H'}", *values)
        if len(packed) > 4:
            packed, place = struct.pack(f"{order}I", place), place + len(packed)
        entries += struct.pack(f"{order}HHI", tag, 4 if tag in longs else 3, len(values)) + packed.ljust(4, b"\0")
    start = (b"II" if order == "<" else b"MM") + struct.pack(f"{order}HIH", 42, 8, len(tags))
    return start + entries + bytes(4) + rest + array.tobytes()


def png(array, kind, *more):
    """A PNG of 16 bits; ``kind`` is its colour type, ``more`` the chunks before the pixels."""

    def chunk(name, body):
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    header = struct.pack(">IIBBBBB", array.shape[1], array.shape[0], 16, kind, 0, 0, 0)
    rows = zlib.compress(b"".join(b"\0" + row.tobytes() for row in array.astype(">u2")))
    chunks = [(b"IHDR", header), *more, (b"IDAT", rows), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(*one) for one in chunks)


def colour(array):
    return np.stack([array] * 3, axis=-1)


def pixels(content):
    return np.asarray(decode(io.BytesIO(content))).astype(int)


@pytest.mark.parametrize("dtype", ["<u2", ">u2", "<i4", ">i4", "<f4", ">f4"])
@pytest.mark.parametrize("top", [1, 255, 4095, 65535])
def test_a_whole_ramp_goes_from_black_to_white_whatever_it_is_stored_in(dtype, top):
    if top == 1 and "f" not in dtype:
        stored, expected = (RAMP > 0.5).astype(dtype), np.where(GREY > 127.5, 255, 0)
    else:
        stored, expected = (RAMP * top).astype(dtype), GREY
    image = pixels(tiff(stored))
    assert image.shape == (8, 64, 3)
    assert np.abs(image - expected[:, None]).max() <= 1


@pytest.mark.parametrize("top", [255, 4095, 65535])
@pytest.mark.parametrize(
    "write", [lambda array: png(array, 0), lambda array: b"P5 64 8 65535\n" + array.astype(">u2").tobytes()]
)
def test_sixteen_bits_of_png_and_pgm_keep_their_brightness(write, top):
    assert np.abs(pixels(write((RAMP * top).astype("u2"))) - GREY[:, None]).max() <= 1


@pytest.mark.parametrize("top", [1, 255])
def test_floating_point_values_may_overshoot_a_little(top):
    image = pixels(tiff(((RAMP * 1.2 - 0.1) * top).astype("<f4")))
    assert np.abs(image - np.clip(GREY * 1.2 - 25.5, 0, 255)[:, None]).max() <= 1


def test_half_is_half_and_black_is_black():
    assert (pixels(tiff(np.full((4, 4), 0.5, "<f4"))) == 128).all()
    for dtype in ("<f4", "<u2", "<i4"):
        assert (pixels(tiff(np.zeros((4, 4), dtype))) == 0).all()


def test_a_tiff_in_which_zero_is_white_is_no_negative():
    image = pixels(tiff((RAMP * 65535).astype("<u2"), photometric=0))
    assert np.abs(image - GREY[::-1, None]).max() <= 1


def with_a(value):
    stored = RAMP.astype("<f4")
    stored[3, 3] = value
    return tiff(stored)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (with_a(np.nan), "some of its values are NaN or infinite"),
        (with_a(np.inf), "some of its values are NaN or infinite"),
        (with_a(-np.inf), "some of its values are NaN or infinite"),
        (with_a(70000 * 2), "go from 0 to 140000, which is no known scale"),
        (tiff((RAMP * 2 - 1).astype("<f4")), "go from -1 to 1, which is no known scale"),
        (tiff((RAMP * 3).astype("<f4")), "go from 0 to 3, which is no known scale"),
        (tiff((RAMP * 0.01).astype("<f4")), "go from 0 to 0.01, which is no known scale"),
        (tiff((RAMP * -0.1).astype("<f4")), "go from -0.1 to -?0, which is no known scale"),
        (tiff((RAMP * 4000 - 1000).astype("<i2")), "go from -1000 to 3000, which is no known scale"),
        (tiff((RAMP * 4000 - 1000).astype(">i2")), "go from -1000 to 3000, which is no known scale"),
        (tiff((RAMP * 1e6).astype("<i4")), r"go from 0 to 1e\+06, which is no known scale"),
        (tiff((RAMP * (2**32 - 1)).astype("<u4")), "which is no known scale"),
        (tiff((RAMP * 9).astype("<u2")), "go from 0 to 9, which is no known scale"),
        (tiff((RAMP * 100 - 50).astype("i1")), "its values are signed"),
        (tiff(RAMP.astype("<f8")), "a TIFF of a kind that is not read here"),
        (tiff(RAMP.astype("<f2")), "a TIFF of a kind that is not read here"),
        (tiff(colour(RAMP.astype("<f4")), photometric=2), "a TIFF of a kind that is not read here"),
        (png(colour(RAMP * 4000), 2), "16 bits a channel, and is nearly black"),
        (png(colour(RAMP * 255), 2), "16 bits a channel, and is nearly black"),
        (tiff(colour((RAMP * 4000).astype("<u2")), photometric=2), "16 bits a channel, and is nearly black"),
        (b"", "the file is empty"),
        (b"PK\3\4 and more", "a zip archive; unpack it first"),
    ],
)
def test_what_has_no_known_scale_or_is_no_image_is_refused_by_name(content, reason):
    with pytest.raises(UnreadableError, match=reason):
        decode(io.BytesIO(content))


def test_colour_of_sixteen_bits_keeps_its_brightness():
    for content in (png(colour(RAMP * 65535), 2), tiff(colour((RAMP * 65535).astype("<u2")), photometric=2)):
        assert np.abs(pixels(content) - GREY[:, None]).max() <= 1


def test_what_is_transparent_is_white_in_sixteen_bits_too():
    clear = (b"tRNS", struct.pack(">H", 0))
    image = pixels(png(RAMP * 65535, 0, clear))
    assert (image[:, 0] == 255).all() and np.abs(image[:, 1:] - GREY[1:, None]).max() <= 1
    opaque = np.stack([RAMP * 65535, np.full(RAMP.shape, 65535)], axis=-1)
    assert np.abs(pixels(png(opaque, 4)) - GREY[:, None]).max() <= 1
    assert (pixels(png(opaque * [1, 0], 4)) == 255).all()


def saved(mode, value, kind="TIFF"):
    Image.new(mode, (8, 8), value).save(buffer := io.BytesIO(), kind)
    return buffer.getvalue()


FOUR = np.full((8, 8, 4), 100, "u1")


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (saved("1", 1), (255, 255, 255)),
        (saved("L", 100), (100, 100, 100)),
        (saved("LA", (100, 255)), (100, 100, 100)),
        (saved("LA", (100, 0)), (255, 255, 255)),
        (saved("RGBA", (220, 20, 30, 0)), (255, 255, 255)),
        (saved("CMYK", (0, 255, 255, 0)), (255, 0, 0)),
        (saved("YCbCr", (76, 85, 255)), (255, 0, 0)),
        (saved("LAB", (255, 128, 128)), (255, 255, 255)),
        (saved("LAB", (0, 128, 128)), (0, 0, 0)),
        # Multiplied by its opacity, 100 of 255, beforehand: white at 100 of 255, on white.
        (tiff(FOUR, photometric=2, extra=(1,)), (255, 255, 255)),
        (tiff(FOUR[..., :2].copy(), extra=(1,)), (255, 255, 255)),
        (saved("P", 0, "PNG"), (0, 0, 0)),
    ],
    ids=["1", "L", "LA", "LA clear", "RGBA clear", "CMYK", "YCbCr", "LAB white", "LAB black", "RGBa", "La", "P"],
)
def test_every_mode_becomes_the_rgb_it_stands_for(content, expected):
    assert pixels(content)[4, 4] == pytest.approx(expected, abs=3)


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG", "TIFF"])
def test_of_several_frames_the_first_is_taken(kind):
    first, second = (Image.new("RGB", (8, 8), name) for name in ("red", "blue"))
    first.save(buffer := io.BytesIO(), kind, save_all=True, append_images=[second])
    assert pixels(buffer.getvalue())[4, 4] == pytest.approx((255, 0, 0), abs=3)


def photographed(image, exif, kind="JPEG"):
    image.save(buffer := io.BytesIO(), kind, exif=exif, **({"quality": 95} if kind == "JPEG" else {}))
    return buffer.getvalue()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF", "WEBP"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_orientation_is_turned_upright(orientation, kind):
    held = Image.new("RGB", (48, 32), "red")
    held.paste("blue", (0, 0, 16, 16))
    exif = Image.Exif()
    exif[0x0112] = orientation
    content = photographed(held, exif, kind)
    expected = np.asarray(ImageOps.exif_transpose(Image.open(io.BytesIO(content))).convert("RGB")).astype(int)
    assert pixels(content).shape == ((48, 32, 3) if orientation > 4 else (32, 48, 3))
    np.testing.assert_array_equal(pixels(content), expected)


def test_a_damaged_or_huge_note_of_the_camera_does_no_harm():
    held, exif = Image.new("RGB", (16, 8), "red"), Image.Exif()
    exif[0x0112], exif[0x010F], exif[0x011A], exif[0x8825] = 6, "Maker", 72.0, {1: "N", 2: (1.0, 2.0, 3.0)}
    note, rng = exif.tobytes(), np.random.default_rng(0)
    garbage = [b"Exif\0\0garbage", b"Exif\0\0II*\0\x08\0\0\0\xff\xff" + bytes(60000)]
    for _ in range(200):
        broken = bytearray(note)
        for place in rng.integers(14, len(note), size=5):
            broken[place] = rng.integers(256)
        garbage.append(bytes(broken))
    for one in garbage:
        assert sorted(pixels(photographed(held, one)).shape) == [3, 8, 16]


def test_a_file_that_is_too_large_or_damaged_is_refused_with_what_helps(tmp_path):
    (tmp_path / "big.ppm").write_bytes(b"P6 9000 9000 255\n")
    with pytest.raises(UnreadableError, match=r"^9000 x 9000 pixels, .*; make it smaller.*do$"):
        decode(tmp_path / "big.ppm")
    Image.new("RGB", (50, 50)).save(tmp_path / "half.png")
    (tmp_path / "half.png").write_bytes((tmp_path / "half.png").read_bytes()[:60])
    with pytest.raises(UnreadableError, match=r"damaged or incomplete \(.*\); copy it again"):
        decode(tmp_path / "half.png")
