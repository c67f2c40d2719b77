# %% wrong "Uses one learning rate for both stages." name="plan_at_one_rate" breaks="the learning rate falls" says="expected it to fall to a tenth or less" marks=2.5
def training_plan(head_epochs, all_epochs):
    return [
        {"learning_rate": 1e-4, "initial_epoch": 0, "epochs": head_epochs},
        {"learning_rate": 1e-4, "initial_epoch": head_epochs, "epochs": head_epochs + all_epochs},
    ]


# %% wrong "Takes epochs for a number to run, not for a number to stop at." name="plan_that_counts_epochs_anew" breaks="every epoch once" says="epochs counts from the beginning of the first stage" marks=2.5
def training_plan(head_epochs, all_epochs):
    return [
        {"learning_rate": 1e-3, "initial_epoch": 0, "epochs": head_epochs},
        {"learning_rate": 1e-5, "initial_epoch": head_epochs, "epochs": all_epochs},
    ]


# %% wrong "Trains the head at 2e-5 and the pretrained weights at 1e-4." name="plan_that_goes_up" breaks="the learning rate falls" says="it has hardly moved when the base becomes trainable" marks=2.5
def training_plan(head_epochs, all_epochs):
    return [
        {"learning_rate": 2e-5, "initial_epoch": 0, "epochs": head_epochs},
        {"learning_rate": 1e-4, "initial_epoch": head_epochs, "epochs": head_epochs + all_epochs},
    ]


# %% wrong "Goes on from history.epoch[-1], which has been run already." name="plan_with_one_epoch_too_many" breaks="every epoch once" says="runs twice: history.epoch[-1] is the last epoch that was run" marks=2.5
def training_plan(head_epochs, all_epochs):
    epoch = list(range(head_epochs))
    return [
        {"learning_rate": 1e-3, "initial_epoch": 0, "epochs": head_epochs},
        {"learning_rate": 1e-5, "initial_epoch": epoch[-1], "epochs": head_epochs + all_epochs},
    ]


# %% right "Chooses other rates, adds entries of its own, and returns a tuple." name="plan_as_a_tuple"
def training_plan(head_epochs, all_epochs):
    head = dict(learning_rate=1e-3, initial_epoch=0, epochs=head_epochs, name="head")
    return head, {**head, "name": "all", "learning_rate": 1e-4, "initial_epoch": head_epochs} | {
        "epochs": head_epochs + all_epochs
    }
