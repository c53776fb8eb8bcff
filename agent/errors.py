"""The errors of `agent`, worded for the person who has to act on them."""


class AgentError(Exception):
    """Anything that keeps a turn from being answered."""


class UnknownConversation(AgentError):
    """A conversation that does not exist or belongs to somebody else."""


class TurnBusy(AgentError):
    """The conversation is still answering; stop it or wait."""


class UnknownModel(AgentError):
    """A language model that cannot be opened: names the provider and what to install or set."""


class EmptyQuestion(AgentError):
    """A question without words."""


class DraftMoved(AgentError):
    """Another version of a meta-review was kept meanwhile."""


class NoDraft(AgentError):
    """There is no meta-review yet where one is needed; says how to get one."""


class NotAgreed(AgentError):
    """A model that takes text off this machine, in a conversation where nobody has said yes to that."""


class GaveUp(AgentError):
    """A language model that brings no answer: it met a limit or goes round in circles."""


class Stopped(AgentError):
    """The person stopped the answer."""
