"""Blocks frozen or trained, and what training them costs."""

from typing import Any

from course_utils.inspect import Table, TrainingCost, blocks, training_cost
from course_utils.plots.text import readable_bytes
from course_utils.widgets.parts import WidgetWithFallback, button, text_to_html


class FreezeExplorer(WidgetWithFallback):
    """Check boxes for blocks, ``boxes`` by label, and what training them would cost, in ``cost`` and ``output``."""

    def __init__(self, model: Any, *, images: int) -> None:
        import ipywidgets as w

        self._model = model
        self._images = images
        self._assumptions = (
            f"Estimated for {images:,} images in batches of 32, from an assumed 60 billion multiply-adds per second. "
            "Your model is not changed."
        )
        self._runs = runs_of_blocks(model)
        self._all_frozen, self._all_trained = self._estimate([]), self._estimate(list(self._runs))
        layers = blocks(model)
        self.boxes = {}
        for label, names in self._runs.items():
            trainable = any(layer.trainable and layer.weights for name in names for layer in layers[name])
            box = w.Checkbox(value=trainable, description=label, indent=False, layout=w.Layout(width="auto"))
            box.observe(self._update, names="value")
            self.boxes[label] = box
        self.all_button = button("Train all blocks", lambda _: self._set_all(True))
        self.none_button = button("Freeze all blocks", lambda _: self._set_all(False))
        self.output = w.HTML()
        self._update()
        columns = w.Layout(grid_template_columns="repeat(auto-fill, minmax(10em, 1fr))", width="100%")
        controls = [
            w.HTML("<p><strong>Which blocks are trained?</strong> Checked means trainable.</p>"),
            w.HBox([self.none_button, self.all_button]),
            w.GridBox(list(self.boxes.values()), layout=columns),
            self.output,
        ]
        super().__init__(controls, fallback=self._table())

    def _set_all(self, trainable: bool) -> None:
        for box in self.boxes.values():
            box.value = trainable

    def _estimate(self, labels: list[str]) -> TrainingCost:
        names = [name for label in labels for name in self._runs[label]]
        return training_cost(self._model, trainable=names, images=self._images)

    def _update(self, _: Any = None) -> None:
        self.cost = cost = self._estimate([label for label, box in self.boxes.items() if box.value])
        most = self._all_trained
        frozen = cost.parameters - cost.trainable
        rows = (
            ("trainable parameters", f"{cost.trainable:,}", cost.trainable / (most.trainable or 1)),
            ("frozen parameters", f"{frozen:,}", frozen / (cost.parameters or 1)),
            ("memory", readable_bytes(cost.memory), cost.memory / (most.memory or 1)),
            ("seconds per epoch", f"{cost.seconds:,.3g}", cost.seconds / (most.seconds or 1)),
        )
        table = "".join(
            f'<tr><th scope="row" style="text-align: left; padding-right: 1em">{name}</th>'
            f'<td style="text-align: right; padding-right: 1em">{value}</td><td aria-hidden="true">'
            f'<progress value="{share:.3f}" style="width: 12em; accent-color: #0072B2"></progress></td></tr>'
            for name, value, share in rows
        )
        bounds = f"All frozen: {self._all_frozen.seconds:,.3g} s per epoch; all trained: {most.seconds:,.3g} s."
        self.output.value = (
            f'<div role="status"><table>{table}</table><p>{text_to_html(self._assumptions)} {bounds}</p></div>'
        )

    def _table(self) -> str:
        labels, rows = list(self._runs), []
        for count in sorted({0, 1, 2, len(labels) // 2, len(labels)} & set(range(len(labels) + 1))):
            cost = self._estimate(labels[len(labels) - count :])
            some = f"the last {count}, from {labels[-count]}" if count else "none"
            rows.append(
                {
                    "blocks trained": "all" if count == len(labels) else some,
                    "trainable parameters": cost.trainable,
                    "memory": readable_bytes(cost.memory),
                    "seconds per epoch": cost.seconds,
                }
            )
        caption = f"What training costs in {self._model.name}, by how many blocks are trained"
        columns = [(heading, heading) for heading in rows[0]]
        return Table(columns, rows, caption=caption, notes=[self._assumptions])._repr_html_()


def freeze_explorer(model: Any, *, images: int = 1000) -> FreezeExplorer:
    """Shows a check box per block; checking and unchecking shows counts, memory and estimated seconds per epoch.

    The model, built and with a fixed input size, is left as it is: setting ``trainable`` is a line for the notebook.
    ``images`` is how many there are in an epoch.

    Raises:
        BadArgumentError: if a number is not positive, or a layer has no fixed size.
    """
    return FreezeExplorer(model, images=images)


def runs_of_blocks(model: Any) -> dict[str, list[str]]:
    """Groups a model's blocks that have weights into at most 24 runs; for each run's label its blocks' names."""
    names = [name for name, layers in blocks(model).items() if any(layer.weights for layer in layers)]
    step = -(-len(names) // 24)
    runs = [names[i : i + step] for i in range(0, len(names), step or 1)]
    return {run[0] if len(run) == 1 else f"{run[0]} to {run[-1]}": run for run in runs}
