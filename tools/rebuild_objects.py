"""Rebuilds course_utils/assets/objects from Debian's package tuxpaint-stamps-default.

    python tools/rebuild_objects.py                 # downloads the package (no root needed) and rebuilds
    python tools/rebuild_objects.py --from FOLDER   # FOLDER holds the unpacked package (usr/share/tuxpaint/...)
    python tools/rebuild_objects.py --check         # builds into a temporary folder and compares with what is shipped

Somebody looked at every image of the folders in ``CLASSES``; what was left out, and why, is in ``LEFT_OUT``.
With the same Pillow the result is the same to the byte.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import io
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
from PIL import Image

PACKAGE = "tuxpaint-stamps-default"
PACKAGE_VERSION = "2022.06.04-1"
INSIDE = Path("usr/share/tuxpaint/stamps")
SHIPPED = Path(__file__).resolve().parent.parent / "course_utils" / "assets" / "objects"
LONGEST_SIDE = 160
SMALLEST_LONGEST_SIDE = 40
SAME_IMAGE = 0.95
"""Two images whose shapes and grey values correlate more than this, as they are or mirrored, are one image.

The twins in the package reach 0.987 and more; of two different images that are kept, none passes 0.86.
"""

CLASSES = {
    "bird": ["animals/birds"],
    "fish": ["animals/fish"],
    "flower": ["plants/flowers"],
    "fruit_or_vegetable": ["food/fruit", "food/vegetables"],
    "insect": ["animals/insects"],
    "mammal": ["animals/mammals", "animals/marsupials"],
    "musical_instrument": ["hobbies/music"],
    "vehicle": ["vehicles", "military/vehicles"],
}

# Whole folders that upstream itself keeps apart from the photographs.
LEFT_OUT_FOLDERS = {"cartoon": "drawing", "toys": "toy", "plastic": "artificial flower"}

LEFT_OUT = {
    "animals/birds/heron_greatblue_flying.png": "probably the bird of heron_greatblue.png again",
    "animals/fish/lobster.png": "a crustacean, not a fish",
    "animals/fish/shrimp.png": "a crustacean, not a fish",
    "animals/insects/Brown_slug.png": "a slug, not an insect",
    "animals/insects/Woodlouse.png": "a crustacean, not an insect",
    "animals/insects/bee.png": "drawing",
    "animals/mammals/apes/tamarin_emperor.png": "blurred, and cut off through the body",
    "animals/mammals/bovines/gnu-baby-stand.png": "probably the animal of gnu-baby.png again",
    "animals/mammals/dogs/dog.png": "painted",
    "animals/mammals/echidna.png": "silhouette",
    "animals/mammals/hedgehog.png": "drawing",
    "animals/mammals/pig_golden2.png": "probably the animal of pig_golden.png again",
    "food/fruit/apple_green.png": "apple_red.png in another colour",
    "vehicles/7spoke256.png": "drawing of a wheel",
    "vehicles/construction/dumper_mirror.png": "mirrored twin of dumper.png",
    "vehicles/emergency/sedan_police.png": "letters to lay over another image",
    "vehicles/emergency/sedan_police_mirror.png": "letters to lay over another image",
    "vehicles/ship/chineseJunk.png": "few colours and stray lines; no longer photographic",
    "vehicles/ship/walnutBoat.png": "toy (a boat made of a nutshell)",
    "vehicles/wheel_tractor.png": "a wheel, not a vehicle",
    "military/vehicles/bradley_mirror.png": "mirrored twin of bradley.png",
}

# What the package's changelog says about single images; Debian's copyright file puts the whole under GPL-2.
CREDITS = [
    (
        "Stas Zytkiewicz (Childsplay), adapted by Pere Pujal i Carabantes",
        "GPL",
        """badger bear beaver bison blackbird bull camel caribou chimp cow crow cuckoo deer doe dolphin donkey dromedary
        duck elephant ferret fly fox gander giraffe goat gorilla grasshopper hen hippopotamus hornet horse kangaroo
        koala lark lion marmot mountaingoat mouse nandou orca owl penguin pig quetzal rabbit ram rooster seagull
        sea_lion squirrel tiger tucan turkey vulture whale wombat xanthia yak pigeon wildboar zebu wapiti rat""",
    ),
    (
        "Pere Pujal i Carabantes",
        "GPL-2 or later",
        "dumper gnu-baby gnu-sitting gnu-stand mantis european-bear rabbit-2",
    ),
    (
        "VHSS Irimpanam school, Kerala, via Vimal Joseph",
        "CC BY-SA 3.0",
        "adeenia anthoorium appooppanthady bolsom chemparathi",
    ),
    ("Erinn Lynch", "CC BY-SA 2.5", "pelican heron_greatblue"),
    ("Paul Venter", "GFDL", "helmeted_guineafowl"),
    ("Benjamint444 (Wikimedia Commons), prepared by Caroline Ford", "GFDL", "Apricot_whole Cherry_Stella Strawberry2"),
    ("Aaron M. Lang (Wikipedia)", "CC BY 2.5", "firetruck"),
    ("U.S. Air Force, TSgt Ben Bloker, prepared by Steve Karg", "", "f22_raptor"),
    ("U.S. National Oceanic and Atmospheric Administration", "public domain", "seahorse"),
    ("Caroline Ford", "", "garbagetruck daffodil beetle pink_tricycle ww2_german_gun"),
    (
        "Mudchute Park and Farm, via Caroline Ford",
        "",
        "cow_white donkey_eating sheep sheep_lamb rabbit_little pig_golden",
    ),
    (
        "Wikipedia (no author named), prepared by Caroline Ford",
        "",
        """apricot bassoon cello guitar_classical cymbal_crash drumkit guitar_electric_bass guitar_electric
        drum_tomtom_floor trumpet violin""",
    ),
    ("Akkana Peck", "", "flower1 flower2 flower3 flower4 flower5 flower6 flower7 flower8 flower9 flower10"),
    (
        "Bill Kendrick (San Francisco Zoo)",
        "",
        """albino_peahen crowned_crane magellanic_penguin ostrich peacock pink_flamingo rhino_black capybara
        indian_blackbuck tiger_sumatran zebra""",
    ),
    (
        "Chris Goerner",
        "",
        """lemon mandarine yellow-flower pigface adelaide-rosella dingo little-penguin magpie rainbow-lorikeet
        silver-gull""",
    ),
    ("Steve Karg", "", "corn broccoli"),
    ("Mike Fitzpatrick", "", "pineapple"),
    ("Jen and Ed Collins", "", "mango pear pomegranate strawberry"),
    ("Coco Ranch Farmers Market", "", "chilepepper eggplant garlics pumpkin_small redlettuce yellowpepper"),
]


def unpack(folder: Path) -> Path:
    """Downloads the Debian package into ``folder`` and unpacks it there; needs Debian or a relative, not root."""
    subprocess.run(["apt-get", "download", f"{PACKAGE}={PACKAGE_VERSION}"], cwd=folder, check=True)
    (package,) = folder.glob(f"{PACKAGE}_*.deb")
    subprocess.run(["dpkg-deb", "-x", package, folder / "unpacked"], check=True)
    return folder / "unpacked"


def choose(root: Path) -> tuple[list[tuple[str, str]], list[tuple[str, str, str]]]:
    """Sorts the images below ``root`` into (class, path) to keep and (class, path, reason) left out."""
    kept, left_out = [], []
    for class_name, folders in CLASSES.items():
        for folder in folders:
            for file in sorted((root / folder).rglob("*.png")):
                path = file.relative_to(root).as_posix()
                reason = next((LEFT_OUT_FOLDERS[part] for part in file.parts if part in LEFT_OUT_FOLDERS), None)
                reason = LEFT_OUT.get(path, reason)
                if reason is None:
                    reason = unusable(file)
                if reason is None:
                    kept.append((class_name, path))
                else:
                    left_out.append((class_name, path, reason))
    return kept, left_out


def unusable(file: Path) -> str | None:
    """Returns why an image cannot be pasted on a background, or None."""
    with Image.open(file) as image:
        alpha = np.asarray(image.convert("RGBA"))[..., 3]
        if (alpha < 128).mean() < 0.02:
            return "no transparency"
        if max(image.size) < SMALLEST_LONGEST_SIDE:
            return f"too small ({image.width} x {image.height} pixels)"
    return None


def shrink(file: Path) -> Image.Image:
    """Crops an image to what is visible, at most ``LONGEST_SIDE`` pixels on the long side, never enlarged."""
    with Image.open(file) as opened:
        image = opened.convert("RGBA")
    visible = image.getchannel("A").point(lambda value: 255 if value > 16 else 0)
    image = image.crop(visible.getbbox())
    scale = min(1.0, LONGEST_SIDE / max(image.size))
    if scale < 1.0:
        size = tuple(max(1, round(side * scale)) for side in image.size)
        image = image.resize(size, Image.Resampling.LANCZOS)
    return image


def encode(image: Image.Image) -> bytes:
    """Returns the image as WebP: colours with loss, transparency without."""
    buffer = io.BytesIO()
    image.save(buffer, "WEBP", quality=90, alpha_quality=100, method=4, exif=b"", icc_profile=b"", xmp=b"")
    return buffer.getvalue()


def signature(image: Image.Image) -> np.ndarray:
    """Returns shape and grey values of an image as one vector of unit length, blind to size and colour."""
    small = np.asarray(image.resize((24, 24), Image.Resampling.BOX), dtype=np.float64)
    alpha, grey = small[..., 3] / 255, small[..., :3].mean(axis=-1) / 255
    inside = alpha > 0.5
    grey = np.where(inside, (grey - grey[inside].mean()) / (grey[inside].std() + 1e-6), 0.0)
    parts = [part.ravel() / (np.linalg.norm(part) + 1e-9) for part in (alpha - alpha.mean(), grey)]
    return np.concatenate(parts) / np.sqrt(2)


def twins(images: dict[str, Image.Image]) -> list[tuple[str, str, str, float]]:
    """Finds pairs that show one image twice, as it is or mirrored, whatever its colour."""
    names = list(images)
    plain = np.stack([signature(images[name]) for name in names])
    mirrored = np.stack([signature(images[name].transpose(Image.Transpose.FLIP_LEFT_RIGHT)) for name in names])
    found = []
    for kind, other in (("same", plain), ("mirrored", mirrored)):
        likeness = plain @ other.T
        for first, second in zip(*np.nonzero(np.triu(likeness > SAME_IMAGE, k=1)), strict=True):
            found.append((names[first], names[second], kind, float(likeness[first, second])))
    return found


def credit(stem: str) -> tuple[str, str]:
    """Returns author and licence of one image as the changelog has them; empty strings where it is silent."""
    for author, licence, names in CREDITS:
        if stem in names.split():
            return author, licence
    return "", ""


def description(file: Path) -> str:
    """Returns the package's English sentence about an image."""
    return file.with_suffix(".txt").read_text(encoding="utf-8").splitlines()[0].strip()


def build(root: Path, target: Path) -> dict[str, int]:
    """Writes images, PROVENANCE.csv and LEFT_OUT.csv into ``target``; returns how many images each class has."""
    kept, left_out = choose(root)
    if missing := [path for path in LEFT_OUT if not (root / path).is_file()]:
        raise SystemExit(f"LEFT_OUT names images that the package does not hold: {', '.join(missing)}")
    images = {path: shrink(root / path) for _, path in kept}
    if found := twins(images):
        lines = "\n".join(f"  {first} and {second}: {kind}, {likeness:.3f}" for first, second, kind, likeness in found)
        raise SystemExit(f"These pairs are one image; add one of each to LEFT_OUT:\n{lines}")
    counts: dict[str, int] = {}
    rows = []
    for class_name, path in kept:
        name = f"{class_name}/{Path(path).stem.lower()}.webp"
        content = encode(images[path])
        (target / class_name).mkdir(parents=True, exist_ok=True)
        (target / name).write_bytes(content)
        author, licence = credit(Path(path).stem)
        original = (root / path).read_bytes()
        rows.append(
            {
                "file": name,
                "class": class_name,
                "description": description(root / path),
                "sha256": hashlib.sha256(content).hexdigest(),
                "original": (INSIDE / path).as_posix(),
                "original_sha256": hashlib.sha256(original).hexdigest(),
                "author_in_changelog": author,
                "licence_in_changelog": licence,
            }
        )
        counts[class_name] = counts.get(class_name, 0) + 1
    if len({row["file"] for row in rows}) != len(rows):
        raise SystemExit("Two originals have the same class and name; one would overwrite the other.")
    rows.sort(key=lambda row: row["file"])
    write_table(target / "PROVENANCE.csv", rows)
    columns = ("class", "original", "reason")
    write_table(
        target / "LEFT_OUT.csv",
        [dict(zip(columns, (c, (INSIDE / path).as_posix(), why), strict=True)) for c, path, why in left_out],
    )
    return counts


def write_table(path: Path, rows: list[dict[str, str]]) -> None:
    with open(path, "w", newline="", encoding="utf-8") as file:
        table = csv.DictWriter(file, fieldnames=list(rows[0]), lineterminator="\n")
        table.writeheader()
        table.writerows(rows)


def differences(built: Path, shipped: Path) -> list[str]:
    """Names the files that are not the same in both folders; README.md and COPYING are written by hand."""
    by_hand = {"README.md", "COPYING"}
    found = []
    for name in sorted({f.relative_to(d).as_posix() for d in (built, shipped) for f in d.rglob("*") if f.is_file()}):
        one, other = built / name, shipped / name
        same = one.is_file() and other.is_file() and one.read_bytes() == other.read_bytes()
        if name not in by_hand and not same:
            found.append(name)
    return found


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--from", dest="unpacked", type=Path, help="folder with the unpacked package")
    parser.add_argument("--check", action="store_true", help="compare with what is shipped, change nothing")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as name:
        temporary = Path(name)
        root = (options.unpacked or unpack(temporary)) / INSIDE
        built = temporary / "stamps"
        built.mkdir()
        counts = build(root, built)
        size = sum(file.stat().st_size for file in built.rglob("*.webp"))
        print("\n".join(f"{count:4d} {class_name}" for class_name, count in counts.items()))
        print(f"{sum(counts.values()):4d} images, {size / 1e6:.2f} MB")
        if options.check:
            different = differences(built, SHIPPED)
            print("\n".join(["Not as shipped:", *different]) if different else "The same to the byte as shipped.")
            return 1 if different else 0
        for class_name in CLASSES:
            shutil.rmtree(SHIPPED / class_name, ignore_errors=True)
        shutil.copytree(built, SHIPPED, dirs_exist_ok=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
