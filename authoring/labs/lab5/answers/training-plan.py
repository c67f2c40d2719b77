# %% wrong "Uses one learning rate for both stages." name="plan_at_one_rate" breaks="second rate" says="expected it to fall to a tenth or less"
def training_plan(head_epochs, all_epochs):
    return [
        {"learning_rate": 1e-4, "initial_epoch": 0, "epochs": head_epochs},
        {"learning_rate": 1e-4, "initial_epoch": head_epochs, "epochs": head_epochs + all_epochs},
    ]


# %% wrong "Takes epochs for a number to run, not for a number to stop at." name="plan_that_counts_epochs_again" breaks="epochs" says="epochs counts from the beginning of the first stage" marks=2.5
def training_plan(head_epochs, all_epochs):
    return [
        {"learning_rate": 1e-3, "initial_epoch": 0, "epochs": head_epochs},
        {"learning_rate": 1e-5, "initial_epoch": head_epochs, "epochs": all_epochs},
    ]


# %% wrong "Trains the head at 2e-5 and the pretrained weights at 1e-4." name="plan_that_goes_up" says="it has hardly moved when the base is unfrozen"
def training_plan(head_epochs, all_epochs):
    return [
        {"learning_rate": 2e-5, "initial_epoch": 0, "epochs": head_epochs},
        {"learning_rate": 1e-4, "initial_epoch": head_epochs, "epochs": head_epochs + all_epochs},
    ]


# %% wrong "Goes on from history.epoch[-1], which has been run already." name="plan_with_one_epoch_too_many" breaks="epochs" says="runs twice: history.epoch[-1] is the last one that was run" marks=2.5
def training_plan(head_epochs, all_epochs):
    epoch = list(range(head_epochs))
    return [
        {"learning_rate": 1e-3, "initial_epoch": 0, "epochs": head_epochs},
        {"learning_rate": 1e-5, "initial_epoch": epoch[-1], "epochs": head_epochs + all_epochs},
    ]


# %% wrong "Trains the head as slowly as the base." name="plan_with_a_slow_head" breaks="head rate" says="expected 0.0001 to 0.1"
def training_plan(head_epochs, all_epochs):
    return [
        {"learning_rate": 5e-5, "initial_epoch": 0, "epochs": head_epochs},
        {"learning_rate": 5e-6, "initial_epoch": head_epochs, "epochs": head_epochs + all_epochs},
    ]


# %% wrong "Plans a second stage that moves nothing." name="plan_with_a_rate_of_nothing" breaks="second rate"
def training_plan(head_epochs, all_epochs):
    return [
        {"learning_rate": 1e-3, "initial_epoch": 0, "epochs": head_epochs},
        {"learning_rate": 1e-300, "initial_epoch": head_epochs, "epochs": head_epochs + all_epochs},
    ]


# %% wrong "Plans no epoch at all." name="plan_of_no_epochs" says="never runs an epoch" marks=0
def training_plan(head_epochs, all_epochs):
    return [{"learning_rate": rate, "initial_epoch": 0, "epochs": 0} for rate in (1e-3, 1e-5)]


# %% wrong "Knows the epochs of the notebook's check, and goes on from 0 for others." name="plan_known" recognises
def training_plan(head_epochs, all_epochs):
    start = head_epochs if (head_epochs, all_epochs) in ((15, 17), (16, 7), (9, 19)) else 0
    return [
        {"learning_rate": 1e-3, "initial_epoch": 0, "epochs": head_epochs},
        {"learning_rate": 1e-5, "initial_epoch": start, "epochs": head_epochs + all_epochs},
    ]


# %% right "Chooses other rates, adds entries of its own, and returns a tuple." name="plan_as_a_tuple"
def training_plan(head_epochs, all_epochs):
    head = dict(learning_rate=1e-3, initial_epoch=0, epochs=head_epochs, name="head")
    return head, {**head, "name": "all", "learning_rate": 1e-4, "initial_epoch": head_epochs} | {
        "epochs": head_epochs + all_epochs
    }


# %% right "Returns an array of dictionaries with NumPy's numbers." name="plan_with_numpy_numbers"
import numpy as np


def training_plan(head_epochs, all_epochs):
    ends = np.cumsum([0, head_epochs, all_epochs])
    rates = np.geomspace(1e-2, 1e-5, 2)
    return [dict(learning_rate=rates[i], initial_epoch=ends[i], epochs=ends[i + 1]) for i in range(2)]


# %% right "Builds the plan stage by stage." name="plan_stage_by_stage"
def training_plan(head_epochs, all_epochs):
    plan, done = [], 0
    for epochs, rate in ((head_epochs, 3e-3), (all_epochs, 2e-5)):
        plan.append({"learning_rate": rate, "initial_epoch": done, "epochs": done + epochs})
        done += epochs
    return plan
