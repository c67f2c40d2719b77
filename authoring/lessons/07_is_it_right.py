# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 7 · Is it right?
#
# **Goal.** Your model has an accuracy. You will find out what it gets wrong, where its evidence lies, and how certain
# the accuracy is. You will see how a correct program can still report a misleading number.
#
# {{header}}
#
# Afterwards you can
#
# - read a confusion matrix, a grid of mistakes, a heat map and an embedding, and say what each does *not* show;
# - find wrong labels by their loss;
# - put a confidence interval around an accuracy, over objects and not over images;
# - measure leakage, and choose a metric that shows the effect of class imbalance.

# %% [markdown]
# ## 1. A model to evaluate
#
# We take the base and the classifier of lesson 3: the frozen MobileNetV2, cut at block 13, and [logistic
# regression](GLOSSARY.md#logistic-regression) on its averaged features. Every object is composed twice, once on the
# background photographs for training and once on those for testing. We extract all features once.
#
# A split is then a choice of rows. We begin with the usual one: training objects on training photographs, test objects
# on test photographs.

# %%
from course_utils import data, evaluate, plots, widgets
from course_utils.models import weights_file

import keras
import numpy as np
import pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from threadpoolctl import threadpool_limits

threadpool_limits(1, user_api="blas")  # many small fits: one thread each is fastest

# compile=False: the model only predicts, so it needs no optimiser and no loss.
base = keras.models.load_model(weights_file("mobilenet_v2"), compile=False)
extractor = keras.Sequential([base, keras.layers.GlobalAveragePooling2D()])
preprocess = keras.applications.mobilenet_v2.preprocess_input


def extract(images):
    return extractor.predict(preprocess(images.astype("float32")), verbose=0)


composed = {
    name: data.load_scenes("all", photographs=name) for name in ("train", "test")
}
features = {name: extract(scenes.images) for name, scenes in composed.items()}
labels, groups = composed["test"].labels, composed["test"].groups
class_names = [name.replace("_", " ") for name in composed["test"].class_names]

splits = data.split_of_objects()  # "class/object" -> "train", "validation" or "test"
split = np.array([splits[composed["test"].object_names[group]] for group in groups])


# %%
def head(**settings):
    return make_pipeline(
        StandardScaler(), LogisticRegression(C=0.01, max_iter=500, **settings)
    )


train, test = split == "train", split == "test"
model = head().fit(features["train"][train], labels[train])
probabilities = model.predict_proba(features["test"][test])
predicted, truth = probabilities.argmax(axis=1), labels[test]
correct = predicted == truth
baseline = np.bincount(truth).max() / len(truth)
print(f"{len(truth)} test images of {len(np.unique(groups[test]))} objects")
print(f"accuracy {correct.mean():.1%}, majority-class baseline {baseline:.1%}")

# %% [markdown]
#
# ## 2. Which classes does the model confuse?
#
# A [confusion matrix](GLOSSARY.md#confusion-matrix) counts, for the images of each true class, which classes were
# predicted. The diagonal counts the correct predictions. scikit-learn computes it:

# %%
from sklearn.metrics import confusion_matrix

pd.DataFrame(
    confusion_matrix(truth, predicted),
    index=pd.Index(class_names, name="true class"),
    columns=class_names,
)

# %% [markdown]
# `ConfusionMatrixDisplay` of scikit-learn draws it. Our drawing adds the shares of each row:

# %%
plots.confusion_matrix(truth, predicted, class_names, title="One row per true class")

# %% [markdown]
# Read it row by row. Off the diagonal, look for two patterns. A **column** with counts from many rows belongs to a
# class that is predicted too often, usually a frequent one. A **pair** that is confused in both directions shows two
# classes that the model cannot separate.
#
# Before you conclude anything about a class, count its objects.

# %%
per_class = pd.DataFrame({"class": truth, "object": groups[test], "correct": correct})
per_class["class"] = [class_names[number] for number in truth]
per_class.groupby("class").agg(
    images=("correct", "size"),
    objects=("object", "nunique"),
    accuracy=("correct", "mean"),
).round(2)

# %% [markdown]
# An accuracy over a handful of objects is very uncertain. We claim nothing about a class with fewer than twenty test
# objects, and most rows here have fewer.
#
# ## 3. Look at the mistakes
#
# A table does not show that a photo is cropped, dark, or wrongly labelled. So look at the images, the most confident
# mistakes first.

# %%
shown = data.load_scenes("all", photographs="test", size=160).take(test)
plots.mistakes_grid(
    shown.images, truth, predicted, probabilities, class_names=class_names, most=8
)
most_confident = np.where(correct, 0, probabilities.max(axis=1)).argsort()[::-1][:8]
names = [shown.object_names[shown.groups[row]].split("/")[1] for row in most_confident]
print("objects shown:", ", ".join(names))

# %% [markdown]
# Ask of each mistake: could you recognise the object? What do several have in common? One pattern is visible at once:
# the same object appears several times. An object that the model does not recognise causes several mistakes.
#
# ### Wrong labels have a high loss
#
# Sometimes the label is wrong, not the model. The model helps to find such labels. Predict every training image with a
# model that has not seen its object, and compute the [loss](GLOSSARY.md#loss) of the *given* label. A label that
# contradicts all similar images has a high loss.
#
# We test the method: we give six of the training objects a wrong label, and pretend not to know which.

# %%
from sklearn.model_selection import StratifiedGroupKFold

x, given, object_of = features["train"][train], labels[train].copy(), groups[train]
objects = np.unique(object_of)
random = np.random.default_rng(0)
planted = random.choice(objects, 6, replace=False)
for one in planted:
    given[object_of == one] = (given[object_of == one] + random.integers(1, 6)) % 6

loss = np.zeros(len(given))
splitter = StratifiedGroupKFold(5, shuffle=True, random_state=0)
for here, there in splitter.split(x, given, object_of):
    p = head().fit(x[here], given[here]).predict_proba(x[there])
    loss[there] = -np.log(p[np.arange(len(there)), given[there]])
loss_of_object = np.array([loss[object_of == one].mean() for one in objects])
suspects = objects[loss_of_object.argsort()[::-1][:12]]
found = np.isin(suspects, planted)
print(f"{found.sum()} of 6 wrong labels are among the 12 of {len(objects)} objects")
print(f"with the highest loss; by chance it would be {6 * 12 / len(objects):.1f}")

# %%
rows = [np.flatnonzero(composed["train"].groups == one)[0] for one in suspects]
label_of = {one: class_names[given[object_of == one][0]] for one in suspects}
plots.image_grid(
    [composed["train"].images[row] for row in rows],
    titles=[
        f"{label_of[one]}{' (planted)' if wrong else ''}"
        for one, wrong in zip(suspects, found, strict=True)
    ],
    columns=6,
    title="The highest losses, each with its given label",
)

# %% [markdown]
# Most of the wrong labels are among these twelve objects. The other objects in the list are correctly labelled, but
# hard. So the list tells you what to *look at*. Do not delete these images automatically, or you delete your hard
# cases. In your test set, correct a label only if you would correct it whatever the model says.
#
# ## 4. Where does the evidence lie?
#
# [Grad-CAM](GLOSSARY.md#Grad-CAM) shows which regions of the image supported a class. It takes the [feature
# maps](GLOSSARY.md#feature-map) of the last convolution and multiplies each by the mean
# [gradient](GLOSSARY.md#gradient) of the class's score: how much the score would rise if this feature map were
# stronger. The sum, with negative values set to zero, is the heat map.
#
# For that we need one model from image to scores. We put our fitted head on the base as a `Dense` layer.

# %%
scaler, linear = model[0], model[-1]
kernel = (linear.coef_ / scaler.scale_).T  # the scaler is folded into the layer
bias = linear.intercept_ - scaler.mean_ @ kernel

averaged = keras.layers.GlobalAveragePooling2D()(base.output)
scores = keras.layers.Dense(len(class_names), name="scores")(averaged)
whole = keras.Model(base.input, scores)
whole.get_layer("scores").set_weights([kernel, bias])

confidence = probabilities.max(axis=1)
examples = [np.where(right, confidence, 0).argmax() for right in (correct, ~correct)]
images = composed["test"].images[test]
heat_maps = [
    plots.grad_cam_heatmap(
        whole,
        preprocess(images[number].astype("float32")),
        "block_13_expand_relu",
        class_index=predicted[number],
    )
    for number in examples
]

# %% [markdown]
# `plots.grad_cam_heatmap` computes the same as the next lines of Keras and TensorFlow. `tf.GradientTape` records the
# operations in its block. Afterwards it can compute the gradient of the score with respect to the feature maps.

# %%
if keras.backend.backend() == "tensorflow":
    import tensorflow as tf

    maps_and_scores = keras.Model(base.input, [base.output, scores])
    number = examples[0]
    batch = preprocess(images[number][None].astype("float32"))

    with tf.GradientTape() as tape:
        maps, outputs = maps_and_scores(batch)
        score = outputs[0, predicted[number]]
    gradient = tape.gradient(score, maps)  # (1, 6, 6, 576)
    weights = gradient.numpy().mean(axis=(0, 1, 2))
    heat = np.maximum(maps.numpy()[0] @ weights, 0)

    difference = np.abs(heat / heat.max() - heat_maps[0]).max()
    print(f"largest difference to the helper: {difference:.4f}, on a scale of 0 to 1")

# %%
for number, heat in zip(examples, heat_maps, strict=True):
    said, is_really = class_names[predicted[number]], class_names[truth[number]]
    title = f"predicted {said} ({confidence[number]:.0%}), true class {is_really}"
    plots.grad_cam(shown.images[number], heat, title=title)

# %% [markdown]
# The most confident correct answer is above, the most confident mistake below. Does the heat lie on the object or on
# the background?
#
# A heat map has six by six values here, enlarged to the image. It shows **where** the evidence lies, not **what** it
# is. Two images prove little. Lesson 9 tests on all images whether a model relies on the background.
#
# ## 5. An embedding
#
# An [embedding](GLOSSARY.md#embedding) represents every image by a vector, so that similar images lie close together.
# Our features are an embedding. To draw it, we reduce the vectors to two dimensions. **PCA** keeps the two directions
# of largest variance. **t-SNE** tries to keep neighbours together, and distorts larger distances.

# %%
from sklearn.decomposition import PCA
from sklearn.manifold import TSNE

points = StandardScaler().fit_transform(features["test"][test])
pca = PCA(30, random_state=0).fit(points)
reduced = pca.transform(points)
bent = TSNE(2, perplexity=15, init="pca", random_state=0).fit_transform(reduced)
share = pca.explained_variance_ratio_[:2].sum()
print(f"the first two directions of PCA hold {share:.0%} of the variance")
plots.embedding_map(bent, truth, class_names, title="t-SNE, coloured by class")

# %%
island_guess = widgets.guess(
    (
        "Two points are nearest neighbours in this figure. What do they share most "
        "often, "
        "beyond chance?"
    ),
    options=["the class", "the object", "the photograph behind the object"],
)
island_guess

# %%
distance = ((bent[:, None] - bent[None]) ** 2).sum(axis=-1)
np.fill_diagonal(distance, np.inf)
nearest = distance.argmin(axis=1)
behind = composed["test"].photographs[test]
rows = {}
for name, what in {
    "class": truth,
    "object": groups[test],
    "photograph": behind,
}.items():
    shares = np.unique(what, return_counts=True)[1] / len(what)
    rows[name] = {
        "nearest neighbour": (what[nearest] == what).mean(),
        "by chance": (shares**2).sum(),
    }
neighbours = pd.DataFrame(rows).T
neighbours.mul(100).round(0).astype(int)

# %%
beyond = (neighbours["nearest neighbour"] - neighbours["by chance"]).idxmax()
names = {
    "class": "the class",
    "object": "the object",
    "photograph": "the photograph behind the object",
}
island_guess.reveal(names[beyond])

# %%
families = composed["test"].background_names
plots.embedding_map(
    bent,
    composed["test"].backgrounds[test],
    [name.replace("_", " ") for name in families],
    title="The same points, coloured by the family of their background",
)

# %% [markdown]
# The points group by the photograph behind the object. Compared with chance, nearest neighbours share the photograph
# far more often than they share the class. A likely reason is the average over the whole image, in which background and
# object count alike. The classifier still finds the class, because it was trained with labels. PCA and t-SNE use no
# labels.
#
# Try several colourings before you say what a group of points has in common. In t-SNE, neither the size of a group nor
# the distance between two groups can be interpreted.
#
# ## 6. How certain is the score?
#
# For $n$ independent images there is a rule of thumb: a 90 % [confidence interval](GLOSSARY.md#confidence-interval) reaches
# $1.645\sqrt{p(1-p)/n}$ to either side. But five images of one object are not independent. They are often all
# right or all wrong, as the mistakes of section 3 showed.
#
# The [bootstrap](GLOSSARY.md#bootstrap) can resample the objects, which are independent. Draw as many *objects* as
# there are, with replacement, each with all its images. Compute the accuracy. Repeat, and take the range of the middle
# 90 % of the results.


# %%
def rule_of_thumb(correct):
    p = correct.mean()
    half = 1.645 * np.sqrt(p * (1 - p) / correct.size)
    return evaluate.Interval(p, p - half, p + half)


def bootstrap(correct, groups, resamples=2000):
    by_object = [correct[groups == one] for one in np.unique(groups)]
    right = np.array([one.sum() for one in by_object])
    size = np.array([one.size for one in by_object])
    drawn = np.random.default_rng(0).integers(len(size), size=(resamples, len(size)))
    accuracies = right[drawn].sum(axis=1) / size[drawn].sum(axis=1)
    return evaluate.Interval(correct.mean(), *np.quantile(accuracies, [0.05, 0.95]))


two = {
    "rule of thumb, over images": rule_of_thumb(correct),
    "bootstrap, over objects": bootstrap(correct, groups[test]),
}
pd.DataFrame(two, index=["accuracy", "low", "high"]).T.mul(100).round(1)

# %% [markdown]
# `evaluate.accuracy_interval` is this bootstrap, with checks of its arguments. Which interval is right? We can test
# both. We predict all objects by [cross-validation](GLOSSARY.md#cross-validation), and call the accuracy over all of
# them the truth. Then we draw test sets of 62 objects from them, and count how often each interval contains that truth.

# %%
coverage_guess = widgets.guess(
    (
        "A 90 % interval should contain the truth 90 times in 100. How often does the "
        "rule of thumb?"
    ),
    unit="%",
)
coverage_guess

# %%
answers = np.zeros(len(labels), bool)
for here, there in splitter.split(labels, labels, groups):
    fitted = head().fit(features["train"][here], labels[here])
    answers[there] = fitted.predict(features["test"][there]) == labels[there]
by_object = answers[np.argsort(groups, kind="stable")].reshape(-1, 5)

random = np.random.default_rng(0)
contains = {"rule of thumb": [], "bootstrap over objects": []}
for _ in range(400):
    drawn = by_object[random.integers(len(by_object), size=62)]
    names_of_drawn = np.repeat(np.arange(62), 5)
    for name, interval in (
        ("rule of thumb", rule_of_thumb(drawn.ravel())),
        ("bootstrap over objects", bootstrap(drawn.ravel(), names_of_drawn, 400)),
    ):
        contains[name].append(interval.low <= by_object.mean() <= interval.high)
for name, hits in contains.items():
    print(f"{name}: contains the truth {np.mean(hits):.0%} of the time")
coverage_guess.reveal(round(100 * float(np.mean(contains["rule of thumb"]))))

# %% [markdown]
# The interval of the rule of thumb is too narrow, because the rule treats all images as independent. The bootstrap over
# objects comes close to its 90 %. But it describes only the uncertainty from the *test objects*. Other training objects
# would have given another model. Therefore the next section repeats the split.
#
# ## 7. Leakage
#
# [Leakage](GLOSSARY.md#leakage) lets a model use information in the test that it will not have in use. We measure two
# kinds. Each model trains on about half of the images. Only the split differs:
#
# - **by image**: the images are shuffled. The same object is on both sides.
# - **by object**: no object is on both sides, but the photographs behind them are.
# - **by object and photograph**: neither is shared, as in `load_scenes`.

# %%
leak_guess = widgets.guess(
    "By object and photograph, about two thirds of the predictions are correct. How "
    "many in 100 are correct when the images "
    "are only shuffled?",
    unit="%",
)
leak_guess

# %%
from sklearn.model_selection import StratifiedKFold

kinds = ("by image", "by object", "by object and photograph")
answers = {kind: [] for kind in kinds}
for repeat in range(3):
    by_image = StratifiedKFold(2, shuffle=True, random_state=repeat)
    by_object = StratifiedGroupKFold(2, shuffle=True, random_state=repeat)
    for seen, unseen in (("train", "test"), ("test", "train")):
        right = {kind: np.zeros(len(labels), bool) for kind in kinds}
        for here, there in by_image.split(labels, labels):
            fitted = head().fit(features[seen][here], labels[here])
            right["by image"][there] = (
                fitted.predict(features[seen][there]) == labels[there]
            )
        for here, there in by_object.split(labels, labels, groups):
            fitted = head().fit(features[seen][here], labels[here])
            for kind, photographs in (
                ("by object", seen),
                ("by object and photograph", unseen),
            ):
                said = fitted.predict(features[photographs][there])
                right[kind][there] = said == labels[there]
        for kind in kinds:
            answers[kind].append(right[kind])
answers = {kind: np.concatenate(runs) for kind, runs in answers.items()}
six_times = np.tile(groups, 6)

rows = {}
for kind in kinds:
    score = evaluate.accuracy_interval(answers[kind], six_times)
    leak = evaluate.difference_interval(answers[kind], answers[kinds[-1]], six_times)
    rows[kind] = [*score, *leak]
columns = ["accuracy", "low", "high", "leak", "leak low", "leak high"]
leaks = pd.DataFrame(rows, index=columns).T.mul(100).round(1)
leak_guess.reveal(round(float(leaks.loc["by image", "accuracy"])))

# %%
leaks

# %% [markdown]
# Both leaks raise the accuracy: neither interval includes 0. No message warns you. The only sign is an accuracy that
# is too good. Video frames, several photos of one patient, and augmented copies saved before the split cause the same
# leak.
#
# <details>
# <summary>Two more leaks</summary>
# **Choosing on the test set.** If you try many settings and report the best test accuracy, part of it is luck. Choose
# on validation images and use the test set once.
#
# **What the base has seen.** ImageNet has classes for many of our objects: the base has been trained on other owls.
# Transfer learning relies on this, but report it. It becomes a leak when your test images themselves come from
# ImageNet.
# </details>
#
# ## 8. Class imbalance
#
# Accuracy counts images. If one class is very frequent, a model reaches a high accuracy by always predicting it. Other
# metrics look at each class:
#
# - **recall**: of the images of a class, the share that was found;
# - **precision**: of the predictions of a class, the share that was right;
# - **[balanced accuracy](GLOSSARY.md#balanced-accuracy)**: the mean recall of the classes;
# - **macro F1**: for each class the harmonic mean of precision and recall, then the mean over classes.
#
# The task is now "is it a flower?". A [class weight](GLOSSARY.md#class-weight) makes mistakes on rare classes count
# more: `class_weight="balanced"` multiplies the loss of each image by `n / (classes * n of its class)`. Keras takes
# the same numbers as `model.fit(x, y, class_weight={0: …, 1: …})`.

# %%
from sklearn.metrics import (
    accuracy_score,
    balanced_accuracy_score,
    f1_score,
    precision_score,
    recall_score,
)

flower = (labels == class_names.index("flower")).astype(int)
says = {"always no": np.zeros(len(flower), int)}
for name, weighting in {"no weights": None, "class weights": "balanced"}.items():
    says[name] = np.zeros(len(flower), int)
    for here, there in splitter.split(flower, labels, groups):
        fitted = head(class_weight=weighting).fit(features["train"][here], flower[here])
        says[name][there] = fitted.predict(features["test"][there])

metrics = {}
for name, answer in says.items():
    metrics[name] = {
        "accuracy": accuracy_score(flower, answer),
        "balanced": balanced_accuracy_score(flower, answer),
        "macro F1": f1_score(flower, answer, average="macro"),
        "recall": recall_score(flower, answer),
        "precision": precision_score(flower, answer, zero_division=0),
    }
pd.DataFrame(metrics).T.mul(100).round(1)

# %%
is_flower = flower == 1
hits = {name: answer == flower for name, answer in says.items()}
for name, rows in {"flowers found": is_flower, "others left alone": ~is_flower}.items():
    change = evaluate.difference_interval(
        hits["class weights"][rows], hits["no weights"][rows], groups[rows]
    )
    print(
        f"{name}: class weights change it by {100 * change.value:+.1f} points "
        f"({100 * change.low:+.1f} to {100 * change.high:+.1f})"
    )

# %%
counts = np.bincount(flower[train]).tolist()
class_weight = {number: sum(counts) / (2 * n) for number, n in enumerate(counts)}
keras.utils.set_random_seed(0)
dense = keras.Sequential([keras.layers.Dense(1, activation="sigmoid")])
dense.compile("adam", "binary_crossentropy")
dense.fit(
    features["train"][train],
    flower[train],
    class_weight=class_weight,
    epochs=20,
    verbose=0,
)
found = dense.predict(features["test"][test], verbose=0)[:, 0] > 0.5
print("class_weight:", {number: round(w, 2) for number, w in class_weight.items()})
print(f"flowers found among the test images: {recall_score(flower[test], found):.0%}")

# %% [markdown]
# "Always no" has a high accuracy. Its balanced accuracy is 50 %, the value of guessing.
#
# With class weights the model finds more flowers, and it takes more other objects for flowers. Neither interval
# includes 0. The accuracy changes little, but the balanced accuracy rises clearly. Decide what a missed flower and a
# false alarm cost, and choose the metric *before* you compare models.
#
# ## 9. Four evaluations of one classifier
#
# One classifier on the same features is evaluated four times. The intervals of the first two bars treat images as
# independent, as careless reports do. The others resample objects.

# %%
careful = answers["by object and photograph"]


def balanced_interval(correct, groups, classes):
    """The mean of the classes' accuracies; objects are resampled within each class."""
    random, draws, value = np.random.default_rng(0), [], []
    for number in np.unique(classes):
        here = classes == number
        per_object = pd.Series(correct[here]).groupby(groups[here]).mean().to_numpy()
        drawn = random.choice(per_object, (2000, len(per_object)))
        value.append(per_object.mean())
        draws.append(drawn.mean(axis=1))
    ends = np.quantile(np.mean(draws, axis=0), [0.05, 0.95])
    return evaluate.Interval(np.mean(value), *ends)


evaluations = {
    f"split {kind}": rule_of_thumb(answers[kind].reshape(6, -1).mean(axis=0))
    for kind in kinds[:2]
}
evaluations["split by object and photograph"] = evaluate.accuracy_interval(
    careful, six_times
)
evaluations["the same with balanced accuracy"] = balanced_interval(
    careful, six_times, np.tile(labels, 6)
)
plots.accuracy_bars(
    evaluations,
    reference={"majority-class baseline": np.bincount(labels).max() / len(labels)},
    title="One classifier, four evaluations",
)

# %% [markdown]
# From top to bottom the value falls and the interval grows. The top bar answers a question of little use: how well are
# known objects recognised on known photographs? (For balanced accuracy the baseline is one sixth.)
#
# When you read an accuracy, ask: on which images, split how, over how many independent objects, and compared with
# which baseline?

# %% [markdown]
# ## Quiz

# %% folded=true
widgets.quiz(
    [
        {
            "question": "You photographed 40 plants from ten sides each and split the "
            "400 images at random. What do you expect?",
            "options": [
                "A test score that is too high.",
                "A test score that is too low.",
                "A fair test score, because the split was random.",
            ],
            "answer": 0,
            "why": [
                "Nearly every test image has relatives in training. Split by plant.",
                "The model has met every test plant, from nine other sides.",
                "It must be random over what is independent, and that is plants.",
            ],
        },
        {
            "question": "The same 400 images, split by plant, 10 plants in the test. "
            "What should the interval resample?",
            "options": [
                "The 100 test images.",
                "The 10 test plants.",
                "The 300 training images.",
            ],
            "answer": 1,
            "why": [
                (
                    "Images of one plant succeed and fail together, so the interval "
                    "would "
                    "be too narrow."
                ),
                "Plants are independent. The interval is wide, and it should be.",
                "They do not enter the test score at all.",
            ],
        },
        {
            "question": "A heat map lies neatly on the animal. What does it show?",
            "options": [
                "The model knows what the animal is.",
                "In this image, the evidence for this class lies there.",
                "The model does not use backgrounds.",
            ],
            "answer": 1,
            "why": [
                (
                    "It shows where, not what. A wrong answer can have a neat heat map "
                    "too."
                ),
                "A heat map is about one image and one class.",
                "One image cannot show it. Test on many images with other backgrounds.",
            ],
        },
        {
            "question": "One person in a hundred has a disease. A model for screening "
            "reaches 99 % accuracy. Is it good?",
            "options": ["Yes.", "No.", "It cannot be said from that number."],
            "answer": 2,
            "why": [
                "A model that always answers no reaches 99 % too.",
                "It may also find every case: this accuracy does not tell.",
                "Recall and precision tell, or the balanced accuracy.",
            ],
        },
        {
            "question": "You list training images by loss and find wrong labels among "
            "the first 50. What next?",
            "options": [
                "Delete all 50.",
                "Look at each, correct what is wrong, keep what is only hard.",
                "Replace every label by the model's prediction.",
            ],
            "answer": 1,
            "why": [
                "The list also holds your hardest correct images.",
                "The loss says where to look; you decide.",
                "Then the model's mistakes become labels.",
            ],
        },
    ],
)

# %% [markdown]
# ## What to do next
#
# - **Lab 5**, the bug museum: eight programs that run, each with a mistake that you can measure.
# - **Lab 6**, your own images. Split them by object.
# - **Lesson 8** evaluates two published models. **Lesson 9** breaks a model on purpose, and repairs it.
