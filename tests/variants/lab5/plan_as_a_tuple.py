"""Chooses other rates, adds entries of its own, and returns a tuple."""

REPLACES = "training-plan"


def training_plan(head_epochs, all_epochs):
    head = dict(learning_rate=1e-3, initial_epoch=0, epochs=head_epochs, name="head")
    return head, {**head, "name": "all", "learning_rate": 1e-4, "initial_epoch": head_epochs} | {
        "epochs": head_epochs + all_epochs
    }
