# %% wrong "Counts the trainable parameters only." name="trial4_trainable_parameters_only" breaks="parameters"
def model_card(handed_in):
    """Writes the model card of a trained model."""
    model, images, labels, groups = (handed_in[key] for key in ("model", "images", "labels", "groups"))
    train, held_out = handed_in["train"], handed_in["held_out"]
    probabilities = model.predict(images[held_out], verbose=0)
    accuracy, low, high, baseline = evaluate_predictions(
        probabilities, labels[held_out], groups[held_out], labels[train]
    )
    parameters = sum(int(np.prod(weight.shape)) for weight in model.trainable_weights)
    return f"""# Model card

## Intended use

Tells the kinds of object in this folder apart, for practice in a course on transfer learning.

## Data

Photographs of single objects, several of each object, cut to small squares before training.

Training: {len(train)} images of {len(np.unique(groups[train]))} objects.
Held out: {len(held_out)} images of {len(np.unique(groups[held_out]))} objects.

## Model

A pretrained base with a new head, trained in two stages; the last block was trained too.

Parameters: {parameters:,}

## Evaluation

Measured on images of objects that the model has not seen, with objects resampled for the interval.

Accuracy: {accuracy:.1%}
90 % confidence interval: {low:.1%} to {high:.1%}
Majority-class baseline: {baseline:.1%}

## Known shortcuts

The background and the light may tell the classes apart as well as the objects themselves do.

## Not for

Any decision about people, money or safety, and any kind of object that was not photographed.

## Licences

The weights of the base are under the Apache licence; the photographs are my own work.
"""

# %% wrong "Lets the images of each object vote and gives the share of objects that are right as the accuracy." name="trial4_images_of_an_object_vote" breaks="accuracy"
def model_card(handed_in):
    """Writes the model card of a trained model."""
    model, images, labels, groups = (handed_in[key] for key in ("model", "images", "labels", "groups"))
    train, held_out = handed_in["train"], handed_in["held_out"]
    probabilities = model.predict(images[held_out], verbose=0)
    _, low, high, baseline = evaluate_predictions(probabilities, labels[held_out], groups[held_out], labels[train])
    correct = probabilities.argmax(axis=1) == labels[held_out]
    accuracy = np.mean([correct[groups[held_out] == group].mean() >= 0.5 for group in np.unique(groups[held_out])])
    return f"""# Model card

## Intended use

Tells the kinds of object in this folder apart, for practice in a course on transfer learning.

## Data

Photographs of single objects, several of each object, cut to small squares before training.

Training: {len(train)} images of {len(np.unique(groups[train]))} objects.
Held out: {len(held_out)} images of {len(np.unique(groups[held_out]))} objects.

## Model

A pretrained base with a new head, trained in two stages; the last block was trained too.

Parameters: {model.count_params():,}

## Evaluation

Measured on images of objects that the model has not seen, with objects resampled for the interval.

Accuracy: {accuracy:.1%}
90 % confidence interval: {low:.1%} to {high:.1%}
Majority-class baseline: {baseline:.1%}

## Known shortcuts

The background and the light may tell the classes apart as well as the objects themselves do.

## Not for

Any decision about people, money or safety, and any kind of object that was not photographed.

## Licences

The weights of the base are under the Apache licence; the photographs are my own work.
"""

# %% right "Joins sections from a dictionary, writes shares instead of percentages, and draws the objects with multinomial weights of its own." name="trial4_sections_joined_and_shares"
def model_card(handed_in):
    """Writes the model card of a trained model."""
    model, labels, groups = handed_in["model"], np.asarray(handed_in["labels"]), np.asarray(handed_in["groups"])
    train, held_out = np.asarray(handed_in["train"]), np.asarray(handed_in["held_out"])
    answers = np.concatenate(
        [
            np.argmax(model.predict_on_batch(handed_in["images"][held_out[start : start + 16]]), axis=1)
            for start in range(0, len(held_out), 16)
        ]
    )
    right = answers == labels[held_out]

    names, which = np.unique(groups[held_out], return_inverse=True)
    hits, sizes = np.bincount(which, weights=right), np.bincount(which)
    draws = np.random.default_rng(6).multinomial(len(names), np.full(len(names), 1 / len(names)), size=20_000)
    low, high = np.quantile(draws @ hits / (draws @ sizes), [0.05, 0.95])

    classes, counts = np.unique(labels[train], return_counts=True)
    baseline = np.mean(labels[held_out] == classes[counts.argmax()])

    def size_line(name, part):
        return f"{name}: {len(part)} images of {len(set(groups[part].tolist()))} objects."

    sections = {
        "Intended use": ["To try transfer learning on a few kinds of object that I photographed at home."],
        "Data": [
            "Several photographs of each object, taken with a phone and cut to small squares.",
            size_line("Training", train),
            size_line("Held out", held_out),
        ],
        "Model": [
            "A convolutional base trained on ImageNet, whose end was trained on after a new head.",
            f"Parameters: {sum(int(np.prod(weight.shape)) for weight in model.weights)}",
        ],
        "Evaluation": [
            "All shares come from images of objects that were kept apart before training began.",
            f"Accuracy: {right.mean():.4f}",
            f"90 % confidence interval: {low:.4f} to {high:.4f}",
            f"Majority-class baseline: {baseline:.4f}",
        ],
        "Known shortcuts": ["Objects of one class often lay on the same table, so its wood may give them away."],
        "Not for": ["Never use it for people, for safety, or for objects of any other kind than these."],
        "Licences": ["The base comes under the Apache licence, and I took all of the photographs myself."],
    }
    body = (f"## {title}\n\n" + "\n\n".join(lines) for title, lines in sections.items())
    return "\n\n".join(["# Model card", *body]) + "\n"
