"""A model as one flat graph: nested models opened up, and each layer with the tensors that enter and leave it there.

A pretrained base is mostly one layer of a larger model. The tensors of its layers (``layer.input``, ``layer.output``) then belong
to the base alone, and to nothing that is computed from the larger model's input.
"""

from functools import partial
from typing import Any, NamedTuple

from course_utils.errors import BadArgumentError, unknown_name


class Call(NamedTuple):
    """One use of a layer, or of an operation such as ``+``: what it is, and its symbolic tensors."""

    layer: Any
    inputs: list[Any]
    output: Any


class Graph(NamedTuple):
    """The calls of a model from input to output, none of a nested model."""

    input: Any
    output: Any
    calls: list[Call]
    nested: list[tuple[Any, Any]]
    """Each nested model with the tensor that leaves it."""

    def find(self, layer: Any) -> Any:
        """Returns the tensor that leaves a layer, or the layer of that name or path, or raises ``UnknownNameError``."""
        leaving = [(call.layer, call.output) for call in self.calls] + self.nested
        wanted = layer.rpartition("/")[2] if isinstance(layer, str) else None
        for one, tensor in leaving:
            if one is layer or one.name == wanted:
                return tensor
        raise unknown_name("layer", wanted or getattr(layer, "name", layer), [one.name for one, _ in leaving])

    def passing(self, tensor: Any) -> list[tuple[Any, Call]]:
        """Returns what goes from below a tensor to above it without passing through it: (tensor, the call it enters)."""
        below = {id(tensor)}  # and what it is computed from
        for call in reversed(self.calls):
            if id(call.output) in below:
                below.update(map(id, call.inputs))
        known = below | {id(self.input)}
        return [
            (entering, call)
            for call in self.calls
            if id(call.output) not in below
            for entering in call.inputs
            if id(entering) in known and entering is not tensor
        ]


def graph(model: Any) -> Graph:
    """Lays out a built Functional or Sequential model of one input and one output flat, with nested ones in it or not.

    Its layers are shared: nothing is copied, and what is trained there is trained here. A model of another kind, or one
    with two layers of the same name, raises ``BadArgumentError``.
    """
    import keras

    nested: list[tuple[Any, Any]] = []

    def opens(one: Any) -> bool:
        return isinstance(one, keras.Model) and (isinstance(one, keras.Sequential) or hasattr(one, "_nodes_by_depth"))

    def through(model: Any, tensor: Any) -> Any:
        """Sends a tensor through a model's layers, and in place of a nested model through its layers."""
        if not isinstance(model, keras.Sequential):
            return model._run_through_graph(tensor, operation_fn=lambda layer: partial(call, layer))
        for layer in model.layers:
            tensor = call(layer, tensor)
        return tensor

    def call(layer: Any, *arguments: Any, **options: Any) -> Any:
        if not opens(layer):
            return layer(*arguments, **options)
        outcome = through(layer, arguments[0])
        nested.append((layer, outcome))
        return outcome

    inputs, outputs = getattr(model, "inputs", None), getattr(model, "outputs", None)
    if not inputs or not outputs or len(inputs) + len(outputs) != 2:
        raise BadArgumentError(
            f"A Functional or Sequential model with one input and one output was expected; {getattr(model, 'name', model)!r} is "
            "not, or has not been built. Start it with keras.Input(shape=(height, width, 3))."
        )
    if any(map(opens, model.layers)):
        source = inputs[0]
        start = keras.Input(source.shape[1:], batch_size=source.shape[0], dtype=source.dtype)
        inputs, outputs = [start], [through(model, start)]
    if nested or not isinstance(model, keras.Model) or isinstance(model, keras.Sequential):
        try:
            model = keras.Model(inputs[0], outputs[0])
        except ValueError as error:
            raise BadArgumentError(f"The layers of nested models must have different names: {error}") from error
    depths = model._nodes_by_depth  # no public method tells which of a layer's calls belong to this model
    nodes = [node for depth in sorted(depths, reverse=True) for node in depths[depth] if not node.is_input]
    calls = [Call(node.operation, list(node.input_tensors), node.outputs[0]) for node in nodes]
    return Graph(inputs[0], outputs[0], calls, nested)
