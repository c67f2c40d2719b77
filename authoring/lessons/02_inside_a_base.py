# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 2 · Inside a convolutional base
#
# **Goal.** You will open a pretrained base: load it in every form, preprocess images for it, look at what its layers
# respond to, and measure where to cut it.
#
# {{header}}
#
# Afterwards you can
#
# - build models with Keras's functional API;
# - load a base with or without its top, at any input size, with any pooling;
# - preprocess images as a base expects, and recognise the three usual mistakes;
# - read filters and feature maps;
# - choose where to cut a base, with a confidence interval for every choice.

# %% [markdown]
# ## 1. The functional API in five lines
#
# A `Sequential` model is a chain of layers. We need more: a base with layers behind it, a part of a base, or several of
# its layers at once. Keras's **[functional API](GLOSSARY.md#functional-API)** does all three. You call a layer, or a
# whole model, on a symbolic tensor (a shape without values). Keras records the path from input to output.

# %%
import gc

from course_utils import data, evaluate, plots
from course_utils.models import load_base, weights_file

import keras
import numpy as np
import pandas as pd
from keras.applications import inception_v3, mobilenet, mobilenet_v2, resnet50, vgg16

vgg_weights = weights_file("vgg16")  # online: "imagenet"
base = vgg16.VGG16(weights=vgg_weights, include_top=False, input_shape=(96, 96, 3))

inputs = keras.Input(shape=(96, 96, 3))
x = base(inputs)
x = keras.layers.GlobalAveragePooling2D()(x)
outputs = keras.layers.Dense(6, activation="softmax")(x)
model = keras.Model(inputs, outputs)

model.summary(line_length=68)

# %% [markdown]
# The five lines from `inputs` to `model` build a complete classifier on a base. `summary()` prints a row for each layer
# of the model; the whole base is one row. In a shape, `None` stands for any number of images.
#
# `keras.Model(inputs, outputs)` keeps everything that lies between its two arguments. So it can also end a network at
# an inner layer:

# %%
part = keras.Model(base.input, base.get_layer("block3_pool").output)
print("up to block3_pool:", part.output_shape, f"{part.count_params():,} parameters")

same = load_base("vgg16", input_shape=(96, 96, 3), cut="block3_pool")
print("by load_base:     ", same.output_shape, f"{same.count_params():,} parameters")

# %% [markdown]
# `load_base` is a short form that the labs use. It returns the same plain Keras model and works offline. Its companion
# `preprocess("vgg16", images)` does what `vgg16.preprocess_input` does, and warns about values that look preprocessed
# already.
#
# ## 2. Loading a base
#
# ### With and without the top
#
# Lesson 1 left the top out because its classes were not ours. The second reason is size. To count parameters,
# `weights=None` is enough.

# %%
with_top = vgg16.VGG16(weights=None, include_top=True)


def layer_table(model):
    """Name, output shape and parameters of every layer."""
    rows = {}
    for layer in model.layers:
        rows[layer.name] = str(layer.output.shape), f"{layer.count_params():,}"
    return pd.DataFrame(rows, index=["output", "parameters"]).T


print(f"with the top: {with_top.count_params():,} parameters")
print(f"without:      {base.count_params():,} parameters")
layer_table(with_top).tail(5)

# %% [markdown]
# A convolution applies small arrays of weights, its **[filters](GLOSSARY.md#filter)**, at every position of the image.
# A **[feature map](GLOSSARY.md#feature-map)** (*activation map*) is the grid of numbers that one filter computes. The
# layer `fc1` holds most of the parameters. It is a dense layer behind flattened feature maps, so its size depends on
# the size of the image. The table of all layers is folded:

# %%
from IPython.display import HTML

fold = "<details><summary>{}, layer by layer</summary>{}</details>"
HTML(fold.format("VGG16", layer_table(with_top).to_html()))

# %% [markdown]
# ### Another input size
#
# **Predict.** VGG16 with its top has about 138 million parameters at 224 × 224 pixels. How many would it have for
# photos of 640 × 480 pixels?
#
# The next cell loads the base for such photos, by `input_shape` and by `input_tensor`, and calculates the parameters
# with the top. (Height comes first.) `input_tensor` is useful when your model begins with layers of its own.

# %%
size = (480, 640, 3)
by_shape = vgg16.VGG16(weights=vgg_weights, include_top=False, input_shape=size)
by_tensor = vgg16.VGG16(
    weights=vgg_weights,
    include_top=False,
    input_tensor=keras.Input(shape=size),
)
print("output:", by_shape.output_shape, "and", by_tensor.output_shape)
print(f"parameters without the top: {by_shape.count_params():,}")

fc1 = with_top.get_layer("fc1")
needed = (np.prod(by_shape.output_shape[1:]) + 1) * fc1.units  # one more for the bias
total = with_top.count_params() - fc1.count_params() + needed
print(f"parameters with the top: {total:,}")

del with_top, fc1  # frees half a gigabyte of random weights
_ = gc.collect()

# %% [markdown]
# Without the top, the number of parameters is the same at every size, because filters slide over an image of any size.
# (VGG16's minimum is 32 × 32.) With the top, it would be more than four times as large.
#
# A top need not depend on the size. MobileNet's top averages each feature map first, so it has the same parameters for
# every image size:

# %%
for size in [(224, 224, 3), (480, 640, 3)]:
    whole = mobilenet.MobileNet(weights=None, include_top=True, input_shape=size)
    print(f"MobileNet with its top, {size}: {whole.count_params():,} parameters")

# %% [markdown]
# With `weights="imagenet"` and the top, Keras accepts only sizes with published weights, for VGG16 only 224 × 224.
#
# ### Pooling
#
# A classifier expects one list of numbers per image. **[Pooling](GLOSSARY.md#pooling)** makes it from feature maps:

# %%
shapes = {}
for pooling in [None, "avg", "max"]:
    net = mobilenet.MobileNet(weights=None, include_top=False, pooling=pooling)
    shapes[f"pooling={pooling}"] = str(net.output_shape)
net = mobilenet.MobileNet(weights=None, include_top=False, input_shape=(224, 224, 3))
flat = keras.layers.Flatten()(net.output)
shapes["pooling=None, then Flatten"] = str(flat.shape)
pd.Series(shapes, name="output").to_frame()

# %% [markdown]
# - **avg** keeps the mean of each feature map. It is the usual choice.
# - **max** keeps the strongest response of each feature map.
# - **Flatten** keeps the position of every response. The head becomes larger, and usually needs more images.
#
# ### Random weights, and other bases
#
# With `weights=None` you may also choose the number of classes. Random weights allow a fair comparison: the same
# architecture without what it learned. InceptionV3 and ResNet50 load like VGG16. Look up the input size first;
# InceptionV3 was trained at 299 × 299.

# %%
ten_classes = mobilenet.MobileNet(weights=None, classes=10)
print("MobileNet with classes=10:", ten_classes.output_shape)

# Online, weights="imagenet". With the top, the images must then have these sizes.
inception = inception_v3.InceptionV3(weights=None)  # 299 × 299
resnet = resnet50.ResNet50(weights=None)  # 224 × 224
pd.DataFrame(
    {
        net.name: {
            "input": str(net.input_shape),
            "output": str(net.output_shape),
            "layers": len(net.layers),
            "parameters": f"{net.count_params():,}",
        }
        for net in (inception, resnet)
    }
).T

# %%
names = {"InceptionV3": inception, "ResNet50": resnet}
tables = [fold.format(name, layer_table(net).to_html()) for name, net in names.items()]
HTML("".join(tables))

# %% [markdown]
# ## 3. Preprocessing
#
# A network learned its weights for one scale and one order of colours. The families differ in both. Here is one orange
# pixel (red 255, green 128, blue 0) after the `preprocess_input` of each:

# %%
from keras.applications import convnext, densenet, efficientnet_v2

pixel = np.array([[[255.0, 128.0, 0.0]]])
modules = {
    "VGG16": vgg16,
    "ResNet50": resnet50,
    "InceptionV3": inception_v3,
    "MobileNetV2": mobilenet_v2,
    "DenseNet121": densenet,
    "EfficientNetV2": efficientnet_v2,
    "ConvNeXt": convnext,
}
# `preprocess_input` changes an array of floats in place, so it gets a copy.
after = {}
for name, module in modules.items():
    after[name] = module.preprocess_input(pixel.copy())[0, 0]
after["EfficientNet-Lite0"] = (pixel[0, 0] - 127) / 128
pd.DataFrame(after, index=["first", "second", "third"]).T.astype(float).round(2)

# %% [markdown]
# VGG16 and ResNet50 expect **blue first**, minus ImageNet's mean colour. InceptionV3, MobileNetV2 and
# EfficientNet-Lite0 expect about -1 to 1. DenseNet121 expects values from 0 to 1, minus ImageNet's mean, divided by its
# standard deviation.
#
# The functions of EfficientNetV2 and ConvNeXt change nothing. These bases carry their
# **[preprocessing](GLOSSARY.md#preprocessing)** as layers inside, and expect values from 0 to 255:

# %%
newer = efficientnet_v2.EfficientNetV2B0(weights=None, include_top=False)
print([type(layer).__name__ for layer in newer.layers[:4]])

# %% [markdown]
# The course keeps a record of each base, with its input size, licence and preprocessing. `preprocess(name, images)`
# looks the preprocessing up. For every family it returns the same values as the family's own function:

# %%
from course_utils.models import preprocess

cat = data.square(data.sample_photos()["cat"].array, 224)  # cropped and resized
cat = np.expand_dims(cat.astype("float32"), axis=0)
records = {
    "VGG16": "vgg16",
    "ResNet50": "resnet50",
    "InceptionV3": "inception_v3",
    "MobileNetV2": "mobilenet_v2",
    "DenseNet121": "densenet121",
    "EfficientNetV2": "efficientnet_v2_b0",
    "ConvNeXt": "convnext_tiny",
}
rows = {}
for name, module in modules.items():
    by_keras = module.preprocess_input(cat.copy())
    by_record = preprocess(records[name], cat)
    rows[name] = {
        "smallest": by_record.min(),
        "largest": by_record.max(),
        "equal": np.allclose(by_record, by_keras, atol=1e-5),
    }
pd.DataFrame(rows).T

# %% [markdown]
# ### Three usual mistakes
#
# Preprocessing can be **skipped**, **doubled**, or done with red and blue **swapped**. What do these mistakes cost? We
# use the composite images and the three sets of lesson 1. MobileNetV2 extracts features four times: once correctly,
# and once with each mistake.

# %%
sets = [data.load_scenes(name) for name in ("train", "validation", "test")]
images = np.concatenate([one.images for one in sets])
labels = np.concatenate([one.labels for one in sets])
objects = np.concatenate([one.groups for one in sets])
set_number = np.repeat([0, 1, 2], [len(one) for one in sets])
baseline = {"majority class": np.mean(labels == np.bincount(labels).argmax())}

# Online: full = mobilenet_v2.MobileNetV2(include_top=False), and then
# mobile = keras.Model(full.input, full.get_layer("block_13_expand_relu").output)
mobile = keras.models.load_model(weights_file("mobilenet_v2"))
pooled = keras.layers.GlobalAveragePooling2D()(mobile.output)
extractor = keras.Model(mobile.input, pooled)


def extract(preprocess):
    """Features of all images, a few images at a time to save memory."""
    rows = []
    for part in np.array_split(images, 15):
        rows.append(extractor.predict_on_batch(preprocess(part.astype("float32"))))
    return np.concatenate(rows)


once = mobilenet_v2.preprocess_input
features = {
    "correct": extract(once),
    "skipped": extract(lambda batch: batch),
    "doubled": extract(lambda batch: once(once(batch))),
    "swapped": extract(lambda batch: once(batch)[..., ::-1]),
}
low, high = once(np.array([-1.0, 1.0]))
print(f"doubled: values from -1 to 1 become values from {low:.3f} to {high:.3f}")

# %% [markdown]
# **Predict.** Somebody trains a head on correct features. Later, somebody else uses the model and makes one of the
# mistakes. Which mistake costs most? Which raises an error?

# %%
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler


def cross_validate(train_rows, test_rows):
    """Predicts each set by logistic regression trained on the other two sets."""
    predicted = np.zeros_like(labels)
    for number in range(3):
        train, test = set_number != number, set_number == number
        head = make_pipeline(StandardScaler(), LogisticRegression(C=0.01, max_iter=500))
        head.fit(train_rows[train], labels[train])
        predicted[test] = head.predict(test_rows[test])
    return predicted == labels


in_use, bars = {}, {}
for name, rows in features.items():
    in_use[name] = cross_validate(features["correct"], rows)
    bars[name] = evaluate.accuracy_interval(in_use[name], objects)
plots.accuracy_bars(
    bars,
    reference=baseline,
    title="Trained on correct features, used with a mistake",
)
# %% [markdown]
# No mistake raised an error. Skipping and doubling bring the model below the majority-class baseline. After skipping,
# nearly all values lie far outside the range of the training. After doubling, all values lie close to -1, so all images
# look alike to the network. Swapping costs least, probably because objects keep their shape and texture.
#
# What if the same mistake is made in training as well? The column *always* shows that accuracy. The column *change*
# compares *always* with no mistake, on the same images. If the interval of the change includes 0, the comparison is
# **[inconclusive](GLOSSARY.md#inconclusive)**.


# %%
def compare(right, other):
    """The change from `other` to `right` in points, with its 90 % interval."""
    change = evaluate.difference_interval(right, other, objects)
    verdict = "better" if change.value > 0 else "worse"
    if change.low <= 0 <= change.high:
        verdict = "inconclusive"
    low, high = round(100 * change.low, 1), round(100 * change.high, 1)
    points = round(100 * change.value, 1)
    return {"change (points)": points, "low": low, "high": high, "verdict": verdict}


rows = {}
for name in ("skipped", "doubled", "swapped"):
    right = cross_validate(features[name], features[name])
    rows[name] = {
        "in use only (%)": round(100 * in_use[name].mean(), 1),
        "always (%)": round(100 * right.mean(), 1),
    } | compare(right, in_use["correct"])
pd.DataFrame(rows).T

# %% [markdown]
# For skipping and doubling, a head that is trained with the mistake adapts to it, and part of the lost accuracy
# returns. All three mistakes still end worse than correct preprocessing. A mistake in training and use is hard to
# notice: the accuracy looks plausible, and Keras does not warn you. So check the range of the values that enter a base
# before you train. Better still, put the preprocessing into the model. For MobileNetV2 one layer does it:

# %%
inputs = keras.Input(shape=(None, None, 3))
x = keras.layers.Rescaling(1 / 127.5, offset=-1)(inputs)  # 0 to 255 becomes -1 to 1
safe = keras.Model(inputs, extractor(x))

rows = safe.predict(images[:32], verbose=0)
difference = np.abs(rows - features["correct"][:32]).max()
print(f"largest difference from preprocess_input: {difference:.6f}")

# %% [markdown]
# The features are the same up to rounding. `safe` takes pixel values from 0 to 255, so nobody can forget the
# preprocessing.
#
# ## 4. What do layers respond to?
#
# The first convolution works on colours, so its filters can be shown as small images. VGG16 expects blue first; `[:, :,
# ::-1]` puts red first again.

# %%
kernel, _ = base.get_layer("block1_conv1").get_weights()
print("filters:", kernel.shape, "= height, width, colours, filters")
plots.filters(kernel[:, :, ::-1], most=64, title="The 64 filters of block1_conv1")
# %% [markdown]
# Many of these filters detect edges and contrasts of colour, in several directions. They were learned, not designed.
#
# A filter of the second layer has 64 inputs and is no colour image. So we look at feature maps for one photo. White
# marks where a filter responds most.

# %%
large = vgg16.VGG16(weights=vgg_weights, include_top=False, input_shape=(224, 224, 3))
batch = vgg16.preprocess_input(cat.copy())

for name in ["block1_conv2", "block3_conv3", "block5_conv3"]:
    until = keras.Model(large.input, large.get_layer(name).output)
    maps = until.predict(batch, verbose=0)[0]
    strongest = np.argsort(-maps.mean(axis=(0, 1)))[:8]
    silent = np.mean(maps.max(axis=(0, 1)) == 0)
    height, width, count = maps.shape
    title = f"{name}: {count} feature maps of {height} × {width}, {silent:.0%} all zero"
    plots.feature_maps(maps[..., strongest], title=title)

# %% [markdown]
# From the first of these layers to the last, three properties change:
#
# 1. Feature maps get **smaller**: the position becomes vague.
# 2. There are **more** feature maps: the layer distinguishes more kinds of content.
# 3. More feature maps are **zero everywhere**: for example, a filter for wheels would find nothing in a cat.
#
# So early layers are general, and late layers are abstract. Early feature maps still look like the photo. Late ones
# mark a few places. Look below for the layer at which you no longer recognise the cat.

# %%
from course_utils import widgets

blocks = [f"block{number}_conv2" for number in range(1, 6)]
widgets.feature_map_browser(large, batch, layers=blocks)

# %% [markdown]
# ## 5. Where to cut
#
# The layer at which a base ends is the **[cut](GLOSSARY.md#cut)**. Late layers fit ImageNet's classes. Early layers
# find mainly edges and colours. The best cut depends on *your* images, so measure it. A functional model may have
# several outputs. One run then gives the pooled features of five cuts:

# %%
cuts = {f"block {number}": f"block_{number}_expand_relu" for number in (1, 3, 6, 9, 13)}
pool = keras.layers.GlobalAveragePooling2D()
outputs = [mobile.get_layer(layer).output for layer in cuts.values()]
at_every_cut = keras.Model(mobile.input, [pool(output) for output in outputs])
rows = at_every_cut.predict(once(images.astype("float32")), verbose=0)
by_cut = dict(zip(cuts, rows, strict=True))

rows = {}
for (name, features_there), output in zip(by_cut.items(), outputs, strict=True):
    parameters = keras.Model(mobile.input, output).count_params()
    rows[name] = {"features": features_there.shape[1], "parameters": f"{parameters:,}"}
pd.DataFrame(rows).T.rename_axis("cut at")

# %% [markdown]
# **Predict.** Each cut gets the same head: logistic regression, cross-validated over the three sets. Does accuracy
# rise up to the last cut, or rise and then fall?

# %%
from itertools import pairwise

right = {name: cross_validate(rows, rows) for name, rows in by_cut.items()}
rows = {}
for earlier, later in pairwise(cuts):
    rows[f"{earlier} → {later}"] = compare(right[later], right[earlier])
pd.DataFrame(rows).T

# %% [markdown]
# All cuts were tested on the same images, so this table compares neighbouring cuts image by image. The figure shows the
# accuracy of each cut:

# %%
plots.accuracy_bars(
    {name: evaluate.accuracy_interval(one, objects) for name, one in right.items()},
    reference=baseline,
    title="Accuracy by cut layer, MobileNetV2",
)
# %% [markdown]
# On these images accuracy rises up to the last cut. The first cut does not beat the baseline. A likely reason for the
# rise is that our classes are close to ImageNet's.
#
# Some intervals of neighbouring cuts overlap. That does not mean that the cuts are equally good: the table decides,
# because a comparison on the same images is more precise.
#
# The layers after block 13 are not in the figure. In the published file of our weights, these layers were trained
# further, on dogs (lesson 8). For images unlike ImageNet's, an earlier cut may be better. Lesson 6 compares two cuts on
# three tasks.
#
# **What this lesson showed.** A base without its top takes nearly any input size. Wrong preprocessing raises no error
# and costs accuracy. Early layers are general and late ones abstract, so the cut must be measured.

# %% [markdown]
# ## Quiz

# %% folded=true
widgets.quiz(
    [
        {
            "question": "Why does a base without its top take images of any size?",
            "options": [
                "A small filter slides over an image of any size.",
                "Keras resizes every image to the size of the training.",
                "The weights contain filters for many sizes.",
            ],
            "answer": 0,
            "why": [
                "Only a dense layer behind flattened feature maps depends on size.",
                "It does not. Resizing is your task.",
                "There is one set of filters, and they are small.",
            ],
        },
        {
            "question": "A model runs but is worse than expected. What do you check?",
            "options": [
                "Whether the base is deep enough.",
                "The range and the colour order of the values that enter the base.",
                "The number of epochs.",
            ],
            "answer": 1,
            "why": [
                "A deeper base does not help if its input is wrong.",
                "Wrong preprocessing raises no error, so look at the values.",
                "Perhaps later: learning curves would show that.",
            ],
        },
        {
            "question": "EfficientNetV2B0 gets images scaled to -1 to 1. What happens?",
            "options": [
                "Its own layers scale them again, so all images look nearly alike.",
                "Nothing: values from -1 to 1 suit every network.",
                "Keras notices and raises an error.",
            ],
            "answer": 0,
            "why": [
                "It carries its preprocessing inside and expects 0 to 255.",
                "Each family expects its own range.",
                "Any numbers of the right shape are accepted.",
            ],
        },
        {
            "question": "Two cuts have overlapping intervals. Are they equally good?",
            "options": [
                "Yes, overlapping intervals prove it.",
                "Unknown: look at the interval of their difference on the same images.",
                "No, the higher bar is better.",
            ],
            "answer": 1,
            "why": [
                "Overlap does not show that two cuts are equal.",
                "What makes an image hard for both cuts cancels out there.",
                "The higher bar may be luck; the objects are few.",
            ],
        },
        {
            "question": "You classify cloth by its weave. Where is the best cut?",
            "options": [
                "At the very end, where features are most abstract.",
                "Probably earlier, where layers respond to texture.",
                "The cut does not matter, since the head is trained anyway.",
            ],
            "answer": 1,
            "why": [
                "The last layers respond to objects, and cloth shows none.",
                "The rule gives a first guess, and a measurement decides.",
                "The head sees only what the cut lets through.",
            ],
        },
    ]
)

# %% [markdown]
# ## What to do next
#
# - **Lab 1**: preprocess a batch, classify a photo, count parameters, remove the last layer, change the input size.
# - **Lesson 3** runs the base once, saves the features, and trains classifiers on them.
