"""The shipped reader of messages, loaded once for all tests."""

import tempfile
from pathlib import Path

from agent import understanding
from agent.desk import Desk
from agent.reader import Reader
from agent.request import Request
from knowledge.embedding import MiniLM

READER = Reader(MiniLM(Path(tempfile.gettempdir())))


def understand(message: str, desk: Desk) -> Request:
    """What a message asks, as the assistant reads it."""
    return understanding.understand(message, desk, READER.read)
