"""Modules called one after the other, each on the output of the one before: they can be run one at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .calls import Call, Reached, read_version

if TYPE_CHECKING:
    import torch
    from torch import nn

    from .token_masks import TokenMasks

Slot = int | str
"""Position or name of an argument."""


@dataclass(frozen=True)
class Chain:
    """Modules in the order of their calls.

    slot: the argument in which each gets the output of the one before.
    layers: by name, the index of the module that each layer is in.
    """

    blocks: tuple[nn.Module, ...]
    slot: Slot
    layers: Mapping[str, int]


@dataclass(frozen=True)
class Pass:
    """The arguments of each module of a chain in one call; what is in the slot is known for one module at a time."""

    slot: Slot
    arguments: list[dict[Slot, Any]]
    masks: TokenMasks

    def call(self, index: int, block: nn.Module) -> Call:
        """The call of a module whose input is known."""
        slots = self.arguments[index]
        args = tuple(slots[place] for place in sorted(slot for slot in slots if isinstance(slot, int)))
        return Call(block, args, {name: value for name, value in slots.items() if isinstance(name, str)}, self.masks)

    def hand_on(self, index: int, output: Any) -> None:
        """Make what the module `index` returned the input of the next, and forget what it was called with."""
        self.arguments[index] = {}
        self.arguments[index + 1][self.slot] = _main(output)


def find_candidates(module: nn.Module, layers: Mapping[str, nn.Module]) -> list[Candidate]:
    """The lists of modules inside of `module` that may be chains: those with layers in at least two of their entries,
    each layer in one of them. Outer lists come before those inside of them."""
    from torch import nn

    names = {layer: name for name, layer in layers.items()}
    candidates = []
    for container in module.modules():
        if not isinstance(container, (nn.ModuleList, nn.Sequential)):
            continue
        places = [(names[inner], i) for i, block in enumerate(container) for inner in block.modules() if inner in names]
        found = dict(places)
        if len(found) == len(places) and len(set(found.values())) > 1:
            first, last = min(found.values()), max(found.values())
            blocks = tuple(container)[first : last + 1]
            candidates.append(Candidate(blocks, {name: place - first for name, place in found.items()}))
    return candidates


def record_passes(chain: Chain, calls: Sequence[Call]) -> list[Pass] | None:
    """What the modules of a chain are called with in each of the calls; None if it is no chain in one of them."""
    passes = []
    for call in calls:
        candidate = Candidate(chain.blocks, chain.layers, chain.slot)
        with ExitStack() as hooks:
            candidate.watch(hooks)
            call.run()
        if not candidate.chain:
            return None
        passes.append(Pass(chain.slot, candidate.arguments, call.masks))
    return passes


class Candidate:
    """Modules that may be a chain, watched for one pass.

    They are if each is called once, in their order, on what the one before returned (or the first of several things
    that it returned), and if all else that they are called with is plain values, and tensors that the first was
    called with too. With a `slot` given, their arguments are kept, and the pass ends when the last is called.
    """

    def __init__(self, blocks: tuple[nn.Module, ...], layers: Mapping[str, int], slot: Slot | None = None) -> None:
        self.blocks, self.layers, self.slot = blocks, layers, slot
        self.arguments: list[dict[Slot, Any]] = []
        self._recording = slot is not None
        self._broken = False
        self._entered = 0
        self._slots: set[Slot] = set()
        # Tensors with their versions: one that was changed in place is another one.
        self._constants: list[tuple[torch.Tensor, float]] = []
        self._output: tuple[torch.Tensor, float] | None = None

    @property
    def chain(self) -> Chain | None:
        """The chain that they were in the pass watched, if they were one."""
        if self._broken or self._entered < len(self.blocks) or self.slot is None:
            return None
        return Chain(self.blocks, self.slot, self.layers)

    def watch(self, hooks: ExitStack) -> None:
        """Hook the modules until `hooks` is closed."""
        for block in set(self.blocks):
            hooks.callback(block.register_forward_pre_hook(self._enter, with_kwargs=True).remove)
            hooks.callback(block.register_forward_hook(self._leave).remove)

    def _enter(self, block: nn.Module, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        arguments: dict[Slot, Any] = {**dict(enumerate(args)), **kwargs}
        self._broken = self._broken or not self._accept(block, arguments)
        if self._broken or self._entered == len(self.blocks):
            self._constants, self._output = [], None  # activations: not to be held longer than needed
        if self._recording and not self._broken:
            self.arguments.append(arguments)
            if self._entered == len(self.blocks):
                raise Reached

    def _leave(self, block: nn.Module, args: tuple[Any, ...], output: Any) -> None:
        found = _main(output)
        if found is not None and not self._broken and self._entered < len(self.blocks):
            self._output = found, read_version(found)

    def _accept(self, block: nn.Module, arguments: dict[Slot, Any]) -> bool:
        """Whether a chain makes this call; takes what is in the slot out of the arguments, except for the first."""
        import torch

        if self._entered == len(self.blocks) or self.blocks[self._entered] is not block:
            return False
        if not all(map(_is_plain, arguments.values())):
            return False
        self._entered += 1
        if self._entered == 1:
            self._constants = [(tensor, read_version(tensor)) for tensor in _list_tensors(arguments.values())]
            self._slots = {slot for slot, value in arguments.items() if isinstance(value, torch.Tensor)}
            if self.slot in self._slots:
                arguments[self.slot] = arguments[self.slot].clone()  # the pass may go on to change it
            return True
        slot = next((slot for slot, value in arguments.items() if _is_among(value, [self._output])), None)
        if slot is None or slot not in self._slots or self.slot not in (None, slot):
            return False
        self.slot = slot
        del arguments[slot]
        return all(_is_among(tensor, self._constants) for tensor in _list_tensors(arguments.values()))


def _is_among(value: Any, known: Sequence[tuple[torch.Tensor, float] | None]) -> bool:
    return any(value is each[0] and read_version(value) == each[1] for each in known if each)


def _is_plain(value: Any) -> bool:
    """Whether passing a value again means the same: nothing that keeps a state, as a cache of keys does."""
    import torch

    if isinstance(value, tuple):
        return all(map(_is_plain, value))
    return value is None or isinstance(value, (bool, int, float, str, torch.Tensor, torch.dtype, torch.device))


def _list_tensors(values: Iterable[Any]) -> Iterator[torch.Tensor]:
    import torch

    for value in values:
        if isinstance(value, torch.Tensor):
            yield value
        elif isinstance(value, tuple):
            yield from _list_tensors(value)


def _main(output: Any) -> torch.Tensor | None:
    """What a module returned, or the first of several things, if it is a tensor."""
    import torch

    first = output[0] if isinstance(output, tuple) and output else output
    return first if isinstance(first, torch.Tensor) else None
