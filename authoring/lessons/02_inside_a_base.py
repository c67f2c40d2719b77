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
# **Goal.** You will open a pretrained base: load it with and without its top, at other input sizes, feed it properly,
# look at what its layers see, and decide *by measurement* where to cut it.
#
# {{header}}
#
# Afterwards you can
#
# - load any base at the input size you need, and say what that costs;
# - prepare images the way a base was trained, and recognise the three usual mistakes;
# - read filters and feature maps;
# - choose a cut with an interval beside it, not by taste.

# %% [markdown]
# ## 1. With and without the top
#
# Lesson 1 left the top out because its 1000 classes were not ours. There is a second reason, and it is about
# arithmetic. Load VGG16 both ways, without any pretrained numbers, and look at where its parameters are.

# %%
import warnings

from course_utils import data, evaluate, plots
from course_utils.models import decode_predictions, load_base, preprocess

import keras
import numpy as np

vgg_with_top = load_base("vgg16", weights=None, include_top=True)
vgg = load_base("vgg16", weights=None)
print(f"with its top {vgg_with_top.count_params():>12,}\nwithout      {vgg.count_params():>12,}")

for layer in vgg_with_top.layers[-4:]:
    print(f"{layer.name:<12} output {layer.output.shape!s:<16} {layer.count_params():>12,}")

# %% [markdown]
# One layer, `fc1`, holds most of the network: it ties every number of the last feature map to each of its units. So
# it is also tied to the *size* of that map, and with it to the size of the image.
#
# **Predict.** You would like to feed images of 640 × 480 pixels instead of 224 × 224. How many parameters would VGG16
# have then, *with* its top? It has about 138 million now. We shall not build it (it might not fit into your memory); we
# calculate.

# %%
height, width, channels = load_base("vgg16", weights=None, input_shape=(480, 640, 3)).output_shape[1:]
print("the last feature map is now", (height, width, channels))

units = vgg_with_top.get_layer("fc1").units
fc1 = (height * width * channels + 1) * units
unchanged = vgg_with_top.count_params() - vgg_with_top.get_layer("fc1").count_params()
print(f"fc1 alone: {fc1:,} · the whole network: {fc1 + unchanged:,}")

del vgg_with_top  # half a gigabyte of random numbers

# %% [markdown]
# The convolutions did not change at all: a filter of 3 × 3 slides over an image of any size. Only a dense layer behind a
# flattened map cares. Leave the top out and any size will do, as long as it is not so small that nothing is left of the
# map.
#
# A top need not be tied to one size either. MobileNet's begins by averaging each map to a single number, so what comes
# after is given one number per map, however large the maps are. Here it is at both sizes, without its top and with it:

# %%
positions = []
for size in [(224, 224, 3), (480, 640, 3)]:
    without = load_base("mobilenet", weights=None, input_shape=size)
    whole = load_base("mobilenet", weights=None, include_top=True, input_shape=size)
    positions.append(without.output_shape[1] * without.output_shape[2])
    print(f"MobileNet, input {size}: the last map is {without.output_shape[1:]}")
    print(f"    without its top {without.count_params():,} parameters, with it {whole.count_params():,}")
print(f"the larger image has {positions[1] / positions[0]:.1f} times as many positions in the last map")

# %% [markdown]
# The same parameters at both sizes, with the top as well; only the map is larger. What grows is the *work*: every position
# of the larger image must be visited.
#
# ### From a map to a vector: pooling
#
# A head needs a list of numbers, not a map. You have three choices, and two of them are an argument of `load_base`:

# %%
for pooling in [None, "avg", "max"]:
    print(f"pooling={pooling!s:<5}", load_base("mobilenet", weights=None, pooling=pooling).output_shape)
flat = keras.Sequential([load_base("mobilenet", weights=None), keras.layers.Flatten()])
print("then Flatten  ", flat.output_shape)

# %% [markdown]
# - **Average pooling** keeps how much of each feature there is, and forgets where. The usual choice.
# - **Max pooling** keeps the strongest trace of each feature, and forgets where.
# - **Flatten** keeps the place as well. The head becomes much larger, and larger heads need more images.
#
# ### An architecture without knowledge
#
# `weights=None` gives the architecture with random numbers. Then nothing ties you to 1000 classes either. You need this
# to compare fairly: same network, with and without what it learned.

# %%
untrained = load_base("mobilenet", weights=None, include_top=True, classes=10)
print("ten classes of our own:", untrained.output_shape)

for name in ["resnet50", "inception_v3"]:
    model = load_base(name, weights=None)
    print(
        f"{name:<13} input {model.input_shape} → output {model.output_shape}, {len(model.layers)} layers, {model.count_params():,} parameters"
    )

# %% [markdown]
# Note the input of InceptionV3: 299, not 224. The size belongs to how a network was trained, and it is the first thing
# to look up. Here are its first dozen layers; notice how the map
# shrinks while the channels grow.

# %%
for layer in load_base("inception_v3", weights=None).layers[:12]:
    print(f"{layer.name:<24}{type(layer).__name__:<20}{layer.output.shape!s:<26}{layer.count_params():>8,}")

# %% [markdown]
# ## 2. Feed it what it was fed
#
# A network has learned its weights *for one way of writing images as numbers*. The families do not agree on that way.
# Take a single orange pixel and see what each family makes of it.

# %%
pixel = np.array([[[255, 128, 0]]], dtype="uint8")
print("the pixel: red 255, green 128, blue 0\n")
for name in ["vgg16", "mobilenet_v2", "densenet121", "efficientnet_lite0"]:
    first, second, third = preprocess(name, pixel)[0, 0]
    print(f"{name:<20} {first:>8.2f} {second:>8.2f} {third:>8.2f}")

# %% [markdown]
# Three of the four keep the order red, green, blue and differ in scale. VGG16 is the odd one: its numbers come out in
# the order **blue**, green, red, and they are not scaled at all; only the average colour of ImageNet is subtracted.
# There is no deeper reason. Its authors used a program that read images that way, and everybody since has to do as they did.
#
# **Predict.** You forget the preparation and feed the plain 0–255 pixels to EfficientNet-Lite0. Or you prepare twice. Or you
# swap red and blue. Which of the three hurts most? Does it raise an error?

# %%
photos = data.sample_photos()
coffee = data.square(photos["coffee"].array, 224)
classifier_1000 = load_base("efficientnet_lite0", include_top=True)
right = preprocess("efficientnet_lite0", coffee[None])

# `preprocess` notices images that are prepared already, and says so; here the mistake is made on purpose.
warnings.filterwarnings("ignore", message="images should go from 0 to 255")

for title, batch in [
    ("as it should be", right),
    ("not prepared", coffee[None].astype("float32")),
    ("prepared twice", preprocess("efficientnet_lite0", right)),
    ("red and blue swapped", right[..., ::-1]),
]:
    _, name, probability = decode_predictions(classifier_1000.predict(batch, verbose=0), top=1)[0][0]
    print(f"{title:<22} → {name} ({probability:.0%})")

# %% [markdown]
# No error. (`preprocess` would have warned about preparing twice; Keras itself never does.) Swapping the colours hurts least: a
# cup keeps its shape. Preparing twice leaves practically one shade of grey, and not preparing pushes nearly every
# number far outside what the network has ever met. That is what makes these mistakes so common: the shapes are right,
# the program runs, and the network quietly looks at an image it has never learned to read.
#
# One photograph is an anecdote. Let us count on the course's images, and in the way it happens in real life: somebody
# trains a head properly, and somebody else, in another file, feeds the finished model in a slightly different way.

# %%
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

scenes = data.load_scenes("all")
base = load_base("mobilenet_v2", input_shape=(96, 96, 3), cut="block_13_expand_relu", pooling="avg")


def features(batch):
    return base.predict(batch, batch_size=64, verbose=0)


def head():
    return make_pipeline(StandardScaler(), LogisticRegression(C=0.01, max_iter=500))


ways = {
    "right": lambda images: preprocess("mobilenet_v2", images),
    "not prepared": lambda images: images.astype("float32"),
    "prepared twice": lambda images: preprocess("mobilenet_v2", preprocess("mobilenet_v2", images)),
    "red/blue swapped": lambda images: preprocess("mobilenet_v2", images)[..., ::-1],
}
seen = {title: features(way(scenes.images)) for title, way in ways.items()}

# %% [markdown]
# As in lesson 1 the cut-outs are dealt out several times, so that no single split decides. Every scene is judged by a head that
# learned from other cut-outs, and the same heads judge the same scenes four times, once for each way of feeding.

# %%
splits = evaluate.grouped_splits(scenes.labels, scenes.groups, folds=5, repeats=2)
judged = np.concatenate([judge for _, judge in splits])  # which scene each answer below is about
truth, cutouts = scenes.labels[judged], scenes.groups[judged]

said = {title: [] for title in seen}
for learn, judge in splits:
    trained_right = head().fit(seen["right"][learn], scenes.labels[learn])
    for title, rows in seen.items():
        said[title].append(trained_right.predict(rows[judge]))
afterwards = {title: np.concatenate(parts) == truth for title, parts in said.items()}
plots.accuracy_bars(
    {title: evaluate.accuracy_interval(hits, cutouts) for title, hits in afterwards.items()},
    reference={"always the most frequent class": scenes.majority_share},
    title="Head trained on right features, then fed like this",
)
# %%
twice = ways["prepared twice"](scenes.images)
print(f"prepared twice, all images together: values from {twice.min():.3f} to {twice.max():.3f}\n")
for title in ["not prepared", "prepared twice"]:
    shares = np.bincount(np.concatenate(said[title])) / len(truth)
    called = {scenes.class_names[n]: f"{shares[n]:.0%}" for n in np.argsort(-shares) if shares[n]}
    different = [len(np.unique(part)) for part in said[title]]
    print(f"{title}, what the scenes are called:", called)
    print(f"    one head uses {min(different)} to {max(different)} different names")
cost = evaluate.difference_interval(afterwards["right"], afterwards["red/blue swapped"], cutouts)
print(f"\nswapping the colours costs {cost.value:.1%}, 90 % interval {cost.low:.1%} to {cost.high:.1%}")

# %% [markdown]
# Two bars end *below* the dashed line: no better than not looking at all. The names say why. Prepared twice, every image is
# squeezed into one narrow range of numbers, so all images look alike and a head has a name or two for all of them. Not prepared,
# most of them become one class. Swapped colours are the sly case: the bars overlap, yet on the same images the loss is real.
#
# Now the surprise. Suppose the mistake is made *everywhere*, in training and afterwards alike. **Predict:** is that
# worse, or better, than making it only once?

# %%
everywhere = {}
for title, rows in seen.items():
    parts = [head().fit(rows[learn], scenes.labels[learn]).predict(rows[judge]) for learn, judge in splits]
    everywhere[title] = np.concatenate(parts) == truth
plots.accuracy_bars(
    {title: evaluate.accuracy_interval(hits, cutouts) for title, hits in everywhere.items()},
    reference={"always the most frequent class": scenes.majority_share},
    title="The same mistake in training and test",
)
# %% [markdown]
# The bars of both figures are about the same scenes, so compare them scene by scene. Two questions: what does a mistake made everywhere
# gain over the same mistake made only afterwards? And what does it still cost, beside no mistake at all?


# %%
def points(change):
    return f"{change.value:+.1%} ({change.low:+.1%} to {change.high:+.1%})"


print(f"{'made everywhere,':<20}{'beside afterwards only':<28}beside no mistake")
for title in ["not prepared", "prepared twice", "red/blue swapped"]:
    gained = evaluate.difference_interval(everywhere[title], afterwards[title], cutouts)
    remains = evaluate.difference_interval(everywhere[title], everywhere["right"], cutouts)
    print(f"{title:<20}{points(gained):<28}{points(remains)}")

# %% [markdown]
# Better, in all three cases (the first column). A head that is trained on badly fed features learns to live with them, and part of
# the damage is hidden. Part, not all: unprepared or prepared twice, it stays clearly worse than a well-fed one (the second column).
# For swapped colours these scenes cannot tell. A mistake made everywhere is the dangerous form: nothing is obviously broken, the score
# may be lower than it could have been, and nobody knows. So check the preparation *first*, by looking at the range of values that
# goes into the base, and keep preparation and base in one place.

# %% [markdown]
# ## 3. What does a filter look for?
#
# The first layer works directly on colours, so its filters can be shown as little images. These are VGG16's, with the
# numbers that ImageNet left in them:

# %%
vgg = load_base("vgg16")
kernel, _ = vgg.get_layer("block1_conv1").get_weights()
print("first layer:", kernel.shape, "= (height, width, colours in, filters)")
plots.filters(kernel[:, :, ::-1], most=64, title="The 64 filters of block1_conv1")
# %% [markdown]
# (We turned the colour axis round before drawing; you know why.) Bright against dark, one colour against another, in
# every direction: these are detectors of edges and of colour contrast. Nobody designed them. Other networks trained on
# photographs end up with similar ones, and that is good evidence that early layers are general.
#
# From the second layer on a filter has 64 inputs and cannot be shown as a colour image. So we look at what it *answers*.

# %%
cat = data.square(photos["cat"].array, 224)
prepared = preprocess("vgg16", cat[None])
for name in ["block1_conv2", "block3_conv3", "block5_conv3"]:
    maps = load_base("vgg16", cut=name).predict(prepared, verbose=0)[0]
    strongest = maps[..., np.argsort(maps.mean(axis=(0, 1)))[::-1][:8]]
    silent = np.mean(maps.max(axis=(0, 1)) == 0)
    plots.feature_maps(
        strongest, title=f"{name}: {maps.shape[0]} × {maps.shape[1]}, {maps.shape[2]} maps, {silent:.0%} silent"
    )

# %% [markdown]
# Three things happen on the way up, and you can see all three:
#
# 1. the maps get **smaller**: where something is becomes vague;
# 2. there are **more** of them: what it is becomes finer;
# 3. more of them stay **silent**: a map that waits for wheels has nothing to say about a cat.
#
# From generic to abstract: that is the road through every base. Walk it yourself: choose a layer, and leaf through its maps,
# sixteen to a page. From which layer on would you no longer guess that it is a cat?

# %%
from course_utils import widgets

widgets.feature_map_browser(vgg, prepared, layers=[f"block{number}_conv2" for number in range(1, 6)])

# %% [markdown]
# ## 4. Where to cut?
#
# If late layers are tuned to ImageNet's classes and early ones see nothing but edges, the best place for *your* images is
# somewhere in between, and it depends on your images. So measure. We cut MobileNetV2 at several layers, pool, and
# train the same head on each.
#
# Five separate bases would run the first blocks five times. A Keras model may have several outputs, so one run of the deepest base can
# hand out the averaged maps of all five layers.
#
# To be fair about it: the same splits for every cut, no cut-out in training and test at once, and several ways of splitting.
#
# **Predict** the shape of the curve before you draw it. Rising all the way, or rising and then falling?

# %%
cuts = [
    "block_1_expand_relu",
    "block_3_expand_relu",
    "block_6_expand_relu",
    "block_9_expand_relu",
    "block_13_expand_relu",
]

whole = load_base("mobilenet_v2", input_shape=(96, 96, 3), cut=cuts[-1])
average = keras.layers.GlobalAveragePooling2D()
at_every_cut = keras.Model(whole.input, [average(whole.get_layer(cut).output) for cut in cuts])  # five outputs, one run

outputs = at_every_cut.predict(preprocess("mobilenet_v2", scenes.images), batch_size=64, verbose=0)
by_cut = dict(zip(cuts, outputs, strict=True))
for cut in cuts:
    parameters = load_base("mobilenet_v2", input_shape=(96, 96, 3), cut=cut).count_params()
    print(f"{cut:<22} {by_cut[cut].shape[1]:>4} features from {parameters:>9,} parameters")

# %% [markdown]
# The next cell trains one head for every cut and every split, which takes a little while.

# %%
right = {cut: [] for cut in cuts}
shown = []  # which cut-out each of these answers was about
for at_train, at_test in evaluate.grouped_splits(scenes.labels, scenes.groups, folds=5, repeats=3):
    shown.append(scenes.groups[at_test])
    for cut in cuts:
        model = head().fit(by_cut[cut][at_train], scenes.labels[at_train])
        right[cut].append(model.predict(by_cut[cut][at_test]) == scenes.labels[at_test])
right = {cut: np.concatenate(answers) for cut, answers in right.items()}
shown = np.concatenate(shown)
print(f"{sum(map(len, right.values())):,} answers from {len(cuts)} cuts")

scores = {cut: evaluate.accuracy_interval(right[cut], shown) for cut in cuts}
plots.accuracy_bars(
    {cut.replace("_expand_relu", ""): score for cut, score in scores.items()},
    reference={"always the most frequent class": scenes.majority_share},
    title="Accuracy by cut layer, MobileNetV2 on our scenes",
)
# %% [markdown]
# Look at two neighbours whose intervals touch or overlap. Does that mean you cannot tell them apart? Not yet: all cuts were
# judged on the *same* images, so what counts is the difference on each image. For neighbours, which often fail on
# the same images, its interval tends to be the narrower one. Compare every cut with the one before it:

# %%
from itertools import pairwise

for before, after in pairwise(cuts):
    gain = evaluate.difference_interval(right[after], right[before], shown)
    verdict = "better" if gain.low > 0 else "worse" if gain.high < 0 else "undecided"
    print(f"{after:<21} against {before:<20} {gain.value:+.1%}  ({gain.low:+.1%} to {gain.high:+.1%})  {verdict}")

# %% [markdown]
# The curve rises all the way to the last cut we have. Our scenes show birds, flowers and vehicles, the kind of thing ImageNet
# is made of, so late layers still help. And the layers most tuned to ImageNet's classes are not in the figure at all:
# the weights that travel with this course end at block 13, because the later layers of the model they come from had been
# trained on dogs (lesson 8 tells that story). For images unlike ImageNet's, expect the best cut to lie earlier; lesson 6
# measures such a task.

# %% [markdown]
# ## Quiz

# %% folded=true
widgets.quiz(
    [
        {
            "question": "Why can a base without its top take images of nearly any size?",
            "options": [
                "A convolution slides the same small filter over an image of any size.",
                "Keras resizes every image to the size used in training.",
                "The pretrained weights contain filters for many sizes.",
            ],
            "answer": 0,
            "why": [
                "Only dense layers behind a flattened map are tied to one size.",
                "It does not. Resizing is your job, and nobody warns you when it was forgotten.",
                "There is one set of filters. They are small, and they slide.",
            ],
        },
        {
            "question": "Your model runs without any error but is worse than expected. What do you check first?",
            "options": [
                "The learning rate.",
                "The range and colour order of the numbers that enter the base.",
                "Whether the base is deep enough.",
            ],
            "answer": 1,
            "why": [
                "Perhaps later. A wrong learning rate usually shows in the learning curve.",
                "Wrong preparation raises no error, so it is found only by looking.",
                "A deeper base that is fed wrongly will not help.",
            ],
        },
        {
            "question": "Which of these tells you that two cuts really differ?",
            "options": [
                "Their intervals do not overlap.",
                "The interval of the difference, over the same cut-outs, does not contain zero.",
                "One of them was better in most of the runs you tried.",
            ],
            "answer": 1,
            "why": [
                "Then they do differ, but you would miss many real differences if you demanded it.",
                "Judged on the same images, most of the luck cancels out.",
                "That is how one fools oneself: the runs share their images and are not independent.",
            ],
        },
        {
            "question": "VGG16 is fed with pixels divided by 255 and a new head is trained on it. What will you see?",
            "options": [
                "An error, because the range is wrong.",
                "Random predictions.",
                "Something that works, and nothing that warns you.",
            ],
            "answer": 2,
            "why": [
                "Any numbers of the right shape are accepted.",
                "The head learns to live with what it gets, so it is better than chance.",
                "That is why this mistake lives so long unnoticed. What it costs, only a measurement says: lesson 8 makes one.",
            ],
        },
    ]
)

# %% [markdown]
# ## What to do next
#
# - **Lab 1**: prepare a batch, name a photo, count parameters, take the last layer off, change the input size. You are ready.
# - **Lesson 3** runs the base once, saves what comes out, and trains as many heads on it as you like.
