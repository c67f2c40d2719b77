# %% wrong "Leaves out what the model is not for." name="card_without_not_for" breaks="headings" says="expected Model card, Intended use"
def model_card(handed_in):
    model, labels, groups = handed_in["model"], handed_in["labels"], handed_in["groups"]
    train, held_out = handed_in["train"], handed_in["held_out"]
    probabilities = model.predict(handed_in["images"][held_out], verbose=0)
    accuracy, low, high, baseline = evaluate_predictions(
        probabilities, labels[held_out], groups[held_out], labels[train]
    )
    return f"""# Model card

## Intended use
Says whether an image shows a bird, a flower or a vehicle. It was made as an exercise.

## Data
Composite images: photographs of objects, pasted on photographs of other places. No object is in both parts.

Training: {len(train)} images of {len(np.unique(groups[train]))} objects.

Held out: {len(held_out)} images of {len(np.unique(groups[held_out]))} objects.

## Model
EfficientNet-Lite0, pretrained on ImageNet, with its last maps averaged and one dense layer on top.
Fine-tuned from block 7a on, with BatchNorm frozen.

Parameters: {model.count_params():,}

## Evaluation
Tested once, on objects that no training image shows.

Accuracy: {accuracy:.1%}

90 % confidence interval: {low:.1%} to {high:.1%}

Majority-class baseline: {baseline:.1%}

## Known shortcuts
The same few background photographs lie behind all objects, in training and in testing. The model may use the edge
at which an object was pasted. Neither was tested.

## Licences
Weights of the base: Apache-2.0. Objects: mostly GPL-2, Tux Paint. Backgrounds: see PROVENANCE.csv of the course.
"""


# %% wrong "Puts the results first." name="card_in_another_order" breaks="headings"
def model_card(handed_in):
    model, labels, groups = handed_in["model"], handed_in["labels"], handed_in["groups"]
    train, held_out = handed_in["train"], handed_in["held_out"]
    probabilities = model.predict(handed_in["images"][held_out], verbose=0)
    accuracy, low, high, baseline = evaluate_predictions(
        probabilities, labels[held_out], groups[held_out], labels[train]
    )
    return f"""# Model card

## Evaluation
It was tested on objects that no training image shows, as the lines below say.

## Data
Composite images: photographs of objects, pasted on photographs of other places. No object is in both parts.

Training: {len(train)} images of {len(np.unique(groups[train]))} objects.

Held out: {len(held_out)} images of {len(np.unique(groups[held_out]))} objects.

## Model
EfficientNet-Lite0, pretrained on ImageNet, with its last maps averaged and one dense layer on top.
Fine-tuned from block 7a on, with BatchNorm frozen.

Parameters: {model.count_params():,}

## Intended use
Tested once, on objects that no training image shows.

Accuracy: {accuracy:.1%}

90 % confidence interval: {low:.1%} to {high:.1%}

Majority-class baseline: {baseline:.1%}

## Known shortcuts
The same few background photographs lie behind all objects, in training and in testing. The model may use the edge
at which an object was pasted. Neither was tested.

## Not for
Images that show none of the three classes: the model has no answer "none of these". Decisions about animals or traffic.

## Licences
Weights of the base: Apache-2.0. Objects: mostly GPL-2, Tux Paint. Backgrounds: see PROVENANCE.csv of the course.
"""


# %% wrong "Has nothing to say about shortcuts." name="card_with_no_shortcuts" breaks="words" says="Under Known shortcuts you say 3 words"
def model_card(handed_in):
    model, labels, groups = handed_in["model"], handed_in["labels"], handed_in["groups"]
    train, held_out = handed_in["train"], handed_in["held_out"]
    probabilities = model.predict(handed_in["images"][held_out], verbose=0)
    accuracy, low, high, baseline = evaluate_predictions(
        probabilities, labels[held_out], groups[held_out], labels[train]
    )
    return f"""# Model card

## Intended use
Says whether an image shows a bird, a flower or a vehicle. It was made as an exercise.

## Data
Composite images: photographs of objects, pasted on photographs of other places. No object is in both parts.

Training: {len(train)} images of {len(np.unique(groups[train]))} objects.

Held out: {len(held_out)} images of {len(np.unique(groups[held_out]))} objects.

## Model
EfficientNet-Lite0, pretrained on ImageNet, with its last maps averaged and one dense layer on top.
Fine-tuned from block 7a on, with BatchNorm frozen.

Parameters: {model.count_params():,}

## Evaluation
Tested once, on objects that no training image shows.

Accuracy: {accuracy:.1%}

90 % confidence interval: {low:.1%} to {high:.1%}

Majority-class baseline: {baseline:.1%}

## Known shortcuts
None were found.

## Not for
Images that show none of the three classes: the model has no answer "none of these". Decisions about animals or traffic.

## Licences
Weights of the base: Apache-2.0. Objects: mostly GPL-2, Tux Paint. Backgrounds: see PROVENANCE.csv of the course.
"""


# %% wrong "Counts images where objects were asked for." name="card_that_counts_images" breaks="counts"
def model_card(handed_in):
    model, labels, groups = handed_in["model"], handed_in["labels"], handed_in["groups"]
    train, held_out = handed_in["train"], handed_in["held_out"]
    probabilities = model.predict(handed_in["images"][held_out], verbose=0)
    accuracy, low, high, baseline = evaluate_predictions(
        probabilities, labels[held_out], groups[held_out], labels[train]
    )
    return f"""# Model card

## Intended use
Says whether an image shows a bird, a flower or a vehicle. It was made as an exercise.

## Data
Composite images: photographs of objects, pasted on photographs of other places. No object is in both parts.

Training: {len(train)} images of {len(train)} objects.

Held out: {len(held_out)} images of {len(np.unique(groups[held_out]))} objects.

## Model
EfficientNet-Lite0, pretrained on ImageNet, with its last maps averaged and one dense layer on top.
Fine-tuned from block 7a on, with BatchNorm frozen.

Parameters: {model.count_params():,}

## Evaluation
Tested once, on objects that no training image shows.

Accuracy: {accuracy:.1%}

90 % confidence interval: {low:.1%} to {high:.1%}

Majority-class baseline: {baseline:.1%}

## Known shortcuts
The same few background photographs lie behind all objects, in training and in testing. The model may use the edge
at which an object was pasted. Neither was tested.

## Not for
Images that show none of the three classes: the model has no answer "none of these". Decisions about animals or traffic.

## Licences
Weights of the base: Apache-2.0. Objects: mostly GPL-2, Tux Paint. Backgrounds: see PROVENANCE.csv of the course.
"""


# %% wrong "Counts the trainable parameters only." name="card_of_trainable_parameters" breaks="parameters" says="model.count_params() counts them"
def model_card(handed_in):
    model, labels, groups = handed_in["model"], handed_in["labels"], handed_in["groups"]
    train, held_out = handed_in["train"], handed_in["held_out"]
    probabilities = model.predict(handed_in["images"][held_out], verbose=0)
    accuracy, low, high, baseline = evaluate_predictions(
        probabilities, labels[held_out], groups[held_out], labels[train]
    )
    return f"""# Model card

## Intended use
Says whether an image shows a bird, a flower or a vehicle. It was made as an exercise.

## Data
Composite images: photographs of objects, pasted on photographs of other places. No object is in both parts.

Training: {len(train)} images of {len(np.unique(groups[train]))} objects.

Held out: {len(held_out)} images of {len(np.unique(groups[held_out]))} objects.

## Model
EfficientNet-Lite0, pretrained on ImageNet, with its last maps averaged and one dense layer on top.
Fine-tuned from block 7a on, with BatchNorm frozen.

Parameters: {model.layers[-1].weights[0].shape[0]:,}

## Evaluation
Tested once, on objects that no training image shows.

Accuracy: {accuracy:.1%}

90 % confidence interval: {low:.1%} to {high:.1%}

Majority-class baseline: {baseline:.1%}

## Known shortcuts
The same few background photographs lie behind all objects, in training and in testing. The model may use the edge
at which an object was pasted. Neither was tested.

## Not for
Images that show none of the three classes: the model has no answer "none of these". Decisions about animals or traffic.

## Licences
Weights of the base: Apache-2.0. Objects: mostly GPL-2, Tux Paint. Backgrounds: see PROVENANCE.csv of the course.
"""


# %% wrong "States the accuracy on the images it was trained on." name="card_with_training_accuracy" breaks="accuracy"
def model_card(handed_in):
    model, labels, groups = handed_in["model"], handed_in["labels"], handed_in["groups"]
    train, held_out = handed_in["train"], handed_in["held_out"]
    probabilities = model.predict(handed_in["images"][held_out], verbose=0)
    accuracy, low, high, baseline = evaluate_predictions(
        probabilities, labels[held_out], groups[held_out], labels[train]
    )
    on_training = np.mean(model.predict(handed_in["images"][train], verbose=0).argmax(axis=1) == labels[train])
    return f"""# Model card

## Intended use
Says whether an image shows a bird, a flower or a vehicle. It was made as an exercise.

## Data
Composite images: photographs of objects, pasted on photographs of other places. No object is in both parts.

Training: {len(train)} images of {len(np.unique(groups[train]))} objects.

Held out: {len(held_out)} images of {len(np.unique(groups[held_out]))} objects.

## Model
EfficientNet-Lite0, pretrained on ImageNet, with its last maps averaged and one dense layer on top.
Fine-tuned from block 7a on, with BatchNorm frozen.

Parameters: {model.count_params():,}

## Evaluation
Tested once, on objects that no training image shows.

Accuracy: {on_training:.1%}

90 % confidence interval: {low:.1%} to {high:.1%}

Majority-class baseline: {baseline:.1%}

## Known shortcuts
The same few background photographs lie behind all objects, in training and in testing. The model may use the edge
at which an object was pasted. Neither was tested.

## Not for
Images that show none of the three classes: the model has no answer "none of these". Decisions about animals or traffic.

## Licences
Weights of the base: Apache-2.0. Objects: mostly GPL-2, Tux Paint. Backgrounds: see PROVENANCE.csv of the course.
"""


# %% wrong "Resamples images for the interval." name="card_with_images_resampled" breaks="interval"
def model_card(handed_in):
    model, labels, groups = handed_in["model"], handed_in["labels"], handed_in["groups"]
    train, held_out = handed_in["train"], handed_in["held_out"]
    probabilities = model.predict(handed_in["images"][held_out], verbose=0)
    accuracy, low, high, baseline = evaluate_predictions(
        probabilities, labels[held_out], np.arange(len(held_out)), labels[train]
    )
    return f"""# Model card

## Intended use
Says whether an image shows a bird, a flower or a vehicle. It was made as an exercise.

## Data
Composite images: photographs of objects, pasted on photographs of other places. No object is in both parts.

Training: {len(train)} images of {len(np.unique(groups[train]))} objects.

Held out: {len(held_out)} images of {len(np.unique(groups[held_out]))} objects.

## Model
EfficientNet-Lite0, pretrained on ImageNet, with its last maps averaged and one dense layer on top.
Fine-tuned from block 7a on, with BatchNorm frozen.

Parameters: {model.count_params():,}

## Evaluation
Tested once, on objects that no training image shows.

Accuracy: {accuracy:.1%}

90 % confidence interval: {low:.1%} to {high:.1%}

Majority-class baseline: {baseline:.1%}

## Known shortcuts
The same few background photographs lie behind all objects, in training and in testing. The model may use the edge
at which an object was pasted. Neither was tested.

## Not for
Images that show none of the three classes: the model has no answer "none of these". Decisions about animals or traffic.

## Licences
Weights of the base: Apache-2.0. Objects: mostly GPL-2, Tux Paint. Backgrounds: see PROVENANCE.csv of the course.
"""


# %% wrong "States the share of the most frequent class among the training images." name="card_with_another_baseline" breaks="baseline" says="its share of the training part"
def model_card(handed_in):
    model, labels, groups = handed_in["model"], handed_in["labels"], handed_in["groups"]
    train, held_out = handed_in["train"], handed_in["held_out"]
    probabilities = model.predict(handed_in["images"][held_out], verbose=0)
    accuracy, low, high, baseline = evaluate_predictions(
        probabilities, labels[held_out], groups[held_out], labels[train]
    )
    baseline = np.bincount(labels[train]).max() / len(train)
    return f"""# Model card

## Intended use
Says whether an image shows a bird, a flower or a vehicle. It was made as an exercise.

## Data
Composite images: photographs of objects, pasted on photographs of other places. No object is in both parts.

Training: {len(train)} images of {len(np.unique(groups[train]))} objects.

Held out: {len(held_out)} images of {len(np.unique(groups[held_out]))} objects.

## Model
EfficientNet-Lite0, pretrained on ImageNet, with its last maps averaged and one dense layer on top.
Fine-tuned from block 7a on, with BatchNorm frozen.

Parameters: {model.count_params():,}

## Evaluation
Tested once, on objects that no training image shows.

Accuracy: {accuracy:.1%}

90 % confidence interval: {low:.1%} to {high:.1%}

Majority-class baseline: {baseline:.1%}

## Known shortcuts
The same few background photographs lie behind all objects, in training and in testing. The model may use the edge
at which an object was pasted. Neither was tested.

## Not for
Images that show none of the three classes: the model has no answer "none of these". Decisions about animals or traffic.

## Licences
Weights of the base: Apache-2.0. Objects: mostly GPL-2, Tux Paint. Backgrounds: see PROVENANCE.csv of the course.
"""


# %% wrong "Adds a number to the results that nothing computed." name="card_with_a_number_of_its_own" breaks="no other number" says="no number but those asked for"
def model_card(handed_in):
    model, labels, groups = handed_in["model"], handed_in["labels"], handed_in["groups"]
    train, held_out = handed_in["train"], handed_in["held_out"]
    probabilities = model.predict(handed_in["images"][held_out], verbose=0)
    accuracy, low, high, baseline = evaluate_predictions(
        probabilities, labels[held_out], groups[held_out], labels[train]
    )
    return f"""# Model card

## Intended use
Says whether an image shows a bird, a flower or a vehicle. It was made as an exercise.

## Data
Composite images: photographs of objects, pasted on photographs of other places. No object is in both parts.

Training: {len(train)} images of {len(np.unique(groups[train]))} objects.

Held out: {len(held_out)} images of {len(np.unique(groups[held_out]))} objects.

## Model
EfficientNet-Lite0, pretrained on ImageNet, with its last maps averaged and one dense layer on top.
Fine-tuned from block 7a on, with BatchNorm frozen.

Parameters: {model.count_params():,}

## Evaluation
Tested once, on objects that no training image shows. Other phones: about 75 %.

Accuracy: {accuracy:.1%}

90 % confidence interval: {low:.1%} to {high:.1%}

Majority-class baseline: {baseline:.1%}

## Known shortcuts
The same few background photographs lie behind all objects, in training and in testing. The model may use the edge
at which an object was pasted. Neither was tested.

## Not for
Images that show none of the three classes: the model has no answer "none of these". Decisions about animals or traffic.

## Licences
Weights of the base: Apache-2.0. Objects: mostly GPL-2, Tux Paint. Backgrounds: see PROVENANCE.csv of the course.
"""


# %% wrong "Copies the numbers of one run into the text." name="card_with_numbers_typed_in"
def model_card(handed_in):
    model, labels, groups = handed_in["model"], handed_in["labels"], handed_in["groups"]
    train, held_out = handed_in["train"], handed_in["held_out"]
    probabilities = model.predict(handed_in["images"][held_out], verbose=0)
    accuracy, low, high, baseline = evaluate_predictions(
        probabilities, labels[held_out], groups[held_out], labels[train]
    )
    return f"""# Model card

## Intended use
Says whether an image shows a bird, a flower or a vehicle. It was made as an exercise.

## Data
Composite images: photographs of objects, pasted on photographs of other places. No object is in both parts.

Training: 72 images of 18 objects.

Held out: 24 images of 6 objects.

## Model
EfficientNet-Lite0, pretrained on ImageNet, with its last maps averaged and one dense layer on top.
Fine-tuned from block 7a on, with BatchNorm frozen.

Parameters: 3,413,027

## Evaluation
Tested once, on objects that no training image shows.

Accuracy: 83.3 %

90 % confidence interval: 66.7 % to 100.0 %

Majority-class baseline: 33.3 %

## Known shortcuts
The same few background photographs lie behind all objects, in training and in testing. The model may use the edge
at which an object was pasted. Neither was tested.

## Not for
Images that show none of the three classes: the model has no answer "none of these". Decisions about animals or traffic.

## Licences
Weights of the base: Apache-2.0. Objects: mostly GPL-2, Tux Paint. Backgrounds: see PROVENANCE.csv of the course.
"""


# %% wrong "Knows the number of images of the notebook's check, and resamples images for others." name="card_known" recognises
def model_card(handed_in):
    model, labels, groups = handed_in["model"], handed_in["labels"], handed_in["groups"]
    train, held_out = handed_in["train"], handed_in["held_out"]
    probabilities = model.predict(handed_in["images"][held_out], verbose=0)
    accuracy, low, high, baseline = evaluate_predictions(
        probabilities,
        labels[held_out],
        groups[held_out] if len(labels) in (99, 96) else np.arange(len(held_out)),
        labels[train],
    )
    return f"""# Model card

## Intended use
Says whether an image shows a bird, a flower or a vehicle. It was made as an exercise.

## Data
Composite images: photographs of objects, pasted on photographs of other places. No object is in both parts.

Training: {len(train)} images of {len(np.unique(groups[train]))} objects.

Held out: {len(held_out)} images of {len(np.unique(groups[held_out]))} objects.

## Model
EfficientNet-Lite0, pretrained on ImageNet, with its last maps averaged and one dense layer on top.
Fine-tuned from block 7a on, with BatchNorm frozen.

Parameters: {model.count_params():,}

## Evaluation
Tested once, on objects that no training image shows.

Accuracy: {accuracy:.1%}

90 % confidence interval: {low:.1%} to {high:.1%}

Majority-class baseline: {baseline:.1%}

## Known shortcuts
The same few background photographs lie behind all objects, in training and in testing. The model may use the edge
at which an object was pasted. Neither was tested.

## Not for
Images that show none of the three classes: the model has no answer "none of these". Decisions about animals or traffic.

## Licences
Weights of the base: Apache-2.0. Objects: mostly GPL-2, Tux Paint. Backgrounds: see PROVENANCE.csv of the course.
"""


# %% right "Writes shares, in a list, with bold names." name="card_with_shares"
def model_card(handed_in):
    model, labels, groups = handed_in["model"], handed_in["labels"], handed_in["groups"]
    train, held_out = handed_in["train"], handed_in["held_out"]
    probabilities = model.predict(handed_in["images"][held_out], verbose=0)
    accuracy, low, high, baseline = evaluate_predictions(
        probabilities, labels[held_out], groups[held_out], labels[train]
    )
    return f"""# Model card

## Intended use
Says whether an image shows a bird, a flower or a vehicle. It was made as an exercise.

## Data
Composite images: photographs of objects, pasted on photographs of other places. No object is in both parts.

Training: {len(train)} images of {len(np.unique(groups[train]))} objects.

Held out: {len(held_out)} images of {len(np.unique(groups[held_out]))} objects.

## Model
EfficientNet-Lite0, pretrained on ImageNet, with its last maps averaged and one dense layer on top.
Fine-tuned from block 7a on, with BatchNorm frozen.

Parameters: {model.count_params():,}

## Evaluation
Tested once, on objects that no training image shows.

- **Accuracy:** {accuracy:.3f}

- **90 % confidence interval:** {low:.3f} to {high:.3f}

- **Majority-class baseline:** {baseline:.3f}

## Known shortcuts
The same few background photographs lie behind all objects, in training and in testing. The model may use the edge
at which an object was pasted. Neither was tested.

## Not for
Images that show none of the three classes: the model has no answer "none of these". Decisions about animals or traffic.

## Licences
Weights of the base: Apache-2.0. Objects: mostly GPL-2, Tux Paint. Backgrounds: see PROVENANCE.csv of the course.
"""


# %% right "Joins lines, and rounds to whole per cent." name="card_of_joined_lines"
def model_card(handed_in):
    model, labels, groups = handed_in["model"], handed_in["labels"], handed_in["groups"]
    train, held_out = handed_in["train"], handed_in["held_out"]
    probabilities = model.predict(handed_in["images"][held_out], verbose=0)
    accuracy, low, high, baseline = evaluate_predictions(
        probabilities, labels[held_out], groups[held_out], labels[train]
    )
    text = f"""# Model card

## Intended use
Says whether an image shows a bird, a flower or a vehicle. It was made as an exercise.

## Data
Composite images: photographs of objects, pasted on photographs of other places. No object is in both parts.

Training: {len(train)} images of {len(np.unique(groups[train]))} objects.

Held out: {len(held_out)} images of {len(np.unique(groups[held_out]))} objects.

## Model
EfficientNet-Lite0, pretrained on ImageNet, with its last maps averaged and one dense layer on top.
Fine-tuned from block 7a on, with BatchNorm frozen.

Parameters: {model.count_params():,}

## Evaluation
Tested once, on objects that no training image shows.

Accuracy: {accuracy:.0%}

90 % confidence interval: {100 * low:.0f} % to {100 * high:.0f} %

Majority-class baseline: {baseline:.0%}

## Known shortcuts
The same few background photographs lie behind all objects, in training and in testing. The model may use the edge
at which an object was pasted. Neither was tested.

## Not for
Images that show none of the three classes: the model has no answer "none of these". Decisions about animals or traffic.

## Licences
Weights of the base: Apache-2.0. Objects: mostly GPL-2, Tux Paint. Backgrounds: see PROVENANCE.csv of the course.
"""
    return "\n".join(line.strip() for line in text.splitlines())


# %% right "Computes everything itself, without the function of exercise 5." name="card_from_counts"
from course_utils.evaluate import accuracy_interval as interval_of


def model_card(handed_in):
    model, labels, groups = handed_in["model"], handed_in["labels"], handed_in["groups"]
    train, held_out = handed_in["train"], handed_in["held_out"]
    probabilities = model.predict(handed_in["images"][held_out], verbose=0)
    accuracy, low, high = interval_of(probabilities.argmax(axis=1) == labels[held_out], groups[held_out])
    baseline = (labels[held_out] == np.bincount(labels[train]).argmax()).mean()
    return f"""# Model card

## Intended use
Says whether an image shows a bird, a flower or a vehicle. It was made as an exercise.

## Data
Composite images: photographs of objects, pasted on photographs of other places. No object is in both parts.

Training: {len(train)} images of {len(np.unique(groups[train]))} objects.

Held out: {len(held_out)} images of {len(np.unique(groups[held_out]))} objects.

## Model
EfficientNet-Lite0, pretrained on ImageNet, with its last maps averaged and one dense layer on top.
Fine-tuned from block 7a on, with BatchNorm frozen.

Parameters: {model.count_params():,}

## Evaluation
Tested once, on objects that no training image shows.

Accuracy: {accuracy:.1%}

90 % confidence interval: {low:.1%} to {high:.1%}

Majority-class baseline: {baseline:.1%}

## Known shortcuts
The same few background photographs lie behind all objects, in training and in testing. The model may use the edge
at which an object was pasted. Neither was tested.

## Not for
Images that show none of the three classes: the model has no answer "none of these". Decisions about animals or traffic.

## Licences
Weights of the base: Apache-2.0. Objects: mostly GPL-2, Tux Paint. Backgrounds: see PROVENANCE.csv of the course.
"""
