"""The errors of `compression_demo`, worded for the person who has to act on them."""


class CompressionError(Exception):
    """Anything that goes wrong between an experiment and its verdict."""


class ArgumentError(CompressionError, ValueError):
    """An algorithm was called with something impossible: names the argument and the rule it breaks."""

    def __init__(self, argument: str, rule: str) -> None:
        self.argument, self.rule = argument, rule
        super().__init__(f"{argument} {rule}")


class ExperimentError(CompressionError, ValueError):
    """An experiment that cannot be run: names the field and the rule it breaks."""

    def __init__(self, field: str, rule: str) -> None:
        self.field, self.rule = field, rule
        super().__init__(f"{field} {rule}")


class UnsupportedLayer(CompressionError):
    """A layer that the engine cannot compress: names the layer and what about it."""

    def __init__(self, layer: str, reason: str) -> None:
        self.layer, self.reason = layer, reason
        super().__init__(f"layer {layer!r} {reason}")


class DuplicateName(CompressionError):
    """A method or testbed was registered under a name that is taken."""


class UnknownRun(CompressionError):
    """A digest, or a prefix of one, that names no run of the store or more than one."""


class RunFailed(CompressionError):
    """A run ended without a result; the message is the reason shown to the person who asked for it."""


class Cancelled(CompressionError):
    """A compression was stopped by the one who had asked for it."""
