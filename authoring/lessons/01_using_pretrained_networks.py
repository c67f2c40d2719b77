# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 1 · Using pretrained networks
#
# **Goal.** You will take networks that others trained on more than a million photos, and use them for your own images.
#
# {{header}}
#
# Afterwards you can
#
# - say what a pretrained network is good for, and when to expect less of it;
# - explain *feature extraction*, *freezing* and *unfreezing* to somebody who knows only `fit`;
# - classify a photo into ImageNet's classes with six lines of plain Keras.

# %% [markdown]
# ## 1. Four uses of a pretrained network
#
# A convolutional network with random weights must learn everything from your images: first edges, then textures and
# parts, finally whole objects. That takes very many labelled images. Many projects have only a few hundred.
#
# A **[pretrained](GLOSSARY.md#pretrained-weights)** network comes with weights from an earlier training.
# **[Transfer learning](GLOSSARY.md#transfer-learning)** reuses these weights for a new task. The earlier task is the
# **[source task](GLOSSARY.md#source-task)**, yours is the **[target task](GLOSSARY.md#target-task)**.
#
# The **[base](GLOSSARY.md#base)** (or *backbone*) holds the convolutions. It turns an image into
# **[features](GLOSSARY.md#feature)**, numbers that describe what the image shows. A **[head](GLOSSARY.md#head)** turns
# features into classes. The head that the network was trained with is called its **[top](GLOSSARY.md#top)**. A
# pretrained network has four uses:

# %% folded=true
from matplotlib import pyplot as plt

from course_utils import data, evaluate, plots

FROZEN, TRAINED, NO_WEIGHTS = "#DDE7EE", "#E69F00", "white"
base = ("base", FROZEN)
theirs, yours = [(f"one of\n{whose} classes", NO_WEIGHTS) for whose in ("its", "your")]
USES = {
    "1. Classifier as it is": [base, ("top", FROZEN), theirs],
    "2. Standalone feature extractor": [
        base,
        ("file of features", NO_WEIGHTS),
        ("your classifier", TRAINED),
        yours,
    ],
    "3. Integrated feature extractor": [base, ("your head", TRAINED), yours],
    "4. Weight initialisation": [
        ("base, first part", FROZEN),
        ("base, last part", TRAINED),
        ("your head", TRAINED),
        yours,
    ],
}
ONE_MODEL = [2, 0, 2, 3]  # how many boxes belong to one Keras model

figure, ax = plt.subplots(figsize=(9, 6), layout="constrained")
for y, (use, boxes), inside in zip((9, 6, 3, 0), USES.items(), ONE_MODEL, strict=True):
    ax.text(0, y + 1.75, use, weight="bold", fontsize=12)
    for place, (text, colour) in enumerate([("photo", NO_WEIGHTS), *boxes]):
        x, hatch = 2.2 * place, "//" if colour == TRAINED else None
        look = {"facecolor": colour, "edgecolor": "black", "hatch": hatch}
        ax.add_patch(plt.Rectangle((x, y), 1.7, 1.2, **look))
        label = {"facecolor": colour, "edgecolor": "none", "pad": 2}
        ax.text(x + 0.85, y + 0.6, text, ha="center", va="center", bbox=label)
        if place:
            arrow = {"arrowstyle": "->"}
            ax.annotate("", (x, y + 0.6), (x - 0.5, y + 0.6), arrowprops=arrow)
    if inside:
        frame = {"fill": False, "edgecolor": "grey", "linestyle": "--"}
        ax.add_patch(plt.Rectangle((2.0, y - 0.2), 2.2 * inside - 0.1, 1.6, **frame))
ax.set(xlim=(-0.1, 10.7), ylim=(-0.4, 11.3))
ax.set_axis_off()
plots.describe(
    ax,
    "Four uses of a pretrained network. 1, classifier as it is: photo, frozen base, "
    "frozen top, then one of its classes. 2, standalone feature extractor: photo, "
    "frozen base, a file of features, then your own classifier, which is trained. "
    "3, integrated feature extractor: one model of a frozen base and your own head, "
    "which is trained. 4, weight initialisation: one model, in which the last part "
    "of the base is trained together with your head.",
)
# %% [markdown]
# Pale boxes are **[frozen](GLOSSARY.md#frozen)**: training leaves their weights as they are. Hatched boxes are trained
# on your images. A dashed frame encloses one Keras model. The lesson follows the order of the figure.

# %% [markdown]
# ## 2. Use 1: the classifier as it is
#
# **[ImageNet](GLOSSARY.md#ImageNet)** is a collection of labelled photos. We use the part from a competition, the
# **[ILSVRC](GLOSSARY.md#ILSVRC)**: about 1.28 million training photos in 1000 classes. Models from this competition
# make good bases, for three reasons:
#
# - **The classes are many and varied**: animals, plants, vehicles, tools, food. To separate them, a network needs
#   features of many kinds.
# - **The models were compared on the same photos**, which none had been trained on. So you know which one has a low
#   **[generalisation error](GLOSSARY.md#generalisation)**, the error on new images.
# - **Many authors published their weights**, and libraries such as Keras load them in one line.
#
# First we write six photos into a folder. They come with scikit-image and scikit-learn.

# %%
from pathlib import Path

import keras
import numpy as np
import pandas as pd

from course_utils.models import decode_predictions, list_bases, load_base, weights_file

folder = Path("photos")
folder.mkdir(exist_ok=True)
for name, photo in data.sample_photos().items():
    keras.utils.save_img(folder / f"{name}.jpg", photo.array)
print(*sorted(path.stem for path in folder.glob("*.jpg")))

# %% [markdown]
# EfficientNet-Lite0 is a small network. Its file, with the top, is already on your disk. `keras.models.load_model`
# reads a whole model from one file: the layers and their weights. Classifying a photo takes six steps:
#
# 1. **load** the photo, cropped and resized to the size that the network expects;
# 2. turn it into an **array** of numbers;
# 3. make a **[batch](GLOSSARY.md#batch)** of one, because a network expects a group of images;
# 4. **[preprocess](GLOSSARY.md#preprocessing)**: scale the values as they were scaled when the network was trained;
# 5. **predict**: one probability per class comes out;
# 6. **decode**: look up the names of the largest probabilities.

# %%
file = weights_file("efficientnet_lite0", include_top=True)
classifier = keras.models.load_model(file)

SIZE = (224, 224)
path = folder / "coffee.jpg"
photo = keras.utils.load_img(path, target_size=SIZE, keep_aspect_ratio=True)
array = keras.utils.img_to_array(photo)  # (224, 224, 3), values from 0 to 255
batch = np.expand_dims(array, axis=0)  # (1, 224, 224, 3)
batch = (batch - 127) / 128  # this network's preprocessing: about -1 to 1
probabilities = classifier.predict(batch, verbose=0)  # (1, 1000)
_, name, p = decode_predictions(probabilities, top=1)[0][0]  # first image, first class
print(f"{name} ({p:.2%})")

decode_predictions(probabilities, top=5)[0]

# %% [markdown]
# The first line is the most probable class. Each row after it holds an identifier, a class and its probability. Bars
# are quicker to read:

# %%
plots.top_five(array, decode_predictions(probabilities, top=5)[0], title="Coffee")
# %% [markdown]
# The network classifies the coffee correctly, with a high probability. The other four classes look similar.
#
# **Plain Keras.** Two functions are ours: `weights_file` finds a file on your disk, and `decode_predictions` reads a
# list of classes that came with the course. Keras instead downloads weights and class names into the folder
# `~/.keras/models`. (Keras lacks EfficientNet-Lite0, so its preprocessing is written out.)
#
# The next cell takes the same steps with VGG16. The weights of its top are not on your disk, so the cell uses
# `weights=None`: random weights. Online, change `None` to `"imagenet"`.

# %%
import gc

from keras.applications import vgg16

WEIGHTS = None  # online: "imagenet" (553 MB, the first time)
large = vgg16.VGG16(weights=WEIGHTS)
batch = np.expand_dims(array.copy(), axis=0)  # a copy, since the next line
batch = vgg16.preprocess_input(batch)  # overwrites its argument
# Keras's own function downloads the names of the classes, so offline we use ours.
decode = vgg16.decode_predictions if WEIGHTS else decode_predictions
_, name, p = decode(large.predict(batch, verbose=0), top=1)[0][0]
print(f"VGG16, weights={WEIGHTS}: {name} ({p:.2%})")

del large
_ = gc.collect()  # frees half a gigabyte

# %% [markdown]
# Random weights give a random class with a low probability. A published result for VGG16 with ImageNet's weights and a
# photo of a dog is "Doberman (33.59%)" (J. Brownlee, [Transfer Learning in Keras with Computer Vision
# Models](https://machinelearningmastery.com/how-to-use-transfer-learning-when-developing-convolutional-neural-network-models/);
# not measured here).
#
# ### Another model on the same photo
#
# Only the model and its preprocessing change. For MobileNet, `"imagenet"` downloads 17 MB.

# %%
from keras.applications import mobilenet

other = mobilenet.MobileNet(weights=WEIGHTS)
other_batch = mobilenet.preprocess_input(np.expand_dims(array.copy(), axis=0))
other_answer = decode_predictions(other.predict(other_batch, verbose=0), top=5)[0]
pd.DataFrame(other_answer, columns=["WordNet", "class", "probability"]).round(4)

# %% [markdown]
# With random weights every class gets about 0.001. What a network has learned is in its weights, not in its
# architecture.
#
# **Predict.** What will EfficientNet-Lite0 answer for a portrait of an astronaut? "Astronaut" is *not* one of the 1000
# classes.


# %%
def classify(path):
    """One photo as an array, and its five most probable classes."""
    photo = keras.utils.load_img(path, target_size=SIZE, keep_aspect_ratio=True)
    array = keras.utils.img_to_array(photo)
    batch = (np.expand_dims(array, axis=0) - 127) / 128
    return array, decode_predictions(classifier.predict(batch, verbose=0), top=5)[0]


array, answer = classify(folder / "astronaut.jpg")
plots.top_five(array, answer, title="Not one of the 1000 classes")
# %% [markdown]
# No class gets a high probability, but one always comes first. The network cannot say "I do not know". Its last step,
# **[softmax](GLOSSARY.md#softmax)**, makes the probabilities of its classes add up to one. So a probability only
# compares the given classes with each other.
#
# The classes of a pretrained network are rarely the classes you need. The other three uses drop the top.

# %% [markdown]
# ## 3. Use 2: features for your own classifier
#
# From here on we need a target task with few images. This course makes its own **[composite
# images](GLOSSARY.md#composite-image)**: an *object*, cut from a photo, is pasted on part of another photo. So we know
# which images share an object, and lesson 9 can control which background a class gets. Research does the same:
# Waterbirds and the Backgrounds Challenge study backgrounds, and *Cut, Paste and Learn* makes training images.

# %%
shown = data.load_scenes("train", size=160, per_object=1)
choice = [np.flatnonzero(shown.labels == k)[n] for n in (0, 1) for k in range(6)]
plots.image_grid(
    shown.images[choice],
    titles=[shown.class_names[k].replace("_", " ") for k in shown.labels[choice]],
    columns=6,
)
# %% [markdown]
# There are six classes and three sets of images. No two sets share an object or a background photograph. We compute at
# 96 × 96 pixels to save time.

# %%
sets = [data.load_scenes(name) for name in ("train", "validation", "test")]
images = np.concatenate([one.images for one in sets])
labels = np.concatenate([one.labels for one in sets])
objects = np.concatenate([one.groups for one in sets])
set_number = np.repeat([0, 1, 2], [len(one) for one in sets])
majority = np.mean(labels == np.bincount(labels).argmax())
print(f"{len(images)} images of {len(np.unique(objects))} objects")

# %% [markdown]
# We take a linear classifier, **[logistic regression](GLOSSARY.md#logistic-regression)**, and give it two inputs:
#
# - the **pixels**, every sixth in each direction;
# - the **features** that a pretrained base, MobileNetV2, computes from the same images.
#
# Our file of MobileNetV2 lacks the top and the last blocks (lesson 2 says why). This base returns 576 **[feature
# maps](GLOSSARY.md#feature-map)**, which are grids of numbers. The pooling layer averages each feature map to one
# number. The base is frozen and runs once. This use is **[feature extraction](GLOSSARY.md#feature-extraction)**.

# %%
# Online: full = keras.applications.MobileNetV2(include_top=False), and then
# keras.Model(full.input, full.get_layer("block_13_expand_relu").output)
base = keras.models.load_model(weights_file("mobilenet_v2"))
extractor = keras.Sequential([base, keras.layers.GlobalAveragePooling2D()])

preprocess_input = keras.applications.mobilenet_v2.preprocess_input
features = extractor.predict(preprocess_input(images.astype("float32")), verbose=0)
pixels = images[:, ::6, ::6].reshape(len(images), -1) / 255
print("pixels:", pixels.shape, "· features:", features.shape)

# %% [markdown]
# We use **[cross-validation](GLOSSARY.md#cross-validation)**: each set is predicted once, by a classifier trained on
# the other two. So no classifier has seen the images that it predicts.
#
# `C` is a **[hyperparameter](GLOSSARY.md#hyperparameter)**, a setting chosen before training: a small `C` keeps the
# weights of the classifier small. We try three values for both inputs, so that neither suffers from a bad value.
#
# The **[majority-class baseline](GLOSSARY.md#majority-class-baseline)** always predicts the most frequent class. A
# useful classifier beats it.
#
# **Predict.** The baseline is right for about one image in three. For how many of 100 images is the classifier right
# with pixels? With features?

# %%
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler


def cross_validate(rows, C=0.01):
    """For each image, whether it is classified correctly by training on other sets."""
    correct = np.zeros(len(labels), dtype=bool)
    for number in range(3):
        train, test = set_number != number, set_number == number
        model = make_pipeline(StandardScaler(), LogisticRegression(C=C, max_iter=500))
        model.fit(rows[train], labels[train])
        correct[test] = model.predict(rows[test]) == labels[test]
    return correct


accuracy = pd.DataFrame(
    {
        f"C={C}": {
            "majority class": majority,
            "pixels": cross_validate(pixels, C).mean(),
            "features": cross_validate(features, C).mean(),
        }
        for C in (0.001, 0.01, 0.1)
    }
)
(100 * accuracy).round(1)

# %% [markdown]
# The **[accuracy](GLOSSARY.md#accuracy)** is the share of images that are classified correctly, here in per cent. Other
# objects would give other accuracies. A **[confidence interval](GLOSSARY.md#confidence-interval)** estimates how far
# these differ: we resample the objects many times and keep the middle 90 % of the accuracies. (Lesson 3 explains it.)
# The figure uses `C=0.01`.

# %%
from_pixels, from_features = cross_validate(pixels), cross_validate(features)
plots.accuracy_bars(
    {
        "pixels": evaluate.accuracy_interval(from_pixels, objects),
        "pretrained features": evaluate.accuracy_interval(from_features, objects),
    },
    reference={"majority class": majority},
    title="Logistic regression on two inputs",
)
# %%
gain = evaluate.difference_interval(from_features, from_pixels, objects)
print(f"Gain: {100 * gain.value:.1f} points,", end=" ")
print(f"90 % interval {100 * gain.low:.1f} to {100 * gain.high:.1f}")

# %% [markdown]
# The classifier and the images are the same. With pixels, the classifier is hardly better than the baseline; with
# features it is right for most images. The interval of the gain lies far above zero.
#
# ImageNet contains birds, mammals and vehicles, too. So our task is close to the source task. For images unlike
# ImageNet's, the gain may be smaller. (Not measured here.)

# %% [markdown]
# ## 4. Why does this work?
#
# A convolutional network works in layers, and each layer combines what the layer before it found.
#
# - **Early layers are general.** They respond to edges, colours and texture, which nearly every image has. They
#   transfer to the most tasks.
# - **Late layers are specific.** They respond to parts of objects, and to objects of the source task.
#
# This gives a rule of thumb: the closer your images are to ImageNet, the more layers you keep. If your images are very
# different, keep only the first part of the base. Lesson 2 shows what layers respond to, and measures where to cut.

# %% [markdown]
# ## 5. Uses 3 and 4: freezing and unfreezing
#
# Feature extraction can also happen inside one model of a frozen base and a new head (use 3). Only the head is trained.
# The two forms differ in cost:
#
# - **Standalone** (use 2): the base runs once per image. This is fast. But each image has one set of features, so
#   **[augmentation](GLOSSARY.md#augmentation)** (random changes to the images) takes extra work.
# - **Integrated** (use 3): the base runs on each image in every epoch. This allows new augmentation each time, but it
#   is slow without a GPU.
#
# **Weight initialisation** (use 4) continues from a trained head. You unfreeze the last block or two of the base and
# train them in very small steps. This is **[fine-tuning](GLOSSARY.md#fine-tuning)**. Compared with random weights,
# training usually takes less time, and the generalisation error is often lower. Lesson 6 measures this error.
#
# To **freeze** a layer is to exclude its weights from training. To **[unfreeze](GLOSSARY.md#unfreezing)** it is to
# include them again. In Keras the attribute `trainable` decides. The next cell sets it and trains nothing.

# %%
vgg = keras.applications.VGG16(
    weights=weights_file("vgg16"),  # online: "imagenet"
    include_top=False,
    input_shape=(96, 96, 3),
    pooling="avg",
)
model = keras.Sequential([vgg, keras.layers.Dense(6, activation="softmax")])


def trainable_parameters():
    return sum(np.prod(weights.shape) for weights in model.trainable_weights)


counts = {"nothing frozen": trainable_parameters()}

vgg.trainable = False  # freezes every layer of the base
counts["base frozen (use 3)"] = trainable_parameters()

vgg.trainable = True  # unfreezes every layer; then freeze all but the last block
for layer in vgg.layers:
    layer.trainable = layer.name.startswith("block5")
counts["last block unfrozen (use 4)"] = trainable_parameters()

pd.Series(counts, name="trainable parameters").map("{:,}".format).to_frame()

# %% [markdown]
# With a frozen base, training has about three thousand **[parameters](GLOSSARY.md#parameters)** to find. A few hundred
# images can be enough for that. One unfrozen block makes it millions. So fine-tuning comes after the training of the
# head, in small steps. After any change of `trainable`, compile the model again; lesson 4 shows why.

# %% [markdown]
# ## 6. Which network to choose
#
# The table lists the families of `keras.applications` that you will meet most, and EfficientNet-Lite0. The speed of
# five bases is measured on your machine. Untrained bases are enough: speed does not depend on the values of the
# weights.

# %%
import time


def milliseconds(name, count=8):
    """Milliseconds per image of an untrained base, at its own input size."""
    untrained = load_base(name, weights=None)
    batch = np.zeros((count, *untrained.input_shape[1:]), dtype="float32")
    untrained.predict(batch, verbose=0)  # the first call also compiles
    start = time.perf_counter()
    untrained.predict(batch, verbose=0)
    return 1000 * (time.perf_counter() - start) / count


measured = ("efficientnet_lite0", "mobilenet", "mobilenet_v2", "resnet50", "vgg16")
speed = {name: f"{milliseconds(name):.0f}" for name in measured}
bases = sorted(list_bases(), key=lambda base: base.parameters)
table = pd.DataFrame(
    {
        base.keras_name or base.title: {
            "input": base.input_size,
            "depth": base.depth,
            "params (M)": f"{base.parameters / 1e6:.1f}",
            "no top (M)": f"{base.parameters_without_top / 1e6:.1f}",
            "file (MB)": f"{base.megabytes:.0f}",
            "top-1 (%)": base.top1,
            "ms/image": speed.get(base.name, "-"),
        }
        for base in bases
    }
)
table.T

# %% [markdown]
# *input* is the side of the image in pixels. *depth* counts the layers with weights on the longest path. *params* is
# millions of parameters, *no top* the same without the top. *file* is the size of the weights with the top. *top-1* is
# the published accuracy on ImageNet's validation images ([keras.io](https://keras.io/api/applications/); for
# EfficientNet-Lite0 its authors).
#
# **Which to choose?**
#
# - On a laptop, or for a first try: **MobileNetV2** or an **EfficientNet**. They are small and fast.
# - To read and to understand: **VGG16**. It is simple, but large and slow. (**VGG19**, which many tutorials use, has
#   three more convolutions.)
# - With a GPU and for accuracy: **EfficientNetV2** or **ConvNeXt**. They are newer, and more accurate for their size.
# - To compare with papers: **ResNet50**. It is a familiar baseline.
#
# A higher top-1 usually means better features, but not on every target task. Try two or three bases on your own images.
#
# ### Two arguments: `weights` and `include_top`
#
# | argument | value | you get |
# |---|---|---|
# | `weights` | `"imagenet"` or a path | trained weights |
# | | `None` | random weights |
# | `include_top` | `True` | the whole classifier with its 1000 classes |
# | | `False` | the base alone, for a head of your own |

# %%
without_top = mobilenet.MobileNet(weights=None, include_top=False)
with_top = mobilenet.MobileNet(weights=None, include_top=True)  # online: "imagenet"


def count(weights):
    return f"{sum(np.prod(one.shape) for one in weights):,}"


pd.DataFrame(
    {
        title: {
            "parameters": count(network.weights),
            "trainable": count(network.trainable_weights),
            "not trainable": count(network.non_trainable_weights),
        }
        for title, network in {"with top": with_top, "without top": without_top}.items()
    }
).T.rename_axis("MobileNet")

# %% [markdown]
# The parameters that are not trainable are running means and variances of **[batch
# normalisation](GLOSSARY.md#batch-normalisation)**; lesson 4 returns to them. `with_top.summary()` prints all layers.
# The text is long, so `print_fn` collects it here, and it is folded. (A `conv_dw` in it is a **[depthwise
# convolution](GLOSSARY.md#depthwise-convolution)**, which needs few parameters.)

# %%
from IPython.display import HTML

printed = []
with_top.summary(line_length=76, print_fn=printed.append)
fold = "<details><summary>MobileNet, with its top</summary><pre>{}</pre></details>"
HTML(fold.format("".join(printed)))

# %% [markdown]
# ## 7. Optional: transfer learning for text
#
# A small pretrained encoder turns each sentence into a list of numbers. Logistic regression then separates cooking from
# travelling, cross-validated on only 16 sentences.

# %%
from importlib.util import find_spec

from sklearn.feature_extraction.text import CountVectorizer
from sklearn.model_selection import cross_val_score

sentences = """Fold the butter into the dough.|Simmer the lentils for an hour.
Whisk two eggs with sugar.|Roast the peppers until they blister.
The soup needs more salt.|Grate some ginger over the rice.
Let the loaf cool on a rack.|Marinate the fish overnight.
Our train was an hour late.|The ferry crosses to the island twice a day.
Board at gate seven.|We rented bicycles near the station.
The mountain road was closed by snow.|Pack a passport and a warm coat.
The hostel faces the harbour.|A tram rattled past the cathedral.""".replace("\n", "|")
sentences, topic = sentences.split("|"), np.repeat([0, 1], 8)
inputs = {"word counts": CountVectorizer().fit_transform(sentences)}
if find_spec("wordllama"):  # has no package for some processors
    import wordllama

    package = Path(wordllama.__file__).parent
    encoder = wordllama.WordLlama.load(cache_dir=package, disable_download=True)
    inputs["pretrained features"] = encoder.embed(sentences, norm=True)
for title, rows in inputs.items():
    mean = cross_val_score(LogisticRegression(C=10), rows, topic, cv=8).mean()
    print(f"{title}: {mean:.0%} correct")

# %% [markdown]
# Chance gets half. Word counts fail, because the sentences share hardly any words. The encoder gives related words
# similar numbers. (So few sentences only illustrate the idea.)

# %% [markdown]
# ## 8. Your own photo
#
# Put a photo of yours (a `.jpg` file) into the folder `photos` next to this notebook. Then run the next cell again. It
# classifies every photo in the folder.

# %%
found = [classify(path) for path in sorted(folder.glob("*.jpg"))]
plots.top_five([array for array, _ in found], [answer for _, answer in found])
# %% [markdown]
# You see three kinds of answer. One long bar: the network is confident (the coffee). Several bars of similar classes:
# it cannot decide between them (the cat). No long bar: no class fits well, often because the right class is missing
# (the astronaut).
#
# **What this lesson showed.** A pretrained network can classify photos as it is, but only into its own classes. Its
# features gave a useful classifier from a few hundred images, where pixels did not.

# %% [markdown]
# ## Quiz
#
# Nothing is recorded; every answer is explained. The cell is folded, because it holds the answers.

# %% folded=true
from course_utils import widgets

widgets.quiz(
    [
        {
            "question": "You have 300 labelled photos of beetles. What is the best "
            "reason to start from a pretrained base?",
            "options": [
                "It was trained on beetles, too.",
                "Its features come from a million images; 300 would hardly teach them.",
                "It computes faster than a network with random weights.",
            ],
            "answer": 1,
            "why": [
                "ImageNet has a few, but bases also help with classes that it lacks.",
                "Early and middle layers are useful for nearly every image.",
                "The same architecture runs at the same speed, whatever its weights.",
            ],
        },
        {
            "question": "A photo shows none of the 1000 classes; one gets 90 %. Why?",
            "options": [
                "The probabilities add up to one, even if no class fits.",
                "The photo shows that class after all.",
                "The photo must have been preprocessed wrongly.",
            ],
            "answer": 0,
            "why": [
                "Softmax shares out 100 % among the given classes, whatever the photo.",
                "A high probability cannot make a missing class appear.",
                "Possible, but a wrong class needs no such mistake to win.",
            ],
        },
        {
            "question": "In section 3, why were features better than pixels?",
            "options": [
                "They are more numbers per image.",
                "They already describe texture and parts of objects.",
                "Their classifier was trained for longer.",
            ],
            "answer": 1,
            "why": [
                "They are fewer: compare the shapes that the notebook printed.",
                "The base did that part of the work, with weights from ImageNet.",
                "Both used the same classifier with the same settings.",
            ],
        },
        {
            "question": "You want new augmentation in every epoch. Which use fits?",
            "options": [
                "Standalone feature extractor, features computed once.",
                "Integrated feature extractor, base and head in one model.",
                "Classifier as it is.",
            ],
            "answer": 1,
            "why": [
                "Its features are fixed before training starts.",
                "The base runs on every augmented image. That costs time.",
                "It is not trained at all.",
            ],
        },
        {
            "question": "Microscope images are unlike ImageNet. What do you try first?",
            "options": [
                "Only the first part of a base, with a head of your own.",
                "The whole network with its top.",
                "Training from random weights; transfer cannot help.",
            ],
            "answer": 0,
            "why": [
                "Edges and texture occur there too; parts of dogs do not.",
                "It would sort your images into cups and dogs.",
                "Perhaps in the end, but general features are cheap to try first.",
            ],
        },
    ]
)

# %% [markdown]
# ## What to do next
#
# - **Lesson 2** opens the base: its layers, its preprocessing, and where to cut it.
# - **Lab 1** can be started after lessons 1 and 2.
