# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 6 · Fine-tuning
#
# **Goal.** You will let the last part of a borrowed base learn your task, in two stages, without damaging it and without
# waiting for it; and you will see measured when that pays, and when something simpler is better.
#
# {{header}}
#
# Afterwards you can
#
# - fine-tune in two stages, and say what each of them is for;
# - choose which blocks to unfreeze, and why to begin with the last;
# - fine-tune from cached activations, and say beforehand how much time that can save;
# - decide, by task and by the number of images, between extracting, fine-tuning, and keeping less of the base.

# %% [markdown]
# ## 1. The plan
#
# So far the base stayed as it was, and only a head learned. But the last layers of a base are tuned to ImageNet's
# 1000 classes, and your task is another one. **Fine-tuning** lets those layers move a little. It is done in two stages:
#
# 1. **The head alone**, base frozen. A new head starts at random; what it would pass down now is noise.
# 2. **The top of the base as well**, with a learning rate that is much lower. The base holds something worth keeping, so it gets
#    small steps.
#
# Between the two stands one more `compile` (lesson 4), and if the base has BatchNorm, that stays frozen.
#
# Here are our scenes again, and VGG16, of which `block5` shall learn.

# %%
import time

from course_utils import data, evaluate, finetune, inspect, benchmark_results, plots, features, widgets
from course_utils.features import extract
from course_utils.models import load_base, preprocess

import keras
import numpy as np

keras.utils.set_random_seed(0)
train, validation, test = (data.load_scenes(split) for split in ("train", "validation", "test"))
# About every third scene, so that no cell keeps you waiting; section 6 takes them all.
train = train.take(np.linspace(0, len(train) - 1, 160).astype(int))
base = load_base("vgg16", input_shape=(96, 96, 3))
print(f"{len(train)} images to learn from; {base.name} has {base.count_params():,} parameters")

# %% [markdown]
# ### First, a way not to wait
#
# Blocks 1 to 4 will be frozen in both stages. **Predict:** an image goes through them in each of 16 epochs, twelve for
# the head and four for fine-tuning. In how many of these will they answer something new?

# %%
guess_new = widgets.guess("Frozen blocks, no augmentation, 16 epochs: how many different answers to one image?")
guess_new

# %%
guess_new.reveal(1, why="Same weights, same image, same numbers. Computing them again is waste.")

# %% [markdown]
# So compute them once. It is lesson 3's idea with the cut moved down: not at the end of the base but **at the freezing point**. We cut VGG16 in two,
# run the lower part over all images, and keep what comes out, its **activations**. Both stages then train the upper
# part on those.

# %%
bottom, top = finetune.split(base, "block5_conv1")
print(f"bottom: {bottom.input_shape[1:]} → {bottom.output_shape[1:]} · top: → {top.output_shape[1:]}")
print("is top's block5_conv1 the base's own?", top.get_layer("block5_conv1") is base.get_layer("block5_conv1"))


def activations(images):
    return extract(bottom, images, preprocess="vgg16", precision="auto", progress=False)


at_train, at_validation, at_test = (activations(split.images) for split in (train, validation, test))
print("activations to train on:", at_train.shape)

# %% [markdown]
# The two parts are made of the base's own layers, nothing is copied. What `top` learns, `base` has learned.

# %% [markdown]
# ## 2. Two stages
#
# **Stage 1.** Only the head learns. So `block5` is as frozen as what lies below it, and the same thought applies once more: run it once, and
# train the head on what comes out. These are lesson 3's features, and twelve epochs over them take a moment.

# %%
top.trainable = False
pretrained = top.get_weights()  # for later
pooled = keras.Sequential([keras.Input(at_train.shape[1:]), top, keras.layers.GlobalAveragePooling2D()], name="pooled")
features_train, features_validation = (pooled.predict(part, verbose=0) for part in (at_train, at_validation))

head = keras.Sequential([keras.Input((512,)), keras.layers.Dense(6, activation="softmax", name="head")])
head.compile(keras.optimizers.Adam(1e-3), "sparse_categorical_crossentropy", metrics=["accuracy"])
stage_1 = head.fit(
    features_train, train.labels, validation_data=(features_validation, validation.labels), epochs=12, verbose=0
)
print(f"after stage 1: validation accuracy {stage_1.history['val_accuracy'][-1]:.0%}")

# %% [markdown]
# **Stage 2.** Join the two, unfreeze, compile with a rate ten times lower, go on. Three things can be forgotten here without an
# error:
#
# - without `trainable = True` you train the head a little longer and call it fine-tuning;
# - with the old rate, or a higher one, you undo what you borrowed;
# - and had stage 1 been trained in this same model, as in lesson 4: without a new `compile` nothing would change, because the
#   training step is built already.
#
# `jit_compile=True` lets XLA, a compiler, build that step: once for every size of batch it meets (160 scenes are five equal batches), after
# which every epoch is quicker. Section 4 says by how much.

# %%
model = keras.Sequential([keras.Input(at_train.shape[1:]), pooled, head])
after_stage_1 = model.predict(at_test, verbose=0).argmax(axis=1)

before = inspect.fingerprint(model)
top.trainable = True
model.compile(keras.optimizers.Adam(1e-4), "sparse_categorical_crossentropy", metrics=["accuracy"], jit_compile=True)
on_validation = (at_validation, validation.labels)
stage_2 = model.fit(at_train, train.labels, validation_data=on_validation, epochs=4, verbose=0)

moved = inspect.compare(before, inspect.fingerprint(model))
plots.learning_curves([stage_1, stage_2], title="Head first, then block5 as well")
# %% [markdown]
# Read the figure from the dotted line on. Millions of numbers learn now, no longer thousands. Then look at how far the two accuracies
# are apart at the end: the training images are known far better than the validation images. With so few images,
# fine-tuning can always learn the training set by heart; the question is what is left for new ones.

# %%
plots.changed_strip(moved, title="What stage 2 moved")
# %% [markdown]
# Every layer of this model moved, as it should: the model starts where the cached activations lie, so `block5` and the head are all it
# has. The blocks before them are not in it and *cannot* move. Has moving helped, on objects never seen?

# %%
after_stage_2 = model.predict(at_test, batch_size=155, verbose=0).argmax(axis=1)
gain = evaluate.difference_interval(after_stage_2 == test.labels, after_stage_1 == test.labels, test.groups)
for title, answers in [("stage 1", after_stage_1), ("stage 2", after_stage_2)]:
    print(f"after {title}: {np.mean(answers == test.labels):.1%} of the test scenes")
print(f"gain {gain.value:+.1%}, 90 % interval {gain.low:+.1%} to {gain.high:+.1%}")

# %% [markdown]
# One training, one split: whatever the interval above says, it says it for this one run. Section 6 asks again with
# several trainings, more images, and other tasks.
#
# ### And without stage 1?
#
# You read it everywhere: a random head passes noise down, and the noise destroys what the base knows. **Predict:** a random
# head, `block5` unfrozen from the first step, *the same low rate* of 0.0001. How far will block5 move, compared with the second stage
# above?

# %%
guess_far = widgets.guess(
    "A random head, same rate, as many epochs: block5 moves how many times as far?", unit="times as far"
)
guess_far

# %%
learned = top.get_weights()


def how_far(comparison):
    return np.mean([row["distance"] for row in comparison.rows if "block5" in row["layer"]])


def without_stage_1(rate):
    top.set_weights(pretrained)  # ImageNet's numbers again
    new_head = keras.layers.Dense(6, activation="softmax", name="head")
    hurry = keras.Sequential([keras.Input(at_train.shape[1:]), pooled, new_head])
    hurry.compile(
        keras.optimizers.Adam(rate), "sparse_categorical_crossentropy", metrics=["accuracy"], jit_compile=True
    )
    start = inspect.fingerprint(hurry)
    hurry.fit(at_train, train.labels, epochs=4, verbose=0)
    right = hurry.predict(at_validation, verbose=0).argmax(axis=1) == validation.labels
    return how_far(inspect.compare(start, inspect.fingerprint(hurry))), np.mean(right)


far, accuracy = how_far(moved), stage_2.history["val_accuracy"][-1]
far_low, accuracy_low = without_stage_1(1e-4)
guess_far.reveal(float(far_low / far))

# %% [markdown]
# And with a head's usual rate, 0.001?

# %%
far_high, accuracy_high = without_stage_1(1e-3)
for title, distance, right in [
    ("two stages, 0.001 then 0.0001", far, accuracy),
    ("all at once, 0.0001", far_low, accuracy_low),
    ("all at once, 0.001", far_high, accuracy_high),
]:
    print(f"{title:<30} block5 moved by {distance:.1%} of its length · validation accuracy {right:.0%}")
top.set_weights(learned)  # back to what the two stages had learned

# %% [markdown]
# Surprised? At the same low rate the random head pushed block5 hardly farther than the trained one did. Ten times the rate pushed it
# about ten times as far. So how far a base is pushed is decided by the *rate*, and the reason is Adam: it makes its steps about as long as
# the rate, however large the gradient is. Noise from above changes their direction, not their length. The accuracies point the same way,
# but they are one training each on one split: that the highest rate came out last is worth believing, by so wide a gap; a few points between the
# other two say nothing.
#
# So why two stages? Because a new head wants a high rate and the base a low one, and this gives each its own. And because stage 1
# costs next to nothing from the cache, and tells you what fine-tuning has to beat.

# %% [markdown]
# ## 3. Which blocks?
#
# The rule is: **late ones first**. There are two reasons, and they happen to agree.
#
# - *What they know.* Early layers see edges and colours, which your task needs as well. Late ones see what ImageNet asks
#   for. So the late ones have most to learn and least to lose.
# - *What it costs.* To change a layer, the gradient has to come down to it. The next figure shows where the work is.

# %%
plots.cost_by_block(base)
# %%
names = list(inspect.blocks(base))
for first in ["block5", "block4", "block3", "block2", "block1"]:
    cost = inspect.training_cost(base, trainable=names[names.index(first) :])
    work = (cost.forward + cost.backward) / cost.forward
    print(f"trained from {first} on: {cost.trainable:>10,} parameters, {work:.2f} times the work of a forward pass")

# %% [markdown]
# `block5` holds about half of the parameters and a small share of the work. Adding block4 costs several times what block5 did. Whether
# it has anything to learn, only a measurement says. So begin with one block, measure, and go on only while it helps.
#
# Not every layer is a good place for the cut. In a network with skip connections, such as MobileNetV2, part of the
# data travels *around* a block, and a cut in the middle of that block would lose it:

# %%
mobile = load_base("mobilenet_v2", input_shape=(96, 96, 3), cut="block_13_expand_relu")
try:
    finetune.split(mobile, "block_12_project")
except ValueError as refusal:
    print(refusal)

# %%
mobile_bottom, mobile_top = finetune.split(mobile, "block_12_expand")
for layer in mobile_top.layers:
    layer.trainable = not isinstance(layer, keras.layers.BatchNormalization)  # lesson 4: BatchNorm stays frozen
print("learning:", [layer.name for layer in mobile_top.layers if layer.trainable and layer.weights])

# %% [markdown]
# ## 4. What the cache saves
#
# **Predict:** block5 is a small share of the work. Fine-tuning it *end to end* sends every image through all five blocks in every
# epoch; from the cache only through the last. How many times faster can an epoch become? Mind that the gradient is
# needed in block5 either way.

# %%
guess_speed = widgets.guess(
    "An epoch from cached activations is how many times as fast as end to end, at best?", unit="times"
)
guess_speed

# %%
plan = finetune.work(bottom, top, epochs=10)
guess_speed.reveal(
    float(plan.allowed),
    why="Forward and backward through block5 are needed both times; only blocks 1 to 4 are saved.",
)

# %%
print(f"multiply-adds per image for 10 epochs, end to end: {plan.end_to_end / 1e9:.1f} thousand million")
print(f"from the cache: {plan.training / 1e9:.1f}, and {plan.caching / 1e9:.1f} once, to fill it")
print(f"so at best {plan.allowed:.1f} times faster, and {plan.allowed_with_caching:.1f} times with filling counted")

# %% [markdown]
# A bound is not a measurement. So time one training step of 32 images each, here and now (a step before it is not counted, as it
# builds what the second one uses):

# %%
prepared, labels = preprocess("vgg16", train.images[:32]), train.labels[:32]


def seconds_per_step(part, inputs):
    timed = keras.Sequential([keras.Input(inputs.shape[1:]), part, keras.layers.GlobalAveragePooling2D()])
    timed.add(keras.layers.Dense(6, activation="softmax"))
    rate = keras.optimizers.SGD(0.0)  # nothing is to change, only the time is wanted
    timed.compile(rate, "sparse_categorical_crossentropy")
    timed.train_on_batch(inputs, labels)
    started = time.perf_counter()
    timed.train_on_batch(inputs, labels)
    return time.perf_counter() - started


bottom.trainable = False
slow, quick = seconds_per_step(base, prepared), seconds_per_step(top, at_train[:32])
print(f"end to end {slow:.2f} s · from the cache {quick:.2f} s · {slow / quick:.1f} times faster on this machine")

# %% [markdown]
# Whatever else your machine was doing is in that number. This is a longer measurement, of whole epochs, also with XLA:

# %%
timed = benchmark_results.load("recipes")["vgg16_block5"]
packages = timed["machine"]["packages"]
print(f"{timed['images']} images, {timed['machine']['cores']} cores, TensorFlow {packages['tensorflow']}")
for way, ending in [("with XLA", "_xla"), ("without", "")]:
    for title, key in [("an epoch", ""), (f"{timed['epochs']} epochs and the caching", "_with_caching")]:
        reached, allowed = timed[f"speed_up{key}{ending}"], timed[f"allowed{key}"]
        share = reached / allowed
        print(
            f"{way:<9} {title:<26} {reached:.1f} times faster; the work allows {allowed:.1f}; reached {share:.0%} of it"
        )
end_to_end, cached = (timed["epoch_s"][way] / timed["epoch_s"][f"{way}_xla"] for way in ("end_to_end", "cached"))
print(f"XLA itself makes an epoch end to end {end_to_end:.1f} times as fast, and one from the cache {cached:.1f} times")

# %% [markdown]
# With XLA nearly all that the work allows is reached. Without it the saving is smaller: what the cache leaves to do is mostly backward
# pass, and that is where XLA gains most.
#
# Is it still the same training? Two more were done for that, with the same seeds and the same order of images:

# %%
same = benchmark_results.load("fine_tuning")["timing"]
value, low, high = same["cached_minus_end_to_end"]
print(
    f"{same['images']} images, {same['epochs_trained']} epochs, {same['seeds']} trainings each way ({same['on']})"
)
print(f"same answer on {same['same_answers']:.1%} of the test scenes")
print(f"accuracy, cached minus end to end: {value:+.1%}, 90 % interval {low:+.1%} to {high:+.1%}")

# %% [markdown]
# The same answers but for rounding. The cache is no approximation, as long as the images do not change.
#
# ### With augmentation
#
# They do change with augmentation: every epoch sees each image a little different. What you can do is draw **K views** of every image, cache
# each of them (`views.extract_views(bottom, …, views=K)`), and use another view in each epoch. Every view costs one more caching pass:

# %%
for count in [1, 2, 4, 10]:
    plan = finetune.work(bottom, top, epochs=10, views=count)
    print(f"{count:>2} views, 10 epochs: {plan.allowed_with_caching:.1f} times faster at best")
extra = same["augmented_view_s"] / same["end_to_end_s_per_epoch"]
print(f"\nmeasured: drawing and caching one view takes {extra:.0%} of an epoch end to end")

# %% [markdown]
# With as many views as epochs nothing is saved. In between you trade variety for time, and you can say for how much before you start. In
# code it is one more axis, and epochs that take turns. On 32 images:

# %%
augment = keras.Sequential([keras.layers.RandomFlip("horizontal", seed=1), keras.layers.RandomRotation(0.05, seed=2)])
some = train.take(slice(0, 32))
cached = features.extract_views(
    bottom, some.images, labels=some.labels, groups=some.groups, augment=augment, views=3,
    preprocess="vgg16", precision="auto", progress=False,
)  # fmt: skip
by_view = cached.features.reshape(3, len(some), *at_train.shape[1:])
for epoch in range(6):
    seen = model.fit(by_view[epoch % 3], some.labels, verbose=0)
    print(f"epoch {epoch + 1}: view {epoch % 3 + 1}, loss {seen.history['loss'][0]:.2f}")

# %% [markdown]
# ## 5. Four uses of a pretrained network, side by side
#
# Fine-tuning is one of four ways to use it:
#
# 1. **as it is**: ask the 1000-class classifier, and add up its probabilities for all birds, all vehicles and so on;
# 2. **standalone extractor**: run the base once, train a classifier on what comes out (lesson 3);
# 3. **integrated extractor**: base and head in one model, base frozen, images augmented on the way in (lesson 5);
# 4. **initialisation**: start from its weights, and train: the last blocks, or all of it.
#
# The table adds training **from scratch**. It was measured on MobileNetV2, cut at block 13 as in lesson 5. Only the first use needs a
# network with its top, so there it is EfficientNet-Lite0, lesson 1's classifier. **Predict** the order before you run the cell. Which is best, which is worst?

# %% folded=true
uses = benchmark_results.load("fine_tuning")["uses"]


def verdict(difference):
    _, low, high = difference
    return "better" if low > 0 else "worse" if high < 0 else "undecided"


rows = [
    {
        "use": row["use"],
        "accuracy": f"{row['accuracy'][0]:.0%} ({row['accuracy'][1]:.0%} to {row['accuracy'][2]:.0%})",
        "difference": ""
        if row["use"].startswith("standalone")
        else "{:+.1%} ({:+.1%} to {:+.1%})".format(*row["against_standalone"]),
        "verdict": "" if row["use"].startswith("standalone") else verdict(row["against_standalone"]),
        "trained": row["trained_parameters"],
        "seconds": f"{row['seconds']:.0f}",
    }
    for row in uses["rows"]
]
columns = [("use", "use"), ("accuracy", "accuracy"), ("difference", "against the standalone extractor"), ("verdict", "is"),
           ("trained", "parameters trained"), ("seconds", "seconds")]  # fmt: skip
trainings = uses["folds"] * uses["repeats"]
caption = f"{uses['images']} training scenes of {uses['pixels']} px, {trainings} trainings; measured on {uses['on']}"
notes = [
    f"The most frequent class alone: {uses['majority']:.0%}. Every scene of {uses['cutouts']} cut-outs is judged {uses['repeats']} times.",
    "Seconds for one training and its answers. Not among them: the head that initialisation starts with, which is the standalone "
    "extractor's, and the search for the integrated one's rate. Among those of the first: putting its larger scenes together.",
]
inspect.Table(columns, rows, caption=caption, notes=notes)

# %%
plots.accuracy_bars(
    {row["use"]: row["accuracy"] for row in uses["rows"]},
    reference={"always the most frequent class": uses["majority"]},
    title="Four uses, and from scratch",
)
# %% [markdown]
# Did you expect a clear order? There is one clear loser: training **from scratch** lies far behind, with the same images. And there is
# a surprise at the other end.
#
# - **As it is**, with no training at all, it came out *first*. That is our images' doing: birds and vehicles are among ImageNet's classes,
#   so more than a million labelled photographs stand behind its answer (and it was shown larger images, 224 px, as it was
#   trained on). Ask it for a class it does not have, and it has no answer. There are two flowers among its thousand classes.
# - **The standalone extractor** is the quickest to train, and so the one to begin with.
# - **The integrated extractor** came out behind here, and dearer, as the base runs in every epoch. That is not the verdict of lesson 5,
#   where both modes had the same head. Here the standalone one had logistic regression, solved to the end, the integrated one a dense
#   layer and ten epochs with augmentation: more than one thing differs, so do not blame end-to-end training alone.
# - **Initialisation** gains nothing on features beyond doubt: undecided for the last blocks, undecided with *all* of it in training,
#   which takes several times as long. (Against a *dense layer* on the same features it does gain, in `docs/published.md`. So some of
#   what is said for fine-tuning may be the head's merit: compare with the best cheap thing, not with any.)
#
# "Undecided" does not mean "equal": so many cut-outs cannot show a gain of a point or two. And this was one task and one size of
# training set. The next section varies both.

# %% [markdown]
# ## 6. When does it pay?
#
# Advice is plentiful: "fine-tune when your images are many and similar to ImageNet's", "fine-tune when they *differ*", "never on few
# images", "always". It cannot all be right. So here is a measurement over **size** and **similarity**:
#
# - three tasks: *what is on the scene* (near to what ImageNet asks); *what the background is*, on the very same
#   scenes (ImageNet was taught to ignore that); and *Fashion-MNIST*, small grey images of clothes;
# - two sizes of training set for each;
# - four ways: features of the **whole base**; of **less of it**, up to block4 or up to block3; and block5 **fine-tuned**, in two stages.
#
# The same splits for every way, no cut-out on both sides, several trainings, differences with 90 % intervals.
#
# **Predict**, for each of the six cells, who wins. Take a pencil.

# %%
choices = ["features of the whole base", "features of less of the base", "fine-tuning block5"]
background_guess = widgets.guess("The background, few images: what works best?", options=choices)
background_guess

# %% folded=true
results = benchmark_results.load("fine_tuning")
tasks = {"scenes": "what is on it", "background": "what is behind it", "fashion": "clothes"}

for task, title in tasks.items():
    for size in ["small", "large"]:
        cell = results[task]["sizes"][size]
        print(f"{title}, {cell['images']} images, {cell['trainings']} trainings, {results[task]['on']}")
        print(f"   whole base          {cell['accuracy']['whole base'][0]:.1%}")
        for way, difference in cell["against_whole_base"].items():
            print(
                f"   {way:<19} {difference[0]:+.1%} ({difference[1]:+.1%} to {difference[2]:+.1%})  {verdict(difference)}"
            )

# %% [markdown]
# Read it task by task.
#
# - **What is on it.** Cutting earlier gains nothing, and cutting far down loses a great deal. Fine-tuning is undecided with few images, and gains a little with many.
#   The base sees what this task needs, so there is not much to mend.
# - **What is behind it.** Everything beats the features of the whole base, which were trained to *ignore* backgrounds. With few
#   images the winner is not to train the base at all, but to shorten it; with many, fine-tuning catches up.
# - **Clothes.** The same, more sharply, with the tightest intervals: fine-tuning helps, a shorter base helps more.
#
# One comparison is missing for a decision, fine-tuning against the shorter base:

# %% folded=true
decisions = {}
for task, title in tasks.items():
    for size in ["small", "large"]:
        cell = results[task]["sizes"][size]
        tuned, less = (cell["against_whole_base"][way] for way in ("fine-tuned block5", "up to block4"))
        direct = cell["fine_tuned_against_block4"]
        if verdict(tuned) != "better" and verdict(less) != "better":
            decision = "extract, whole base"
        elif verdict(direct) == "better":
            decision = "fine-tune"
        else:
            decision = "keep less of the base" if verdict(direct) == "worse" else "either, less is cheaper"
        decisions[task, size] = decision
        print(
            f"{title:<18} {size:<6} fine-tuned minus up to block4: {direct[0]:+.1%} ({direct[1]:+.1%} to {direct[2]:+.1%}) → {decision}"
        )
by_decision = {"extract, whole base": choices[0], "fine-tune": choices[2]}
background_guess.reveal(by_decision.get(decisions["background", "small"], choices[1]))

# %% [markdown]
# Now hold the advice against it.
#
# - *"Fine-tune when the images are many and similar"*: so it was for the scenes, and the gain was small.
# - *"Fine-tune when they differ"*: half right. Against the features of the whole base, fine-tuning gained most on the two dissimilar tasks.
#   But there the shorter base did as well or better, and it costs next to nothing.
# - *"Never on few images"*: not so. With the small sets it gained on two tasks, and on the third it did no measurable harm.
# - *"Always"*: not so either.
#
# What this does not show: other bases, thousands of images per class, or fine-tuning *after* cutting. The
# habit is what you should take with you, not the winner: try the cheap things first, in pairs, with an interval.

# %% folded=true
figure = plots.figures.new_figure((10.5, 5.2))
axes = figure.subplots(2, 3, sharex=True, sharey=True)
looks = {"better": ("#0072B2", "o"), "undecided": ("#000000", "s"), "worse": ("#D55E00", "v")}
said = []
for row, size in enumerate(["small", "large"]):
    for column, (task, title) in enumerate(tasks.items()):
        ax, cell = axes[row, column], results[task]["sizes"][size]
        ways = list(cell["against_whole_base"])
        ax.axvline(0, color="black", linewidth=1)
        for place, way in enumerate(ways):
            value, low, high = (100 * x for x in cell["against_whole_base"][way])
            colour, marker = looks[verdict((value, low, high))]
            ax.errorbar(value, place, xerr=[[value - low], [high - value]], color=colour, marker=marker, capsize=4)
        ax.set_yticks(range(len(ways)), ways)
        ax.set_ylim(len(ways) - 0.5, -0.5)
        ax.grid(axis="x", alpha=0.3)
        start = cell["accuracy"]["whole base"][0]
        ax.set_title(f"{title}, {cell['images']} images (0 = {start:.0%})\n→ {decisions[task, size]}", fontsize=10)
        said.append(f"{title}, {cell['images']} images: {decisions[task, size]}")
for ax in axes[1]:
    ax.set_xlabel("difference to the whole base (points)")
handles = [axes[0, 0].plot([], [], color=c, marker=m, linestyle="", label=words)[0] for words, (c, m) in looks.items()]
figure.legend(handles=handles, loc="outside lower center", ncols=3, frameon=False)
plots.describe(axes, "Size and similarity: what to do in six situations. " + "; ".join(said) + ".")
# %% [markdown]
# This is the grid to remember, by its shape. From left to right the task moves away from what the base was taught, and stopping *earlier*
# becomes better than the whole base. Where exactly to stop it leaves open: on the scenes the end and block4 are undecided, on the others
# block4 and block3 were not compared. From top to bottom there are more images, and fine-tuning stands better beside the shorter base than it
# did with few; these are two sizes, no law.
#
# One thing to hold against this table, and against any of its kind: rate and epochs of the fine-tuning were chosen beforehand on some of these very scenes,
# which favours it a little. The classifiers were not tuned here.

# %% [markdown]
# ## Quiz

# %% folded=true
widgets.quiz(
    [
        {
            "question": "Why does the head learn first, alone?",
            "options": [
                "Because Keras can train only one part at a time.",
                "A new head needs large steps, and the base must not take them. Alone, the head may.",
                "Because the head has more parameters.",
            ],
            "answer": 1,
            "why": [
                "It can train both at once. You did, twice.",
                "You measured both ways of doing without: at the base's rate and at the head's.",
                "It has far fewer, if the maps are averaged first.",
            ],
        },
        {
            "question": "Head at a rate of 0.00002, then the base unfrozen at 0.0001. What is wrong?",
            "options": [
                "Nothing; both are low rates.",
                "The rate goes up just when there is something to lose.",
                "The head's rate is too high.",
            ],
            "answer": 1,
            "why": [
                "What matters is the order. The head may take large steps, the base should not.",
                "It stands like that in published material, and it runs without complaint.",
                "A new head can take a much higher rate.",
            ],
        },
        {
            "question": "You fine-tune `block5` from cached activations. When is the result another than end to end?",
            "options": [
                "Always a little: a cache is an approximation.",
                "When the images change from epoch to epoch, or a layer below the cut learns.",
                "When the training takes many epochs.",
            ],
            "answer": 1,
            "why": [
                "Only by rounding. Frozen layers give the same numbers in each epoch.",
                "Augmentation needs views of its own in the cache, and a cut above a layer that learns would freeze it.",
                "Then the cache saves most.",
            ],
        },
        {
            "question": "The frozen part does 90 % of the forward work. Why is an epoch from the cache not ten times faster?",
            "options": [
                "Because reading the cache is slow.",
                "Because the gradient of the upper part is needed either way.",
                "It is ten times faster.",
            ],
            "answer": 1,
            "why": [
                "That costs little beside a convolution.",
                "Forward and backward together, the upper part does more than its tenth.",
                "Count the backward pass, too.",
            ],
        },
        {
            "question": "Few images, and a task unlike ImageNet's. What do you try first?",
            "options": [
                "Fine-tune the whole base.",
                "Train from scratch.",
                "Features from an earlier layer, and a small classifier.",
            ],
            "answer": 2,
            "why": [
                "The dearest choice, and in the table of uses it gained nothing on the features. Perhaps later, with more images.",
                "That throws away the early layers too, which serve any task. In the table of uses it came last.",
                "It costs next to nothing, and in our grid it won. Then measure the others against it.",
            ],
        },
    ]
)

# %% [markdown]
# ## What to do next
#
# - **Lab 4** does this at full scale on a GPU, or small on your own machine: two stages, cached activations, and a table of four uses
#   of your own.
# - **Lesson 7** asks of every number in this lesson: is it right?
