"""Trains the head at 2e-5 and the pretrained weights at 1e-4."""

REPLACES = "training-plan"
MUST_FAIL = ("test-training-plan",)
HINT = "it has hardly moved when the base is set free"
MARKS = 2.5


def training_plan(head_epochs, all_epochs):
    return [
        {"learning_rate": 2e-5, "initial_epoch": 0, "epochs": head_epochs},
        {"learning_rate": 1e-4, "initial_epoch": head_epochs, "epochs": head_epochs + all_epochs},
    ]
