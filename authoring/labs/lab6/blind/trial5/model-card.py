# %% wrong "Takes the largest object number plus one for the number of objects, which also counts objects of the other part." name="trial5_largest_number_as_count" breaks="counts"
def model_card(handed_in):
    """Writes the model card of a trained model."""
    model, images = handed_in["model"], handed_in["images"]
    labels, groups = handed_in["labels"], handed_in["groups"]
    train, held_out = handed_in["train"], handed_in["held_out"]
    probabilities = model.predict(images[held_out], verbose=0)
    accuracy, low, high, baseline = evaluate_predictions(
        probabilities, labels[held_out], groups[held_out], labels[train]
    )
    return f"""# Model card

## Intended use

The model tells a few kinds of object apart in photographs, as an exercise of a course.

## Data

Photographs of single objects, each object from several sides, cut to small squares.

Training: {len(train)} images of {groups[train].max() + 1} objects.

Held out: {len(held_out)} images of {groups[held_out].max() + 1} objects.

## Model

EfficientNet-Lite with a new head; the end of the base was fine-tuned with a low rate.

Parameters: {model.count_params():,}

## Evaluation

Measured on images of objects that the model never saw in training; objects are resampled.

Accuracy: {accuracy:.1%}

90 % confidence interval: {low:.1%} to {high:.1%}

Majority-class baseline: {baseline:.1%}

## Known shortcuts

The background and the light may give the class away, since they change little within a class.

## Not for

Decisions about people or about safety, and objects of kinds that are not in the data.

## Licences

The photographs are my own; the weights of the base are under the Apache licence.
"""


# %% right "Builds the card from a dictionary of sections, writes shares in place of percentages, and calls the model itself." name="trial5_sections_with_shares"
def model_card(handed_in):
    """Writes the model card of a trained model."""
    labels, groups = np.asarray(handed_in["labels"]), np.asarray(handed_in["groups"])
    train, held_out = handed_in["train"], handed_in["held_out"]
    parts = []
    for start in range(0, len(held_out), 16):
        batch = handed_in["images"][held_out[start : start + 16]].astype("float32")
        parts.append(keras.ops.convert_to_numpy(handed_in["model"](batch, training=False)))
    numbers = evaluate_predictions(np.concatenate(parts), labels[held_out], groups[held_out], labels[train])
    accuracy, low, high, baseline = (format(float(number), ".3f") for number in numbers)
    parameters = sum(int(np.prod(weight.shape)) for weight in handed_in["model"].weights)

    sections = {
        "Intended use": ["Practice in a course: the model names the kind of object that a photograph shows."],
        "Data": [
            "Small square photographs of everyday objects; several photographs show the same object.",
            f"Training: {len(train)} images of {len(set(groups[train].tolist()))} objects.",
            f"Held out: {len(held_out)} images of {len(set(groups[held_out].tolist()))} objects.",
        ],
        "Model": [
            "A pretrained EfficientNet-Lite with a new head, fine-tuned at the end of the base only.",
            f"Parameters: {parameters}",
        ],
        "Evaluation": [
            f"Majority-class baseline: {baseline}",
            f"Accuracy: {accuracy}",
            f"90 % confidence interval: {low} to {high}",
            "All of these are shares of the images held out, whose objects were not in training.",
        ],
        "Known shortcuts": ["The table under the object and the light of the room may stand for the class."],
        "Not for": ["Anything where a mistake does harm, and any kind of object that was not photographed."],
        "Licences": ["The photographs belong to their author; the base comes with its own open licence."],
    }
    blocks = ["# Model card"]
    for heading, lines in sections.items():
        blocks.append("## " + heading)
        blocks.extend(lines)
    return "\n\n".join(blocks) + "\n"
