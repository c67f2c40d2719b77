"""Blocks on and off: what freezing saves."""

from __future__ import annotations

from typing import Any

from course_utils.inspect import TrainingCost, blocks, training_cost
from course_utils.widgets.shown import LIVE_STYLE, Shown, rich

_MOST_BOXES = 24


class FreezeExplorer(Shown):
    """Check boxes for blocks, and what training them would cost; made by `freeze_explorer`.

    Attributes:
        boxes: one ``Checkbox`` per block (or run of blocks), by its label; checked means trainable.
        all_button: the ``Button`` that checks every box.
        none_button: the ``Button`` that unchecks every box.
        output: the ``HTML`` with the costs, kept up to date.
        cost: the estimate on show.
    """

    def __init__(self, model: Any, *, images: int, batch_size: int, images_per_second: float | None) -> None:
        import ipywidgets as w

        self._model = model
        self._settings = {
            "images": images,
            "batch_size": batch_size,
            "images_per_second": images_per_second,
        }
        self._runs = runs_of_blocks(model)
        groups = blocks(model)
        self._bounds = (self._estimate([]), self._estimate(list(self._runs)))
        self.boxes = {}
        for label, names in self._runs.items():
            free = any(layer.trainable and layer.weights for name in names for layer in groups[name])
            box = w.Checkbox(value=free, description=label, indent=False, layout=w.Layout(width="auto"))
            box.observe(self._update, names="value")
            self.boxes[label] = box
        self.all_button = w.Button(description="Train all blocks", layout=w.Layout(width="max-content"))
        self.none_button = w.Button(description="Freeze all blocks", layout=w.Layout(width="max-content"))
        self.all_button.on_click(lambda _: self.set_all(True))
        self.none_button.on_click(lambda _: self.set_all(False))
        self.output = w.HTML()
        self._update()
        columns = "repeat(auto-fill, minmax(10em, 1fr))"
        widget = w.VBox(
            [
                w.HTML(LIVE_STYLE + "<p><strong>Which blocks are trained?</strong> Checked means trainable.</p>"),
                w.HBox([self.none_button, self.all_button]),
                w.GridBox(list(self.boxes.values()), layout=w.Layout(grid_template_columns=columns, width="100%")),
                self.output,
            ]
        )
        super().__init__(widget, twin=self._static())

    def set_all(self, trainable: bool) -> None:
        """Does what the two buttons do.

        Args:
            trainable: check every box, or uncheck every box.
        """
        for box in self.boxes.values():
            box.value = trainable

    def _estimate(self, labels: list[str]) -> TrainingCost:
        names = [name for label in labels for name in self._runs[label]]
        return training_cost(self._model, trainable=names, **self._settings)

    def _update(self, _: Any = None) -> None:
        self.cost = self._estimate([label for label, box in self.boxes.items() if box.value])
        frozen, everything = self._bounds
        lines = [
            ("trainable parameters", f"{self.cost.trainable:,}", self.cost.trainable / (everything.trainable or 1)),
            ("frozen numbers", f"{self.cost.parameters - self.cost.trainable:,}", 1 - self.cost.trainable / (self.cost.parameters or 1)),
            ("memory", readable_bytes(self.cost.memory), self.cost.memory / (everything.memory or 1)),
            ("seconds per epoch", f"{self.cost.seconds:,.3g}", self.cost.seconds / (everything.seconds or 1)),
        ]  # fmt: skip
        rows = "".join(
            f'<tr><th scope="row" style="text-align: left; padding-right: 1em">{name}</th>'
            f'<td style="text-align: right; padding-right: 1em">{value}</td><td aria-hidden="true">{_bar(share)}</td></tr>'
            for name, value, share in lines
        )
        self.output.value = (
            f'<div role="status"><table>{rows}</table><p>{rich(self._assumptions())}'
            f" All frozen: {frozen.seconds:,.3g} s per epoch; all trained: {everything.seconds:,.3g} s.</p></div>"
        )

    def _assumptions(self) -> str:
        speed = self._settings["images_per_second"]
        source = (
            f"the measured {speed:,.3g} images per second"
            if speed
            else "an assumed 60 billion multiply-adds per second"
        )
        return (
            f"Estimated for {self._settings['images']:,} images in batches of {self._settings['batch_size']}, from "
            f"{source}. Your model is not changed."
        )

    def _static(self) -> str:
        labels = list(self._runs)
        rows = ""
        for count in sorted({0, 1, 2, len(labels) // 2, len(labels)}):
            if count <= len(labels):
                cost = self._estimate(labels[len(labels) - count :])
                what = {0: "none", len(labels): "all"}.get(
                    count, f"the last {count}, from {labels[-count]}" if count else ""
                )
                rows += (
                    f"<tr><td>{rich(what)}</td><td>{cost.trainable:,}</td><td>{readable_bytes(cost.memory)}</td>"
                    f"<td>{cost.seconds:,.3g}</td></tr>"
                )
        head = "".join(
            f'<th scope="col">{name}</th>'
            for name in ("blocks trained", "trainable parameters", "memory", "seconds per epoch")
        )
        caption = f"What training costs in {rich(self._model.name)}, by how many blocks are trained"
        return (
            f"<table><caption>{caption}</caption><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
            f"<p>{rich(self._assumptions())}</p>"
        )


def freeze_explorer(
    model: Any,
    *,
    images: int = 1000,
    batch_size: int = 32,
    images_per_second: float | None = None,
) -> FreezeExplorer:
    """Shows a check box per block; checking and unchecking shows counts, memory and estimated seconds per epoch.

    The model itself is left as it is: setting ``trainable`` is a line for the notebook.

    Args:
        model: a built model with a fixed input size.
        images: how many there are in an epoch.
        batch_size: images per step.
        images_per_second: measured speed of the model going forward; without it a speed is assumed, and it says so.

    Returns:
        The explorer; the last line of a cell shows it. Exports and paper get a table of typical choices.

    Raises:
        BadArgumentError: if a number is not positive, or a layer has no fixed size.
    """
    return FreezeExplorer(model, images=images, batch_size=batch_size, images_per_second=images_per_second)


def runs_of_blocks(model: Any, *, most: int = _MOST_BOXES) -> dict[str, list[str]]:
    """Groups a model's blocks into so few runs that each can have a check box.

    Args:
        model: a built model.
        most: how many runs there are at most.

    Returns:
        For each label the names of its blocks; blocks without weights are left out.
    """
    names = [name for name, layers in blocks(model).items() if any(layer.weights for layer in layers)]
    step = -(-len(names) // most)
    runs = [names[i : i + step] for i in range(0, len(names), step or 1)]
    return {run[0] if len(run) == 1 else f"{run[0]} to {run[-1]}": run for run in runs}


def readable_bytes(count: float) -> str:
    """Writes a number of bytes for people.

    Args:
        count: bytes.

    Returns:
        For example ``"58.9 MB"`` (1 MB is a million bytes).
    """
    for unit, size in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if count >= size:
            return f"{count / size:.3g} {unit}"
    return f"{count:.0f} bytes"


def _bar(share: float) -> str:
    width = max(0.0, min(1.0, share))
    return (
        '<div style="width: 12em; height: 0.9em; border: 1px solid currentColor">'
        f'<div style="width: {100 * width:.1f}%; height: 100%; background: #0072B2"></div></div>'
    )
