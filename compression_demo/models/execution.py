"""A model's layers in the order of their execution, each visited with the inputs that it gets at that time.

A visitor may change the layers it is shown, and what is executed later sees the change. With a pass through the whole
model for each layer this would be quadratic in the depth. Two things shorten it: a pass ends at the layer that it is
for; and where modules form a chain (the blocks of a transformer, the stages of a convolutional net), the inputs of
one of them are kept, so that only this module is run.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any

from .calls import Call, Reached, first_tensor, read_version
from .chains import Chain, find_candidates, record_passes

if TYPE_CHECKING:
    import torch
    from torch import nn

Visit = Callable[[list[str], list[Call]], None]
"""Told the names of layers, one or several with the same input, and the calls that lead to them."""


def walk(calls: Sequence[Call], layers: Mapping[str, nn.Module], visit: Visit) -> None:
    """Show all layers to `visit`, in the order in which the first call executes them.

    Layers that the first call does not reach come last, together. A visitor that observes outputs must register its
    hooks with `prepend=True`, or the end of the pass comes first. The caller sees to the model's mode (`observing`).

    Args:
        calls: at least one, all of the same module, which holds the layers or is the only one.

    Cost: for each layer inside a chain about one pass through its module of the chain, and for each chain and each
    layer outside of chains one through the whole model. Memory: the inputs of one module of a chain, for all calls.
    """
    trace = _Trace(calls[0], layers)
    remaining = dict(layers)
    for name in trace.order:
        if name not in remaining:
            continue
        chain = next((chain for chain in trace.chains if name in chain.layers), None)
        if chain and _walk_chain(chain, calls, layers, visit):
            seen = list(chain.layers)
        else:
            trace.chains = [each for each in trace.chains if each is not chain]
            seen = trace.find_group(name)
            with _ending_after(layers[seen[-1]] if trace.counts[name] == 1 else None):
                visit(seen, list(calls))
        for each in seen:
            del remaining[each]
    if remaining:
        visit(list(remaining), list(calls))


def _walk_chain(chain: Chain, calls: Sequence[Call], layers: Mapping[str, nn.Module], visit: Visit) -> bool:
    """Walk the modules of a chain one after the other; False, with nothing done, if it is no chain in all calls."""
    passes = record_passes(chain, calls)
    if passes is None:
        return False
    for index, block in enumerate(chain.blocks):
        block_calls = [each.call(index, block) for each in passes]
        inside = {name: layers[name] for name, place in chain.layers.items() if place == index}
        if inside:
            walk(block_calls, inside, visit)
        if index + 1 < len(chain.blocks):
            for each, call in zip(passes, block_calls, strict=True):
                each.hand_on(index, call.run())
    return True


@contextmanager
def _ending_after(layer: nn.Module | None) -> Iterator[None]:
    """Passes end once `layer` has run; for None they go on."""

    def end(*_: Any) -> None:
        raise Reached

    with ExitStack() as hooks:
        if layer is not None:
            hooks.callback(layer.register_forward_hook(end).remove)
        yield


class _Trace:
    """What one call executes: `order` of the layers reached, how often (`counts`), and the outermost `chains`."""

    def __init__(self, call: Call, layers: Mapping[str, nn.Module]) -> None:
        self._called: list[str] = []
        self._same_input: set[str] = set()
        self._latest: tuple[torch.Tensor, float] | None = None
        candidates = find_candidates(call.module, layers)
        with ExitStack() as hooks:
            for name, layer in layers.items():
                hooks.callback(layer.register_forward_pre_hook(self._watch(name), with_kwargs=True).remove)
            for candidate in candidates:
                candidate.watch(hooks)
            call.run()
        self._latest = None
        self.order = list(dict.fromkeys(self._called))
        self.counts = Counter(self._called)
        self.chains = self._choose([candidate.chain for candidate in candidates if candidate.chain])

    def find_group(self, name: str) -> list[str]:
        """The layer, and those after it that get the same input: one pass serves them all."""
        group = [name]
        for following in self.order[self.order.index(name) + 1 :]:
            once = self.counts[name] == self.counts[following] == 1
            if not once or following not in self._same_input or any(following in each.layers for each in self.chains):
                break
            group.append(following)
        return group

    def _watch(self, name: str) -> Callable[..., None]:
        def note(layer: nn.Module, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
            inputs = first_tensor(args, kwargs)
            if self._latest and self._latest[0] is inputs and self._latest[1] == read_version(inputs):
                self._same_input.add(name)
            self._latest = inputs, read_version(inputs)
            self._called.append(name)

        return note

    def _choose(self, chains: list[Chain]) -> list[Chain]:
        """The outermost chains between whose layers no others are executed; those outside come first in `chains`."""
        chosen: list[Chain] = []
        for chain in chains:
            places = [place for place, name in enumerate(self._called) if name in chain.layers]
            together = bool(places) and places[-1] - places[0] + 1 == len(places)
            if together and not any(chain.layers.keys() <= outer.layers.keys() for outer in chosen):
                chosen.append(chain)
        return chosen
