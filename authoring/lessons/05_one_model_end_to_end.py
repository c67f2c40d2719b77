# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 5 · One model, end to end
#
# **Goal.** You will put base and head into **one model** that takes pixels and gives answers, with augmentation inside, train its head
# with the base frozen, and find out by measurement what that costs and what it buys, compared with the saved features of lesson 3.
#
# {{header}}
#
# Afterwards you can
#
# - build augmentation, preparation, base, pooling and head into one model;
# - show that the augmentation is really wired in, and that it is off when the model is used;
# - say what an epoch costs in either mode, and where the break-even point lies;
# - choose between mode A, mode B and what lies between.

# %% [markdown]
# ## 1. Everything in one model
#
# In lesson 3 an image took several steps: you prepared it, ran the base, kept the features, trained a head on them. Whoever uses
# your head later must repeat exactly these steps. Forget one, and it still runs (lesson 2 showed what then happens). **Mode B**
# puts all of it into one model, so there is nothing to forget. Figures and printed lines call mode A *cached features* and mode B *end to end*.
#
# First the images, and the base, cut as before but *not* pooled: pooling becomes a layer of our own.

# %%
from course_utils import data, evaluate, inspect, plots, widgets
from course_utils.models import load_base, preprocess

import keras
import numpy as np

train, test = data.load_scenes("train"), data.load_scenes("test")
base = load_base("mobilenet_v2", input_shape=(96, 96, 3), cut="block_13_expand_relu")
base.trainable = False
print(f"{len(train)} images to learn from · the base turns {base.input_shape[1:]} into {base.output_shape[1:]}")

# %% [markdown]
# Next the layers that vary an image. They are layers like any other, so they can stand inside a model. Press the button a few times:
# would you still call each variant by the same name? That is the only rule for augmentation.

# %%
augment = keras.Sequential(
    [
        keras.layers.RandomFlip("horizontal"),
        keras.layers.RandomRotation(0.08, fill_mode="nearest"),
        keras.layers.RandomZoom(0.15, fill_mode="nearest"),
    ],
    name="augment",
)
widgets.augmentation_viewer(augment, train.images[7], count=4)

# %% [markdown]
# Now the whole chain. `preprocess` is a function on arrays and cannot stand inside a model, but what MobileNetV2 expects, −1 to 1, is
# one `Rescaling` layer. Check such a translation before you trust it:

# %%
rescale = keras.layers.Rescaling(1 / 127.5, offset=-1, name="rescale")
difference = np.abs(np.asarray(rescale(test.images[:8])) - preprocess("mobilenet_v2", test.images[:8])).max()
print(f"largest difference from preprocess: {difference:.1e}")


# %%
def add_head(features):
    """The head of lesson 3."""
    x = keras.layers.BatchNormalization(momentum=0.9, name="scale")(features)
    x = keras.layers.Dropout(0.3)(x)
    return keras.layers.Dense(len(train.class_names), activation="softmax", name="answer")(x)


images = keras.Input((96, 96, 3))
x = augment(images)
x = rescale(x)
x = base(x)
x = keras.layers.GlobalAveragePooling2D()(x)
model = keras.Model(images, add_head(x), name="end_to_end")
print(f"{model.count_params():,} parameters in all")

count = widgets.guess("how many of them will `fit` move?", unit="parameters")
count

# %%
trainable = sum(int(np.prod(weight.shape)) for weight in model.trainable_weights)
plots.network_strip(model, title="End to end: only the head may move")
# %%
count.reveal(trainable, why="The base is frozen. Left are Dense, and a scale and a shift per feature.")

# %% [markdown]
# A few thousand, as in mode A, because the head is the same.
#
# ### Or Flatten
#
# `GlobalAveragePooling2D` averages each map to one number. `Flatten` keeps every place of every map as a number of its own:

# %%
for title, layer in [("average", keras.layers.GlobalAveragePooling2D()), ("flatten", keras.layers.Flatten())]:
    pooled = layer(base.output)
    variant = keras.Model(base.input, add_head(pooled))
    found = sum(int(np.prod(weight.shape)) for weight in variant.trainable_weights)
    print(f"{title:<9}{pooled.shape[1]:>7,} features, {found:>8,} trainable parameters")

# %% [markdown]
# Flatten knows *where* something was seen, at the price of a head that is many times larger. Which is better here is measured below.

# %% [markdown]
# ## 2. On in training, off in use
#
# A random layer has a switch. `fit` calls the model with `training=True`, `predict` and `evaluate` with `training=False`.
#
# A popular mistake is to build an `augment`, to plot its beautiful variants, and never to connect it to the model: the figure looks right, the
# training knows nothing of it. So do not look at `augment`. Look at what **the base is given inside the model**.

# %%
into_base = keras.Model(images, model.get_layer("rescale").output)
switch = widgets.guess(
    "you call the same model twice on the same image with `training=False`. Do the two results differ?",
    options=["yes, augmentation is random", "no"],
)
switch

# %%
same_image = np.repeat(train.images[7][None], 4, axis=0).astype("float32")
shown, titles = [], []
for training in [False, True]:
    given = np.asarray(into_base(same_image, training=training))
    shown += list(np.clip((given + 1) / 2, 0, 1))
    titles += [f"training={training}"] * len(given)
    unlike = max(np.abs(given[0] - other).max() for other in given[1:])
    print(f"training={training!s:<6} largest difference between four copies: {unlike:.2f}")
plots.image_grid(shown, titles=titles, columns=4)
# %%
switch.reveal("no", why="Without training the random layers pass an image through as it is.")

# %% [markdown]
# So it is wired in, and it is off when the model is used. Judge your own models the same way: by what goes *into* the base.

# %% [markdown]
# ## 3. What an epoch costs
#
# In mode A every image passes the base once. Here it passes the base **in every epoch**, and each time a little differently.
# What share of the work is the base?

# %%
in_base = sum(inspect.multiply_adds_by_block(base).values())
in_head = base.output_shape[-1] * len(train.class_names)
print(f"multiply-adds for one image, forward: base {in_base:,}, head {in_head:,}")
print(f"the base is {in_base / (in_base + in_head):.3%} of the work")

# %% [markdown]
# Practically all of it. (Backward nothing passes through a frozen base, because no weight before the head wants a gradient.)
#
# ### The same thing, only dearer
#
# Before we switch the augmentation on, a question about mode B without it. Same base, same head, same first weights, the
# same batches in the same order, and the same arithmetic: mode B computes with 32 bits, so in this lesson `extract` does too.

# %%
twins = widgets.guess(
    f"after two epochs each, on how many of the {len(test)} test images do cached features and end to end without augmentation give the same answer?",
    unit="images",
)
twins

# %%
import time

from course_utils.features import extract

LEARN = {"loss": "sparse_categorical_crossentropy", "metrics": ["accuracy"]}


def make_head():
    inputs = keras.Input((base.output_shape[-1],))
    return keras.Model(inputs, add_head(inputs))


pooled_base = keras.Model(base.input, keras.layers.GlobalAveragePooling2D()(base.output), name="pooled_base")


def features_of(images, **options):
    return extract(pooled_base, images, preprocess="mobilenet_v2", precision="float32", progress=False, **options)


test_features = features_of(test.images)
features_of(train.images[:32], store=False)  # the first call also builds the program that runs, which we do not time

started = time.perf_counter()
train_features = features_of(train.images, store=False)  # computed here and now, because we want to time it
extraction_seconds = time.perf_counter() - started

keras.utils.set_random_seed(1)
head_a = make_head()
head_a.compile(keras.optimizers.Adam(3e-3), **LEARN)
head_a.fit(train_features, train.labels, epochs=2, shuffle=False, verbose=0)
answers_a = head_a.predict(test_features, verbose=0)

# %%
keras.utils.set_random_seed(1)
head_b = make_head()
no_augmentation = keras.Sequential([keras.Input((96, 96, 3)), rescale, pooled_base, head_b])
no_augmentation.compile(keras.optimizers.Adam(3e-3), **LEARN)
no_augmentation.fit(train.images, train.labels, epochs=2, shuffle=False, verbose=0)

answers_b = no_augmentation.predict(test.images, verbose=0)
agree = int(np.sum(answers_a.argmax(axis=1) == answers_b.argmax(axis=1)))
print(f"largest difference of a probability: {np.abs(answers_a - answers_b).max():.1e}")
twins.reveal(agree, why="With nothing random before it, a frozen base gives the head the same features either way.")

# %% [markdown]
# It is the same training, up to rounding, only paid for in every epoch. **Without augmentation mode B buys nothing that mode A has not.** What
# it can buy is augmentation that never repeats itself. That is what has to be measured.

# %% [markdown]
# ## 4. Both modes, side by side
#
# Mode B as it is meant, with augmentation. A callback writes down when each epoch was over.

# %%
EPOCHS = 5


class Stopwatch(keras.callbacks.Callback):
    """Notes the seconds gone by at the end of every epoch."""

    def on_train_begin(self, logs=None):
        self.started, self.seconds = time.perf_counter(), []

    def on_epoch_end(self, epoch, logs=None):
        self.seconds.append(time.perf_counter() - self.started)


keras.utils.set_random_seed(0)
clock_b = Stopwatch()
model.compile(keras.optimizers.Adam(3e-3), **LEARN)
model.fit(train.images, train.labels, epochs=EPOCHS, verbose=0, callbacks=[clock_b])
print("end to end, seconds after each epoch:", *(f"{seconds:.1f}" for seconds in clock_b.seconds))

# %%
keras.utils.set_random_seed(0)
clock_a = Stopwatch()
head = make_head()
head.compile(keras.optimizers.Adam(3e-3), **LEARN)
head.fit(train_features, train.labels, epochs=EPOCHS, verbose=0, callbacks=[clock_a])
print(f"cached features, extraction: {extraction_seconds:.1f}")
print("cached features, and after each epoch:    ", *(f"{extraction_seconds + seconds:.1f}" for seconds in clock_a.seconds))

# %%
right = {
    "cached features": head.predict(test_features, verbose=0).argmax(axis=1) == test.labels,
    "end to end": model.predict(test.images, verbose=0).argmax(axis=1) == test.labels,
}


def compare(first, second, right, groups):
    gain = evaluate.difference_interval(right[first], right[second], groups)
    verdict = "better" if gain.low > 0 else "worse" if gain.high < 0 else "undecided"
    print(f"{first} against {second}: {gain.value:+.1%} ({gain.low:+.1%} to {gain.high:+.1%})  {verdict}")


for title, hits in right.items():
    value, low, high = evaluate.accuracy_interval(hits, test.groups)
    print(f"{title}: {value:.1%} right, 90 % interval {low:.1%} to {high:.1%}")
compare("end to end", "cached features", right, test.groups)

# %% [markdown]
# Mode A has paid for its extraction before the first epoch, and from then on its epochs cost next to nothing. Mode B pays in each.
#
# As to the accuracy: one seed and few epochs decide little. The benchmark of the course (`python benchmarks/extraction_modes.py`) trained each of them
# many times, with seeds and splits of their own and every cut-out in the test once per repeat. It also trained what lies **between the modes**:
# K augmented views of every image, drawn once, run once, saved, as in lesson 3. All had the same number of training steps.
#
# **Predict** the order of the bars: no augmentation, 2, 4, 8 views, mode B.

# %%
from course_utils import benchmark_results

long_run = benchmark_results.load("extraction_modes")


def answers_of(way):
    """For every scene, in every repeat: was it classified correctly?"""
    return np.array([list(row) for row in long_run["answers"][way]]).ravel() == "1"


ways = ["cached features", "cached features, 2 copies", "cached features, 4 copies", "cached features, 8 copies", "end to end"]
repeats = len(long_run["answers"]["end to end"])
objects = np.tile(long_run["groups"], repeats)
measured_answers = {way: answers_of(way) for way in [*ways, "cached features, Flatten"]}
print(f"{repeats * long_run['folds']} trainings each, {long_run['epochs']} epochs, {long_run['objects']} cut-outs")
plots.accuracy_bars(
    {way: evaluate.accuracy_interval(measured_answers[way], objects) for way in ways},
    reference={"always the most frequent class": long_run["majority_share"]},
    title="Saved features, saved views, end to end",
)
# %%
for way in ways[1:]:
    compare(way, "cached features", measured_answers, objects)
compare("end to end", "cached features, 8 copies", measured_answers, objects)
compare("cached features, Flatten", "cached features", measured_answers, objects)

# %% [markdown]
# No bar stands out. Mode B against mode A is undecided, and the whole interval lies within three points of zero: here the two are as good
# as each other. Saved views with the same number of steps are no gain either: two and four are undecided. For eight, each seen
# once instead of the plain image eight times, the interval ends so close to zero that its verdict hangs on very little, and so
# does mode B against eight views. Such a verdict is not for building on, whichever way it fell: count it as undecided.
#
# So **on these images, for this many epochs, augmentation does not pay**, whichever way it is done. That is
# not what you will read elsewhere, and it need not hold for your images: ours show every object several times, turned and
# mirrored, before any augmentation. The method is what you take away: measure before you pay.
#
# One verdict is clear. Flatten is worse. It remembers places, and our objects are pasted anywhere, so there is nothing in
# them to learn; what remains are many more numbers to fit to few images.

# %% [markdown]
# ## 5. What it costs on your machine, with your images
#
# Everything depends on four numbers: images, epochs, what the base takes per image, and K. The calculator starts with what this machine
# has just measured. It calls the K views *cached copies*. Try your own project: ten
# thousand images? A hundred epochs? Eight views?


# %%
def per_image(clock):
    """Seconds per image and epoch, without the first epoch and its start-up."""
    return (clock.seconds[-1] - clock.seconds[0]) / (EPOCHS - 1) / len(train)


rates = {"base_seconds": extraction_seconds / len(train), "head_seconds": per_image(clock_a)}
widgets.extraction_cost_calculator(images=len(train), epochs=20, copies=4, **rates)

# %% [markdown]
# The calculator takes an epoch of mode B to cost what base and head cost by themselves. Here we can put in what an epoch of mode B
# really took:

# %%
print(" K   seconds in the base   break-even")
for views in [1, 2, 4, 8]:
    cost = widgets.extraction_costs(
        images=len(train), epochs=20, copies=views, end_to_end_seconds=per_image(clock_b), **rates
    )
    print(f"{views:>2}{cost.extraction:>18.1f} s{cost.break_even:>11.1f} epochs")

# %% [markdown]
# That is the whole arithmetic: **K views cost K passes through the base, mode B costs a pass in every epoch. So the break-even point grows
# with K**, and with an epoch that costs just one pass it is K epochs. Train for fewer, and mode B is cheaper; train for more, and
# saved views are. With as many views as epochs, each used once, nothing is saved: it is the same recipe, differently stored.
#
# ### And mode B nevertheless?
#
# Yes, for four good reasons:
#
# 1. **You will fine-tune** (lesson 6). As soon as a layer of the base may move, saved features are out of date after one
#    step. (Those saved *below* the layers that move are not; lesson 6 makes use of it.)
# 2. **The features do not fit on the disk.** Unpooled maps of many views can be larger than the images.
# 3. **One file to hand over**: pixels in, answer out, preparation inside. (You can train in mode A and *join* base and head into one
#    model afterwards. That is what a good many people do, and section 3 showed that it is the same.)
# 4. **Every epoch is new**, if your measurement says that this matters.

# %% [markdown]
# ## 6. The break-even curve
#
# Your numbers come from one run on a machine that may have been busy with other things. Here is what the benchmark measured, the median of
# its runs, on the machine that it names. The last lines that the cell prints say how far these runs lie apart, and where each of them
# by itself would put the crossings. Every training has a start-up in its first epoch, when Keras builds the program that runs; it is printed by itself and
# left out of the curves, since it does not grow with your data. Drawing the views is counted.

# %%
seconds = long_run["seconds"]
runs = seconds["runs"]


def median_of(cost):
    return float(np.median([cost(run) for run in runs]))


def spread_of(cost):
    """How many times as long the slowest run took as the quickest."""
    costs = [cost(run) for run in runs]
    return max(costs) / min(costs)


def epoch_of(key):
    """Seconds of one epoch after the first."""
    return median_of(lambda run: np.median(np.diff(run[key])))


head_epoch, end_to_end_epoch = epoch_of("head"), epoch_of("end to end")
one_pass = median_of(lambda run: run["extract"])
copies_paid = median_of(lambda run: run["draw copies"] + run["extract copies"])
start_up = median_of(lambda run: run["end to end"][0]) - end_to_end_epoch

machine = long_run["machine"]
print(f"{seconds['images']} images, {len(runs)} runs on: {machine['processor']}, {machine['cores']} cores")
print(
    f"extraction {one_pass:.1f} s, of {seconds['copies']} views {copies_paid:.1f} s, an epoch of the head {head_epoch:.2f} s"
)
print(f"an epoch end to end {end_to_end_epoch:.1f} s, after a start-up of {start_up:.1f} s")

pass_spread = spread_of(lambda run: run["extract"])
epoch_spread = spread_of(lambda run: np.median(np.diff(run["end to end"])))
print(
    f"the slowest run took {pass_spread:.1f} times as long as the quickest to extract, "
    f"and {epoch_spread:.1f} times as long for an epoch end to end"
)


def crossing(run, *paid):
    """Epochs after which what cached features cost beforehand has been saved, in one run."""
    saved = np.median(np.diff(run["end to end"])) - np.median(np.diff(run["head"]))
    return sum(run[cost] for cost in paid) / saved


for title, paid in {"1 view": ["extract"], f"{seconds['copies']} views": ["draw copies", "extract copies"]}.items():
    each = sorted(crossing(run, *paid) for run in runs)
    print(f"{title}: they meet after {each[0]:.1f} to {each[-1]:.1f} epochs, depending on the run")

# %%
epochs = np.arange(0, 1.6 * copies_paid / end_to_end_epoch)
plots.break_even(
    epochs,
    {
        "cached features": one_pass + epochs * head_epoch,
        "end to end": epochs * end_to_end_epoch,
        f"cached features, {seconds['copies']} copies": copies_paid + epochs * head_epoch,
    },
    title="Where saving features begins to pay",
)
# %% [markdown]
# Mode A starts with its extraction already paid for and then runs almost flat. Mode B starts at nothing and climbs by one pass per epoch. They
# meet at the first star, within the first few epochs. With saved views mode A starts several passes higher, since each view must be drawn and
# run, and meets mode B that much later: the second star. To the left of a star lies the case for mode B, to the right the
# case for saving.

# %% [markdown]
# ## Quiz

# %% folded=true
widgets.quiz(
    [
        {
            "question": "Your model holds a `RandomFlip`. You call `predict` twice on one image. What happens?",
            "options": [
                "Two different results.",
                "The same result twice.",
                "An error, since `predict` cannot augment.",
            ],
            "answer": 1,
            "why": [
                "That would be so with `training=True`.",
                "Outside training random layers pass their input through.",
                "It simply switches the random layers off.",
            ],
        },
        {
            "question": "The base is frozen. Why is an epoch of mode B still slow?",
            "options": [
                "Because gradients must pass through the base.",
                "Because every image passes forward through the base again.",
                "Because of the head.",
            ],
            "answer": 1,
            "why": [
                "Nothing in or before the base wants a gradient, so none is computed there.",
                "And that is nearly all the work there is.",
                "The head is a vanishing share of the work; you saw the count.",
            ],
        },
        {
            "question": "You plan 30 epochs and want augmentation. Six saved views: about how much of the base's work do you save?",
            "options": ["None.", "A fifth.", "Four fifths."],
            "answer": 2,
            "why": [
                "Six passes are fewer than thirty.",
                "A fifth is what remains: six passes for thirty.",
                "6 passes where mode B needs 30.",
            ],
        },
        {
            "question": "A figure of augmented images looks perfect, yet the training behaves as if there were none. What do you look at?",
            "options": [
                "The seed.",
                "What the base is given inside the model, with `training=True`.",
                "The learning rate.",
            ],
            "answer": 1,
            "why": [
                "A seed changes which variants are drawn, not whether they are.",
                "The layers in the figure may never have been connected.",
                "It has nothing to do with what goes into the base.",
            ],
        },
        {
            "question": "Layers of the base are to be trained. What becomes of the pooled features that you saved?",
            "options": [
                "They are out of date after the first step.",
                "They stay right: the head is what learns most.",
                "They stay right as long as the images do.",
            ],
            "answer": 0,
            "why": [
                "They describe a base that no longer exists. Lesson 6 saves what comes out below the layers that learn: that stays right.",
                "However little a layer of the base moves, what it gives is no longer what you saved.",
                "The same image, passed through a base that has moved, gives other numbers.",
            ],
        },
    ]
)

# %% [markdown]
# ## What to do next
#
# - **Lab 3**: build, freeze, augment and price a model end to end (it needs lessons 4 and 5).
# - **Lesson 6** lets the base move at last, a little, and asks when that pays.
