# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 3 · Feature extraction: run the base once
#
# **Goal.** You will run a pretrained base **once** over your images, save what comes out, and train as many heads on it
# as you like, in seconds each. And you will learn to judge them so that the judgement survives a second look.
#
# {{header}}
#
# Afterwards you can
#
# - take the last layer off a network and use what it was given;
# - save features so that somebody else can trust them, and load them without running anybody's code;
# - train a small network, a logistic regression and a support vector machine on the same features;
# - split images so that nothing leaks, and put an interval beside every accuracy;
# - use augmentation although the features are saved.
#
# This way of working is called **mode A** in this course. Mode B, one model from pixel to answer, is lesson 5.

# %% [markdown]
# ## 1. Why once is enough
#
# A head is usually trained for many epochs, and in every epoch it meets every image again. If the base is frozen, what
# does *the base* do meanwhile?

# %%
from course_utils import data, evaluate, plots, widgets
from course_utils.features import extract, load_features, save_features
from course_utils.models import load_base, preprocess

import keras
import numpy as np

train, test = data.load_scenes("train"), data.load_scenes("test")
base = load_base("mobilenet_v2", input_shape=(96, 96, 3), cut="block_13_expand_relu", pooling="avg")
base.trainable = False
print(
    f"{len(train)} images to learn from, {len(test)} of {len(np.unique(test.groups))} cut-outs to be judged on, {len(train.class_names)} classes"
)

# %% [markdown]
# The next cell asks you to predict, as many will from here on. Type a number or choose an option; nothing is recorded. A later
# cell shows your prediction beside the result.

# %%
question = widgets.guess(
    "a frozen base sees the same image in each of 20 epochs. How many different feature vectors come out?",
    options=["20, a new one each time", "2, because it settles after the first", "1, always the same"],
)
question

# %%
prepared = preprocess("mobilenet_v2", test.images[:32])
first_epoch = base.predict(prepared, verbose=0)
second_epoch = base.predict(prepared, verbose=0)
print("largest difference between the first and the second time:", np.abs(first_epoch - second_epoch).max())
question.reveal("1, always the same", why="Same weights, same numbers in, same numbers out.")

# %% [markdown]
# So nineteen of twenty passes through the base are wasted. The base is the costly part; the head on top is nearly nothing.
# Run the base once, keep the result, and train the head on that. `extract` is `base.predict` with a memory:

# %%
import tempfile
import time
from pathlib import Path

folder = Path(tempfile.mkdtemp())  # for this lesson only; in a project of yours, a folder beside the notebook

for attempt in ["first time", "again"]:
    started = time.perf_counter()
    test_features = extract(
        base, test.images, preprocess="mobilenet_v2", precision="auto", store=folder / "store", progress=False
    )
    print(f"{attempt:<11} {time.perf_counter() - started:6.2f} s   {test_features.shape}")

# %% [markdown]
# The second time it only looked the result up. It would have computed again if you had changed *anything* that decides the
# result: one pixel, one weight, the cut, the preparation, the precision, the version of Keras. A memory that hands back yesterday's features
# for today's images would be worse than none.
#
# This is the **fast path**. It consists of three things:
#
# 1. the store, which you have just seen;
# 2. a second thread, which prepares the next batch while the base works on this one;
# 3. `precision="auto"`: where a processor can multiply 16-bit numbers (bfloat16) by itself, and the base is one that gains by it,
#    `extract` computes with those, else with the usual 32 bits. (MobileNetV2 is none of those on a processor; VGG16 is.) Features
#    come out as 32-bit numbers either way. Section 4 looks at what it would do to the answers, and which bases gain.
#
# The first two come with every call of `extract`, unless you switch the store off. The third must be asked for, and from here on the lessons ask for it. (Lessons
# 5 and 7 do not: there features are compared with what the network itself computes, and both must use the same arithmetic.)
#
# We now extract training and test images, this time into the course's own store, which stays when the lesson is over.


# %%
def features_of(images):
    return extract(base, images, preprocess="mobilenet_v2", precision="auto", progress=False)


train_features, test_features = features_of(train.images), features_of(test.images)
print("training features:", train_features.shape, train_features.dtype)

# %% [markdown]
# ## 2. Which layer's output? Taking the last one off
#
# We cut MobileNetV2 in the middle of a block, because lesson 2 had measured that place. The classical recipe is simpler: take
# a whole classifier and remove its **last layer**. What that layer was given is the vector you want.
#
# For VGG16 with its top this vector is well known. We only ask for its shape, so random weights will do (they fill half a
# gigabyte for a moment, which is why we delete them at once).

# %%
vgg = load_base("vgg16", weights=None, include_top=True)
megabytes = sum(weight.size for weight in vgg.get_weights()) * 4 / 1e6
vector = keras.Model(vgg.input, vgg.layers[-1].input)
print(f"VGG16 with its top: {vgg.count_params():,} parameters, {megabytes:.0f} MB")
print("one image in, with the last layer :", vgg.compute_output_shape((1, 224, 224, 3)))
print("one image in, without it          :", vector.compute_output_shape((1, 224, 224, 3)))
del vgg, vector

# %% [markdown]
# 4096 numbers for one image. Now with a network whose top is really trained, EfficientNet-Lite0, on a real photo. In older
# tutorials you will find the line `model.layers.pop()` for this job.

# %%
classifier = load_base("efficientnet_lite0", include_top=True)
coffee = preprocess("efficientnet_lite0", data.square(data.sample_photos()["coffee"].array, 224)[None])

removed = widgets.guess("`classifier.layers.pop()` removes the last layer from the list. What does the model put out?",
                        options=["(1, 1280): the vector", "(1, 1000): the probabilities, as before", "an error"])  # fmt: skip
removed

# %%
classifier.layers.pop()
still = classifier.predict(coffee, verbose=0)
vector = keras.Model(classifier.input, classifier.layers[-1].input).predict(coffee, verbose=0)
print("after pop()             ", still.shape, "· sum", round(float(still.sum()), 3))
print("a model that ends before", vector.shape, "· sum", round(float(vector.sum()), 3))
removed.reveal("(1, 1000): the probabilities, as before", why="`layers` hands you a copy of the list.")

# %% [markdown]
# The list you take a layer off is a copy, so the network is what it was, and nothing tells you. Many a "feature vector" in the wild is
# in truth a row of 1000 probabilities: look at the shape, and at whether the row sums to one. What works is to say where a
# new model begins and where it ends: `keras.Model(inputs, tensor)`.

# %% [markdown]
# ## 3. Save them so that somebody can trust them
#
# The store is a memory for your machine. To hand features to somebody else, or to yourself in a year, write a file of your
# own. A table of numbers alone is worth little: from which base, cut where, prepared how, which images, which row is whose?

# %%
path = save_features(
    folder / "train.safetensors",
    train_features,
    labels=train.labels,
    groups=train.groups,
    provenance={
        "base": "mobilenet_v2, ImageNet weights of the course",
        "cut": "block_13_expand_relu, then the average of each map",
        "preprocess": "mobilenet_v2",
        "images": "load_scenes('train'), size 96, seed 0",
        "keras": keras.__version__,
    },
)
again = load_features(path)
print(f"{path.name}: {path.stat().st_size / 1e6:.1f} MB, the images were {train.images.nbytes / 1e6:.1f} MB")
print("same numbers:", np.array_equal(again.features, train_features))
for key, value in again.provenance.items():
    print(f"  {key:<11}{value}")

# %% [markdown]
# Why not simply pickle everything? **Predict** what the next cell prints. It makes an object, pickles it, and loads it
# again. It never calls anything on what was loaded.


# %%
import pickle


class Parcel:
    def __reduce__(self):  # tells pickle how to rebuild me
        return print, ("code from the file is running on your machine",)


bytes_from_a_stranger = pickle.dumps(Parcel())
nothing = pickle.loads(bytes_from_a_stranger)

# %% [markdown]
# Loading *is* running: a pickle may name any function and have it called. Here it was `print`. So a pickle from a stranger is
# a program from a stranger. `save_features` writes plain arrays and a text, and `load_features` refuses everything else:

# %%
(folder / "stranger.safetensors").write_bytes(bytes_from_a_stranger)
try:
    load_features(folder / "stranger.safetensors")
except ValueError as refusal:
    print(str(refusal).replace(". ", ".\n"))

# %% [markdown]
# ## 4. Three heads on the same features
#
# Now the cheap part. First a small network: `BatchNormalization` brings all features to one scale, `Dropout` hides some of them in
# every step so that nothing hangs on a few, and `Dense` decides.

# %%
validation = data.load_scenes("validation")
validation_features = features_of(validation.images)

keras.utils.set_random_seed(0)
head = keras.Sequential(
    [
        keras.Input((train_features.shape[1],)),
        keras.layers.BatchNormalization(momentum=0.9),
        keras.layers.Dropout(0.3),
        keras.layers.Dense(len(train.class_names), activation="softmax"),
    ]
)
head.compile(keras.optimizers.Adam(3e-3), loss="sparse_categorical_crossentropy", metrics=["accuracy"])

started = time.perf_counter()
history = head.fit(
    train_features, train.labels, validation_data=(validation_features, validation.labels), epochs=20, verbose=0
)
seconds = time.perf_counter() - started
print(f"{len(history.epoch)} epochs in {seconds:.1f} s, {head.count_params():,} parameters")
plots.learning_curves(history, title="A small head on saved features")
# %% [markdown]
# Seconds, for twenty epochs; lesson 5 measures what they take when every image passes through the base each time. On the
# training images the head is soon right nearly always, on the validation images it levels off: these epochs were enough for this head.
#
# Now two heads that are no networks at all. They cannot be put on top of a base *inside* a Keras model, but features in a file
# do not care who reads them. (`StandardScaler` does for them what `BatchNormalization` did above.)

# %%
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC


def logistic():
    return make_pipeline(StandardScaler(), LogisticRegression(C=0.01, max_iter=500))


heads = {
    "small network": head,
    "logistic regression": logistic().fit(train_features, train.labels),
    "support vector machine": make_pipeline(StandardScaler(), SVC(C=3)).fit(train_features, train.labels),
}
right = {
    "small network": head.predict(test_features, verbose=0).argmax(axis=1) == test.labels,
    "logistic regression": heads["logistic regression"].predict(test_features) == test.labels,
    "support vector machine": heads["support vector machine"].predict(test_features) == test.labels,
}

# %% [markdown]
# **Predict**: which of the three is the best head, and by how much? Say it before you draw the figure.

# %%
scores = {title: evaluate.accuracy_interval(hits, test.groups) for title, hits in right.items()}
plots.accuracy_bars(
    scores,
    reference={"always the most frequent class": test.majority_share},
    title="Three heads on the same features",
)
# %%
from itertools import combinations


def compare(right, groups):
    """Every pair, judged on the same images."""
    for first, second in combinations(right, 2):
        gain = evaluate.difference_interval(right[first], right[second], groups)
        verdict = "better" if gain.low > 0 else "worse" if gain.high < 0 else "undecided"
        print(f"{first} against {second}: {gain.value:+.1%} ({gain.low:+.1%} to {gain.high:+.1%})  {verdict}")


compare(right, test.groups)

# %% [markdown]
# Trust the verdicts, not the heights of the bars. With so few cut-outs a difference of a few points is hard to tell from luck. The
# question is asked again at the end of the lesson, with three times as many cut-outs and many trainings.
#
# ### Would 16 bits change an answer?
#
# The fast path may compute in bfloat16, which keeps two to three decimal digits of every number. Would a head notice? We
# run training and test images through both kinds of arithmetic, whatever this machine would have chosen, train a head on each
# kind, and count the test images about which the two disagree.

# %%
from course_utils import hardware, benchmark_results
from course_utils.features import best_precision

answers = {}
for precision in ["float32", "bfloat16"]:
    of_train, of_test = (
        extract(base, part.images, preprocess="mobilenet_v2", precision=precision, progress=False)
        for part in [train, test]
    )
    answers[precision] = logistic().fit(of_train, train.labels).predict(of_test)
changed = np.sum(answers["float32"] != answers["bfloat16"])
print(f"answers that differ: {changed} of {len(test)}")
print("this processor multiplies bfloat16 by itself:", "yes" if hardware.has_avx512_bf16() else "no")
for each in [base, load_base("vgg16", weights=None, input_shape=(96, 96, 3))]:
    print(f"auto chooses for {each.name}: {best_precision(each)}")

print("\nmeasured on a processor that has bfloat16, times as fast in it as in float32 (below 1: slower)")
for row in benchmark_results.load("throughput")["bases"]:
    if row["pixels"] == 96 and row["float32_over_bfloat16"]:
        print(f"  {row['base']:<20}{np.median(row['float32_over_bfloat16']):.2f}")

# %% [markdown]
# A few answers on the edge may tip over, in either direction: far fewer than the interval is wide. So 16 bits would do no harm. Do
# they help? That depends on the processor *and* on the base. VGG16 is little else than large multiplications, and gains most of
# what half as many bits could give. MobileNetV2 and EfficientNet-Lite0 owe their speed to *depthwise* convolutions, which multiply
# little for each number that they move: there, converting numbers to 16 bits and back costs more than it saves.
# `precision="auto"` goes by both. (On a GPU it takes 16 bits for every base; whether that pays there has not been measured.) One rule
# remains: **never mix**, as each head above has training and test features from the same arithmetic. Otherwise you compare two
# things at once.

# %% [markdown]
# ## 5. A split that does not leak
#
# Every object in our scenes appears in five of them. So far no object was in training and test at once, because
# `load_scenes` divides the *cut-outs* first. Suppose we had thrown all scenes into one bag and dealt them out at random, as
# `train_test_split` does, and as most scripts do.

# %%
all_features = np.concatenate([train_features, validation_features, test_features])
labels = np.concatenate([train.labels, validation.labels, test.labels])
groups = np.concatenate([train.groups, validation.groups, test.groups])
print(f"{len(labels)} scenes of {len(np.unique(groups))} cut-outs")

claim = widgets.guess("dealt out scene by scene, how many percent would we claim to get right?", unit="%")
claim

# %%
from sklearn.model_selection import StratifiedKFold

splits = {
    "by scene": StratifiedKFold(5, shuffle=True, random_state=0).split(all_features, labels),
    "by cut-out": evaluate.grouped_splits(labels, groups, folds=5),
}
honest_or_not = {}
for title, folds in splits.items():
    hits = np.empty(len(labels), bool)
    for at_train, at_test in folds:
        model = logistic().fit(all_features[at_train], labels[at_train])
        hits[at_test] = model.predict(all_features[at_test]) == labels[at_test]
    honest_or_not[title] = hits

plots.accuracy_bars(
    {f"split {title}": evaluate.accuracy_interval(hits, groups) for title, hits in honest_or_not.items()},
    title="The same head, the same features, two ways to split",
)
# %%
compare(honest_or_not, groups)
claim.reveal(
    float(100 * honest_or_not["by scene"].mean()), why="Most of the gain is recognising things it was trained on."
)

# %% [markdown]
# Nothing about the model differs between the two bars. With a leaking split the head has already seen the very same bird on
# another background, and is rewarded for remembering it. The upper number is what you would have published; the lower one is
# what a new bird gets. Leaks of this kind have many faces: several photos of one patient, frames of one film, images of one
# product. Ask of every data set **what the unit is**, and split by that.

# %% [markdown]
# ## 6. An interval, by hand
#
# The same thought gives the interval. Which accuracy might we have got with *other* cut-outs? We cannot photograph new ones, but
# we can draw from those we have, with replacement, again and again, and look how the accuracy moves. What is drawn is a whole
# cut-out with all its scenes, because its scenes succeed or fail together.

# %%
rng = np.random.default_rng(0)
hits = right["logistic regression"]
by_object = np.array([hits[test.groups == number].mean() for number in np.unique(test.groups)])

for title, units in [("as if every scene were independent", hits), ("drawing whole cut-outs", by_object)]:
    drawn = rng.choice(units, (2000, len(units))).mean(axis=1)
    low, high = np.quantile(drawn, [0.05, 0.95])
    print(f"{title:<35}{hits.mean():.1%}, 90 % interval {low:.1%} to {high:.1%}: {100 * (high - low):.0f} points wide")

value, low, high = evaluate.accuracy_interval(hits, test.groups)
print(f"{'evaluate.accuracy_interval':<35}{value:.1%}, 90 % interval {low:.1%} to {high:.1%}")

# %% [markdown]
# Six lines, and the first of the three results is too sure of itself. `accuracy_interval` is the second computation. Two models are compared
# the same way: `difference_interval` draws cut-outs and looks at the *difference* on the same drawn ones, which is what `compare`
# printed above. If zero lies inside, the data do not decide, and "undecided" is what an honest person writes down. Lesson 7
# comes back to this.

# %% [markdown]
# ## 7. "Saved features cannot be augmented"
#
# You will read that sentence often. Augmentation shows an image a little differently each time: mirrored, turned, zoomed. But a
# feature vector cannot be mirrored, and ours are on disk. True, and too strong: **the image can be augmented before the base
# sees it**, a few times, and all of that can be saved. First the layers that do it:

# %%
augment = keras.Sequential(
    [
        keras.layers.RandomFlip("horizontal"),
        keras.layers.RandomRotation(0.08, fill_mode="nearest"),
        keras.layers.RandomZoom(0.15, fill_mode="nearest"),
    ]
)

# %%
from course_utils.features import augmented_copy, extract_augmented

COPIES = 4
chosen = train.images[[0, 7, 13]]
shown, titles = [], []
for image in range(len(chosen)):
    shown.append(chosen[image])
    titles.append("as it is")
    for number in range(COPIES):
        shown.append(augmented_copy(chosen, augment=augment, copy_number=number, seed=1)[image])
        titles.append(f"view {number}")
plots.image_grid(shown, titles=titles, columns=1 + COPIES)
# %% [markdown]
# `augmented_copy` calls the layers with `training=True` (otherwise they do nothing, which lesson 5 looks at) and sets their random
# state from the seed and the number of the view, so that the same views come back tomorrow. `extract_augmented` runs the base
# over each of them and repeats labels **and groups**, for all views of one image are still one object.

# %%
copies = extract_augmented(
    base,
    train.images,
    labels=train.labels,
    groups=train.groups,
    augment=augment,
    copies=COPIES,
    preprocess="mobilenet_v2",
    precision="auto",
    progress=False,
)
print("features", copies.features.shape, "· labels", copies.labels.shape, "· groups", copies.groups.shape)

of_copies = logistic().fit(copies.features, copies.labels).predict(test_features) == test.labels
compare({f"{COPIES} views": of_copies, "no augmentation": right["logistic regression"]}, test.groups)

# %% [markdown]
# So it *can* be done, and it is cheap: the base ran once for each view, and every head you train from now on gets the views for
# nothing. Whether it *helps* is another question, and one split cannot answer it. The long run below does, for 2, 4 and 8 views.

# %% [markdown]
# ## 8. What was it that helped?
#
# One objection is left. Perhaps the pretrained numbers do nothing, and any network of this shape would turn images into handy
# features? And do we need a borrowed base at all, would a small network of our own not learn the task? Three ways:
#
# - **scratch**: a small convolutional network, trained on our images and nothing else;
# - **random base**: the same MobileNetV2 with random weights, and our logistic regression on its features;
# - **pretrained base**: what you did all along.

# %%
order = widgets.guess(
    "which of the other two comes closer to the pretrained base?",
    options=["scratch", "random base", "hard to tell"],
)
order

# %%
keras.utils.set_random_seed(0)
scratch = keras.Sequential(
    [
        keras.Input((96, 96, 3)),
        keras.layers.Rescaling(1 / 255),
        keras.layers.Conv2D(32, 3, strides=2, activation="relu"),
        keras.layers.MaxPooling2D(),
        keras.layers.Conv2D(64, 3, activation="relu"),
        keras.layers.MaxPooling2D(),
        keras.layers.Conv2D(128, 3, activation="relu"),
        keras.layers.GlobalAveragePooling2D(),
        keras.layers.Dropout(0.3),
        keras.layers.Dense(len(train.class_names), activation="softmax"),
    ]
)
scratch.compile("adam", loss="sparse_categorical_crossentropy")
scratch.fit(train.images, train.labels, epochs=15, verbose=0)

random_base = load_base(
    "mobilenet_v2", input_shape=(96, 96, 3), weights=None, cut="block_13_expand_relu", pooling="avg"
)


def random_features(images):
    return extract(random_base, images, preprocess="mobilenet_v2", precision="auto", store=False, progress=False)


of_random = logistic().fit(random_features(train.images), train.labels)
three = {
    "scratch": scratch.predict(test.images, verbose=0).argmax(axis=1) == test.labels,
    "random base": of_random.predict(random_features(test.images)) == test.labels,
    "pretrained base": right["logistic regression"],
}
compare(three, test.groups)

# %% [markdown]
# One split and one seed. That is a first look and no result: another seed gives another random base and another small network,
# and 62 cut-outs are few. The course's benchmark repeats it with more patience: every cut-out gets its turn to be tested
# on, every training has its own seed, the network from scratch has more epochs, and every way answers for the same scenes. It takes minutes, so
# it was run beforehand (`python benchmarks/extraction_modes.py`), and we read its answers, one by one. It also trained the three heads
# of section 4, all of them on the pretrained base. (Its file calls the small network "cached features"; below, every head has its own name.)

# %%
long_run = benchmark_results.load("extraction_modes")


def answers_of(way):
    """For every scene, in every repeat: was it classified correctly?"""
    return np.array([list(row) for row in long_run["answers"][way]]).ravel() == "1"


repeats = len(long_run["answers"]["scratch"])
objects = np.tile(long_run["groups"], repeats)
print(
    f"{long_run['scenes']} scenes of {long_run['objects']} cut-outs, each tested {repeats} times, "
    f"{repeats * long_run['folds']} trainings of every kind"
)
final = {way: answers_of(way) for way in ["scratch", "random base", "pretrained base"]}
compare(final, objects)

three_heads = {
    "logistic regression": final["pretrained base"],
    "support vector machine": answers_of("pretrained base, SVM"),
    "small network": answers_of("cached features"),
}
print("\nthe other questions of this lesson, all on the pretrained base:")
compare(three_heads, objects)
compare({"leaking split": answers_of("leaking split"), "split by cut-out": final["pretrained base"]}, objects)
for number in [2, 4, 8]:
    with_copies = answers_of(f"cached features, {number} copies")
    compare({f"small network, {number} copies": with_copies, "small network": three_heads["small network"]}, objects)

gain = evaluate.difference_interval(final["scratch"], final["random base"], objects)
order.reveal("scratch" if gain.low > 0 else "random base" if gain.high < 0 else "hard to tell")

# %%
plots.accuracy_bars(
    {way: evaluate.accuracy_interval(hits, objects) for way, hits in final.items()},
    reference={"always the most frequent class": long_run["majority_share"]},
    title="From scratch, random base, pretrained base",
)
# %% [markdown]
# That is the argument of the whole course in one figure. A **random base** is better than naming the most frequent class: the
# architecture alone, which looks at small places and pools what it finds, is worth something. A network **from scratch** does a
# little better, as it can at least learn from our images, but they are few. What carries the day are the **numbers that
# ImageNet left** in the base.
#
# And the other questions? Read the verdicts above:
#
# - **The head** moves the score by a few points; logistic regression did best with these settings. The base, pretrained instead of
#   random, moves it several times as far. So spend your time on the base first.
# - **The leaking split** would have claimed much more than a new object gets. (Both sides of that comparison are logistic regression.)
#   No head, no augmentation moved the score as far as this mistake did.
# - **Views**: trained for the same number of steps, the small network gained nothing from any number of views. For 2 and 4 zero lies well inside the
#   interval: undecided. For 8 the interval ends so close to zero that its verdict hangs on very little: if there is a loss, it
#   is a small one. So "cannot augment" is
#   false, and "augmentation always helps" is not confirmed here either. Two reasons suggest themselves, and we have not measured
#   them: our scenes show every object several times anyway, turned and mirrored, so augmentation is already in the data; and
#   the more varied the images, the more steps a head may want.

# %% [markdown]
# ## Quiz

# %% folded=true
widgets.quiz(
    [
        {
            "question": "Why may the base be run once and for all in mode A?",
            "options": [
                "Because the head is small.",
                "Because a frozen base gives the same features for the same image, whatever the epoch.",
                "Because features are smaller than images.",
            ],
            "answer": 1,
            "why": [
                "A small head makes the rest cheap, but a base that changes would still have to be run again.",
                "And as soon as you unfreeze it, saved features are out of date.",
                "Often they are, and it is convenient. It is not the reason.",
            ],
        },
        {
            "question": "A colleague sends you `features.pkl`. What is the trouble?",
            "options": [
                "Loading it can run any code, before you have seen a single number.",
                "Pickle is slow and large.",
                "Pickle loses precision.",
            ],
            "answer": 0,
            "why": [
                "Ask for plain arrays, as in a `.safetensors` file, with a note on where they come from.",
                "It is neither. That is why people like it.",
                "It keeps every bit.",
            ],
        },
        {
            "question": "You have ten X-rays from each of 50 patients. What do you split by?",
            "options": ["By X-ray, stratified by diagnosis.", "By patient.", "By date, the newest for the test."],
            "answer": 1,
            "why": [
                "Then every patient is in training and in test, and the score is about recognising patients.",
                "The unit is the patient. The interval should draw patients, too.",
                "Sensible if you want to know about the future, but only if no patient is on both sides.",
            ],
        },
        {
            "question": "The interval of 'A minus B' reaches from −1 % to +5 %. What do you write?",
            "options": [
                "A is better, since most of the interval is above zero.",
                "They are equally good.",
                "Undecided: these images do not tell which is better.",
            ],
            "answer": 2,
            "why": [
                "Zero is inside, so 'no difference' is among what the images allow.",
                "That would need an interval that is narrow around zero. This one leaves room for a difference that matters.",
                "And you may add how large the difference could be at most.",
            ],
        },
        {
            "question": "What do K augmented views cost in mode A?",
            "options": [
                "K passes through the base, whatever the number of epochs.",
                "K passes through the base in every epoch.",
                "Nothing, because features are saved.",
            ],
            "answer": 0,
            "why": [
                "And K rows on disk for every image. Lesson 5 draws where that stops being a bargain.",
                "That would be training end to end with K times the images.",
                "Each view is another image for the base.",
            ],
        },
    ]
)

# %% [markdown]
# ## What to do next
#
# - **Lab 2**: build an extractor, save and load, train two heads, split without leaking. You are ready.
# - **Lesson 4** takes the word *frozen* seriously: what it switches off, what it does not, and how to prove it.
