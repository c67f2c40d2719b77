# %% wrong "The accuracy is that of the student's own result wherever there is one, whichever model and images the function is given." name="trial2_card_accuracy_of_own_result" breaks="accuracy"
def model_card(handed_in):
    def score(entry):
        part = entry["held_out"]
        probabilities = entry["model"].predict(entry["images"][part], verbose=0)
        return probabilities.argmax(axis=1) == entry["labels"][part]

    train, held_out = handed_in["train"], handed_in["held_out"]
    labels, groups = handed_in["labels"], handed_in["groups"]
    _, low, high = accuracy_interval(score(handed_in), groups[held_out])
    accuracy = score(result if result is not None else handed_in).mean()
    baseline = np.mean(labels[held_out] == np.bincount(labels[train]).argmax())
    return f"""# Model card

## Intended use

It tells a few kinds of object apart in small photographs, for a course.

## Data

Photographs of single objects, split so that no object is in both parts.

Training: {len(train)} images of {len(np.unique(groups[train]))} objects.

Held out: {len(held_out)} images of {len(np.unique(groups[held_out]))} objects.

## Model

EfficientNet-Lite0 with a new head, of which the last block was fine-tuned.

Parameters: {handed_in["model"].count_params():,}

## Evaluation

Everything here was computed on the images of objects that were held out.

Accuracy: {accuracy:.1%}

90 % confidence interval: {low:.1%} to {high:.1%}

Majority-class baseline: {baseline:.1%}

## Known shortcuts

The model may look at the background or the light instead of the object.

## Not for

Any decision about people, safety or money, and no kinds of object but these.

## Licences

The base has the licence of its authors; the photographs are our own work.
"""

# %% right "The text is put together from a dictionary of sections, the numbers are shares instead of percentages, the model predicts batch by batch, and the parameters are counted from shapes without commas." name="trial2_card_from_dictionary"
def model_card(handed_in):
    model, images = handed_in["model"], np.asarray(handed_in["images"])
    labels, groups = np.asarray(handed_in["labels"]), np.asarray(handed_in["groups"])
    train, held_out = np.asarray(handed_in["train"]), np.asarray(handed_in["held_out"])
    batches = (held_out[start : start + 20] for start in range(0, len(held_out), 20))
    guesses = [np.argmax(model.predict_on_batch(images[part].astype("float32")), axis=1) for part in batches]
    correct = np.concatenate(guesses) == labels[held_out]
    accuracy, low, high = accuracy_interval(correct, groups[held_out])
    baseline = np.mean(labels[held_out] == np.bincount(labels[train]).argmax())
    parameters = sum(int(np.prod(weight.shape)) for weight in model.weights)
    sections = {
        "Intended use": ["To tell a few kinds of everyday object apart in small square photographs, as an exercise."],
        "Data": [
            "Photographs of single objects, several of each; no object is on both sides of the split.",
            f"Training: {len(train)} images of {len(set(groups[train].tolist()))} objects.",
            f"Held out: {len(held_out)} images of {len(set(groups[held_out].tolist()))} objects.",
        ],
        "Model": [
            "A small convolutional network from ImageNet whose last block was trained further, with a new head.",
            f"Parameters: {parameters}",
        ],
        "Evaluation": [
            "Measured on images of objects that the model never saw; whole objects were resampled for the interval.",
            f"Accuracy: {accuracy:.3f}",
            f"90 % confidence interval: {low:.3f} to {high:.3f}",
            f"Majority-class baseline: {baseline:.3f}",
        ],
        "Known shortcuts": ["The background, the light and the distance may tell the kind without the object itself."],
        "Not for": ["Other kinds of object, other cameras, or any decision that matters to a person."],
        "Licences": ["The weights of the base have their authors' licence, and the photographs belong to the student."],
    }
    lines = ["# Model card"]
    for heading, content in sections.items():
        lines += [f"## {heading}", *content]
    return "\n\n".join(lines) + "\n"
